"""Reads the policy content and lays planners' own files over it.

An overlay never edits the base: it is a file of `[[value]]` tables whose keys replace the base values from
their `valid_from` on. Every fault of a file is collected and told at once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from coverage_engine.content import content_file, read_content_toml
from coverage_engine.errors import PolicyError
from coverage_engine.policy.definitions import (
    AskCost,
    Duty,
    Points,
    Policy,
    PolicyValue,
    RegistrationTable,
    Sector,
    SizeStep,
)

_BASE = "notice_2019_17.toml"


def load_policy(as_of: date, overlays: Sequence[Path] = ()) -> Policy:
    """The policy in force on a day, with the planners' files laid over it in order.

    Raises:
        PolicyError: a file is unreadable, a value lacks its clause or date, a key is unknown.
    """
    base_file = content_file("data", "policy", _BASE)
    base = _parse(base_file)
    values = {value.key: value for value in _values(base, base_file, as_of)}
    if not values:
        raise PolicyError(
            f"时点 {as_of} 早于政策 {base['name']} 的生效日期", "请用 --as-of 给出 2019-01-01 以后的日期。"
        )
    version = f"{base['name']} {base['version']}"
    for overlay in overlays:
        content = _parse(overlay)
        changed = _values(content, overlay, as_of)
        _refuse_unknown_keys(changed, values.keys(), overlay)
        values |= {value.key: value for value in changed}
        version += f"+{content.get('version', overlay.stem)}"
    duties = read_content_toml("data", "policy", "duties.toml")
    priority = read_content_toml("data", "policy", "priority.toml")
    scope = read_content_toml("data", "policy", "scope.toml")
    return Policy(
        as_of=as_of,
        version=version,
        values=values,
        duties=tuple(_duty(entry) for entry in duties["duty"]),
        points=tuple(Points(**entry) for entry in priority["points"]),
        size_steps=tuple(SizeStep(**entry) for entry in priority["size"]),
        control_non_public=tuple(scope["control"]["non_public"]),
        control_public=tuple(scope["control"]["public"]),
        registration_tables=tuple(_registration(entry) for entry in scope["registration"]),
        sectors=tuple(Sector(**{**entry, "prefixes": tuple(entry["prefixes"])}) for entry in scope["sector"]),
        ask_costs=tuple(sorted((AskCost(**entry) for entry in scope["ask"]), key=lambda ask: ask.cost)),
    )


def _parse(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as stream:
            return tomllib.load(stream)
    except FileNotFoundError as error:
        raise PolicyError(f"找不到政策文件：{file}", "请检查文件名和所在文件夹。") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(
            f"政策文件 {file.name} 不是正确的 TOML：{error}", "请对照 data/policy 里的写法修改，存为 UTF-8。"
        ) from error


def _values(content: dict[str, Any], file: Path, as_of: date) -> list[PolicyValue]:
    """The values in force on the day; collects every fault of the file before refusing it."""
    faults: list[str] = []
    found: list[PolicyValue] = []
    for entry in content.get("value", []):
        key = str(entry.get("key", "（无键名）"))
        lacking = [
            field for field in ("key", "value", "clause", "valid_from") if not _filled(entry.get(field))
        ]
        if lacking:
            faults.append(f"第 {_line_of(file, key)} 行 {key} 缺少 {'、'.join(lacking)}")
            continue
        value = PolicyValue(
            key,
            entry["value"],
            str(entry.get("unit", "")),
            str(entry["clause"]),
            entry["valid_from"],
            entry.get("valid_to"),
            file.name,
        )
        if value.valid_from <= as_of and (value.valid_to is None or as_of <= value.valid_to):
            found.append(value)
    faults += _overlaps(found)
    if faults:
        raise PolicyError(
            f"政策文件 {file.name} 有误：" + "；".join(faults),
            "每个参数都要写 key、value、clause（依据）和 valid_from（起始日期），同一键的日期不能重叠。",
        )
    return found


def _overlaps(values: Iterable[PolicyValue]) -> list[str]:
    seen: set[str] = set()
    faults = []
    for value in values:
        if value.key in seen:
            faults.append(f"{value.key} 的有效日期重叠")
        seen.add(value.key)
    return faults


def _refuse_unknown_keys(values: Iterable[PolicyValue], known: Iterable[str], file: Path) -> None:
    unknown = sorted({value.key for value in values} - set(known))
    if unknown:
        raise PolicyError(
            f"政策文件 {file.name} 里没有这样的参数：{'、'.join(unknown)}",
            "可用的参数见 data/policy/notice_2019_17.toml。",
        )


def _filled(value: object) -> bool:
    return value is not None and value != ""


def _line_of(file: Path, key: str) -> int:
    lines = file.read_text("utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if f'"{key}"' in line), 1)


def _duty(entry: dict[str, Any]) -> Duty:
    return Duty(**{field: value for field, value in entry.items() if not field.startswith("valid_")})


def _registration(entry: dict[str, Any]) -> RegistrationTable:
    return RegistrationTable(
        year=int(entry["year"]),
        non_public=tuple(entry["non_public"]),
        non_public_prefixes=tuple(entry["non_public_prefixes"]),
        public=tuple(entry["public"]),
        clause=str(entry["clause"]),
    )
