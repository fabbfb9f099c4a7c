"""Reads `paths/`: the registry of facts, every path and the settings that they share.

Every fault of every file is collected, addressed by file, key and line, and raised once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from coverage_engine.content import content_file
from coverage_engine.errors import PolicyError
from coverage_engine.model.firm_facts import FILE
from coverage_engine.recommend.content_fields import ContentFields
from coverage_engine.recommend.content_lines import ContentLines
from coverage_engine.recommend.definitions import Fact, PathBook, PathDefinition, PathSymbol
from coverage_engine.recommend.fact_registry import plain_entries, read_facts
from coverage_engine.recommend.path_files import faults_together, path_files
from coverage_engine.recommend.path_reading import read_path, read_symbol
from coverage_engine.recommend.path_symbols import SymbolRule, read_symbol_rule, symbols_of


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
    faults: list[str] = []
    facts = read_facts(_open(folder / "facts.toml", faults), ContentFields(plain_entries(), FILE[-1], faults))
    shared = _open(folder / "evaluation.toml", faults)
    interval, reasons = shared.table("interval"), shared.table("reasons")
    length = reasons.integer("length")
    rule = read_symbol_rule(_open(folder / "symbols.toml", faults))
    paths = _read_paths(path_files(folder, own, faults), facts, length, rule, faults)
    bundles, asking = shared.table("bundles"), shared.table("asking")
    for part in (interval, reasons, bundles, asking):
        part.text("source")
    book = PathBook(
        paths,
        facts,
        round(interval.number("deviations") * 1000),
        length,
        reasons.integer("shown"),
        bundles.integer("least"),
        _ask_hours(asking.table("hours"), facts),
    )
    if faults:
        raise PolicyError(
            "建团路径文件有误：\n" + "\n".join(faults), "请按上面的文件名和键名逐项改正后重试。"
        )
    return book


def _ask_hours(fields: ContentFields, facts: Mapping[str, Fact]) -> dict[str, int]:
    """Tenths of an hour for every entity that somebody can be asked about."""
    entities = sorted({fact.entity for fact in facts.values() if fact.turns_out is not None})
    hours = {entity: round(fields.number(entity) * 10) for entity in entities}
    for entity, tenths in hours.items():
        if tenths <= 0:
            fields.fault(entity, "问清一件事的工时应大于零")
    fields.close()
    return hours


def _open(file: Path, faults: list[str]) -> ContentFields:
    try:
        text = file.read_text("utf-8")
        table: object = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        faults.append(f"{file.name}：无法读取（{problem}）")
        return ContentFields({}, file.name, faults)
    return ContentFields(table, file.name, faults, ContentLines(text))


def _read_paths(
    files: Sequence[Path], facts: Mapping[str, Fact], length: int, rule: SymbolRule, faults: list[str]
) -> tuple[PathDefinition, ...]:
    """The paths of these files with their symbols; a file that is no TOML is told of once and left out."""
    paths: list[PathDefinition] = []
    written: dict[str, tuple[ContentFields, PathSymbol | None]] = {}
    before = len(faults)
    opened = [(file.name, _open(file, faults)) for file in files]
    readable = len(faults) == before
    for name, fields in opened:
        if fields.has_nothing:
            continue
        written[name] = read_symbol(fields)
        paths.append(read_path(fields, name, facts, length))
    symbols = symbols_of(written, rule)
    if readable:
        faults += faults_together(paths)
    return tuple(replace(path, symbol=symbols[path.file]) for path in paths)
