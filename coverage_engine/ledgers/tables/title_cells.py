"""What stands around the rows of a sheet: title cells above the header, who hands it in, section rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from coverage_engine.ledgers.tables.place_texts import place_words
from coverage_engine.ledgers.tables.sheet_columns import column_letter
from coverage_engine.ledgers.tables.sheets import Layout

_MOST_IN_TITLE_ROW = 2
_NEAR = 10
_LABELLED = re.compile(r"^(?!附[件表])[^:：]{1,14}[:：]")
_SHORTEST_TITLE = 4
_LONGEST_TITLE = 60


@dataclass(frozen=True)
class TitleCell:
    """表外的一格: its text, and in words where it stands, as 标题 A1“红旗区摸底表”."""

    text: str
    where: str


def titles(layout: Layout) -> list[TitleCell]:
    """The title cells above the header of a sheet, from the top."""
    return [
        TitleCell(line.strip(), f"{_ground('title')} {at}“{line.strip()}”")
        for at, cell in _above(layout)
        for line in cell.splitlines()
        if _SHORTEST_TITLE <= len(line.strip()) <= _LONGEST_TITLE and not _LABELLED.match(line.strip())
    ]


def reporting_units(layout: Layout) -> list[TitleCell]:
    """The bodies that hand a sheet in, told above its header or below its rows."""
    cells = [*_above(layout), *_below(layout)]
    cells_of_units = [
        (at, match[1])
        for at, cell in cells
        for line in cell.splitlines()
        if (match := _unit().match(line.strip()))
    ]
    units = [(at, _unit_ends().sub("", text).strip()) for at, text in cells_of_units]
    return [TitleCell(text, f"{_ground('unit')} {at}“{text}”") for at, text in units if text]


def sheet_name(layout: Layout) -> TitleCell | None:
    """The name of a sheet; null where it is only that of its text file."""
    name = layout.raw.sheet
    if name == Path(layout.raw.file).stem:
        return None
    return TitleCell(name, f"{_ground('sheet')}“{name}”")


def file_name(layout: Layout) -> TitleCell:
    """The name of the file without its ending."""
    name = Path(layout.raw.file).stem
    return TitleCell(name, f"{_ground('file')}“{name}”")


def naming_column(layout: Layout) -> int:
    """The index of the column that names a row: where facts stand that the sheet tells of all its rows."""
    named = [place.index for place in layout.columns if place.column.required and place.column.firm]
    return next(iter([*named, *(place.index for place in layout.columns)]), 0)


def section_rows(layout: Layout) -> pl.DataFrame:
    """Rows below the header that may be sections: `row`, their only `text`."""
    schema = {"row": pl.Int64, "text": pl.String}
    if layout.header_row is None or layout.raw.grid.is_empty():
        return pl.DataFrame(schema=schema)
    begin = layout.header_row - layout.raw.above
    below = layout.raw.grid.slice(begin)
    alone = below.select(pl.sum_horizontal(pl.all().is_not_null()) == 1).to_series().arg_true()
    rows = below[alone].select(text=pl.coalesce(pl.all()).str.replace_all(r"\s+", ""))
    numbers = alone.cast(pl.Int64) + layout.header_row + 1
    return rows.select(numbers.alias("row"), "text").filter(
        pl.col("text").str.contains(place_words()["cells"]["section"])
    )


# ---------------------------------------------------------------------------------------------- private


def _ground(key: str) -> str:
    return str(place_words()["grounds"][key])


def _above(layout: Layout) -> Iterator[tuple[str, str]]:
    """The cells of the rows above the header that hold a title: at most two cells are filled there."""
    if layout.header_row is None:
        return
    height = layout.header_row - layout.raw.above - 1
    for number, cells in enumerate(layout.raw.grid.head(max(height, 0)).rows()):
        filled = [(index, cell) for index, cell in enumerate(cells) if cell and cell.strip()]
        labelled = [cell for _, cell in filled if _LABELLED.match(cell.strip())]
        if len(filled) - len(labelled) > _MOST_IN_TITLE_ROW:
            return
        for index, cell in filled:
            yield f"{column_letter(index)}{layout.raw.above + number + 1}", cell


def _below(layout: Layout) -> Iterator[tuple[str, str]]:
    """The cells of the last rows that are no data."""
    height = layout.raw.grid.height
    begin = max(height - _NEAR, (layout.header_row or 0) - layout.raw.above)
    data = set(layout.rows["row"].tail(_NEAR).to_list())
    for number, cells in enumerate(layout.raw.grid.slice(begin).rows(), start=begin + layout.raw.above + 1):
        if number not in data:
            yield from ((f"{column_letter(index)}{number}", cell) for index, cell in enumerate(cells) if cell)


@cache
def _unit() -> re.Pattern[str]:
    return re.compile(place_words()["cells"]["unit"])


@cache
def _unit_ends() -> re.Pattern[str]:
    return re.compile(place_words()["cells"]["unit_ends"])
