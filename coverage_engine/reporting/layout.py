"""Annex layouts: what `reports/annex_N.toml` may say, read strictly.

A layout names its rows (`enterprises`, `parks`, `society_members`), the scope by three-valued flags (`all`,
`any`), columns with the fact that each shows, figures that the totals row and the summary sheets count by
formula, and notes. Every fault of a file is collected and raised at once with its key.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coverage_engine.content import read_content_toml
from coverage_engine.reporting.content_parts import read_part, read_parts, sound


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


_ADDED_FACTS = frozenset({"number"})
"""Facts that exist only once the rows of a form are chosen and ordered."""


def read_layout(name: str, facts: Mapping[str, Collection[str]]) -> Layout:
    """The layout `reports/<name>.toml`, checked against the facts that each kind of rows offers.

    Raises:
        PolicyError: the file names something unknown or lacks something; file and keys are told.
    """
    return parse_layout(f"reports/{name}.toml", read_content_toml("reports", f"{name}.toml"), facts)


def parse_layout(file: str, content: Mapping[str, Any], facts: Mapping[str, Collection[str]]) -> Layout:
    """A layout from parsed TOML; see `read_layout`."""
    faults: list[str] = []
    nested = {
        "columns": read_parts(Column, content, "columns", faults),
        "figures": read_parts(Figure, content, "figures", faults),
        "totals": read_parts(TotalRow, content, "totals", faults),
        "summaries": tuple(_summaries(content, faults)),
    }
    layout = read_part(Layout, {**content, **nested}, "", faults)
    if layout is not None and not faults:
        faults += _unknown_names(layout, facts)
    return sound(file, layout, faults)


# ---------------------------------------------------------------------------------------------- private


def _summaries(content: Mapping[str, Any], faults: list[str]) -> list[Summary]:
    summaries = []
    for number, entry in enumerate(content.get("summaries", ()), 1):
        keys = read_parts(SummaryKey, entry, "by", faults)
        summary = read_part(Summary, {**entry, "by": keys}, f"summaries[{number}]", faults)
        summaries += [summary] if summary is not None else []
    return summaries


def _unknown_names(layout: Layout, facts: Mapping[str, Collection[str]]) -> list[str]:
    if layout.rows not in facts:
        return [f"rows：{layout.rows!r} 不是可列的对象，可写 {'、'.join(facts)}"]
    offered = set(facts[layout.rows]) | _ADDED_FACTS
    keys = [column.key for column in layout.columns]
    used: list[tuple[str, str]] = [
        (f"columns.{column.key}.fact", column.fact) for column in layout.columns if column.fact
    ]
    used += [("all", flag) for flag in layout.all] + [("any", flag) for flag in layout.any]
    used += [("order", name.removeprefix("-")) for name in layout.order]
    used += [
        (f"summaries.{summary.sheet}.by", key.fact) for summary in layout.summaries for key in summary.by
    ]
    used += [("repeat_of", layout.repeat_of)] if layout.repeat_of else []
    faults = [f"{where}：没有名为 {name!r} 的事实" for where, name in used if name not in offered]
    faults += [f"columns：{key!r} 重复" for key in sorted({key for key in keys if keys.count(key) > 1})]
    return faults + [
        f"{where}：没有名为 {name!r} 的列" for where, name in _named_columns(layout) if name not in keys
    ]


def _named_columns(layout: Layout) -> Sequence[tuple[str, str]]:
    named: list[tuple[str, str]] = []
    for figure in layout.figures:
        named.append((f"figures.{figure.name}.of", figure.of))
        named += [(f"figures.{figure.name}", name) for name in (figure.stands_in, figure.divided_by) if name]
    named += [(f"summaries.{entry.sheet}.by", key.column) for entry in layout.summaries for key in entry.by]
    return named + ([("repeat_column", layout.repeat_column)] if layout.repeat_column else [])
