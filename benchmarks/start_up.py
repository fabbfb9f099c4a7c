"""What starting costs, in CPU seconds, and what an installation weighs: the core and each extra.

    python benchmarks/start_up.py [--json FILE]

The weight of a distribution is the sum of its files as pip recorded them; an extra weighs what it adds to the
core. Distributions that are not installed here are named and count as nothing.
"""

import argparse
import json
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from statistics import median

from machine import facts
from packaging.requirements import Requirement
from plan_core import process

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


def installed(name, extra, found, missing):
    """The files of a distribution and of all that it requires, in bytes."""
    key = name.lower().replace("_", "-")
    if key in found:
        return
    try:
        held = distribution(name)
    except PackageNotFoundError:
        missing.add(key)
        return
    found[key] = sum(each.size or 0 for each in held.files or ())
    for line in held.requires or ():
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate({"extra": extra}):
            installed(wanted.name, ",".join(wanted.extras), found, missing)


def weights():
    """Megabytes of the core and of what each extra adds, with what is not installed here."""
    core, missing = {}, set()
    installed("coverage-engine", "", core, missing)
    rows = {"core": (sum(core.values()) / 1e6, sorted(missing))}
    for extra in distribution("coverage-engine").metadata.get_all("Provides-Extra") or ():
        whole, absent = {}, set()
        installed("coverage-engine", extra, whole, absent)
        rows[extra] = ((sum(whole.values()) - sum(core.values())) / 1e6, sorted(absent))
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    starts = {name: median(process(code)[0] for _ in range(3)) for name, code in STARTS.items()}
    for name, seconds in starts.items():
        print(f"{name:28}{seconds:>8.2f} s CPU")
    sizes = weights()
    for name, (megabytes, absent) in sizes.items():
        note = f"  (not installed here: {', '.join(absent)})" if absent else ""
        print(f"{name:28}{megabytes:>8.0f} MB{note}")
    if options.json:
        told = {"suite": "start_up", "machine": facts(), "starts": starts, "megabytes": sizes}
        options.json.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
