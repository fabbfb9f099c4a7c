"""Public cases of wrong figures and hostile cells that no other test reads from their files.

The files lie beside the repository (`shared/cases`). Each test says what is wanted there.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

import coverage_engine as ce
from coverage_engine.coverage import assess
from coverage_engine.explanation.trace import traces
from coverage_engine.policy import load_policy

CASES = Path(__file__).parents[3] / "shared" / "cases"
DAY = date(2019, 6, 15)


def case(*parts: str) -> Path:
    found = CASES.joinpath(*parts)
    if not found.exists():
        pytest.skip(f"!!! SHARED MATERIAL IS MISSING: {found}")
    return found


def test_no_firm_outside_every_park_is_told_what_a_park_would_change() -> None:
    snapshot, findings = ce.read_ledgers(case("truth", "nopark"), as_of=DAY)
    assert snapshot["enterprises"]["park_id"].null_count() == snapshot["enterprises"].height == 1
    flips = ce.plan(snapshot, findings=findings).tables["recommendations"]["flip_fact"]
    assert not flips.drop_nulls().str.contains("园区").any()


def test_a_department_is_asked_for_the_trades_that_it_lists_alone() -> None:
    snapshot, _ = ce.read_ledgers(case("truth", "dept"), as_of=DAY)
    names = dict(snapshot["departments"].select("department_id", "name").rows())
    asked = snapshot["enterprises"].select("name", "trade_department_id").rows()
    assert {name: names.get(number) for name, number in asked} == {
        "织一有限公司": None,
        "保安一有限公司": "鹤壁市公安局",
    }


def test_local_forces_that_nobody_told_of_are_called_available_nowhere() -> None:
    snapshot, findings = ce.read_ledgers(case("truth", "dept"), as_of=DAY)
    plan = ce.plan(snapshot, findings=findings)
    told = "".join(plan.tables[name].write_json() for name in ("recommendations", "reasons"))
    assert "属地力量上门推动" not in told


def test_a_county_of_later_years_keeps_its_city_and_nothing_is_turned_back() -> None:
    snapshot, findings = ce.read_ledgers(case("truth", "mengjin"), as_of=DAY)
    places = snapshot["enterprises"].sort("row").select("city_code", "county_code").rows()
    assert places == [("410300", None), ("410300", None), ("410300", "410381")]
    assert snapshot["quarantine"].is_empty()
    told = findings.table.filter(pl.col("code") == "division.county_unknown")
    assert told["cell"].to_list() == ["B2", "B3"]


def test_without_a_ledger_of_members_the_duty_is_unknown_in_every_room() -> None:
    snapshot, _ = ce.read_ledgers(case("truth", "no_society_ledger"), as_of=DAY)
    policy = load_policy(DAY)
    assessed = assess(snapshot, policy)
    assert assessed["duties"].filter(duty="R17")["applies"].to_list() == ["unknown"]
    assert traces(snapshot, policy, 0)["R17"].applies.answer.value == "unknown"
    bound = assessed["coverage"].filter(level="province", category="duty_bound")
    assert bound.select("denominator_low", "denominator_high").row(0) == (0, 1)


def test_phones_and_cards_in_columns_of_counts_are_unknown_and_never_repeated() -> None:
    file = case("hostile", "phone_as_count.csv")
    snapshot, findings = ce.read_ledgers(file, as_of=DAY)
    counts = snapshot["enterprises"].sort("row").select("employees", "young_employees", "league_members")
    assert counts.rows() == [(None, 10, 4), (None, None, None)]
    told = findings.table.filter(pl.col("found").str.contains("像手机号|像身份证号"))
    assert told["cell"].to_list() == ["C2", "C3", "D3", "E3"]
    everything = "".join(
        frame.write_json() for frame in (*snapshot.tables.values(), findings.table) if frame.height
    )
    for number in ("13990000077", "410105198801010011", "13990000078", "13990000079"):
        assert number not in everything
