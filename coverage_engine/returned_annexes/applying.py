"""What counties changed, written into the snapshot with its cell; and the texts kept for printing."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from coverage_engine.model.snapshot import Snapshot, build_snapshot
from coverage_engine.returned_annexes.comparing import AnnexReturn


def apply_changes(snapshot: Snapshot, returned: Sequence[AnnexReturn]) -> Snapshot:
    """The snapshot with the changes of returned annexes, later files over earlier ones.

    Without a change it is the same snapshot. Each changed fact of an enterprise names its cell in the annex.
    """
    changing = [annex for annex in returned if annex.changes.height]
    if not changing:
        return snapshot
    tables = dict(snapshot.tables)
    for annex in changing:
        source = tables["sources"].height
        tables[annex.rules.table] = _written(tables[annex.rules.table], annex)
        tables["sources"] = _noted(tables["sources"], annex, source)
        tables["source_columns"] = pl.concat([tables["source_columns"], _columns(annex, source)])
        if annex.rules.table == "enterprises":
            tables["fact_sources"] = _sourced(tables["fact_sources"], annex, source)
    return build_snapshot(snapshot.as_of, tables, snapshot.kinds)


def accepted_texts(returned: Sequence[AnnexReturn]) -> dict[str, pl.DataFrame]:
    """Hand-filled texts by annex, to print them again: what `write_annexes` takes as `planner_texts`."""
    texts: dict[str, pl.DataFrame] = {}
    for annex in returned:
        if annex.planner_texts.is_empty():
            continue
        parts = (
            [texts[annex.sheet.annex], annex.planner_texts]
            if annex.sheet.annex in texts
            else [annex.planner_texts]
        )
        ids = [name for name in annex.planner_texts.columns if name not in annex.rules.kept]
        texts[annex.sheet.annex] = pl.concat(parts).unique(ids, keep="last", maintain_order=True)
    return texts


# ---------------------------------------------------------------------------------------------- private


def _written(table: pl.DataFrame, annex: AnnexReturn) -> pl.DataFrame:
    for (field,), changes in annex.changes.partition_by("field", as_dict=True, maintain_order=True).items():
        name, kind = str(field), table.schema[str(field)]
        text = pl.col("after")
        value = (
            pl.when(text == "true").then(True).when(text == "false").then(False)
            if kind == pl.Boolean
            else text.cast(kind)
        )
        after = changes.select(
            pl.col("id").cast(table.schema[annex.rules.id]).alias(annex.rules.id),
            value.alias("after"),
            changed=pl.lit(True),
        )
        joined = table.join(after, on=annex.rules.id, how="left", maintain_order="left")
        table = joined.with_columns(
            pl.when(pl.col("changed").fill_null(False)).then("after").otherwise(name).alias(name)
        ).drop("after", "changed")
    return table


def _noted(sources: pl.DataFrame, annex: AnnexReturn, source: int) -> pl.DataFrame:
    read = annex.sheet.rows.height
    entry = {
        "source": source,
        "file": annex.sheet.file,
        "sha256": annex.sheet.sha256,
        "sheet": annex.sheet.sheet,
        "kind": annex.sheet.annex,
        "header_row": annex.sheet.header_row,
        "rows_read": read,
        "accepted": annex.rows.height,
        "quarantined": read - annex.rows.height,
        "recognised": 0,
    }
    return pl.concat([sources, pl.DataFrame([entry], schema=sources.schema)])


def _columns(annex: AnnexReturn, source: int) -> pl.DataFrame:
    fields = dict(annex.changes.select("field", "column").iter_rows())
    return pl.DataFrame(
        {
            "source": [source] * len(fields),
            "field": list(fields),
            "letter": [annex.sheet.letters[column] for column in fields.values()],
            "header": [annex.sheet.headers[column] for column in fields.values()],
        },
        schema={"source": pl.Int32, "field": pl.String, "letter": pl.String, "header": pl.String},
    )


def _sourced(known: pl.DataFrame, annex: AnnexReturn, source: int) -> pl.DataFrame:
    new = annex.changes.select(
        pl.col("id").cast(known.schema["enterprise_id"]).alias("enterprise_id"),
        "field",
        pl.col("field").alias("ledger_field"),
        pl.lit(source).cast(known.schema["source"]).alias("source"),
        pl.col("row").cast(known.schema["row"]),
    ).select(known.columns)
    left = known.join(new, on=["enterprise_id", "field"], how="anti", maintain_order="left")
    return pl.concat([left, new])
