"""Control sheets and the draft 通报 as workbooks: a draft says so on every sheet; same input, same bytes."""

from datetime import date

import openpyxl
import polars as pl
import pytest

from coverage_engine.model.tables import DUTY_TABLES, conform, empty
from coverage_engine.reporting import write_control_sheets, write_notice_draft

DAY = date(2019, 6, 15)


def _table(table, **columns):
    return conform(pl.DataFrame(columns), DUTY_TABLES[table])


@pytest.fixture
def league():
    table = _table(
        "league_table", division=["虚构市", "虚构小市"], rank=[1, None], surely=[40, 3], point=[0.5, 1.0],
        interval_low=[0.4, 1.0], interval_high=[0.6, 1.0], rate_low=[0.3, 1.0], rate_high=[0.7, 1.0],
        claimed=[2, 0], unknown=[5, 0],
    )  # fmt: skip
    lists = _table(
        "notices",
        kind=["low_entry"],
        name=["=虚构团委"],
        threshold=[950],
        text=["录入90人"],
        clause=["通知五（3）"],
    )
    return {"league_table": table, "notices": lists}


def _cells(file, sheet):
    return [
        cell.value for row in openpyxl.load_workbook(file)[sheet].iter_rows() for cell in row if cell.value
    ]


def test_the_draft_says_on_every_sheet_that_a_person_decides(league, tmp_path):
    write_notice_draft(league, tmp_path, as_of=DAY, policy_version="试")
    file = tmp_path / "notice_draft.xlsx"
    for sheet in openpyxl.load_workbook(file).sheetnames:
        told = _cells(file, sheet)
        assert any("草稿" in str(value) and "由人定夺" in str(value) for value in told)
    assert "基数小" in _cells(file, "覆盖率")
    assert "录入率低于95%" in _cells(file, "待定夺事项")
    assert openpyxl.load_workbook(file)["待定夺事项"]["B6"].data_type == "s"


def test_the_same_tables_give_the_same_bytes(league, tmp_path):
    for folder in ("甲", "乙"):
        write_notice_draft(league, tmp_path / folder, as_of=DAY, policy_version="试")
    assert (tmp_path / "甲/notice_draft.xlsx").read_bytes() == (
        tmp_path / "乙/notice_draft.xlsx"
    ).read_bytes()


def test_control_sheets_show_answers_in_words_and_counts_only(tmp_path):
    tables = {
        name: empty(DUTY_TABLES[name]) for name in ("segments", "readiness", "unit_duties", "deadlines")
    }
    tables["schools"] = _table(
        "schools", name=["虚构一中"], private=[True], education_members=[20], system_members=[19],
        difference=[-1], difference_permille=[50], league_organisation=[None], whole_gap=["unknown"],
    )  # fmt: skip
    tables["school_divisions"] = _table(
        "school_divisions", division=["虚构县"], beyond=["no"], explained=["yes"]
    )
    write_control_sheets(tables, tmp_path, as_of=DAY, policy_version="试")
    told = _cells(tmp_path / "control_sheets.xlsx", "附件2学校")
    assert {"虚构一中", "是", 20, 19, -1, "5.0%", "待核实"} <= set(told)
