"""Personal data at the door: numbers of people and names beside them are hidden before anything is read.

What a phone, an identity card, a bank card and a person's name look like stands in
`data/ledgers/words/personal.toml`. A hidden text says what it looked like and nothing of what it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import chain
from typing import Any

import polars as pl

from coverage_engine.content import read_shipped
from coverage_engine.divisions.resolver import resolver
from coverage_engine.divisions.table import edition_of
from coverage_engine.ledgers.credit_codes import old_registration_is_valid, valid_codes
from coverage_engine.ledgers.files.raw_sheets import RawSheet
from coverage_engine.ledgers.kinds import (
    LedgerColumn,
    fold_text,
    ledger_kinds,
    personal_words,
    reading_words,
)
from coverage_engine.ledgers.word_shapes import IndustriesFile, TradeWordsFile

MARK = "（像"
"""How every hidden text begins."""

_SHORTEST = 10
_MAY_BE = r"[0-9０-９](?:[^0-9０-９]{0,2}[0-9０-９]){9}"
_NEITHER = r"^([+-]?[0-9]{1,3}\.[0-9]+|9[0-9A-Z]{17})$"
"""Degrees and codes of firms, which are most of the long numbers."""
_HAN = "[\u3400-\u9fff]"
_WIDE = {chr(0xFF10 + digit): str(digit) for digit in range(10)}
_UNSEEN = dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad", "")
_OLD_NUMBER = 15
_FEW_ROWS = 2_000
_PERSON = "（像人名，已隐去）"


def without_personal_data(raw: RawSheet) -> RawSheet:
    """The sheet with numbers and names hidden in its cells, its own name and that of its file."""
    names = raw.grid.columns if _may_hide(raw.grid) else []
    hidden = [_hidden(raw.grid[name]) for name in names]
    changed = {index: texts for index, texts in enumerate(hidden) if texts is not None}
    return replace(
        raw,
        file=without_people(raw.file),
        sheet=without_people(raw.sheet),
        grid=raw.grid.with_columns(changed.values()) if changed else raw.grid,
        masked_columns=tuple(changed),
    )


def hide_numbers(texts: pl.Series) -> pl.Series:
    """Texts with every number of a person, and every name beside one or after a post, hidden."""
    hidden = _hidden(texts)
    return texts if hidden is None else hidden


def without_numbers(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """A frame with `hide_numbers` for some of its columns."""
    if not _may_hide(frame.select(names)):
        return frame
    return frame.with_columns(hide_numbers(frame[name]) for name in names)


def hide_people(texts: pl.Series, known: Callable[[str], bool] = lambda text: False) -> pl.Series:
    """Texts of which those that are nothing but a person's name are hidden; `known` ones are none."""
    bare = texts.str.strip_chars()
    like = (bare.str.contains(_whole_name()) & ~bare.str.contains(_not_names()["not_ending"])).fill_null(
        False
    )
    if not like.any():
        return texts
    people = [text for text in bare.filter(like).unique().to_list() if not known(text)]
    return texts.set(bare.is_in(people), _PERSON) if people else texts


def hide_people_in(texts: pl.Series, column: LedgerColumn) -> pl.Series:
    """The cells of a column; a person's name alone in one is hidden where that must be a mistake.

    Words that the column knows (单独 is a surname and a name too) and places are no persons.
    """
    if not column.never_a_person:
        return texts
    return hide_people(texts, lambda text: _is_word_of(text, column) or _is_place(text))


def hide_names(texts: pl.Series) -> pl.Series:
    """Free texts with those hidden that are nothing but a person's name; trades and places are none."""
    return hide_people(texts, lambda text: _is_known_word(text) or _is_place(text))


def hide_mentions(texts: pl.Series) -> pl.Series:
    """Free texts with names hidden that stand alone in a cell or before a post."""
    return hide_names(texts).str.replace_all(*_before_post())


def share_of_people(texts: pl.Series) -> float:
    """Which part of the filled cells is nothing but a person's name."""
    filled = texts.drop_nulls()
    if not len(filled):
        return 0.0
    return int((hide_names(filled) == _PERSON).sum()) / len(filled)


def without_people(name: str) -> str:
    """The name of a file or sheet with numbers, and parts that are a person's name, hidden."""
    hidden = hide_numbers(pl.Series([name], dtype=pl.String))[0]
    parts = re.split(r"([\s_\-—–+.。·,，、()（）\[\]【】]+)", str(hidden))
    return "".join(hide_people(pl.Series(parts, dtype=pl.String), _is_place).to_list())


# ---------------------------------------------------------------------------------------------- private


def _is_word_of(text: str, column: LedgerColumn) -> bool:
    values = reading_words()["values"]
    known = {*(column.words or {}), *(word for group in values.values() for word in group)}
    return fold_text(text) in known


def _is_known_word(text: str) -> bool:
    return fold_text(text) in _known_words()


@cache
def _known_words() -> frozenset[str]:
    """What ledgers write in cells of words: values, trades, industries; 水泥 and 金融 look like names."""
    columns = (column for kind in ledger_kinds() for column in kind.columns)
    industries = read_shipped(IndustriesFile, "data", "ledgers", "words", "industries.toml")
    trades = read_shipped(TradeWordsFile, "data", "ledgers", "words", "trades.toml").trades
    return frozenset(
        chain(
            *(column.words or {} for column in columns),
            *reading_words()["values"].values(),
            *((section.name, *section.words) for section in industries.sections.values()),
            *industries.names.values(),
            trades,
            _not_names()["common_words"],
        )
    )


@cache
def _before_post() -> tuple[str, str]:
    posts = "|".join(_not_names()["posts"])
    return f"(^|[^\u3400-\u9fff]){_name()}({posts})", f"${{1}}{_PERSON}${{2}}"


@cache
def _is_place(text: str) -> bool:
    return resolver(edition_of(date.max)).resolve(text).problem != "unknown"


def _not_names() -> dict[str, Any]:
    names: dict[str, Any] = personal_words()["names"]
    return names


def _surname() -> str:
    return f"(?:[{_not_names()['surnames']}]|{'|'.join(_not_names()['double_surnames'])})"


def _name() -> str:
    return f"{_surname()}{_HAN}?[\u3400-\u9fff--[{_not_names()['not_ending']}]]"


@cache
def _whole_name() -> str:
    return f"^{_name()}$"


@cache
def _numbers() -> tuple[tuple[str, str], ...]:
    """Pattern with its borders, and what stands in its place; the digits' borders are kept."""
    separator = personal_words()["separator"]
    return tuple(
        (
            f"(^|[^0-9])(?:{entry['pattern'].replace('S', separator)})($|[^0-9])".replace(r"\d", "[0-9]"),
            f"${{1}}{MARK}{entry['name']}，已隐去）${{2}}",
        )
        for entry in personal_words()["number"]
    )


@cache
def _beside() -> tuple[tuple[str, str], ...]:
    posts = "|".join(_not_names()["posts"])
    name = _name()
    return (
        (f"({posts})([:：\\s]*){name}($|[^\u3400-\u9fff])", f"${{1}}${{2}}{_PERSON}${{3}}"),
        (f"(^|[^\u3400-\u9fff]|{posts}){name}([\\s:：,，、/(（]*{MARK})", f"${{1}}{_PERSON}${{2}}"),
    )


def _may_hide(frame: pl.DataFrame) -> bool:
    """Whether any of a few cells is to be looked at closer: once over all of them is much faster."""
    if frame.height > _FEW_ROWS:
        return True
    cells = [frame[name] for name in frame.columns if frame[name].dtype == pl.String]
    together = pl.concat([cell.alias("cell") for cell in cells]) if cells else pl.Series(dtype=pl.String)
    looked = together.filter((together.str.len_bytes() >= _SHORTEST).fill_null(False))
    return bool(len(looked)) and bool(_suspect(looked).any())


def _suspect(looked: pl.Series) -> pl.Series:
    """Cells that may hold a number or a post."""
    posted = looked.str.contains_any(_not_names()["posts"])
    numbered = looked.str.contains(_MAY_BE) & ~looked.str.contains(_NEITHER)
    return (posted | numbered).fill_null(False)


def _hidden(texts: pl.Series) -> pl.Series | None:
    """The texts with numbers and names hidden; null where there is none, which is nearly always."""
    if texts.dtype != pl.String:
        return None
    long = texts.str.len_bytes() >= _SHORTEST
    if not long.any():
        return None
    places = long.fill_null(False).arg_true()
    looked = texts if len(places) == len(texts) else texts.gather(places)
    may_be = _suspect(looked)
    if not may_be.any():
        return None
    distinct = looked.filter(may_be).unique(maintain_order=True)
    distinct = distinct.filter(~pl.Series(valid_codes(distinct.str.strip_chars().str.to_uppercase())))
    cleaned = _cleaned(distinct)
    changed = cleaned != distinct
    if not changed.any():
        return None
    return texts.replace(distinct.filter(changed), cleaned.filter(changed))


def _cleaned(texts: pl.Series) -> pl.Series:
    """Distinct texts that may hold a number or a name; those that hold none stay as they are to the byte."""
    plain = texts.str.replace_many({**_WIDE, **_UNSEEN})
    hidden = plain
    for pattern, instead in _numbers():
        # Twice: one border may belong to two numbers side by side.
        hidden = hidden.str.replace_all(pattern, instead).str.replace_all(pattern, instead)
    for pattern, instead in _beside():
        hidden = hidden.str.replace_all(pattern, instead)
    unchanged = (hidden == plain) | pl.Series(
        [_is_old_registration(text) for text in plain], dtype=pl.Boolean
    )
    return hidden.zip_with(~unchanged, texts)


def _is_old_registration(text: str) -> bool:
    bare = text.strip()
    return len(bare) == _OLD_NUMBER and bare.isascii() and bare.isdigit() and old_registration_is_valid(bare)
