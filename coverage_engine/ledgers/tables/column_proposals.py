"""What every column of a sheet is proposed to be: its field, how certain that is, and why.

Certain is what the header says, as the ledger or the form of the list knows it, unless the cells contradict;
it is read. Likely is what the cells or a near header suggest; it is not read but asked about, as is a column
whose header and cells disagree. All else is no field of the ledger, and nobody is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from coverage_engine.ledgers.header_words import header_words
from coverage_engine.ledgers.kinds import (
    LedgerColumn,
    LedgerKind,
    column_under,
    fold_header,
    header_spellings,
    ledger_kind,
    reading_words,
)
from coverage_engine.ledgers.list_forms import ListForm
from coverage_engine.ledgers.tables.column_values import (
    Looks,
    contradiction,
    looks_of,
    mostly,
    sample_of,
)
from coverage_engine.ledgers.tables.guessed_header import header_as_looked_up
from coverage_engine.ledgers.tables.sheets import Layout

Certainty = Literal["certain", "likely", "unknown"]
_CELLS = {"code": "统一社会信用代码", "firm": "企业名称", "place": "县（市、区）"}


@dataclass(frozen=True)
class ColumnProposal:
    """一列的对照建议: `index` (0-based) and `header` in the sheet, the `field` of the kind, how certain, why.

    A certain column without a field is certainly none (序号, personal data). `candidates` are the fields that
    it may be, the likeliest first; a column that is not certain and has some is to be asked about.
    """

    index: int
    header: str
    field: str | None
    certainty: Certainty
    reason: str
    candidates: tuple[str, ...] = ()

    @property
    def to_ask(self) -> bool:
        """Whether a person is to say what the column is."""
        return self.certainty != "certain" and bool(self.candidates)


def column_proposals(layout: Layout, kind: LedgerKind | None = None) -> tuple[ColumnProposal, ...]:
    """A proposal for every column of a sheet that has a header or cells, from left to right.

    `kind` is the ledger it is to be read as, where the sheet was not recognised; an enterprise ledger else.
    """
    described = kind or layout.kind or layout.named or ledger_kind("enterprises")
    sheet = _Sheet.of(layout, described)
    # Columns that a title or a place fills for all rows stand beside those of the sheet.
    known = {
        place.index: place.column
        for place in reversed(layout.columns if layout.kind else ())
        if place.column.stored and place.header == layout.labels[place.index]
    }
    proposals = {
        index: ColumnProposal(
            index, sheet.label(index), column.key, "certain", sheet.why(index, column), (column.key,)
        )
        for index, column in known.items()
    }
    taken = {column.key for column in known.values()}
    for index in sheet.indices:
        if index in proposals:
            continue
        proposal = _unread(sheet, index, taken, layout)
        if proposal.certainty == "certain" and proposal.field:
            taken.add(proposal.field)
        proposals[index] = proposal
    return tuple(proposals[index] for index in sorted(proposals))


def doubtful_columns(layout: Layout, kind: LedgerKind | None = None) -> tuple[ColumnProposal, ...]:
    """The columns of a sheet that are to be asked about."""
    return tuple(proposal for proposal in column_proposals(layout, kind) if proposal.to_ask)


# ---------------------------------------------------------------------------------------------- private


@dataclass(frozen=True)
class _Sheet:
    """The labels of a sheet's columns and its rows of data, as one kind of ledger."""

    kind: LedgerKind
    form: ListForm | None
    labels: Mapping[int, str]
    data: pl.DataFrame

    @staticmethod
    def of(layout: Layout, kind: LedgerKind) -> _Sheet:
        """The sheet of a layout; of one that was not recognised under the header that it seems to have."""
        grid = layout.raw.grid
        if layout.kind is not None and layout.header_row is not None:
            labels = {index: label for index, label in enumerate(layout.labels) if label}
            data = grid.slice(layout.header_row - layout.raw.above)
            form = layout.form if kind is layout.kind else None
            return _Sheet(kind, form, labels, data)
        guess = header_as_looked_up(layout.raw)
        if guess is None:
            return _Sheet(kind, None, {}, grid)
        named = {index: label for index, label in enumerate(guess.labels) if label}
        return _Sheet(kind, None, named, grid.slice(guess.last + 1))

    @property
    def indices(self) -> list[int]:
        """Columns with a header or with cells."""
        filled = [self.data[name].null_count() < self.data.height for name in self.data.columns]
        return [index for index, any_cell in enumerate(filled) if any_cell or self.labels.get(index)]

    def label(self, index: int) -> str:
        return self.labels.get(index, "")

    def values(self, index: int) -> list[str]:
        return sample_of(self.data[self.data.columns[index]])

    def column(self, index: int) -> LedgerColumn | None:
        keys = self.form.keys() if self.form else self.kind.header_keys()
        return column_under(self.label(index), keys)

    def why(self, index: int, column: LedgerColumn) -> str:
        """Why a header means a column."""
        label = self.label(index)
        if fold_header(label) == fold_header(column.header):
            return f"表头就是“{column.header}”"
        if self.form and any(fold_header(label) == fold_header(word) for word in self.form.columns):
            return f"{self.form.name}里的“{label}”就是“{column.header}”"
        if fold_header(label) in column.own_headers:
            return f"“{label}”是“{column.header}”的别名"
        return f"“{label}”去掉不改变意思的字，就是“{column.header}”"


def _unread(sheet: _Sheet, index: int, taken: set[str], layout: Layout) -> ColumnProposal:
    """What is proposed for a column that is not read."""
    label, folded = sheet.label(index), fold_header(sheet.label(index))
    none = ColumnProposal(index, label, None, "certain", "")
    if folded in {fold_header(word) for word in reading_words()["rows"]["serial_headers"]}:
        return _because(none, "序号，不读入")
    if index in layout.doubtful:
        doubt = layout.doubtful[index]
        words = f"表头像“{doubt.column.header}”，内容却{doubt.reason}"
        return ColumnProposal(index, label, None, "unknown", words, (doubt.column.key,))
    if index in layout.doubled:
        column = layout.doubled[index].column
        return _because(none, f"与“{column.header}”列说的是同一件事，已取另一列")
    named = sheet.column(index) if label else None
    if named is not None and not named.stored:
        return _because(none, f"“{named.header}”不读入")
    if named is not None and named.key not in taken:
        return _named(sheet, index, named, layout)
    if _is_personal(folded):
        return _because(none, "个人信息，不读入")
    if label and (said := _said_otherwise(label, sheet.kind)):
        return _because(none, said)
    near = _near(sheet, index, taken)
    return near or ColumnProposal(index, label, None, "unknown", "与台账各列都不相符，不读入")


def _because(proposal: ColumnProposal, reason: str) -> ColumnProposal:
    return ColumnProposal(proposal.index, proposal.header, None, "certain", reason)


def _named(sheet: _Sheet, index: int, column: LedgerColumn, layout: Layout) -> ColumnProposal:
    """A header that names a column but was not read so: its group, or its cells, may say otherwise."""
    label = sheet.label(index)
    against = contradiction(sheet.values(index), column)
    if against:
        words = f"表头像“{column.header}”，内容却{against}"
        return ColumnProposal(index, label, None, "unknown", words, (column.key,))
    if layout.kind is None:
        return ColumnProposal(index, label, column.key, "certain", sheet.why(index, column), (column.key,))
    words = f"像“{column.header}”，但看不出是谁的（其中、分组）"
    return ColumnProposal(index, label, None, "unknown", words, (column.key,))


def _said_otherwise(label: str, kind: LedgerKind) -> str:
    """Why a header that is written like a column's is another thing: 团员数（女）."""
    keys = kind.header_keys()
    for spelling in header_spellings(label):
        if (column := keys.get(spelling)) and (word := column.spoken_otherwise(label)):
            return f"写明“{word}”，不是“{column.header}”"
    return ""


def _near(sheet: _Sheet, index: int, taken: set[str]) -> ColumnProposal | None:
    """A likely field: a header near to one, a database's header, or cells that look like nothing else."""
    label, values = sheet.label(index), sheet.values(index)
    looks = looks_of(values)
    fields = {column.key: column for column in sheet.kind.columns if column.key not in taken}
    for keys, reason in [*_by_header(fold_header(label), sheet.kind), *_by_cells(sheet.kind, looks)]:
        fit = tuple(key for key in keys if key in fields and not contradiction(values, fields[key]))
        if len(fit) == 1:
            words = reason.format(header=fields[fit[0]].header)
            return ColumnProposal(index, label, fit[0], "likely", words, fit)
        if fit:
            words = reason.format(header="、".join(fields[key].header for key in fit))
            return ColumnProposal(index, label, None, "unknown", f"{words}，看不出是哪一列", fit)
    if mostly(looks, "hidden") or mostly(looks, "person"):
        return ColumnProposal(index, label, None, "certain", "内容像电话或人名，不读入")
    return None


def _by_header(folded: str, kind: LedgerKind) -> list[tuple[list[str], str]]:
    """Fields that a header is near to, or names as databases do, with the reason."""
    near = [key for key, words in header_words()["near"].items() if folded in set(map(fold_header, words))]
    alike = {
        header
        for header, spellings in reading_words()["lookalikes"].items()
        if folded in set(map(fold_header, spellings))
    }
    named = [column.key for column in kind.columns if column.header in alike]
    return [(near, "口径与“{header}”相近，用不用请定"), (named, "像数据库里的“{header}”")]


def _by_cells(kind: LedgerKind, looks: Looks) -> list[tuple[list[str], str]]:
    """Fields whose cells look like those of a column."""
    typed = {
        "code": [column.key for column in kind.columns if column.type == "credit_code"],
        "firm": [column.key for column in kind.columns if column.firm],
        "place": [column.key for column in kind.columns if column.type == "division"],
    }
    found = [(keys, f"内容多半是{_CELLS[what]}") for what, keys in typed.items() if mostly(looks, what)]
    if mostly(looks, "address") and not mostly(looks, "firm"):
        found.append((["address"], "内容多半是地址"))
    return found


def _is_personal(folded: str) -> bool:
    bare = folded.replace("法人单位", "")
    return any(word.casefold() in bare for word in reading_words()["personal"]["words"])
