"""Every path has at least five situations in a planner's words, and the engine answers each as written.

Keys of `expect`: `rank` and `within` (place of this file's path), `outside` (not among the first three),
`first` and `second` (number of the path in that place), `feasible` yes | no | unknown with `why`, `reason` (a
supporting step says so), `against` (an opposing step says so), `lead` (in the lead unit), `flip` (the flip
fact). `because` of a case tells why.
"""

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from coverage_engine.coverage import assess
from coverage_engine.ledgers import read_tables
from coverage_engine.policy import load_policy
from coverage_engine.recommend import load_paths, recommend

FOLDER = Path(__file__).parent / "paths"
DAY = date(2019, 6, 15)
ASKED = "虚构甲有限公司"
LEAST = 5
WHOLE = 120
WORDS = {True: "yes", False: "no", None: "unknown"}
FACTS = {
    "rank",
    "within",
    "first",
    "second",
    "feasible",
    "why",
    "reason",
    "against",
    "lead",
    "flip",
    "outside",
}


def _cases():
    for file in sorted(FOLDER.glob("*.toml")):
        content = tomllib.loads(file.read_text("utf-8"))
        for case in content["case"]:
            yield pytest.param(content["path"], case, id=f"路径{content['path']} {case['title']}")


def _row(name, facts):
    defaults = {"所在地区": "郑州市金水区", "控股情况": "私人控股", "营业状态": "在营", "团组织": "无"}
    return {"企业名称": name, **defaults, **facts}


def _recommended(case):
    rows = [_row(ASKED, case["enterprise"])]
    rows += [_row(other["企业名称"], other) for other in case.get("others", [])]
    columns = sorted({column for row in rows for column in row})
    rows = [{column: row.get(column, "") for column in columns} for row in rows]
    snapshot, _ = read_tables({"企业台账": rows, **case.get("tables", {})}, as_of=DAY)
    policy = load_policy(DAY)
    enterprises = assess(snapshot, policy)["enterprises"]
    firm = enterprises.row(by_predicate=pl.col("name") == ASKED, named=True)
    tables = recommend(snapshot, enterprises, policy)
    return {
        name: tables[name].filter(pl.col("enterprise_id") == firm["enterprise_id"])
        for name in ("recommendations", "evaluations", "reasons")
    }


def _answers(path, tables):
    ranks = dict(tables["recommendations"].select("path", "rank").iter_rows())
    order = {rank: number for number, rank in ranks.items()}
    own = tables["evaluations"].row(by_predicate=pl.col("path") == path, named=True)
    best = tables["recommendations"].filter(pl.col("path") == path)
    steps = tables["reasons"].filter((pl.col("path") == path) & (pl.col("step") > 0))
    return {
        "ranks": ranks,
        "rank": ranks.get(path),
        "first": order.get(1),
        "second": order.get(2),
        "feasible": WORDS[own["feasible"]],
        "why": own["why_not"] or "",
        "reason": "；".join(steps.filter(pl.col("contribution") > 0)["text"]),
        "against": "；".join(steps.filter(pl.col("contribution") < 0)["text"]),
        "lead": "".join(best["lead_unit"]),
        "flip": "".join(tables["recommendations"].filter(pl.col("rank") == 1)["flip_fact"].fill_null("")),
    }


@pytest.mark.parametrize(("path", "case"), list(_cases()))
def test_the_engine_recommends_as_an_experienced_organiser_would(path, case):
    expected = dict(case["expect"])
    assert set(expected) <= FACTS, "unknown expectation"
    told = _answers(path, _recommended(case))
    if "within" in expected:
        assert told["rank"] is not None and told["rank"] <= expected.pop("within"), told
    if expected.pop("outside", False):
        assert told["rank"] is None, told
    for exact in ("rank", "first", "second", "feasible"):
        if exact in expected:
            assert told[exact] == expected.pop(exact), (exact, told)
    for part, words in expected.items():
        assert words in told[part], (part, told)


def test_every_path_has_at_least_five_cases():
    counted = Counter(param.values[0] for param in _cases())
    assert {path.number for path in load_paths().paths if counted[path.number] < LEAST} == set()


def test_the_cases_cover_what_organisers_meet():
    assert len(list(_cases())) >= WHOLE
