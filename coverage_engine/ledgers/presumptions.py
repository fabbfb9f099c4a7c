"""What is presumed because the ledgers do not say it, and how the planner ends the presumption."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from coverage_engine.ledgers.dating import Dated
from coverage_engine.ledgers.definitions import reading_words
from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.sheets import Layout
from coverage_engine.model.tables import SNAPSHOT_TABLES, conform, empty

_DECIDING = frozenset({"registration_text", "control"})


def presume(
    layouts: Sequence[Layout],
    enterprises: pl.DataFrame,
    dated: Dated,
    kinds: frozenset[str],
    log: FindingLog,
) -> pl.DataFrame:
    """The snapshot table `presumptions`; a presumption about a ledger is also a note.

    `kinds` are the ledger kinds of which rows were accepted.
    """
    entries: list[dict[str, object]] = []
    if dated.subject:
        entries.append({"subject": dated.subject, "source": None, "message": dated.message})
    for layout in layouts:
        if layout.kind and layout.kind.kind == "enterprises" and not (layout.missing or layout.left_out):
            present = {place.column.key for place in layout.columns}
            if not present & _DECIDING:
                log.add("presumption.non_public", layout.source)
                entries.append(_non_public(layout))
    unknown = enterprises.filter(pl.col("operating").is_null()).height
    if unknown:
        entries.append(
            {
                "subject": "operating",
                "source": None,
                "message": f"{unknown} 家企业没有填营业状态，按在营处理；补填“营业状态”即可分辨。",
            }
        )
    entries += _silence(kinds)
    table = SNAPSHOT_TABLES["presumptions"]
    return conform(pl.DataFrame(entries, infer_schema_length=None), table) if entries else empty(table)


# ---------------------------------------------------------------------------------------------- private


def _silence(kinds: frozenset[str]) -> list[dict[str, object]]:
    """Lists of which the silence counts as no, and those that are missing so that nothing is known."""
    entries: list[dict[str, object]] = []
    for kind, words in reading_words()["silence"].items():
        handed_in = kind in kinds
        message = words["complete" if handed_in else "missing"]
        subject = f"{'complete' if handed_in else 'missing'}:{kind}"
        entries.append({"subject": subject, "source": None, "message": message})
    return entries


def _non_public(layout: Layout) -> dict[str, object]:
    name = f"{layout.raw.file} 的“{layout.raw.sheet}”"
    message = f"{name}没有“登记注册类型”和“控股情况”两列，表中企业都按非公企业处理；补上其中一列即可分辨。"
    return {"subject": "non_public_by_ledger", "source": layout.source, "message": message}
