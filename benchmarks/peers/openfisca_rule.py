"""R13 in openfisca-core on facts handed over by benchmarks/duties.py; prints its figures as JSON.

Not part of the product: it runs in the peer's environment.
"""

import json
import resource
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import MONTH
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

PERIOD = "2019-06"


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak():
    """High-water mark of this process in GB (the usual figure would inherit that of the caller)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 2**20


def main():
    facts = np.load(sys.argv[1])
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
    given = {name: facts[name] for name in ("private", "members", "party")}
    start = cpu()
    simulation = SimulationBuilder().build_default_simulation(system, count=len(given["party"]))
    for name, values in given.items():
        simulation.set_input(name, PERIOD, values)
    must = simulation.calculate("must", PERIOD)
    used = cpu() - start
    print(
        json.dumps(
            {
                "version": version("openfisca-core"),
                "cpu": used,
                "count": len(must),
                "same": int((must == facts["expected"]).sum()),
                "peak_gb": peak(),
            }
        )
    )


if __name__ == "__main__":
    main()
