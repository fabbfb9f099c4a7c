"""The same plan on every engine: all its tables equal to the byte after sorting, on invented graphs."""

import random

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from coverage_engine.errors import CoverageEngineError
from coverage_engine.frames.engines import engine
from coverage_engine.model.snapshot import build_snapshot
from coverage_engine.planning import plan
from coverage_engine.planning_frames import plan_frames

# A plan is too dear to look for the smallest failing one.
FOUND = (Phase.explicit, Phase.reuse, Phase.generate)


def unequal(invented, name):
    """The tables that an engine tells differently from the embedded flow."""
    given_ = invented.snapshot
    province = pl.DataFrame({"code": ["410000"], "name": ["河南省"], "level": ["province"]})
    divisions = pl.concat([given_["divisions"], province], how="diagonal")
    snapshot = build_snapshot(given_.as_of, {**given_.tables, "divisions": divisions}, given_.kinds)
    here, there = plan(snapshot).tables, plan(snapshot, engine=name, master="local[2]").tables
    assert set(there) == set(here) > {"enterprises", "recommendations", "reasons", "bundles"}
    return [table for table in sorted(here) if not here[table].equals(there[table])]


@given(st.integers(0, 2**31), st.integers(30, 70))
@settings(max_examples=2, phases=FOUND)
def test_pandas_frames_that_go_in_and_out_give_the_plan_of_the_snapshot(make_province, seed, size):
    assert unequal(make_province(seed, size), "pandas") == []


def test_duckdb_plans_a_small_province_as_the_embedded_engine_does(make_province):
    assert unequal(make_province(11, 60), "duckdb") == []


@pytest.mark.slow
@given(st.integers(0, 2**31), st.integers(1, 70))
@settings(max_examples=6, phases=FOUND)
def test_duckdb_plans_random_provinces_as_the_embedded_engine_does(make_province, seed, size):
    assert unequal(make_province(seed, size), "duckdb") == []


def test_the_order_in_which_frames_come_changes_nothing(make_province):
    snapshot = make_province(random.Random(5).randrange(1000), 50).snapshot
    upside_down = {name: table.reverse().lazy() for name, table in snapshot.tables.items()}
    straight = {name: table.lazy() for name, table in snapshot.tables.items()}
    first = plan_frames(straight, snapshot.as_of, snapshot.kinds)
    second = plan_frames(upside_down, snapshot.as_of, snapshot.kinds)
    for name, frame in first.items():
        keys = frame.collect_schema().names()
        assert frame.collect().sort(keys).equals(second[name].collect().sort(keys)), name


def test_frames_of_two_engines_are_refused_with_the_next_step(make_province):
    tables = make_province(1, 5).snapshot.tables
    with pytest.raises(CoverageEngineError, match="同一个引擎"):
        plan_frames(
            {"enterprises": tables["enterprises"].to_pandas(), "parks": tables["parks"]},
            make_province(1, 5).snapshot.as_of,
            frozenset({"enterprises"}),
        )


def test_an_engine_that_is_not_installed_is_told_with_a_next_step(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(CoverageEngineError, match="不含这一部分（duckdb）"), engine("duckdb"):
        pass
