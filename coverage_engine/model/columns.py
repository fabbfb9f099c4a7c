"""How a table is described: columns with a name, a kind and a sentence; frames made to fit a description.

Kinds: `id` and `count` are integers, `real` a float, `flag` a three-valued boolean, `text`, `day` a date.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

_TYPES: dict[str, type[pl.DataType]] = {
    "id": pl.Int32,
    "count": pl.Int64,
    "real": pl.Float64,
    "flag": pl.Boolean,
    "text": pl.String,
    "day": pl.Date,
}


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    name: str
    kind: str
    meaning: str

    @property
    def dtype(self) -> type[pl.DataType]:
        """The table library's type."""
        return _TYPES[self.kind]


Table = tuple[Column, ...]


def table(definition: str) -> Table:
    """Parse lines of `name kind meaning`."""
    lines = (line.strip() for line in definition.strip().splitlines())
    return tuple(Column(*line.split(maxsplit=2)) for line in lines if line)


WHERE = """
    source id ledger that the row came from
    row id 1-based row in that ledger
"""
"""Columns of every row that came from a ledger: `<sheet>!<letter><row>` is the cell of any of its facts."""


def empty(table: Table) -> pl.DataFrame:
    """A frame of the table's columns and types without rows."""
    return _nothing(table).clone()


@cache
def _nothing(table: Table) -> pl.DataFrame:
    return pl.DataFrame(schema=_schema(table))


@cache
def _schema(table: Table) -> pl.Schema:
    return pl.Schema({column.name: column.dtype for column in table})


def conform(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The frame with exactly the table's columns, in order and of its types; absent ones are unknown."""
    wanted = _schema(table)
    if frame.schema == wanted:
        return frame
    if frame.is_empty():
        return empty(table)
    present = set(frame.columns)
    return frame.select(
        (pl.col(column.name) if column.name in present else pl.lit(None))
        .cast(column.dtype)
        .alias(column.name)
        for column in table
    )
