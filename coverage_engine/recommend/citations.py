"""Where a reason comes from: the ledger and cell of the fact that decided it, e.g. 企业台账!D1042.

A cell is ledger sheet, column letter and row. Sheets and letters are few: they are named once for every sheet
and field, and the rows carry only two numbers, the address of the ledger row and the number of the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import narwhals as nw
import polars as pl

from coverage_engine.frames.dialect import Frames, Lazy, small, worded
from coverage_engine.frames.joins import address, row_of, source_of
from coverage_engine.frames.lookups import looked_up
from coverage_engine.recommend.definitions import Fact, PathBook

# Whose row decides, and the column with that firm's id: another ledger may have decided its facts.
_FIRMS = {
    "enterprise": "enterprise_id",
    "headquarters_enterprise": "id_headquarters_enterprise",
    "leader_enterprise": "id_leader_enterprise",
    "neighbour": "id_neighbour",
    "partner": "id_partner",
}
# Room for the number of a field beside the number of a sheet.
_FIELDS = 4096


@dataclass(frozen=True)
class Cells:
    """出处: the names of all cells that facts are cited with.

    `places` has the beginning of a cell for each sheet and field (`code`), `kinds` the kind of ledger of each
    sheet, `numbers` the number of each field. `decided` are the fields of a firm, of those that facts are
    about, which another ledger than the firm's own row decided for somebody.
    """

    places: Mapping[int, str]
    kinds: Mapping[int, str]
    numbers: Mapping[str, int]
    decided: tuple[tuple[str, str], ...]


def cells_of(tables: Frames, book: PathBook) -> Cells:
    """The names of the cells of these ledgers."""
    sheets = _sheets(small(tables["sources"].select("source", "file", "sheet", "kind")))
    letters = small(tables["source_columns"].select("source", "field", "letter"))
    fact_fields = small(tables["fact_sources"].select("field", "ledger_field").unique())
    about = sorted({fact.field for fact in book.facts.values()})
    numbers = {
        field: at for at, field in enumerate(dict.fromkeys([*about, *fact_fields["ledger_field"].sort()]))
    }
    fields = pl.DataFrame({"field": list(numbers), "number": list(numbers.values())})
    named = (
        sheets.join(fields, how="cross")
        .join(letters.unique(["source", "field"]), on=["source", "field"], how="left")
        .select(
            (pl.col("source").cast(pl.Int64) * _FIELDS + pl.col("number")).alias("code"),
            pl.col("prefix") + pl.col("letter").fill_null(""),
        )
        .drop_nulls()
    )
    firms = {(fact.entity, fact.field) for fact in book.facts.values() if fact.entity in _FIRMS}
    elsewhere = set(fact_fields["field"])
    return Cells(
        dict(named.iter_rows()),
        dict(sheets.select("source", "kind").drop_nulls().iter_rows()),
        numbers,
        tuple(sorted(pair for pair in firms if pair[1] in elsewhere)),
    )


def with_deciding_cells(frame: Lazy, tables: Frames, cells: Cells) -> Lazy:
    """Adds for every field of `cells.decided` the address and field of the cell that decided it.

    The columns are `at_…` and `field_…` with entity and field; null where the firm's own row did.
    """
    for entity, field in cells.decided:
        name = f"{entity}_{field}"
        of_field = tables["fact_sources"].filter(nw.col("field") == field)
        numbered = nw.col("ledger_field").replace_strict(
            dict(cells.numbers), default=None, return_dtype=nw.Int64
        )
        deciding = of_field.select(
            nw.col("enterprise_id").alias("told_firm"),
            address().alias(f"at_{name}"),
            numbered.alias(f"field_{name}"),
        )
        frame = looked_up(frame, deciding.unique("told_firm", keep="any"), _FIRMS[entity], "told_firm")
    return frame


def citation_columns(fact: Fact, cells: Cells) -> tuple[nw.Expr, ...]:
    """The columns that `with_cells` needs to find the cell of a fact: `at`, `field`, `ledger`."""
    at, field = nw.col(f"at_{fact.entity}").cast(nw.Int64), nw.lit(cells.numbers[fact.field]).cast(nw.Int64)
    if (fact.entity, fact.field) in cells.decided:
        name = f"{fact.entity}_{fact.field}"
        at, field = nw.coalesce(nw.col(f"at_{name}"), at), nw.coalesce(nw.col(f"field_{name}"), field)
    return at.alias("at"), field.alias("field"), nw.lit(fact.ledger).alias("ledger")


def with_cells(rows: Lazy, cells: Cells) -> Lazy:
    """Adds `cell` and the true kind of `ledger`; null cell where no ledger row decided."""
    at = nw.when(nw.col("at") > 0).then(nw.col("at"))
    placed = rows.with_columns(
        source_of(at).cast(nw.Int64).alias("cited_source"), row_of(at).alias("cited_row")
    )
    coded = placed.with_columns((nw.col("cited_source") * _FIELDS + nw.col("field")).alias("code"))
    named = worded(worded(coded, "code", cells.places, "prefix"), "cited_source", cells.kinds, "kind")
    return named.with_columns(
        nw.concat_str([nw.col("prefix"), nw.col("cited_row").cast(nw.String)], separator="").alias("cell"),
        nw.coalesce(nw.col("kind"), nw.col("ledger")).alias("ledger"),
    )


def _sheets(sources: pl.DataFrame) -> pl.DataFrame:
    """Source with `prefix` (sheet, with its file where two files have a sheet of that name) and kind."""
    alone = pl.col("sheet") + "!"
    twins = pl.len().over("sheet") > 1
    prefix = pl.when(twins).then(pl.format("[{}]", "file") + alone).otherwise(alone)
    return sources.select("source", prefix.alias("prefix"), "kind")
