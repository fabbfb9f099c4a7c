"""Enter once: what a county writes into an annex comes back exactly, and nothing else does."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

import coverage_engine as ce
from coverage_engine.errors import LedgerError
from coverage_engine.model.plan import Plan
from coverage_engine.reporting import write_annexes
from coverage_engine.returned_annexes import (
    accepted_texts,
    apply_changes,
    compare_return,
    roll_up,
    write_preview,
)
from coverage_engine.returned_annexes.comparing import issued_annexes
from coverage_engine.returned_annexes.return_rules import return_rules

Edit = Callable[..., Path]
FIRST = 6


def _columns(sheet: Any) -> dict[str, int]:
    """Header texts of the two-row header, group first where there is one, to column numbers."""
    group, found = "", {}
    for number in range(1, sheet.max_column + 1):
        upper, lower = sheet.cell(4, number).value, sheet.cell(5, number).value
        group = upper or (group if lower else "")
        found[f"{group}/{lower}" if lower else str(upper)] = number
    return found


@pytest.mark.parametrize("name", ["annex_3", "annex_4", "annex_5"])
def test_an_unedited_annex_changes_nothing(plan: Plan, sent: Path, name: str) -> None:
    returned = compare_return(sent / f"{name}.xlsx", issued_annexes(plan))
    assert returned.changes.is_empty()
    assert returned.planner_texts.is_empty()
    assert returned.findings == ()
    assert returned.rows.height > 0
    assert apply_changes(plan.snapshot, [returned]) is plan.snapshot


def test_fifty_random_edits_come_back_exactly_as_edited(plan: Plan, edit: Edit) -> None:
    chance = random.Random(8)
    made: dict[tuple[str, str], str | None] = {}

    def change(sheet: Any) -> None:
        columns, last = _columns(sheet), issued_annexes(plan)["annex_3"].rows.height
        choices = [
            ("从业人员数", "employees", [str(number) for number in range(7, 900)]),
            ("35岁以下青年数", "young_employees", ["3", "44", "128"]),
            ("团员数", "league_members", ["0", "2", "9", "31"]),
            ("工会/有无", "union", ["有", "无", "待核实"]),
        ]
        while len(made) < 50:
            row = chance.randrange(FIRST, FIRST + last)
            header, field, values = chance.choice(choices)
            value = chance.choice(values)
            cell = sheet.cell(row, columns[header])
            name = sheet.cell(row, columns["企业名称"]).value
            if str(cell.value) == value or (name, field) in made:
                continue
            cell.value = int(value) if value.isdigit() else value
            made[name, field] = {"有": "true", "无": "false", "待核实": None}.get(value, value)

    returned = compare_return(edit("annex_3", change), issued_annexes(plan))
    assert {(row["name"], row["field"]): row["after"] for row in returned.changes.to_dicts()} == made
    assert returned.findings == () or {each.code for each in returned.findings} == {"return.total"}
    snapshot = apply_changes(plan.snapshot, [returned])
    before = {row["name"]: row for row in plan.snapshot["enterprises"].to_dicts()}
    after = {row["name"]: row for row in snapshot["enterprises"].to_dicts()}
    for name, row in after.items():
        for field, value in row.items():
            if (name, field) in made:
                wanted = made[name, field]
                assert (None if value is None else str(value).lower()) == wanted
            else:
                assert value == before[name][field]


def test_a_changed_fact_names_its_cell_in_the_annex(plan: Plan, edit: Edit) -> None:
    def change(sheet: Any) -> None:
        sheet.cell(FIRST, _columns(sheet)["团员数"]).value = 77

    returned = compare_return(edit("annex_3", change), issued_annexes(plan))
    snapshot = apply_changes(plan.snapshot, [returned])
    source = snapshot["sources"].filter(pl.col("kind") == "annex_3").row(0, named=True)
    assert source["file"] == "交回.xlsx"
    told = snapshot["fact_sources"].filter(pl.col("source") == source["source"]).row(0, named=True)
    column = snapshot["source_columns"].filter(pl.col("source") == source["source"]).row(0, named=True)
    assert (told["field"], told["row"], column["letter"]) == ("league_members", FIRST, "L")
    planned = ce.plan(snapshot)
    assert 77 in planned["enterprises"]["league_members"].to_list()


def test_columns_may_stand_in_another_order_and_rows_be_sorted(
    plan: Plan, sent: Path, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(sent / "annex_4.xlsx")
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    headers, body = rows[3:5], [row for row in rows[5:] if isinstance(row[0], int)]
    new = openpyxl.Workbook()
    for row in [["附件4"], *headers, *reversed(body)]:
        # 管理机构 and 园区党组织 change places.
        row[5:7] = reversed(row[5:7])
        new.active.append(row)
    new.save(tmp_path / "另排.xlsx")
    returned = compare_return(tmp_path / "另排.xlsx", issued_annexes(plan))
    assert returned.rows.height == len(body)
    assert returned.changes.is_empty()


def test_hand_filled_texts_are_printed_again(plan: Plan, edit: Edit, tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        columns = _columns(sheet)
        sheet.cell(FIRST, columns["团组织/建立时间"]).value = "2018年5月"
        sheet.cell(FIRST, columns["未建原因"]).value = "正在筹建"

    returned = compare_return(edit("annex_3", change), issued_annexes(plan))
    assert returned.changes.is_empty()
    write_annexes(plan, tmp_path / "again", planner_texts=accepted_texts([returned]))
    sheet = openpyxl.load_workbook(tmp_path / "again" / "annex_3.xlsx").worksheets[0]
    columns = _columns(sheet)
    assert sheet.cell(FIRST, columns["团组织/建立时间"]).value == "2018年5月"
    assert sheet.cell(FIRST, columns["未建原因"]).value == "正在筹建"
    assert sheet.cell(FIRST + 1, columns["团组织/建立时间"]).value is None


def test_what_is_not_taken_is_told_with_its_cell(plan: Plan, edit: Edit) -> None:
    def change(sheet: Any) -> None:
        columns = _columns(sheet)
        sheet.cell(FIRST, columns["责任单位"]).value = "别的单位"
        sheet.cell(FIRST, columns["团员数"]).value = "约20"
        sheet.cell(FIRST + 1, columns["党组织/有无"]).value = "可能有"
        sheet.cell(FIRST + 2, columns["企业名称"]).value = "查无此企业"
        sheet.cell(FIRST + 2, columns["统一社会信用代码"]).value = None

    returned = compare_return(edit("annex_3", change), issued_annexes(plan))
    told = {finding.code: finding.cell for finding in returned.findings}
    assert told["return.not_taken"] == "Y6"
    assert told["return.count"] == "L6"
    assert told["return.word"] == "M7"
    assert told["return.unknown"] == "D8"
    assert returned.changes.is_empty()


def test_state_words_change_the_claim(plan: Plan, edit: Edit) -> None:
    shown = issued_annexes(plan)["annex_3"]
    blank = shown.rows["state"].to_list().index("空白")

    def change(sheet: Any) -> None:
        columns = _columns(sheet)
        sheet.cell(FIRST + blank, columns["团组织/覆盖状态"]).value = "单独建立"
        sheet.cell(FIRST + blank, columns["团组织/建制（团支部/总支/团委/联合）"]).value = "团支部"

    snapshot = apply_changes(plan.snapshot, [compare_return(edit("annex_3", change), issued_annexes(plan))])
    number = shown.ids["enterprise_id"][blank]
    row = snapshot["enterprises"].filter(pl.col("enterprise_id") == number).row(0, named=True)
    assert (row["league_form"], row["league_kind"]) == ("own", "league_branch")
    planned = ce.plan(snapshot)["enterprises"].filter(pl.col("enterprise_id") == number)
    assert planned["coverage_state"].item() == "own"


def test_the_preview_lists_every_edited_cell(plan: Plan, edit: Edit, tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        sheet.cell(FIRST, _columns(sheet)["团员数"]).value = 77

    file = edit("annex_3", change)
    write_preview(roll_up([file], plan), plan.as_of, tmp_path / "预览.xlsx")
    book = openpyxl.load_workbook(tmp_path / "预览.xlsx")
    assert book.sheetnames == ["改动", "问题"]
    assert [cell.value for cell in book["改动"][6]][1:3] == ["交回.xlsx", "L6"]
    assert book["改动"]["G6"].value == "77"


def test_a_file_that_is_no_annex_is_refused(plan: Plan, tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "空.xlsx")
    book = openpyxl.Workbook()
    book.active.append(["序号", "别的表"])
    book.save(tmp_path / "别的.xlsx")
    for name in ("空.xlsx", "别的.xlsx", "没有.xlsx"):
        with pytest.raises(LedgerError):
            compare_return(tmp_path / name, issued_annexes(plan))


def test_every_rule_names_columns_and_fields_that_there_are(plan: Plan) -> None:
    for annex, rules in return_rules().items():
        keys = {column.key for column in issued_annexes(plan)[annex].layout.columns}
        named = {effect.column for effect in rules.effects} | set(rules.kept)
        assert named | {key for columns in rules.keys for key in columns} <= keys
        assert {effect.field for effect in rules.effects} <= set(plan.snapshot[rules.table].columns)


def test_two_rows_of_one_firm_that_disagree_are_told(plan: Plan, edit: Edit) -> None:
    rows = issued_annexes(plan)["annex_5"]
    twice = rows.ids.filter(pl.col("enterprise_id").is_duplicated())["enterprise_id"].to_list()
    if not twice:
        pytest.skip("no firm sits in two societies in this sample")
    places = [at for at, number in enumerate(rows.ids["enterprise_id"].to_list()) if number == twice[0]]

    def change(sheet: Any) -> None:
        columns = _columns(sheet)
        for value, at in zip((61, 62), places, strict=False):
            sheet.cell(FIRST + at, columns["团员"]).value = value

    returned = compare_return(edit("annex_5", change), issued_annexes(plan))
    assert "return.clash" in {finding.code for finding in returned.findings}
    assert returned.changes.is_empty()


def test_replacing_a_plan_keeps_the_division(plan: Plan) -> None:
    assert replace(plan, policy_version="x").division == plan.division
