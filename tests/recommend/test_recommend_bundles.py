"""One call for many: counted by hand on a handful of firms, and held against plain sums on invented ones."""

from collections import defaultdict

import polars as pl
import pytest

from coverage_engine.model.tables import PLAN_TABLES, conform
from coverage_engine.recommend import load_paths, recommend
from coverage_engine.recommend.bundles import bundle_places, bundles, large_enough

PARK, UNION = "虚构园区", "虚构区总工会"


def served(firm, path, counterpart, chance, *, first, young=10, lead="虚构区团委"):
    return {
        "path": path,
        "counterpart": counterpart,
        "enterprise_id": firm,
        "probability": chance,
        "first": first,
        "young_employees": young,
        "lead_unit": lead,
        "staff_hours": 14,
    }


@pytest.fixture
def pairs():
    rows = [
        served(1, 5, PARK, 0.5, first=True),
        served(2, 5, PARK, 0.25, first=True, young=None),
        served(3, 5, PARK, 0.2, first=False, young=100, lead="乌有县团委"),
        served(1, 3, UNION, 0.4, first=False),
        served(4, 3, UNION, 0.9, first=True),
    ]
    return conform(pl.DataFrame(rows), PLAN_TABLES["bundle_targets"])


def test_a_call_is_expected_to_bring_the_sum_of_the_chances_of_those_it_serves(pairs):
    park, union = (bundles(pairs).filter(pl.col("path") == path).row(0, named=True) for path in (5, 3))
    assert (park["targets"], park["first"], park["expected"], park["expected_young"]) == (3, 2, 0.95, 25.0)
    # Those who try this way first: a half and a quarter; the young staff of the second are not known.
    assert (park["first_expected"], park["first_young"]) == (0.75, 5.0)
    assert (union["first_expected"], union["call_order"]) == (0.9, 1)


def test_nobody_is_expected_twice_among_the_calls_tried_first(pairs):
    assert bundles(pairs)["first_expected"].sum() == pytest.approx(0.5 + 0.25 + 0.9)


def test_a_call_over_two_counties_is_led_from_above_them(pairs):
    leads = dict(bundles(pairs).select("counterpart", "lead_unit").iter_rows())
    assert leads == {PARK: f"上级团委、{PARK}", UNION: "虚构区团委"}


def test_a_call_for_fewer_than_stated_is_no_bundle(pairs):
    assert large_enough(pairs, 3)["counterpart"].unique().to_list() == [PARK]
    assert large_enough(pairs, 2).height == 5


def test_each_county_is_told_its_own_share_of_a_call(pairs):
    where = pl.DataFrame(
        {
            "enterprise_id": [1, 2, 3, 4],
            "county_code": ["410105", "410105", None, "410105"],
            "city_code": ["410100"] * 4,
        }
    )
    told = bundle_places(pairs, where)
    shares = {(row["counterpart"], row["division_code"]): row for row in told.rows(named=True)}
    assert shares[PARK, "410105"]["targets"] == 2
    assert (shares[PARK, "410100"]["targets"], shares[PARK, "410100"]["first"]) == (1, 0)
    assert told["targets"].sum() == pairs.height


def test_the_calls_of_a_province_serve_whom_the_paths_are_feasible_for(make_province):
    province = make_province(41, 250)
    told = recommend(province.snapshot, province.enterprises, province.policy)
    feasible = {
        (row["enterprise_id"], row["path"]) for row in told["evaluations"].rows(named=True) if row["feasible"]
    }
    firsts = {
        (row["enterprise_id"], row["path"])
        for row in told["recommendations"].rows(named=True)
        if row["rank"] == 1
    }
    sums = defaultdict(lambda: [0, 0])
    for row in told["bundle_targets"].rows(named=True):
        pair = (row["enterprise_id"], row["path"])
        assert pair in feasible
        assert row["first"] == (pair in firsts)
        sums[row["path"], row["counterpart"]][0] += 1
        sums[row["path"], row["counterpart"]][1] += row["first"]
    least = load_paths().least_bundle
    assert min(targets for targets, _ in sums.values()) >= least
    stated = told["bundles"].select("path", "counterpart", "targets", "first").rows()
    assert {(path, name): [targets, first] for path, name, targets, first in stated} == dict(sums)
