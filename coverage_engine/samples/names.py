"""Names and codes of firms: invented brands of three syllables, place, trade word and legal form."""

from __future__ import annotations

import numpy as np
import polars as pl

from coverage_engine.samples.credit_codes import credit_codes, organisation_codes
from coverage_engine.samples.geography import counties
from coverage_engine.samples.groups import BRANCH, CHAIN_STORE, SUBSIDIARY, Headquarters
from coverage_engine.samples.streams import Array, Streams, pick, rank_in_group
from coverage_engine.samples.vocabularies import name_parts, sectors

_KIND_OF_ENTITY = {"enterprise": "91", "individual": "92", "cooperative": "93"}
_REGISTRATIONS = {
    "私人控股": (
        ["171", "172", "173", "174", "159", "160", "190"],
        [0.04, 0.02, 0.76, 0.05, 0.07, 0.04, 0.02],
    ),
    "国有控股": (["110", "151", "141", "159", "160", "310"], [0.2, 0.4, 0.03, 0.22, 0.1, 0.05]),
    "集体控股": (["120", "130", "142", "159"], [0.5, 0.2, 0.1, 0.2]),
    "港澳台控股": (["210", "220", "230", "240"], [0.35, 0.1, 0.5, 0.05]),
    "外商控股": (["310", "320", "330", "340"], [0.35, 0.1, 0.5, 0.05]),
}


def name_firms(
    firms: pl.DataFrame, outside: Headquarters, streams: Streams
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Gives every firm its registration type, name parts, full name and credit code.

    Adds `registration`, `place`, `brand`, `trade`, `form`, `name`, `credit_code`; the second frame holds
    `name` and `credit_code` of the headquarters outside the province.
    """
    rng = streams.of("names")
    brands = brand_names(rng, firms.height + len(outside.sector))
    trades = _trade_words(rng, np.r_[firms["sector"].to_numpy(), outside.sector])
    registered = _registrations(rng, firms)
    parts = registered.with_columns(
        pl.Series("place", _place_words(rng, firms)),
        pl.Series("brand", brands[: firms.height]),
        pl.Series("trade", trades[: firms.height]),
        pl.Series("form", _forms(rng, registered)),
    )
    heads = _outside_names(outside, brands[firms.height :], trades[firms.height :])
    named = _group_names(_own_names(parts), heads)
    body = organisation_codes(streams.of("codes"), firms.height + heads.height)
    region = _registering_regions(streams.of("regions"), firms)
    kind = firms["entity"].replace_strict(_KIND_OF_ENTITY).to_numpy()
    named = named.with_columns(pl.Series("credit_code", credit_codes(kind, region, body[: firms.height])))
    away = np.full(heads.height, "91", dtype=object)
    codes = credit_codes(away, heads["region"].to_numpy(), body[firms.height :])
    return named, heads.with_columns(pl.Series("credit_code", codes, dtype=pl.String))


def brand_names(rng: np.random.Generator, count: int, syllables: int = 3) -> Array:
    """Distinct brands of three (or two) syllables."""
    letters = np.array(list(name_parts()["syllables"].replace("\n", "")), dtype=object)
    base = len(letters)
    total = base**syllables
    start, step = int(rng.integers(0, total)), int(total * 0.38) | 1
    number = (start + np.arange(count, dtype=np.int64) * step) % total
    brand = letters[number % base]
    for _ in range(syllables - 1):
        number = number // base
        brand = brand + letters[number % base]
    return np.asarray(brand)


# ---------------------------------------------------------------------------------------------- private


def _registrations(rng: np.random.Generator, firms: pl.DataFrame) -> pl.DataFrame:
    control, registration = firms["control"].to_numpy(), np.full(firms.height, "", dtype=object)
    for label, (codes, weights) in _REGISTRATIONS.items():
        rows = np.flatnonzero(control == label)
        registration[rows] = pick(rng, np.array(codes, dtype=object), len(rows), np.array(weights))
    entity = firms["entity"].to_numpy()
    registration[entity == "individual"] = "个体工商户"
    registration[entity == "cooperative"] = "农民专业合作社"
    tied = (firms["parent"].to_numpy() >= 0) | (firms["outside"].to_numpy() >= 0) | _heads(firms)
    registration[tied & np.isin(registration, ["171", "172"])] = "173"
    return firms.with_columns(pl.Series("registration", registration.tolist()))


def _heads(firms: pl.DataFrame) -> Array:
    """Heads a group."""
    return np.isin(np.arange(firms.height), firms["parent"].to_numpy())


def _trade_words(rng: np.random.Generator, sector: Array) -> Array:
    words = sectors().trade_words
    width = max(len(choice) for choice in words)
    grid = np.array([np.resize(choice, width) for choice in words], dtype=object)
    return np.asarray(grid[sector, rng.integers(0, width, len(sector))])


def _place_words(rng: np.random.Generator, firms: pl.DataFrame) -> Array:
    """河南 for some large firms, else the city or the county, short where two characters remain."""
    places = counties()
    county = firms["county"].to_numpy()
    city_short = np.array([name.removesuffix("市") for name in places.city_name], dtype=object)
    short = np.array([name[:-1] if len(name) > 2 else name for name in places.name], dtype=object)
    short = np.where(places.urban, city_short[places.city], short)
    draw = rng.random(firms.height)
    large = firms["employees"].to_numpy() > 150
    local = np.where(draw < 0.6, city_short[places.city[county]], short[county])
    return np.where(draw < np.where(large, 0.25, 0.06), "河南", local)


def _forms(rng: np.random.Generator, firms: pl.DataFrame) -> Array:
    parts = name_parts()
    weights = np.array(parts["company_form_weights"])
    form = pick(rng, np.array(parts["company_forms"], dtype=object), firms.height, weights)
    registration = firms["registration"].to_numpy()
    for value, key in (
        ("171", "sole_owner_forms"),
        ("个体工商户", "individual_forms"),
        ("农民专业合作社", "cooperative_forms"),
    ):
        rows = np.flatnonzero(registration == value)
        form[rows] = pick(rng, np.array(parts[key], dtype=object), len(rows))
    form[registration == "172"] = parts["partnership_form"]
    joint_stock = np.isin(registration, ["160", "174", "340", "240"])
    plain = ~np.isin(registration, ["171", "172", "个体工商户", "农民专业合作社"])
    form = np.where(plain & (form == "股份有限公司") & ~joint_stock, "有限公司", form)
    form = np.where(joint_stock, "股份有限公司", form)
    large = plain & ~joint_stock & (firms["employees"].to_numpy() > 900)
    return np.where(large & (rng.random(firms.height) < 0.6), "集团有限公司", form)


def _own_names(firms: pl.DataFrame) -> pl.DataFrame:
    """Place, brand, trade and form; cooperatives carry no trade; some firms bracket their place."""
    inner = pl.when(pl.col("form").str.ends_with("合作社")).then(pl.lit("")).otherwise(pl.col("trade"))
    bracket = (pl.int_range(pl.len()) % 15 == 7) & ~pl.col("form").str.contains("合作社|（")
    bracket &= ~pl.Series(_heads(firms))
    plain = pl.concat_str("place", "brand", inner, "form")
    turned = pl.concat_str("brand", pl.lit("（"), "place", pl.lit("）"), inner, "form")
    return firms.with_columns(
        inner.alias("trade"), pl.when(bracket).then(turned).otherwise(plain).alias("name")
    )


def _outside_names(outside: Headquarters, brands: Array, trades: Array) -> pl.DataFrame:
    places = name_parts()["outside_places"]
    word = np.array([place["name"] for place in places], dtype=object)[outside.place]
    region = np.array([place["code"] for place in places], dtype=object)[outside.place]
    form = np.where(np.arange(len(brands)) % 3 == 0, "集团有限公司", "有限公司").astype(object)
    return pl.DataFrame(
        {"name": word + brands + trades + form, "brand": brands, "trade": trades, "region": region},
        schema=dict.fromkeys(("name", "brand", "trade", "region"), pl.String),
    )


def _group_names(firms: pl.DataFrame, heads: pl.DataFrame) -> pl.DataFrame:
    """Branch offices and stores carry the whole name of their headquarters, subsidiaries its brand."""
    parent, outside = firms["parent"].to_numpy(), firms["outside"].to_numpy()
    parent = _top_of_group(parent)
    tied = np.flatnonzero((parent >= 0) | (outside >= 0))
    name, brand = firms["name"].to_numpy().copy(), firms["brand"].to_numpy().copy()
    form = firms["form"].to_numpy().copy()
    relation = firms["relation"].to_numpy()[tied]
    inside = parent[tied] >= 0
    head_name = _either(inside, name, parent[tied], heads["name"].to_numpy(), outside[tied])
    brand[tied] = _either(inside, brand, parent[tied], heads["brand"].to_numpy(), outside[tied])
    trade = firms["trade"].to_numpy().copy()
    trade[tied] = _either(inside, trade, parent[tied], heads["trade"].to_numpy(), outside[tied])
    county = counties().name[firms["county"].to_numpy()[tied]]
    group = np.where(inside, parent[tied], -1 - outside[tied])
    same = rank_in_group(
        group * 1_000_000 + firms["county"].to_numpy()[tied] * 10 + (relation == CHAIN_STORE)
    )
    numerals = _numerals()
    ordinal = np.array(["", *(f"第{number}" for number in numerals[1:])], dtype=object)[np.minimum(same, 98)]
    store = np.array([f"第{number}门店" for number in numerals], dtype=object)[np.minimum(same, 98)]
    form[tied] = np.where(relation == SUBSIDIARY, "有限公司", relation)
    name[tied] = np.where(
        relation == SUBSIDIARY,
        brand[tied] + "（" + county + ordinal + "）" + trade[tied] + form[tied],
        np.where(relation == BRANCH, head_name + county + ordinal + "分公司", head_name + county + store),
    )
    return firms.with_columns(
        pl.Series("name", name.tolist()),
        pl.Series("brand", brand.tolist()),
        pl.Series("form", form.tolist()),
        pl.Series("trade", trade.tolist()),
    )


def _numerals() -> list[str]:
    """一 to 九十九."""
    digits = "一二三四五六七八九"
    tens = ["", "十", *(f"{digit}十" for digit in digits[1:])]
    return [ten + digit for ten in tens for digit in ["", *digits] if ten + digit]


def _top_of_group(parent: Array) -> Array:
    """The headquarters at the top, for offices of the second level too."""
    above = np.where(parent >= 0, parent[parent], -1)
    return np.where(above >= 0, above, parent)


def _either(inside: Array, own: Array, row: Array, away: Array, number: Array) -> Array:
    filled = away if len(away) else np.array([""], dtype=object)
    return np.where(inside, own[row], filled[number])


def _registering_regions(rng: np.random.Generator, firms: pl.DataFrame) -> Array:
    """Region of the registering authority: the county, or the city's or the province's bureau."""
    places = counties()
    county = firms["county"].to_numpy()
    draw = rng.random(firms.height)
    own = places.code[county]
    region = np.where(draw < 0.2, places.city_code[places.city[county]], own)
    return np.where(draw < 0.04, "410000", region)
