"""Margin to the three-member line: where one transfer creates a duty, and where one leaving ends it."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from coverage_engine.coverage.assessment import assessed_enterprises
from coverage_engine.coverage.figures import UNASSIGNED
from coverage_engine.frames.dialect import Lazy, collected, lazy_frames, sure
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.tables import DUTY_TABLES, conform
from coverage_engine.policy import Policy

_COUNTS = tuple(column.name for column in DUTY_TABLES["margins"] if column.kind == "count")


def margins(snapshot: Snapshot, policy: Policy) -> pl.DataFrame:
    """The table `margins` of province, cities and counties (columns: `DUTY_TABLES`)."""
    frames = lazy_frames(snapshot.tables)
    firms = assessed_enterprises(frames, policy, snapshot.kinds)
    counties = collected(_by_county(firms))
    sums = [pl.col(name).sum() for name in _COUNTS]
    cities = counties.group_by(division_code="city_code").agg(sums)
    province = counties.select(pl.lit("410000").alias("division_code"), *sums)
    levels = pl.concat(
        [
            frame.select("division_code", pl.lit(level).alias("level"), *_COUNTS)
            for level, frame in (
                ("province", province),
                ("city", cities),
                (
                    "county",
                    counties.filter(pl.col("county_code") != "").rename({"county_code": "division_code"}),
                ),
            )
        ]
        + [
            counties.filter(pl.col("county_code") == "").select(
                pl.col("city_code").alias("division_code"), pl.lit("unassigned").alias("level"), *_COUNTS
            )
        ]
    )
    return conform(_named(levels, snapshot["divisions"]), DUTY_TABLES["margins"]).sort(
        pl.col("level").replace_strict({"province": 0, "city": 1, "county": 2}, return_dtype=pl.Int8),
        "division_code",
        "division",
    )


# ---------------------------------------------------------------------------------------------- private


def _by_county(enterprises: Lazy) -> Lazy:
    surely_in, gap = sure(nw.col("in_scope")), nw.col("member_margin")
    own, bare = sure(nw.col("has_own")), sure(~nw.col("has_own"))
    called = sure(nw.col("has_party")) | sure(nw.col("in_society"))
    short, at = surely_in & sure(gap == -1) & bare, surely_in & sure(gap == 0)
    flags = {
        "one_short": short,
        "one_short_called": short & called,
        "at_line": at,
        "at_line_uncovered": at & bare,
        "at_line_own": at & own,
        "own_below": surely_in & own & sure(gap < 0),
    }
    counted = enterprises.select(
        "city_code",
        nw.col("county_code").fill_null(""),
        *(flag.cast(nw.Int64).alias(name) for name, flag in flags.items()),
    )
    return counted.group_by("city_code", "county_code").agg(*(nw.col(name).sum() for name in flags))


def _named(levels: pl.DataFrame, divisions: pl.DataFrame) -> pl.DataFrame:
    names = divisions.select("level", pl.col("code").alias("division_code"), pl.col("name").alias("division"))
    keyed = levels.with_columns(
        unassigned=pl.col("level") == "unassigned",
        name_level=pl.col("level").replace({"unassigned": "city"}),
    )
    suffix = pl.when("unassigned").then(pl.lit(UNASSIGNED)).otherwise(pl.lit(""))
    return keyed.join(
        names, left_on=["name_level", "division_code"], right_on=["level", "division_code"], how="left"
    ).with_columns(
        division=pl.concat_str(pl.col("division"), suffix),
        level=pl.col("level").replace({"unassigned": "county"}),
    )
