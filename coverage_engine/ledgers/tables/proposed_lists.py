"""What is proposed for the lists of each form that were handed in: kind, field of each column, what is asked.

Certain columns are read without a question. A column that may be a field, or does not look like it, is
asked; one that nobody knows is not read and shown as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from coverage_engine.ledgers.kinds import LedgerKind
from coverage_engine.ledgers.list_mappings import all_columns, form_of
from coverage_engine.ledgers.personal_data import hide_people
from coverage_engine.ledgers.tables.column_proposals import column_proposals
from coverage_engine.ledgers.tables.guessed_header import header_as_looked_up
from coverage_engine.ledgers.tables.sheet_columns import column_letter
from coverage_engine.ledgers.tables.sheets import Layout

CERTAIN, LIKELY, UNKNOWN = "certain", "likely", "unknown"
_SAMPLES = 3
_LOOKED_AT = 200
_HIDDEN = "（个人信息，不显示）"


@dataclass(frozen=True)
class ProposedColumn:
    """一列的建议: `field` is the column of the ledger it seems to be, "" for none."""

    letter: str
    header: str
    samples: tuple[str, ...]
    field: str
    certainty: str
    reason: str
    asked: bool = False


@dataclass(frozen=True)
class ProposedWord:
    """一个看不懂的写法: a word that a column does not know, how often, and what may be meant."""

    field: str
    word: str
    rows: int
    allowed: tuple[str, ...]


@dataclass(frozen=True)
class ProposedConstant:
    """一张表的固定值: a column that the ledger needs and the sheet has not, to be given for all its rows."""

    sheet: str
    field: str
    reason: str


@dataclass(frozen=True)
class ProposedList:
    """一种表的建议: the lists of one form, as they are read unless a planner says otherwise."""

    form: str
    kind: LedgerKind | None
    certainty: str
    reason: str
    sheets: tuple[tuple[str, str], ...]
    rows: int
    columns: tuple[ProposedColumn, ...]
    words: tuple[ProposedWord, ...] = ()
    constants: tuple[ProposedConstant, ...] = ()

    @property
    def asked(self) -> bool:
        """Whether its kind is to be asked."""
        return self.certainty != CERTAIN

    @property
    def questions(self) -> int:
        """How many answers are wanted."""
        return (
            self.asked + sum(column.asked for column in self.columns) + len(self.words) + len(self.constants)
        )


def propose_lists(layouts: Sequence[Layout], unknown_words: pl.DataFrame) -> tuple[ProposedList, ...]:
    """The lists by form, those with most questions first.

    `unknown_words`: `source`, `field`, `word`, `rows` of cells that a column does not understand.
    """
    groups: dict[tuple[str, str], list[Layout]] = {}
    for layout in layouts:
        if layout.left_out or not layout.rows_read:
            continue
        labels = _labels(layout)
        if labels:
            groups.setdefault((form_of(labels), layout.kind.kind if layout.kind else ""), []).append(layout)
    several = {form for form, kind in groups if sum(other == form for other, _ in groups) > 1}
    proposed = [
        _proposed(f"{form}-{kind or 'x'}" if form in several else form, members, unknown_words)
        for (form, kind), members in groups.items()
    ]
    return tuple(sorted(proposed, key=lambda each: (-each.asked, -each.questions, -each.rows, each.form)))


# ---------------------------------------------------------------------------------------------- private


def _labels(layout: Layout) -> tuple[str, ...]:
    """The headers of a list by index, blank ones too; none where no header is to be seen."""
    if layout.kind:
        return layout.labels
    guess = header_as_looked_up(layout.raw)
    return guess.labels if guess else ()


def _proposed(form: str, members: Sequence[Layout], unknown_words: pl.DataFrame) -> ProposedList:
    first = max(members, key=lambda layout: layout.rows.height)
    certainty, reason = _of_kind(members)
    return ProposedList(
        form=form,
        kind=first.kind,
        certainty=certainty,
        reason=reason,
        sheets=tuple(dict.fromkeys((layout.raw.file, layout.raw.sheet) for layout in members)),
        rows=sum(layout.rows.height for layout in members),
        columns=tuple(_columns(first)),
        words=tuple(_words(members, unknown_words)),
        constants=tuple(_constants(members)),
    )


def _of_kind(members: Sequence[Layout]) -> tuple[str, str]:
    first = members[0]
    if first.kind is None:
        possible = "、".join(kind.sheet for kind in first.possible)
        return UNKNOWN, f"几种台账都像：{possible}" if possible else "表名、标题和表头都看不出是哪种台账"
    if first.mapped:
        return CERTAIN, "按交来的表头对照"
    ground = "表名、文件名" if first.named is first.kind else "表头"
    return CERTAIN, f"由{ground}认出"


def _columns(layout: Layout) -> Iterable[ProposedColumn]:
    """Every column with a header; of a list that a planner has mapped nothing is asked again."""
    headers = {column.key: column.header for column in all_columns(layout.kind)} if layout.kind else {}
    for each in column_proposals(layout):
        if not each.header:
            continue
        field = headers.get(each.field or next(iter(each.candidates), ""), "")
        asked = each.to_ask and not layout.mapped and layout.kind is not None
        reason = "按交来的表头对照" if layout.mapped and each.certainty == CERTAIN else each.reason
        yield ProposedColumn(
            column_letter(each.index),
            each.header,
            _samples(layout, each.index),
            field if asked or each.certainty == CERTAIN else "",
            each.certainty,
            reason,
            asked,
        )


def _samples(layout: Layout, index: int) -> tuple[str, ...]:
    """A few different cells below a header, without persons."""
    column = f"c{index}"
    if layout.kind is None:
        header = header_as_looked_up(layout.raw)
        cells = layout.raw.grid[column].slice(header.last + 1 if header else 0, _LOOKED_AT)
    else:
        rows = layout.rows["row"].head(_LOOKED_AT) - 1 - layout.raw.above
        cells = layout.raw.grid[column].gather(rows)
    shown = hide_people(cells.drop_nulls()).unique(maintain_order=True).head(_SAMPLES)
    return tuple(_HIDDEN if text.startswith("（像") else text for text in shown.to_list())


def _words(members: Sequence[Layout], unknown_words: pl.DataFrame) -> Iterable[ProposedWord]:
    sources = [layout.source for layout in members]
    columns = {column.key: column for layout in members if layout.kind for column in layout.kind.columns}
    counted = (
        unknown_words.filter(pl.col("source").is_in(sources))
        .group_by("field", "word")
        .agg(pl.col("rows").sum())
        .sort("field", pl.col("rows"), "word", descending=[False, True, False])
    )
    for field, word, rows in counted.iter_rows():
        if field in columns:
            allowed = columns[field].canonical_words or ("是", "否")
            yield ProposedWord(columns[field].header, word, rows, allowed)


def _constants(members: Sequence[Layout]) -> Iterable[ProposedConstant]:
    """What is asked of a sheet: required columns that are nowhere in it, one answer for all its rows."""
    for layout in members:
        for column in layout.missing:
            reason = f"{layout.raw.file} 的“{layout.raw.sheet}”没有这一列；全表相同的，写一个值"
            yield ProposedConstant(layout.raw.sheet, column.header, reason)
