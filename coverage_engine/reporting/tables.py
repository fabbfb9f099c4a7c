"""The tables of a plan as files for machines: CSV (UTF-8 with BOM) and Parquet.

CSV is also opened in spreadsheets, so text that a spreadsheet would take for a formula gets an apostrophe in
front and every text is quoted; Parquet keeps the text as it is.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from coverage_engine.model.plan import Plan
from coverage_engine.model.tables import PLAN_TABLES, SNAPSHOT_TABLES, Table

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet read a CSV text as a formula."""

_DECIMALS = 6
# Rows that are made into CSV together; by the thousand, as is usual, it takes half as long again.
_ROWS_TOGETHER = 8192
_SORTED_BY: dict[str, tuple[str, ...]] = {
    "enterprises": ("enterprise_id",),
    "duties": ("enterprise_id", "duty"),
    "recommendations": ("enterprise_id", "rank"),
    "reasons": ("enterprise_id", "path", "step"),
    "evaluations": ("enterprise_id", "path"),
    "actions": ("enterprise_id", "path", "step"),
    "choices": ("enterprise_id",),
    "bundles": ("call_order", "path", "counterpart"),
    "bundle_places": ("path", "counterpart", "division_code"),
    "bundle_targets": ("path", "counterpart", "enterprise_id"),
    "joint_groups": ("group_id", "enterprise_id"),
    "coverage": ("division_code", "level", "category"),
    "counted": ("enterprise_id", "category"),
    "parks": ("park_id",),
    "societies": ("society_id", "enterprise_id"),
    "county_estimates": ("division_code", "division", "category"),
    "links": ("enterprise_id", "other_id", "kind"),
    "findings": ("file", "sheet", "row", "cell", "code"),
    "sources": ("source",),
}


def write_tables(plan: Plan, folder: Path) -> None:
    """Write every table of the plan, and `sources` (row accounting), as `<name>.csv` and `<name>.parquet`.

    Columns are those of `PLAN_TABLES` in their order, without the ledger address (`source`, `row`).
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in PLAN_TABLES.items():
        _write(name, plan[name].select(_columns(table)), folder)
    _write("sources", plan.snapshot["sources"].select(_columns(SNAPSHOT_TABLES["sources"])), folder)


# Private


def _columns(table: Table) -> list[str]:
    names = [column.name for column in table]
    has_address = {"source", "row"} <= set(names)
    return [name for name in names if not (has_address and name in ("source", "row"))]


def _write(name: str, frame: pl.DataFrame, folder: Path) -> None:
    ordered = frame.sort(_SORTED_BY[name], nulls_last=True, maintain_order=True)
    ordered.write_parquet(folder / f"{name}.parquet", compression="zstd")
    ordered.with_columns(_unarmed(pl.col(pl.String))).write_csv(
        folder / f"{name}.csv",
        include_bom=True,
        float_precision=_DECIMALS,
        quote_style="non_numeric",
        batch_size=_ROWS_TOGETHER,
    )


def _unarmed(text: pl.Expr) -> pl.Expr:
    """Text that a spreadsheet cannot take for a formula."""
    return pl.when(text.str.contains(r"^[=+\-@\t\r]")).then("'" + text).otherwise(text).name.keep()
