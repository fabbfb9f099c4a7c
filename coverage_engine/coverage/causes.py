"""Causes by which a firm moves a rate between two snapshots, and which of them fits a change."""

from __future__ import annotations

import polars as pl

CAUSES: tuple[str, ...] = (
    "new",
    "gone",
    "closed",
    "reopened",
    "scope_told",
    "scope_changed",
    "moved",
    "members_told",
    "members_crossed",
    "party_or_society",
    "coverage_told",
    "newly_organised",
    "lost",
    "rematched",
    "verified",
    "unverified",
    "forgotten",
    "other",
    "rule_change",
)
"""Steps of the bridge in order; a firm that changed for several causes stands under the first that fits."""


def cause_of_change() -> pl.Expr:
    """The first cause that fits, in the order of `CAUSES`."""

    def now(name: str) -> pl.Expr:
        return pl.col(f"{name}_now")

    def learnt(name: str) -> pl.Expr:
        return pl.col(name).is_null() & now(name).is_not_null()

    def forgotten(name: str) -> pl.Expr:
        return pl.col(name).is_not_null() & now(name).is_null()

    def changed(name: str) -> pl.Expr:
        return pl.col(name).is_not_null() & now(name).is_not_null() & (pl.col(name) != now(name))

    running = pl.col("operating").fill_null("operating") == "operating"
    runs = now("operating").fill_null("operating") == "operating"
    facts = ("is_non_public", "in_scope", "enough_members", "has_party", "in_society", "has_own", "has_joint")
    organised = pl.any_horizontal(pl.col("own_change") > 0, pl.col("covered_change") > 0)
    lost = pl.any_horizontal(pl.col("own_change") < 0, pl.col("covered_change") < 0)
    coverage_learnt = learnt("has_own") | learnt("has_joint")
    rules: list[tuple[str, pl.Expr]] = [
        ("new", ~pl.col("was")),
        ("gone", ~pl.col("here")),
        ("closed", running & ~runs),
        ("reopened", ~running & runs),
        ("scope_told", learnt("is_non_public") | learnt("in_scope")),
        ("scope_changed", changed("is_non_public")),
        ("moved", pl.col("elsewhere")),
        ("members_told", learnt("enough_members")),
        ("members_crossed", changed("enough_members")),
        ("forgotten", pl.any_horizontal(forgotten(name) for name in facts)),
        (
            "party_or_society",
            learnt("has_party") | changed("has_party") | learnt("in_society") | changed("in_society"),
        ),
        ("rematched", organised & ~pl.col("matched") & now("matched") & coverage_learnt),
        ("coverage_told", coverage_learnt & organised),
        ("newly_organised", organised),
        ("lost", lost),
        ("verified", pl.col("verified_change") > 0),
        ("unverified", pl.col("verified_change") < 0),
    ]
    cause: pl.Expr = pl.lit("other")
    for name, fits in reversed(rules):
        cause = pl.when(fits.fill_null(False)).then(pl.lit(name)).otherwise(cause)
    return cause
