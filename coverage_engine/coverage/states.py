"""The coverage state of every enterprise: own, jointly covered, youth organisation only, uncovered, unknown.

A League organisation found in 智慧团建 counts and is verified; one only claimed in a ledger counts and is not
verified; a blank is unknown, never none.
"""

from __future__ import annotations

import narwhals as nw

from coverage_engine.coverage.frames import Frames, Lazy, no, sure, unknown, yes
from coverage_engine.coverage.lookups import looked_up

_MARKS = ("own_found", "joint_matched", "joint_verified", "listed", "in_society")
_NAMES = ("own_name", "joint_name", "listed_name")


def with_organisations(enterprises: Lazy, frames: Frames) -> Lazy:
    """Adds `has_own`, `has_joint` (three-valued), `own_found`, `joint_found` and `in_society`.

    The two `_found` say whether 智慧团建 has the organisation itself.
    """
    linked = looked_up(enterprises, _marks(frames), "enterprise_id", "marked_id")
    told = linked.with_columns(*((nw.col(name) == 1).fill_null(False).alias(name) for name in _MARKS))
    return (
        told.with_columns(_has_joint().alias("has_joint"))
        .with_columns(
            _has_own().alias("has_own"),
            (nw.col("joint_matched") | nw.col("joint_verified")).alias("joint_found"),
        )
        .drop("joint_matched", "joint_verified", "listed")
    )


def with_states(cases: Lazy, export_handed_in: bool) -> Lazy:
    """Adds `coverage_state` and `verified`."""
    stated = cases.with_columns(_state().alias("coverage_state"))
    return stated.with_columns(_verified(export_handed_in).alias("verified"))


def with_verified_names(enterprises: Lazy, frames: Frames) -> Lazy:
    """Adds `verified_name`, the organisation of 智慧团建 that verifies the state."""
    linked = looked_up(enterprises, _names(frames), "enterprise_id", "named_id")
    return linked.with_columns(_verified_name()).drop(*_NAMES)


def _matches(frames: Frames) -> Lazy:
    """The organisations of 智慧团建 matched to enterprises, with their kind in `match` and `full_name`."""
    named = frames["league_organisations"].select(
        nw.col("league_organisation_id").alias("matched_id"), "match", "full_name"
    )
    return (
        frames["league_matches"]
        .select("enterprise_id", "league_organisation_id")
        .join(named, left_on="league_organisation_id", right_on="matched_id", how="inner")
    )


def _marks(frames: Frames) -> Lazy:
    """What other ledgers say of an enterprise: one row each, 1 where so."""
    matches = _matches(frames)
    named = ~nw.col("full_name").is_null()
    verified = ~nw.col("league_organisation_id").is_null() & ~nw.col("league_name").is_null()
    parts = [
        _marked(
            matches,
            own_found=(nw.col("match") == "enterprise") & named,
            joint_matched=(nw.col("match") == "joint") & named,
        ),
        _marked(frames["joint_coverage"], joint_verified=verified, listed=yes()),
        _marked(frames["society_members"], in_society=yes()),
    ]
    return nw.concat(parts).group_by("marked_id").agg(*(nw.col(name).max() for name in _MARKS))


def _marked(frame: Lazy, **marks: nw.Expr) -> Lazy:
    return frame.select(
        nw.col("enterprise_id").alias("marked_id"),
        *(sure(marks.get(name, no())).cast(nw.Int32).alias(name) for name in _MARKS),
    )


def _names(frames: Frames) -> Lazy:
    """The first name of each kind of organisation that verifies an enterprise's state."""
    matches, listed = _matches(frames), frames["joint_coverage"]
    found = listed.filter(~nw.col("league_organisation_id").is_null())
    parts = [
        _called(matches.filter(nw.col("match") == "enterprise"), "full_name", "own_name"),
        _called(matches.filter(nw.col("match") == "joint"), "full_name", "joint_name"),
        _called(found, "league_name", "listed_name"),
    ]
    return nw.concat(parts).group_by("named_id").agg(*(nw.col(name).min() for name in _NAMES))


def _called(frame: Lazy, column: str, name: str) -> Lazy:
    nothing = nw.lit(None, dtype=nw.String)
    return frame.select(
        nw.col("enterprise_id").alias("named_id"),
        *((nw.col(column) if each == name else nothing).alias(each) for each in _NAMES),
    )


def _named_jointly() -> nw.Expr:
    return sure(nw.col("league_name").str.contains("联合", literal=True))


def _has_own() -> nw.Expr:
    """In 智慧团建 under its own name, or claimed as 单独, or a kind or name is given without a form.

    A firm that is listed as jointly covered and claims nothing else has no organisation of its own.
    """
    form = nw.col("league_form")
    named = ~(nw.col("league_kind").is_null() & nw.col("league_name").is_null())
    unclaimed = nw.when(sure(nw.col("has_joint"))).then(no()).otherwise(unknown())
    claimed = (
        nw.when(form.is_null())
        .then(nw.when(named).then(~_named_jointly()).otherwise(unclaimed))
        .otherwise(form == "own")
    )
    return nw.when(nw.col("own_found")).then(yes()).otherwise(claimed)


def _has_joint() -> nw.Expr:
    """Listed as covered by a joint branch, or claimed as 联合 or 依托."""
    form = nw.col("league_form")
    claimed = (
        nw.when(form.is_null())
        .then(nw.when(_named_jointly()).then(yes()).otherwise(unknown()))
        .otherwise(form.is_in(["joint", "dependent"]))
    )
    listed = nw.col("listed") | nw.col("joint_matched")
    return nw.when(listed).then(yes()).otherwise(claimed)


def _state() -> nw.Expr:
    neither = sure(~nw.col("has_own")) & sure(~nw.col("has_joint"))
    bare = (
        nw.when(sure(nw.col("youth_organisation"))).then(nw.lit("youth_only")).otherwise(nw.lit("uncovered"))
    )
    open_or_bare = nw.when(neither).then(bare).otherwise(nw.lit("unknown"))
    joint = nw.when(sure(nw.col("has_joint"))).then(nw.lit("joint")).otherwise(open_or_bare)
    own = nw.when(sure(nw.col("has_own"))).then(nw.lit("own")).otherwise(joint)
    return nw.when(sure(~nw.col("in_scope"))).then(nw.lit("out_of_scope")).otherwise(own)


def _verified(export_handed_in: bool) -> nw.Expr:
    own, joint = nw.col("own_found"), nw.col("joint_found")
    # An own organisation that is only claimed is not verified by a joint branch, and the other way round.
    relevant = nw.when(nw.col("coverage_state") == "own").then(own).otherwise(own | joint)
    otherwise = nw.lit("no") if export_handed_in else nw.lit("unknown")
    return nw.when(relevant).then(nw.lit("yes")).otherwise(otherwise)


def _verified_name() -> nw.Expr:
    joint = (
        nw.when(nw.col("joint_name").is_null()).then(nw.col("listed_name")).otherwise(nw.col("joint_name"))
    )
    own = nw.when(nw.col("own_name").is_null()).then(joint).otherwise(nw.col("own_name"))
    claimed_own = (nw.col("coverage_state") == "own") & nw.col("own_name").is_null()
    return nw.when(claimed_own).then(nw.lit(None, dtype=nw.String)).otherwise(own).alias("verified_name")
