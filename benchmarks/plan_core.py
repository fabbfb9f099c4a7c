"""The core of the plan (states, duties, evidence, eleven scores, best three, figures), Parquet to Parquet.

    python benchmarks/plan_core.py [--sizes 50000 500000 2500000] [--rounds 1] [--json FILE]

Beside it the limit: reading the same tables and writing the same results, no more. Each contestant runs in
a process of its own, alternating; ours makes the settings that the command makes (memory allocator, Python's
look for unused objects). CPU seconds (user + system) and peak memory are of that process. The last line is
the growth: the exponent b of CPU = a · n^b from the smallest to the largest size, start-up taken off.
"""

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from machine import facts, shell
from provinces import EDGES, base, write_tables

# As the command runs: its own settings of the memory allocator and of Python.
SET = """
from coverage_engine.__main__ import set_for_one_job
set_for_one_job()
"""
CORE = (
    SET
    + """
import json, sys
from datetime import date
from pathlib import Path
import polars as pl
from coverage_engine.planning_frames import ranking_frames
tables, out, day, kinds = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], frozenset(sys.argv[4].split(","))
frames = {file.stem: pl.scan_parquet(file) for file in sorted(tables.glob("*.parquet"))}
(out / "kept").mkdir(parents=True, exist_ok=True)
told = ranking_frames(frames, date.fromisoformat(day), kinds, place=out / "kept")
for name, frame in told.items():
    frame.sink_parquet(out / f"{name}.parquet", engine="streaming")
"""
)

# What no plan can do without: each relation reduced to its enterprises and joined to them, by hand.
BARE = (
    SET
    + """
import sys
from pathlib import Path
import polars as pl
import coverage_engine.planning_frames
tables, out = Path(sys.argv[1]), Path(sys.argv[2])
firms = pl.scan_parquet(tables / "enterprises.parquet").select(
    "enterprise_id", "division_code", "employees", "young_employees", "league_members", "above_scale",
    "party", "union", "league_form", "control", "operating", "industry_code", "park_id", "place_id",
)
for name in sys.argv[3].split(","):
    rows = pl.scan_parquet(tables / f"{name}.parquet").group_by("enterprise_id")
    told = rows.agg(pl.col("row").min().alias(f"{name}_row"), pl.len().alias(f"{name}_rows"))
    firms = firms.join(told, on="enterprise_id", how="left")
firms.sink_parquet(out / "bare.parquet", engine="streaming")
"""
)

# Writing is measured apart from fetching what is to be written.
LIMIT = """
import resource, sys
from pathlib import Path
import polars as pl
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
tables, out = Path(sys.argv[1]), Path(sys.argv[2])
start = cpu()
for file in sorted(tables.glob("*.parquet")):
    pl.read_parquet(file)
spent = cpu() - start
for file in sorted(out.glob("*.parquet")):
    frame = pl.read_parquet(file)
    start = cpu()
    frame.write_parquet(out / "kept" / "again.parquet")
    spent += cpu() - start
print(spent)
"""
NOTHING = SET + "import polars, narwhals, coverage_engine.planning_frames"


def process(code, *arguments, python=sys.executable):
    """CPU seconds, peak megabytes and output of one process."""
    watch = (
        "import resource, subprocess, sys;"
        "done = subprocess.run(sys.argv[1:], capture_output=True, text=True);"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, done.returncode);"
        "print(done.stdout); sys.stderr.write(done.stderr)"
    )
    inner = [sys.executable, "-c", watch, python, "-c", code, *map(str, arguments)]
    told = subprocess.run(inner, capture_output=True, text=True, check=True, env=shell())
    first, _, rest = told.stdout.partition("\n")
    seconds, memory, status = (float(part) for part in first.split())
    if status:
        raise SystemExit(f"{rest.strip()}\n{told.stderr}")
    return seconds, memory, rest.strip()


def measured(size, rounds):
    """One row of the table: medians of the rounds."""
    with tempfile.TemporaryDirectory() as scratch:
        tables, out = Path(scratch, "tables"), Path(scratch, "out")
        edges = write_tables(tables, size)
        snapshot = base()
        told = (str(snapshot.as_of), ",".join(sorted(snapshot.kinds)))
        ours, limits = [], []
        for _ in range(rounds):
            ours.append(process(CORE, tables, out, *told))
            limits.append(float(process(LIMIT, tables, out)[2]))
    seconds, limit = median(each[0] for each in ours), median(limits)
    memory = max(each[1] for each in ours)
    return {
        "enterprises": size, "edges": edges, "cpu": seconds, "limit_cpu": limit,
        "ratio": seconds / limit, "peak_mb": memory,
    }  # fmt: skip


def beside_bare(size):
    """CPU of the core as a multiple of the bare joins' CPU, start-up taken off both."""
    with tempfile.TemporaryDirectory() as scratch:
        tables, out = Path(scratch, "tables"), Path(scratch, "out")
        write_tables(tables, size)
        snapshot = base()
        told = (str(snapshot.as_of), ",".join(sorted(snapshot.kinds)))
        rounds = []
        for _ in range(3):
            start = process(NOTHING)[0]
            core = process(CORE, tables, out, *told)[0] - start
            rounds.append(core / (process(BARE, tables, out, ",".join(EDGES))[0] - start))
    return median(rounds)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[50_000, 500_000, 2_500_000])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    start = process(NOTHING)[0]
    print(f"{'enterprises':>12}{'edges':>12}{'CPU s':>9}{'limit':>8}{'ratio':>7}{'MB':>7}")
    rows = []
    for size in options.sizes:
        row = measured(size, options.rounds)
        rows.append(row)
        print(
            f"{row['enterprises']:>12,}{row['edges']:>12,}{row['cpu']:>9.2f}{row['limit_cpu']:>8.2f}"
            f"{row['ratio']:>7.1f}{row['peak_mb']:>7.0f}",
            flush=True,
        )
    growth = None
    if len(rows) > 1:
        few, many = rows[0], rows[-1]
        growth = math.log((many["cpu"] - start) / (few["cpu"] - start)) / math.log(
            many["enterprises"] / few["enterprises"]
        )
        print(f"start-up {start:.2f} s CPU; growth n^{growth:.2f}")
    if options.json:
        told = {"suite": "plan_core", "machine": facts(), "start_cpu": start, "growth": growth, "rows": rows}
        options.json.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
