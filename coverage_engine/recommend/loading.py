"""Reads `paths/`: the registry of facts, every path and the settings that they share.

Every fault of every file is collected, addressed by file, key and line, and raised once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from coverage_engine.content import Fault, Place, Written, attempt, content_file, refuse
from coverage_engine.recommend.definitions import Fact, PathBook
from coverage_engine.recommend.fact_registry import read_facts
from coverage_engine.recommend.path_files import faults_together, path_files
from coverage_engine.recommend.path_reading import PathReader
from coverage_engine.recommend.path_shapes import EvaluationFile, FactsFile, PathFile, SymbolsFile
from coverage_engine.recommend.path_symbols import read_symbol_rule, symbols_of

T = TypeVar("T")

_CALLED, _EXAMPLE = "建团路径文件", "paths/01_party_building.toml"
_REMEDY = "请按上面的文件名、行号和键名逐项改正后重试。"


@cache
def load_paths(own: Path | None = None) -> PathBook:
    """The paths as shipped in `paths/`, with a province's own folder laid over them.

    Raises:
        PolicyError: as `read_paths`.
    """
    return read_paths(content_file("paths"), own)


def read_paths(folder: Path, own: Path | None = None) -> PathBook:
    """The paths of a folder, one a file; those of the folder `own` go on after them or replace namesakes.

    Raises:
        PolicyError: a fact is not registered, a clause or source is missing, a type is wrong, a weight
            contradicts its fact's direction, a number is taken, skipped or unlike its file's name, or a
            symbol breaks the rule of `symbols.toml`; all faults at once.
    """
    faults: list[Fault] = []
    registry = _attempt(folder / "facts.toml", FactsFile, faults)
    shared = _attempt(folder / "evaluation.toml", EvaluationFile, faults)
    symbols = _attempt(folder / "symbols.toml", SymbolsFile, faults)
    files = path_files(folder, own, faults)
    written = [each for file in files if (each := _attempt(file, PathFile, faults)) is not None]
    if registry is None or shared is None or symbols is None:
        refuse(faults, _CALLED, _REMEDY)
        raise AssertionError("what could not be read has faults")
    facts, settings = read_facts(registry, faults), shared.value
    reader = PathReader(facts, settings.reasons.length, faults)
    paths = [reader.path(each) for each in written]
    drawn = symbols_of(written, read_symbol_rule(symbols, faults), faults)
    if len(written) == len(files):
        faults += faults_together(written)
    faults += _hours_faults(settings.asking.hours, facts, shared.place("asking", "hours"))
    refuse(faults, _CALLED, _REMEDY)
    return PathBook(
        tuple(replace(path, symbol=drawn[path.file]) for path in paths),
        facts,
        round(settings.interval.deviations * 1000),
        settings.reasons.length,
        settings.reasons.shown,
        settings.bundles.least,
        {entity: round(settings.asking.hours[entity] * 10) for entity in _entities(facts)},
    )


# ---------------------------------------------------------------------------------------------- private


def _attempt(file: Path, shape: type[T], faults: list[Fault]) -> Written[T] | None:
    return attempt(file, shape, _CALLED, _EXAMPLE, faults)


def _entities(facts: Mapping[str, Fact]) -> Sequence[str]:
    """Every entity that somebody can be asked about."""
    return sorted({fact.entity for fact in facts.values() if fact.turns_out is not None})


def _hours_faults(hours: Mapping[str, float], facts: Mapping[str, Fact], place: Place) -> Iterator[Fault]:
    """Asking takes a tenth of an hour at least, and every entity has its hours."""
    entities = tuple(_entities(facts))
    for entity in entities:
        if entity not in hours:
            yield place.fault("缺少这一项，应为数字", entity)
        elif round(hours[entity] * 10) <= 0:
            yield place.fault("问清一件事的工时应大于零", entity)
    for entity in hours:
        if entity not in entities:
            yield place.fault("没有这个键", entity, allowed=entities, word=entity)
