"""Recommending beside its limit: eleven paths for every target, scored, ranked, reasoned and written.

    python benchmarks/recommend_scale.py [--enterprises 175000]   a province, in memory: 98,000 targets
    python benchmarks/recommend_scale.py --nation [4340000]     a nation, to files: 2.5 million targets

The invented ledgers are made, read and judged in a process of its own; a second one opens the kept tables,
recommends and writes every table that comes of it as Parquet. Figures are CPU seconds (user + system),
seconds by the clock and the peak memory of that second process, which makes the settings that the command
makes; the limit is reading and writing the same bytes in it. The tables of the nation are read as they are
needed, which is part of its figures.
"""

import argparse
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import shell

from coverage_engine.__main__ import set_for_one_job

PREPARE = """
import pickle, sys
from pathlib import Path
import coverage_engine as ce
from coverage_engine.coverage import assess
from coverage_engine.policy import load_policy
folder = Path(sys.argv[1])
ce.write_sample(folder / "ledgers", enterprises=int(sys.argv[2]), layout="csv")
snapshot, _ = ce.read_ledgers([folder / "ledgers"])
enterprises = assess(snapshot, load_policy(snapshot.as_of))["enterprises"]
kept = dict(snapshot.tables), snapshot.as_of, snapshot.kinds, enterprises
(folder / "kept.pickle").write_bytes(pickle.dumps(kept))
"""
# Seventeen provinces of the base lie in one place: some 170,000 enterprises to a province, as in the sample.
CROWDED = 17


def prepare_nation(folder, enterprises):
    """Parquet files of the snapshot tables and of the assessed enterprises."""
    import narwhals as nw
    import polars as pl
    from provinces import base, write_tables

    from coverage_engine.coverage import coverage_frames
    from coverage_engine.frames.dialect import fitted, storing_in
    from coverage_engine.model.tables import PLAN_TABLES, SNAPSHOT_TABLES
    from coverage_engine.policy import load_policy

    snapshot, kept = base(), folder / "kept"
    write_tables(folder / "tables", enterprises, CROWDED)
    kept.mkdir()
    frames = {
        name: fitted(nw.from_native(pl.scan_parquet(folder / "tables" / f"{name}.parquet")), table)
        for name, table in SNAPSHOT_TABLES.items()
    }
    with storing_in(kept):
        told = coverage_frames(frames, snapshot.kinds, load_policy(snapshot.as_of))
        assessed = fitted(told["enterprises"], PLAN_TABLES["enterprises"]).to_native()
        assessed.sort("enterprise_id").sink_parquet(
            folder / "tables" / "assessed.parquet", engine="streaming"
        )
    (folder / "kept.pickle").write_bytes(pickle.dumps((snapshot.as_of, snapshot.kinds)))


def of_nation(folder):
    """Recommends from files to files; returns the figures and the targets."""
    import narwhals as nw
    import polars as pl

    from coverage_engine.policy import load_policy
    from coverage_engine.recommend.recommended_files import recommend_into

    as_of, kinds = pickle.loads((folder / "kept.pickle").read_bytes())
    files = (folder / "tables").glob("*.parquet")
    with Watch() as watch:
        frames = {file.stem: nw.from_native(pl.scan_parquet(file)) for file in files}
        recommend_into(folder / "told", frames, as_of, kinds, load_policy(as_of))
    told = pl.scan_parquet(folder / "told" / "choices" / "*.parquet")
    return watch, told.select(pl.len()).collect().item()


def of_province(folder):
    """Recommends in memory and writes the tables; returns the figures and the targets."""
    from coverage_engine.model.snapshot import build_snapshot
    from coverage_engine.policy import load_policy
    from coverage_engine.recommend import recommend

    tables, as_of, kinds, enterprises = pickle.loads((folder / "kept.pickle").read_bytes())
    snapshot = build_snapshot(as_of, tables, kinds)
    with Watch() as watch:
        found = recommend(snapshot, enterprises, load_policy(as_of))
        (folder / "told").mkdir()
        for name, table in found.items():
            table.write_parquet(folder / "told" / f"{name}.parquet")
    return watch, int(enterprises["is_target"].sum())


class Watch:
    """CPU seconds, seconds by the clock and the peak memory of the process."""

    def __enter__(self):
        self.clock, self.cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *failed):
        self.clock, self.cpu = time.perf_counter() - self.clock, time.process_time() - self.cpu
        self.peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def copied(folder):
    """CPU seconds of reading what went in and what came out, and of writing as much as came out."""
    began = time.process_time()
    for file in (folder / "kept.pickle", *(folder / "tables").glob("*.parquet")):
        file.read_bytes()
    for file in (folder / "told").rglob("*.parquet"):
        (folder / "copy").write_bytes(file.read_bytes())
    return time.process_time() - began


def recommend_all(folder, nation):
    watch, targets = of_nation(folder) if nation else of_province(folder)
    limit = max(copied(folder), 0.01)
    told = f"{watch.cpu:.1f} CPU s, {watch.clock:.1f} s by the clock, peak {watch.peak:.0f} MB"
    print(f"{targets} targets: {told}; {watch.cpu / limit:.0f} times reading and writing the bytes")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--enterprises", type=int, default=175_000)
    parser.add_argument("--nation", type=int, nargs="?", const=4_340_000, default=None)
    parser.add_argument("--kept", type=Path, default=None, help="(inner) folder of the kept tables")
    parser.add_argument("--prepare", type=Path, default=None, help="(inner) folder to prepare a nation in")
    options = parser.parse_args()
    if options.kept is not None:
        set_for_one_job()
        recommend_all(options.kept, options.nation)
        return
    if options.prepare is not None:
        prepare_nation(options.prepare, options.nation)
        return
    asked = ["--nation", str(options.nation)] if options.nation else []
    with tempfile.TemporaryDirectory() as scratch:
        prepare = ["-c", PREPARE, scratch, str(options.enterprises)]
        if options.nation:
            prepare = [__file__, "--prepare", scratch, *asked]
        subprocess.run([sys.executable, *prepare], check=True)
        subprocess.run([sys.executable, __file__, "--kept", scratch, *asked], check=True, env=shell())


if __name__ == "__main__":
    main()
