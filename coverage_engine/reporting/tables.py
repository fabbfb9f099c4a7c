"""The tables of a plan as files for machines: CSV (UTF-8 with BOM) and Parquet.

CSV is also opened in spreadsheets, so text that a spreadsheet would take for a formula gets an apostrophe in
front and every text is quoted; Parquet keeps the text as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from coverage_engine.model.plan import Plan
from coverage_engine.model.tables import PLAN_TABLES, SNAPSHOT_TABLES, Table

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet read a CSV text as a formula."""

_DECIMALS = 6
# Of zstandard's levels: the usual third takes a fifth longer for a twentieth of the size.
_EFFORT = 1
# Rows that are made into CSV together; by the thousand, as is usual, it takes half as long again.
_ROWS_TOGETHER = 8192
_SORTED_BY: dict[str, tuple[str, ...]] = {
    "enterprises": ("enterprise_id",),
    "duties": ("enterprise_id", "duty"),
    "recommendations": ("enterprise_id", "rank"),
    "reasons": ("enterprise_id", "path", "step"),
    "evaluations": ("enterprise_id", "path"),
    "actions": ("enterprise_id", "path", "step"),
    "paths": ("path",),
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


def unarmed(frame: pl.DataFrame) -> pl.DataFrame:
    """Texts that a spreadsheet cannot take for a formula; most columns hold none that it could."""
    least = frame.select(pl.lit("A").alias(""), pl.col(pl.String).min())
    # Every formula starts with a character below the letters: where no text does, none need be looked at.
    suspected = [name for name, text in zip(least.columns, least.row(0), strict=True) if (text or "A") < "A"]
    text = pl.col(suspected)
    armed = text.str.contains(rf"^[{re.escape(''.join(FORMULA_STARTS))}]")
    return frame.with_columns(pl.when(armed).then("'" + text).otherwise(text).name.keep())


# ---------------------------------------------------------------------------------------------- private


def _columns(table: Table) -> list[str]:
    names = [column.name for column in table]
    has_address = {"source", "row"} <= set(names)
    return [name for name in names if not (has_address and name in ("source", "row"))]


def _write(name: str, frame: pl.DataFrame, folder: Path) -> None:
    keys = _SORTED_BY[name]
    ordered = frame if _in_order(frame, keys) else frame.sort(keys, nulls_last=True, maintain_order=True)
    ordered.write_parquet(folder / f"{name}.parquet", compression="zstd", compression_level=_EFFORT)
    unarmed(ordered).write_csv(
        folder / f"{name}.csv",
        include_bom=True,
        float_precision=_DECIMALS,
        quote_style="non_numeric",
        batch_size=_ROWS_TOGETHER,
    )


def _in_order(frame: pl.DataFrame, keys: Sequence[str]) -> bool:
    """Whether no key is blank and the rows stand in order, as they mostly come; a sort costs far more."""
    known, after = pl.lit(True), pl.lit(True)
    for key in reversed(keys):
        here, next_one = pl.col(key), pl.col(key).shift(-1)
        known, after = known & here.is_not_null(), (here < next_one) | ((here == next_one) & after)
    ordered = known.all() & after.fill_null(True).all()
    return bool(frame.select(ordered).item()) if frame.height > 1 else True
