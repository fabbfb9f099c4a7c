"""Tables looked up by number or word, beside a plain dictionary and beside another engine's join."""

import duckdb
import narwhals as nw
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_engine.frames.lookups import looked_up

NUMBERS = st.one_of(st.none(), st.integers(-2, 9), st.just(2**30))
WORDS = st.one_of(st.none(), st.sampled_from(["郑州市", "洛阳市", "济源", ""]))


def told(asked, table, kind):
    rows = {"on": asked, "place": range(len(asked))}
    frame = pl.DataFrame(rows, schema={"on": kind, "place": pl.Int64})
    keyed = pl.DataFrame(
        {"key": list(table), "said": list(table.values())}, schema={"key": kind, "said": pl.Int64}
    )
    here = looked_up(nw.from_native(frame.lazy()), nw.from_native(keyed.lazy()), "on", "key")
    with duckdb.connect() as connection:
        there = looked_up(
            *(nw.from_native(connection.from_arrow(each.to_arrow())).lazy() for each in (frame, keyed)),
            *("on", "key"),
        )
        joined = there.to_native().pl().sort("place").select("said").to_series().to_list()
    return here.to_native().collect(), joined


@given(st.lists(NUMBERS, max_size=20), st.dictionaries(NUMBERS, st.integers(0, 99), max_size=8))
@settings(max_examples=25)
def test_a_table_is_looked_up_by_number_as_in_a_dictionary(asked, table):
    here, joined = told(asked, table, pl.Int32)
    expected = [None if number is None else table.get(number) for number in asked]
    assert here.sort("place")["said"].to_list() == joined == expected


@given(st.lists(WORDS, max_size=20), st.dictionaries(WORDS, st.integers(0, 99)))
@settings(max_examples=10)
def test_a_table_is_looked_up_by_word_as_in_a_dictionary(asked, table):
    here, joined = told(asked, table, pl.String)
    expected = [None if word is None else table.get(word) for word in asked]
    assert here.sort("place")["said"].to_list() == joined == expected


def test_a_key_that_stands_twice_is_told_twice_as_a_join_would():
    frame = nw.from_native(pl.LazyFrame({"on": [1, 2]}))
    table = nw.from_native(pl.LazyFrame({"key": [1, 1], "said": [7, 8]}))
    found = looked_up(frame, table, "on", "key").to_native().collect().sort("on", "said")
    assert found.rows() == [(1, 7), (1, 8), (2, None)]
