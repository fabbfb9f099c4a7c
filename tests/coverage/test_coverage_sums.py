"""Figures add up: counties to their city, cities to the province, on random trees of divisions."""

import random
from datetime import date

import narwhals as nw
import polars as pl
import pytest

from coverage_engine.coverage.assessment import assessed_enterprises
from coverage_engine.coverage.figures import CATEGORIES, UNASSIGNED, coverage_figures
from coverage_engine.frames.dialect import collected, lazy_frames
from coverage_engine.model.snapshot import build_snapshot
from coverage_engine.policy import load_policy

DAY = date(2019, 6, 15)
POLICY = load_policy(DAY)
COUNTS = [
    "denominator_low", "denominator_high", "own_low", "own_high", "joint_low", "joint_high",
    "verified", "uncovered_low", "unknown", "must", "should", "undetermined", "targets", "presumed",
]  # fmt: skip
FACTS = {
    "control": ["private", "private", "state", None],
    "league_members": [0, 2, 3, 7, None],
    "party": ["own", "joint", "none", None],
    "league_form": ["own", "joint", "none", None],
    "above_scale": [True, False, None],
    "operating": ["operating", "operating", "closed", None],
    "industry_code": ["6420", "6020", "1310", None],
    "top_hundred_rank": [7, None, None],
    "park_id": [0, None],
}


def _tree(chance):
    """A province of invented cities: some with many counties, some with none, some county and city in one."""
    rows = [("410000", "虚构省", "province", None)]
    for number in range(chance.randint(1, 7)):
        if chance.random() < 0.15:
            code = f"4190{number + 1:02}"
            rows += [(code, f"虚构市{number}", level, above) for level, above in
                     (("city", "410000"), ("county", code))]  # fmt: skip
            continue
        code = f"41{number + 1:02}00"
        rows.append((code, f"虚构市{number}", "city", "410000"))
        for at in chance.sample(range(1, 90), chance.choice([0, 1, 1, 2, 3, 5, 9])):
            rows.append((f"{code[:4]}{at:02}", f"虚构县{number}之{at}", "county", code))
    return pl.DataFrame(rows, schema=["code", "name", "level", "parent_code"], orient="row")


def _firms(tree, chance):
    """Firms of counties, and firms of which only the city is known."""
    places = [(above, code) for code, _, level, above in tree.rows() if level == "county"]
    places += [(code, None) for code, _, level, _ in tree.rows() if level == "city"]
    rows = []
    for number in range(chance.randint(1, 40)):
        city, county = chance.choice(places)
        facts = {name: chance.choice(values) for name, values in FACTS.items()}
        rows.append(
            {"enterprise_id": number, "name": f"虚构{number}", "city_code": city, "county_code": county,
             "division_code": county or city, "entity_kind": "enterprise", **facts}
        )  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def _figures(seed):
    """The tree of one seed, the rows of its firms, and the figures of the engine."""
    chance = random.Random(seed)
    tree = _tree(chance)
    firms = _firms(tree, chance)
    members = pl.Series([n for n in range(firms.height) if chance.random() < 0.3], dtype=pl.Int32)
    tables = {
        "enterprises": firms,
        "divisions": tree,
        "society_members": pl.DataFrame({"enterprise_id": members}).with_columns(
            society_id=pl.lit(0, pl.Int32)
        ),
    }
    frames = lazy_frames(build_snapshot(DAY, tables, frozenset()).tables)
    assessed = nw.from_native(
        collected(assessed_enterprises(frames, POLICY, frozenset({"enterprises", "society_members"})))
    ).lazy()
    one_by_one = assessed.with_columns(nw.lit(1).alias("firms"))
    return tree, firms, collected(coverage_figures(one_by_one, frames))


def _adds_up(seed):
    tree, firms, figures = _figures(seed)
    cities = dict(tree.filter(pl.col("level") == "county").select("code", "parent_code").iter_rows())
    of = ["division_code", "category"]
    county, city, province = (
        figures.filter(pl.col("level") == level) for level in ("county", "city", "province")
    )
    from_counties = county.with_columns(pl.col("division_code").replace(cities)).group_by(of)
    told = city.select(*of, *COUNTS).sort(of)
    assert from_counties.agg(pl.col(COUNTS).sum()).sort(of).equals(told), seed
    from_cities = city.group_by("category").agg(pl.col(COUNTS).sum()).sort("category")
    assert from_cities.equals(province.select("category", *COUNTS).sort("category")), seed
    assert set(province["category"]) == set(CATEGORIES)
    _counts_every_firm(firms, figures, seed)


def _counts_every_firm(firms, figures, seed):
    """The operating firms of each county, counted by hand; a county without a firm has no row."""
    surely, maybe, presumed = {}, {}, {}
    for firm in firms.iter_rows(named=True):
        place = firm["county_code"] or f"{firm['city_code']}{UNASSIGNED}"
        closed = firm["operating"] == "closed"
        private, blank = firm["control"] == "private", firm["operating"] is None
        surely[place] = surely.get(place, 0) + (private and not closed and not blank)
        presumed[place] = presumed.get(place, 0) + (private and blank)
        maybe[place] = maybe.get(place, 0) + (firm["control"] != "state" and not closed)
    rows = figures.filter((pl.col("level") == "county") & (pl.col("category") == "operating"))
    unassigned = pl.when(pl.col("division").str.ends_with(UNASSIGNED)).then(pl.lit(UNASSIGNED))
    place = pl.concat_str("division_code", unassigned.otherwise(pl.lit("")))
    named = rows.select(place, "denominator_low", "denominator_high", "presumed").rows()
    assert {place: counts for place, *counts in named} == {
        place: [surely[place], maybe[place], presumed[place]] for place in surely
    }, seed


def test_counties_add_up_to_cities_and_cities_to_the_province():
    for seed in range(30):
        _adds_up(seed)


@pytest.mark.slow
def test_counties_add_up_on_a_thousand_trees_of_divisions():
    for seed in range(1_000):
        _adds_up(seed)
