"""Conditions of the policy as expressions of facts: their answer, and which unknown facts matter."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw

from coverage_engine.frames.dialect import possible
from coverage_engine.policy import Condition, Joined, Named, Negated

Facts = Mapping[str, nw.Expr]
"""Each fact by its name, as a nullable boolean expression."""


def truth(condition: Condition, facts: Facts) -> nw.Expr:
    """The three-valued answer of a condition (Kleene's logic)."""
    if isinstance(condition, Named):
        return facts[condition.fact]
    if isinstance(condition, Negated):
        return ~truth(condition.part, facts)
    result = truth(condition.parts[0], facts)
    for part in condition.parts[1:]:
        answer = truth(part, facts)
        result = result & answer if condition.every else result | answer
    return result


def open_facts(condition: Condition, facts: Facts, matters: nw.Expr) -> dict[str, nw.Expr]:
    """For each fact: whether it is unknown and could still turn the answer, where `matters` holds.

    A part of a conjunction matters while every other part may be true, one of a disjunction while every other
    part may be false. Exact, because a condition names each fact once.
    """
    if isinstance(condition, Named):
        return {condition.fact: matters & facts[condition.fact].is_null()}
    if isinstance(condition, Negated):
        return open_facts(condition.part, facts, matters)
    return _open_in_parts(condition, facts, matters)


def _open_in_parts(condition: Joined, facts: Facts, matters: nw.Expr) -> dict[str, nw.Expr]:
    answers = [truth(part, facts) for part in condition.parts]
    undecided = [possible(answer if condition.every else ~answer) for answer in answers]
    still_open: dict[str, nw.Expr] = {}
    for number, part in enumerate(condition.parts):
        here = matters
        for other, still in enumerate(undecided):
            if other != number:
                here = here & still
        still_open |= open_facts(part, facts, here)
    return still_open
