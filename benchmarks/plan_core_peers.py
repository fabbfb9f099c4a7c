"""Evidence, eleven scores and the best three paths of every target, beside the same written by hand.

    python benchmarks/plan_core_peers.py [--sizes 50000 500000] [--rounds 3] [--without NAME] [--json FILE]

The peers (benchmarks/peers/plan_*.py: networkx loops, pandas, Polars, SQL for DuckDB) take judged enterprises
and the tables of a snapshot as Parquet and write the three best paths as Parquet; so does our part of the
plan's core here. States and duties before it are not part of this comparison. Every contestant runs in a
process of its own, in turn; ours makes the settings that the command makes (memory allocator, Python's look
for unused objects). Each must give the same rows. CPU seconds are user + system, start-up included.
"""

import argparse
import json
import tempfile
from pathlib import Path
from statistics import median

import polars as pl
from machine import facts
from plan_core import SET, process
from provinces import base, write_tables

PEERS = Path(__file__).parent / "peers"
NAMES = ("pandas", "polars", "duckdb", "networkx")
SNAPSHOT = (
    SET
    + """
import json, sys
from datetime import date
from pathlib import Path
import narwhals as nw
import polars as pl
from coverage_engine.frames.dialect import fitted, storing_in
from coverage_engine.model.tables import PLAN_TABLES, SNAPSHOT_TABLES
from coverage_engine.policy import load_policy
tables, enterprises, file, out = sys.argv[1:]
told = json.loads(Path(file).read_text("utf-8"))
kinds, policy = frozenset(told["kinds"]), load_policy(date.fromisoformat(told["day"]))
scans = {name: nw.from_native(pl.scan_parquet(Path(tables, name + ".parquet"))) for name in SNAPSHOT_TABLES}
frames = {name: fitted(frame, SNAPSHOT_TABLES[name]) for name, frame in scans.items()}
kept = Path(out).with_suffix("")
kept.mkdir(exist_ok=True)
"""
)
JUDGED = (
    SNAPSHOT
    + """
from coverage_engine.coverage import coverage_frames
with storing_in(kept):
    judged = fitted(coverage_frames(frames, kinds, policy)["enterprises"], PLAN_TABLES["enterprises"])
    judged.to_native().sink_parquet(enterprises, engine="streaming")
"""
)
OURS = (
    SNAPSHOT
    + """
from coverage_engine.recommend import load_paths, ranked_frame
judged = fitted(nw.from_native(pl.scan_parquet(enterprises)), PLAN_TABLES["enterprises"])
with storing_in(kept):
    line, wanted = told["threshold"], nw.col("is_target")
    ranking = ranked_frame({**frames, "assessed": judged}, kinds, line, wanted, load_paths())
    ranking.to_native().sink_parquet(out, engine="streaming")
"""
)
PEER = (
    "import runpy, sys; sys.argv = sys.argv[1:]; sys.path.insert(0, str(__import__('pathlib').Path("
    "sys.argv[0]).parent)); runpy.run_path(sys.argv[0], run_name='__main__')"
)


def prepared(folder, size):
    """Tables and judged enterprises; the arguments that every contestant takes, and the number of edges."""
    edges = write_tables(folder / "tables", size)
    snapshot = base()
    told = {"kinds": sorted(snapshot.kinds), "threshold": 3, "day": str(snapshot.as_of)}
    (folder / "told.json").write_text(json.dumps(told), "utf-8")
    arguments = folder / "tables", folder / "enterprises.parquet", folder / "told.json"
    process(JUDGED, *arguments, folder / "judged.parquet")
    return arguments, edges


def contest(size, rounds, names):
    """CPU seconds, peak memory of each; fails where a peer finds other paths or scores."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        arguments, edges = prepared(folder, size)
        figures = {name: [] for name in ("ours", *names)}
        for turn in range(rounds):
            for name in figures:
                if name == "networkx" and turn:
                    continue
                out = folder / f"{name}.parquet"
                command = (OURS,) if name == "ours" else (PEER, PEERS / f"plan_{name}.py")
                figures[name].append(process(*command, *arguments, out)[:2])
        ours = ranking(folder / "ours.parquet")
        for name in names:
            if not ranking(folder / f"{name}.parquet").equals(ours):
                raise SystemExit(f"{name} finds other paths or scores than we do")
    rows = {
        name: {"cpu": median(cpu for cpu, _ in told), "peak_mb": max(peak for _, peak in told)}
        for name, told in figures.items()
    }
    return {"enterprises": size, "edges": edges, "targets": ours.height, "contestants": rows}


def ranking(file):
    columns = ["enterprise_id", *(f"{name}_{place}" for name in ("path", "best") for place in (1, 2, 3))]
    return pl.read_parquet(file, columns=columns).select(columns).cast(pl.Int64).sort("enterprise_id")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[50_000, 500_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without", nargs="*", choices=NAMES, default=[])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    names = [name for name in NAMES if name not in options.without]
    print("judged enterprises in, three best paths out; start-up included; all give the same rows")
    rows = []
    for size in options.sizes:
        row = contest(size, options.rounds, names)
        rows.append(row)
        print(f"\n{row['enterprises']:,} enterprises, {row['edges']:,} edges, {row['targets']:,} targets")
        print(f"{'':24}{'CPU s':>9}{'x ours':>9}{'MB':>8}")
        for name, figures in row["contestants"].items():
            ratio = figures["cpu"] / row["contestants"]["ours"]["cpu"]
            print(
                f"{LABELS[name]:24}{figures['cpu']:>9.2f}{ratio:>9.2f}{figures['peak_mb']:>8.0f}", flush=True
            )
    if options.json:
        told = {"suite": "plan_core_peers", "machine": facts(), "rows": rows}
        options.json.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


LABELS = {
    "ours": "this product", "pandas": "pandas by hand", "polars": "Polars by hand",
    "duckdb": "DuckDB, SQL by hand", "networkx": "networkx loops",
}  # fmt: skip


if __name__ == "__main__":
    main()
