"""Actions: the dated first steps of each target's recommended path (工作举措).

A shared step is dealt with once for a counterpart (park, headquarters, superior union …) and serves every
target that has the same one on the same path: `bundle` names it, and is null where it would serve too few.
A firm of a proposed joint branch founds with its group and in no other way: whatever path it is won over by,
the steps of the group stand in place of those that a firm takes alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import narwhals as nw

from coverage_engine.frames.dialect import Lazy, levelled
from coverage_engine.frames.joins import attach
from coverage_engine.frames.lookups import looked_up
from coverage_engine.recommend.bundles import counterpart, rows_of_calls
from coverage_engine.recommend.calendar import working_day
from coverage_engine.recommend.definitions import FirstAction, PathBook, PathDefinition
from coverage_engine.recommend.wording import sentence, short_name, slots, with_short_names

# Longest text of an action: the action list wraps it on two lines.
_LENGTH = 80


def actions_of(
    first: Lazy, path: PathDefinition, book: PathBook, as_of: date, calls: Lazy, kinds: frozenset[str]
) -> Lazy:
    """Steps of one path for every target whose first recommended path it is (`first`: their facts).

    `calls` tell how many targets each call serves (`calls_of`). No step asks for a list of the `kinds` that
    were handed in.
    """
    joint = [worded_for(action, kinds) for action in joint_steps(path, book)]
    alone = [worded_for(action, kinds) for action in path.actions if not action.joint]
    either = [*alone, *joint]
    # Few columns: every step is a query of its own, and what it carries along is planned anew each time.
    narrow = first.select("enterprise_id", *_columns_of_steps(path, either))
    called = with_short_names(_with_calls(narrow, path, book, calls), _templates(either), _LENGTH)
    grouped = ~nw.col("group_of").is_null()
    return nw.concat(
        [
            _step(called.filter(chosen), path, steps, action, as_of)
            for chosen, steps in ((grouped, joint), (~grouped, alone))
            for action in steps
        ]
    )


def worded_for(action: FirstAction, kinds: frozenset[str]) -> FirstAction:
    """A step in the words for the ledgers that were handed in."""
    return replace(action, text=action.words(kinds))


def joint_steps(path: PathDefinition, book: PathBook) -> list[FirstAction]:
    """What the firms of a proposed joint branch do on a path: its steps for all, and those of their group."""
    joined = (action for action in book.joint_path.actions if action.joint)
    # What a firm alone does on a day, or does instead with three members of its own, is not theirs.
    alone = {action.day for action in path.actions if action.joint is False}
    own = (action for action in path.actions if action.joint is None and action.day not in alone)
    return sorted((*own, *joined), key=_moment)


def with_groups(frame: Lazy, groups: Lazy, standing: Lazy) -> Lazy:
    """The evaluated frame with the joint branch proposed for each firm: `group_of` (null for none) and name.

    The firms of the group become the neighbours that reasons name, since it is with them that it founds.
    Where there is no neighbour at all, the firm's own row is what tells so. `standing` are all enterprises
    with the address `at` of their ledger row.
    """
    named = groups.select(
        nw.col("enterprise_id").alias("grouped"),
        nw.col("group_id").alias("group_of"),
        nw.col("group_name").alias("name_group"),
        nw.col("partners").alias("partners"),
        nw.col("group_members").cast(nw.String).alias("partners_sum"),
        nw.col("partner_id").cast(nw.Int64).alias("joined_id"),
    )
    rows = standing.select(nw.col("enterprise_id").alias("joined_firm"), nw.col("at").alias("joined_at"))
    placed = looked_up(named, rows, "joined_id", "joined_firm")
    return (
        looked_up(frame, placed, "enterprise_id", "grouped")
        .with_columns(
            nw.coalesce(nw.col("partners"), nw.col("name_neighbours")).alias("name_neighbours"),
            nw.coalesce(nw.col("partners_sum"), nw.col("name_group_sum")).alias("name_group_sum"),
            _first_known("joined_id", "id_partner", "enterprise_id").alias("id_partner"),
            _first_known("joined_at", "at_partner", "at_enterprise").alias("at_partner"),
        )
        .drop("partners", "partners_sum", "joined_id", "joined_at")
    )


def _first_known(*columns: str) -> nw.Expr:
    return nw.coalesce(*(nw.col(name).cast(nw.Int64) for name in columns))


def _step(
    frame: Lazy, path: PathDefinition, steps: Sequence[FirstAction], action: FirstAction, as_of: date
) -> Lazy:
    return _concerned(frame, action).select(
        "enterprise_id",
        nw.lit(path.number).cast(nw.Int32).alias("path"),
        nw.lit(_place(action, steps)).cast(nw.Int32).alias("step"),
        sentence(action.text.zh, _LENGTH, named=short_name).alias("action"),
        sentence(action.responsible, _LENGTH, named=short_name).alias("responsible"),
        nw.lit(action.document).alias("document"),
        nw.lit(working_day(as_of, action.day)).alias("due"),
        nw.coalesce(nw.col("county_code"), nw.col("city_code")).alias("division_code"),
        _bundle(action).alias("bundle"),
    )


def _columns_of_steps(path: PathDefinition, steps: Sequence[FirstAction]) -> list[str]:
    """The columns that the steps of a path ask for."""
    templates = (*_templates(steps), path.bundle or "")
    names = (f"name_{name}" for template in templates for name in slots(template))
    facts = (fact.key for step in steps for fact in (step.when, step.unless) if fact is not None)
    return list(dict.fromkeys(("group_of", "name_group", "county_code", "city_code", *names, *facts)))


def _templates(steps: Sequence[FirstAction]) -> list[str]:
    return [text for step in steps for text in (step.text.zh, step.responsible)]


def _place(action: FirstAction, steps: Sequence[FirstAction]) -> int:
    """The number of a step; those of one day are alternatives and share it, save those of the group."""
    return 1 + sorted({_moment(each) for each in steps}).index(_moment(action))


def _moment(action: FirstAction) -> tuple[int, bool]:
    return action.day, bool(action.joint)


def calls_of(frame: Lazy, book: PathBook, first: nw.Expr) -> list[Lazy]:
    """How many targets each call serves that have its path first: one frame a path.

    Columns: `call_path`, `counterpart`, `served`.
    """
    return [
        rows_of_calls(frame.filter(first == path.number), path)
        .rename({"rows": "served"})
        .with_columns(nw.lit(path.number).cast(nw.Int64).alias("call_path"))
        for path in book.paths
        if path.bundle is not None
    ]


def _with_calls(first: Lazy, path: PathDefinition, book: PathBook, calls: Lazy) -> Lazy:
    """Adds `call`: the counterpart of shared steps, where it serves as many targets as a bundle must."""
    if path.bundle is None:
        return first.with_columns(nw.lit(None, dtype=nw.String).alias("call"))
    many = calls.filter((nw.col("call_path") == path.number) & (nw.col("served") >= book.least_bundle))
    named = many.select(nw.col("counterpart").alias("called"), nw.col("counterpart").alias("call"))
    return levelled(attach(first.with_columns(counterpart(path)), named, "counterpart", "called"))


def _bundle(action: FirstAction) -> nw.Expr:
    if action.joint:
        return nw.col("name_group")
    return nw.col("call") if action.shared else nw.lit(None, dtype=nw.String)


def _concerned(frame: Lazy, action: FirstAction) -> Lazy:
    if action.when is not None:
        return frame.filter(nw.col(action.when.key).fill_null(False))
    if action.unless is not None:
        return frame.filter(~nw.col(action.unless.key).fill_null(False))
    return frame
