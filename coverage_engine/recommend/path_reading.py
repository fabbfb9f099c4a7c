"""Reads one file of `paths/`: a path with its conditions, evidence, first actions, letter and settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from itertools import pairwise

from coverage_engine.recommend.content_fields import ContentFields
from coverage_engine.recommend.definitions import (
    MILLION,
    Condition,
    Evidence,
    Fact,
    FirstAction,
    HandedIn,
    PathDefinition,
    PathLetter,
    PathSymbol,
    Step,
    Words,
)
from coverage_engine.recommend.fact_registry import stand_in
from coverage_engine.recommend.wording import ACTION_NAMES, NAMES, fixed_length, slots

# Shortest room that still lets a reader recognise a firm.
_LEAST_NAME = 6
_JOINT_SETTINGS = ("radius_metres", "group_limit")
_UNDRAWN = PathSymbol("", "")


def read_symbol(fields: ContentFields) -> tuple[ContentFields, PathSymbol | None]:
    """The symbol that a path file writes, with the place to tell faults at."""
    if not fields.has("symbol"):
        return fields, None
    table = fields.table("symbol")
    symbol = PathSymbol(table.text("shape"), table.text("colour"))
    table.close()
    return table, symbol


def read_path(fields: ContentFields, file: str, facts: Mapping[str, Fact], length: int) -> PathDefinition:
    """One path from its file, without a symbol yet; faults are noted in the fields."""
    relation, title = fields.table("relation"), fields.words("title")
    path = PathDefinition(
        number=fields.integer("number"),
        key=fields.text("key"),
        title=title,
        short_title=fields.maybe_words("short_title") or title,
        symbol=_UNDRAWN,
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
        letter=_read_letter(fields),
        founds_jointly=fields.flag("founds_jointly"),
    )
    _check_joint(fields, path)
    _check_slots(fields, "lead_unit", path.lead_unit.zh, path.lead_unit.en, path.bundle or "")
    _check_days(fields, path.actions)
    for sourced in ("base_source", "model_doubt_source", "staff_hours_source"):
        fields.text(sourced)
    relation.close()
    fields.close()
    return path


def _check_joint(fields: ContentFields, path: PathDefinition) -> None:
    """Joint branches need to know how far their firms may be apart and how many they may be."""
    lacking = [key for key in _JOINT_SETTINGS if key not in path.settings]
    if path.founds_jointly and lacking:
        fields.fault(
            "founds_jointly", f"联合团支部要有设定 {'、'.join(f'[settings.{key}]' for key in lacking)}"
        )


def _read_letter(fields: ContentFields) -> PathLetter | None:
    """What is written to counterparts; needed where one call to such serves many targets."""
    if not fields.has("letter"):
        if fields.has("bundle"):
            fields.fault(
                "bundle", "一次联系多家的路径要写 [letter]（joint、title、basis、duties），公文据此起草"
            )
        return None
    table = fields.table("letter")
    letter = PathLetter(table.flag("joint"), table.text("title"), table.text("basis"), table.texts("duties"))
    if any(";" in duty for duty in letter.duties):
        table.fault("duties", "不得含分号 ;（用于分隔各项）")
    table.close()
    return letter


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
        facts=tuple(_fact(fields, key, facts, "any", "flag") for key in fields.texts("any")),
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
        when=_fact(fields, fields.text("when"), facts, "when", "flag") if fields.has("when") else None,
        unless=_fact(fields, fields.text("unless"), facts, "unless", "flag")
        if fields.has("unless")
        else None,
        joint=fields.flag("joint") if fields.has("joint") else None,
        handed_in=_read_handed_in(fields, facts) if fields.has("handed_in") else None,
    )
    also = action.handed_in.text if action.handed_in else action.text
    texts = (action.text.zh, action.text.en, also.zh, also.en, action.responsible)
    _check_slots(fields, "text", *texts, names=ACTION_NAMES)
    if action.day < 0:
        fields.fault("day", "不得早于起始日")
    fields.close()
    return action


def _read_handed_in(fields: ContentFields, facts: Mapping[str, Fact]) -> HandedIn:
    table = fields.table("handed_in")
    handed_in = HandedIn(table.text("ledger"), table.words("text"))
    known = sorted({fact.ledger for fact in facts.values()})
    if handed_in.ledger not in known:
        table.fault("ledger", f"没有这种台账，可用：{'、'.join(known)}")
    table.close()
    return handed_in


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


def _fact(
    fields: ContentFields, key: str, facts: Mapping[str, Fact], under: str = "fact", kind: str | None = None
) -> Fact:
    if key not in facts:
        near = get_close_matches(key, facts, n=1)
        guess = f"，是否想写 {near[0]}" if near else ""
        fields.fault(key or under, f"事实未在 facts.toml 登记{guess}", under)
        return stand_in(key, kind or "flag")
    if kind and facts[key].kind != kind:
        fields.fault(key, "可行条件只能用是/否的事实", under)
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
