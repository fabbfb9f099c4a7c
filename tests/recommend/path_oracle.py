"""A slow, plain reading of the path files: the oracle that the vectorised evaluator is held against.

It shares nothing with the product but the TOML files and the values of the facts.
"""

from __future__ import annotations

import tomllib
from math import exp
from typing import Any

from coverage_engine.content import content_file

MILLION = 1_000_000


def read() -> tuple[list[dict[str, Any]], dict[str, Any], float]:
    folder = content_file("paths")
    paths = [tomllib.loads(file.read_text("utf-8")) for file in sorted(folder.glob("[0-9]*.toml"))]
    facts = tomllib.loads((folder / "facts.toml").read_text("utf-8"))
    registry = tomllib.loads(content_file("data", "facts", "enterprises.toml").read_text("utf-8"))
    plain = {
        fact["key"]: {**fact["path"], "kind": fact["kind"]} for fact in registry["fact"] if "path" in fact
    }
    shared = tomllib.loads((folder / "evaluation.toml").read_text("utf-8"))
    return paths, {**facts, **plain}, shared["interval"]["deviations"]


PATHS, FACTS, DEVIATIONS = read()


def millionths(number: float) -> int:
    return round(number * MILLION)


def weights(piece: dict[str, Any]) -> list[int]:
    if "steps" in piece:
        return [0, *(millionths(step["weight"]) for step in piece["steps"])]
    return [millionths(piece["when_true"]), millionths(piece["when_false"])]


def weight(piece: dict[str, Any], value: Any) -> int:
    if value is None:
        return 0
    if "steps" in piece:
        reached = [step["weight"] for step in piece["steps"] if value >= step["from"]]
        return millionths(reached[-1]) if reached else 0
    return millionths(piece["when_true"] if value else piece["when_false"])


def score(path: dict[str, Any], values: dict[str, Any]) -> int:
    return millionths(path["base"]) + sum(weight(piece, values[piece["fact"]]) for piece in path["evidence"])


def feasible(path: dict[str, Any], values: dict[str, Any]) -> bool | None:
    answers = []
    for condition in path["conditions"]:
        told = [values[fact] for fact in condition["any"]]
        answer = True if True in told else (None if None in told else False)
        answers.append(True if answer is None and condition.get("allow_unknown") else answer)
    return False if False in answers else (None if None in answers else True)


def interval(path: dict[str, Any], values: dict[str, Any]) -> tuple[float, float]:
    low = high = float(score(path, values))
    for piece in path["evidence"]:
        if values[piece["fact"]] is None:
            low += min(0, *weights(piece))
            high += max(0, *weights(piece))
    doubt = path["model_doubt"] * DEVIATIONS * MILLION
    return chance(low - doubt), chance(high + doubt)


def chance(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds / MILLION))


def ranking(values: dict[str, Any]) -> list[tuple[int, int]]:
    """(path number, score) of the feasible paths, best first."""
    able = [(path["number"], score(path, values)) for path in PATHS if feasible(path, values) is True]
    return sorted(able, key=lambda each: (-each[1], each[0]))


def flip(values: dict[str, Any], threshold: int = 3) -> str | None:
    """The sentence of the smallest change that puts another path first, by trying every one."""
    before = ranking(values)
    first = before[0][0] if before else None
    old = {path["number"]: score(path, values) for path in PATHS}
    able = {number for number, _ in before}
    found: list[tuple[int, int, str]] = []
    for at, (key, change, unknown, words) in enumerate(_changes(threshold)):
        present, needed = values[key], FACTS[key].get("needs")
        if needed is not None and values[needed] is not True:
            continue
        if unknown != (present is None) or (not unknown and not present < change[key]):
            continue
        changed = {**values, **change}
        after = ranking(changed)
        if not after or after[0][0] == first:
            continue
        new = after[0][0]
        moved = {path["number"]: score(path, changed) - old[path["number"]] for path in PATHS}
        size = abs(moved[new] - (moved[first] if first else 0))
        if new not in able:
            size += MILLION if unknown else 100 * MILLION
        found.append((size, at, f"若{'查明' if unknown else ''}{words}，改为路径{new}"))
    return min(found)[2] if found else None


def _changes(threshold: int) -> list[tuple[str, dict[str, Any], bool, str]]:
    changes = []
    for key, fact in FACTS.items():
        if fact["kind"] == "flag":
            for word, value, unknown in (
                ("become", True, False),
                ("found", True, True),
                ("found_not", False, True),
            ):
                if word in fact:
                    changes.append((key, {key: value}, unknown, fact[word]["zh"]))
            continue
        levels = {
            step["from"]
            for path in PATHS
            for piece in path["evidence"]
            if piece["fact"] == key
            for step in piece["steps"]
        }
        for level in sorted(levels):
            settled: dict[str, Any] = {key: level}
            for consequence in fact.get("consequences", []):
                if level >= consequence["from"]:
                    settled[consequence["fact"]] = consequence["value"]
            shown = (
                f"{level // 10}%"
                if fact["kind"] == "share"
                else f"{level + (threshold if 'plus' in fact else 0)}{fact['unit']['zh']}"
            )
            for word, unknown in (("become", False), ("found", True)):
                if word in fact and (unknown or level >= fact.get("become_from", level)):
                    changes.append((key, settled, unknown, fact[word]["zh"].format(value=shown)))
    return changes
