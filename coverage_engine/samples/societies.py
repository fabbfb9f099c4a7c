"""Bodies that firms belong to: industry associations and League-affiliated societies."""

from __future__ import annotations

import numpy as np
import polars as pl

from coverage_engine.samples.credit_codes import credit_codes, organisation_codes
from coverage_engine.samples.geography import counties
from coverage_engine.samples.names import brand_names
from coverage_engine.samples.streams import Array, Streams
from coverage_engine.samples.vocabularies import rates, sectors

_KINDS = {"青联": "青年联合会", "青企协": "青年企业家协会", "青商会": "青年商会"}


def draw_associations(firms: pl.DataFrame, streams: Streams) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Industry associations by trade, of each city and of the province, and their members.

    Associations: `name`, `credit_code`, `trade`, `division`, `league_organisation`. Members: `association`,
    `firm`.
    """
    places, rng, rate = counties(), streams.of("associations"), rates()
    trades = np.unique(sectors().association.astype(str)).astype(object)
    cities = len(places.city_code)
    trade = np.tile(trades, cities + 1)
    city = np.repeat(np.arange(cities + 1), len(trades))
    front = np.append([name.removesuffix("市") for name in places.city_name], "河南省").astype(object)[city]
    code = np.append(places.city_code, "410000").astype(object)[city]
    brands = brand_names(rng, len(trade), syllables=2)
    bodies = organisation_codes(streams.of("association_codes"), len(trade))
    bodies[:, 0] = 3  # no enterprise of the sample has an organisation code that begins so
    associations = pl.DataFrame(
        {
            "name": front + brands + trade + "行业协会",
            "credit_code": credit_codes(np.full(len(trade), "51", dtype=object), code, bodies),
            "trade": trade,
            "division": code,
            "league_organisation": rng.random(len(trade)) < rate["association_league"],
        },
        schema_overrides=dict.fromkeys(("name", "credit_code", "trade", "division"), pl.String),
    )
    sector = np.searchsorted(trades.astype(str), sectors().association.astype(str))[
        firms["sector"].to_numpy()
    ]
    joins = rng.random((2, firms.height))
    open_to = (firms["operating"] != "注销").to_numpy()
    in_city = np.flatnonzero(open_to & (joins[0] < rate["association_city"]))
    in_province = np.flatnonzero(open_to & (joins[1] < rate["association_province"]))
    home = places.city[firms["county"].to_numpy()]
    number = np.r_[home[in_city] * len(trades) + sector[in_city], cities * len(trades) + sector[in_province]]
    return associations, _pairs("association", number, np.r_[in_city, in_province])


def draw_societies(firms: pl.DataFrame, streams: Streams) -> tuple[pl.DataFrame, pl.DataFrame]:
    """青联, 青企协 and 青商会 of the province, the cities and the counties, and the firms in them.

    Societies: `name`, `kind`, `level`. Members: `society`, `firm`, `appraisal`.
    """
    places, rng, rate = counties(), streams.of("societies"), rates()
    own_county = np.flatnonzero(places.code != places.city_code[places.city])
    fronts = [("省", "河南省"), *(("市", name) for name in places.city_name)]
    fronts += [("县", places.full_name[county]) for county in own_county]
    societies = pl.DataFrame(
        [(front + body, kind, level) for kind, body in _KINDS.items() for level, front in fronts],
        schema=["name", "kind", "level"],
        orient="row",
    )
    home = firms["county"].to_numpy()
    seat = np.full(len(places.code), -1, np.int64)
    seat[own_county] = 1 + len(places.city_code) + np.arange(len(own_county))
    appeal = np.clip(firms["employees"].to_numpy() / 150.0, 0.5, 8.0)
    appeal = appeal * ((firms["operating"] == "在营") & (firms["control"] != "国有控股")).to_numpy()
    members = []
    for level, body in ((0, "province"), (1, "city"), (2, "county")):
        draw = rng.random(firms.height)
        rows = np.flatnonzero(draw < rate[f"society_{body}"] * appeal * 0.8)
        kind = rng.integers(0, len(_KINDS), len(rows))
        front = (np.zeros(len(rows), np.int64), 1 + places.city[home[rows]], seat[home[rows]])[level]
        seated = front >= 0
        members.append((kind[seated] * len(fronts) + front[seated], rows[seated]))
    number, firm = (np.concatenate(part) for part in zip(*members, strict=True))
    pairs = _pairs("society", number, firm)
    return societies, pairs.with_columns(
        pl.Series("appraisal", rng.random(pairs.height) < rate["society_appraisal"])
    )


# ---------------------------------------------------------------------------------------------- private


def _pairs(body: str, number: Array, firm: Array) -> pl.DataFrame:
    return pl.DataFrame({body: number, "firm": firm}).sort(body, "firm")
