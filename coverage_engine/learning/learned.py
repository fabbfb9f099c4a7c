"""A learned model (学得的权重): signed shifts of the weights in `paths/`, and the book that they give."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coverage_engine.learning.levels import Level
from coverage_engine.recommend.definitions import MILLION, Evidence, PathBook, PathDefinition, SetRule, Step
from coverage_engine.recommend.learning_settings import load_learning

# Shifts are kept to thousandths of log-odds, so that machines which round differently learn the same.
_GRAIN = MILLION // 1000


@dataclass(frozen=True)
class LearnedModel:
    """学得的权重: shifts in millionths by (path, fact, level), and the rule for prediction sets."""

    name: str
    shifts: Mapping[Level, int]
    sets: SetRule | None

    def to_json(self) -> dict[str, Any]:
        """As plain values for a file."""
        lines = [[*level, shift] for level, shift in sorted(self.shifts.items())]
        sets = self.sets and {
            "slope": self.sets.slope,
            "appeals": list(self.sets.appeals),
            "thresholds": list(self.sets.thresholds),
            "cities": [list(each) for each in self.sets.cities],
        }
        return {"name": self.name, "shifts": lines, "sets": sets}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> LearnedModel:
        """Back from plain values."""
        shifts = {
            (int(path), str(fact), str(level)): int(shift) for path, fact, level, shift in record["shifts"]
        }
        sets = record["sets"] and SetRule(
            record["sets"]["slope"],
            tuple(record["sets"]["appeals"]),
            tuple(record["sets"]["thresholds"]),
            tuple((city, factor) for city, factor in record["sets"]["cities"]),
        )
        return cls(record["name"], shifts, sets or None)


def as_shifts(names: tuple[Level, ...], shifts: np.ndarray[Any, Any]) -> dict[Level, int]:
    """Fitted shifts as millionths, without those that round to nothing."""
    rounded = np.rint(shifts * MILLION / _GRAIN).astype(np.int64) * _GRAIN
    return {name: int(shift) for name, shift in zip(names, rounded, strict=True) if shift}


def applied(book: PathBook, model: LearnedModel) -> PathBook:
    """The expert's book with every weight moved by the model; without shifts the very same weights.

    Counties and trades that earned a shift become evidence of their own, so that reasons still add up. A rule
    for prediction sets that was calibrated on other paths is left out: it says nothing of a path added since.
    """
    paths = tuple(_moved(path, model.shifts) for path in book.paths)
    sets = model.sets if model.sets and len(model.sets.thresholds) == len(paths) else None
    return replace(book, paths=paths, sets=sets, name=model.name)


def as_json(model: LearnedModel) -> str:
    """The model as text, the same text for the same model."""
    return json.dumps(model.to_json(), ensure_ascii=False, sort_keys=True)


def _moved(path: PathDefinition, shifts: Mapping[Level, int]) -> PathDefinition:
    def moved(fact: str, level: str) -> int:
        return shifts.get((0, fact, level), 0) + shifts.get((path.number, fact, level), 0)

    evidence = [_moved_piece(piece, moved) for piece in path.evidence]
    for piece in load_learning().classes:
        names = sorted({level for _, fact, level in shifts if fact == piece.fact.key})
        classes = tuple((name, moved(piece.fact.key, name)) for name in names)
        earned = tuple((name, weight) for name, weight in classes if weight)
        evidence += [replace(piece, classes=earned)] if earned else []
    return replace(path, base=path.base + moved("base", ""), evidence=tuple(evidence))


def _moved_piece(piece: Evidence, moved: Any) -> Evidence:
    key = piece.fact.key
    if piece.fact.kind == "flag":
        return replace(
            piece,
            when_true=piece.when_true + moved(key, "true"),
            when_false=piece.when_false + moved(key, "false"),
        )
    steps = (Step(step.start, step.weight + moved(key, str(step.start))) for step in piece.steps)
    return replace(piece, steps=tuple(steps))
