"""Reads `paths/learning.toml`: how past attempts may move the expert weights, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from coverage_engine.content import content_file, read, refuse
from coverage_engine.recommend.definitions import Evidence, Fact, Words
from coverage_engine.recommend.fact_registry import words
from coverage_engine.recommend.path_shapes import ClassPart, LearningFile

CLASSES = ("county_code", "section")
"""The facts whose classes (counties, trades) may earn a weight of their own."""

_NOTHING = Words("", "")
_CALLED = "学习设定"


@dataclass(frozen=True)
class LearningSettings:
    """学习设定: prior deviations and strengths in log-odds, shares and levels as fractions."""

    least_attempts: int
    piece: float
    own_share: float
    anchor: float
    place_and_trade: float
    strengths: tuple[float, ...]
    folds: int
    level: float
    floor: float
    path_assurance: float
    city_assurance: float
    city_alike: float
    wide_from: int
    readings: int
    breadth: float
    interval: float
    foresight: float
    contradiction: float
    least_support: float
    least_propensity: float
    drift_gap: float
    drift_least: int
    classes: tuple[Evidence, ...]


@cache
def load_learning() -> LearningSettings:
    """The settings as shipped in `paths/learning.toml`."""
    return read_learning(content_file("paths", "learning.toml"))


def read_learning(file: Path) -> LearningSettings:
    """The settings of a file.

    Raises:
        PolicyError: a setting is missing, of a wrong type or out of range; all faults at once.
    """
    written = read(file, LearningFile, _CALLED, "paths/learning.toml")
    given = written.value
    tried = given.strengths.tried
    if tried[0] != 0.0 or any(a >= b for a, b in pairwise(tried)):
        fault = written.place("strengths", "tried").fault("应从 0（专家权重）起由小到大")
        refuse([fault], f"{_CALLED} {file.name} ", "请按上面的文件名和键名逐项改正后重试。")
    return LearningSettings(
        least_attempts=given.attempts.least,
        piece=given.prior.piece,
        own_share=given.prior.own_share,
        anchor=given.prior.anchor,
        place_and_trade=given.prior.place_and_trade,
        strengths=tried,
        folds=given.strengths.folds,
        level=given.sets.level,
        floor=given.sets.floor,
        path_assurance=given.sets.path_assurance,
        city_assurance=given.sets.city_assurance,
        city_alike=given.sets.city_alike,
        wide_from=given.sets.wide_from,
        readings=given.gate.readings,
        breadth=given.gate.breadth,
        interval=given.gate.interval,
        foresight=given.gate.foresight,
        contradiction=given.gate.contradiction,
        least_support=given.gate.least_support,
        least_propensity=given.gate.least_propensity,
        drift_gap=given.drift.gap,
        drift_least=given.drift.least,
        classes=tuple(_class(key, getattr(given, key)) for key in CLASSES),
    )


# ---------------------------------------------------------------------------------------------- private


def _class(key: str, part: ClassPart) -> Evidence:
    fact = Fact(
        key=key,
        label=words(part.label),
        kind="class",
        unit=_NOTHING,
        low=0,
        high=0,
        plus=None,
        ledger=part.ledger,
        cell=part.cell,
        direction="either",
        become=None,
        become_from=0,
        turns_out=None,
        turns_out_not=None,
    )
    return Evidence(fact, 0, 0, (), part.source, words(part.text), words(part.text_against))
