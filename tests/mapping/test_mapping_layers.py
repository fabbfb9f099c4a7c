"""What the layers show: the plan's own figures, every firm that belongs there, places honestly marked."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from coverage_engine.content import read_content_toml
from coverage_engine.mapping.layers import division_figures, park_points
from coverage_engine.mapping.outlines import centres, outlines_of
from coverage_engine.mapping.packed_links import packed_links
from coverage_engine.mapping.placing import placed
from coverage_engine.mapping.points import packed_points, shown_enterprises
from coverage_engine.model.plan import Division, Plan
from coverage_engine.model.tables import PLAN_TABLES, conform

PALETTE = read_content_toml("maps", "palette.toml")
HENAN = Division("410000", "河南省", "province")
ZHENGZHOU = Division("410100", "郑州市", "city")
SYMBOLS = [symbol["key"] for symbol in PALETTE["symbols"]]


Firms = Callable[..., Plan]


@pytest.fixture(scope="module")
def middles(outlines: dict[str, Any]) -> pl.DataFrame:
    return centres(outlines)


@pytest.fixture(scope="module")
def with_table(make_plan: Callable[..., Plan]) -> Callable[[str, list[dict[str, Any]]], Plan]:
    """An invented plan of which one table holds just these rows."""

    def make(name: str, rows: list[dict[str, Any]]) -> Plan:
        plan = make_plan(0)
        table = conform(pl.DataFrame(rows, infer_schema_length=None), PLAN_TABLES[name])
        return replace(plan, tables={**plan.tables, name: table})

    return make


@pytest.fixture(scope="module")
def firms(with_table: Callable[..., Plan]) -> Firms:
    """A plan of just these enterprises, by default targets in 郑州市中原区."""
    usual = {
        "name": "虚构企业",
        "city": "郑州市",
        "county": "中原区",
        "city_code": "410100",
        "county_code": "410102",
        "is_target": True,
        "longitude": 113.5,
        "latitude": 34.8,
        "location": "given",
    }
    return lambda *rows: with_table(
        "enterprises", [usual | {"enterprise_id": i} | row for i, row in enumerate(rows)]
    )


@pytest.fixture(scope="module")
def points(middles: pl.DataFrame) -> Callable[[Plan], dict[str, Any]]:
    return lambda plan: packed_points(shown_enterprises(plan, middles, PALETTE), plan["links"])


@pytest.mark.parametrize(
    ("state", "obligation", "symbol"),
    [
        ("own", "none", "own"),
        ("joint", "must_establish", "joint"),
        ("uncovered", "must_establish", "must"),
        ("youth_only", "should_establish", "should"),
        ("youth_only", "cultivate", "youth_only"),
        ("unknown", "undetermined", "unknown"),
        ("uncovered", "undetermined", "unknown"),
        ("uncovered", "cultivate", "other"),
        (None, None, "other"),
    ],
)
def test_the_symbol_tells_the_state_then_the_duty_then_what_is_not_known(
    firms: Firms,
    points: Callable[[Plan], dict[str, Any]],
    unpacked: Callable[..., list[int]],
    state: str | None,
    obligation: str | None,
    symbol: str,
) -> None:
    found = points(firms({"coverage_state": state, "obligation": obligation}))
    assert unpacked(found["columns"]["kind"], 1) == [0]
    assert SYMBOLS[dict(zip(found["kind_columns"], found["kinds"][0], strict=True))["symbol"]] == symbol


def test_targets_and_covered_firms_are_shown_and_no_others(
    firms: Firms, points: Callable[[Plan], dict[str, Any]]
) -> None:
    plan = firms(
        {"coverage_state": "own", "is_target": False},
        {"coverage_state": "joint", "is_target": None},
        {"coverage_state": "uncovered", "is_target": True},
        {"coverage_state": "uncovered", "is_target": False},
        {"coverage_state": "out_of_scope", "is_target": None},
    )
    assert points(plan)["count"] == 3


def test_a_firm_whose_city_alone_is_known_stands_at_the_city_and_one_without_any_place_is_counted(
    firms: Firms, points: Callable[[Plan], dict[str, Any]]
) -> None:
    nowhere = {"longitude": None, "latitude": None, "location": None, "county_code": None, "county": None}
    found = points(firms(nowhere, nowhere | {"city_code": None, "city": None}))
    assert (found["count"], found["approximate"], found["unplaced"]) == (2, 1, 1)


def test_given_places_stay_and_approximate_ones_are_spread_near_their_centre(
    firms: Firms, middles: pl.DataFrame
) -> None:
    centre = next(
        row for row in middles.iter_rows(named=True) if row["level"] == "county" and row["code"] == "410102"
    )
    rows = [
        {"location": "approximate", "longitude": centre["centre_lon"], "latitude": centre["centre_lat"]}
    ] * 200
    frame = firms({}, *rows)["enterprises"]
    found = placed(frame, "enterprise_id", middles, PALETTE["points"])
    assert found.row(0, named=True)["place_lon"] == 113.5
    spread = found.filter("approximate")
    assert spread.select("place_lon", "place_lat").n_unique() == spread.height == 200
    reach = PALETTE["points"]["spread_share"] * math.sqrt(centre["area_km2"] / math.pi)
    for row in spread.iter_rows(named=True):
        east = (
            (row["place_lon"] - centre["centre_lon"]) * 111.32 * math.cos(math.radians(centre["centre_lat"]))
        )
        north = (row["place_lat"] - centre["centre_lat"]) * 111.32
        assert math.hypot(east, north) <= reach + 1e-9


def test_places_come_back_to_ten_metres(
    make_plan: Callable[..., Plan], middles: pl.DataFrame, unpacked: Callable[..., list[int]]
) -> None:
    plan = make_plan(300)
    rows = shown_enterprises(plan, middles, PALETTE)
    cells = packed_points(rows, plan["links"])["cells"]
    row, column, firms = (
        unpacked(cells["columns"][name], cells["count"]) for name in ("row", "column", "firms")
    )
    north, east = (unpacked(cells["places"][name], rows.height) for name in ("north", "east"))
    at = 0
    for cell in range(cells["count"]):
        inside = 0
        for _ in range(firms[cell]):
            inside += north[at]
            latitude = (row[cell] * cells["size"] + inside) / cells["degree"]
            longitude = (column[cell] * cells["size"] + east[at]) / cells["degree"]
            assert abs(latitude - rows["place_lat"][at]) <= 0.51 / cells["degree"]
            assert abs(longitude - rows["place_lon"][at]) <= 0.51 / cells["degree"]
            at += 1
    assert at == rows.height == sum(firms)


def test_the_order_of_rows_moves_no_firm(
    make_plan: Callable[..., Plan], points: Callable[[Plan], dict[str, Any]]
) -> None:
    plan = make_plan(100)
    turned = replace(plan, tables={**plan.tables, "enterprises": plan["enterprises"].reverse()})
    assert points(plan) == points(turned)


def test_the_page_holds_the_figures_of_the_plan_as_they_are(make_plan: Callable[..., Plan]) -> None:
    plan = make_plan(10)
    figures = division_figures(plan)
    table = {
        (row["level"], row["division_code"], row["category"]): row
        for row in plan["coverage"].iter_rows(named=True)
    }
    seen = 0
    for row in figures["rows"]:
        for category, values in row["figures"].items():
            expected = table[row["level"], row["code"], category]
            assert values == [expected[name] for name in figures["columns"]]
            seen += 1
    assert seen == len(table)


def test_counties_carry_their_estimates_and_a_row_of_firms_without_a_county_does_not(
    make_plan: Callable[..., Plan],
) -> None:
    plan = make_plan(10)
    figures = division_figures(plan)
    by_code = {row["code"]: row for row in figures["rows"] if row["level"] == "county"}
    for estimate in plan["county_estimates"].iter_rows(named=True):
        told = by_code[estimate["division_code"]]["estimates"][estimate["category"]]
        assert told == [estimate[name] for name in figures["estimate_columns"]]
    assert all("estimates" not in row for row in figures["rows"] if row["level"] != "county")


def test_links_are_rows_of_the_page_and_ends_outside_it_are_counted(
    unpacked: Callable[..., list[int]],
) -> None:
    pairs = [(7, 5, "headquarters"), (5, 7, "branch_office"), (5, 99, "associated"), (5, 98, "associated")]
    links = pl.DataFrame(pairs, schema=["enterprise_id", "other_id", "kind"], orient="row")
    found = packed_links(links, pl.Series([9, 7, 5]))
    columns = [unpacked(column, found["count"]) for column in found["columns"].values()]
    assert list(zip(*columns, strict=True)) == [(1, 2, 0), (2, 1, 1)]
    elsewhere = [unpacked(column, found["elsewhere_count"]) for column in found["elsewhere"].values()]
    assert elsewhere == [[2], [2]]


def test_firms_without_a_county_keep_a_row_of_their_own_beside_a_county_of_the_same_code(
    with_table: Callable[..., Plan],
) -> None:
    rows = [
        {"division_code": "419001", "division": name, "level": "county", "category": "eligible", "must": must}
        for name, must in [("济源市", 4), ("济源市（未分县）", 1)]
    ]
    figures = division_figures(with_table("coverage", rows))
    assert [
        (row["name"], row["figures"]["eligible"][figures["columns"].index("must")]) for row in figures["rows"]
    ] == [
        ("济源市", 4),
        ("济源市（未分县）", 1),
    ]


def test_a_park_without_coordinates_stands_in_its_own_county_though_two_cities_have_one_of_that_name(
    with_table: Callable[..., Plan], middles: pl.DataFrame
) -> None:
    rows = [
        {"park_id": 0, "name": "虚构园区", "city": "开封市", "county": "鼓楼区"},
        {"park_id": 1, "name": "虚构园区", "city": None, "county": None},
    ]
    found = park_points(with_table("parks", rows), middles, PALETTE["points"])
    county = middles.filter((pl.col("city") == "开封市") & (pl.col("name") == "鼓楼区")).row(0, named=True)
    assert abs(found["longitude"][0] - county["centre_lon"]) < 0.05
    assert (found["approximate"], found["unplaced"]) == ([True], 1)


@pytest.mark.parametrize(
    ("division", "counties"),
    [
        (HENAN, 158),
        (ZHENGZHOU, 12),
        (Division("419001", "济源市", "city"), 1),
        (Division("410122", "中牟县", "county"), 1),
    ],
)
def test_the_map_draws_the_counties_of_its_division(
    outlines: dict[str, Any], division: Division, counties: int
) -> None:
    drawn = outlines_of(division, outlines)
    assert len(drawn.counties) == counties
    (south, west), (north, east) = drawn.bounds
    assert 31 < south < north < 37
    assert 110 < west < east < 117
