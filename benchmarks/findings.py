"""Findings for an 企业台账 of 100,000 rows with 5,000 planted faults: time beyond reading, beside pandera.

    python benchmarks/findings.py [--rows 100000] [--faults 5000] [--peer PYTHON] [--frictionless PYTHON]

Reading is: file to data rows under known headers, which is what the peer starts from. Beyond it come the six
rules of the peer, all other checks (plausible numbers, registration, one enterprise once, every cross-check
between ledgers), the table of findings with cell and remedy, and the Snapshot, which is not told apart. The
peer runs in an environment made from benchmarks/peers/identity.txt, on the same cells, with the six rules.
"""

import argparse
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
from intake_million import sheet

PLANTED = {
    "统一社会信用代码": ("9.14101E+17", "credit_code.damaged"),
    "所在地区": ("虚拟县", "division.unknown"),
    "团员数": ("许多", "count.not_a_number"),
    "从业人员数": ("-3", "count.negative"),
    "党组织": ("说不清", "choice.unknown_word"),
    "企业名称": (None, "row.required_missing"),
}


def planted(frame, faults, seed=5):
    """The sheet with faults, one a row, and how many of each code."""
    rng = np.random.default_rng(seed)
    rows = rng.choice(frame.height, faults, replace=False)
    counts = {}
    for number, (header, (text, code)) in enumerate(PLANTED.items()):
        chosen = np.sort(rows[number :: len(PLANTED)])
        bad = pl.Series(np.isin(np.arange(frame.height), chosen))
        frame = frame.with_columns(pl.when(bad).then(pl.lit(text)).otherwise(header).alias(header))
        counts[code] = len(chosen)
    return frame, counts


def clean(rows):
    """The sheet of the other benchmark without its own troubles."""
    frame = sheet(rows).with_columns(pl.col("团员数").replace("约三", "3"))
    return frame.with_columns(
        pl.col("统一社会信用代码").replace("9.14101E+17", None), pl.col("青年数").replace("0", "1")
    )


def ours(file):
    from coverage_engine.ledgers.files.raw_sheets import open_sources
    from coverage_engine.ledgers.reading import Request, check, lay_out_all

    start = time.process_time()
    sheets, troubles = open_sources([file])
    layouts = lay_out_all(sheets)
    read, clock = time.process_time(), time.perf_counter()
    _, findings = check(layouts, troubles, Request())
    return findings.table, read - start, time.process_time() - read, time.perf_counter() - clock


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--faults", type=int, default=5_000)
    parser.add_argument("--peer", help="the Python of an environment with pandera")
    parser.add_argument("--frictionless", help="the Python of an environment with frictionless")
    chosen = parser.parse_args()
    frame, counts = planted(clean(chosen.rows), chosen.faults)
    with tempfile.TemporaryDirectory() as folder:
        warm = Path(folder) / "预热" / "企业台账.csv"
        warm.parent.mkdir()
        frame.head(1000).write_csv(warm)
        ours(warm)
        file = Path(folder) / "企业台账.csv"
        frame.write_csv(file)
        table, read, beyond, clock = min((ours(file) for _ in range(3)), key=lambda run: run[2])
        found = dict(table.group_by("code").len().rows())
        for code, count in counts.items():
            print(f"{code}: planted {count}, found {found.get(code, 0)}")
        told = table.filter(pl.col("row").is_not_null()).height
        print(f"ours: reading {read:.2f} CPU s; beyond it {beyond:.2f} CPU s, {clock:.2f} s by the clock")
        print(f"ours: {told} findings in cells")
        if chosen.peer:
            seconds, cases = peer(chosen.peer, "pandera_findings.py", file)
            print(
                f"pandera: beyond reading {seconds:.2f} CPU s ({seconds / beyond:.1f} x ours); {cases} cases"
            )
        if chosen.frictionless:
            seconds, cases = peer(chosen.frictionless, "frictionless_findings.py", file)
            whole = seconds / (read + beyond)
            print(f"frictionless: reading and rules {seconds:.2f} CPU s ({whole:.1f} x ours); {cases} cases")


def peer(python, script, file):
    """CPU seconds and cases that a peer tells."""
    command = [python, str(Path(__file__).parent / "peers" / script), str(file)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, cases = done.stdout.split()[-2:]
    return float(seconds), int(cases)


if __name__ == "__main__":
    main()
