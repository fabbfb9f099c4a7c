"""The shared texts of an old workbook (.xls): how long each is, without putting any of them together."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_HEAD = struct.Struct("<HB")
_COUNT_AT, _FIRST_AT = 4, 8
_WIDE, _EXTENDED, _RICH = 1, 4, 8
_LEAST = 3
_BYTES_OF_A_LETTER = 3
_RUN = 4


def old_text_lengths(segments: Sequence[bytes]) -> npt.NDArray[np.int64]:
    """Most bytes of each text; `segments` are the record of shared texts and those that continue it.

    Raises:
        IndexError, struct.error: the records end within a text, or declare more texts than they can hold.
    """
    count = int.from_bytes(segments[0][_COUNT_AT:_FIRST_AT], "little")
    if count * _LEAST > sum(map(len, segments)):
        raise IndexError("more texts than bytes")
    reader = _Reader(segments)
    return np.array([reader.text() for _ in range(count)], dtype=np.int64) * _BYTES_OF_A_LETTER


# ---------------------------------------------------------------------------------------------- private


class _Reader:
    """A place in the segments; letters that go on in the next segment say their width anew."""

    def __init__(self, segments: Sequence[bytes]) -> None:
        self.segments, self.number, self.at = segments, 0, _FIRST_AT

    def text(self) -> int:
        """Letters of the text here; the place moves behind it."""
        if self.at >= len(self.segments[self.number]):
            self._further(0)
        segment = self.segments[self.number]
        letters, flags = _HEAD.unpack_from(segment, self.at)
        self.at += _HEAD.size
        runs = size = 0
        if flags & _RICH:
            runs = int.from_bytes(segment[self.at : self.at + 2], "little")
            self.at += 2
        if flags & _EXTENDED:
            size = int.from_bytes(segment[self.at : self.at + 4], "little")
            self.at += 4
        self._pass_letters(letters, 1 + (flags & _WIDE))
        self._pass(runs * _RUN + size)
        return int(letters)

    def _pass_letters(self, letters: int, width: int) -> None:
        while letters:
            here = min(letters, (len(self.segments[self.number]) - self.at) // width)
            letters -= here
            self.at += here * width
            if letters:
                self._further(1)
                width = 1 + (self.segments[self.number][0] & _WIDE)

    def _pass(self, size: int) -> None:
        while size:
            here = min(size, len(self.segments[self.number]) - self.at)
            size -= here
            self.at += here
            if size:
                self._further(0)

    def _further(self, at: int) -> None:
        self.number, self.at = self.number + 1, at
        if not self.segments[self.number]:
            raise IndexError("an empty continuation")
