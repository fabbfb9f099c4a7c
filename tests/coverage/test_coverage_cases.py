"""Cases: the deciding facts of a firm come back from its packed number as they went in."""

import narwhals as nw
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_engine.coverage.cases import cases_of, with_case

THREE = (
    *("is_non_public", "in_scope", "has_own", "has_joint", "youth_organisation"),
    *("enough_members", "has_party", "in_society", "many_youth", "above_scale"),
)
TWO = ("top_hundred", "in_park", "scope_presumed")
LEVELS = ("own_body", "joint_body")


def firm(policy):
    prefixes = [prefix for sector in policy.sectors for prefix in sector.prefixes]
    codes = st.one_of(st.none(), st.sampled_from([*prefixes, "0111", "5437"]))
    return st.fixed_dictionaries(
        {
            **{name: st.one_of(st.none(), st.booleans()) for name in THREE},
            **{name: st.booleans() for name in TWO},
            **{name: st.integers(0, 4) for name in LEVELS},
            "employees": st.one_of(st.none(), st.integers(0, 5000)),
            "industry_code": codes,
        }
    )


@given(st.data())
@settings(max_examples=25)
def test_a_case_tells_every_deciding_fact_of_its_firms(policy, data):
    rows = data.draw(st.lists(firm(policy), min_size=1, max_size=40))
    schema = (
        dict.fromkeys((*THREE, *TWO), pl.Boolean)
        | dict.fromkeys(LEVELS, pl.Int64)
        | {
            "employees": pl.Int64,
            "industry_code": pl.String,
        }
    )
    firms = pl.DataFrame(rows, schema=schema)
    frame = nw.from_native(with_case(nw.from_native(firms.lazy()), policy).to_native().collect().lazy())
    told = (
        frame.to_native()
        .collect()
        .join(cases_of(frame, policy).to_native().collect(), on="case", suffix="_told", maintain_order="left")
    )
    for name in (*THREE, *TWO, *LEVELS):
        assert told[name].equals(told[f"{name}_told"], check_names=False), name
    assert told["sector"].to_list() == [sector(policy, code) for code in firms["industry_code"]]
    assert told["size_step"].to_list() == [steps(policy, staff) for staff in firms["employees"]]


def sector(policy, code):
    fitting = (named.key for named in policy.sectors if code and code.startswith(named.prefixes))
    return next(fitting, None)


def steps(policy, staff):
    return sum(staff is not None and staff >= step.employees for step in policy.size_steps)
