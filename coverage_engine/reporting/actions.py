"""任务清单: one workbook for each county: widest bundles, first targets, responsible units, the rest."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from coverage_engine.model.plan import Plan
from coverage_engine.reporting.book import Book
from coverage_engine.reporting.deadline import day_words, deadline
from coverage_engine.reporting.form import Form, draw_form
from coverage_engine.reporting.layout import ActionLayout, Column, read_action_layout
from coverage_engine.reporting.tasks import bundle_rows, is_late, target_rows, task_rows, unit_rows
from coverage_engine.reporting.wording import wording

_FORBIDDEN_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_ADDED = ("steps", "warning", "tick", "obligation_text", "due", "names", "unit", "targets", "number")


def write_actions(plan: Plan, folder: Path) -> None:
    """Write `<city><county>.xlsx` for each county of the plan's division that has targets.

    Where only the city of a target is known, it stands in `<city>（未分县）.xlsx`.

    Raises:
        PolicyError: `reports/actions.toml` names something unknown.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tasks = task_rows(plan)
    layout = _layout(tasks.columns)
    units, bundles = (make(tasks, layout, plan.as_of) for make in (unit_rows, bundle_rows))
    by_place = [
        frame.partition_by("place_word", as_dict=True, maintain_order=True) for frame in (bundles, units)
    ]
    targets = target_rows(tasks, layout, plan.as_of)
    late = dict(tasks.filter(is_late(plan.as_of)).group_by("place_word").len().iter_rows())
    for (place,), rows in targets.partition_by("place_word", as_dict=True, maintain_order=True).items():
        told = _told(plan, layout, rows, late.get(place, 0))
        own = [
            frames.get((place,), empty.clear())
            for frames, empty in zip(by_place, (bundles, units), strict=True)
        ]
        forms = [
            _bundle_form(layout, own[0], told),
            _first_form(layout, rows.head(layout.first_targets), told),
            _unit_form(layout, own[1], told),
            _rest_form(layout, rows.slice(layout.first_targets), told),
        ]
        with Book(folder / list_file(str(place)), layout.title.format(**told), plan.as_of) as book:
            for form in forms:
                if form.sheet == layout.sheet or form.rows.height:
                    draw_form(book, form)


def list_file(place: str) -> str:
    """File name of the action list of one county."""
    return f"{_FORBIDDEN_IN_FILE_NAMES.sub('', place)}.xlsx"


# Private


def _layout(columns: list[str]) -> ActionLayout:
    offered = frozenset({*columns, *_ADDED})
    lists = ("columns", "bundle_columns", "unit_columns", "rest_columns")
    return read_action_layout(dict.fromkeys(lists, offered))


def _told(plan: Plan, layout: ActionLayout, rows: pl.DataFrame, late: int) -> dict[str, object]:
    """What the titles and lines of one county's list may name."""
    due = day_words(deadline().due)
    return {
        "place": rows["place_word"][0],
        "targets": rows.height,
        "first": min(rows.height, layout.first_targets),
        "after": layout.first_targets,
        "rest": max(rows.height - layout.first_targets, 0),
        "tasks": rows["tasks"].sum(),
        "late": layout.late_line.format(count=late, deadline=due) if late else "",
        "as_of": day_words(plan.as_of),
        "policy": plan.policy_version,
    }


def _bundle_form(layout: ActionLayout, bundles: pl.DataFrame, told: dict[str, object]) -> Form:
    served = {**told, "bundles": bundles.height, "targets": bundles["targets"].sum()}
    return Form(
        sheet=layout.bundle_sheet,
        title=layout.bundle_title.format(**told),
        columns=layout.bundle_columns,
        rows=_shown(bundles, layout.bundle_columns),
        left_line=layout.bundle_line.format(**served),
        right_line=layout.right_line.format(**told),
    )


def _first_form(layout: ActionLayout, rows: pl.DataFrame, told: dict[str, object]) -> Form:
    return Form(
        sheet=layout.sheet,
        title=layout.title.format(**told),
        columns=layout.columns,
        rows=_shown(rows, layout.columns),
        left_line=layout.left_line.format(**told),
        right_line=layout.right_line.format(**told),
        closing=[wording()["signature_line"]],
        freeze_columns=2,
    )


def _unit_form(layout: ActionLayout, units: pl.DataFrame, told: dict[str, object]) -> Form:
    return Form(
        sheet=layout.unit_sheet,
        title=layout.unit_title.format(**told),
        columns=layout.unit_columns,
        rows=_shown(units, layout.unit_columns),
        left_line=layout.unit_line.format(units=units["unit"].n_unique(), **told),
        right_line=layout.right_line.format(**told),
        freeze_columns=2,
    )


def _rest_form(layout: ActionLayout, rows: pl.DataFrame, told: dict[str, object]) -> Form:
    return Form(
        sheet=layout.rest_sheet,
        title=layout.rest_title.format(**told),
        columns=layout.rest_columns,
        rows=_shown(rows, layout.rest_columns),
        left_line=layout.rest_line.format(**told),
        right_line=layout.right_line.format(**told),
        freeze_columns=2,
    )


def _shown(rows: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    return rows.select(pl.col(column.fact).alias(column.key) for column in columns if column.fact)
