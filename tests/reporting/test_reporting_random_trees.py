"""County = city = province to the unit: random trees of divisions with firms, parks and memberships."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_engine.model.plan import Division, Plan
from coverage_engine.model.snapshot import build_snapshot
from coverage_engine.model.tables import PLAN_TABLES, conform, empty
from coverage_engine.recommend import load_paths
from coverage_engine.recommend.path_table import path_table
from coverage_engine.reporting.annexes import ANNEXES, AnnexRows, annex_rows
from coverage_engine.reporting.figures import Cells, FigureSource, figure_values
from coverage_engine.reporting.summaries import summary_form
from coverage_engine.reporting.wording import wording

Row = dict[str, Any]
AS_OF = date(2019, 6, 1)
PROVINCE = Division("410000", "虚构省", "province")
COUNTED = ("employees", "young_employees", "league_members")
STATES = ("own", "joint", "uncovered", "youth_only", "unknown", "out_of_scope")
DUTIES = ("must_establish", "should_establish", "cultivate", "undetermined", "none")


def _divisions(chance: random.Random) -> list[Row]:
    """A province with cities of several counties each, or of none."""
    rows = [{"code": "410000", "name": "虚构省", "level": "province", "parent_code": ""}]
    for city in range(1, chance.randint(1, 5) + 1):
        code = f"41{city:02}00"
        rows.append({"code": code, "name": f"虚构{city}市", "level": "city", "parent_code": "410000"})
        rows += [
            {
                "code": f"41{city:02}{county:02}",
                "name": f"虚构{county}县",
                "level": "county",
                "parent_code": code,
            }
            for county in range(1, chance.randint(0, 6) + 1)
        ]
    return rows


def _places(divisions: list[Row], chance: random.Random) -> Callable[[], Row]:
    """Draws a place: a county, or a city where the county is not known."""
    names = {row["code"]: row["name"] for row in divisions}
    below = [row for row in divisions if row["level"] != "province"]

    def draw() -> Row:
        row = chance.choice(below)
        is_county = row["level"] == "county"
        city = row["parent_code"] if is_county else row["code"]
        return {
            "division_code": row["code"],
            "city": names[city],
            "city_code": city,
            "county": row["name"] if is_county else None,
            "county_code": row["code"] if is_county else None,
        }

    return draw


def _firm(number: int, place: Row, chance: random.Random) -> Row:
    counts = {name: chance.choice([None, 0, 1, 3, chance.randint(0, 10**6)]) for name in COUNTED}
    state = chance.choice(STATES)
    return {
        "enterprise_id": number,
        "credit_code": None if chance.random() < 0.2 else f"虚构码{number}",
        "name": f"虚构{chance.randint(0, 20)}号公司",
        **place,
        **counts,
        "coverage_state": state,
        "obligation": chance.choice(DUTIES),
        "verified": chance.choice(["yes", "no", "unknown"]),
        "non_public": chance.choice(["yes", "yes", "no", "unknown"]),
        "scope_reason": "国有控股" if state == "out_of_scope" else None,
        "is_target": state in ("uncovered", "youth_only"),
        "party": chance.choice(["own", "joint", "none", None]),
        "union": chance.choice([True, False, None]),
        "league_kind": "league_branch" if state == "own" else None,
        "above_scale": chance.choice([True, True, False, None]),
        "top_hundred_rank": chance.choice([None, None, number]),
        "missing_facts": "",
    }


def _park(number: int, place: Row, chance: random.Random) -> Row:
    names = ("enterprises", "above_scale", *COUNTED, "with_party", "eligible", "own", "joint", "verified")
    flags = {name: chance.choice([True, False, None]) for name in ("administration", "party", "youth_home")}
    return {
        "park_id": number,
        "name": f"虚构{number}园区",
        **{name: place[name] for name in ("division_code", "city", "county")},
        **{name: chance.randint(0, 10**6) for name in (*names, "uncovered_duty")},
        **flags,
        "non_public": chance.randint(0, 50),
        "work_committee": chance.choice([True, False, None]),
    }


def _plan(seed: int) -> Plan:
    chance = random.Random(seed)
    divisions = _divisions(chance)
    draw = _places(divisions, chance)
    firms = [_firm(number, draw(), chance) for number in range(chance.randint(0, 40))]
    memberships = [
        {
            "society_id": society,
            "society": f"虚构{society}会",
            "kind": "youth_federation",
            "level": "city",
            "enterprise_id": firm["enterprise_id"],
            "appraisal": chance.choice([True, False, None]),
        }
        for society in range(3)
        for firm in firms
        if chance.random() < 0.4
    ]
    rows = {
        "enterprises": firms,
        "parks": [_park(number, draw(), chance) for number in range(chance.randint(0, 8))],
        "societies": memberships,
    }
    tables = {
        name: conform(pl.DataFrame(rows[name], infer_schema_length=None), table)
        if rows.get(name)
        else empty(table)
        for name, table in PLAN_TABLES.items()
    }
    tables["paths"] = path_table(load_paths())
    snapshot = build_snapshot(AS_OF, {"divisions": pl.DataFrame(divisions)}, frozenset())
    return Plan(AS_OF, PROVINCE, "试", snapshot, tables)


def _of(plan: Plan, code: str) -> Plan:
    row = plan.snapshot["divisions"].filter(pl.col("code") == code).row(0, named=True)
    place = Division(code, row["name"], row["level"])
    return Plan(plan.as_of, place, plan.policy_version, plan.snapshot, plan.tables)


def _totals(annex: AnnexRows) -> dict[str, int]:
    """Every figure of an annex that adds up, over all its rows."""
    added = [figure for figure in annex.layout.figures if not figure.divided_by]
    return {name: int(value or 0) for name, value in figure_values(added, annex.rows).items()}


def _summary(plan: Plan, annex: AnnexRows, number: int) -> dict[tuple[str, ...], dict[str, int]]:
    """The figures of one summary sheet by the names of the place; `()` for its 合计."""
    layout, summary = annex.layout, annex.layout.summaries[number]
    places = {column.key: at for at, column in enumerate(layout.columns)}
    repeated = (
        pl.col(layout.repeat_column or "number").cast(pl.String).str.starts_with(wording()["repeat_mark"])
    )
    rows = annex.rows.filter(~repeated.fill_null(False)) if summary.distinct else annex.rows
    source = FigureSource(layout.figures, Cells(layout.sheet, 5, 5 + max(rows.height, 1) - 1, places), ())
    form = summary_form(plan, summary, rows, source)
    keys = form.rows.drop("number").rows()
    added = [figure.name for figure in layout.figures if not figure.divided_by]
    lines = {
        tuple(key): {name: _known(form.computed[f"figure:{name}"][at].value) for name in added}
        for at, key in enumerate(keys)
    }
    return lines | {(): {name: _known(form.totals[0][f"figure:{name}"].value) for name in added}}


def _known(value: Any) -> int:
    """A number; nothing where nobody knows it."""
    return 0 if value in (None, wording()["unknown_number"]) else int(value)


def _sum(lines: Iterable[dict[str, int]], names: Iterable[str]) -> dict[str, int]:
    found = list(lines)
    return {name: sum(line[name] for line in found) for name in names}


def _hold_the_tree(seed: int) -> None:
    plan, chance = _plan(seed), random.Random(seed)
    cities = [row["code"] for row in plan.snapshot["divisions"].to_dicts() if row["level"] == "city"]
    for name in ANNEXES:
        annex = annex_rows(plan, name)
        totals = _totals(annex)
        by_city, by_county = _summary(plan, annex, 0), _summary(plan, annex, 1)
        for lines in (by_city, by_county):
            told = lines.pop(())
            assert told == _sum(lines.values(), told)
            if not annex.layout.summaries[0].distinct:
                assert told == totals
        assert _sum(by_city.values(), totals) == _sum(by_county.values(), totals)
        parts = [_totals(annex_rows(_of(plan, code), name)) for code in cities]
        assert _sum(parts, totals) == totals
        city = chance.choice(cities)
        below = plan.snapshot["divisions"].filter(pl.col("parent_code") == city)["code"].to_list()
        one = _of(plan, city)
        counties = [_totals(annex_rows(_of(plan, code), name)) for code in below]
        # Firms of which only the city is known belong to the city alone.
        unplaced = one.tables | {
            table: one[table].filter(pl.col("county").is_null()) for table in ("enterprises", "parks")
        }
        rest = _totals(annex_rows(Plan(plan.as_of, one.division, "", plan.snapshot, unplaced), name))
        assert _sum([*counties, rest], totals) == _totals(annex_rows(one, name))
    _hold_against_a_plain_count(plan)


def _hold_against_a_plain_count(plan: Plan) -> None:
    """Annex 3's firms, staff and states counted in plain Python from the rows of the plan."""
    listed = [
        row
        for row in plan["enterprises"].to_dicts()
        if row["non_public"] == "yes"
        and row["coverage_state"] != "out_of_scope"
        and (row["above_scale"] or row["top_hundred_rank"] is not None)
    ]
    totals = _totals(annex_rows(plan, "annex_3"))
    assert totals["企业数"] == len(listed)
    for name, key in (
        ("从业人员数", "employees"),
        ("35岁以下青年数", "young_employees"),
        ("团员数", "league_members"),
    ):
        assert totals[name] == sum(row[key] or 0 for row in listed)
    assert totals["单独建立"] == sum(row["coverage_state"] == "own" for row in listed)
    assert totals["联合覆盖"] == sum(row["coverage_state"] == "joint" for row in listed)


@settings(max_examples=12)
@given(st.integers(0, 2**32))
def test_counties_cities_and_province_agree_to_the_unit(seed: int) -> None:
    _hold_the_tree(seed)


@pytest.mark.slow
@settings(max_examples=1000)
@given(st.integers(0, 2**32))
def test_counties_cities_and_province_agree_to_the_unit_on_a_thousand_trees(seed: int) -> None:
    _hold_the_tree(seed)
