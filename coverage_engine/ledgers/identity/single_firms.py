"""One enterprise once: rows of the 企业台账 that are certainly the same firm (entities) become one row.

Likeness is asked about and joins nothing. One code with two unlike names is one firm, and told; one name with
two codes in a place are two, and told. For each fact the list that knows it best decides (`fact_ranks`), then
the row of the source of the highest rank, of one source the fuller row; others fill what it leaves unknown,
and a contradiction is told with both cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.identity.doubts import Doubts
from coverage_engine.ledgers.identity.entities import with_entities
from coverage_engine.ledgers.identity.fact_ranks import fact_ranks
from coverage_engine.ledgers.identity.firm_names import firm_parts, plain_name
from coverage_engine.ledgers.identity.row_rank import ranked

_RANK = "rank_"
"""With this begin the columns with the rank of a row's source for a field."""

_UNITS: tuple[tuple[str, ...], ...] = (
    ("name", "plain_name"),
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
_ADDRESS = frozenset({"source", "row", "entity", "certain", "plain_name", "credit_code", "name"})


@dataclass(frozen=True)
class Merged:
    """The firms with their dense `enterprise_id`, the `fact_sources` of filled fields, and further names.

    `other_names` (`enterprise_id`, `name`, `plain_name`) are what joined rows call the firm as well.
    """

    enterprises: pl.DataFrame
    fact_sources: pl.DataFrame
    other_names: pl.DataFrame


def merge_enterprises(
    rows: pl.DataFrame, log: FindingLog, doubts: Doubts, forms: Mapping[int, str]
) -> Merged:
    """One row for each enterprise, and what is asked about those that may be one.

    `forms` has the form of list of each source, by which the better source of each fact is known.
    """
    named = rows.with_columns(plain_name(pl.col("name")).alias("plain_name"))
    known, refused = with_entities(named, doubts.decisions)
    _tell_refused(refused, known, log)
    _tell_name_two_codes(known, log)
    shared = known["entity"].is_duplicated()
    several = ranked(known.filter(shared), aside=("certain", "entity"))
    merged, fills = _merged(_with_ranks(several, forms, log), log) if several.height else (several, None)
    everyone = (
        _ordered(pl.concat([known.filter(~shared), merged]))
        .with_row_index("enterprise_id")
        .with_columns(pl.col("enterprise_id").cast(pl.Int32))
    )
    others = _other_names(several, everyone)
    _tell_code_two_names(several, log)
    _ask(everyone, others, doubts)
    return Merged(everyone.drop("certain"), _fact_sources(fills, everyone), others)


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


def _other_names(several: pl.DataFrame, everyone: pl.DataFrame) -> pl.DataFrame:
    firms = everyone.select("entity", "enterprise_id", _plain="plain_name")
    beside = several.select("entity", "name", "plain_name").join(firms, on="entity", maintain_order="left")
    return (
        beside.filter(pl.col("plain_name") != pl.col("_plain"))
        .unique(["enterprise_id", "plain_name"], keep="first", maintain_order=True)
        .select("enterprise_id", "name", "plain_name")
    )


def _ask(everyone: pl.DataFrame, others: pl.DataFrame, doubts: Doubts) -> None:
    """Asks whether a firm without code is a coded one by any of its names, or another without code."""
    alone = everyone.filter(pl.col("credit_code").is_null())
    if alone.is_empty():
        return
    coded = everyone.filter(pl.col("credit_code").is_not_null())
    further = coded.drop("name", "plain_name").join(others, on="enterprise_id").select(coded.columns)
    doubts.ask_about(alone.with_row_index("_order"), pl.concat([coded, further]), "enterprises")


def _tell_refused(refused: pl.DataFrame, rows: pl.DataFrame, log: FindingLog) -> None:
    """Answers that would have made two codes one firm."""
    coded = rows.select("source", "row", "name", key="credit_code").unique(
        "key", keep="first", maintain_order=True
    )
    refused_rows = refused.join(coded, left_on="right", right_on="key", maintain_order="left")
    log.add_rows("identity.answer_refused", refused_rows.with_columns(found="name", detail="left"), "name")


def _tell_code_two_names(several: pl.DataFrame, log: FindingLog) -> None:
    """One code is one firm; names under it that are more than two spellings are told."""
    coded = several.filter(pl.col("credit_code").is_not_null())
    named = coded.unique(["credit_code", "plain_name"], keep="first", maintain_order=True)
    doubled = named.filter(pl.len().over("credit_code") > 1)
    if doubled.is_empty():
        return
    parts = firm_parts(doubled["name"]).select("name", "core", "office", "name_city")
    unlike = pl.any_horizontal(
        pl.col(part).drop_nulls().n_unique().over("credit_code") > 1
        for part in ("core", "office", "name_city")
    )
    unlike_names = doubled.join(parts, on="name", how="left", maintain_order="left").filter(unlike)
    others = pl.col("name").str.join("、").over("credit_code")
    log.add_rows(
        "identity.code_two_names", unlike_names.with_columns(found="name", detail=others), "credit_code"
    )


def _tell_name_two_codes(rows: pl.DataFrame, log: FindingLog) -> None:
    coded = rows.filter(rows["plain_name"].is_duplicated() & rows["credit_code"].is_not_null())
    placed = coded.with_columns(place=pl.coalesce("county_code", "city_code"))
    codes = placed.unique(["plain_name", "place", "credit_code"], keep="first", maintain_order=True)
    doubled = codes.filter(pl.len().over("plain_name", "place") > 1).sort(
        "plain_name", "place", "credit_code"
    )
    others = pl.col("credit_code").str.join("、").over("plain_name", "place")
    log.add_rows("identity.name_two_codes", doubled.with_columns(found="name", detail=others), "name")


def _with_ranks(several: pl.DataFrame, forms: Mapping[int, str], log: FindingLog) -> pl.DataFrame:
    """Rows with a column `rank_…` for the leading field of each unit of which a rank is stated.

    What lists of one rank say with and without is unknown, and told.
    """
    ranks = {lead: fact_ranks()[lead] for lead, *_ in _units(several.columns) if lead in fact_ranks()}
    believed = several.with_columns(
        rank.of(lead, forms).alias(f"{_RANK}{lead}") for lead, rank in ranks.items()
    )
    for lead, rank in ranks.items():
        if rank.opposed:
            disputed = pl.col("_disputed")
            marked = believed.with_columns(_disputed=rank.disputed(lead, f"{_RANK}{lead}", forms))
            rows = marked.filter(disputed & pl.col(lead).is_not_null())
            log.add_rows("identity.disputed", rows.with_columns(found=lead), lead)
            believed = marked.with_columns(pl.when(~disputed).then(lead).alias(lead)).drop("_disputed")
    return believed


def _merged(several: pl.DataFrame, log: FindingLog) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The merged rows, and entity, field, source, row of every value that a later row gave."""
    ordered = several.with_columns(
        pl.col(name).first().over("entity").alias(f"first_{name}")
        for name in ("source", "row", "credit_code", "certain")
    )
    _tell_merged(ordered, log)
    _tell_contradictions(ordered, log)
    columns = [name for name in several.columns if not name.startswith(_RANK)]
    units = _units(columns)
    merged = ordered.group_by("entity", maintain_order=True).agg(
        pl.col("source").first(),
        pl.col("row", "certain").first(),
        *(_filled(name, unit[0], several.columns).alias(name) for unit in units for name in unit),
    )
    fills = pl.concat(
        _best_first(ordered, unit[0])
        .filter(pl.col(unit[0]).is_not_null())
        .group_by("entity", maintain_order=True)
        .agg(pl.col("source", "row", "first_source", "first_row").first())
        .filter((pl.col("source") != pl.col("first_source")) | (pl.col("row") != pl.col("first_row")))
        .select("entity", "source", "row", pl.lit(name).alias("field"))
        for unit in units
        for name in unit
        if name not in ("plain_name", "coordinate_system")
    )
    return merged.select(columns), fills


def _units(columns: list[str]) -> list[tuple[str, ...]]:
    grouped = {name for unit in _UNITS for name in unit}
    alone = [(name,) for name in columns if name not in grouped | {"source", "row", "entity", "certain"}]
    return [tuple(name for name in unit if name in columns) for unit in _UNITS] + alone


def _filled(name: str, lead: str, columns: Sequence[str]) -> pl.Expr:
    """The value in the first row, of the best source, whose leading field is known; else in the first row."""
    value, known = pl.col(name), pl.col(lead).is_not_null()
    if (rank := f"{_RANK}{lead}") in columns:
        value, known = (each.sort_by(rank, maintain_order=True) for each in (value, known))
    return pl.coalesce(value.filter(known).first(), value.first())


def _best_first(ordered: pl.DataFrame, lead: str) -> pl.DataFrame:
    """The rows in the order in which they are believed about a field."""
    rank = f"{_RANK}{lead}"
    return ordered.sort(rank, maintain_order=True) if rank in ordered.columns else ordered


def _tell_merged(ordered: pl.DataFrame, log: FindingLog) -> None:
    """Each row that is joined to the deciding one, and on what ground."""
    later = ordered.filter(
        (pl.col("source") != pl.col("first_source")) | (pl.col("row") != pl.col("first_row"))
    )
    where = log.cell("name", "first_source", "first_row")
    findings = later.with_columns(found="name", detail=where)
    by_code = (pl.col("credit_code") == pl.col("first_credit_code")).fill_null(False)
    certain = pl.col("certain") == pl.col("first_certain")
    for ground, holds in (
        ("same_code", by_code),
        ("same_name", ~by_code & certain),
        ("same_by_answer", ~by_code & ~certain),
    ):
        log.add_rows(f"identity.{ground}", findings.filter(holds), "name")


def _tell_contradictions(ordered: pl.DataFrame, log: FindingLog) -> None:
    """Each cell that says otherwise than the one that is believed, with both cells."""
    for name in ordered.columns:
        if name in _NOT_COMPARED or name in _ADDRESS or name.startswith(("first_", _RANK)):
            continue
        known = (
            _best_first(ordered, name)
            .filter(pl.col(name).is_not_null())
            .select("source", "row", "entity", original=name, value=pl.col(name).cast(pl.String))
        )
        led = known.with_columns(
            first=pl.col("value").first().over("entity"),
            believed=pl.col("original").first().over("entity"),
            first_source=pl.col("source").first().over("entity"),
            first_row=pl.col("row").first().over("entity"),
        )
        against = led.filter(_contradicts(name, ordered.schema[name]))
        cell = log.cell(name, "first_source", "first_row")
        where = pl.format("{} 的“{}”", cell, pl.col("first"))
        log.add_rows("identity.contradiction", against.with_columns(found="value", detail=where), name)


def _contradicts(name: str, dtype: pl.DataType) -> pl.Expr:
    """Whether a value speaks against the one that is believed: a coarser place and a near count do not."""
    unlike = pl.col("value") != pl.col("first")
    if name == "division_code":
        one, other = (pl.col(each).str.strip_chars_end("0") for each in ("value", "first"))
        return unlike & ~one.str.starts_with(other) & ~other.str.starts_with(one)
    if name in fact_ranks() and fact_ranks()[name].tolerance and dtype.is_numeric():
        apart = (pl.col("original") - pl.col("believed")).abs() * 100
        return unlike & (apart > fact_ranks()[name].tolerance * pl.col("believed"))
    return unlike


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
