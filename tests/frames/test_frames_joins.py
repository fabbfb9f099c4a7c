"""First rows of a key and gathered tables, beside plain loops over the same rows."""

import narwhals as nw
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_engine.frames.joins import first_rows, with_tables

ROW = st.tuples(
    st.one_of(st.none(), st.integers(0, 5)), st.integers(0, 2), st.one_of(st.none(), st.integers(0, 9))
)


@given(st.lists(ROW, max_size=30))
@settings(max_examples=40)
def test_the_first_row_of_each_key_is_told_whole(rows):
    table = pl.DataFrame(
        [(key, source, row, said) for row, (key, source, said) in enumerate(rows)],
        schema={"key": pl.Int32, "source": pl.Int32, "row": pl.Int32, "said": pl.Int64},
        orient="row",
    )
    expected = {}
    for key, source, row, said in table.sort("source", "row").rows():
        if key is not None:
            expected.setdefault(key, (said, source * 2**31 + row))
    found = first_rows(nw.from_native(table.lazy()), "key", "said").to_native().collect()
    assert {key: (said, at) for key, said, at in found.rows()} == expected
    assert found.height == len(expected)


@given(st.dictionaries(st.integers(0, 9), st.booleans()), st.dictionaries(st.integers(0, 9), st.integers()))
@settings(max_examples=20)
def test_gathered_tables_stand_side_by_side(flags, numbers):
    numbers = {key: number % 1000 for key, number in numbers.items()}
    tables = [
        pl.LazyFrame(
            {"enterprise_id": list(told), name: list(told.values())},
            schema={"enterprise_id": pl.Int32, name: kind},
        )
        for name, told, kind in (("flag", flags, pl.Boolean), ("number", numbers, pl.Int64))
    ]
    firms = pl.LazyFrame({"enterprise_id": range(12)}, schema={"enterprise_id": pl.Int32})
    found = with_tables(nw.from_native(firms), map(nw.from_native, tables)).to_native().collect()
    assert found.rows() == [(firm, flags.get(firm), numbers.get(firm)) for firm in range(12)]
