"""What every ledger looks like: kinds, columns, headers, vocabularies, as described in `data/ledgers/`.

The one reader of that folder. Reading, checking, the blank template and the manual all draw on it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from coverage_engine.content import alike, checked_content, content_files, read_shipped
from coverage_engine.ledgers.header_words import CLASSES, marked, reduced, speaks_otherwise
from coverage_engine.ledgers.ledger_shapes import ColumnPart, LedgerFile
from coverage_engine.ledgers.word_shapes import PersonalFile, ReadingFile

PLACE_PARTS: tuple[str, ...] = ("place_province", "place_city")
"""Keys of the columns that hold a part of a place beside the column of type division; never stored."""

COLUMN_TYPES: frozenset[str] = frozenset(
    {"text", "count", "real", "flag", "choice", "division", "date", "credit_code", "percent"}
)
_BRACKETED = re.compile(r"[(\[{【〔<《][^)\]}】〕>》]*[)\]}】〕>》]")
_BRACKETS = "()[]{}【】〔〕<>《》"
_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff]"
)
_YEAR = re.compile(r"^(?:19|20)\d{2}(?:年度|年末|年底|年终|年)?(?=\D{2})")
_SIDE_BY_SIDE = re.compile(r"[/、|｜]|(?<=[码称])[或及和](?=[统组企单信])")
_NUMBERED = re.compile(
    r"^\s*(?:[(（](?:\d{1,2}|[一二三四五六七八九十]{1,2})[)）]|(?:\d{1,2}|[一二三四五六七八九十]{1,2})[.、．](?!\d))\s*"
)
_NOT_HEADER = re.compile(r"[\s|｜*＊:：,，、;；/／_\-—.。\"'“”‘’]+")


@dataclass(frozen=True)
class SharedBody:
    """几家企业合用的组织: the `value` of a body that several firms share.

    That they share it is told by several firms in a cell, by the name of the body, in the column `body`, that
    is merged over several rows, or by one of the `words` in it.
    """

    value: str
    body: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class LedgerColumn:
    """台账的一列: one column of a ledger kind.

    `key` is the field of the model that it fills (`fills` are further fields drawn from it); `words` maps
    what planners write to stored values; a column with `stored` false is known but never read; `low` and
    `high` bound a number, and `band` says why no sound one lies beyond; `firm`: the cells name an enterprise,
    `each`: of several in a cell each stands for itself; `shared`: what a body of several is by nature.
    """

    header: str
    key: str
    type: str
    description: str
    required: bool = False
    unit: str = ""
    aliases: tuple[str, ...] = ()
    words: Mapping[str, str] | None = None
    fills: tuple[str, ...] = ()
    stored: bool = True
    low: int | None = None
    high: int | None = None
    firm: bool = False
    band: str = ""
    each: bool = False
    shared: SharedBody | None = None

    @property
    def never_a_person(self) -> bool:
        """Whether a cell that is nothing but a person's name must be a mistake here."""
        return self.type != "text" or self.key in personal_words()["names"]["only_person"]

    @property
    def own_headers(self) -> tuple[str, ...]:
        """All its headers, folded."""
        return tuple(map(fold_header, (self.header, *self.aliases)))

    def spoken_otherwise(self, header: str) -> str:
        """The words by which a header that is like its own speaks of another thing; empty: it does not."""
        return speaks_otherwise(header, self.key, self.type, self.own_headers)

    @property
    def canonical_words(self) -> tuple[str, ...]:
        """One word per stored value, the first that is listed: what the template offers."""
        offered: dict[str, str] = {}
        for word, value in (self.words or {}).items():
            offered.setdefault(value.rstrip("?!"), word)
        return tuple(word for value, word in offered.items() if value)


@dataclass(frozen=True)
class LedgerKind:
    """台账种类: `sheet` is its Chinese name, `kind` its key, `key` what one row stands for."""

    kind: str
    sheet: str
    key: str
    description: str
    aliases: tuple[str, ...]
    columns: tuple[LedgerColumn, ...]

    @property
    def required(self) -> tuple[LedgerColumn, ...]:
        """The columns without which a sheet of this kind cannot be used."""
        return tuple(column for column in self.columns if column.required)

    @property
    def division(self) -> LedgerColumn | None:
        """The column that says where the row belongs; null where a kind has none."""
        return next((column for column in self.columns if column.key == "division_code"), None)

    def column(self, key: str) -> LedgerColumn:
        """The column that fills a field."""
        return next(column for column in self.columns if column.key == key)

    def header_keys(self) -> dict[str, LedgerColumn]:
        """Every folded spelling of a header with its column; canonical headers win over aliases.

        Reduced forms (`header_words.reduced`) stand beside the spellings, where they mean one column only.
        """
        return _header_keys(self.kind)

    def column_under(self, header: str) -> LedgerColumn | None:
        """The column that a header names; null where it names none."""
        return column_under(header, self.header_keys())


@cache
def ledger_kinds() -> tuple[LedgerKind, ...]:
    """All kinds of ledgers in the order of the manual."""
    described = [
        read_shipped(LedgerFile, "data", "ledgers", file.name)
        for file in content_files("data", "ledgers", suffix=".toml")
    ]
    ordered = sorted(described, key=lambda file: file.order)
    return tuple(alike(LedgerKind, file, columns=tuple(map(_column, file.columns))) for file in ordered)


@cache
def ledger_kind(kind: str) -> LedgerKind:
    """One kind by its key, e.g. `enterprises`."""
    return next(entry for entry in ledger_kinds() if entry.kind == kind)


@cache
def reading_words() -> dict[str, dict[str, Any]]:
    """Words for unknown, yes, no, totals, footers and personal columns."""
    return checked_content(ReadingFile, "data", "ledgers", "words", "reading.toml")


@cache
def personal_words() -> dict[str, Any]:
    """What numbers and names of people look like."""
    return checked_content(PersonalFile, "data", "ledgers", "words", "personal.toml")


def fold_text(text: str) -> str:
    """Full-width letters and digits made half-width, outer spaces and invisible signs dropped."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()


@lru_cache(maxsize=1 << 16)
def fold_header(header: str) -> str:
    """A header without spaces, brackets' content, punctuation and a leading 是否."""
    folded = re.sub(r"\s+", "", fold_text(header)).casefold()
    bare = _NOT_HEADER.sub("", _BRACKETED.sub("", folded)) or _NOT_HEADER.sub("", folded).strip(_BRACKETS)
    return bare.removeprefix("是否") or bare


def without_year(folded: str) -> str:
    """A folded header without the year before it: 2024年从业人员数 is looked up as 从业人员数."""
    return _YEAR.sub("", folded)


@lru_cache(maxsize=1 << 16)
def header_spellings(header: str) -> tuple[str, ...]:
    """What a header is looked up as, the nearest to what is written first."""
    folded = fold_header(header)
    bare = without_year(folded)
    unnumbered = _NUMBERED.sub("", header)
    others = () if unnumbered == header else header_spellings(unnumbered)
    return (folded, *(() if bare == folded else (bare,)), *reduced(bare), *others)


def column_under(header: str, keys: Mapping[str, LedgerColumn]) -> LedgerColumn | None:
    """The column whose spelling among `keys` a header has, unless the header speaks of another thing.

    Two spellings of one column side by side (组织机构代码/统一社会信用代码) name it too.
    """
    for spelling in header_spellings(header):
        if column := keys.get(spelling):
            return None if column.spoken_otherwise(header) else column
    parts = [part for part in _SIDE_BY_SIDE.split(header) if part.strip()]
    if len(parts) > 1:
        columns = [column_under(part, keys) for part in parts]
        if all(column is not None and column == columns[0] for column in columns):
            return columns[0]
    return None


# ---------------------------------------------------------------------------------------------- private


def _column(part: ColumnPart) -> LedgerColumn:
    shared = None if part.shared is None else alike(SharedBody, part.shared)
    return alike(LedgerColumn, part, stored=part.kept, shared=shared)


@cache
def _header_keys(kind: str) -> dict[str, LedgerColumn]:
    columns = ledger_kind(kind).columns
    folded = {fold_header(column.header): column for column in columns}
    for column in columns:
        for alias in column.aliases:
            folded.setdefault(fold_header(alias), column)
    if (division := ledger_kind(kind).division) is not None:
        for column, words in _place_headers(division):
            for word in words:
                folded.setdefault(fold_header(word), column)
    return folded | _reduced_keys(columns)


def _reduced_keys(columns: tuple[LedgerColumn, ...]) -> dict[str, LedgerColumn]:
    """The reduced headers of columns of numbers and states; those that would mean two columns are none."""
    meant: dict[str, dict[str, LedgerColumn]] = {}
    for column in columns:
        mark = marked("", CLASSES.get(column.type, "none"))
        for header in column.own_headers:
            for core in reduced(header):
                if core.startswith(mark):
                    meant.setdefault(core, {})[column.key] = column
    return {core: next(iter(named.values())) for core, named in meant.items() if len(named) == 1}


def _place_headers(division: LedgerColumn) -> list[tuple[LedgerColumn, list[str]]]:
    """The columns over which a place may be spread, each with its headers."""
    words = reading_words()["places"]
    parts = [
        LedgerColumn(words[part][0], f"place_{part}", "text", division.description)
        for part in ("province", "city")
    ]
    return [(parts[0], words["province"]), (parts[1], words["city"]), (division, words["county"])]
