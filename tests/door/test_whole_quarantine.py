"""What is turned back is handed out whole: every column, the header as written, the fault beside each row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from coverage_engine.cli.commands import coverage_engine
from coverage_engine.face.intake import check
from coverage_engine.ledgers import read_ledgers, read_tables
from coverage_engine.ledgers.handing_out.findings_workbook import write_findings
from coverage_engine.ledgers.kinds import ledger_kind

AS_OF = date(2019, 6, 15)
CITY = Path(__file__).parents[3] / "shared" / "cases" / "city" / "raw"
ADDED = ["退回原因", "原文件", "原行号"]


def book_of(sheets: dict[str, list[list[object]]], file: Path) -> Path:
    """A workbook handed in, each sheet row by row."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(file)
    return file


def returned(file: Path, out: Path) -> openpyxl.Workbook:
    """The findings workbook of a file."""
    check(file, as_of=AS_OF, file=out)
    return openpyxl.load_workbook(out)


def rows_of(sheet) -> list[list[str]]:
    return [[cell if cell is not None else "" for cell in row] for row in sheet.iter_rows(values_only=True)]


LIST = [
    ["2018年四上单位名录"],
    ["序号", "dwxxmc", "行政区划代码", "法人代表", "固定电话", "主要业务活动", "营业收入（千元）"],
    [1, "郑州澈岚食品有限公司", "410105", "贾棠澈", "6254425", "水泥", 36654],
    [2, "郑州岚禾机械有限公司", "410105", "甄岚铮", "6254426", "食品", 100],
]


def test_a_sheet_that_lacks_a_column_comes_back_with_all_its_columns(tmp_path: Path) -> None:
    out = tmp_path / "问题.xlsx"
    book = returned(book_of({"企业台账": LIST}, tmp_path / "企业台账.xlsx"), out)
    rows = rows_of(book["退回-企业台账"])
    assert rows[0][0] == "2018年四上单位名录"
    assert rows[1] == [*LIST[1], "企业名称", *ADDED]
    assert rows[2][:7] == ["1", "郑州澈岚食品有限公司", "410105", "", "", "水泥", "36654"]
    assert rows[3][-2:] == ["企业台账.xlsx 企业台账", 4]
    assert "dwxxmc 像“企业名称”" in rows[2][-3]
    account = rows_of(book["读取账目"])
    assert account[1][-1] == "D、E"


def test_what_is_missing_and_what_looks_like_it_are_one_message(tmp_path: Path) -> None:
    done = check(book_of({"企业台账": LIST}, tmp_path / "企业台账.xlsx"), as_of=AS_OF)
    told = done.findings.table
    missing = told.filter(told["code"] == "column.missing")
    assert missing.height == 1
    assert missing["found"][0].startswith("dwxxmc 像“企业名称”（0.98）")
    unknown = told.filter(told["code"] == "column.unknown")["found"].to_list()
    assert not any("dwxxmc" in words for words in unknown)


def test_a_sheet_of_no_known_kind_comes_back_whole(tmp_path: Path) -> None:
    lists = {
        "企业台账": [["企业名称", "所在地区"], ["郑州昀霁有限公司", "410105"]],
        "走访": [
            ["走访登记"],
            ["日期", "走访单位", "姓名", "结果"],
            ["5月", "郑州澈岚食品有限公司", "贾棠澈", "待定"],
        ],
    }  # fmt: skip
    book = returned(book_of(lists, tmp_path / "汇总.xlsx"), tmp_path / "问题.xlsx")
    rows = rows_of(book["退回-走访"])
    assert rows[0][:4] == ["走访登记", "", "", ""]
    assert rows[1] == ["日期", "走访单位", "姓名", "结果", *ADDED]
    assert rows[2][:4] == ["5月", "郑州澈岚食品有限公司", "", "待定"]
    assert rows[2][4] and rows[2][6] == 3


def test_the_fault_of_a_row_stands_beside_it_in_words(tmp_path: Path) -> None:
    lists = {
        "企业台账": [["企业名称", "所在地区", "团员数"], ["郑州昀霁有限公司", "虚拟县", 3], ["", "410105", 4]]
    }
    book = returned(book_of(lists, tmp_path / "企业台账.xlsx"), tmp_path / "问题.xlsx")
    rows = rows_of(book["退回-企业台账"])
    assert rows[0] == ["企业名称", "所在地区", "团员数", *ADDED]
    assert [row[:3] for row in rows[1:]] == [["郑州昀霁有限公司", "虚拟县", "3"], ["", "410105", "4"]]
    assert "虚拟县" in rows[1][3] and "B2" in rows[1][3]
    assert "请补填企业名称" in rows[2][3]


def test_a_header_of_two_rows_comes_back_as_it_stands_and_is_read_again(tmp_path: Path) -> None:
    rows = [
        ["金水区非公企业摸底表"],
        ["序号", "企业基本情况", None, "人员情况", None],
        [None, "企业名称", "所在地区", "从业人员数", "团员数"],
        [1, "郑州昀霁有限公司", "虚拟县", 30, 3],
        [2, "郑州棠里有限公司", "410105", 20, 2],
    ]
    file, out = book_of({"企业台账": rows}, tmp_path / "表.xlsx"), tmp_path / "问题.xlsx"
    book = returned(file, out)
    sheet = book["退回-企业台账"]
    assert [row[:5] for row in rows_of(sheet)[:3]] == [
        [cell or "" for cell in [*row, *[""] * 5][:5]] for row in rows[:3]
    ]
    sheet["C4"] = "郑州市金水区"
    book.save(out)
    snapshot, findings = read_ledgers([file, out], as_of=AS_OF)
    assert snapshot["sources"]["kind"].to_list() == ["enterprises"] * 2
    assert sorted(snapshot["enterprises"].select("name", "league_members").rows()) == [
        ("郑州昀霁有限公司", 3),
        ("郑州棠里有限公司", 2),
    ]
    assert "退回原因" not in "".join(findings.table["found"].to_list())


def test_rows_mended_by_filling_the_column_that_was_lacking_are_read(tmp_path: Path) -> None:
    file, out = book_of({"企业台账": LIST}, tmp_path / "企业台账.xlsx"), tmp_path / "问题.xlsx"
    book = returned(file, out)
    book["退回-企业台账"]["B2"] = "企业名称"
    book.save(out)
    snapshot, _ = read_ledgers(out, as_of=AS_OF)
    assert sorted(snapshot["enterprises"]["name"].to_list()) == [
        "郑州岚禾机械有限公司",
        "郑州澈岚食品有限公司",
    ]


@pytest.mark.parametrize("kind", ["party_organisations", "trade_unions", "society_members", "branch_offices"])
@pytest.mark.parametrize("sheet", ["Sheet1", "汇总", "红旗区"])
def test_a_sheet_keeps_its_kind_when_it_is_handed_in_again(tmp_path: Path, kind: str, sheet: str) -> None:
    described = ledger_kind(kind)
    headers = [column.header for column in described.columns if column.stored]
    required = [column.required for column in described.columns if column.stored]
    good = ["郑州昀霁有限公司" if needed else "" for needed in required]
    bad = ["" if needed else "12" for needed in required]
    lists = {sheet: [headers, bad, good]}
    file = book_of(lists, tmp_path / f"{described.sheet}.xlsx")
    firms = book_of(
        {"企业台账": [["企业名称", "所在地区"], ["郑州昀霁有限公司", "410105"]]}, tmp_path / "企业台账.xlsx"
    )
    snapshot, findings = read_ledgers([firms, file], as_of=AS_OF)
    out = tmp_path / "问题.xlsx"
    write_findings(findings, snapshot, out)
    again, _ = read_ledgers([firms, out], as_of=AS_OF)
    assert again["sources"]["kind"].to_list() == ["enterprises", kind]


def test_without_one_usable_row_everything_is_written(tmp_path: Path) -> None:
    out = tmp_path / "问题.xlsx"
    done = check(book_of({"企业台账": LIST}, tmp_path / "企业台账.xlsx"), as_of=AS_OF, file=out)
    assert done.refusal is not None
    assert openpyxl.load_workbook(out).sheetnames == ["汇总", "核查问题", "读取账目", "退回-企业台账"]


def test_a_plan_that_cannot_be_made_hands_back_everything_too(tmp_path: Path) -> None:
    file, out = book_of({"企业台账": LIST}, tmp_path / "企业台账.xlsx"), tmp_path / "问题.xlsx"
    given = [
        "plan",
        str(file),
        "--out",
        str(tmp_path / "out"),
        "--as-of",
        "2019-06-15",
        "--findings",
        str(out),
    ]
    done = CliRunner().invoke(coverage_engine, given)
    assert done.exit_code == 1
    assert "退回-企业台账" in openpyxl.load_workbook(out).sheetnames


cells = st.sampled_from(["", "甲", "410105", "12", "郑州昀霁有限公司", "虚拟县", "说明文字", "=1+1"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(cells, min_size=4, max_size=4), min_size=1, max_size=6))
def test_every_row_turned_back_stands_in_the_workbook_cell_by_cell(
    tmp_path_factory: pytest.TempPathFactory, body: list[list[str]]
) -> None:
    firms = [dict(zip(("企业名称", "所在地区", "随便", "团员数"), row, strict=True)) for row in body]
    firms.append({"企业名称": "保底有限公司", "所在地区": "410105", "随便": "", "团员数": ""})
    snapshot, findings = read_tables({"企业台账": firms}, as_of=AS_OF)
    out = tmp_path_factory.mktemp("out") / "问题.xlsx"
    write_findings(findings, snapshot, out)
    book = openpyxl.load_workbook(out)
    shown = rows_of(book["退回-企业台账"]) if "退回-企业台账" in book.sheetnames else []
    by_row = {row[-1]: row[:4] for row in shown[1:]}
    assert set(by_row) == set(snapshot["quarantine"]["row"].to_list())
    for row, cells_shown in by_row.items():
        written = body[row - 2]
        assert all(
            cell == shown_cell or (cell == "甲" and not shown_cell)
            for cell, shown_cell in zip(written, cells_shown, strict=True)
        )


@pytest.mark.skipif(not CITY.exists(), reason="!!! not tried: ../shared/cases/city is not here")
def test_every_row_of_the_citys_lists_that_is_turned_back_is_handed_out_without_people(
    tmp_path: Path,
) -> None:
    out = tmp_path / "问题.xlsx"
    done = check(CITY, file=out)
    book = openpyxl.load_workbook(out)
    sheets = {name: rows_of(book[name]) for name in book.sheetnames if name.startswith("退回-")}
    handed_out = sum(isinstance(row[-1], int) for rows in sheets.values() for row in rows)
    sources = done.snapshot["sources"]
    headings = done.snapshot["headings"].join(done.snapshot["quarantine"], on=["source", "row"]).height
    assert handed_out == sources["quarantined"].sum() - headings
    everything = {cell for rows in sheets.values() for row in rows for cell in row if isinstance(cell, str)}
    assert people_in_the_citys_lists() & everything == set()


def people_in_the_citys_lists() -> set[str]:
    """All names and numbers that stand in columns of people."""
    people: set[str] = set()
    for file in CITY.glob("*.xlsx"):
        for sheet in openpyxl.load_workbook(file):
            rows = rows_of(sheet)
            heads = [
                {
                    index
                    for index, cell in enumerate(row)
                    if isinstance(cell, str) and cell.strip() in PERSONAL
                }
                for row in rows[:8]
            ]
            for index in set().union(*heads):
                people |= {str(row[index]) for row in rows[6:] if row[index]}
    return {person for person in people if len(person) > 1}


PERSONAL = {
    "姓名", "联系电话", "企业负责人", "法定代表人（单位负责人）", "移动电话", "固定电话", "身份证号码",
    "工会主席", "电话", "手机", "团组织书记姓名", "联系人",
}  # fmt: skip
