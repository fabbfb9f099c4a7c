"""A large sheet read in stretches of rows, so that it never lies in memory as a whole but as its grid.

Cells that name a shared text are read as the text's number with a mark before it, and the texts are put in
afterwards: a text that many cells name is kept once.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import chain, islice

import polars as pl
from python_calamine import CalamineWorkbook

from coverage_engine.ledgers.files.excerpts import Binding, binding_of
from coverage_engine.ledgers.files.shared_texts import is_shared_strings, text_lengths
from coverage_engine.ledgers.files.shown_cells import shown_rows
from coverage_engine.ledgers.files.text_files import grid_of, joined_grids
from coverage_engine.ledgers.files.workbook_parts import unpacked

_STRETCH = 4 * 1024**2
_MARK = "\ue000"
"""A sign of private use; a sheet that writes it itself is not read this way."""
_NAMES_TEXT, _NAMES_MARKED = b't="s"><v>', f't="str"><v>{_MARK}'.encode()
_UNUSUAL = ((b'"', b'"s"'), (b"'", b"'s'"), (b"!", b"<!"), (_MARK.encode()[:1], _MARK.encode()))
"""Shared texts named in another way; comments and bare passages, which may hold anything; the mark itself.

Each with a byte of it, which is looked for much faster.
"""
_BEGIN = re.compile(rb"<((?:\w+:)?)sheetData\b[^>/]*>")
_TEXTS_IN_ROW = 512
_LONGEST_HEAD = 1 << 20


class NotInStretches(Exception):  # noqa: N818 - no error: the sheet is then read as a whole
    """A sheet is not written as spreadsheets write it, and has to be read as a whole."""


class LargeSheets:
    """The large sheets of one workbook, with the texts that they share."""

    def __init__(self, archive: zipfile.ZipFile, stretch: int = _STRETCH) -> None:
        """`stretch`: so many bytes of a sheet are laid out at once."""
        self._archive, self._stretch = archive, stretch
        self._binding = binding_of(archive)
        self._texts: pl.Series | None = None

    def grid(self, part: str) -> pl.DataFrame:
        """The cells of a sheet as `grid_of` gives them.

        Raises:
            NotInStretches: its cells are written in another way, or its rows are out of order.
        """
        if self._texts is None:
            self._texts = _shared_texts(self._archive, self._binding)
        grids: list[pl.DataFrame] = []
        height = 0
        for sheet in _stretches(self._archive, part, self._stretch):
            first, stretch = _laid_out(self._binding.excerpt(sheet))
            if stretch.is_empty():
                continue
            if first < height:
                raise NotInStretches(part)
            grids += [pl.DataFrame({"c0": pl.Series([None] * (first - height), dtype=pl.String)})]
            grids += [stretch.select(_with_texts(stretch[name], self._texts) for name in stretch.columns)]
            height = first + stretch.height
        return joined_grids(grids)


# ---------------------------------------------------------------------------------------------- private


def _stretches(archive: zipfile.ZipFile, part: str, stretch: int) -> Iterator[bytes]:
    """Sheets that each hold a stretch of whole rows."""
    pieces = unpacked(archive, archive.getinfo(part))
    head = b""
    while not (begin := _BEGIN.search(head)):
        piece = next(pieces, b"")
        if not piece or len(head) > _LONGEST_HEAD:
            raise NotInStretches(part)
        head += piece
    prefix = begin[1]
    row_end, all_end = b"</" + prefix + b"row>", b"</" + prefix + b"sheetData>"
    tail = all_end + b"</" + prefix + b"worksheet>"
    buffer = bytearray()
    for piece in chain([head[begin.end() :]], pieces):
        buffer += piece
        if len(buffer) >= stretch:
            cut = buffer.rfind(row_end) + len(row_end)
            if cut >= len(row_end):
                yield head[: begin.end()] + _marked(bytes(buffer[:cut]), part) + tail
                del buffer[:cut]
    last = buffer.rfind(all_end)
    if last < 0:
        raise NotInStretches(part)
    yield head[: begin.end()] + _marked(bytes(buffer[:last]), part) + tail


def _marked(rows: bytes, part: str) -> bytes:
    """The rows with marks before the numbers of shared texts."""
    others = rows.replace(_NAMES_TEXT, b"")
    if any(byte in others and sign in others for byte, sign in _UNUSUAL):
        raise NotInStretches(part)
    return rows.replace(_NAMES_TEXT, _NAMES_MARKED)


def _laid_out(book: bytes) -> tuple[int, pl.DataFrame]:
    """Rows above the first filled one, and the grid from that row on."""
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0)
    above, before = sheet.start or (0, 0)
    return above, grid_of(shown_rows(sheet.to_python(), before))


def _with_texts(cells: pl.Series, texts: pl.Series) -> pl.Series:
    """The cells with shared texts in the place of their marked numbers."""
    marked = cells.str.starts_with(_MARK)
    if not marked.any():
        return cells
    numbers = cells.str.strip_prefix(_MARK).cast(pl.UInt32, strict=False)
    named = texts.gather(pl.select(pl.when(marked).then(numbers)).to_series()).alias(cells.name)
    if marked.sum() == cells.count():
        return named
    return pl.select(pl.when(marked).then(named).otherwise(cells).alias(cells.name)).to_series()


def _shared_texts(archive: zipfile.ZipFile, binding: Binding) -> pl.Series:
    """All shared texts in their order, without outer spaces, null where empty."""
    written = next(filter(is_shared_strings, archive.infolist()), None)
    if written is None:
        return pl.Series("texts", [], dtype=pl.String)
    count = len(text_lengths(archive))
    numbers = iter(range(count))
    rows = []
    while row := list(islice(numbers, _TEXTS_IN_ROW)):
        rows.append("<row>" + "".join(f'<c t="s"><v>{number}</v></c>' for number in row) + "</row>")
    sheet = f"<worksheet><sheetData>{''.join(rows)}</sheetData></worksheet>".encode()
    book = binding.excerpt(sheet, b"".join(unpacked(archive, written)))
    laid_out = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0)
    texts = [pl.Series("texts", row, dtype=pl.String) for row in shown_rows(laid_out.iter_rows(), 0)]
    whole = pl.concat(texts).head(count) if texts else pl.Series("texts", [], dtype=pl.String)
    return whole.str.strip_chars().replace("", None)
