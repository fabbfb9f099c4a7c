"""The plan of the invented province is the same, to the byte, whichever engine computes its tables."""

import importlib.util
import shutil
import warnings

import pytest

import coverage_engine as ce

PACKAGES = {"pandas": "pandas", "duckdb": "duckdb", "spark": "pyspark"}


@pytest.mark.slow
@pytest.mark.parametrize("name", PACKAGES)
def test_every_table_of_the_plan_is_the_same_on_every_engine(province, name):
    if importlib.util.find_spec(PACKAGES[name]) is None:
        pytest.skip(f"!!! {name} is not tested: pip install 'coverage-engine[{name}]'")
    if name == "spark" and shutil.which("java") is None:
        pytest.skip("!!! spark is not tested: there is no Java")
    here = ce.plan(province.plan.snapshot).tables
    with warnings.catch_warnings():
        if name == "spark":
            # Spark warns of newer pandas, which is not used here.
            warnings.simplefilter("ignore")
        there = ce.plan(province.plan.snapshot, engine=name, master="local[2]").tables
    assert set(there) == set(here)
    assert [table for table in sorted(here) if not here[table].equals(there[table])] == []
