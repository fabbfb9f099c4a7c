"""Office documents of a whole province: every city's annexes, action lists and brief; 100,000 annex rows.

    python benchmarks/office.py [--enterprises 60000]

Wall seconds and peak memory of this process; the bars are 60 s for all cities, 20 s and 600 MB for the rows.
"""

import argparse
import resource
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import polars as pl

import coverage_engine as ce
from coverage_engine.reporting import write_actions, write_annexes
from coverage_engine.reporting.annexes import annex_rows, draw_annex
from coverage_engine.reporting.letters import LetterOptions, write_letters


def timed(told, work):
    started = time.monotonic()
    work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{told:44}{time.monotonic() - started:8.1f} s   peak {peak:6.0f} MB", flush=True)


def write_city(plan, folder):
    write_annexes(plan, folder / "annexes")
    write_actions(plan, folder / "actions")
    write_letters(plan, folder / "letters", LetterOptions(keys=("brief",)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--enterprises", type=int, default=60_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        ce.write_sample(folder / "ledgers", enterprises=options.enterprises)
        snapshot, findings = ce.read_ledgers([folder / "ledgers"])
        cities = snapshot["divisions"].filter(pl.col("level") == "city")["name"].to_list()
        plans = [ce.plan(snapshot, findings=findings, division=city) for city in cities]
        province = ce.plan(snapshot, findings=findings)

        def all_cities():
            for plan in plans:
                write_city(plan, folder / plan.division.code)

        timed(f"{len(plans)} cities: annexes, actions, briefs", all_cities)
        lists = sum(1 for _ in folder.glob("*/actions/*.xlsx"))
        print(f"{lists} county action lists")
        annex = annex_rows(province, "annex_3")
        times = 100_000 // annex.rows.height + 1
        many = replace(annex, rows=pl.concat([annex.rows] * times).head(100_000))
        timed(f"{many.rows.height:,} annex rows", lambda: draw_annex(province, many, folder / "rows.xlsx"))


if __name__ == "__main__":
    main()
