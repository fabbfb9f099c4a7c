"""The invented province, drawn topic by topic: firms, groups, names, gatherings, League, past attempts."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from coverage_engine.samples.firms import draw_firms, draw_staff, top_hundred
from coverage_engine.samples.gatherings import draw_parks, settle
from coverage_engine.samples.groups import draw_groups, draw_leaders
from coverage_engine.samples.league import draw_league, draw_party_and_union, name_league
from coverage_engine.samples.names import name_firms
from coverage_engine.samples.smart_league import draw_smart_league
from coverage_engine.samples.societies import draw_associations, draw_societies
from coverage_engine.samples.streams import Array, Streams
from coverage_engine.samples.success import Relations, draw_outcomes, success_probabilities
from coverage_engine.samples.surroundings import (
    draw_brands,
    draw_departments,
    draw_home_places,
    draw_local_forces,
)
from coverage_engine.samples.vocabularies import name_parts


@dataclass(frozen=True)
class Province:
    """The invented province: every firm, every relation, and what truly holds."""

    firms: pl.DataFrame
    outside_headquarters: pl.DataFrame
    places: pl.DataFrame
    societies: pl.DataFrame
    relations: Relations
    outcomes: pl.DataFrame
    smart_league: pl.DataFrame
    chances: Array


def draw_province(enterprises: int, streams: Streams) -> Province:
    """Draws the whole province, topic by topic."""
    tied, outside = draw_groups(
        draw_firms(enterprises, streams), len(name_parts()["outside_places"]), streams
    )
    named, heads = name_firms(tied, outside, streams)
    staffed = draw_staff(named, streams)
    ranked = staffed.with_columns(pl.Series("top_rank", top_hundred(staffed, streams)))
    parks = draw_parks(streams)
    settled, places = settle(ranked, parks, streams)
    departments, department = draw_departments(settled, streams)
    home, home_outside = draw_home_places(settled, streams)
    placed = settled.with_columns(
        pl.Series("department", department),
        pl.Series("home", home, dtype=pl.String),
        pl.Series("home_outside", home_outside),
    )
    before = draw_league(draw_party_and_union(placed, streams), streams)
    associations, association_members = draw_associations(before, streams)
    societies, society_members = draw_societies(before, streams)
    relations = Relations(
        parks,
        associations,
        association_members,
        society_members,
        departments,
        draw_local_forces(streams),
        draw_brands(before, streams),
        draw_leaders(before, streams),
    )
    outcomes, after = draw_outcomes(before, success_probabilities(before, relations, streams), streams)
    firms = name_league(after, parks, places, streams)
    return Province(
        firms,
        heads,
        places,
        societies,
        relations,
        outcomes,
        draw_smart_league(firms, relations, streams),
        success_probabilities(firms, relations, streams),
    )
