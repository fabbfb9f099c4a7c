"""Small helpers of the expression dialect: three-valued facts as nullable booleans over lazy frames."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import polars as pl

Lazy = nw.LazyFrame[Any]
"""A lazy frame of whichever engine the caller uses."""

Frames = Mapping[str, Lazy]
"""The tables of a snapshot as lazy frames."""


def lazy_frames(tables: Mapping[str, pl.DataFrame]) -> dict[str, Lazy]:
    """Lazy frames over the embedded tables."""
    return {name: nw.from_native(table.lazy()) for name, table in tables.items()}


def collected(frame: Lazy) -> pl.DataFrame:
    """The frame computed, for the embedded engine."""
    native = frame.to_native()
    if not isinstance(native, pl.LazyFrame):
        raise TypeError("collected() is for the embedded engine's frames")
    return native.collect()


def answer(fact: nw.Expr) -> nw.Expr:
    """A three-valued fact as the words yes, no, unknown."""
    return (
        nw.when(fact.is_null())
        .then(nw.lit("unknown"))
        .otherwise(nw.when(fact).then(nw.lit("yes")).otherwise(nw.lit("no")))
    )


def sure(fact: nw.Expr) -> nw.Expr:
    """True where the fact is surely so."""
    return fact.fill_null(False)


def possible(fact: nw.Expr) -> nw.Expr:
    """True where the fact is so or may be so."""
    return fact.fill_null(True)


def yes() -> nw.Expr:
    """The fact that holds."""
    return nw.lit(True)


def no() -> nw.Expr:
    """The fact that does not hold."""
    return nw.lit(False)


def unknown() -> nw.Expr:
    """The fact that nobody has told us."""
    return nw.lit(None, dtype=nw.Boolean)


def flags_of(frame: Lazy, key: str, name: str) -> Lazy:
    """One row for each distinct `key` of a link table, with a true flag `name`."""
    return frame.select(key).unique().with_columns(yes().alias(name))
