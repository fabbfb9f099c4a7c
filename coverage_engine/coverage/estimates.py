"""The table of estimates: divisions, parks and sectors, each with point, interval and range (`rates`)."""

from __future__ import annotations

import polars as pl

from coverage_engine.coverage.assessment import assessed_enterprises
from coverage_engine.coverage.rates import DIVISIONS, GATHERINGS, rates_of
from coverage_engine.coverage.strata import by_numerator, strata
from coverage_engine.frames.dialect import collected, lazy_frames
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.tables import DUTY_TABLES, conform
from coverage_engine.policy import Policy


def estimates(snapshot: Snapshot, policy: Policy) -> pl.DataFrame:
    """The table `estimates`: rates of divisions, parks and sectors (columns: `DUTY_TABLES`)."""
    frames = lazy_frames(snapshot.tables)
    firms = assessed_enterprises(frames, policy, snapshot.kinds)
    cells = by_numerator(collected(strata(firms, frames["set_aside"])))
    rates = rates_of(cells, policy, (*DIVISIONS, *GATHERINGS))
    named = _named(rates, snapshot, policy).with_columns(
        small_base=pl.col("surely") < policy.number("small_base")
    )
    return conform(named, DUTY_TABLES["estimates"]).sort("level", "division_code", "category", "numerator")


# ---------------------------------------------------------------------------------------------- private


def _named(rates: pl.DataFrame, snapshot: Snapshot, policy: Policy) -> pl.DataFrame:
    parks = snapshot["parks"].select(pl.col("park_id").cast(pl.String).alias("division_code"), "name")
    sectors = pl.DataFrame(
        {"division_code": [s.key for s in policy.sectors], "name": [s.label for s in policy.sectors]},
        schema={"division_code": pl.String, "name": pl.String},
    )
    names = pl.concat(
        [
            snapshot["divisions"].select("level", pl.col("code").alias("division_code"), "name"),
            parks.select(pl.lit("park").alias("level"), "division_code", "name"),
            sectors.select(pl.lit("sector").alias("level"), "division_code", "name"),
        ]
    ).rename({"name": "division"})
    return rates.join(names, on=["level", "division_code"], how="left")
