"""The trace of a duty says what the table says, with cells, clauses and the question that settles it."""

from datetime import date

import polars as pl
import pytest

from coverage_engine.coverage import asks, assess, margins
from coverage_engine.errors import PolicyError
from coverage_engine.explanation.trace import trace, traces
from coverage_engine.explanation.trace_lines import trace_lines
from coverage_engine.ledgers import read_tables
from coverage_engine.policy import load_policy

DAY = date(2019, 6, 14)
POLICY = load_policy(DAY)


def _row(name, **facts):
    blank = dict.fromkeys(["党组织", "团员数", "团组织", "青年组织", "规模以上", "青年数", "从业人员数"], "")
    known = {"企业名称": name, "所在地区": "郑州市金水区", "控股情况": "私人控股", "营业状态": "在营"}
    return {**blank, **known, **facts}


@pytest.fixture(scope="module")
def snapshot():
    forms = ["单独", "联合", "无", ""]
    rows = [
        _row(
            f"虚构{n:03d}有限公司",
            团员数=[0, 2, 3, 9, ""][n % 5],
            党组织=forms[n % 4],
            团组织=forms[n // 4 % 4],
            控股情况=["私人控股", "国有控股", ""][n // 16 % 3],
            规模以上=["是", "否", ""][n % 3],
            青年数=["", 10, 60][n // 3 % 3],
            从业人员数=["", 40][n % 2],
            青年组织=["有", ""][n // 2 % 2],
            行业代码=["6420", "C13"][n % 2],
        )
        for n in range(120)
    ]
    members = [
        {"社团名称": "虚构青联", "会员单位": f"虚构{n:03d}有限公司", "参加评选": ["是", "否", ""][n % 3]}
        for n in range(0, 120, 7)
    ]
    system = [
        {"团组织全称": f"共青团虚构{n:03d}有限公司支部委员会", "组织类别": "团支部", "导出日期": "2019-06-01"}
        for n in range(0, 120, 11)
    ]
    tables = {"企业台账": rows, "团属社团台账": members, "智慧团建导出": system}
    return read_tables(tables, as_of=DAY)[0]


def test_every_trace_answers_as_the_table_of_duties(snapshot):
    duties = assess(snapshot, POLICY)["duties"]
    told = {(row["enterprise_id"], row["duty"]): row for row in duties.iter_rows(named=True)}
    for firm in range(0, 120, 3):
        for duty, why in traces(snapshot, POLICY, firm).items():
            row = told.get((firm, duty), {"applies": "no"})
            assert why.applies.answer == row["applies"], (firm, duty)
            if row["applies"] != "no":
                assert why.met.answer == row["met"], (firm, duty)
            open_ = why.applies.answer == "unknown" or (
                why.applies.answer == "yes" and why.met.answer == "unknown"
            )
            assert bool(why.deciding) == open_, (firm, duty)


def test_the_cheapest_question_comes_first_and_says_whom_to_ask():
    blank = _row("虚构甲有限公司", 控股情况="", 团员数=5, 团组织="无")
    snapshot, _ = read_tables({"企业台账": [blank]}, as_of=DAY)
    why = trace(snapshot, POLICY, 0, "R13")
    assert [question.header for question in why.deciding] == ["控股情况", "党组织"]
    assert why.cheapest.whom == "市场监管部门（企业年报公示）"
    assert any("先问：控股情况" in line for line in trace_lines(why))


def test_a_fact_shows_the_cell_of_the_ledger_that_decided():
    firm = _row("虚构甲有限公司", 团员数=5, 团组织="无")
    party = {"企业名称": "虚构甲有限公司", "党组织名称": "中共虚构甲有限公司支部委员会", "党组织形式": "单独"}
    snapshot, _ = read_tables({"企业台账": [firm], "党组织台账": [party]}, as_of=DAY)
    why = trace(snapshot, POLICY, 0, "R13")
    facts = {part.words: part for part in why.applies.parts}
    assert facts["团员3人以上"].cells[0].address.startswith("企业台账!")
    assert facts["团员3人以上"].cells[0].value == "5"
    assert facts["已建立党组织"].cells[0].address.startswith("党组织台账!")
    assert all(part.clause for part in why.applies.parts)


def test_a_trace_is_told_in_english_with_its_cells_and_clauses():
    firm = _row("虚构甲有限公司", 团员数=5, 团组织="无", 从业人员数=60, 行业代码="6420")
    snapshot, _ = read_tables({"企业台账": [firm]}, as_of=DAY)
    told = "\n".join(trace_lines(trace(snapshot, POLICY, 0, "R13"), "en"))
    assert "3 League members or more: yes（通知四（1）；支部工作条例（试行）第四条）" in told
    assert "has a Party organisation: to verify" in told and "=(blank)" in told
    assert "Ask first: 党组织 (the Party's organisation department)" in told
    assert not any(word in told for word in ("适用", "做到", "待核实", "先问"))
    listed = "\n".join(trace_lines(trace(snapshot, POLICY, 0, "R15"), "en"))
    assert "A staff of 60 reaches the above-scale line" in listed


def test_everything_that_a_trace_may_say_has_its_english():
    assert all(duty.title_en for duty in POLICY.duties)
    assert all(fact.label_en for fact in POLICY.facts.values() if fact.subject == "enterprise")
    assert all(ask.whom_en for ask in POLICY.ask_costs)


def test_a_duty_that_binds_no_enterprise_has_no_trace(snapshot):
    with pytest.raises(PolicyError, match="没有企业的应建要求 R9"):
        trace(snapshot, POLICY, 0, "R9")


def test_staff_that_reach_the_line_of_the_day_are_a_hint_and_no_answer():
    firm = _row("虚构甲有限公司", 团员数=5, 团组织="无", 从业人员数=60, 行业代码="6420")
    snapshot, _ = read_tables({"企业台账": [firm]}, as_of=DAY)
    assert "从业人员60人" in trace(snapshot, POLICY, 0, "R15").notes[0]
    assert trace(snapshot, load_policy(date(2020, 3, 1)), 0, "R15").notes == ()


def test_the_ask_list_counts_what_each_answer_settles():
    rest = {"团组织": "无", "青年组织": "无", "规模以上": "否", "青年数": 4, "从业人员数": 90}
    rest["行业代码"] = "1310"
    rows = [
        _row("虚构甲有限公司", 团员数="", 党组织="单独", **rest),
        _row("虚构乙有限公司", 团员数=4, 党组织="", **rest),
        _row("虚构丙有限公司", 团员数="", 党组织="", **rest),
    ]  # fmt: skip
    others = {"社团名称": "虚构市青企协", "社团类别": "青企协", "层级": "市", "会员单位": "虚构别家有限公司"}
    snapshot, _ = read_tables({"企业台账": rows, "团属社团台账": [others]}, as_of=DAY)
    told = {row["header"]: row for row in asks(snapshot, POLICY).iter_rows(named=True)}
    members, party = told["团员数"], told["党组织"]
    # 甲: R13 and R14 by the member count; 丙: R14 alone by it, R13 and R27 only with the Party organisation.
    assert (members["enterprises"], members["settles"], members["may_settle"]) == (2, 3, 5)
    # 乙: R13 and R27 by the Party organisation.
    assert (party["enterprises"], party["settles"], party["may_settle"]) == (2, 2, 4)
    assert (members["rank"], party["rank"]) == (1, 2)
    assert members["duties"] == "R13;R14;R27"


def test_every_open_duty_is_in_the_ask_list(snapshot):
    duties = assess(snapshot, POLICY)["duties"]
    undecided = duties.filter(
        (pl.col("applies") == "unknown") | ((pl.col("applies") == "yes") & (pl.col("met") == "unknown"))
    )
    listed = asks(snapshot, POLICY)
    assert listed["may_settle"].sum() >= undecided.height >= listed["settles"].sum()


def test_the_margin_counts_firms_at_two_and_at_three():
    rows = [
        _row("虚构甲有限公司", 团员数=2, 党组织="单独", 团组织="无"),
        _row("虚构乙有限公司", 团员数=2, 党组织="无", 团组织="无", 所在地区="郑州市二七区"),
        _row("虚构丙有限公司", 团员数=3, 团组织="单独"),
        _row("虚构丁有限公司", 团员数=3, 团组织="无"),
        _row("虚构戊有限公司", 团员数=2, 团组织="单独"),
    ]
    snapshot, _ = read_tables({"企业台账": rows}, as_of=DAY)
    told = margins(snapshot, POLICY)
    city = told.filter(pl.col("division_code") == "410100").row(0, named=True)
    counts = ("one_short", "one_short_called", "at_line", "at_line_uncovered", "at_line_own", "own_below")
    assert [city[name] for name in counts] == [2, 1, 2, 1, 1, 1]
    counties = told.filter(pl.col("level") == "county")
    assert [counties[name].sum() for name in counts] == [city[name] for name in counts]
