"""What the evidence is computed from: the tables as lazy frames, who is covered, and what was handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import narwhals as nw

from coverage_engine.coverage.frames import Lazy
from coverage_engine.recommend.frames import address, attach


@dataclass(frozen=True)
class Surroundings:
    """The tables of a snapshot with the assessed enterprises, ready for the evidence.

    `standing` has for every enterprise (not only targets) whether it is covered, has a League organisation
    of its own and a Party organisation, all three-valued, where it stands and its address `at`.
    """

    tables: Mapping[str, Lazy]
    kinds: frozenset[str]
    assessed: Lazy
    standing: Lazy
    threshold: int
    settings: Mapping[str, int]

    def absent(self, kind: str) -> nw.Expr:
        """What a missing link means: no, where the ledger was handed in (a closed list); else unknown."""
        return nw.lit(False) if kind in self.kinds else nw.lit(None, dtype=nw.Boolean)


def surroundings(
    tables: Mapping[str, Lazy],
    kinds: frozenset[str],
    assessed: Lazy,
    threshold: int,
    settings: Mapping[str, int],
) -> Surroundings:
    """Gathers what the evidence needs; `assessed` is the plan table `enterprises`."""
    return Surroundings(tables, kinds, assessed, _standing(assessed), threshold, settings)


def _standing(assessed: Lazy) -> Lazy:
    state, form = nw.col("coverage_state"), nw.col("league_form")
    outside = state == "out_of_scope"
    unknown = nw.lit(None, dtype=nw.Boolean)
    # A firm out of scope (a state-owned headquarters, say) is judged by what its ledger claims.
    claimed = nw.when(~form.is_null()).then(form != "none").otherwise(unknown)
    claimed_own = nw.when(~form.is_null()).then(form == "own").otherwise(unknown)
    told = ~(state == "unknown")
    return assessed.select(
        "enterprise_id",
        nw.when(outside)
        .then(claimed)
        .otherwise(nw.when(told).then(state.is_in(["own", "joint"])).otherwise(unknown))
        .alias("covered"),
        nw.when(outside)
        .then(claimed_own)
        .otherwise(nw.when(told).then(state == "own").otherwise(unknown))
        .alias("own_league"),
        (nw.col("party") != "none").alias("has_party"),
        "name",
        "city_code",
        "county_code",
        "park_id",
        address().alias("at"),
    )


def blank_means(frame: Lazy, around: Surroundings, field: str, name: str) -> Lazy:
    """Adds what a blank `field` of the 企业台账 means: no, unless the ledger has no such column at all."""
    having = (
        around.tables["source_columns"]
        .filter(nw.col("field") == field)
        .select(nw.col("source").alias("__having"), nw.lit(True).alias("__column"))
        .unique()
    )
    described = (
        around.tables["source_columns"]
        .select(nw.col("source").alias("__described"), nw.lit(True).alias("__any_column"))
        .unique()
    )
    joined = attach(attach(frame, having, "source", "__having"), described, "source", "__described")
    lacking = nw.col("__column").is_null() & ~nw.col("__any_column").is_null()
    meaning = nw.when(lacking).then(nw.lit(None, dtype=nw.Boolean)).otherwise(nw.lit(False))
    return joined.with_columns(meaning.alias(name)).drop("__column", "__any_column")
