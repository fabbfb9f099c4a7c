"""Neighbours within a walk: whole metres beside the geodesic, and the nearest beside comparing everyone."""

import random

import narwhals as nw
import polars as pl
from geopy.distance import geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_engine.recommend.evidence.nearby import nearest_firms
from coverage_engine.recommend.evidence.walking import metres, placed, with_offsets, with_spot

NORTH, EAST = st.floats(18, 54), st.floats(73, 135)
STEP = st.floats(-0.02, 0.02)


def distance(here, there):
    points = pl.DataFrame({"latitude": [here[0], there[0]], "longitude": [here[1], there[1]]})
    rows = with_spot(placed(nw.from_native(points.lazy()))).to_native().collect()
    pair = pl.concat(
        [rows[:1], rows[1:].rename({name: f"{name}_there" for name in rows.columns})], how="horizontal"
    )
    apart = with_offsets(nw.from_native(pair.lazy()), "_there")
    return apart.select(metres().alias("m")).to_native().collect().item()


@given(NORTH, EAST, STEP, STEP)
@settings(max_examples=40)
def test_metres_keep_within_one_of_the_geodesic_over_a_walk(latitude, longitude, north, east):
    here, there = (latitude, longitude), (latitude + north, longitude + east)
    assert abs(distance(here, there) - geodesic(here, there).meters) <= 1


@given(st.integers(0, 10_000), st.integers(1, 60), st.floats(0.0005, 0.03), st.floats(20, 52))
@settings(max_examples=15)
def test_the_nearest_are_those_of_comparing_everyone_with_everyone(seed, size, spread, latitude):
    dice = random.Random(seed)
    spots = [(latitude + dice.random() * spread, 113 + dice.random() * spread) for _ in range(size)]
    firms = pl.DataFrame(
        {
            "enterprise_id": pl.Series(range(size), dtype=pl.Int32),
            "member_margin": 0 - 1,
            "location": [dice.choice(["given", "given", "approximate", None]) for _ in range(size)],
            # Some share one spot: then the lowest ids are the nearest.
            "latitude": [dice.choice(spots)[0] if dice.random() < 0.3 else spot[0] for spot in spots],
            "longitude": [spot[1] for spot in spots],
            "housed": None,
            "league_members": pl.Series([dice.randrange(1, 4) for _ in range(size)], dtype=pl.Int64),
        },
        schema_overrides={"location": pl.String, "housed": pl.Int32},
    )
    frame = nw.from_native(firms.lazy())
    never, three = (
        nearest_firms(frame, frame, {"radius_metres": 500}, line).to_native().collect().sort("near_of")
        for line in (100, 3)
    )
    told = ["near_of", "near_id_1", "near_distance", "near_id_2", "near_id_3"]
    assert never.select(told).rows() == expected(firms)
    # Where the nearest suffice, those farther away need not be told; the others are the same.
    assert three.select(told[:3]).equals(never.select(told[:3]))
    for fewer, all_told in zip(three.rows(named=True), never.rows(named=True), strict=True):
        together = fewer["own_members"]
        for at in (1, 2, 3):
            assert together >= 3 or fewer[f"near_id_{at}"] == all_told[f"near_id_{at}"]
            together += fewer[f"near_members_{at}"] or 0


def expected(firms):
    given_ = firms.filter(pl.col("location") == "given").select("enterprise_id", "latitude", "longitude")
    rows = []
    for here, *spot in given_.rows():
        apart = [(distance(spot, other), there) for there, *other in given_.rows() if there != here]
        near = sorted(pair for pair in apart if pair[0] <= 500)[:3]
        if near:
            ids = [there for _, there in near] + [None] * (3 - len(near))
            rows.append((here, ids[0], near[0][0], *ids[1:]))
    return rows
