"""Laying out a sheet: its kind, its columns, and which of its rows are data.

Every row is accounted for: data, or recognised as title, header, total, footer, note or blank.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from coverage_engine.ledgers.files.raw_sheets import RawSheet
from coverage_engine.ledgers.kinds import LedgerColumn, LedgerKind, reading_words
from coverage_engine.ledgers.list_forms import ListForm
from coverage_engine.ledgers.list_mappings import NO_MAPPINGS, ListMapping, Mappings
from coverage_engine.ledgers.tables.applied_mappings import (
    is_left_out,
    mapped_header,
    with_constants,
    with_words,
)
from coverage_engine.ledgers.tables.column_values import contradiction, sample_of
from coverage_engine.ledgers.tables.headers import Header, Recognition, is_note_sheet, recognise
from coverage_engine.ledgers.tables.list_statements import ListFact, PlaceStatement
from coverage_engine.ledgers.tables.merged_cells import MergedColumn, fill_down, wide_rows
from coverage_engine.ledgers.tables.rows_below_header import explaining_rows
from coverage_engine.ledgers.tables.sheet_columns import PlacedColumn
from coverage_engine.ledgers.tables.shifted_rows import TURNED_BACK, without_shifted
from coverage_engine.ledgers.tables.spread_places import with_division

VERDICT_NAMES: Mapping[str, str] = {
    "header": "标题和表头",
    "hint": "填写提示、单位、栏号或示例",
    "repeated": "重复的表头",
    "total": "合计",
    "footer": "表尾",
    "note": "说明",
    "section": "分段标题",
    "empty": "只有序号或无关内容",
    "blank": "空行",
    "hidden": "未采用的隐藏工作表",
    "set_aside": "按表头对照略去",
}
_LOOKED_BELOW = 12
_DAYS_TO_1904 = 1_462


@dataclass(frozen=True)
class Doubt:
    """存疑的列: a column that the header names, and why the cells cannot be that."""

    column: LedgerColumn
    reason: str


@dataclass(frozen=True)
class Layout:
    """One sheet laid out: `rows` has `row` (1-based) and one text column for each ledger column read.

    `recognised` counts the rows that are no data by verdict. `missing` are required columns that are not
    there; then all data rows are to be quarantined. `possible` are the kinds an unrecognised sheet might be.
    `merged` tells what became of merged cells, `of_1904` how many bare day numbers by column count from 1904;
    a hidden sheet that was `left_out` has no rows. Of rows that may be shifted only sure cells are there, and
    those in `shifted` (`row`, `found`) are to be quarantined. `form` is the known list that it is; the cells
    of `doubtful` columns contradict their headers, so they are not read. `place_statements` are places that
    the sheet tells of all rows, `list_facts` the columns that its title or name fill for all rows, `city` is
    the one city in which everyday names are read. It is `mapped` if a mapping speaks of it, and `complete` if
    that says so; `labels` are the headers of all columns.
    """

    source: int
    raw: RawSheet
    kind: LedgerKind | None
    header_row: int | None
    rows: pl.DataFrame
    recognised: Mapping[str, int]
    columns: tuple[PlacedColumn, ...] = ()
    missing: tuple[LedgerColumn, ...] = ()
    doubled: Mapping[int, PlacedColumn] = field(default_factory=dict)
    other_headers: Mapping[int, str] = field(default_factory=dict)
    possible: tuple[LedgerKind, ...] = ()
    named: LedgerKind | None = None
    form: ListForm | None = None
    merged: tuple[MergedColumn, ...] = ()
    of_1904: Mapping[str, int] = field(default_factory=dict)
    left_out: bool = False
    doubtful: Mapping[int, Doubt] = field(default_factory=dict)
    shifted: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=TURNED_BACK))
    mapped: bool = False
    complete: bool = False
    labels: tuple[str, ...] = ()
    place_statements: tuple[PlaceStatement, ...] = ()
    list_facts: tuple[ListFact, ...] = ()
    city: str | None = None

    @property
    def rows_read(self) -> int:
        """All rows up to the last filled one."""
        return self.raw.grid.height


def lay_out(raw: RawSheet, source: int, mappings: Mappings = NO_MAPPINGS) -> Layout:
    """Kind, columns and data rows of a raw sheet, as a mapping says where one speaks of it."""
    if raw.grid.is_empty():
        return Layout(source, raw, None, None, _numbered(raw), {})
    mapped = mapped_header(raw, mappings)
    if mapped is not None:
        recognition, mapping = mapped
        if recognition.header is None:
            return _said_to_be_none(raw, source)
        return _laid_out(raw, source, recognition, mapping)
    recognition = recognise(raw)
    if recognition.header is None:
        rows, recognised = _without_header(raw)
        return Layout(
            source, raw, None, None, rows, recognised, possible=recognition.possible, named=recognition.named
        )
    return _laid_out(raw, source, recognition, None)


def _said_to_be_none(raw: RawSheet, source: int) -> Layout:
    """A sheet that is no ledger, as a mapping says."""
    rows = _numbered(raw)
    return Layout(
        source, raw, None, None, rows.clear(), {"set_aside": rows.height}, left_out=True, mapped=True
    )


def _laid_out(raw: RawSheet, source: int, recognition: Recognition, mapping: ListMapping | None) -> Layout:
    header = recognition.header
    assert header is not None
    rows, recognised = _data_rows(raw, header, mapping)
    raw, merged = fill_down(raw, header.columns, header.last + 1, rows["row"])
    if merged:
        rows = _numbered(raw)[(rows["row"] - raw.above - 1).to_list()]
    # What a planner has said a column is needs no proof.
    doubtful = {} if mapping else _doubtful(rows, header)
    header = _without(header, doubtful)
    unshifted = without_shifted(rows, raw.shifts, header.columns)
    rows = unshifted.rows
    columns = _placed(header, header.columns)
    rows, of_1904 = _from_1904(
        rows.select("row", *(pl.col(f"c{p.index}").alias(p.column.key) for p in columns if p.column.stored)),
        [place.column for place in columns if raw.marks.of_1904 and place.column.type == "date"],
    )
    if mapping is not None:
        rows = with_words(rows, mapping.words)
        constants = mapping.constants_of(raw.sheet)
        rows, columns = with_constants(rows, columns, header.kind, constants)
    read, placed = with_division(rows, [place for place in columns if place.column.stored], header.kind)
    present = {place.column.key for place in placed}
    return Layout(
        source=source,
        raw=raw,
        kind=header.kind,
        header_row=raw.above + header.last + 1,
        rows=read,
        recognised=recognised,
        columns=placed,
        missing=tuple(column for column in header.missing if column.key not in present),
        doubled={place.index: place for place in _placed(header, header.doubled)},
        other_headers=_other_headers(header),
        named=recognition.named,
        form=recognition.form,
        doubtful=doubtful,
        merged=merged,
        of_1904=of_1904,
        shifted=unshifted.turned_back,
        mapped=mapping is not None,
        complete=mapping is not None and mapping.complete,
        labels=header.labels,
    )


def without_hidden_copies(layouts: Sequence[Layout]) -> list[Layout]:
    """Hidden sheets left out: those of a kind that the workbook also shows, and those that are no ledger."""
    shown = {
        (layout.raw.file, layout.raw.sha256, layout.kind.kind)
        for layout in layouts
        if layout.kind and not layout.raw.marks.hidden and not layout.missing and layout.rows.height
    }
    return [
        _left_out(layout)
        if layout.raw.marks.hidden
        and (not layout.kind or (layout.raw.file, layout.raw.sha256, layout.kind.kind) in shown)
        else layout
        for layout in layouts
    ]


# ---------------------------------------------------------------------------------------------- private


def _doubtful(rows: pl.DataFrame, header: Header) -> dict[int, Doubt]:
    """The columns whose cells cannot be what the header says."""
    doubts = {
        index: Doubt(column, contradiction(sample_of(rows[f"c{index}"]), column))
        for index, column in header.columns.items()
        if column.stored
    }
    return {index: doubt for index, doubt in doubts.items() if doubt.reason}


def _without(header: Header, doubtful: Mapping[int, Doubt]) -> Header:
    if not doubtful:
        return header
    return replace(
        header, columns={index: each for index, each in header.columns.items() if index not in doubtful}
    )


def _numbered(raw: RawSheet) -> pl.DataFrame:
    return raw.grid.with_row_index("row", offset=raw.above + 1).with_columns(pl.col("row").cast(pl.Int64))


def _without_header(raw: RawSheet) -> tuple[pl.DataFrame, dict[str, int]]:
    """Rows of a sheet of unknown kind; a page of notes holds none."""
    numbered = _numbered(raw)
    if is_note_sheet(raw.sheet):
        return numbered.clear(), {"note": numbered.height}
    blank = pl.all_horizontal(pl.exclude("row").is_null())
    rows = numbered.filter(~blank)
    return rows, {"blank": numbered.height - rows.height}


def _other_headers(header: Header) -> dict[int, str]:
    """Filled header cells that are read from nobody: unknown columns and known ones that are never kept."""
    return {
        index: label
        for index, label in enumerate(header.labels)
        if label
        and index not in header.doubled
        and not (index in header.columns and header.columns[index].stored)
    }


def _placed(header: Header, columns: Mapping[int, LedgerColumn]) -> tuple[PlacedColumn, ...]:
    return tuple(PlacedColumn(index, header.labels[index], column) for index, column in columns.items())


def _left_out(layout: Layout) -> Layout:
    return replace(
        layout, rows=layout.rows.clear(), recognised={"hidden": layout.rows_read}, left_out=True, merged=()
    )


def _from_1904(rows: pl.DataFrame, columns: Sequence[LedgerColumn]) -> tuple[pl.DataFrame, dict[str, int]]:
    """Day numbers counted from 1904 as all others write the same days; how many by column."""
    counts = {}
    for column in columns:
        number = pl.col(column.key).str.extract(r"^(\d{5})(?:\.0+)?$").cast(pl.Int64)
        counted = rows.select(number).to_series().count()
        if counted:
            counts[column.key] = counted
            rows = rows.with_columns(
                pl.coalesce((number + _DAYS_TO_1904).cast(pl.String), column.key).alias(column.key)
            )
    return rows, counts


def _data_rows(
    raw: RawSheet, header: Header, mapping: ListMapping | None
) -> tuple[pl.DataFrame, dict[str, int]]:
    """The rows of data, and how many others there are by verdict."""
    below = _numbered(raw).slice(header.last + 1)
    top = below.head(_LOOKED_BELOW).drop("row").rows()
    hints = [below["row"][number] for number in explaining_rows(top, header.columns, header.key)]
    recognised = {"header": header.last + 1} | ({"hint": len(hints)} if hints else {})
    if hints:
        below = below.filter(~pl.col("row").is_in(hints))
    left_out = below.filter(is_left_out(mapping, raw.grid.columns))
    if left_out.height:
        recognised["set_aside"] = left_out.height
        below = below.join(left_out.select("row"), on="row", how="anti", maintain_order="left")
    wide = pl.col("row").is_in(wide_rows(raw))
    doubted = below.select(_may_be_no_data(raw.grid.columns, header)).to_series()
    judged = below.filter(doubted).select("row", _verdict(raw.grid.columns, header, wide).alias("verdict"))
    none = judged.drop_nulls("verdict")
    recognised |= dict(none.group_by("verdict").len().rows())
    return below.filter(~below["row"].is_in(none["row"].implode())), recognised


def _may_be_no_data(cells: list[str], header: Header) -> pl.Expr:
    """The rows worth a verdict: nearly empty ones, and those that write one of its words, or a space."""
    stored, key, label = _judged_by(cells, header)
    rows = reading_words()["rows"]
    words = [*rows["totals"], *rows["footers"], *rows["notes"], *([label] if label else [])]
    first = pl.coalesce(pl.col(cell) for cell in cells)
    worded = [text.str.contains_any(words) | text.str.contains(r"\s") for text in (first, pl.col(key))]
    few = pl.sum_horizontal(pl.col(cell).is_not_null() for cell in cells) <= 1
    unknown = pl.all_horizontal(pl.col(cell).is_null() for cell in stored) if stored else pl.lit(True)
    return few | unknown | pl.any_horizontal(worded)


def _judged_by(cells: list[str], header: Header) -> tuple[list[str], str, str]:
    """The cells that are stored, the one that names the row, and the header over that without spaces."""
    stored = [f"c{index}" for index, column in header.columns.items() if column.stored]
    return stored, f"c{header.key}", re.sub(r"\s+", "", header.labels[header.key])


def _verdict(cells: list[str], header: Header, wide: pl.Expr) -> pl.Expr:
    """Why a row is no data; null for a row of data. `wide`: its cells are merged over most of the table."""
    stored, key, label = _judged_by(cells, header)
    first = pl.coalesce(pl.col(cell) for cell in cells).str.replace_all(r"\s+", "")
    name = pl.col(key).str.replace_all(r"\s+", "")
    filled = pl.sum_horizontal(pl.col(cell).is_not_null().cast(pl.Int32) for cell in cells)
    known = pl.any_horizontal(pl.col(cell).is_not_null() for cell in stored) if stored else pl.lit(False)
    words = reading_words()["rows"]
    total = r"^.{0,10}(" + "|".join(words["totals"]) + r")[:：]?\d*$"
    footer = r"^(" + "|".join(words["footers"]) + r")([(（].{0,6}[)）])?[:：]"
    note = r"^(" + "|".join(words["notes"]) + r")[:：\d]"
    section = f"(?:{'|'.join(words['section_endings'])})$"
    single = filled == 1
    return (
        pl.when(filled == 0)
        .then(pl.lit("blank"))
        .when(_is_total(first, total) | _is_total(name, total))
        .then(pl.lit("total"))
        .when(first.str.contains(footer))
        .then(pl.lit("footer"))
        .when(first.str.contains(note) | (single & first.str.contains(r"^[(（]?\d+[)）.、]?.{20,}[。；]$")))
        .then(pl.lit("note"))
        .when(name == label)
        .then(pl.lit("repeated"))
        .when(
            single
            & (first.str.contains(r"^[(（]?[一二三四五六七八九十]+[)）、.．]") | first.str.contains(section))
        )
        .then(pl.lit("section"))
        .when(single & wide & ~first.str.contains("公司|厂|店"))
        .then(pl.lit("section"))
        .when(~known)
        .then(pl.lit("empty"))
        .otherwise(None)
    )


def _is_total(cell: pl.Expr, pattern: str) -> pl.Expr:
    return (cell.str.contains(pattern) & ~cell.str.contains("公司|厂|店|中心")).fill_null(False)
