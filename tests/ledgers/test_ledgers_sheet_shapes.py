"""What a sheet says by its shape: hidden sheets, merged cells, formulas, hints, tables side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers import NothingUsable, read_ledgers
from coverage_engine.ledgers.files.raw_sheets import RawSheet
from coverage_engine.ledgers.files.sheet_marks import SheetMarks
from coverage_engine.ledgers.files.text_files import grid_of
from coverage_engine.ledgers.tables.rows_below_header import explaining_rows
from coverage_engine.ledgers.tables.sheets import lay_out
from coverage_engine.ledgers.tables.stacked import tables_of

HEADER = ["企业名称", "所在地区", "从业人员数", "团员数"]
FIRMS = [
    ["甲食品有限公司", "410105", 60, 3],
    ["乙机械有限公司", "410104", 77, 4],
    ["丙农业有限公司", "410122", 94, 5],
]


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """A workbook whose sheets a function fills: it gets a function that adds a sheet with rows."""

    def write(fill: Callable, name: str = "企业台账.xlsx") -> Path:
        file = tmp_path / name
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.active)

        def add(title: str, rows: list[list[object]]) -> object:
            sheet = workbook.create_sheet(title)
            for row in rows:
                sheet.append(row)
            return sheet

        fill(add)
        workbook.save(file)
        return file

    return write


def _balanced(snapshot: object) -> bool:
    account = pl.sum_horizontal("accepted", "quarantined", "recognised")
    return bool(snapshot["sources"].select((pl.col("rows_read") == account).all()).item())  # type: ignore[index]


# ------------------------------------------------------------------------------------------ hidden sheets


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_beside_a_visible_one_of_its_kind_is_left_out_and_told(
    book: Callable, read: Callable, of_code: Callable, state: str
) -> None:
    def fill(add: Callable) -> None:
        add("企业台账旧", [HEADER, ["丁旧厂有限公司", "410105", 9, 1]]).sheet_state = state
        add("企业台账", [HEADER, *FIRMS])

    snapshot, findings = read(book(fill))
    assert sorted(snapshot["enterprises"]["name"]) == sorted(row[0] for row in FIRMS)
    told = of_code(findings, "sheet.hidden_left_out").row(0, named=True)
    assert told["severity"] == "warning"
    assert "企业台账旧" in told["found"] and "取消隐藏" in told["remedy"]
    assert _balanced(snapshot)


def test_a_hidden_sheet_that_is_the_only_one_of_its_kind_is_read_and_told(
    book: Callable, read: Callable, of_code: Callable
) -> None:
    def fill(add: Callable) -> None:
        add("企业台账", [HEADER, *FIRMS])
        add("工会台账", [["企业名称", "工会名称"], ["甲食品有限公司", "甲工会"]]).sheet_state = "hidden"

    snapshot, findings = read(book(fill))
    assert snapshot["trade_unions"].height == 1
    assert of_code(findings, "sheet.hidden_read")["severity"].to_list() == ["warning"]


def test_a_hidden_sheet_is_used_where_the_visible_one_is_blank(book: Callable, read: Callable) -> None:
    def fill(add: Callable) -> None:
        add("企业台账", [HEADER])
        add("企业台账2", [HEADER, *FIRMS]).sheet_state = "hidden"

    assert read(book(fill))[0]["enterprises"].height == 3


def test_a_hidden_page_of_choices_is_no_fault(book: Callable, read: Callable, of_code: Callable) -> None:
    def fill(add: Callable) -> None:
        add("企业台账", [HEADER, *FIRMS])
        add("Sheet9", [["金水区"], ["管城区"]]).sheet_state = "veryHidden"

    snapshot, findings = read(book(fill))
    assert of_code(findings, "sheet.hidden_no_ledger").height == 1
    assert of_code(findings, "sheet.unknown_kind").is_empty()
    assert _balanced(snapshot)


# ------------------------------------------------------------------------------------------- merged cells


def test_a_number_merged_over_several_firms_is_nobodys(
    book: Callable, read: Callable, of_code: Callable
) -> None:
    def fill(add: Callable) -> None:
        add("企业台账", [HEADER, *FIRMS]).merge_cells("D2:D3")

    snapshot, findings = read(book(fill))
    members = dict(snapshot["enterprises"].select("name", "league_members").rows())
    assert members == {"甲食品有限公司": None, "乙机械有限公司": None, "丙农业有限公司": 5}
    told = of_code(findings, "cells.merged_unclear").row(0, named=True)
    assert (told["severity"], told["found"], told["cell"]) == ("warning", "D2:D3", "D:D")


def test_a_headquarters_merged_over_its_offices_with_its_code_holds_for_each(
    book: Callable, read: Callable
) -> None:
    def fill(add: Callable) -> None:
        add("企业台账", [HEADER, *FIRMS])
        sheet = add(
            "总部分支台账",
            [
                ["总部名称", "分支名称", "关系"],
                ["甲食品有限公司", "乙机械有限公司", "子公司"],
                [None, "丙农业有限公司"],
            ],
        )
        sheet.merge_cells("A2:A3")
        sheet.merge_cells("C2:C3")

    snapshot, _ = read(book(fill))
    assert snapshot["sources"]["accepted"].to_list() == [3, 2]


def test_a_code_merged_over_firms_of_different_names_is_no_ones(
    book: Callable, read: Callable, of_code: Callable
) -> None:
    rows = [["企业名称", "统一社会信用代码", "所在地区"], ["甲有限公司", "91410105MA47QX0A40", "410105"]]

    def fill(add: Callable) -> None:
        add("企业台账", [*rows, ["乙有限公司", None, "410105"]]).merge_cells("B2:B3")

    snapshot, findings = read(book(fill))
    assert snapshot["enterprises"]["credit_code"].to_list() == [None, None]
    assert of_code(findings, "cells.merged_unclear")["found"].to_list() == ["B2:B3"]


def test_a_place_written_once_for_a_group_without_a_merge_is_not_filled_down(
    book: Callable, read: Callable, of_code: Callable
) -> None:
    rows = [FIRMS[0], [FIRMS[1][0], None, 77, 4]]
    snapshot, findings = read(book(lambda add: add("企业台账", [HEADER, *rows])))
    assert snapshot["enterprises"].height == 1
    assert of_code(findings, "row.required_missing")["cell"].to_list() == ["B3"]


def test_merged_titles_headers_and_sections_fill_nothing(
    book: Callable, read: Callable, of_code: Callable
) -> None:
    rows = [
        ["某市企业台账"],
        ["企业名称", "所在地区", "人数"],
        [None, None, "从业人员数", "团员数"],
        ["金水片区"],
    ]

    def fill(add: Callable) -> None:
        sheet = add("企业台账", [*rows, *FIRMS])
        for span in ("A1:D1", "A2:A3", "B2:B3", "C2:D2", "A4:D4"):
            sheet.merge_cells(span)

    snapshot, findings = read(book(fill))
    assert snapshot["sources"].select("accepted", "quarantined").row(0) == (3, 0)
    assert of_code(findings, "cells.merged_filled").is_empty()
    assert "分段标题 1 行" in of_code(findings, "rows.recognised")["found"][0]


@given(
    groups=st.lists(st.integers(1, 5), min_size=1, max_size=12),
    above=st.integers(0, 3),
)
def test_merged_places_give_what_the_same_sheet_written_out_gives(groups: list[int], above: int) -> None:
    written, merged, spans = [], [], []
    for number, size in enumerate(groups):
        top = above + len(written) + 2
        for row in range(size):
            written.append([f"第{len(written)}号有限公司", f"4101{number:02d}"])
            merged.append([written[-1][0], f"4101{number:02d}" if row == 0 else ""])
        if size > 1:
            spans.append((top, 2, top + size - 1, 2))
    head = [["题目"]] * above + [HEADER[:2]]
    plain = lay_out(RawSheet("a.xlsx", "0", "企业台账", grid_of([*head, *written])), 0)
    marks = SheetMarks(merged=tuple(spans))
    filled = lay_out(RawSheet("a.xlsx", "0", "企业台账", grid_of([*head, *merged]), marks=marks), 0)
    assert filled.rows.equals(plain.rows)
    assert sum(entry.cells for entry in filled.merged) == sum(size - 1 for size in groups)


def test_overlapping_spans_that_no_spreadsheet_writes_fill_in_bounded_time() -> None:
    height = 20_000
    marks = SheetMarks(merged=tuple((2, 2, 2 + height + number, 2) for number in range(20_000)))
    rows = [HEADER[:2], ["甲有限公司", "410105"], *([f"乙{number}有限公司", ""] for number in range(height))]
    layout = lay_out(RawSheet("a.xlsx", "0", "企业台账", grid_of(rows), marks=marks), 0)
    assert layout.rows["division_code"].null_count() == 0


# ------------------------------------------------------------------------------------------------ formulas


def test_a_formula_whose_result_a_program_did_not_reckon_is_unknown_and_a_real_result_is_kept(
    tmp_path: Path, read: Callable, of_code: Callable
) -> None:
    file = tmp_path / "企业台账.xlsx"
    with xlsxwriter.Workbook(str(file)) as workbook:
        sheet = workbook.add_worksheet("企业台账")
        sheet.write_row(0, 0, HEADER)
        for number, row in enumerate(FIRMS, start=1):
            sheet.write_row(number, 0, row)
        sheet.write_formula("C2", "=30+30")
        sheet.write_formula("C3", "=70+7", None, 77)
        sheet.write_formula("H2", "=1+1")
    snapshot, findings = read(file)
    staff = dict(snapshot["enterprises"].select("name", "employees").rows())
    assert staff == {"甲食品有限公司": None, "乙机械有限公司": 77, "丙农业有限公司": 94}
    assert of_code(findings, "cells.formula_without_value")["cell"].to_list() == ["C2"]


def test_a_true_zero_of_a_calculated_workbook_stays_zero(
    tmp_path: Path, read: Callable, of_code: Callable
) -> None:
    import zipfile

    file, calculated = tmp_path / "a.xlsx", tmp_path / "企业台账.xlsx"
    with xlsxwriter.Workbook(str(file)) as workbook:
        sheet = workbook.add_worksheet("企业台账")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, FIRMS[0])
        sheet.write_formula("D2", "=1-1", None, 0)
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(calculated, "w") as target:
        for entry in source.infolist():
            target.writestr(entry.filename, source.read(entry).replace(b' fullCalcOnLoad="1"', b""))
    snapshot, findings = read(calculated)
    assert snapshot["enterprises"]["league_members"].to_list() == [0]
    assert of_code(findings, "cells.formula_without_value").is_empty()


# -------------------------------------------------------------------------------- rows that explain columns


@pytest.mark.parametrize(
    "row",
    [
        ["10个字以内", "下拉选择", "数字", "数字"],
        ["按营业执照填写", "下拉选择", "整数", "整数"],
        ["全称", "必填", "（人）", "（人）"],
        ["", "", "人", "人"],
        ["", "", "", "名"],
        ["甲", "乙", "1", "2"],
        ["1", "2", "3", "4"],
        ["（1）", "（2）", "（3）", "（4）"],
        ["示例：某某有限公司", "郑州市金水区", "100", "10"],
        ["（示例）某某有限公司", "郑州市金水区", "100", "10"],
        ["文本格式", "如：郑州市金水区", "数值型", "数值型"],
    ],
)
def test_a_row_below_the_header_that_explains_the_columns_is_no_firm(
    row: list[str], book: Callable, read: Callable, of_code: Callable
) -> None:
    snapshot, findings = read(book(lambda add: add("企业台账", [HEADER, row, *FIRMS])))
    assert snapshot["enterprises"].height == 3
    assert snapshot["sources"].select("accepted", "quarantined", "recognised").row(0) == (3, 0, 2)
    assert "填写提示、单位、栏号或示例 1 行" in of_code(findings, "rows.recognised")["found"][0]


@pytest.mark.parametrize(
    "row",
    [
        ["1", "410105", "60", "3"],
        ["18度酒吧", "郑州市金水区", "9", "1"],
        ["某某有限公司", "下拉选择", "数字", "数字"],
        ["如意商贸有限公司", "郑州市金水区", "人", "人"],
        ["", "郑州市金水区", "人", "人"],
    ],
)
def test_a_row_that_may_be_a_firm_is_not_taken_for_a_hint(row: list[str]) -> None:
    layout = lay_out(RawSheet("a.xlsx", "0", "企业台账", grid_of([HEADER, row, ["乙有限公司", "410105"]])), 0)
    assert layout.rows.height == 2


def test_hints_end_with_the_first_row_of_data() -> None:
    columns = {place.index: place.column for place in lay_out(
        RawSheet("a.xlsx", "0", "企业台账", grid_of([HEADER, ["甲有限公司", "410105"]])), 0
    ).columns}  # fmt: skip
    rows = [["", "", "人", "人"], ["", "", "", ""], ["甲有限公司", "410105", "1", "1"], ["", "", "人", "人"]]
    assert explaining_rows(rows, columns, 0) == [0]


# --------------------------------------------------------------------------------- tables side by side


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables=st.integers(2, 4), per_table=st.integers(1, 4), serial=st.booleans(), gap=st.integers(0, 2))
def test_tables_side_by_side_give_what_the_same_rows_below_each_other_give(
    tables: int, per_table: int, serial: bool, gap: int
) -> None:
    header = [*(["序号"] if serial else []), "企业名称", "所在地区"]
    firms = [[f"第{number}号有限公司", "410105"] for number in range(tables * per_table)]
    rows: list[list[str]] = [[] for _ in range(per_table + 1)]
    for table in range(tables):
        between = [""] * gap if table else []
        rows[0] += [*between, *header]
        for line in range(per_table):
            number = table * per_table + line
            rows[line + 1] += [*between, *([str(number)] if serial else []), *firms[number]]
    parts = tables_of(RawSheet("a.xlsx", "0", "企业台账", grid_of([["某市企业名单"], *rows])))
    layouts = [lay_out(part, number) for number, part in enumerate(parts)]
    assert len(layouts) == tables
    read = [row for layout in layouts for row in layout.rows.select("name", "division_code").rows()]
    assert read == [tuple(firm) for firm in firms]
    assert all(layout.rows_read == layout.rows.height + sum(layout.recognised.values()) for layout in layouts)


def test_a_table_to_the_right_keeps_its_letters_in_findings(
    book: Callable, read: Callable, of_code: Callable
) -> None:
    rows = [["企业名称", "所在地区", "企业名称", "所在地区"], ["甲有限公司", "410105", "乙有限公司", None]]
    _, findings = read(book(lambda add: add("企业台账", rows)))
    assert of_code(findings, "row.required_missing")["cell"].to_list() == ["D2"]


def test_two_columns_of_names_in_one_table_are_no_two_tables() -> None:
    rows = [["企业名称", "单位名称", "所在地区"], ["甲有限公司", "甲公司", "410105"]]
    assert len(tables_of(RawSheet("a.xlsx", "0", "企业台账", grid_of(rows)))) == 1


# ------------------------------------------------------------------------------------------ years


@pytest.mark.parametrize(
    "header",
    [
        [["企业名称", "所在地区", "2023年团员数", "2024年团员数"]],
        [["企业名称", "所在地区", "2023年末团员数", "2024年末团员数"]],
        [["企业名称", "所在地区", "团员数（2023年）", "团员数（2024年）"]],
        [["企业名称", "所在地区", "2023年", "2024年"], ["", "", "团员数", "团员数"]],
        [["企业名称", "所在地区", "上年", "本年"], ["", "", "团员数", "团员数"]],
    ],
)
def test_of_two_years_side_by_side_the_later_one_is_read_and_told(
    header: list[list[str]], book: Callable, read: Callable, of_code: Callable
) -> None:
    rows = [*header, ["甲有限公司", "410105", 1, 3]]
    snapshot, findings = read(book(lambda add: add("企业台账", rows)))
    assert snapshot["enterprises"]["league_members"].to_list() == [3]
    assert of_code(findings, "column.of_earlier_year")["cell"].to_list() == ["C:C"]


# ------------------------------------------------------------------------------------- which kind it is


@pytest.mark.parametrize(
    "header",
    [
        ["名称", "类型", "经度", "纬度"],
        ["名称", "类型", "地址", "区县", "经度", "纬度"],
        ["名称", "地址", "所在地区", "经度", "纬度"],
    ],
)
def test_a_list_of_points_of_interest_is_no_ledger_of_parks(header: list[str]) -> None:
    row = ["某某超市", "购物", "某路1号", "金水区", "113.6", "34.7"][: len(header)]
    layout = lay_out(RawSheet("poi.xlsx", "0", "Sheet1", grid_of([header, row])), 0)
    assert layout.kind is None


@pytest.mark.parametrize(
    "header",
    [
        ["企业名称"],
        ["序号", "公司名称", "联系电话"],
        ["单位名称", "统一社会信用代码"],
        ["企业名称", "所在行业"],
    ],
)
@pytest.mark.parametrize("name", ["Sheet1", "规上企业名单", "百强"])
def test_a_bare_list_of_companies_is_told_which_columns_are_missing(header: list[str], name: str) -> None:
    row = (
        ["1", "甲有限公司", "0"][: len(header)]
        if header[0] == "序号"
        else ["甲有限公司", "丙"][: len(header)]
    )
    layout = lay_out(RawSheet("a.xlsx", "0", name, grid_of([header, row])), 0)
    assert layout.kind is not None and layout.kind.kind == "enterprises"
    assert [column.header for column in layout.missing] == ["所在地区"]


@pytest.mark.parametrize("sheet", ["工会台账", "党组织台账", "品牌工作台账"])
def test_a_list_of_companies_under_a_ledgers_name_is_that_ledger(sheet: str) -> None:
    layout = lay_out(RawSheet("a.xlsx", "0", sheet, grid_of([["企业名称"], ["甲有限公司"]])), 0)
    assert layout.kind is not None and layout.kind.sheet == sheet


def test_a_check_without_one_usable_row_has_its_account(tmp_path: Path) -> None:
    file = tmp_path / "企业台账.csv"
    file.write_text("企业名称,统一社会信用代码\n甲有限公司,\n乙有限公司,\n", encoding="utf-8")
    with pytest.raises(NothingUsable) as refusal:
        read_ledgers([file], as_of=date(2024, 6, 30))
    assert isinstance(refusal.value, LedgerError)
    source = refusal.value.snapshot["sources"].row(0, named=True)
    assert (source["rows_read"], source["quarantined"], source["recognised"]) == (3, 2, 1)
    assert refusal.value.snapshot["quarantine"].height == 2
    assert "column.missing" in refusal.value.findings.table["code"].to_list()


def test_headers_of_a_database_are_said_to_look_like_columns(tmp_path: Path) -> None:
    file = tmp_path / "企业台账.csv"
    file.write_text("entname,uniscid,regionname\n甲有限公司,,金水区\n", encoding="utf-8")
    with pytest.raises(NothingUsable) as refusal:
        read_ledgers([file], as_of=date(2024, 6, 30))
    found = refusal.value.findings.table.filter(pl.col("code") == "column.missing")["found"][0]
    assert "entname 像“企业名称”" in found and "regionname 像“所在地区”" in found
