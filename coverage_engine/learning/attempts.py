"""Past attempts (建团成果): who was tried on which path, and whether it came to an organisation.

An attempt counts once it has ended. Founding a League organisation of its own, a joint one or a youth
organisation is a success. An attempt on a path that the ledgers call infeasible cannot teach anything about
that path's weights and is counted apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl

from coverage_engine.frames.dialect import collected
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.recommend.definitions import MILLION, PathBook
from coverage_engine.recommend.evaluation import evaluate

Array = np.ndarray[Any, Any]
SUCCESSES = ("own", "joint", "youth")


@dataclass(frozen=True)
class Attempts:
    """建团工作: one row of `facts` per attempt (every fact of its firm), in the order of the ledger.

    `path` is its number, `success` 0 or 1; `scores` (log-odds) and `feasible` have a column for each path, by
    the expert weights. `ongoing` and `unfitting` count what was left out, an unknown path among
    the latter.
    """

    facts: pl.DataFrame
    path: Array
    success: Array
    scores: Array
    feasible: Array
    ongoing: int = 0
    unfitting: int = 0

    @property
    def count(self) -> int:
        """Attempts that have ended and can teach."""
        return len(self.path)

    @property
    def offset(self) -> Array:
        """Expert log-odds of the path that was tried."""
        return np.asarray(self.scores[np.arange(self.count), self.path - 1])

    def some(self, rows: Array) -> Attempts:
        """The attempts of some rows (a mask or positions)."""
        picked = np.flatnonzero(rows) if rows.dtype == bool else rows
        return Attempts(
            self.facts[picked], self.path[picked], self.success[picked], self.scores[picked],
            self.feasible[picked],
        )  # fmt: skip


def past_attempts(snapshot: Snapshot, enterprises: pl.DataFrame, threshold: int, book: PathBook) -> Attempts:
    """The ended attempts of the 建团成果台账 with the facts of their firms as the ledgers now tell them."""
    outcomes = snapshot["outcomes"].drop_nulls(["enterprise_id", "path", "result"])
    closed = outcomes.filter(pl.col("result") != "ongoing")
    ended = closed.filter(pl.col("path").is_in([each.number for each in book.paths]))
    ids = ended["enterprise_id"].unique().to_list()
    evaluation = evaluate(snapshot, enterprises, threshold, nw.col("enterprise_id").is_in(ids), book)
    frame = collected(evaluation.frame)
    joined = ended.select("enterprise_id", "path", "result").join(
        frame, on="enterprise_id", how="inner", maintain_order="left"
    )
    attempts = of_frame(joined, joined["path"].to_numpy(), joined["result"].is_in(SUCCESSES).to_numpy(), book)
    fitting = attempts.feasible[np.arange(attempts.count), attempts.path - 1]
    fitted = attempts.some(fitting)
    return Attempts(
        fitted.facts, fitted.path, fitted.success, fitted.scores, fitted.feasible,
        ongoing=outcomes.height - closed.height,
        unfitting=int((~fitting).sum()) + closed.height - ended.height,
    )  # fmt: skip


def of_frame(frame: pl.DataFrame, path: Array, success: Array, book: PathBook) -> Attempts:
    """Attempts on the firms of an evaluated frame, one a row."""
    numbers = [each.number for each in book.paths]
    scores = frame.select(f"score_{number}" for number in numbers).to_numpy() / MILLION
    feasible = frame.select(pl.col(f"feasible_{number}").fill_null(False) for number in numbers).to_numpy()
    return Attempts(frame, path.astype(np.int64), success.astype(np.float64), scores, feasible.astype(bool))
