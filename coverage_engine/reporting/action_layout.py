"""What `reports/actions.toml` may say: the sheets of the action lists, their columns, lines and marks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from coverage_engine.content import read_content_toml
from coverage_engine.reporting.content_parts import read_part, read_parts, sound
from coverage_engine.reporting.layout import Column

_FILE = "reports/actions.toml"


@dataclass(frozen=True)
class ActionSheet:
    """One sheet of the lists: what its `rows` are, in whose list it stands, its columns and texts.

    `unit_title` and `unit_line` stand in a responsible unit's own list where they differ.
    """

    rows: str
    sheet: str
    title: str
    line: str
    columns: tuple[Column, ...]
    county: bool = False
    unit: bool = False
    unit_title: str = ""
    unit_line: str = ""
    signed: bool = False
    freeze_columns: int = 0


@dataclass(frozen=True)
class ActionLayout:
    """任务清单: the sheets of a county's list and of a responsible unit's, and how much goes where."""

    title: str
    unit_title: str
    unit_folder: str
    right_line: str
    late_line: str
    late_mark: str
    holiday_mark: str
    step_text: str
    first_targets: int
    smallest_bundle: int
    named_targets: int
    names_text: str
    tick: str
    no_path: str
    missing: str
    ask_text: str
    call_text: str
    group_text: str
    group_firm: str
    group_seat: str
    group_near: str
    group_housed: str
    sheets: tuple[ActionSheet, ...]


def read_action_layout() -> ActionLayout:
    """The layout of the action lists.

    Raises:
        PolicyError: the file names something unknown or lacks something; file and keys are told.
    """
    content, faults = read_content_toml("reports", "actions.toml"), list[str]()
    nested = []
    for number, entry in enumerate(content.get("sheets", ()), 1):
        columns = read_parts(Column, entry, "columns", faults)
        nested.append(read_part(ActionSheet, {**entry, "columns": columns}, f"sheets[{number}]", faults))
    sheets = [sheet for sheet in nested if sheet is not None]
    return sound(_FILE, read_part(ActionLayout, {**content, "sheets": sheets}, "", faults), faults)


def refuse_unknown_facts(layout: ActionLayout, offered: Mapping[str, Collection[str]]) -> None:
    """Hold the columns of each sheet against the facts that its kind of rows offers.

    Raises:
        PolicyError: a sheet names rows or facts that there are not.
    """
    faults = [
        f"sheets.{sheet.sheet}.rows：没有 {sheet.rows!r} 这种，可写 {'、'.join(offered)}"
        for sheet in layout.sheets
        if sheet.rows not in offered
    ]
    faults += [
        f"sheets.{sheet.sheet}.{column.key}.fact：没有名为 {column.fact!r} 的事实"
        for sheet in layout.sheets
        for column in sheet.columns
        if column.fact and column.fact not in offered.get(sheet.rows, {column.fact})
    ]
    sound(_FILE, layout, faults)
