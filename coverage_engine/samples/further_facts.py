"""Facts of a firm that the registry describes and no relation of the sample depends on."""

from __future__ import annotations

import numpy as np
import polars as pl

from coverage_engine.model.fact_shapes import SampleUse
from coverage_engine.model.firm_facts import FirmFact, firm_facts, header_of
from coverage_engine.samples.streams import Streams


def further_facts(firms: pl.DataFrame, streams: Streams) -> pl.DataFrame:
    """A column of the 企业台账 for each fact that says how a sample fills it (`[fact.sample]`)."""
    filled = (fact for fact in firm_facts().values() if fact.sample is not None)
    return pl.DataFrame([_drawn(fact, firms.height, streams).alias(header_of(fact)) for fact in filled])


# ---------------------------------------------------------------------------------------------- private


def _drawn(fact: FirmFact, height: int, streams: Streams) -> pl.Series:
    """Blank with the share `blank`, else none with the share `none`, else log-normal counts, or yes."""
    shares, rng = fact.sample or SampleUse(), streams.of(f"fact:{fact.key}")
    known = pl.Series(rng.random(height) >= shares.blank)
    some = rng.random(height) >= shares.none
    if fact.kind == "flag":
        values = pl.Series(np.where(some, "是", "否").astype(object), dtype=pl.String)
    else:
        size = np.exp(shares.sigma * rng.standard_normal(height)) * shares.median
        values = pl.Series(np.where(some, np.maximum(np.rint(size), 1), 0).astype(np.int64))
    return pl.select(pl.when(known).then(values)).to_series()
