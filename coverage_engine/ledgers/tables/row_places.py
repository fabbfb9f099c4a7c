"""Where each row of a sheet belongs: from its own column, its address, and all that the sheet tells besides.

Grounds are weighed in their order of trust. A finer place that agrees with a coarser one refines it. What
contradicts a row's own column is told and not used; of two presumptions that contradict each other only what
they have in common is used, and the row is to be asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from coverage_engine.divisions.resolver import Resolver
from coverage_engine.ledgers.tables.list_statements import ground_column
from coverage_engine.ledgers.tables.place_texts import PlaceTexts, place_words
from coverage_engine.ledgers.tables.places import (
    RESOLVED,
    accept_province,
    presume_from_address,
    refine_by_address,
    resolve_texts,
)
from coverage_engine.ledgers.tables.sheets import Layout

OWN, ADDRESS = 0, 1
IN_TWO_CITIES = "division.contradictory_cities"
"""The problem of a row that presumptions place in two cities: it has none."""
_FEW = 5
_FINDINGS = {
    "registry": "division.from_registry",
    "tax": "division.from_tax",
    "union": "division.from_union",
    "affiliation": "division.from_affiliation",
    "section": "division.from_section",
    "sheet": "division.from_sheet",
    "unit": "division.from_unit",
    "title": "division.from_title",
    "file": "division.from_file",
}
"""The finding that tells a presumption on each ground."""
_OF_ROWS = ("registry", "tax", "union", "affiliation", "section")
_AGAINST_OWN = "division.contradicts"
_AGAINST_EACH_OTHER = "division.contradictory"
_CLASHES = {"row": pl.Int64, "code": pl.String, "found": pl.String, "detail": pl.String}
_SAID = {"text": pl.String, "said_city": pl.String, "said_county": pl.String, "said_zone": pl.Boolean}


@dataclass(frozen=True)
class Presumed:
    """推定的地区: the finding that tells it, how many rows it gave a place, and which in words."""

    code: str
    rows: int
    words: str


@dataclass(frozen=True)
class RowPlaces:
    """各行的地区: `resolved` as by `resolve_texts`, what was presumed, and what contradicts (`_CLASHES`)."""

    resolved: pl.DataFrame
    presumed: tuple[Presumed, ...]
    clashes: pl.DataFrame


@dataclass(frozen=True)
class _Ground:
    """依据: one thing that tells places, with its text in each row and where that stands, as expressions."""

    number: int
    name: str
    text: pl.Expr
    where: pl.Expr
    constant: str | None = None


def places_of_rows(rows: pl.DataFrame, layout: Layout, key: str, resolver: Resolver) -> RowPlaces:
    """The place of each row; `rows` has texts of the division column `key`, address and told columns."""
    texts = PlaceTexts(resolver, layout.city)
    grounds = _grounds(layout, key)
    resolved, presumed = _own(rows, layout, key, texts)
    resolved, by_address = _by_address(resolved, rows, resolver)
    presumed += by_address
    if len(resolved) == 0 or not (layout.place_statements or _has_grounds(rows, layout)):
        return RowPlaces(resolved.select(*RESOLVED), tuple(presumed), _no_clashes())
    state = _state(resolved)
    clashes: list[pl.DataFrame] = []
    for ground in grounds[2:]:
        said = _said(ground, rows, layout, texts)
        if said is None:
            continue
        state = _weighed(pl.concat([state, said], how="horizontal"))
        clashes.append(_clashes(state, rows, layout, grounds, ground, texts))
        presumed += _counted(ground, state, texts)
        state = _after(state, ground.number)
    state, of_towns = _by_town(state, rows, resolver)
    presumed += of_towns
    return RowPlaces(state.select(*RESOLVED), tuple(presumed), pl.concat([_no_clashes(), *clashes]))


# ---------------------------------------------------------------------------------------------- private


def _no_clashes() -> pl.DataFrame:
    return pl.DataFrame(schema=_CLASHES)


def _has_grounds(rows: pl.DataFrame, layout: Layout) -> bool:
    """Whether a column or section rows tell places besides the row's own column and address."""
    return any(name.startswith(ground_column("")) for name in (*rows.columns, *layout.rows.columns))


def _grounds(layout: Layout, key: str) -> list[_Ground]:
    """All grounds of a sheet in their order of trust; its own column and the address come first."""
    placed = {place.column.key: place for place in layout.columns}
    names = place_words()["grounds"]
    columns = [(0, "own", key), (1, "address", "address")]
    columns += [(number, name, ground_column(name)) for number, name in enumerate(_OF_ROWS, start=2)]
    grounds = []
    for number, name, column in columns:
        place = placed.get(column)
        at = (
            pl.format(f"{place.letter}{{}} {_braced(place.header)}", "row")
            if place
            else pl.lit(names.get(name, ""))
        )
        text = pl.col(column) if place or column in layout.rows.columns else pl.lit(None, pl.String)
        grounds.append(_Ground(number, name, text, pl.concat_str(at, pl.lit("“"), text, pl.lit("”"))))
    last = len(grounds)
    return grounds + [
        _Ground(number, each.ground, pl.lit(each.text), pl.lit(each.where), each.text)
        for number, each in enumerate(layout.place_statements, start=last)
    ]


def _braced(header: str) -> str:
    return header.replace("{", "").replace("}", "")


def _own(
    rows: pl.DataFrame, layout: Layout, key: str, texts: PlaceTexts
) -> tuple[pl.DataFrame, list[Presumed]]:
    """Places of the row's own column; everyday names that only the surroundings make certain are counted."""
    resolved = resolve_texts(rows[key], texts.resolver, texts.column)
    if layout.kind and layout.kind.kind != "enterprises":
        resolved = accept_province(resolved)
    everyday = [text for text in rows[key].unique().drop_nulls().sort().to_list() if texts.needs_city(text)]
    count = int(rows[key].is_in(everyday).sum()) if everyday else 0
    words = "、".join(f"“{text}”" for text in everyday[:_FEW])
    city = texts.resolver.full_name(texts.city) if texts.city else ""
    return resolved, [Presumed("division.from_context", count, f"{words}按{city}的读")] if count else []


def _by_address(
    resolved: pl.DataFrame, rows: pl.DataFrame, resolver: Resolver
) -> tuple[pl.DataFrame, list[Presumed]]:
    """Places from addresses, with `own_city` and `own_county`: whether the row's own column told them."""
    own = resolved.select(
        own_city=pl.col("city_code").is_not_null(), own_county=pl.col("county_code").is_not_null()
    )
    presumed: list[Presumed] = []
    if "address" in rows.columns:
        resolved = presume_from_address(resolved, rows["address"], resolver)
        if count := int(resolved["presumed"].sum()):
            presumed.append(Presumed("division.from_address", count, ""))
        resolved = refine_by_address(resolved.drop("presumed"), rows["address"], resolver)
    return pl.concat([resolved, own], how="horizontal"), presumed


def _state(resolved: pl.DataFrame) -> pl.DataFrame:
    """The places so far, which ground told city and county, and whether anything may still refine them."""

    def ground(own: str, level: str) -> pl.Expr:
        return pl.when(own).then(OWN).when(pl.col(level).is_not_null()).then(ADDRESS).cast(pl.Int16)

    return resolved.with_columns(
        city_by=ground("own_city", "city_code"),
        county_by=ground("own_county", "county_code"),
        closed=pl.lit(value=False),
        stopped=pl.lit(value=False),
    ).drop("own_city", "own_county")


def _said(ground: _Ground, rows: pl.DataFrame, layout: Layout, texts: PlaceTexts) -> pl.DataFrame | None:
    """What a ground says of each row: city, county, and whether it named a zone; null where of none."""
    if ground.constant is not None:
        place = texts.read(ground.constant, ground.name)
        if place is None:
            return None
        values = (ground.constant, place.city_code, place.county_code, bool(place.zone))
        lits = [
            pl.lit(value, dtype).alias(name)
            for value, (name, dtype) in zip(values, _SAID.items(), strict=True)
        ]
        return rows.select("row", *lits).drop("row", "text")
    column = ground_column(ground.name)
    source = rows if column in rows.columns else layout.rows
    if column not in source.columns:
        return None
    cells = source[column]
    entries = [
        (text, place.city_code, place.county_code, bool(place.zone))
        for text in cells.drop_nulls().unique().sort().to_list()
        if (place := texts.read(text, ground.name))
    ]
    if not entries:
        return None
    table = pl.DataFrame(entries, schema=_SAID, orient="row")
    return (
        pl.DataFrame({"text": cells}).join(table, on="text", how="left", maintain_order="left").drop("text")
    )


def _weighed(state: pl.DataFrame) -> pl.DataFrame:
    """What the ground does to each row: `gives`, `refines`, or clashes with what better ones say."""
    says, known = pl.col("said_city").is_not_null(), pl.col("city_code").is_not_null()
    same = says & known & (pl.col("said_city") == pl.col("city_code"))
    county = pl.col("said_county")
    # Where a name may mean several places, what else is told chooses among these alone.
    among = (
        pl.col("detail").fill_null("").str.contains(pl.format("（{}）", county.fill_null("?")), literal=True)
    )
    problem = pl.col("problem").fill_null("")
    free = pl.col("code").is_null() & ~pl.col("stopped")
    may_give = pl.col("text").is_null() | (problem == "division.province_only")
    may_refine = (pl.col("city_by") != OWN) | (problem != "division.county_unknown") | among
    return state.with_columns(
        gives=(says & free & (may_give | ((problem == "division.ambiguous") & among))).fill_null(False),
        refines=(
            same & pl.col("county_code").is_null() & county.is_not_null() & ~pl.col("closed") & may_refine
        ).fill_null(False),
        other_city=(says & known & (pl.col("said_city") != pl.col("city_code"))).fill_null(False),
        other_county=(same & (county != pl.col("county_code"))).fill_null(False),
    )


def _after(state: pl.DataFrame, number: int) -> pl.DataFrame:
    """The places after a ground was weighed."""
    both_lost = pl.col("other_city") & (pl.col("city_by") != OWN)
    county_lost = both_lost | (pl.col("other_county") & (pl.col("county_by") != OWN))
    gives, refines = pl.col("gives"), pl.col("refines")
    adds = gives | refines
    nothing = pl.lit(None, dtype=pl.String)
    city = pl.when(both_lost).then(nothing).when(gives).then("said_city").otherwise("city_code")
    county = pl.when(county_lost).then(nothing).when(adds).then("said_county").otherwise("county_code")
    return state.select(
        "text",
        "detail",
        city_code=city,
        county_code=county,
        code=pl.when(both_lost)
        .then(nothing)
        .when(county_lost)
        .then("city_code")
        .when(adds)
        .then(pl.coalesce("said_county", "said_city"))
        .otherwise("code"),
        problem=pl.when(both_lost).then(pl.lit(IN_TWO_CITIES)).when(adds).then(nothing).otherwise("problem"),
        city_by=pl.when(gives).then(number).otherwise("city_by").cast(pl.Int16),
        county_by=pl.when(adds & pl.col("said_county").is_not_null())
        .then(number)
        .otherwise("county_by")
        .cast(pl.Int16),
        closed=pl.col("closed") | county_lost | (gives & pl.col("said_zone").fill_null(False)),
        stopped=pl.col("stopped") | county_lost,
    )


def _clashes(
    state: pl.DataFrame,
    rows: pl.DataFrame,
    layout: Layout,
    grounds: Sequence[_Ground],
    ground: _Ground,
    texts: PlaceTexts,
) -> pl.DataFrame:
    """The rows where a ground contradicts a better one, with both cells in words."""
    clash = state.select(pl.col("other_city") | pl.col("other_county")).to_series()
    if not clash.any():
        return _no_clashes()
    here = pl.concat(
        [rows.drop("city_code", "county_code", "code", "text", strict=False), state], how="horizontal"
    ).filter(clash)
    if "ground_section" in layout.rows.columns:
        here = here.with_columns(layout.rows["ground_section"].filter(clash))
    by = pl.when("other_city").then("city_by").otherwise("county_by")
    better = pl.coalesce(pl.when(by == each.number).then(each.where) for each in grounds)
    names = _names(here, texts)
    against_own = pl.lit(_AGAINST_OWN)
    between = pl.when("other_city").then(pl.lit(IN_TWO_CITIES)).otherwise(pl.lit(_AGAINST_EACH_OTHER))
    better_cell = pl.concat_str(better, pl.lit("（"), _shown("city_code", "county_code", names), pl.lit("）"))
    other = pl.concat_str(ground.where, pl.lit("（"), _shown("said_city", "said_county", names), pl.lit("）"))
    return here.select(
        "row", code=pl.when(by == OWN).then(against_own).otherwise(between), found=better_cell, detail=other
    )


def _names(state: pl.DataFrame, texts: PlaceTexts) -> Mapping[str, str]:
    codes = ("city_code", "county_code", "said_city", "said_county")
    distinct = {code for name in codes for code in state[name].drop_nulls().unique().to_list()}
    return {code: texts.resolver.full_name(code) for code in distinct}


def _shown(city: str, county: str, names: Mapping[str, str]) -> pl.Expr:
    return pl.coalesce(county, city).replace_strict(names, default="", return_dtype=pl.String)


def _counted(ground: _Ground, state: pl.DataFrame, texts: PlaceTexts) -> list[Presumed]:
    """How many rows a ground gave a city or county; of a ground for all rows in which words."""
    count = int(state.select((pl.col("gives") | pl.col("refines")).sum()).item())
    if not count:
        return []
    place = texts.read(ground.constant, ground.name) if ground.constant else None
    words = f"“{ground.constant}”即{texts.words(place)}" if place else ""
    return [Presumed(_FINDINGS[ground.name], count, words)]


def _by_town(
    state: pl.DataFrame, rows: pl.DataFrame, resolver: Resolver
) -> tuple[pl.DataFrame, list[Presumed]]:
    """Counties from the town, then the address, where what was told gives only the city."""
    presumed: list[Presumed] = []
    for name, column in (
        ("division.from_town", ground_column("town")),
        ("division.refined_by_address", "address"),
    ):
        if column not in rows.columns:
            continue
        before = state["county_code"].null_count()
        cells = rows[column].set(state["stopped"], None)
        state = refine_by_address(state, cells, resolver)
        if count := before - state["county_code"].null_count():
            presumed.append(Presumed(name, count, ""))
    return state, presumed
