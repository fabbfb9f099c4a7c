"""The engines that a plan may be computed on: a snapshot's tables handed in, the plan's tables fetched back.

Polars is embedded; DuckDB and Spark are extras (`coverage-engine[duckdb]`, `coverage-engine[spark]`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import polars as pl

from coverage_engine.errors import CoverageEngineError, complete_installation

ENGINES = ("polars", "duckdb", "pandas", "spark")
"""Names of the engines."""


@dataclass(frozen=True)
class Engine:
    """计算引擎: how a table goes in and comes back; `connection` is DuckDB's."""

    put: Callable[[pl.DataFrame], Any]
    fetch: Callable[[Any], pl.DataFrame]
    connection: Any = None

    def frames(self, tables: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
        """The tables as frames of the engine."""
        return {name: self.put(table) for name, table in tables.items()}


_Opened = tuple[Engine, Callable[[], object]]


ENGINES = ("polars", "duckdb", "pandas", "spark")
"""Names of the engines."""


@contextmanager
def engine(name: str, master: str = "local[*]") -> Iterator[Engine]:
    """The engine of a name, open for the length of the block; `master` is where Spark runs.

    Raises:
        CoverageEngineError: its package is not installed.
    """
    opened: dict[str, Callable[[], _Opened]] = {
        "polars": _polars,
        "pandas": _pandas,
        "duckdb": _duckdb,
        "spark": lambda: _spark(master),
    }
    try:
        chosen, close = opened[name]()
    except ImportError as error:
        raise CoverageEngineError(f"没有安装计算引擎 {name}", complete_installation(name)) from error
    try:
        yield chosen
    finally:
        close()


# ---------------------------------------------------------------------------------------------- private


def _nothing() -> None:
    """An engine that needs no closing."""


def _polars() -> _Opened:
    return Engine(lambda table: table.lazy(), lambda frame: frame.collect()), _nothing


def _pandas() -> _Opened:
    return Engine(lambda table: table.to_pandas(), lambda frame: pl.from_pandas(frame)), _nothing


def _duckdb() -> _Opened:
    import duckdb

    connection = duckdb.connect()
    put = Engine(lambda table: connection.from_arrow(table.to_arrow()), lambda frame: frame.pl(), connection)
    return put, connection.close


def _spark(master: str) -> _Opened:
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master(master)
        .appName("coverage-engine")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        # Only where Spark runs in this process: 1 GB, its default, does not hold the tables of 60,000 firms.
        .config("spark.driver.memory", "8g")
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        .getOrCreate()
    )
    put = Engine(lambda table: session.createDataFrame(table.to_arrow()), _from_spark)
    return put, session.stop


def _from_spark(frame: Any) -> pl.DataFrame:
    table = pl.from_arrow(frame.toArrow())
    assert isinstance(table, pl.DataFrame)
    return table
