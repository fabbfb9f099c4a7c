"""The facts of a firm, registered once in `data/facts/enterprises.toml`: what each is and who needs it.

A plain fact stands in a column of the 企业台账 of the same key. The columns of a firm in snapshot, plan, core
and evidence are those that the registry names; conditions of duties and paths may name the facts that say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from coverage_engine.content import read_content_toml
from coverage_engine.errors import ContentError
from coverage_engine.model.columns import Column

FILE = ("data", "facts", "enterprises.toml")
LEDGER = ("data", "ledgers", "enterprises.toml")
USES = ("plan", "ranking", "paths")
"""Who may need a fact: the plan's table of enterprises, the core without words, the evidence of paths."""
_KINDS = ("id", "count", "real", "flag", "text", "day")


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
    label: Mapping[str, str] | None = None
    duty: Mapping[str, Any] | None = None
    path: Mapping[str, Any] | None = None
    sample: Mapping[str, float] | None = None

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
    entries = read_content_toml(*FILE)["fact"]
    faults = [
        f"第{at}项 {entry.get('key', '')}：{fault}"
        for at, entry in enumerate(entries, start=1)
        for fault in _faults(entry, entries)
    ]
    if faults:
        raise ContentError(
            f"企业的事实登记表 {'/'.join(FILE)} 有误：{'；'.join(faults)}", "请按文件开头的说明改正后重试。"
        )
    return {entry["key"]: _fact(entry) for entry in entries}


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


def _fact(entry: Mapping[str, Any]) -> FirmFact:
    return FirmFact(**{**entry, "needed_by": tuple(entry.get("needed_by", ()))})


def _faults(entry: Mapping[str, Any], entries: list[Mapping[str, Any]]) -> Iterator[str]:
    """What is wrong with an entry, in Chinese."""
    known = {field.name for field in fields(FirmFact)}
    if missing := [
        name for name in ("key", "kind", "measure", "zh", "en") if not isinstance(entry.get(name), str)
    ]:
        yield f"缺少 {'、'.join(missing)}"
        return
    if others := sorted(set(entry) - known):
        yield f"没有这样的项：{'、'.join(others)}（可用的：{'、'.join(sorted(known))}）"
    if entry["kind"] not in _KINDS:
        yield f"kind 只能写 {'、'.join(_KINDS)}"
    if not set(entry.get("needed_by", ())) <= set(USES):
        yield f"needed_by 只能写 {'、'.join(USES)}"
    if sum(other.get("key") == entry["key"] for other in entries) > 1:
        yield "登记了不止一次"
    counts = {other.get("key") for other in entries if other.get("kind") == "count" and "of" not in other}
    if "of" in entry and not (entry["kind"] == "flag" and entry["of"] in counts):
        yield "of 应是登记表里的一项数目（count），本项应是 flag"
    yield from _named(entry)


def _named(entry: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with how duties and paths may name it."""
    named = {"duty": ("flag",), "path": ("flag", "count")}
    for use, kinds in named.items():
        if use in entry and entry["kind"] not in kinds:
            yield f"{use} 只收 {'、'.join(kinds)} 一类的事实"
    if {"duty", "path"} & set(entry) and set(entry.get("label", ())) != {"zh", "en"}:
        yield "写进要求或路径的，label 要有 zh 和 en"
    if "sample" in entry and entry["kind"] not in ("flag", "count"):
        yield "sample 只收 flag、count 一类的事实"
    duty = entry.get("duty", {"clause": ""})
    if "clause" not in duty or not set(duty) <= {"clause", "ask"}:
        yield "duty 要有依据（clause），此外只收 ask"
    if not {"cost", "whom"} <= set(duty.get("ask", {"cost": 0, "whom": ""})) <= {"cost", "whom", "whom_en"}:
        yield "ask 要有 cost、whom，此外只收 whom_en"
