"""What the evidence is computed from: the tables as lazy frames, who is covered, and what was handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import narwhals as nw

from coverage_engine.frames.dialect import Lazy, in_memory, levelled
from coverage_engine.frames.joins import address, within
from coverage_engine.frames.lookups import Lookup, looked_up, lookup


@dataclass(frozen=True)
class Surroundings:
    """The tables of a snapshot with the assessed enterprises, ready for the evidence.

    `standing` has for every enterprise (not only those `wanted`) whether its state is `known` and `covered`
    (0 or 1), whether it has a League organisation of its own and a Party organisation (three-valued), where
    it stands and its address `at`. `sites` is the same in short, at hand: `known` and `covered`, park and
    building. `states` looks up whether it is known, covered and wanted, `hubs` what is known of the firms
    that are headquarters or leaders (columns `firm_…`). `assessed` has the keys of building, department and
    home too.
    """

    tables: Mapping[str, Lazy]
    kinds: frozenset[str]
    assessed: Lazy
    standing: Lazy
    sites: Lazy
    states: Lookup
    hubs: Lookup
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
    wanted: nw.Expr,
) -> Surroundings:
    """Gathers what the evidence needs; `assessed` is the plan table `enterprises`.

    `wanted` says of which of them facts are to be told.
    """
    sited = _sited(assessed, tables["enterprises"]).with_columns(wanted.fill_null(False).alias("wanted"))
    standing = levelled(_standing(sited))
    of_all = ("enterprise_id", "known", "covered", "wanted")
    sites = in_memory(standing.select(*of_all, "park_id", "place_id"))
    states = lookup(sites.select(*of_all), "enterprise_id")
    hubs = lookup(_hub_firms(sited, tables), "enterprise_id")
    return Surroundings(tables, kinds, sited, standing, sites, states, hubs, threshold, settings)


def _sited(assessed: Lazy, enterprises: Lazy) -> Lazy:
    """The assessed enterprises with the keys of building, department and home that the plan does not tell."""
    keys = ("place_id", "department_id", "trade_department_id", "home_division")
    if set(keys) <= set(assessed.collect_schema().names()):
        return assessed
    sites = enterprises.select(nw.col("enterprise_id").alias("sited"), *keys)
    return looked_up(assessed, sites, "enterprise_id", "sited")


def known_and_covered() -> tuple[nw.Expr, nw.Expr]:
    """Whether an assessed enterprise's state is known, and whether it is covered (0 or 1)."""
    covered = _covered()
    return (
        (~covered.is_null()).cast(nw.Int32).alias("known"),
        covered.fill_null(False).cast(nw.Int32).alias("covered"),
    )


def coverage_code() -> nw.Expr:
    """Covered or not as 0 no, 1 unknown, 2 yes, from `known` and `covered`."""
    return nw.when(nw.col("known") == 0).then(nw.lit(1)).otherwise(nw.col("covered") * 2).cast(nw.Int64)


def covered_flag() -> nw.Expr:
    """Covered or not as a three-valued flag, from `known` and `covered`."""
    return nw.when(nw.col("known") == 1).then(nw.col("covered") == 1)


def _covered() -> nw.Expr:
    """Covered, three-valued; a firm out of scope (a state-owned headquarters, say) by its claim."""
    state, form = nw.col("coverage_state"), nw.col("league_form")
    by = nw.col("covered_by")
    unknown = nw.lit(None, dtype=nw.Boolean)
    claimed = nw.when(~form.is_null()).then(form != "none").otherwise(unknown)
    stated = nw.when(~(by == "unknown")).then(by.is_in(["own", "joint"])).otherwise(unknown)
    return nw.when(state == "out_of_scope").then(claimed).otherwise(stated)


def _standing(assessed: Lazy) -> Lazy:
    state, form = nw.col("coverage_state"), nw.col("league_form")
    outside = state == "out_of_scope"
    unknown = nw.lit(None, dtype=nw.Boolean)
    claimed_own = nw.when(~form.is_null()).then(form == "own").otherwise(unknown)
    by = nw.col("covered_by")
    is_known = ~(by == "unknown")
    return assessed.select(
        "enterprise_id",
        "wanted",
        *known_and_covered(),
        nw.when(outside)
        .then(claimed_own)
        .otherwise(nw.when(is_known).then(by == "own").otherwise(unknown))
        .alias("own_league"),
        (nw.col("party") != "none").alias("has_party"),
        "city_code",
        "county_code",
        "park_id",
        "place_id",
        address().alias("at"),
    )


def _hub_firms(assessed: Lazy, tables: Mapping[str, Lazy]) -> Lazy:
    named = nw.concat([tables[name].select("enterprise_id") for name in ("headquarters", "leaders")])
    # What is known is told of these few only, after they are found.
    standing = levelled(_standing(within(assessed, named, "enterprise_id", "enterprise_id")))
    return standing.select(
        "enterprise_id",
        covered_flag().alias("firm_covered"),
        nw.col("own_league").alias("firm_own_league"),
        nw.col("has_party").alias("firm_has_party"),
        nw.col("city_code").alias("firm_city"),
        nw.col("county_code").alias("firm_county"),
        nw.col("park_id").alias("firm_park"),
        nw.col("at").alias("firm_at"),
    )


def blanks_mean(frame: Lazy, around: Surroundings, fields: Mapping[str, str]) -> Lazy:
    """Adds what blank fields of the 企业台账 mean: no, unless the ledger has no such column at all.

    `fields` are the columns to add, each with the field that it is about.
    """
    having = around.tables["source_columns"].select(
        nw.col("source").alias("described"),
        *((nw.col("field") == field).cast(nw.Int64).alias(name) for name, field in fields.items()),
    )
    columns = having.group_by("described").agg(*(nw.col(name).max() for name in fields))
    lacking = columns.select("described", *((nw.col(name).fill_null(0) == 0).alias(name) for name in fields))
    unknown = nw.lit(None, dtype=nw.Boolean)
    meanings = (
        nw.when(nw.col(name).fill_null(False)).then(unknown).otherwise(nw.lit(False)).alias(name)
        for name in fields
    )
    return looked_up(frame, lacking, "source", "described").with_columns(*meanings)
