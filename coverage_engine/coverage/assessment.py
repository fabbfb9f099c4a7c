"""The room's one way through: facts to scope, states, duties, targets and figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl

from coverage_engine.coverage.cases import cases_of, with_case
from coverage_engine.coverage.duties import duty_answers
from coverage_engine.coverage.figures import counted_firms, coverage_figures
from coverage_engine.coverage.gatherings import park_figures, society_rows
from coverage_engine.coverage.links import enterprise_links
from coverage_engine.coverage.obligations import with_facts, with_obligations
from coverage_engine.coverage.plain_facts import with_derived
from coverage_engine.coverage.rates import with_points
from coverage_engine.coverage.scope import with_scope
from coverage_engine.coverage.silence import with_silence
from coverage_engine.coverage.states import with_organisations, with_states, with_verified_names
from coverage_engine.coverage.strata import strata
from coverage_engine.coverage.targets import ranked, with_lists, with_targets, with_tiers
from coverage_engine.divisions.table import edition_of, shapes
from coverage_engine.frames.dialect import (
    Frames,
    Lazy,
    answer,
    collected,
    lazy_frames,
    levelled,
    materialised,
)
from coverage_engine.frames.lookups import computed_once, looked_up
from coverage_engine.model.firm_facts import columns_for
from coverage_engine.model.plan import Division
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.tables import PLAN_TABLES, conform, in_described_order
from coverage_engine.policy import Policy

if TYPE_CHECKING:
    from coverage_engine.coverage.hot_spots import Neighbours

STRATA = "strata"


def assess(
    snapshot: Snapshot, policy: Policy, division: Division | None = None
) -> Mapping[str, pl.DataFrame]:
    """Tables enterprises, duties, coverage, counted, county_estimates, links, parks and societies.

    `division` restricts the targets to one city or county; everything else is told for the whole snapshot.
    """
    lazy_tables = coverage_frames(lazy_frames(snapshot.tables), snapshot.kinds, policy, division)
    counts = collected(lazy_tables.pop(STRATA))
    tables = {name: _ordered(name, collected(frame)) for name, frame in lazy_tables.items()}
    tables["coverage"] = _ordered("coverage", with_points(tables["coverage"], counts, policy))
    return {**tables, "county_estimates": estimates_of_counties(tables["coverage"], snapshot.as_of)}


def coverage_frames(
    frames: Frames, kinds: frozenset[str], policy: Policy, division: Division | None = None
) -> dict[str, Lazy]:
    """Tables enterprises, duties, coverage, links, parks and societies as frames of the caller's engine.

    Beside them the counts (`STRATA`) from which `coverage` gets its point estimates when it is at hand.
    Every enterprise's facts, states and duties are kept once (`materialised`); all else is lazy.
    """
    firms = materialised(deciding_facts(frames, policy, kinds))
    cases = materialised(judged_cases(firms, policy, kinds))
    assessed = materialised(with_verified_names(with_judgements(firms, cases), frames))
    chosen = levelled(_in_division(assessed, division, policy))
    return {
        "enterprises": _described(chosen, frames),
        "duties": duty_answers(chosen, frames, policy),
        "coverage": coverage_figures(_alike(chosen, cases), frames),
        "counted": counted_firms(chosen),
        "parks": _division_names(park_figures(chosen, frames), frames),
        "societies": society_rows(frames),
        "links": enterprise_links(frames),
        STRATA: strata(chosen, frames["set_aside"]),
    }


def core_frames(frames: Frames, kinds: frozenset[str], policy: Policy) -> dict[str, Lazy]:
    """Enterprises and coverage without words: only what decides is kept, for millions of firms."""
    facts, source = deciding_facts(frames, policy, kinds), with_facts(frames["enterprises"], policy)
    firms = computed_once(source, facts, "enterprise_id", "case", _DECIDING)
    cases = materialised(judged_cases(firms, policy, kinds))
    chosen = ranked(with_judgements(firms, cases), policy)
    return {"enterprises": chosen, "coverage": coverage_figures(_alike(chosen, cases), frames)}


def estimates_of_counties(coverage: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The table `county_estimates` from the finished table `coverage`; needs the map of the counties."""
    # Only here is numpy needed; states, duties and paths start without it.
    from coverage_engine.coverage.county_gaps import county_estimates

    return _ordered("county_estimates", county_estimates(coverage, _neighbours(edition_of(as_of))))


@cache
def _neighbours(edition: str) -> Neighbours:
    from coverage_engine.coverage.hot_spots import neighbours_of

    return neighbours_of(shapes(edition, "county"))


def _ordered(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    return in_described_order(conform(frame, PLAN_TABLES[name]), PLAN_TABLES[name])


def assessed_enterprises(frames: Frames, policy: Policy, kinds: frozenset[str]) -> Lazy:
    """Every enterprise with its facts, state, obligation, tiers and priority: one expression, any engine."""
    firms = levelled(deciding_facts(frames, policy, kinds))
    return with_verified_names(with_judgements(firms, judged_cases(firms, policy, kinds)), frames)


def deciding_facts(frames: Frames, policy: Policy, kinds: frozenset[str]) -> Lazy:
    """Every enterprise with the facts that decide, and its case."""
    enterprises = levelled(with_scope(frames["enterprises"], frames, policy))
    enterprises = with_silence(levelled(with_organisations(enterprises, frames)), kinds)
    return with_case(with_lists(with_derived(with_facts(enterprises, policy), policy)), policy)


def judged_cases(firms: Lazy, policy: Policy, kinds: frozenset[str]) -> Lazy:
    """One row per case of the firms: its state, obligation, tiers and priority."""
    cases = with_states(levelled(cases_of(firms, policy)), "league_organisations" in kinds)
    cases = cases.with_columns(answer(nw.col("is_non_public")).alias("non_public"))
    return with_targets(levelled(with_tiers(levelled(with_obligations(cases, policy)), policy)), policy)


def with_judgements(firms: Lazy, cases: Lazy) -> Lazy:
    """The firms with what their case is judged to be."""
    known = set(firms.collect_schema().names())
    added = [name for name in cases.collect_schema().names() if name not in known]
    judged = cases.select(nw.col("case").alias("judged_case"), *added)
    return looked_up(firms, judged, "case", "judged_case")


_DECIDING = (*columns_for("ranking"), "source", "row", "case", "member_margin")
"""What ranking and evidence look at beside the case."""


def _alike(enterprises: Lazy, cases: Lazy) -> Lazy:
    """Counties, cases and whether they are targets: how many `firms`, with what the case is judged to be."""
    keys = ("city_code", "county_code", "case", "is_target")
    return materialised(with_judgements(enterprises.group_by(*keys).agg(nw.len().alias("firms")), cases))


def _in_division(enterprises: Lazy, division: Division | None, policy: Policy) -> Lazy:
    if division is None or division.level == "province":
        return ranked(enterprises, policy)
    return ranked(enterprises, policy, {f"{division.level}_code": division.code})


def _described(enterprises: Lazy, frames: Frames) -> Lazy:
    """Adds the names of city, county, park and place."""
    places = frames["places"].select(nw.col("place_id").alias("named_place"), nw.col("name").alias("place"))
    parks = frames["parks"].select(nw.col("park_id").alias("named_park"), nw.col("name").alias("park"))
    return (
        _division_names(enterprises, frames)
        .join(places, left_on="place_id", right_on="named_place", how="left")
        .join(parks, left_on="park_id", right_on="named_park", how="left")
    )


def _division_names(frame: Lazy, frames: Frames) -> Lazy:
    for level in ("city", "county"):
        of_level = frames["divisions"].filter(nw.col("level") == level)
        names = of_level.select(nw.col("code").alias(f"{level}_key"), nw.col("name").alias(level))
        frame = frame.join(names, left_on=f"{level}_code", right_on=f"{level}_key", how="left")
    return frame
