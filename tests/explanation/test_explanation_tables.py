"""The tables that enterprises are explained from tell what the plan's tables tell."""

import narwhals as nw
import polars as pl
import pytest

import coverage_engine as ce
from coverage_engine.explanation.explanations import Wording
from coverage_engine.explanation.judgements import explanations, judged
from coverage_engine.explanation.telling import explanation_of
from coverage_engine.policy import load_policy
from coverage_engine.recommend import load_paths

FIRMS = 600


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledgers")
    ce.write_sample(folder, enterprises=FIRMS, seed=5)
    snapshot, findings = ce.read_ledgers([folder])
    return ce.plan(snapshot, findings=findings)


@pytest.fixture(scope="module")
def known(plan):
    wanted = nw.col("enterprise_id") >= 0
    policy = load_policy(plan.as_of)
    return explanations(judged(plan.snapshot, policy, load_paths(), wanted), wanted)


def test_paths_are_the_evaluations_of_the_plan(plan, known):
    columns = ["enterprise_id", "path", "feasible", "score", "why_not"]
    told = known.tables["paths"].join(
        plan["evaluations"].select("enterprise_id").unique(), on="enterprise_id", how="semi"
    )
    ruled_out = pl.col("feasible").fill_null(True)
    told = told.with_columns(score=pl.when(ruled_out).then("score")).select(columns)
    assert told.sort(columns[:2]).equals(plan["evaluations"].select(columns).sort(columns[:2]))


def test_steps_are_the_reasons_of_the_plan(plan, known):
    keys = ["enterprise_id", "path"]
    told = known.tables["steps"].join(plan["reasons"].select(keys).unique(), on=keys, how="semi")
    order = [*keys, "step"]
    assert told.select(plan["reasons"].columns).sort(order).equals(plan["reasons"].sort(order))


def test_duties_and_choices_are_those_of_the_plan(plan, known):
    duties = plan["duties"].filter(pl.col("applies") != "no")
    assert (
        known.tables["duties"]
        .sort("enterprise_id", "duty")
        .equals(duties.select(known.tables["duties"].columns).sort("enterprise_id", "duty"))
    )
    best = plan["recommendations"].filter(pl.col("rank") == 1).sort("enterprise_id")
    told = known.tables["choices"].join(best.select("enterprise_id"), on="enterprise_id", how="semi")
    for ours, theirs in (("first", "path"), ("gap", "runner_up_gap"), ("flip", "flip_fact")):
        assert told[ours].to_list() == best[theirs].to_list()
    wide = plan["choices"].filter("wide").sort("enterprise_id")
    asked = known.tables["choices"].drop_nulls("open_paths")
    assert asked["enterprise_id"].to_list() == wide["enterprise_id"].to_list()
    assert asked["ask_first"].to_list() == wide["ask_first"].to_list()


def test_the_wording_comes_back_from_plain_values(known):
    assert Wording.from_json(known.wording.as_json()) == known.wording


def test_a_firm_that_nothing_is_told_of_is_a_key_error(plan, known):
    with pytest.raises(KeyError):
        explanation_of(10**6, known, plan.snapshot.tables)


def test_leaders_that_lead_each_other_are_told_once_on_each_way(plan):
    leaders = (
        plan.snapshot["leaders"].head(2).with_columns(pl.Series("enterprise_id", [1, 2], dtype=pl.Int32))
    )
    ids = leaders["leader_id"].to_list()
    pairs = pl.DataFrame(
        {"enterprise_id": [0, 0, 1, 2], "leader_id": [ids[0], ids[1], ids[1], ids[0]]},
        schema_overrides={"enterprise_id": pl.Int32, "leader_id": pl.Int32},
    )
    empty = plan.snapshot["associated_enterprises"].clear()
    tied = pl.concat([empty, pairs], how="diagonal")
    tables = {**plan.snapshot.tables, "leaders": leaders, "associated_enterprises": tied}
    from coverage_engine.explanation.relations import relation_lines
    from coverage_engine.graph.ties import ties_of

    lines = relation_lines(ties_of(tables, 0), {}, "zh")
    told = [line for line in lines if "龙头企业" in line]
    assert len(told) == 4
