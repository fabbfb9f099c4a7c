"""Conditions of duties: fact names joined by and, or, not; read from content, refused where wrong.

A condition names each fact once. So Kleene's logic is exact on it: the answer is unknown exactly when the
unknown facts could turn it, and an unknown fact matters exactly when no known neighbour overrules it.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from coverage_engine.errors import PolicyError


@dataclass(frozen=True)
class FactDefinition:
    """事实: a named three-valued fact, the ledger column that tells it and the columns that show it.

    `deciding`: known where obligations are decided; the others are told of single enterprises afterwards.
    """

    key: str
    subject: str
    label: str
    clause: str
    columns: tuple[str, ...] = ()
    header: str = ""
    manual: bool = False
    label_en: str = ""
    deciding: bool = True


@dataclass(frozen=True)
class Named:
    """A fact by its name."""

    fact: str


@dataclass(frozen=True)
class Negated:
    """不: the opposite of a condition."""

    part: Condition


@dataclass(frozen=True)
class Joined:
    """都 or 任一: all (`every`) or any of the parts."""

    every: bool
    parts: tuple[Condition, ...]


Condition = Named | Negated | Joined


@cache
def parse_condition(text: str) -> Condition:
    """A condition such as `in_scope and (has_party or in_society)`.

    Raises:
        PolicyError: not of that form, or a fact stands twice.
    """
    try:
        parsed = _converted(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError) as error:
        raise PolicyError(f"条件写法不对：{text}", "条件只能由事实名和 and、or、not、括号组成。") from error
    names = facts_of(parsed)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise PolicyError(
            f"条件里 {'、'.join(twice)} 写了不止一次：{text}", "请改写条件，使每个事实只出现一次。"
        )
    return parsed


def facts_of(condition: Condition) -> list[str]:
    """The names of the facts in a condition, from left to right."""
    if isinstance(condition, Named):
        return [condition.fact]
    if isinstance(condition, Negated):
        return facts_of(condition.part)
    return [name for part in condition.parts for name in facts_of(part)]


def holds(condition: Condition, world: Mapping[str, bool]) -> bool:
    """The answer of a condition where every fact is known."""
    if isinstance(condition, Named):
        return world[condition.fact]
    if isinstance(condition, Negated):
        return not holds(condition.part, world)
    truths = (holds(part, world) for part in condition.parts)
    return all(truths) if condition.every else any(truths)


def _converted(node: ast.expr) -> Condition:
    if isinstance(node, ast.Name):
        return Named(node.id)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return Negated(_converted(node.operand))
    if isinstance(node, ast.BoolOp):
        return Joined(isinstance(node.op, ast.And), tuple(_converted(value) for value in node.values))
    raise ValueError(ast.dump(node))
