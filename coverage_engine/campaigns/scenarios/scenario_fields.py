"""What may stand in a scenario file: the keys, their kinds and their limits, described once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from coverage_engine.campaigns.scenarios.assumptions import MONTHS_AT_MOST, RELATIONS


@dataclass(frozen=True)
class Field:
    """One assumption that a file may state: `kind` is rate, count, share or switch."""

    kind: str
    low: int = 0
    high: int = 1_000_000


FIELDS: dict[str, Field] = {
    "campaign.months": Field("count", 1, MONTHS_AT_MOST),
    "campaign.goal": Field("share"),
    "campaign.spontaneous": Field("rate"),
    "campaign.lapse": Field("rate"),
    "campaign.joint_below_three": Field("switch"),
    "campaign.unknown_members": Field("switch"),
    "campaign.unknown_states": Field("switch"),
    "campaign.outside_headquarters": Field("switch"),
    "starts.number": Field("count"),
    "starts.hours": Field("count"),
    "starts.per_county": Field("count", 1),
}
for _relation in RELATIONS:
    FIELDS |= {
        f"relation.{_relation}.drives": Field("rate"),
        f"relation.{_relation}.visit": Field("rate"),
        f"relation.{_relation}.attempts": Field("count"),
        f"relation.{_relation}.attention": Field("count", 0, MONTHS_AT_MOST),
        f"relation.{_relation}.threshold": Field("count", 1, 8),
        f"relation.{_relation}.visit_hours": Field("count", 1, 10_000),
    }

WORDS: dict[str, type] = {
    "scenario.key": str,
    "scenario.order": int,
    "scenario.title": str,
    "scenario.title_en": str,
    "scenario.about": str,
    "scenario.about_en": str,
    "scenario.active": list,
    "starts.relations": list,
    "starts.locked_in": list,
    "starts.excluded": list,
}


def fault_of(field: Field, stated: Any) -> str | None:
    """What is wrong with one stated assumption, or None."""
    if not isinstance(stated, dict):
        return '要写成 { value = …, source = "…" } 的形式'
    if not str(stated.get("source", "")).strip():
        return "没有写来源 source（查不到的写“（假设）”）"
    unknown = sorted(set(stated) - {"value", "prior", "unit", "source"})
    if unknown:
        return f"不认识的写法 {'、'.join(unknown)}"
    if field.kind == "rate":
        return _rate_fault(stated)
    if "value" not in stated:
        return "没有写 value"
    return _value_fault(field, stated["value"])


def _rate_fault(stated: dict[str, Any]) -> str | None:
    if ("prior" in stated) == ("value" in stated):
        return "概率要写 prior = [a, b] 或 value，二者写一个"
    if "value" in stated:
        return _value_fault(Field("share"), stated["value"])
    prior = stated["prior"]
    if not isinstance(prior, list) or len(prior) != 2 or not all(_is_number(part) for part in prior):
        return "先验要写成两个数 prior = [a, b]"
    if min(prior) <= 0:
        return f"先验的两个数都要大于 0，现为 {prior}"
    return None


def _value_fault(field: Field, value: Any) -> str | None:
    if field.kind == "switch":
        return None if isinstance(value, bool) else f"要写 true 或 false，现为 {value!r}"
    if field.kind == "share":
        return (
            None if _is_number(value) and 0 <= value <= 1 else f"概率或比例要在 0 到 1 之间，现为 {value!r}"
        )
    if isinstance(value, bool) or not isinstance(value, int):
        return f"要写整数，现为 {value!r}"
    if value < 0:
        return f"不能是负数，现为 {value}"
    if not field.low <= value <= field.high:
        return f"要在 {field.low} 到 {field.high} 之间，现为 {value}"
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
