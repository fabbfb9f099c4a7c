"""Web pages with tables, under whatever name: the whole page is one sheet, as spreadsheets show it.

Tables stand one below the other, with the text between them as rows of one cell: titles and footers may date
a ledger. A table within a cell only lays out the page, and its rows stand for themselves, unless it is a
single cell. Scripts are passed over, comments and styles too; cells are taken as the text that they show.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from lxml import etree

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers.files.cell_placing import Room, SheetCells
from coverage_engine.ledgers.files.foreign_sheets import ForeignSheet
from coverage_engine.ledgers.files.text_encodings import decode

_MOST_BYTES = 128 * 1024**2
_PIECE = 1 << 16
_MOST_SPAN = 16_384
_DEEPEST_TABLE = 20
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_CHARSET_WITHIN = 8_192
_ENCODINGS = {
    "utf-8": "utf-8", "utf8": "utf-8", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030",
    "gb_2312-80": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "big5": "cp950",
}  # fmt: skip
_PASSED_OVER = frozenset(
    {"script", "style", "title", "noscript", "template", "select", "object", "xml", "svg"}
)
_BLOCKS = frozenset(
    {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "form", "center", "hr", "body"}
)
_SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")
_BREAK = "\ue000"
_ROUNDED = re.compile(r"-?[\d.,]+E[+-]?\d+|#+", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SHEET_NAME = re.compile(r"<x:Name>([^<]{1,60})</x:Name>")


def web_sheet(data: bytes, file: str, name: str, room: Room | None = None, charset: str = "") -> ForeignSheet:
    """The tables of a web page as one sheet; it bears the name that the page tells, else the one given.

    Raises:
        LedgerError: an unknown encoding, a page cut off within a table, or more cells than there is room for.
    """
    room = room or Room(file)
    if len(data) > _MOST_BYTES:
        room.take(letters=_MOST_BYTES)
    text = page_text(data, file, charset)
    if _cut_off(text):
        raise LedgerError(f"网页表没有结尾，可能没有导出完整：{file}", "请重新导出完整的文件后再试。")
    sheet_names = _SHEET_NAME.findall(text)
    room.take(sheets=1)
    page = _Page(room, SheetCells(room, sheet_names[0].strip() if len(sheet_names) == 1 else name))
    parser = etree.HTMLParser(
        target=page, encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True
    )
    whole = text.encode("utf-8", errors="replace")
    try:
        for at in range(0, len(whole), _PIECE):
            parser.feed(whole[at : at + _PIECE])
        parser.close()
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise LedgerError(f"网页表已损坏：{file}", "请重新导出，或请对方另存为 .xlsx 后再报。") from error
    if any(entry.level_name == "FATAL" for entry in parser.error_log):
        raise LedgerError(f"网页表已损坏：{file}", "请重新导出，或请对方另存为 .xlsx 后再报。")
    return page.cells.sheet()


def page_text(data: bytes, file: str, charset: str = "") -> str:
    """The text of a page: UTF-8 if it can be that, whatever is declared; else as declared, else as of a text.

    Raises:
        LedgerError: no encoding fits.
    """
    declared = _CHARSET.search(data[:_CHARSET_WITHIN])
    for encoding_name in ("utf-8", charset, declared[1].decode("ascii") if declared else ""):
        encoding = _ENCODINGS.get(encoding_name.lower())
        if encoding and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            try:
                return data.decode(encoding).replace("\0", "")
            except UnicodeDecodeError:
                continue
    return decode(data, file)


# ---------------------------------------------------------------------------------------------- private


@dataclass
class _Row:
    """Cells of a row that is being told: column, text, further rows and columns that it covers."""

    cells: list[tuple[int, str, int, int]] = field(default_factory=list)
    hidden: bool = False
    lays_out: bool = False


@dataclass
class _Table:
    """A table that is being told: which columns are still covered from above, for how many rows."""

    covered: dict[int, int] = field(default_factory=dict)
    row: _Row | None = None
    span: tuple[int, int] | None = None
    number: str = ""
    text: list[str] = field(default_factory=list)
    single: bool = True
    rows: list[_Row] = field(default_factory=list)


@dataclass
class _Page:
    """What has been told of the page so far; `height` are the rows written."""

    room: Room
    cells: SheetCells
    tables: list[_Table] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    height: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A tag opens, with its attributes: tables, rows and cells begin."""
        self.room.take_tag()
        if self.passed_over or tag in _PASSED_OVER:
            self.passed_over.append(tag)
        elif tag == "table":
            self._begin_table()
        elif tag == "br":
            self._heard().append(_BREAK)
        elif tag in _BLOCKS:
            self._break_block()
        elif self.tables and tag == "tr":
            self._begin_row(attributes)
        elif self.tables and tag in ("td", "th"):
            self._begin_cell(attributes)

    def end(self, tag: str) -> None:
        """A tag closes: what it held is complete."""
        if self.passed_over:
            self.passed_over.pop()
        elif tag in _BLOCKS:
            self._break_block()
        elif self.tables and tag in ("td", "th"):
            self._end_cell()
        elif self.tables and tag == "tr":
            self._end_row()
        elif self.tables and tag == "table":
            self._end_table()

    def data(self, text: str) -> None:
        """Text, of the cell that is open or of the page around the tables."""
        if not self.passed_over:
            self.room.take(letters=len(text))
            self._heard().append(text)

    def comment(self, text: str) -> None:
        """Comments hold nothing that is shown."""

    def close(self) -> None:
        """The page ends: what is still open is closed."""
        while self.tables:
            self._end_table()
        self._flush_text()

    def _heard(self) -> list[str]:
        """Where letters go at this place: into the open cell, else between the tables."""
        return self.tables[-1].text if self.tables and self.tables[-1].span else self.text

    def _break_block(self) -> None:
        if self.tables and self.tables[-1].span:
            if any(not piece.isspace() for piece in self.tables[-1].text):
                self.tables[-1].text.append(_BREAK)
        else:
            self._flush_text()

    def _flush_text(self) -> None:
        text, self.text = _shown(self.text), []
        if text:
            self.cells.put(self.height, 0, text)
            self.height += 1

    def _begin_table(self) -> None:
        if len(self.tables) >= _DEEPEST_TABLE:
            self.room.take(sheets=self.room.sheets + 1)
        if not self.tables:
            self._flush_text()
        self.tables.append(_Table())

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._end_row()
        self.tables[-1].row = _Row(hidden=bool(_NOT_SHOWN.search(attributes.get("style", ""))))

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._end_cell()
        table = self.tables[-1]
        table.row = table.row or _Row()
        table.span = (_span(attributes.get("rowspan")), _span(attributes.get("colspan")))
        table.number, table.text = attributes.get("x:num", ""), []

    def _end_cell(self) -> None:
        table = self.tables[-1]
        if table.span is None or table.row is None:
            return
        down, across = table.span
        text = _shown(table.text)
        if table.number and _ROUNDED.fullmatch(text):
            text = table.number.strip()
        cells = table.row.cells
        column = cells[-1][0] + cells[-1][3] + 1 if cells else 0
        while column in table.covered:
            column += 1
        cells.append((column, text, down - 1, across - 1))
        table.span = None

    def _end_row(self) -> None:
        self._end_cell()
        table = self.tables[-1]
        row, table.row = table.row, None
        if row is None:
            return
        table.covered = {column: left - 1 for column, left in table.covered.items() if left > 1}
        for column, _, down, across in row.cells:
            if down:
                table.covered |= dict.fromkeys(range(column, column + across + 1), down)
        if table.single and len(self.tables) > 1 and not table.rows and len(row.cells) <= 1:
            table.rows.append(row)
            return
        self._write_waiting(table)
        table.single = False
        self._write(row)

    def _end_table(self) -> None:
        self._end_row()
        table = self.tables.pop()
        if table.single and table.rows and self.tables and self.tables[-1].span:
            self.tables[-1].text += [cell[1] for cell in table.rows[0].cells]
            return
        self._write_waiting(table)
        if self.tables and self.tables[-1].row:
            self.tables[-1].row.lays_out = True

    def _write_waiting(self, table: _Table) -> None:
        for row in table.rows:
            self._write(row)
        table.rows = []

    def _write(self, row: _Row) -> None:
        """A row with nothing but the tables that lay in it has been told with these."""
        if row.lays_out and not any(cell[1] for cell in row.cells):
            return
        for column, text, down, across in row.cells:
            if text:
                self.cells.put(self.height, column, text)
            if down or across:
                self.cells.merge(self.height, column, down, across)
        if row.hidden:
            self.cells.hide_row(self.height)
        self.height += 1


def _cut_off(text: str) -> bool:
    """Whether the page ends within a table."""
    low = text.lower()
    return low.count("<table") > low.count("</table") and "</body" not in low and "</html" not in low


def _span(written: str | None) -> int:
    if written is None:
        return 1
    digits = re.match(r"\s*([0-9]{1,6})", written)
    return max(1, min(int(digits[1]), _MOST_SPAN)) if digits else 1


def _shown(pieces: list[str]) -> str:
    if len(pieces) == 1 and pieces[0].isalnum():
        return pieces[0]
    lines = _SPACES.sub(" ", "".join(pieces)).split(_BREAK)
    return "\n".join(line.strip() for line in lines).strip()
