"""Plans one folder of ledgers on several engines and tells how often path 12 is anybody's first.

Run inside the copy of the recipe: engines.py LEDGERS ENGINE…
"""

import json
import sys

import polars as pl

import coverage_engine as ce
from coverage_engine.frames.engines import engine
from coverage_engine.planning_frames import ranking_frames

NUMBER = 12


def ranked(snapshot, name):
    """How often the path is first by `ranking_frames` on an engine."""
    with engine(name, "local[2]") as chosen:
        frames = chosen.frames(snapshot.tables)
        found = ranking_frames(frames, snapshot.as_of, snapshot.kinds, place=chosen.connection)
        first = chosen.fetch(found["ranking"]) if name != "polars" else found["ranking"].collect()
    return int((first["path_1"] == NUMBER).sum())


def main(ledgers, *engines):
    """Writes counts by engine as JSON."""
    snapshot, _ = ce.read_ledgers([ledgers])
    first = pl.col("path") == NUMBER, pl.col("rank") == 1
    plans = {name: ce.plan(snapshot, engine=name, master="local[2]")["recommendations"] for name in engines}
    told = {
        "planned": {name: table.filter(*first).height for name, table in plans.items()},
        "equal": all(table.equals(plans[engines[0]]) for table in plans.values()),
        "ranked": {name: ranked(snapshot, name) for name in engines},
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
