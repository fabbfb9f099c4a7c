"""Parts of the content files in `reports/` as frozen values; a file tells all its faults, with their keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any, TypeVar

from coverage_engine.errors import PolicyError

_Part = TypeVar("_Part")


def sound(file: str, layout: _Part | None, faults: Sequence[str]) -> _Part:
    """What was read, where nothing was wrong with it.

    Raises:
        PolicyError: with every fault; file and keys are told.
    """
    if faults or layout is None:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        raise PolicyError(f"报表版式有误：{file}\n{listed}", f"请按上面各项修改 {file}，或恢复原文件。")
    return layout


def read_parts(kind: Callable[..., _Part], content: Mapping[str, Any], key: str, faults: list[str]) -> Any:
    """The values of an array of tables; entries with a fault are left out and told in `faults`."""
    parts = (
        read_part(kind, entry, f"{key}[{number}]", faults)
        for number, entry in enumerate(content.get(key, ()), 1)
    )
    return tuple(part for part in parts if part is not None)


def read_part(
    kind: Callable[..., _Part], entry: Mapping[str, Any], where: str, faults: list[str]
) -> _Part | None:
    """One table as a value, or None with the reasons added to `faults`."""
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    prefix = f"{where}." if where else ""
    unknown = [key for key in entry if key not in known]
    missing = [name for name, field in known.items() if field.default is MISSING and name not in entry]
    faults += [f"{prefix}{key}：没有这一项，可写 {'、'.join(known)}" for key in unknown]
    faults += [f"{prefix}{name}：缺少这一项" for name in missing]
    wrong = [name for name, value in entry.items() if name in known and not _fits(known[name].type, value)]
    faults += [f"{prefix}{name}：{entry[name]!r} 的类型不对，应为 {known[name].type}" for name in wrong]
    if unknown or missing or wrong:
        return None
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()})


# ---------------------------------------------------------------------------------------------- private


def _fits(wanted: Any, value: object) -> bool:
    """Whether a TOML value is of an annotated type (annotations are texts here)."""
    if str(wanted).startswith("tuple"):
        return isinstance(value, list | tuple)
    types: dict[str, type | tuple[type, ...]] = {"str": str, "bool": bool, "int": int, "float": (int, float)}
    return isinstance(value, types[str(wanted)]) and (wanted == "bool" or not isinstance(value, bool))
