"""Reads the policy content and lays planners' own files over it.

An overlay never edits the base: it is a file of entries of the same form, each of which replaces that of the
same key, or is new, from its `valid_from` on. Every kind of entry may be laid over (`policy.kinds`); what
could not take effect is refused. Every fault of a file is collected and named at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct, structs

from coverage_engine.arguments import DAY, checked, files
from coverage_engine.content import Fault, alike, content_file, refuse
from coverage_engine.errors import PolicyError
from coverage_engine.model.firm_facts import firm_facts, header_of
from coverage_engine.policy import kinds
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
from coverage_engine.policy.entries import AskEntry, FactEntry, FactWords, ValueEntry, YearEntry
from coverage_engine.policy.files import CALLED, Layer, Placed, read_layer
from coverage_engine.policy.kinds import KINDS, Kind
from coverage_engine.policy.listing import elsewhere, read_points, read_targets, read_tiers
from coverage_engine.policy.scale import ScaleRule
from coverage_engine.policy.stated_values import duty_stating, stating
from coverage_engine.policy.working_days import WorkingDays

E = TypeVar("E")

_BASE = "notice_2019_17.toml"
_JOINT = "joint_satisfies_establishment"
Layers = Sequence[Layer]


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
    if not base.in_force(kinds.VALUE, as_of):
        raise PolicyError(
            f"时点 {as_of} 早于政策 {base.head['name']} 的生效日期",
            "请用 --as-of 给出 2019-01-01 以后的日期。",
        )
    layers = [base, *(read_layer(overlay, overlay=True) for overlay in overlays)]
    for layer in layers[1:]:
        _refuse_strangers(layer, base)
    sectors = tuple(alike(Sector, each.entry) for each in _laid(kinds.SECTOR, layers, as_of))
    values = _values(_laid(kinds.VALUE, layers, as_of))
    facts = _facts(_laid_facts(layers, as_of), sectors, values)
    control = _single("control", layers)
    return Policy(
        as_of=as_of,
        version=_version(layers),
        documents=_documents(layers),
        values=values,
        duties=tuple(duty_stating(duty, values, _BASE) for duty in _duties(layers, as_of, facts)),
        tiers=read_tiers(_laid(kinds.TIER, layers, as_of), facts),
        targets=read_targets(_laid(kinds.TARGET, layers, as_of), facts),
        elsewhere=elsewhere(_single("elsewhere", layers)),
        points=read_points(_laid(kinds.POINTS, layers, as_of), facts),
        size_steps=tuple(alike(SizeStep, each.entry) for each in _laid(kinds.SIZE, layers, as_of)),
        control_non_public=control["non_public"],
        control_public=control["public"],
        registration_tables=tuple(
            alike(RegistrationTable, each.entry) for each in _laid(kinds.REGISTRATION, layers, as_of)
        ),
        sectors=sectors,
        ask_costs=_ask_costs(_laid(kinds.ASK, layers, as_of)),
        facts=facts,
        scale_rules=_scale_rules(layers, as_of),
        working_days=_working_days(_laid(kinds.YEAR, layers, as_of)),
    )


@cache
def registration_tables() -> tuple[RegistrationTable, ...]:
    """The shipped tables of 登记注册类型, whatever the day.

    Raises:
        PolicyError: the file is unreadable, or a table lacks its year or clause.
    """
    return tuple(alike(RegistrationTable, each.entry) for each in _base().written(kinds.REGISTRATION))


# ---------------------------------------------------------------------------------------------- private


def _base() -> Layer:
    """The shipped files as one."""
    read = {
        name: read_layer(content_file("data", "policy", name), overlay=False)
        for name in dict.fromkeys((_BASE, *(kind.file for kind in KINDS)))
    }
    singles = {name: part for layer in read.values() for name, part in layer.singles.items()}
    entries = {kind.table: read[kind.file].entries[kind.table] for kind in KINDS}
    return Layer(_BASE, read[_BASE].head, singles, entries)


def _refuse_strangers(layer: Layer, base: Layer) -> None:
    """Refuses new entries of kinds that have none, and values of another type than the notice's."""
    faults = list[Fault]()
    for kind in KINDS:
        known = {each.identity: each.entry for each in base.written(kind)}
        for each in layer.written(kind):
            if each.identity in known:
                faults += _type_faults(each, known[each.identity])
            elif not kind.adds:
                faults.append(_stranger(each, kind, tuple(str(name) for name in known)))
    refuse(faults, CALLED, "请按上面的行号和键名逐项改正；写法见 data/policy 里的同类文件。")


def _stranger(each: Placed[Any], kind: Kind[Any], known: tuple[str, ...]) -> Fault:
    problem = f"没有这样的{kind.called}：{each.identity}，可用的见 data/policy/{kind.file}"
    return each.place.fault(problem, kind.identity, allowed=known, word=str(each.identity))


def _type_faults(each: Placed[Any], base: object) -> Iterator[Fault]:
    if isinstance(base, ValueEntry) and type(each.entry.value) is not type(base.value):
        wanted = {int: "整数", bool: " true 或 false"}.get(type(base.value), "文字")
        yield each.place.fault(f"应为{wanted}，现为 {each.entry.value!r}", "value")


def _laid(kind: Kind[E], layers: Layers, as_of: date) -> list[Placed[E]]:
    """The entries in force: those of a later file stand in the place of the same ones before."""
    known = {each.identity: each for layer in layers for each in layer.in_force(kind, as_of)}
    return list(known.values())


def _laid_facts(layers: Layers, as_of: date) -> list[FactEntry]:
    """The facts in force under the labels laid over them; what a fact is stays."""
    base, *overlays = layers
    facts = {each.entry.key: each.entry for each in base.in_force(kinds.FACT, as_of)}
    for words in (each.entry for layer in overlays for each in layer.entries["fact"]):
        facts[words.key] = _named_anew(facts[words.key], words)
    return list(facts.values())


def _named_anew(fact: FactEntry, words: FactWords) -> FactEntry:
    return structs.replace(
        fact,
        label=words.label,
        label_en=fact.label_en if words.label_en is None else words.label_en,
        label_with_joint="",
        label_with_joint_en="",
        clause=words.clause,
    )


def _single(name: str, layers: Layers) -> dict[str, Any]:
    """A table that stands once: what a later file says of it stands in the place of what was said before."""
    parts = [part for layer in layers if isinstance(part := layer.singles.get(name), Struct)]
    return {
        field: value for part in parts for field, value in structs.asdict(part).items() if value is not None
    }


def _version(layers: Layers) -> str:
    """Number and version of the notice, then of each file laid over it."""
    base, *overlays = layers
    words = [f"{base.head['name']} {base.head['version']}"]
    for layer in overlays:
        named = [layer.head[word] for word in ("name", "version") if word in layer.head]
        words.append(" ".join(named) or Path(layer.name).stem)
    return "+".join(words)


def _documents(layers: Layers) -> tuple[Document, ...]:
    """What papers cite: the notice and the numbers laid over it; a file with a title is the notice itself."""
    cited: list[Document] = []
    for layer in layers:
        if "name" in layer.head:
            document = Document(layer.head["name"], layer.head.get("title", ""))
            cited = [document] if document.title else [*cited, document]
    return tuple(cited)


def _values(listed: Sequence[Placed[ValueEntry]]) -> dict[str, PolicyValue]:
    return {each.entry.key: alike(PolicyValue, each.entry, file=each.file) for each in listed}


def _duties(layers: Layers, as_of: date, facts: Mapping[str, FactDefinition]) -> tuple[Duty, ...]:
    known: dict[str, Duty] = {}
    for layer in layers:
        known |= read_duties(layer, as_of, facts, known)
    return tuple(sorted(known.values(), key=lambda duty: int(duty.key[1:])))


def _facts(
    listed: Sequence[FactEntry], sectors: Sequence[Sector], values: Mapping[str, PolicyValue]
) -> dict[str, FactDefinition]:
    """The facts by their keys; their labels name the sectors, the values, and what counts as founded."""
    joint_counts = values[_JOINT].value is True
    chinese = "、".join(sector.label for sector in sectors)
    *names, last = [sector.label_en or sector.label for sector in sectors]
    english = f"{', '.join(names)} or {last}" if names else last
    computed = {entry.key: _labelled(entry, joint_counts) for entry in listed}
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


def _labelled(entry: FactEntry, joint_counts: bool) -> FactDefinition:
    if not joint_counts:
        return alike(FactDefinition, entry)
    label, english = entry.label_with_joint or entry.label, entry.label_with_joint_en or entry.label_en
    return alike(FactDefinition, entry, label=label, label_en=english)


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


def _ask_costs(listed: Sequence[Placed[AskEntry]]) -> tuple[AskCost, ...]:
    """What asking costs, cheapest first: of the facts in the policy's list, then of the plain ones."""
    costs = (alike(AskCost, each.entry) for each in listed)
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
        named = [each.entry for each in layer.in_force(kinds.RULE, as_of)]
        taken = {code for entry in named for code in entry.codes}
        left = (
            replace(rule, codes=tuple(code for code in rule.codes if code not in taken)) for rule in rules
        )
        laid = (alike(ScaleRule, entry) for entry in named)
        rules = [*(rule for rule in left if rule.codes), *laid]
    return tuple(rules)


def _working_days(listed: Sequence[Placed[YearEntry]]) -> WorkingDays:
    years = [each.entry for each in listed]
    return WorkingDays(
        frozenset(day for entry in years for day in entry.holidays),
        frozenset(day for entry in years for day in entry.worked),
        frozenset(entry.year for entry in years),
        {entry.year: entry.clause for entry in years},
    )
