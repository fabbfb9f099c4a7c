"""Messy samples held against their truth: what is certain is never wrong, and every range holds the truth.

Two things alone are presumed, and the page tells both and of how many firms: one of which nobody filled in
营业状态 is taken as 在营, and one of mixed capital (合资、合作…) without 控股情况 as non-public. Their own
duty and state are not judged; every range is judged as printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
import pytest

import coverage_engine as ce
from coverage_engine.coverage import assess
from coverage_engine.policy import load_policy

TWENTY = range(91, 111)
CERTAIN = {
    "obligation": "undetermined",
    "coverage_state": "unknown",
    "eligible": "unknown",
    "duty_bound": "unknown",
}
COUNTS, RATES = ("denominator", "own", "joint"), {"own": "rate", "joint": "joint_rate"}
PLACES = {"province": pl.lit("410000"), "city": pl.col("city_code"), "county": pl.col("division_code")}
PLACE = ["level", "division_code", "category"]
SLACK = 1e-9
MIXED = ["210", "220", "240", "290", "310", "320", "340", "390"]
"""登记注册类型 of the table of 2011, of which the samples are, where the Chinese side may hold control."""


@dataclass(frozen=True)
class MessySample:
    """What was judged of messy ledgers, and the truth behind them."""

    snapshot: ce.Snapshot
    tables: Mapping[str, pl.DataFrame]
    truth: pl.DataFrame


def planned(snapshot, findings):
    return ce.plan(snapshot, findings=findings).tables


def judged(snapshot, _):
    """The tables that a plan takes its states, duties and figures from, without its paths."""
    return assess(snapshot, load_policy(snapshot.as_of))


def messy_sample(folder, enterprises, seed, told=judged):
    ce.write_sample(folder, enterprises=enterprises, seed=seed, messy=True)
    snapshot, findings = ce.read_ledgers([folder])
    truth = pl.read_parquet(folder / "truth" / "enterprises.parquet")
    eligible = pl.col("in_scope") & (pl.col("members") >= 3)
    called = (pl.col("party") != "none") | pl.col("society_member")
    stated = truth.with_columns(eligible=eligible, duty_bound=eligible & called)
    return MessySample(snapshot, told(snapshot, findings), stated)


def with_their_truth(firms, truth):
    """Firms with what is true of them (`…_true`): found by their code, else by a name that only one has."""
    suffixed = truth.rename({name: f"{name}_true" for name in truth.columns})
    by_code = firms.join(suffixed, left_on="credit_code", right_on="credit_code_true")
    rest = firms.join(by_code, on="enterprise_id", how="anti")
    alone = suffixed.filter(~pl.col("name_true").is_duplicated())
    by_name = rest.join(alone, left_on="name", right_on="name_true")
    return pl.concat([by_code, by_name], how="diagonal_relaxed")


def certain_but_wrong(sample):
    """Firms of which something said for certain is not true, whatever is presumed of them left out."""
    both = with_their_truth(sample.tables["enterprises"], sample.truth)
    assert both.height == sample.tables["enterprises"].height
    told = both.join(presumed(sample), on="enterprise_id", how="anti").with_columns(
        pl.when(f"{name}_true").then(pl.lit("yes")).otherwise(pl.lit("no")).alias(f"{name}_true")
        for name in ("eligible", "duty_bound")
    )
    wrong = [
        (pl.col(name) != unsaid) & (pl.col(name) != pl.col(f"{name}_true"))
        for name, unsaid in CERTAIN.items()
    ]
    shown = [name for fact in CERTAIN for name in (fact, f"{fact}_true")]
    return told.filter(pl.any_horizontal(wrong)).select("name", *shown)


def true_figures(truth):
    """Denominators and numerators by level, division and category, counted from the truth."""
    own, covered = pl.col("coverage_state") == "own", pl.col("coverage_state").is_in(["own", "joint"])
    inside = {"operating": "in_scope", "eligible": "eligible", "duty_bound": "duty_bound"}
    parts = [
        truth.group_by(division_code=key).agg(
            pl.lit(level).alias("level"),
            pl.lit(category).alias("category"),
            denominator=pl.col(flag).sum().cast(pl.Int64),
            own=(pl.col(flag) & own).sum().cast(pl.Int64),
            joint=(pl.col(flag) & covered).sum().cast(pl.Int64),
        )
        for level, key in PLACES.items()
        for category, flag in inside.items()
    ]
    return pl.concat(parts)


def against(coverage, truth):
    """The printed rows with the true figures, and whether their ranges `hold` these."""
    printed = coverage.filter(~pl.col("division").str.contains("未分县").fill_null(False))
    both = printed.join(true_figures(truth), on=PLACE, suffix="_true")
    outside = [
        (pl.col(name) < pl.col(f"{name}_low")) | (pl.col(name) > pl.col(f"{name}_high")) for name in COUNTS
    ]
    for name, rate in RATES.items():
        true_rate = pl.col(name) / pl.col("denominator")
        told = pl.col(f"{rate}_low").is_not_null() & (pl.col("denominator") > 0)
        low, high = pl.col(f"{rate}_low") - SLACK, pl.col(f"{rate}_high") + SLACK
        outside.append(told & ((true_rate < low) | (true_rate > high)))
    ends = [f"{name}{end}" for name in COUNTS for end in ("_low", "", "_high")]
    return both.select(*PLACE, *ends, hold=~pl.any_horizontal(outside))


def presumed(sample):
    """The firms of which the page says that something is presumed; it says of how many."""
    firms = sample.snapshot["enterprises"]
    blank, mixed = pl.col("operating").is_null(), pl.col("registration_type").is_in(MIXED)
    without = {"operating": blank, "mixed_capital": pl.col("control").is_null() & mixed.fill_null(False)}
    messages = dict(sample.snapshot["presumptions"].select("subject", "message").iter_rows())
    for subject, flag in without.items():
        count = firms.filter(flag).height
        assert not count or messages[subject].startswith(f"{count} 家")
    return firms.filter(pl.any_horizontal(without.values()))


def assert_true(sample):
    wrong = certain_but_wrong(sample)
    assert wrong.is_empty(), wrong.to_dicts()
    printed = against(sample.tables["coverage"], sample.truth)
    missed = printed.filter(~pl.col("hold"))
    assert missed.is_empty(), missed.to_dicts()
    return printed.height


def test_a_messy_sample_is_planned_without_a_wrong_word_or_range(tmp_path):
    assert assert_true(messy_sample(tmp_path / "ledgers", 2_000, 91, planned)) > 200


@pytest.mark.slow
@pytest.mark.parametrize("seed", TWENTY)
def test_twenty_messy_samples_are_planned_without_a_wrong_word_or_range(tmp_path, seed):
    assert assert_true(messy_sample(tmp_path / "ledgers", 8_000, seed)) > 500
