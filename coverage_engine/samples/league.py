"""Party organisations, trade unions and League organisations of the firms, before any attempt is made."""

from __future__ import annotations

import numpy as np
import polars as pl

from coverage_engine.samples.gatherings import number_within
from coverage_engine.samples.geography import counties
from coverage_engine.samples.pace import county_pace, paced
from coverage_engine.samples.streams import Array, Streams
from coverage_engine.samples.vocabularies import rates

NONE, OWN, JOINT, DEPENDENT = "无", "单独", "联合", "依托"
_FIRMS_IN_A_JOINT_BRANCH = 9
_COMMITTEE, _GENERAL_BRANCH = 100, 30


def draw_party_and_union(firms: pl.DataFrame, streams: Streams) -> pl.DataFrame:
    """Adds `party` (单独, 联合, 无), `party_members`, `union` and `union_members`."""
    rng, rate = streams.of("party"), rates()
    above = firms["above_scale"].to_numpy()
    employees = firms["employees"].to_numpy()
    has = rng.random(firms.height) < np.where(above, rate["party_above_scale"], rate["party_other"])
    joint = rng.random(firms.height) < rate["party_joint"] * np.where(employees < 60, 1.6, 0.6)
    members = 3 + rng.poisson(np.minimum(employees * 0.03, 400))
    few = 1 + rng.integers(0, 2, firms.height)
    union = rng.random(firms.height) < np.where(above, rate["union_above_scale"], rate["union_other"])
    share = rng.uniform(0.55, 0.98, firms.height)
    return firms.with_columns(
        pl.Series("party", np.where(has, np.where(joint, JOINT, OWN), NONE).astype(object), dtype=pl.String),
        pl.Series("party_members", np.where(has, np.where(joint, few, members), 0)),
        pl.Series("union", union),
        pl.Series(
            "union_members", np.where(union, np.maximum(1, np.rint(employees * share)), 0).astype(np.int64)
        ),
    )


def draw_league(firms: pl.DataFrame, streams: Streams) -> pl.DataFrame:
    """Adds `league` (单独, 联合, 依托, 无) and `youth_organisation`, at the published rates of coverage.

    The rates hold for the province; counties are ahead of them or behind by their pace.
    """
    rng, rate = streams.of("league"), rates()
    three = firms["members"].to_numpy() >= 3
    party = (firms["party"] != NONE).to_numpy()
    above = firms["above_scale"].to_numpy()
    with_party = np.where(above, rate["own_party_above_scale"], rate["own_party_other"])
    chance = np.where(three, np.where(party, with_party, rate["own_no_party"]), rate["own_below_three"])
    chance = np.where(three & (firms["control"] == "国有控股").to_numpy(), rate["own_state"], chance)
    chance = np.where(firms["top_rank"].to_numpy() > 0, rate["own_top_hundred"], chance)
    pace = county_pace(streams)[firms["county"].to_numpy()]
    own = rng.random(firms.height) < paced(chance, pace)
    draw = rng.random(firms.height)
    joint = draw < paced(np.where(three, rate["joint_three_or_more"], rate["joint_below_three"]), pace)
    dependent = draw > 1.0 - rate["dependent"]
    league = np.where(own, OWN, np.where(joint, JOINT, np.where(dependent, DEPENDENT, NONE)))
    youth = (league == NONE) & (rng.random(firms.height) < rate["youth_organisation"])
    return firms.with_columns(
        pl.Series("league", league.astype(object), dtype=pl.String), pl.Series("youth_organisation", youth)
    )


def name_league(
    firms: pl.DataFrame, parks: pl.DataFrame, places: pl.DataFrame, streams: Streams
) -> pl.DataFrame:
    """Adds `town` (name), `league_kind` and `league_name` of the organisation that covers each firm.

    An own organisation is a 团委, 团总支 or 团支部 by its members; joint branches bundle firms of one park,
    building or township; firms that depend rely on the park's or the township's League body.
    """
    town = _towns(streams.of("towns"), firms)
    gathering = _gathering(firms, parks, places, town)
    members = firms["members"].to_numpy()
    loose = streams.of("league_kind").random(firms.height) < 0.08
    committee = members >= np.where(loose, _GENERAL_BRANCH, _COMMITTEE)
    kind = np.where(committee, "团委", np.where(members >= _GENERAL_BRANCH, "团总支", "团支部"))
    suffix = np.where(committee, "委员会", np.where(members >= _GENERAL_BRANCH, "总支部委员会", "支部委员会"))
    league = firms["league"].to_numpy()
    joint_name = _joint_names(gathering, league == JOINT)
    town_full = counties().name[firms["county"].to_numpy()] + town
    park = firms["park"].to_numpy()
    has_committee = (park >= 0) & parks["work_committee"].to_numpy()[park]
    park_name = parks["name"].to_numpy()[park]
    relied = np.where(has_committee, park_name + "工作委员会", town_full + "委员会")
    relied_kind = np.where(has_committee, "团工委", "团委")
    names = np.select(
        [league == OWN, league == JOINT, league == DEPENDENT],
        ["共青团" + firms["name"].to_numpy() + suffix.astype(object), joint_name, "共青团" + relied],
        "",
    )
    kinds = np.select(
        [league == OWN, league == JOINT, league == DEPENDENT], [kind, "团支部", relied_kind], ""
    )
    return firms.with_columns(
        pl.Series("town", town, dtype=pl.String),
        pl.Series("league_kind", kinds.astype(object), dtype=pl.String),
        pl.Series("league_name", names.astype(object), dtype=pl.String),
    )


# ---------------------------------------------------------------------------------------------- private


def _towns(rng: np.random.Generator, firms: pl.DataFrame) -> Array:
    """A township of each firm's county, the first ones the fullest."""
    towns = counties().towns
    width = max(len(names) for names in towns)
    grid = np.array([np.resize(names, width) for names in towns], dtype=object)
    number = np.array([len(names) for names in towns])[firms["county"].to_numpy()]
    return np.asarray(
        grid[firms["county"].to_numpy(), (number * rng.random(firms.height) ** 1.5).astype(np.int64)]
    )


def _gathering(firms: pl.DataFrame, parks: pl.DataFrame, places: pl.DataFrame, town: Array) -> Array:
    """Name of the park, building or township that a joint branch of the firm would carry."""
    county = counties().name[firms["county"].to_numpy()]
    park, place = firms["park"].to_numpy(), firms["place_number"].to_numpy()
    park_name, place_name = parks["name"].to_numpy()[park], places["name"].to_numpy()[place]
    return np.asarray(
        np.where(park >= 0, park_name, np.where(place >= 0, county + place_name, county + town))
    )


def _joint_names(gathering: Array, joint: Array) -> Array:
    """共青团…联合支部委员会, with a number where a gathering has more firms than one branch takes."""
    names = np.full(len(gathering), "", dtype=object)
    rows = np.flatnonzero(joint)
    _, group = np.unique(gathering[rows].astype(str), return_inverse=True)
    bundle = number_within(group, _FIRMS_IN_A_JOINT_BRANCH)
    ordinal = np.array(["", *(f"第{number}" for number in range(2, 2000))], dtype=object)[bundle]
    names[rows] = "共青团" + gathering[rows] + ordinal + "联合支部委员会"
    return names
