"""Rows of a sheet as typed values: what is wrong is told, unusable rows are quarantined."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import polars as pl

from coverage_engine.divisions.resolver import Resolver
from coverage_engine.ledgers.credit_codes import repaired
from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.kinds import LedgerColumn, LedgerKind, ledger_kind
from coverage_engine.ledgers.personal_data import hide_people_in
from coverage_engine.ledgers.tables.firm_cell import SEVERAL, SPLIT
from coverage_engine.ledgers.tables.firm_cells import read_firm_cells
from coverage_engine.ledgers.tables.older_numbers import older
from coverage_engine.ledgers.tables.places import (
    accept_province,
    presume_from_address,
    refine_by_address,
    resolve_texts,
)
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

_SAID_ONCE = {"choice.interpreted"}
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
    """Accepted rows (`source`, `row`, one typed column for each key) and quarantined row numbers."""

    accepted: pl.DataFrame
    quarantined: pl.DataFrame


def type_rows(layout: Layout, kind: LedgerKind, log: FindingLog, resolver: Resolver) -> TypedSheet:
    """The data rows of one sheet; `quarantined` has `row` and `reason` (codes of the errors)."""
    if layout.missing:
        reason = pl.lit("column.missing").alias("reason")
        return TypedSheet(empty_rows(kind), layout.rows.select("row", reason))
    placed = {place.column.key: place.column for place in layout.columns}
    shifted = layout.shifted.select("row", reason=pl.lit(SHIFTED))
    if len(shifted):
        layout = replace(layout, rows=layout.rows.join(shifted, on="row", how="anti", maintain_order="left"))
    rows = layout.rows.select("row", pl.lit(layout.source, dtype=pl.Int32).alias("source"))
    errors = [shifted]
    names, stated, several = _all_firm_names(layout, log)
    errors.append(several.filter(pl.col("reason") == SEVERAL))
    split = cells_of_several(layout, several.filter(pl.col("reason") == SPLIT)["row"])
    for key, column in placed.items():
        written = names.get(key, layout.rows[key])
        texts = hide_people_in(written, column)
        if texts is not written and column.type == "text":
            log.add("personal.masked", layout.source, field=key, found=f"{int((texts != written).sum())} 处")
        if column.type == "credit_code" and len(split.codes):
            texts = texts.set(layout.rows["row"].is_in(list(split.codes)), None)
        cast = cast_column(texts, column)
        _tell(log, layout, column, texts, cast)
        rows = rows.with_columns(cast.values.alias(key))
        if cast.older is not None:
            rows = rows.with_columns(cast.older.alias(older(key)))
    if kind.kind == "enterprises":
        rows = _with_stated(rows, stated)
    for column in placed.values():
        if column.type == "division":
            rows, unresolved = _place(rows, layout, column, log, resolver)
            errors.append(unresolved)
    errors += [_require(rows, layout, column, log) for column in placed.values() if column.required]
    bad = pl.concat(errors).group_by("row", maintain_order=True).agg(pl.col("reason").unique().sort())
    quarantined = bad.with_columns(pl.col("reason").list.join(";")).sort("row")
    accepted = rows.join(quarantined, on="row", how="anti", maintain_order="left")
    completed = with_shared_form(_completed(accepted, kind), layout, kind, split, log)
    return TypedSheet(one_row_each(completed, kind, split), quarantined)


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
    layout: Layout, log: FindingLog
) -> tuple[dict[str, pl.Series], pl.DataFrame, pl.DataFrame]:
    """Names of enterprises by column, states of operation beside them, rows that name several and how."""
    names = {}
    stated = [pl.DataFrame(schema={"row": pl.Int64, "status": pl.String})]
    several = [pl.DataFrame(schema={"row": pl.Int64, "reason": pl.String})]
    for column in (place.column for place in layout.columns if place.column.firm):
        names[column.key], state, many = _firm_names(layout, column, log)
        stated.append(state)
        several.append(many)
    return names, pl.concat(stated), pl.concat(several)


def _firm_names(
    layout: Layout, column: LedgerColumn, log: FindingLog
) -> tuple[pl.Series, pl.DataFrame, pl.DataFrame]:
    """Names of enterprises in a column, states of operation beside them, rows that name several and how."""
    names, findings = read_firm_cells(layout.rows[column.key], each=column.each)
    located = findings.with_columns(
        row=layout.rows["row"].gather(findings["at"]), source=pl.lit(layout.source)
    )
    tell_split(layout, column, located, log)
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
    return names, stated, several


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


def _place(
    rows: pl.DataFrame,
    layout: Layout,
    column: LedgerColumn,
    log: FindingLog,
    resolver: Resolver,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows with division, city and county codes; and the rows whose division cannot be used."""
    resolved = resolve_texts(rows[column.key], resolver)
    if layout.kind and layout.kind.kind != "enterprises":
        resolved = accept_province(resolved)
    if "address" in rows.columns:
        resolved = presume_from_address(resolved, rows["address"], resolver)
        presumed = int(resolved["presumed"].sum())
        if presumed:
            log.add("division.from_address", layout.source, field=column.key, found=f"{presumed} 行")
        resolved = refine_by_address(resolved.drop("presumed"), rows["address"], resolver)
    problems = resolved.select(
        pl.lit(layout.source).alias("source"), rows["row"], found="text", code="problem", detail="detail"
    ).filter(pl.col("code").is_not_null())
    unusable = problems.filter(~pl.col("code").is_in(["division.mapped", "division.county_unknown"]))
    if not column.required:
        problems = problems.with_columns(
            code=pl.when(pl.col("row").is_in(unusable["row"].implode()))
            .then(pl.lit("division.optional_unknown"))
            .otherwise("code")
        )
        unusable = unusable.clear()
    _tell_places(log, layout, column, problems)
    placed = rows.with_columns(
        resolved["code"].alias(column.key), resolved["city_code"], resolved["county_code"]
    )
    return placed, unusable.select("row", reason="code")


def _tell_places(log: FindingLog, layout: Layout, column: LedgerColumn, problems: pl.DataFrame) -> None:
    """Each place that was not clear; a renamed place is told once for all its rows."""
    for code in sorted(set(problems["code"].to_list())):
        rows = problems.filter(pl.col("code") == code).drop("code")
        if code != "division.mapped":
            log.add_rows(code, rows, column.key)
            continue
        for written, detail, count in rows.group_by("found", "detail").len().sort("found").iter_rows():
            log.add(code, layout.source, field=column.key, found=f"{written}（{count} 行）", detail=detail)


def _require(rows: pl.DataFrame, layout: Layout, column: LedgerColumn, log: FindingLog) -> pl.DataFrame:
    """The rows that lack a required value; blank cells are told here, unreadable ones have been told."""
    lacking = pl.DataFrame(
        {"row": rows["row"], "found": hide_people_in(layout.rows[column.key], column)}
    ).filter(rows[column.key].is_null())
    blank = lacking
    if column.type == "division":
        unknown = cast_column(lacking["found"], column).values
        blank = lacking.filter(unknown.is_null())
    log.add_rows(
        "row.required_missing", blank.with_columns(pl.lit(layout.source).alias("source")), column.key
    )
    return blank.select("row", pl.lit("row.required_missing").alias("reason"))
