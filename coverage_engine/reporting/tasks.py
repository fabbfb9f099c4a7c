"""Tasks of a plan's targets: one row a step, or folded to a row a target, a counterpart, a unit."""

from __future__ import annotations

import polars as pl

from coverage_engine.model.plan import Plan
from coverage_engine.reporting.action_layout import ActionLayout
from coverage_engine.reporting.calls import call_word, with_calls
from coverage_engine.reporting.deadline import Deadline
from coverage_engine.reporting.facts import enterprise_facts
from coverage_engine.reporting.task_words import filled, warning

_OF_TARGETS = (
    *("enterprise_id", "name", "place_word", "division_code", "priority_rank"),
    *("path", "path_short", "call", "group_id", "group_name"),
)


def target_facts(plan: Plan) -> pl.DataFrame:
    """The facts of every target in words, in the order of the lists: place, rank."""
    return (
        with_calls(enterprise_facts(plan, pl.col("is_target")), plan)
        .sort("city_code", "county_code", "priority_rank", "enterprise_id", nulls_last=True)
        .with_columns(
            reasons_word=pl.col("reasons").str.replace_all(";", "；"),
            path_short=pl.lit("路径") + pl.col("path").cast(pl.String),
        )
    )


def task_rows(plan: Plan, targets: pl.DataFrame) -> pl.DataFrame:
    """One row for each step of each target's best path; a target without a path has one row.

    Of the targets (`target_facts`) only what tells tasks apart stands beside the step: there are four times
    as many tasks.
    """
    steps = plan["actions"].drop("division_code").sort("enterprise_id", "path", "step")
    # They come in order; sorting them costs more.
    return targets.select(_OF_TARGETS).join(
        steps, on=["enterprise_id", "path"], how="left", maintain_order="left_right"
    )


def target_rows(
    targets: pl.DataFrame, tasks: pl.DataFrame, layout: ActionLayout, last: Deadline
) -> pl.DataFrame:
    """One row a target: its steps folded into one text with a line each, and the day when all are done."""
    folded = tasks.group_by("enterprise_id", maintain_order=True).agg(
        pl.col("due").max(),
        steps=_step_line(layout.step_text).str.join("\n"),
        tasks=pl.col("step").count().cast(pl.Int64),
    )
    asking = filled(
        layout.ask_text, fact=pl.col("ask_first"), paths=pl.col("choice_paths").str.replace_all(";", "、")
    )
    facts = pl.col("missing_facts").str.replace_all(";", "、")
    missing_text = filled(layout.missing, obligation=pl.col("obligation_word"), facts=facts)
    return targets.join(folded, on="enterprise_id", how="left", maintain_order="left").with_columns(
        steps=pl.concat_str(asking, "steps", separator="\n", ignore_nulls=True),
        call_word=call_word(layout),
        obligation_text=pl.when(facts != "").then(missing_text).otherwise("obligation_word"),
        path_word=pl.col("path_word").fill_null(layout.no_path),
        warning=warning(layout, last),
        tick=pl.lit(layout.tick),
    )


def unit_rows(tasks: pl.DataFrame, layout: ActionLayout, last: Deadline) -> pl.DataFrame:
    """What each responsible unit has to do, by day: the same step for many targets is one row."""
    steps = tasks.filter(pl.col("step").is_not_null())
    columns = ("place_word", "responsible", "due", "action", "document", "name", "enterprise_id")
    split = _for_each_unit(steps.select(columns))
    keys = ["place_word", "unit", "due", "action", "document"]
    first = pl.col("name").head(layout.named_targets).str.join("、")
    several = pl.len() > layout.named_targets
    grouped = split.group_by(keys, maintain_order=True).agg(
        names=pl.when(several)
        .then(filled(layout.names_text, names=first, count=pl.len().cast(pl.String)))
        .otherwise(first),
        targets=pl.col("enterprise_id").n_unique().cast(pl.Int64),
    )
    share = pl.col("targets").sum().over("place_word", "unit")
    return (
        grouped.with_columns(share=share)
        .sort(
            ["place_word", "share", "unit", "due", "targets", "action", "document"],
            descending=[False, True, False, False, True, False, False],
            nulls_last=True,
        )
        .with_columns(
            number=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("place_word"),
            warning=warning(layout, last),
            tick=pl.lit(layout.tick),
        )
    )


def step_rows(
    tasks: pl.DataFrame, targets: pl.DataFrame, layout: ActionLayout, last: Deadline
) -> pl.DataFrame:
    """Each step of the given targets for each unit responsible for it, by unit and day."""
    steps = tasks.filter(pl.col("step").is_not_null())
    facts = targets.select("enterprise_id", pl.exclude(tasks.columns))
    return (
        steps.join(facts, on="enterprise_id", how="inner", maintain_order="left")
        .sort("place_word", "due", "priority_rank", "enterprise_id", "step", nulls_last=True)
        .with_columns(
            number=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("place_word"),
            warning=warning(layout, last),
            tick=pl.lit(layout.tick),
        )
    )


def by_unit(rows: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Rows of one place by each unit that is responsible for them, numbered for each."""
    named = rows if "unit" in rows.columns else _for_each_unit(rows)
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("unit")
    parts = named.with_columns(number=number).partition_by("unit", as_dict=True, maintain_order=True)
    return {str(unit): part for (unit,), part in parts.items()}


# ---------------------------------------------------------------------------------------------- private


def _for_each_unit(rows: pl.DataFrame) -> pl.DataFrame:
    """A row for each of the units that `responsible` names."""
    named = rows.with_columns(unit=pl.col("responsible").fill_null("").str.split("、"))
    return named.explode("unit").with_columns(unit=pl.col("unit").str.strip_chars())


def _step_line(form: str) -> pl.Expr:
    """One step as a line of text."""
    due = pl.col("due").dt
    return filled(
        form,
        step=pl.col("step").cast(pl.String),
        month=due.month().cast(pl.String),
        day=due.day().cast(pl.String),
        action=pl.col("action"),
        responsible=pl.col("responsible").fill_null(""),
    )
