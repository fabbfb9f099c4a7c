"""任务清单: for each county and each responsible unit in it, who does what by when; bundles first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from coverage_engine.model.plan import Plan
from coverage_engine.reporting.action_layout import (
    ActionLayout,
    ActionSheet,
    read_action_layout,
    refuse_unknown_facts,
)
from coverage_engine.reporting.book import Book, Shelf
from coverage_engine.reporting.calls import call_rows, group_rows
from coverage_engine.reporting.deadline import day_words, deadline_of
from coverage_engine.reporting.form import Form, draw_form
from coverage_engine.reporting.task_words import is_late
from coverage_engine.reporting.tasks import (
    by_unit,
    step_rows,
    target_facts,
    target_rows,
    task_rows,
    unit_rows,
)
from coverage_engine.reporting.wording import wording

_FORBIDDEN_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_LONGEST_NAME = 40


@dataclass(frozen=True)
class ActionList:
    """任务清单 of a county or of a responsible unit in it: its place among the lists, title and sheets."""

    name: str
    title: str
    forms: tuple[Form, ...]


def write_actions(plan: Plan, folder: Path) -> None:
    """Write `<city><county>.xlsx` for each county of the plan's division that has targets.

    Where only the city of a target is known, it stands in `<city>（未分县）.xlsx`.

    Raises:
        PolicyError: `reports/actions.toml` names something unknown.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with Shelf() as shelf:
        for listed in county_lists(plan):
            write_action_list(listed, plan, folder, shelf)


def write_action_list(listed: ActionList, plan: Plan, folder: Path, shelf: Shelf) -> Path:
    """One list as a workbook, written when the shelf says so."""
    file = folder / f"{listed.name}.xlsx"
    with Book(file, listed.title, plan.as_of, shelf) as book:
        for form in listed.forms:
            draw_form(book, form)
    return file


def county_lists(plan: Plan) -> Iterator[ActionList]:
    """The list of each county with targets: bundles, first targets, responsible units, the rest."""
    layout = read_action_layout()
    sheets = [sheet for sheet in layout.sheets if sheet.county]
    frames = _frames(plan, layout)
    shown = {sheet.sheet: _by_place(_shown(sheet, frames[sheet.rows], _PLACE)) for sheet in sheets}
    for place, _, title_facts in _places(plan, layout, frames):
        sheet_rows = [(sheet, shown[sheet.sheet].get(place)) for sheet in sheets]
        # The sheet of the targets is the list itself; the others stand where they have rows.
        forms = tuple(
            _form(layout, sheet, rows, title_facts) for sheet, rows in sheet_rows if rows is not None
        )
        yield ActionList(file_name(place), layout.title.format(**title_facts), forms)


def unit_lists(plan: Plan) -> Iterator[ActionList]:
    """The list of each responsible unit of each county: its bundles, its tasks by day, each firm's steps."""
    layout = read_action_layout()
    sheets = [sheet for sheet in layout.sheets if sheet.unit]
    for place, rows, title_facts in _places(plan, layout, _frames(plan, layout)):
        parts = {sheet.rows: by_unit(rows[sheet.rows]) for sheet in sheets}
        units = rows["units"]["unit"].unique(maintain_order=True).to_list()
        for number, unit in enumerate(units, 1):
            own = {
                kind: frames_by_unit.get(unit, rows[kind].clear()) for kind, frames_by_unit in parts.items()
            }
            named = {**title_facts, "unit": unit, "steps": own["steps"].height, **_bundled(own)}
            forms = [
                _form(layout, sheet, _shown(sheet, own[sheet.rows]), named, True)
                for sheet in sheets
                if own[sheet.rows].height
            ]
            name = f"{file_name(place)}/{layout.unit_folder}/{number:02}{file_name(unit)}"
            yield ActionList(name, layout.unit_title.format(**named), tuple(forms))


def list_file(place: str) -> str:
    """File name of the workbook of one county."""
    return f"{file_name(place)}.xlsx"


def file_name(place: str) -> str:
    """A place or unit as the name of a file."""
    return _FORBIDDEN_IN_FILE_NAMES.sub("", place)[:_LONGEST_NAME].strip(" .") or "（无名）"


# ---------------------------------------------------------------------------------------------- private

_Rows = dict[str, pl.DataFrame]
# Beside the columns of a sheet, whose keys are free.
_PLACE = "place of the row"


def _frames(plan: Plan, layout: ActionLayout) -> _Rows:
    """The rows of all places by kind."""
    facts, last = target_facts(plan), deadline_of(plan)
    tasks = task_rows(plan, facts)
    targets = target_rows(facts, tasks, layout, last)
    first = targets.group_by("place_word", maintain_order=True).head(layout.first_targets)
    frames = {
        "bundles": call_rows(tasks, plan, layout, last),
        "groups": group_rows(tasks, plan, layout, last),
        "targets": first,
        "units": unit_rows(tasks, layout, last),
        "rest": targets.join(first, on="enterprise_id", how="anti", maintain_order="left"),
        "steps": step_rows(tasks, facts.join(first, on="enterprise_id", how="semi"), layout, last),
    }
    refuse_unknown_facts(layout, {kind: frame.columns for kind, frame in frames.items()})
    late = tasks.filter(is_late(last)).group_by("place_word").len()
    return {**frames, "late": late}


def _places(plan: Plan, layout: ActionLayout, frames: _Rows) -> Iterator[tuple[str, _Rows, dict[str, Any]]]:
    """Each county with targets: its rows by kind, and what titles and lines may name."""
    late = dict(frames["late"].iter_rows())
    parts = {kind: _by_place(frame) for kind, frame in frames.items() if kind != "late"}
    nothing = {kind: frame.clear() for kind, frame in frames.items()}
    for place in parts["targets"]:
        rows = {kind: frames_by_place.get(place, nothing[kind]) for kind, frames_by_place in parts.items()}
        yield place, rows, _title_facts(plan, layout, rows, late.get(place, 0))


def _by_place(frame: pl.DataFrame) -> _Rows:
    key = _PLACE if _PLACE in frame.columns else "place_word"
    places = frame[key].unique(maintain_order=True).to_list()
    parts = frame.partition_by(key, maintain_order=True, include_key=key != _PLACE)
    return {str(place): part for place, part in zip(places, parts, strict=True)}


def _title_facts(plan: Plan, layout: ActionLayout, rows: _Rows, late: int) -> dict[str, Any]:
    """What the titles and lines of one county's list may name."""
    due = day_words(deadline_of(plan).due)
    first, rest = rows["targets"], rows["rest"]
    return {
        "place": first["place_word"][0],
        "targets": first.height + rest.height,
        "first": first.height,
        "after": layout.first_targets,
        "rest": rest.height,
        "tasks": int(first["tasks"].sum()) + int(rest["tasks"].sum()),
        "units": rows["units"]["unit"].n_unique(),
        "late": layout.late_line.format(count=late, deadline=due) if late else "",
        "as_of": day_words(plan.as_of),
        "policy": plan.policy_version,
        **_bundled(rows),
    }


def _bundled(rows: _Rows) -> dict[str, int]:
    bundles, groups = rows["bundles"], rows["groups"]
    return {
        "bundles": bundles.height,
        "bundled": int(bundles["first"].sum()),
        "groups": groups.height,
        "grouped": int(groups["size"].sum()),
    }


def _shown(sheet: ActionSheet, rows: pl.DataFrame, place: str = "") -> pl.DataFrame:
    """The columns of a sheet by their keys, and beside them their place where it is asked for."""
    columns = [pl.col(column.fact).alias(column.key) for column in sheet.columns if column.fact]
    return rows.select(*columns, *([pl.col("place_word").alias(place)] if place else []))


def _form(
    layout: ActionLayout,
    sheet: ActionSheet,
    rows: pl.DataFrame,
    title_facts: Mapping[str, Any],
    own: bool = False,
) -> Form:
    title, line = sheet.title, sheet.line
    if own:
        title, line = sheet.unit_title or title, sheet.unit_line or line
    return Form(
        sheet=sheet.sheet,
        title=title.format(**title_facts),
        columns=sheet.columns,
        rows=rows,
        left_line=line.format(**title_facts),
        right_line=layout.right_line.format(**title_facts),
        closing=[wording()["signature_line"]] if sheet.signed else (),
        freeze_columns=sheet.freeze_columns,
    )
