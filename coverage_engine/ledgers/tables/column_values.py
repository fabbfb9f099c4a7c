"""What the cells of a column look like, by a sample: a header is not believed against what stands below it.

A 团员数 column of names, a 信用代码 column of telephone numbers, a 企业名称 column of people: what the header
says and what the cells say cannot both be true, and the column is to be asked about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import polars as pl

from coverage_engine.ledgers.kinds import LedgerColumn, fold_text, reading_words
from coverage_engine.ledgers.personal_data import MARK, hide_people
from coverage_engine.ledgers.tables.single_cells import read_count, read_date, read_real, reader_of

_SAMPLE = 300
_LEAST = 5
"""Fewer cells say too little against a header."""
_MOST, _FEWEST = 0.8, 0.2
_CODE = re.compile(r"[0-9A-Z]{8}-?[0-9A-Z]|\d{15}|[0-9A-Z]{14,20}|\d(?:\.\d+)?E\+\d+")
_WHOLE_CODE = re.compile(r"[1-9A-Z][0-9A-Z]{17}")
_LONG_NUMBER = re.compile(r"\d{8,}(?:\.0+)?")
_PLACE = re.compile(r".{1,10}[省市县区旗]|[1-8]\d{5}(?:\d{3}|\d{6})?")
_ADDRESS = re.compile(r".*(?:路|街|大道|号|村|镇|乡|巷|园区|大厦).*")
_LEAST_ADDRESS = 8

Looks = Mapping[str, float]
"""The share of cells that look like something: code, firm, person, number, place, address, yes_no, hidden."""


def sample_of(cells: pl.Series) -> list[str]:
    """Some of the filled cells from all over a column; those that say that nothing is known are left out."""
    step = max(1, len(cells) // _SAMPLE)
    spread = cells.gather_every(step).drop_nulls()
    filled = spread if len(spread) >= _LEAST or step == 1 else cells.drop_nulls()
    texts = [re.sub(r"\s+", "", fold_text(cell)) for cell in filled.head(_SAMPLE).to_list()]
    return [text for text in texts if text.upper() not in _unsaid()]


def contradiction(values: Sequence[str], column: LedgerColumn) -> str:
    """Why cells cannot be what a column holds; empty where they may be."""
    if len(values) < _LEAST:
        return ""
    if column.type in ("count", "real", "percent"):
        return _against_numbers(values, column)
    if column.type in ("choice", "flag"):
        known = _share(values, _is_understood(column))
        return "" if known >= _FEWEST else "多半不是这一列可用的词"
    if column.type == "credit_code":
        like = _share(values, lambda text: bool(_CODE.fullmatch(text.upper())))
        return "" if like >= _FEWEST else f"多半不像代码{_instead(values)}"
    if column.type == "date":
        read = _share(values, lambda text: read_date(text)[0] is not None)
        return "" if read >= _FEWEST else "多半不是日期"
    if column.firm or column.required:
        return _against_names(values)
    return ""


def looks_of(values: Sequence[str]) -> Looks:
    """What the cells of a column without a known header look like."""
    if len(values) < _LEAST:
        return {}
    people = hide_people(pl.Series(values, dtype=pl.String))
    return {
        "hidden": _share(values, lambda text: MARK in text),
        "person": sum(text.startswith(MARK) for text in people.to_list()) / len(values),
        "code": _share(values, lambda text: bool(_WHOLE_CODE.fullmatch(text.upper()))),
        "firm": _share(values, lambda text: bool(_firm_end().search(text))),
        "number": _share(values, lambda text: read_real(text)[0] is not None),
        "place": _share(values, lambda text: bool(_PLACE.fullmatch(text))),
        "address": _share(
            values, lambda text: len(text) >= _LEAST_ADDRESS and bool(_ADDRESS.fullmatch(text))
        ),
        "yes_no": _share(values, lambda text: text.upper() in _yes_no()),
    }


def mostly(looks: Looks, what: str) -> bool:
    """Whether most cells look like something."""
    return looks.get(what, 0.0) >= _MOST


# ---------------------------------------------------------------------------------------------- private


def _share(values: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, values)) / len(values)


def _against_numbers(values: Sequence[str], column: LedgerColumn) -> str:
    words = {fold_text(word) for word in column.words or {}} | set(reading_words()["values"]["nothing"])
    read = read_count if column.type == "count" else read_real
    unread = _share(values, lambda text: text not in words and read(text.removesuffix("%"))[0] is None)
    if unread >= _MOST:
        return f"多半不是数字{_instead(values)}"
    long = _share(values, lambda text: bool(_LONG_NUMBER.fullmatch(text)))
    return "多半像电话或号码" if long >= _MOST and column.type != "real" else ""


def _against_names(values: Sequence[str]) -> str:
    looks = looks_of(values)
    for what, words in _NOT_NAMES.items():
        if mostly(looks, what):
            return f"多半{words}"
    return ""


_NOT_NAMES = {"person": "像人名", "hidden": "像电话或人名", "code": "像信用代码", "yes_no": "是有无一类的词"}


def _instead(values: Sequence[str]) -> str:
    looks = looks_of(values)
    words = {**_NOT_NAMES, "firm": "像企业名称", "number": "像数字"}
    return next((f"，{text}" for what, text in words.items() if mostly(looks, what)), "")


def _is_understood(column: LedgerColumn) -> Callable[[str], bool]:
    read = reader_of(column)
    return lambda text: read(text)[1] not in ("choice.unknown_word", "flag.unknown_word")


@cache
def _unsaid() -> frozenset[str]:
    return frozenset(fold_text(word).upper() for word in reading_words()["values"]["unknown"])


@cache
def _yes_no() -> frozenset[str]:
    values = reading_words()["values"]
    return frozenset(word.upper() for word in (*values["yes"], *values["no"]) if not word.isdigit())


@cache
def _firm_end() -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, reading_words()["names"]["firms"]), key=len, reverse=True))
    return re.compile(f"(?:{words})$")
