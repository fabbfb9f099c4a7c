"""Older numbers that ledgers still write: 组织机构代码 of nine characters, 注册号 of fifteen digits.

The organisation code is part of the credit code: where any ledger writes the whole code, it is known. A
registration number, and an organisation code whose whole code nobody writes, links only rows that write the
same.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

_INNER = (8, 9)
"""Where the organisation code stands in a credit code: from, length."""


def older(key: str) -> str:
    """The column of older numbers beside a column of codes."""
    return f"{key}_older"


def with_whole_codes(rows: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The ledgers with each organisation code completed, where one code that contains it is written."""
    columns = {
        kind: [key for key in frame.columns if older(key) in frame.columns] for kind, frame in rows.items()
    }
    if not any(rows[kind][older(key)].count() for kind, keys in columns.items() for key in keys):
        return dict(rows)
    written = pl.concat([rows[kind][key].alias("code") for kind, keys in columns.items() for key in keys])
    known = (
        pl.DataFrame({"code": written.drop_nulls().unique()})
        .with_columns(inner=pl.col("code").str.slice(*_INNER))
        .filter(pl.len().over("inner") == 1)
    )
    return {
        kind: rows[kind].with_columns(pl.coalesce(key, _whole(older(key), known)) for key in keys)
        for kind, keys in columns.items()
    }


def code_or_older(key: str, columns: list[str]) -> pl.Expr:
    """The code, else the older number: what two ledgers can have in common."""
    return pl.coalesce(key, older(key)) if older(key) in columns else pl.col(key)


# ---------------------------------------------------------------------------------------------- private


def _whole(key: str, known: pl.DataFrame) -> pl.Expr:
    return pl.col(key).replace_strict(known["inner"], known["code"], default=None, return_dtype=pl.String)
