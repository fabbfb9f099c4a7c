"""All duties of a million enterprises, and one rule beside openfisca-core in the same run. CPU seconds.

    python benchmarks/duties.py [--enterprises 1000000] [--traces 20]

openfisca-core is measured only where it is installed (in an environment of its own); else that line says so.
"""

import argparse
import resource
import time
from datetime import date

import narwhals as nw
import numpy as np
import polars as pl

from coverage_engine.coverage import asks, traces
from coverage_engine.coverage.assessment import assessed_enterprises
from coverage_engine.coverage.duties import duty_answers
from coverage_engine.coverage.frames import collected, lazy_frames
from coverage_engine.model.snapshot import build_snapshot
from coverage_engine.policy import load_policy

DAY = date(2019, 6, 15)


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


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
    from coverage_engine.coverage.logic import truth

    frame = nw.from_native(snapshot["enterprises"].lazy()).select(
        (nw.col("control") == "private").alias("in_scope"),
        (nw.col("league_members") >= policy.number("league_members_threshold")).alias("enough_members"),
        nw.col("party").is_in(["own", "joint"]).alias("has_party"),
    )
    facts = {name: nw.col(name) for name in ("in_scope", "enough_members", "has_party")}
    return collected(frame.select(truth(policy.duty("R13").applies, facts).alias("applies")))


def peer(snapshot):
    """The same rule in openfisca-core, two-valued: unknown is taken for no, since it knows nothing else."""
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import MONTH
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    firm = build_entity(key="firm", plural="firms", label="firm", is_person=True)
    system = TaxBenefitSystem([firm])

    def variable(name, kind, formula=None):
        body = {"value_type": kind, "entity": firm, "definition_period": MONTH, "label": name}
        if formula:
            body["formula"] = formula
        system.add_variable(type(name, (Variable,), body))

    variable("private", bool)
    variable("members", int)
    variable("party", bool)
    variable(
        "must",
        bool,
        lambda firms, period: (
            firms("private", period) * (firms("members", period) >= 3) * firms("party", period)
        ),
    )
    table = snapshot["enterprises"]

    def calculate():
        simulation = SimulationBuilder().build_default_simulation(system, count=table.height)
        held = table["party"].is_in(["own", "joint"]).fill_null(False).to_numpy()
        simulation.set_input(
            "private", "2019-06", (table["control"] == "private").fill_null(False).to_numpy()
        )
        simulation.set_input("members", "2019-06", table["league_members"].fill_null(0).to_numpy())
        simulation.set_input("party", "2019-06", held)
        return simulation.calculate("must", "2019-06")

    return calculate


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--enterprises", type=int, default=1_000_000)
    parser.add_argument("--traces", type=int, default=20)
    options = parser.parse_args()
    snapshot, policy = province(options.enterprises), load_policy(DAY)
    frames = lazy_frames(snapshot.tables)
    assessed = measured(
        "facts, states, obligations of all enterprises",
        lambda: collected(assessed_enterprises(frames, policy, False)),
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
    measured("ask list of every county", lambda: asks(snapshot, policy))
    measured("R13 alone, three-valued", lambda: one_rule(snapshot, policy))
    try:
        calculate = peer(snapshot)
    except ImportError:
        print("openfisca-core is not installed here: its line is left out")
        return
    measured("R13 alone, openfisca-core, two-valued", calculate)


if __name__ == "__main__":
    main()
