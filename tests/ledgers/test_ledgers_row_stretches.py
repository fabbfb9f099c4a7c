"""A large sheet read in stretches of rows gives the very grid that it gives as a whole."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from coverage_engine.ledgers.files.row_stretches import LargeSheets, NotInStretches
from coverage_engine.ledgers.files.shown_cells import shown_rows
from coverage_engine.ledgers.files.text_files import grid_of
from coverage_engine.ledgers.files.workbook_extent import extents
from coverage_engine.ledgers.files.workbooks import workbook_grids

SHEET = "xl/worksheets/sheet1.xml"
CELLS = st.one_of(
    st.none(),
    st.sampled_from(["企业名称", " 甲 ", "", "&<>\"'", "７人", "换\n行", "="]),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8).filter(
        lambda text: "\ue000" not in text
    ),
    st.integers(-(10**15), 10**15),
    st.floats(-1e6, 1e6),
    st.booleans(),
    st.dates(date(1980, 1, 1), date(2030, 1, 1)),
)


def written(rows: list[list[Any]], *, inline: bool = False, of_1904: bool = False, at: int = 0) -> bytes:
    made = io.BytesIO()
    options = {"in_memory": not inline, "constant_memory": inline, "date_1904": of_1904}
    with xlsxwriter.Workbook(made, options) as book:
        page = book.add_worksheet("企业台账")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row, start=at):
                if isinstance(cell, date):
                    page.write_datetime(number, column, datetime.combine(cell, datetime.min.time()), day)
                elif isinstance(cell, str):
                    page.write_string(number, column, cell)
                elif cell is not None:
                    page.write(number, column, cell)
    return made.getvalue()


def in_stretches(book: bytes, stretch: int) -> pl.DataFrame:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return LargeSheets(archive, stretch).grid(SHEET)


def as_a_whole(book: bytes) -> pl.DataFrame:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0)
    return grid_of(shown_rows(sheet.iter_rows(), sheet.start[1] if sheet.start else 0))


@given(
    rows=st.lists(st.lists(CELLS, max_size=5), max_size=30),
    stretch=st.integers(1, 2000),
    inline=st.booleans(),
    of_1904=st.booleans(),
    at=st.integers(0, 2),
)
def test_stretches_of_any_length_give_the_grid_of_the_whole(
    rows: list[list[Any]], stretch: int, inline: bool, of_1904: bool, at: int
) -> None:
    book = written([["甲"], *rows], inline=inline, of_1904=of_1904, at=at)
    assert in_stretches(book, stretch).equals(as_a_whole(book))


def test_rich_texts_and_formulas_are_read_alike() -> None:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        page, bold = book.add_worksheet(), book.add_format({"bold": True})
        for row in range(40):
            page.write_rich_string(row, 0, "甲", bold, "乙", f"{row}")
            page.write_formula(row, 1, "=A1&B1", value="算出的文字")
            page.write_formula(row, 2, "=1+1", value=2)
            page.write_formula(row, 3, "=1/0", value="#DIV/0!")
    assert in_stretches(made.getvalue(), 300).equals(as_a_whole(made.getvalue()))


def rewritten(book: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with other bytes in its sheet."""
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as parts, zipfile.ZipFile(whole, "w") as archive:
        for entry in parts.infolist():
            data = parts.read(entry)
            if entry.filename == SHEET:
                assert old in data
                data = data.replace(old, new)
            archive.writestr(entry.filename, data)
    return whole.getvalue()


ROWS = [["企业名称", "所在地区"], *([f"第{number}有限公司", "410105"] for number in range(20))]
UNUSUAL = {
    "comment": (b'<row r="3"', b'<!-- t="s"><v>0 --><row r="3"'),
    "quotes": (b't="s"', b"t='s'"),
    "attribute behind": (b't="s"', b't="s" ph="0"'),
    "own mark": (b"<v>3</v>", "<v>\ue0003</v>".encode()),
}


@pytest.mark.parametrize("kind", UNUSUAL)
def test_a_sheet_written_in_another_way_is_left_to_be_read_as_a_whole(kind: str) -> None:
    with pytest.raises(NotInStretches):
        in_stretches(rewritten(written(ROWS), *UNUSUAL[kind]), 200)


def test_cells_out_of_order_are_noticed() -> None:
    for change, ordered in [((b'r="A15"', b'r="A15"'), True), ((b'r="A15"', b'r="A2"'), False)]:
        with zipfile.ZipFile(io.BytesIO(rewritten(written(ROWS), *change))) as archive:
            [(_, extent)] = extents(archive)
        assert extent.ordered is ordered


@pytest.mark.slow
def test_a_large_workbook_reads_the_same_whichever_way(tmp_path: Path) -> None:
    """Beyond four million cells sheets are read in stretches; odd ones, and small ones beside, as a whole."""
    headers = ["企业名称", "所在地区", "团员数"]
    rows = 1_048_576
    cells = "".join(
        f'<row r="{row}"><c r="A{row}" t="s"><v>{row % 7 + 3}</v></c><c r="B{row}" t="s"><v>2</v></c>'
        f'<c r="C{row}"><v>{row % 50}</v></c><c r="D{row}" t="s"><v>1</v></c></row>'
        for row in range(2, rows + 1)
    )
    book = written(
        [headers, ["", "", 1, "备注"]] + [[f"第{number}有限公司", "410105"] for number in range(9)]
    )
    made = rewritten(book, b"</sheetData>", b"</sheetData>")
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        sheet = archive.read(SHEET)
    first = sheet[: sheet.index(b'<row r="2"')]
    made = rewritten(book, sheet, first + cells.encode() + sheet[sheet.index(b"</sheetData>") :])
    [plain] = workbook_grids(made, "a.xlsx")
    [odd] = workbook_grids(rewritten(made, b"<sheetData>", b"<sheetData><!-- -->"), "a.xlsx")
    assert plain.grid.shape == (rows, 4)
    assert plain.grid.equals(odd.grid)
