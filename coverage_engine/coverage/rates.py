"""Point estimates of coverage rates with a 95 % interval, beside the range that needs no assumption.

Method (分层推算). Firms are sorted into strata of county and size. A firm of which the denominator fact D or
the numerator fact N is unknown is expected to be like those firms of its stratum of which both are known and
which agree with all that is known of it (a covered firm is compared with covered firms only). A stratum with
too few such firms (policy `donors_least`) takes the city's firms of that size, then the province's, then all.
The rate is expected numerator over expected denominator. Its variance counts the chance of each unknown firm
and the doubt of the stratum's shares: (n_u + n_u²/n_known) times the variance of N − R·D.

What is missing is taken to be missing by chance within a stratum. The range takes nothing for granted, and
the interval is never wider than the range.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from coverage_engine.coverage.donors import imputed
from coverage_engine.coverage.figures import UNASSIGNED
from coverage_engine.coverage.strata import OF, PLACES, by_numerator
from coverage_engine.policy import Policy

_COMBINED = tuple(f"{inside}{covered}" for inside in "tfu" for covered in "tfu")
_NORMAL_95 = 1.959964
Level = tuple[str, pl.Expr, pl.Expr]
DIVISIONS: tuple[Level, ...] = (
    ("province", pl.lit("410000"), pl.lit(True)),
    ("city", pl.col("city_code"), pl.col("city_code") != ""),
    ("county", pl.col("county_code"), pl.col("county_code") != ""),
)
GATHERINGS: tuple[Level, ...] = (
    ("park", pl.col("park"), pl.col("park") != ""),
    ("sector", pl.col("sector"), pl.col("sector") != ""),
)
POINTS = tuple(f"{numerator}point{end}" for numerator in ("", "joint_") for end in ("", "_low", "_high"))
"""The columns of `coverage` that are estimates."""


def rates_of(cells: pl.DataFrame, policy: Policy, levels: Sequence[Level]) -> pl.DataFrame:
    """Rates of the divisions or gatherings of each level, from cells as of `by_numerator`."""
    unknown = imputed(cells, policy.number("donors_least"))
    rows = [
        _rates(
            cells.filter(condition).with_columns(division_code=key),
            unknown.filter(condition).with_columns(division_code=key),
            level,
        )
        for level, key, condition in levels
    ]
    return pl.concat(rows)


def with_points(coverage: pl.DataFrame, wide: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The table `coverage` with point estimates and 95 % intervals; `wide` are its `strata`.

    Firms whose county is not known have no estimate of their own.
    """
    counts = wide.with_columns(pl.col("^((own|joint)_[tfu]|size)$").cast(pl.Int64))
    rates = rates_of(by_numerator(counts), policy, DIVISIONS)
    estimated = coverage.drop(POINTS, strict=False)
    keys = ["level", "division_code", "category"]
    for numerator, prefix in (("own", ""), ("joint", "joint_")):
        points = rates.filter(pl.col("numerator") == numerator).select(
            *keys,
            pl.col("point").alias(f"{prefix}point"),
            pl.col("interval_low").alias(f"{prefix}point_low"),
            pl.col("interval_high").alias(f"{prefix}point_high"),
        )
        estimated = estimated.join(points, on=keys, how="left", maintain_order="left")
    unassigned = pl.col("division").str.ends_with(UNASSIGNED).fill_null(False)
    return estimated.with_columns(pl.when(~unassigned).then(pl.col(name)).alias(name) for name in POINTS)


# ---------------------------------------------------------------------------------------------- private


def _rates(cells: pl.DataFrame, unknown: pl.DataFrame, level: str) -> pl.DataFrame:
    keys = ["division_code", *OF]
    base = cells.group_by(keys).agg(pl.col(name).sum() for name in _COMBINED)
    pools = (
        unknown.group_by(*keys, "pool")
        .agg(pl.col("unknown").sum(), pl.exclude("unknown", *PLACES).first())
        .sort(*keys, "pool")
        .with_columns(*_shares())
    )
    added = pools.group_by(keys, maintain_order=True).agg(
        (pl.col("unknown") * pl.col("share_covered")).sum().alias("add_covered"),
        (pl.col("unknown") * (pl.col("share_covered") + pl.col("share_bare"))).sum().alias("add_in"),
        pl.col("unknown").sum().alias("imputed"),
    )
    surely = pl.col("tt") + pl.col("tf") + pl.col("tu")
    rates = base.join(added, on=keys, how="left").with_columns(
        pl.col("add_covered", "add_in", "imputed").fill_null(0), surely=surely
    )
    expected_in = pl.col("tt") + pl.col("tf") + pl.col("add_in")
    rates = rates.with_columns(
        expected_in=expected_in,
        point=pl.when(expected_in > 0).then((pl.col("tt") + pl.col("add_covered")) / expected_in),
    )
    doubt = (
        pools.join(rates.select(*keys, "point"), on=keys, how="left")
        .with_columns(_spread().alias("spread"))
        .group_by(keys, maintain_order=True)
        .agg(_variance())
    )
    return _bounded(rates.join(doubt, on=keys, how="left").with_columns(pl.lit(level).alias("level")))


def _shares() -> list[pl.Expr]:
    """The shares in the denominator and covered, and in it and bare; `soft_` ones keep off 0 and 1."""
    known = pl.col("known")
    none = known == 0
    pieces = pl.col("may_cover").cast(pl.Int64) + pl.col("may_bare").cast(pl.Int64)
    # Without a single known firm an even chance is all that can be said.
    even = 1.0 / (pieces + (~pl.col("surely_in")).cast(pl.Int64))
    soft = known + 0.5 * (pieces + (~pl.col("surely_in")).cast(pl.Int64))
    shares = []
    for share, count, may in (
        ("share_covered", "in_covered", "may_cover"),
        ("share_bare", "in_bare", "may_bare"),
    ):
        plain = pl.when(none).then(even).otherwise(pl.col(count) / known.clip(1, None))
        shares.append(pl.when(may).then(plain).otherwise(0.0).alias(share))
        shares.append(pl.when(may).then((pl.col(count) + 0.5) / soft).otherwise(0.0).alias(f"soft_{share}"))
    return shares


def _spread() -> pl.Expr:
    """Variance of N − R·D among the firms of one pool."""
    rate = pl.col("point").fill_null(0.5)
    covered, bare = pl.col("soft_share_covered"), pl.col("soft_share_bare")
    mean = covered * (1 - rate) - bare * rate
    return covered * (1 - rate) ** 2 + bare * rate**2 - mean**2


def _variance() -> pl.Expr:
    """Variance of the sum of N − R·D over the unknown firms: their own chance, and the doubt of the shares.

    The pools of firms of which both facts are unknown overlap the others, so their doubts go together.
    """
    unknown, spread = pl.col("unknown"), pl.col("spread")
    both = pl.col("may_cover") & pl.col("may_bare") & ~pl.col("surely_in")
    doubt = spread * unknown**2 / pl.col("known").clip(1, None)
    together = doubt.filter(both).sum().sqrt() + doubt.filter(~both).sum().sqrt()
    return ((spread * unknown).sum() + together**2).alias("variance")


def _bounded(rates: pl.DataFrame) -> pl.DataFrame:
    """Adds the range, and the interval inside it."""
    yes, no = pl.col("tt"), pl.col("surely")
    low_base, high_base = no + pl.col("uf") + pl.col("uu"), no + pl.col("ut") + pl.col("uu")
    there = no > 0
    margin = _NORMAL_95 * pl.col("variance").fill_null(0.0).sqrt() / pl.col("expected_in").clip(1e-9, None)
    ranged = rates.with_columns(
        possibly=no + pl.col("ut") + pl.col("uf") + pl.col("uu"),
        rate_low=pl.when(there).then(yes / low_base.clip(1, None)),
        rate_high=pl.when(there).then(pl.sum_horizontal("tt", "tu", "ut", "uu") / high_base.clip(1, None)),
    )
    return ranged.with_columns(
        interval_low=(pl.col("point") - margin).clip(pl.col("rate_low").fill_null(0.0), 1.0),
        interval_high=(pl.col("point") + margin).clip(0.0, pl.col("rate_high").fill_null(1.0)),
    )
