"""Targets: tiers, a transparent priority in points with their reasons, and the order of work.

Points are policy content (`data/policy/priority.toml`); big firms go first by size points (R26 抓大带小).
"""

from __future__ import annotations

from dataclasses import replace

import narwhals as nw

from coverage_engine.coverage.obligations import joined_words
from coverage_engine.frames.coding import ENTERPRISE, Coding, Part, number
from coverage_engine.frames.dialect import Lazy, sure
from coverage_engine.frames.lookups import looked_up
from coverage_engine.policy import Policy

# One integer key carries the whole order: points, then staff, then lowest id; so every engine ranks alike.
_ORDER = Coding(
    "order_key",
    (
        number("points", 399, "the points of the policy, in with_priority"),
        Part("employees", 9_999_999, clipped=True),
        replace(ENTERPRISE, descending=True),
    ),
    compared=True,
)


def with_lists(enterprises: Lazy) -> Lazy:
    """Adds the tier flags that a firm's own row tells: on the list of a hundred, in a park."""
    return enterprises.with_columns(
        (~nw.col("top_hundred_rank").is_null()).alias("tier_top_hundred"),
        (~nw.col("park_id").is_null()).alias("tier_park"),
    )


def with_tiers(cases: Lazy) -> Lazy:
    """Adds the tier flags that follow from other facts, and `tiers`."""
    flagged = cases.with_columns(
        sure(nw.col("above_scale")).alias("tier_above_scale"),
        sure(nw.col("in_society")).alias("tier_society"),
        (~nw.col("sector").is_null()).alias("tier_sector"),
    )
    names = ["top_hundred", "above_scale", "park", "society", "sector"]
    return flagged.with_columns(
        joined_words([(nw.col(f"tier_{name}"), name) for name in names]).alias("tiers")
    )


def with_priority(cases: Lazy, policy: Policy) -> Lazy:
    """Adds `is_target`, `priority` and `priority_reasons`; the rank comes after the choice of division.

    Raises:
        CodingOverflowError: the points of the policy add up to more than a ranking can tell apart.
    """
    for extreme in _extremes(policy):
        _ORDER.number(points=extreme, employees=0, enterprise_id=0)
    obligation = nw.col("obligation")
    required = obligation.is_in(["must_establish", "should_establish"])
    possible_duty = required | (obligation == "undetermined")
    in_tier = nw.col("tiers") != ""
    target = possible_duty | ((obligation == "cultivate") & in_tier)
    in_play = target & sure(nw.col("coverage_state") != "out_of_scope")
    return (
        cases.with_columns(in_play.alias("is_target"))
        .with_columns(*_size_points(policy))
        .with_columns(_priority(policy).alias("priority"), _reasons(policy).alias("priority_reasons"))
    )


def ranked(enterprises: Lazy, cities: list[str] | None, counties: list[str] | None) -> Lazy:
    """Adds `priority_rank` (1 = first) among the targets; outside the chosen division nothing is a target."""
    if cities is not None:
        enterprises = enterprises.with_columns(
            (nw.col("is_target") & sure(nw.col("city_code").is_in(cities))).alias("is_target")
        )
    if counties is not None:
        enterprises = enterprises.with_columns(
            (nw.col("is_target") & sure(nw.col("county_code").is_in(counties))).alias("is_target")
        )
    return looked_up(enterprises, _ranks(enterprises), "enterprise_id", "ranked_id")


def _ranks(enterprises: Lazy) -> Lazy:
    """The place of each target: told apart, so that no wide row waits until all are in order."""
    staff = nw.col("employees").fill_null(0)
    key = _ORDER.encode(points=nw.col("priority"), employees=staff)
    targets = enterprises.filter(nw.col("is_target"))
    keyed = targets.select(nw.col("enterprise_id").alias("ranked_id"), key)
    return keyed.select(
        "ranked_id", nw.col("order_key").rank(method="ordinal", descending=True).alias("priority_rank")
    )


def _point_flags() -> dict[str, nw.Expr]:
    obligation = nw.col("obligation")
    return {
        "must_establish": obligation == "must_establish",
        "should_establish": obligation == "should_establish",
        "undetermined": obligation == "undetermined",
        "cultivate": obligation == "cultivate",
        "top_hundred": nw.col("tier_top_hundred"),
        "above_scale": nw.col("tier_above_scale"),
        "society": nw.col("tier_society"),
        "park": nw.col("tier_park"),
        "sector": nw.col("tier_sector"),
        "many_youth": nw.col("many_youth"),
    }


def _size_points(policy: Policy) -> list[nw.Expr]:
    points, words = nw.lit(0), nw.lit("")
    for at, step in enumerate(sorted(policy.size_steps, key=lambda step: step.employees), start=1):
        large = nw.col("size_step") >= at
        points = nw.when(large).then(nw.lit(step.points)).otherwise(points)
        words = nw.when(large).then(nw.lit(f"；{step.label}{step.points}")).otherwise(words)
    return [points.alias("size_points"), words.alias("size_words")]


def _extremes(policy: Policy) -> tuple[int, int]:
    """The least and the greatest priority that the points of a policy can add up to."""
    single = [entry.points for entry in policy.points]
    steps = [0, *(step.points for step in policy.size_steps)]
    least = sum(min(0, points) for points in single) + min(steps)
    return least, sum(max(0, points) for points in single) + max(steps)


def _priority(policy: Policy) -> nw.Expr:
    flags = _point_flags()
    total = nw.col("size_points").cast(nw.Int64)
    for entry in policy.points:
        total = total + nw.when(sure(flags[entry.key])).then(nw.lit(entry.points)).otherwise(nw.lit(0))
    return total


def _reasons(policy: Policy) -> nw.Expr:
    flags = _point_flags()
    words = [(flags[entry.key], f"{entry.label}{entry.points}") for entry in policy.points]
    return nw.concat_str([joined_words(words, "；"), nw.col("size_words")])
