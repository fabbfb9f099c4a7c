"""What is coded in one whole number comes out as it went in, alike on every engine, or is refused by name."""

from contextlib import nullcontext

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_engine.frames.coding import (
    DECODED,
    ORDERED,
    Coding,
    CodingOverflowError,
    Part,
    answer,
    count,
    number,
)
from coverage_engine.frames.coding import flag as sure_flag

ENGINES = ("polars", "duckdb", "pandas", "pyarrow")
_PANDAS = {pl.Boolean: "boolean", pl.Int64: "Int64"}


def on(engine, table, connection=None):
    """The table as a lazy frame of an engine."""
    if engine == "polars":
        return nw.from_native(table.lazy())
    if engine == "duckdb":
        return nw.from_native(connection.from_arrow(table.to_arrow()))
    if engine == "pyarrow":
        return nw.from_native(table.to_pandas(use_pyarrow_extension_array=True)).lazy()
    columns = {
        name: pd.array(table[name].to_list(), dtype=_PANDAS[table[name].dtype]) for name in table.columns
    }
    return nw.from_native(pd.DataFrame(columns)).lazy()


def again(frame, coding):
    """What comes out of the code."""
    coded = frame.select(coding.encode(), nw.col("row"))
    told = coded.select(*coding.columns(), nw.col("row")).collect(backend="polars").to_native()
    return told.sort("row").drop("row")


@st.composite
def parts(draw):
    name = f"part_{draw(st.integers(0, 10**6))}"
    kind = draw(st.sampled_from(("answer", "flag", "count", "number")))
    if kind in ("answer", "flag"):
        return (answer if kind == "answer" else sure_flag)(name)
    most = draw(st.integers(1, 5000))
    if kind == "count":
        return count(name, most)
    least = draw(st.integers(-3000, most - 1))
    return number(name, most, least=least, descending=draw(st.booleans()))


def values(part):
    inside = st.booleans() if part.truth else st.integers(part.least, part.most)
    return st.none() | inside if part.unknown else inside


@st.composite
def tables(draw):
    """A coding of several parts and rows that fit in it."""
    named = draw(st.lists(parts(), min_size=1, max_size=4, unique_by=lambda part: part.name))
    rows = draw(st.lists(st.tuples(*map(values, named)), min_size=1, max_size=5))
    kinds = {part.name: pl.Boolean if part.truth else pl.Int64 for part in named}
    return Coding("code", tuple(named)), pl.DataFrame(rows, schema=kinds, orient="row").with_row_index("row")


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_coded_comes_out_as_it_went_in_on_every_engine(engine):
    with duckdb.connect() if engine == "duckdb" else nullcontext() as connection:

        @settings(max_examples=40, deadline=None)
        @given(tables())
        def check(given_table):
            coding, table = given_table
            table = table.with_columns(pl.col("row").cast(pl.Int64))
            told = again(on(engine, table, connection), coding)
            assert told.equals(table.drop("row").cast(told.schema))

        check()


@given(tables())
def test_plain_values_have_the_code_that_columns_have(given_table):
    coding, table = given_table
    codes = nw.from_native(table.lazy()).select(coding.encode()).to_native().collect()["code"]
    for row, code in zip(table.drop("row").iter_rows(named=True), codes, strict=True):
        assert coding.number(**row) == code
        known = {name: value for name, value in row.items() if value is not None}
        assert {name: coding.values(code)[name] for name in known} == known


@given(tables(), st.data())
def test_the_order_of_the_codes_is_the_order_of_the_parts(given_table, data):
    coding, _ = given_table
    one, other = ({part.name: data.draw(values(part)) for part in coding.parts} for _ in range(2))
    digits = [[part.plain(row[part.name]) for part in coding.parts] for row in (one, other)]
    assert (coding.number(**one) < coding.number(**other)) == (digits[0] < digits[1])


RANK = Coding("ranking key", (number("score", 999, least=-1000), number("path", 15, descending=True)))


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=20, deadline=None)
@given(path=st.integers(16, 2**40) | st.integers(-(2**40), -1))
def test_a_column_that_does_not_fit_is_refused_with_coding_part_and_extent(engine, path):
    table = pl.DataFrame({"row": [0, 1], "score": [7, 8], "path": [3, path]})
    with (
        duckdb.connect() if engine == "duckdb" else nullcontext() as connection,
        pytest.raises(Exception, match="coding ranking key: beyond path 0…15"),
    ):
        again(on(engine, table, connection), RANK)


@given(path=st.integers(16) | st.integers(max_value=-1))
def test_a_plain_value_that_does_not_fit_is_refused_with_its_name_and_extent(path):
    for code in (lambda: RANK.number(score=0, path=path), lambda: RANK.encode(score=0, path=path)):
        with pytest.raises(CodingOverflowError, match=f"path.*{path}.*0…15"):
            code()


@given(st.lists(st.integers(1, 2**40), min_size=1, max_size=6), st.booleans())
def test_a_coding_without_room_for_all_its_parts_is_refused_with_their_sizes(most, compared):
    named = tuple(Part(f"part_{at}", each) for at, each in enumerate(most))
    room, whole = ORDERED if compared else DECODED, 1
    for part in named:
        whole *= part.size
    if whole <= room:
        Coding("wide", named, compared)
        return
    with pytest.raises(CodingOverflowError, match="wide") as refused:
        Coding("wide", named, compared)
    assert all(f"{part.name} {part.size}" in str(refused.value) for part in named)


def test_counts_stop_at_their_greatest_value():
    coding = Coding("told", (count("members", 9),))
    table = pl.DataFrame({"row": [0, 1, 2], "members": [-4, 12, None]})
    assert again(on("polars", table), coding)["members"].to_list() == [0, 9, None]


def test_a_row_without_a_code_tells_nothing():
    coding = Coding("told", (answer("superior"), count("members", 9)))
    nothing = nw.from_native(pl.LazyFrame({"told": [None]}, schema={"told": pl.Int64}))
    assert nothing.select(*coding.columns()).to_native().collect().row(0) == (None, None)


def test_parts_of_a_coding_have_names_of_their_own():
    with pytest.raises(ValueError, match="twice"):
        Coding("told", (answer("superior"), answer("superior")))


def test_a_code_that_is_only_compared_is_not_told_apart():
    with pytest.raises(TypeError, match="only compared"):
        Coding("order", (number("points", 400),), compared=True).decode("points")
