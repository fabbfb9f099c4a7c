"""plan.json: the totals of a plan, the same bytes for the same inputs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from coverage_engine.model.plan import Division, Plan
from coverage_engine.reporting import write_plan_json


def _read(plan: Plan, file: Path) -> dict[str, object]:
    write_plan_json(plan, file)
    return json.loads(file.read_text("utf-8"))


def test_totals_equal_a_count_of_the_enterprises(plan: Plan, tmp_path: Path) -> None:
    found = _read(plan, tmp_path / "plan.json")
    rows = plan["enterprises"].to_dicts()
    assert found["totals"]["enterprises"] == len(rows)
    assert found["totals"]["targets"] == sum(bool(row["is_target"]) for row in rows)
    states = Counter(row["coverage_state"] for row in rows)
    assert {state: count for state, count in found["totals"]["states"].items() if count} == states
    obligations = Counter(row["obligation"] for row in rows)
    assert {word: count for word, count in found["totals"]["obligations"].items() if count} == obligations


def test_it_names_policy_date_division_and_software(plan: Plan, tmp_path: Path) -> None:
    found = _read(plan, tmp_path / "plan.json")
    assert found["as_of"] == "2019-06-01"
    assert found["division"] == {"code": "410000", "level": "province", "name": "河南省"}
    assert found["policy_version"] == "豫青办字〔2019〕17号 2019-05"
    assert found["software"]["name"] == "coverage-engine"
    assert set(found["coverage"]) >= {"operating", "eligible", "duty_bound"}


def test_every_input_file_has_its_hash_and_its_rows_accounted_for(plan: Plan, tmp_path: Path) -> None:
    inputs = _read(plan, tmp_path / "plan.json")["inputs"]
    assert [entry["file"] for entry in inputs] == ["不明.csv", "企业台账.xlsx"]
    for entry in inputs:
        assert len(entry["sha256"]) == 64
        for sheet in entry["sheets"]:
            assert sheet["rows_read"] == sheet["accepted"] + sheet["quarantined"] + sheet["recognised"]


def test_the_same_plan_in_another_row_order_gives_the_same_bytes(plan: Plan, tmp_path: Path) -> None:
    mixed = replace(plan, tables={name: frame.reverse() for name, frame in plan.tables.items()})
    write_plan_json(plan, tmp_path / "a.json")
    write_plan_json(mixed, tmp_path / "b.json")
    first = (tmp_path / "a.json").read_bytes()
    assert first == (tmp_path / "b.json").read_bytes()
    assert first.endswith(b"}\n")


def test_a_city_plan_tells_the_totals_of_that_city(make_plan: Callable[..., Plan], tmp_path: Path) -> None:
    plan = make_plan(division=Division("410300", "洛阳市", "city"))
    found = _read(plan, tmp_path / "plan.json")
    in_city = [row for row in plan["enterprises"].to_dicts() if row["city_code"] == "410300"]
    assert found["totals"]["enterprises"] == len(in_city)
    assert found["coverage"]["operating"]["denominator_low"] == 133
