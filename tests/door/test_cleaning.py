"""What was cleaned is told in one table, and each rule can be switched off."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from coverage_engine.cli.commands import coverage_engine
from coverage_engine.errors import LedgerError
from coverage_engine.ledgers import read_tables
from coverage_engine.ledgers.handing_out.findings_workbook import write_findings
from coverage_engine.ledgers.kinds import ledger_kind
from coverage_engine.ledgers.tables.cleaning import rule_names
from coverage_engine.ledgers.tables.values import cast_column

AS_OF = date(2019, 6, 15)
NAME = "郑州澈岚食品有限公司"
ROW = {"所在地区": "410105"}
STAFF = ledger_kind("enterprises").column("employees")


def cleanings(firms: list[dict[str, object]], **how: object) -> list[tuple[object, ...]]:
    snapshot, _ = read_tables({"企业台账": [ROW | firm for firm in firms]}, as_of=AS_OF, **how)
    return snapshot["cleanings"].select("row", "field", "original", "result", "rule").rows()


@pytest.mark.parametrize(
    ("written", "rules"),
    [
        (f"1.{NAME}", ["numbering"]),
        (f"③★{NAME}", ["numbering", "mark"]),
        (f"{NAME}（已停产）", ["status"]),
        (f"{NAME}（原郑州棠里贸易有限公司）", ["former"]),
        (f"{NAME}（规上）", ["remark"]),
    ],
)
def test_a_name_is_told_as_written_and_as_taken_with_each_rule(written: str, rules: list[str]) -> None:
    told = cleanings([{"企业名称": written}])
    assert told == [(2, "name", written, NAME, rule) for rule in rules]


def test_the_original_of_a_name_with_a_post_names_no_person() -> None:
    ((_, _, original, result, rule),) = cleanings([{"企业名称": f"{NAME}总经理贾棠澈"}])
    assert (result, rule) == (NAME, "post")
    assert "贾棠澈" not in original and "总经理" not in original


@pytest.mark.parametrize(
    ("written", "number", "rules"),
    [
        ("612余人", 612, ["unit", "approximate"]),
        ("约600", 600, ["approximate"]),
        ("1.2万", 12_000, ["multiplier"]),
        ("1.2万余人", 12_000, ["unit", "approximate", "multiplier"]),
        ("1,200", 1_200, ["thousands"]),
        ("300多名", 300, ["unit", "approximate"]),
        ("近2千人", 2_000, ["approximate", "unit", "multiplier"]),
        ("85人左右", 85, ["approximate", "unit"]),
    ],
)
def test_a_number_is_told_as_written_and_as_taken(written: str, number: int, rules: list[str]) -> None:
    told = cleanings([{"企业名称": NAME, "从业人员数": written}])
    assert [entry[:4] for entry in told] == [(2, "employees", written, str(number))] * len(rules)
    assert {entry[4] for entry in told} == {*rules}


@pytest.mark.parametrize("written", ["50-60", "不足十人", "若干", "50～60人", "人", "万", "约", "不详"])
def test_what_tells_no_single_number_stays_unknown(written: str) -> None:
    assert cast_column(pl.Series([written]), STAFF).values.to_list() == [None]


@given(
    st.integers(1, 9_999),
    st.sampled_from(["", "约", "近"]),
    st.sampled_from(["", "人", "余人", "多名", "左右"]),
)
def test_any_wording_of_a_number_tells_that_number(number: int, before: str, after: str) -> None:
    assert cast_column(pl.Series([f"{before}{number}{after}"]), STAFF).values.to_list() == [number]


def test_plain_cells_are_not_told() -> None:
    assert cleanings([{"企业名称": NAME, "从业人员数": "85"}]) == []


@pytest.mark.parametrize("rule", ["approximate", "约数"])
def test_a_rule_that_is_switched_off_leaves_the_cell_unread_and_says_so(rule: str) -> None:
    rows = [{**ROW, "企业名称": NAME, "从业人员数": "612余人"}]
    snapshot, findings = read_tables({"企业台账": rows}, as_of=AS_OF, no_clean=[rule])
    assert snapshot["enterprises"]["employees"].to_list() == [None]
    assert snapshot["cleanings"].is_empty()
    assert "count.not_a_number" in findings.table["code"].to_list()


def test_a_rule_for_names_that_is_switched_off_leaves_them_as_written() -> None:
    rows = [{**ROW, "企业名称": f"{NAME}（规上）"}, {**ROW, "企业名称": "2.郑州岚禾机械有限公司"}]
    snapshot, _ = read_tables({"企业台账": rows}, as_of=AS_OF, no_clean=["备注"])
    assert sorted(snapshot["enterprises"]["name"].to_list()) == ["郑州岚禾机械有限公司", f"{NAME}（规上）"]


def test_a_cell_that_is_not_to_be_split_is_turned_back() -> None:
    tables = {
        "企业台账": [{**ROW, "企业名称": name} for name in (NAME, "郑州岚禾机械有限公司")],
        "工会台账": [{"企业名称": f"{NAME}、郑州岚禾机械有限公司", "工会名称": "联合工会"}],
    }
    assert read_tables(tables, as_of=AS_OF)[0]["trade_unions"].height == 2
    assert read_tables(tables, as_of=AS_OF, no_clean=["分开"])[0]["quarantine"].height == 1


def test_an_unknown_rule_is_refused_with_those_there_are() -> None:
    with pytest.raises(LedgerError, match="没有这样的清洗规则：职称") as refusal:
        cleanings([{"企业名称": NAME}], no_clean=["职称"])
    assert "职务" in refusal.value.remedy


def test_the_findings_workbook_lists_what_was_cleaned_and_how_to_undo_it(tmp_path: Path) -> None:
    rows = [{**ROW, "企业名称": f"①{NAME}", "从业人员数": "1.2万"}]
    snapshot, findings = read_tables({"企业台账": rows}, as_of=AS_OF)
    write_findings(findings, snapshot, tmp_path / "问题.xlsx")
    lines = [*openpyxl.load_workbook(tmp_path / "问题.xlsx")["清洗"].iter_rows(values_only=True)]
    assert lines[1:] == [
        ("内存", "企业台账", 2, "从业人员数", "1.2万", "12000", "万", "--no-clean 万"),
        ("内存", "企业台账", 2, "企业名称", f"①{NAME}", NAME, "编号", "--no-clean 编号"),
    ]


def test_every_rule_is_named_in_the_help_of_the_command() -> None:
    words = "".join(CliRunner().invoke(coverage_engine, ["check", "--help"]).output.split())
    assert all(name in words for name in rule_names().values())
