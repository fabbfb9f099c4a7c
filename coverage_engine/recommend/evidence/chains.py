"""Facts that reach through a group or supply chain: headquarters (路径9), leader enterprises (路径10)."""

from __future__ import annotations

import narwhals as nw

from coverage_engine.frames.coding import ENTERPRISE, MOST, ROW_NUMBERS, WHOLE, Coding, number, packed
from coverage_engine.frames.dialect import Lazy, in_memory
from coverage_engine.frames.joins import best, coded, decoded, first_rows, with_share_of_others
from coverage_engine.frames.lookups import looked_up
from coverage_engine.recommend.evidence.inputs import Surroundings

HEADQUARTERS = packed(
    "told_headquarters",
    ("direct_relation", "headquarters_outside", "headquarters_league", "headquarters_party"),
    {"sibling_covered_share": WHOLE},
)
_PAIR = Coding("pair", (ENTERPRISE, number("hub", ROW_NUMBERS, "an id of 32 bits")), compared=True)
# A leader in no park: no firm is in the same one.
_NO_PARK = -1
LEADER = packed(
    "told_leader",
    ("leader_covered", "second_leader_covered"),
    {"leader_dependence": MOST, "associates_covered_share": WHOLE},
)


def headquarters_facts(around: Surroundings) -> Lazy:
    """The headquarters' bodies and place, and the covered share of the sibling branch offices."""
    pairs = _pairs(around.tables["branch_offices"], "headquarters_id", "relation")
    shares = with_share_of_others(pairs, around.states, "enterprise_id", "headquarters_id", "sibling_covered")
    known = looked_up(shares, _headquarters(around), "headquarters_id", "hub_id")
    merit = coded(nw.col("headquarters_league")) * 2000 + nw.col("sibling_covered_share").fill_null(0)
    relation = nw.col("relation")
    direct = nw.when(~relation.is_null()).then(relation.is_in(["branch", "chain_store"]))
    chosen = best(known, "enterprise_id", "headquarters_id", merit).with_columns(
        direct.alias("direct_relation")
    )
    return chosen.select(
        *(
            "enterprise_id",
            "headquarters_city",
            "name_headquarters",
            "id_headquarters_enterprise",
            "at_headquarters_enterprise",
        ),
        nw.col("at").alias("at_branch_office"),
        HEADQUARTERS.encode(),
    )


def leader_facts(around: Surroundings) -> Lazy:
    """The leader's coverage one and two steps away, the dependence on it."""
    pairs = _pairs(around.tables["associated_enterprises"], "leader_id", "dependence")
    shares = with_share_of_others(pairs, around.states, "enterprise_id", "leader_id", "associates_covered")
    known = looked_up(shares, _leaders(pairs, around), "leader_id", "hub_id")
    merit = coded(nw.col("leader_covered")) * 2000 + nw.col("dependence").fill_null(0)
    chosen = best(known, "enterprise_id", "leader_id", merit).with_columns(
        nw.col("dependence").alias("leader_dependence"),
        nw.col("leader_park").fill_null(_NO_PARK),
    )
    return chosen.select(
        *(
            "enterprise_id",
            "leader_county",
            "leader_park",
            "name_leader",
            "id_leader_enterprise",
            "at_leader_enterprise",
        ),
        nw.col("at").alias("at_associated"),
        LEADER.encode(),
    )


def with_chains(frame: Lazy) -> Lazy:
    """Completes what is told of headquarters and leader: whether they stand where the firm stands."""
    same_city = nw.col("headquarters_city") == nw.col("city_code")
    elsewhere = nw.col("headquarters_outside").fill_null(False)
    park = nw.col("leader_park")
    same_park = (nw.col("park_id") == park).fill_null(False)
    return frame.with_columns(
        nw.when(elsewhere).then(nw.lit(False)).otherwise(same_city).alias("headquarters_same_city"),
        (nw.col("leader_county") == nw.col("county_code")).alias("leader_same_county"),
        nw.when(~park.is_null()).then(same_park).alias("leader_same_park"),
    ).drop("headquarters_city", "leader_county", "leader_park")


def _headquarters(around: Surroundings) -> Lazy:
    return around.hubs.joined_to(around.tables["headquarters"], "enterprise_id").select(
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
    leaders = around.hubs.joined_to(around.tables["leaders"], "enterprise_id")
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
    keyed = table.with_columns(_PAIR.encode(hub=nw.col(hub)))
    # Kept: the sums of a hub and the shares of its firms both start from here.
    return in_memory(first_rows(keyed, "pair", "enterprise_id", hub, column).drop("pair"))


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
