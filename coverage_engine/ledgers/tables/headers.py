"""Finding the header of a sheet and which kind of ledger it is.

The sheet's or file's name picks the kind; where it says nothing, or its required headers are not there, the
kind whose required headers all match, the one with most matches first. Headers that many kinds of lists have
(名称, 类型, 经度 …) tell nothing alone; a bare list of companies is an enterprise ledger that lacks columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain

from coverage_engine.ledgers.files.raw_sheets import RawSheet
from coverage_engine.ledgers.kinds import (
    LedgerColumn,
    LedgerKind,
    fold_header,
    ledger_kind,
    ledger_kinds,
    reading_words,
    without_year,
)

Label = tuple[str, tuple[str, ...]]
"""A header as shown, and the spellings under which it is looked up."""

_LOOKED_AT = 40
_MOST_COLUMNS = 512
"""No ledger has so many columns; a stray cell far to the right is no header."""
_LIKELY = 4
"""So many matched columns make a kind likely even where a required one is missing."""
_ANY_YEAR = re.compile(r"(?:19|20)\d{2}")
_NOW = 9_999
_VAGUE_TYPES = frozenset({"division", "real"})
_NAMELY = frozenset({"credit_code", "division"})


@dataclass(frozen=True)
class Header:
    """A header found: `last` is the 0-based index of its last row, `labels` its texts by column index."""

    kind: LedgerKind
    first: int
    last: int
    labels: tuple[str, ...]
    columns: dict[int, LedgerColumn]
    doubled: dict[int, LedgerColumn]

    @property
    def missing(self) -> tuple[LedgerColumn, ...]:
        """Required columns that are not there."""
        present = {column.key for column in self.columns.values()}
        return tuple(column for column in self.kind.required if column.key not in present)

    @property
    def strength(self) -> tuple[int, int]:
        """Matched columns, and how many of them under their canonical header."""
        exact = sum(
            fold_header(self.labels[index]) == fold_header(column.header)
            for index, column in self.columns.items()
        )
        return len(self.columns), exact

    @property
    def key(self) -> int:
        """Index of the column that names a row: the first required one, else the first that is stored."""
        stored = [index for index, column in self.columns.items() if column.stored]
        required = [index for index, column in self.columns.items() if column.required]
        return next(iter([*required, *stored]), 0)

    @property
    def telling(self) -> bool:
        """Whether a header tells the kind, not only such as any list has."""
        vague = _vague_headers()
        return any(fold_header(self.labels[index]) not in vague for index in self.columns)

    @property
    def bare_list(self) -> bool:
        """Whether it only names companies, as an enterprise ledger does, and nothing else."""
        known = ledger_kind("enterprises").header_keys()
        said = [known.get(without_year(fold_header(self.labels[index]))) for index in self.columns]
        return self.kind.kind != "enterprises" and all(
            column is not None and (column.key == "name" or column.type in _NAMELY) for column in said
        )


@dataclass(frozen=True)
class Candidate:
    """Rows `first` to `last` taken as a header: labels by column, and the folded spellings to look up."""

    first: int
    last: int
    labels: tuple[str, ...]
    spellings: tuple[tuple[str, ...], ...]

    @cached_property
    def words(self) -> frozenset[str]:
        """All spellings: most rows have none that a kind knows."""
        return frozenset(chain.from_iterable(self.spellings))


@dataclass(frozen=True)
class Recognition:
    """What a sheet is: a header of one kind; or none, with several kinds possible or none at all."""

    header: Header | None
    possible: tuple[LedgerKind, ...] = ()
    named: LedgerKind | None = None


def recognise(raw: RawSheet) -> Recognition:
    """Kind and header of a sheet; a header may lack required columns (see `Header.missing`)."""
    named = kind_by_name(raw.sheet) or kind_by_name(raw.file.rsplit(".", 1)[0])
    candidates = list(header_rows(raw))
    headers = {kind.kind: header for kind in ledger_kinds() if (header := _best_header(kind, candidates))}
    fit = [
        header
        for header in headers.values()
        if header.kind is named or (header.telling and not header.bare_list)
    ]
    full = [header for header in fit if not header.missing]
    strongest = max((header.strength for header in full), default=(0, 0))
    own = headers.get(named.kind) if named else None
    if own and (not own.missing or own.strength[0] >= max(strongest[0], 1 if own.telling else 2)):
        return Recognition(own, named=named)
    likely = max(fit, key=lambda header: header.strength, default=None)
    if likely and likely.missing and likely.strength[0] >= _LIKELY and likely.strength[0] > strongest[0] + 1:
        return Recognition(likely, named=named)
    best = [header for header in full if header.strength == strongest]
    if len(best) == 1:
        return Recognition(best[0], named=named)
    listed = headers.get("enterprises")
    named_only = any(header.bare_list for header in headers.values())
    if not best and listed and listed.telling and named_only and not is_note_sheet(raw.sheet):
        return Recognition(listed, named=named)
    return Recognition(None, tuple(header.kind for header in best), named)


def header_rows(raw: RawSheet) -> Iterator[Candidate]:
    """Every row of the beginning of a sheet taken as its header, alone and with those below it."""
    looked = raw.grid[:, :_MOST_COLUMNS].head(_LOOKED_AT)
    yield from _candidates([[cell or "" for cell in row] for row in looked.rows()])


def kind_by_name(name: str) -> LedgerKind | None:
    """The kind whose name, or longest alias, stands in a sheet's or file's name; null where two fit."""
    folded = fold_header(name) or name
    fits: dict[str, int] = {}
    for kind in ledger_kinds():
        spellings = (kind.sheet, *kind.aliases, kind.kind)
        longest = max((len(word) for word in spellings if word in folded), default=0)
        if longest:
            fits[kind.kind] = longest
    longest = max(fits.values(), default=0)
    best = [kind for kind in ledger_kinds() if longest and fits.get(kind.kind) == longest]
    return best[0] if len(best) == 1 else None


def is_note_sheet(name: str) -> bool:
    """Whether a sheet is named as a page of notes, such as 填报说明."""
    return fold_header(name) in {fold_header(word) for word in reading_words()["rows"]["note_sheets"]}


def of_earlier_time(label: str, chosen: str) -> bool:
    """Whether a header says that it speaks of an earlier time than the one that was chosen."""
    comparable = _age(label)[0] or (_ANY_YEAR.search(chosen) is not None)
    return comparable and _age(chosen) < _age(label)


# ---------------------------------------------------------------------------------------------- private


def _candidates(head: Sequence[Sequence[str]]) -> Iterator[Candidate]:
    """Each row as a header, and joined with the one or two rows below it; a title is no part of a header."""
    for first, row in enumerate(head):
        single: list[Label] = [(cell, (cell,)) for cell in row]
        yield _candidate(first, first, single)
        if _is_above_header(row):
            continue
        if first + 1 < len(head):
            yield _candidate(first, first + 1, _joined(row, head[first + 1]))
        if first + 2 < len(head):
            yield _candidate(first, first + 2, _joined_three(*head[first : first + 3]))


def _is_above_header(row: Sequence[str]) -> bool:
    """Whether a row is a title, or tells who hands the list in, when, and in which unit it counts."""
    filled = [cell for cell in row if cell]
    if len(filled) <= 1:
        return True
    signs = reading_words()["rows"]["above_header"]
    return any(re.sub(r"\s+", "", cell).startswith(tuple(signs)) for cell in filled)


def _candidate(first: int, last: int, labels: Sequence[Label]) -> Candidate:
    folded = (tuple(map(fold_header, each)) for _, each in labels)
    spellings = tuple((*each, *map(without_year, each)) for each in folded)
    return Candidate(first, last, tuple(label for label, _ in labels), spellings)


def _best_header(kind: LedgerKind, candidates: Sequence[Candidate]) -> Header | None:
    keys = kind.header_keys()
    best: Header | None = None
    for candidate in candidates:
        header = _matched(kind, keys, candidate)
        if header and (best is None or header.strength > best.strength):
            best = header
    return best


def _joined(top: Sequence[str], bottom: Sequence[str]) -> list[Label]:
    """Two header rows as one: a merged cell above reaches over the filled cells below it."""
    labels: list[Label] = []
    above = ""
    for upper, lower in zip(top, bottom, strict=True):
        above = upper or (above if lower else "")
        if above and lower:
            labels.append((f"{above}{lower}", (f"{above}{lower}", lower)))
        else:
            labels.append((above or lower, (above or lower,)))
    return labels


def _joined_three(top: Sequence[str], middle: Sequence[str], bottom: Sequence[str]) -> list[Label]:
    """Three header rows as one; each column is looked up under all, the lower two, and the lowest."""
    lower = _joined(middle, bottom)
    joined = _joined(top, [label for label, _ in lower])
    return [(label, (*whole, *below)) for (label, whole), (_, below) in zip(joined, lower, strict=True)]


def _matched(kind: LedgerKind, keys: dict[str, LedgerColumn], candidate: Candidate) -> Header | None:
    if candidate.words.isdisjoint(keys):
        return None
    fits = {
        index: keys[known]
        for index, spellings in enumerate(candidate.spellings)
        if (known := next((each for each in spellings if each in keys), None)) is not None
    }
    chosen, doubled = _one_each(fits, candidate.labels)
    return Header(kind, candidate.first, candidate.last, candidate.labels, chosen, doubled)


def _one_each(
    fits: dict[int, LedgerColumn], labels: Sequence[str]
) -> tuple[dict[int, LedgerColumn], dict[int, LedgerColumn]]:
    """One place for each column: under its canonical header, else the latest year's, else the first."""
    places: dict[str, list[int]] = {}
    for index, column in fits.items():
        places.setdefault(column.key, []).append(index)
    chosen: dict[int, LedgerColumn] = {}
    doubled: dict[int, LedgerColumn] = {}
    for indices in places.values():
        column = fits[indices[0]]
        exact = [i for i in indices if fold_header(labels[i]) == fold_header(column.header)]
        best = min(exact or indices, key=lambda index: _age(labels[index]))
        chosen[best] = column
        doubled.update({i: column for i in indices if i != best})
    return dict(sorted(chosen.items())), dict(sorted(doubled.items()))


def _age(label: str) -> tuple[bool, int]:
    """Orders headers of one content by the time of which they speak: none said, then the latest year."""
    years = [int(year) for year in _ANY_YEAR.findall(label)]
    earlier = any(word in label for word in reading_words()["rows"]["earlier"])
    return earlier, -max(years, default=_NOW)


@cache
def _vague_headers() -> frozenset[str]:
    words = {fold_header(word) for word in reading_words()["rows"]["vague_headers"]}
    for kind in ledger_kinds():
        for column in kind.columns:
            if column.type in _VAGUE_TYPES or column.key in ("address", "coordinate_system"):
                words |= {fold_header(spelling) for spelling in (column.header, *column.aliases)}
    return frozenset(words)
