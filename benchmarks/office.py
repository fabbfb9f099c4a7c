"""Office documents of a whole province: every city's annexes, action lists and brief; 100,000 annex rows.

    python benchmarks/office.py [--enterprises 60000]

CPU and wall seconds, and the peak memory of each part, which runs in a process of its own: what it reads
(the finished plans) is in the peak, making the plans is not in the time. The bars are 60 s for all cities on
two cores, 20 s and 600 MB for the rows.
"""

import argparse
import pickle
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import polars as pl

import coverage_engine as ce
from coverage_engine.reporting import write_actions, write_annexes
from coverage_engine.reporting.annexes import AnnexRows, annex_rows, draw_annex
from coverage_engine.reporting.letters import LetterOptions, write_letters

ROWS = 100_000


def peak() -> float:
    """Megabytes that this process held at most; `ru_maxrss` would be that of the one that started it."""
    told = Path("/proc/self/status").read_text()
    return int(next(line for line in told.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def timed(told, work):
    cpu, wall, before = time.process_time(), time.monotonic(), peak()
    work()
    spent = f"{time.process_time() - cpu:8.1f} CPU s {time.monotonic() - wall:8.1f} s"
    print(f"{told:58}{spent}   peak {peak():5.0f} MB (before it {before:5.0f})", flush=True)


def plans_of(folder):
    """The finished plan of each city, one at a time."""
    for file in sorted((folder / "plans").glob("*.pickle")):
        yield pickle.loads(file.read_bytes())


def bench_cities(folder):
    def write(plan):
        place = folder / plan.division.code
        write_annexes(plan, place / "annexes")
        write_actions(plan, place / "actions")
        write_letters(plan, place, LetterOptions(keys=("brief",)))

    timed("18 cities: annexes, action lists, briefs", lambda: [write(plan) for plan in plans_of(folder)])
    lists, briefs = (sum(1 for _ in folder.glob(name)) for name in ("*/actions/*.xlsx", "*/*.docx"))
    print(f"  {lists} county action lists, {briefs} briefs")


def bench_lists(folder):
    def write(plan):
        write_letters(plan, folder / plan.division.code, LetterOptions(keys=("action_lists",)))

    timed(
        "the same lists in Word, and each responsible unit's",
        lambda: [write(each) for each in plans_of(folder)],
    )
    found = (sum(1 for _ in folder.glob(f"*/任务清单/**/*{kind}")) for kind in (".docx", ".xlsx"))
    print("  {} in Word, {} workbooks".format(*found))


def bench_rows(folder):
    plan = next(plans_of(folder))
    annex = annex_rows(plan, "annex_3")
    many = _many(annex)
    told = f"{many.rows.height:,} annex rows of {len(annex.layout.columns)} columns"
    timed(told, lambda: draw_annex(plan, many, folder / "rows.xlsx"))
    print(f"  {(folder / 'rows.xlsx').stat().st_size / 1e6:.1f} MB")


def _many(annex: AnnexRows) -> AnnexRows:
    """The rows over and over, each under a name and code of its own."""
    rows = pl.concat([annex.rows] * (ROWS // annex.rows.height + 1)).head(ROWS)
    number = pl.int_range(pl.len()).cast(pl.String)
    return replace(annex, rows=rows.with_columns(pl.col("name") + number, pl.col("credit_code") + number))


PARTS = {"cities": bench_cities, "lists": bench_lists, "rows": bench_rows}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--enterprises", type=int, default=60_000)
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.part:
        PARTS[options.part](options.folder)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        ce.write_sample(folder / "ledgers", enterprises=options.enterprises)
        snapshot, findings = ce.read_ledgers([folder / "ledgers"])
        (folder / "plans").mkdir()
        for city in snapshot["divisions"].filter(pl.col("level") == "city").iter_rows(named=True):
            plan = ce.plan(snapshot, findings=findings, division=city["name"])
            (folder / "plans" / f"{city['code']}.pickle").write_bytes(pickle.dumps(plan))
        for part in PARTS:
            command = [sys.executable, __file__, "--part", part, "--folder", str(folder)]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
