"""Reads `paths/learning.toml`: how past attempts may move the expert weights, and the words for it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from coverage_engine.content import content_file
from coverage_engine.errors import PolicyError
from coverage_engine.recommend.content_fields import ContentFields
from coverage_engine.recommend.definitions import Evidence, Fact, Words

CLASSES = ("county_code", "section")
"""The facts whose classes (counties, trades) may earn a weight of their own."""

_NOTHING = Words("", "")


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
    faults: list[str] = []
    fields = ContentFields(tomllib.loads(file.read_text("utf-8")), file.name, faults)
    attempts, prior, strengths = (fields.table(key) for key in ("attempts", "prior", "strengths"))
    sets, gate, drift = (fields.table(key) for key in ("sets", "gate", "drift"))
    settings = LearningSettings(
        least_attempts=attempts.integer("least"),
        piece=prior.number("piece"),
        own_share=prior.number("own_share"),
        anchor=prior.number("anchor"),
        place_and_trade=prior.number("place_and_trade"),
        strengths=strengths.numbers("tried"),
        folds=strengths.integer("folds"),
        level=sets.number("level"),
        floor=sets.number("floor"),
        path_assurance=sets.number("path_assurance"),
        city_assurance=sets.number("city_assurance"),
        city_alike=sets.number("city_alike"),
        wide_from=sets.integer("wide_from"),
        readings=gate.integer("readings"),
        breadth=gate.number("breadth"),
        interval=gate.number("interval"),
        foresight=gate.number("foresight"),
        contradiction=gate.number("contradiction"),
        least_support=gate.number("least_support"),
        least_propensity=gate.number("least_propensity"),
        drift_gap=drift.number("gap"),
        drift_least=drift.integer("least"),
        classes=tuple(_read_class(key, fields.table(key)) for key in CLASSES),
    )
    for part in (attempts, prior, strengths, sets, gate, drift):
        part.text("source")
        part.close()
    fields.close()
    _check(settings, fields)
    if faults:
        raise PolicyError("学习设定有误：\n" + "\n".join(faults), "请按上面的文件名和键名逐项改正后重试。")
    return settings


def _check(settings: LearningSettings, fields: ContentFields) -> None:
    assurances = ("path_assurance", "city_assurance")
    for share in (
        "level",
        "floor",
        *assurances,
        *("interval", "foresight", "contradiction", "least_support", "least_propensity"),
    ):
        if not 0 < getattr(settings, share) < 1:
            fields.fault(share, "应在 0 与 1 之间")
    if settings.strengths[:1] != (0.0,) or any(a >= b for a, b in pairwise(settings.strengths)):
        fields.fault("tried", "应从 0（专家权重）起由小到大")
    if settings.folds < 2:
        fields.fault("folds", "应为 2 以上")
    if settings.readings < 1:
        fields.fault("readings", "应为 1 以上")


def _read_class(key: str, fields: ContentFields) -> Evidence:
    cell = fields.text("cell")
    fact = Fact(
        key=key,
        label=fields.words("label"),
        kind="class",
        unit=_NOTHING,
        low=0,
        high=0,
        plus=None,
        ledger=fields.text("ledger"),
        cell=cell if cell.count(".") == 1 else "enterprise.name",
        direction="either",
        become=None,
        become_from=0,
        turns_out=None,
        turns_out_not=None,
    )
    piece = Evidence(
        fact, 0, 0, (), fields.text("source"), fields.words("text"), fields.words("text_against")
    )
    fields.close()
    return piece
