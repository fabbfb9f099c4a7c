"""What one cell says: a number, a day, a yes or a word, with a problem code if not understood."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from coverage_engine.ledgers.kinds import LedgerColumn, fold_text, reading_words

Read = tuple[Any, str | None]
"""A value (null where unknown) and a problem code (null where all is well)."""

_EXACT_BELOW = 1e15
"""What is greater counts nothing that a ledger tells, and has lost its last digits."""
_THOUSANDS = re.compile(r"(?<=\d)[,， ](?=\d{3}(\D|$))")
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?(E[-+]?\d+)?", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?([ T].*)?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_DIGITS_OF_SERIAL = 5
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 60_000


def read_count(text: str) -> Read:
    """A whole number written as people write it: 1,200, 约200, 200人, 1.2万."""
    value, problem = read_real(text)
    if value is None:
        return None, problem
    return (int(value), problem) if value == int(value) else (None, "count.not_whole")


def read_real(text: str) -> Read:
    """A number with thousands separators, an approximate word, a unit or 万."""
    value, rules = _number(text)
    if value is None:
        return None, "count.not_a_number"
    return value, "count.approximate" if "approximate" in rules else None


def number_rules(text: str) -> tuple[str, ...]:
    """By which rules of cleaning a cell was read as a number."""
    return _number(fold_text(text))[1]


def read_date(text: str) -> Read:
    """A day: 2019-05-17, 2019/5/17, 2019年5月17日, 20190517 or Excel's serial number."""
    for pattern in (_DATE, _COMPACT_DATE):
        if match := pattern.fullmatch(text):
            return _day(*map(int, match.groups()[:3]))
    if match := _MONTH.fullmatch(text):
        day, problem = _day(int(match[1]), int(match[2]), 1)
        return day, problem or "date.month_only"
    bare = text.removesuffix(".0")
    if bare.isdecimal() and len(bare) == _DIGITS_OF_SERIAL and _FIRST_SERIAL <= int(bare) <= _LAST_SERIAL:
        return _EXCEL_DAY_ZERO + timedelta(days=int(bare)), None
    return None, "date.not_a_date"


def reader_of(column: LedgerColumn) -> Callable[[str], Read]:
    """How one folded cell of a column of dates, flags or words is read."""
    if column.type == "date":
        return read_date
    words = {fold_text(word).upper(): value for word, value in (column.words or {}).items()}
    if column.type == "flag":
        values = reading_words()["values"]
        plain = {word.upper(): True for word in values["yes"]} | {
            word.upper(): False for word in values["no"]
        }
        own = {word: value == "yes" for word, value in words.items()}
        return lambda text: _flag(text, plain | own)
    return lambda text: _choice(text, words)


# ---------------------------------------------------------------------------------------------- private


def _number(text: str) -> tuple[float | None, tuple[str, ...]]:
    """The number that a cell tells, and the rules by which it was read; null where it tells none."""
    words = reading_words()["numbers"]
    rules = list[str]()
    bare = _without(text, words["approximate_before"], "approximate", rules, str.startswith, str.removeprefix)
    while True:
        before = bare
        for key, rule in (("approximate_after", "approximate"), ("units", "unit")):
            bare = _without(bare, words[key], rule, rules, str.endswith, str.removesuffix).rstrip()
        if bare == before:
            break
    bare = bare.strip()
    joined = _THOUSANDS.sub("", bare).replace(" ", "")
    if joined != bare:
        rules.append("thousands")
    factor = next((times for word, times in words["multipliers"].items() if joined.endswith(word)), 1)
    if factor > 1:
        joined = joined[:-1]
        rules.append("multiplier")
    if not _NUMBER.fullmatch(joined):
        return None, ()
    value = float(joined)
    if not abs(value) * factor < _EXACT_BELOW:
        return None, ()
    return (round(value * factor, 4) if factor > 1 else value), tuple(dict.fromkeys(rules))


def _without(
    text: str,
    words: Sequence[str],
    rule: str,
    rules: list[str],
    has: Callable[[str, str], bool],
    remove: Callable[[str, str], str],
) -> str:
    """A text without the longest of the words at one of its ends, which is noted under the rule."""
    for word in sorted(words, key=len, reverse=True):
        if has(text, word) and len(text) > len(word):
            rules.append(rule)
            return remove(text, word)
    return text


def _flag(text: str, words: Mapping[str, bool]) -> Read:
    meaning = words.get(_wordlike(text))
    return (None, "flag.unknown_word") if meaning is None else (meaning, None)


def _choice(text: str, words: Mapping[str, str]) -> Read:
    """The value of a word: one with `?` is an interpretation, one with `!` is not there yet; both are told.

    An empty one means unknown.
    """
    meaning = words.get(_wordlike(text))
    if meaning is None:
        return None, "choice.unknown_word"
    if meaning.endswith("?"):
        return meaning.removesuffix("?"), "choice.interpreted"
    if meaning.endswith("!"):
        return meaning.removesuffix("!"), "choice.not_yet"
    return meaning or None, None


def _wordlike(text: str) -> str:
    return re.sub(r"\s+", "", text).upper().removesuffix(".0")


def _day(year: int, month: int, day: int) -> Read:
    try:
        return date(year, month, day), None
    except ValueError:
        return None, "date.not_a_date"
