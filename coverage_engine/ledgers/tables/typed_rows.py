"""Rows of a sheet as typed values: what is wrong is told, unusable rows are quarantined."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache

import polars as pl

from coverage_engine.divisions.resolver import Resolver
from coverage_engine.ledgers.credit_codes import repaired
from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.kinds import LedgerColumn, LedgerKind, ledger_kind, reading_words
from coverage_engine.ledgers.personal_data import hide_people_in
from coverage_engine.ledgers.tables.cleaning import cleaned_names, cleaned_numbers, no_cleaning
from coverage_engine.ledgers.tables.firm_cell import NO_RULES, SEVERAL, SPLIT
from coverage_engine.ledgers.tables.firm_cells import read_firm_cells
from coverage_engine.ledgers.tables.older_numbers import older
from coverage_engine.ledgers.tables.place_findings import tell_places, tell_presumed
from coverage_engine.ledgers.tables.row_places import IN_TWO_CITIES, Presumed, places_of_rows
from coverage_engine.ledgers.tables.sheets import Layout
from coverage_engine.ledgers.tables.shifted_rows import SHIFTED
from coverage_engine.ledgers.tables.split_rows import (
    BY_SHARING,
    cells_of_several,
    one_row_each,
    tell_split,
    with_shared_form,
)
from coverage_engine.ledgers.tables.values import Cast, cast_column

NO_NAME = "name.no_name"
_SAID_ONCE = {"choice.interpreted", "choice.not_yet"}
"""Problems told once for a column, with the number of rows."""

_DTYPES: dict[str, type[pl.DataType]] = {
    "count": pl.Int64,
    "percent": pl.Int64,
    "real": pl.Float64,
    "flag": pl.Boolean,
    "date": pl.Date,
}


@dataclass(frozen=True)
class TypedSheet:
    """Accepted rows (`source`, `row`, one typed column for each key) and quarantined row numbers.

    `presumed` says of how many rows the place was presumed, and on which grounds.
    """

    accepted: pl.DataFrame
    quarantined: pl.DataFrame
    presumed: tuple[Presumed, ...] = ()
    cleaned: pl.DataFrame = field(default_factory=no_cleaning)


def type_rows(
    layout: Layout,
    kind: LedgerKind,
    log: FindingLog,
    resolver: Resolver,
    without: frozenset[str] = NO_RULES,
) -> TypedSheet:
    """The data rows of one sheet; `quarantined` has `row` and `reason` (codes of the errors).

    `cleaned` tells what rules of cleaning did; those `without` which it is to be read are not used.
    """
    if layout.missing:
        reason = pl.lit("column.missing").alias("reason")
        return TypedSheet(empty_rows(kind), layout.rows.select("row", reason))
    placed = {place.column.key: place.column for place in layout.columns}
    shifted = layout.shifted.select("row", reason=pl.lit(SHIFTED))
    if len(shifted):
        layout = replace(layout, rows=layout.rows.join(shifted, on="row", how="anti", maintain_order="left"))
    rows = layout.rows.select("row", pl.lit(layout.source, dtype=pl.Int32).alias("source"))
    errors = [shifted]
    names, stated, several, cleaned = _all_firm_names(layout, log, without)
    addresses = rows
    errors.append(several.filter(pl.col("reason") == SEVERAL))
    split = cells_of_several(layout, several.filter(pl.col("reason") == SPLIT)["row"])
    for key, column in placed.items():
        written = names.get(key, layout.rows[key])
        texts = hide_people_in(written, column)
        if texts is not written and column.type == "text":
            log.add("personal.masked", layout.source, field=key, found=f"{int((texts != written).sum())} 处")
        if column.type == "credit_code" and len(split.codes):
            texts = texts.set(layout.rows["row"].is_in(list(split.codes)), None)
        cast, numbers = cleaned_numbers(addresses, column, texts, cast_column(texts, column), without)
        cleaned.append(numbers)
        _tell(log, layout, column, texts, cast)
        rows = rows.with_columns(cast.values.alias(key))
        if cast.older is not None:
            rows = rows.with_columns(cast.older.alias(older(key)))
    if kind.kind == "enterprises":
        rows = _with_stated(rows, stated)
    presumed: tuple[Presumed, ...] = ()
    unresolved = shifted.clear()
    if kind.division is not None and kind.division.key in placed:
        rows, unresolved, presumed = _placed(rows, layout, kind.division, log, resolver)
        errors.append(unresolved)
    unclear = unresolved.filter(pl.col("reason") == IN_TWO_CITIES)["row"]
    errors += [_require(rows, layout, column, log, unclear) for column in placed.values() if column.required]
    bad = pl.concat(errors).group_by("row", maintain_order=True).agg(pl.col("reason").unique().sort())
    quarantined = bad.with_columns(pl.col("reason").list.join(";")).sort("row")
    accepted = rows.join(quarantined, on="row", how="anti", maintain_order="left")
    completed = with_shared_form(_completed(accepted, kind), layout, kind, split, log)
    return TypedSheet(one_row_each(completed, kind, split), quarantined, presumed, pl.concat(cleaned))


def empty_rows(kind: LedgerKind) -> pl.DataFrame:
    """No rows, with all columns of a kind."""
    return _no_rows(kind.kind)


# ---------------------------------------------------------------------------------------------- private


@cache
def _no_rows(name: str) -> pl.DataFrame:
    kind = ledger_kind(name)
    return pl.DataFrame(schema={"row": pl.Int64, "source": pl.Int32, **_schema(kind)})


def _schema(kind: LedgerKind) -> dict[str, type[pl.DataType]]:
    schema = {column.key: _DTYPES.get(column.type, pl.String) for column in kind.columns if column.stored}
    schema |= {older(column.key): pl.String for column in kind.columns if column.type == "credit_code"}
    if any(column.type == "division" for column in kind.columns):
        schema |= {"city_code": pl.String, "county_code": pl.String}
    if any(column.shared for column in kind.columns):
        schema |= {BY_SHARING: pl.Boolean}
    return schema


def _completed(rows: pl.DataFrame, kind: LedgerKind) -> pl.DataFrame:
    present = set(rows.columns)
    return rows.select(
        "row",
        "source",
        *(
            (pl.col(key) if key in present else pl.lit(None)).cast(dtype).alias(key)
            for key, dtype in _schema(kind).items()
        ),
    )


def _all_firm_names(
    layout: Layout, log: FindingLog, without: frozenset[str]
) -> tuple[dict[str, pl.Series], pl.DataFrame, pl.DataFrame, list[pl.DataFrame]]:
    """Names of firms by column, states beside them, rows that name several and how, what was cleaned."""
    cleaned = [no_cleaning()]
    names = {}
    stated = [pl.DataFrame(schema={"row": pl.Int64, "status": pl.String})]
    several = [pl.DataFrame(schema={"row": pl.Int64, "reason": pl.String})]
    for column in (place.column for place in layout.columns if place.column.firm):
        names[column.key], state, many, off = _firm_names(layout, column, log, without)
        cleaned.append(off)
        stated.append(state)
        several.append(many)
    return names, pl.concat(stated), pl.concat(several), cleaned


def _firm_names(
    layout: Layout, column: LedgerColumn, log: FindingLog, without: frozenset[str]
) -> tuple[pl.Series, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Names of enterprises in a column, states of operation beside them, rows that name several and how."""
    names, findings = read_firm_cells(layout.rows[column.key], each=column.each, without=without)
    located = findings.with_columns(
        row=layout.rows["row"].gather(findings["at"]), source=pl.lit(layout.source)
    )
    tell_split(layout, column, located, log)
    cleaned = cleaned_names(located, names, column.key)
    for code in located.filter(pl.col("code") != SPLIT)["code"].unique().sort():
        told = located.filter(pl.col("code") == code).select("source", "row", "found", "detail")
        log.add_rows(code, told, column.key)
    stated = located.drop_nulls("status").unique("row").select("row", "status")
    if column.key == "name":
        # By its former name a firm is asked about; the note is dropped once it is known who is who.
        noted = findings.filter(pl.col("former") != "").unique("at", maintain_order=True)
        if noted.height:
            names = names.scatter(noted["at"], names.gather(noted["at"]) + noted["former"])
    several = located.filter(pl.col("code").is_in([SEVERAL, SPLIT])).select("row", reason="code")
    _tell_no_names(layout, names, column, log)
    return names, stated, several, cleaned


def _tell_no_names(layout: Layout, names: pl.Series, column: LedgerColumn, log: FindingLog) -> None:
    """Rows of which the name is a single character: what a stray separator leaves of one."""
    signs = names.str.count_matches(r"[\p{L}\p{N}]")
    rows = layout.rows.select("row").with_columns(found=names, source=pl.lit(layout.source))
    said_blank = names.is_in(reading_words()["values"]["nothing"])  # told as a name that is lacking
    log.add_rows(NO_NAME, rows.filter(((signs == 1) & ~said_blank).fill_null(False)), column.key)


def _with_stated(rows: pl.DataFrame, stated: pl.DataFrame) -> pl.DataFrame:
    """Rows whose state of operation is not known otherwise take that which stands beside the name."""
    if stated.is_empty():
        return rows
    known = pl.col("operating") if "operating" in rows.columns else pl.lit(None, pl.String)
    joined = rows.join(stated, on="row", how="left", maintain_order="left")
    return joined.with_columns(operating=pl.coalesce(known, "status")).drop("status")


def _tell(log: FindingLog, layout: Layout, column: LedgerColumn, texts: pl.Series, cast: Cast) -> None:
    """Writes the problems of one column into the log."""
    if not cast.problems.count():
        return
    troubled = pl.DataFrame({"row": layout.rows["row"], "found": texts, "code": cast.problems}).filter(
        pl.col("code").is_not_null()
    )
    for code in sorted(set(troubled["code"].to_list())):
        rows = troubled.filter(pl.col("code") == code)
        if code in _SAID_ONCE:
            words = "、".join(sorted(set(rows["found"].to_list())))
            log.add(
                code,
                layout.source,
                field=column.key,
                found=f"{words}（{rows.height} 行）",
                detail="、".join(column.canonical_words),
            )
            continue
        located = rows.select(
            "row", "found", pl.lit(layout.source).alias("source"), _detail(code, column).alias("detail")
        )
        log.add_rows(code, located, column.key)


def _detail(code: str, column: LedgerColumn) -> pl.Expr:
    if code == "credit_code.letters":
        return pl.col("found").map_elements(_suggestion, return_dtype=pl.String)
    if code == "choice.unknown_word":
        return pl.lit("、".join(column.canonical_words))
    if code == "count.out_of_range":
        return pl.lit(f"{column.low} 至 {column.high}" + (f"（{column.band}）" if column.band else ""))
    return pl.lit("")


def _suggestion(text: str) -> str:
    better = repaired(text.strip().upper())
    return f"形近字母可能是数字，改为 {better} 后校验相符，供核对。" if better else ""


def _placed(
    rows: pl.DataFrame, layout: Layout, column: LedgerColumn, log: FindingLog, resolver: Resolver
) -> tuple[pl.DataFrame, pl.DataFrame, tuple[Presumed, ...]]:
    """The rows with division, city and county codes, the rows that cannot be used, and what was presumed."""
    places = places_of_rows(rows, layout, column.key, resolver)
    tell_presumed(log, layout, column.key, places)
    resolved = places.resolved.with_columns(rows["row"])
    unresolved = tell_places(log, layout, column.key, resolved, required=column.required)
    placed = rows.with_columns(
        resolved["code"].alias(column.key), resolved["city_code"], resolved["county_code"]
    )
    return placed, unresolved, places.presumed


def _require(
    rows: pl.DataFrame, layout: Layout, column: LedgerColumn, log: FindingLog, unclear: pl.Series
) -> pl.DataFrame:
    """The rows that lack a required value; blank cells are told here, unreadable ones have been told.

    Of the rows of which the place is `unclear`, for what tells it contradicts itself, that has been told too.
    """
    lacking = pl.DataFrame(
        {"row": rows["row"], "found": hide_people_in(layout.rows[column.key], column)}
    ).filter(rows[column.key].is_null())
    blank = lacking
    if column.type == "division":
        unknown = cast_column(lacking["found"], column).values
        blank = lacking.filter(unknown.is_null() & ~lacking["row"].is_in(unclear.implode()))
    log.add_rows(
        "row.required_missing", blank.with_columns(pl.lit(layout.source).alias("source")), column.key
    )
    return blank.select("row", pl.lit("row.required_missing").alias("reason"))
