"""Reads the policy content and lays planners' own files over it.

An overlay never edits the base: it is a file of `[[value]]` tables (and whole `[[duty]]` tables) whose keys
replace those of the base from their `valid_from` on. Every fault of a file is collected and told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from functools import cache
from pathlib import Path

from coverage_engine.arguments import DAY, checked, files
from coverage_engine.content import content_file
from coverage_engine.errors import PolicyError
from coverage_engine.model.firm_facts import firm_facts, header_of
from coverage_engine.policy.conditions import FactDefinition, facts_of, parse_condition
from coverage_engine.policy.definitions import (
    AskCost,
    Duty,
    Points,
    Policy,
    PolicyValue,
    RegistrationTable,
    Sector,
    SizeStep,
)
from coverage_engine.policy.files import Entry, checked_entries, in_force, line_of, parse
from coverage_engine.policy.scale import ScaleRule
from coverage_engine.policy.working_days import WorkingDays

_BASE = "notice_2019_17.toml"
_VALUE = ("key", "value", "clause", "valid_from")
_DUTY = (
    "key", "strength", "title", "clause", "quote", "condition", "evidence", "subject", "applies", "met",
    "valid_from",
)  # fmt: skip
_DUTY_FIELDS = frozenset(field.name for field in fields(Duty))
_STRENGTHS = frozenset({"must", "should", "encouraged"})
_FOUNDING = frozenset({"obliges", "supports", "apart"})
_FOUNDED = "satisfied"


@checked(as_of=DAY, overlays=files())
def load_policy(as_of: date, overlays: Sequence[Path] = ()) -> Policy:
    """The policy in force on a day, with the planners' files laid over it in order.

    Raises:
        ArgumentError: an argument of the wrong kind, or a day of no ledgers.
        PolicyError: a file is unreadable, a value lacks its clause or date, a key or fact is unknown.

    Source:
        `data/policy/*.toml`: every value and duty with its clause and date.

    Example:
        >>> load_policy(date(2019, 6, 15)).number("league_members_threshold")
        3
    """
    base_file = _file(_BASE)
    base = parse(base_file)
    values = {value.key: value for value in _values(base, base_file, as_of)}
    if not values:
        raise PolicyError(
            f"时点 {as_of} 早于政策 {base['name']} 的生效日期", "请用 --as-of 给出 2019-01-01 以后的日期。"
        )
    facts = _all_facts(_file("facts.toml"))
    duties = _duties(_file("duties.toml"), as_of, facts, {})
    known = {entry["key"] for entry in base["value"]}
    version = f"{base['name']} {base['version']}"
    for overlay in overlays:
        content = parse(overlay)
        _refuse_unknown_keys(content, known, overlay)
        values |= {value.key: value for value in _values(content, overlay, as_of)}
        duties |= _duties(overlay, as_of, facts, duties)
        version += f"+{content.get('version', overlay.stem)}"
    priority, scope = _file("priority.toml"), _file("scope.toml")
    content = parse(scope)
    return Policy(
        as_of=as_of,
        version=version,
        values=values,
        duties=tuple(sorted(duties.values(), key=lambda duty: int(duty.key[1:]))),
        points=tuple(Points(**entry) for entry in _clausal(priority, "points", "key")),
        size_steps=tuple(SizeStep(**entry) for entry in _clausal(priority, "size", "employees")),
        control_non_public=tuple(content["control"]["non_public"]),
        control_public=tuple(content["control"]["public"]),
        registration_tables=registration_tables(),
        sectors=tuple(_sector(entry) for entry in _clausal(scope, "sector", "key")),
        ask_costs=_ask_costs(scope),
        facts=facts,
        scale_rules=_scale_rules(_file("above_scale.toml"), as_of),
        working_days=_working_days(_file("working_days.toml")),
    )


@cache
def registration_tables() -> tuple[RegistrationTable, ...]:
    """The tables of 登记注册类型, whatever the day.

    Raises:
        PolicyError: the file is unreadable, or a table lacks its year or clause.
    """
    return tuple(_registration(entry) for entry in _clausal(_file("scope.toml"), "registration", "year"))


# ---------------------------------------------------------------------------------------------- private


def _file(name: str) -> Path:
    return content_file("data", "policy", name)


def _clausal(file: Path, table: str, key: str) -> list[Entry]:
    return checked_entries(parse(file), table, file, (key, "clause"))


def _values(content: Entry, file: Path, as_of: date) -> list[PolicyValue]:
    entries = in_force(checked_entries(content, "value", file, _VALUE), as_of)
    return [
        PolicyValue(
            entry["key"],
            entry["value"],
            str(entry.get("unit", "")),
            str(entry["clause"]),
            entry["valid_from"],
            entry.get("valid_to"),
            file.name,
        )
        for entry in entries
    ]


def _refuse_unknown_keys(content: Entry, known: Iterable[str], file: Path) -> None:
    entries = content.get("value", [])
    unknown = [
        f"第 {line_of(file, 'value', number)} 行 {entry['key']}"
        for number, entry in enumerate(entries)
        if entry.get("key") and entry["key"] not in set(known)
    ]
    if unknown:
        raise PolicyError(
            f"政策文件 {file.name} 里没有这样的参数：{'、'.join(unknown)}",
            "可用的参数见 data/policy/notice_2019_17.toml。",
        )


def _facts(file: Path) -> dict[str, FactDefinition]:
    entries = checked_entries(parse(file), "fact", file, ("key", "subject", "label", "clause"))
    return {
        entry["key"]: FactDefinition(**{**entry, "columns": tuple(entry.get("columns", ()))})
        for entry in entries
    }


def _all_facts(file: Path) -> dict[str, FactDefinition]:
    """The facts that conditions may name: those of the policy and the plain ones of a firm, each once."""
    computed, plain = _facts(file), _plain_facts()
    if twice := sorted(set(computed) & set(plain)):
        raise PolicyError(
            f"政策文件 {file.name} 和企业的事实登记表都登记了：{'、'.join(twice)}", "请只留其中一处。"
        )
    return {**computed, **plain}


def _plain_facts() -> dict[str, FactDefinition]:
    """The facts that stand in a column of the 企业台账, from the registry of the firm's facts."""
    return {
        key: FactDefinition(
            key,
            "enterprise",
            str(fact.label["zh"]),
            str(fact.duty["clause"]),
            (fact.column,),
            header_of(fact),
            label_en=str(fact.label["en"]),
        )
        for key, fact in firm_facts().items()
        if fact.duty is not None and fact.label is not None
    }


def _ask_costs(scope: Path) -> tuple[AskCost, ...]:
    """What asking costs, cheapest first: of the facts in the policy's list, then of the plain ones."""
    listed = [AskCost(**entry) for entry in _clausal(scope, "ask", "fact")]
    plain = (
        AskCost(header_of(fact), clause=str(fact.duty["clause"]), **fact.duty["ask"])
        for fact in firm_facts().values()
        if fact.duty is not None and "ask" in fact.duty
    )
    return tuple(sorted((*listed, *plain), key=lambda ask: ask.cost))


def _duties(
    file: Path, as_of: date, facts: Mapping[str, FactDefinition], below: Mapping[str, Duty]
) -> dict[str, Duty]:
    written = checked_entries(parse(file), "duty", file, _DUTY)
    entries = [{**_founding(entry, below.get(entry["key"])), **entry} for entry in written]
    faults: list[str] = []
    for number, entry in enumerate(entries):
        faults += [
            f"第 {line_of(file, 'duty', number)} 行 {entry['key']} {fault}"
            for fault in _duty_faults(entry, facts)
        ]
    if faults:
        raise PolicyError(
            f"政策文件 {file.name} 有误：" + "；".join(faults),
            "可用的事实名见 data/policy/facts.toml 和 data/facts/enterprises.toml；"
            "条件由事实名和 and、or、not、括号组成。",
        )
    return {entry["key"]: _duty(entry) for entry in in_force(entries, as_of)}


def _duty_faults(entry: Entry, facts: Mapping[str, FactDefinition]) -> list[str]:
    faults = [] if entry["strength"] in _STRENGTHS else [f"力度 {entry['strength']} 不认识"]
    faults += [f"没有这样的项：{name}" for name in entry if name not in _DUTY_FIELDS]
    if not (entry["key"][:1] == "R" and entry["key"][1:].isdigit()):
        faults.append("编号应为 R 加数字")
    for field in ("applies", "met"):
        try:
            named = facts_of(parse_condition(entry[field]))
        except PolicyError as error:
            faults.append(error.problem)
            continue
        known = {name for name, fact in facts.items() if entry["subject"] in fact.subject.split()}
        faults += [f"{field} 里没有这样的事实：{name}" for name in named if name not in known]
    return faults + _founding_faults(entry, facts)


def _founding(entry: Entry, below: Duty | None) -> Entry:
    """What an entry that does not say it does to obligations: as the duty that it replaces, or by its aim."""
    if entry["subject"] != "enterprise":
        return {}
    if below is not None and below.subject == "enterprise":
        return {"founding": below.founding, "standing": below.standing}
    return {"founding": "obliges" if entry["met"].strip() == _FOUNDED else "apart"}


def _founding_faults(entry: Entry, facts: Mapping[str, FactDefinition]) -> list[str]:
    role = entry.get("founding", "apart")
    if role not in _FOUNDING or not isinstance(entry.get("standing", False), bool):
        return [f"founding 只能写 {'、'.join(sorted(_FOUNDING))}，standing 只能写 true 或 false"]
    if role == "apart":
        return []
    if entry["subject"] != "enterprise":
        return ["founding 只能写在企业（enterprise）的要求里"]
    try:
        named = {name for field in ("applies", "met") for name in facts_of(parse_condition(entry[field]))}
    except PolicyError:
        return []
    late = [name for name in sorted(named) if name in facts and not facts[name].deciding]
    return [f'{name} 不能决定应建要求，请改用别的事实，或写明 founding = "apart"' for name in late]


def _duty(entry: Entry) -> Duty:
    conditions = {field: parse_condition(entry[field]) for field in ("applies", "met")}
    return Duty(**{**entry, **conditions})


def _sector(entry: Entry) -> Sector:
    return Sector(**{**entry, "prefixes": tuple(entry["prefixes"])})


def _registration(entry: Entry) -> RegistrationTable:
    return RegistrationTable(
        year=int(entry["year"]),
        non_public=tuple(entry["non_public"]),
        non_public_prefixes=tuple(entry["non_public_prefixes"]),
        public=tuple(entry["public"]),
        mixed=tuple(entry["mixed"]),
        clause=str(entry["clause"]),
    )


def _scale_rules(file: Path, as_of: date) -> tuple[ScaleRule, ...]:
    entries = checked_entries(parse(file), "rule", file, ("codes", "label", "kind", "clause", "valid_from"))
    return tuple(ScaleRule(**{**entry, "codes": tuple(entry["codes"])}) for entry in in_force(entries, as_of))


def _working_days(file: Path) -> WorkingDays:
    years = _clausal(file, "year", "year")
    return WorkingDays(
        frozenset(day for entry in years for day in entry["holidays"]),
        frozenset(day for entry in years for day in entry["worked"]),
        frozenset(int(entry["year"]) for entry in years),
        {int(entry["year"]): str(entry["clause"]) for entry in years},
    )
