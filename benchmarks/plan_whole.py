"""The whole plan, as the command makes it, beside its limit: reading and writing the same bytes.

    python benchmarks/plan_whole.py [--enterprises 60000] [--rounds 3]

Each contestant runs in a process of its own, alternating; figures are CPU seconds (user + system) of the
process tree and its peak memory. The limit reads the ledgers' bytes and writes the outputs' bytes, no more.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from machine import shell

PLAN = """
import sys
from coverage_engine.__main__ import main
sys.argv = ["coverage-engine", "plan", sys.argv[1], "--out", sys.argv[2]]
main()
"""

LIMIT = """
import sys
from pathlib import Path
for file in Path(sys.argv[1]).iterdir():
    if file.is_file():
        file.read_bytes()
for file in Path(sys.argv[2]).rglob("*"):
    if file.is_file():
        Path(sys.argv[3]).write_bytes(file.read_bytes())
"""


def cpu_and_memory(code, *arguments):
    """CPU seconds and peak megabytes of one process."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env=shell())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, after.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--enterprises", type=int, default=60_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    import coverage_engine as ce

    with tempfile.TemporaryDirectory() as scratch:
        ledgers, output = Path(scratch, "ledgers"), Path(scratch, "output")
        ce.write_sample(ledgers, enterprises=options.enterprises)
        plans, limits, memory = [], [], 0.0
        for _ in range(options.rounds):
            seconds, memory = cpu_and_memory(PLAN, ledgers, output)
            plans.append(seconds)
            limits.append(cpu_and_memory(LIMIT, ledgers, output, Path(scratch, "copy"))[0])
    print(f"{'':24}{'CPU s':>10}{'ratio':>10}")
    print(f"{'reading + writing bytes':24}{median(limits):>10.2f}{1:>10.1f}")
    print(f"{'whole plan':24}{median(plans):>10.2f}{median(plans) / median(limits):>10.1f}")
    print(f"{options.enterprises} enterprises, median of {options.rounds}, peak memory {memory:.0f} MB")


if __name__ == "__main__":
    main()
