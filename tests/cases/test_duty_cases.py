"""Every duty has at least five situations in a planner's words, and the engine answers each as written."""

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from coverage_engine.coverage import assess, control_sheets, with_path_duty
from coverage_engine.ledgers import read_tables
from coverage_engine.planning import plan
from coverage_engine.policy import entry_due, load_policy

FOLDER = Path(__file__).parent / "duties"
DAY = date(2019, 6, 15)
ASKED = "虚构甲有限公司"
OTHER = "虚构乙有限公司"
LEAST = 5
WRITTEN = 150
OF_THE_NOTICE = 27  # R28 and on are a province's own
PLANNED = {"R21"}  # answered by a whole plan, with its paths
SCHOOL = {
    "学校名称": "虚构一中",
    "所在地区": "郑州市金水区",
    "办学性质": "公办",
    "教育统计团员数": 100,
    "系统录入团员数": 100,
    "团组织": "有",
    "差异说明": "",
}
SEGMENT = {
    "单位": "虚构甲中学团委",
    "年度": 2018,
    "起始编号": "201841000001",
    "截止编号": "201841000100",
    "已用编号": 100,
    "已录入数": 100,
    "未用说明": "",
}
NAMED = {"segments": "unit", "schools": "name", "school_divisions": "division"}
FIRST = {"segment": SEGMENT["单位"], "school": SCHOOL["学校名称"]}


def _cases(of_enterprises):
    policy = load_policy(DAY)
    for file in sorted(FOLDER.glob("*.toml")):
        content = tomllib.loads(file.read_text("utf-8"))
        subject = policy.duty(content["duty"]).subject
        for case in content["case"]:
            if ("enterprise" in case) is of_enterprises:
                yield pytest.param(content["duty"], subject, case, id=f"{content['duty']} {case['title']}")


def _row(name, facts):
    defaults = {"企业名称": name, "所在地区": "郑州市金水区", "控股情况": "私人控股", "营业状态": "在营"}
    return {**defaults, **facts}


def _snapshot(rows, tables):
    columns = {column for row in rows for column in row}
    rows = [{column: row.get(column, "") for column in sorted(columns)} for row in rows]
    return read_tables({"企业台账": rows, **tables}, as_of=DAY)[0]


def _assessed(duty, case):
    rows = [_row(ASKED, case["enterprise"])]
    if "other" in case:
        rows.append(_row(OTHER, case["other"]))
    snapshot = _snapshot(rows, case.get("tables", {}))
    return plan(snapshot) if duty in PLANNED else assess(snapshot, load_policy(DAY))


@pytest.mark.parametrize(("duty", "subject", "case"), list(_cases(of_enterprises=True)))
def test_the_engine_answers_as_the_planner_would(duty, subject, case):
    assessed = _assessed(duty, case)
    enterprises = {row["name"]: row for row in assessed["enterprises"].iter_rows(named=True)}
    firm = enterprises[ASKED]
    answers = {
        row["duty"]: row
        for row in assessed["duties"]
        .filter(pl.col("enterprise_id") == firm["enterprise_id"])
        .iter_rows(named=True)
    }
    expected = dict(case["expect"])
    if "first" in expected:
        winner, loser = (ASKED, OTHER) if expected.pop("first") == "enterprise" else (OTHER, ASKED)
        ranks = {name: row["priority_rank"] or 10**9 for name, row in enterprises.items()}
        assert ranks[winner] < ranks[loser], enterprises
    if "first_path" in expected:
        best = assessed["recommendations"].filter(enterprise_id=firm["enterprise_id"], rank=1)
        assert best["path"].to_list() == [expected.pop("first_path")]
    if "told" in expected:
        judged = assessed["evaluations"].filter(enterprise_id=firm["enterprise_id"])
        said = judged.filter(pl.col("feasible").fill_null(False) | (pl.col("why_not").fill_null("") != ""))
        assert said.height == expected.pop("told")
    for word in ("applies", "met"):
        if word in expected:
            told = answers.get(duty, {"applies": "no", "met": "no"})[word]
            assert told == expected.pop(word), (word, answers)
    assert {field: firm[field] for field in expected} == expected


@pytest.mark.parametrize(("duty", "subject", "case"), list(_cases(of_enterprises=False)))
def test_the_control_sheets_answer_as_the_planner_would(duty, subject, case):
    if "meeting" in case:
        months = load_policy(DAY).number("entry_months")
        assert entry_due(case["meeting"], months) == case["last_day"]
        return
    sheets = _sheets(duty, case)
    if "deadline" in case:
        _holds(sheets["deadlines"].filter(pl.col("duty") == duty), case["deadline"])
        return
    name = case.get("name", FIRST.get(subject))
    told = sheets["unit_duties"].filter((pl.col("duty") == duty) & (pl.col("name") == name))
    answers = told.row(0, named=True) if told.height else {"applies": "no"}
    assert {field: answers[field] for field in case["expect"]} == case["expect"], answers
    if "row" in case:
        table = case["row"].pop("table")
        _holds(sheets[table].filter(pl.col(NAMED[table]) == name), case["row"])


def _sheets(duty, case):
    firms = case.get("firms", [{}]) * case.get("repeat", 1)
    rows = [_row(f"虚构{number}有限公司", facts) for number, facts in enumerate(firms)]
    tables = {}
    if "schools" in case:
        tables["学校团员数量台账"] = [{**SCHOOL, **school} for school in case["schools"]]
    if "segments" in case:
        tables["发展团员编号台账"] = [{**SEGMENT, **segment} for segment in case["segments"]]
    snapshot, policy = _snapshot(rows, tables), load_policy(case.get("as_of", DAY))
    judged = assess(snapshot, policy) if duty == "R24" else None
    return control_sheets(snapshot, policy, judged)


def _holds(table, expected):
    assert table.height == 1
    row = table.row(0, named=True)
    assert {field: row[field] for field in expected} == expected


def test_every_duty_of_the_policy_has_at_least_five_cases():
    written = [*_cases(of_enterprises=True), *_cases(of_enterprises=False)]
    counted = Counter(param.values[0] for param in written)
    duties = [duty.key for duty in load_policy(DAY).duties]
    assert duties[:OF_THE_NOTICE] == [f"R{number}" for number in range(1, OF_THE_NOTICE + 1)]
    lacking = {key: counted[key] for key in duties if counted[key] < LEAST}
    assert not lacking
    assert len(written) >= WRITTEN


def test_a_target_without_a_path_and_without_a_reason_does_not_meet_r21():
    case = {"enterprise": {"党组织": "单独", "团员数": 5, "团组织": "无"}}
    made = _assessed("R21", case)
    silent = made["evaluations"].with_columns(feasible=pl.lit(False), why_not=pl.lit(None, pl.String))
    none = made["recommendations"].clear()
    for evaluations, met in (
        (silent, "no"),
        (silent.clear(), "no"),
        (silent.with_columns(why_not=pl.lit("无党组织")), "yes"),
    ):
        tables = {"evaluations": evaluations, "recommendations": none}
        duties = made["duties"].filter(pl.col("duty") != "R21")
        told = with_path_duty(duties, made["enterprises"], tables, load_policy(DAY))
        assert told.filter(duty="R21")["met"].to_list() == [met]
