"""Past attempts on firms alike (相似案例): the nearest in the facts, and what came of them."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import polars as pl

from coverage_engine.coverage.frames import collected
from coverage_engine.model.explained import PastCase
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.recommend.definitions import Fact, PathBook
from coverage_engine.recommend.evaluation import evaluate

_RESULTS = {
    "own": ("建成单独团组织", "founded its own"),
    "joint": ("建成联合团组织", "founded jointly"),
    "youth": ("成立青年组织", "founded a youth body"),
    "failed": ("未建成", "did not succeed"),
}
_ALIKE, _UNLIKE = 4, 2


def similar_cases(
    snapshot: Snapshot,
    enterprises: pl.DataFrame,
    threshold: int,
    book: PathBook,
    enterprise_id: int,
    *,
    most: int = 5,
    lang: str = "zh",
) -> list[PastCase] | None:
    """The ended attempts on the firms most alike, nearest first; none without a ledger of past attempts.

    Facts are those of the ledgers now. A firm's own past attempts are among them.
    """
    outcomes = snapshot["outcomes"]
    if outcomes.is_empty():
        return None
    ended = outcomes.drop_nulls(["enterprise_id", "path"]).filter(pl.col("result").is_in(list(_RESULTS)))
    if ended.is_empty():
        return []
    ids = [*ended["enterprise_id"].unique().to_list(), enterprise_id]
    found = evaluate(snapshot, enterprises, threshold, nw.col("enterprise_id").is_in(ids), book)
    facts = collected(found.frame)
    own = facts.filter(pl.col("enterprise_id") == enterprise_id)
    tried = ended.join(facts, on="enterprise_id", how="inner", maintain_order="left")
    tried = tried.sort("enterprise_id", "path", "started", nulls_last=True)
    told = [fact for fact in book.facts.values() if fact.kind in ("flag", "count", "share")]
    nearest = _nearest(_plane(tried, told), _plane(own, told), most)
    names = enterprises.select("enterprise_id", "name", "city", "county")
    rows = tried[nearest].join(names, on="enterprise_id", how="left", maintain_order="left")
    mine = own.row(0, named=True)
    return [_case(row, mine, told, lang) for row in rows.rows(named=True)]


# --- private ------------------------------------------------------------------------------------------------


def _plane(facts: pl.DataFrame, told: list[Fact]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Facts as numbers of like size: no 0, unknown ½, yes 1; shares of one; counts by their logarithm."""
    columns = []
    for fact in told:
        value = pl.col(fact.key).cast(pl.Float64)
        if fact.kind == "count":
            value = (value - min(fact.low, 0) + 1).log() / np.log(10.0)
        elif fact.kind == "share":
            value = value / 1000
        columns.append(value.fill_null(0.5).alias(fact.key))
    return facts.select(columns).to_numpy()


def _nearest(
    cases: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    own: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    most: int,
) -> list[int]:
    """Rows of the cases nearest to the firm; equally near ones in their order."""
    apart = np.linalg.norm(cases - own, axis=1)
    return [int(at) for at in np.argsort(apart, kind="stable")[:most]]


def _case(row: dict[str, object], mine: dict[str, object], told: list[Fact], lang: str) -> PastCase:
    flags = [fact for fact in told if fact.kind == "flag"]
    both = [fact for fact in flags if row[fact.key] is True and mine[fact.key] is True]
    apart = [fact for fact in flags if None not in (row[fact.key], mine[fact.key]) and fact not in both]
    unlike = [fact for fact in apart if row[fact.key] != mine[fact.key]]
    return PastCase(
        name=str(row["name"]),
        place="".join(str(part) for part in (row["city"], row["county"]) if part),
        path=int(str(row["path"])),
        started=row["started"],  # type: ignore[arg-type]
        ended=row["ended"],  # type: ignore[arg-type]
        result=_RESULTS[str(row["result"])][lang == "en"],
        alike=[fact.label.of(lang) for fact in both[:_ALIKE]],
        unlike=[fact.label.of(lang) for fact in unlike[:_UNLIKE]],
    )
