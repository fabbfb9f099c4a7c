"""Laying out a sheet: its kind, its columns, and which of its rows are data.

Every row is accounted for: data, or recognised as title, header, total, footer, note or blank.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from coverage_engine.ledgers.definitions import LedgerColumn, LedgerKind, reading_words
from coverage_engine.ledgers.files import RawSheet
from coverage_engine.ledgers.headers import Header, is_note_sheet, recognise
from coverage_engine.ledgers.sheet_columns import PlacedColumn
from coverage_engine.ledgers.spread_places import with_division

VERDICT_NAMES: Mapping[str, str] = {
    "header": "标题和表头",
    "repeated": "重复的表头",
    "total": "合计",
    "footer": "表尾",
    "note": "说明",
    "section": "分段标题",
    "empty": "只有序号或无关内容",
    "blank": "空行",
}


@dataclass(frozen=True)
class Layout:
    """One sheet laid out: `rows` has `row` (1-based) and one text column for each ledger column read.

    `recognised` counts the rows that are no data by verdict. `missing` are required columns that are not
    there; then all data rows are to be quarantined. `possible` are the kinds an unrecognised sheet might be.
    """

    source: int
    raw: RawSheet
    kind: LedgerKind | None
    header_row: int | None
    rows: pl.DataFrame
    recognised: Mapping[str, int]
    columns: tuple[PlacedColumn, ...] = ()
    missing: tuple[LedgerColumn, ...] = ()
    doubled: Mapping[int, LedgerColumn] = field(default_factory=dict)
    other_headers: Mapping[int, str] = field(default_factory=dict)
    possible: tuple[LedgerKind, ...] = ()
    named: LedgerKind | None = None

    @property
    def rows_read(self) -> int:
        """All rows up to the last filled one."""
        return self.raw.grid.height


def lay_out(raw: RawSheet, source: int) -> Layout:
    """Kind, columns and data rows of a raw sheet."""
    if raw.grid.is_empty():
        return Layout(source, raw, None, None, _numbered(raw), {})
    recognition = recognise(raw)
    header = recognition.header
    if header is None:
        rows, recognised = _without_header(raw)
        return Layout(
            source, raw, None, None, rows, recognised, possible=recognition.possible, named=recognition.named
        )
    rows, recognised = _data_rows(raw, header)
    columns = tuple(
        PlacedColumn(index, header.labels[index], column)
        for index, column in header.columns.items()
        if column.kept
    )
    read = rows.select("row", *(pl.col(f"c{p.index}").alias(p.column.key) for p in columns))
    read, columns = with_division(read, columns, header.kind)
    present = {place.column.key for place in columns}
    return Layout(
        source=source,
        raw=raw,
        kind=header.kind,
        header_row=raw.above + header.last + 1,
        rows=read,
        recognised=recognised,
        columns=columns,
        missing=tuple(column for column in header.missing if column.key not in present),
        doubled=header.doubled,
        other_headers=_other_headers(header),
        named=recognition.named,
    )


# ---------------------------------------------------------------------------------------------- private


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
        and not (index in header.columns and header.columns[index].kept)
    }


def _data_rows(raw: RawSheet, header: Header) -> tuple[pl.DataFrame, dict[str, int]]:
    below = _numbered(raw).slice(header.last + 1)
    doubted = below.select(_may_be_no_data(raw.grid.columns, header)).to_series()
    judged = below.filter(doubted).select("row", _verdict(raw.grid.columns, header).alias("verdict"))
    none = judged.drop_nulls("verdict")
    recognised = {"header": header.last + 1, **dict(none.group_by("verdict").len().rows())}
    return below.filter(~below["row"].is_in(none["row"].implode())), recognised


def _may_be_no_data(cells: list[str], header: Header) -> pl.Expr:
    """The rows worth a verdict: nearly empty ones, and those that write one of its words, or a space."""
    kept, key, label = _judged_by(cells, header)
    rows = reading_words()["rows"]
    words = [*rows["totals"], *rows["footers"], *rows["notes"], *([label] if label else [])]
    first = pl.coalesce(pl.col(cell) for cell in cells)
    told = [text.str.contains_any(words) | text.str.contains(r"\s") for text in (first, pl.col(key))]
    few = pl.sum_horizontal(pl.col(cell).is_not_null() for cell in cells) <= 1
    unknown = pl.all_horizontal(pl.col(cell).is_null() for cell in kept) if kept else pl.lit(True)
    return few | unknown | pl.any_horizontal(told)


def _judged_by(cells: list[str], header: Header) -> tuple[list[str], str, str]:
    """The cells that are kept, the one that names the row, and the header over that without spaces."""
    kept = [f"c{index}" for index, column in header.columns.items() if column.kept]
    key = next((f"c{i}" for i, c in header.columns.items() if c.required), kept[0] if kept else cells[0])
    return kept, key, re.sub(r"\s+", "", header.labels[int(key[1:])])


def _verdict(cells: list[str], header: Header) -> pl.Expr:
    """Why a row is no data; null for a row of data."""
    kept, key, label = _judged_by(cells, header)
    first = pl.coalesce(pl.col(cell) for cell in cells).str.replace_all(r"\s+", "")
    name = pl.col(key).str.replace_all(r"\s+", "")
    filled = pl.sum_horizontal(pl.col(cell).is_not_null().cast(pl.Int32) for cell in cells)
    known = pl.any_horizontal(pl.col(cell).is_not_null() for cell in kept) if kept else pl.lit(False)
    words = reading_words()["rows"]
    total = r"^.{0,10}(" + "|".join(words["totals"]) + r")[:：]?\d*$"
    footer = r"^(" + "|".join(words["footers"]) + r")([(（].{0,6}[)）])?[:：]"
    note = r"^(" + "|".join(words["notes"]) + r")[:：\d]"
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
        .when(single & first.str.contains(r"^[(（]?[一二三四五六七八九十]+[)）、]"))
        .then(pl.lit("section"))
        .when(~known)
        .then(pl.lit("empty"))
        .otherwise(None)
    )


def _is_total(cell: pl.Expr, pattern: str) -> pl.Expr:
    return (cell.str.contains(pattern) & ~cell.str.contains("公司|厂|店|中心")).fill_null(False)
