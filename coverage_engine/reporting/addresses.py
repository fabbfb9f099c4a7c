"""Ledger cells of facts: for each row of a table the file, sheet, cell and heading that tell a field.

A fact of another table that belongs to the row is named with its table in front: `societies.name`.
"""

from __future__ import annotations

import polars as pl

from coverage_engine.model.plan import Plan
from coverage_engine.reporting.facts import best_path

ADDRESS = ("field", "file", "sheet", "at", "header")
"""What every frame of addresses has beside the ids of its rows."""

_CELL = r"^(.*)!([A-Z]+)(\d+)$"


def addresses(plan: Plan, table: str, field: str) -> pl.DataFrame:
    """Addresses of one field for the rows of a table, by `enterprise_id`, `park_id` or what it hangs on.

    `table` is that of the annex rows; `field` may name another table that is linked to it.
    """
    other, _, name = field.rpartition(".")
    if field == "reasons":
        return _of_reasons(plan)
    if other in ("", table):
        return _of_enterprises(plan, name) if table == "enterprises" else _own(plan, table, name)
    linked = _own(plan, other, name).with_columns(field=pl.lit(field))
    if other == "league_organisations":
        links = _committees(plan) if table == "parks" else _organisations(plan)
        return linked.join(links, on="league_organisation_id").select(links.columns[0], *ADDRESS).unique()
    return linked


# ---------------------------------------------------------------------------------------------- private

_KEYS = {
    "enterprises": ("enterprise_id",),
    "parks": ("park_id",),
    "league_organisations": ("league_organisation_id",),
    "joint_coverage": ("enterprise_id",),
    "societies": ("society_id",),
    "society_members": ("society_id", "enterprise_id"),
    "schools": ("source", "row"),
    "number_segments": ("source", "row"),
}


def _own(plan: Plan, table: str, field: str) -> pl.DataFrame:
    """The field's column in the sheet where each row of the table stands."""
    keys = _KEYS[table]
    rows = plan.snapshot[table].select({*keys, "source", "row"})
    columns = plan.snapshot["source_columns"].filter(pl.col("field") == field)
    return _placed(plan, rows.join(columns, on="source", how="inner")).select(*keys, *ADDRESS)


def _of_enterprises(plan: Plan, field: str) -> pl.DataFrame:
    """The same, but for what another ledger decided: there the cell of that ledger."""
    own = _own(plan, "enterprises", field)
    decided = plan.snapshot["fact_sources"].filter(pl.col("field") == field)
    columns = plan.snapshot["source_columns"].rename({"field": "ledger_field"})
    other = _placed(plan, decided.join(columns, on=["source", "ledger_field"], how="inner"))
    own = own.join(decided, on="enterprise_id", how="anti")
    return pl.concat([own, other.select("enterprise_id", *ADDRESS)])


def _of_reasons(plan: Plan) -> pl.DataFrame:
    """The cells behind the reasons of each target's best path."""
    best = best_path(plan).select("enterprise_id", "path")
    best_reasons = plan["reasons"].join(best, on=["enterprise_id", "path"], how="semi")
    cell = pl.col("cell").str
    named = best_reasons.select(
        "enterprise_id",
        kind="ledger",
        field=pl.lit("reasons"),
        sheet=cell.extract(_CELL, 1),
        letter=cell.extract(_CELL, 2),
        row=cell.extract(_CELL, 3),
    ).drop_nulls("row")
    sources = plan.snapshot["sources"].select("source", "file", "sheet", "kind")
    headings = plan.snapshot["source_columns"].select("source", "letter", "header").unique()
    cells = named.join(sources, on=["sheet", "kind"], how="inner")
    cells = cells.join(headings, on=["source", "letter"], how="left").unique()
    at = pl.col("letter") + pl.col("row")
    return cells.select(
        "enterprise_id", "field", "file", "sheet", at.alias("at"), pl.col("header").fill_null("")
    )


def _organisations(plan: Plan) -> pl.DataFrame:
    """Which League organisations cover which enterprise, alone or jointly."""
    link = ("enterprise_id", "league_organisation_id")
    matches, joint = (plan.snapshot[name].select(link) for name in ("league_matches", "joint_coverage"))
    return pl.concat([matches, joint]).drop_nulls().unique()


def _committees(plan: Plan) -> pl.DataFrame:
    """Which League organisations bear the name of a park."""
    parks = plan.snapshot["parks"].select("park_id", unwrapped="name")
    organisations = plan.snapshot["league_organisations"].select("league_organisation_id", "unwrapped")
    return parks.join(organisations, on="unwrapped").select("park_id", "league_organisation_id")


def _placed(plan: Plan, cells: pl.DataFrame) -> pl.DataFrame:
    sources = plan.snapshot["sources"].select("source", "file", "sheet")
    at = pl.col("letter") + pl.col("row").cast(pl.String)
    return cells.join(sources, on="source", how="left").with_columns(at=at)
