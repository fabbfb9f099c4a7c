"""Parks and societies: the figures that Annexes 4 and 5 are drawn from."""

from __future__ import annotations

import narwhals as nw

from coverage_engine.frames.dialect import Frames, Lazy, possible, sure

_COUNTS = (
    "enterprises",
    "non_public",
    "above_scale",
    "employees",
    "young_employees",
    "league_members",
    "with_party",
    "eligible",
    "own",
    "joint",
    "verified",
    "uncovered_duty",
    "unknown",
    "possible",
    "possible_covered",
    "possible_bare",
    "employees_known",
    "young_employees_known",
    "league_members_known",
    "hollow",
    "presumed",
    "presumed_covered",
    "presumed_bare",
)
_NUMBERS = ("employees", "young_employees", "league_members")


def park_figures(enterprises: Lazy, frames: Frames) -> Lazy:
    """The table `parks`: each park with the counts of its non-public, operating enterprises.

    Of a park that no enterprise names nothing is known, nor a sum of numbers of which not one is.
    """
    counted = enterprises.filter(~nw.col("park_id").is_null()).select(
        nw.col("park_id").alias("counted_park"), *(flag.alias(name) for name, flag in _park_flags().items())
    )
    sums = counted.group_by("counted_park").agg(*(nw.col(name).sum() for name in _COUNTS))
    parks = frames["parks"].join(sums, left_on="park_id", right_on="counted_park", how="left")
    known = {name: (nw.col(f"{name}_known") > 0) | (nw.col("non_public") == 0) for name in _NUMBERS}
    filled = parks.with_columns(
        *(nw.when(is_known).then(nw.col(name)).alias(name) for name, is_known in known.items())
    )
    there = nw.col("non_public") > nw.col("presumed")
    nothing = nw.lit(None, dtype=nw.Float64)
    # Lowest: every firm that may be uncovered is, and those covered that may be outside are; highest: the
    # other way round (figures.py).
    covered, firms = nw.col("own") + nw.col("joint"), nw.col("non_public")
    least = covered - nw.col("presumed_covered")
    low_base = (firms - nw.col("presumed_covered") + nw.col("possible_bare")).clip(1, None)
    most = covered + nw.col("unknown") + nw.col("possible_covered")
    high_base = (firms - nw.col("presumed_bare") + nw.col("possible_covered")).clip(1, None)
    low, high = least.cast(nw.Float64) / low_base, most.cast(nw.Float64) / high_base
    return filled.with_columns(
        nw.when(there).then(low).otherwise(nothing).alias("rate_low"),
        nw.when(there).then(high).otherwise(nothing).alias("rate_high"),
    )


def society_rows(frames: Frames) -> Lazy:
    """The table `societies`: one row for each society and member enterprise."""
    named = frames["societies"].select(
        nw.col("society_id").alias("named_id"), nw.col("name").alias("society"), "kind", "level"
    )
    return frames["society_members"].join(named, left_on="society_id", right_on="named_id", how="inner")


def _park_flags() -> dict[str, nw.Expr]:
    scope, own = nw.col("in_scope"), nw.col("has_own")
    covered = own | nw.col("has_joint")
    surely_in, open_ = sure(scope), scope.is_null()
    flags = {
        "non_public": surely_in,
        "above_scale": surely_in & sure(nw.col("above_scale")),
        "with_party": surely_in & sure(nw.col("has_party")),
        "eligible": surely_in & sure(nw.col("enough_members")),
        "own": surely_in & sure(own),
        "joint": surely_in & sure(nw.col("has_joint")) & ~sure(own),
        "verified": surely_in & sure(covered) & (nw.col("verified") == "yes"),
        "uncovered_duty": surely_in & nw.col("obligation").is_in(["must_establish", "should_establish"]),
        "unknown": surely_in & covered.is_null(),
        "possible": open_,
        "possible_covered": open_ & possible(covered),
        "possible_bare": open_ & ~sure(covered),
        "hollow": surely_in & sure(covered) & sure(nw.col("hollow") == "yes"),
        "presumed": nw.col("scope_presumed"),
        "presumed_covered": nw.col("scope_presumed") & sure(covered),
        "presumed_bare": nw.col("scope_presumed") & sure(~covered),
    }
    numbers = {
        name: nw.when(surely_in).then(nw.col(name).fill_null(0)).otherwise(nw.lit(0)) for name in _NUMBERS
    }
    known = {f"{name}_known": surely_in & ~nw.col(name).is_null() for name in _NUMBERS}
    return {
        "enterprises": nw.lit(1).cast(nw.Int64),
        **{name: flag.cast(nw.Int64) for name, flag in (flags | known).items()},
        **numbers,
    }
