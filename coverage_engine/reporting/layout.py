"""Annex layouts: what `reports/annex_N.toml` may say, read strictly.

A layout names its rows (`enterprises`, `parks`, `society_members`), the scope by three-valued flags (`all`,
`any`), columns with the fact that each shows, figures that the totals row and the summary sheets count by
formula, and notes. Every fault of a file is collected and raised at once with its key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from coverage_engine.content import Fault, Written, alike, content_file, held, read, refuse
from coverage_engine.reporting.layout_shapes import AnnexFile, ColumnPart, SummaryPart


@dataclass(frozen=True)
class Column:
    """One column of a form: two-row header (`group` above `header`), the fact shown, width in characters.

    `unknown` is the word for a number that nobody knows. `number` is a fact that stands as a number, in the
    format `show`, in the place of the words of `fact`, where it is known.
    """

    key: str
    header: str
    width: float
    fact: str = ""
    group: str = ""
    align: str = "center"
    choices: tuple[str, ...] = ()
    unknown: str = ""
    number: str = ""
    show: str = "0"


@dataclass(frozen=True)
class Figure:
    """A count or sum over one column that the totals row and the summary sheets hold as a formula.

    `bounds` are the facts whose sums are numerator and denominator of the lowest and of the highest quotient:
    where these differ, the totals row tells the range in words.

    `rows` counts the positive numbers of the column (序号); `count` holds words to count in the column, with
    `*` in front or behind for any text; `divided_by` makes it the quotient of two sums; `stands_in` is the
    column of the totals row that shows it, in the number format `show`.
    """

    name: str
    of: str
    rows: bool = False
    sum: bool = False
    count: tuple[str, ...] = ()
    divided_by: str = ""
    stands_in: str = ""
    show: str = "0"
    bounds: tuple[str, ...] = ()


@dataclass(frozen=True)
class TotalRow:
    """One 合计 row; `distinct` leaves out the repeated rows of the same enterprise."""

    label: str
    distinct: bool = False


@dataclass(frozen=True)
class SummaryKey:
    """A column that a summary sheet groups by; `prefix` when the cells of `column` only begin with it."""

    header: str
    fact: str
    column: str
    prefix: bool = False


@dataclass(frozen=True)
class Summary:
    """汇总表: a further sheet with every figure for each value of its keys."""

    sheet: str
    title: str
    by: tuple[SummaryKey, ...]
    distinct: bool = False


@dataclass(frozen=True)
class Layout:
    """One annex as described in its file.

    `set_aside_note` tells the `count` of rows turned back that may belong in it, `presumed_note` that of
    firms in it by presumption: as many as the figures have in the denominator `set_aside_in`.
    """

    corner: str
    title: str
    sheet: str
    rows: str
    order: tuple[str, ...]
    columns: tuple[Column, ...]
    figures: tuple[Figure, ...]
    totals: tuple[TotalRow, ...]
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    summaries: tuple[Summary, ...] = ()
    notes: tuple[str, ...] = ()
    undecided_note: str = ""
    set_aside_in: str = ""
    set_aside_note: str = ""
    presumed_note: str = ""
    freeze_columns: int = 0
    repeat_of: str = ""
    repeat_column: str = ""

    def headed(self, last_path: int) -> Layout:
        """The layout with the number of the last path in the headers that name it (`{last_path}`)."""
        columns = (
            replace(column, header=column.header.replace("{last_path}", str(last_path)))
            for column in self.columns
        )
        return replace(self, columns=tuple(columns))


CALLED, REMEDY = "报表版式", "请按上面各项修改这个文件，或恢复原文件。"
"""How layouts of reports are called where they are refused, and the next step."""

_ADDED_FACTS = frozenset({"number"})
"""Facts that exist only once the rows of a form are chosen and ordered."""


def read_layout(name: str, facts: Mapping[str, Collection[str]]) -> Layout:
    """The layout `reports/<name>.toml`, checked against the facts that each kind of rows offers.

    Raises:
        PolicyError: the file names something unknown or lacks something; file and keys are told.
    """
    file = content_file("reports", f"{name}.toml")
    return _layout(read(file, AnnexFile, CALLED, f"reports/{name}.toml"), facts)


def parse_layout(file: str, content: Mapping[str, Any], facts: Mapping[str, Collection[str]]) -> Layout:
    """A layout from parsed TOML; see `read_layout`."""
    return _layout(held(content, AnnexFile, file, CALLED, REMEDY), facts)


def column_of(part: ColumnPart) -> Column:
    """A column from its part of a file."""
    return alike(Column, part)


# ---------------------------------------------------------------------------------------------- private


def _layout(written: Written[AnnexFile], facts: Mapping[str, Collection[str]]) -> Layout:
    refuse([*_fact_faults(written, facts), *_column_faults(written)], CALLED, REMEDY)
    file = written.value
    return alike(
        Layout,
        file,
        columns=tuple(column_of(part) for part in file.columns),
        figures=tuple(alike(Figure, part) for part in file.figures),
        totals=tuple(alike(TotalRow, part) for part in file.totals),
        summaries=tuple(_summary(part) for part in file.summaries),
    )


def _summary(part: SummaryPart) -> Summary:
    return alike(Summary, part, by=tuple(alike(SummaryKey, key) for key in part.by))


def _fact_faults(written: Written[AnnexFile], facts: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """Facts that the rows of the form do not offer."""
    file, top = written.value, written.place()
    if file.rows not in facts:
        yield top.fault(f"{file.rows!r} 不是可列的对象", "rows", allowed=tuple(facts), word=file.rows)
        return
    offered = tuple(sorted(set(facts[file.rows]) | _ADDED_FACTS))
    for address, name in _named_facts(file):
        if name not in offered:
            yield top.fault(f"没有名为 {name!r} 的事实", *address, allowed=offered, word=name)


def _named_facts(file: AnnexFile) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for at, column in enumerate(file.columns, start=1):
        if column.fact:
            yield ("columns", at, "fact"), column.fact
    for key, flags in (("all", file.all), ("any", file.any)):
        for at, flag in enumerate(flags, start=1):
            yield (key, at), flag
    for at, name in enumerate(file.order, start=1):
        yield ("order", at), name.removeprefix("-")
    for number, summary in enumerate(file.summaries, start=1):
        for at, part in enumerate(summary.by, start=1):
            yield ("summaries", number, "by", at, "fact"), part.fact
    if file.repeat_of:
        yield ("repeat_of",), file.repeat_of


def _column_faults(written: Written[AnnexFile]) -> Iterator[Fault]:
    """Columns that are there twice or not at all."""
    file, top = written.value, written.place()
    keys = [column.key for column in file.columns]
    for at, key in enumerate(keys, start=1):
        if key in keys[: at - 1]:
            yield top.fault(f"{key!r} 重复", "columns", at, "key")
    for address, name in _named_columns(file):
        if name not in keys:
            yield top.fault(f"没有名为 {name!r} 的列", *address, allowed=tuple(keys), word=name)


def _named_columns(file: AnnexFile) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for at, figure in enumerate(file.figures, start=1):
        yield ("figures", at, "of"), figure.of
        for key in ("stands_in", "divided_by"):
            if name := getattr(figure, key):
                yield ("figures", at, key), name
    for number, summary in enumerate(file.summaries, start=1):
        for at, part in enumerate(summary.by, start=1):
            yield ("summaries", number, "by", at, "column"), part.column
    if file.repeat_column:
        yield ("repeat_column",), file.repeat_column
