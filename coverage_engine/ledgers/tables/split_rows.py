"""Cells that name several enterprises, taken apart: one row for each, where each stands for itself.

What the row counts belongs to the body that they share, not to each of them: it is unknown of each. A body
that several enterprises share can only be a joint one, whatever the cell beside it says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from coverage_engine.ledgers.credit_codes import valid_codes
from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.kinds import LedgerColumn, LedgerKind, SharedBody
from coverage_engine.ledgers.tables.firm_cell import SPLIT
from coverage_engine.ledgers.tables.firm_cells import APART
from coverage_engine.ledgers.tables.sheets import Layout

BY_SHARING = "by_sharing"
"""Whether the form of a body was told by nothing but that several enterprises share it."""
_OF_THE_BODY = frozenset({"count", "percent", "real"})
_BETWEEN_CODES = r"[、,，;；/／|\s]+"
_CODE = "enterprise_code"
_FEW = 10


@dataclass(frozen=True)
class Split:
    """分开的格: numbers of the `rows` whose cell names several, and the codes beside the names, by row."""

    rows: pl.Series
    codes: Mapping[int, tuple[str, ...]]


def cells_of_several(layout: Layout, split: pl.Series) -> Split:
    """The rows whose cell was split, with the codes that stand beside the names."""
    rows = layout.rows.filter(pl.col("row").is_in(split.implode())) if len(split) else layout.rows.clear()
    if rows.is_empty() or _CODE not in rows.columns:
        return Split(rows["row"], {})
    told = rows.select("row", pl.col(_CODE).str.to_uppercase().str.replace_all(_BETWEEN_CODES, APART))
    codes = {row: tuple(part for part in text.split(APART) if part) for row, text in told.iter_rows() if text}
    return Split(rows["row"], {row: each for row, each in codes.items() if all(valid_codes(pl.Series(each)))})


def tell_split(layout: Layout, column: LedgerColumn, located: pl.DataFrame, log: FindingLog) -> None:
    """Once a column: how many cells became how many rows, and the first of them."""
    split = located.filter(pl.col("code") == SPLIT)
    if split.is_empty():
        return
    first = "、".join(str(row) for row in split["row"].head(_FEW).to_list())
    more = "…" if split.height > _FEW else ""
    found = f"{split.height} 格写了 {split['firms'].sum()} 家（第 {first}{more} 行）"
    log.add(SPLIT, layout.source, field=column.key, found=found)


def one_row_each(rows: pl.DataFrame, kind: LedgerKind, split: Split) -> pl.DataFrame:
    """Typed rows with one for each firm that a cell names; what belongs to the body is unknown of each."""
    if not len(split.rows):
        return rows
    several = pl.col("row").is_in(split.rows.implode())
    own = [column.key for column in kind.columns if column.stored and column.type in _OF_THE_BODY]
    names = next(column.key for column in kind.columns if column.each)
    bare = rows.with_columns(pl.when(~several).then(key).alias(key) for key in (*own, _CODE))
    listed = bare.with_columns(pl.col(names).str.split(APART)).explode(names)
    if not split.codes:
        return listed
    return _with_codes(listed, names, split)


def with_shared_form(
    rows: pl.DataFrame, layout: Layout, kind: LedgerKind, split: Split, log: FindingLog
) -> pl.DataFrame:
    """Rows whose body several firms share, in the form that such a body has."""
    column = next((column for column in kind.columns if column.shared), None)
    if column is None or column.shared is None:
        return rows
    form = pl.col(column.key)
    told = rows.with_columns(_shared=_is_shared(rows, layout, column.shared, split))
    against = told.filter(pl.col("_shared") & (form != column.shared.value).fill_null(False))
    words = {value: word for word, value in reversed([*(column.words or {}).items()])}
    log.add_rows(
        "party.shared_not_own",
        against.unique("row", maintain_order=True).select(
            "source", "row", found=form.replace_strict(words, default="", return_dtype=pl.String)
        ),
        column.key,
    )
    by_sharing = pl.col("_shared") & form.ne_missing(column.shared.value)
    return told.with_columns(
        by_sharing.alias(BY_SHARING),
        pl.when("_shared").then(pl.lit(column.shared.value)).otherwise(form).alias(column.key),
    ).drop("_shared")


# ---------------------------------------------------------------------------------------------- private


def _with_codes(listed: pl.DataFrame, names: str, split: Split) -> pl.DataFrame:
    """Each firm of a cell with the code that stands in the same place, where there are as many codes."""
    codes = pl.DataFrame(
        [(row, place, code) for row, each in split.codes.items() for place, code in enumerate(each)],
        schema={"row": pl.Int64, "_place": pl.Int64, "_code": pl.String},
        orient="row",
    )
    placed = listed.with_columns(_place=pl.int_range(pl.len()).over("row").cast(pl.Int64))
    joined = placed.join(codes, on=["row", "_place"], how="left", maintain_order="left")
    counted = dict(codes.group_by("row").len().iter_rows())
    as_many = pl.len().over("row") == pl.col("row").replace_strict(counted, default=0, return_dtype=pl.Int64)
    code = pl.coalesce(_CODE, pl.when(as_many).then("_code"))
    return joined.with_columns(enterprise_code=code).drop("_place", "_code")


def _is_shared(rows: pl.DataFrame, layout: Layout, shared: SharedBody, split: Split) -> pl.Expr:
    by_cell = pl.col("row").is_in(split.rows.implode()) if len(split.rows) else pl.lit(False)
    spans = [span for merged in layout.merged if merged.column.key == shared.body for span in merged.spans]
    several = [span for span in spans if rows.filter(pl.col("row").is_between(*span)).height > 1]
    by_merging = pl.any_horizontal([pl.lit(False), *(pl.col("row").is_between(*span) for span in several)])
    named = "|".join(map(re.escape, shared.words))
    by_name = pl.col(shared.body).str.contains(named).fill_null(False)
    return (by_cell | by_merging | by_name).fill_null(False)
