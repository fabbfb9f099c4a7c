"""Impossible facts become unknown with both cells named; every number has its band."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_engine.ledgers import read_ledgers, read_tables
from coverage_engine.ledgers.kinds import ledger_kinds
from coverage_engine.planning import plan

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
AS_OF = date(2019, 6, 15)


def firm(**facts: object) -> dict[str, object]:
    return {"企业名称": "郑州某某商贸有限公司", "所在地区": "410105", "控股情况": "私人控股", **facts}


def read(**tables: list[dict[str, object]]):
    return read_tables({"企业台账": [firm()], **tables}, as_of=AS_OF)


def codes(findings) -> set[str]:
    return set(findings.table["code"])


def test_sixty_members_among_twenty_young_are_unknown_with_both_cells_named() -> None:
    case = SHARED / "cases" / "truth" / "members_over_youth"
    if not case.exists():
        pytest.skip(f"SHARED MATERIAL IS MISSING: {case}")
    snapshot, findings = read_ledgers([case], as_of=AS_OF)
    told = findings.table.filter(pl.col("code") == "count.members_exceed_young").row(0, named=True)
    assert told["severity"] == "warning"
    assert "企业台账!D2 的团员数 60" in told["remedy"] and "企业台账!E2 的青年数 20" in told["remedy"]
    decided = plan(snapshot, findings=findings)["enterprises"]
    assert decided["league_members"].to_list() == [None]
    assert decided["obligation"].to_list() == ["undetermined"]


COUNTS = st.one_of(st.none(), st.integers(0, 300))


@given(COUNTS, COUNTS, COUNTS)
def test_no_part_stands_above_its_whole_and_sound_numbers_stay(
    employees: int | None, young: int | None, members: int | None
) -> None:
    snapshot, _ = read(企业台账=[firm(从业人员数=employees, 青年数=young, 团员数=members)])
    kept = snapshot["enterprises"].row(0, named=True)
    whole, middle, part = kept["employees"], kept["young_employees"], kept["league_members"]
    for least, most in ((part, middle), (part, whole), (middle, whole)):
        assert least is None or most is None or least <= most
    written = [number for number in (members, young, employees) if number is not None]
    if written == sorted(written):
        assert (whole, middle, part) == (employees, young, members)


def test_one_employee_with_sixty_members_and_thirty_young_leaves_nothing_certain() -> None:
    snapshot, findings = read(企业台账=[firm(从业人员数=1, 青年数=30, 团员数=60)])
    kept = snapshot["enterprises"].select("employees", "young_employees", "league_members").row(0)
    assert kept == (None, None, None)
    assert "count.outvoted" in codes(findings)


def test_counts_of_other_ledgers_above_the_staff_are_told_with_both_cells() -> None:
    name = "郑州某某商贸有限公司"
    snapshot, findings = read(
        企业台账=[firm(从业人员数=10)],
        党组织台账=[{"企业名称": name, "党组织形式": "联合", "党员数": 40}],
        工会台账=[{"企业名称": name, "工会会员数": 50}],
    )
    told = findings.table.filter(pl.col("code") == "count.above_employees")
    assert told.height == 2
    assert all("企业台账!D2" in words for words in told["remedy"])
    assert snapshot["party_organisations"]["party_members"].to_list() == [None]
    assert snapshot["trade_unions"]["union_members"].to_list() == [None]
    assert snapshot["enterprises"]["employees"].to_list() == [10]


def test_the_system_is_trusted_more_than_the_staff_written_in_the_ledger() -> None:
    snapshot, findings = read(
        企业台账=[firm(从业人员数=10, 青年数=5)],
        智慧团建导出=[
            {"团组织全称": "共青团郑州某某商贸有限公司支部委员会", "组织类别": "团支部", "团员数": 40}
        ],
    )
    assert "count.above_employees" in codes(findings)
    assert snapshot["enterprises"]["employees"].to_list() == [None]


def test_days_after_the_day_of_the_plan_are_unknown_and_told() -> None:
    attempt = {"企业名称": "郑州某某商贸有限公司", "路径": 1, "结果": "进行中", "开始日期": "2019-07-01"}
    snapshot, findings = read(企业台账=[firm(百强位次=3, 百强年度=2020)], 建团成果台账=[attempt])
    assert snapshot["outcomes"]["started"].to_list() == [None]
    assert snapshot["enterprises"]["top_hundred_year"].to_list() == [None]
    told = findings.table.filter(pl.col("code") == "date.in_future")
    assert sorted(told["found"]) == ["2019-07-01", "2020"]
    assert told["severity"].unique().to_list() == ["warning"]


NUMBERS = [
    pytest.param(kind, column, id=f"{kind.sheet}-{column.header}")
    for kind in ledger_kinds()
    for column in kind.columns
    if column.type in ("count", "real")
]


@pytest.mark.parametrize(("kind", "column"), NUMBERS)
def test_every_number_has_a_band_and_a_reason_for_it(kind, column) -> None:
    assert column.low is not None and column.high is not None
    assert column.low < column.high < 13_000_000_000
    assert column.band


@pytest.mark.parametrize("written", ["13990000077", "139 9000 0077", "13,990,000,077", "410105198801010011"])
@pytest.mark.parametrize("header", ["从业人员数", "青年数", "团员数", "百强位次", "经度", "类型表年份"])
def test_a_phone_or_card_number_in_a_column_of_numbers_is_unknown_and_never_repeated(
    written: str, header: str
) -> None:
    snapshot, findings = read(企业台账=[firm(**{header: written})])
    told = findings.table.filter(pl.col("cell").str.ends_with("2") & (pl.col("severity") == "warning"))
    assert told["found"].str.contains("像手机号|像身份证号").any()
    text = findings.table.write_csv() + snapshot["enterprises"].drop("location").write_csv()
    assert written not in text and written.replace(" ", "").replace(",", "") not in text


def test_a_number_beyond_its_band_is_unknown_and_the_reason_is_told() -> None:
    snapshot, findings = read(企业台账=[firm(从业人员数=700_000, 青年数=-3)])
    assert snapshot["enterprises"].select("employees", "young_employees").row(0) == (None, None)
    told = findings.table.filter(pl.col("code") == "count.out_of_range").row(0, named=True)
    assert "0 至 500000（" in told["wanted"]
    assert "count.negative" in codes(findings)
