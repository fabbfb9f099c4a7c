"""Attempts of the 建团成果台账 on a number that no path has, as findings: nothing can be learnt of them.

The ledger is read before the paths are known, a province's own among them; so its numbers are judged here.
"""

from __future__ import annotations

import polars as pl

from coverage_engine.model.findings import Finding, findings_table
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.vocabulary import Severity
from coverage_engine.recommend.definitions import PathBook


def unknown_paths(snapshot: Snapshot, book: PathBook) -> pl.DataFrame:
    """A warning for every attempt on an unknown path (columns: `FINDINGS_TABLE`)."""
    numbers = [path.number for path in book.paths]
    rows = snapshot["outcomes"].filter(~pl.col("path").is_in(numbers))
    if rows.is_empty():
        return findings_table([])
    letters = snapshot["source_columns"].filter(pl.col("field") == "path").select("source", "letter")
    files = snapshot["sources"].select("source", "file", "sheet")
    placed = rows.select("source", "row", "path").join(files, on="source", how="left", maintain_order="left")
    placed = placed.join(letters, on="source", how="left", maintain_order="left").sort("source", "row")
    return findings_table(
        [
            Finding(
                code="outcomes.unknown_path",
                severity=Severity.WARNING,
                file=row["file"] or "",
                sheet=row["sheet"] or "",
                cell=f"{row['letter'] or ''}{row['row']}",
                found=str(row["path"]),
                wanted=f"路径编号 1 至 {max(numbers)}",
                remedy="请改正编号；是本省自定的路径的，用 --paths 给出它的文件夹后重跑。",
                ledger="outcomes",
                row=row["row"],
            )
            for row in placed.iter_rows(named=True)
        ]
    )
