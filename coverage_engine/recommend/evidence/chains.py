"""Facts that reach through a group or supply chain: headquarters (路径9), leader enterprises (路径10)."""

from __future__ import annotations

import narwhals as nw

from coverage_engine.coverage.frames import Lazy, held
from coverage_engine.coverage.lookups import looked_up
from coverage_engine.recommend.evidence.packed import MOST, WHOLE, Packed
from coverage_engine.recommend.evidence.surroundings import Surroundings, covered_flag
from coverage_engine.recommend.frames import (
    attach,
    best,
    coded,
    decoded,
    first_rows,
    with_share_of_others,
    within,
)

HEADQUARTERS = Packed(
    "told_headquarters",
    (
        *("direct_relation", "headquarters_outside", "headquarters_league", "headquarters_party"),
        "headquarters_same_city",
    ),
    {"sibling_covered_share": WHOLE},
)
LEADER = Packed(
    "told_leader",
    ("leader_covered", "second_leader_covered", "leader_same_county", "leader_same_park"),
    {"leader_dependence": MOST, "associates_covered_share": WHOLE},
)


def headquarters_told(around: Surroundings) -> Lazy:
    """The headquarters' bodies and place, and the covered share of the sibling branch offices."""
    pairs = _pairs(around.tables["branch_offices"], "headquarters_id", "relation")
    shares = with_share_of_others(pairs, around.states, "enterprise_id", "headquarters_id", "sibling_covered")
    known = looked_up(shares, _headquarters(around), "headquarters_id", "hub_id")
    merit = coded(nw.col("headquarters_league")) * 2000 + nw.col("sibling_covered_share").fill_null(0)
    relation = nw.col("relation")
    direct = nw.when(~relation.is_null()).then(relation.is_in(["branch", "chain_store"]))
    same_city = nw.col("headquarters_city") == nw.col("city_code")
    elsewhere = nw.col("headquarters_outside").fill_null(False)
    chosen = _placed(best(known, "enterprise_id", "headquarters_id", merit), around, "city_code")
    told = chosen.with_columns(
        direct.alias("direct_relation"),
        nw.when(elsewhere).then(nw.lit(False)).otherwise(same_city).alias("headquarters_same_city"),
    )
    return told.select(
        *("enterprise_id", "name_headquarters", "id_headquarters_enterprise", "at_headquarters_enterprise"),
        nw.col("at").alias("at_branch_office"),
        HEADQUARTERS.told(),
    )


def leaders_told(around: Surroundings) -> Lazy:
    """The leader's coverage one and two steps away, the dependence on it."""
    pairs = _pairs(around.tables["associated_enterprises"], "leader_id", "dependence")
    shares = with_share_of_others(pairs, around.states, "enterprise_id", "leader_id", "associates_covered")
    known = looked_up(shares, _leaders(pairs, around), "leader_id", "hub_id")
    merit = coded(nw.col("leader_covered")) * 2000 + nw.col("dependence").fill_null(0)
    park, leader_park = nw.col("park_id"), nw.col("leader_park")
    outside = park.is_null() | leader_park.is_null()
    chosen = _placed(best(known, "enterprise_id", "leader_id", merit), around, "county_code", "park_id")
    told = chosen.with_columns(
        nw.col("dependence").alias("leader_dependence"),
        (nw.col("leader_county") == nw.col("county_code")).alias("leader_same_county"),
        nw.when(outside).then(nw.lit(False)).otherwise(leader_park == park).alias("leader_same_park"),
    )
    return told.select(
        *("enterprise_id", "name_leader", "id_leader_enterprise", "at_leader_enterprise"),
        nw.col("at").alias("at_associated"),
        LEADER.told(),
    )


def _placed(firms: Lazy, around: Surroundings, *columns: str) -> Lazy:
    """The firms with where they stand."""
    places = around.standing.select(nw.col("enterprise_id").alias("placed"), *columns)
    return attach(firms, places, "enterprise_id", "placed")


def _headquarters(around: Surroundings) -> Lazy:
    return _with_firm(around.tables["headquarters"], around, "headquarters").select(
        nw.col("headquarters_id").alias("hub_id"),
        nw.col("name").alias("name_headquarters"),
        nw.col("outside_province").alias("headquarters_outside"),
        nw.col("firm_own_league").alias("headquarters_league"),
        nw.col("firm_has_party").alias("headquarters_party"),
        nw.col("firm_city").alias("headquarters_city"),
        nw.col("enterprise_id").alias("id_headquarters_enterprise"),
        nw.col("firm_at").alias("at_headquarters_enterprise"),
    )


def _leaders(pairs: Lazy, around: Surroundings) -> Lazy:
    leaders = _with_firm(around.tables["leaders"], around, "leader")
    above = nw.col("above")
    # No leader above it is a known no: nothing to build on, and nothing to ask.
    second = nw.when(above.is_null()).then(nw.lit(False)).otherwise(decoded(above))
    return looked_up(leaders, _leaders_above(pairs, leaders), "enterprise_id", "associate").select(
        nw.col("leader_id").alias("hub_id"),
        nw.col("name").alias("name_leader"),
        nw.col("firm_covered").alias("leader_covered"),
        second.alias("second_leader_covered"),
        nw.col("firm_county").alias("leader_county"),
        nw.col("firm_park").alias("leader_park"),
        nw.col("enterprise_id").alias("id_leader_enterprise"),
        nw.col("firm_at").alias("at_leader_enterprise"),
    )


def _pairs(table: Lazy, hub: str, column: str) -> Lazy:
    """One row per (enterprise, hub): the first in the ledgers, with `column` of that row."""
    keyed = table.with_columns(
        (nw.col("enterprise_id").cast(nw.Int64) * 2**31 + nw.col(hub).cast(nw.Int64)).alias("pair")
    )
    # Kept: the sums of a hub and the shares of its firms both start from here.
    return held(first_rows(keyed, "pair", "enterprise_id", hub, column).drop("pair"))


def _with_firm(hubs: Lazy, around: Surroundings, hub: str) -> Lazy:
    """Hubs with what is known of the same firm in the 企业台账."""
    firms = within(around.standing, hubs, "enterprise_id", "enterprise_id").select(
        nw.col("enterprise_id").alias(f"{hub}_firm"),
        covered_flag().alias("firm_covered"),
        nw.col("own_league").alias("firm_own_league"),
        nw.col("has_party").alias("firm_has_party"),
        nw.col("city_code").alias("firm_city"),
        nw.col("county_code").alias("firm_county"),
        nw.col("park_id").alias("firm_park"),
        nw.col("at").alias("firm_at"),
    )
    return looked_up(hubs, firms, "enterprise_id", f"{hub}_firm")


def _leaders_above(pairs: Lazy, leaders: Lazy) -> Lazy:
    """For each firm that is itself an associate: the best known coverage among its own leaders, coded."""
    covered = leaders.select(
        nw.col("leader_id").alias("upper_id"), coded(nw.col("firm_covered")).alias("upper")
    )
    upper = looked_up(pairs.select("enterprise_id", "leader_id"), covered, "leader_id", "upper_id")
    return (
        upper.group_by("enterprise_id")
        .agg(nw.col("upper").max().alias("above"))
        .rename({"enterprise_id": "associate"})
    )
