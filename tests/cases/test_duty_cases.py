"""Every duty has at least five situations in a planner's words, and the engine answers each as written."""

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from coverage_engine.coverage import assess
from coverage_engine.ledgers import read_tables
from coverage_engine.policy import load_policy

FOLDER = Path(__file__).parent / "duties"
DAY = date(2019, 6, 15)
ASKED = "虚构甲有限公司"
OTHER = "虚构乙有限公司"
LEAST = 5


def _cases():
    for file in sorted(FOLDER.glob("*.toml")):
        content = tomllib.loads(file.read_text("utf-8"))
        for case in content["case"]:
            yield pytest.param(content["duty"], case, id=f"{content['duty']} {case['title']}")


def _row(name, facts):
    defaults = {"企业名称": name, "所在地区": "郑州市金水区", "控股情况": "私人控股", "营业状态": "在营"}
    return {**defaults, **facts}


def _assessed(case):
    rows = [_row(ASKED, case["enterprise"])]
    if "other" in case:
        rows.append(_row(OTHER, case["other"]))
    columns = {column for row in rows for column in row}
    rows = [{column: row.get(column, "") for column in sorted(columns)} for row in rows]
    tables = {"企业台账": rows, **case.get("tables", {})}
    snapshot, _ = read_tables(tables, as_of=DAY)
    return assess(snapshot, load_policy(DAY))


@pytest.mark.parametrize(("duty", "case"), list(_cases()))
def test_the_engine_answers_as_the_planner_would(duty, case):
    assessed = _assessed(case)
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
    for word in ("applies", "met"):
        if word in expected:
            told = answers.get(duty, {"applies": "no", "met": "no"})[word]
            assert told == expected.pop(word), (word, answers)
    assert {field: firm[field] for field in expected} == expected


def test_every_duty_of_the_policy_has_at_least_five_cases():
    counted = Counter(param.values[0] for param in _cases())
    lacking = {
        duty.key: counted[duty.key]
        for duty in load_policy(DAY).duties
        if counted[duty.key] < LEAST and duty.key != "R21"  # R21 is answered by the path cases
    }
    assert not lacking
