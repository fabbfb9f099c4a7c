"""Reporting: overview page, annexes, action lists and tables of a plan.

It draws the tables of a Plan and computes no figures except what a worksheet formula sums; layouts, texts and
styles are content in `reports/`.
"""

from coverage_engine.reporting.actions import write_actions
from coverage_engine.reporting.annexes import write_annexes
from coverage_engine.reporting.duty_books import (
    write_ask_lists,
    write_bridge,
    write_control_sheets,
    write_duty_tables,
    write_notice_draft,
)
from coverage_engine.reporting.evidence import write_evidence
from coverage_engine.reporting.overview import write_overview
from coverage_engine.reporting.plan_json import write_plan_json
from coverage_engine.reporting.tables import write_tables

__all__ = [
    "write_actions",
    "write_annexes",
    "write_ask_lists",
    "write_bridge",
    "write_control_sheets",
    "write_duty_tables",
    "write_evidence",
    "write_notice_draft",
    "write_overview",
    "write_plan_json",
    "write_tables",
]
