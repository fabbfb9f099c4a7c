"""Reads duties: their conditions, whom they bind, what they do to the obligation of an enterprise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from coverage_engine.errors import PolicyError
from coverage_engine.policy.conditions import FactDefinition, facts_of, parse_condition
from coverage_engine.policy.definitions import Duty
from coverage_engine.policy.files import Entry, PolicyFile, Written, meant, refuse

_STRENGTHS = ("encouraged", "must", "should")
_FOUNDING = ("apart", "obliges", "supports")
_FOUNDED = "satisfied"


def read_duties(
    file: PolicyFile, as_of: date, facts: Mapping[str, FactDefinition], below: Mapping[str, Duty]
) -> dict[str, Duty]:
    """The duties of a file in force on a day, by their keys; `below` are those that it is laid over.

    Raises:
        PolicyError: names each fault with its line, and the remedy.
    """
    written = file.entries.get("duty", ())
    subjects = {word for fact in facts.values() for word in fact.subject.split()} - {"listing"}
    faults = [
        each.fault(fault)
        for each in written
        for fault in _faults(_completed(each.entry, below), facts, sorted(subjects))
    ]
    refuse(
        file.name,
        faults,
        "可用的事实名见 data/policy/facts.toml 和 data/facts/enterprises.toml；"
        "条件由事实名和 and、or、not、括号组成。",
    )
    return {str(each.identity): _duty(each, below) for each in file.in_force("duty", as_of)}


# ---------------------------------------------------------------------------------------------- private


def _completed(entry: Entry, below: Mapping[str, Duty]) -> Entry:
    """With what an entry leaves unsaid about obligations: as the duty that it replaces, or by its aim."""
    if entry["subject"] != "enterprise":
        return entry
    replaced = below.get(entry["key"])
    if replaced is not None and replaced.subject == "enterprise":
        return {"founding": replaced.founding, "standing": replaced.standing, **entry}
    return {"founding": "obliges" if entry["met"].strip() == _FOUNDED else "apart", **entry}


def _duty(each: Written, below: Mapping[str, Duty]) -> Duty:
    conditions = {field: parse_condition(each.entry[field]) for field in ("applies", "met")}
    return Duty(**{**_completed(each.entry, below), **conditions})


def _faults(entry: Entry, facts: Mapping[str, FactDefinition], subjects: Sequence[str]) -> Iterator[str]:
    if entry["strength"] not in _STRENGTHS:
        yield f"力度 {entry['strength']} 不认识（可写 {'、'.join(_STRENGTHS)}）"
    if not (entry["key"][:1] == "R" and entry["key"][1:].isdigit()):
        yield "编号应为 R 加数字"
    if entry["subject"] not in subjects:
        may = f"可写 {'、'.join(subjects)}{meant(entry['subject'], subjects)}"
        yield f"subject {entry['subject']} 不认识（{may}）"
    known = [name for name, fact in facts.items() if entry["subject"] in fact.subject.split()]
    for field in ("applies", "met"):
        try:
            named = facts_of(parse_condition(entry[field]))
        except PolicyError as error:
            yield error.problem
            continue
        for name in named:
            if name not in known:
                yield f"{field} 里没有这样的事实：{name}{meant(name, known)}"
    yield from _founding_faults(entry, facts)


def _founding_faults(entry: Entry, facts: Mapping[str, FactDefinition]) -> Iterator[str]:
    role = entry.get("founding", "apart")
    if role not in _FOUNDING:
        yield f"founding 只能写 {'、'.join(_FOUNDING)}"
        return
    if role == "apart":
        return
    if entry["subject"] != "enterprise":
        yield "founding 只能写在企业（enterprise）的要求里"
        return
    try:
        named = {name for field in ("applies", "met") for name in facts_of(parse_condition(entry[field]))}
    except PolicyError:
        return
    for name in sorted(named):
        if name in facts and not facts[name].deciding:
            yield f'{name} 不能决定应建要求，请改用别的事实，或写明 founding = "apart"'
