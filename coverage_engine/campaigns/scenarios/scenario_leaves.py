"""One scenario file as its leaves: every stated assumption by dotted key, with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coverage_engine.campaigns.scenarios.assumptions import RELATIONS
from coverage_engine.campaigns.scenarios.scenario_fields import FIELDS, WORDS, fault_of
from coverage_engine.errors import PolicyError
from coverage_engine.policy.files import toml_of


@dataclass(frozen=True)
class Stated:
    """One leaf of a file: its value and where it stands."""

    value: Any
    file: str
    line: int


Leaves = Mapping[str, Stated]
"""The stated assumptions by key such as `campaign.months`."""


def leaves_of(file: Path) -> dict[str, Stated]:
    """All leaves of a file by dotted key; refuses the file with every fault and its line."""
    content, lines = parsed(file)
    content.pop("link", None)
    leaves: dict[str, Stated] = {}
    faults: list[str] = []
    for key, value in _walk(content):
        line = _line_of(lines, key)
        leaves[key] = Stated(value, file.name, line)
        fault = _fault(key, value)
        if fault:
            faults.append(f"第 {line} 行 {key}：{fault}")
    refuse(file, faults)
    return leaves


def _fault(key: str, value: Any) -> str | None:
    if key in FIELDS:
        return fault_of(FIELDS[key], value)
    if key in WORDS:
        return _word_fault(key, value)
    parts = key.split(".")
    if parts[0] == "relation" and (len(parts) < 2 or parts[1] not in RELATIONS):
        return f"没有“{parts[-1 if len(parts) < 2 else 1]}”这种带动关系，可写 {'、'.join(RELATIONS)}"
    return "没有这样的假设，可写的键见 data/scenarios/base.toml"


def _word_fault(key: str, value: Any) -> str | None:
    if type(value) is not WORDS[key]:
        return f"写法不对，现为 {value!r}"
    if isinstance(value, list) and key in ("scenario.active", "starts.relations"):
        unknown = [str(name) for name in value if name not in RELATIONS]
        if unknown:
            return f"没有“{'、'.join(unknown)}”这种带动关系，可写 {'、'.join(RELATIONS)}"
    return None


def _walk(content: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in content.items():
        key = f"{prefix}{name}"
        is_section = isinstance(value, dict) and not {"value", "prior", "source"} & set(value)
        if is_section and key not in FIELDS:
            yield from _walk(value, f"{key}.")
        else:
            yield key, value


def parsed(file: Path) -> tuple[dict[str, Any], list[str]]:
    """The content of a file and its lines.

    Raises:
        PolicyError: the file is absent or no TOML.
    """
    return toml_of(file, "情景文件", "data/scenarios")


def refuse(file: Path, faults: Sequence[str]) -> None:
    """Tells all faults of a file at once, if there are any."""
    if faults:
        raise PolicyError(
            f"情景文件 {file.name} 有误：" + "；".join(faults),
            "请按所指的行修改后重试；写法见 data/scenarios/base.toml。",
        )


def _line_of(lines: Sequence[str], key: str) -> int:
    """The line on which a dotted key stands: its own line within its section, else the section's."""
    section, _, name = key.rpartition(".")
    here = ""
    nearest = 1
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text.startswith("["):
            here = text.strip("[]").strip()
            if here in (section, key):
                nearest = number
            continue
        stated = text.split("=")[0].strip()
        if (here == section and stated == name) or (f"{here}.{stated}" == key):
            return number
    return nearest
