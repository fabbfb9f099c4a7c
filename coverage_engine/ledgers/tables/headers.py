"""Finding the header of a sheet and which kind of ledger it is.

The sheet's or file's name picks the kind; where it says nothing, or its required headers are not there, the
kind whose required headers all match, the one with most matches first. Headers that many kinds of lists have
(名称, 类型, 经度 …) tell nothing alone; a bare list of companies is an enterprise ledger that lacks columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
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
from coverage_engine.ledgers.list_forms import ListForm, list_form, list_forms
from coverage_engine.ledgers.tables.header_rows import Candidate, candidates, head_of, title_of

_LIKELY = 4
"""So many matched columns make a kind likely even where a required one is missing."""
_TELLS_MUCH = 3
"""So many matched columns make a kind sure where only the place is missing."""
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
    def lacks_only_the_place(self) -> bool:
        """Whether it tells much and only not where: sheets, titles and files tell that too."""
        return len(self.columns) >= _TELLS_MUCH and all(column.type == "division" for column in self.missing)

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
class Recognition:
    """What a sheet is: a header of one kind; or none, with several kinds possible or none at all.

    `form` is the known list that it is, by whose headers and codes it is read.
    """

    header: Header | None
    possible: tuple[LedgerKind, ...] = ()
    named: LedgerKind | None = None
    form: ListForm | None = None


def recognise(raw: RawSheet) -> Recognition:
    """Kind and header of a sheet; a header may lack required columns (see `Header.missing`)."""
    head = head_of(raw)
    rows = list(candidates(head))
    of_form = None if is_note_sheet(raw.sheet) else _of_form(raw, head, rows)
    plain = _by_headers(raw, rows)
    if of_form and plain.header and of_form.header and plain.header.kind is of_form.header.kind:
        return replace(of_form, named=plain.named)
    return of_form if of_form and not _says_kind(raw) else plain


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


def named_kind(raw: RawSheet) -> LedgerKind | None:
    """The kind that the name of a sheet tells, or else that of its file."""
    return kind_by_name(raw.sheet) or kind_by_name(raw.file.rsplit(".", 1)[0])


def is_note_sheet(name: str) -> bool:
    """Whether a sheet is named as a page of notes, such as 填报说明."""
    return fold_header(name) in {fold_header(word) for word in reading_words()["rows"]["note_sheets"]}


def of_earlier_time(label: str, chosen: str) -> bool:
    """Whether a header says that it speaks of an earlier time than the one that was chosen."""
    comparable = _age(label)[0] or (_ANY_YEAR.search(chosen) is not None)
    return comparable and _age(chosen) < _age(label)


# ---------------------------------------------------------------------------------------------- private


def _by_headers(raw: RawSheet, rows: Sequence[Candidate]) -> Recognition:
    """What a sheet is by its name and by the headers that the kinds of ledgers know."""
    named = named_kind(raw)
    headers = {kind.kind: header for kind in ledger_kinds() if (header := _best_header(kind, rows))}
    fit = [
        header
        for header in headers.values()
        if header.kind is named or (header.telling and not header.bare_list)
    ]
    notes = is_note_sheet(raw.sheet)
    full = [header for header in fit if not header.missing or (header.lacks_only_the_place and not notes)]
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
    if not best and listed and listed.telling and named_only and not notes:
        return Recognition(listed, named=named)
    return Recognition(None, tuple(header.kind for header in best), named)


def _says_kind(raw: RawSheet) -> bool:
    """Whether the sheet, or its file, is called as a ledger of the template is."""
    names = (fold_header(raw.sheet), fold_header(raw.file.rsplit(".", 1)[0]))
    return any(kind.sheet in name for kind in ledger_kinds() for name in names)


def _of_form(raw: RawSheet, head: Sequence[Sequence[str]], rows: Sequence[Candidate]) -> Recognition | None:
    """What a sheet is by the form that it has; null where it has none, or several of different kinds."""
    sheet = fold_header(raw.sheet) + " " + fold_header(title_of(head))
    file = fold_header(raw.file.rsplit(".", 1)[0])
    spellings = frozenset(chain.from_iterable(candidate.words for candidate in rows))
    weights = {form.form: form.weight(sheet, file, spellings) for form in list_forms()}
    fits = {
        form.form: (weights[form.form], header)
        for form in list_forms()
        if weights[form.form] and (header := _best_header(ledger_kind(form.kind), rows, form.keys()))
        if _names_its_rows(header)
    }
    heaviest = max((weight for weight, _ in fits.values()), default=0)
    best = [list_form(name) for name, (weight, _) in fits.items() if weight == heaviest]
    if len({form.kind for form in best}) != 1:
        return None
    form = max(best, key=lambda form: fits[form.form][1].strength)
    return Recognition(fits[form.form][1], named=ledger_kind(form.kind), form=form)


def _names_its_rows(header: Header) -> bool:
    """Whether the column that names a row of the ledger is there."""
    firms = {column.key for column in header.kind.columns if column.firm}
    named = firms or {column.key for column in header.kind.required if column.type == "text"}
    present = {column.key for column in header.columns.values()}
    return bool(named & present)


def _best_header(
    kind: LedgerKind, rows: Sequence[Candidate], keys: Mapping[str, LedgerColumn] | None = None
) -> Header | None:
    """The rows that hold most headers of a kind; a row below that only divides columns belongs to them."""
    keys = kind.header_keys() if keys is None else keys
    best: Header | None = None
    for candidate in rows:
        columns = candidate.columns(keys)
        if not columns:
            continue
        labels = tuple(label.shown for label in candidate.labels)
        chosen, doubled = _one_each(columns, labels)
        header = Header(kind, candidate.first, candidate.last, labels, chosen, doubled)
        divides = best is not None and candidate.first == best.first and candidate.is_subheader(columns)
        if best is None or header.strength > best.strength or (header.strength == best.strength and divides):
            best = header
    return best


def _one_each(
    fits: dict[int, LedgerColumn], labels: Sequence[str]
) -> tuple[dict[int, LedgerColumn], dict[int, LedgerColumn]]:
    """One place for each column: under its canonical header, else the latest year's, else the first.

    What only an earlier time tells (上年) is no place for it.
    """
    places: dict[str, list[int]] = {}
    for index, column in fits.items():
        places.setdefault(column.key, []).append(index)
    chosen: dict[int, LedgerColumn] = {}
    doubled: dict[int, LedgerColumn] = {}
    for indices in places.values():
        column = fits[indices[0]]
        exact = [i for i in indices if fold_header(labels[i]) == fold_header(column.header)]
        best = min(
            exact or indices, key=lambda index: (_age(labels[index]), _distance(column, labels[index]))
        )
        if _age(labels[best])[0]:
            continue
        chosen[best] = column
        doubled.update({i: column for i in indices if i != best})
    return dict(sorted(chosen.items())), dict(sorted(doubled.items()))


def _distance(column: LedgerColumn, label: str) -> int:
    """How far a header is from a column of words: 组建方式 tells the form before 党组织类别 does."""
    own = column.own_headers
    folded = fold_header(label)
    return own.index(folded) if column.type == "choice" and folded in own else 0


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
