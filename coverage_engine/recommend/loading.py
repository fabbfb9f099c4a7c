"""Reads `paths/`: the registry of facts, the eleven paths and their shared settings.

Every fault of every file is collected, addressed by file and key, and raised once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from coverage_engine.content import content_file
from coverage_engine.errors import PolicyError
from coverage_engine.model.firm_facts import FILE
from coverage_engine.model.vocabulary import PATH_KEYS
from coverage_engine.recommend.content_fields import ContentFields
from coverage_engine.recommend.definitions import (
    MILLION,
    Condition,
    Evidence,
    Fact,
    FirstAction,
    PathBook,
    PathDefinition,
    Step,
    Words,
)
from coverage_engine.recommend.fact_registry import plain_entries, read_facts, stand_in
from coverage_engine.recommend.wording import ACTION_NAMES, NAMES, fixed_length, slots

# Shortest room that still lets a reader recognise a firm.
_LEAST_NAME = 6


@cache
def load_paths() -> PathBook:
    """The eleven paths as shipped in `paths/`."""
    return read_paths(content_file("paths"))


def read_paths(folder: Path) -> PathBook:
    """The eleven paths of a folder.

    Raises:
        PolicyError: a fact is not registered, a clause or source is missing, a type is wrong, a weight
            contradicts its fact's direction, or a path is missing or twice there; all faults at once.
    """
    faults: list[str] = []
    facts = read_facts(_open(folder / "facts.toml", faults), ContentFields(plain_entries(), FILE[-1], faults))
    shared = _open(folder / "evaluation.toml", faults)
    interval, reasons = shared.table("interval"), shared.table("reasons")
    length = reasons.integer("length")
    files = sorted(folder.glob("[0-9][0-9]_*.toml"))
    paths = [_read_path(_open(file, faults), file.name, facts, length) for file in files]
    faults += _missing_paths(paths)
    bundles, asking = shared.table("bundles"), shared.table("asking")
    for part in (interval, reasons, bundles, asking):
        part.text("source")
    book = PathBook(
        tuple(sorted(paths, key=lambda path: path.number)),
        facts,
        round(interval.number("deviations") * 1000),
        length,
        reasons.integer("shown"),
        bundles.integer("least"),
        _ask_hours(asking.table("hours"), facts),
    )
    if faults:
        raise PolicyError(
            "建团路径文件有误：\n" + "\n".join(faults), "请按上面的文件名和键名逐项改正后重试。"
        )
    return book


def _ask_hours(fields: ContentFields, facts: Mapping[str, Fact]) -> dict[str, int]:
    """Tenths of an hour for every entity that somebody can be asked about."""
    asked = sorted({fact.entity for fact in facts.values() if fact.found is not None})
    found = {entity: round(fields.number(entity) * 10) for entity in asked}
    for entity, tenths in found.items():
        if tenths <= 0:
            fields.fault(entity, "问清一件事的工时应大于零")
    fields.close()
    return found


def _open(file: Path, faults: list[str]) -> ContentFields:
    try:
        table: object = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        faults.append(f"{file.name}：无法读取（{problem}）")
        table = {}
    return ContentFields(table, file.name, faults)


def _missing_paths(paths: list[PathDefinition]) -> list[str]:
    numbers = [path.number for path in paths]
    faults = [
        f"缺少路径{number}（{key}）" for number, key in enumerate(PATH_KEYS, 1) if number not in numbers
    ]
    return faults + [
        f"路径{number} 出现多次" for number in sorted({n for n in numbers if numbers.count(n) > 1})
    ]


def _read_path(fields: ContentFields, file: str, facts: Mapping[str, Fact], length: int) -> PathDefinition:
    number, key = fields.integer("number"), fields.text("key")
    if not 1 <= number <= len(PATH_KEYS) or PATH_KEYS[number - 1] != key:
        fields.fault("key", f"路径{number} 的 key 与附件6次序不符：{key!r}")
    relation = fields.table("relation")
    path = PathDefinition(
        number=number,
        key=key,
        title=fields.words("title"),
        clause=fields.text("clause"),
        quote=fields.text("quote"),
        lead_unit=fields.words("lead_unit"),
        partners=fields.texts("partners"),
        documents=fields.texts("documents"),
        bundle=fields.text("bundle") if fields.has("bundle") else None,
        base=_millionths(fields, "base"),
        doubt=_millionths(fields, "model_doubt"),
        staff_hours=fields.integer("staff_hours"),
        relation=_fact(relation, relation.text("fact"), facts),
        relation_text=_fitting(relation, "text", length),
        relation_unknown=_fitting(relation, "text_unknown", length) if relation.has("text_unknown") else None,
        relation_missing=_fitting(relation, "text_missing", length) if relation.has("text_missing") else None,
        conditions=tuple(_read_condition(table, facts) for table in fields.tables("conditions")),
        evidence=tuple(_read_evidence(table, facts, length) for table in fields.tables("evidence")),
        actions=tuple(_read_action(table, facts) for table in fields.tables("actions")),
        settings=_read_settings(fields),
        file=file,
    )
    _check_slots(fields, "lead_unit", path.lead_unit.zh, path.lead_unit.en, path.bundle or "")
    _check_days(fields, path.actions)
    for sourced in ("base_source", "model_doubt_source", "staff_hours_source"):
        fields.text(sourced)
    relation.close()
    fields.close()
    return path


def _read_settings(fields: ContentFields) -> dict[str, int]:
    if not fields.has("settings"):
        return {}
    values = {}
    for key, table in fields.table("settings").named_tables():
        values[key] = table.integer("value")
        table.text("source")
        table.close()
    return values


def _read_condition(fields: ContentFields, facts: Mapping[str, Fact]) -> Condition:
    condition = Condition(
        facts=tuple(_fact(fields, key, facts, "flag") for key in fields.texts("any")),
        why_not=fields.words("why_not"),
        cannot_tell=fields.words("cannot_tell"),
        allow_unknown=fields.flag("allow_unknown"),
    )
    fields.close()
    return condition


def _read_evidence(fields: ContentFields, facts: Mapping[str, Fact], length: int) -> Evidence:
    fact = _fact(fields, fields.text("fact"), facts)
    flag = fact.kind == "flag"
    text = _fitting(fields, "text", length)
    piece = Evidence(
        fact=fact,
        when_true=_millionths(fields, "when_true") if flag else 0,
        when_false=_millionths(fields, "when_false") if flag else 0,
        steps=() if flag else _read_steps(fields, fact),
        source=fields.text("source"),
        text=text,
        text_against=_fitting(fields, "text_against", length) if fields.has("text_against") else text,
    )
    _check_direction(fields, piece)
    fields.close()
    return piece


def _read_steps(fields: ContentFields, fact: Fact) -> tuple[Step, ...]:
    steps = []
    for table in fields.tables("steps"):
        steps.append(Step(table.integer("from"), _millionths(table, "weight")))
        table.close()
    starts = [step.start for step in steps]
    if starts != sorted(set(starts)):
        fields.fault("steps", "各档的 from 应由小到大，不得重复")
    if any(not fact.low <= start <= fact.high for start in starts):
        fields.fault("steps", f"各档的 from 应在 {fact.low} 到 {fact.high} 之间")
    return tuple(steps)


def _check_direction(fields: ContentFields, piece: Evidence) -> None:
    rising = (
        [piece.when_false, piece.when_true]
        if piece.fact.kind == "flag"
        else [step.weight for step in piece.steps]
    )
    if piece.fact.direction == "up" and rising != sorted(rising):
        fields.fault("fact", f"{piece.fact.key} 登记为越高越有利，权重却下降")
    if piece.fact.direction == "down" and rising != sorted(rising, reverse=True):
        fields.fault("fact", f"{piece.fact.key} 登记为越高越不利，权重却上升")


def _read_action(fields: ContentFields, facts: Mapping[str, Fact]) -> FirstAction:
    action = FirstAction(
        day=fields.integer("day"),
        text=fields.words("text"),
        responsible=fields.text("responsible"),
        document=fields.text("document"),
        shared=fields.flag("shared"),
        when=_fact(fields, fields.text("when"), facts, "flag") if fields.has("when") else None,
        unless=_fact(fields, fields.text("unless"), facts, "flag") if fields.has("unless") else None,
        joint=fields.flag("joint") if fields.has("joint") else None,
    )
    _check_slots(fields, "text", action.text.zh, action.text.en, action.responsible, names=ACTION_NAMES)
    if action.day < 0:
        fields.fault("day", "不得早于起始日")
    fields.close()
    return action


def _check_days(fields: ContentFields, actions: tuple[FirstAction, ...]) -> None:
    """Steps of one day must exclude each other, so that nobody is told two things at once."""
    for first, second in pairwise(actions):
        if first.day > second.day:
            fields.fault("actions", "各步的 day 应由小到大")
        if first.day == second.day and not _exclusive(first, second):
            fields.fault("actions", f"第{first.day}天有两步，须用 when、unless 分开")


def _exclusive(first: FirstAction, second: FirstAction) -> bool:
    return (
        (first.when is not None and first.when == second.unless)
        or (first.unless is not None and first.unless == second.when)
        or (first.joint is not None and second.joint is not None and first.joint != second.joint)
    )


def _fact(fields: ContentFields, key: str, facts: Mapping[str, Fact], kind: str | None = None) -> Fact:
    if key not in facts:
        fields.fault(key or "fact", "事实未在 facts.toml 登记")
        return stand_in(key, kind or "flag")
    if kind and facts[key].kind != kind:
        fields.fault(key, "可行条件只能用是/否的事实")
    return facts[key]


def _fitting(fields: ContentFields, key: str, length: int) -> Words:
    words = fields.words(key)
    for text in (words.zh, words.en):
        _check_slots(fields, key, text)
        if fixed_length(text) + _LEAST_NAME * len(slots(text)) > length:
            fields.fault(key, f"文字过长，插入名称后会超过 {length} 字：{text}")
        if ";" in text:
            fields.fault(key, f"不得含分号 ;（用于分隔各条理由）：{text}")
    return words


def _check_slots(fields: ContentFields, key: str, *templates: str, names: Sequence[str] = NAMES) -> None:
    for slot in (slot for template in templates for slot in slots(template)):
        if slot not in names and slot != "value":
            fields.fault(key, f"没有可插入的名称 {{{slot}}}，可用：{'、'.join(names)}")


def _millionths(fields: ContentFields, key: str) -> int:
    return round(fields.number(key) * MILLION)
