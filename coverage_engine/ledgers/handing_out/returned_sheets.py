"""The sheets 退回-…: rows turned back, whole, under the headers of their own sheet, the fault beside each.

What a sheet lacks stands as a blank column behind its own. Mended in place, the workbook is handed in again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import polars as pl

from coverage_engine.ledgers.files.own_outputs import RETURNED_ROWS
from coverage_engine.ledgers.handing_out.print_setup import fit_to_page
from coverage_engine.ledgers.kinds import ledger_kind, reading_words
from coverage_engine.ledgers.tables.headers import kind_by_name
from coverage_engine.ledgers.tables.shifted_rows import SHIFTED
from coverage_engine.model.snapshot import Snapshot

_MOST_ROWS = 1_000_000
_LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_WIDTH, _REASON_WIDTH = 18, 60


def write_returned(
    workbook: Any, snapshot: Snapshot, findings: pl.DataFrame, formats: dict[str, Any]
) -> None:
    """One sheet for each sheet of which rows were turned back."""
    names: set[str] = set()
    rows = snapshot["quarantine"].sort("source", "row")
    for source in rows["source"].unique().sort():
        origin = snapshot["sources"].row(by_predicate=pl.col("source") == source, named=True)
        name = _sheet_name(origin["sheet"], origin["kind"], names)
        sheet = workbook.add_worksheet(name)
        own = rows.filter(pl.col("source") == source).head(_MOST_ROWS)
        head = snapshot["headings"].filter(pl.col("source") == source).sort("row")
        told = findings.filter((pl.col("file") == origin["file"]) & (pl.col("sheet") == origin["sheet"]))
        lacking = _lacking(snapshot, source, origin["kind"])
        _write_sheet(sheet, (head, own), lacking, _Told(origin, told), formats)


def withheld_columns(snapshot: Snapshot) -> dict[int, str]:
    """The letters of the columns left blank in the rows turned back, by source."""
    return dict(snapshot["headings"].unique("source").select("source", "withheld").iter_rows())


# ---------------------------------------------------------------------------------------------- private


class _Told:
    """退回原因: why each row of a sheet was turned back, in words."""

    def __init__(self, origin: dict[str, Any], findings: pl.DataFrame) -> None:
        self.origin = origin
        errors = findings.filter(pl.col("severity") == "error")
        self._by_row: dict[int, list[str]] = {}
        self._by_code: dict[str, str] = {}
        for row, code, cell, found, remedy in errors.select(
            "row", "code", "cell", "found", "remedy"
        ).iter_rows():
            words = f"{cell}“{found}”：{remedy}" if row is not None else f"{remedy}（{found}）"
            if row is None:
                self._by_code.setdefault(code, words)
            else:
                self._by_row.setdefault(row, []).append(words)

    def words(self, row: int, reasons: str) -> str:
        """What is wrong with a row; of a fault of the whole sheet, what is wrong with that."""
        of_row = list(dict.fromkeys(self._by_row.get(row, ())))
        of_sheet = [self._by_code[code] for code in reasons.split(";") if code in self._by_code]
        return "；".join([*of_row, *of_sheet] or self._by_code.values()) or reasons


def _write_sheet(
    sheet: Any,
    rows: tuple[pl.DataFrame, pl.DataFrame],
    lacking: Sequence[str],
    told: _Told,
    formats: dict[str, Any],
) -> None:
    head, own = rows
    above = [json.loads(cells) for cells in head["cells"].to_list()]
    below = own.filter(~pl.col("row").is_in(head["row"].implode()))
    width = max((len(cells) for cells in (*above, *map(json.loads, own["cells"].head(1)))), default=0)
    returned = reading_words()["rows"]["returned_headers"]
    titles = [*lacking, *returned]
    _set_columns(sheet, width, len(titles), len(lacking))
    # In a header of two rows the added titles stand in the upper one, under nothing else.
    title_row = _title_row(above)
    for number, cells in enumerate(above or [[]]):
        added = titles if number == title_row else []
        _write_row(sheet, number, cells, formats["header"] if number >= title_row else formats["plain"])
        _write_row(sheet, number, added, formats["header"], width)
    sheet.freeze_panes(max(len(above), 1), 0)
    where = f"{told.origin['file']} {told.origin['sheet']}"
    for number, (row, reasons, texts) in enumerate(
        below.select("row", "reason", "cells").iter_rows(), start=max(len(above), 1)
    ):
        cells = json.loads(texts)
        if SHIFTED in reasons:
            # Handed back unmended it must not stand under headers that are not its own.
            cells = ["｜".join(cells).rstrip("｜"), *[""] * (width - 1)]
        _write_row(sheet, number, cells, formats["plain"])
        behind = [*[""] * len(lacking), told.words(row, reasons), where]
        _write_row(sheet, number, behind, formats["text"], width)
        sheet.write_number(number, width + len(behind), row)


def _title_row(above: Sequence[Sequence[str]]) -> int:
    """The first of the last rows in a stretch that have several cells: rows of one cell are titles."""
    row = len(above) - 1
    while row > 0 and sum(bool(cell) for cell in above[row - 1]) > 1 and row > len(above) - 3:
        row -= 1
    return max(row, 0)


def _lacking(snapshot: Snapshot, source: int, kind: str | None) -> list[str]:
    """The headers of required columns that a sheet has not."""
    if kind is None:
        return []
    fields = snapshot["source_columns"].filter(pl.col("source") == source)["field"].to_list()
    return [column.header for column in ledger_kind(kind).required if column.key not in fields]


def _sheet_name(sheet: str, kind: str | None, taken: set[str]) -> str:
    """A name that tells the same kind as before, and no other sheet has."""
    bare = _NOT_IN_NAMES.sub(" ", sheet.removeprefix(RETURNED_ROWS)).strip() or "工作表"
    known = ledger_kind(kind) if kind else None
    for base in (bare, f"{known.sheet}-{bare}", known.sheet) if known else (bare,):
        name = f"{RETURNED_ROWS}{base}"[:_LONGEST_NAME]
        if known is None or kind_by_name(name) is known:
            break
    number = 1
    unique = name
    while unique.casefold() in taken:
        number += 1
        ending = f"-{number}"
        unique = f"{name[: _LONGEST_NAME - len(ending)]}{ending}"
    taken.add(unique.casefold())
    return unique


def _set_columns(sheet: Any, width: int, added: int, lacking: int) -> None:
    fit_to_page(sheet)
    sheet.set_column(0, width + added - 1, _WIDTH)
    sheet.set_column(width + lacking, width + lacking, _REASON_WIDTH)


def _write_row(sheet: Any, row: int, cells: Sequence[str], cell_format: Any, first: int = 0) -> None:
    for index, cell in enumerate(cells, start=first):
        if cell or first:
            sheet.write_string(row, index, cell, cell_format)
        else:
            sheet.write_blank(row, index, None, cell_format)
