"""What the title of a list, else the name of its sheet or file, says of all its rows: constants of a list.

规模以上工业单位名录, 新乡市青年企业家协会会员名册, 长垣县产业集聚区入驻企业: as `list_titles.toml` has it. A
constant only fills a field for which the sheet has no column; titles that deny or mix give none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import polars as pl

from coverage_engine.content import read_shipped
from coverage_engine.divisions.resolver import resolver
from coverage_engine.divisions.table import EDITIONS, JIYUAN
from coverage_engine.ledgers.list_shapes import ListTitlesFile
from coverage_engine.ledgers.tables.list_statements import ListFact
from coverage_engine.ledgers.tables.place_texts import without_before
from coverage_engine.ledgers.tables.sheet_columns import PlacedColumn
from coverage_engine.ledgers.tables.sheets import Layout
from coverage_engine.ledgers.tables.title_cells import TitleCell, file_name, naming_column, sheet_name, titles

_LEVELS = {"province": "省级", "city": "市级", "county": "县级"}
_PROVINCE = ("河南省", "河南", "省")


@dataclass(frozen=True)
class _Rule:
    """一条写法: which field of which kinds is told by a title of this form."""

    kinds: frozenset[str]
    key: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str]
    also: re.Pattern[str]
    grounds: tuple[str, ...]
    word: str
    by_place: bool

    def match(self, text: str) -> re.Match[str] | None:
        """Where a text has the form; a name begins behind the year and number of the title."""
        names = "value" in self.pattern.groupindex and "later" not in self.pattern.groupindex
        return self.pattern.search(without_before(text) if names else text)


def with_list_facts(layouts: Sequence[Layout]) -> list[Layout]:
    """The layouts with the columns that their titles, or the names of their sheets or files, fill."""
    return [_with_facts(_without_other_ranks(layout)) for layout in layouts]


def facts_of_names(kind: str, names: Mapping[str, Sequence[TitleCell]]) -> list[ListFact]:
    """What titles and names (by ground: title, sheet, file) say of all rows of a list of a kind."""
    facts: dict[str, ListFact] = {}
    for rule in _rules():
        if kind in rule.kinds and rule.key not in facts and (fact := _fact(rule, names)):
            facts[rule.key] = fact
    return list(facts.values())


# ---------------------------------------------------------------------------------------------- private


def _with_facts(layout: Layout) -> Layout:
    if layout.kind is None or layout.left_out or layout.header_row is None:
        return layout
    present = {place.column.key for place in layout.columns}
    known = {column.key: column for column in layout.kind.columns if column.stored}
    facts = tuple(
        fact
        for fact in facts_of_names(layout.kind.kind, _names(layout))
        if fact.key in known and fact.key not in present
    )
    if not facts:
        return layout
    at = naming_column(layout)
    keys = {fact.key for fact in facts}
    return replace(
        layout,
        rows=layout.rows.with_columns(pl.lit(fact.word, dtype=pl.String).alias(fact.key) for fact in facts),
        columns=(*layout.columns, *(PlacedColumn(at, fact.where, known[fact.key]) for fact in facts)),
        missing=tuple(column for column in layout.missing if column.key not in keys),
        list_facts=facts,
    )


def _names(layout: Layout) -> dict[str, list[TitleCell]]:
    name = sheet_name(layout)
    return {"title": titles(layout), "sheet": [name] if name else [], "file": [file_name(layout)]}


def _fact(rule: _Rule, names: Mapping[str, Sequence[TitleCell]]) -> ListFact | None:
    """The fact that the nearest text of the rule's form tells; none where one of them denies or mixes it."""
    texts = {ground: [(cell, _plain(cell.text)) for cell in names.get(ground, ())] for ground in rule.grounds}
    if not rule.also.search(" ".join(_plain(cell.text) for cells in names.values() for cell in cells)):
        return None
    if any(_denies(rule, text) for ground in ("title", "sheet") for _, text in texts.get(ground, ())):
        return None
    for ground, cells in texts.items():
        hits = [(cell, match) for cell, text in cells if (match := rule.match(text))]
        if hits:
            cell, match = hits[0]
            if _denies(rule, _plain(cell.text)):
                return None
            word = _word(rule, match)
            return ListFact(rule.key, word, ground, cell.where) if word else None
    return None


def _denies(rule: _Rule, text: str) -> bool:
    return rule.unless.search(text) is not None


def _word(rule: _Rule, match: re.Match[str]) -> str:
    groups = match.groupdict()
    value = groups.get("value") or groups.get("later") or rule.word
    if rule.by_place:
        return _level(value)
    return value if rule.word or value.isdigit() else without_before(value)


def _level(place: str) -> str:
    """省级, 市级 or 县级 by the place with which a name begins; nothing where it is no place."""
    bare = without_before(place)
    if bare in _PROVINCE:
        return _LEVELS["province"]
    if bare in ("市", "县", "区"):
        return _LEVELS["city" if bare == "市" else "county"]
    place_meant = resolver(EDITIONS[0]).resolve(bare)
    if place_meant.code is None:
        return ""
    return _LEVELS[
        "city" if place_meant.code == place_meant.city_code or place_meant.code == JIYUAN else "county"
    ]


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _without_other_ranks(layout: Layout) -> Layout:
    """A rank in another list than the one of the field is not that field: 纳税百强 is no 民营企业100强."""
    if layout.kind is None:
        return layout
    for rule in _content().not_the_field:
        said = " ".join(_plain(cell.text) for cells in _names(layout).values() for cell in cells)
        if re.search(rule.when, said) is None or re.search(rule.unless, said):
            continue
        wrong = [
            place
            for place in layout.columns
            if place.column.key == rule.key and rule.header_unless not in place.header
        ]
        if wrong:
            layout = replace(
                layout,
                rows=layout.rows.drop(rule.key),
                columns=tuple(place for place in layout.columns if place not in wrong),
                other_headers={**layout.other_headers, **{place.index: place.header for place in wrong}},
            )
    return layout


@cache
def _content() -> ListTitlesFile:
    content: ListTitlesFile = read_shipped(ListTitlesFile, "data", "ledgers", "words", "list_titles.toml")
    return content


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(_each_rule())


def _each_rule() -> Iterator[_Rule]:
    for part in _content().fact:
        yield _Rule(
            kinds=frozenset(part.kinds),
            key=part.key,
            pattern=re.compile(part.pattern),
            unless=re.compile(part.unless),
            also=re.compile(part.also),
            grounds=part.grounds,
            word=part.word,
            by_place=part.by_place,
        )
