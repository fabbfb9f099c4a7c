"""Prints findings and the accounting of rows: the ten kinds that matter most, and where the rest are."""

from __future__ import annotations

from pathlib import Path

import click
import polars as pl

from coverage_engine.cli.speech import say
from coverage_engine.model.findings import Findings
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.vocabulary import Severity, label

_SHOWN = 10
_GROUNDS = ("same_code", "same_name", "same_by_answer")
_MAPPABLE = [
    "sheet.unknown_kind", "sheet.ambiguous_kind", "column.missing", "column.doubtful", "choice.unknown_word",
    "flag.unknown_word",
]  # fmt: skip
"""Findings that a mapping workbook can end."""
_ORDER = [severity.value for severity in Severity]


def print_rows(snapshot: Snapshot, lang: str) -> None:
    """One line per sheet: rows read = accepted + quarantined + recognised."""
    for row in snapshot["sources"].iter_rows(named=True):
        click.echo(say("rows", lang, **row))


def print_identity(snapshot: Snapshot, findings: Findings, lang: str) -> None:
    """How many rows of the 企业台账 were joined and on what ground, and how many pairs wait to be asked."""
    joined = {
        ground: findings.table.filter(pl.col("code") == f"identity.{ground}").height for ground in _GROUNDS
    }
    doubtful = snapshot["doubtful_pairs"]
    words = {**joined, "joined": sum(joined.values()), "enterprises": snapshot["enterprises"].height}
    click.echo(say("identity", lang, **words))
    if doubtful.height:
        among = doubtful.filter(pl.col("ledger") == "enterprises").height
        click.echo(
            say("identity_asked", lang, asked=doubtful.height, among=among, others=doubtful.height - among)
        )


def print_findings(findings: Findings, file: Path | None, lang: str) -> None:
    """Counts by severity, the kinds to mend with one example each, and where the rest are."""
    if not len(findings):
        click.echo(say("clean", lang))
        return
    counts = {severity.value: findings.of(severity).height for severity in Severity}
    click.echo(say("findings", lang, **counts))
    mendable = findings.table.filter(pl.col("severity") != Severity.NOTE.value)
    worst = _kinds(mendable).head(_SHOWN)
    if worst.height:
        click.echo(say("worst", lang, count=worst.height))
    for row in worst.iter_rows(named=True):
        address = f"{row['sheet']}!{row['cell']}" if row["cell"] else row["sheet"]
        severity = label(Severity(row["severity"]), lang)
        wanted = say("wanted", lang, wanted=row["wanted"]) if row["wanted"] else ""
        cell_text = row["found"] or say("blank", lang)
        words = {**row, "severity": severity, "address": address, "found": cell_text, "wanted": wanted}
        click.echo(say("finding", lang, **words))
    click.echo(say("rest", lang, file=file) if file is not None else say("rest_hint", lang))
    if findings.table["code"].is_in(_MAPPABLE).any():
        click.echo(say("mappable", lang))


def unusable_ledgers(findings: Findings) -> bool:
    """Whether a whole sheet could not be used (an error that concerns no single row)."""
    return findings.of(Severity.ERROR).filter(pl.col("row").is_null()).height > 0


def _kinds(table: pl.DataFrame) -> pl.DataFrame:
    """One example of each kind of finding, worst and most frequent first."""
    order = pl.col("severity").replace_strict(
        {word: rank for rank, word in enumerate(_ORDER)}, return_dtype=pl.Int8
    )
    return (
        table.with_columns(order.alias("order"))
        .group_by("code", "severity", maintain_order=True)
        .agg(pl.len().alias("times"), pl.all().exclude("code", "severity").first())
        .sort("order", "times", "code", descending=[False, True, False])
    )
