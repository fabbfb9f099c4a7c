"""The command line: every command parses, calls one function of the Python API, and prints.

Exit codes: 0 done; 1 findings of severity error (for `plan`: a ledger that could not be used), or something
that could not be read or written; 2 usage; 130 stopped by the planner.
"""

from __future__ import annotations

import click

from coverage_engine.cli.campaigning import simulate
from coverage_engine.cli.documents import document_commands
from coverage_engine.cli.intake import intake_commands
from coverage_engine.cli.last_net import Net
from coverage_engine.cli.learning import learn
from coverage_engine.cli.planning import planning_commands
from coverage_engine.cli.review import review, trace
from coverage_engine.cli.workspace_care import care_commands
from coverage_engine.cli.workspace_commands import workspace_commands


@click.group(cls=Net, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="coverage-engine")
def coverage_engine() -> None:
    """非公企业团组织覆盖规划：台账 → 建团目标、建团路径、覆盖地图、附件3–5、任务清单。"""


for _command in (
    *planning_commands,
    *intake_commands,
    *document_commands,
    simulate,
    learn,
    review,
    trace,
    *workspace_commands,
    *care_commands,
):
    coverage_engine.add_command(_command)
