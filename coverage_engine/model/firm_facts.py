"""The facts of a firm, registered once in `data/facts/enterprises.toml`: what each is and who needs it.

A plain fact stands in a column of the 企业台账 of the same key. The columns of a firm in snapshot, plan, core
and evidence are those that the registry names; conditions of duties and paths may name the facts that say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from coverage_engine.content import (
    Fault,
    Words,
    Written,
    alike,
    content_file,
    read,
    read_content_toml,
    refuse,
)
from coverage_engine.errors import ContentError
from coverage_engine.model.columns import Column
from coverage_engine.model.fact_shapes import DutyUse, FirmFactEntry, FirmFactsFile, PathUse, SampleUse

FILE = ("data", "facts", "enterprises.toml")
LEDGER = ("data", "ledgers", "enterprises.toml")
USES = ("plan", "ranking", "paths")
"""Who may need a fact: the plan's table of enterprises, the core without words, the evidence of paths."""
_CALLED = "企业的事实登记表"
_NAMED_KINDS = {"duty": ("flag",), "path": ("flag", "count"), "sample": ("flag", "count")}


@dataclass(frozen=True)
class FirmFact:
    """企业的事实: a column of the firm, or (`of`, `at_least`) whether another column reaches a number.

    `duty` and `path` are what the conditions of duties and paths need to name it, `sample` how an invented
    ledger fills its column; empty where they may not, or where the sample's firms are drawn with it.
    """

    key: str
    kind: str
    measure: str
    zh: str
    en: str
    needed_by: tuple[str, ...] = ()
    of: str = ""
    at_least: int = 1
    label: Words | None = None
    duty: DutyUse | None = None
    path: PathUse | None = None
    sample: SampleUse | None = None

    @property
    def column(self) -> str:
        """The column of the firm, and of the 企业台账, that tells it."""
        return self.of or self.key

    @property
    def described(self) -> Column:
        """The column as tables describe it."""
        return Column(self.key, self.kind, self.zh, self.en, self.measure)


@cache
def firm_facts() -> Mapping[str, FirmFact]:
    """Every registered fact by its key, in the order of the registry.

    Raises:
        ContentError: an entry is wrong; all faults at once.
    """
    registry = read_registry()
    return {entry.key: alike(FirmFact, entry) for entry in registry.value.fact}


@cache
def read_registry() -> Written[FirmFactsFile]:
    """The registry as it is written, with the places of its entries.

    Raises:
        ContentError: an entry is wrong; all faults at once.
    """
    written = read(content_file(*FILE), FirmFactsFile, _CALLED, "/".join(FILE), ContentError)
    remedy = "请按文件开头的说明改正后重试。"
    refuse([*_faults(written)], f"{_CALLED} {'/'.join(FILE)} ", remedy, ContentError)
    return written


def firm_columns() -> tuple[Column, ...]:
    """The columns of a firm in a snapshot, in order."""
    return tuple(fact.described for fact in firm_facts().values() if not fact.of)


def columns_for(use: str) -> tuple[str, ...]:
    """The columns of a firm that one of `USES` needs, in order."""
    return tuple(key for key, fact in firm_facts().items() if use in fact.needed_by and not fact.of)


def with_columns_for(use: str, described: tuple[Column, ...]) -> tuple[Column, ...]:
    """A table of firms with those registered columns that it does not have yet, to the right."""
    present = {column.name for column in described}
    further = (firm_facts()[key].described for key in columns_for(use) if key not in present)
    return (*described, *further)


def header_of(fact: FirmFact) -> str:
    """The header over the column of the 企业台账 that tells a fact.

    Raises:
        ContentError: the ledger has no such column.
    """
    try:
        return ledger_headers()[fact.column]
    except KeyError:
        raise ContentError(
            f"登记表 {'/'.join(FILE)} 的 {fact.key}：企业台账没有键为 {fact.column} 的列",
            f"请先在 {'/'.join(LEDGER)} 里加上这一列，或改正 key、of。",
        ) from None


@cache
def ledger_headers() -> Mapping[str, str]:
    """The header of the 企业台账 over each column that a fact may stand in."""
    return {column["key"]: column["header"] for column in read_content_toml(*LEDGER)["columns"]}


# ---------------------------------------------------------------------------------------------- private


def _faults(written: Written[FirmFactsFile]) -> Iterator[Fault]:
    """What is wrong with the entries beside each other."""
    entries = written.value.fact
    counts = tuple(entry.key for entry in entries if entry.kind == "count" and not entry.of)
    keys = [entry.key for entry in entries]
    for at, entry in enumerate(entries, start=1):
        place = written.place("fact", at)
        if entry.key in keys[: at - 1]:
            yield place.fault("登记了不止一次", "key")
        if entry.of and entry.of not in counts:
            yield place.fault("应是登记表里的一项数目（kind 为 count）", "of", allowed=counts, word=entry.of)
        if entry.of and entry.kind != "flag":
            yield place.fault("由数目算出的事实应是 flag", "kind")
        for use, problem in _use_faults(entry):
            yield place.fault(problem, use)


def _use_faults(entry: FirmFactEntry) -> Iterator[tuple[str, str]]:
    """What is wrong with how duties, paths and samples may name it."""
    for use, kinds in _NAMED_KINDS.items():
        if getattr(entry, use) is not None and entry.kind not in kinds:
            yield use, f"{use} 只收 {'、'.join(kinds)} 一类的事实"
    if (entry.duty is not None or entry.path is not None) and entry.label is None:
        yield "label", "写进要求或路径的，label 要有 zh 和 en"
