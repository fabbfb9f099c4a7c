"""Findings: what is wrong or missing in a ledger, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import polars as pl

from coverage_engine.model.tables import FINDINGS_TABLE, conform, empty
from coverage_engine.model.vocabulary import Severity

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Finding:
    """核查问题: one thing wrong or missing, with its address and remedy."""

    code: str
    severity: Severity
    file: str
    sheet: str
    cell: str
    found: str
    wanted: str
    remedy: str
    ledger: str | None = None
    row: int | None = None


@dataclass(frozen=True)
class Findings:
    """All findings of one reading, as a table (columns: `FINDINGS_TABLE`)."""

    table: pl.DataFrame

    def __len__(self) -> int:
        return self.table.height

    def of(self, severity: Severity) -> pl.DataFrame:
        """The findings of one severity."""
        return self.table.filter(pl.col("severity") == severity.value)

    def to_pandas(self) -> pd.DataFrame:
        """The same table for pandas."""
        return self.table.to_pandas()


def findings_table(findings: Sequence[Finding]) -> pl.DataFrame:
    """Single findings as a table in the described columns."""
    if not findings:
        return empty(FINDINGS_TABLE)
    return conform(
        pl.DataFrame([asdict(finding) for finding in findings], infer_schema_length=None), FINDINGS_TABLE
    )
