"""任务清单 as Word documents: the forms of the lists as tables with the header repeated on each page.

A table row is text of its part, made for all rows at once: a province has thousands of lists.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

import polars as pl

from coverage_engine.errors import PolicyError
from coverage_engine.model.plan import Plan
from coverage_engine.reporting.actions import ActionList, county_lists, unit_lists, write_action_list
from coverage_engine.reporting.book import Shelf
from coverage_engine.reporting.form import Form
from coverage_engine.reporting.layout import Column
from coverage_engine.reporting.letters.blocks import Document
from coverage_engine.reporting.letters.looks import LOOKS
from coverage_engine.reporting.letters.packing import packed
from coverage_engine.reporting.letters.template import LISTS
from coverage_engine.reporting.packages import EPOCH

_BODY = "word/document.xml"
_PLACE = re.compile(rf"<w:p(?: [^>]*)?>(?:(?!</w:p>).)*{re.escape(LISTS)}(?:(?!</w:p>).)*</w:p>", re.DOTALL)
_TWENTIETHS_A_MILLIMETRE = 1440 / 25.4
_FORBIDDEN_IN_XML = "[\x00-\x09\x0b-\x1f\x7f\ufffe\uffff]"
_UNINDENTED = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
_MARKS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\n": '</w:t><w:br/><w:t xml:space="preserve">'}


def write_action_lists(plan: Plan, document: Document, template: bytes, folder: Path) -> list[Path]:
    """Write each county's list, and each responsible unit's list as Word document and as workbook.

    Raises:
        PolicyError: the template has no place for the lists.
    """
    made = _Template(packed(template, plan.as_of, document.key), document)
    written, workbooks = [], folder / Path(document.file).parent
    for listed in county_lists(plan):
        written.append(made.write(listed, folder))
    with Shelf() as shelf:
        for listed in unit_lists(plan):
            written += [made.write(listed, folder), write_action_list(listed, plan, workbooks, shelf)]
    return written


# ---------------------------------------------------------------------------------------------- private


class _Template:
    """A packed template taken apart once, so that each list costs only its own text."""

    def __init__(self, package: bytes, document: Document) -> None:
        with zipfile.ZipFile(io.BytesIO(package)) as read:
            self._parts = {name: read.read(name) for name in read.namelist()}
        match = _PLACE.search(self._parts[_BODY].decode())
        if match is None:
            problem = f"任务清单模板里没有 {LISTS} 这一段"
            raise PolicyError(problem, f"请在模板中单独成段写上 {LISTS}，或改用程序自带的模板。")
        self._before, self._after = match.string[: match.start()], match.string[match.end() :]
        _, right, _, left = document.margins
        millimetres = (297 if document.landscape else 210) - left - right
        self._width = int(millimetres * _TWENTIETHS_A_MILLIMETRE)
        self._file = document.file

    def write(self, listed: ActionList, folder: Path) -> Path:
        """One list as a .docx in the folder, equal to the byte on every run; returns its file."""
        file = folder / self._file.format(name=listed.name, number="")
        file.parent.mkdir(parents=True, exist_ok=True)
        body = self._before + "".join(_sections(listed.forms, self._width)) + self._after
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
            for name, content in self._parts.items():
                entry = zipfile.ZipInfo(name, EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                written.writestr(entry, body.encode() if name == _BODY else content)
        return file


def _sections(forms: Iterable[Form], width: int) -> Iterable[str]:
    """Each form on a page of its own: title, line, table, closing lines."""
    for number, form in enumerate(forms):
        break_before = "<w:pageBreakBefore/>" if number else ""
        yield _paragraph("caption", form.title, break_before)
        yield from _lines_below(form, width)
        yield _table(form, width)
        for text in form.closing or [""]:
            yield _paragraph("note", text)


def _lines_below(form: Form, width: int) -> Iterable[str]:
    """The left and right lines under a title, side by side where both fit."""
    left, right = form.left_line or "", form.right_line or ""
    if (len(left) + len(right) + 2) * LOOKS["note"].size * 20 > width:
        yield _paragraph("note", left, _UNINDENTED)
        yield _paragraph("note", right, f'{_UNINDENTED}<w:jc w:val="right"/>')
    else:
        stop = f'<w:tabs><w:tab w:val="right" w:pos="{width}"/></w:tabs>'
        yield _paragraph("note", f"{left}\t{right}", stop + _UNINDENTED)


def _paragraph(look: str, text: str, properties: str = "") -> str:
    escaped = escape(re.sub(_FORBIDDEN_IN_XML.replace("\x09", "\x08"), " ", text))
    runs = "<w:r><w:tab/></w:r>".join(
        f'<w:r><w:t xml:space="preserve">{part}</w:t></w:r>' for part in escaped.split("\t")
    )
    return f'<w:p><w:pPr><w:pStyle w:val="{LOOKS[look].named}"/>{properties}</w:pPr>{runs}</w:p>'


def _table(form: Form, width: int) -> str:
    share = width / sum(column.width for column in form.columns)
    widths = [int(column.width * share) for column in form.columns]
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    heads = "".join(
        _cell_opening("heading_cell", "center", each) + escape(column.header) + _CELL_END
        for column, each in zip(form.columns, widths, strict=True)
    )
    header = f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{heads}</w:tr>"
    properties = (
        f'<w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="40" w:type="dxa"/>'
        '<w:right w:w="40" w:type="dxa"/></w:tblCellMar>'
    )
    rows = _rows(form.rows, form.columns, widths)
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{header}{rows}</w:tbl>"


def _rows(rows: pl.DataFrame, columns: Iterable[Column], widths: list[int]) -> str:
    cells = [
        pl.concat_str(
            pl.lit(_cell_opening("cell", column.align, width)), _shown(rows, column.key), pl.lit(_CELL_END)
        )
        for column, width in zip(columns, widths, strict=True)
    ]
    opening, closing = pl.lit("<w:tr><w:trPr><w:cantSplit/></w:trPr>"), pl.lit("</w:tr>")
    return str(rows.select(pl.concat_str(opening, *cells, closing).str.join("")).item() or "")


_CELL_END = "</w:t></w:r></w:p></w:tc>"


def _cell_opening(look: str, align: str, width: int) -> str:
    cell = f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
    paragraph = f'<w:p><w:pPr><w:pStyle w:val="{LOOKS[look].named}"/><w:jc w:val="{align}"/></w:pPr>'
    return f'{cell}{paragraph}<w:r><w:t xml:space="preserve">'


def _shown(rows: pl.DataFrame, key: str) -> pl.Expr:
    if key not in rows.columns:
        return pl.lit("")
    if rows.schema[key] == pl.Date:
        return pl.col(key).dt.to_string("%Y-%m-%d").fill_null("")
    text = pl.col(key).cast(pl.String).fill_null("").str.replace_all(_FORBIDDEN_IN_XML, " ")
    return text.str.replace_many(list(_MARKS), list(_MARKS.values()))
