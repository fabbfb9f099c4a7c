"""Whether every engine gives the plan's tables byte for byte as the embedded one does, and at what cost.

    python benchmarks/engine_parity.py [--enterprises 60000] [--engines pandas duckdb spark] [--core]
        [--master local[2]] [--peer PYTHON] [--json FILE]

Each engine plans the same ledgers in a process of its own; a table is its rows in the order of its
identifiers, written as Parquet, and compared by the hash of those bytes. `--core` takes snapshot tables from
Parquet to Parquet instead (states, duties, evidence, scores, best three, figures), for millions. `--peer` is
the Python that has Spark. CPU seconds are user + system of the process and all that it starts (Java too).
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from machine import facts
from plan_core import process
from provinces import base, write_tables

import coverage_engine as ce

# Java is waited for, so that its seconds and memory count.
AFTER = """
if engine == "spark":
    from pyspark import SparkContext
    gateway = SparkContext._gateway
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()
"""

PLAN = """
import hashlib, io, json, sys, warnings
from pathlib import Path
import coverage_engine as ce
engine, master, ledgers, out = sys.argv[1:]
snapshot, findings = ce.read_ledgers([Path(ledgers)])
with warnings.catch_warnings():
    # Spark warns of newer pandas, which is not used here.
    warnings.simplefilter("ignore")
    plan = ce.plan(snapshot, findings=findings, engine=engine, master=master)
def digest(frame):
    file = io.BytesIO()
    frame.rechunk().write_parquet(file, compression="uncompressed")
    return [frame.height, hashlib.sha256(file.getvalue()).hexdigest()]
told = {name: digest(frame) for name, frame in sorted(plan.tables.items())}
Path(out).write_text(json.dumps(told))
"""

CORE = """
import hashlib, io, json, shutil, sys, warnings
from datetime import date
from pathlib import Path
import polars as pl
from coverage_engine.model.tables import PLAN_TABLES
from coverage_engine.planning_frames import ranking_frames
engine, master, tables, out, day, kinds = sys.argv[1:]
files, out = sorted(Path(tables).glob("*.parquet")), Path(out)
day, kinds, folder = date.fromisoformat(day), frozenset(kinds.split(",")), out.with_suffix("")
(folder / "kept").mkdir(parents=True)
def write_polars():
    frames = {file.stem: pl.scan_parquet(file) for file in files}
    for name, frame in ranking_frames(frames, day, kinds, place=folder / "kept").items():
        frame.sink_parquet(folder / f"{name}.parquet", engine="streaming")
def write_pandas():
    frames = {file.stem: pl.read_parquet(file).to_pandas() for file in files}
    for name, frame in ranking_frames(frames, day, kinds, place=folder / "kept").items():
        pl.from_pandas(frame).write_parquet(folder / f"{name}.parquet")
def write_duckdb():
    import duckdb
    with duckdb.connect() as connection:
        frames = {file.stem: connection.read_parquet(str(file)) for file in files}
        for name, frame in ranking_frames(frames, day, kinds, place=connection).items():
            frame.write_parquet(str(folder / f"{name}.parquet"))
def write_spark():
    from pyspark.sql import SparkSession
    session = (
        SparkSession.builder.master(master).config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.memory", "9g").config("spark.sql.shuffle.partitions", "16")
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        .config("spark.local.dir", str(folder / "kept")).getOrCreate()
    )
    frames = {file.stem: session.read.parquet(str(file)) for file in files}
    for name, frame in ranking_frames(frames, day, kinds, place=folder / "kept").items():
        frame.write.parquet(str(folder / f"{name}.parquet"))
    session.stop()
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    {"polars": write_polars, "pandas": write_pandas, "duckdb": write_duckdb, "spark": write_spark}[engine]()
shutil.rmtree(folder / "kept")
told = {}
for name in ("enterprises", "ranking", "coverage"):
    found = folder / f"{name}.parquet"
    frame = pl.read_parquet(found / "*.parquet" if found.is_dir() else found)
    places = ["level", "division_code", "division", "category"]
    key = ["enterprise_id"] if "enterprise_id" in frame.columns else places
    # pandas has no unknown among whole numbers and hands floats back: the types are those of the plan.
    kinds = {column.name: column.dtype for column in PLAN_TABLES.get(name, ())}
    frame = frame.select(pl.col(each).cast(kinds.get(each, pl.Int64)) for each in frame.columns)
    file = io.BytesIO()
    frame.sort(key).rechunk().write_parquet(file, compression="uncompressed")
    told[name] = [frame.height, hashlib.sha256(file.getvalue()).hexdigest()]
out.write_text(json.dumps(told))
shutil.rmtree(folder)
"""


def told_by(engine, code, options, *arguments):
    """CPU seconds, peak memory and the hashes of the tables that one engine gives."""
    python = python_of(engine, options)
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch, "told.json")
        given = (engine, options.master, arguments[0], out, *arguments[1:])
        cpu, memory, _ = process(code + AFTER, *given, python=str(python))
        return cpu, memory, json.loads(out.read_text())


def installed(engine, options):
    """Whether the Python that would run an engine has it; one that is missing is told and left out."""
    package = {"spark": "pyspark"}.get(engine, engine)
    there = subprocess.run([str(python_of(engine, options)), "-c", f"import {package}"], capture_output=True)
    if there.returncode:
        print(f"{engine:12}not installed here: left out", flush=True)
    return not there.returncode


def python_of(engine, options):
    return options.peer if engine == "spark" and options.peer else sys.executable


def inputs(folder, options):
    if options.core:
        write_tables(folder, options.enterprises)
        snapshot = base()
        return CORE, (folder, str(snapshot.as_of), ",".join(sorted(snapshot.kinds)))
    ce.write_sample(folder, enterprises=options.enterprises, seed=7)
    return PLAN, (folder,)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--enterprises", type=int, default=60_000)
    parser.add_argument("--engines", nargs="+", default=["pandas", "duckdb", "spark"])
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--core", action="store_true")
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows, unlike = [], []
    with tempfile.TemporaryDirectory() as scratch:
        code, arguments = inputs(Path(scratch, "in"), options)
        print(f"{options.enterprises:,} enterprises\n{'':12}{'CPU s':>9}{'MB':>8}  tables equal to Polars")
        for engine in ("polars", *(name for name in options.engines if installed(name, options))):
            cpu, memory, told = told_by(engine, code, options, *arguments)
            first = rows[0]["tables"] if rows else told
            equal = [name for name in first if told.get(name) == first[name]]
            unlike += [f"{engine}: {name}" for name in first if name not in equal]
            rows.append({"engine": engine, "cpu": cpu, "peak_mb": memory, "tables": told})
            print(f"{engine:12}{cpu:>9.1f}{memory:>8.0f}  {len(equal)} of {len(first)}", flush=True)
    if options.json:
        told = {
            "suite": "engine_parity",
            "machine": facts(),
            "enterprises": options.enterprises,
            "rows": rows,
        }
        options.json.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if unlike:
        raise SystemExit(f"not equal: {', '.join(unlike)}")


if __name__ == "__main__":
    main()
