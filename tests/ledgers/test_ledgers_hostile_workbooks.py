"""Workbooks that lie about their size are refused with words before memory is taken for them."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
import xlsxwriter

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers import read_ledgers
from coverage_engine.ledgers.files.large_sheets import Allowance
from coverage_engine.ledgers.files.shared_texts import text_lengths
from coverage_engine.ledgers.files.workbook_extent import extents
from coverage_engine.ledgers.files.workbooks import workbook_grids

_FIRM = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>企业名称</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>所在地区</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>甲有限公司</t></is></c>'
    '<c r="B2" t="inlineStr"><is><t>410105</t></is></c></row>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHARED = "xl/sharedStrings.xml"
_MOST_MEGABYTES = 1024
_READ = """
import resource, sys
from coverage_engine.errors import LedgerError
from coverage_engine.ledgers import read_ledgers
from coverage_engine.ledgers.files.large_sheets import Allowance
try:
    print(read_ledgers([sys.argv[1]])[0]["enterprises"].height)
except LedgerError as error:
    print(error.problem)
if sys.platform == "linux":  # ru_maxrss would begin with the peak of the process that started this one
    lines = open("/proc/self/status", encoding="ascii").read().splitlines()
    print(next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024)
else:
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


def test_large_sheets_need_the_headers_of_a_ledger_and_no_more_columns_than_these() -> None:
    headers = ["企业名称", "所在地区", "团员数"]
    shared = [f"{name}（必填）" for name in headers]
    assert _look(_table(headers, 3, 100), small=100) == ""
    assert _look(_table(headers, 3, 100), small=1000) == ""
    assert "台账表头却只有" in _look(_table(["甲", "乙", "丙"], 3, 100), small=100)
    assert "台账表头却只有" in _look(_table(headers[:2], 3, 100), small=100)
    assert "行列过多" in _look(_table(headers, 10, 100), small=100)
    assert "行列过多" in _look(_table(headers, 3, 200), small=100)
    assert _look(_written(headers, 100), small=100) == ""
    assert _look(_written(shared, 100), small=100) == ""
    assert "台账表头却只有" in _look(_written(["甲", "乙", "丙"], 100), small=100)


def test_small_sheets_share_one_allowance() -> None:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as made:
        for name in ("一", "二", "三"):
            made.add_worksheet(name).write_column(0, 0, ["甲"] * 40)
    assert _look(book.getvalue(), small=120) == ""
    assert "台账表头却只有" in _look(book.getvalue(), small=100)


def _look(book: bytes, *, small: int, texts: int = 1 << 20) -> str:
    """What the refusal says of a workbook that may hold so many cells; nothing where it passes."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        allowance = Allowance(archive, "a.xlsx", small_cells=small, ledger_cells=500, small_texts=texts)
        try:
            list(extents(archive, allowance))
            allowance.close()
        except LedgerError as refused:
            assert "CSV" in refused.remedy
            return refused.problem
    return ""


def _naming(text: str, cells: str) -> bytes:
    """A workbook whose only shared text stands first, and a sheet of these cells."""
    shared = f"<si><t>{text}</t></si><si><t>甲</t></si>"
    return _changed(_book(f'<row r="1">{cells}</row>'), shared)


def _changed(book: bytes, texts: str) -> bytes:
    """The workbook with other shared texts."""
    whole = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as parts,
        zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for entry in parts.infolist():
            if entry.filename != _SHARED:
                archive.writestr(entry.filename, parts.read(entry))
        archive.writestr(_SHARED, f'<sst xmlns="{_MAIN}">{texts}</sst>')
    return whole.getvalue()


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="{}1" t="s"><v>0</v></c>',
        "<c r='{}1' t = 's' ><v>0</v></c>",
        '<c r="{}1" t="s" s="1"><f>A1</f><v>0</v></c>',
        '<x:c r="{}1" t="s">\n<x:v> 0</x:v></x:c>',
    ],
    ids=["plain", "spaced", "with formula", "prefixed"],
)
def test_a_long_text_named_by_many_cells_is_reckoned_as_often_as_it_is_named(cell: str) -> None:
    cells = "".join(cell.format(letter) for letter in "ABCDEFGH")
    assert _look(_naming("甲" * 100, cells), small=100, texts=2400) == ""
    assert "文字过多" in _look(_naming("甲" * 100, cells), small=100, texts=2399)
    assert _look(_naming("甲" * 100, cells.replace("0<", "1<")), small=100, texts=2399) == ""


def test_shared_texts_of_every_spelling_are_counted() -> None:
    texts = "<si/><si><t>甲乙</t></si><x:si ><x:t>丙</x:t></x:si><si><r><t>丁</t></r><r><t>戊</t></r></si>"
    with zipfile.ZipFile(io.BytesIO(_changed(_book(_FIRM), texts))) as archive:
        lengths = text_lengths(archive)
    assert lengths[0] == 0 and lengths[1] == len("甲乙".encode())
    assert len(lengths) == 4 and (lengths[2:] >= [3, 6]).all()


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_a_part_longer_than_it_declares_is_refused(part: str) -> None:
    """Its check sum fits what is declared, so an ordinary unpacking sees nothing wrong."""
    book = _changed(_book(_FIRM), "<si><t>甲</t></si>" * 10)
    lying = _declaring(book, part, 150)
    with zipfile.ZipFile(io.BytesIO(lying)) as archive:
        assert archive.testzip() is None and len(archive.read(part)) == 150
    with pytest.raises(LedgerError) as told:
        workbook_grids(lying, "a.xlsx")
    assert "已损坏" in told.value.problem


def _declaring(book: bytes, part: str, size: int) -> bytes:
    """The same bytes, of which a part declares so many, with the check sum of these."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        entry = archive.getinfo(part)
        crc = zlib.crc32(archive.read(part)[:size])
    lying = bytearray(book)
    directory = lying.rindex(part.encode()) - 46
    assert lying[directory : directory + 4] == b"PK\x01\x02"
    for at in (entry.header_offset + 14, directory + 16):
        lying[at : at + 4] = crc.to_bytes(4, "little")
        lying[at + 8 : at + 12] = size.to_bytes(4, "little")
    return bytes(lying)


def _table(headers: list[str], columns: int, rows: int) -> bytes:
    letters = [chr(65 + index) for index in range(columns)]
    cells = zip(letters, headers, strict=False)
    head = "".join(f'<c r="{letter}1" t="inlineStr"><is><t>{text}</t></is></c>' for letter, text in cells)
    body = (
        f'<row r="{row}">' + "".join(f'<c r="{letter}{row}"><v>1</v></c>' for letter in letters) + "</row>"
        for row in range(2, rows + 1)
    )
    return _book(f'<row r="1">{head}</row>' + "".join(body))


def _written(headers: list[str], rows: int) -> bytes:
    """The same with texts shared in the workbook, as Excel writes them."""
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as made:
        page = made.add_worksheet("企业台账")
        for row in range(rows):
            page.write_row(row, 0, headers if row == 0 else [f"第{row}有限公司", "410105", row])
    return book.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("place", ["D999999", "XFD240"])
def test_a_sheet_just_within_the_bounds_takes_less_than_a_gigabyte_and_ten_seconds(
    tmp_path: Path, place: str
) -> None:
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    book = _book(f'{_FIRM}<row r="{row}"><c r="{place}"><v>1</v></c></row>')
    assert _read_within_bounds(tmp_path, book) == "1"


@pytest.mark.slow
@pytest.mark.parametrize("place", ["H1000000", "XFD480"])
def test_a_cell_just_out_of_bounds_is_refused(tmp_path: Path, place: str) -> None:
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    book = _book(f'{_FIRM}<row r="{row}"><c r="{place}"><v>1</v></c></row>')
    assert "行列过多" in _read_within_bounds(tmp_path, book)


@pytest.mark.slow
@pytest.mark.parametrize(("length", "said"), [(30_000, "文字过多"), (20, "企业台账")], ids=["long", "short"])
def test_a_text_named_by_three_million_cells_is_refused_or_read_small(
    tmp_path: Path, length: int, said: str
) -> None:
    rows = "".join(
        f'<row r="{row}">'
        + "".join(f'<c r="{letter}{row}" t="s"><v>0</v></c>' for letter in "ABCDEFGH")
        + "</row>"
        for row in range(1, 375_001)
    )
    book = _changed(_book(rows), f"<si><t>{'甲' * length}</t></si>")
    assert said in _read_within_bounds(tmp_path, book)


@pytest.mark.slow
@pytest.mark.parametrize(("columns", "rows"), [(4, 1_000_000), (17, 240_000), (26, 400_000)])
def test_a_dense_sheet_without_headers_is_read_small_or_refused(
    tmp_path: Path, columns: int, rows: int
) -> None:
    told = _read_within_bounds(tmp_path, _table([], columns, rows))
    assert "企业台账" in told


def _read_within_bounds(folder: Path, book: bytes) -> str:
    """What reading gives or says, in a process of its own that stays under a gigabyte and ten seconds."""
    file = folder / "企业台账.xlsx"
    file.write_bytes(book)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(file)], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert int(done[1]) <= _MOST_MEGABYTES
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime <= 10
    return done[0]
