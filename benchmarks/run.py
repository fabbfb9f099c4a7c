"""All suites, one after another, each in a process of its own; then docs/performance.md from the results.

    python benchmarks/run.py [--only plan_core start_up …] [--peers FOLDER] [--render]

A suite is one entry of `SUITES`. What it prints is kept with the machine's facts in benchmarks/results/.
`--peers` is a folder of environments, one for each requirement file of benchmarks/peers/ and named like it
(and, as `onsset`, that package's unpacked source archive); peers that are not there are left out and said to
be. `--render` only writes the page anew.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from machine import facts
from nation import fill
from plan_core import process

HERE = Path(__file__).parent
RESULTS = HERE / "results"
PAGE = HERE.parent / "docs" / "performance.md"
SCALE = HERE.parent / "docs" / "scale.md"


@dataclass(frozen=True)
class Suite:
    """One benchmark: its name, title, arguments, and the environments of its peers.

    `kept` is the name of its result, where one file makes several suites.

    `peers` names an option of the benchmark and the environment whose Python it wants; `inside` is the
    environment in which the benchmark runs as a whole (the product is installed there as well). `keeps` says
    that it writes figures of its own.
    """

    name: str
    title: str
    arguments: tuple[str, ...] = ()
    peers: tuple[tuple[str, str], ...] = ()
    inside: str | None = None
    keeps: bool = False
    kept: str = ""

    @property
    def result(self):
        return self.kept or self.name


SUITES = (
    Suite(
        "start_up", "Start-up, and what an installation weighs",
        peers=(("--also", "spark"), ("", "maps")), keeps=True,
    ),
    Suite(
        "plan_core", "The core of the plan beside reading and writing the same bytes",
        ("--sizes", "50000", "500000", "2500000", "10000000", "--rounds", "3"), keeps=True,
    ),
    Suite("plan_core_peers", "Evidence, scores, best three: beside programs by hand", keeps=True),
    Suite(
        "engine_parity", "The same plan on every engine",
        ("--enterprises", "60000"), (("--peer", "spark"),), keeps=True,
    ),
    Suite(
        "engine_parity", "The core of the plan on Spark",
        ("--core", "--enterprises", "2500000", "--engines", "spark"), (("--peer", "spark"),), keeps=True,
        kept="engine_parity_core",
    ),
    Suite("plan_whole", "The whole plan, outputs included", ("--enterprises", "100000", "--rounds", "3")),
    Suite(
        "path_per_target", "A path for every target, beside OnSSET's sample",
        peers=(("--peer", "paths"), ("--archive", "onsset")),
    ),
    Suite(
        "recommend_regret", "Choice of path: regret, ranking and calibration, beside lambdarank",
        peers=(("--peer-python", "ranking"),),
    ),
    Suite("calls", "Targets a call, and joint branches beside HiGHS"),
    Suite("identity_names", "One enterprise once, beside splink", peers=(("--peer", "identity"),)),
    Suite("identity_league", "智慧团建 reconciled"),
    Suite(
        "findings", "Findings, beside pandera and frictionless",
        peers=(("--peer", "identity"), ("--frictionless", "validation")),
    ),
    Suite("intake_million", "A million rows read and checked"),
    Suite("duties", "Duties of a million enterprises, beside OpenFisca", peers=(("--peer", "duties"),)),
    Suite("campaign_peers", "Cascades and starts, beside CyNetDiff, NDlib, PyNetIM", inside="campaigns"),
    Suite("maps", "Maps, beside folium markers, FastMarkerCluster, pydeck", inside="maps"),
    Suite("office", "Office documents of a province"),
    Suite("office_peers", "An annex of 100,000 rows, beside openpyxl"),
)  # fmt: skip


def command_of(suite, peers, kept):
    """The Python and arguments of a suite, and the environments that are missing."""
    arguments, missing = [*suite.arguments], []
    for option, name in suite.peers:
        place = peers / name if peers else None
        python = place / "bin" / "python" if place and (place / "bin").is_dir() else place
        if python and python.exists():
            arguments += [each for each in (option, str(python)) if each]
        else:
            missing.append(name)
    if suite.keeps:
        arguments += ["--json", str(kept)]
    python = sys.executable
    if suite.inside:
        inner = peers / suite.inside / "bin" / "python" if peers else None
        python, missing = (str(inner), missing) if inner and inner.exists() else (python, [suite.inside])
    return python, arguments, missing


def run(suite, peers):
    """The kept result of one suite; its own figures where it writes them, else what it printed."""
    kept = RESULTS / f"{suite.result}.json"
    python, arguments, missing = command_of(suite, peers, kept)
    code = "import runpy, sys; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    path = f"import sys; sys.path.insert(0, {str(HERE)!r}); {code}"
    file = str(HERE / f"{suite.name}.py")
    seconds, memory, printed = process(path, file, *arguments, python=python)
    told = json.loads(kept.read_text("utf-8")) if suite.keeps else {"machine": facts()}
    told |= {"suite": suite.result, "printed": printed, "all_cpu": round(seconds, 1), "peak": round(memory)}
    told["without"] = missing
    kept.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"== {suite.result}\n{printed}\n", flush=True)


def render():
    """docs/performance.md, and the figures of docs/scale.md, from the results that are kept."""
    parts = [
        "# Performance\n\nWritten by `make bench` from `benchmarks/results/`; do not edit. CPU seconds are "
        "user + system of the whole process. Ratios are within one run; absolute figures hold for the "
        "machine named, and are higher while it is busy.\n"
    ]
    for suite in SUITES:
        kept = RESULTS / f"{suite.result}.json"
        if not kept.exists():
            parts.append(f"## {suite.title}\n\nSuite `{suite.result}`: not measured yet.\n")
            continue
        told = json.loads(kept.read_text("utf-8"))
        machine = told["machine"]
        versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
        without = "".join(f" Without the peers of `{name}`." for name in told.get("without", ()))
        parts.append(
            f"## {suite.title}\n\nSuite `{suite.result}`.{without}\n\n```\n{told['printed']}\n```\n\n"
            f"{machine['cores']} cores, {machine['memory_gb']} GB, load {machine['load']} at the end; "
            f"Python {machine['python']}; {versions}.\n"
        )
    PAGE.write_text("\n".join(parts), "utf-8")
    fill(SCALE, RESULTS)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="+", choices=[suite.result for suite in SUITES])
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--render", action="store_true")
    options = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    failed = []
    for suite in () if options.render else SUITES:
        if options.only and suite.result not in options.only:
            continue
        try:
            run(suite, options.peers)
        except (SystemExit, subprocess.CalledProcessError) as error:
            failed.append(suite.result)
            print(f"== {suite.result} failed: {error}", file=sys.stderr)
    render()
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
