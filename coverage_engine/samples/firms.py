"""Firms: sizes, sectors, counties, ownership and staff of the working set.

A whole invented population is drawn (log-normal body, Pareto tail); the working set keeps its above-scale
firms and, more likely the larger they are, others, as ledgers of a Party, park or society list do.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from coverage_engine.samples.geography import counties
from coverage_engine.samples.streams import Array, Streams, pick
from coverage_engine.samples.vocabularies import rates, sectors

TOP_HUNDRED_YEAR = 2018


def draw_firms(count: int, streams: Streams) -> pl.DataFrame:
    """The firms before names and relations, one row each.

    Columns: `sector`, `county` (numbers), `employees`, `above_scale`, `entity` (enterprise, individual,
    cooperative), `control` (Chinese label), `operating` (Chinese label).
    """
    sector, employees, above = _working_set(count, streams)
    rng = streams.of("ownership")
    entity = _entities(rng, above)
    places = counties()
    county = pick(streams.of("county"), np.arange(len(places.code)), count, places.weight)
    return pl.DataFrame(
        {
            "sector": sector,
            "county": county,
            "employees": np.where(entity == "individual", np.minimum(employees, 40), employees),
            "above_scale": above,
            "entity": entity,
            "control": _control(rng, entity, employees),
            "operating": _operating(streams.of("operating"), count),
        }
    )


def top_hundred(firms: pl.DataFrame, streams: Streams) -> Array:
    """Rank on the list of private firms, 0 for firms not on it: large private operating firms, some shuffled.

    Branch offices (`parent` or `outside` set) are never on the list, which names groups.
    """
    open_to = (
        (firms["control"] == "私人控股")
        & (firms["entity"] == "enterprise")
        & (firms["operating"] == "在营")
        & (firms["parent"] < 0)
        & (firms["outside"] < 0)
    ).to_numpy()
    size = firms["employees"].to_numpy() * np.exp(streams.of("revenue").normal(0, 0.5, firms.height))
    places = min(max(5, round(firms.height * rates()["top_hundred_per_firm"])), int(open_to.sum()))
    order = np.argsort(-np.where(open_to, size, -1.0), kind="stable")[:places]
    rank = np.zeros(firms.height, np.int64)
    rank[order] = np.arange(1, places + 1)
    return rank


def draw_staff(firms: pl.DataFrame, streams: Streams) -> pl.DataFrame:
    """Adds `young` (35 and under), `members` (registered) and `hidden` (members that a survey would find)."""
    rate, words = rates(), sectors()
    sector, employees = firms["sector"].to_numpy(), firms["employees"].to_numpy()
    rng = streams.of("staff")
    share = np.clip(words.young_share[sector] + rng.normal(0, 0.10, firms.height), 0.02, 0.95)
    young = rng.binomial(employees, share)
    mean = employees * rate["members_per_staff"] * words.league_factor[sector]
    shape = rate["members_dispersion"]
    members = rng.negative_binomial(shape, shape / (shape + mean))
    members = np.minimum(members, young)
    factor = rng.uniform(rate["hidden_members_low"], rate["hidden_members_high"], firms.height)
    hidden = np.minimum(np.rint(members * factor).astype(np.int64), young)
    return firms.with_columns(
        pl.Series("young", young), pl.Series("members", members), pl.Series("hidden", hidden)
    )


# ---------------------------------------------------------------------------------------------- private


def _working_set(count: int, streams: Streams) -> tuple[Array, Array, Array]:
    rate, words = rates(), sectors()
    rng = streams.of("sizes")
    population = int(count * rate["population_factor"]) + 100
    sector = pick(rng, np.arange(len(words.code)), population, words.weight)
    size = np.exp(np.log(rate["size_median"]) + rate["size_sigma"] * rng.standard_normal(population))
    edge, alpha = rate["size_tail_from"], rate["size_tail_alpha"]
    below_cap = 1.0 - (edge / rate["size_cap"]) ** alpha
    tail = edge * (1.0 - below_cap * rng.random(population)) ** (-1.0 / alpha)
    size = np.where(size > edge, tail, size * words.staff_scale[sector])
    employees = np.maximum(np.rint(size), 1).astype(np.int64)
    ratio = np.log(employees / words.above_scale_staff[sector])
    above = rng.random(population) < 0.95 / (1.0 + np.exp(-rate["above_scale_steepness"] * ratio))
    key = rng.random(population) ** (1.0 / employees ** rate["below_scale_size_bias"])
    chosen = np.sort(np.argpartition(-(key + above), count - 1)[:count])
    return sector[chosen], employees[chosen], above[chosen]


def _entities(rng: np.random.Generator, above: Array) -> Array:
    rate = rates()
    draw = rng.random(len(above))
    individual, cooperative = rate["individual"], rate["individual"] + rate["cooperative"]
    small = np.where(
        draw < individual, "individual", np.where(draw < cooperative, "cooperative", "enterprise")
    )
    return np.where(above, "enterprise", small).astype(object)


def _control(rng: np.random.Generator, entity: Array, employees: Array) -> Array:
    """State and foreign firms are the more frequent the larger the firm."""
    rate = rates()
    lift = np.clip(employees / 120.0, 0.6, 2.5)
    draw = rng.random(len(entity)) / lift
    control = np.full(len(entity), "私人控股", dtype=object)
    edge = 0.0
    for label, name in (
        ("国有控股", "control_state"),
        ("集体控股", "control_collective"),
        ("港澳台控股", "control_hk_macao_taiwan"),
        ("外商控股", "control_foreign"),
    ):
        control[(draw >= edge) & (draw < edge + rate[name]) & (entity == "enterprise")] = label
        edge += rate[name]
    return control


def _operating(rng: np.random.Generator, count: int) -> Array:
    rate = rates()
    draw = rng.random(count)
    words = np.where(
        draw < rate["closed"], "注销", np.where(draw < rate["closed"] + rate["suspended"], "停业", "在营")
    )
    return words.astype(object)
