"""One enterprise once: rows of the 企业台账 that speak of the same firm become one row.

A firm is its credit code together with its name; a row without code joins the one coded firm of the same name
in the same county. Other spellings of one name are joined by likeness where code or place leave no doubt, and
asked about where they do. One code with two unlike names, and one name with two codes, stay apart and are
told. The first row wins; later rows fill what it leaves unknown, and a contradiction is told with both cells.
"""

from __future__ import annotations

import polars as pl

from coverage_engine.ledgers.doubts import Doubts
from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.firm_names import plain_name

_UNITS: tuple[tuple[str, ...], ...] = (
    ("county_code", "division_code", "city_code"),
    ("location", "longitude", "latitude"),
    ("registration_text", "registration_type", "registration_year"),
    ("control", "control_text"),
    ("industry_code", "section"),
    ("top_hundred_rank", "top_hundred_year"),
)
"""Fields that are filled together, led by the first."""

_NOT_COMPARED = frozenset(
    {"address", "longitude", "latitude", "location", "coordinate_system", "city_code", "county_code",
     "registration_type", "registration_year", "control_text", "section", "industry_text", "park_id",
     "place_id", "department_id", "home_division", "league_name", "credit_code_older"}
)  # fmt: skip
_COMPARED = (
    "source", "row", "entity", "name", "credit_code", "county_code", "city_code", "league_members",
    "young_employees", "league_form", "party",
)  # fmt: skip
_ADDRESS = frozenset({"source", "row", "entity", "plain_name", "credit_code", "name"})


def merge_enterprises(
    rows: pl.DataFrame, log: FindingLog, doubts: Doubts
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row for each enterprise with its dense `enterprise_id`, and the `fact_sources` of filled fields.

    `rows` stand in the order of their ledgers.
    """
    named = rows.with_columns(plain_name(pl.col("name")).alias("plain_name"))
    placed = _with_place(named)
    known = _joined_by_likeness(_with_entities(placed), doubts)
    _tell_code_two_names(known, log)
    _tell_name_two_codes(known, log)
    known = known.drop("place")
    shared = known["entity"].is_duplicated()
    several = known.filter(shared)
    merged, fills = _merged(several, log) if several.height else (several, None)
    everyone = (
        _ordered(pl.concat([known.filter(~shared), merged]))
        .with_row_index("enterprise_id")
        .with_columns(pl.col("enterprise_id").cast(pl.Int32))
    )
    return everyone, _fact_sources(fills, everyone)


# ---------------------------------------------------------------------------------------------- private


def _ordered(firms: pl.DataFrame) -> pl.DataFrame:
    """By code, then name and place; only the few that share a code or lack one are compared in full."""
    tied = firms["credit_code"].is_duplicated() | firms["credit_code"].is_null()
    numbered = firms.with_row_index("_at")
    full = numbered.filter(tied).sort(
        "credit_code", "name", "division_code", "plain_name", "entity", nulls_last=True
    )
    whole = pl.concat(
        [numbered.select("_at", "credit_code").filter(~tied), full.select("_at", "credit_code")]
    )
    # Only the places are sorted: the wide table is put in order once.
    return firms[whole.sort("credit_code", nulls_last=True, maintain_order=True)["_at"]]


def _with_place(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with `place`: the county; for a city-level row the one county of its name in that city.

    Only where it can matter: of a row with a code whose name nobody else bears it is null.
    """
    crowded = rows["plain_name"].is_duplicated() | rows["credit_code"].is_null()
    asked = rows.filter(crowded).select("source", "row", "plain_name", "county_code", "city_code")
    one_county = (
        asked.drop_nulls("county_code")
        .group_by("plain_name", "city_code")
        .agg(pl.col("county_code").unique().alias("_counties"))
        .filter(pl.col("_counties").list.len() == 1)
        .select("plain_name", "city_code", _county=pl.col("_counties").list.first())
    )
    joined = asked.join(one_county, on=["plain_name", "city_code"], how="left", maintain_order="left")
    place = joined.select(place=pl.coalesce("county_code", "_county", "city_code", pl.lit("")))["place"]
    nowhere = pl.Series("place", [None], dtype=pl.String).new_from_index(0, rows.height)
    return rows.with_columns(nowhere.scatter(crowded.arg_true(), place))


def _with_entities(placed: pl.DataFrame) -> pl.DataFrame:
    """Rows with `entity`: code and name; without a code those of the one coded firm so named there."""
    crowd = placed.filter(pl.col("place").is_not_null())
    owners = (
        crowd.filter(pl.col("credit_code").is_not_null())
        .group_by("plain_name", "place")
        .agg(pl.col("credit_code").unique().alias("codes"))
        .filter(pl.col("codes").list.len() == 1)
        .select("plain_name", "place", owner=pl.col("codes").list.first())
    )
    joined = placed.join(owners, on=["plain_name", "place"], how="left", maintain_order="left")
    code = pl.coalesce("credit_code", "owner")
    entity = (
        pl.when(code.is_not_null())
        .then(pl.concat_str(code, pl.lit("|"), pl.col("plain_name")))
        .otherwise(pl.concat_str(pl.lit("|"), pl.col("plain_name"), pl.lit("|"), pl.col("place")))
    )
    return joined.with_columns(entity.alias("entity")).drop("owner")


def _joined_by_likeness(rows: pl.DataFrame, doubts: Doubts) -> pl.DataFrame:
    """Rows whose entity is another spelling of one name take that entity's key."""
    firsts = rows.select(_COMPARED).filter(rows["entity"].is_first_distinct())
    coded = firsts.filter(pl.col("credit_code").is_not_null())
    first = coded["credit_code"].is_first_distinct()
    heads, again = coded.filter(first), coded.filter(~first)
    alone = firsts.filter(pl.col("entity").str.starts_with("|"))
    by_code = _same_firm(again, heads.join(again.select("credit_code"), on="credit_code", how="semi"), doubts)
    by_name = _same_firm(alone, heads, doubts)
    left = alone.join(by_name, on="entity", how="anti", maintain_order="left")
    joins = pl.concat([by_code, by_name, _same_uncoded(left, doubts)])
    if joins.is_empty():
        return rows
    return (
        rows.join(joins, on="entity", how="left", maintain_order="left")
        .with_columns(entity=pl.coalesce("same_as", "entity"))
        .drop("same_as")
    )


def _same_firm(records: pl.DataFrame, heads: pl.DataFrame, doubts: Doubts) -> pl.DataFrame:
    """`entity` of a record and the entity `same_as` it; an unlike name is never joined by its code."""
    if records.is_empty() or heads.is_empty():
        return pl.DataFrame(schema={"entity": pl.String, "same_as": pl.String})
    numbered = heads.with_row_index("enterprise_id").with_columns(pl.col("enterprise_id").cast(pl.Int32))
    pairs = doubts.match(records.with_row_index("_order"), numbered, "enterprises")
    sure = pairs.filter((pl.col("verdict") == "match") & (pl.col("how_name") != "name_of_code_only"))
    return sure.select(
        entity=records["entity"].gather(sure["_order"]), same_as=heads["entity"].gather(sure["enterprise_id"])
    )


def _same_uncoded(alone: pl.DataFrame, doubts: Doubts) -> pl.DataFrame:
    """Spellings of one name without any code are asked about; only a person's answer joins them."""
    numbered = alone.with_row_index("_order")
    pairs = doubts.match_within(numbered, "enterprises").filter(pl.col("verdict") == "match")
    answered = pairs.unique("_order", keep="first", maintain_order=True)
    return answered.select(
        entity=alone["entity"].gather(answered["_order"]), same_as=alone["entity"].gather(answered["_other"])
    )


def _tell_code_two_names(rows: pl.DataFrame, log: FindingLog) -> None:
    coded = rows.filter(rows["credit_code"].is_duplicated() & rows["credit_code"].is_not_null())
    names = coded.unique(["credit_code", "entity"], keep="first", maintain_order=True)
    doubled = names.filter(pl.len().over("credit_code") > 1)
    others = pl.col("name").str.join("、").over("credit_code")
    log.add_rows("identity.code_two_names", doubled.with_columns(found="name", detail=others), "credit_code")


def _tell_name_two_codes(rows: pl.DataFrame, log: FindingLog) -> None:
    coded = rows.filter(rows["plain_name"].is_duplicated() & rows["credit_code"].is_not_null())
    codes = coded.unique(["plain_name", "place", "credit_code"], keep="first", maintain_order=True)
    doubled = codes.filter(pl.len().over("plain_name", "place") > 1)
    others = pl.col("credit_code").str.join("、").over("plain_name", "place")
    log.add_rows("identity.name_two_codes", doubled.with_columns(found="name", detail=others), "name")


def _merged(several: pl.DataFrame, log: FindingLog) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The merged rows, and entity, field, source, row of every value that a later row gave."""
    ordered = several.sort("source", "row").with_columns(
        first_source=pl.col("source").first().over("entity"), first_row=pl.col("row").first().over("entity")
    )
    _tell_merged(ordered, log)
    _tell_contradictions(ordered, log)
    units = _units(several.columns)
    merged = ordered.group_by("entity", maintain_order=True).agg(
        pl.col("source").first(),
        pl.col("row").first(),
        *(_filled(pl.col(name), unit[0]).alias(name) for unit in units for name in unit),
    )
    fills = pl.concat(
        ordered.filter(pl.col(unit[0]).is_not_null())
        .group_by("entity", maintain_order=True)
        .agg(pl.col("source", "row", "first_source", "first_row").first())
        .filter((pl.col("source") != pl.col("first_source")) | (pl.col("row") != pl.col("first_row")))
        .select("entity", "source", "row", pl.lit(name).alias("field"))
        for unit in units
        for name in unit
        if name not in ("plain_name", "coordinate_system")
    )
    return merged.select(several.columns), fills


def _units(columns: list[str]) -> list[tuple[str, ...]]:
    grouped = {name for unit in _UNITS for name in unit}
    alone = [(name,) for name in columns if name not in grouped | {"source", "row", "entity"}]
    return [tuple(name for name in unit if name in columns) for unit in _UNITS] + alone


def _filled(value: pl.Expr, lead: str) -> pl.Expr:
    """The value in the first row whose leading field is known, else in the first row."""
    return pl.coalesce(value.filter(pl.col(lead).is_not_null()).first(), value.first())


def _tell_merged(ordered: pl.DataFrame, log: FindingLog) -> None:
    later = ordered.filter(
        (pl.col("source") != pl.col("first_source")) | (pl.col("row") != pl.col("first_row"))
    )
    where = log.cell("name", "first_source", "first_row")
    log.add_rows("identity.merged", later.with_columns(found="name", detail=where), "name")


def _tell_contradictions(ordered: pl.DataFrame, log: FindingLog) -> None:
    for name in ordered.columns:
        if name in _NOT_COMPARED or name in _ADDRESS or name.startswith("first_"):
            continue
        known = ordered.filter(pl.col(name).is_not_null()).select(
            "source", "row", "entity", value=pl.col(name).cast(pl.String)
        )
        led = known.with_columns(
            first=pl.col("value").first().over("entity"),
            first_source=pl.col("source").first().over("entity"),
            first_row=pl.col("row").first().over("entity"),
        )
        against = led.filter(pl.col("value") != pl.col("first"))
        cell = log.cell(name, "first_source", "first_row")
        where = pl.format("{} 的“{}”", cell, pl.col("first"))
        log.add_rows("identity.contradiction", against.with_columns(found="value", detail=where), name)


def _fact_sources(fills: pl.DataFrame | None, everyone: pl.DataFrame) -> pl.DataFrame:
    ids = everyone.select("entity", "enterprise_id")
    if fills is None or fills.is_empty():
        return pl.DataFrame()
    return (
        fills.join(ids, on="entity", how="inner", maintain_order="left")
        .with_columns(ledger_field=pl.col("field"))
        .select("enterprise_id", "field", "ledger_field", "source", "row")
        .sort("enterprise_id", "field")
    )
