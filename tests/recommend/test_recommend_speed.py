"""The scoring of the eleven paths beside bare Polars expressions of the same: a ratio within one run."""

import resource

import narwhals as nw
import numpy as np
import polars as pl
import pytest

from coverage_engine.recommend import load_paths
from coverage_engine.recommend.scoring import ranked, scored

ROWS = 300_000
MOST = 2.0


def spent(work):
    before = resource.getrusage(resource.RUSAGE_SELF)
    result = work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, result


def facts(book):
    """Random facts, a fifth of them unknown."""
    random = np.random.default_rng(9)
    columns = {}
    for key, fact in book.facts.items():
        known = pl.Series(random.random(ROWS) > 0.2)
        drawn = random.random(ROWS) < 0.5 if fact.kind == "flag" else random.integers(-3, 1000, ROWS)
        columns[key] = pl.select(pl.when(known).then(pl.Series(drawn))).to_series()
    return pl.DataFrame(columns).with_row_index("enterprise_id")


def bare_step(piece):
    value = pl.col(piece.fact.key)
    if piece.fact.kind == "flag":
        told = pl.when(value).then(pl.lit(piece.when_true)).otherwise(pl.lit(piece.when_false))
        return pl.when(value.is_null()).then(pl.lit(0)).otherwise(told)
    weight = pl.lit(0)
    for step in piece.steps:
        weight = pl.when(value >= step.start).then(pl.lit(step.weight)).otherwise(weight)
    return weight


def bare_key(path):
    score = pl.sum_horizontal(pl.lit(path.base), *(bare_step(piece) for piece in path.evidence))
    holds = pl.lit(True)
    for condition in path.conditions:
        one = pl.any_horizontal(*(pl.col(fact.key) for fact in condition.facts))
        holds = holds & (one.fill_null(True) if condition.allow_unknown else one)
    key = (score.cast(pl.Int64) + 1_000_000_000) * 16 + (15 - path.number)
    return pl.when(holds.fill_null(False)).then(key).otherwise(pl.lit(0))


def by_hand(frame, book):
    keys = frame.lazy().select(bare_key(path).alias(f"{path.number}") for path in book.paths).collect()
    best = np.sort(keys.to_numpy(), axis=1)[:, ::-1][:, :3]
    return np.where(best > 0, 15 - best % 16, 0)


@pytest.mark.slow
def test_scoring_costs_at_most_twice_the_bare_expressions():
    book = load_paths()
    frame = facts(book)

    def engine():
        told = ranked(scored(nw.from_native(frame.lazy()), book.paths), book.paths)
        return told.select("path_1", "path_2", "path_3").to_native().collect().to_numpy()

    rounds = [(spent(engine), spent(lambda: by_hand(frame, book))) for _ in range(4)][1:]
    assert all((ours[1] == hand[1]).all() for ours, hand in rounds)
    ratio = sorted(ours[0] / hand[0] for ours, hand in rounds)[1]
    assert ratio <= MOST, f"{ratio:.2f} times the bare expressions"
