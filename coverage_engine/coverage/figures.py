"""Coverage figures: integer counts per county, rolled up to city and province, with rates as ranges.

For a denominator D and a numerator N, both three-valued, let a, b, c count the firms surely in D with N true,
false, unknown, and d, e, f those possibly in D. Whatever the unknown facts turn out to be, the rate lies in

    [ a / (a+b+c+e+f),  (a+c+d+f) / (a+b+c+d+f) ]

Counts of counties add up to their city's and the province's to the unit: firms whose county is not known
stand in a row of their own (未分县). A row of 企业台账 that was turned back counts as one more firm possibly
in every D and of unknown N (f) where its place is known; of unknown place, in the province alone. A firm that
is in D only by presumption (`scope_presumed`) is possibly in it.
"""

from __future__ import annotations

import narwhals as nw

from coverage_engine.frames.dialect import Frames, Lazy, answer, levelled, possible, sure
from coverage_engine.model.vocabulary import Tier

_CELLS = "abcdef"
_EXTRAS = (
    *("verified", "unknown", "must", "should", "undetermined", "targets", "set_aside"),
    *("hollow", "own_hollow", "presumed"),
)
UNASSIGNED = "（未分县）"

CATEGORIES: tuple[str, ...] = (
    "operating",
    "eligible",
    "duty_bound",
    *(f"tier:{tier.value}" for tier in Tier),
)
"""分母: operating non-public enterprises, those with three members or more, the duty-bound, each tier."""


def coverage_figures(alike: Lazy, frames: Frames) -> Lazy:
    """The table `coverage` of the plan: one row per division and denominator.

    Each row of `alike` stands for `firms` enterprises of one county that are judged alike.
    """
    judged = _county_counts(nw.concat([_considered(alike, each) for each in CATEGORIES]))
    every = levelled(_with_set_aside(judged, frames["set_aside"]))
    counties = every.filter(nw.col("city_code") != "")
    cities = _rolled_up(counties, "city_code", "city")
    province = _rolled_up(
        every.with_columns(nw.lit("410000").alias("province_code")), "province_code", "province"
    )
    named_counties = counties.with_columns(
        nw.when(nw.col("county_code") == "")
        .then(nw.col("city_code"))
        .otherwise(nw.col("county_code"))
        .alias("division_code"),
        (nw.col("county_code") == "").alias("unassigned"),
        nw.lit("county").alias("level"),
    ).drop("city_code", "county_code")
    columns = ["division_code", "level", "unassigned", "category", *_counts()]
    levels = nw.concat([frame.select(columns) for frame in (named_counties, cities, province)])
    return _named(levelled(_with_rates(levelled(levels))), frames)


def _counts() -> list[str]:
    return [f"{numerator}_{cell}" for numerator in ("own", "joint") for cell in _CELLS] + list(_EXTRAS)


def denominator(category: str, in_scope: nw.Expr | None = None) -> nw.Expr:
    """Whether an enterprise is taken to count in a denominator; three-valued (`in_scope` may be replaced)."""
    scope = nw.col("in_scope") if in_scope is None else in_scope
    if category == "operating":
        return scope
    if category == "eligible":
        return nw.col("is_eligible")
    if category == "duty_bound":
        return nw.col("is_duty_bound")
    return scope & nw.col(f"tier_{category.removeprefix('tier:')}")


def ranged(inside: nw.Expr) -> nw.Expr:
    """The same as ranges take it: of a firm that is in it only by presumption it is not known."""
    return nw.when(~(sure(inside) & nw.col("scope_presumed"))).then(inside)


def figure_flags(category: str) -> dict[str, nw.Expr]:
    """For each count of one denominator: whether an enterprise is counted in it."""
    return _flags(denominator(category))


def _flags(taken: nw.Expr) -> dict[str, nw.Expr]:
    own, covered = nw.col("has_own"), nw.col("has_own") | nw.col("has_joint")
    inside = ranged(taken)
    surely_in = sure(inside)
    return {
        **_cell_flags("own", inside, own),
        **_cell_flags("joint", inside, covered),
        "verified": surely_in & sure(covered) & (nw.col("verified") == "yes"),
        "unknown": possible(inside) & covered.is_null(),
        "must": sure(taken) & (nw.col("obligation") == "must_establish"),
        "should": sure(taken) & (nw.col("obligation") == "should_establish"),
        "undetermined": possible(inside) & (nw.col("obligation") == "undetermined"),
        "targets": possible(inside) & nw.col("is_target"),
        "hollow": surely_in & sure(covered) & sure(nw.col("hollow") == "yes"),
        "own_hollow": surely_in & sure(own) & sure(nw.col("hollow") == "yes"),
        "presumed": sure(taken) & nw.col("scope_presumed"),
    }


def counted_firms(enterprises: Lazy) -> Lazy:
    """The table `counted` of the plan: who stands behind each figure of `coverage`."""
    own, covered = nw.col("has_own"), nw.col("has_own") | nw.col("has_joint")
    parts = [
        enterprises.select(
            "enterprise_id",
            nw.lit(category).alias("category"),
            answer(ranged(denominator(category))).alias("inside"),
            answer(own).alias("own"),
            answer(covered).alias("covered"),
            (sure(denominator(category)) & nw.col("scope_presumed")).alias("presumed"),
        ).filter(nw.col("inside") != "no")
        for category in CATEGORIES
    ]
    return nw.concat(parts)


def _considered(alike: Lazy, category: str) -> Lazy:
    """The rows of `alike` with one denominator, and whether they are `inside` it."""
    return alike.select(
        *("city_code", "firms", "has_own", "has_joint", "verified", "hollow", "obligation", "is_target"),
        "scope_presumed",
        nw.col("county_code").fill_null(""),
        nw.lit(category).alias("category"),
        denominator(category).alias("inside"),
    )


def _county_counts(considered: Lazy) -> Lazy:
    flags = _flags(nw.col("inside"))
    counted = considered.select(
        *("city_code", "county_code", "category"),
        *((flag.cast(nw.Int64) * nw.col("firms")).alias(name) for name, flag in flags.items()),
    )
    return counted.group_by("city_code", "county_code", "category").agg(nw.col(name).sum() for name in flags)


def set_aside_in(rows: Lazy, category: str) -> Lazy:
    """The rows turned back that may count in a denominator: lists that they do not name leave them out."""
    named = {f"tier:{Tier.TOP_HUNDRED.value}": "top_hundred", f"tier:{Tier.PARK.value}": "park"}
    return rows.filter(sure(nw.col(named[category]))) if category in named else rows


def _with_set_aside(counties: Lazy, rows: Lazy) -> Lazy:
    """The counts with the rows turned back beside them; those of unknown place under no city at all."""
    keys = ("city_code", "county_code", "category")
    names = [name for name in _counts() if name != "set_aside"]
    within = [
        set_aside_in(rows, category)
        .select(
            *(nw.col(level).fill_null("") for level in ("city_code", "county_code")),
            nw.lit(category).alias("category"),
            *(nw.lit(1).cast(nw.Int64).alias(name) for name in ("own_f", "joint_f", "set_aside")),
            *(nw.lit(0).cast(nw.Int64).alias(name) for name in names if name not in ("own_f", "joint_f")),
        )
        .select(*keys, *_counts())
        for category in CATEGORIES
    ]
    # Engines of SQL make wider whole numbers of sums.
    judged = counties.select(
        *keys,
        *(nw.col(name).cast(nw.Int64) for name in names),
        nw.lit(0).cast(nw.Int64).alias("set_aside"),
    ).select(*keys, *_counts())
    summed = nw.concat([judged, *within]).group_by(*keys)
    return summed.agg(*(nw.col(name).sum() for name in _counts()))


def _cell_flags(numerator: str, inside: nw.Expr, covered: nw.Expr) -> dict[str, nw.Expr]:
    surely_in, open_ = sure(inside), inside.is_null()
    yes, no, unknown = sure(covered), sure(~covered), covered.is_null()
    combinations = [
        (surely_in, yes),
        (surely_in, no),
        (surely_in, unknown),
        (open_, yes),
        (open_, no),
        (open_, unknown),
    ]
    return {
        f"{numerator}_{cell}": left & right for cell, (left, right) in zip(_CELLS, combinations, strict=True)
    }


def _rolled_up(counties: Lazy, key: str, level: str) -> Lazy:
    sums = [nw.col(name).sum() for name in _counts()]
    return (
        counties.group_by(key, "category")
        .agg(*sums)
        .rename({key: "division_code"})
        .with_columns(nw.lit(level).alias("level"), nw.lit(False).alias("unassigned"))
    )


def _with_rates(levels: Lazy) -> Lazy:
    cells = {cell: nw.col(f"own_{cell}") for cell in _CELLS}
    low = cells["a"] + cells["b"] + cells["c"]
    return levels.with_columns(
        low.alias("denominator_low"),
        (low + cells["d"] + cells["e"] + cells["f"]).alias("denominator_high"),
        nw.col("joint_b").alias("uncovered_low"),
        *_range("own", "rate"),
        *_range("joint", "joint_rate"),
    )


def _range(numerator: str, rate: str) -> list[nw.Expr]:
    a, b, c, d, e, f = (nw.col(f"{numerator}_{cell}") for cell in _CELLS)
    certain = a + b + c
    # A denominator that may be empty has no rate; dividing by at least one keeps every engine quiet.
    there = certain > 0
    nothing = nw.lit(None, dtype=nw.Float64)
    low = a.cast(nw.Float64) / (certain + e + f).clip(1, None)
    high = (a + c + d + f).cast(nw.Float64) / (certain + d + f).clip(1, None)
    return [
        a.alias(f"{numerator}_low"),
        (a + c + d + f).alias(f"{numerator}_high"),
        nw.when(there).then(low).otherwise(nothing).alias(f"{rate}_low"),
        nw.when(there).then(high).otherwise(nothing).alias(f"{rate}_high"),
    ]


def _named(levels: Lazy, frames: Frames) -> Lazy:
    names = frames["divisions"].select(
        nw.col("code").alias("named_code"),
        nw.col("level").alias("named_level"),
        nw.col("name").alias("division"),
    )
    # A city's row of firms without a county is named after the city.
    keyed = levels.with_columns(
        nw.when(nw.col("unassigned")).then(nw.lit("city")).otherwise(nw.col("level")).alias("name_level")
    )
    named = keyed.join(
        names, left_on=["division_code", "name_level"], right_on=["named_code", "named_level"], how="left"
    )
    suffix = nw.when(nw.col("unassigned")).then(nw.lit(UNASSIGNED)).otherwise(nw.lit(""))
    return named.with_columns(nw.concat_str([nw.col("division"), suffix]).alias("division"))
