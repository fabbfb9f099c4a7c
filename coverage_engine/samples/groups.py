"""Groups: headquarters with their branch offices, leader enterprises with their associated ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from coverage_engine.samples.geography import counties
from coverage_engine.samples.streams import Array, Streams, heavy_tail, pick, rank_in_group
from coverage_engine.samples.vocabularies import rates, sectors

BRANCH, SUBSIDIARY, CHAIN_STORE = "分公司", "子公司", "连锁门店"
_CHAIN_SECTIONS = np.array(["F", "H", "R"], dtype=object)


@dataclass(frozen=True)
class Headquarters:
    """Headquarters outside the province: sector and place number of each."""

    sector: Array
    place: Array


def draw_groups(firms: pl.DataFrame, places: int, streams: Streams) -> tuple[pl.DataFrame, Headquarters]:
    """Ties branch offices to headquarters.

    Adds `parent` (row of the headquarters, -1), `outside` (number of a headquarters outside the province,
    -1), `relation` (分公司, 子公司, 连锁门店 or null). Branch offices take sector, ownership and, for a share
    of them, the city of their headquarters.

    Args:
        firms: table of `draw_firms`.
        places: number of places outside the province that headquarters can stand in.
        streams: generators of the seed.
    """
    rng = streams.of("groups")
    heads, sizes = _group_sizes(rng, firms)
    out_count = round(len(heads) * rates()["headquarters_outside"])
    branch = _branch_rows(rng, firms, heads, int(sizes.sum()))
    group = np.repeat(np.arange(len(heads)), sizes)[: len(branch)]
    is_out = group < out_count
    outside = Headquarters(
        pick(rng, np.arange(len(sectors().code)), out_count, sectors().weight),
        rng.integers(0, places, out_count),
    )
    parent = np.where(is_out, -1, heads[group]) if len(heads) else group
    tied = _inherit(
        rng, firms, branch, parent, outside.sector[np.where(is_out, group, 0)] if out_count else group
    )
    relation = _relations(rng, tied, branch)
    parent = _second_level(rng, parent, group, branch, relation)
    columns = {
        "parent": np.full(firms.height, -1, np.int64),
        "outside": np.full(firms.height, -1, np.int64),
        "relation": np.full(firms.height, None, dtype=object),
    }
    columns["parent"][branch] = parent
    columns["outside"][branch] = np.where(is_out, group, -1)
    columns["relation"][branch] = relation
    tied = tied.with_columns(
        pl.Series("parent", columns["parent"]),
        pl.Series("outside", columns["outside"]),
        pl.Series("relation", columns["relation"].tolist(), dtype=pl.String),
    )
    return tied, outside


def draw_leaders(firms: pl.DataFrame, streams: Streams) -> pl.DataFrame:
    """Links of supply: `leader`, `firm` (rows), `kind` (供应商 …), `dependence` (0–100 %); mostly local."""
    rate, rng = rates(), streams.of("leaders")
    open_to = ((firms["entity"] == "enterprise") & (firms["operating"] != "注销")).to_numpy()
    size = np.where(open_to, firms["employees"].to_numpy(), 0) * rng.exponential(1.0, firms.height)
    count = min(max(3, round(firms.height * rate["leaders_per_firm"])), firms.height)
    leaders = np.sort(np.argsort(-size, kind="stable")[:count])
    degree = np.minimum(
        heavy_tail(rng, count, rate["leader_minimum"], rate["leader_tail_alpha"]), int(rate["leader_cap"])
    )
    degree = np.minimum(degree, max(3, firms.height // 10))
    leader = np.repeat(leaders, degree)
    firm = _partners(rng, firms, leader)
    kinds = np.array(["供应商", "配套", "客户", "加盟"], dtype=object)
    links = pl.DataFrame(
        {
            "leader": leader,
            "firm": firm,
            "kind": pick(rng, kinds, len(leader), np.array([0.45, 0.25, 0.2, 0.1])),
            "dependence": np.rint(100 * rng.beta(1.4, 3.0, len(leader))).astype(np.int64),
        }
    )
    eligible = links.filter(pl.col("leader") != pl.col("firm"), pl.Series(open_to).gather(links["firm"]))
    return eligible.unique(["leader", "firm"], keep="first", maintain_order=True)


# ---------------------------------------------------------------------------------------------- private


def _group_sizes(rng: np.random.Generator, firms: pl.DataFrame) -> tuple[Array, Array]:
    rate = rates()
    open_to = (
        (firms["entity"] == "enterprise") & firms["control"].is_in(["私人控股", "国有控股", "外商控股"])
    ).to_numpy()
    appeal = firms["employees"].to_numpy() ** 0.8 * rng.exponential(1.0, firms.height) * open_to
    count = round(firms.height * rate["headquarters_per_firm"])
    heads = rng.permutation(np.argsort(-appeal, kind="stable")[:count])
    sizes = heavy_tail(rng, count, rate["group_minimum"], rate["group_tail_alpha"])
    cap = int(min(rate["group_cap"], max(2, firms.height // 20)))
    return heads, np.minimum(sizes, cap)


def _branch_rows(rng: np.random.Generator, firms: pl.DataFrame, heads: Array, wanted: int) -> Array:
    """Rows that become branch offices: enterprises that head no group, mostly below scale."""
    open_to = (firms["entity"] == "enterprise").to_numpy() & (firms["employees"] < 1500).to_numpy()
    open_to[heads] = False
    rows = np.flatnonzero(open_to)
    appeal = rng.random(len(rows)) + 0.85 * firms["above_scale"].to_numpy()[rows]
    chosen = rows[np.argsort(appeal, kind="stable")[: min(wanted, len(rows) // 3)]]
    return np.asarray(rng.permutation(chosen))


def _inherit(
    rng: np.random.Generator, firms: pl.DataFrame, branch: Array, parent: Array, out_sector: Array
) -> pl.DataFrame:
    sector, county = firms["sector"].to_numpy().copy(), firms["county"].to_numpy().copy()
    control = firms["control"].to_numpy().copy()
    inside = parent >= 0
    sector[branch] = np.where(inside, sector[parent], out_sector)
    control[branch] = np.where(inside, control[parent], "私人控股")
    places = counties()
    near = inside & (rng.random(len(branch)) < rates()["branch_in_headquarters_city"])
    county[branch[near]] = _county_in_city(rng, places.city[county[parent[near]]])
    return firms.with_columns(
        pl.Series("sector", sector), pl.Series("county", county), pl.Series("control", control.tolist())
    )


def _relations(rng: np.random.Generator, firms: pl.DataFrame, branch: Array) -> Array:
    """Above-scale offices are legal persons of their own: subsidiaries."""
    above = firms["above_scale"].to_numpy()[branch]
    chain = np.isin(sectors().section[firms["sector"].to_numpy()[branch]], _CHAIN_SECTIONS)
    draw = rng.random(len(branch))
    small = np.where(draw < 0.2, SUBSIDIARY, np.where(chain & (draw < 0.75), CHAIN_STORE, BRANCH))
    return np.where(above, SUBSIDIARY, small).astype(object)


def _second_level(
    rng: np.random.Generator, parent: Array, group: Array, branch: Array, relation: Array
) -> Array:
    """Some later offices of a group stand under its first office, where that is a subsidiary."""
    rank = rank_in_group(group)
    first = np.zeros(group.max(initial=-1) + 1, np.int64)
    first[group[rank == 0]] = np.flatnonzero(rank == 0)
    under = (rank >= 2) & (rng.random(len(group)) < 0.12) & (parent >= 0)
    under &= relation[first[group]] == SUBSIDIARY
    return np.where(under, branch[first[group]], parent)


def _county_in_city(rng: np.random.Generator, city: Array) -> Array:
    """A county of each row's city, by weight."""
    places = counties()
    order = np.argsort(places.city, kind="stable")
    edges = np.r_[0.0, np.cumsum(places.weight[order])]
    start = np.searchsorted(places.city[order], city)
    stop = np.searchsorted(places.city[order], city, side="right")
    target = edges[start] + rng.random(len(city)) * (edges[stop] - edges[start])
    position = np.clip(np.searchsorted(edges, target, side="right") - 1, start, stop - 1)
    return np.asarray(order[position])


def _partners(rng: np.random.Generator, firms: pl.DataFrame, leader: Array) -> Array:
    """A partner for each link: in the leader's county, else its city, else anywhere."""
    rate, places = rates(), counties()
    county = firms["county"].to_numpy()
    draw = rng.random(len(leader))
    in_county = draw < rate["leader_same_county"]
    in_city = ~in_county & (draw < rate["leader_same_county"] + rate["leader_same_city"])
    order = np.lexsort((county, places.city[county]))
    key = np.where(in_county, county[leader], 0)
    city_key = places.city[county]
    by_county = np.argsort(county, kind="stable")
    low = np.searchsorted(county[by_county], key)
    high = np.searchsorted(county[by_county], key, side="right")
    city_low = np.searchsorted(city_key[order], city_key[leader])
    city_high = np.searchsorted(city_key[order], city_key[leader], side="right")
    chance = rng.random(len(leader))
    anywhere = (chance * len(county)).astype(np.int64)
    local = by_county[np.minimum((low + chance * (high - low)).astype(np.int64), len(county) - 1)]
    city = order[np.minimum((city_low + chance * (city_high - city_low)).astype(np.int64), len(county) - 1)]
    return np.where(in_county, local, np.where(in_city, city, anywhere))
