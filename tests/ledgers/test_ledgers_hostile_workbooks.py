"""Workbooks that lie about their size are refused with words before memory is taken for them."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers import read_ledgers
from coverage_engine.ledgers.workbook_extent import extents
from coverage_engine.ledgers.workbooks import workbook_grids

_FIRM = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>企业名称</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>所在地区</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>甲有限公司</t></is></c>'
    '<c r="B2" t="inlineStr"><is><t>410105</t></is></c></row>'
)
_MOST_MEGABYTES = 1024
_READ = """
import resource, sys
from coverage_engine.errors import LedgerError
from coverage_engine.ledgers import read_ledgers
try:
    print(read_ledgers([sys.argv[1]])[0]["enterprises"].height)
except LedgerError as error:
    print(error.problem)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def _book(rows: str) -> bytes:
    """A small workbook with the sheet 企业台账 and these rows in its bytes."""
    whole, made = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.add_worksheet("企业台账")
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in parts.infolist():
            data = parts.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                data = data.replace(b"<sheetData/>", f"<sheetData>{rows}</sheetData>".encode())
            archive.writestr(entry.filename, data)
    return whole.getvalue()


def _reach(rows: str) -> tuple[int, int]:
    with zipfile.ZipFile(io.BytesIO(_book(rows))) as archive:
        [(_, extent)] = extents(archive)
    return extent.reach, extent.filled


@pytest.mark.parametrize(
    "cell",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1048576'><c r = 'XFD1048576'><v>1</v></c></row>",
        '<row r="1048576"><c s="1" r="XFD1048576"><v>1</v></c></row>',
        '<row r="1048576">' + "<c><v>1</v></c>" * 16384 + "</row>",
        '<row r="1048576"><c r="P1048576"><v>1</v></c></row>',
    ],
    ids=["plain", "spaced", "after another attribute", "without address", "sixteen columns"],
)
def test_a_cell_far_away_is_refused_before_room_is_made(cell: str) -> None:
    with pytest.raises(LedgerError) as told:
        workbook_grids(_book(_FIRM + cell), "a.xlsx")
    assert "过多" in told.value.problem or "没有写明位置" in told.value.problem
    assert told.value.remedy


def test_the_extent_is_counted_from_addresses_or_from_the_order_of_cells() -> None:
    assert _reach(_FIRM) == (4, 4)
    assert _reach(_FIRM + '<row r="9"><c r="D9" s="3"/></row>') == (36, 4)
    assert _reach("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>") == (4, 3)
    assert _reach('<x:row r="3"><x:c r="B3"><x:v>1</x:v></x:c></x:row>') == (6, 1)


def test_addresses_that_are_no_cells_widen_nothing(tmp_path: Path) -> None:
    file = tmp_path / "企业台账.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        page = book.add_worksheet("企业台账")
        page.write_row(0, 0, ["企业名称", "所在地区"])
        page.write_row(1, 0, ["甲有限公司", "410105"])
        page.data_validation("B2:B1048576", {"validate": "list", "source": ["410105"]})
        page.set_selection("XFD1048576")
    assert read_ledgers([file])[0]["enterprises"].height == 1


def test_cells_without_addresses_are_read_in_their_order() -> None:
    row = "<row>" + "<c><v>7</v></c>" * 13 + "</row>"
    [sheet] = workbook_grids(_book(row * 5000), "a.xlsx")
    assert sheet.grid.shape == (5000, 13)


def test_hidden_rows_and_columns_are_read_and_told(tmp_path: Path) -> None:
    file = tmp_path / "企业台账.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        page = book.add_worksheet("企业台账")
        page.write_row(0, 0, ["企业名称", "所在地区", "团员数"])
        for number in range(1, 16):
            page.write_row(number, 0, [f"第{number}有限公司", "410105", number])
        page.set_row(2, None, None, {"hidden": True})
        page.set_column("C:C", None, None, {"hidden": True})
    snapshot, findings = read_ledgers([file])
    assert snapshot["enterprises"].height == 15
    told = findings.table.filter(findings.table["code"] == "sheet.hidden_parts")
    assert told["found"].to_list() == ["1 行（3）；1 列（C）"]


@pytest.mark.slow
@pytest.mark.parametrize("place", ["H1000000", "XFD480"])
def test_a_sheet_just_within_the_bounds_takes_less_than_a_gigabyte_and_ten_seconds(
    tmp_path: Path, place: str
) -> None:
    file = tmp_path / "企业台账.xlsx"
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    file.write_bytes(_book(f'{_FIRM}<row r="{row}"><c r="{place}"><v>1</v></c></row>'))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(file)], capture_output=True, text=True, check=True
    ).stdout.split()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done[0] == "1"
    assert int(done[1]) <= _MOST_MEGABYTES
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime <= 10
