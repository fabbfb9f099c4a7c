"""Reads which enterprises become targets: tiers, the rules of listing in their order, points.

Their conditions name the facts of enterprises that are known where obligations are decided; rules and points
also the facts that follow from these (`subject = "listing"`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from coverage_engine.content import Fault, alike, refuse
from coverage_engine.errors import PolicyError
from coverage_engine.policy.conditions import FactDefinition, facts_of, parse_condition
from coverage_engine.policy.definitions import Points, TargetRule, TierRule
from coverage_engine.policy.entries import PointsEntry, TargetEntry, TierEntry
from coverage_engine.policy.files import CALLED, Placed

E = TypeVar("E", PointsEntry, TargetEntry, TierEntry)

Facts = Mapping[str, FactDefinition]
_TIER = ("enterprise",)
_LISTING = ("enterprise", "listing")
_REMEDY = "可用的事实名见 data/policy/facts.toml，写法见 data/policy/targets.toml 和 priority.toml。"


def read_tiers(written: Sequence[Placed[TierEntry]], facts: Facts) -> tuple[TierRule, ...]:
    """The tiers in order.

    Raises:
        PolicyError: a condition is wrong or names a fact that is not known here.
    """
    refuse([*_faults(written, facts, _TIER)], CALLED, _REMEDY)
    return tuple(alike(TierRule, each.entry, applies=parse_condition(each.entry.applies)) for each in written)


def read_points(written: Sequence[Placed[PointsEntry]], facts: Facts) -> tuple[Points, ...]:
    """The points in order.

    Raises:
        PolicyError: a condition is wrong or names a fact that is not known here.
    """
    refuse([*_faults(written, facts, _LISTING)], CALLED, _REMEDY)
    return tuple(alike(Points, each.entry, applies=parse_condition(each.entry.applies)) for each in written)


def read_targets(written: Sequence[Placed[TargetEntry]], facts: Facts) -> tuple[TargetRule, ...]:
    """The rules of listing by their order; the last fits all, so that nobody is left without a reason.

    Raises:
        PolicyError: a condition or a reason is wrong, two rules share a place, or the last does not fit all.
    """
    ordered = sorted(written, key=lambda each: each.entry.order)
    refuse([*_faults(written, facts, _LISTING), *_order_faults(ordered)], CALLED, _REMEDY)
    return tuple(
        alike(
            TargetRule,
            each.entry,
            applies=parse_condition(each.entry.applies) if each.entry.applies is not None else None,
        )
        for each in ordered
    )


def elsewhere(part: Mapping[str, str]) -> TargetRule:
    """Why enterprises outside the division of a plan are no targets."""
    return TargetRule("elsewhere", 0, False, part["clause"], None, part["words"], part["words_en"])


# ---------------------------------------------------------------------------------------------- private


def _faults(written: Sequence[Placed[E]], facts: Facts, subjects: Sequence[str]) -> Iterator[Fault]:
    known = tuple(name for name, fact in facts.items() if fact.subject in subjects and fact.deciding)
    for each in written:
        if each.entry.applies is None:
            continue
        try:
            named = facts_of(parse_condition(each.entry.applies))
        except PolicyError as error:
            yield each.place.fault(error.problem, "applies")
            continue
        for name in named:
            if name not in known:
                yield each.place.fault(f"没有这样的事实：{name}", "applies", allowed=known, word=name)


def _order_faults(ordered: Sequence[Placed[TargetEntry]]) -> Iterator[Fault]:
    last = len(ordered) - 1
    for at, each in enumerate(ordered):
        entry = each.entry
        if at and ordered[at - 1].entry.order == entry.order:
            problem = f"与 {ordered[at - 1].identity} 的 order 相同，请另给一个数"
            yield each.place.fault(problem, "order")
        if not entry.listed and not entry.words:
            yield each.place.fault("缺少这一项（为什么不列入）", "words")
        if at == last and (entry.applies is not None or entry.listed):
            problem = "排在最后，应对谁都适用（不写 applies，listed = false），请改小 order"
            yield each.place.fault(problem, "order")
        if at < last and entry.applies is None and each.file != "targets.toml":
            yield each.place.fault("没有写 applies，谁都适用，只能排在最后", "applies")
        elif at < last and entry.applies is None:
            problem = f"排在 {each.identity} 之后，永远轮不到，请改小 order"
            yield ordered[at + 1].place.fault(problem, "order")
