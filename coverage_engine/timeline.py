"""Other times of a plan's figures: earlier snapshots, and the end of a simulated campaign.

The same judgements and the same county estimates as in the plan; maps lay them beside the present.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from coverage_engine.arguments import CALLABLE, TEXT, checked, files, maybe, several
from coverage_engine.campaigns import CampaignResult
from coverage_engine.coverage import assess
from coverage_engine.coverage.county_gaps import county_estimates
from coverage_engine.coverage.figures import UNASSIGNED
from coverage_engine.coverage.hot_spots import neighbours_of
from coverage_engine.divisions.choice import choose_division
from coverage_engine.divisions.table import edition_of, shapes
from coverage_engine.model.drawing import Period
from coverage_engine.model.plan import Plan
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.policy import load_policy

Progress = Callable[[str], None]


@checked(
    snapshots=several(Snapshot, "底数（Snapshot）"),
    division=maybe(TEXT),
    policy_files=files(),
    progress=CALLABLE,
)
def earlier_periods(
    snapshots: Sequence[Snapshot],
    *,
    division: str | None = None,
    policy_files: Sequence[Path] = (),
    progress: Progress = lambda step: None,
) -> tuple[Period, ...]:
    """The figures of earlier snapshots by date, each judged by the policy of its own day.

    Raises:
        ArgumentError: an argument of the wrong kind.
        DivisionError: no such division.
        PolicyError: a policy file is wrong.

    Example:
        >>> [period.name for period in earlier_periods(earlier_snapshots("底数"))]
        ['2019-05-31']
    """
    periods = []
    for snapshot in sorted(snapshots, key=lambda each: each.as_of):
        progress(f"判断以前时点 {snapshot.as_of.isoformat()}")
        policy = load_policy(snapshot.as_of, policy_files)
        tables = assess(snapshot, policy, choose_division(snapshot, division))
        periods.append(Period(snapshot.as_of.isoformat(), tables["coverage"], tables["county_estimates"]))
    return tuple(periods)


def after_campaign(plan: Plan, result: CampaignResult) -> tuple[Period, ...]:
    """For each scenario the plan's figures with the firms that the campaign is expected to cover.

    The expected number of newly covered firms is rounded to whole firms in each county; cities and the
    province are told by their own sums. Only firms that are surely uncovered now can be gained, and not those
    that a range counts only as perhaps there; a duty is met only by firms that can have an organisation of
    their own.
    """
    neighbours = neighbours_of(shapes(edition_of(plan.as_of), "county"))
    presumed = plan["counted"].filter("presumed")["enterprise_id"].unique()
    periods = []
    for outcome in result.outcomes:
        chances = result["reached"].select(
            "enterprise_id", "own_possible", chance=f"p_{outcome.scenario.key}"
        )
        coverage = _covered(plan["coverage"], _gains(plan["enterprises"], chances, presumed))
        name = f"{outcome.scenario.title} {outcome.scenario.months}个月后"
        periods.append(Period(name, coverage, county_estimates(coverage, neighbours), simulated=True))
    return tuple(periods)


# ---------------------------------------------------------------------------------------------- private

# Each names a column: a filter that names none fails on tables large enough to be split among threads.
_INSIDE = {
    "operating": pl.col("enterprise_id").is_not_null(),
    "eligible": pl.col("eligible") == "yes",
    "duty_bound": pl.col("duty_bound") == "yes",
}
_DUTIES = {"must": "must_establish", "should": "should_establish"}
_PLACE = ("level", "division_code", "division", "category")


def _gains(enterprises: pl.DataFrame, chances: pl.DataFrame, presumed: pl.Series) -> pl.DataFrame:
    """Expected gains by row of the table `coverage`: all firms, and those that must or should establish."""
    uncovered = pl.col("coverage_state").is_in(["uncovered", "youth_only"])
    gains = enterprises.filter(uncovered).join(chances, on="enterprise_id", how="inner")
    gains = gains.with_columns(surely=~pl.col("enterprise_id").is_in(presumed.implode()))
    parts = []
    for category, inside in _INSIDE.items():
        counted = gains.filter(inside.fill_null(False)).with_columns(category=pl.lit(category))
        gained = ["category", "chance", "obligation", "own_possible", "surely"]
        parts += [counted.select(*place, *gained) for place in _places()]
    sums = [pl.col("chance").filter("surely").sum().alias("gain")]
    for name, obligation in _DUTIES.items():
        met = (pl.col("obligation") == obligation) & pl.col("own_possible")
        sums.append(pl.col("chance").filter(met).sum().alias(f"{name}_gain"))
    return pl.concat(parts).group_by(_PLACE).agg(sums)


def _places() -> list[list[pl.Expr]]:
    """Level, code and name of the rows of `coverage` in which an enterprise is counted."""
    unassigned = pl.col("county_code").is_null()
    named = pl.when(unassigned).then(pl.col("city") + UNASSIGNED).otherwise(pl.col("county"))
    code = pl.coalesce("county_code", "city_code")
    rows = [
        (pl.lit("county"), code, named),
        (pl.lit("city"), pl.col("city_code"), pl.col("city")),
        (pl.lit("province"), pl.lit("410000"), pl.lit("河南省")),
    ]
    return [
        [level.alias("level"), code.alias("division_code"), name.alias("division")]
        for level, code, name in rows
    ]


def _covered(coverage: pl.DataFrame, gains: pl.DataFrame) -> pl.DataFrame:
    """The table with its gains: numbers of jointly covered firms, their rates, unmet duties."""
    covered = coverage.join(gains, on=_PLACE, how="left", maintain_order="left").with_columns(
        pl.min_horizontal(pl.col("gain").fill_null(0).round().cast(pl.Int64), "uncovered_low").alias("gain")
    )
    # The cells of figures.py: a covered and c unknown among the firms surely in the denominator; d, e and f
    # covered, uncovered and unknown among those that may be in it.
    a, b = pl.col("joint_low"), pl.col("uncovered_low")
    c = pl.col("denominator_low") - a - b
    f = pl.col("unknown") - c
    d = pl.col("joint_high") - a - c - f
    e = pl.col("denominator_high") - pl.col("denominator_low") - d - f
    rates = {
        "joint_rate_low": (a + pl.col("gain")) / (a + b + c + e + f),
        "joint_rate_high": (a + pl.col("gain") + c + d + f) / (a + b + c + d + f),
    }
    duties = [
        (pl.col(name) - pl.col(f"{name}_gain").fill_null(0).round().cast(pl.Int64)).clip(0).alias(name)
        for name in _DUTIES
    ]
    return covered.with_columns(
        *(pl.when(pl.col(name).is_not_null()).then(rate).alias(name) for name, rate in rates.items()),
        *duties,
        (a + pl.col("gain")).alias("joint_low"),
        (pl.col("joint_high") + pl.col("gain")).alias("joint_high"),
        (b - pl.col("gain")).alias("uncovered_low"),
    ).select(coverage.columns)
