"""A workbook of forms: its few cell formats, and the data rows that are woven in when it is written.

XlsxWriter draws everything but the data: of each table one row of empty styled cells, which is then
replaced by the data rows (`rows`).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from coverage_engine.reporting.rows import DataRows, SharedTexts, row_texts
from coverage_engine.reporting.wording import fonts

_THIN = 1
# Of zlib's nine: above it, time doubles for a seventh of the size.
_EFFORT = 4
_TEXTS = "xl/sharedStrings.xml"
_COUNTS = re.compile(r'count="(\d+)" uniqueCount="(\d+)"')
_EXTENT = re.compile(r'<dimension ref="([A-Z]+\d+):([A-Z]+)(\d+)"/>')


class Book:
    """A workbook of forms, written when its `with` block ends without an error.

    Its creation date is the as-of date, never a clock.
    """

    def __init__(self, file: Path, title: str, as_of: date) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file, self._drawn = file, io.BytesIO()
        self.workbook = xlsxwriter.Workbook(
            self._drawn,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.workbook.set_properties({"title": title, "created": datetime.combine(as_of, time())})
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
            _weave(self._drawn, self._data, self._file)


# Private


def _weave(drawn: io.BytesIO, data: Mapping[str, DataRows], file: Path) -> None:
    """Write the package with the data rows, by part, and their texts among the shared ones."""
    packed = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_EFFORT)
    with zipfile.ZipFile(drawn) as read, packed as written:
        known = read.read(_TEXTS).decode()
        counts = _COUNTS.search(known)
        texts = SharedTexts(list(data.values()), int(counts[2]) if counts else 0)
        for name in read.namelist():
            content = read.read(name)
            # An entry opened by name is dated 1980, whatever the clock says.
            with written.open(name, "w") as part:
                if name in data:
                    for piece in _sheet(content.decode(), data[name], texts):
                        part.write(piece.encode())
                elif name == _TEXTS:
                    for piece in _shared(known, counts, texts):
                        part.write(piece.encode())
                else:
                    part.write(content)


def _sheet(drawn: str, rows: DataRows, texts: SharedTexts) -> Iterator[str]:
    """A sheet whose row of styled cells gives way to the data rows."""
    start = drawn.index(f'<row r="{rows.first}"')
    end = drawn.index("</row>", start) + len("</row>")
    last = rows.first + rows.cells.height - 1
    yield _EXTENT.sub(
        lambda found: f'<dimension ref="{found[1]}:{found[2]}{max(int(found[3]), last)}"/>', drawn[:start]
    )
    yield from row_texts(rows, drawn[start:end], texts)
    yield drawn[end:]


def _shared(drawn: str, counts: re.Match[str] | None, texts: SharedTexts) -> Iterator[str]:
    """The shared texts with those of the data rows behind them."""
    if counts is None:
        raise ValueError(f"{_TEXTS} has no counts")
    # How often each is used is for the reader's convenience only; at least once is always true.
    told = f'count="{int(counts[1]) + len(texts)}" uniqueCount="{int(counts[2]) + len(texts)}"'
    opened, _, _ = drawn.rpartition("</sst>")
    yield opened.replace(counts[0], told, 1)
    yield from texts.entries()
    yield "</sst>"
