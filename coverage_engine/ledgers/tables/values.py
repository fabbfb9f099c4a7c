"""What a column says: texts become typed values, each with a problem code where it cannot be understood.

Blank, “/”, “不详” and the like are unknown, never “no”. A column is cast as a whole; only cells that the
direct cast cannot read are looked at one unique text at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from coverage_engine.ledgers.credit_codes import INNER_DIGIT, credit_code_problems, older_number, valid_codes
from coverage_engine.ledgers.kinds import LedgerColumn, fold_text, reading_words
from coverage_engine.ledgers.tables.single_cells import Read, read_count, read_real, reader_of

_DTYPES: Mapping[str, type[pl.DataType]] = {
    "count": pl.Int64,
    "percent": pl.Int64,
    "real": pl.Float64,
    "flag": pl.Boolean,
    "date": pl.Date,
}
_WHOLE_CENT = 1_000
_SHRINKS = 3
"""Folding makes no text shorter than a third of its length."""
_NOT_HAN = r"[^\u4E00-\u9FFF]"
"""Han characters, three bytes each, fold to themselves."""


@dataclass(frozen=True)
class Cast:
    """A column read: values in the column's type, and a problem code for each cell (null: fine).

    A column of codes has beside its values the `older` numbers that stand in their place.
    """

    values: pl.Series
    problems: pl.Series
    older: pl.Series | None = None


def cast_column(texts: pl.Series, column: LedgerColumn) -> Cast:
    """The cells of one column as values of its type; `texts` may hold nulls for blank cells."""
    if column.type == "text":
        return _as_text(texts)
    if column.type == "credit_code":
        return _as_credit_codes(texts)
    if column.type in ("count", "real"):
        return _as_numbers(texts, column)
    distinct = texts.unique(maintain_order=True)
    return _spread(_cast_known(_known(distinct), column), distinct, texts)


# ---------------------------------------------------------------------------------------------- private


def _known(texts: pl.Series) -> pl.Series:
    """The cells half-width and trimmed, null where they say that nothing is known."""
    folded = texts.str.normalize("NFKC").str.strip_chars()
    blank = folded.str.to_uppercase().is_in(_unknown_words()).fill_null(True)
    return folded.set(blank, None)


def _said(known: pl.Series) -> pl.Series:
    """Null also where a cell says that there is nothing: 无."""
    nothing: list[str] = reading_words()["values"]["nothing"]
    return known.set(known.is_in(nothing).fill_null(False), None)


@cache
def _unknown_words() -> list[str]:
    words = reading_words()["values"]["unknown"]
    return sorted({fold_text(word).upper() for word in words})


@cache
def _longest_nothing() -> int:
    """Characters of the longest word for unknown or nothing."""
    words = [*_unknown_words(), *reading_words()["values"]["nothing"]]
    return max(map(len, words))


def _cast_known(known: pl.Series, column: LedgerColumn) -> Cast:
    if column.type == "division":
        return _fine(_said(known))
    if column.type == "percent":
        return _as_percent(known)
    return _one_by_one(known, reader_of(column), _DTYPES.get(column.type, pl.String))


def _spread(cast: Cast, distinct: pl.Series, texts: pl.Series) -> Cast:
    """What was read of the distinct texts, given to every cell."""
    if len(distinct) == len(texts):
        return cast
    filled = distinct.is_not_null()
    keys = distinct.filter(filled)
    return Cast(*(_mapped(texts, keys, answers.filter(filled)) for answers in (cast.values, cast.problems)))


def _mapped(texts: pl.Series, keys: pl.Series, answers: pl.Series) -> pl.Series:
    if not len(keys) or not answers.count():
        return _blank(answers.name, len(texts), answers.dtype)
    return texts.replace_strict(keys, answers, default=None, return_dtype=answers.dtype)


def _as_text(texts: pl.Series) -> Cast:
    """The texts in one line; only short ones can be a word for unknown and are looked at closer."""
    trimmed = texts.str.strip_chars()
    broken = trimmed.str.contains(r"[\r\n]").fill_null(False)
    if broken.any():
        trimmed = trimmed.str.replace_all(r"\s*[\r\n]+\s*", " ")
    length = trimmed.str.len_bytes()
    folds = trimmed.str.contains(_NOT_HAN)
    longest = pl.select(pl.when(folds).then(4 * _SHRINKS).otherwise(3)).to_series() * _longest_nothing()
    short = trimmed.filter(length <= longest).unique()
    unsaid = short.filter(_said(_known(short)).is_null())
    return _fine(trimmed.set(trimmed.is_in(unsaid.implode()), None) if len(unsaid) else trimmed)


def _blank(name: str, length: int, dtype: pl.DataType | type[pl.DataType] = pl.String) -> pl.Series:
    """A column of nothing, which most problems are; not made cell by cell."""
    return pl.Series(name, [None], dtype=dtype).new_from_index(0, length)


def _fine(values: pl.Series) -> Cast:
    return Cast(values, _blank("problem", len(values)))


def _as_credit_codes(texts: pl.Series) -> Cast:
    """Codes that are right as they stand are kept at once; the others are cleaned and looked at closer."""
    left = pl.Series(np.flatnonzero(~valid_codes(texts)), dtype=pl.UInt32)
    bare = _said(_known(texts.gather(left))).str.to_uppercase()
    bare = bare.str.replace_all(r"[\s'’‘`·]+", "").str.replace_all(
        r"^([0-9A-Z]{8,17})-([0-9A-Z]{1,9})$", "$1$2"
    )
    problems = pl.Series(credit_code_problems(bare.to_list()), dtype=pl.String)
    numbers = pl.Series(
        [number and older_number(number) for number in bare.set(problems.is_null(), None)], dtype=pl.String
    )
    nothing = _blank("problem", len(texts))
    if not len(left):
        return Cast(texts, nothing, nothing)
    values = texts.clone().scatter(left, bare.set((problems != INNER_DIGIT).fill_null(False), None))
    return Cast(values, nothing.clone().scatter(left, problems), nothing.clone().scatter(left, numbers))


def _as_numbers(texts: pl.Series, column: LedgerColumn) -> Cast:
    dtype = _DTYPES[column.type]
    direct = _plain_numbers(texts, dtype)
    left = (direct.is_null() & texts.is_not_null()).arg_true()
    problems = _blank("problem", len(texts))
    if len(left):
        unread = texts.gather(left)
        distinct = unread.unique(maintain_order=True)
        rest = _spread(_numbers_of(_known(distinct), column, dtype), distinct, unread)
        direct, problems = direct.scatter(left, rest.values), problems.scatter(left, rest.problems)
    return _within_range(Cast(direct, problems), column)


def _plain_numbers(texts: pl.Series, dtype: type[pl.DataType]) -> pl.Series:
    """The cells that are written as plain numbers."""
    direct = texts.cast(dtype, strict=False)
    return direct if dtype.is_integer() else direct.set(~direct.is_finite().fill_null(True), None)


def _numbers_of(known: pl.Series, column: LedgerColumn, dtype: type[pl.DataType]) -> Cast:
    """The cells that need a closer look: words, full-width digits, separators, units."""
    if column.words:
        known = known.replace(list(column.words), [number or None for number in column.words.values()])
    direct = _plain_numbers(known.str.replace(r"^(\d+)\.0+$", "$1"), dtype)
    left = direct.is_null() & known.is_not_null()
    rest = _one_by_one(known.set(~left, None), read_count if dtype.is_integer() else read_real, dtype)
    return Cast(direct.zip_with(~left, rest.values), rest.problems)


def _within_range(cast: Cast, column: LedgerColumn) -> Cast:
    """Negative numbers and those beyond the column's bounds become unknown."""
    values, problems = cast.values, cast.problems
    low, high = (0 if column.low is None else column.low), column.high
    beyond = values < low if high is None else (values < low) | (values > high)
    beyond = beyond.fill_null(False)
    if not beyond.any():
        return cast
    below = (values < 0).fill_null(False) if not low else beyond & False
    marked = problems.set(beyond, "count.out_of_range").set(below, "count.negative")
    return Cast(values.set(beyond, None), marked)


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


def _one_by_one(known: pl.Series, read: Callable[[str], Read], dtype: type[pl.DataType]) -> Cast:
    """Each distinct text read once."""
    distinct = known.drop_nulls().unique().sort()
    answers = [read(text) for text in distinct.to_list()]
    values = pl.Series([value for value, _ in answers], dtype=dtype)
    problems = pl.Series([problem for _, problem in answers], dtype=pl.String)
    return Cast(_mapped(known, distinct, values), _mapped(known, distinct, problems))
