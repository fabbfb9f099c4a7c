"""The three best paths are those that independent programs find: pandas, networkx loops, Polars, SQL by hand.

The programs are the peers of the benchmark of the plan's core; none uses a line of the product.
"""

import json
import subprocess
import sys
from pathlib import Path

import narwhals as nw
import polars as pl
import pytest

import coverage_engine as ce
from coverage_engine.coverage import assess
from coverage_engine.frames.dialect import collected, lazy_frames
from coverage_engine.model.snapshot import build_snapshot
from coverage_engine.policy import load_policy
from coverage_engine.recommend import load_paths, ranked_frame

PEERS = Path(__file__).parents[2] / "benchmarks" / "peers"
FIRMS = 2_000
BLANKED = (
    "above_scale", "union", "party", "league_form", "league_members", "employees", "park_id", "place_id",
    "department_id", "home_division", "industry_code", "section", "location",
)  # fmt: skip


@pytest.fixture(scope="module")
def messy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("messy")
    ce.write_sample(folder, enterprises=FIRMS, seed=41, messy=True)
    return ce.read_ledgers([folder])[0]


def with_unknowns(snapshot):
    """Every tenth answer of the facts of the 企业台账 and every third of the hubs' is not told."""
    tables = dict(snapshot.tables)
    tables["enterprises"] = tables["enterprises"].with_columns(
        pl.when((pl.col("enterprise_id") * 7 + at * 3) % 10 != 0).then(pl.col(name)).alias(name)
        for at, name in enumerate(BLANKED)
    )
    for name, key, columns in (
        ("parks", "park_id", ("administration", "party", "work_committee", "youth_home")),
        ("headquarters", "headquarters_id", ("outside_province", "enterprise_id")),
        ("leaders", "leader_id", ("enterprise_id",)),
        ("associations", "association_id", ("league_organisation", "industry")),
        ("society_members", "enterprise_id", ("appraisal",)),
        ("departments", "department_id", ("work_committee",)),
        ("brand_programmes", "enterprise_id", ("status",)),
    ):
        tables[name] = tables[name].with_columns(
            pl.when((pl.col(key) + at) % 3 != 0).then(pl.col(column)).alias(column)
            for at, column in enumerate(columns)
        )
    return build_snapshot(snapshot.as_of, tables, snapshot.kinds)


def with_few_ledgers(snapshot):
    """Only the 企业台账 and two others were handed in."""
    kinds = frozenset({"enterprises", "parks", "league_organisations"})
    return build_snapshot(snapshot.as_of, snapshot.tables, kinds)


@pytest.fixture(
    scope="module",
    params=["as read", with_unknowns, with_few_ledgers],
    ids=["as read", "with unknowns", "with few ledgers"],
)
def judged(request, messy, tmp_path_factory):
    """A folder with the tables, the judged enterprises and the product's own ranking."""
    snapshot = messy if request.param == "as read" else request.param(messy)
    policy, folder = load_policy(snapshot.as_of), tmp_path_factory.mktemp("judged")
    threshold = policy.number("league_members_threshold")
    (folder / "tables").mkdir()
    for name, table in snapshot.tables.items():
        table.write_parquet(folder / "tables" / f"{name}.parquet")
    enterprises = assess(snapshot, policy)["enterprises"]
    enterprises.write_parquet(folder / "enterprises.parquet")
    told = {"kinds": sorted(snapshot.kinds), "threshold": threshold}
    (folder / "told.json").write_text(json.dumps(told), "utf-8")
    frames = {**lazy_frames(snapshot.tables), "assessed": nw.from_native(enterprises.lazy())}
    ranking = collected(ranked_frame(frames, snapshot.kinds, threshold, nw.col("is_target"), load_paths()))
    return folder, ranking.cast(pl.Int64).sort("enterprise_id")


@pytest.mark.parametrize("peer", ["pandas", "networkx", "polars", "duckdb"])
def test_an_independent_program_finds_the_same_three_paths_and_scores(judged, peer):
    folder, ours = judged
    out = folder / f"{peer}.parquet"
    command = [
        PEERS / f"plan_{peer}.py",
        folder / "tables",
        folder / "enterprises.parquet",
        folder / "told.json",
    ]
    done = subprocess.run([sys.executable, *command, out], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    theirs = pl.read_parquet(out).cast(pl.Int64).sort("enterprise_id").select(ours.columns)
    assert ours.height > FIRMS // 4
    differing = [name for name in ours.columns if not ours[name].equals(theirs[name])]
    assert differing == []
    # Every path is somebody's, or the comparison would leave it out.
    if len(json.loads((folder / "told.json").read_text("utf-8"))["kinds"]) > 10:
        assert set(ours["path_1"]) | set(ours["path_2"]) | set(ours["path_3"]) >= {
            path.number for path in load_paths().paths
        }
