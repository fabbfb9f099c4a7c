"""Who is called once for many targets, and which firms found a joint branch together, as rows of the lists.

The figures are those of the plan's tables; here they are laid beside the first step and its day.
"""

from __future__ import annotations

import polars as pl

from coverage_engine.model.plan import Plan
from coverage_engine.reporting.action_layout import ActionLayout
from coverage_engine.reporting.deadline import Deadline
from coverage_engine.reporting.task_words import filled, warning


def with_calls(targets: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """The targets with their call (`call`), joint branch (`group_id`, `group_name`) and what to ask first."""
    calls = plan["bundle_targets"].filter("first").select("enterprise_id", call="counterpart")
    groups = plan["joint_groups"].select("enterprise_id", "group_id", "group_name")
    first_questions = plan["choices"].select("enterprise_id", "ask_first", choice_paths="paths")
    for columns in (calls, groups, first_questions):
        targets = targets.join(columns, on="enterprise_id", how="left", maintain_order="left")
    return targets


def call_word(layout: ActionLayout) -> pl.Expr:
    """The call and the joint branch that a target belongs to, a line each; null for neither."""
    call = filled(layout.call_text, call=pl.col("call"))
    group = filled(layout.group_text, group=pl.col("group_name"), number=pl.col("group_id").cast(pl.String))
    both = pl.concat_str(call, group, separator="\n", ignore_nulls=True)
    return pl.when(both != "").then(both)


def call_rows(tasks: pl.DataFrame, plan: Plan, layout: ActionLayout, last: Deadline) -> pl.DataFrame:
    """The calls of each county: whom to call once, whom it covers, what is expected, the first step.

    A call is listed where it is the first path of some target of the county.
    """
    keys = ["division_code", "path", "call"]
    figures = plan["bundle_places"].rename({"counterpart": "call"})
    shown = ("place_word", *keys, "name", "action", "responsible", "path_short", "due")
    order = ("bundle", "step", "priority_rank", "enterprise_id")
    ordered = (
        tasks.select(*shown, *order)
        .filter(pl.col("call").is_not_null())
        .sort(pl.col("bundle") != pl.col("call"), "step", "priority_rank", "enterprise_id", nulls_last=True)
    )
    named = pl.col("name").unique(maintain_order=True)
    first = named.head(layout.named_targets).str.join("、")
    several = filled(layout.names_text, names=first, count=named.len().cast(pl.String))
    calls = ordered.group_by("place_word", *keys, maintain_order=True).agg(
        pl.col("action", "responsible", "path_short").first(),
        pl.col("due").min(),
        names=pl.when(named.len() > layout.named_targets).then(several).otherwise(first),
    )
    return (
        calls.join(figures, on=keys, how="inner", maintain_order="left")
        .filter(pl.col("targets") >= layout.smallest_bundle)
        .sort(["place_word", "first_expected", "call", "path"], descending=[False, True, False, False])
        .with_columns(
            pl.col("first_expected").round(1),
            pl.col("first_young").round(0).cast(pl.Int64),
            number=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("place_word"),
            warning=warning(layout, last),
            tick=pl.lit(layout.tick),
        )
    )


def group_rows(tasks: pl.DataFrame, plan: Plan, layout: ActionLayout, last: Deadline) -> pl.DataFrame:
    """The joint branches with a firm in each county: its firms with members and distance, lead and day.

    A group that reaches over a border stands, whole, in both lists.
    """
    where = pl.coalesce(
        filled(layout.group_near, metres=pl.col("metres").cast(pl.String)),
        filled(layout.group_housed, place=pl.col("place")),
        pl.lit(""),
    )
    line = filled(
        layout.group_firm,
        name=pl.col("name"),
        members=pl.col("league_members").cast(pl.String),
        where=pl.when("seat").then(pl.lit(layout.group_seat)).otherwise(where),
    )
    whole = (
        plan["joint_groups"]
        .group_by("group_id", maintain_order=True)
        .agg(
            pl.col("group_name", "group_members").first(),
            firms=line.str.join("\n"),
            size=pl.len().cast(pl.Int64),
            lead=pl.col("name").filter("seat").first(),
            reach=pl.col("metres").max(),
        )
    )
    # Every firm of a group has the steps of the group; the first of them is where the group begins.
    steps = (
        tasks.filter(pl.col("bundle") == pl.col("group_name"))
        .sort("step", "enterprise_id")
        .group_by("place_word", "group_id", maintain_order=True)
        .agg(pl.col("action", "responsible").first(), pl.col("due").min())
    )
    return (
        steps.join(whole, on="group_id", how="inner", maintain_order="left")
        .sort("place_word", "group_id")
        .with_columns(
            number=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("place_word"),
            warning=warning(layout, last),
            tick=pl.lit(layout.tick),
        )
    )
