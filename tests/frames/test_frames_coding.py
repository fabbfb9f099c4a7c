"""The facts of a relation come out of their one number as they went in."""

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_engine.frames.coding import MOST, WHOLE, Packed

UNION = Packed("told", ("superior", "roster"), {"members": MOST, "share": WHOLE})
FLAG = st.none() | st.booleans()
ROWS = st.lists(
    st.tuples(FLAG, FLAG, st.none() | st.integers(0, MOST), st.none() | st.integers(0, WHOLE)), min_size=1
)


@given(ROWS)
def test_known_and_unknown_facts_come_out_as_they_went_in(rows):
    kinds = {"superior": pl.Boolean, "roster": pl.Boolean, "members": pl.Int64, "share": pl.Int64}
    facts = pl.DataFrame(rows, schema=kinds, orient="row")
    packed = nw.from_native(facts.lazy()).select(UNION.told())
    again = packed.select(*UNION.facts()).select(*kinds).to_native().collect()
    assert again.equals(facts)


def test_a_firm_that_is_not_in_the_relation_tells_nothing():
    nothing = nw.from_native(pl.LazyFrame({"told": [None]}, schema={"told": pl.Int64}))
    assert nothing.select(*UNION.facts()).to_native().collect().row(0) == (None, None, None, None)


def test_facts_that_do_not_fit_in_one_number_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        Packed("told", (), {"one": MOST, "two": MOST, "three": MOST})
