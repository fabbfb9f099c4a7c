"""Relations between enterprises, and between enterprises and other bodies, as tables of a Snapshot."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from coverage_engine.ledgers.assembling.hubs import (
    Shape,
    drop_self_links,
    gather,
    with_enterprise,
    with_outside_province,
)
from coverage_engine.ledgers.assembling.unlisted_offices import unlisted_offices
from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.identity.links import Register, link_rows, linked_and_lost, once

Tables = dict[str, pl.DataFrame]


def groups(rows: Mapping[str, pl.DataFrame], register: Register, log: FindingLog, edition: str) -> Tables:
    """Headquarters with their branch offices, in the 企业台账 or not, leaders with their associated firms."""
    tables: Tables = {}
    for kind, hub, id_name in (
        ("branch_offices", "headquarters", "headquarters_id"),
        ("associated_enterprises", "leaders", "leader_id"),
    ):
        prefix = id_name.removesuffix("_id")
        hubs, numbered = gather(rows[kind], id_name, Shape(f"{prefix}_name", f"{prefix}_code"))
        hubs = with_enterprise(hubs, register)
        if kind == "branch_offices":
            found, lost = linked_and_lost(numbered, register, log, per=[id_name])
            tables["unlisted_offices"] = unlisted_offices(lost, hubs, log)
        else:
            found = link_rows(numbered, register, log, per=[id_name])
        linked = drop_self_links(found, hubs, id_name, log)
        tables[hub] = with_outside_province(hubs, edition) if hub == "headquarters" else hubs
        tables[kind] = once(linked, ["enterprise_id", id_name], log)
    return tables


def memberships(rows: Mapping[str, pl.DataFrame], register: Register, log: FindingLog) -> Tables:
    """Associations and societies with their member enterprises."""
    associations, members = gather(
        rows["association_members"],
        "association_id",
        Shape(
            "association_name",
            "association_code",
            facts=("industry", "division_code", "league_organisation"),
        ),
    )
    societies, fellows = gather(
        rows["society_members"], "society_id", Shape("society_name", also=("level",), facts=("kind",))
    )
    return {
        "associations": associations,
        "association_members": once(
            link_rows(members, register, log, per=["association_id"]),
            ["enterprise_id", "association_id"],
            log,
        ),
        "societies": societies.with_columns(pl.col("kind").fill_null("other")),
        "society_members": once(
            link_rows(fellows, register, log, per=["society_id"]), ["enterprise_id", "society_id"], log
        ),
    }


def attached(rows: Mapping[str, pl.DataFrame], register: Register, log: FindingLog) -> Tables:
    """Ledgers whose rows each speak of one enterprise."""
    unions = once(link_rows(rows["trade_unions"], register, log), ["enterprise_id"], log)
    party = once(link_rows(rows["party_organisations"], register, log), ["enterprise_id"], log)
    brands = link_rows(rows["brand_programmes"], register, log, per=["brand"])
    return {
        "trade_unions": unions,
        "party_organisations": party,
        "brand_programmes": once(brands, ["enterprise_id", "brand"], log),
        "outcomes": once(
            link_rows(rows["outcomes"], register, log, per=["path", "started"]),
            ["enterprise_id", "path", "started"],
            log,
        ),
    }
