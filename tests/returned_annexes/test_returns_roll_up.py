"""Roll-up: counties' workbooks merged to city and province, sums exact, everything odd told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

import coverage_engine as ce
from coverage_engine.model.plan import Plan
from coverage_engine.reporting import write_annexes
from coverage_engine.reporting.annexes import annex_rows
from coverage_engine.returned_annexes import roll_up, write_roll_up

COUNTED = ("employees", "young_employees", "league_members")


@pytest.fixture(scope="module")
def city(plan: Plan) -> Plan:
    return ce.plan(plan.snapshot, division="郑州市")


@pytest.fixture(scope="module")
def counties(city: Plan, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Annex 3 of each county of the city that has one."""
    folder, files = tmp_path_factory.mktemp("counties"), []
    issued = annex_rows(city, "annex_3").ids
    listed = city["enterprises"].join(issued, on="enterprise_id", how="semi")
    codes = listed["county_code"].drop_nulls().unique().sort().to_list()
    for code in codes:
        name = city.snapshot["divisions"].filter(pl.col("code") == code)["name"].item()
        county = ce.plan(city.snapshot, division=f"郑州市{name}")
        write_annexes(county, folder / name)
        (folder / name / "annex_3.xlsx").rename(folder / f"{code}{name}_附件3.xlsx")
        files.append(folder / f"{code}{name}_附件3.xlsx")
    return files


def _edited(file: Path, folder: Path, change: Callable[[Any], None]) -> Path:
    book = openpyxl.load_workbook(file)
    change(book.worksheets[0])
    book.save(folder / file.name)
    return folder / file.name


def test_the_counties_add_up_to_the_city_to_the_unit(
    city: Plan, counties: list[Path], tmp_path: Path
) -> None:
    rolled = roll_up(counties, city)
    rows = rolled.merged["annex_3"].rows
    own = city["enterprises"].filter(pl.col("county_code").is_not_null())
    listed = own.join(annex_rows(city, "annex_3").ids, on="enterprise_id", how="semi")
    assert rows.height == listed.height
    for name in COUNTED:
        assert rows[name].sum() == listed[name].sum()
    write_roll_up(rolled, city, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "annex_3_汇总.xlsx", data_only=True)
    total = next(row for row in book["附件3"].iter_rows(min_row=6, values_only=True) if row[0] == "合计")
    assert total[9:12] == tuple(listed[name].sum() for name in COUNTED)
    summary = list(book["分县汇总"].iter_rows(min_row=6, values_only=True))
    assert next(row for row in summary if row[0] == "合计")[4] == listed["employees"].sum()


def test_a_missing_county_is_told(city: Plan, counties: list[Path]) -> None:
    told = roll_up(counties[1:], city).findings.table.filter(pl.col("code") == "return.missing")
    left = counties[0].name.split("_")[0][6:]
    assert any(left in text for text in told["found"].to_list())


def test_a_late_county_and_an_edited_total_are_told(city: Plan, counties: list[Path], tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        row = next(number for number in range(6, sheet.max_row) if sheet.cell(number, 1).value == "合计")
        sheet.cell(row, 10).value = 123_456
        sheet.cell(3, 1).value = "填报单位（盖章）：　填报日期：2019年6月18日"

    late = _edited(counties[0], tmp_path, change)
    codes = roll_up([late, *counties[1:]], city).findings.table["code"].to_list()
    assert codes.count("return.late") == 1
    assert codes.count("return.total") == 1


def test_a_firm_in_two_workbooks_counts_once(city: Plan, counties: list[Path], tmp_path: Path) -> None:
    row = [cell.value for cell in openpyxl.load_workbook(counties[0]).worksheets[0][6]]

    def change(sheet: Any) -> None:
        sheet.insert_rows(6)
        for number, value in enumerate(row, 1):
            sheet.cell(6, number).value = value

    doubled = _edited(counties[1], tmp_path, change)
    rolled = roll_up([counties[0], doubled, *counties[2:]], city)
    assert "return.two_files" in rolled.findings.table["code"].to_list()
    plain = roll_up(counties, city)
    for name in COUNTED:
        assert rolled.merged["annex_3"].rows[name].sum() == plain.merged["annex_3"].rows[name].sum()


def test_edits_of_a_county_stand_in_the_merged_annex(
    city: Plan, counties: list[Path], tmp_path: Path
) -> None:
    before = roll_up(counties, city).merged["annex_3"].rows["league_members"].sum()

    def change(sheet: Any) -> None:
        sheet.cell(6, 12).value = int(sheet.cell(6, 12).value or 0) + 5

    changed = _edited(counties[0], tmp_path, change)
    rows = roll_up([changed, *counties[1:]], city).merged["annex_3"].rows
    assert rows["league_members"].sum() == before + 5


def test_unedited_annexes_of_the_province_roll_up_to_themselves(plan: Plan, tmp_path: Path) -> None:
    write_annexes(plan, tmp_path / "sent")
    rolled = roll_up(sorted((tmp_path / "sent").iterdir()), plan)
    told = rolled.findings.table
    assert set(told["code"].to_list()) <= {"return.unreadable"}
    assert set(told["file"].to_list()) <= {"annex_1.xlsx", "annex_2.xlsx", "annex_statistics.xlsx"}
    for file in write_roll_up(rolled, plan, tmp_path / "merged"):
        name = file.name.replace("_汇总", "")
        sheets = [openpyxl.load_workbook(each).worksheets[0] for each in (tmp_path / "sent" / name, file)]
        first, second = (list(sheet.iter_rows(min_row=6, values_only=True)) for sheet in sheets)
        rows = [row for row in first if isinstance(row[0], int)]
        assert [row for row in second if isinstance(row[0], int)] == rows
        assert len(rows) == rolled.merged[name.removesuffix(".xlsx")].rows.height
