"""团组织名称: the unit inside 共青团…委员会, and whether it is several firms', another body's or a firm's.

The words stand in `data/ledgers/words/league_bodies.toml`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import polars as pl

from coverage_engine.content import checked_content
from coverage_engine.ledgers.word_shapes import LeagueBodiesFile

_INVISIBLE = r"[\s\u00AD\u034F\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u2064\uFE0F\uFEFF]+"
_WRAPPER = r"^(?:中国)?(?:共产主义青年团|共青团)"
_ORDINAL = r"第?[一二三四五六七八九十百\d]+"


@cache
def body_words() -> dict[str, Any]:
    """The whole of `league_bodies.toml`."""
    return checked_content(LeagueBodiesFile, "data", "ledgers", "words", "league_bodies.toml")


def folded(name: pl.Expr) -> pl.Expr:
    """A name half-width, without spaces and characters that nobody sees."""
    return name.str.normalize("NFKC").str.replace_all(_INVISIBLE, "")


def unit_of(name: pl.Expr) -> pl.Expr:
    """The unit that a folded name wraps, perhaps empty (团支部); null where the name has no such ending."""
    bare = name.str.replace(_WRAPPER, "")
    unit = bare.str.extract(rf"^(.*?)(?:{_either(body_words()['endings'])})$", 1)
    firms = _either(body_words()["words"]["firms"])
    # 集团支部 is the branch of a 集团, 公司团支部委员会 that of a 公司.
    whole = pl.when(unit.str.ends_with("集")).then(unit + "团").otherwise(unit)
    return whole.str.replace(rf"({firms})团$", "${1}").str.replace("集团团$", "集团")


def unwrapped(name: pl.Expr) -> pl.Expr:
    """The folded name without its wrapper 共青团 and its ending, as far as it has them."""
    return pl.coalesce(unit_of(name), name.str.replace(_WRAPPER, ""))


def kind_of(name: pl.Expr) -> pl.Expr:
    """The kind of League organisation that the ending of a folded name says."""
    endings = body_words()["endings"]
    ending = name.str.extract(rf"({_either(endings)})$", 1)
    return ending.replace_strict(endings, default=None, return_dtype=pl.String)


def head_firm(unit: pl.Expr) -> pl.Expr:
    """The firm of which the unit names a part (…公司机关, …公司第一); null where it names no part."""
    words = body_words()["words"]
    part = rf"(?:{_either(words['parts'])}|{_ORDINAL}(?:{_either(words['parts'])})?)"
    return unit.str.extract(rf"^(.*(?:{_either(words['firms'])})){part}$", 1)


def is_joint(unit: pl.Expr) -> pl.Expr:
    """Whether the unit is one of several firms together; a firm may be called 联合 itself."""
    words = body_words()["words"]
    tail = unit.str.extract(rf"^.*(?:{_either(words['firms'])})(.*)$", 1)
    after = pl.coalesce(tail, unit).str.contains(words["joint"], literal=True)
    return after | unit.str.contains(_either(words["several"]))


def is_firm(unit: pl.Expr) -> pl.Expr:
    """Whether the unit is named like a firm."""
    words = body_words()["words"]
    return unit.str.contains(rf"{_either(words['firm_words'])}|(?:{_either(words['firms'])})$")


def is_other_body(unit: pl.Expr) -> pl.Expr:
    """Bodies that are no enterprise: schools, streets, parks, offices, the League's own committees."""
    words = body_words()["words"]
    pattern = rf"{_either(words['others'])}|(?:{_either(words['other_endings'])})$"
    return unit.str.contains(pattern) & ~is_firm(unit)


# ---------------------------------------------------------------------------------------------- private


def _either(words: Any) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
