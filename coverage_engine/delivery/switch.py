"""The switch: former files away, new ones in, as one step that is either done or undone.

    OUT/.coverage-engine-new      the new files, complete and on the disk before the switch begins
    OUT/.coverage-engine-former   the former files, until the new ones are all in their places
    OUT/.coverage-engine-switch.json   what is under way: present from before the first move to after the last

A process killed in between leaves the record; whoever delivers here next undoes the switch, or ends it where
all the new files were in. The files of the folder's own level (overview, plan.json, manifest) go first and
come last, so that they never lead into half of something.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from coverage_engine.delivery.manifest import is_inside
from coverage_engine.delivery.standing import is_real_folder, whole_parts
from coverage_engine.durable import sync_folder, write_durably
from coverage_engine.errors import OutputError

NEW = ".coverage-engine-new"
FORMER = ".coverage-engine-former"
RECORD = ".coverage-engine-switch.json"

MARK = ".coverage-engine-unfinished"
"""Marks the folder of new files as ours."""

_UNDER_WAY, _DONE = "under way", "done"


@dataclass(frozen=True)
class Switch:
    """What is moved: our former files, those a person edited into the folder `aside`, the new files."""

    going: tuple[str, ...]
    edited: tuple[str, ...]
    aside: str
    coming: tuple[str, ...]
    state: str = _UNDER_WAY


def switch(folder: Path, change: Switch) -> None:
    """Makes the change, or leaves everything as it was.

    Raises:
        OutputError: a former file is open in another program or must not be written.
        OSError: the disk is full, or the like.
    """
    if os.path.lexists(folder / FORMER):
        raise _foreign(folder / FORMER)
    _see_all_replaceable(folder, (*change.going, *change.edited))
    _record(folder, change)
    try:
        for part in whole_parts(folder, change.going):
            _move(folder / part, folder / FORMER / part)
        for name in change.edited:
            _move(folder / name, folder / change.aside / name)
        for part in reversed(whole_parts(folder / NEW, change.coming)):
            _move(folder / NEW / part, folder / part)
        for above in _folders_of(change.coming):
            sync_folder(folder / above)
        _record(folder, replace(change, state=_DONE))
    except BaseException as error:
        try:
            _undo(folder, change)
        except OSError as stuck:
            raise OutputError(
                f"写出中断，{stuck.filename or folder} 正被占用，原有文件还没有全部移回",
                "请关闭打开它的程序，再运行一次：开始时会先恢复原有文件。",
            ) from stuck
        if isinstance(error, PermissionError):
            raise _in_use(Path(error.filename or folder)) from error
        raise
    _end(folder, change)


def recover(folder: Path) -> None:
    """Undoes or ends a switch that was interrupted, and clears away what was not finished being written.

    Raises:
        OutputError: a file that is to be moved back is open in another program, or the record is damaged.
    """
    change = _recorded(folder)
    if change is not None:
        try:
            (_end if change.state == _DONE else _undo)(folder, change)
        except PermissionError as error:
            raise _in_use(Path(error.filename or folder)) from error
        if os.path.lexists(folder / RECORD):
            raise _in_use(folder / FORMER)
    (folder / f"{RECORD}.tmp").unlink(missing_ok=True)
    if os.path.lexists(folder / NEW):
        remove_new(folder)


def make_new(folder: Path) -> None:
    """Makes the folder to write into, and marks it as ours."""
    (folder / NEW).mkdir()
    (folder / NEW / MARK).write_bytes(b"")


def remove_new(folder: Path) -> None:
    """Removes the folder to write into with all in it, the mark last.

    Raises:
        OutputError: it lacks the mark.
    """
    new = folder / NEW
    if not is_real_folder(new) or not ((new / MARK).is_file() or not any(new.iterdir())):
        raise _foreign(new)
    for each in new.iterdir():
        if is_real_folder(each):
            shutil.rmtree(each)
        elif each.name != MARK:
            each.unlink()
    (new / MARK).unlink(missing_ok=True)
    new.rmdir()


# ---------------------------------------------------------------------------------------------- private


def _record(folder: Path, change: Switch) -> None:
    text = json.dumps(asdict(change), ensure_ascii=False)
    write_durably(folder / RECORD, text.encode())


def _recorded(folder: Path) -> Switch | None:
    if not os.path.lexists(folder / RECORD):
        return None
    try:
        record: dict[str, Any] = json.loads((folder / RECORD).read_bytes())
        names = {key: tuple(map(str, record[key])) for key in ("going", "edited", "coming")}
        change = Switch(**names, aside=str(record["aside"]), state=str(record["state"]))
        if all(map(is_inside, (change.aside, *change.going, *change.edited, *change.coming))):
            return change
        raise ValueError(names)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise OutputError(
            f"{folder / RECORD} 已损坏，上次中断的写出不能自动恢复",
            f"原有文件在 {folder / FORMER}，请移回后删去该文件；或换一个输出文件夹。",
        ) from error


def _see_all_replaceable(folder: Path, names: Iterable[str]) -> None:
    """Sees before the first move that no file is held by another program (Excel denies others writing)."""
    for name in names:
        try:
            with (folder / name).open("rb+"):
                pass
            (folder / name).rename(folder / name)
        except PermissionError as error:
            raise _in_use(folder / name) from error


def _foreign(place: Path) -> OutputError:
    return OutputError(f"{place} 不是本程序的，没有改动", "请换一个输出文件夹，或先把它移走。")


def _in_use(file: Path) -> OutputError:
    return OutputError(
        f"{file} 正被别的程序（如 Excel、WPS）打开，或设为只读，不能替换",
        "请关闭打开它的程序（或取消只读），再运行一次。",
    )


def _move(source: Path, target: Path) -> None:
    """Moves a file or folder; never onto anything, and a folder into a folder that is there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not os.path.lexists(target):
        try:
            source.rename(target)
        except PermissionError:
            # A folder that a window shows cannot be moved everywhere; its files can.
            if not is_real_folder(source):
                raise
        else:
            return
    if not is_real_folder(source) or (os.path.lexists(target) and not is_real_folder(target)):
        raise FileExistsError(f"{target}")
    target.mkdir(exist_ok=True)
    for each in sorted(source.iterdir()):
        _move(each, target / each.name)
    source.rmdir()


def _undo(folder: Path, change: Switch) -> None:
    """Back to what was, file by file, wherever the switch stopped; a second time changes nothing."""
    was = {name: folder / FORMER / name for name in change.going}
    was |= {name: folder / change.aside / name for name in change.edited}
    for name in change.coming:
        is_new = name not in was or os.path.lexists(was[name])
        if is_new and os.path.lexists(folder / name) and not os.path.lexists(folder / NEW / name):
            _move(folder / name, folder / NEW / name)
    for name, place in was.items():
        if os.path.lexists(place):
            _move(place, folder / name)
    _remove_empty(folder, change.coming)
    _remove_empty(folder / FORMER, (".", *change.going))
    _remove_empty(folder / change.aside, (".", *change.edited))
    (folder / RECORD).unlink()
    sync_folder(folder)


def _end(folder: Path, change: Switch) -> None:
    """Clears the former files away, and nothing else; where one is held, the next delivery does it."""
    with suppress(OSError):
        for name in change.going:
            (folder / FORMER / name).unlink(missing_ok=True)
        _remove_empty(folder, (*change.going, *change.edited))
        _remove_empty(folder / FORMER, (".", *change.going))
        if is_real_folder(folder / FORMER):
            # Put there by somebody while the files were being moved.
            for each in sorted((folder / FORMER).iterdir()):
                _move(each, folder / each.name)
            (folder / FORMER).rmdir()
        (folder / RECORD).unlink()
        sync_folder(folder)


def _folders_of(names: Iterable[str]) -> list[PurePosixPath]:
    """The folders of the files and those above, the deepest first."""
    above = {each for name in names for each in PurePosixPath(name).parents}
    return sorted(above, key=lambda each: len(each.parts), reverse=True)


def _remove_empty(folder: Path, names: Iterable[str]) -> None:
    """Removes folders of these files that are empty now; `.` among the names means the folder itself too."""
    itself = "." in (names := tuple(names))
    for above in _folders_of(names):
        if above.parts or itself:
            with suppress(OSError):
                (folder / above).rmdir()
