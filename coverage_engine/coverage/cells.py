"""The ledger cell behind a fact of one enterprise: sheet, cell, header and what stands there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.vocabulary import (
    Answer,
    Control,
    EstablishedForm,
    LeagueOrganisationKind,
    Operating,
    label,
    labels,
)


@dataclass(frozen=True)
class Cell:
    """单元格: `address` is like 企业台账!D1042 (with the file in brackets where two sheets share a name)."""

    ledger: str
    address: str
    header: str
    value: str


_RELATIONS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "in_society": (("society_members", "enterprise_name"),),
    "takes_part": (("society_members", "appraisal"),),
    "has_joint": (("joint_coverage", "enterprise_name"),),
}
"""Facts that rows of a relation tell, with the column that shows it."""

_LABELS = {
    **labels(Control),
    **labels(EstablishedForm),
    **labels(LeagueOrganisationKind),
    **labels(Operating),
    "none": "无",
}

_MATCHED = {
    "has_own": ("enterprise",),
    "satisfied": ("enterprise",),
    "has_joint": ("joint",),
    "in_system": ("enterprise", "joint"),
}
"""Facts that an organisation found in 智慧团建 tells, by the kind of match."""


def cells_of(snapshot: Snapshot, enterprise_id: int, fact: str, columns: tuple[str, ...]) -> tuple[Cell, ...]:
    """The cells that tell a fact of an enterprise, those of its own row first; blank cells included."""
    own = [_field_cell(snapshot, enterprise_id, column) for column in columns]
    rows = snapshot["enterprises"].filter(pl.col("enterprise_id") == enterprise_id)
    cells = [cell for cell in own if cell is not None] if rows.height else []
    for table, column in _RELATIONS.get(fact, ()):
        linked = snapshot[table].filter(pl.col("enterprise_id") == enterprise_id)
        cells += _row_cells(snapshot, linked, column)
    if fact in _MATCHED:
        cells += _row_cells(snapshot, _matches(snapshot, enterprise_id, _MATCHED[fact]), "full_name")
    return tuple(dict.fromkeys(cells))


def with_addresses(snapshot: Snapshot, rows: pl.DataFrame, field: str) -> pl.DataFrame:
    """Rows of ledgers with the cell of one field as `address`, such as 企业台账!A12."""
    named = snapshot["source_columns"].filter(pl.col("field") == field).select("source", "letter")
    sheets = snapshot["sources"].select("source", "file", "sheet").join(named, on="source")
    twins = pl.len().over("sheet") > 1
    prefix = pl.when(twins).then(pl.format("[{}]{}", "file", "sheet")).otherwise(pl.col("sheet"))
    joined = rows.join(
        sheets.select("source", "letter", prefix=prefix), on="source", how="left", maintain_order="left"
    )
    return joined.with_columns(address=pl.format("{}!{}{}", "prefix", "letter", "row")).drop(
        "letter", "prefix"
    )


def cell_at(
    snapshot: Snapshot, source: int | None, row: int | None, field: str, value: object
) -> Cell | None:
    """The cell of one field of one ledger row; None where the ledger has no such column."""
    if source is None or row is None:
        return None
    sources = snapshot["sources"]
    sheet = sources.filter(pl.col("source") == source)
    column = snapshot["source_columns"].filter((pl.col("source") == source) & (pl.col("field") == field))
    if sheet.is_empty() or column.is_empty():
        return None
    name, file = sheet["sheet"].item(), sheet["file"].item()
    twins = sources.filter(pl.col("sheet") == name).height > 1
    prefix = f"[{file}]{name}" if twins else name
    letter, header = column.row(0, named=True)["letter"], column.row(0, named=True)["header"]
    return Cell(sheet["kind"].item() or "", f"{prefix}!{letter}{row}", header, _words(value))


# ---------------------------------------------------------------------------------------------- private


def _words(value: object) -> str:
    if isinstance(value, bool):
        return label(Answer.YES if value else Answer.NO)
    return "" if value is None else _LABELS.get(str(value), str(value))


def _field_cell(snapshot: Snapshot, enterprise_id: int, field: str) -> Cell | None:
    firm = snapshot["enterprises"].filter(pl.col("enterprise_id") == enterprise_id).row(0, named=True)
    decided = snapshot["fact_sources"].filter(
        (pl.col("enterprise_id") == enterprise_id) & (pl.col("field") == field)
    )
    if decided.height:
        other = decided.row(0, named=True)
        return cell_at(snapshot, other["source"], other["row"], other["ledger_field"], firm[field])
    return cell_at(snapshot, firm["source"], firm["row"], field, firm[field])


def _row_cells(snapshot: Snapshot, rows: pl.DataFrame, column: str) -> list[Cell]:
    cells = []
    for row in rows.sort("source", "row").iter_rows(named=True):
        cell = cell_at(snapshot, row["source"], row["row"], column, row.get(column))
        if cell is not None:
            cells.append(cell)
    return cells


def _matches(snapshot: Snapshot, enterprise_id: int, kinds: tuple[str, ...]) -> pl.DataFrame:
    matched = snapshot["league_matches"].filter(pl.col("enterprise_id") == enterprise_id)
    of_kind = snapshot["league_organisations"].filter(pl.col("match").is_in(kinds))
    return of_kind.join(matched.select("league_organisation_id"), on="league_organisation_id", how="semi")
