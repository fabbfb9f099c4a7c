"""Targets: tiers, who is listed or why not, a transparent priority in points, and the order of work.

Which enterprises become targets, and what gives points, is policy content (`data/policy/targets.toml`,
`priority.toml`); big firms go first by size points (R26 抓大带小).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from operator import or_

import narwhals as nw

from coverage_engine.coverage.duties import enterprise_facts
from coverage_engine.coverage.obligations import joined_words
from coverage_engine.frames.coding import ENTERPRISE, Coding, Part, number
from coverage_engine.frames.dialect import Lazy, no, sure
from coverage_engine.frames.logic import Facts, truth
from coverage_engine.frames.lookups import looked_up
from coverage_engine.policy import Policy

# One integer key carries the whole order: points, then staff, then lowest id; so every engine ranks alike.
_ORDER = Coding(
    "order_key",
    (
        number("points", 399, "the points of the policy, in with_targets"),
        Part("employees", 9_999_999, clipped=True),
        replace(ENTERPRISE, descending=True),
    ),
    compared=True,
)
_OBLIGATIONS = ("must_establish", "should_establish", "cultivate", "undetermined")


def with_lists(enterprises: Lazy) -> Lazy:
    """Adds the facts that a firm's own row tells: `top_hundred`, `in_park`."""
    return enterprises.with_columns(
        (~nw.col("top_hundred_rank").is_null()).alias("top_hundred"),
        (~nw.col("park_id").is_null()).alias("in_park"),
    )


def with_tiers(cases: Lazy, policy: Policy) -> Lazy:
    """Adds `in_tier` (three-valued), the words `tiers`, and of each tier `tier_…`, its denominator."""
    facts = enterprise_facts(policy)
    answers = {tier.key: truth(tier.applies, facts) for tier in policy.tiers}
    counted = (
        (answers[tier.key] if tier.unknown_counts else sure(answers[tier.key])).alias(f"tier_{tier.key}")
        for tier in policy.tiers
    )
    return cases.with_columns(
        *counted,
        reduce(or_, answers.values(), no()).alias("in_tier"),
        joined_words([(answer, key) for key, answer in answers.items()]).alias("tiers"),
    )


def with_targets(cases: Lazy, policy: Policy) -> Lazy:
    """Adds `is_target`, `not_listed_reason`, `priority` and `priority_reasons`.

    The rank comes after the choice of division.

    Raises:
        CodingOverflowError: the points of the policy add up to more than a ranking can tell apart.
    """
    for extreme in _extremes(policy):
        _ORDER.number(points=extreme, employees=0, enterprise_id=0)
    facts = _listing_facts(policy)
    return cases.with_columns(*_listing(policy, facts), *_size_points(policy)).with_columns(
        _priority(policy, facts).alias("priority"), _reasons(policy, facts).alias("priority_reasons")
    )


def ranked(enterprises: Lazy, policy: Policy, within: Mapping[str, str] | None = None) -> Lazy:
    """Adds `priority_rank` (1 = first) among the targets.

    Outside the chosen division (a column of codes and the code that is `within`) nothing is a target.
    """
    for column, code in (within or {}).items():
        here = sure(nw.col(column) == code)
        elsewhere = nw.col("is_target") & ~here
        reason = nw.when(elsewhere).then(nw.lit(policy.elsewhere.reason))
        enterprises = enterprises.with_columns(
            (nw.col("is_target") & here).alias("is_target"),
            reason.otherwise(nw.col("not_listed_reason")).alias("not_listed_reason"),
        )
    return looked_up(enterprises, _ranks(enterprises), "enterprise_id", "ranked_id")


# ---------------------------------------------------------------------------------------------- private


def _ranks(enterprises: Lazy) -> Lazy:
    """The place of each target: told apart, so that no wide row waits until all are in order."""
    staff = nw.col("employees").fill_null(0)
    key = _ORDER.encode(points=nw.col("priority"), employees=staff)
    targets = enterprises.filter(nw.col("is_target"))
    keyed = targets.select(nw.col("enterprise_id").alias("ranked_id"), key)
    return keyed.select(
        "ranked_id", nw.col("order_key").rank(method="ordinal", descending=True).alias("priority_rank")
    )


def _listing_facts(policy: Policy) -> Facts:
    """The facts that rules of listing and points may name."""
    obligations = {word: nw.col("obligation") == word for word in _OBLIGATIONS}
    return {**enterprise_facts(policy), **obligations, "in_tier": nw.col("in_tier")}


def _listing(policy: Policy, facts: Facts) -> list[nw.Expr]:
    """Of each case what the first rule says that surely applies."""
    listed, reason = nw.lit(False), nw.lit(None, dtype=nw.String)
    for rule in reversed(policy.targets):
        words = nw.lit(None, dtype=nw.String) if rule.listed else nw.lit(rule.reason)
        applies = nw.lit(True) if rule.applies is None else sure(truth(rule.applies, facts))
        listed = nw.when(applies).then(nw.lit(rule.listed)).otherwise(listed)
        reason = nw.when(applies).then(words).otherwise(reason)
    return [listed.alias("is_target"), reason.alias("not_listed_reason")]


def _size_points(policy: Policy) -> list[nw.Expr]:
    points, words = nw.lit(0), nw.lit("")
    for at, step in enumerate(sorted(policy.size_steps, key=lambda step: step.employees), start=1):
        large = nw.col("size_step") >= at
        points = nw.when(large).then(nw.lit(step.points)).otherwise(points)
        words = nw.when(large).then(nw.lit(f"；{step.label}{step.points}")).otherwise(words)
    return [points.alias("size_points"), words.alias("size_words")]


def _extremes(policy: Policy) -> tuple[int, int]:
    """The least and the greatest priority that the points of a policy can add up to."""
    single = [entry.points for entry in policy.points]
    steps = [0, *(step.points for step in policy.size_steps)]
    least = sum(min(0, points) for points in single) + min(steps)
    return least, sum(max(0, points) for points in single) + max(steps)


def _priority(policy: Policy, facts: Facts) -> nw.Expr:
    total = nw.col("size_points").cast(nw.Int64)
    for entry in policy.points:
        scores = sure(truth(entry.applies, facts))
        total = total + nw.when(scores).then(nw.lit(entry.points)).otherwise(nw.lit(0))
    return total


def _reasons(policy: Policy, facts: Facts) -> nw.Expr:
    words = [(truth(entry.applies, facts), f"{entry.label}{entry.points}") for entry in policy.points]
    return nw.concat_str([joined_words(words, "；"), nw.col("size_words")])
