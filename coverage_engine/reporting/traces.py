"""出处: for each figure cell of an annex the ledger cells that it rests on, and the clause.

`annex_N_出处.csv` has a row for each pair of cells: sheet and cell in the annex, what is written there, file,
sheet, cell and heading in the ledger, clause. It needs nothing but the delivered files to be followed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
from xlsxwriter.utility import xl_col_to_name

from coverage_engine.content import read_content_toml
from coverage_engine.model.plan import Plan
from coverage_engine.reporting.annexes import AnnexRows, annex_rows
from coverage_engine.reporting.form import FIRST_DATA_ROW

HEADINGS = (
    "附件",
    "工作表",
    "单元格",
    "列",
    "内容",
    "台账文件",
    "台账工作表",
    "台账单元格",
    "台账表头",
    "依据",
)
"""The columns of a trace file."""

_IDS = {"enterprises": "enterprise_id", "parks": "park_id"}


def write_traces(plan: Plan, folder: Path) -> list[Path]:
    """Write `annex_3_出处.csv`, `annex_4_出处.csv` and `annex_5_出处.csv` beside the annexes."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for annex in read_content_toml("reports", "trace.toml"):
        written.append(folder / f"{annex}_出处.csv")
        text = pl.col("内容").str.replace_all(r"[\r\n]", " ")
        armed = pl.when(text.str.contains(r"^[=+\-@\t]")).then("'" + text).otherwise(text)
        trace(plan, annex).with_columns(armed.alias("内容")).write_csv(
            written[-1], include_bom=True, quote_style="non_numeric"
        )
    return written


def trace(plan: Plan, annex: str) -> pl.DataFrame:
    """The trace of one annex, in the columns `HEADINGS`."""
    rules = read_content_toml("reports", "trace.toml")[annex]
    issued = annex_rows(plan, annex)
    known = _addresses(plan, rules["table"])
    parts = [
        _column(issued, annex, rule, field, known.filter(pl.col("field") == field), _IDS[rules["table"]])
        for rule in rules["columns"]
        for field in rule["fields"]
    ]
    order = ["line", "place", "台账单元格"]
    return pl.concat(parts).sort(order, maintain_order=True).select(HEADINGS)


# Private


def _addresses(plan: Plan, table: str) -> pl.DataFrame:
    """id, field, file, sheet, cell and heading of every fact of a table that came from a ledger cell."""
    snapshot, key = plan.snapshot, _IDS[table]
    columns, sources = snapshot["source_columns"], snapshot["sources"].select("source", "file", "sheet")
    own = snapshot[table].select(key, "source", "row").join(columns, on="source", how="inner")
    if table == "enterprises":
        decided = snapshot["fact_sources"]
        other = decided.join(
            columns.rename({"field": "ledger_field"}), on=["source", "ledger_field"], how="inner"
        )
        address = [key, "field", "source", "row", "letter", "header"]
        own = own.join(decided, on=[key, "field"], how="anti")
        own = pl.concat([own.select(address), other.select(address)])
    return own.join(sources, on="source", how="left").with_columns(
        at=pl.col("letter") + pl.col("row").cast(pl.String)
    )


def _column(
    issued: AnnexRows, annex: str, rule: dict[str, Any], field: str, known: pl.DataFrame, key: str
) -> pl.DataFrame:
    place = next(at for at, column in enumerate(issued.layout.columns) if column.key == rule["column"])
    column = issued.layout.columns[place]
    heading = f"{column.group}{column.header}"
    cells = issued.rows.select(written=pl.col(column.key).cast(pl.String)).with_columns(
        issued.ids[key], line=pl.int_range(FIRST_DATA_ROW + 1, FIRST_DATA_ROW + 1 + pl.len())
    )
    return cells.join(known, on=key, how="inner", maintain_order="left").select(
        pl.lit(annex).alias("附件"),
        pl.lit(issued.layout.sheet).alias("工作表"),
        (pl.lit(xl_col_to_name(place)) + pl.col("line").cast(pl.String)).alias("单元格"),
        pl.lit(heading).alias("列"),
        pl.col("written").fill_null("").alias("内容"),
        pl.col("file").alias("台账文件"),
        pl.col("sheet").alias("台账工作表"),
        pl.col("at").alias("台账单元格"),
        pl.col("header").alias("台账表头"),
        pl.lit(rule.get("clause", "")).alias("依据"),
        "line",
        pl.lit(place).alias("place"),
    )
