"""All duties of a million enterprises, and one rule beside openfisca-core in the same run. CPU seconds.

    python -m venv PEERS && PEERS/bin/pip install -r benchmarks/peers/duties.txt
    python benchmarks/duties.py --peer PEERS/bin/python [--enterprises 1000000] [--traces 20]

The peer runs in an environment of its own, on the same facts, and how many answers are alike is told; without
`--peer` its line is left out and that is said.
"""

import argparse
import json
import resource
import subprocess
import tempfile
import time
from datetime import date
from pathlib import Path

import narwhals as nw
import numpy as np
import polars as pl

from coverage_engine.coverage import asks
from coverage_engine.coverage.assessment import assessed_enterprises
from coverage_engine.coverage.duties import duty_answers
from coverage_engine.explanation.trace import traces
from coverage_engine.frames.dialect import collected, lazy_frames
from coverage_engine.model.snapshot import build_snapshot
from coverage_engine.policy import load_policy

DAY = date(2019, 6, 15)
PEER = Path(__file__).parent / "peers" / "openfisca_rule.py"


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def province(number):
    """Typed enterprises with unknown facts in every column that a duty asks for."""
    random = np.random.default_rng(2019)

    def words(choices, shares):
        return pl.Series(np.array([*choices, ""])[random.choice(len(choices) + 1, number, p=shares)]).replace(
            {"": None}
        )

    members = pl.Series(random.poisson(2.5, number)).cast(pl.Int64)
    hidden = pl.Series(random.random(number) < 0.3)
    flags = {
        name: pl.Series(random.random(number) < share).cast(pl.Boolean)
        for name, share in (("above_scale", 0.2), ("youth_organisation", 0.1))
    }
    county = random.choice(["410105", "410102", "410103", "410302", "411302"], number)
    enterprises = pl.DataFrame(
        {
            "enterprise_id": pl.Series(range(number), dtype=pl.Int32),
            "name": pl.Series(range(number)).cast(pl.String),
            "county_code": county,
            "city_code": [f"{code[:4]}00" for code in county],
            "control": words(["private", "state"], [0.8, 0.1, 0.1]),
            "party": words(["own", "joint", "none"], [0.3, 0.1, 0.5, 0.1]),
            "league_form": words(["own", "joint", "none"], [0.2, 0.1, 0.5, 0.2]),
            "employees": random.integers(5, 900, number),
            "young_employees": random.integers(0, 300, number),
            "entity_kind": "enterprise",
            "operating": "operating",
            **flags,
        }
    ).with_columns(league_members=pl.when(~hidden).then(members))
    linked = pl.DataFrame({"enterprise_id": pl.Series(range(0, number, 200), dtype=pl.Int32)})
    members_of = linked.with_columns(society_id=pl.lit(0, pl.Int32), appraisal=pl.lit(None, pl.Boolean))
    divisions = pl.DataFrame(
        {"code": ["410105"], "name": ["虚构区"], "level": ["county"], "parent_code": ["410100"]}
    )
    tables = {"enterprises": enterprises, "society_members": members_of, "divisions": divisions}
    return build_snapshot(DAY, tables, frozenset({"enterprises"}))


def measured(what, work):
    start, clock = cpu(), time.perf_counter()
    result = work()
    print(f"{what:58s} {cpu() - start:7.3f} s CPU  {time.perf_counter() - clock:7.3f} s")
    return result


def one_rule(snapshot, policy):
    """R13 alone on ready facts, as the peer does it."""
    from coverage_engine.frames.logic import truth

    frame = nw.from_native(snapshot["enterprises"].lazy()).select(
        (nw.col("control") == "private").alias("in_scope"),
        (nw.col("league_members") >= policy.number("league_members_threshold")).alias("enough_members"),
        nw.col("party").is_in(["own", "joint"]).alias("has_party"),
    )
    facts = {name: nw.col(name) for name in ("in_scope", "enough_members", "has_party")}
    return collected(frame.select(truth(policy.duty("R13").applies, facts).alias("applies")))


def peer(snapshot, python, applies):
    """The same rule in openfisca-core, two-valued: unknown is handed in as no, for it knows nothing else."""
    table = snapshot["enterprises"]
    with tempfile.TemporaryDirectory() as folder:
        facts = Path(folder) / "facts.npz"
        np.savez(
            facts,
            private=(table["control"] == "private").fill_null(False).to_numpy(),
            members=table["league_members"].fill_null(0).to_numpy(),
            party=table["party"].is_in(["own", "joint"]).fill_null(False).to_numpy(),
            expected=applies.fill_null(False).to_numpy(),
        )
        done = subprocess.run([python, PEER, facts], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--enterprises", type=int, default=1_000_000)
    parser.add_argument("--traces", type=int, default=20)
    parser.add_argument("--peer", default=None, help="python of an environment with openfisca-core")
    options = parser.parse_args()
    snapshot, policy = province(options.enterprises), load_policy(DAY)
    frames, begun = lazy_frames(snapshot.tables), cpu()
    assessed = measured(
        "facts, states, obligations of all enterprises",
        lambda: collected(assessed_enterprises(frames, policy, frozenset({"society_members"}))),
    )
    told = measured(
        f"answers to the {len(policy.duties_of('enterprise'))} duties of enterprises",
        lambda: collected(duty_answers(nw.from_native(assessed).lazy(), frames, policy)),
    )
    print(f"{'':4s}{told.height:,} duties that apply or may apply")
    measured(
        f"{options.traces} traces on demand, all duties each",
        lambda: [traces(snapshot, policy, number * 37) for number in range(options.traces)],
    )
    print(f"{'all duties, with traces on demand (limit 3 s)':58s} {cpu() - begun:7.3f} s CPU")
    measured("ask list of every county", lambda: asks(snapshot, policy))
    start = cpu()
    applies = measured("R13 alone, three-valued", lambda: one_rule(snapshot, policy))["applies"]
    own = cpu() - start
    print(f"{'':4s}peak memory of this process {peak():.2f} GB")
    if options.peer is None:
        print("openfisca-core: no --peer given, its line is left out")
        return
    told = peer(snapshot, options.peer, applies)
    print(f"{'R13 alone, openfisca-core ' + told['version'] + ', two-valued':58s} {told['cpu']:7.3f} s CPU")
    print(f"{'':4s}{told['same']:,} of {told['count']:,} answers alike; peak {told['peak_gb']:.2f} GB")
    print(f"{'':4s}openfisca-core / this engine: {told['cpu'] / own:.2f} in CPU seconds")


if __name__ == "__main__":
    main()
