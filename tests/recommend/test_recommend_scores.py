"""Scores, feasibility, ranking, interval and flip fact, held against a plain reading of the path files."""

import narwhals as nw
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage_engine.frames.dialect import collected
from coverage_engine.recommend import load_paths, recommend
from coverage_engine.recommend.evaluation import evaluate
from coverage_engine.recommend.scoring import interval, ranked, scored

QUIET = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@pytest.fixture(scope="module")
def province(make_province):
    return make_province(11, 250)


@pytest.fixture(scope="module")
def tables(province):
    return recommend(province.snapshot, province.enterprises, province.policy)


@pytest.fixture(scope="module")
def facts(province):
    found = evaluate(province.snapshot, province.enterprises, 3, nw.col("is_target"), load_paths())
    return {row["enterprise_id"]: row for row in collected(found.frame).rows(named=True)}


def test_base_and_steps_sum_to_the_score_of_every_recommendation(tables):
    sums = tables["reasons"].group_by("enterprise_id", "path").agg(pl.col("contribution").sum())
    both = tables["recommendations"].join(sums, on=["enterprise_id", "path"], how="full")
    assert both.filter(~(pl.col("score") == pl.col("contribution")).fill_null(False)).is_empty()


def test_every_score_and_answer_equals_the_plain_reading(tables, facts, oracle):
    told = {(row["enterprise_id"], row["path"]): row for row in tables["evaluations"].rows(named=True)}
    assert len(told) == len(oracle.PATHS) * len(facts)
    for enterprise, values in facts.items():
        for path in oracle.PATHS:
            row = told[enterprise, path["number"]]
            holds = oracle.feasible(path, values)
            assert row["feasible"] is holds
            assert row["score"] == (None if holds is False else oracle.score(path, values))
            assert (row["why_not"] is None) == (holds is True)


def test_the_best_three_their_gaps_and_intervals_equal_the_plain_reading(tables, facts, oracle):
    told = tables["recommendations"].partition_by("enterprise_id", as_dict=True)
    for enterprise, values in facts.items():
        expected = oracle.ranking(values)
        rows = told[enterprise,].sort("rank").rows(named=True) if expected else []
        assert [(row["path"], row["score"]) for row in rows] == expected[:3]
        for at, row in enumerate(rows):
            following = expected[at + 1][1] if at + 1 < len(expected) else None
            assert row["runner_up_gap"] == (None if following is None else row["score"] - following)
            low, high = oracle.interval(oracle.PATHS[row["path"] - 1], values)
            assert row["probability"] == pytest.approx(oracle.chance(row["score"]), abs=1e-6)
            assert (row["probability_low"], row["probability_high"]) == pytest.approx((low, high), abs=1e-6)


def test_the_flip_fact_is_the_smallest_change_found_by_trying_all(tables, facts, oracle):
    firsts = tables["recommendations"].filter(pl.col("rank") == 1)
    told = dict(firsts.select("enterprise_id", "flip_fact").iter_rows())
    expected = {enterprise: oracle.flip(values) for enterprise, values in facts.items() if enterprise in told}
    assert told == expected
    assert sum(flip is not None for flip in told.values()) > len(told) / 2


def test_a_path_is_feasible_exactly_where_its_relation_stands_in_the_ledgers(province, tables):
    told = tables["evaluations"]
    relations = {3: "union", 4: "association_members", 6: "society_members", 8: "brand_programmes"}
    relations |= {9: "branch_offices", 10: "associated_enterprises"}
    for path, table in relations.items():
        if table == "union":
            tied = province.enterprises.filter("union")["enterprise_id"]
        else:
            tied = province.snapshot[table]["enterprise_id"]
        able = told.filter((pl.col("path") == path) & pl.col("feasible"))["enterprise_id"]
        targets = province.enterprises.filter("is_target")["enterprise_id"]
        assert set(able) == set(tied) & set(targets), path


def test_a_ledger_not_handed_in_leaves_its_path_untold(province):
    from dataclasses import replace

    poorer = replace(province.snapshot, kinds=province.snapshot.kinds - {"society_members"})
    empty = {**poorer.tables, "society_members": poorer["society_members"].clear()}
    told = recommend(replace(poorer, tables=empty), province.enterprises, province.policy)["evaluations"]
    societies = told.filter(pl.col("path") == 6)
    assert societies["feasible"].is_null().all()
    assert set(societies["why_not"]) == {"未提供团属社团台账"}


@QUIET
@given(seed=st.integers(0, 10**6))
def test_forgetting_a_fact_never_raises_the_lower_bound_nor_lowers_the_upper(make_province, seed):
    book = load_paths()
    province = make_province(seed, 40)
    found = evaluate(province.snapshot, province.enterprises, 3, nw.col("is_target"), book)
    known = collected(found.frame)
    facts = known.select("enterprise_id", *book.facts)
    for path in book.paths:
        before = _bounds(facts, path, book)
        for piece in path.evidence[seed % 3 :: 3]:
            kind = facts.schema[piece.fact.key]
            forgotten = facts.with_columns(pl.lit(None, dtype=kind).alias(piece.fact.key))
            after = _bounds(forgotten, path, book)
            assert (after["low"] <= before["low"]).all()
            assert (after["high"] >= before["high"]).all()


def _bounds(facts, path, book):
    low, high = interval(path, book)
    frame = scored(nw.from_native(facts.lazy()), [path])
    return collected(frame.select(low.alias("low"), high.alias("high")))


def test_the_same_expressions_give_the_same_ranking_on_pandas(province):
    book = load_paths()
    found = evaluate(province.snapshot, province.enterprises, 3, nw.col("is_target"), book)
    native = collected(found.frame)
    wanted = ["enterprise_id", *(fact for fact in book.facts)]
    facts = native.select(wanted).to_pandas(use_pyarrow_extension_array=True)
    other = ranked(scored(nw.from_native(facts).lazy(), book.paths), book.paths)
    keys = ["enterprise_id", "key_1", "key_2", "key_3", "path_1"]
    theirs = other.select(*keys).collect().to_polars()
    ours = native.select(keys)
    assert theirs.select(pl.all().cast(pl.Int64)).equals(ours.select(pl.all().cast(pl.Int64)))
