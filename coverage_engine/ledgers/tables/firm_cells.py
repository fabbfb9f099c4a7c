"""A column of cells that name enterprises: the few that are odd are read one by one, the others stay."""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from coverage_engine.ledgers.kinds import reading_words
from coverage_engine.ledgers.tables.firm_cell import (
    MARKS,
    NO_RULES,
    SEVERAL,
    SPLIT,
    FirmCell,
    bare_name,
    ended_states,
    read_firm_cell,
)

APART = "\x1f"
"""Stands between the names of a cell of several firms until each gets a row of its own."""

_SUSPECT = (
    rf"^\s*(?:[(（\[【]\s*\d|\d{{1,5}}\s*[、．.)）]|[\x{{2460}}-\x{{24fe}}\x{{2776}}-\x{{2793}}\x{{3251}}-\x{{32bf}}]|[{MARKS}])"
    rf"|[{MARKS}，,、;；。]\s*$|[)）\]】〕]\s*$|[、,，;；/／|\r\n]|\d{{7}}"
    r"|公司(?:以及|及|和|与|\s).{3,}公司\s*$|有限(?:责任)?公司.{4,}有限(?:责任)?公司"
)
"""What a whole column is looked through for first; that kind of search knows no look-ahead."""
_TOLD = ("code", "found", "detail", "status", "former", "rules", "firms")


def read_firm_cells(
    texts: pl.Series, *, each: bool = False, without: frozenset[str] = NO_RULES
) -> tuple[pl.Series, pl.DataFrame]:
    """The names in a column of cells, and what is to be told of some.

    The frame has `at` (0-based place in the column), `code`, `found`, `detail`, `status` (null: none),
    `former` (empty: none), `rules` (with ; between) and `firms` (how many a cell was split into). With `each`
    the firms of a cell stand each for itself: their names come with `APART` between.
    """
    suspect = texts.str.contains(_suspects()).fill_null(False).arg_true()
    odd = texts.gather(suspect)
    each = each and "split" not in without
    read = {text: _split(read_firm_cell(text, without), each) for text in odd.unique().to_list()}
    read = {text: cell for text, cell in read.items() if cell.findings}
    findings = pl.DataFrame(
        [
            (text, cell.name, code, cell.shown, detail, *_said(cell))
            for text, cell in sorted(read.items())
            for code, detail in cell.findings
        ],
        schema={**dict.fromkeys(("text", "name", *_TOLD), pl.String), "firms": pl.Int64},
        orient="row",
    )
    located = pl.DataFrame({"at": suspect, "text": odd}).join(
        findings, on="text", maintain_order="left", how="inner"
    )
    named = located.unique("at", keep="first", maintain_order=True)
    names = texts.clone().scatter(named["at"], named["name"]) if len(named) else texts
    return names, located.select("at", *_TOLD)


def without_posts(texts: pl.Series) -> pl.Series:
    """The cells as they are written, but without the posts, persons and telephones beside a name."""
    suspect = texts.str.contains(_suspects()).fill_null(False)
    distinct = texts.filter(suspect).unique(maintain_order=True).to_list()
    bare = {text: _written_bare(text) for text in distinct}
    changed = {text: name for text, name in bare.items() if name != text}
    return texts.replace(list(changed), list(changed.values())) if changed else texts


def share_of_firms(texts: pl.Series) -> float:
    """Which part of the filled cells names a firm, perhaps with a post behind it."""
    filled = texts.drop_nulls()
    if not len(filled):
        return 0.0
    return int(filled.str.contains(_named()).sum()) / len(filled)


# ---------------------------------------------------------------------------------------------- private


def _split(cell: FirmCell, each: bool) -> FirmCell:
    if not each or not cell.firms:
        return cell
    return FirmCell(
        APART.join(cell.firms), ((SPLIT, ""),), cell.shown, rules=(*cell.rules, "split"), firms=cell.firms
    )


def _said(cell: FirmCell) -> tuple[str | None, str, str, int]:
    return cell.status, cell.former, ";".join(cell.rules), len(cell.firms)


def _written_bare(text: str) -> str:
    """A cell of which only what tells of people is taken off."""
    kept = frozenset({"numbering", "mark", "former", "remark", "status"})
    cell = read_firm_cell(text)
    if SEVERAL in dict(cell.findings):
        return cell.shown.split("（其后", 1)[0] if "（其后" in cell.shown else text
    return bare_name(text.strip(), kept)[0] if {"post", "phone"} & {*cell.rules} else text


def _alternatives(*keys: str) -> str:
    words = [word for key in keys for word in reading_words()["names"][key]]
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


@cache
def _suspects() -> str:
    firms, posts = _alternatives("firms", "units"), _alternatives("posts", "end_posts")
    states = "|".join(map(re.escape, sorted(ended_states())))
    return (
        f"{_SUSPECT}|(?:{firms})[\\s,，:：—-]*(?:{posts}|(?:现已|已经|已)?(?:{states})\\s*$)"
        f"|(?:{firms}).{{0,24}}(?:{posts})(?:（像[^（）]*）)?\\s*$"
    )


@cache
def _named() -> str:
    # A part of a firm's name alone is none: 厂 stands in many words.
    firms = "|".join(map(re.escape, ("公司", "集团", "合作社", "合伙企业", "事务所")))
    return f"(?:{firms})"
