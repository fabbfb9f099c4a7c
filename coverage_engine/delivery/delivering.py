"""Hands out an empty folder to write into, and puts what was written there into its place."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

from coverage_engine.delivery.manifest import FILES_MANIFEST, MANIFEST, Manifest, content_hash, read_manifest
from coverage_engine.delivery.standing import Change, change_of, is_plain_file
from coverage_engine.delivery.switch import MARK, NEW, RECORD, Switch, make_new, recover, remove_new, switch
from coverage_engine.durable import make_folder, sync_folder
from coverage_engine.errors import OutputError
from coverage_engine.file_locks import try_lock, unlock

_LOCK = ".coverage-engine-lock"
_ASIDE = "已改动_{day}"
_NAMED = 3
# Files seen onto the disk at once: one after the other, each would wait for the disk alone.
_AT_ONCE = 8


@dataclass
class Delivery:
    """交付: write into `folder`; afterwards `aside` holds the former files that a person had `edited`."""

    folder: Path
    edited: tuple[str, ...] = ()
    aside: Path | None = None


@contextmanager
def deliver(folder: Path, name: str, *, adds: bool = False, manifest: str = MANIFEST) -> Iterator[Delivery]:
    """What is written into the delivery's folder takes the place of what `name` wrote into `folder` before.

    Args:
        folder: made if absent.
        name: of the command; files of other commands are left alone like anybody's.
        adds: former files that are not written anew stay.
        manifest: name of the file that says which files are ours.

    Raises:
        OutputError: a file of somebody's stands in the way, a former file is open in another program, or
            another process is writing here.
        OSError: the disk is full, the folder must not be written, or the like; the former files are whole.
    """
    with _unharmed(folder), _ready(folder):
        known = read_manifest(folder / manifest)
        made = Delivery(folder / NEW)
        with _aside(folder):
            yield made
            new = _seen_onto_disk(made.folder)
            change = change_of(folder, known.files(name), new, adds=adds)
            _refuse_blocked(folder, change, known)
            _put(folder, change, known.with_files(name, {**change.stays, **new}), manifest, made)


@contextmanager
def deliver_file(file: Path) -> Iterator[Path]:
    """Gives a place to write one file; it takes the place of `file`, where that is ours and unedited.

    Raises:
        OutputError: there is such a file, and it is not ours or was edited.
        (and what `deliver` raises)
    """
    see_replaceable(file)
    with deliver(file.parent, file.name, manifest=FILES_MANIFEST) as made:
        yield made.folder / file.name
        see_replaceable(file)


def see_replaceable(file: Path) -> None:
    """Sees that a file may be written: there is none yet, or we wrote it and nobody edited it since.

    Raises:
        OutputError: there is such a file, and it is not ours or was edited.
    """
    if not os.path.lexists(file):
        return
    listed = read_manifest(file.parent / FILES_MANIFEST).files(file.name)
    if file.name not in listed or not is_plain_file(file.parent, file.name):
        raise OutputError(f"已有 {file}，不是本程序写的，没有覆盖", "请换一个文件名，或先把它移走。")
    if content_hash(file) != listed[file.name]:
        raise OutputError(f"{file} 写出后被人改动过，没有覆盖", "请换一个文件名，或先把它移走。")


# ---------------------------------------------------------------------------------------------- private


@contextmanager
def _unharmed(folder: Path) -> Iterator[None]:
    """What stops the work says that the former files are whole."""
    try:
        yield
    except BaseException as error:
        if not os.path.lexists(folder / RECORD):
            error.add_note("原有的文件没有改动。")
        raise


@contextmanager
def _ready(folder: Path) -> Iterator[None]:
    """The folder, made if absent, ours alone for the time, and as the last delivery left it."""
    missing = [each for each in (folder, *folder.parents) if not os.path.lexists(each)]
    make_folder(folder)
    try:
        with _locked(folder):
            recover(folder)
            yield
    except BaseException:
        for each in missing:
            with suppress(OSError):
                each.rmdir()
        raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    file = folder / _LOCK
    if os.path.lexists(file) and (file.is_symlink() or not file.is_file() or file.stat().st_size):
        raise OutputError(f"{file} 不是本程序的文件", "请换一个输出文件夹，或先把它移走。")
    with file.open("ab") as stream:
        if not try_lock(stream) or not _is_still(stream, file):
            raise OutputError(f"另一个程序正在往 {folder} 里写", "请等它结束后再运行。")
        try:
            yield
        finally:
            # On Windows only once it is closed.
            with suppress(OSError):
                file.unlink()
            unlock(stream)
    if os.name == "nt":
        with suppress(OSError):
            file.unlink()


@contextmanager
def _aside(folder: Path) -> Iterator[None]:
    """The folder to write into, gone afterwards."""
    make_new(folder)
    try:
        yield
    finally:
        with suppress(OSError):
            remove_new(folder)


def _is_still(stream: IO[bytes], file: Path) -> bool:
    """Whether the locked file has not been removed by its former holder meanwhile."""
    with suppress(OSError):
        return os.path.samestat(os.fstat(stream.fileno()), file.stat())
    return False


def _seen_onto_disk(folder: Path) -> dict[str, str]:
    """The hashes of all files written, each of which is on the disk now."""

    # Loads much that `--help` has no use for.
    from concurrent.futures import ThreadPoolExecutor

    def hash_of(file: Path) -> str:
        with file.open("rb+") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            os.fsync(stream.fileno())
        return digest

    files = sorted(each for each in folder.rglob("*") if each.is_file() and each.name != MARK)
    with ThreadPoolExecutor(_AT_ONCE) as hands:
        hashes = hands.map(hash_of, files)
        synced = {file.relative_to(folder).as_posix(): each for file, each in zip(files, hashes, strict=True)}
    for each in {file.parent for file in files}:
        sync_folder(each)
    return synced


def _refuse_blocked(folder: Path, change: Change, known: Manifest) -> None:
    if not change.blocked:
        return
    named = "、".join(str(folder / each) for each in change.blocked[:_NAMED])
    rest = f"等 {len(change.blocked)} 个" if len(change.blocked) > _NAMED else ""
    writers = [name for name, files in known.deliveries.items() if set(change.blocked) & set(files)]
    whose = f"是 {'、'.join(writers)} 写的" if writers else "不是本程序在这里写的"
    raise OutputError(f"已有 {named}{rest}，{whose}，没有覆盖", "请换一个输出文件夹，或先把这些文件移走。")


def _put(folder: Path, change: Change, after: Manifest, manifest: str, made: Delivery) -> None:
    if not (change.going or change.edited or change.coming) and _same(folder / manifest, after.data()):
        return
    with (folder / NEW / manifest).open("wb") as stream:
        stream.write(after.data())
        stream.flush()
        os.fsync(stream.fileno())
    going = (*change.going, manifest) if (folder / manifest).is_file() else change.going
    aside = _free_name(folder)
    switch(folder, Switch(going, change.edited, aside, (*change.coming, manifest)))
    if change.edited:
        made.edited, made.aside = change.edited, folder / aside


def _same(file: Path, data: bytes) -> bool:
    return file.is_file() and file.read_bytes() == data


def _free_name(folder: Path) -> str:
    """A name of the day for what a person edited, never one that is there."""
    day = _ASIDE.format(day=date.today().isoformat())
    names = (day, *(f"{day}_{number}" for number in range(2, 10_000)))
    return next(name for name in names if not os.path.lexists(folder / name))
