"""Reads the policy content and lays planners' own files over it.

An overlay never edits the base: it is a file of entries of the same form, each of which replaces that of the
same key, or is new, from its `valid_from` on. Every kind of entry may be laid over (`policy.kinds`); what
could not take effect is refused. Every fault of a file is collected and named at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from coverage_engine.arguments import DAY, checked, files
from coverage_engine.content import alike, content_file
from coverage_engine.errors import PolicyError
from coverage_engine.model.firm_facts import firm_facts, header_of
from coverage_engine.policy.conditions import FactDefinition
from coverage_engine.policy.definitions import (
    AskCost,
    Document,
    Duty,
    Policy,
    PolicyValue,
    RegistrationTable,
    Sector,
    SizeStep,
)
from coverage_engine.policy.duties import read_duties
from coverage_engine.policy.files import Entry, PolicyFile, Written, meant, read_policy_file, refuse
from coverage_engine.policy.kinds import KINDS, Kind
from coverage_engine.policy.listing import elsewhere, read_points, read_targets, read_tiers
from coverage_engine.policy.scale import ScaleRule
from coverage_engine.policy.stated_values import duty_stating, stating
from coverage_engine.policy.working_days import WorkingDays

_BASE = "notice_2019_17.toml"
_DATES = ("valid_from", "valid_to")
_JOINT, _WITH_JOINT = "joint_satisfies_establishment", ("label_with_joint", "label_with_joint_en")
Layers = Sequence[PolicyFile]


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
    base = _base()
    if not base.in_force("value", as_of):
        raise PolicyError(
            f"时点 {as_of} 早于政策 {base.content['name']} 的生效日期",
            "请用 --as-of 给出 2019-01-01 以后的日期。",
        )
    layers = [base, *(read_policy_file(overlay, overlay=True) for overlay in overlays)]
    for layer in layers[1:]:
        _refuse_strangers(layer, base)
    listed = {kind.table: _laid(kind.table, layers, as_of) for kind in KINDS}
    sectors = tuple(Sector(**_lists(each.entry)) for each in listed["sector"])
    values = _values(listed["value"])
    facts = _facts(listed["fact"], sectors, values)
    control = _single("control", layers)
    return Policy(
        as_of=as_of,
        version=_version(layers),
        documents=_documents(layers),
        values=values,
        duties=tuple(duty_stating(duty, values, _BASE) for duty in _duties(layers, as_of, facts)),
        tiers=read_tiers(listed["tier"], facts),
        targets=read_targets(listed["target"], facts),
        elsewhere=elsewhere(_single("elsewhere", layers)),
        points=read_points(listed["points"], facts),
        size_steps=tuple(SizeStep(**_undated(each.entry)) for each in listed["size"]),
        control_non_public=tuple(control["non_public"]),
        control_public=tuple(control["public"]),
        registration_tables=tuple(RegistrationTable(**_lists(each.entry)) for each in listed["registration"]),
        sectors=sectors,
        ask_costs=_ask_costs(listed["ask"]),
        facts=facts,
        scale_rules=_scale_rules(layers, as_of),
        working_days=_working_days(listed["year"]),
    )


@cache
def registration_tables() -> tuple[RegistrationTable, ...]:
    """The shipped tables of 登记注册类型, whatever the day.

    Raises:
        PolicyError: the file is unreadable, or a table lacks its year or clause.
    """
    return tuple(RegistrationTable(**_lists(each.entry)) for each in _base().entries["registration"])


# ---------------------------------------------------------------------------------------------- private


def _base() -> PolicyFile:
    """The shipped files as one."""
    read = {
        name: read_policy_file(content_file("data", "policy", name), overlay=False)
        for name in dict.fromkeys((_BASE, *(kind.file for kind in KINDS)))
    }
    content = {name: value for file in read.values() for name, value in file.content.items()}
    return PolicyFile(_BASE, content, {kind.table: read[kind.file].entries[kind.table] for kind in KINDS})


def _refuse_strangers(layer: PolicyFile, base: PolicyFile) -> None:
    """Refuses new entries of kinds that have none, and values of another type than the notice's."""
    faults = []
    for kind in KINDS:
        known = {each.identity: each.entry for each in base.entries[kind.table]}
        for each in layer.entries[kind.table]:
            if each.identity in known:
                faults += _type_faults(each, known[each.identity])
            elif not kind.adds:
                faults.append(_stranger(each, kind, [str(name) for name in known]))
    refuse(layer.name, faults)


def _stranger(each: Written, kind: Kind, known: Sequence[str]) -> str:
    see = f"可用的见 data/policy/{kind.file}{meant(str(each.identity), known)}"
    return f"没有这样的{kind.called}：第 {each.line} 行 {each.identity}（{see}）"


def _type_faults(each: Written, base: Entry) -> list[str]:
    if "value" not in base or type(each.entry["value"]) is type(base["value"]):
        return []
    wanted = {int: "整数", bool: " true 或 false"}.get(type(base["value"]), "文字")
    return [each.fault(f"应为{wanted}，现为 {each.entry['value']!r}")]


def _laid(table: str, layers: Layers, as_of: date) -> list[Written]:
    """The entries in force: those of a later file stand in the place of the same ones before."""
    known: dict[object, Written] = {}
    for layer in layers:
        for each in layer.in_force(table, as_of):
            before = known.get(each.identity)
            known[each.identity] = _named_anew(before, each) if before and table == "fact" else each
    return list(known.values())


def _named_anew(fact: Written, laid: Written) -> Written:
    """A fact under the labels laid over it; what it is stays."""
    rest = {name: value for name, value in fact.entry.items() if name not in _WITH_JOINT}
    return replace(laid, entry={**rest, **laid.entry})


def _single(name: str, layers: Layers) -> Entry:
    return {field: value for layer in layers for field, value in layer.content.get(name, {}).items()}


def _version(layers: Layers) -> str:
    """Number and version of the notice, then of each file laid over it."""
    base, *overlays = layers
    words = [f"{base.content['name']} {base.content['version']}"]
    for layer in overlays:
        named = [layer.content[word] for word in ("name", "version") if word in layer.content]
        words.append(" ".join(named) or Path(layer.name).stem)
    return "+".join(words)


def _documents(layers: Layers) -> tuple[Document, ...]:
    """What papers cite: the notice and the numbers laid over it; a file with a title is the notice itself."""
    cited: list[Document] = []
    for layer in layers:
        if "name" in layer.content:
            document = Document(layer.content["name"], layer.content.get("title", ""))
            cited = [document] if document.title else [*cited, document]
    return tuple(cited)


def _undated(entry: Entry) -> Entry:
    return {name: value for name, value in entry.items() if name not in _DATES}


def _lists(entry: Entry) -> Entry:
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in _undated(entry).items()
    }


def _values(listed: Sequence[Written]) -> dict[str, PolicyValue]:
    return {
        each.entry["key"]: PolicyValue(
            each.entry["key"],
            each.entry["value"],
            str(each.entry.get("unit", "")),
            each.entry["clause"],
            each.entry["valid_from"],
            each.entry.get("valid_to"),
            each.file,
        )
        for each in listed
    }


def _duties(layers: Layers, as_of: date, facts: Mapping[str, FactDefinition]) -> tuple[Duty, ...]:
    known: dict[str, Duty] = {}
    for layer in layers:
        known |= read_duties(layer, as_of, facts, known)
    return tuple(sorted(known.values(), key=lambda duty: int(duty.key[1:])))


def _facts(
    listed: Sequence[Written], sectors: Sequence[Sector], values: Mapping[str, PolicyValue]
) -> dict[str, FactDefinition]:
    """The facts by their keys; their labels name the sectors, the values, and what counts as founded."""
    joint_counts = values[_JOINT].value is True
    chinese = "、".join(sector.label for sector in sectors)
    *names, last = [sector.label_en or sector.label for sector in sectors]
    english = f"{', '.join(names)} or {last}" if names else last
    computed = {each.entry["key"]: FactDefinition(**_labelled(each.entry, joint_counts)) for each in listed}
    plain = _plain_facts()
    if twice := sorted(set(computed) & set(plain)):
        raise PolicyError(
            f"政策文件 facts.toml 和企业的事实登记表都登记了：{'、'.join(twice)}", "请只留其中一处。"
        )
    facts = computed | plain
    return {
        key: replace(
            fact,
            label=stating(fact.label.replace("{sectors}", chinese), values),
            label_en=stating(fact.label_en.replace("{sectors}", english), values),
        )
        for key, fact in facts.items()
    }


def _labelled(entry: Entry, joint_counts: bool) -> Entry:
    entry = _lists(entry)
    with_joint = [entry.pop(name, None) for name in _WITH_JOINT]
    labels = dict(zip(("label", "label_en"), with_joint, strict=True)) if joint_counts else {}
    return {**entry, **{name: label for name, label in labels.items() if label}}


def _plain_facts() -> dict[str, FactDefinition]:
    """The facts that stand in a column of the 企业台账, from the registry of the firm's facts."""
    return {
        key: FactDefinition(
            key,
            "enterprise",
            fact.label.zh,
            fact.duty.clause,
            (fact.column,),
            header_of(fact),
            label_en=fact.label.en,
        )
        for key, fact in firm_facts().items()
        if fact.duty is not None and fact.label is not None
    }


def _ask_costs(listed: Sequence[Written]) -> tuple[AskCost, ...]:
    """What asking costs, cheapest first: of the facts in the policy's list, then of the plain ones."""
    costs = (AskCost(**_undated(each.entry)) for each in listed)
    plain = (
        alike(AskCost, fact.duty.ask, fact=header_of(fact), clause=fact.duty.clause)
        for fact in firm_facts().values()
        if fact.duty is not None and fact.duty.ask is not None
    )
    return tuple(sorted((*costs, *plain), key=lambda ask: ask.cost))


def _scale_rules(layers: Layers, as_of: date) -> tuple[ScaleRule, ...]:
    """The lines in force: of an industry that a later file names, the earlier lines no longer hold."""
    rules: list[ScaleRule] = []
    for layer in layers:
        named = [each.entry for each in layer.in_force("rule", as_of)]
        taken = {code for entry in named for code in entry["codes"]}
        left = (
            replace(rule, codes=tuple(code for code in rule.codes if code not in taken)) for rule in rules
        )
        laid = (ScaleRule(**{**entry, "codes": tuple(entry["codes"])}) for entry in named)
        rules = [*(rule for rule in left if rule.codes), *laid]
    return tuple(rules)


def _working_days(listed: Sequence[Written]) -> WorkingDays:
    years = [each.entry for each in listed]
    return WorkingDays(
        frozenset(day for entry in years for day in entry["holidays"]),
        frozenset(day for entry in years for day in entry["worked"]),
        frozenset(entry["year"] for entry in years),
        {entry["year"]: entry["clause"] for entry in years},
    )
