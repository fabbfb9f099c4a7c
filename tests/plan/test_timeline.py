"""Other times beside the present: earlier snapshots judged as they stood, campaigns laid over the plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace

import polars as pl
import pytest

import coverage_engine as ce
from coverage_engine.timeline import after_campaign, earlier_periods

KEYS = ["level", "division_code", "division", "category"]


@dataclass
class PlayedCampaign:
    """What a campaign result tells of each gap: its chance of being covered at the end."""

    chances: pl.DataFrame

    @property
    def outcomes(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(scenario=SimpleNamespace(key="lead", title="总部带动", months=12))]

    def __getitem__(self, name: str) -> pl.DataFrame:
        assert name == "reached"
        return self.chances


def campaign(plan: ce.Plan, chance: float) -> PlayedCampaign:
    gaps = plan["enterprises"].filter(pl.col("coverage_state").is_in(["uncovered", "youth_only"]))
    return PlayedCampaign(gaps.select("enterprise_id", own_possible=pl.lit(True), p_lead=pl.lit(chance)))


def test_a_campaign_that_reaches_nobody_changes_no_figure(small_province) -> None:
    plan = small_province.plan
    (after,) = after_campaign(plan, campaign(plan, 0.0))
    assert (after.name, after.simulated) == ("总部带动 12个月后", True)
    assert after.coverage.equals(plan["coverage"])
    assert after.county_estimates.sort("division_code", "category").equals(
        plan["county_estimates"].sort("division_code", "category")
    )


def test_a_campaign_that_reaches_every_gap_leaves_none(small_province) -> None:
    plan = small_province.plan
    (after,) = after_campaign(plan, campaign(plan, 1.0))
    told = after.coverage.filter(pl.col("category").is_in(["operating", "eligible", "duty_bound"]))
    assert told["uncovered_low"].sum() == 0
    # A joint branch does not meet a duty to establish: only the gaps' duties are met.
    gaps = plan["enterprises"].filter(pl.col("coverage_state").is_in(["uncovered", "youth_only"]))
    whole = (pl.col("level") == "province") & (pl.col("category") == "operating")
    for name, obligation in (("must", "must_establish"), ("should", "should_establish")):
        met = gaps.filter(pl.col("obligation") == obligation).height
        assert told.filter(whole)[name].item() == plan["coverage"].filter(whole)[name].item() - met
    known = told.filter(pl.col("unknown") == 0, pl.col("denominator_low") == pl.col("denominator_high"))
    assert known.height > 100
    assert (
        known["joint_rate_low"].drop_nulls().to_list() == [1.0] * known["joint_rate_low"].drop_nulls().len()
    )


def test_half_a_campaign_lies_between_and_its_gains_are_whole_firms(small_province) -> None:
    plan = small_province.plan
    (after,) = after_campaign(plan, campaign(plan, 0.5))
    joined = plan["coverage"].join(after.coverage, on=KEYS, suffix="_after")
    moved = joined.filter(pl.col("category").is_in(["operating", "eligible", "duty_bound"]))
    gain = moved["joint_low_after"] - moved["joint_low"]
    assert (gain == moved["uncovered_low"] - moved["uncovered_low_after"]).all()
    assert ((gain - moved["uncovered_low"] / 2).abs() <= 0.5).all()
    for rate in ("joint_rate_low", "joint_rate_high"):
        assert (moved[f"{rate}_after"] >= moved[rate] - 1e-12).drop_nulls().all()
        assert (moved[f"{rate}_after"] <= 1 + 1e-12).drop_nulls().all()
    province = moved.filter(pl.col("level") == "province", pl.col("category") == "operating")
    counted = plan["enterprises"].filter(pl.col("coverage_state").is_in(["uncovered", "youth_only"])).height
    assert (province["joint_low_after"] - province["joint_low"]).item() == pytest.approx(counted / 2, abs=1)
    tiers = joined.filter(pl.col("category").str.starts_with("tier:"))
    assert (tiers["joint_low"] == tiers["joint_low_after"]).all()


def test_a_campaign_of_a_whole_province_is_added_up_like_a_small_one(small_province) -> None:
    # Tables of this size are filtered in several threads, where a filter that names no column fails.
    plan, times = small_province.plan, 200
    enterprises = pl.concat(
        plan["enterprises"].with_columns(pl.col("enterprise_id") + number * plan["enterprises"].height)
        for number in range(times)
    )
    province = replace(plan, tables={**plan.tables, "enterprises": enterprises})
    counted = {
        size: after_campaign(told, campaign(told, chance))[0].coverage["joint_low"].to_list()
        for size, told, chance in (("one", plan, 0.6), ("many", province, 0.6 / times))
    }
    assert enterprises.height > 100_000
    assert counted["many"] == counted["one"]


def test_earlier_snapshots_stand_in_order_of_their_dates_with_their_own_figures(small_province) -> None:
    plan = small_province.plan
    snapshots = [replace(plan.snapshot, as_of=day) for day in (date(2019, 5, 31), date(2019, 4, 30))]
    periods = earlier_periods(snapshots)
    assert [period.name for period in periods] == ["2019-04-30", "2019-05-31"]
    counts = ["denominator_low", "joint_low", "uncovered_low"]
    for period in periods:
        assert period.coverage.select(counts).equals(plan["coverage"].select(counts))
        assert not period.simulated
