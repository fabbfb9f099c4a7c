"""Where two ledgers speak of one fact, the dedicated one wins over the flag, and it is told."""

from __future__ import annotations

import polars as pl

from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.tables.split_rows import BY_SHARING

_FORMS = {"own": "单独", "joint": "联合", "none": "无"}


def party_wins(
    enterprises: pl.DataFrame, organisations: pl.DataFrame, log: FindingLog
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Enterprises with `party` as the 党组织台账 says, and the `fact_sources` of those it decided.

    A row that does not tell the form keeps the flag's, else it is an own organisation.
    """
    listed = _beside(organisations, enterprises, "party").with_columns(
        decided=pl.coalesce("form", pl.when(pl.col("party") != "none").then("party"), pl.lit("own"))
    )
    against = listed.filter(pl.col("party") != pl.col("decided")).with_columns(
        found=_form("party"),
        detail=pl.format("{} 填“{}”", log.cell("form"), _form("form").fill_null("已建")),
    )
    log.add_rows("party.contradiction", _at_own_cell(against), "party")
    # What only the sharing of the body tells stands in the cell of the firms, not in that of the form.
    told = pl.col("form").is_not_null() & ~pl.col(BY_SHARING).fill_null(False)
    by_form = pl.when(told).then(pl.lit("form")).otherwise(pl.lit("enterprise_name"))
    sources = listed.select("enterprise_id", "source", "row", field=pl.lit("party"), ledger_field=by_form)
    return _replaced(enterprises, listed.select("enterprise_id", "decided"), "party"), sources


def union_wins(
    enterprises: pl.DataFrame, unions: pl.DataFrame, log: FindingLog
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Enterprises with `union` true where the 工会台账 has them, and the `fact_sources` of those."""
    listed = _beside(unions, enterprises, "union").with_columns(decided=pl.lit(True))
    against = listed.filter(~pl.col("union")).with_columns(
        found=pl.lit("无"), detail=log.cell("enterprise_name")
    )
    log.add_rows("union.contradiction", _at_own_cell(against), "union")
    sources = listed.select(
        "enterprise_id", "source", "row", field=pl.lit("union"), ledger_field=pl.lit("enterprise_name")
    )
    return _replaced(enterprises, listed.select("enterprise_id", "decided"), "union"), sources


# ---------------------------------------------------------------------------------------------- private


def _beside(rows: pl.DataFrame, enterprises: pl.DataFrame, field: str) -> pl.DataFrame:
    """Rows of the dedicated ledger with the flag of the 企业台账 and its address."""
    flags = enterprises.select("enterprise_id", field, _own_source="source", _own_row="row")
    return rows.join(flags, on="enterprise_id", how="inner", maintain_order="left")


def _at_own_cell(against: pl.DataFrame) -> pl.DataFrame:
    """Addressed at the flag in the 企业台账, which is to be mended."""
    return against.select("found", "detail", source="_own_source", row="_own_row")


def _form(column: str) -> pl.Expr:
    return pl.col(column).replace_strict(_FORMS, default=None, return_dtype=pl.String)


def _replaced(enterprises: pl.DataFrame, decided: pl.DataFrame, field: str) -> pl.DataFrame:
    joined = enterprises.join(decided, on="enterprise_id", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("decided", field).alias(field)).drop("decided")
