"""The tables of a plan as files for machines, and the dictionary that says what their columns mean."""

from __future__ import annotations

from pathlib import Path

from coverage_engine.dictionary.dictionary_page import write_dictionary
from coverage_engine.dictionary.table_files import write_table
from coverage_engine.model.plan import Plan
from coverage_engine.model.tables import PLAN_TABLES, plan_files


def write_tables(plan: Plan, folder: Path, lang: str = "zh") -> None:
    """Write every table of the plan, and those of the snapshot in `plan_files`, as .csv and .parquet.

    Columns are those of `plan_files` in their order, without the ledger address (`source`, `row`).
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in plan_files().items():
        write_table((plan if name in PLAN_TABLES else plan.snapshot)[name], table, folder)
    write_dictionary(plan_files(), folder, lang)
