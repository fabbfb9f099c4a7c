"""Where a reason comes from: the ledger and cell of the fact that decided it, e.g. 企业台账!D1042."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw

from coverage_engine.coverage.frames import Lazy
from coverage_engine.recommend.definitions import Fact
from coverage_engine.recommend.frames import address, attach, attach_by, row_of, source_of

# Whose row decides, and the column with that firm's id: another ledger may have decided its facts.
_FIRMS = {
    "enterprise": "enterprise_id",
    "headquarters_enterprise": "id_headquarters_enterprise",
    "leader_enterprise": "id_leader_enterprise",
    "neighbour": "id_neighbour",
    "partner": "id_partner",
}


def citation_columns(fact: Fact) -> tuple[nw.Expr, ...]:
    """The columns that `with_cells` needs to find the cell of a fact: `at`, `field`, `firm`, `ledger`."""
    firm = _FIRMS.get(fact.entity)
    cited = nw.col(firm).cast(nw.Int64) if firm else nw.lit(None, dtype=nw.Int64)
    return (
        nw.col(f"at_{fact.entity}").cast(nw.Int64).alias("at"),
        nw.lit(fact.field).alias("field"),
        cited.alias("firm"),
        nw.lit(fact.ledger).alias("ledger"),
    )


def with_cells(rows: Lazy, tables: Mapping[str, Lazy]) -> Lazy:
    """Adds `cell` and the true kind of `ledger`; null cell where no ledger row decided."""
    decided = _redirected(rows, tables)
    at = nw.col("at").fill_null(0)
    placed = decided.with_columns(
        nw.when(at > 0).then(source_of(at)).alias("cited_source"),
        nw.when(at > 0).then(row_of(at)).alias("cited_row"),
    )
    placed = attach(placed, _sheets(tables), "cited_source", "sheet_source")
    placed = attach_by(placed, _letters(tables), {"cited_source": "lettered", "field": "lettered_field"})
    cell = nw.concat_str(
        [nw.col("prefix"), nw.col("letter").fill_null(""), nw.col("cited_row").cast(nw.String)], separator=""
    )
    return placed.with_columns(
        cell.alias("cell"), nw.coalesce(nw.col("sheet_kind"), nw.col("ledger")).alias("ledger")
    )


def _redirected(rows: Lazy, tables: Mapping[str, Lazy]) -> Lazy:
    """Rows with the cell that really decided, where another ledger than the enterprise's own row did."""
    told = tables["fact_sources"].select(
        nw.col("enterprise_id").cast(nw.Int64).alias("told_firm"),
        nw.col("field").alias("told_field"),
        address().alias("decided_at"),
        nw.col("ledger_field").alias("decided_field"),
    )
    deciding = told.unique(["told_firm", "told_field"], keep="any")
    joined = attach_by(rows, deciding, {"firm": "told_firm", "field": "told_field"})
    return joined.with_columns(
        nw.coalesce(nw.col("decided_at"), nw.col("at")).alias("at"),
        nw.coalesce(nw.col("decided_field"), nw.col("field")).alias("field"),
    )


def _sheets(tables: Mapping[str, Lazy]) -> Lazy:
    """Source to `prefix` (sheet, with its file where two files have a sheet of that name) and kind."""
    sources = tables["sources"]
    twins = sources.group_by("sheet").agg(nw.len().alias("named_so")).rename({"sheet": "twin"})
    joined = attach(sources, twins, "sheet", "twin")
    alone = nw.concat_str([nw.col("sheet"), nw.lit("!")], separator="")
    with_file = nw.concat_str([nw.lit("["), nw.col("file"), nw.lit("]"), alone], separator="")
    return joined.select(
        nw.col("source").alias("sheet_source"),
        nw.when(nw.col("named_so") > 1).then(with_file).otherwise(alone).alias("prefix"),
        nw.col("kind").alias("sheet_kind"),
    )


def _letters(tables: Mapping[str, Lazy]) -> Lazy:
    columns = tables["source_columns"].select(
        nw.col("source").alias("lettered"), nw.col("field").alias("lettered_field"), "letter"
    )
    return columns.unique(["lettered", "lettered_field"], keep="any")
