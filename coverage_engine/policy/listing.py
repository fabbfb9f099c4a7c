"""Reads which enterprises become targets: tiers, the rules of listing in their order, points.

Their conditions name the facts of enterprises that are known where obligations are decided; rules and points
also the facts that follow from these (`subject = "listing"`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from coverage_engine.errors import PolicyError
from coverage_engine.policy.conditions import FactDefinition, facts_of, parse_condition
from coverage_engine.policy.definitions import Points, TargetRule, TierRule
from coverage_engine.policy.files import Entry, Written, meant, refuse

Facts = Mapping[str, FactDefinition]
_TIER = ("enterprise",)
_LISTING = ("enterprise", "listing")
_REMEDY = "可用的事实名见 data/policy/facts.toml，写法见 data/policy/targets.toml 和 priority.toml。"


def read_tiers(written: Sequence[Written], facts: Facts) -> tuple[TierRule, ...]:
    """The tiers in order.

    Raises:
        PolicyError: a condition is wrong or names a fact that is not known here.
    """
    _refuse(written, facts, _TIER)
    return tuple(TierRule(**_conditional(each.entry)) for each in written)


def read_points(written: Sequence[Written], facts: Facts) -> tuple[Points, ...]:
    """The points in order.

    Raises:
        PolicyError: a condition is wrong or names a fact that is not known here.
    """
    _refuse(written, facts, _LISTING)
    return tuple(Points(**_conditional(each.entry)) for each in written)


def read_targets(written: Sequence[Written], facts: Facts) -> tuple[TargetRule, ...]:
    """The rules of listing by their order; the last fits all, so that nobody is left without a reason.

    Raises:
        PolicyError: a condition or a reason is wrong, two rules share a place, or the last does not fit all.
    """
    _refuse(written, facts, _LISTING)
    ordered = sorted(written, key=lambda each: each.entry["order"])
    for name, faults in _by_file((each, fault) for each, fault in _order_faults(ordered)).items():
        refuse(name, faults, _REMEDY)
    return tuple(TargetRule(**_conditional(each.entry)) for each in ordered)


def elsewhere(entry: Entry) -> TargetRule:
    """Why enterprises outside the division of a plan are no targets."""
    return TargetRule("elsewhere", 0, False, entry["clause"], None, entry["words"], entry["words_en"])


# ---------------------------------------------------------------------------------------------- private


def _conditional(entry: Entry) -> Entry:
    known = {name: value for name, value in entry.items() if name not in ("valid_from", "valid_to")}
    return {**known, "applies": parse_condition(entry["applies"])} if "applies" in entry else known


def _refuse(written: Sequence[Written], facts: Facts, subjects: Sequence[str]) -> None:
    pairs = ((each, fault) for each in written for fault in _faults(each.entry, facts, subjects))
    for name, faults in _by_file(pairs).items():
        refuse(name, faults, _REMEDY)


def _by_file(pairs: Iterator[tuple[Written, str]]) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    for each, fault in pairs:
        faults.setdefault(each.file, []).append(each.fault(fault))
    return faults


def _faults(entry: Entry, facts: Facts, subjects: Sequence[str]) -> Iterator[str]:
    if "applies" not in entry:
        return
    known = [name for name, fact in facts.items() if fact.subject in subjects and fact.deciding]
    try:
        named = facts_of(parse_condition(entry["applies"]))
    except PolicyError as error:
        yield error.problem
        return
    for name in named:
        if name not in known:
            yield f"applies 里没有这样的事实：{name}（可写 {'、'.join(known)}{meant(name, known)}）"


def _order_faults(ordered: Sequence[Written]) -> Iterator[tuple[Written, str]]:
    last = len(ordered) - 1
    for at, each in enumerate(ordered):
        if at and ordered[at - 1].entry["order"] == each.entry["order"]:
            yield each, f"的 order 与 {ordered[at - 1].identity} 相同，请另给一个数"
        if not each.entry["listed"] and not each.entry.get("words"):
            yield each, "缺少 words（为什么不列入）"
        if at == last and ("applies" in each.entry or each.entry["listed"]):
            yield each, "排在最后，应对谁都适用（不写 applies，listed = false），请改小 order"
        if at < last and "applies" not in each.entry:
            shipped = each.file == "targets.toml"
            late = ordered[at + 1] if shipped else each
            yield (
                late,
                f"排在 {each.identity} 之后，永远轮不到，请改小 order"
                if shipped
                else "没有写 applies，谁都适用，只能排在最后",
            )
