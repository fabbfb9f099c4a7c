"""What `reports/actions.toml` may say: the sheets of the action lists, their columns, lines and marks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from coverage_engine.content import Fault, Written, alike, content_file, read, refuse
from coverage_engine.reporting.layout import CALLED, REMEDY, Column, column_of
from coverage_engine.reporting.layout_shapes import ActionsFile


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
    file = _written().value
    sheets = tuple(
        alike(ActionSheet, part, columns=tuple(map(column_of, part.columns))) for part in file.sheets
    )
    return alike(ActionLayout, file, sheets=sheets)


def refuse_unknown_facts(layout: ActionLayout, offered: Mapping[str, Collection[str]]) -> None:
    """Hold the columns of each sheet against the facts that its kind of rows offers.

    Raises:
        PolicyError: a sheet names rows or facts that there are not.
    """
    refuse([*_faults(layout, offered)], CALLED, REMEDY)


# ---------------------------------------------------------------------------------------------- private


def _written() -> Written[ActionsFile]:
    return read(content_file("reports", "actions.toml"), ActionsFile, CALLED, "reports/actions.toml")


def _faults(layout: ActionLayout, offered: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    top = _written().place("sheets")
    for number, sheet in enumerate(layout.sheets, start=1):
        if sheet.rows not in offered:
            problem = f"没有 {sheet.rows!r} 这种"
            yield top.fault(problem, number, "rows", allowed=tuple(offered), word=sheet.rows)
            continue
        known = tuple(sorted(offered[sheet.rows]))
        for at, column in enumerate(sheet.columns, start=1):
            if column.fact and column.fact not in known:
                address = (number, "columns", at, "fact")
                problem = f"没有名为 {column.fact!r} 的事实"
                yield top.fault(problem, *address, allowed=known, word=column.fact)
