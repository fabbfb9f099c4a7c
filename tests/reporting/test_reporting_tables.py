"""The tables a plan is handed out in: CSV for exchange, Parquet for programs."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import polars as pl

from coverage_engine.model.plan import Plan
from coverage_engine.model.tables import PLAN_TABLES
from coverage_engine.reporting import write_tables

HANDED_ON = ("sources", "unlisted_offices")
"""Tables of the snapshot that are handed out beside those of the plan."""


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _bytes(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_every_table_is_written_as_csv_and_as_parquet(plan: Plan, tmp_path: Path) -> None:
    write_tables(plan, tmp_path)
    expected = {f"{name}.{kind}" for name in [*PLAN_TABLES, *HANDED_ON] for kind in ("csv", "parquet")}
    assert set(_bytes(tmp_path)) == expected | {"字典.html", "字典.csv"}


def test_columns_stand_in_the_described_order_without_the_ledger_address(plan: Plan, tmp_path: Path) -> None:
    write_tables(plan, tmp_path)
    for name, table in PLAN_TABLES.items():
        described = [column.name for column in table]
        if name != "findings":
            described = [column for column in described if column not in ("source", "row")]
        assert pl.read_parquet(tmp_path / f"{name}.parquet").columns == described
        header = (tmp_path / f"{name}.csv").read_text("utf-8-sig").splitlines()[0]
        assert [cell.strip('"') for cell in header.split(",")] == described


def test_csv_begins_with_a_byte_order_mark(plan: Plan, tmp_path: Path) -> None:
    write_tables(plan, tmp_path)
    assert (tmp_path / "enterprises.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_name_like_a_formula_gets_an_apostrophe_in_csv_and_none_in_parquet(
    hostile_plan: Plan, hostile_names: list[str], tmp_path: Path
) -> None:
    write_tables(hostile_plan, tmp_path)
    written = [row["name"] for row in _rows(tmp_path / "enterprises.csv")][: len(hostile_names)]
    armed = [name[0] in "=+-@\t\r" for name in hostile_names]
    assert sum(armed) == 6
    assert written == [f"'{name}" if bad else name for name, bad in zip(hostile_names, armed, strict=True)]
    kept = pl.read_parquet(tmp_path / "enterprises.parquet")["name"].to_list()[: len(hostile_names)]
    assert kept == hostile_names


def test_formula_texts_in_every_other_text_column_get_an_apostrophe_too(plan: Plan, tmp_path: Path) -> None:
    write_tables(plan, tmp_path)
    for file in tmp_path.glob("*.csv"):
        table = {column.name: column.kind for column in PLAN_TABLES.get(file.stem, ())}
        for row in _rows(file):
            for name, text in row.items():
                if table.get(name, "text") == "text":
                    assert not text.startswith(("=", "+", "-", "@", "\t", "\r")), (file.name, name, text)


def test_numbers_below_nought_stay_numbers(plan: Plan, tmp_path: Path) -> None:
    write_tables(plan, tmp_path)
    assert "-3" in {row["member_margin"] for row in _rows(tmp_path / "enterprises.csv")}


def test_credit_codes_are_quoted_text(plan: Plan, tmp_path: Path) -> None:
    write_tables(plan, tmp_path)
    line = (tmp_path / "enterprises.csv").read_text("utf-8-sig").splitlines()[1]
    assert '"91410100MA3X00000K"' in line


def test_rows_stand_in_the_order_of_their_ids_whatever_order_the_plan_has(plan: Plan, tmp_path: Path) -> None:
    mixed = {name: frame.reverse() for name, frame in plan.tables.items()}
    write_tables(plan, tmp_path / "a")
    write_tables(replace(plan, tables=mixed), tmp_path / "b")
    assert _bytes(tmp_path / "a") == _bytes(tmp_path / "b")


def test_writing_twice_gives_the_same_bytes(hostile_plan: Plan, tmp_path: Path) -> None:
    write_tables(hostile_plan, tmp_path / "a")
    write_tables(hostile_plan, tmp_path / "b")
    assert _bytes(tmp_path / "a") == _bytes(tmp_path / "b")
