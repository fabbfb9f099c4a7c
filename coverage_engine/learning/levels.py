"""Levels: every single weight that past attempts may move, and which attempts it speaks to.

A level is a value of one fact on one path (`party_own` true on path 1, League members from 3 on path 9), the
base of a path, or a county or trade on one path. `shared` is what the paths have in common at that level:
the partial pooling over paths.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse

from coverage_engine.recommend.definitions import MILLION, Evidence, PathBook, PathDefinition
from coverage_engine.recommend.learning_settings import LearningSettings

Array = np.ndarray[Any, Any]
Level = tuple[int, str, str]
"""Path (0: all paths), fact (`base` for the base) and level: true, false, the start of a step, or a class."""


@dataclass(frozen=True)
class Levels:
    """The levels with their prior deviations (log-odds) by the expert's own doubt."""

    names: tuple[Level, ...]
    deviations: Array


def levels_of(book: PathBook, frame: pl.DataFrame, settings: LearningSettings) -> Levels:
    """Every level that can occur, in the order of the paths; classes are those of the frame."""
    users = {fact.key: len(book.users_of(fact)) for fact in book.facts.values()}
    found: dict[Level, float] = {(0, "base", ""): max(path.doubt for path in book.paths) / MILLION}
    for path in book.paths:
        found[(path.number, "base", "")] = path.doubt / MILLION
        for piece in path.evidence:
            several = users[piece.fact.key] > 1
            for level in _levels(piece):
                own = settings.piece * (settings.own_share if several else 1.0)
                found[(path.number, piece.fact.key, level)] = own
                if several:
                    found[(0, piece.fact.key, level)] = settings.piece
    for piece in settings.classes:
        for name in frame[piece.fact.key].drop_nulls().unique().sort():
            for number in range(len(book.paths) + 1):
                found[(number, piece.fact.key, name)] = settings.place_and_trade
    return Levels(tuple(found), np.array(list(found.values())))


def speaks_to(
    levels: Levels, book: PathBook, frame: pl.DataFrame, paths: Array, settings: LearningSettings
) -> sparse.csr_matrix:
    """One row per (firm, path) pair, as `frame` and `paths` have them: 1 where the level holds."""
    place = {level: at for at, level in enumerate(levels.names)}
    rows: list[Array] = []
    columns: list[Array] = []
    for level, holds in _holding(book, frame, paths):
        if level in place:
            at = np.flatnonzero(holds)
            rows.append(at)
            columns.append(np.full(len(at), place[level]))
    for piece in settings.classes:
        for column in _of_class(piece, frame, paths, place):
            known = np.flatnonzero(column >= 0)
            rows.append(known)
            columns.append(column[known])
    where = np.concatenate(rows), np.concatenate(columns)
    return sparse.csr_matrix((np.ones(len(where[0])), where), shape=(frame.height, len(levels.names)))


def _holding(book: PathBook, frame: pl.DataFrame, paths: Array) -> Iterator[tuple[Level, Array]]:
    yield (0, "base", ""), np.ones(frame.height, bool)
    for path in book.paths:
        tried = paths == path.number
        if tried.any():
            yield (path.number, "base", ""), tried
            yield from _of_path(path, frame, tried)


def _of_class(
    piece: Evidence, frame: pl.DataFrame, paths: Array, place: Mapping[Level, int]
) -> tuple[Array, Array]:
    """The column of each row's county or trade in all, and on its path; −1 where there is none."""
    names, which = np.unique(frame[piece.fact.key].fill_null("").to_numpy(), return_inverse=True)
    key, numbers = piece.fact.key, range(int(paths.max(initial=0)) + 1)
    table = np.array([[place.get((number, key, str(name)), -1) for name in names] for number in numbers])
    return table[0][which], table[paths, which]


def _of_path(path: PathDefinition, frame: pl.DataFrame, tried: Array) -> Iterator[tuple[Level, Array]]:
    for piece in path.evidence:
        value = frame[piece.fact.key]
        for level in _levels(piece):
            holds = tried & _holds(piece, level, value)
            yield (path.number, piece.fact.key, level), holds
            yield (0, piece.fact.key, level), holds


def _levels(piece: Evidence) -> list[str]:
    if piece.fact.kind == "flag":
        return ["true", "false"]
    return [str(step.start) for step in piece.steps]


def _holds(piece: Evidence, level: str, value: pl.Series) -> Array:
    """Whether a known value stands at this level; an unknown one stands at none."""
    if piece.fact.kind == "flag":
        return (value == (level == "true")).fill_null(False).to_numpy()
    starts = [step.start for step in piece.steps]
    after = dict(pairwise(starts)).get(int(level))
    reached = value >= int(level)
    return (reached if after is None else reached & (value < after)).fill_null(False).to_numpy()
