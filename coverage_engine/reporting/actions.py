"""任务清单: one workbook for each county: what one call serves many firms, then every target step by step."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from coverage_engine.model.plan import Plan
from coverage_engine.reporting.facts import enterprise_facts
from coverage_engine.reporting.form import Book, Form, draw_form
from coverage_engine.reporting.layout import ActionLayout, Column, read_action_layout
from coverage_engine.reporting.wording import wording

_FORBIDDEN_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def write_actions(plan: Plan, folder: Path) -> None:
    """Write `<city><county>.xlsx` for each county of the plan's division that has targets.

    Where only the city of a target is known, it stands in `<city>（未分县）.xlsx`.

    Raises:
        PolicyError: `reports/actions.toml` names something unknown.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tasks = _tasks(plan)
    bundles = _bundles(tasks)
    layout = read_action_layout(tasks.columns, bundles.columns)
    tasks, bundles = _worded(tasks, layout), _kept(bundles, layout)
    by_place = bundles.partition_by("place_word", as_dict=True, maintain_order=True)
    for (place,), rows in tasks.partition_by("place_word", as_dict=True, maintain_order=True).items():
        own = by_place.get((place,), bundles.clear())
        _write_list(plan, layout, folder / list_file(str(place)), rows, own)


def list_file(place: str) -> str:
    """File name of the action list of one county."""
    return f"{_FORBIDDEN_IN_FILE_NAMES.sub('', place)}.xlsx"


# Private


def _tasks(plan: Plan) -> pl.DataFrame:
    """One row for each step of each target's best path; a target without a path has one row."""
    targets = enterprise_facts(plan).filter("is_target")
    steps = plan["actions"].drop("division_code")
    return (
        targets.join(steps, on=["enterprise_id", "path"], how="left", maintain_order="left")
        .sort("city_code", "county_code", "priority_rank", "enterprise_id", "step", nulls_last=True)
        .with_columns(
            reasons_word=pl.col("reasons").str.replace_all(";", "；"),
            obligation_text=pl.col("obligation_word"),
            tick=pl.lit(""),
        )
    )


def _worded(tasks: pl.DataFrame, layout: ActionLayout) -> pl.DataFrame:
    """Tasks with the sentences of the layout, and blank where a column shows only at the first step."""
    before, _, rest = layout.missing.partition("{obligation}")
    between, _, after = rest.partition("{facts}")
    facts = pl.col("missing_facts").str.replace_all(";", "、")
    asked = pl.concat_str(pl.lit(before), "obligation_text", pl.lit(between), facts, pl.lit(after))
    worded = tasks.with_columns(
        obligation_text=pl.when(facts != "").then(asked).otherwise("obligation_text"),
        path_word=pl.col("path_word").fill_null(layout.no_path),
        tick=pl.lit(layout.tick),
    )
    once = [column.fact for column in layout.columns if column.key in layout.once]
    later = pl.col("step") > pl.col("step").min().over("enterprise_id")
    return worded.with_columns(pl.when(~later.fill_null(False)).then(pl.col(once)))


def _bundles(tasks: pl.DataFrame) -> pl.DataFrame:
    """What one call serves: counterpart, its number of targets in the county, first action."""
    return (
        tasks.filter(pl.col("bundle").is_not_null())
        .sort("step", "priority_rank", "enterprise_id", nulls_last=True)
        .group_by("place_word", "bundle", maintain_order=True)
        .agg(
            pl.col("enterprise_id").n_unique().cast(pl.Int64).alias("targets"),
            pl.col("action", "responsible", "tick").first(),
            pl.col("due").min(),
        )
        .sort(["place_word", "targets", "bundle"], descending=[False, True, False])
        .with_columns(number=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("place_word"))
    )


def _kept(bundles: pl.DataFrame, layout: ActionLayout) -> pl.DataFrame:
    large = pl.col("targets") >= layout.smallest_bundle
    return bundles.filter(large).with_columns(tick=pl.lit(layout.tick))


def _write_list(
    plan: Plan, layout: ActionLayout, file: Path, tasks: pl.DataFrame, bundles: pl.DataFrame
) -> None:
    day = plan.as_of
    told: dict[str, object] = {
        "place": tasks["place_word"][0],
        "targets": tasks["enterprise_id"].n_unique(),
        "tasks": tasks["step"].count(),
        "bundles": bundles.height,
        "as_of": f"{day.year}年{day.month}月{day.day}日",
        "policy": plan.policy_version,
    }
    with Book(file, layout.title.format(**told), day) as book:
        if bundles.height:
            draw_form(book, _bundle_form(layout, bundles, told))
        draw_form(book, _task_form(layout, tasks, told))


def _bundle_form(layout: ActionLayout, bundles: pl.DataFrame, told: dict[str, object]) -> Form:
    served = {**told, "targets": bundles["targets"].sum()}
    return Form(
        sheet=layout.bundle_sheet,
        title=layout.bundle_title.format(**told),
        columns=layout.bundle_columns,
        rows=_shown(bundles, layout.bundle_columns),
        left_line=layout.bundle_line.format(**served),
        right_line=layout.right_line.format(**told),
    )


def _task_form(layout: ActionLayout, tasks: pl.DataFrame, told: dict[str, object]) -> Form:
    return Form(
        sheet=layout.sheet,
        title=layout.title.format(**told),
        columns=layout.columns,
        rows=_shown(tasks, layout.columns),
        left_line=layout.left_line.format(**told),
        right_line=layout.right_line.format(**told),
        closing=[wording()["signature_line"]],
        freeze_columns=2,
        sparse=True,
    )


def _shown(rows: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    return rows.select(pl.col(column.fact).alias(column.key) for column in columns if column.fact)
