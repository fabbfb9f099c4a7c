"""Decisions: what a person answered about doubtful pairs, replayed whenever ledgers are read again.

Both sides are named by what stays the same from one import to the next: for an enterprise its credit code,
else its plain name and place; for a League organisation its plain full name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

_SCHEMA = {"left": pl.String, "right": pl.String, "same": pl.Boolean}


@dataclass(frozen=True)
class Decision:
    """One answer: `left` and `right` are the same enterprise (`same`), or are not."""

    left: str
    right: str
    same: bool

    def as_record(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)


def decided(decisions: Sequence[Decision]) -> pl.DataFrame:
    """The answers: `answer` (their order), `left`, `right`, `same`; the last about a pair counts."""
    rows = [(each.left, each.right, each.same) for each in decisions]
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    return frame.unique(["left", "right"], keep="last", maintain_order=True).with_row_index("answer")
