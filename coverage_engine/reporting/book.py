"""A workbook of forms: its few cell formats, and the data rows that are woven in when it is written.

XlsxWriter draws everything but the data: of each table one row of empty styled cells, which is then
replaced by the data rows (`rows`).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain
from pathlib import Path
from typing import Any

import xlsxwriter

from coverage_engine.model.output_mark import OUTPUT_MARK
from coverage_engine.reporting.rows import DataRows
from coverage_engine.reporting.weaving import Template, Weaving
from coverage_engine.reporting.wording import fonts

_THIN = 1
# Of zlib's nine: above it, time grows by half for an eleventh of the size, and by four times for a sixth.
_EFFORT = 2
# Rows of small workbooks that are woven together.
_ROWS_TOGETHER = 20_000
_TEXTS = "xl/sharedStrings.xml"
_COUNTS = re.compile(r'count="(\d+)" uniqueCount="(\d+)"')
_EXTENT = re.compile(r'<dimension ref="([A-Z]+\d+):([A-Z]+)(\d+)"/>')


class Book:
    """A workbook of forms, written when its `with` block ends without an error.

    Its creation date is the as-of date, never a clock. With a shelf it is written when the shelf says so.
    """

    def __init__(self, file: Path, title: str, as_of: date, shelf: Shelf | None = None) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file, self._drawn, self._shelf = file, io.BytesIO(), shelf
        self.workbook = xlsxwriter.Workbook(
            self._drawn,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.workbook.set_properties(
            {"title": title, "category": OUTPUT_MARK, "created": datetime.combine(as_of, time())}
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._data: dict[str, DataRows] = {}

    def style(self, **changes: Any) -> Any:
        """The cell format of body text with changes; each is made once."""
        key = tuple(sorted(changes.items()))
        if key not in self._formats:
            body = {"font_name": fonts()["body"], "font_size": 11, "valign": "vcenter"}
            self._formats[key] = self.workbook.add_format({**body, **changes})
        return self._formats[key]

    def boxed(self, align: str = "center", **changes: Any) -> Any:
        """The format of a cell inside the ruled table."""
        return self.style(border=_THIN, align=align, text_wrap=True, **changes)

    def add_rows(self, rows: DataRows) -> None:
        """Data of the sheet that was added last, in place of the row of styled cells at their first row."""
        self._data[f"xl/worksheets/sheet{len(self.workbook.worksheets())}.xml"] = rows

    def __enter__(self) -> Book:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.workbook.close()
            with zipfile.ZipFile(self._drawn) as read:
                parts = {name: read.read(name) for name in read.namelist()}
            drawing = Drawing(self._file, parts, self._data)
            if self._shelf is None:
                _weave([drawing])
            else:
                self._shelf.take(drawing)


@dataclass(frozen=True)
class Drawing:
    """A drawn workbook: where it goes, the parts of its package without data rows, and these by part."""

    file: Path
    parts: Mapping[str, bytes]
    data: Mapping[str, DataRows]


class Shelf:
    """Workbooks whose data rows are woven in together: a fraction of the cost for many small ones."""

    def __init__(self) -> None:
        self._drawings: list[Drawing] = []
        self._rows = 0

    def take(self, drawing: Drawing) -> None:
        """Holds a drawn workbook back until enough rows have come together."""
        self._drawings.append(drawing)
        self._rows += sum(rows.cells.height for rows in drawing.data.values())
        if self._rows >= _ROWS_TOGETHER:
            self._write()

    def __enter__(self) -> Shelf:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._write()

    def _write(self) -> None:
        _weave(self._drawings)
        self._drawings, self._rows = [], 0


# ---------------------------------------------------------------------------------------------- private


@dataclass(frozen=True)
class _Skeleton:
    """A package taken apart: its parts in order, and what stands around the data rows of each sheet."""

    parts: Mapping[str, bytes]
    around: Mapping[str, tuple[str, str, str]]
    known: int


def _weave(drawings: Sequence[Drawing]) -> None:
    """Write the packages with the data rows, by part, and their texts among the shared ones."""
    skeletons = [_taken_apart(drawing) for drawing in drawings]
    sheets = {
        (number, name): Template(number, drawing.data[name], skeleton.around[name][1])
        for number, (drawing, skeleton) in enumerate(zip(drawings, skeletons, strict=True))
        for name in skeleton.around
    }
    woven = Weaving(list(sheets.values()), [skeleton.known for skeleton in skeletons])
    places = {place: number for number, place in enumerate(sheets)}
    for number, (drawing, skeleton) in enumerate(zip(drawings, skeletons, strict=True)):
        with zipfile.ZipFile(drawing.file, "w", zipfile.ZIP_DEFLATED, compresslevel=_EFFORT) as written:
            for name, content in skeleton.parts.items():
                # An entry opened by name is dated 1980, whatever the clock says.
                with written.open(name, "w") as part:
                    if name in skeleton.around:
                        before, _, after = skeleton.around[name]
                        pieces = woven.rows(places[number, name])
                        part.writelines(chain([before.encode()], pieces, [after.encode()]))
                    elif name == _TEXTS:
                        part.writelines(_shared(content.decode(), woven, number))
                    else:
                        part.write(content)


def _taken_apart(drawing: Drawing) -> _Skeleton:
    parts = drawing.parts
    around = {
        name: _around(parts[name].decode(), drawing.data[name]) for name in parts if name in drawing.data
    }
    counts = _COUNTS.search(parts[_TEXTS].decode())
    return _Skeleton(parts, around, int(counts[2]) if counts else 0)


def _around(drawn: str, rows: DataRows) -> tuple[str, str, str]:
    """What stands before the row of styled cells that gives way to the data rows, that row, and the rest."""
    start = drawn.index(f'<row r="{rows.first}"')
    end = drawn.index("</row>", start) + len("</row>")
    last = rows.first + rows.cells.height - 1
    before = _EXTENT.sub(
        lambda extent: f'<dimension ref="{extent[1]}:{extent[2]}{max(int(extent[3]), last)}"/>', drawn[:start]
    )
    return before, drawn[start:end], drawn[end:]


def _shared(drawn: str, woven: Weaving, book: int) -> Iterator[bytes]:
    """The shared texts with those of the data rows behind them, in UTF-8."""
    counts = _COUNTS.search(drawn)
    if counts is None:
        raise ValueError(f"{_TEXTS} has no counts")
    # How often each is used is for the reader's convenience only; at least once is always true.
    gained = woven.count(book)
    new_counts = f'count="{int(counts[1]) + gained}" uniqueCount="{int(counts[2]) + gained}"'
    opened, _, _ = drawn.rpartition("</sst>")
    yield opened.replace(counts[0], new_counts, 1).encode()
    yield from woven.texts(book)
    yield b"</sst>"
