"""Levels: every single weight that past attempts may move, and which attempts it speaks to.

A level is a value of one fact on one path (`party_own` true on path 1, League members from 3 on path 9), the
base of a path, or a county or trade on one path. Path 0 is what the paths have in common at that level: the
partial pooling over paths. The steps of a count are learned as increments, each on top of the one below, so
that neighbouring steps stay alike unless the attempts part them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse

from coverage_engine.recommend.definitions import MILLION, Evidence, Fact, PathBook
from coverage_engine.recommend.learning_settings import CLASSES, LearningSettings

Array = np.ndarray[Any, Any]
Level = tuple[int, str, str]
"""Path (0: all paths), fact (`base` for the base) and level: true, false, the start of a step, or a class."""


@dataclass(frozen=True)
class Levels:
    """The levels with their prior deviations (log-odds) by the expert's own doubt.

    `pieces` numbers the pieces of evidence (path and fact) that the levels belong to, `classes` marks those
    of counties and trades.
    """

    names: tuple[Level, ...]
    deviations: Array

    @property
    def pieces(self) -> Array:
        """The number of each level's piece of evidence."""
        numbers: dict[tuple[int, str], int] = {}
        return np.array([numbers.setdefault(name[:2], len(numbers)) for name in self.names])

    @property
    def classes(self) -> Array:
        """Which levels are counties or trades."""
        return np.array([fact in CLASSES for _, fact, _ in self.names])

    def steps(self) -> dict[tuple[int, str], list[int]]:
        """The starts of each piece of evidence that goes by steps."""
        places: dict[tuple[int, str], list[int]] = {}
        for path, fact, level in self.names:
            if fact not in CLASSES and level.lstrip("-").isdigit():
                places.setdefault((path, fact), []).append(int(level))
        return places

    def shifts(self, learned: Array) -> Array:
        """The shift of every level: of a step, the increments up to it."""
        summed = np.array(learned, dtype=np.float64)
        for piece in self.steps():
            own = [at for at, name in enumerate(self.names) if name[:2] == piece]
            summed[own] = np.cumsum(summed[own])
        return summed


def levels_of(book: PathBook, frame: pl.DataFrame, settings: LearningSettings) -> Levels:
    """Every level that can occur, in the order of the paths; classes are those of the frame."""
    users = {fact.key: len(book.users_of(fact)) for fact in book.facts.values()}
    deviations: dict[Level, float] = {(0, "base", ""): max(path.doubt for path in book.paths) / MILLION}
    for path in book.paths:
        deviations[(path.number, "base", "")] = path.doubt / MILLION
        for piece in path.evidence:
            several = users[piece.fact.key] > 1
            for level in _levels(piece):
                own = settings.piece * (settings.own_share if several else 1.0)
                deviations[(path.number, piece.fact.key, level)] = own
            for level in _shared_levels(book, piece.fact) if several else ():
                deviations[(0, piece.fact.key, level)] = settings.piece
    for piece in settings.classes:
        for name in frame[piece.fact.key].drop_nulls().unique().sort():
            for number in range(len(book.paths) + 1):
                deviations[(number, piece.fact.key, name)] = settings.place_and_trade
    return Levels(tuple(deviations), np.array(list(deviations.values())))


def speaks_to(
    levels: Levels, book: PathBook, frame: pl.DataFrame, paths: Array, settings: LearningSettings
) -> sparse.csr_matrix:
    """One row per (firm, path) pair, as `frame` and `paths` have them: 1 where the level holds.

    A step holds from its start on, whatever higher steps hold too.
    """
    place = {level: at for at, level in enumerate(levels.names)}
    rows: list[Array] = []
    columns: list[Array] = []
    for level, holds in _holding(book, frame, paths, levels.steps()):
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


def _holding(
    book: PathBook, frame: pl.DataFrame, paths: Array, steps: Mapping[tuple[int, str], list[int]]
) -> Iterator[tuple[Level, Array]]:
    yield (0, "base", ""), np.ones(frame.height, bool)
    for path in book.paths:
        tried = paths == path.number
        if tried.any():
            yield (path.number, "base", ""), tried
            for piece in path.evidence:
                yield from _of_piece(path.number, piece, frame, tried, steps)


def _of_piece(
    number: int,
    piece: Evidence,
    frame: pl.DataFrame,
    tried: Array,
    steps: Mapping[tuple[int, str], list[int]],
) -> Iterator[tuple[Level, Array]]:
    """Where the levels of a piece hold, on its path and on path 0."""
    key = piece.fact.key
    if piece.fact.kind == "flag":
        for level in _levels(piece):
            holds = tried & (frame[key] == (level == "true")).fill_null(False).to_numpy()
            yield from (((path, key, level), holds) for path in (number, 0))
        return
    reached = _reached(piece, frame[key])
    for path in (number, 0):
        for start in steps.get((path, key), ()):
            yield (path, key, str(start)), tried & (reached >= start)


def _of_class(
    piece: Evidence, frame: pl.DataFrame, paths: Array, place: Mapping[Level, int]
) -> tuple[Array, Array]:
    """The column of each row's county or trade in all, and on its path; −1 where there is none."""
    names, which = np.unique(frame[piece.fact.key].fill_null("").to_numpy(), return_inverse=True)
    key, numbers = piece.fact.key, range(int(paths.max(initial=0)) + 1)
    table = np.array([[place.get((number, key, str(name)), -1) for name in names] for number in numbers])
    return table[0][which], table[paths, which]


def _levels(piece: Evidence) -> list[str]:
    if piece.fact.kind == "flag":
        return ["true", "false"]
    return [str(step.start) for step in piece.steps]


def _shared_levels(book: PathBook, fact: Fact) -> list[str]:
    """The levels of a fact on any path, steps in their order."""
    pieces = [piece for path in book.paths for piece in path.evidence if piece.fact == fact]
    if fact.kind == "flag":
        return _levels(pieces[0])
    return [str(start) for start in sorted({step.start for piece in pieces for step in piece.steps})]


def _reached(piece: Evidence, value: pl.Series) -> Array:
    """The start of the step that each value has reached; −∞ below the first and where it is unknown."""
    starts = np.array([-np.inf, *(step.start for step in piece.steps)])
    known = value.cast(pl.Float64).fill_null(-np.inf).to_numpy()
    return np.asarray(starts[np.searchsorted(starts, known, side="right") - 1])
