"""What a sheet tells about all its rows or a stretch of them, apart from their own columns."""

from __future__ import annotations

from dataclasses import dataclass

SECTION = "ground_section"
"""The column of rows with the text of the section row above them."""


@dataclass(frozen=True)
class PlaceStatement:
    """说出的地区: the ground (sheet, unit, title, file), the text that names a place, and where it stands."""

    ground: str
    text: str
    where: str


def ground_column(ground: str) -> str:
    """The key of the column that holds what one ground says of each row; never stored."""
    return f"ground_{ground}"


@dataclass(frozen=True)
class ListFact:
    """说出的固定值: the field that the title or name of a sheet fills in all its rows.

    `ground` is title, sheet or file; `where` that in words; `word` is the text as a cell would have it.
    """

    key: str
    word: str
    ground: str
    where: str
