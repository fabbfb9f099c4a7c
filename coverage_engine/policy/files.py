"""Policy files as layers of dated entries, each with the place where it is written.

A file is a list of TOML tables (`[[value]]`, `[[duty]]` …: `policy.entries`). Entries of one identity must
not overlap in time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeVar

from coverage_engine.content import Fault, Place, Written, read, refuse
from coverage_engine.policy.entries import OverlayFile, PolicyFile
from coverage_engine.policy.kinds import KINDS, Kind

E = TypeVar("E")

CALLED = "政策文件"
_REMEDY = (
    "每一项都要写依据（clause），同一项的日期不能重叠，日期写成 2019-06-15。写法见 data/policy 里的同类文件。"
)


@dataclass(frozen=True)
class Placed(Generic[E]):
    """条目: an entry, what names it, and the place where it is written."""

    entry: E
    identity: object
    place: Place

    @property
    def file(self) -> str:
        """The file in which it is written."""
        return self.place.written.file

    @property
    def valid_from(self) -> date:
        """Its first day in force."""
        return getattr(self.entry, "valid_from", None) or date.min

    @property
    def valid_to(self) -> date:
        """Its last day in force."""
        return getattr(self.entry, "valid_to", None) or date.max


@dataclass(frozen=True)
class Layer:
    """一层: the entries of one file by their table, and what the file says of itself."""

    name: str
    head: Mapping[str, str]
    singles: Mapping[str, object]
    entries: Mapping[str, Sequence[Placed[Any]]]

    def written(self, kind: Kind[E]) -> Sequence[Placed[E]]:
        """The entries of one kind, in force or not."""
        return self.entries[kind.table]

    def in_force(self, kind: Kind[E], as_of: date) -> list[Placed[E]]:
        """The entries of one kind in force on a day (both ends included)."""
        return [each for each in self.written(kind) if each.valid_from <= as_of <= each.valid_to]


def read_layer(file: Path, *, overlay: bool) -> Layer:
    """The entries of a policy file, checked for form.

    Raises:
        PolicyError: not there, not TOML in UTF-8; or it names each fault with its line, and the remedy.
    """
    written: Written[PolicyFile] | Written[OverlayFile]
    if overlay:
        written = read(file, OverlayFile, CALLED, "data/policy")
    else:
        written = read(file, PolicyFile, CALLED, "data/policy")
    value = written.value
    entries = {kind.table: _placed(written, kind) for kind in KINDS}
    refuse([fault for listed in entries.values() for fault in _overlaps(listed)], CALLED, _REMEDY)
    head = {word: text for word in ("name", "title", "version") if (text := getattr(value, word))}
    singles = {name: part for name in ("control", "elsewhere") if (part := getattr(value, name)) is not None}
    return Layer(file.name, head, singles, entries)


# ---------------------------------------------------------------------------------------------- private


def _placed(written: Written[Any], kind: Kind[Any]) -> list[Placed[Any]]:
    listed = getattr(written.value, kind.table)
    return [
        Placed(entry, getattr(entry, kind.identity), written.place(kind.table, at))
        for at, entry in enumerate(listed, start=1)
    ]


def _overlaps(written: Sequence[Placed[Any]]) -> Iterator[Fault]:
    for number, later in enumerate(written):
        for earlier in written[:number]:
            if earlier.identity == later.identity and _meet(earlier, later):
                yield later.place.fault(f"与第 {earlier.place.line} 行的有效日期重叠")


def _meet(one: Placed[Any], other: Placed[Any]) -> bool:
    return one.valid_from <= other.valid_to and other.valid_from <= one.valid_to
