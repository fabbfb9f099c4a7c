"""A messy sample plants exactly what planted.parquet says, where it says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from coverage_engine.samples.name_variants import name_variants

KINDS_OF_FAULTS = {
    "gb18030",
    "blank_row",
    "code_typo",
    "contradiction",
    "damaged_code",
    "duplicate",
    "flag_word",
    "footer_row",
    "header_variant",
    "merged_header",
    "missing_name",
    "name_variant",
    "number_text",
    "personal_column",
    "reporting_unit_row",
    "title_row",
    "total_row",
    "unknown",
    "unknown_division",
}


@pytest.fixture(scope="module")
def planted(messy_folder: Path) -> pl.DataFrame:
    return pl.read_parquet(messy_folder / "truth" / "planted.parquet")


@pytest.fixture(scope="module")
def grids(
    messy_folder: Path, read_grids: Callable[[Path], dict[str, list[list[str]]]]
) -> dict[str, list[list[str]]]:
    return read_grids(messy_folder)


def test_every_kind_of_fault_is_planted(planted: pl.DataFrame) -> None:
    assert set(planted["kind"]) == KINDS_OF_FAULTS


def test_every_planted_cell_reads_as_planted(
    planted: pl.DataFrame, grids: dict[str, list[list[str]]]
) -> None:
    for fault in planted.filter(pl.col("cell") != "").iter_rows(named=True):
        column = 0
        for letter in fault["cell"].rstrip("0123456789"):
            column = column * 26 + ord(letter) - 64
        row = grids[fault["sheet"]][fault["row"] - 1]
        assert row[column - 1] == fault["after"], fault
        assert fault["cell"].endswith(str(fault["row"]))


def test_blank_rows_are_blank(planted: pl.DataFrame, grids: dict[str, list[list[str]]]) -> None:
    for fault in planted.filter(pl.col("kind") == "blank_row").iter_rows(named=True):
        assert not any(grids[fault["sheet"]][fault["row"] - 1])


def test_rows_read_are_the_clean_rows_and_the_planted_ones(
    planted: pl.DataFrame, grids: dict[str, list[list[str]]], sheets: dict[str, pl.DataFrame]
) -> None:
    whole_rows = ["blank_row", "duplicate", "title_row", "reporting_unit_row", "total_row", "footer_row"]
    for kind, frame in sheets.items():
        faults = planted.filter(pl.col("sheet") == kind)
        added = faults.filter(pl.col("kind").is_in(whole_rows)).height
        header = 2 if "merged_header" in faults["kind"].to_list() else 1
        assert len(grids[kind]) == frame.height + added + header


def test_a_row_carries_at_most_one_fault_of_its_cells(planted: pl.DataFrame) -> None:
    whole = ["title_row", "reporting_unit_row", "header_variant", "merged_header", "personal_column"]
    cells = planted.filter(~pl.col("kind").is_in(whole), pl.col("cell") != "")
    assert cells.select("sheet", "row").is_duplicated().sum() == 0


def test_duplicates_repeat_a_code_under_another_writing(
    planted: pl.DataFrame, grids: dict[str, list[list[str]]]
) -> None:
    rows = grids["企业台账"]
    for fault in planted.filter(pl.col("kind") == "duplicate").iter_rows(named=True):
        code = rows[fault["row"] - 1][1]
        assert sum(row[1] == code for row in rows if len(row) > 1) == 2
        assert fault["before"] != fault["after"]


def test_some_codes_are_floats_as_excel_makes_them(planted: pl.DataFrame) -> None:
    damaged = planted.filter(pl.col("kind") == "damaged_code", pl.col("after").str.contains(r"E\+17"))
    assert damaged.height >= 3


def test_personal_columns_hold_nothing_that_could_be_a_person(
    planted: pl.DataFrame, grids: dict[str, list[list[str]]]
) -> None:
    for fault in planted.filter(pl.col("kind") == "personal_column").iter_rows(named=True):
        rows = grids[fault["sheet"]]
        column = rows[fault["row"] - 1].index(fault["after"])
        values = {row[column] for row in rows[fault["row"] :] if len(row) > column} - {""}
        assert values <= {"某某某", "00000000000"}


def test_the_truth_of_a_messy_sample_is_the_undisturbed_one(messy_folder: Path, clean_folder: Path) -> None:
    name = "truth/enterprises.parquet"
    assert (messy_folder / name).read_bytes() == (clean_folder / name).read_bytes()


@pytest.mark.parametrize("form", ["有限公司", "集团有限公司", "股份有限公司", "集团股份有限公司"])
def test_a_place_in_brackets_stands_before_the_whole_form(form: str) -> None:
    """某某集团（河南）有限公司 would be a group's firm in Henan, which is another firm."""
    written = set(name_variants(np.random.default_rng(7), [f"河南澈岚屿食品{form}"] * 40))
    assert f"澈岚屿食品（河南）{form}" in written
    assert not [name for name in written if "集团（" in name or "股份（" in name]
