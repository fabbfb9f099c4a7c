"""The mapping workbook: what is asked of unknown lists is answered once and for every list of the form."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from click.testing import CliRunner

import coverage_engine as ce
from coverage_engine.cli.commands import coverage_engine as command_line
from coverage_engine.ledgers.list_mappings import form_of
from coverage_engine.model.findings import Findings
from coverage_engine.model.snapshot import Snapshot

Rows = Sequence[Sequence[object]]
HEADERS = ["家数", "牌子", "坐落", "老板", "伙计", "小青年", "入团的", "红旗"]
FIRMS = [
    [1, "甲纺织有限公司", "郑州市金水区", "张三丰", 30, 12, 4, "有"],
    [2, "乙印染有限公司", "郑州市中原区", "李四光", 51, 20, 3, "无"],
]
FIELDS = {
    "牌子": "企业名称",
    "坐落": "所在地区",
    "伙计": "从业人员数",
    "小青年": "青年数",
    "入团的": "团员数",
    "红旗": "党组织",
}


def _write(file: Path, sheets: dict[str, Rows]) -> Path:
    with xlsxwriter.Workbook(str(file)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, cells)
    return file


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """A folder with one list whose headers nobody knows."""
    folder = tmp_path / "交来"
    folder.mkdir()
    _write(folder / "三月.xlsx", {"甲乙": [["某某街坊情况"], HEADERS, *FIRMS]})
    return folder


def _answer(file: Path, sheet: str, header: str, answers: Callable[[dict[str, object]], object]) -> None:
    """Writes an answer into the column of a sheet wherever `answers` gives one for the row."""
    book = openpyxl.load_workbook(file)
    page = book[sheet]
    headers = [cell.value for cell in page[1]]
    for row in range(2, page.max_row + 1):
        cells = {name: page.cell(row, at + 1).value for at, name in enumerate(headers)}
        if (answer := answers(cells)) is not None:
            page.cell(row, headers.index(header) + 1).value = answer
    book.save(file)


def _filled_in(file: Path) -> Path:
    _answer(file, "各表", "采用的种类", lambda row: "企业台账")
    _answer(file, "各列", "采用", lambda row: FIELDS.get(str(row["表头"])))
    return file


def _read(*sources: Path) -> tuple[Snapshot, Findings]:
    return ce.read_ledgers(sources, as_of=date(2019, 6, 15))


def _firms(snapshot: Snapshot) -> pl.DataFrame:
    return snapshot["enterprises"].sort("name", descending=True)


def test_a_list_that_nobody_knows_is_read_as_the_planner_says(lists: Path) -> None:
    mapped = ce.map_ledgers(lists, file=lists / "对照.xlsx")
    assert mapped.questions == 1, "what kind of list it is"
    _filled_in(lists / "对照.xlsx")
    snapshot, findings = _read(lists)
    firms = _firms(snapshot)
    assert firms["name"].to_list() == ["甲纺织有限公司", "乙印染有限公司"]
    assert firms["employees"].to_list() == [30, 51]
    assert firms["league_members"].to_list() == [4, 3]
    assert "张三丰" not in str(findings.table.to_dicts())


def test_next_months_list_of_the_form_asks_nothing_whatever_the_order_of_its_columns(lists: Path) -> None:
    ce.map_ledgers(lists, file=lists / "对照.xlsx")
    _filled_in(lists / "对照.xlsx")
    (lists / "三月.xlsx").unlink()
    order = list(range(len(HEADERS)))
    random.Random(7).shuffle(order)
    turned = [[row[at] for at in order] for row in [HEADERS, *FIRMS]]
    _write(lists / "四月.xlsx", {"丙丁": turned})
    assert ce.map_ledgers(lists).questions == 0
    assert _firms(_read(lists)[0])["young_employees"].to_list() == [12, 20]


def test_words_that_nobody_knows_are_asked_and_translated(lists: Path) -> None:
    file = lists / "对照.xlsx"
    worded = [[*FIRMS[0][:-1], "挂了"], [*FIRMS[1][:-1], "没挂"]]
    _write(lists / "三月.xlsx", {"甲乙": [HEADERS, *worded]})
    ce.map_ledgers(lists, file=file)
    _filled_in(file)
    again = ce.map_ledgers(lists, file=lists.parent / "再问.xlsx")
    assert [(word.word, word.rows) for word in again.lists[0].words] == [("挂了", 1), ("没挂", 1)]
    file.unlink()
    (lists.parent / "再问.xlsx").rename(file)
    _answer(file, "词语", "采用", lambda row: {"挂了": "单独", "没挂": "无"}[str(row["写法"])])
    assert _firms(_read(lists)[0])["party"].to_list() == ["own", "none"]
    assert ce.map_ledgers(lists).questions == 0


def test_a_constant_of_the_list_holds_for_all_its_rows_but_never_against_a_column(lists: Path) -> None:
    file = lists / "对照.xlsx"
    ce.map_ledgers(lists, file=file)
    _filled_in(file)
    book = openpyxl.load_workbook(file)
    form = book["各表"]["B2"].value
    book["固定值"].append([form, "", "规模以上", "是", ""])
    book["固定值"].append([form, "甲乙", "团员数", "9", ""])
    book.save(file)
    firms = _firms(_read(lists)[0])
    assert firms["above_scale"].to_list() == [True, True]
    assert firms["league_members"].to_list() == [4, 3]


def test_rows_to_be_left_out_and_lists_that_are_no_ledger_are_counted_as_such(lists: Path) -> None:
    _write(lists / "另一张.xlsx", {"考勤": [["工号", "班组", "日子"], ["a1", "甲", "x"], ["a2", "乙", "y"]]})
    rows = [HEADERS, FIRMS[0], ["作废", *FIRMS[1][1:]]]
    _write(lists / "三月.xlsx", {"甲乙": rows})
    file = lists / "对照.xlsx"
    ce.map_ledgers(lists, file=file)
    _filled_in(file)
    _answer(file, "各表", "采用的种类", lambda row: "不是台账" if row["工作表"] == "考勤" else None)
    _answer(file, "各表", "略去的行", lambda row: "作废" if row["工作表"] == "甲乙" else None)
    snapshot, _ = _read(lists)
    assert snapshot["enterprises"]["name"].to_list() == ["甲纺织有限公司"]
    assert snapshot["quarantine"].is_empty()
    account = {row["sheet"]: row for row in snapshot["sources"].iter_rows(named=True)}
    assert account["甲乙"]["recognised"] == 2
    assert account["考勤"]["recognised"] == account["考勤"]["rows_read"] == 3


def test_what_is_filled_in_wrongly_is_named_with_its_cell_and_the_rest_counts(lists: Path) -> None:
    file = lists / "对照.xlsx"
    ce.map_ledgers(lists, file=file)
    _filled_in(file)
    _answer(file, "各列", "采用", lambda row: "团员树" if row["表头"] == "入团的" else None)
    _answer(file, "各列", "采用", lambda row: "青年数" if row["表头"] == "伙计" else None)
    snapshot, findings = _read(lists)
    unclear = findings.table.filter(code="mapping.unclear")
    assert unclear.height == 2
    problems = "".join(unclear["found"].to_list())
    assert "各列!" in problems
    assert "没有这个字段：团员树" in problems
    assert "两列都选了“青年数”" in problems
    assert "您是不是要选“团员数”" in "".join(unclear["remedy"].to_list())
    assert _firms(snapshot)["league_members"].to_list() == [None, None]
    assert snapshot["enterprises"].height == 2


def test_an_unknown_header_of_two_rows_is_asked_and_answered_under_the_same_words(
    lists: Path,
) -> None:
    top = ["家数", "牌子", "坐落", "老板", "人手", None, None, "红旗"]
    below = [None, None, None, None, "伙计", "小青年", "入团的", None]
    _write(lists / "三月.xlsx", {"甲乙": [["某某街坊情况"], top, below, *FIRMS]})
    file = lists / "对照.xlsx"
    ce.map_ledgers(lists, file=file)
    fields = {f"人手{header}": FIELDS[header] for header in ("伙计", "小青年", "入团的")} | FIELDS
    _answer(file, "各表", "采用的种类", lambda row: "企业台账")
    _answer(file, "各列", "采用", lambda row: fields.get(str(row["表头"])))
    firms = _firms(_read(lists)[0])
    assert firms["employees"].to_list() == [30, 51]
    assert firms["league_members"].to_list() == [4, 3]


def test_an_unanswered_workbook_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "交来"
    folder.mkdir()
    rows = [["企业名称", "所在地区", "团员数"], ["甲有限公司", "郑州市金水区", 3]]
    _write(folder / "企业台账.xlsx", {"企业台账": rows})
    before = _read(folder)
    ce.map_ledgers(folder, file=folder / "对照.xlsx")
    after = _read(folder)
    assert after[0]["enterprises"].equals(before[0]["enterprises"])
    assert after[1].table.equals(before[1].table)


def test_a_workspace_remembers_the_answers(lists: Path, tmp_path: Path) -> None:
    file = lists / "对照.xlsx"
    ce.map_ledgers(lists, file=file)
    _filled_in(file)
    workspace = tmp_path / "底数"
    ce.init(workspace)
    ce.import_ledgers(workspace, lists, as_of=date(2019, 6, 15), apply=True)
    april = [[3, "丙化工有限公司", "郑州市二七区", "王五", 8, 5, 3, "有"]]
    _write(tmp_path / "四月.xlsx", {"甲乙": [HEADERS, *FIRMS, *april]})
    ce.import_ledgers(workspace, tmp_path / "四月.xlsx", dropped=("三月.xlsx",), apply=True)
    assert ce.read_workspace(workspace)[0]["enterprises"].height == 3


def test_the_command_says_how_many_answers_it_wants_and_the_next_step(lists: Path, tmp_path: Path) -> None:
    out = tmp_path / "对照.xlsx"
    run = CliRunner().invoke(command_line, ["map", str(lists), "--out", str(out)])
    assert run.exit_code == 0, run.output
    assert "有 1 处要您定" in run.output
    assert "--mapping" in run.output
    _filled_in(out)
    check = ["check", str(lists), "--mapping", str(out), "--as-of", "2019-06-15"]
    assert "企业 2 家" in CliRunner().invoke(command_line, check).output


def test_a_workbook_given_as_a_mapping_that_is_none_is_refused(lists: Path) -> None:
    run = CliRunner().invoke(command_line, ["check", str(lists), "--mapping", str(lists / "三月.xlsx")])
    assert run.exit_code == 2
    assert "不是表头对照" in run.output
    assert "coverage-engine map" in run.output


def test_a_form_is_known_by_its_headers_without_years_spaces_and_order() -> None:
    assert form_of(["2018年从业人员数", "企业 名称", ""]) == form_of(["企业名称", "2019年从业人员数"])
    assert form_of(["企业名称", "团员数"]) != form_of(["企业名称", "青年数"])


def test_the_workbook_is_the_same_to_the_byte_every_time(lists: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "一.xlsx", tmp_path / "二.xlsx"
    ce.map_ledgers(lists, file=first)
    ce.map_ledgers(lists, file=second)
    assert first.read_bytes() == second.read_bytes()
