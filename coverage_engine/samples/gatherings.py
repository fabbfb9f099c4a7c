"""Gatherings: parks (园区), buildings and markets (楼宇市场), and where each firm stands."""

from __future__ import annotations

import numpy as np
import polars as pl

from coverage_engine.divisions import table
from coverage_engine.samples.geography import counties, in_county, points_inside
from coverage_engine.samples.names import brand_names
from coverage_engine.samples.streams import Array, Streams, pick, rank_in_group
from coverage_engine.samples.vocabularies import name_parts, rates, sectors

_LEVELS = {"national": "国家级", "provincial": "省级", "municipal": "市级"}


def draw_parks(streams: Streams) -> pl.DataFrame:
    """One 产业集聚区 for every county, the named zones of the cities, and invented business districts.

    Columns: `name`, `level`, `kind`, `division` (code), `county` (number, -1 for a zone of a whole city),
    `city` (number), `services`, `administration`, `party`, `work_committee`, `youth_home`, point.
    """
    rows = _zones()
    rows += _county_clusters({row[4] for row in rows if row[4] >= 0})
    rows += _special_parks(streams)
    columns = ("name", "level", "kind", "division", "county", "city", "services")
    parks = pl.DataFrame(rows, schema=list(columns), orient="row")
    rng, rate = streams.of("parks"), rates()
    meets = rng.random(parks.height) < rate["park_meets_condition"]
    loose = rng.random((2, parks.height)) < 0.4
    committee = meets & (rng.random(parks.height) < rate["park_work_committee"])
    seat = np.where(
        parks["county"].to_numpy() >= 0, parks["county"].to_numpy(), _seats(rng, parks["city"].to_numpy())
    )
    longitude, latitude = points_inside(rng, seat)
    return parks.with_columns(
        pl.Series("administration", meets | loose[0]),
        pl.Series("party", meets | (loose[1] & ~loose[0])),
        pl.Series("work_committee", committee),
        pl.Series("youth_home", rng.random(parks.height) < rate["park_youth_home"]),
        pl.Series("longitude", longitude),
        pl.Series("latitude", latitude),
    )


def settle(firms: pl.DataFrame, parks: pl.DataFrame, streams: Streams) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Puts firms into parks, buildings and markets and gives each its point; returns firms and places.

    Adds `park`, `place_number` (-1 none), `longitude`, `latitude` (WGS-84). Places: `name`, `county`.
    """
    park = _park_of(streams.of("park_of"), firms, parks)
    places = _draw_places(streams.of("places"), firms)
    place = _place_of(streams.of("place_of"), firms, places, park)
    rng, county = streams.of("points"), firms["county"].to_numpy()
    longitude, latitude = points_inside(rng, county)
    shift = np.clip(rng.normal(0, 1, (2, firms.height)), -2, 2)
    near = np.where(parks["county"].to_numpy()[park] == county, park, -1)
    for group, frame, spread in ((near, parks, 0.004), (place, places, 0.0001)):
        _move_in(longitude, latitude, group, frame, shift * spread)
        out = ~in_county(county, longitude, latitude)
        _move_in(longitude, latitude, np.where(out, group, -1), frame, shift * 0.0)
    settled = firms.with_columns(
        pl.Series("park", park),
        pl.Series("place_number", place),
        pl.Series("longitude", longitude),
        pl.Series("latitude", latitude),
    )
    return settled, places


# ---------------------------------------------------------------------------------------------- private


def _zones() -> list[tuple[str, str, str, str, int, int, bool]]:
    """Named zones, national level first where a name stands twice; pseudo-counties are no parks."""
    places = counties()
    by_2024 = {row.code_2024: row.code for row in table.divisions("2019-05") if row.level == "county"}
    county_number = {code: index for index, code in enumerate(places.code)}
    city_number = {code: index for index, code in enumerate(places.city_code)}
    zone_by_name: dict[str, tuple[str, str, str, str, int, int, bool]] = {}
    for zone in sorted(table.zones(), key=lambda row: (row["level"][:8] != "national", row["name"])):
        level = _LEVELS.get(zone["level"].split()[0])
        if level is None or zone["name"] in zone_by_name:
            continue
        host = by_2024.get(zone["host_county_code"], zone["host_county_code"])
        county = county_number.get(host, -1)
        division = host if county >= 0 else zone["city_code"]
        zone_by_name[zone["name"]] = (
            zone["name"],
            level,
            _kind_of_zone(zone["name"]),
            division,
            county,
            city_number[zone["city_code"]],
            False,
        )
    return list(zone_by_name.values())


def _kind_of_zone(name: str) -> str:
    if "产业集聚区" in name:
        return "产业集聚区"
    return "高新区" if "高新" in name else "开发区"


def _county_clusters(hosts: set[int]) -> list[tuple[str, str, str, str, int, int, bool]]:
    """A 产业集聚区 for each county that hosts no named zone."""
    places = counties()
    return [
        (
            f"{places.name[county]}产业集聚区",
            "省级",
            "产业集聚区",
            places.code[county],
            county,
            int(city),
            False,
        )
        for county, city in enumerate(places.city)
        if county not in hosts
    ]


def _special_parks(streams: Streams) -> list[tuple[str, str, str, str, int, int, bool]]:
    """Three invented business districts, office quarters or markets in each city."""
    places, rng = counties(), streams.of("special_parks")
    forms = name_parts()["special_park_forms"]
    kinds = {"商圈": "商圈", "科技楼宇": "楼宇", "专业市场": "专业市场"}
    cities = np.repeat(np.arange(len(places.city_code)), len(forms))
    seats, brands = _seats(rng, cities), brand_names(rng, len(cities), syllables=2)
    return [
        (
            f"{places.city_name[city].removesuffix('市')}{brand}{forms[index % len(forms)]}",
            "市级",
            kinds[forms[index % len(forms)]],
            places.code[seat],
            int(seat),
            int(city),
            True,
        )
        for index, (city, seat, brand) in enumerate(zip(cities, seats, brands, strict=True))
    ]


def _seats(rng: np.random.Generator, city: Array) -> Array:
    """A county of each city, a district where the city has any."""
    places = counties()
    seats = np.empty(len(city), np.int64)
    for number in range(len(places.city_code)):
        rows = np.flatnonzero(city == number)
        own = np.flatnonzero(places.city == number)
        urban = own[places.urban[own]]
        seats[rows] = pick(rng, urban if len(urban) else own, len(rows))
    return seats


def _park_of(rng: np.random.Generator, firms: pl.DataFrame, parks: pl.DataFrame) -> Array:
    """A park of the firm's county, or for city districts one of the city's zones."""
    rate, places = rates(), counties()
    county = firms["county"].to_numpy()
    industrial = sectors().industrial[firms["sector"].to_numpy()]
    goes = rng.random(firms.height) < np.where(industrial, rate["park_industrial"], rate["park_other"])
    zone_county, zone_city = parks["county"].to_numpy(), parks["city"].to_numpy()
    services = parks["services"].to_numpy()
    choices: list[tuple[Array, Array]] = []
    for number in range(len(places.code)):
        near = zone_county == number
        if places.urban[number]:
            near |= (zone_county < 0) & (zone_city == places.city[number])
        choices.append((np.flatnonzero(near & ~services), np.flatnonzero(near)))
    park = np.full(firms.height, -1, np.int64)
    for kind, mask in enumerate((industrial & goes, ~industrial & goes)):
        width = max(len(choice[kind]) for choice in choices)
        grid = np.full((len(choices), width), -1, np.int64)
        for number, choice in enumerate(choices):
            grid[number] = np.resize(choice[kind], width) if len(choice[kind]) else -1
        rows = np.flatnonzero(mask)
        park[rows] = grid[county[rows], rng.integers(0, width, len(rows))]
    return park


def _draw_places(rng: np.random.Generator, firms: pl.DataFrame) -> pl.DataFrame:
    """Buildings and markets: at least one a county, more where more firms stand; names are unique."""
    size = np.bincount(firms["county"].to_numpy(), minlength=len(counties().code))
    number = np.maximum(1, np.rint(size / rates()["firms_per_place"])).astype(np.int64)
    county = np.repeat(np.arange(len(size)), number)
    forms = pick(rng, np.array(name_parts()["gathering_forms"], dtype=object), len(county))
    brands = brand_names(rng, len(county), syllables=2)
    longitude, latitude = points_inside(rng, county)
    return pl.DataFrame(
        {"name": brands + forms, "county": county, "longitude": longitude, "latitude": latitude},
        schema_overrides={"name": pl.String},
    )


def _place_of(rng: np.random.Generator, firms: pl.DataFrame, places: pl.DataFrame, park: Array) -> Array:
    """A building of the firm's county, the first ones the fullest."""
    rate = rates()
    services = ~sectors().industrial[firms["sector"].to_numpy()]
    goes = rng.random(firms.height) < np.where(services, rate["place_services"], rate["place_other"])
    county = firms["county"].to_numpy()
    start = np.searchsorted(places["county"].to_numpy(), np.arange(len(counties().code) + 1))
    width = (start[1:] - start[:-1])[county]
    chosen = start[county] + (width * rng.random(firms.height) ** 1.6).astype(np.int64)
    return np.where(goes & (park < 0), chosen, -1)


def _move_in(longitude: Array, latitude: Array, group: Array, frame: pl.DataFrame, shift: Array) -> None:
    """Moves the points of the rows that stand in a group (not -1) to the group's point, shifted a little."""
    rows = np.flatnonzero(group >= 0)
    longitude[rows] = frame["longitude"].to_numpy()[group[rows]] + shift[0, rows]
    latitude[rows] = frame["latitude"].to_numpy()[group[rows]] + shift[1, rows]


def number_within(groups: Array, size: int) -> Array:
    """Number of the bundle of at most `size` rows that each row falls into within its group, from 0."""
    return rank_in_group(groups) // size
