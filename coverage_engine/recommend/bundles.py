"""Bundles (打包): one call that serves many targets — a park, a headquarters, a union's roster.

A target is served by a call when the path through that counterpart is feasible for it, first choice or not:
whoever is called anyway is asked about all of them. Calls that serve fewer than the stated number of targets
are no bundles. Sums are made in integers, so that every engine writes the same.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from coverage_engine.frames.dialect import Lazy
from coverage_engine.model.tables import PLAN_TABLES, conform
from coverage_engine.recommend.definitions import MILLION, PathBook, PathDefinition
from coverage_engine.recommend.evidence import NAMELESS
from coverage_engine.recommend.scoring import probability
from coverage_engine.recommend.wording import sentence, slots

_LENGTH = 80


def bundle_targets(frame: Lazy, book: PathBook, first: nw.Expr) -> list[Lazy]:
    """Every (path, counterpart, target) that a call could serve: one frame a path."""
    return [_served(frame, path, first) for path in book.paths if path.bundle is not None]


def sizes_of_calls(frame: Lazy, book: PathBook) -> list[Lazy]:
    """How many targets each call could serve: `path`, `counterpart` and `rows`, one frame a path."""
    return [
        rows_of_calls(_servable(frame, path), path).with_columns(
            nw.lit(path.number).cast(nw.Int32).alias("path")
        )
        for path in book.paths
        if path.bundle is not None
    ]


def rows_of_calls(frame: Lazy, path: PathDefinition) -> Lazy:
    """How many rows each counterpart of a path has: `counterpart` and `rows`.

    Rows are counted by the names that a counterpart is called by, so that it is told in words once for each.
    """
    named = frame.group_by(*(f"name_{name}" for name in _names(path))).agg(nw.len().alias("alike"))
    by_counterpart = named.select(counterpart(path), "alike").group_by("counterpart")
    return by_counterpart.agg(nw.col("alike").sum().cast(nw.Int64).alias("rows"))


def counterpart(path: PathDefinition) -> nw.Expr:
    """Who is called once on a path that has calls."""
    assert path.bundle is not None
    return sentence(path.bundle, _LENGTH).alias("counterpart")


def large_enough(pairs: pl.DataFrame, least: int) -> pl.DataFrame:
    """The pairs of those calls that serve at least so many targets, sorted."""
    large = pairs.filter(pl.len().over("path", "counterpart") >= least)
    return conform(large, PLAN_TABLES["bundle_targets"]).sort("path", "counterpart", "enterprise_id")


def bundles(pairs: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """One row a call (columns: `PLAN_TABLES`), from the targets that it serves."""
    summed = (
        pairs.lazy()
        .group_by("path", "counterpart")
        .agg(
            # A call that reaches over several counties is for the committee above them.
            pl.when(pl.col("lead_unit").n_unique() == 1)
            .then(pl.col("lead_unit").first())
            .otherwise(pl.format("上级团委、{}", pl.col("counterpart").first()))
            .alias("lead_unit"),
            *_sums(),
            pl.col("staff_hours").max(),
        )
    )
    ordered = summed.collect().sort(["expected", "path", "counterpart"], descending=[True, False, False])
    numbered = _rounded(ordered).with_columns(pl.int_range(1, pl.len() + 1).alias("call_order"))
    return conform(numbered, PLAN_TABLES["bundles"])


def bundle_places(
    pairs: pl.DataFrame | pl.LazyFrame, enterprises: pl.DataFrame | pl.LazyFrame
) -> pl.DataFrame:
    """What each call does for each county, or city where only that is known (columns: `PLAN_TABLES`)."""
    places = enterprises.lazy().select(
        "enterprise_id", pl.coalesce("county_code", "city_code").alias("division_code")
    )
    keys = ["path", "counterpart", "division_code"]
    placed = pairs.lazy().join(places, on="enterprise_id", how="left")
    summed = _rounded(placed.group_by(keys).agg(*_sums()).collect()).sort(keys, nulls_last=True)
    return conform(summed, PLAN_TABLES["bundle_places"])


def _sums() -> list[pl.Expr]:
    """What a call is expected to bring, over all its targets and over those with its path first."""
    chance = (pl.col("probability") * MILLION).round().cast(pl.Int64)
    young = chance * pl.col("young_employees").fill_null(0)
    first = pl.col("first").cast(pl.Int64)
    return [
        pl.len().alias("targets"),
        first.sum().alias("first"),
        chance.sum().alias("expected"),
        young.sum().alias("expected_young"),
        (chance * first).sum().alias("first_expected"),
        (young * first).sum().alias("first_young"),
    ]


def _rounded(sums: pl.DataFrame) -> pl.DataFrame:
    return sums.with_columns(
        *((pl.col(name) / MILLION).round(2) for name in ("expected", "first_expected")),
        *((pl.col(name) / MILLION).round(1) for name in ("expected_young", "first_young")),
    )


def _served(frame: Lazy, path: PathDefinition, first: nw.Expr) -> Lazy:
    return _servable(frame, path).select(
        nw.lit(path.number).cast(nw.Int32).alias("path"),
        counterpart(path),
        "enterprise_id",
        probability(nw.col(f"score_{path.number}")).alias("probability"),
        (first == path.number).alias("first"),
        "young_employees",
        sentence(path.lead_unit.zh, _LENGTH).alias("lead_unit"),
        nw.lit(path.staff_hours).cast(nw.Int64).alias("staff_hours"),
    )


def _servable(frame: Lazy, path: PathDefinition) -> Lazy:
    """The rows that a call of the path could serve: it is feasible, and who is called has a name."""
    known = nw.all_horizontal(
        *(
            ~nw.col(f"name_{name}").is_null() & (nw.col(f"name_{name}") != NAMELESS.get(name, ""))
            for name in _names(path)
        ),
        ignore_nulls=True,
    )
    return frame.filter(nw.col(f"feasible_{path.number}").fill_null(False) & known)


def _names(path: PathDefinition) -> list[str]:
    """The names that a counterpart of the path is called by."""
    return slots(path.bundle or "")
