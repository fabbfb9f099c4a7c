"""Small helpers of the expression dialect: three-valued facts as nullable booleans over lazy frames."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from coverage_engine.model.columns import Column, Table

Lazy = nw.LazyFrame[Any]
"""A lazy frame of whichever engine the caller uses."""

_KINDS: dict[str, Any] = {
    "id": nw.Int32,
    "count": nw.Int64,
    "real": nw.Float64,
    "flag": nw.Boolean,
    "text": nw.String,
    "day": nw.Date,
}

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


def small(frame: Lazy) -> pl.DataFrame:
    """A frame of a few rows (counts, say) brought to hand from whichever engine."""
    rows: pl.DataFrame = frame.collect(backend="polars").to_native()
    return rows


def fitted(frame: Lazy, table: Table) -> Lazy:
    """The frame with exactly the table's columns, in order and of its types; absent ones are unknown."""
    present = frame.collect_schema()
    return frame.select(_of_kind(column, present.get(column.name)) for column in table)


def materialised(frame: Lazy) -> Lazy:
    """The frame computed once by its own engine, so that what follows reads it instead of computing it again.

    DuckDB keeps a temporary table, Spark a checkpoint on its executors, or Parquet where it has a place.
    """
    native: Any = frame.to_native()
    engine = frame.implementation
    if engine.is_polars():
        native = _on_disk(native) if _PLACE.get() else native.collect().lazy()
    elif engine.is_duckdb():
        native = _stored(native)
    elif engine.is_spark_like():
        native = _as_parquet(native) if _PLACE.get() else native.localCheckpoint()
    again: Lazy = nw.from_native(native).lazy()
    return again


def in_memory(frame: Lazy) -> Lazy:
    """As `materialised`, for narrow frames: the embedded engine has them in memory, not in a folder."""
    native = frame.to_native()
    if not isinstance(native, pl.LazyFrame):
        return materialised(frame)
    again: Lazy = nw.from_native(native.collect(engine="streaming").lazy())
    return again


def beside(frame: Lazy, table: pl.DataFrame) -> Lazy:
    """A table at hand as a frame of the engine that `frame` is of."""
    engine = frame.implementation
    native: Any = table.lazy()
    if engine.is_duckdb():
        native = _PLACE.get().from_arrow(table.to_arrow())
    elif engine.is_spark_like():
        native = frame.to_native().sparkSession.createDataFrame(table.to_arrow())
    again: Lazy = nw.from_native(native).lazy()
    return again


def levelled(frame: Lazy) -> Lazy:
    """As `materialised` on engines that write every column out in terms of the first ones (DuckDB, Spark).

    There a column that is built on others many times over would make a query of millions of words.
    """
    engine = frame.implementation
    return materialised(frame) if engine.is_duckdb() or engine.is_spark_like() else frame


def worded(frame: Lazy, code: str, words: Mapping[int, str], name: str) -> Lazy:
    """Adds the words of an integer code as column `name`; null for a code without words."""
    engine = frame.implementation
    if engine.is_polars() or engine.is_pandas():
        text = nw.col(code).replace_strict(dict(words), default=None, return_dtype=nw.String)
        return frame.with_columns(text.alias(name))
    occurring = [at for at in small(frame.select(code).unique())[code].sort() if at in words]
    nothing = nw.lit(None, dtype=nw.String)
    parts = []
    for start in range(0, len(occurring), _CHAIN):
        part = nothing
        for at in occurring[start : start + _CHAIN]:
            part = nw.when(nw.col(code) == at).then(nw.lit(words[at])).otherwise(part)
        parts.append(part)
    return frame.with_columns((nw.coalesce(*parts) if parts else nothing).alias(name))


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


def _of_kind(column: Column, present: nw.dtypes.DType | None) -> str | nw.Expr:
    kind = _KINDS[column.kind]
    if present == kind:
        return column.name
    present_or_null = nw.lit(None, dtype=nw.Boolean) if present is None else nw.col(column.name)
    return present_or_null.cast(kind).alias(column.name)


_STORED = count()
_PLACE: ContextVar[Any] = ContextVar("place", default=None)
# Longest chain of cases in one expression.
_CHAIN = 100
# Rows of either side that a join looks at before it holds one of them in memory. The embedded engine's own
# ten million would be whole tables, held only to be looked at.
_SAMPLE, _SAMPLED = "POLARS_JOIN_SAMPLE_LIMIT", "100000"


@contextmanager
def storing_in(place: Any) -> Iterator[None]:
    """Where `materialised` frames are stored meanwhile.

    A DuckDB connection: its temporary tables. A folder: Parquet files of the embedded engine or of Spark
    (then one that all executors reach), which never hold a whole table in memory.
    """
    if isinstance(place, Path) and _SAMPLE not in os.environ:
        pl.Config.load(json.dumps({"environment": {_SAMPLE: _SAMPLED}}))
    token = _PLACE.set(place)
    try:
        yield
    finally:
        _PLACE.reset(token)


def _on_disk(frame: pl.LazyFrame) -> pl.LazyFrame:
    file = _PLACE.get() / f"kept_{next(_STORED)}.parquet"
    frame.sink_parquet(file, compression="lz4", statistics=False, engine="streaming")
    return pl.scan_parquet(file)


def _as_parquet(frame: Any) -> Any:
    """A Spark frame written and read again: it survives a lost executor, and reads only the columns asked."""
    folder = f"{_PLACE.get()}/kept_{next(_STORED)}"
    frame.write.parquet(folder, compression="snappy")
    return frame.sparkSession.read.parquet(folder)


def _stored(relation: Any) -> Any:
    """A DuckDB relation as a temporary table, which no longer knows how it came about."""
    name = f"kept_{next(_STORED)}"
    relation.query("kept", f"create temporary table {name} as select * from kept")
    return _PLACE.get().table(name)
