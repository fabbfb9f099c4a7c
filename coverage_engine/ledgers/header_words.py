"""What a header says once words that change nothing are taken off, and what makes it speak of other things.

其中：团员（名）、现有团员、2018年末团员人数 all say 团员数; 女团员、预备党员、拟建团组织 do not. A header is
taken for a column only where all that is left of both is the same: a word that is not known keeps them apart.
The words stand in `data/ledgers/words/headers.toml`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from coverage_engine.content import checked_content
from coverage_engine.ledgers.list_shapes import HeadersFile

COUNT, STATE = "count", "state"
CLASSES: Mapping[str, str] = {
    "count": COUNT,
    "percent": COUNT,
    "choice": STATE,
    "flag": STATE,
}
"""How the headers of columns of a type are reduced; of other types not at all."""

_LONGEST = 30
_HAN = re.compile("[\u4e00-\u9fff]")
_BRACKETS = re.compile(r"[(\[{【〔<《]([^)\]}】〕>》]*)[)\]}】〕>》]")
_AGE = re.compile(r"(\d{2})(?=\D{0,3}岁)|(?<=岁)\D{0,2}(\d{2})|(?<!\d)(\d{2})\D{1,3}(?=\d{2}\D{0,3}岁)")
_WHETHER = re.compile(r"^(?:是否|有无)")
_OTHERWISE = {"count": "count", "percent": "count", "real": "count", "choice": "state", "flag": "state"}


@cache
def header_words() -> dict[str, Any]:
    """The words of `headers.toml`."""
    return checked_content(HeadersFile, "data", "ledgers", "words", "headers.toml")


@lru_cache(maxsize=1 << 16)
def reduced(folded: str) -> tuple[str, ...]:
    """A folded header as it is looked up for numbers and for states; each form is marked with its class."""
    if len(folded) > _LONGEST or not _HAN.search(folded):
        return ()
    forms = ((name, _core(folded, name)) for name in (COUNT, STATE))
    return tuple(
        marked(core, name) for name, core in forms if core and core not in header_words()[name]["nothing"]
    )


def marked(core: str, name: str) -> str:
    """A reduced header of a class as a key that no header can be written like."""
    return f"#{name} {core}"


@lru_cache(maxsize=1 << 14)
def speaks_otherwise(label: str, key: str, kind: str, own: tuple[str, ...]) -> str:
    """The words by which a header speaks of something else than a column; empty where there are none.

    `key` and `kind` are the column's field and type, `own` its own headers, whose words say what it is.
    """
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", label)).casefold()
    outer = _BRACKETS.sub("", folded)
    if kind not in ("choice", "flag") and _WHETHER.match(outer) and not any(map(_WHETHER.match, own)):
        return "是否"
    if key in header_words()["ages"]["of"] or _OTHERWISE.get(kind) == COUNT:
        strange = _strange_age(folded, key)
        if strange:
            return strange
    qualified = outer + "".join(
        f" {inner} " for inner in _BRACKETS.findall(folded) if not _is_option(inner, kind)
    )
    for word in _other_words(_OTHERWISE.get(kind, "text")):
        match = word.search(qualified)
        if match and not any(word.search(each) for each in own):
            return match[0]
    return ""


def is_part(folded: str) -> bool:
    """Whether a header names a part of a number that stands elsewhere: 其中…, or an age alone."""
    return any(sign.search(folded) for sign in _patterns("parts", "signs"))


def wholes_of(key: str) -> tuple[str, ...]:
    """The fields of which a field may be a part."""
    return tuple(header_words()["parts"]["of"].get(key, ()))


def is_bare(folded: str) -> bool:
    """Whether a header says nothing without the group above it: 名称, 人数."""
    return any(word.search(folded) for word in _patterns("groups", "bare"))


def is_neutral_group(folded: str) -> bool:
    """Whether a group above headers is about the firm or its staff as a whole."""
    return re.search(header_words()["groups"]["neutral"], folded) is not None


def foreign_group(folded: str, own: Sequence[str] = ()) -> bool:
    """Whether a group above headers is about something else than a column with these headers of its own."""
    return any(
        word.search(folded) and not any(word.search(each) for each in own)
        for word in _patterns("groups", "foreign")
    )


# ---------------------------------------------------------------------------------------------- private


def _core(folded: str, name: str) -> str:
    before, after = _ends(name)
    core = folded
    for _ in range(3):
        core = after.sub("", before.sub("", core))
        if name == COUNT:
            core = _with_age_first(core)
    return core


def _with_age_first(text: str) -> str:
    """An age in one spelling before the rest; left out where the rest (青年) says it already."""
    for spelling in _patterns("ages", "spellings"):
        match = spelling.search(text)
        if match:
            rest = (text[: match.start()] + text[match.end() :]).removeprefix("的")
            said = any(word in rest for word in header_words()["ages"]["said_by"])
            return rest if said else f"{match[1]}岁以下{rest}"
    return text


def _strange_age(folded: str, key: str) -> str:
    """An age that is not the column's."""
    allowed: Sequence[str] = header_words()["ages"]["of"].get(key, ())
    ages = [number for match in _AGE.findall(folded) for number in match if number]
    return next((f"{age}岁" for age in ages if age not in allowed), "")


def _is_option(inner: str, kind: str) -> bool:
    return kind in ("choice", "flag") and re.search(header_words()["otherwise"]["options"], inner) is not None


@cache
def _ends(name: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = header_words()[name]
    return re.compile(f"^(?:{'|'.join(words['before'])})+"), re.compile(f"(?:{'|'.join(words['after'])})+$")


@cache
def _other_words(name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(word) for word in header_words()["otherwise"][name])


@cache
def _patterns(group: str, name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(word) for word in header_words()[group][name])
