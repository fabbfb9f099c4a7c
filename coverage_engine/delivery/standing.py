"""What lies in a folder before a delivery, and what the delivery would do to it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from coverage_engine.delivery.manifest import content_hash


@dataclass(frozen=True)
class Change:
    """What a delivery does: our former files that go, those a person edited, and the new ones.

    `blocked` names what stands in the way and is not ours, `stays` what remains of a former delivery.
    """

    going: tuple[str, ...]
    edited: tuple[str, ...]
    coming: tuple[str, ...]
    blocked: tuple[str, ...]
    stays: Mapping[str, str]


def change_of(folder: Path, listed: Mapping[str, str], new: Mapping[str, str], *, adds: bool) -> Change:
    """The change that brings `new` (hashes by name) into a folder where `listed` was written before.

    Where the delivery `adds`, former files that are not written anew stay.
    """
    lying = {name: content_hash(folder / name) for name in listed if is_plain_file(folder, name)}
    # What was edited into the very file that is to come is ours again.
    own = {name for name, digest in lying.items() if digest in (listed[name], new.get(name))}
    edited = {name for name in lying if name not in own and (name in new or not adds)}
    going, coming = set[str](), set[str]()
    for entry in {_entry(name) for name in (*own, *new)}:
        former = {name for name in own if _entry(name) == entry and (name in new or not adds)}
        later = {name for name in new if _entry(name) == entry}
        if {name: lying[name] for name in former} != {name: new[name] for name in later}:
            going |= former
            coming |= later
    blocked = {name for name in coming if not _is_free(folder, name, going | edited)}
    left = {name: listed[name] for name in lying if adds and name not in new}
    return Change(_sorted(going), _sorted(edited), _sorted(coming), _sorted(blocked), left)


def is_plain_file(folder: Path, name: str) -> bool:
    """Whether a regular file lies under the name, reached through no link."""
    above = [folder.joinpath(*part.parts) for part in reversed(PurePosixPath(name).parents[:-1])]
    return all(is_real_folder(each) for each in above) and (
        (folder / name).is_file() and not (folder / name).is_symlink()
    )


def is_real_folder(place: Path) -> bool:
    """Whether a folder lies there, and no link to one."""
    return place.is_dir() and not place.is_symlink()


def whole_parts(folder: Path, names: Iterable[str]) -> list[str]:
    """The fewest files and folders that hold these files and nothing else.

    Those of the folder's own level come first: they lead into the rest, and must never lead into half of it.
    """
    wanted = set(names)
    parts = [
        part for entry in sorted({_entry(name) for name in wanted}) for part in _parts(folder, entry, wanted)
    ]
    return sorted(parts, key=lambda part: ("/" in part or (folder / part).is_dir(), part))


# ---------------------------------------------------------------------------------------------- private


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names))


def _entry(name: str) -> str:
    return name.partition("/")[0]


def _is_free(folder: Path, name: str, leaving: set[str]) -> bool:
    """Whether a file may take the name: nothing lies there, and no file or link where its folders belong."""
    above = [folder.joinpath(*part.parts) for part in reversed(PurePosixPath(name).parents[:-1])]
    if any(os.path.lexists(each) and not is_real_folder(each) for each in above):
        return False
    return name in leaving or not os.path.lexists(folder / name)


def _parts(folder: Path, name: str, wanted: set[str]) -> list[str]:
    if name in wanted:
        return [name]
    if not is_real_folder(folder / name):
        return []
    within = sorted(f"{name}/{each.name}" for each in (folder / name).iterdir())
    parts = [part for each in within for part in _parts(folder, each, wanted)]
    return [name] if parts and parts == within else parts
