"""Choices (备选路径): the paths that cannot be set aside for a target, and which fact to ask first.

With a rule calibrated on past attempts the set holds the path that will succeed with the stated confidence.
Without one it holds every path whose interval reaches the best score. Where the set is wide, the unknown fact
is named that could move its paths most for each hour that asking takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import narwhals as nw

from coverage_engine.frames.coding import Coding, number
from coverage_engine.frames.dialect import Lazy
from coverage_engine.frames.joins import greatest_of
from coverage_engine.recommend.definitions import MILLION, Evidence, PathBook, SetRule
from coverage_engine.recommend.learning_settings import load_learning
from coverage_engine.recommend.scoring import interval, score_of

_THOUSAND = 1000


def choices(frame: Lazy, book: PathBook) -> Lazy:
    """One row per target of the evaluated frame (columns: `PLAN_TABLES`)."""
    stands = _by_rule(book.sets, book) if book.sets is not None else _by_interval(book)
    marked = frame.with_columns(
        *(belongs.fill_null(False).alias(f"in_set_{number}") for number, belongs in stands.items())
    )
    numbers = [path.number for path in book.paths]
    size = nw.sum_horizontal(*(nw.col(f"in_set_{number}").cast(nw.Int64) for number in numbers))
    named = [nw.when(nw.col(f"in_set_{n}")).then(nw.lit(str(n))).alias(f"named_{n}") for n in numbers]
    sized = marked.with_columns(size.alias("size"), *named, _ask_first(book).alias("asked"))
    wide = nw.col("size") >= load_learning().wide_from
    return sized.select(
        "enterprise_id",
        nw.concat_str([nw.col(f"named_{n}") for n in numbers], separator=";", ignore_nulls=True).alias(
            "paths"
        ),
        "size",
        wide.alias("wide"),
        nw.when(wide).then(_label(book)).alias("ask_first"),
        nw.lit(book.sets is not None).alias("calibrated"),
    )


def _by_interval(book: PathBook) -> Mapping[int, nw.Expr]:
    """Paths that are or may be feasible and whose highest score reaches the best one."""
    best = nw.when(nw.col("key_1") > 0).then(score_of(nw.col("key_1"))).otherwise(nw.lit(-(10**12)))
    return {
        path.number: nw.col(f"feasible_{path.number}").fill_null(True) & (interval(path, book)[1] >= best)
        for path in book.paths
    }


def _by_rule(rule: SetRule, book: PathBook) -> Mapping[int, nw.Expr]:
    """Feasible paths whose share reaches the threshold of the path in this city."""
    weights = {
        path.number: nw.when(nw.col(f"feasible_{path.number}").fill_null(False))
        .then(_weight(rule, path.number))
        .otherwise(nw.lit(0.0))
        for path in book.paths
    }
    whole = nw.sum_horizontal(*weights.values())
    factors = {city: factor / _THOUSAND for city, factor in rule.cities}
    city = nw.lit(1.0)
    if factors:
        city = (
            nw.col("city_code")
            .replace_strict(factors, default=1.0, return_dtype=nw.Float64)
            .fill_null(factors.get("", 1.0))
        )
    return {
        number: (weight > 0) & (weight >= whole * city * (rule.thresholds[number - 1] / MILLION))
        for number, weight in weights.items()
    }


def _weight(rule: SetRule, number: int) -> nw.Expr:
    odds = nw.col(f"score_{number}").cast(nw.Float64) / MILLION
    return (odds * (rule.slope / _THOUSAND) + rule.appeals[number - 1] / _THOUSAND).exp()


def _ask_first(book: PathBook) -> nw.Expr:
    """The unknown fact of the greatest swing on a path of the set per hour of asking, packed; 0 for none.

    Only facts that somebody can be asked about (those with words for the answer) are named.
    """
    swings: dict[str, list[nw.Expr]] = {}
    for path in book.paths:
        for piece in (each for each in path.evidence if each.fact.turns_out is not None):
            swing = nw.lit(_swing(piece, book))
            here = nw.when(nw.col(f"in_set_{path.number}")).then(swing).otherwise(nw.lit(0))
            swings.setdefault(piece.fact.key, []).append(here)
    return greatest_of(
        *(_packed(fact, at, swings, book) for at, fact in enumerate(book.facts) if fact in swings)
    )


def _packed(fact: str, at: int, swings: Mapping[str, Sequence[nw.Expr]], book: PathBook) -> nw.Expr:
    greatest = greatest_of(*swings[fact]).cast(nw.Int64)
    packed = _asking(book).encode(swing=greatest, fact=at)
    askable = nw.col(fact).is_null() & (greatest > 0)
    return nw.when(askable).then(packed).otherwise(nw.lit(0)).cast(nw.Int64)


def _asking(book: PathBook) -> Coding:
    """The greatest swing first, then the order of the registry."""
    pieces = (piece for path in book.paths for piece in path.evidence if piece.fact.turns_out is not None)
    swings = (_swing(piece, book) for piece in pieces)
    return Coding(
        "asked",
        (
            number("swing", max(swings, default=0), "the greatest of the book"),
            number("fact", len(book.facts) - 1, descending=True),
        ),
    )


def _swing(piece: Evidence, book: PathBook) -> int:
    """How far a fact moves a path for each hour that asking takes, in tenths."""
    return (max(0, *piece.weights) - min(0, *piece.weights)) * 10 // book.ask_hours[piece.fact.entity]


def _label(book: PathBook) -> nw.Expr:
    labels = {at: fact.label.zh for at, fact in enumerate(book.facts.values())}
    which = nw.when(nw.col("asked") > 0).then(_asking(book).decode("fact"))
    return which.replace_strict(labels, default=None, return_dtype=nw.String)
