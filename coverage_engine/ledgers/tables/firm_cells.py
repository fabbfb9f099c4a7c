"""Cells that name an enterprise, freed of what is no part of its name.

Lists carry numbers (③ 1. （2）), marks (★ *), remarks in brackets (已停产、原…), posts and telephone numbers
beside a name. They are taken off and told; a cell that names two enterprises is not guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl

from coverage_engine.ledgers.kinds import fold_text, ledger_kind, reading_words

SEVERAL = "name.several_firms"
_MARKS = r"★☆●○◆◇■□▲△▼▽※＊*#√✓✔●•·▪►▶◎⊙"
_NUMBER = (
    r"[(（\[【]\s*\d{1,5}\s*[)）\]】]|\d{1,5}\s*(?:[、．]|\.(?!\d)|[)）])"
    r"|[\u2460-\u249b\u24eb-\u24fe\u2776-\u2793\u3251-\u325f\u32b1-\u32bf]"
)
_LEADING = re.compile(rf"^(?:{_NUMBER}|(?!\*ST)[{_MARKS}]|\s)+")
_TRAILING = re.compile(rf"(?:[{_MARKS}，,、;；。]|\s)+$")
_BRACKET = re.compile(
    r"\s*[(（\[【〔]([^()（）\[\]【】〔〕]*(?:[(（][^()（）]*[)）][^()（）]*)?)[)）\]】〕]$"
)
_PHONE = re.compile(r"[\s,，:：;；]*(?:电话|手机)?[:：]?\s*(?:1\d{10}|0\d{2,3}[-—]?\d{7,8})$")
_BETWEEN = re.compile(r"[、,，;；/／|\r\n]+")
_SPLIT_OR_JOINED = re.compile(r"(?<=公司)(?:以及|及|和|与|\s+)(?=\S{3,}公司$)")
_GLUED = re.compile(r"有限(?:责任)?公司.{4,}有限(?:责任)?公司[)）]?$")
_HIDDEN_WORDS = "（其后的职务、姓名或电话未显示）"
_SUSPECT = (
    rf"^\s*(?:[(（\[【]\s*\d|\d{{1,5}}\s*[、．.)）]|[\x{{2460}}-\x{{24fe}}\x{{2776}}-\x{{2793}}\x{{3251}}-\x{{32bf}}]|[{_MARKS}])"
    rf"|[{_MARKS}，,、;；。]\s*$|[)）\]】〕]\s*$|[、,，;；/／|\r\n]|\d{{7}}"
    r"|公司(?:以及|及|和|与|\s).{3,}公司\s*$|有限(?:责任)?公司.{4,}有限(?:责任)?公司"
)
"""What a whole column is looked through for first; that kind of search knows no look-ahead."""


@dataclass(frozen=True)
class FirmCell:
    """A cell read: its `name`, what is to be told (code and words), and the state of operation it states.

    `former` is the note of a former name, in brackets as it stood behind the name.
    """

    name: str
    findings: tuple[tuple[str, str], ...] = ()
    shown: str = ""
    status: str | None = None
    former: str = ""


def read_firm_cells(texts: pl.Series) -> tuple[pl.Series, pl.DataFrame]:
    """The names in a column of cells, and what is to be told of some.

    The frame has `at` (0-based place in the column), `code`, `found`, `detail`, `status` (null: none) and
    `former` (empty: none).
    """
    suspect = texts.str.contains(_suspects()).fill_null(False).arg_true()
    odd = texts.gather(suspect)
    read = {text: read_firm_cell(text) for text in odd.unique().to_list()}
    read = {text: cell for text, cell in read.items() if cell.findings}
    findings = pl.DataFrame(
        [
            (text, cell.name, code, cell.shown, detail, cell.status, cell.former)
            for text, cell in sorted(read.items())
            for code, detail in cell.findings
        ],
        schema=dict.fromkeys(("text", "name", "code", "found", "detail", "status", "former"), pl.String),
        orient="row",
    )
    located = pl.DataFrame({"at": suspect, "text": odd}).join(
        findings, on="text", maintain_order="left", how="inner"
    )
    named = located.unique("at", keep="first", maintain_order=True)
    names = texts.clone().scatter(named["at"], named["name"]) if len(named) else texts
    return names, located.select("at", "code", "found", "detail", "status", "former")


def read_firm_cell(text: str) -> FirmCell:
    """One cell; a name that stands alone is told nothing of."""
    rest, taken = _bare(text.strip())
    if _names_several(rest):
        return FirmCell(text, ((SEVERAL, ""),), shown=_shown(text, taken))
    findings: list[tuple[str, str]] = []
    status = next((word for kind, word in taken if kind == "status"), None)
    state = _states().get(status) if status else None
    if state:
        findings.append(("name.status", rest))
    former = next((words for kind, words in taken if kind == "former"), "")
    if former:
        findings.append(("name.former", rest))
    if not findings and rest != text.strip() and rest:
        findings.append(("name.cleaned", rest))
    note = f"（{former}）" if former else ""
    return FirmCell(rest, tuple(findings), _shown(text, taken), state, note) if findings else FirmCell(text)


# ---------------------------------------------------------------------------------------------- private


def _bare(text: str) -> tuple[str, list[tuple[str, str]]]:
    """What is left of a cell, and what was taken off: kind and words."""
    rest, taken = _LEADING.sub("", text), list[tuple[str, str]]()
    while True:
        before = rest
        rest = _TRAILING.sub("", rest)
        if match := _PHONE.search(rest):
            rest = rest[: match.start()]
            taken.append(("person", ""))
        elif (match := _BRACKET.search(rest)) and (kind := _remark(match[1])):
            rest = rest[: match.start()]
            taken.append(kind)
        elif match := _post().search(rest):
            rest = rest[: match.start(1)]
            taken.append(("person", ""))
        elif match := _bare_status().search(rest):
            rest = rest[: match.start(1)]
            taken.append(("status", match[2]))
        if rest == before or not rest:
            return (rest or text), taken


def _remark(words: str) -> tuple[str, str] | None:
    """What stands in brackets after a name, where it is no part of the name."""
    folded = re.sub(r"\s+", "", fold_text(words))
    bare = re.sub(r"^(?:现已|已经|已|现)|(?:中|了|状态|企业)$", "", folded)
    if bare in _states():
        return "status", bare
    if ended := _ended_since().fullmatch(folded):
        return "status", ended[1]
    if _former().match(folded):
        return "former", folded
    if _post_words().match(folded) or _PHONE.search(folded):
        return "person", ""
    if folded in reading_words()["names"]["remarks"] or bare in reading_words()["names"]["remarks"]:
        return "remark", folded
    return None


def _names_several(rest: str) -> bool:
    parts = [part.strip() for part in _BETWEEN.split(rest)]
    if sum(_firm_end().search(_TRAILING.sub("", part)) is not None for part in parts) > 1:
        return True
    joined = _SPLIT_OR_JOINED.search(rest)
    if joined and not rest.endswith("分公司"):
        return True
    return _GLUED.search(rest) is not None


def _shown(text: str, taken: Sequence[tuple[str, str]]) -> str:
    """The cell as it may be shown: no person, no telephone."""
    line = re.sub(r"\s*[\r\n]+\s*", " ", text.strip())
    if any(kind == "person" for kind, _ in taken):
        return _bare(text.strip())[0] + _HIDDEN_WORDS
    return line


@cache
def _states() -> dict[str, str]:
    words = ledger_kind("enterprises").column("operating").words or {}
    return {word: state for word, state in words.items() if state and state[-1] not in "?!"}


def _alternatives(key: str) -> str:
    return "|".join(sorted(map(re.escape, reading_words()["names"][key]), key=len, reverse=True))


@cache
def _former() -> re.Pattern[str]:
    return re.compile(f"(?:{_alternatives('former')})[:：为是]?.{{2,}}")


@cache
def _firm_end() -> re.Pattern[str]:
    return re.compile(f"(?:{_alternatives('firms')})$")


@cache
def _post_words() -> re.Pattern[str]:
    return re.compile(f"(?:{_alternatives('posts')})(?:[:：].*|.{{0,4}}$)")


@cache
def _post() -> re.Pattern[str]:
    return re.compile(
        f"(?:{_alternatives('firms')})([\\s,，:：—-]*(?:{_alternatives('posts')})"
        f"[:：\\s]*(?:(?!{_alternatives('offices')})[\\u4e00-\\u9fff·]){{0,4}})$"
    )


@cache
def _bare_status() -> re.Pattern[str]:
    states = "|".join(sorted(map(re.escape, _ended()), key=len, reverse=True))
    return re.compile(f"(?:{_alternatives('firms')})([\\s,，:：—-]*(?:现已|已经|已)?({states}))$")


@cache
def _ended_since() -> re.Pattern[str]:
    """A state with a day or a length of time: 2023年已停产, 停产两年."""
    states = "|".join(sorted(map(re.escape, _ended()), key=len, reverse=True))
    return re.compile(f"(?:[\\d.年月日/-]{{4,11}})?(?:现已|已经|已|现)?({states})[^公司]{{0,6}}")


@cache
def _ended() -> frozenset[str]:
    return frozenset(word for word, state in _states().items() if state != "operating")


@cache
def _suspects() -> str:
    firms, posts = _alternatives("firms"), _alternatives("posts")
    states = "|".join(map(re.escape, sorted(_ended())))
    return f"{_SUSPECT}|(?:{firms})[\\s,，:：—-]*(?:{posts}|(?:现已|已经|已)?(?:{states})\\s*$)"
