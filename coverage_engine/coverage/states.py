"""The coverage state of every enterprise: own, jointly covered, youth organisation only, uncovered, unknown.

A League organisation found in 智慧团建 counts, and verifies what the ledgers say where it has members; one
without members there is hollow (空壳): it counts as what it is and verifies nothing. One only claimed in a
ledger counts and is not verified, unless its name is somebody else's. A blank is unknown, never none.

Where it is not known whether a firm is in scope, its state is unknown; `covered_by` says what covers it.
"""

from __future__ import annotations

import narwhals as nw

from coverage_engine.frames.dialect import Frames, Lazy, no, sure, unknown, yes
from coverage_engine.frames.lookups import looked_up

_LEVELS = ("own_body", "joint_body")
_MARKS = (*_LEVELS, "joint_matched", "listed", "in_society")
_NAMES = ("own_name", "joint_name", "listed_name")

NOTHING, DOUBTFUL, HOLLOW, UNCOUNTED, PEOPLED = range(5)
"""How an organisation stands in 智慧团建: not found, perhaps this firm's, without members, with members not
told, with members. Of several the best counts."""


def with_organisations(enterprises: Lazy, frames: Frames) -> Lazy:
    """Adds `has_own`, `has_joint` (three-valued), `own_body`, `joint_body`, `in_society`, `system_members`.

    The two `_body` say how the organisation itself stands in 智慧团建 (`NOTHING` … `PEOPLED`).
    """
    linked = looked_up(enterprises, _marks(frames), "enterprise_id", "marked_id")
    filled = linked.with_columns(
        *(nw.col(name).fill_null(NOTHING) for name in _LEVELS),
        *((nw.col(name) == 1).fill_null(False).alias(name) for name in _MARKS[len(_LEVELS) :]),
    )
    return (
        filled.with_columns(_has_joint().alias("has_joint"))
        .with_columns(_has_own().alias("has_own"))
        .drop("joint_matched", "listed")
    )


def with_states(cases: Lazy, export_handed_in: bool) -> Lazy:
    """Adds `covered_by`, `coverage_state`, `verified` and `hollow`."""
    covered = cases.with_columns(_covered_by().alias("covered_by"))
    stated = covered.with_columns(_state().alias("coverage_state")).with_columns(_body().alias("body"))
    return stated.with_columns(_verified(export_handed_in).alias("verified"), _hollow().alias("hollow")).drop(
        "body"
    )


def with_verified_names(enterprises: Lazy, frames: Frames) -> Lazy:
    """Adds `verified_name`, the organisation of 智慧团建 that verifies the state."""
    linked = looked_up(enterprises, _names(frames), "enterprise_id", "named_id")
    return linked.with_columns(_verified_name()).drop(*_NAMES)


def _matches(frames: Frames) -> Lazy:
    """The organisations of 智慧团建 matched to enterprises, with their kind in `match` and `full_name`."""
    named = _organisations(frames, "match", "full_name", "system_members", "standing")
    return (
        frames["league_matches"]
        .select("enterprise_id", "league_organisation_id")
        .join(named, left_on="league_organisation_id", right_on="matched_id", how="inner")
    )


def _organisations(frames: Frames, *columns: str) -> Lazy:
    """The organisations of 智慧团建 by `matched_id`, and how each stands there."""
    members = nw.col("league_members")
    peopled = nw.when(members > 0).then(nw.lit(PEOPLED)).otherwise(nw.lit(HOLLOW))
    standing = nw.when(members.is_null()).then(nw.lit(UNCOUNTED)).otherwise(peopled)
    return (
        frames["league_organisations"]
        .with_columns(
            nw.col("league_organisation_id").alias("matched_id"),
            members.alias("system_members"),
            standing.cast(nw.Int32).alias("standing"),
        )
        .select("matched_id", *columns)
    )


def _marks(frames: Frames) -> Lazy:
    """What other ledgers say of an enterprise: one row each, 1 where so, the bodies by how they stand."""
    matches = _matches(frames)
    named = ~nw.col("full_name").is_null()
    standing = _organisations(frames, "system_members", "standing")
    covered = frames["joint_coverage"].join(
        standing, left_on="league_organisation_id", right_on="matched_id", how="left"
    )
    verified = ~nw.col("standing").is_null() & ~nw.col("league_name").is_null()
    own, joint = (sure(nw.col("match") == match) & named for match in ("enterprise", "joint"))
    parts = [
        _marked(matches, own_body=_where(own), joint_body=_where(joint), joint_matched=_one(joint)),
        _marked(covered, joint_body=_where(verified), listed=_one(yes())),
        _marked(frames["league_candidates"], own_body=nw.lit(DOUBTFUL)),
        _marked(frames["society_members"], in_society=_one(yes())),
    ]
    marked = nw.concat(parts).group_by("marked_id")
    return marked.agg(*(nw.col(name).max() for name in (*_MARKS, "system_members")))


def _where(matched: nw.Expr) -> nw.Expr:
    return nw.when(matched).then(nw.col("standing")).otherwise(nw.lit(NOTHING))


def _one(fact: nw.Expr) -> nw.Expr:
    return sure(fact).cast(nw.Int32)


def _marked(frame: Lazy, **marks: nw.Expr) -> Lazy:
    has_members = "system_members" in frame.collect_schema().names()
    members = nw.col("system_members") if has_members else nw.lit(None, dtype=nw.Int64)
    return frame.select(
        nw.col("enterprise_id").alias("marked_id"),
        *(marks.get(name, nw.lit(0)).cast(nw.Int32).alias(name) for name in _MARKS),
        members.cast(nw.Int64).alias("system_members"),
    )


def _names(frames: Frames) -> Lazy:
    """The first name of each kind of organisation that verifies an enterprise's state."""
    matches, listed = _matches(frames), frames["joint_coverage"]
    in_system = listed.filter(~nw.col("league_organisation_id").is_null())
    parts = [
        _called(matches.filter(nw.col("match") == "enterprise"), "full_name", "own_name"),
        _called(matches.filter(nw.col("match") == "joint"), "full_name", "joint_name"),
        _called(in_system, "league_name", "listed_name"),
    ]
    return nw.concat(parts).group_by("named_id").agg(*(nw.col(name).min() for name in _NAMES))


def _called(frame: Lazy, column: str, name: str) -> Lazy:
    nothing = nw.lit(None, dtype=nw.String)
    return frame.select(
        nw.col("enterprise_id").alias("named_id"),
        *((nw.col(column) if each == name else nothing).alias(each) for each in _NAMES),
    )


def _named(whose: str) -> nw.Expr:
    """Whether 团组织名称 is known to name the firm's own body, a joint one, or another's."""
    return sure(nw.col("league_body") == whose)


def _named_jointly() -> nw.Expr:
    unread = nw.col("league_body").is_null() & sure(nw.col("league_name").str.contains("联合", literal=True))
    return _named("joint") | unread


def _has_own() -> nw.Expr:
    """In 智慧团建 under its own name, or claimed as 单独, or a kind or name is given without a form.

    The 联合团组织覆盖台账 wins over the flag: a firm listed there that names no body of its own has none. A
    body that is somebody else's is not the firm's own, and leaves open whether it has one besides.
    """
    form = nw.col("league_form")
    body_given = ~(nw.col("league_kind").is_null() & nw.col("league_name").is_null())
    listed = sure(nw.col("has_joint")) & ~_named("own")
    flagged = nw.when(form.is_null()).then(body_given).otherwise(form == "own")
    unflagged = nw.when(form.is_null()).then(unknown()).otherwise(no())
    silent = nw.when(listed).then(no()).otherwise(unflagged)
    doubtful = nw.when(_named("other")).then(unknown()).otherwise(yes())
    claimed = nw.when(listed | _named_jointly()).then(no()).otherwise(doubtful)
    return (
        nw.when(nw.col("own_body") > DOUBTFUL)
        .then(yes())
        .otherwise(nw.when(flagged).then(claimed).otherwise(silent))
    )


def _has_joint() -> nw.Expr:
    """Listed as covered by a joint branch, or claimed as 联合 or 依托, or under a joint branch's name."""
    form = nw.col("league_form")
    claimed = nw.when(form.is_null()).then(unknown()).otherwise(form.is_in(["joint", "dependent"]))
    # A flag 单独 (or 有) with somebody else's body says nothing sure of joint coverage.
    open_ = nw.when(_named("other") & sure(form == "own")).then(unknown()).otherwise(claimed)
    jointly = _named_jointly() & sure(form.is_null() | (form == "own"))
    listed = nw.col("listed") | nw.col("joint_matched")
    return nw.when(listed | jointly).then(yes()).otherwise(open_)


def _covered_by() -> nw.Expr:
    """What covers the firm, whether it is in scope or not."""
    neither = sure(~nw.col("has_own")) & sure(~nw.col("has_joint"))
    bare = (
        nw.when(sure(nw.col("youth_organisation"))).then(nw.lit("youth_only")).otherwise(nw.lit("uncovered"))
    )
    open_or_bare = nw.when(neither).then(bare).otherwise(nw.lit("unknown"))
    joint = nw.when(sure(nw.col("has_joint"))).then(nw.lit("joint")).otherwise(open_or_bare)
    return nw.when(sure(nw.col("has_own"))).then(nw.lit("own")).otherwise(joint)


def _state() -> nw.Expr:
    # Of a firm that may be public or no enterprise at all even a sure organisation makes no sure state.
    scope = nw.col("in_scope")
    state = nw.when(scope.is_null()).then(nw.lit("unknown")).otherwise(nw.col("covered_by"))
    return nw.when(sure(~scope)).then(nw.lit("out_of_scope")).otherwise(state)


def _speaks_of_own() -> nw.Expr:
    """Whether the organisation spoken of is the firm's own one; of firms out of scope any will do."""
    return (nw.col("covered_by") == "own") & (nw.col("coverage_state") != "out_of_scope")


def _body() -> nw.Expr:
    """How the organisation that is spoken of stands in 智慧团建."""
    own, joint = nw.col("own_body"), nw.col("joint_body")
    # An own organisation that is only claimed is not verified by a joint branch, and the other way round.
    better = nw.when(joint > own).then(joint).otherwise(own)
    return nw.when(_speaks_of_own()).then(own).otherwise(better)


def _verified(export_handed_in: bool) -> nw.Expr:
    body = nw.col("body")
    absent = nw.lit("no") if export_handed_in else nw.lit("unknown")
    doubtful = nw.when(body == DOUBTFUL).then(nw.lit("unknown")).otherwise(absent)
    hollow = nw.when(body == HOLLOW).then(nw.lit("no")).otherwise(doubtful)
    return nw.when(body > HOLLOW).then(nw.lit("yes")).otherwise(hollow)


def _hollow() -> nw.Expr:
    """Null where no organisation is found."""
    body, nothing = nw.col("body"), nw.lit(None, dtype=nw.String)
    uncounted = nw.when(body == UNCOUNTED).then(nw.lit("unknown")).otherwise(nothing)
    peopled = nw.when(body == PEOPLED).then(nw.lit("no")).otherwise(uncounted)
    return nw.when(body == HOLLOW).then(nw.lit("yes")).otherwise(peopled)


def _verified_name() -> nw.Expr:
    joint = (
        nw.when(nw.col("joint_name").is_null()).then(nw.col("listed_name")).otherwise(nw.col("joint_name"))
    )
    own = nw.when(nw.col("own_name").is_null()).then(joint).otherwise(nw.col("own_name"))
    claimed_own = _speaks_of_own() & nw.col("own_name").is_null()
    return nw.when(claimed_own).then(nw.lit(None, dtype=nw.String)).otherwise(own).alias("verified_name")
