"""Disturbance: makes ledgers as real ones are, and notes down every fault that was planted.

A sheet gains rows above and below, header variants, a merged header, personal columns, duplicates and blank
rows; then single cells are overlaid. A row carries at most one fault of its cells: each can be traced.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from coverage_engine.samples.faults import Planted, plant_cells
from coverage_engine.samples.name_variants import name_variants
from coverage_engine.samples.streams import Array, Streams
from coverage_engine.samples.vocabularies import fault_vocabulary
from coverage_engine.samples.writing import Sheet, column_letter, file_of

PLANTED = ("kind", "file", "sheet", "cell", "row", "column", "before", "after", "note")


def disturb(
    sheets: Mapping[str, pl.DataFrame], layout: str, streams: Streams
) -> tuple[list[Sheet], pl.DataFrame]:
    """The disturbed sheets, and the planted faults with file, sheet and Excel cell (columns: `PLANTED`).

    `column` is the canonical header; a cell fault stands in Excel cell `cell` of `file`.
    """
    written: list[Sheet] = []
    planted: list[tuple[Any, ...]] = []
    for kind, frame in sheets.items():
        sheet, faults = _disturb_sheet(kind, frame, streams)
        written.append(sheet)
        file = file_of(sheet, layout)
        planted += [_address(fault, sheet, file) for fault in faults]
        if file.endswith(".csv") and sheet.encoding != "utf-8-sig":
            planted.append((sheet.encoding, file, kind, "", None, "", "utf-8-sig", sheet.encoding, ""))
    schema = dict.fromkeys(PLANTED, pl.String) | {"row": pl.Int64}
    return written, pl.DataFrame(planted, schema=schema, orient="row")


# ---------------------------------------------------------------------------------------------- private


def _disturb_sheet(kind: str, frame: pl.DataFrame, streams: Streams) -> tuple[Sheet, list[Planted]]:
    words = fault_vocabulary()
    rng = streams.of(f"faults_of_{kind}")
    body, free, faults = _with_extra_rows(rng, kind, frame)
    body, personal = _with_personal_columns(kind, body)
    overlay, cell_faults = plant_cells(rng, body, free)
    faults += personal + cell_faults
    headers, header_faults = _headers(kind, body.columns)
    groups, group_faults = _groups(kind, body.columns)
    above, above_faults = _rows_above(kind)
    below, below_faults = _rows_below(kind, body)
    sheet = Sheet(
        kind,
        body,
        body.columns,
        headers,
        above,
        groups,
        below,
        overlay,
        "gb18030" if kind in words["gb18030"] else "utf-8-sig",
    )
    return sheet, faults + header_faults + group_faults + above_faults + below_faults


def _with_extra_rows(
    rng: np.random.Generator, kind: str, frame: pl.DataFrame
) -> tuple[pl.DataFrame, Array, list[Planted]]:
    """Adds duplicates of firms under a name variant, and blank rows; also says which rows stay untouched."""
    shares = fault_vocabulary()["shares"]
    height = frame.height
    copies = np.zeros(0, np.int64)
    if kind == "企业台账" and height > 1:
        copies = np.sort(rng.choice(height, max(1, round(height * shares["duplicate"])), replace=False))
    blanks = max(1, round(height * shares["blank_row"]))
    origin = np.r_[np.arange(height), copies, np.full(blanks, -1)]
    key = np.r_[
        np.arange(height, dtype=float),
        rng.uniform(0, height, len(copies)),
        rng.uniform(1, max(height, 2), blanks),
    ]
    order = np.argsort(key, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    source = pl.select(pl.when(pl.Series(origin[order]) >= 0).then(pl.Series(origin[order]))).to_series()
    body = frame.select(pl.all().gather(source))
    free = np.ones(len(order), bool)
    free[place[height:]] = False
    free[place[copies]] = False
    faults = [Planted("blank_row", row=int(row)) for row in np.sort(place[height + len(copies) :])]
    if len(copies):
        name = body.columns[0]
        rows = place[height : height + len(copies)]
        before = frame[name].gather(copies).to_list()
        after = name_variants(rng, before)
        body = body.with_columns(body[name].scatter(rows.tolist(), after))
        faults += [
            Planted("duplicate", int(row), 0, old, new, f"same as row {int(place[copy])} of the body")
            for row, copy, old, new in zip(rows, copies, before, after, strict=True)
        ]
    return body, np.flatnonzero(free), faults


def _with_personal_columns(kind: str, body: pl.DataFrame) -> tuple[pl.DataFrame, list[Planted]]:
    """Personal columns after the second column, filled where the row is not blank."""
    columns = fault_vocabulary()["personal"].get(kind, {})
    real = pl.col(body.columns[0]).is_not_null()
    added = [pl.when(real).then(pl.lit(value)).alias(header) for header, value in columns.items()]
    order = [*body.columns[:2], *columns, *body.columns[2:]]
    planted = [Planted("personal_column", None, order.index(header), "", header) for header in columns]
    return body.with_columns(added).select(order), planted


def _headers(kind: str, columns: Sequence[str]) -> tuple[list[str], list[Planted]]:
    variants = fault_vocabulary()["headers"].get(kind, {})
    written = [variants.get(column, column) for column in columns]
    return written, [
        Planted("header_variant", None, number, column, variants[column])
        for number, column in enumerate(columns)
        if column in variants
    ]


def _groups(kind: str, columns: Sequence[str]) -> tuple[list[str], list[Planted]]:
    groups = fault_vocabulary()["groups"].get(kind, {})
    if not groups:
        return [], []
    over = {column: group for group, members in groups.items() for column in members}
    first = [min(columns.index(column) for column in members) for members in groups.values()]
    planted = [
        Planted("merged_header", None, number, "", group) for number, group in zip(first, groups, strict=True)
    ]
    return [over.get(column, "") for column in columns], planted


def _rows_above(kind: str) -> tuple[list[list[str]], list[Planted]]:
    words = fault_vocabulary()
    if kind not in words["titled"]:
        return [], []
    title = f"2019年样例市{kind}"
    return [[title], [words["reporting_unit"]]], [
        Planted("title_row", -2, None, "", title),
        Planted("reporting_unit_row", -1, None, "", words["reporting_unit"]),
    ]


def _rows_below(kind: str, body: pl.DataFrame) -> tuple[list[list[Any]], list[Planted]]:
    words = fault_vocabulary()
    rows: list[list[Any]] = []
    planted: list[Planted] = []
    if kind in words["totalled"]:
        planted.append(Planted("total_row", body.height, None, "", words["total_word"]))
        rows.append([words["total_word"], *_sums(body)])
    if kind in words["titled"]:
        planted.append(Planted("footer_row", body.height + len(rows), None, "", words["footer"]))
        rows.append([words["footer"]])
    return rows, planted


def _sums(body: pl.DataFrame) -> list[Any]:
    """Totals of the whole-number columns after the first."""
    return [
        int(body[column].sum())
        if body[column].dtype.is_integer() and column not in ("百强位次", "百强年度", "类型表年份")
        else ""
        for column in body.columns[1:]
    ]


def _address(fault: Planted, sheet: Sheet, file: str) -> tuple[Any, ...]:
    """File, sheet and Excel cell of a fault; rows above the body count backwards from it."""
    header = "" if fault.column is None else sheet.keys[fault.column]
    if fault.row is None:
        row = None if fault.column is None else sheet.first_row - 1 - _rows_up(fault, sheet)
    elif fault.row < 0:
        row = len(sheet.above) + 1 + fault.row
    else:
        row = sheet.first_row + fault.row
    cell = "" if row is None else f"{column_letter(fault.column or 0)}{row}"
    after = fault.after.replace("\n", "") if file.endswith(".csv") else fault.after
    return (fault.kind, file, sheet.kind, cell, row, header, fault.before, after, fault.note)


def _rows_up(fault: Planted, sheet: Sheet) -> int:
    """In a merged header a header without a group, and a group itself, stand in the upper row."""
    if not sheet.groups or fault.column is None:
        return 0
    return int(fault.kind == "merged_header" or not sheet.groups[fault.column])
