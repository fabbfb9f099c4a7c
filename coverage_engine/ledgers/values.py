"""What a cell says: texts become typed values, each with a problem code where it cannot be understood.

Blank, “/”, “不详” and the like are unknown, never “no”. A column is cast as a whole; only cells that the
direct cast cannot read are looked at one unique text at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import polars as pl

from coverage_engine.ledgers.credit_codes import credit_code_problems
from coverage_engine.ledgers.definitions import LedgerColumn, fold_text, reading_words

Read = tuple[Any, str | None]
"""A value (null where unknown) and a problem code (null where all is well)."""

_DTYPES: Mapping[str, type[pl.DataType]] = {
    "count": pl.Int64,
    "percent": pl.Int64,
    "real": pl.Float64,
    "flag": pl.Boolean,
    "date": pl.Date,
}
_THOUSANDS = re.compile(r"(?<=\d)[,， ](?=\d{3}(\D|$))")
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?(E[-+]?\d+)?", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?([ T].*)?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 60_000
_WHOLE_CENT = 1_000


@dataclass(frozen=True)
class Cast:
    """A column read: values in the column's type, and a problem code for each cell (null: fine)."""

    values: pl.Series
    problems: pl.Series


def cast_column(texts: pl.Series, column: LedgerColumn) -> Cast:
    """The cells of one column as values of its type; `texts` may hold nulls for blank cells."""
    folded = texts.str.normalize("NFKC").str.strip_chars()
    blank = folded.str.to_uppercase().is_in(_unknown_words()).fill_null(True)
    known = folded.set(blank, None)
    if column.type in ("text", "division"):
        return _as_text(texts, known, column)
    if column.type == "credit_code":
        return _as_credit_codes(known)
    if column.type in ("count", "real"):
        return _as_numbers(known, column)
    if column.type == "percent":
        return _as_percent(known)
    return _one_by_one(known, _reader(column), _DTYPES.get(column.type, pl.String))


def read_count(text: str) -> Read:
    """A whole number written as people write it: 1,200, 约200, 200人, 1.2万."""
    value, problem = read_real(text)
    if value is None:
        return None, problem
    return (int(value), problem) if value == int(value) else (None, "count.not_whole")


def read_real(text: str) -> Read:
    """A number with thousands separators, an approximate word, a unit or 万."""
    words = reading_words()["numbers"]
    bare, problem = text, None
    for prefix in words["approximate_before"]:
        if bare.startswith(prefix):
            bare, problem = bare.removeprefix(prefix), "count.approximate"
    for suffix in words["approximate_after"]:
        if bare.endswith(suffix):
            bare, problem = bare.removesuffix(suffix), "count.approximate"
    for unit in sorted(words["units"], key=len, reverse=True):
        if bare.endswith(unit):
            bare = bare.removesuffix(unit)
            break
    bare = _THOUSANDS.sub("", bare).replace(" ", "")
    factor = 10_000 if bare.endswith("万") else 1
    bare = bare.removesuffix("万")
    if not _NUMBER.fullmatch(bare):
        return None, "count.not_a_number"
    value = float(bare)
    return (round(value * factor, 4) if factor > 1 else value), problem


def read_date(text: str) -> Read:
    """A day: 2019-05-17, 2019/5/17, 2019年5月17日, 20190517 or Excel's serial number."""
    for pattern in (_DATE, _COMPACT_DATE):
        if found := pattern.fullmatch(text):
            return _day(*map(int, found.groups()[:3]))
    if found := _MONTH.fullmatch(text):
        day, problem = _day(int(found[1]), int(found[2]), 1)
        return day, problem or "date.month_only"
    bare = text.removesuffix(".0")
    if bare.isdigit() and _FIRST_SERIAL <= int(bare) <= _LAST_SERIAL:
        return _EXCEL_DAY_ZERO + timedelta(days=int(bare)), None
    return None, "date.not_a_date"


# ---------------------------------------------------------------------------------------------- private


@cache
def _unknown_words() -> list[str]:
    words = reading_words()["values"]["unknown"]
    return sorted({fold_text(word).upper() for word in words})


def _as_text(texts: pl.Series, known: pl.Series, column: LedgerColumn) -> Cast:
    nothing: list[str] = reading_words()["values"]["nothing"]
    said = known.set(known.is_in(nothing).fill_null(False), None)
    trimmed = texts.str.strip_chars().str.replace_all(r"\s*[\r\n]+\s*", " ")
    values = trimmed.set(said.is_null(), None)
    return _fine(values if column.type == "text" else said)


def _fine(values: pl.Series) -> Cast:
    return Cast(values, pl.Series("problem", [None] * len(values), dtype=pl.String))


def _as_credit_codes(known: pl.Series) -> Cast:
    nothing: list[str] = reading_words()["values"]["nothing"]
    bare = known.set(known.is_in(nothing).fill_null(False), None).str.to_uppercase()
    bare = bare.str.replace_all(r"[\s'’‘`·]+", "").str.replace_all(
        r"^([0-9A-Z]{8,17})-([0-9A-Z]{1,9})$", "$1$2"
    )
    rows = bare.is_not_null().arg_true()
    found = credit_code_problems(bare.gather(rows).to_list())
    problems = pl.Series("problem", [None] * len(bare), dtype=pl.String)
    bad = [(int(row), code) for row, code in zip(rows, found, strict=True) if code]
    if bad:
        problems = problems.scatter([row for row, _ in bad], [code for _, code in bad])
    return Cast(bare.set(problems.is_not_null(), None), problems)


def _as_numbers(known: pl.Series, column: LedgerColumn) -> Cast:
    dtype = _DTYPES[column.type]
    if column.words:
        known = known.replace(list(column.words), [number or None for number in column.words.values()])
    direct = known.str.replace(r"^(\d+)\.0+$", "$1").cast(dtype, strict=False)
    if not dtype.is_integer():
        direct = direct.set(~direct.is_finite().fill_null(True), None)
    left = (direct.is_null() & known.is_not_null()).arg_true()
    rest = _one_by_one(known.gather(left), read_count if dtype.is_integer() else read_real, dtype)
    problems = pl.Series("problem", [None] * len(known), dtype=pl.String)
    if len(left):
        direct = direct.scatter(left, rest.values)
        problems = problems.scatter(left, rest.problems)
    return _within_range(Cast(direct, problems), column)


def _within_range(cast: Cast, column: LedgerColumn) -> Cast:
    """Negative numbers and those beyond the column's bounds become unknown."""
    values, problems = cast.values, cast.problems
    low, high = (0 if column.low is None else column.low), column.high
    beyond = values < low if high is None else (values < low) | (values > high)
    beyond = beyond.fill_null(False)
    if not beyond.any():
        return cast
    code = "count.out_of_range" if column.low is not None else "count.negative"
    return Cast(values.set(beyond, None), problems.set(beyond, code))


def _as_percent(known: pl.Series) -> Cast:
    """Percentages as thousandths; where no bare number exceeds 1 they are fractions, as in Excel."""
    bare = known.str.replace(r"\s*%$", "").cast(pl.Float64, strict=False)
    signed = known.str.ends_with("%").fill_null(False)
    largest = bare.filter(~signed).max()
    factor = _WHOLE_CENT if isinstance(largest, float) and largest <= 1 else 10
    scaled = pl.select(pl.when(signed).then(bare * 10).otherwise(bare * factor)).to_series()
    sound = scaled.is_between(0, _WHOLE_CENT).fill_null(False)
    problems = pl.select(
        pl.when(known.is_not_null() & ~sound).then(pl.lit("percent.not_a_share")).otherwise(None)
    ).to_series()
    values = (scaled + 0.5).floor().set(~sound, None).cast(pl.Int64)
    return Cast(values, problems.cast(pl.String))


def _reader(column: LedgerColumn) -> Callable[[str], Read]:
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


def _flag(text: str, words: Mapping[str, bool]) -> Read:
    found = words.get(_wordlike(text))
    return (None, "flag.unknown_word") if found is None else (found, None)


def _choice(text: str, words: Mapping[str, str]) -> Read:
    """The value of a word; a value with `?` is an interpretation that is told, an empty one means unknown."""
    found = words.get(_wordlike(text))
    if found is None:
        return None, "choice.unknown_word"
    if found.endswith("?"):
        return found.removesuffix("?"), "choice.interpreted"
    return found or None, None


def _wordlike(text: str) -> str:
    return re.sub(r"\s+", "", text).upper().removesuffix(".0")


def _one_by_one(known: pl.Series, read: Callable[[str], Read], dtype: type[pl.DataType]) -> Cast:
    """Each distinct text read once."""
    distinct = known.drop_nulls().unique().sort()
    answers = [read(text) for text in distinct.to_list()]
    values = pl.Series([value for value, _ in answers], dtype=dtype)
    problems = pl.Series([problem for _, problem in answers], dtype=pl.String)
    if not len(distinct):
        return Cast(
            pl.Series([None] * len(known), dtype=dtype), pl.Series([None] * len(known), dtype=pl.String)
        )
    return Cast(
        known.replace_strict(distinct, values, default=None, return_dtype=dtype),
        known.replace_strict(distinct, problems, default=None, return_dtype=pl.String),
    )


def _day(year: int, month: int, day: int) -> Read:
    try:
        return date(year, month, day), None
    except ValueError:
        return None, "date.not_a_date"
