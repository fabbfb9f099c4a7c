"""The one evaluator: feasibility and score of each path as expressions over the fact frame.

Score = base + Σ contributions, in integer millionths of log-odds. An unknown fact contributes nothing; it
widens the interval down by its worst and up by its best possible step. The same expressions serve the
ranking, the reasons, the flip facts and the explanation of one enterprise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

import narwhals as nw

from coverage_engine.frames.coding import Coding, number
from coverage_engine.frames.dialect import Lazy, levelled
from coverage_engine.recommend.definitions import MILLION, Condition, Evidence, PathBook, PathDefinition

_GREATEST = 1_000 * MILLION
PATHS = 1023
"""The greatest number of a path."""
# Ranking key: the score, then lower path numbers first among equals.
_RANK = Coding(
    "ranking key",
    (
        number("score", _GREATEST - 1, "what the weights can make of it, in rank_key", least=-_GREATEST),
        number("path", PATHS, descending=True),
    ),
)
_NOTHING: Mapping[str, bool | int] = MappingProxyType({})
SHOWN_RANKS = (1, 2, 3)


def contribution(piece: Evidence) -> nw.Expr:
    """The signed step of one piece of evidence; 0 where its fact is unknown."""
    value = nw.col(piece.fact.key)
    if piece.fact.kind == "flag":
        known = value.cast(nw.Int64) * (piece.when_true - piece.when_false) + piece.when_false
        return known.fill_null(0)
    if piece.fact.kind == "class":
        weights = dict(piece.classes)
        return value.replace_strict(weights, default=0, return_dtype=nw.Int64).fill_null(0)
    weight = nw.lit(0)
    for step in piece.steps:
        weight = nw.when(value >= step.start).then(nw.lit(step.weight)).otherwise(weight)
    return weight.cast(nw.Int64)


def step_column(path: PathDefinition, piece: Evidence) -> str:
    """The column of the evaluated frame that holds one contribution."""
    return f"step_{path.number}_{piece.fact.key}"


def score(path: PathDefinition) -> nw.Expr:
    """Base plus all contributions, in millionths, straight from the facts."""
    steps = (contribution(piece) for piece in path.evidence)
    return nw.lit(path.base).cast(nw.Int64) + nw.sum_horizontal(*steps)


def extremes(path: PathDefinition) -> tuple[int, int]:
    """The least and the greatest score that the weights of a path allow."""
    least = path.base + sum(min(0, *piece.weights) for piece in path.evidence)
    return least, path.base + sum(max(0, *piece.weights) for piece in path.evidence)


def condition_fact(condition: Condition, settled: Mapping[str, bool | int] = _NOTHING) -> nw.Expr:
    """Whether one of the condition's facts holds, three-valued; `settled` facts are taken as given."""
    facts = (
        nw.lit(bool(settled[fact.key])) if fact.key in settled else nw.col(fact.key)
        for fact in condition.facts
    )
    return nw.any_horizontal(*facts, ignore_nulls=False)


def feasible(path: PathDefinition, settled: Mapping[str, bool | int] = _NOTHING) -> nw.Expr:
    """Whether every condition holds; unknown where one cannot be told and does not allow that."""
    conjuncts = []
    for condition in path.conditions:
        holds = condition_fact(condition, settled)
        conjuncts.append(holds.fill_null(True) if condition.allow_unknown else holds)
    return nw.all_horizontal(*conjuncts, ignore_nulls=False)


def why_not(path: PathDefinition, lang: str = "zh") -> nw.Expr:
    """The first condition that fails in words, else the first that cannot be told; null where feasible."""
    reason = nw.lit(None, dtype=nw.String)
    for condition in reversed(path.conditions):
        if not condition.allow_unknown:
            untold = condition_fact(condition).is_null()
            reason = nw.when(untold).then(nw.lit(condition.cannot_tell.of(lang))).otherwise(reason)
    for condition in reversed(path.conditions):
        fails = ~condition_fact(condition).fill_null(True)
        reason = nw.when(fails).then(nw.lit(condition.why_not.of(lang))).otherwise(reason)
    return reason


def interval(path: PathDefinition, book: PathBook) -> tuple[nw.Expr, nw.Expr]:
    """Lowest and highest score: unknown facts at their worst and best, plus model doubt (millionths)."""
    doubt = path.doubt * book.deviations // 1000
    low = _unknown_steps((piece, min(0, *piece.weights)) for piece in path.evidence)
    high = _unknown_steps((piece, max(0, *piece.weights)) for piece in path.evidence)
    score = nw.col(f"score_{path.number}")
    return score + low - doubt, score + high + doubt


def _unknown_steps(weighed: Iterable[tuple[Evidence, int]]) -> nw.Expr:
    """The sum of these weights over the facts that are unknown."""
    steps = [
        nw.when(nw.col(piece.fact.key).is_null()).then(nw.lit(weight)).otherwise(nw.lit(0)).cast(nw.Int64)
        for piece, weight in weighed
        if weight
    ]
    return nw.sum_horizontal(*steps) if steps else nw.lit(0).cast(nw.Int64)


def probability(log_odds: nw.Expr) -> nw.Expr:
    """Chance of success from millionths of log-odds, to six decimals so that every engine writes the same."""
    odds = (nw.lit(0) - log_odds).cast(nw.Float64) / MILLION
    chance = nw.lit(1.0) / (nw.lit(1.0) + odds.exp())
    millionths = (chance * MILLION + 0.5).floor()
    # Divided by a column: a constant divisor may become a multiplication by its reciprocal in some rows only.
    return millionths / (millionths * 0 + MILLION)


def with_steps(facts: Lazy, paths: Sequence[PathDefinition]) -> Lazy:
    """Adds every contribution of these paths (`step_column`)."""
    return facts.with_columns(
        *(contribution(piece).alias(step_column(path, piece)) for path in paths for piece in path.evidence)
    )


def scored(facts: Lazy, paths: Sequence[PathDefinition]) -> Lazy:
    """Adds `score_N` and `feasible_N` for every path; what several paths weigh alike is summed up once."""
    parts = {f"part_{at}": part for at, part in enumerate(_parts(paths))}
    summed = facts.with_columns(
        *(nw.sum_horizontal(*map(contribution, pieces)).alias(name) for name, (_, pieces) in parts.items())
    )
    scores = {
        path.number: nw.sum_horizontal(
            nw.lit(path.base).cast(nw.Int64),
            *(nw.col(name) for name, (numbers, _) in parts.items() if path.number in numbers),
        )
        for path in paths
    }
    return (
        levelled(summed)
        .with_columns(
            *(scored_as.alias(f"score_{number}") for number, scored_as in scores.items()),
            *(feasible(path).alias(f"feasible_{path.number}") for path in paths),
        )
        .drop(*parts)
    )


def _parts(paths: Sequence[PathDefinition]) -> Iterator[tuple[frozenset[int], list[Evidence]]]:
    """All evidence, gathered by the paths that weigh it alike."""
    alike: dict[object, tuple[Evidence, set[int]]] = {}
    for path in paths:
        for piece in path.evidence:
            weighed = piece.fact.key, piece.when_true, piece.when_false, piece.steps, piece.classes
            alike.setdefault(weighed, (piece, set()))[1].add(path.number)
    parts: dict[frozenset[int], list[Evidence]] = {}
    for piece, numbers in alike.values():
        parts.setdefault(frozenset(numbers), []).append(piece)
    yield from parts.items()


def rank_key(path: PathDefinition, scored_as: nw.Expr, holds: nw.Expr) -> nw.Expr:
    """One integer that orders paths by score, then number; 0 where the path is not surely feasible.

    Raises:
        CodingOverflowError: the number of the path, or a score that its weights allow, is too great.
    """
    for extreme in extremes(path):
        _RANK.number(score=extreme, path=path.number)
    key = _RANK.encode(score=scored_as, path=path.number)
    return nw.when(holds.fill_null(False)).then(key).otherwise(nw.lit(0)).cast(nw.Int64)


def moved_key(key: nw.Expr, move: nw.Expr) -> nw.Expr:
    """The ranking key of the same path after its score moved."""
    return key + move * _RANK.weights["score"]


def path_of(key: nw.Expr) -> nw.Expr:
    """The path number of a ranking key; 0 for none."""
    return nw.when(key > 0).then(_RANK.decode("path", key)).otherwise(nw.lit(0)).cast(nw.Int64)


def score_of(key: nw.Expr) -> nw.Expr:
    """The score of a ranking key."""
    return _RANK.decode("score", key)


def ranked(frame: Lazy, paths: Sequence[PathDefinition], places: int = 4) -> Lazy:
    """Adds the ranking keys of the best feasible paths, four or so many `places`, and their numbers.

    `key_1…4` and `path_1…4`, 0 where fewer paths are feasible; `key_of_N` is the key of path N.
    """
    keys = {
        path.number: rank_key(path, nw.col(f"score_{path.number}"), nw.col(f"feasible_{path.number}"))
        for path in paths
    }
    current = levelled(frame.with_columns(*(key.alias(f"key_of_{number}") for number, key in keys.items())))
    current = current.with_columns(
        nw.max_horizontal(*(nw.col(f"key_of_{number}") for number in keys)).alias("key_1")
    )
    for place in range(2, places + 1):
        below = (
            nw.when(nw.col(f"key_of_{number}") < nw.col(f"key_{place - 1}"))
            .then(nw.col(f"key_of_{number}"))
            .otherwise(nw.lit(0))
            for number in keys
        )
        current = levelled(current.with_columns(nw.max_horizontal(*below).alias(f"key_{place}")))
    return current.with_columns(
        *(path_of(nw.col(f"key_{place}")).alias(f"path_{place}") for place in range(1, places + 1))
    )
