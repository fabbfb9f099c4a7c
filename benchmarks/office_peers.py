"""An Annex 3 of 100,000 rows written, and read again, beside openpyxl with the same cells.

    python benchmarks/office_peers.py

Ours draws the annex as it is handed in (heads, widths, totals, traces of cells left out), openpyxl writes the
bare cells row by row (`write_only`); both read the file that ours wrote (openpyxl `read_only`). Each in a
process of its own; CPU seconds of the work and peak memory of the process.
"""

import argparse
import pickle
import tempfile
from pathlib import Path

from office import _many
from plan_core import process

import coverage_engine as ce
from coverage_engine.reporting.annexes import annex_rows

CLOCK = """
import pickle, sys, time
from pathlib import Path
folder = Path(sys.argv[1])
"""
WORK = {
    "written by us": """
from coverage_engine.reporting.annexes import draw_annex
plan, annex = pickle.loads((folder / "annex.pickle").read_bytes())
start = time.process_time()
draw_annex(plan, annex, folder / "ours.xlsx")
""",
    "written by openpyxl": """
from openpyxl import Workbook
rows = pickle.loads((folder / "cells.pickle").read_bytes())
start = time.process_time()
book = Workbook(write_only=True)
sheet = book.create_sheet()
for row in rows:
    sheet.append(row)
book.save(folder / "theirs.xlsx")
""",
    "read by us": """
from coverage_engine.ledgers.files import open_sources
start = time.process_time()
sheets, _ = open_sources([folder / "ours.xlsx"])
""",
    "read by openpyxl": """
from openpyxl import load_workbook
start = time.process_time()
book = load_workbook(folder / "ours.xlsx", read_only=True)
count = sum(1 for sheet in book for _ in sheet.iter_rows(values_only=True))
""",
}


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        ce.write_sample(folder / "ledgers", enterprises=10_000)
        snapshot, findings = ce.read_ledgers([folder / "ledgers"])
        plan = ce.plan(snapshot, findings=findings)
        annex = _many(annex_rows(plan, "annex_3"))
        (folder / "annex.pickle").write_bytes(pickle.dumps((plan, annex)))
        (folder / "cells.pickle").write_bytes(pickle.dumps(annex.rows.rows()))
        for name, work in WORK.items():
            code = CLOCK + work + "print(time.process_time() - start)"
            _, memory, told = process(code, folder)
            print(f"{name:24}{float(told.split()[-1]):>8.2f} CPU s{memory:>8.0f} MB", flush=True)


if __name__ == "__main__":
    main()
