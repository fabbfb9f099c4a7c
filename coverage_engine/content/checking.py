"""Every fault of a file against its shape: the walk that is made only once msgspec has refused the file."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from msgspec import inspect

from coverage_engine.content.positions import Address


@dataclass(frozen=True)
class Breach:
    """不合: where content breaks its shape, how, and what may stand there."""

    address: Address
    problem: str
    allowed: tuple[str, ...] = ()
    word: str = ""


def breaches(value: object, shape: type) -> list[Breach]:
    """All in which a parsed file breaks a shape."""
    return list(_walk(inspect.type_info(shape), value, ()))


def called(kind: inspect.Type) -> str:
    """A type in words, as faults name it."""
    if isinstance(kind, inspect.Metadata):
        return called(kind.type)
    if isinstance(kind, inspect.UnionType):
        parts = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
        return "或".join(dict.fromkeys(called(part) for part in parts))
    if isinstance(kind, inspect.VarTupleType) and isinstance(kind.item_type, inspect.StructType):
        return "一组 [[…]]"
    return _WORDS.get(type(kind), "别的写法")


def words_of(kind: inspect.Type) -> tuple[str, ...]:
    """The words or keys that a type allows; empty where it has no such list."""
    if isinstance(kind, inspect.Metadata):
        return words_of(kind.type)
    if isinstance(kind, inspect.UnionType):
        return tuple(word for option in kind.types for word in words_of(option))
    if isinstance(kind, inspect.StructType):
        return tuple(field.encode_name for field in kind.fields)
    return tuple(str(word) for word in kind.values) if isinstance(kind, inspect.LiteralType) else ()


# ---------------------------------------------------------------------------------------------- private

_WORDS: Mapping[type[inspect.Type], str] = {
    inspect.StrType: "文字，放在引号里",
    inspect.IntType: "整数",
    inspect.FloatType: "数字",
    inspect.BoolType: " true 或 false",
    inspect.DateType: "日期，写成 2019-06-15，不加引号",
    inspect.VarTupleType: '一列，写成 ["…", "…"]',
    inspect.TupleType: "一列",
    inspect.DictType: "一组键值",
    inspect.StructType: "一组键值",
    inspect.LiteralType: "规定的用词",
}


# Bounds beyond which a number is only kept out of what no computation could hold.
_VERY_MANY = 1e6


def _walk(kind: inspect.Type, value: object, at: Address, example: str = "") -> Iterator[Breach]:
    if isinstance(kind, inspect.Metadata):
        extra = kind.extra or {}
        yield from _walk(kind.type, value, at, str(extra.get("example", example)))
    elif isinstance(kind, inspect.UnionType):
        yield from _union(kind, value, at, example)
    elif isinstance(kind, inspect.AnyType):
        return
    elif not _of_type(kind, value):
        yield _mistyped(kind, value, at)
    elif isinstance(kind, inspect.StructType):
        yield from _struct(kind, dict(value), at)  # type: ignore[call-overload]
    elif isinstance(kind, inspect.DictType):
        yield from _dict(kind, dict(value), at)  # type: ignore[call-overload]
    elif isinstance(kind, inspect.VarTupleType | inspect.TupleType):
        yield from _list(kind, list(value), at)  # type: ignore[call-overload]
    elif isinstance(kind, inspect.StrType):
        yield from _text(kind, str(value), at, example)
    elif isinstance(kind, inspect.IntType | inspect.FloatType):
        yield from _number(kind, value, at)  # type: ignore[arg-type]


def _of_type(kind: inspect.Type, value: object) -> bool:
    if isinstance(kind, inspect.LiteralType):
        return any(value == word and type(value) is type(word) for word in kind.values)
    wanted: dict[type[inspect.Type], tuple[type, ...]] = {
        inspect.StrType: (str,),
        inspect.IntType: (int,),
        inspect.FloatType: (float, int),
        inspect.BoolType: (bool,),
        inspect.DateType: (date,),
        inspect.VarTupleType: (list,),
        inspect.TupleType: (list,),
        inspect.DictType: (dict,),
        inspect.StructType: (dict,),
    }
    return type(value) in wanted.get(type(kind), ())


def _union(kind: inspect.UnionType, value: object, at: Address, example: str) -> Iterator[Breach]:
    """Of several types the one that the value is of; of none of them, all are named."""
    options = [option for option in kind.types if not isinstance(option, inspect.NoneType)]
    bare = [option.type if isinstance(option, inspect.Metadata) else option for option in options]
    fitting = [option for option, one in zip(options, bare, strict=True) if _of_type(one, value)]
    if len(options) == 1 or fitting:
        yield from _walk((fitting or options)[0], value, at, example)
    else:
        named = "或".join(dict.fromkeys(called(option) for option in bare))
        yield Breach(at, f"应为{named}，现为 {_shown(value)}", words_of(kind), _word(value))


def _struct(kind: inspect.StructType, table: dict[str, Any], at: Address) -> Iterator[Breach]:
    known = {field.encode_name: field for field in kind.fields}
    for name in table:
        if name not in known:
            yield Breach((*at, name), "没有这个键", tuple(known), name)
    for name, field in known.items():
        if name in table:
            yield from _walk(field.type, table[name], (*at, name))
        elif field.required:
            yield Breach((*at, name), f"缺少这一项，应为{called(field.type)}", words_of(field.type))


def _dict(kind: inspect.DictType, table: dict[str, Any], at: Address) -> Iterator[Breach]:
    if len(table) < (kind.min_length or 0):
        yield Breach(at, "不能空缺")
    for name, value in table.items():
        for breach in _walk(kind.key_type, name, (*at, name)):
            yield Breach(breach.address, "没有这个键", breach.allowed, name) if breach.allowed else breach
        yield from _walk(kind.value_type, value, (*at, name))


def _list(kind: inspect.VarTupleType | inspect.TupleType, items: list[Any], at: Address) -> Iterator[Breach]:
    if isinstance(kind, inspect.TupleType):
        if len(items) != len(kind.item_types):
            yield Breach(at, f"应为 {len(kind.item_types)} 项，现为 {len(items)} 项")
            return
        for number, (one, item) in enumerate(zip(kind.item_types, items, strict=True), start=1):
            yield from _walk(one, item, (*at, number))
        return
    if len(items) < (kind.min_length or 0):
        yield Breach(at, "不能空缺，至少要写一项")
    for number, item in enumerate(items, start=1):
        yield from _walk(kind.item_type, item, (*at, number))


def _text(kind: inspect.StrType, text: str, at: Address, example: str) -> Iterator[Breach]:
    if len(text) < (kind.min_length or 0):
        yield Breach(at, "不能空缺")
    elif kind.pattern is not None and not re.search(kind.pattern, text):
        problem = f"应写成 {example} 的样子，现为 {text!r}" if text.strip() else "不能空缺"
        yield Breach(at, problem)


def _number(kind: inspect.IntType | inspect.FloatType, value: float, at: Address) -> Iterator[Breach]:
    at_least = kind.ge is None or value >= kind.ge
    above = kind.gt is None or value > kind.gt
    at_most = kind.le is None or value <= kind.le
    below = kind.lt is None or value < kind.lt
    if at_least and above and at_most and below and not math.isnan(value):
        return
    low, high = kind.ge if kind.ge is not None else kind.gt, kind.le if kind.le is not None else kind.lt
    if low is not None and high is not None and high < _VERY_MANY:
        yield Breach(at, f"应在 {low:.15g} 到 {high:.15g} 之间，现为 {value}")
    elif low is not None and not (at_least and above):
        words = "不能是负数" if low == 0 and kind.gt is None else f"应大于 {low:.15g}"
        yield Breach(at, f"{words}，现为 {value}")
    else:
        yield Breach(at, f"应为数字，不大于 {high:.15g}，现为 {value}")


def _mistyped(kind: inspect.Type, value: object, at: Address) -> Breach:
    if isinstance(kind, inspect.LiteralType) and isinstance(value, str):
        return Breach(at, f"没有 {value!r} 这个词", words_of(kind), value)
    return Breach(at, f"应为{called(kind)}，现为 {_shown(value)}", words_of(kind), _word(value))


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _shown(value: object) -> str:
    """What stands there, as a planner wrote it; of a table or a long text only what it is."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "一组键值"
    if isinstance(value, date):
        return str(value)
    words = repr(value)
    return words if len(words) <= 60 else f"{words[:60]}…"
