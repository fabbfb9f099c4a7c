"""The best path for every target, beside the best technology for every settlement (OnSSET's own sample).

    python benchmarks/path_per_target.py [--enterprises 100000] [--peer PYTHON --archive FOLDER]

Two questions of the same form in two fields: one choice of several for every target, with what it rests on.
Ours: states, duties, eleven scores, reasons in words, actions and figures of a snapshot, all tables written.
The peer (onsset 1.1a6, `benchmarks/peers/paths.txt`): calibration and one scenario of the sample country in
its source archive, tables written. CPU seconds of the work without start-up, and milliseconds for a target.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

OURS = """
import sys, time
from pathlib import Path
import coverage_engine as ce
snapshot, findings = ce.read_ledgers([Path(sys.argv[1])])
start = time.process_time()
plan = ce.plan(snapshot, findings=findings)
for name, table in plan.tables.items():
    table.write_parquet(Path(sys.argv[2], name + ".parquet"))
print(time.process_time() - start, plan["enterprises"]["is_target"].sum())
"""
PEER = Path(__file__).parent / "peers" / "onsset_sample.py"


def told(*command):
    done = subprocess.run([*map(str, command)], check=True, capture_output=True, text=True)
    seconds, count = done.stdout.split()[-2:]
    return float(seconds), int(count)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--enterprises", type=int, default=100_000)
    parser.add_argument("--peer", help="the Python of the peer's environment")
    parser.add_argument("--archive", help="onsset's source distribution, unpacked")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        import coverage_engine as ce

        ce.write_sample(Path(scratch, "ledgers"), enterprises=options.enterprises)
        Path(scratch, "tables").mkdir()
        seconds, targets = told(sys.executable, "-c", OURS, f"{scratch}/ledgers", f"{scratch}/tables")
    ours = seconds / targets * 1000
    print(f"ours: {targets:,} targets, eleven paths each: {seconds:.2f} CPU s, {ours:.3f} ms for a target")
    if not (options.peer and options.archive):
        print("onsset: left out (needs --peer and --archive)")
        return
    seconds, settlements = told(options.peer, PEER, options.archive)
    theirs = seconds / settlements * 1000
    ratio = theirs / ours
    print(f"onsset: {settlements:,} settlements: {seconds:.2f} CPU s, {theirs:.3f} ms ({ratio:.1f} x ours)")


if __name__ == "__main__":
    main()
