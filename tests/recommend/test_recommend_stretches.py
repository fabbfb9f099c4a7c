"""Recommending in stretches: the size of a stretch changes no result, in memory as in files."""

import narwhals as nw
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from coverage_engine.coverage import assess
from coverage_engine.frames.dialect import lazy_frames
from coverage_engine.policy import load_policy
from coverage_engine.recommend import recommend
from coverage_engine.recommend.recommended_files import recommend_into

ORDERED = {"bundle_targets": ["path", "counterpart", "enterprise_id"]}


@pytest.fixture(scope="module")
def told(make_province):
    """A small province, assessed, with the tables that are recommended from it in one stretch by a rule."""
    snapshot = make_province(7, 60).snapshot
    policy = load_policy(snapshot.as_of)
    enterprises = assess(snapshot, policy)["enterprises"]
    assert enterprises["is_target"].sum() > 20
    whole = {
        rule: recommend(snapshot, enterprises, policy, rank_by=rule, rows=10_000)
        for rule in ("benefit", "surest")
    }
    return snapshot, enterprises, policy, whole


@given(st.integers(8, 40), st.sampled_from(["benefit", "surest"]))
@settings(max_examples=2, phases=(Phase.explicit, Phase.reuse, Phase.generate))
def test_the_size_of_a_stretch_changes_no_table(told, rows, rule):
    snapshot, enterprises, policy, whole = told
    again = recommend(snapshot, enterprises, policy, rank_by=rule, rows=rows)
    assert set(again) == set(whole[rule])
    assert [name for name, table in again.items() if not table.equals(whole[rule][name])] == []


def test_the_files_of_the_stretches_hold_the_same_tables(told, tmp_path):
    snapshot, enterprises, policy, whole = told
    frames = {**lazy_frames(snapshot.tables), "assessed": nw.from_native(enterprises.lazy())}
    recommend_into(tmp_path / "tables", frames, snapshot.as_of, snapshot.kinds, policy, rows=15)
    assert [file.name for file in tmp_path.iterdir()] == ["tables"]
    assert {file.stem for file in (tmp_path / "tables").iterdir()} == set(whole["benefit"])
    for name, table in whole["benefit"].items():
        files = tmp_path / "tables" / name
        read = pl.read_parquet(files / "*.parquet" if files.is_dir() else files.with_suffix(".parquet"))
        assert read.sort(ORDERED.get(name, [])).equals(table) if name in ORDERED else read.equals(table), name


def test_a_folder_that_holds_something_is_not_written_over(told, tmp_path):
    snapshot, enterprises, policy, _ = told
    frames = {**lazy_frames(snapshot.tables), "assessed": nw.from_native(enterprises.lazy())}
    (tmp_path / "notes.txt").write_text("keep")
    with pytest.raises(FileExistsError):
        recommend_into(tmp_path, frames, snapshot.as_of, snapshot.kinds, policy)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


def test_where_there_is_no_target_every_table_is_there_and_empty(told, tmp_path):
    snapshot, enterprises, policy, whole = told
    nobody = enterprises.with_columns(is_target=pl.lit(False))
    tables = recommend(snapshot, nobody, policy)
    assert {name: table.schema for name, table in tables.items()} == {
        name: table.schema for name, table in whole["benefit"].items()
    }
    assert not any(table.height for table in tables.values())
    frames = {**lazy_frames(snapshot.tables), "assessed": nw.from_native(nobody.lazy())}
    recommend_into(tmp_path / "tables", frames, snapshot.as_of, snapshot.kinds, policy)
    assert pl.read_parquet(tmp_path / "tables" / "reasons" / "*.parquet").equals(tables["reasons"])
