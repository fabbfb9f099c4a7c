"""`explain` tells the numbers of the plan's tables, for every path, in both languages."""

import re
from dataclasses import replace

import polars as pl
import pytest

from coverage_engine.coverage import assess
from coverage_engine.face.explanations import explain
from coverage_engine.model.plan import Division, Plan
from coverage_engine.recommend import recommend


@pytest.fixture(scope="module")
def plan(make_province):
    province = make_province(31, 120)
    tables = dict(assess(province.snapshot, province.policy))
    tables |= recommend(province.snapshot, tables["enterprises"], province.policy)
    whole = Division("410000", "河南省", "province")
    return Plan(province.snapshot.as_of, whole, province.policy.version, province.snapshot, tables)


def signed(millionths):
    sign = "-" if millionths < 0 else "+"
    return sign + f"{abs(millionths) / 1e6:.6f}".rstrip("0").ljust(
        len(str(abs(millionths) // 10**6)) + 3, "0"
    )


def test_explain_tells_every_score_and_step_of_the_tables(plan):
    targets = plan["enterprises"].filter("is_target")["enterprise_id"].to_list()[:6]
    targets += plan["joint_groups"]["enterprise_id"].to_list()[:2]
    for enterprise in targets:
        told = explain(plan, enterprise)
        for row in plan["evaluations"].filter(pl.col("enterprise_id") == enterprise).rows(named=True):
            line = next(line for line in told.splitlines() if line.startswith(f"  路径{row['path']} "))
            assert (signed(row["score"]) if row["score"] is not None else row["why_not"]) in line
        for row in plan["reasons"].filter(pl.col("enterprise_id") == enterprise).rows(named=True):
            assert re.search(
                re.escape(f"{signed(row['contribution'])}  ") + "(基准　)?" + re.escape(row["text"]), told
            )
        best = plan["recommendations"].filter((pl.col("enterprise_id") == enterprise) & (pl.col("rank") == 1))
        if best.height:
            assert f"首选：路径{best['path'][0]}" in told
            assert (best["flip_fact"][0] or "没有哪一项单独变化") in told


def test_explain_speaks_english(plan):
    enterprise = plan["enterprises"].filter("is_target")["enterprise_id"][0]
    told = explain(plan, enterprise, "en")
    assert "Every path" in told and "Obligation:" in told and "Neighbourhood" in told
    assert not re.search("路径|首选|待核实：", told)


def test_explain_of_a_covered_enterprise_evaluates_no_path(plan):
    covered = plan["enterprises"].filter(pl.col("coverage_state") == "own")["enterprise_id"][0]
    assert "不是建团目标" in explain(plan, covered)


def test_explain_in_a_plan_of_one_division_still_sees_the_whole_neighbourhood(plan):
    enterprise = plan["enterprises"].filter("is_target" and pl.col("city_code") == "410300")["enterprise_id"][
        0
    ]
    here = pl.col("city_code") == "410300"
    part = replace(
        plan,
        division=Division("410300", "洛阳市", "city"),
        tables={**plan.tables, "enterprises": plan["enterprises"].filter(here)},
    )

    def scores(text):
        return [line for line in text.splitlines() if line.startswith("      ")]

    assert scores(explain(part, enterprise)) == scores(explain(plan, enterprise))


def test_explain_of_an_unknown_enterprise_is_a_key_error(plan):
    with pytest.raises(KeyError):
        explain(plan, 10**6)
