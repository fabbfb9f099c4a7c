"""What is said of the lists of one form: their kind, the field of each header, constants and words.

A form is known by its headers: sheets with the same headers, in whatever order, in whatever month, are lists
of one form. Where lists of two kinds have the same headers, the names of their sheets tell them apart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from coverage_engine.ledgers.kinds import (
    LedgerColumn,
    LedgerKind,
    fold_header,
    ledger_kind,
    ledger_kinds,
    without_year,
)

_DIGITS = 8


@dataclass(frozen=True)
class ListMapping:
    """一种表的对照: how lists of one form are read.

    `kind` is the ledger kind, null for lists that are no ledger; `fields` has the key of the column under
    the folded header, `constants` the text that holds for all rows of a sheet under its name ("" for all) and
    the key, `words` by key what is written and the word of the ledger that it means, `left_out` the words
    with which rows begin that are no data; `complete` (名录完整): who is not in the lists is none. `sheets`
    are the sheets of which it was said.
    """

    form: str
    kind: LedgerKind | None
    fields: Mapping[str, str]
    sheets: frozenset[str] = frozenset()
    constants: Mapping[tuple[str, str], str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    complete: bool = False

    def columns(self, labels: Sequence[str]) -> dict[int, LedgerColumn]:
        """The column of the ledger under each header that has one, by index; the first of doubled ones."""
        if self.kind is None:
            return {}
        known = {column.key: column for column in all_columns(self.kind)}
        placed: dict[int, LedgerColumn] = {}
        taken: set[str] = set()
        for index, label in enumerate(labels):
            key = self.fields.get(folded(label), "")
            if key in known and key not in taken:
                placed[index] = known[key]
                taken.add(key)
        return placed

    def constants_of(self, sheet: str) -> dict[str, str]:
        """The constants of one sheet by key: those of its own before those of all."""
        common = {key: text for (name, key), text in self.constants.items() if not name}
        return common | {key: text for (name, key), text in self.constants.items() if name == sheet}


@dataclass(frozen=True)
class Mappings:
    """全部对照: every mapping handed in, by form."""

    by_form: Mapping[str, tuple[ListMapping, ...]] = field(default_factory=dict)

    def of(self, labels: Sequence[str], sheet: str) -> ListMapping | None:
        """What was said of a list with these headers; null where nothing was, or of several kinds."""
        said = self.by_form.get(form_of(labels), ())
        named = [each for each in said if sheet in each.sheets]
        return (named or list(said))[0] if len(named or said) == 1 else None

    def __bool__(self) -> bool:
        return bool(self.by_form)


NO_MAPPINGS = Mappings()


def together(mappings: Iterable[ListMapping]) -> Mappings:
    """Mappings by form; of two for the same form and kind the later counts."""
    by_form: dict[str, dict[str | None, ListMapping]] = {}
    for each in mappings:
        by_form.setdefault(each.form, {})[each.kind.kind if each.kind else None] = each
    return Mappings({form: tuple(kinds.values()) for form, kinds in by_form.items()})


def form_of(labels: Iterable[str]) -> str:
    """The signature of a list: of its headers without years, spaces, signs and order."""
    words = sorted(filter(None, map(folded, labels)))
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:_DIGITS]


def folded(label: str) -> str:
    """A header as it is compared."""
    return without_year(fold_header(label)) if label else ""


def all_columns(kind: LedgerKind) -> tuple[LedgerColumn, ...]:
    """The columns of a kind, with those over which a place may be spread."""
    spread = {column.key: column for column in kind.header_keys().values()}
    return (*kind.columns, *(column for key, column in spread.items() if key.startswith("place_")))


def kind_named(words: str) -> LedgerKind | None:
    """The kind by its Chinese name or key; null where there is none."""
    kinds = {name: kind.kind for kind in ledger_kinds() for name in (kind.sheet, kind.kind)}
    return ledger_kind(kinds[words]) if words in kinds else None
