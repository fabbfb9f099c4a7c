"""What is told about the places of a sheet's rows: each presumption once, contradictions with both cells."""

from __future__ import annotations

import polars as pl

from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.tables.row_places import IN_TWO_CITIES, RowPlaces
from coverage_engine.ledgers.tables.sheets import Layout

_USED = ["division.mapped", "division.county_unknown", IN_TWO_CITIES]
"""Problems that leave a place, and the one that its contradiction has told."""


def tell_presumed(log: FindingLog, layout: Layout, field: str, places: RowPlaces) -> None:
    """Every ground on which places were presumed, and every row where two of them contradict."""
    for presumed in places.presumed:
        words = f"{presumed.rows} 行" + (f"：{presumed.words}" if presumed.words else "")
        log.add(presumed.code, layout.source, field=field, found=words)
    clashes = places.clashes.with_columns(source=pl.lit(layout.source))
    for (code,), rows in clashes.group_by("code", maintain_order=True):
        log.add_rows(str(code), rows.drop("code"), field)


def tell_places(
    log: FindingLog, layout: Layout, field: str, resolved: pl.DataFrame, *, required: bool
) -> pl.DataFrame:
    """Each place that was not clear, a renamed one once for all its rows; the rows that cannot be used."""
    problems = resolved.select(
        "row", source=pl.lit(layout.source), found="text", code="problem", detail="detail"
    ).drop_nulls("code")
    unusable = problems.filter(~pl.col("code").is_in(_USED))
    doubted = problems.filter(pl.col("code") == IN_TWO_CITIES)
    problems = problems.filter(pl.col("code") != IN_TWO_CITIES)
    if not required:
        problems = problems.with_columns(
            code=pl.when(pl.col("row").is_in(unusable["row"].implode()))
            .then(pl.lit("division.optional_unknown"))
            .otherwise("code")
        )
        unusable = unusable.clear()
    for code in sorted(set(problems["code"].to_list())):
        rows = problems.filter(pl.col("code") == code).drop("code")
        if code != "division.mapped":
            log.add_rows(code, rows, field)
            continue
        for written, detail, count in rows.group_by("found", "detail").len().sort("found").iter_rows():
            log.add(code, layout.source, field=field, found=f"{written}（{count} 行）", detail=detail)
    turned_back = pl.concat([unusable, doubted]) if required else unusable
    return turned_back.select("row", reason="code")
