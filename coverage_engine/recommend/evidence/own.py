"""Facts that stand in the enterprise's own rows: members, young staff, Party organisation, union, brands."""

from __future__ import annotations

import narwhals as nw

from coverage_engine.coverage.plain_facts import value_of
from coverage_engine.frames.coding import MOST, WHOLE, packed
from coverage_engine.frames.dialect import Lazy, in_memory
from coverage_engine.frames.joins import (
    address,
    decoded,
    first_rows,
    links,
    share,
    share_of_others,
    sums_of,
    with_states,
)
from coverage_engine.frames.lookups import looked_up
from coverage_engine.model.firm_facts import columns_for, firm_facts
from coverage_engine.recommend.evidence.inputs import Surroundings, known_and_covered

PARTY = packed("told_party", ("party_superior",), {"party_members": MOST})
UNION = packed("told_union", ("union_superior",), {"union_members": MOST, "union_covered_share": WHOLE})
BRAND = packed("told_brand", ("brand_holder",), {"brand_count": MOST})
_CARRIED = (*columns_for("paths"), "source", "sector")


LOCALITY = (
    *("county_code", "city_code", "home_division"),
    *("trade_department_id", "department_id", "blank_department"),
)
"""Columns of an enterprise that decide which department, county and home place speak of it."""


def with_locality(own: Lazy) -> Lazy:
    """Adds `locality`, alike for the enterprises that are alike in all of `LOCALITY`."""
    words = (
        nw.col(name) if name.endswith(("_code", "_division")) else nw.col(name).cast(nw.String)
        for name in LOCALITY
    )
    locality = nw.concat_str([word.fill_null("") for word in words], separator="|")
    return own.with_columns(locality.alias("locality"))


def own_words() -> tuple[nw.Expr, ...]:
    """What sentences and citations say of the enterprise itself."""
    return (
        address().alias("at_enterprise"),
        nw.coalesce(nw.col("county"), nw.col("city"), nw.lit("当地")).alias("name_division"),
        nw.col("park").alias("name_park"),
    )


def own_facts(around: Surroundings, *words: nw.Expr) -> Lazy:
    """One row per wanted enterprise: its own facts, and the keys that the other evidence joins on."""
    party, margin = nw.col("party"), nw.col("member_margin").cast(nw.Int64)
    return around.assessed.filter(nw.col("wanted")).select(
        *_CARRIED,
        *known_and_covered(),
        *words,
        margin.alias("member_margin"),
        (margin < 0).alias("below_three"),
        share(nw.col("young_employees"), nw.col("employees")).alias("young_share"),
        (party != "none").alias("party_organisation"),
        nw.when(party != "none").then(party == "own").alias("party_own"),
        nw.col("union").alias("trade_union"),
        _youth_sector().alias("youth_sector"),
        *(value_of(fact).alias(key) for key, fact in firm_facts().items() if fact.of and fact.path),
    )


def _youth_sector() -> nw.Expr:
    """Whether the sector is one that the notice names; unknown where no industry is told."""
    other_sector = nw.when(~nw.col("industry_code").is_null()).then(nw.lit(False))
    return nw.when(~nw.col("sector").is_null()).then(nw.lit(True)).otherwise(other_sector)


def party_facts(around: Surroundings) -> Lazy:
    """The size and superior of each enterprise's Party organisation (路径1)."""
    table = around.tables["party_organisations"]
    named = table.with_columns((~nw.col("superior").is_null()).alias("named"))
    first = first_rows(named, "enterprise_id", "party_members", "named", "superior")
    stated = first.with_columns(nw.when(nw.col("named")).then(nw.lit(True)).alias("party_superior"))
    return stated.select(
        "enterprise_id",
        nw.col("superior").alias("name_party_superior"),
        nw.col("at").alias("at_party"),
        PARTY.encode(),
    )


def with_superiors(frame: Lazy) -> Lazy:
    """Completes the names of the superiors of Party organisation and union: those of the division."""
    bodies = {"name_party_superior": "党委组织部", "name_union_superior": "总工会"}
    return frame.with_columns(
        nw.coalesce(nw.col(name), nw.concat_str([nw.col("name_division"), nw.lit(body)], separator="")).alias(
            name
        )
        for name, body in bodies.items()
    )


def union_facts(around: Surroundings) -> Lazy:
    """Superior and members of each wanted enterprise's trade union, coverage beside it (路径3)."""
    first = first_rows(around.tables["trade_unions"], "enterprise_id", "superior", "union_members")
    stated = in_memory(with_states(first, around.states, "enterprise_id"))
    sums = sums_of(stated.filter(~nw.col("superior").is_null()), "superior")
    summed = looked_up(stated.filter(nw.col("wanted")), sums, "superior", "superior").with_columns(
        nw.when(~nw.col("superior").is_null()).then(nw.lit(True)).alias("union_superior"),
        share_of_others().alias("union_covered_share"),
    )
    return summed.select(
        "enterprise_id",
        nw.col("superior").alias("name_union_superior"),
        nw.col("at").alias("at_union"),
        UNION.encode(),
    )


def brand_facts(around: Surroundings) -> Lazy:
    """The brands that an enterprise holds or applies for; a held one is named first (路径8)."""
    status = nw.col("status")
    holds = nw.when(~status.is_null()).then(status == "holder")
    table = around.tables["brand_programmes"].filter(~nw.col("brand").is_null())
    pairs = links(table.with_columns(holds.alias("held")), "enterprise_id", "brand", "held")
    counts = pairs.group_by("enterprise_id").agg(
        nw.len().cast(nw.Int64).alias("brand_count"), nw.col("held").max().alias("held_any")
    )
    named = pairs.join(
        counts.rename({"enterprise_id": "counted"}), left_on="enterprise_id", right_on="counted", how="inner"
    ).filter(nw.col("held") == nw.col("held_any"))
    first = named.group_by("enterprise_id").agg(
        nw.col("brand").min().alias("name_brand"),
        nw.col("at").min().alias("at_brand"),
        nw.col("brand_count").max(),
        nw.col("held_any").max(),
    )
    chosen = first.with_columns(decoded(nw.col("held_any")).alias("brand_holder"))
    return chosen.select("enterprise_id", "name_brand", "at_brand", BRAND.encode())
