"""Reads scenario files: the base, and one file for each scenario that is laid over it.

Every fault of a file is collected with its line and told at once; nothing is skipped quietly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from coverage_engine.campaigns.scenarios.assumptions import (
    RELATIONS,
    AssumptionLine,
    Rate,
    RelationAssumptions,
    Scenario,
    StartRule,
)
from coverage_engine.campaigns.scenarios.scenario_leaves import (
    Leaves,
    Overlay,
    Stated,
    base_leaves,
    overlay_of,
)
from coverage_engine.campaigns.scenarios.scenario_shapes import GivenValues
from coverage_engine.content import content_file, content_files, faults_beside, refuse
from coverage_engine.errors import PolicyError

SCENARIOS_AT_MOST = 6
_ON_THE_SPOT = "本次运行给定"
_UNITS = {"campaign.months": "月", "starts.number": "家"}


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
    base = base_leaves(base_file)
    chosen = list(files) or [
        file for file in content_files("data", "scenarios", suffix=".toml") if file != base_file
    ]
    if len(chosen) > SCENARIOS_AT_MOST:
        raise PolicyError(
            f"给了 {len(chosen)} 个情景，最多并列 {SCENARIOS_AT_MOST} 个", "请去掉几个情景文件后重试。"
        )
    overlays = sorted((overlay_of(file) for file in chosen), key=lambda overlay: overlay.order)
    stated = _given_leaves(given or {})
    scenarios = tuple(_scenario(base, overlay, stated) for overlay in overlays)
    keys = [scenario.key for scenario in scenarios]
    doubled = sorted({key for key in keys if keys.count(key) > 1})
    if doubled:
        raise PolicyError(f"情景的 key 重复：{'、'.join(doubled)}", "请给每个情景不同的 key。")
    return scenarios


def _given_leaves(given: Mapping[str, int]) -> Leaves:
    """The planner's own values as leaves; a wrong one is refused like a line of a file."""
    leaves = {
        key: Stated({"value": value, "unit": _UNITS.get(key, ""), "source": _ON_THE_SPOT}, _ON_THE_SPOT, 1)
        for key, value in given.items()
    }
    content: dict[str, dict[str, Any]] = {}
    for key, leaf in leaves.items():
        part, _, name = key.partition(".")
        content.setdefault(part, {})[name] = leaf.value
    refuse(faults_beside(content, GivenValues, _ON_THE_SPOT), "给定的参数", "请改正命令中的参数后重试。")
    return leaves


def _laid_over(base: Leaves, over: Leaves) -> Leaves:
    """Base and overlay; whichever of number and hours the overlay states replaces both."""
    remaining = dict(base)
    if "starts.number" in over or "starts.hours" in over:
        remaining.pop("starts.number", None)
        remaining.pop("starts.hours", None)
    return remaining | dict(over)


def _scenario(base: Leaves, overlay: Overlay, given: Leaves) -> Scenario:
    leaves = _laid_over(_laid_over(base, overlay.leaves), given)
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
        links=overlay.links,
        lines=tuple(_line(key, stated) for key, stated in leaves.items() if isinstance(stated.value, dict)),
    )


def _relation(leaves: Leaves, name: str, active: bool) -> RelationAssumptions:
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


def _starts(leaves: Leaves) -> StartRule:
    return StartRule(
        relations=_names(leaves, "starts.relations"),
        number=_value(leaves, "starts.number") if "starts.number" in leaves else None,
        hours=_value(leaves, "starts.hours") if "starts.hours" in leaves else None,
        locked_in=_names(leaves, "starts.locked_in"),
        excluded=_names(leaves, "starts.excluded"),
        per_county=_value(leaves, "starts.per_county") if "starts.per_county" in leaves else None,
    )


def _value(leaves: Leaves, key: str) -> Any:
    return leaves[key].value["value"]


def _text(leaves: Leaves, key: str, otherwise: str) -> str:
    return str(leaves[key].value) if key in leaves else otherwise


def _names(leaves: Leaves, key: str) -> tuple[str, ...]:
    return tuple(str(name) for name in leaves[key].value) if key in leaves else ()


def _rate(leaves: Leaves, key: str) -> Rate:
    stated = leaves[key].value
    if "value" in stated:
        return Rate(0.0, 0.0, float(stated["value"]))
    return Rate(float(stated["prior"][0]), float(stated["prior"][1]))


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _line(key: str, stated: Stated) -> AssumptionLine:
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
