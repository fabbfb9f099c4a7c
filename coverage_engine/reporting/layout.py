"""Annex layouts: what `reports/annex_N.toml` may say, read strictly.

A layout names its rows (`enterprises`, `parks`, `society_members`), the scope by three-valued flags (`all`,
`any`), columns with the fact that each shows, figures that the totals row and the summary sheets count by
formula, and notes. Every fault of a file is collected and raised at once with its key.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any, TypeVar

from coverage_engine.content import read_content_toml
from coverage_engine.errors import PolicyError


@dataclass(frozen=True)
class Column:
    """One column of a form: two-row header (`group` above `header`), the fact shown, width in characters."""

    key: str
    header: str
    width: float
    fact: str = ""
    group: str = ""
    align: str = "center"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A count or sum over one column that the totals row and the summary sheets hold as a formula.

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
    """One annex as described in its file."""

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
    freeze_columns: int = 0
    repeat_of: str = ""
    repeat_column: str = ""


@dataclass(frozen=True)
class ActionLayout:
    """任务清单 as in `reports/actions.toml`: four sheets of columns, their lines, and how much goes where."""

    title: str
    left_line: str
    right_line: str
    late_line: str
    late_mark: str
    holiday_mark: str
    step_text: str
    sheet: str
    first_targets: int
    columns: tuple[Column, ...]
    bundle_sheet: str
    bundle_title: str
    bundle_line: str
    bundle_columns: tuple[Column, ...]
    smallest_bundle: int
    unit_sheet: str
    unit_title: str
    unit_line: str
    unit_columns: tuple[Column, ...]
    rest_sheet: str
    rest_title: str
    rest_line: str
    rest_columns: tuple[Column, ...]
    named_targets: int
    names_text: str
    tick: str
    no_path: str
    missing: str


_Part = TypeVar("_Part")
_ADDED_FACTS = frozenset({"number"})
"""Facts that exist only once the rows of a form are chosen and ordered."""


def read_layout(name: str, facts: Mapping[str, Collection[str]]) -> Layout:
    """The layout `reports/<name>.toml`, checked against the facts that each kind of rows offers.

    Raises:
        PolicyError: the file names something unknown or lacks something; file and keys are told.
    """
    return parse_layout(f"reports/{name}.toml", read_content_toml("reports", f"{name}.toml"), facts)


def read_action_layout(facts: Mapping[str, Collection[str]]) -> ActionLayout:
    """The layout of the action lists, checked against the facts that each list of columns may name.

    Raises:
        PolicyError: as in `read_layout`.
    """
    file, faults = "reports/actions.toml", list[str]()
    content = read_content_toml("reports", "actions.toml")
    nested = {key: _parts(Column, content, key, faults) for key in facts}
    layout = _part(ActionLayout, {**content, **nested}, "", faults)
    for key, offered in facts.items():
        faults += [
            f"{key}.{column.key}.fact：没有名为 {column.fact!r} 的事实"
            for column in nested[key]
            if column.fact and column.fact not in offered
        ]
    return _sound(file, layout, faults)


def parse_layout(file: str, content: Mapping[str, Any], facts: Mapping[str, Collection[str]]) -> Layout:
    """A layout from parsed TOML; see `read_layout`."""
    faults: list[str] = []
    nested = {
        "columns": _parts(Column, content, "columns", faults),
        "figures": _parts(Figure, content, "figures", faults),
        "totals": _parts(TotalRow, content, "totals", faults),
        "summaries": tuple(_summaries(content, faults)),
    }
    layout = _part(Layout, {**content, **nested}, "", faults)
    if layout is not None and not faults:
        faults += _unknown_names(layout, facts)
    return _sound(file, layout, faults)


# Private


def _sound(file: str, layout: _Part | None, faults: Sequence[str]) -> _Part:
    if faults or layout is None:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        raise PolicyError(f"报表版式有误：{file}\n{listed}", f"请按上面各项修改 {file}，或恢复原文件。")
    return layout


def _parts(kind: Callable[..., _Part], content: Mapping[str, Any], key: str, faults: list[str]) -> Any:
    found = (
        _part(kind, entry, f"{key}[{number}]", faults) for number, entry in enumerate(content.get(key, ()), 1)
    )
    return tuple(part for part in found if part is not None)


def _summaries(content: Mapping[str, Any], faults: list[str]) -> list[Summary]:
    found = []
    for number, entry in enumerate(content.get("summaries", ()), 1):
        keys = _parts(SummaryKey, entry, "by", faults)
        summary = _part(Summary, {**entry, "by": keys}, f"summaries[{number}]", faults)
        found += [summary] if summary is not None else []
    return found


def _part(
    kind: Callable[..., _Part], entry: Mapping[str, Any], where: str, faults: list[str]
) -> _Part | None:
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    prefix = f"{where}." if where else ""
    unknown = [key for key in entry if key not in known]
    missing = [name for name, field in known.items() if field.default is MISSING and name not in entry]
    faults += [f"{prefix}{key}：没有这一项，可写 {'、'.join(known)}" for key in unknown]
    faults += [f"{prefix}{name}：缺少这一项" for name in missing]
    wrong = [name for name, value in entry.items() if name in known and not _fits(known[name].type, value)]
    faults += [f"{prefix}{name}：{entry[name]!r} 的类型不对，应为 {known[name].type}" for name in wrong]
    if unknown or missing or wrong:
        return None
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()})


def _fits(wanted: Any, value: object) -> bool:
    """Whether a TOML value is of an annotated type (annotations are texts here)."""
    if str(wanted).startswith("tuple"):
        return isinstance(value, list | tuple)
    types: dict[str, type | tuple[type, ...]] = {"str": str, "bool": bool, "int": int, "float": (int, float)}
    return isinstance(value, types[str(wanted)]) and (wanted == "bool" or not isinstance(value, bool))


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
