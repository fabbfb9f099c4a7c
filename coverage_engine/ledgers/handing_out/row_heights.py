"""How high a row of a workbook must be for its wrapped texts to be seen whole."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import east_asian_width

_LINE = 15.0
"""Points of one line at 11 points."""


def height_of(cells: Iterable[object], widths: Iterable[float]) -> float:
    """Points for a row whose texts wrap in columns of the given widths (in characters)."""
    lines = [
        -(-_width(cell) // int(width - 1))
        for cell, width in zip(cells, widths, strict=True)
        if isinstance(cell, str)
    ]
    return _LINE * max(1, *lines, 1)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(mark) in "WF" else 1 for mark in text)
