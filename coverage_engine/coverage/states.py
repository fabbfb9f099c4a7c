"""The coverage state of every enterprise: own, jointly covered, youth organisation only, uncovered, unknown.

A League organisation found in 智慧团建 counts and is verified; one only claimed in a ledger counts and is not
verified; a blank is unknown, never none.
"""

from __future__ import annotations

import narwhals as nw

from coverage_engine.coverage.frames import Frames, Lazy, flags_of, no, sure, unknown, yes


def with_states(enterprises: Lazy, frames: Frames, export_handed_in: bool) -> Lazy:
    """Adds `has_own`, `has_joint` (three-valued), `coverage_state`, `verified` and `verified_name`."""
    linked = (
        enterprises.join(
            _matches(frames, "enterprise", "own"), left_on="enterprise_id", right_on="own_id", how="left"
        )
        .join(_matches(frames, "joint", "joint"), left_on="enterprise_id", right_on="joint_id", how="left")
        .join(_joint_ledger(frames), left_on="enterprise_id", right_on="listed_id", how="left")
    )
    stated = (
        linked.with_columns(_has_joint().alias("has_joint"))
        .with_columns(_has_own().alias("has_own"))
        .with_columns(_state().alias("coverage_state"))
        .with_columns(_verified(export_handed_in).alias("verified"), _verified_name())
    )
    return stated.drop("own_name", "joint_name", "listed", "listed_verified", "listed_name")


def _matches(frames: Frames, kind: str, name: str) -> Lazy:
    """The organisation of 智慧团建 matched to each enterprise: `<name>_id`, `<name>_name`."""
    of_kind = frames["league_organisations"].filter(nw.col("match") == kind)
    named = of_kind.select(nw.col("league_organisation_id").alias("matched_id"), "full_name")
    return (
        frames["league_matches"]
        .select("enterprise_id", "league_organisation_id")
        .join(named, left_on="league_organisation_id", right_on="matched_id", how="inner")
        .group_by(nw.col("enterprise_id").alias(f"{name}_id"))
        .agg(nw.col("full_name").min().alias(f"{name}_name"))
    )


def _joint_ledger(frames: Frames) -> Lazy:
    """Enterprises listed in the 联合团组织覆盖台账, with whether the joint branch stands in 智慧团建."""
    listed = frames["joint_coverage"]
    found = listed.filter(~nw.col("league_organisation_id").is_null())
    names = found.group_by(nw.col("enterprise_id").alias("found_id")).agg(
        nw.col("league_name").min().alias("listed_name")
    )
    flags = flags_of(listed.select(nw.col("enterprise_id").alias("listed_id")), "listed_id", "listed")
    return flags.join(names, left_on="listed_id", right_on="found_id", how="left").with_columns(
        (~nw.col("listed_name").is_null()).alias("listed_verified")
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
    return nw.when(~nw.col("own_name").is_null()).then(yes()).otherwise(claimed)


def _has_joint() -> nw.Expr:
    """Listed as covered by a joint branch, or claimed as 联合 or 依托."""
    form = nw.col("league_form")
    claimed = (
        nw.when(form.is_null())
        .then(nw.when(_named_jointly()).then(yes()).otherwise(unknown()))
        .otherwise(form.is_in(["joint", "dependent"]))
    )
    listed = sure(nw.col("listed")) | ~nw.col("joint_name").is_null()
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
    own = ~nw.col("own_name").is_null()
    joint = ~nw.col("joint_name").is_null() | sure(nw.col("listed_verified"))
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
