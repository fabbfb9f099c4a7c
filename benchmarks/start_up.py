"""What starting costs, in CPU seconds, and what an installation weighs: the core and each extra.

    python benchmarks/start_up.py [--also PYTHON …] [--enterprises 60000] [--json FILE]

The weight of a distribution is the sum of its files as pip recorded them; an extra weighs what it adds to the
core. Distributions that are installed neither here nor in the environments of `--also` are named and count
as nothing.
"""

import argparse
import json
import tempfile
import tomllib
from importlib.metadata import PackageNotFoundError, distribution, distributions
from pathlib import Path
from statistics import median

import polars as pl
from machine import facts
from packaging.requirements import Requirement
from plan_core import process

HERE, NAME = Path(__file__).parent, "coverage-engine"
STARTS = {
    "python itself": "pass",
    "import coverage_engine": "import coverage_engine",
    "coverage-engine --help": (
        "import sys; from coverage_engine.__main__ import main;"
        "sys.argv = ['coverage-engine', '--help']; main()"
    ),
    "import polars, narwhals": "import polars, narwhals",
    "coverage_engine.plan": "import coverage_engine as ce; ce.plan",
}  # fmt: skip


def held_by(name, places):
    """The distribution of a name in this environment or one of the others."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return next((each for place in places for each in distributions(name=name, path=[str(place)])), None)


def installed(line, extra, places, found, missing):
    """The files of what a requirement asks for and of all that it requires, in bytes."""
    wanted = Requirement(line)
    if wanted.marker is not None and not wanted.marker.evaluate({"extra": extra}):
        return
    key = wanted.name.lower().replace("_", "-")
    if key in found:
        return
    held = held_by(wanted.name, places)
    if held is None:
        missing.add(key)
        return
    found[key] = sum(each.size or 0 for each in held.files or ())
    for below in held.requires or ():
        installed(below, ",".join(wanted.extras), places, found, missing)


def weights(places):
    """Megabytes of the core and of what each extra adds, with what is installed nowhere."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text("utf-8"))["project"]
    core, missing = {}, set()
    for line in project["dependencies"]:
        installed(line, "", places, core, missing)
    rows = {"core": (sum(core.values()) / 1e6, sorted(missing))}
    extras = project["optional-dependencies"]
    for extra in extras:
        added, absent = dict(core), set()
        for line in extras[extra]:
            own = Requirement(line)
            lines = [each for name in own.extras for each in extras[name]] if own.name == NAME else [line]
            for each in lines:
                installed(each, "", places, added, absent)
        rows[extra] = ((sum(added.values()) - sum(core.values())) / 1e6, sorted(absent))
    return rows


def explaining(enterprises):
    """CPU seconds and peak memory of the first and of a later `explain` in a workspace of so many."""
    call = "import sys; from coverage_engine.__main__ import main; sys.argv[0] = 'coverage-engine'; main()"
    with tempfile.TemporaryDirectory() as scratch:
        ledgers, workspace = f"{scratch}/ledgers", f"{scratch}/workspace"
        process(call, "sample", ledgers, "--enterprises", enterprises)
        process(call, "init", workspace)
        process(call, "import", ledgers, "--workspace", workspace, "--apply")
        snapshot = Path(workspace, "snapshots", "000001", "enterprises.parquet")
        names = pl.read_parquet(snapshot, columns=["name"])["name"]
        asked = (names[enterprises // at] for at in (2, 3, 4, 5))
        first, *later = (
            process(call, "explain", "--workspace", workspace, "--enterprise", name)[:2] for name in asked
        )
        return {"first": first, "later": sorted(later)[1]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", type=Path)
    parser.add_argument("--also", type=Path, nargs="*", default=[], help="Pythons of other environments")
    parser.add_argument("--enterprises", type=int, default=60_000)
    options = parser.parse_args()
    places = [
        place for python in options.also for place in python.parent.parent.glob("lib/python*/site-packages")
    ]
    starts = {name: median(process(code)[0] for _ in range(3)) for name, code in STARTS.items()}
    for name, seconds in starts.items():
        print(f"{name:28}{seconds:>8.2f} s CPU")
    for which, (seconds, memory) in explaining(options.enterprises).items():
        told = f"explain in a workspace of {options.enterprises:,}, {which}"
        starts[told] = seconds
        print(f"{told:44}{seconds:>6.2f} s CPU, {memory:.0f} MB")
    sizes = weights(places)
    for name, (megabytes, absent) in sizes.items():
        note = f"  (not installed here: {', '.join(absent)})" if absent else ""
        print(f"{name:28}{megabytes:>8.0f} MB{note}")
    if options.json:
        told = {"suite": "start_up", "machine": facts(), "starts": starts, "megabytes": sizes}
        options.json.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
