"""园区台账 with a park that no enterprise names: unknown in every sheet and table, never nought."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import polars as pl
import pytest

import coverage_engine as ce

CASE = Path(__file__).parents[3] / "shared" / "cases" / "truth" / "park_without_listed_firms.xlsx"
TOLD = "待核实"


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    if not CASE.exists():
        pytest.skip(f"!!! SHARED MATERIAL IS MISSING: {CASE}")
    folder = tmp_path_factory.mktemp("park")
    snapshot, findings = ce.read_ledgers([CASE])
    ce.write_plan(ce.plan(snapshot, findings=findings), folder)
    return folder


def test_every_sheet_says_that_nobody_knows(out):
    book = openpyxl.load_workbook(out / "annexes" / "annex_4.xlsx")
    for name in ("附件4", "分市汇总", "分县汇总"):
        rows = [[cell.value for cell in row] for row in book[name].iter_rows()]
        totals = [row for row in rows if row[0] == "合计"]
        assert totals, name
        for row in totals:
            assert TOLD in row, (name, row)
    for name in ("分市汇总", "分县汇总"):
        rows = [[cell.value for cell in row] for row in book[name].iter_rows()]
        header = next(row for row in rows if "入驻企业数" in row)
        with_parks = [row for row in rows if TOLD in row and row[0] != "合计"]
        assert with_parks
        for row in with_parks:
            told = dict(zip(header, row, strict=True))
            for figure in ("入驻企业数", "其中非公", "从业人员", "团员", "已建团组织企业数", "应建未建数"):
                assert told[figure] == TOLD, (name, figure, told)


def test_the_table_for_machines_has_no_numbers_either(out):
    parks = pl.read_parquet(next(out.rglob("parks.parquet")))
    unnamed = parks.filter(pl.col("enterprises").is_null())
    assert unnamed.height
    counts = ["non_public", "employees", "league_members", "own", "joint", "verified", "uncovered_duty"]
    for count in [*counts, "rate_low", "rate_high"]:
        assert unnamed[count].null_count() == unnamed.height, count
