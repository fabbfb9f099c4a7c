"""What public functions may be called with: each argument is checked before anything is done.

A wrong one is told in words: which function, which argument, what was given, what is wanted.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from coverage_engine.errors import ArgumentError

FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2099, 12, 31)
"""Days of which ledgers can tell; deadlines are reckoned some years beyond, and calendars end with 9999."""
_LONGEST_SHOWN = 40

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Rule:
    """What an argument may be: in words, as a test, and as what it is handed on."""

    words: str
    fits: Callable[[Any], bool]
    taken: Callable[[Any], Any] = lambda value: value


def checked(**rules: Rule) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The function with its arguments checked by rules of their names, defaults apart.

    Raises:
        ArgumentError: by the function returned, where an argument breaks its rule.
    """

    def decorated(function: Callable[P, R]) -> Callable[P, R]:
        """The function that looks at its arguments before it runs."""
        signature = inspect.signature(function)

        @functools.wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            bound = signature.bind(*args, **kwargs)
            for name, value in bound.arguments.items():
                if name in rules:
                    bound.arguments[name] = check(function.__name__, name, value, rules[name])
            return function(*bound.args, **bound.kwargs)

        return called

    return decorated


def check(function: str, name: str, value: Any, rule: Rule) -> Any:
    """An argument as it is handed on.

    Raises:
        ArgumentError: it breaks its rule.
    """
    if not rule.fits(value):
        raise ArgumentError(
            f"{function} 的参数 {name} 给得不对：{_shown(value)}", f"{name} 应为{rule.words}，请改后再试。"
        )
    return rule.taken(value)


def instance(kind: type | tuple[type, ...], words: str) -> Rule:
    """An object of a class."""
    return Rule(words, lambda value: isinstance(value, kind))


def instance_of(module: str, kind: str, words: str) -> Rule:
    """An object of a class that is loaded only where such an argument is given."""
    return Rule(words, lambda value: isinstance(value, getattr(import_module(module), kind)))


def either(*rules: Rule) -> Rule:
    """What one of the rules lets pass, handed on as the first such rule hands it on."""

    def taken(value: Any) -> Any:
        return next(rule for rule in rules if rule.fits(value)).taken(value)

    return Rule(
        "，或".join(rule.words for rule in rules),
        lambda value: any(rule.fits(value) for rule in rules),
        taken,
    )


def maybe(rule: Rule) -> Rule:
    """The same, or None."""
    return Rule(
        f"{rule.words}，或 None",
        lambda value: value is None or rule.fits(value),
        lambda value: None if value is None else rule.taken(value),
    )


def one_of(words: Iterable[str]) -> Rule:
    """One of some words."""
    known = tuple(words)
    return Rule(f"{'、'.join(known)} 之一", lambda value: isinstance(value, str) and value in known)


def whole(least: int | None = None) -> Rule:
    """A whole number, not less than the least."""
    return Rule(
        "整数" if least is None else f"不小于 {least} 的整数",
        lambda value: (
            isinstance(value, int) and not isinstance(value, bool) and (least is None or value >= least)
        ),
    )


def several(kind: type, words: str, least: int = 0) -> Rule:
    """A sequence of objects of a class."""
    return Rule(
        f"一列{words}" + (f"，至少 {least} 个" if least else ""),
        lambda value: (
            isinstance(value, Sequence)
            and not isinstance(value, str | bytes)
            and len(value) >= least
            and all(isinstance(each, kind) for each in value)
        ),
    )


def mapping(key: type, value: Callable[[Any], bool], words: str) -> Rule:
    """A mapping that is not empty, with keys of a class and values that fit."""
    return Rule(
        words,
        lambda given: (
            isinstance(given, Mapping)
            and len(given) > 0
            and all(isinstance(each, key) and value(inner) for each, inner in given.items())
        ),
    )


def files(least: int = 0) -> Rule:
    """Files and folders: a sequence of texts and paths, or one alone; handed on as a tuple of paths."""
    return Rule(
        "文件或文件夹的路径（str 或 Path），或由它们组成的列表" + ("，不能是空的" if least else ""),
        lambda value: (
            _is_file(value) or (_is_list(value) and len(value) >= least and all(map(_is_file, value)))
        ),
        lambda value: (Path(value),) if _is_file(value) else tuple(map(Path, value)),
    )


TEXT = Rule("文字", lambda value: isinstance(value, str) and bool(value.strip()))
FLAG = instance(bool, "True 或 False")
CALLABLE = Rule("可以调用的函数", callable)
FOLDER = Rule("文件夹的路径（str 或 Path）", lambda value: _is_file(value), Path)
FILE = Rule("文件的路径（str 或 Path）", lambda value: _is_file(value), Path)
LANGUAGE = one_of(("zh", "en"))
DAY = Rule(
    f"{FIRST_DAY} 到 {LAST_DAY} 之间的日期（datetime.date）",
    lambda value: isinstance(value, date) and not isinstance(value, datetime) and is_possible_day(value),
)


def is_possible_day(day: date) -> bool:
    """Whether ledgers can be of a day."""
    return FIRST_DAY <= day <= LAST_DAY


# ---------------------------------------------------------------------------------------------- private


def _is_file(value: Any) -> bool:
    return isinstance(value, str | Path) and bool(str(value).strip()) and "\0" not in str(value)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple | set | frozenset) or (
        isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray)
    )


def _shown(value: Any) -> str:
    """A value as it is told: plain ones as written, others by their kind alone: they may be ledgers."""
    if value is None or isinstance(value, bool | int | float | str | date):
        text = repr(value)
        return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
    return f"{type(value).__name__} 类型" + ("（空的）" if isinstance(value, Sequence) and not value else "")
