"""All suites, one after another, each in a process of its own; then docs/performance.md from the results.

    python benchmarks/run.py [--only plan_core start_up …] [--peers FOLDER] [--render]

A suite is one entry of `SUITES`. What it prints is kept with the machine's facts in benchmarks/results/.
`--peers` is a folder of environments, one for each requirement file of benchmarks/peers/ and named like it;
without it the peers' lines are left out and said to be. `--render` only writes the page anew.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from machine import facts
from plan_core import process

HERE = Path(__file__).parent
RESULTS = HERE / "results"
PAGE = HERE.parent / "docs" / "performance.md"


@dataclass(frozen=True)
class Suite:
    """One benchmark: its arguments, and the environment of its peers."""

    name: str
    arguments: tuple[str, ...] = ()
    peers: str | None = None


SUITES = (
    Suite("start_up"),
    Suite("plan_core", ("--sizes", "50000", "500000", "2500000")),
    Suite("plan_whole", ("--enterprises", "100000", "--rounds", "1")),
    Suite("duties", (), "duties"),
    Suite("identity_names"),
    Suite("identity_league"),
    Suite("intake_million"),
    Suite("campaigns"),
    Suite("maps"),
    Suite("office"),
)


def run(suite, peers):
    """The kept result of one suite; its own figures where it writes them, else what it printed."""
    kept = RESULTS / f"{suite.name}.json"
    command = [str(HERE / f"{suite.name}.py"), *suite.arguments]
    python = peers / suite.peers / "bin" / "python" if peers and suite.peers else None
    if python and python.exists():
        command += ["--peer", str(python)]
    if suite.name in ("start_up", "plan_core"):
        command += ["--json", str(kept)]
    code = "import runpy, sys; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    path = f"import sys; sys.path.insert(0, {str(HERE)!r}); {code}"
    seconds, memory, printed = process(path, *command)
    told = json.loads(kept.read_text("utf-8")) if "--json" in command else {"machine": facts()}
    told |= {"suite": suite.name, "printed": printed, "all_cpu": round(seconds, 1), "peak": round(memory)}
    kept.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"== {suite.name}\n{printed}\n", flush=True)


def render():
    """docs/performance.md from the results that are kept."""
    parts = [
        "# Performance\n\nWritten by `make bench` from `benchmarks/results/`; do not edit. CPU seconds are "
        "user + system of the whole process. Ratios are within one run; absolute figures hold for the "
        "machine named, and are higher while it is busy.\n"
    ]
    for suite in SUITES:
        kept = RESULTS / f"{suite.name}.json"
        if not kept.exists():
            parts.append(f"## {suite.name}\n\nNot measured yet.\n")
            continue
        told = json.loads(kept.read_text("utf-8"))
        machine = told["machine"]
        versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
        parts.append(
            f"## {suite.name}\n\n```\n{told['printed']}\n```\n\n"
            f"{machine['cores']} cores, {machine['memory_gb']} GB, load {machine['load']} at the end; "
            f"Python {machine['python']}; {versions}.\n"
        )
    PAGE.write_text("\n".join(parts), "utf-8")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="+", choices=[suite.name for suite in SUITES])
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--render", action="store_true")
    options = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    failed = []
    for suite in () if options.render else SUITES:
        if options.only and suite.name not in options.only:
            continue
        try:
            run(suite, options.peers)
        except (SystemExit, subprocess.CalledProcessError) as error:
            failed.append(suite.name)
            print(f"== {suite.name} failed: {error}", file=sys.stderr)
    render()
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
