"""Face: one function for each command, so that a script can do what the command line does.

The command line parses, calls these and prints. `COMMANDS` is the one table of both names; a name that Python
reserves, or that cannot be written in it, has another there.

    intake       check, template, sample, demo
    column_mappings  map_ledgers: 表头对照
    explanations explain, find_enterprise
    simulations  simulate, load_scenarios, write_simulation
    lessons      learn, revert_weights, load_weights
    papers       letters, returns, write_returns, fill_form, pdf
    workspaces   init, import_ledgers, history, undo, restore, diff, doubts, decide, verify, repair, forget
    graphs       from_networkx, spread: the campaign engines on anybody's graph
"""

from __future__ import annotations

COMMANDS = {
    "check": "check",
    "decide": "decide",
    "demo": "demo",
    "diff": "diff",
    "doubts": "doubts",
    "explain": "explain",
    "fill-form": "fill_form",
    "forget": "forget",
    "history": "history",
    "import": "import_ledgers",
    "init": "init",
    "learn": "learn",
    "letters": "letters",
    "map": "map_ledgers",
    "pdf": "pdf",
    "plan": "plan",
    "repair": "repair",
    "restore": "restore",
    "returns": "returns",
    "review": "review",
    "sample": "sample",
    "simulate": "simulate",
    "template": "template",
    "trace": "trace",
    "undo": "undo",
    "verify": "verify",
}
"""The function of `coverage_engine` that does what each command does."""
