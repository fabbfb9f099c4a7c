"""Reads duties: their conditions, whom they bind, what they do to the obligation of an enterprise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec.structs import replace

from coverage_engine.content import Fault, Place, alike, refuse
from coverage_engine.errors import PolicyError
from coverage_engine.policy.conditions import FactDefinition, facts_of, parse_condition
from coverage_engine.policy.definitions import Duty
from coverage_engine.policy.entries import DutyEntry
from coverage_engine.policy.files import CALLED, Layer
from coverage_engine.policy.kinds import DUTY

_FOUNDED = "satisfied"
_CONDITIONS = ("applies", "met")


def read_duties(
    layer: Layer, as_of: date, facts: Mapping[str, FactDefinition], below: Mapping[str, Duty]
) -> dict[str, Duty]:
    """The duties of a file in force on a day, by their keys; `below` are those that it is laid over.

    Raises:
        PolicyError: names each fault with its line, and the remedy.
    """
    faults = [
        fault
        for each in layer.written(DUTY)
        for fault in _faults(_completed(each.entry, below), each.place, facts)
    ]
    refuse(
        faults,
        CALLED,
        "可用的事实名见 data/policy/facts.toml 和 data/facts/enterprises.toml；"
        "条件由事实名和 and、or、not、括号组成。",
    )
    return {each.entry.key: _duty(each.entry, below) for each in layer.in_force(DUTY, as_of)}


# ---------------------------------------------------------------------------------------------- private


def _completed(entry: DutyEntry, below: Mapping[str, Duty]) -> DutyEntry:
    """With what an entry leaves unsaid about obligations: as the duty that it replaces, or by its aim."""
    if entry.subject != "enterprise":
        return entry
    replaced = below.get(entry.key)
    if replaced is not None and replaced.subject == "enterprise":
        founding, standing = replaced.founding, replaced.standing
    else:
        founding, standing = "obliges" if entry.met.strip() == _FOUNDED else "apart", False
    return replace(
        entry,
        founding=founding if entry.founding is None else entry.founding,
        standing=standing if entry.standing is None else entry.standing,
    )


def _duty(entry: DutyEntry, below: Mapping[str, Duty]) -> Duty:
    completed = _completed(entry, below)
    conditions = {field: parse_condition(getattr(entry, field)) for field in _CONDITIONS}
    founding, standing = completed.founding or "apart", bool(completed.standing)
    return alike(Duty, completed, founding=founding, standing=standing, **conditions)


def _faults(entry: DutyEntry, place: Place, facts: Mapping[str, FactDefinition]) -> Iterator[Fault]:
    subjects = sorted({word for fact in facts.values() for word in fact.subject.split()} - {"listing"})
    if entry.subject not in subjects:
        yield place.fault("不认识", "subject", allowed=tuple(subjects), word=entry.subject)
    known = tuple(name for name, fact in facts.items() if entry.subject in fact.subject.split())
    conditions: dict[str, list[str]] = {}
    for field in _CONDITIONS:
        try:
            conditions[field] = facts_of(parse_condition(getattr(entry, field)))
        except PolicyError as error:
            yield place.fault(error.problem, field)
            continue
        for name in conditions[field]:
            if name not in known:
                yield place.fault(f"没有这样的事实：{name}", field, allowed=known, word=name)
    if entry.founding not in (None, "apart"):
        yield from _founding_faults(entry, place, facts, conditions)


def _founding_faults(
    entry: DutyEntry,
    place: Place,
    facts: Mapping[str, FactDefinition],
    conditions: Mapping[str, list[str]],
) -> Iterator[Fault]:
    if entry.subject != "enterprise":
        yield place.fault("只能写在企业（enterprise）的要求里", "founding")
        return
    for field, names in conditions.items():
        for name in names:
            if name in facts and not facts[name].deciding:
                problem = f'{name} 不能决定应建要求，请改用别的事实，或写明 founding = "apart"'
                yield place.fault(problem, field)
