"""Reads scenario files: the base, and one file for each scenario that is laid over it.

Every fault of a file is collected with its line and told at once; nothing is skipped quietly.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coverage_engine.campaigns.assumptions import (
    RELATIONS,
    AssumptionLine,
    Link,
    Rate,
    RelationAssumptions,
    Scenario,
    StartRule,
)
from coverage_engine.campaigns.scenario_fields import FIELDS, WORDS, fault_of
from coverage_engine.content import content_file, content_files
from coverage_engine.errors import PolicyError

SCENARIOS_AT_MOST = 6
_ON_THE_SPOT = "本次运行给定"
_UNITS = {"campaign.months": "月", "starts.number": "家"}


@dataclass(frozen=True)
class _Stated:
    """One leaf of a file: its value and where it stands."""

    value: Any
    file: str
    line: int


_Leaves = Mapping[str, _Stated]


def load_scenarios(
    files: Sequence[Path] = (), given: Mapping[str, int] | None = None
) -> tuple[Scenario, ...]:
    """The scenarios of the given files, or the shipped ones, each laid over `data/scenarios/base.toml`.

    `given` are values that the planner states on the spot, by key such as `campaign.months`; they are laid
    over every scenario and told among its assumptions.

    Raises:
        PolicyError: a file is unreadable or wrong (names the line), or there are more than six scenarios.
    """
    base_file = content_file("data", "scenarios", "base.toml")
    base = _leaves(base_file)
    chosen = list(files) or [
        file for file in content_files("data", "scenarios", suffix=".toml") if file != base_file
    ]
    if len(chosen) > SCENARIOS_AT_MOST:
        raise PolicyError(
            f"给了 {len(chosen)} 个情景，最多并列 {SCENARIOS_AT_MOST} 个", "请去掉几个情景文件后重试。"
        )
    ordered = sorted(
        (
            (_order(over), number, file, over)
            for number, (file, over) in enumerate((f, _leaves(f)) for f in chosen)
        ),
        key=lambda entry: entry[:2],
    )
    stated = _given_leaves(given or {})
    scenarios = tuple(
        _scenario(_laid_over(_laid_over(base, over), stated), file, _links(file))
        for *_, file, over in ordered
    )
    keys = [scenario.key for scenario in scenarios]
    doubled = sorted({key for key in keys if keys.count(key) > 1})
    if doubled:
        raise PolicyError(f"情景的 key 重复：{'、'.join(doubled)}", "请给每个情景不同的 key。")
    return scenarios


def _given_leaves(given: Mapping[str, int]) -> _Leaves:
    """The planner's own values as leaves; a wrong one is refused like a line of a file."""
    leaves = {
        key: _Stated({"value": value, "unit": _UNITS.get(key, ""), "source": _ON_THE_SPOT}, _ON_THE_SPOT, 1)
        for key, value in given.items()
    }
    faults = [(key, fault_of(FIELDS[key], stated.value)) for key, stated in leaves.items()]
    wrong = [f"{key}：{fault}" for key, fault in faults if fault]
    if wrong:
        raise PolicyError("给定的参数有误：" + "；".join(wrong), "请改正命令中的参数后重试。")
    return leaves


def _order(over: _Leaves) -> int:
    stated = over.get("scenario.order")
    return stated.value if stated else 1_000


def _laid_over(base: _Leaves, over: _Leaves) -> _Leaves:
    """Base and overlay; whichever of number and hours the overlay states replaces both."""
    kept = dict(base)
    if "starts.number" in over or "starts.hours" in over:
        kept.pop("starts.number", None)
        kept.pop("starts.hours", None)
    return kept | dict(over)


def _leaves(file: Path) -> dict[str, _Stated]:
    """All leaves of a file by dotted key; refuses the file with every fault and its line."""
    content, lines = _parsed(file)
    content.pop("link", None)
    found: dict[str, _Stated] = {}
    faults: list[str] = []
    for key, value in _walk(content):
        line = _line_of(lines, key)
        found[key] = _Stated(value, file.name, line)
        fault = _fault(key, value)
        if fault:
            faults.append(f"第 {line} 行 {key}：{fault}")
    _refuse(file, faults)
    return found


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


def _scenario(leaves: _Leaves, file: Path, links: tuple[Link, ...]) -> Scenario:
    lacking = [key for key in ("scenario.key", "scenario.title") if key not in leaves]
    _refuse(file, [f"第 1 行：没有写 {key}" for key in lacking])
    title = str(leaves["scenario.title"].value)
    active = _names(leaves, "scenario.active")
    return Scenario(
        key=str(leaves["scenario.key"].value),
        title=title,
        title_en=_text(leaves, "scenario.title_en", title),
        about=_text(leaves, "scenario.about", ""),
        about_en=_text(leaves, "scenario.about_en", _text(leaves, "scenario.about", "")),
        months=_value(leaves, "campaign.months"),
        goal=float(_value(leaves, "campaign.goal")),
        spontaneous=_rate(leaves, "campaign.spontaneous"),
        lapse=_rate(leaves, "campaign.lapse"),
        joint_below_three=_value(leaves, "campaign.joint_below_three"),
        unknown_members=_value(leaves, "campaign.unknown_members"),
        unknown_states=_value(leaves, "campaign.unknown_states"),
        outside_headquarters=_value(leaves, "campaign.outside_headquarters"),
        relations=tuple(_relation(leaves, name, name in active) for name in RELATIONS),
        starts=_starts(leaves),
        links=links,
        lines=tuple(_line(key, stated) for key, stated in leaves.items() if key in FIELDS),
    )


def _relation(leaves: _Leaves, name: str, active: bool) -> RelationAssumptions:
    def count(field: str) -> int:
        return int(_value(leaves, f"relation.{name}.{field}"))

    return RelationAssumptions(
        relation=name,
        path=RELATIONS[name],
        active=active,
        drives=_rate(leaves, f"relation.{name}.drives"),
        visit=_rate(leaves, f"relation.{name}.visit"),
        attempts=count("attempts"),
        attention=count("attention"),
        threshold=count("threshold"),
        visit_hours=count("visit_hours"),
    )


def _starts(leaves: _Leaves) -> StartRule:
    return StartRule(
        relations=_names(leaves, "starts.relations"),
        number=_value(leaves, "starts.number") if "starts.number" in leaves else None,
        hours=_value(leaves, "starts.hours") if "starts.hours" in leaves else None,
        locked_in=_names(leaves, "starts.locked_in"),
        excluded=_names(leaves, "starts.excluded"),
    )


def _links(file: Path) -> tuple[Link, ...]:
    """The relations that a file adds; a circle of headquarters is refused with the line that closes it."""
    content, lines = _parsed(file)
    heads = [number for number, line in enumerate(lines, 1) if line.strip() == "[[link]]"]
    found: list[Link] = []
    faults: list[str] = []
    for line, entry in zip(heads, content.get("link", []), strict=False):
        relation, driver, target = (str(entry.get(part, "")) for part in ("relation", "driver", "target"))
        link = Link(relation, driver, target, file.name, line)
        if link.relation not in RELATIONS:
            faults.append(f"第 {line} 行：没有“{link.relation}”这种带动关系，可写 {'、'.join(RELATIONS)}")
        elif not (link.driver and link.target):
            faults.append(f"第 {line} 行：要写 driver（带动方）和 target（被带动方）")
        elif link.relation == "headquarters" and _reaches(found, link.target, link.driver):
            faults.append(f"第 {line} 行：总部关系成环，{link.target} 已经是 {link.driver} 的上级")
        found.append(link)
    _refuse(file, faults)
    return tuple(found)


def _reaches(links: Sequence[Link], start: str, goal: str) -> bool:
    """Whether `goal` lies under `start` in the headquarters relations stated so far."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here == goal:
            return True
        if here not in seen:
            seen.add(here)
            waiting += [
                link.target for link in links if link.relation == "headquarters" and link.driver == here
            ]
    return False


def _parsed(file: Path) -> tuple[dict[str, Any], list[str]]:
    try:
        text = file.read_text("utf-8-sig")
        return tomllib.loads(text), text.splitlines()
    except FileNotFoundError as error:
        raise PolicyError(f"找不到情景文件：{file}", "请检查文件名和所在文件夹。") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(
            f"情景文件 {file.name} 不是正确的 TOML：{error}",
            "请对照 data/scenarios 里的写法修改，存为 UTF-8。",
        ) from error


def _refuse(file: Path, faults: Sequence[str]) -> None:
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


def _value(leaves: _Leaves, key: str) -> Any:
    return leaves[key].value["value"]


def _text(leaves: _Leaves, key: str, otherwise: str) -> str:
    return str(leaves[key].value) if key in leaves else otherwise


def _names(leaves: _Leaves, key: str) -> tuple[str, ...]:
    return tuple(str(name) for name in leaves[key].value) if key in leaves else ()


def _rate(leaves: _Leaves, key: str) -> Rate:
    stated = leaves[key].value
    if "value" in stated:
        return Rate(0.0, 0.0, float(stated["value"]))
    return Rate(float(stated["prior"][0]), float(stated["prior"][1]))


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _line(key: str, stated: _Stated) -> AssumptionLine:
    entry = stated.value
    value = (
        f"Beta({entry['prior'][0]:g}, {entry['prior'][1]:g})" if "prior" in entry else _shown(entry["value"])
    )
    source = str(entry["source"])
    return AssumptionLine(
        key,
        value,
        str(entry.get("unit", "")),
        source,
        "假设" in source or "assumed" in source,
        stated.file,
        stated.line,
    )
