"""Workbooks that differ in a few words and in their data are drawn once and cast anew for each.

The workbook library draws the lists of 158 counties cell by cell, though only their titles, the two lines
under them and the number of data rows differ. The first workbook of a shape is kept as a mould: the others
are the same parts with other words in the same places. Where the words do not fit the places (an
empty line, a mark that must be spelt, a title that is also a header), the library draws again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from coverage_engine.reporting.book import Book, Drawing, Shelf
from coverage_engine.reporting.form import FIRST_DATA_ROW, Form, data_rows, draw_form

_TEXTS, _CORE = "xl/sharedStrings.xml", "docProps/core.xml"
_TEXT = re.compile(r"<t>([^<]*)</t>")
# What XML, or the office format inside it, would spell in another way.
_MARKED = re.compile(r"[&<>\x00-\x1f\ufffe\uffff]|_x|^\s|\s$")
_ROW = re.compile(r'<row r="(\d+)" spans="1:\d+"')
_CELL = re.compile(r'<c r="([A-Z]+)(\d+)"')
_EXTENT = re.compile(r'(<dimension ref="[A-Z]+\d+:([A-Z]+))(\d+)("/>)')
_SPANS = re.compile(r'<row r="1" spans="(1:\d+)"')
# The library tells the extent of sixteen rows together.
_BLOCK = 16

Shape = tuple[object, ...]


class Moulds:
    """Writes workbooks of forms to a shelf, and draws each shape once."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._moulds: dict[Shape, _Mould] = {}

    def write(self, file: Path, title: str, as_of: date, forms: Sequence[Form]) -> None:
        """One workbook, written when the shelf says so; as `Book` and `draw_form` would."""
        shape, words = _shape(as_of, forms), _words(title, forms)
        mould = self._moulds.get(shape) if shape else None
        parts = mould.cast(words, forms) if mould else None
        if parts is None:
            drawing = _drawn(Book(file, title, as_of, self._shelf), forms)
            if shape:
                self._moulds.setdefault(shape, _Mould(drawing.parts, words, tuple(forms)))
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        data = {_part(number): rows for number, form in enumerate(forms) if (rows := data_rows(form))}
        self._shelf.take(Drawing(file, parts, data))


# ---------------------------------------------------------------------------------------------- private


@dataclass(frozen=True)
class _Mould:
    """A drawn workbook to be cast again: its parts, and the words and forms it was drawn with."""

    parts: Mapping[str, bytes]
    words: tuple[str, ...]
    forms: tuple[Form, ...]

    def cast(self, words: tuple[str, ...], forms: Sequence[Form]) -> dict[str, bytes] | None:
        """The parts with other words and other numbers of rows; none where they do not fit."""
        if not self._fits(words):
            return None
        parts, own = dict(self.parts), dict(zip(self.words, words, strict=True))
        texts, core = (parts[name].decode() for name in (_TEXTS, _CORE))
        parts[_CORE] = core.replace(f"<dc:title>{self.words[0]}<", f"<dc:title>{words[0]}<").encode()
        parts[_TEXTS] = _TEXT.sub(lambda text: f"<t>{own.get(text[1], text[1])}</t>", texts).encode()
        for number, (form, drawn) in enumerate(zip(forms, self.forms, strict=True)):
            longer = _height(form) - _height(drawn)
            if form.closing and longer:
                parts[_part(number)] = _moved(parts[_part(number)].decode(), longer).encode()
        return parts

    def _fits(self, words: tuple[str, ...]) -> bool:
        """Whether the words go into the places of the former ones, and into no other place.

        Equal texts of a workbook share one entry, so the same places must hold equal words, and no header.
        """
        marked = any(map(_MARKED.search, (*self.words, *words)))
        same = [self.words.index(text) for text in self.words] == [words.index(text) for text in words]
        fixed = {
            text for form in self.forms for column in form.columns for text in (column.header, column.group)
        }
        fixed |= {text for form in self.forms for text in (*form.closing, form.corner)}
        return all(words) and all(self.words) and same and not marked and not fixed & {*self.words, *words}


def _shape(as_of: date, forms: Sequence[Form]) -> Shape | None:
    """What the drawing depends on beside words and numbers of rows; none for more than plain data."""
    if any(form.computed or form.totals or any(column.choices for column in form.columns) for form in forms):
        return None
    return (
        as_of,
        *(
            (
                form.sheet,
                tuple(form.columns),
                tuple((name, str(kind)) for name, kind in form.rows.schema.items()),
                form.rows.height > 0,
                form.corner,
                tuple(form.closing),
                form.freeze_columns,
                form.font_size,
            )
            for form in forms
        ),
    )


def _words(title: str, forms: Sequence[Form]) -> tuple[str, ...]:
    """The words that differ: the workbook's title first, then those of each sheet."""
    return (title, *(text or "" for form in forms for text in (form.title, form.left_line, form.right_line)))


def _part(number: int) -> str:
    return f"xl/worksheets/sheet{number + 1}.xml"


def _height(form: Form) -> int:
    return max(form.rows.height, 1)


def _drawn(book: Book, forms: Sequence[Form]) -> Drawing:
    with book:
        for form in forms:
            draw_form(book, form)
    return book.drawing


def _moved(drawn: str, longer: int) -> str:
    """A sheet whose lines below the data stand so many rows lower."""
    start = drawn.index("</row>", drawn.index(f'<row r="{FIRST_DATA_ROW + 1}"')) + len("</row>")
    end = drawn.index("</sheetData>")
    spans = _SPANS.search(drawn)
    whole = spans[1] if spans else "1:1"

    def row(found: re.Match[str]) -> str:
        number = int(found[1]) + longer
        return f'<row r="{number}" spans="{whole if number <= _BLOCK else "1:1"}"'

    below = _ROW.sub(row, drawn[start:end])
    below = _CELL.sub(lambda cell: f'<c r="{cell[1]}{int(cell[2]) + longer}"', below)
    before = _EXTENT.sub(lambda found: f"{found[1]}{int(found[3]) + longer}{found[4]}", drawn[:start])
    return f"{before}{below}{drawn[end:]}"
