"""Compound files, in which old workbooks lie: the bytes of a stream, put together from its sectors."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_HEADER = struct.Struct("<30xHH10xIIxxxxIIIII")
_FIRST_TABLES = 76
_TABLES_IN_HEADER = 109
_ENTRY = 128
_LARGEST_SECTOR = 0xFFFFFFFA
_STREAM, _ROOT = 2, 5
_Sectors = npt.NDArray[np.uint32]


class DamagedCompoundFile(Exception):  # noqa: N818 - told as a ledger that cannot be opened
    """The sectors of a compound file lead nowhere, or in a circle."""


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


def stream_of(data: bytes, *names: str) -> bytes | None:
    """The bytes of the first stream of one of these names; null where there is none.

    Raises:
        DamagedCompoundFile: the chain of its sectors is broken.
    """
    try:
        file = _CompoundFile(data)
        streams = {entry.name.lower(): entry for entry in file.entries if entry.kind == _STREAM}
        entry = next((streams[name.lower()] for name in names if name.lower() in streams), None)
        return None if entry is None else file.stream(entry)
    except (struct.error, IndexError, ValueError) as error:
        raise DamagedCompoundFile("the compound file is damaged") from error


# ---------------------------------------------------------------------------------------------- private


class _CompoundFile:
    def __init__(self, data: bytes) -> None:
        self.data = data
        shift, small_shift, tables, directory, self.least, small, _, more, _ = _HEADER.unpack_from(data)
        if not 7 <= shift <= 16 or not 2 <= small_shift <= shift:
            raise DamagedCompoundFile("sectors of an unknown size")
        self.size, self.small_size = 1 << shift, 1 << small_shift
        self.table = self._table(tables, more)
        raw = self._chained(directory, whole=True)
        self.entries = [_entry(raw[at : at + _ENTRY]) for at in range(0, len(raw) - _ENTRY + 1, _ENTRY)]
        self.small_table = np.frombuffer(self._chained(small, whole=True), dtype="<u4").astype(np.uint32)
        root = next((entry for entry in self.entries if entry.kind == _ROOT), None)
        self.small = self._chained(root.start) if root else b""

    def stream(self, entry: _Entry) -> bytes:
        """What an entry holds: short ones lie in the sectors of the small table."""
        if entry.size >= self.least:
            whole = self._chained(entry.start)
        else:
            places, size = _chain(self.small_table, entry.start), self.small_size
            whole = b"".join(self.small[at * size : (at + 1) * size] for at in places)
        if len(whole) < entry.size:
            raise DamagedCompoundFile("a stream is cut off")
        return whole[: entry.size]

    def _table(self, count: int, more: int) -> _Sectors:
        """Which sector follows which."""
        listed = list(struct.unpack_from(f"<{_TABLES_IN_HEADER}I", self.data, _FIRST_TABLES))
        seen: set[int] = set()
        while more < _LARGEST_SECTOR and more not in seen:
            seen.add(more)
            *further, more = struct.unpack_from(f"<{self.size // 4}I", self.data, (more + 1) * self.size)
            listed += further
        parts = [self._sector(place, whole=True) for place in listed[:count] if place < _LARGEST_SECTOR]
        return np.frombuffer(b"".join(parts), dtype="<u4").astype(np.uint32)

    def _sector(self, place: int, *, whole: bool = False) -> bytes:
        """The bytes of a sector; that at the end of the file may be shorter, unless a whole one is needed."""
        sector = self.data[(place + 1) * self.size : (place + 2) * self.size]
        if len(sector) < (self.size if whole else 1):
            raise DamagedCompoundFile("a sector lies beyond the end")
        return sector

    def _chained(self, start: int, *, whole: bool = False) -> bytes:
        return b"".join(self._sector(place, whole=whole) for place in _chain(self.table, start))


def _chain(table: _Sectors, start: int) -> list[int]:
    places: list[int] = []
    while start < _LARGEST_SECTOR:
        if len(places) > len(table):
            raise DamagedCompoundFile("sectors follow each other in a circle")
        places.append(start)
        start = int(table[start])
    return places


def _entry(raw: bytes) -> _Entry:
    length, kind = struct.unpack_from("<HB", raw, 64)
    start, size = struct.unpack_from("<II", raw, 116)
    return _Entry(raw[: max(0, min(length, 64) - 2)].decode("utf-16-le", errors="replace"), kind, start, size)
