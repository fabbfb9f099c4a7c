"""Joint-branch groups: lawful by construction, and nearly as many firms as an exact solver can cover."""

import random

import numpy as np
import polars as pl
import pytest
from exact_groups import exact
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st
from sklearn.neighbors import BallTree

from coverage_engine.recommend.joint_groups import grouped, joint_groups
from coverage_engine.recommend.partners import partners
from coverage_engine.recommend.seat_distances import metres_to_seat

THREE, LIMIT = 3, 6


def _county(seed, firms, crowding):
    """Firms with one or two members on a plane; near is within a distance and of the same trade."""
    dice = random.Random(seed)
    spots = [(dice.random() * crowding, dice.random() * crowding) for _ in range(max(1, firms // 4))]
    points = []
    for _ in range(firms):
        x, y = dice.choice(spots) if dice.random() < 0.6 else (dice.random() * crowding,) * 2
        points.append((x + dice.gauss(0, 0.5), y + dice.gauss(0, 0.5)))
    trades = [dice.randrange(4) for _ in range(firms)]
    members = [dice.choice([1, 1, 2]) for _ in range(firms)]
    near = [
        [
            other
            for other in range(firms)
            if other != one
            and trades[one] == trades[other]
            and np.hypot(points[one][0] - points[other][0], points[one][1] - points[other][1]) < 1
        ]
        for one in range(firms)
    ]
    return members, near


def _covered(members, near):
    return sum(len(group.firms) for group in grouped(members, near, THREE, LIMIT))


@given(st.integers(0, 10_000), st.integers(1, 60), st.floats(1, 8))
def test_every_group_is_lawful(seed, firms, crowding):
    members, near = _county(seed, firms, crowding)
    groups = [group.firms for group in grouped(members, near, THREE, LIMIT)]
    placed = [firm for group in groups for firm in group]
    assert len(placed) == len(set(placed))
    for seat, *others in groups:
        assert sum(members[firm] for firm in (seat, *others)) >= THREE
        assert 2 <= 1 + len(others) <= LIMIT
        assert set(others) <= set(near[seat])


@pytest.mark.parametrize("crowding", [2, 4, 7])
def test_small_counties_are_covered_nearly_as_well_as_exactly(crowding):
    reached = possible = 0
    for seed in range(4):
        members, near = _county(seed, 40, crowding)
        reached += _covered(members, near)
        possible += exact(members, near, 20)[0]
    assert reached >= 0.95 * possible


@pytest.mark.slow
@pytest.mark.parametrize("crowding", [6, 9, 14])
def test_whole_counties_are_covered_nearly_as_well_as_exactly(crowding):
    members, near = _county(crowding, 240, crowding)
    assert _covered(members, near) >= 0.95 * exact(members, near, 120)[1]


def _firms(rows):
    plain = {
        "is_target": True,
        "covered_by": "uncovered",
        "section": "C",
        "place": None,
        "county_code": "410105",
        "location": "given",
        "latitude": 34.75,
    }
    schema = {"place": pl.String, "section": pl.String, "league_members": pl.Int64}
    return pl.DataFrame(
        [{**plain, "enterprise_id": at, "name": f"虚构{at}号有限公司", **row} for at, row in enumerate(rows)],
        schema_overrides=schema,
    )


def _proposed(rows):
    return joint_groups(_firms(rows), THREE, {"radius_metres": 500, "group_limit": LIMIT})


def test_two_firms_of_one_trade_within_walking_range_form_a_group_with_their_distance():
    found = _proposed(
        [{"league_members": 2, "longitude": 113.65}, {"league_members": 1, "longitude": 113.654}]
    )
    assert found["group_members"].to_list() == [3, 3]
    assert found["metres"].to_list() == [0, 366]
    assert found["group_name"][0] == "虚构0号有限公司等2家联合团支部"


def test_another_trade_is_no_partner_unless_it_shares_the_building():
    apart = [
        {"league_members": 2, "longitude": 113.65, "section": "C"},
        {"league_members": 1, "longitude": 113.65, "section": "I"},
    ]
    assert _proposed(apart).is_empty()
    together = [{**row, "place": "虚构大厦"} for row in apart]
    assert _proposed(together)["place"].to_list() == ["虚构大厦"] * 2


def test_firms_without_members_or_with_three_are_in_no_joint_group():
    found = _proposed([{"league_members": count, "longitude": 113.65} for count in (0, 3, None, 1)])
    assert found.is_empty()


def test_no_firm_lies_beyond_the_radius_from_its_seat():
    dice = random.Random(5)
    rows = [
        {"league_members": dice.choice([1, 2]), "longitude": 113.6 + dice.random() * 0.05} for _ in range(150)
    ]
    assert _proposed(rows)["metres"].max() <= 500


@pytest.mark.parametrize(("north", "radius"), [(34.0, 500), (52.5, 1000), (0.0, 200)])
def test_partners_of_one_trade_are_all_firms_within_the_radius(north, radius):
    dice = random.Random(radius)
    spread = 12 * radius / 111_000
    firms = pl.DataFrame(
        {
            "latitude": [north + dice.uniform(-spread, spread) for _ in range(400)],
            "longitude": [113 + dice.uniform(-spread, spread) for _ in range(400)],
            "section": ["C"] * 400,
            "location": ["given"] * 400,
            "place": [None] * 400,
            "county_code": ["410105"] * 400,
        },
        schema_overrides={"place": pl.String},
    )
    points = np.radians(firms.select("latitude", "longitude").to_numpy())
    found = BallTree(points, metric="haversine").query_radius(points, 0.994 * radius / 6_371_008.8)
    near = [sorted(int(other) for other in others if other != at) for at, others in enumerate(found)]
    assert sum(map(len, near)) > 400
    assert partners(firms, radius) == near


@given(st.lists(st.tuples(*[st.floats(18, 53), st.floats(74, 134)] * 2), min_size=1, max_size=20))
def test_metres_to_the_seat_are_those_of_the_ellipsoid_whatever_stands_beside(places):
    names = ("latitude", "longitude", "seat_latitude", "seat_longitude")
    rows = pl.DataFrame(places, schema=names, orient="row")
    told = metres_to_seat(rows.with_columns(location=pl.lit("given"), seat_location=pl.lit("given")))
    assert told.to_list() == [round(geodesic(place[:2], place[2:]).m) for place in places]


@given(st.floats(18, 53), st.lists(st.tuples(*[st.floats(-0.3, 0.3)] * 2), min_size=1, max_size=50))
def test_metres_of_short_lines_are_those_that_geopy_measures(north, away):
    places = [(north, 113.0, north + up, 113.0 + on) for up, on in away]
    names = ("latitude", "longitude", "seat_latitude", "seat_longitude")
    rows = pl.DataFrame(places, schema=names, orient="row")
    told = metres_to_seat(rows.with_columns(location=pl.lit("given"), seat_location=pl.lit("given")))
    assert told.to_list() == [round(geodesic(place[:2], place[2:]).m) for place in places]


def test_geopy_measures_what_a_formula_cannot_round(monkeypatch):
    asked = []

    class Tape:
        def measure(self, here, seat):
            asked.append((here, seat))
            return geodesic(here, seat).km

    monkeypatch.setattr("geopy.distance.geodesic", Tape)
    # 10 m and a little north of each other; half a metre more to a thousandth; another province.
    near, doubtful, far = 34.0 + 10.1 / 110_922, 34.0 + 10.5 / 110_922.2, 39.9
    rows = pl.DataFrame({"latitude": [34.0] * 3, "seat_latitude": [near, doubtful, far]}).with_columns(
        longitude=113.0, seat_longitude=113.0, location=pl.lit("given"), seat_location=pl.lit("given")
    )
    told = metres_to_seat(rows)
    assert told[0] == 10
    assert [seat[0] for _, seat in asked] == [doubtful, far]


def test_firms_whose_place_is_only_approximate_have_no_metres():
    rows = [{"latitude": 34.0, "longitude": 113.0, "location": "given"}] * 2
    seats = [
        {"seat_latitude": 34.001, "seat_longitude": 113.0, "seat_location": to}
        for to in ("given", "approximate")
    ]
    told = metres_to_seat(pl.DataFrame([{**row, **seat} for row, seat in zip(rows, seats, strict=True)]))
    assert told.to_list() == [111, None]
