"""附件2, the number segments of 附件1 and the League statistics: counts from ledgers, totals by formula."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from coverage_engine.model.plan import Division, Plan
from coverage_engine.model.snapshot import build_snapshot
from coverage_engine.reporting import write_annexes

SCHOOLS = [
    {"name": "乌有一中", "division_code": "410105", "private": False, "education_members": 200,
     "system_members": 190, "league_organisation": True},
    {"name": "=子虚民办学校", "division_code": "410105", "private": True, "education_members": 100,
     "system_members": 0, "league_organisation": False, "explanation": "正在录入"},
    {"name": "亡是中学", "division_code": "410305", "private": None, "education_members": None,
     "system_members": 30, "league_organisation": None},
]  # fmt: skip
SEGMENTS = [
    dict(zip(("unit", "year", "first", "last", "used", "entered"), row, strict=True))
    for row in (
        ("乌有市团委", 2019, "201941000001", "201941000100", 90, 88),
        ("乌有市团委", 2018, "201841000001", "201841000050", 50, 50),
    )
]


@pytest.fixture(scope="module")
def schooled(plan: Plan) -> Plan:
    tables = {
        **plan.snapshot.tables,
        "schools": pl.DataFrame(SCHOOLS, infer_schema_length=None),
        "number_segments": pl.DataFrame(SEGMENTS),
    }
    return replace(plan, snapshot=build_snapshot(plan.as_of, tables, plan.snapshot.kinds))


def _rows(file: Path) -> list[tuple[Any, ...]]:
    sheet = openpyxl.load_workbook(file, data_only=True).worksheets[0]
    return [row for row in sheet.iter_rows(min_row=6, values_only=True) if row[0]]


def test_schools_stand_beside_the_education_count(schooled: Plan, tmp_path: Path) -> None:
    write_annexes(schooled, tmp_path)
    first, second, third, total = _rows(tmp_path / "annex_2.xlsx")[:4]
    assert {row[3]: row[6:12] for row in (first, second, third)} == {
        "乌有一中": ("公办", 200, 190, -10, "5.0%", "有"),
        "=子虚民办学校": ("民办", 100, 0, -100, "100.0%", "无"),
        "亡是中学": ("待核实", None, 30, None, None, "待核实"),
    }
    assert total[0] == "合计"
    assert total[7:10] == (300, 220, -110)


def test_used_and_unused_numbers_add_up_to_the_segment(schooled: Plan, tmp_path: Path) -> None:
    write_annexes(schooled, tmp_path)
    rows = _rows(tmp_path / "annex_1.xlsx")
    assert [row[2:9] for row in rows[:2]] == [
        (2018, "201841000001", "201841000050", 50, 50, 50, 0),
        (2019, "201941000001", "201941000100", 100, 90, 88, 10),
    ]
    assert rows[2][5:9] == (150, 140, 138, 10)


def test_the_statistics_count_organisations_by_kind(schooled: Plan, tmp_path: Path) -> None:
    write_annexes(schooled, tmp_path)
    rows = _rows(tmp_path / "annex_statistics.xlsx")
    assert rows[0][1:6] == ("待核实", 0, 1, 0, 1)


def test_a_city_gets_its_own_schools_and_no_segments_that_name_no_place(
    schooled: Plan, tmp_path: Path
) -> None:
    write_annexes(replace(schooled, division=Division("410100", "郑州市", "city")), tmp_path)
    assert [row[3] for row in _rows(tmp_path / "annex_2.xlsx") if isinstance(row[0], int)] == [
        "=子虚民办学校",
        "乌有一中",
    ]
    assert not (tmp_path / "annex_1.xlsx").exists()


def test_without_their_ledgers_the_forms_are_not_written(plan: Plan, tmp_path: Path) -> None:
    write_annexes(plan, tmp_path)
    assert not (tmp_path / "annex_2.xlsx").exists()
