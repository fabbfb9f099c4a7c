"""Invented firms with attempts drawn from a stated truth: shifts of the expert weights that are known."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import pytest

from coverage_engine.learning.attempts import Attempts, of_frame
from coverage_engine.learning.scores import scores_under
from coverage_engine.recommend import load_paths

NUMBERS = [path.number for path in load_paths().paths]
COUNTIES = ["410102", "410105", "410302"]


def facts(count, seed):
    """Every registered fact drawn at random, one in ten unknown; all paths feasible for every third firm."""
    rng = np.random.default_rng(seed)
    book = load_paths()
    columns = {"enterprise_id": np.arange(count)}
    for fact in book.facts.values():
        if fact.kind == "flag":
            drawn = pl.Series(rng.random(count) < 0.5)
        else:
            high = {"share": 1000}.get(fact.kind, 30)
            drawn = pl.Series(rng.integers(fact.low, high, count), dtype=pl.Int64)
        known = pl.Series(rng.random(count) < 0.9)
        columns[fact.key] = pl.select(pl.when(known).then(drawn)).to_series()
    frame = pl.DataFrame(columns).with_columns(
        pl.Series("county_code", [COUNTIES[at % 3] for at in range(count)]),
        pl.Series("city_code", [COUNTIES[at % 3][:4] + "00" for at in range(count)]),
        pl.Series("section", ["C" if at % 2 else "I" for at in range(count)]),
    )
    scores = np.rint(scores_under(book, frame) * 1e6).astype(np.int64)
    feasible = rng.random(scores.shape) < 0.6
    feasible[::3] = True
    feasible[:, 6] = True
    return frame.with_columns(
        *(pl.Series(f"score_{n}", scores[:, n - 1]) for n in NUMBERS),
        *(pl.Series(f"feasible_{n}", feasible[:, n - 1]) for n in NUMBERS),
    )


@dataclass(frozen=True)
class World:
    frame: pl.DataFrame
    chances: np.ndarray

    def attempts(self, count, seed=0, noise=0.7) -> Attempts:
        rng = np.random.default_rng([seed, count])
        rows = rng.permutation(self.frame.height)[:count]
        asked = of_frame(self.frame[rows], np.ones(count, int), np.zeros(count), load_paths())
        drawn = np.where(asked.feasible, asked.scores / noise + rng.gumbel(size=asked.scores.shape), -np.inf)
        path = drawn.argmax(axis=1)
        success = rng.random(count) < self.chances[rows, path]
        return replace(asked, path=path + 1, success=success.astype(float))


def world(shifts, size=6000, seed=1):
    """Hidden log-odds are the expert's plus a shift for each path."""
    frame = facts(size, seed)
    whole = of_frame(frame, np.ones(size, int), np.zeros(size), load_paths())
    return World(frame, 1 / (1 + np.exp(-(whole.scores + np.array(shifts)))))


@pytest.fixture(scope="session")
def as_expected():
    """A world in which the expert weights are right."""
    return world([0.0] * len(NUMBERS))


@pytest.fixture(scope="session")
def otherwise():
    """A world in which paths 1 and 9 go worse and paths 3 and 8 better than the experts think."""
    return world([-1.5, 0, 1.2, 0, 0, 0, 0, 1.0, -1.5, 0, 0])
