"""From typed rows of all ledgers to the tables of a Snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from coverage_engine.divisions.resolver import Resolver
from coverage_engine.divisions.table import divisions
from coverage_engine.ledgers.assembling.checks import check_counts_elsewhere, check_days, check_numbers
from coverage_engine.ledgers.assembling.completeness import CompleteList, with_absent
from coverage_engine.ledgers.assembling.entity_kinds import with_entity_kind
from coverage_engine.ledgers.assembling.league_checks import tell_league_checks
from coverage_engine.ledgers.assembling.points import place_points
from coverage_engine.ledgers.assembling.precedence import party_wins, union_wins
from coverage_engine.ledgers.assembling.registration import with_industry, with_registration
from coverage_engine.ledgers.assembling.regulation import with_trade_departments
from coverage_engine.ledgers.assembling.relations import Tables, attached, groups, memberships
from coverage_engine.ledgers.assembling.surroundings import join_departments, join_parks, join_places
from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.identity.claimed_bodies import tell_named_bodies, with_named_body
from coverage_engine.ledgers.identity.decisions import Decision
from coverage_engine.ledgers.identity.doubts import Doubts
from coverage_engine.ledgers.identity.firm_names import without_former_name
from coverage_engine.ledgers.identity.links import Register, link_rows, once
from coverage_engine.ledgers.identity.single_firms import Merged, merge_enterprises
from coverage_engine.ledgers.identity.smart_league import (
    league_organisations,
    match_enterprises,
    with_organisation,
    with_places,
)
from coverage_engine.ledgers.tables.older_numbers import with_whole_codes
from coverage_engine.ledgers.tables.places import PROVINCE


@dataclass(frozen=True)
class Setting:
    """What the assembly needs besides the rows: date, edition, resolver, forms and whole lists …"""

    as_of: date
    edition: str
    resolver: Resolver
    with_system: frozenset[int]
    log: FindingLog
    decisions: tuple[Decision, ...] = ()
    forms: Mapping[int, str] = field(default_factory=dict)
    complete: tuple[CompleteList, ...] = ()


def assemble(rows: Mapping[str, pl.DataFrame], setting: Setting) -> Tables:
    """The snapshot tables that ledgers fill; `rows` has the typed rows of every kind, perhaps empty."""
    doubts = Doubts(setting.decisions)
    rows = with_whole_codes(check_days(rows, setting.as_of, setting.log))
    merged = _enterprises(rows["enterprises"], setting, doubts)
    enterprises, filled = merged.enterprises, merged.fact_sources
    register = Register(enterprises, doubts, merged.other_names)
    tables = {
        **groups(rows, register, setting.log, setting.edition),
        **memberships(rows, register, setting.log),
        **attached(rows, register, setting.log),
        **_league(rows, enterprises, register, setting),
        **_plain(rows, setting),
    }
    tables, enterprises = _counts_against_staff(tables, enterprises, setting.log)
    enterprises, parks, places, departments = _surrounded(enterprises, rows, setting)
    enterprises, party_sources = party_wins(enterprises, tables["party_organisations"], setting.log)
    enterprises, union_sources = union_wins(enterprises, tables["trade_unions"], setting.log)
    doubtful = doubts.table()
    enterprises, absences = with_absent(enterprises, setting.complete, doubtful, setting.log)
    tables |= {"enterprises": enterprises, "parks": parks, "places": places, "departments": departments}
    decided = pl.concat([party_sources, union_sources, absences, filled], how="diagonal_relaxed")
    tables["fact_sources"] = decided.unique(
        ["enterprise_id", "field"], keep="first", maintain_order=True
    ).sort("enterprise_id", "field")
    tables["divisions"] = _divisions(setting.edition)
    tables["doubtful_pairs"] = doubtful
    return tables


# ---------------------------------------------------------------------------------------------- private


def _enterprises(rows: pl.DataFrame, setting: Setting, doubts: Doubts) -> Merged:
    log = setting.log
    checked = check_numbers(rows, log)
    registered = with_registration(checked, setting.as_of, log)
    typed = with_industry(registered, log)
    placed = place_points(typed, setting.edition, setting.with_system, log)
    merged = merge_enterprises(placed, log, doubts, setting.forms)
    present = merged.enterprises.with_columns(without_former_name(pl.col("name")))
    checked = with_entity_kind(check_numbers(present, log), log)
    return replace(merged, enterprises=with_named_body(_with_home(checked, setting)))


def _with_home(rows: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    """`home_division` as a code, or the text of a place outside the province; anything else is not kept."""
    texts = rows["home_division"].drop_nulls().unique().sort().to_list()
    answers = {}
    for text in texts:
        place = setting.resolver.resolve(text)
        division = place.code or ("410000" if place.problem == "province_only" else None)
        answers[text] = division or (text if place.problem == "outside" else None)
    unknown = [text for text, answer in answers.items() if answer is None]
    troubled = rows.filter(pl.col("home_division").is_in(unknown)).with_columns(found="home_division")
    setting.log.add_rows(
        "division.not_used", troubled.with_columns(found=pl.lit("（未显示）")), "home_division"
    )
    if not texts:
        return rows
    return rows.with_columns(
        pl.col("home_division").replace_strict(answers, default=None, return_dtype=pl.String)
    )


def _surrounded(
    enterprises: pl.DataFrame, rows: Mapping[str, pl.DataFrame], setting: Setting
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    log = setting.log
    listed = once(rows["parks"], ["name", "division_code"], log, "name")
    listed = place_points(listed, setting.edition, setting.with_system, log)
    in_parks, parks = join_parks(enterprises, listed, setting.resolver, log)
    in_places, places = join_places(in_parks)
    agencies = once(rows["government_agencies"], ["name", "division_code"], log, "name")
    regulated, departments = join_departments(in_places, agencies, setting.resolver)
    return with_trade_departments(regulated, departments, PROVINCE), parks, places, departments


def _league(
    rows: Mapping[str, pl.DataFrame], enterprises: pl.DataFrame, register: Register, setting: Setting
) -> Tables:
    """The 智慧团建 export, its matches, and the joint organisations with the enterprises they cover."""
    log = setting.log
    listed = with_places(league_organisations(rows["league_organisations"]), setting.resolver)
    organisations, matches, candidates = match_enterprises(listed, register, rows["joint_coverage"], log)
    covered = with_organisation(rows["joint_coverage"], organisations)
    linked = once(
        link_rows(covered, register, log, per=["league_name"]), ["enterprise_id", "league_name"], log
    )
    tell_named_bodies(enterprises, linked, log)
    tell_league_checks(organisations, matches, linked, enterprises, log)
    return {
        "league_organisations": organisations,
        "league_matches": matches,
        "league_candidates": candidates,
        "joint_coverage": linked,
    }


def _counts_against_staff(
    tables: Tables, enterprises: pl.DataFrame, log: FindingLog
) -> tuple[Tables, pl.DataFrame]:
    """Members that other ledgers count in an enterprise, held against its staff."""
    bodies = tables["league_organisations"].select(
        "league_organisation_id", "league_members", "source", "row"
    )
    own = (
        tables["league_matches"]
        .filter((pl.col("basis") != "asked") & ~pl.col("full_name").str.contains("联合", literal=True))
        .select("league_organisation_id", "enterprise_id")
        .join(bodies, on="league_organisation_id", how="inner", maintain_order="left")
    )
    checked, enterprises = check_counts_elsewhere({**tables, "own_bodies": own}, enterprises, log)
    return {name: checked[name] for name in tables}, enterprises


def _plain(rows: Mapping[str, pl.DataFrame], setting: Setting) -> Tables:
    """Ledgers that speak of no enterprise."""
    log = setting.log
    return {
        "youth_homes": _youth_homes(rows["youth_homes"], setting),
        "local_forces": once(rows["local_forces"], ["division_code"], log, "division_code"),
        "schools": once(rows["schools"], ["name", "division_code"], log, "name"),
        "number_segments": once(rows["number_segments"], ["unit", "year", "first", "last"], log, "unit"),
    }


def _youth_homes(rows: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    homes = once(rows, ["name", "division_code"], setting.log, "name")
    placed = place_points(homes, setting.edition, setting.with_system, setting.log)
    return (
        placed.sort("name", "division_code", "source", "row")
        .with_row_index("youth_home_id")
        .with_columns(pl.col("youth_home_id").cast(pl.Int32))
    )


def _divisions(edition: str) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (row.code, row.name, row.level, row.parent_code, row.longitude, row.latitude)
            for row in divisions(edition)
        ],
        schema={
            "code": pl.String,
            "name": pl.String,
            "level": pl.String,
            "parent_code": pl.String,
            "longitude": pl.Float64,
            "latitude": pl.Float64,
        },
        orient="row",
    )
