"""Reads every fact that a path may look at: those of `paths/facts.toml` and the plain ones of a firm."""

from __future__ import annotations

from typing import Any

from coverage_engine.model.firm_facts import firm_facts
from coverage_engine.recommend.content_fields import ContentFields
from coverage_engine.recommend.definitions import Consequence, Fact, Words

KINDS = ("flag", "count", "share")
DIRECTIONS = ("up", "down", "either")


def plain_entries() -> dict[str, dict[str, Any]]:
    """The plain facts of a firm that paths may name, as entries of `paths/facts.toml`."""
    return {
        key: {
            "label": fact.label,
            "kind": fact.kind,
            "ledger": "enterprises",
            "cell": f"enterprise.{fact.column}",
            **fact.path,
        }
        for key, fact in firm_facts().items()
        if fact.path is not None
    }


def read_facts(fields: ContentFields, plain: ContentFields) -> dict[str, Fact]:
    """All facts by key, the plain ones last; faults are noted in the fields."""
    facts: dict[str, Fact] = {}
    for given in (fields, plain):
        for key, table in given.named_tables():
            if key in facts:
                given.fault(key, "这个事实登记了两次")
            facts[key] = _read_fact(key, table)
    for fact in facts.values():
        if fact.needs is not None and (fact.needs not in facts or facts[fact.needs].kind != "flag"):
            fields.fault(fact.key, f"needs 中的事实 {fact.needs} 未登记，或不是“是/否”")
        for consequence in fact.consequences:
            if consequence.fact not in facts:
                fields.fault(fact.key, f"consequences 中的事实 {consequence.fact} 未登记")
    return facts


def _read_fact(key: str, fields: ContentFields) -> Fact:
    kind = fields.one_of("kind", KINDS)
    low, high = fields.pair("range") if kind != "flag" else (0, 1)
    cell = fields.text("cell")
    if cell.count(".") != 1:
        fields.fault("cell", "应为 对象.列")
        cell = "enterprise.name"
    fact = Fact(
        key=key,
        label=fields.words("label"),
        kind=kind,
        unit=fields.words("unit") if kind == "count" else Words("", ""),
        low=low,
        high=high,
        plus=fields.text("plus") if fields.has("plus") else None,
        ledger=fields.text("ledger"),
        cell=cell,
        direction=fields.one_of("direction", DIRECTIONS),
        become=fields.maybe_words("become"),
        become_from=fields.integer("become_from") if fields.has("become_from") else low,
        turns_out=fields.maybe_words("found"),
        turns_out_not=fields.maybe_words("found_not"),
        consequences=_read_consequences(fields) if fields.has("consequences") else (),
        needs=fields.text("needs") if fields.has("needs") else None,
    )
    fields.close()
    return fact


def _read_consequences(fields: ContentFields) -> tuple[Consequence, ...]:
    consequences = []
    for table in fields.tables("consequences"):
        consequences.append(Consequence(table.integer("from"), table.text("fact"), table.value("value")))
        table.close()
    return tuple(consequences)


def stand_in(key: str, kind: str) -> Fact:
    """What an unregistered fact is read as until all faults are raised."""
    nothing = Words("", "")
    return Fact(key, nothing, kind, nothing, 0, 1, None, "", "none.none", "either", None, 0, None, None)
