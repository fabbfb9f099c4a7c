"""Walking folders that were handed in: each real file once, and nothing opened that is no plain file.

Links are followed to where they lead, but no folder or file is entered twice; what is passed over is told.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers.files.own_outputs import holds_results_only, is_output_folder

_IGNORED_FOLDERS = frozenset({"truth"})
_MOST_ENTRIES = 20_000
_MOST_LEVELS = 40

Identity = tuple[int, int]


@dataclass(frozen=True)
class FileTrouble:
    """A file that was not read, with the finding's code and words."""

    code: str
    file: str
    problem: str
    remedy: str


def shown_name(name: str) -> str:
    """A file's name or path as a reader would write it: parts whose bytes are no UTF-8 are taken for GBK."""
    return "/".join(map(_shown_part, name.split("/")))


@dataclass
class FolderWalk:
    """Finds the plain files of folders, in order of their names, and tells what it passed over."""

    troubles: list[FileTrouble] = field(default_factory=list)
    _seen: set[Identity] = field(default_factory=set)
    _entries: int = 0

    def files(self, folder: Path, level: int = 0) -> Iterator[Path]:
        """The plain files in a folder and the folders in it.

        Raises:
            LedgerError: more files than anyone hands in, or the folder cannot be listed.
        """
        self._seen.add(_identity(folder.stat()))
        try:
            entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
        except OSError as error:
            if level == 0:
                raise LedgerError(
                    f"打不开文件夹：{shown_name(str(folder))}", "请核对这个文件夹的访问权限后再试。"
                ) from error
            self._pass_over(folder, "打不开这个文件夹", "请核对这个文件夹的访问权限后再试。")
            return
        if is_output_folder(folder):
            self._tell_own(folder)
        for entry in entries:
            self._count(folder)
            if not _ignored(entry):
                yield from self._entry(entry, level)

    def first_seen(self, file: Path) -> bool:
        """Whether a file was not met before under this or another name."""
        identity = _identity(file.stat())
        new = identity not in self._seen
        self._seen.add(identity)
        return new

    def _entry(self, entry: Path, level: int) -> Iterator[Path]:
        try:
            status = entry.stat()
        except OSError:
            problem = "链接指向的文件不存在，或链接绕成了圈" if entry.is_symlink() else "读不到这个文件"
            self._pass_over(entry, problem, "请把原文件复制到这里；不用的可删去。")
            return
        if stat.S_ISDIR(status.st_mode):
            yield from self._folder(entry, _identity(status), level)
        elif not stat.S_ISREG(status.st_mode):
            self._pass_over(
                entry, "不是普通文件（是管道、设备等），没有打开", "台账请存为普通文件；不用的可移走。"
            )
        elif self.first_seen(entry):
            yield entry
        else:
            self._pass_over(entry, "与另一个文件名指的是同一个文件，只读一次", "不用的名字可删去。")

    def _folder(self, folder: Path, identity: Identity, level: int) -> Iterator[Path]:
        if folder.name in _IGNORED_FOLDERS or holds_results_only(folder):
            return
        if identity in self._seen:
            self._pass_over(folder, "链接指向已经读过的文件夹，不再重复读", "不用的链接可删去。")
        elif level >= _MOST_LEVELS:
            self._pass_over(
                folder, f"文件夹套得太深（超过 {_MOST_LEVELS} 层），没有读", "请把台账移到上面几层。"
            )
        else:
            yield from self.files(folder, level + 1)

    def _count(self, folder: Path) -> None:
        self._entries += 1
        if self._entries > _MOST_ENTRIES:
            raise LedgerError(
                f"文件夹里的文件太多（超过 {_MOST_ENTRIES} 个）：{shown_name(str(folder))}",
                "请新建一个文件夹，只放要读的台账，再试。",
            )

    def _pass_over(self, entry: Path, problem: str, remedy: str) -> None:
        self.troubles.append(FileTrouble("file.passed_over", shown_name(entry.name), problem, remedy))

    def _tell_own(self, folder: Path) -> None:
        self.troubles.append(
            FileTrouble(
                "file.own_output",
                shown_name(folder.name),
                "文件夹里有本软件写出的计划",
                "其中的附件、清单、数据表是结果，不作台账读取；台账请放在别的文件夹。",
            )
        )


# ---------------------------------------------------------------------------------------------- private


def _shown_part(name: str) -> str:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        written = os.fsencode(name)
        try:
            return written.decode("gb18030")
        except UnicodeDecodeError:
            return written.decode("utf-8", errors="replace")
    return name


def _identity(status: os.stat_result) -> Identity:
    return status.st_dev, status.st_ino


def _ignored(entry: Path) -> bool:
    return entry.name.startswith((".", "~$")) or entry.stem.upper().startswith("README")
