"""Text ledgers: no quote, separator or note swallows anything, and what is odd is told with its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers import read_ledgers
from coverage_engine.ledgers.files.text_files import read_text, text_grid
from coverage_engine.ledgers.reading import NothingUsable

SHARED = Path(__file__).parents[3] / "shared" / "cases"
HEADER = "企业名称,所在地区,从业人员数,青年数,备注"
TOLD = ("error", "warning")
AS_OF = date(2019, 6, 15)


def _ledger(rows: int = 12) -> list[str]:
    return [HEADER, *(f"第{n}号样例有限公司,410105,{30 + n},{10 + n}," for n in range(rows))]


def _case(*parts: str) -> Path:
    file = SHARED.joinpath(*parts)
    if not file.exists():
        pytest.skip(f"!!! SHARED MATERIAL IS MISSING: {file}")
    return file


def _names(grid: pl.DataFrame) -> set[str]:
    return {name for name in grid["c0"].drop_nulls() if name.strip('"').startswith("第")}


@pytest.mark.parametrize(
    ("parts", "firms", "line"),
    [
        (("hostile", "quote.csv"), 40, "第 6 行第 1 格"),
        (("hostile", "quote2.csv"), 40, "第 6 行第 5 格"),
        (("files", "b32_stray_quote_企业台账.csv"), 5, "第 3 行第 4 格"),
    ],
)
def test_an_unclosed_quote_swallows_no_row_and_its_line_is_named(
    parts: tuple[str, ...], firms: int, line: str, read: Callable[..., tuple], of_code: Callable
) -> None:
    snapshot, findings = read(_case(*parts))
    assert snapshot["enterprises"].height == firms
    stray = of_code(findings, "text.stray_quote")
    assert stray["severity"].to_list() == ["warning"]
    assert line in stray["found"][0]


def test_quoted_line_breaks_are_read_as_cells_and_the_lines_add_up(
    read: Callable[..., tuple], of_code: Callable
) -> None:
    file = _case("files", "b31_quoted_breaks_企业台账.csv")
    snapshot, findings = read(file)
    assert snapshot["enterprises"].height == 5
    assert "第 2–3、4–5" in of_code(findings, "text.line_breaks")["found"][0]
    assert of_code(findings, "text.stray_quote").is_empty()


def test_the_separator_is_the_one_under_which_a_known_header_stands(read: Callable[..., tuple]) -> None:
    assert read(_case("hostile", "sep.csv"))[0]["enterprises"].height == 40


@pytest.mark.parametrize(
    ("lines", "separator"),
    [
        (["甲公司,410105,3,a|b|c|d|e|f|g"], ","),
        (["填报说明：一，二，三，四，五，六，七，八", "甲公司,410105,3,无"], ","),
        (['甲公司;410105;3;"一,二,三,四,五,六,七,八"'], ";"),
        (["甲公司|410105|3|a,b,c,d,e,f"], "|"),
    ],
)
def test_marks_in_remarks_and_notes_do_not_decide_the_separator(lines: list[str], separator: str) -> None:
    header = separator.join(["企业名称", "所在地区", "团员数", "备注"])
    for text in ("\n".join([header, *lines]), "\n".join([lines[0], header, *lines])):
        grid = text_grid(text.encode(), "a.csv")
        row = grid.filter(pl.col("c0") == "甲公司").row(-1)
        assert row[:3] == ("甲公司", "410105", "3")


def test_a_declared_separator_is_taken_at_its_word() -> None:
    grid = text_grid("sep=|\n企业名称|备注\n甲|a,b\n".encode(), "a.csv")
    assert grid.rows()[2] == ("甲", "a,b")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-32"])
def test_a_text_with_a_mark_or_in_utf_8_or_gbk_is_read(encoding: str) -> None:
    assert text_grid("企业名称,团员数\n河南𠮷祥,3\n".encode(encoding), "a.csv").rows()[1] == ("河南𠮷祥", "3")


WIDE = ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]


@pytest.mark.parametrize("encoding", WIDE)
def test_wide_text_without_a_mark_is_read_where_one_order_of_bytes_makes_sense(encoding: str) -> None:
    rows = text_grid("企业名称,团员数\n一𠮷第一有限公司,3\n".encode(encoding), "a.csv").rows()
    assert rows[1] == ("一𠮷第一有限公司", "3")
    long = "企业名称,团员数\n" + "甲𠮷有限公司,3\n" * 2_000
    for begin in ("", "一"):
        assert text_grid((begin + long).encode(encoding), "a.csv").height == 2_001


@pytest.mark.parametrize("encoding", WIDE)
def test_what_has_zeros_and_is_no_text_of_lines_is_refused_with_the_way_to_save_it(encoding: str) -> None:
    for text in ("企业名称,团员数", "企业名称,团员数\n甲,\u0a00\n", "企业名称\0,团员数\n甲,3\n"):
        with pytest.raises(LedgerError, match=r"二进制内容[\s\S]*UTF-8"):
            text_grid(text.encode(encoding), "a.csv")


@pytest.mark.parametrize("order", ["le", "be"])
def test_the_public_file_in_utf_16_without_a_mark_and_its_sister_are_read(
    order: str, tmp_path: Path, read: Callable[..., tuple]
) -> None:
    data = _case("files", "b06c_utf16le_nobom_企业台账.csv").read_bytes()
    file = tmp_path / "企业台账.csv"
    file.write_bytes(data.decode("utf-16-le").encode(f"utf-16-{order}"))
    assert read(file)[0]["enterprises"].height == 5


@pytest.mark.parametrize("odd", [0, 3, 11])
@pytest.mark.parametrize(("most", "other"), [("utf-8", "gb18030"), ("gb18030", "utf-8")])
def test_lines_in_two_encodings_are_refused_and_never_garbled(odd: int, most: str, other: str) -> None:
    lines = [line.encode(other if n == odd else most) for n, line in enumerate(_ledger(11))]
    with pytest.raises(LedgerError, match="编码无法识别"):
        text_grid(b"\n".join(lines), "a.csv")


@pytest.mark.parametrize("name", ["c12_utf8_cut_企业台账.csv", "c13_utf8_one_gbk_row_企业台账.csv"])
def test_a_file_cut_or_pasted_together_is_refused_with_its_line(name: str) -> None:
    file = _case("files", name)
    with pytest.raises(LedgerError, match=r"第 [67] 行附近的文字编码无法识别"):
        read_ledgers([file])


def test_more_columns_or_signs_than_a_ledger_has_are_refused_by_line() -> None:
    with pytest.raises(LedgerError, match="第 2 行有 5001 格"):
        text_grid(f"{HEADER}\n{',' * 5000}\n".encode(), "a.csv")
    with pytest.raises(LedgerError, match="第 2 行有一格长达 200000 个字符"):
        text_grid(f'企业名称,备注\n甲,"{"长" * 200_000}"\n'.encode(), "a.csv")
    with pytest.raises(LedgerError, match="认出的台账表头只有 0 列"):
        text_grid(("甲,乙\n" * 2_100_000).encode(), "a.csv")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("乙有限公司,410105,,3,4,", "text.more_cells"),
        ("乙有限公司,410105,30，10,无", "text.other_separator"),
        ("乙有限公司;410105;30;10;无", "text.other_separator"),
    ],
)
def test_a_row_cut_otherwise_than_its_header_is_told_by_line(line: str, code: str) -> None:
    faults = read_text("\n".join([*_ledger(), line, ""]).encode(), "a.csv").faults
    assert faults.select("code", "row").rows() == [(code, 14)]
    assert "文件第 14 行" in faults["found"][0]


@pytest.mark.parametrize("header", ["企业名称,所在地区,,从业人员数,青年数,备注", "企业名称,所在地区,青年数"])
def test_a_header_with_other_cells_than_its_rows_is_told(header: str) -> None:
    faults = read_text("\n".join([header, *_ledger()[1:]]).encode(), "a.csv").faults
    assert "text.header_cells" in faults["code"].to_list()


cell = st.text(st.sampled_from('甲乙,"\n ;，1'), max_size=6)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(cell, min_size=4, max_size=4), min_size=1, max_size=8))
def test_what_a_spreadsheet_writes_is_read_as_it_was_or_told(rows: list[list[str]]) -> None:
    """Cells of any content, quoted as spreadsheets do: same cells, or the odd lines are told."""
    body = io.StringIO()
    csv.writer(body, lineterminator="\n").writerows([["企业名称", "所在地区", "团员数", "备注"], *rows])
    table = read_text(body.getvalue().encode(), "a.csv")
    wanted = [tuple(cell.strip() or None for cell in row) for row in rows]
    while wanted and not any(wanted[-1]):
        wanted.pop()
    if "text.stray_quote" not in table.faults["code"].to_list():
        assert table.grid.rows()[1:] == wanted


_NOTES = ("说明：请，如，实", '备注："见附表', "注,意,事", "", "填表人：")
_MARKS = str.maketrans("", "", '",，;|\t')


_BOOKS = 10
"""Text ledgers read at once: a reading costs much the same for one."""


def _firm(book: int, number: int) -> str:
    return f"第{book:02}{number:02}号样例有限公司"


def _disturbed(data: st.DataObject, book: int) -> tuple[list[str], int]:
    """A ledger with one to five stray quotes, separators or notes, and how many firms it holds."""
    firms = data.draw(st.integers(2, 14))
    lines = [HEADER, *(f"{_firm(book, n)},410105,{30 + n},{10 + n}," for n in range(firms))]
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(lines) - 1))
        mark = data.draw(st.sampled_from(['"', '"', '"', ",", "，", "|", ";", "\t", "note"]))
        if mark == "note":
            lines.insert(at, data.draw(st.sampled_from(_NOTES)))
        else:
            place = data.draw(st.integers(0, len(lines[at])))
            lines[at] = lines[at][:place] + mark + lines[at][place:]
    return lines, firms


def _loses_no_row_untold(data: st.DataObject, folder: Path) -> None:
    """Every firm stands in the snapshot with its own figures, or a warning or error tells of its row.

    A figure that stands there is its own: what a stray mark shifted is unknown.
    """
    books = [_disturbed(data, book) for book in range(_BOOKS)]
    files = [folder / f"企业台账{book:02}.csv" for book in range(_BOOKS)]
    for file, (lines, _) in zip(files, books, strict=True):
        file.write_text("\n".join(lines) + "\n", "utf-8")
    try:
        snapshot, findings = read_ledgers(files, as_of=AS_OF)
    except NothingUsable as refused:
        snapshot, findings = refused.snapshot, refused.findings
    loud = findings.table.filter(pl.col("severity").is_in(TOLD))
    figures = snapshot["enterprises"].select("name", "employees", "young_employees").rows()
    read = {name.translate(_MARKS): rest for name, *rest in figures}
    for book, (lines, firms) in enumerate(books):
        told = loud.filter(pl.col("file") == files[book].name)
        about_all = told.filter(
            pl.col("code").str.starts_with("column.")
            | pl.col("code").is_in(["text.header_cells", "file.unreadable", "sheet.unknown_kind"])
        )
        wanted = {_firm(book, n): [30 + n, 10 + n] for n in range(firms)}
        lost = [firm for firm in wanted if read.get(firm) != wanted[firm]]
        wrong = [
            firm
            for firm in lost
            for got, right in zip(read.get(firm, []), wanted[firm], strict=False)
            if got not in (None, right)
        ]
        assert not wrong, (lines, wrong, told.rows())
        told_rows = told["row"].drop_nulls().unique()
        assert not lost or about_all.height or len(told_rows) >= len(lost), (lines, lost, told.rows())
    for row in snapshot["sources"].iter_rows(named=True):
        assert row["rows_read"] == row["accepted"] + row["quarantined"] + row["recognised"]


common = {
    "deadline": None,
    "phases": (Phase.explicit, Phase.generate),
    "suppress_health_check": [
        HealthCheck.function_scoped_fixture, HealthCheck.too_slow,
        HealthCheck.data_too_large, HealthCheck.large_base_example,
    ],
}  # fmt: skip


@settings(max_examples=10, **common)
@given(data=st.data())
def test_stray_marks_lose_no_row_untold(data: st.DataObject, tmp_path: Path) -> None:
    _loses_no_row_untold(data, tmp_path)


@pytest.mark.slow
@settings(max_examples=2_000 // _BOOKS, **common)
@given(data=st.data())
def test_stray_marks_lose_no_row_untold_at_length(data: st.DataObject, tmp_path: Path) -> None:
    _loses_no_row_untold(data, tmp_path)
