"""错位的行: rows of a text ledger that were cut once too often, so that their cells may stand wrong.

The cells left of the place where the row may have been cut are used where that is sure; what stands right of
it is unknown. Where even the required cells are not sure the row is turned back whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from coverage_engine.ledgers.files.row_widths import IF_ALL_FIT
from coverage_engine.ledgers.kinds import PLACE_PARTS, LedgerColumn
from coverage_engine.ledgers.tables.values import cast_column

SHIFTED = "row.shifted"
TURNED_BACK = {"row": pl.Int64, "found": pl.String}
_MOST_ROWS = 20_000
_MOST_BEYOND = 8
_PLACE = r"^(?:\d{6}|\d{9}|\d{12})$|[\u3400-\u9fff]"
_FIRM = r"[\u3400-\u9fff]|[A-Za-z]{2}"


@dataclass(frozen=True)
class Shifted:
    """`rows` without the cells that may stand wrong in them; rows `turned_back` have `row` and `found`."""

    rows: pl.DataFrame
    turned_back: pl.DataFrame


def without_shifted(rows: pl.DataFrame, shifts: pl.DataFrame, columns: Mapping[int, LedgerColumn]) -> Shifted:
    """The rows (`row`, `c0`, `c1` …) of a sheet with the sure cells alone of those that may be shifted.

    `shifts` has the columns `SHIFTS`; `columns` are the ledger's by index. A row turned back stays as it is.
    """
    doubted = rows.join(shifts, on="row", how="inner", maintain_order="left") if len(shifts) else shifts
    if doubted.is_empty():
        return Shifted(rows, pl.DataFrame(schema=TURNED_BACK))
    needed = max((index for index, column in columns.items() if column.required), default=0)
    holding = _Holding(columns)
    cells = [name for name in rows.columns if name != "row"]
    counted = doubted.with_columns(
        sure=pl.Series(
            [
                _sure(texts, holding, beyond, sure if number < _MOST_ROWS else 0)
                for number, (beyond, sure, *texts) in enumerate(
                    doubted.select("beyond", "sure", *cells).iter_rows()
                )
            ],
            dtype=pl.Int64,
        )
    )
    turned_back = counted.filter(pl.col("sure") <= needed).select(*TURNED_BACK)
    used = counted.filter(pl.col("sure") > needed)
    count = pl.col("row").replace_strict(used["row"], used["sure"], default=rows.width)
    bare = [pl.when(count > index).then(pl.col(name)).alias(name) for index, name in enumerate(cells)]
    return Shifted(rows.with_columns(bare) if len(used) else rows, turned_back)


# ---------------------------------------------------------------------------------------------- private


def _sure(texts: Sequence[str | None], holding: _Holding, beyond: int, known: int | None) -> int:
    """How many first cells of a row stand surely under their headers."""
    cells = tuple(text or "" for text in texts)
    if known == IF_ALL_FIT:
        if all(holding.may_hold(index, cells[index]) for index in holding.columns):
            return len(cells)
        known = None
    if known is not None or not 0 < beyond <= _MOST_BEYOND:
        return known or 0
    return _Cuts(cells, holding, beyond).first_doubtful()


@dataclass
class _Holding:
    """What the columns of a ledger may hold, by index; others hold anything."""

    columns: Mapping[int, LedgerColumn]
    known: dict[tuple[int, str], bool] = field(default_factory=dict)

    @property
    def width(self) -> int:
        return max(self.columns) + 1

    def may_hold(self, index: int, text: str) -> bool:
        """Whether a column may hold a text; only a required one is never blank."""
        if index not in self.columns:
            return True
        if not text:
            return not self.columns[index].required
        if (index, text) not in self.known:
            self.known[index, text] = _is_of_type(text, self.columns[index])
        return self.known[index, text]


@dataclass(frozen=True)
class _Cuts:
    """The ways in which cells of a row may belong together, so that each column holds what it may hold."""

    cells: Sequence[str]
    holding: _Holding
    beyond: int

    def first_doubtful(self) -> int:
        """The first column that a separator may have cut; all cells if none can be, 0 if no reading fits."""
        readable = self._readable()
        for column in range(self.holding.width):
            cuts = [
                cut
                for cut in range(1, self.beyond + 1)
                if readable[column + 1][cut] and self._holds(column, 0, cut)
            ]
            if cuts:
                # Cut before blank cells alone, it says the same either way.
                return column + all(self._text(column, 0, cut) == self.cells[column] for cut in cuts)
            if not self._holds(column, 0, 0):
                return 0
        return len(self.cells)

    def _readable(self) -> list[list[bool]]:
        """By column, and cuts before it: whether the row can be read from there on."""
        ends = [[True] * (self.beyond + 1)]
        for column in reversed(range(self.holding.width)):
            ends.append([self._any_reading(column, before, ends[-1]) for before in range(self.beyond + 1)])
        return ends[::-1]

    def _any_reading(self, column: int, before: int, after: Sequence[bool]) -> bool:
        return any(
            after[before + cut] and self._holds(column, before, cut)
            for cut in range(self.beyond - before + 1)
        )

    def _holds(self, column: int, before: int, cut: int) -> bool:
        """Whether a column may hold the cell at its place, with those that were cut off it."""
        return self.holding.may_hold(column, self._text(column, before, cut))

    def _text(self, column: int, before: int, cut: int) -> str:
        begin = column + before
        return "".join(self.cells[begin : begin + cut + 1])


def _is_of_type(text: str, column: LedgerColumn) -> bool:
    if column.firm:
        return re.search(_FIRM, text) is not None
    if column.type == "division" or column.key in PLACE_PARTS:
        return re.search(_PLACE, text) is not None
    if column.type == "text":
        return True
    cast = cast_column(pl.Series([text]), column)
    return cast.problems[0] is None
