"""What surrounds the firms: departments, local forces, brands, youth homes, schools, number segments."""

from __future__ import annotations

import numpy as np
import polars as pl

from coverage_engine.samples.geography import counties, points_inside
from coverage_engine.samples.names import brand_names
from coverage_engine.samples.streams import Array, Streams, pick
from coverage_engine.samples.vocabularies import name_parts, rates, sectors

_BRANDS = np.array(["青年文明号", "青年岗位能手", "青年志愿者", "希望工程", "见习基地"], dtype=object)


def draw_departments(firms: pl.DataFrame, streams: Streams) -> tuple[pl.DataFrame, Array]:
    """Departments of the cities that regulate the sectors, and the department of each firm (-1 not known).

    Columns: `name`, `division`, `sectors`, `work_committee`.
    """
    words, places = sectors(), counties()
    rng, rate = streams.of("departments"), rates()
    offices = list(dict.fromkeys(words.department.tolist()))
    trades = {office: "、".join(words.name[words.department == office][:4]) for office in offices}
    rows = [
        (f"{city}{office}", code, trades[office])
        for code, city in zip(places.city_code, places.city_name, strict=True)
        for office in offices
    ]
    departments = pl.DataFrame(rows, schema=["name", "division", "sectors"], orient="row")
    office = np.array([offices.index(name) for name in words.department])[firms["sector"].to_numpy()]
    number = places.city[firms["county"].to_numpy()] * len(offices) + office
    known = rng.random(firms.height) < rate["department_known"]
    committee = rng.random(departments.height) < rate["department_work_committee"]
    return departments.with_columns(pl.Series("work_committee", committee)), np.where(known, number, -1)


def draw_home_places(firms: pl.DataFrame, streams: Streams) -> tuple[Array, Array]:
    """Home place of each firm's owner as written ("" not known), and is it outside the province."""
    places, rng = counties(), streams.of("home_places")
    draw, far = rng.random(firms.height), rng.random(firms.height)
    own = places.full_name[firms["county"].to_numpy()]
    other = pick(rng, places.full_name, firms.height, places.weight)
    outside = pick(rng, np.array(name_parts()["home_places"]["outside"], dtype=object), firms.height)
    known = draw < rates()["home_place_known"]
    written = np.where(far < 0.62, own, np.where(far < 0.88, other, outside))
    return np.where(known, written, ""), known & (far >= 0.88)


def draw_local_forces(streams: Streams) -> pl.DataFrame:
    """League cadres and helpers of every city and county, 济源 once.

    Columns: `division`, `county` (number, -1 for a city), `full_time`, `part_time`, `social_workers`,
    `volunteers`, `village_officials`, `outside_committee`, `hours` (a month).
    """
    places, rng = counties(), streams.of("local_forces")
    cities = np.array([code for code in places.city_code if code not in set(places.code)], dtype=object)
    division = np.r_[cities, places.code]
    count = len(division)
    county = np.r_[np.full(len(cities), -1), np.arange(len(places.code))]
    full, part = rng.integers(2, 9, count), rng.integers(2, 25, count)
    social, volunteers = rng.poisson(4, count), rng.poisson(6, count)
    hours = 40 * full + 6 * part + 30 * social + 24 * volunteers
    return pl.DataFrame(
        {
            "division": division,
            "county": county,
            "full_time": full,
            "part_time": part,
            "social_workers": social,
            "volunteers": volunteers,
            "village_officials": rng.poisson(8, count),
            "outside_committee": rng.random(count) < rates()["outside_committee"],
            "hours": np.rint(hours * rng.uniform(0.6, 1.1, count)).astype(np.int64),
        },
        schema_overrides={"division": pl.String},
    )


def draw_brands(firms: pl.DataFrame, streams: Streams) -> pl.DataFrame:
    """Holders and applicants of brand programmes: `firm`, `brand`, `status`."""
    rng = streams.of("brands")
    lift = np.clip(firms["young"].to_numpy() / 40.0, 0.4, 3.0) * (firms["operating"] == "在营").to_numpy()
    rows = np.flatnonzero(rng.random(firms.height) < rates()["brand_holder"] * lift)
    holds = rng.random(len(rows)) < 0.65
    return pl.DataFrame(
        {
            "firm": rows,
            "brand": pick(rng, _BRANDS, len(rows), np.array([0.35, 0.2, 0.25, 0.05, 0.15])),
            "status": np.where(holds, "持有", "申报").astype(object),
        },
        schema_overrides={"brand": pl.String, "status": pl.String},
    )


def draw_youth_homes(streams: Streams) -> pl.DataFrame:
    """Youth homes of every county: `name`, `county`, point, `status`, `cost`, `capacity`."""
    rng, places = streams.of("youth_homes"), counties()
    county = np.repeat(np.arange(len(places.code)), rng.integers(2, 6, len(places.code)))
    longitude, latitude = points_inside(rng, county)
    brands = brand_names(rng, len(county), syllables=2)
    built = rng.random(len(county)) < 0.6
    names = places.name[county] + brands + "青年之家"
    return pl.DataFrame(
        {
            "name": names,
            "county": county,
            "longitude": longitude,
            "latitude": latitude,
            "status": np.where(built, "已建", "候选").astype(object),
            "cost": np.round(np.exp(rng.normal(2.3, 0.5, len(county))), 1),
            "capacity": rng.integers(2, 16, len(county)) * 10,
        },
        schema_overrides={"name": pl.String, "status": pl.String},
    )


def draw_schools(streams: Streams) -> pl.DataFrame:
    """Invented schools: education statistics against the League's system, some gaps beyond five per cent.

    Columns: `name`, `county`, `private`, `education`, `system`, `league_organisation`, `explanation`.
    """
    rng, places = streams.of("schools"), counties()
    county = np.repeat(np.arange(len(places.code)), 4)
    forms = np.resize(np.array(name_parts()["school_forms"], dtype=object), len(county))
    private = rng.random(len(county)) < 0.25
    education = rng.integers(60, 1800, len(county))
    left_out = private & (rng.random(len(county)) < 0.2)
    gap = np.where(
        rng.random(len(county)) < 0.2, rng.uniform(0.06, 0.3, len(county)), rng.uniform(0, 0.05, len(county))
    )
    system = np.where(left_out, 0, np.rint(education * (1 - gap))).astype(np.int64)
    explained = (gap > 0.05) & ~left_out & (rng.random(len(county)) < 0.6)
    return pl.DataFrame(
        {
            "name": places.name[county] + brand_names(rng, len(county), syllables=2) + forms,
            "county": county,
            "private": private,
            "education": education,
            "system": system,
            "league_organisation": ~left_out,
            "explanation": np.where(explained, "毕业生组织关系转出在途", "").astype(object),
        },
        schema_overrides={"name": pl.String, "explanation": pl.String},
    )


def draw_number_segments(streams: Streams) -> pl.DataFrame:
    """Segments of development numbers, 12 digits, for every county committee and year.

    Columns: `county`, `year`, `first`, `last`, `used`, `entered`, `explanation`.
    """
    rng, places = streams.of("segments"), counties()
    years = np.array([2017, 2018, 2019])
    county, year = np.tile(np.arange(len(places.code)), 3), np.repeat(years, len(places.code))
    size = rng.integers(100, 1500, len(county))
    stop = np.concatenate([np.cumsum(size[year == each]) for each in years])
    used = np.where(rng.random(len(county)) < 0.5, size, np.rint(size * rng.uniform(0.6, 1, len(county))))
    entered = np.where(rng.random(len(county)) < 0.8, used, np.rint(used * rng.uniform(0.85, 1, len(county))))
    text = [f"{y}41{number:06d}" for y, number in zip(year, stop - size + 1, strict=True)]
    last = [f"{y}41{number:06d}" for y, number in zip(year, stop, strict=True)]
    return pl.DataFrame(
        {
            "county": county,
            "year": year,
            "first": text,
            "last": last,
            "used": used.astype(np.int64),
            "entered": entered.astype(np.int64),
            "explanation": np.where(used < size, "当年发展计划未用完，编号已登记封存", "").astype(object),
        },
        schema_overrides={"explanation": pl.String},
    )
