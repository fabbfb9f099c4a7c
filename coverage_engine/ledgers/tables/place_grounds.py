"""What each sheet tells about the place of its rows: by columns of bodies, section rows, and around them.

Sheets are looked at together: an everyday name that several cities have (高新区) is read within the city that
the sheet, its file or all lists handed in make certain. Nothing here depends on the order of sheets or files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

import polars as pl

from coverage_engine.divisions.resolver import Resolver, resolver
from coverage_engine.divisions.table import EDITIONS
from coverage_engine.ledgers.kinds import LedgerColumn, fold_header
from coverage_engine.ledgers.tables.list_statements import SECTION, PlaceStatement, ground_column
from coverage_engine.ledgers.tables.place_texts import PlaceTexts, place_words
from coverage_engine.ledgers.tables.sheet_columns import PlacedColumn
from coverage_engine.ledgers.tables.sheets import Layout
from coverage_engine.ledgers.tables.title_cells import (
    TitleCell,
    file_name,
    naming_column,
    reporting_units,
    section_rows,
    sheet_name,
    titles,
)

_MOST_OWN_TEXTS = 5_000
"""Places written in a column are few; a column of so many different texts holds something else."""


def with_place_grounds(layouts: Sequence[Layout]) -> list[Layout]:
    """The layouts with all that is told about the places of their rows."""
    said = [_around(layout) for layout in layouts]
    cities = _certain_cities(layouts, said)
    return [
        _with_grounds(layout, around, city) if _asks_for_place(layout) else layout
        for layout, around, city in zip(layouts, said, cities, strict=True)
    ]


def place_around(layout: Layout, resolver: Resolver) -> str | None:
    """The code of the place that sheet, unit, title or file tell; "" for none, null if not for sure.

    The finest counts. A functional zone is not for sure: its county is not settled.
    """
    texts = PlaceTexts(resolver, layout.city)
    read = [place for ground, cell in _around(layout) if (place := texts.read(cell.text, ground))]
    if not read:
        return ""
    if any(place.zone and not place.county_code for place in read):
        return None
    if len({place.city_code for place in read}) > 1:
        return None
    counties = {place.county_code for place in read if place.county_code}
    if len(counties) > 1:
        return None
    return next(iter(counties), read[0].city_code)


# ---------------------------------------------------------------------------------------------- private

Said = tuple[str, TitleCell]


def _asks_for_place(layout: Layout) -> bool:
    return layout.kind is not None and layout.kind.division is not None and not layout.left_out


def _around(layout: Layout) -> list[Said]:
    """What stands around the rows, in the order of trust."""
    name = sheet_name(layout)
    said: list[Said] = [("sheet", name)] if name else []
    said += [("unit", unit) for unit in reporting_units(layout)]
    said += [("title", title) for title in titles(layout)]
    return [*said, ("file", file_name(layout))]


def _with_grounds(layout: Layout, around: Sequence[Said], city: str | None) -> Layout:
    assert layout.kind is not None
    division = layout.kind.division
    assert division is not None
    texts = _neutral(city)
    statements = tuple(
        PlaceStatement(ground, cell.text, cell.where)
        for ground, cell in around
        if texts.read(cell.text, ground)
    )
    layout = _with_sections(_with_columns(layout), texts)
    present = {place.column.key for place in layout.columns}
    telling = [place for place in layout.columns if place.column.key.startswith(ground_column(""))]
    layout = replace(layout, place_statements=statements, city=city)
    if division.key in present or not (statements or telling or SECTION in layout.rows.columns):
        return layout
    header = next((each.where for each in statements), telling[0].header if telling else "")
    at = telling[0].index if telling and not statements else naming_column(layout)
    return replace(
        layout,
        rows=layout.rows.with_columns(pl.lit(None, dtype=pl.String).alias(division.key)),
        columns=(*layout.columns, PlacedColumn(at, header, division)),
        missing=tuple(column for column in layout.missing if column.key != division.key),
    )


def _with_columns(layout: Layout) -> Layout:
    """The layout with the columns of bodies that tell a place, read or not for what they say themselves."""
    labels = {place.index: place.header for place in layout.columns} | dict(layout.other_headers)
    grounds = _column_grounds()
    chosen: dict[str, int] = {}
    for index, label in sorted(labels.items()):
        ground = grounds.get(fold_header(label.splitlines()[-1] if label else ""))
        if ground:
            chosen.setdefault(ground, index)
    present = {place.column.key for place in layout.columns}
    chosen = {ground: index for ground, index in chosen.items() if ground_column(ground) not in present}
    if not chosen:
        return layout
    at = layout.rows["row"] - 1 - layout.raw.above
    unsure = layout.rows["row"].is_in(layout.raw.shifts["row"].implode())
    cells = [
        layout.raw.grid[f"c{index}"].gather(at).set(unsure, None).alias(ground_column(ground))
        for ground, index in chosen.items()
    ]
    added = tuple(PlacedColumn(index, labels[index], _column_of(ground)) for ground, index in chosen.items())
    others = {index: label for index, label in layout.other_headers.items() if index not in chosen.values()}
    return replace(
        layout,
        rows=layout.rows.with_columns(cells),
        columns=(*layout.columns, *added),
        other_headers=others,
    )


def _column_of(ground: str) -> LedgerColumn:
    words = place_words()
    return LedgerColumn(words["columns"][ground][0], ground_column(ground), "text", words["grounds"][ground])


@cache
def _column_grounds() -> Mapping[str, str]:
    """The ground that a column is, by its folded header."""
    columns = place_words()["columns"]
    return {fold_header(header): ground for ground, headers in columns.items() for header in headers}


# -- section rows


def _with_sections(layout: Layout, texts: PlaceTexts) -> Layout:
    """Rows below a section that names a place have its text; the section rows themselves are no data."""
    lone = section_rows(layout)
    division = layout.kind.division if layout.kind else None
    if division is not None and division.key in layout.rows.columns:
        # A row that holds nothing but its place is a row.
        of_data = layout.rows.filter(pl.col(division.key).is_not_null())["row"]
        lone = lone.filter(~pl.col("row").is_in(of_data.implode()))
    sections = list(_sections(lone, texts))
    if not any(place for _, place in sections):
        return layout
    marks = pl.DataFrame(sections, schema={"row": pl.Int64, SECTION: pl.String}, orient="row")
    named = marks.drop_nulls(SECTION)
    rows = layout.rows.join(named, on="row", how="anti", maintain_order="left")
    removed = layout.rows.height - rows.height
    recognised = dict(layout.recognised)
    if removed:
        recognised["section"] = recognised.get("section", 0) + removed
    below = rows.join_asof(marks, on="row", strategy="backward")
    return replace(layout, rows=below, recognised=recognised)


def _sections(rows: pl.DataFrame, texts: PlaceTexts) -> Iterator[tuple[int, str | None]]:
    """Where a section with a place begins, and where one of its rank without a place ends it."""
    rank: str | None = None
    for row, text in rows.iter_rows():
        match = _section_form().match(text)
        if match is None:
            continue
        own = (
            re.sub(r"[\d一二三四五六七八九十]", "", match["mark"] or "")
            or (match["colon"] or "")[:1]
            or "bare"
        )
        if texts.read(match["place"], "section"):
            rank = own
            yield row, match["place"]
        elif rank is not None and own == rank and own != "bare":
            rank = None
            yield row, None


@cache
def _section_form() -> re.Pattern[str]:
    return re.compile(re.sub(r"\\x\{(\w{4})\}", r"\\u\1", place_words()["cells"]["section"]))


# -- the city that is certain


def _neutral(city: str | None) -> PlaceTexts:
    """Names are known in every edition alike; which code they mean is read later."""
    return PlaceTexts(resolver(EDITIONS[0]), city)


def _certain_cities(layouts: Sequence[Layout], said: Sequence[Sequence[Said]]) -> list[str | None]:
    """For each layout the one city of which it, else its file, else all lists are certain."""
    alone = _neutral(None)
    own = [
        {place.city_code for ground, cell in around if (place := alone.read(cell.text, ground))}
        | _cities_of_rows(layout, alone)
        for layout, around in zip(layouts, said, strict=True)
    ]
    by_file: dict[tuple[str, str], set[str]] = {}
    for layout, cities in zip(layouts, own, strict=True):
        by_file.setdefault((layout.raw.file, layout.raw.sha256), set()).update(cities)
    everywhere = set().union(*own) if own else set()
    return [
        _only(cities, by_file[layout.raw.file, layout.raw.sha256], everywhere)
        for layout, cities in zip(layouts, own, strict=True)
    ]


def _only(*nearest_first: set[str]) -> str | None:
    """The city of the nearest surroundings that name any, if it is one alone."""
    cities = next((each for each in nearest_first if each), set[str]())
    return next(iter(cities)) if len(cities) == 1 else None


def _cities_of_rows(layout: Layout, texts: PlaceTexts) -> set[str]:
    """The cities that the column of places names for certain."""
    division = layout.kind.division if layout.kind else None
    if division is None or division.key not in layout.rows.columns:
        return set()
    distinct = layout.rows[division.key].drop_nulls().unique()
    if len(distinct) > _MOST_OWN_TEXTS:
        return set()
    places = (texts.column(text) for text in distinct.to_list())
    return {place.city_code for place in places if place.city_code}
