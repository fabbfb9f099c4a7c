"""出处: for each cell of an annex the ledger cells that it rests on, and the clause.

`annex_N_出处.csv` has a row for each pair of cells: sheet and cell in the annex, what is written there, file,
sheet, cell and heading in the ledger, clause. It needs nothing but the delivered files to be followed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
from xlsxwriter.utility import xl_col_to_name

from coverage_engine.content import checked_content
from coverage_engine.model.plan import Plan
from coverage_engine.reporting.addresses import addresses
from coverage_engine.reporting.annexes import AnnexRows, annex_rows
from coverage_engine.reporting.form import FIRST_DATA_ROW
from coverage_engine.reporting.wording_shapes import TraceFile

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


def write_traces(plan: Plan, folder: Path) -> list[Path]:
    """Write `annex_3_出处.csv` and so on beside the annexes, one for each annex in `reports/trace.toml`."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for annex in checked_content(TraceFile, "reports", "trace.toml"):
        written.append(folder / f"{annex}_出处.csv")
        text = pl.col("内容").str.replace_all(r"[\r\n]", " ")
        armed = pl.when(text.str.contains(r"^[=+\-@\t]")).then("'" + text).otherwise(text)
        trace(plan, annex).with_columns(armed.alias("内容")).write_csv(
            written[-1], include_bom=True, quote_style="non_numeric"
        )
    return written


def trace(plan: Plan, annex: str) -> pl.DataFrame:
    """The trace of one annex, in the columns `HEADINGS`.

    A count is traced to the cells of every enterprise counted, and so has many rows.
    """
    rules = checked_content(TraceFile, "reports", "trace.toml")[annex]
    issued = annex_rows(plan, annex)
    firms = counted_firms(plan) if any("counted" in rule for rule in rules["columns"]) else None
    parts = []
    for rule in rules["columns"]:
        cells = _cells(issued, annex, rule)
        for field in rule["fields"]:
            if "counted" in rule and firms is not None:
                known = addresses(plan, "enterprises", field)
                chosen = firms.filter(pl.col(rule["counted"]).fill_null(False)).select(
                    "park_id", "enterprise_id"
                )
                known = known.join(chosen, on="enterprise_id", how="inner")
            else:
                known = addresses(plan, rules["table"], field)
            keys = [name for name in issued.ids.columns if name in known.columns]
            parts.append(cells.join(known, on=keys, how="inner", maintain_order="left").select(_LINE))
    order = ["line", "place", "台账文件", "台账工作表", "台账单元格"]
    return pl.concat(parts).unique(maintain_order=True).sort(order, maintain_order=True).select(HEADINGS)


def counted_firms(plan: Plan) -> pl.DataFrame:
    """enterprise_id, park_id and, by the names that `counted` may have, whether Annex 4 counts it."""
    firms = plan["enterprises"].filter(pl.col("park_id").is_not_null())
    state, party = pl.col("coverage_state"), pl.col("party")
    in_scope = (pl.col("non_public") == "yes") & (state != "out_of_scope") & pl.col("scope_reason").is_null()
    covered = state.is_in(["own", "joint"])
    flags = {
        "listed": pl.lit(True),
        "held": in_scope,
        "above_scale": in_scope & pl.col("above_scale"),
        "with_party": in_scope & party.is_in(["own", "joint"]),
        "eligible": in_scope & (pl.col("member_margin") >= 0),
        "own": in_scope & (state == "own"),
        "joint": in_scope & (state == "joint"),
        "covered": in_scope & covered,
        "verified": in_scope & covered & (pl.col("verified") == "yes"),
        "hollow": in_scope & covered & (pl.col("hollow") == "yes"),
        "duty": in_scope & pl.col("obligation").is_in(["must_establish", "should_establish"]),
    }
    return firms.select("enterprise_id", "park_id", **flags)


# ---------------------------------------------------------------------------------------------- private

_LINE: tuple[pl.Expr, ...] = (
    *(pl.col(name) for name in HEADINGS[:5]),
    pl.col("file").alias("台账文件"),
    pl.col("sheet").alias("台账工作表"),
    pl.col("at").alias("台账单元格"),
    pl.col("header").alias("台账表头"),
    pl.col("依据"),
    pl.col("line"),
    pl.col("place"),
)


def _cells(issued: AnnexRows, annex: str, rule: dict[str, Any]) -> pl.DataFrame:
    """The cells of one column of the annex: what stands there, the ids of their rows, the clause."""
    place = next(at for at, column in enumerate(issued.layout.columns) if column.key == rule["column"])
    column = issued.layout.columns[place]
    line = pl.int_range(FIRST_DATA_ROW + 1, FIRST_DATA_ROW + 1 + pl.len())
    written = issued.rows.select(
        pl.lit(annex).alias("附件"),
        pl.lit(issued.layout.sheet).alias("工作表"),
        (pl.lit(xl_col_to_name(place)) + line.cast(pl.String)).alias("单元格"),
        pl.lit(f"{column.group}{column.header}").alias("列"),
        pl.col(column.key).cast(pl.String).fill_null("").alias("内容"),
        pl.lit(rule.get("clause", "")).alias("依据"),
        line.alias("line"),
        pl.lit(place).alias("place"),
    )
    return pl.concat([written, issued.ids], how="horizontal")
