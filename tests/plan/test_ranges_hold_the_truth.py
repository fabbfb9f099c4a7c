"""Messy ledgers of an invented province: every printed range holds the truth, at every level.

A firm of which a certain fact is wrong (a presumption, a count that was spoilt) is told by name: it may move
the figures of its own places, and nothing else may.
"""

import polars as pl
import pytest

import coverage_engine as ce
from coverage_engine.coverage import assess
from coverage_engine.policy import load_policy

CATEGORIES = ("operating", "eligible", "duty_bound")
KEYS = {"province": pl.lit("410000"), "city": pl.col("city_code"), "county": pl.col("division_code")}


def measured(folder, enterprises, seed):
    """Snapshot and assessed tables of a messy province, and its truth."""
    ce.write_sample(folder, enterprises=enterprises, seed=seed, messy=True)
    snapshot, _ = ce.read_ledgers([folder])
    truth = pl.read_parquet(folder / "truth" / "enterprises.parquet")
    return snapshot, assess(snapshot, load_policy(snapshot.as_of)), truth


def true_figures(truth):
    """Denominators and numerators by level, division and category, counted from the truth."""
    held = pl.col("in_scope")
    eligible = held & (pl.col("members") >= 3)
    called = (pl.col("party") != "none") | pl.col("society_member")
    inside = {"operating": held, "eligible": eligible, "duty_bound": eligible & called}
    own, covered = pl.col("coverage_state") == "own", pl.col("coverage_state").is_in(["own", "joint"])
    parts = [
        truth.group_by(division_code=key)
        .agg(
            denominator=flag.sum().cast(pl.Int64),
            own=(flag & own).sum().cast(pl.Int64),
            joint=(flag & covered).sum().cast(pl.Int64),
        )
        .select(pl.lit(level).alias("level"), "division_code", pl.lit(category).alias("category"),
                "denominator", "own", "joint")
        for level, key in KEYS.items()
        for category, flag in inside.items()
    ]  # fmt: skip
    return pl.concat(parts)


def misses(coverage, truth):
    """The printed rows whose ranges of counts or rates do not hold the true figures."""
    rows = coverage.filter(~pl.col("division").str.contains("未分县").fill_null(False))
    both = rows.join(true_figures(truth), on=["level", "division_code", "category"])
    slack = 1e-9
    outside = [
        (pl.col(name) < pl.col(f"{name}_low")) | (pl.col(name) > pl.col(f"{name}_high"))
        for name in ("denominator", "own", "joint")
    ]
    for name, rate in (("own", "rate"), ("joint", "joint_rate")):
        true_rate = pl.col(name) / pl.col("denominator")
        told = pl.col(f"{rate}_low").is_not_null() & (pl.col("denominator") > 0)
        beyond = (true_rate < pl.col(f"{rate}_low") - slack) | (true_rate > pl.col(f"{rate}_high") + slack)
        outside.append(told & beyond)
    return both.height, both.filter(pl.any_horizontal(outside))


def wrongly_certain(assessed, truth):
    """Places of the firms of which something certain is not true."""
    counted = assessed["counted"].filter(pl.col("category").is_in(CATEGORIES))
    firms = assessed["enterprises"].select(
        "enterprise_id", "credit_code", "name", "division_code", "county_code", "city_code", "coverage_state"
    )
    by_code = firms.join(truth.drop_nulls("credit_code"), on="credit_code", suffix="_true")
    by_name = firms.filter(~pl.col("enterprise_id").is_in(by_code["enterprise_id"].implode())).join(
        truth.unique("name", keep="none"), on="name", suffix="_true"
    )
    both = pl.concat([by_code, by_name], how="diagonal_relaxed")
    eligible = pl.col("in_scope") & (pl.col("members") >= 3)
    called = (pl.col("party") != "none") | pl.col("society_member")
    true_inside = {"operating": pl.col("in_scope"), "eligible": eligible, "duty_bound": eligible & called}
    wrong = []
    for category, inside in true_inside.items():
        told = both.join(counted.filter(category=category), on="enterprise_id", how="left").with_columns(
            pl.col("inside").fill_null("no"), true=inside
        )
        against = ((pl.col("inside") == "yes") & ~pl.col("true")) | (
            (pl.col("inside") == "no") & pl.col("true")
        )
        own = pl.col("coverage_state_true") == "own"
        covered = pl.col("coverage_state_true").is_in(["own", "joint"])
        states = pl.col("true") & (
            ((pl.col("own") == "yes") & ~own)
            | ((pl.col("own") == "no") & own)
            | ((pl.col("covered") == "yes") & ~covered)
            | ((pl.col("covered") == "no") & covered)
        )
        wrong.append(told.filter(against.fill_null(False) | states.fill_null(False)))
    lost = truth.join(firms.drop_nulls("credit_code"), on="credit_code", how="anti")
    lost = lost.join(firms, on="name", how="anti")
    known = pl.concat(wrong, how="diagonal_relaxed")
    moved = both.filter(pl.col("division_code") != pl.col("division_code_true"))
    return known, moved, lost


def held(folder, enterprises, seed):
    """Checks one province; how many ranges were compared, how many a wrongly certain firm spoilt."""
    _, assessed, truth = measured(folder, enterprises, seed)
    compared, missed = misses(assessed["coverage"], truth)
    wrong, moved, _ = wrongly_certain(assessed, truth)
    spoilt = {"410000"}
    for frame in (wrong, moved):
        for name in ("division_code", "division_code_true", "city_code", "city_code_true", "county_code"):
            if name in frame.columns:
                spoilt |= set(frame[name].drop_nulls().to_list())
    unexplained = missed.filter(~pl.col("division_code").is_in(list(spoilt)))
    assert unexplained.is_empty(), unexplained
    if wrong.is_empty() and moved.is_empty():
        assert missed.is_empty(), missed
    return compared, missed, wrong


def test_a_messy_province_prints_ranges_that_hold_the_truth(tmp_path):
    compared, missed, wrong = held(tmp_path, 2_000, 91)
    assert compared > 200
    assert missed.height <= 3 * 3 * max(wrong["enterprise_id"].n_unique(), 1)


@pytest.mark.slow
def test_twenty_messy_provinces_print_ranges_that_hold_the_truth(tmp_path):
    for seed in range(91, 111):
        held(tmp_path / str(seed), 8_000, seed)
