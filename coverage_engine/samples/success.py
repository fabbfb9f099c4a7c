"""The hidden success model: how likely an attempt on each path would succeed, and past attempts.

Log-odds of a path = its base + its weights times the facts of the firm's relations + what holds for each path
alike: three members, size and the firm's openness. A closed gate makes a path impossible. The weights are
content (`data/samples/success.toml`); planning rules must never read them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from coverage_engine.samples.league import DEPENDENT, JOINT, NONE, OWN
from coverage_engine.samples.streams import Array, Streams
from coverage_engine.samples.vocabularies import rates, sectors, success_model


@dataclass(frozen=True)
class Relations:
    """The relation tables that the model looks through (rows and numbers as in their own modules)."""

    parks: pl.DataFrame
    associations: pl.DataFrame
    association_members: pl.DataFrame
    society_members: pl.DataFrame
    departments: pl.DataFrame
    local_forces: pl.DataFrame
    brands: pl.DataFrame
    leaders: pl.DataFrame


def modelled_paths() -> tuple[int, ...]:
    """Numbers of the paths that the model knows, in order; on others nothing was tried in the sample."""
    return tuple(sorted(int(number) for number in success_model()["path"]))


def success_probabilities(firms: pl.DataFrame, relations: Relations, streams: Streams) -> Array:
    """Probability of success per firm (row) and modelled path (column); NaN where the path is closed."""
    model = success_model()
    facts = relation_facts(firms, relations)
    common = model["common"]
    openness = streams.of("openness").normal(0.0, common["openness_sigma"], firms.height)
    shared = openness + common["three_members"] * (firms["members"].to_numpy() >= 3)
    shared += common["log_staff"] * np.log(firms["employees"].to_numpy())
    paths = modelled_paths()
    chances = np.full((firms.height, len(paths)), np.nan)
    for column, path in enumerate(paths):
        weights = dict(model["path"][str(path)])
        weights.pop("founds_jointly", None)
        gate = facts[weights.pop("gate")]
        score = weights.pop("base") + shared
        for fact, weight in weights.items():
            score = score + weight * facts[fact]
        chances[:, column] = np.where(gate > 0, 1.0 / (1.0 + np.exp(-score)), np.nan)
    return chances


def draw_outcomes(firms: pl.DataFrame, chances: Array, streams: Streams) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Past attempts on uncovered firms and their results; returns the firms as they stand after them.

    Outcomes: `firm`, `path`, `started`, `ended`, `result`, `hours`. A success makes the firm 单独 or 联合, or
    founds a youth organisation.
    """
    rng = streams.of("outcomes")
    open_to = (
        (firms["league"] == NONE) & (firms["operating"] == "在营") & (firms["entity"] == "enterprise")
    ).to_numpy()
    three = firms["members"].to_numpy() >= 3
    rate = rates()["outcomes_per_firm"] * np.where(three, 1.6, 0.8)
    rows = np.flatnonzero(open_to & (rng.random(firms.height) < rate))
    column = _attempted(rng, chances[rows])
    path = np.array(modelled_paths())[column]
    success = rng.random(len(rows)) < chances[rows, column]
    ongoing = rng.random(len(rows)) < 0.08
    result = np.where(success, _result_of_success(rng, three[rows], path), "未成")
    result = np.where(ongoing, "进行中", result)
    start = np.datetime64("2017-03-01") + rng.integers(0, 700, len(rows))
    start = np.where(ongoing, np.datetime64("2019-03-01") + rng.integers(0, 70, len(rows)), start)
    ended = pl.Series(start + rng.integers(14, 90, len(rows))).cast(pl.Date)
    outcomes = pl.DataFrame(
        {
            "firm": rows,
            "path": path,
            "started": pl.Series(start).cast(pl.Date),
            "ended": pl.select(pl.when(pl.Series(ongoing)).then(None).otherwise(ended)).to_series(),
            "result": pl.Series(result.astype(object), dtype=pl.String),
            "hours": rng.integers(4, 60, len(rows)),
        }
    )
    return outcomes, _after(firms, rows, result)


def relation_facts(firms: pl.DataFrame, relations: Relations) -> dict[str, Array]:
    """Every fact that `success.toml` names, as a number for each firm."""
    count = firms.height
    park, department = firms["park"].to_numpy(), firms["department"].to_numpy()
    in_park, regulated = park >= 0, department >= 0
    parks, departments = relations.parks, relations.departments
    forces = relations.local_forces.filter(pl.col("county") >= 0).sort("county")
    hours = forces["hours"].to_numpy()[firms["county"].to_numpy()]
    outside_committee = forces["outside_committee"].to_numpy()[firms["county"].to_numpy()]
    members = firms["members"].to_numpy()
    facts = {
        "party": (firms["party"] != NONE).to_numpy(),
        "party_own": (firms["party"] == OWN).to_numpy(),
        "park_party": in_park & parks["party"].to_numpy()[park],
        "department": regulated,
        "department_work_committee": regulated & departments["work_committee"].to_numpy()[department],
        "youth_sector": sectors().youth_sector[firms["sector"].to_numpy()] != "",
        "union": firms["union"].to_numpy(),
        "union_roster": firms["union"].to_numpy(),
        "union_large": firms["union_members"].to_numpy() >= 100,
        "park": in_park,
        "park_work_committee": in_park & parks["work_committee"].to_numpy()[park],
        "park_youth_home": in_park & parks["youth_home"].to_numpy()[park],
        "local_forces": hours > 0,
        "forces_strong": hours > np.median(hours),
        "outside_committee_home": outside_committee & firms["home_outside"].to_numpy(),
        "fallback": np.ones(count, bool),
        "below_three": members < 3,
        "joint_possible": _neighbours_make_three(firms),
    }
    facts |= _membership_facts(count, relations)
    facts |= _group_facts(firms, relations)
    return {name: fact.astype(float) for name, fact in facts.items()}


# ---------------------------------------------------------------------------------------------- private


def _result_of_success(rng: np.random.Generator, three: Array, path: Array) -> Array:
    """Some paths found joint branches; firms short of members found these or youth organisations."""
    model = success_model()["path"]
    jointly = [number for number in modelled_paths() if model[str(number)].get("founds_jointly", False)]
    joint = np.isin(path, jointly) | (~three & (rng.random(len(three)) < 0.4))
    return np.where(joint, "建成联合", np.where(three, "建成单独", "成立青年组织"))


def _after(firms: pl.DataFrame, rows: Array, result: Array) -> pl.DataFrame:
    league = firms["league"].to_numpy().copy()
    youth = firms["youth_organisation"].to_numpy().copy()
    league[rows[result == "建成单独"]] = OWN
    league[rows[result == "建成联合"]] = JOINT
    youth[rows[np.isin(result, ["建成单独", "建成联合"])]] = False
    youth[rows[result == "成立青年组织"]] = True
    return firms.with_columns(
        pl.Series("league", league.tolist(), dtype=pl.String), pl.Series("youth_organisation", youth)
    )


def _attempted(rng: np.random.Generator, chances: Array) -> Array:
    """Officers try mostly, but not always, the better of the open paths."""
    appeal = np.log(np.nan_to_num(chances, nan=1e-9) + 1e-9) + rng.gumbel(0, 0.8, chances.shape)
    return np.asarray(np.argmax(appeal, axis=1)) if len(chances) else np.zeros(0, np.int64)


def _membership_facts(count: int, relations: Relations) -> dict[str, Array]:
    associations, societies, brands = (
        relations.association_members,
        relations.society_members,
        relations.brands,
    )
    league = relations.associations["league_organisation"].to_numpy()[associations["association"].to_numpy()]
    appraised = societies.filter("appraisal")
    return {
        "association": _any(count, associations["firm"]),
        "association_league": _any(count, associations["firm"].filter(pl.Series(league))),
        "society": _any(count, societies["firm"]),
        "appraisal": _any(count, appraised["firm"]),
        "brand": _any(count, brands["firm"]),
        "brand_held": _any(count, brands.filter(pl.col("status") == "持有")["firm"]),
    }


def _group_facts(firms: pl.DataFrame, relations: Relations) -> dict[str, Array]:
    parent, outside = firms["parent"].to_numpy(), firms["outside"].to_numpy()
    own = (firms["league"] == OWN).to_numpy()
    county = firms["county"].to_numpy()
    leader, firm = relations.leaders["leader"].to_numpy(), relations.leaders["firm"].to_numpy()
    organised = own[leader]
    dependence = relations.leaders["dependence"].to_numpy() >= 50

    def linked(where: Array) -> Array:
        return _any(firms.height, pl.Series(firm[where]))

    return {
        "headquarters": (parent >= 0) | (outside >= 0),
        "headquarters_organised": (parent >= 0) & own[parent],
        "headquarters_outside": outside >= 0,
        "leader": linked(np.ones(len(leader), bool)),
        "leader_organised": linked(organised),
        "leader_local": linked(organised & (county[leader] == county[firm])),
        "leader_dependence": linked(organised & dependence),
    }


def _neighbours_make_three(firms: pl.DataFrame) -> Array:
    """Stands in a building where it and uncovered neighbours have three members together."""
    place = firms["place_number"].to_numpy()
    counts = (
        (place >= 0)
        & (firms["league"].is_in([NONE, JOINT, DEPENDENT])).to_numpy()
        & (firms["operating"] == "在营").to_numpy()
        & firms["control"].is_in(["私人控股", "港澳台控股", "外商控股"]).to_numpy()
    )
    size = int(place.max(initial=0)) + 1
    members = np.bincount(place[counts], firms["members"].to_numpy()[counts], minlength=size)
    number = np.bincount(place[counts], minlength=size)
    return np.asarray(counts & (members[place] >= 3) & (number[place] >= 2))


def _any(count: int, rows: pl.Series) -> Array:
    flags = np.zeros(count, bool)
    flags[rows.to_numpy()] = True
    return flags
