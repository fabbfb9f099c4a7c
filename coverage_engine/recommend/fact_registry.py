"""Every fact that a path may look at: those of `paths/facts.toml` and the plain ones of a firm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from coverage_engine.content import Fault, Place, Words, Written
from coverage_engine.model.fact_shapes import PathUse
from coverage_engine.model.firm_facts import FirmFact, firm_facts, read_registry
from coverage_engine.recommend import definitions
from coverage_engine.recommend.definitions import Consequence, Fact
from coverage_engine.recommend.path_shapes import FactsFile

_NO_WORDS = definitions.Words("", "")


def words(written: Words) -> definitions.Words:
    """A wording of content as the product carries it."""
    return definitions.Words(written.zh, written.en)


def maybe_words(written: Words | None) -> definitions.Words | None:
    """The same of one that may be absent."""
    return None if written is None else words(written)


def read_facts(registry: Written[FactsFile], faults: list[Fault]) -> dict[str, Fact]:
    """All facts by key, the plain ones of a firm last."""
    facts: dict[str, Fact] = {}
    places: dict[str, Place] = {}
    for key, entry in registry.value.items():
        facts[key] = _fact(key, entry, entry.label, entry.kind, entry.ledger, entry.cell)
        places[key] = registry.place(key)
        faults += _form_faults(entry, entry.kind, places[key])
    plain = read_registry()
    for at, firm in enumerate(firm_facts().values(), start=1):
        if firm.path is None or firm.label is None:
            continue
        places[firm.key] = plain.place("fact", at, "path")
        if firm.key in facts:
            faults.append(places[firm.key].fault("这个事实在 paths/facts.toml 也登记了"))
        facts[firm.key] = _plain(firm, firm.path, firm.label)
        faults += _form_faults(firm.path, firm.kind, places[firm.key])
    for key, fact in facts.items():
        faults += _relation_faults(fact, facts, places[key])
    return facts


# ---------------------------------------------------------------------------------------------- private


def _plain(fact: FirmFact, use: PathUse, label: Words) -> Fact:
    return _fact(fact.key, use, label, fact.kind, "enterprises", f"enterprise.{fact.column}")


def _fact(key: str, use: PathUse, label: Words, kind: str, ledger: str, cell: str) -> Fact:
    low, high = use.range if use.range is not None else (0, 1)
    return Fact(
        key=key,
        label=words(label),
        kind=kind,
        unit=words(use.unit) if use.unit is not None else _NO_WORDS,
        low=low,
        high=high,
        plus=use.plus,
        ledger=ledger,
        cell=cell,
        direction=use.direction,
        become=maybe_words(use.become),
        become_from=use.become_from if use.become_from is not None else low,
        turns_out=maybe_words(use.found),
        turns_out_not=maybe_words(use.found_not),
        consequences=tuple(Consequence(each.start, each.fact, each.value) for each in use.consequences),
        needs=use.needs,
    )


def _form_faults(use: PathUse, kind: str, place: Place) -> Iterator[Fault]:
    """What a fact of its kind must say and may not say."""
    counted = kind in ("count", "share")
    if counted and use.range is None:
        yield place.fault("缺少这一项，应为 [最小, 最大] 两个整数", "range")
    if not counted and use.range is not None:
        yield place.fault("是/否的事实不写取值范围", "range")
    if use.range is not None and use.range[0] > use.range[1]:
        yield place.fault("应为 [最小, 最大] 两个整数", "range")
    if kind == "count" and use.unit is None:
        yield place.fault("缺少这一项，个数要有单位（中英文）", "unit")
    if kind != "count" and use.unit is not None:
        yield place.fault("只有个数（count）写单位", "unit")


def _relation_faults(fact: Fact, facts: Mapping[str, Fact], place: Place) -> Iterator[Fault]:
    """What is wrong with the other facts that a fact names."""
    flags = tuple(key for key, other in facts.items() if other.kind == "flag")
    if fact.needs is not None and fact.needs not in flags:
        yield place.fault("应为已登记的是/否的事实", "needs", allowed=flags, word=fact.needs)
    for at, consequence in enumerate(fact.consequences, start=1):
        if consequence.fact not in facts:
            address = ("consequences", at, "fact")
            yield place.fault("事实没有登记", *address, allowed=tuple(facts), word=consequence.fact)


def stand_in(key: str, kind: str) -> Fact:
    """What an unregistered fact is read as until all faults are raised."""
    return Fact(key, _NO_WORDS, kind, _NO_WORDS, 0, 1, None, "", "none.none", "either", None, 0, None, None)
