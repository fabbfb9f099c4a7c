"""The relations that a scenario file adds; a circle of headquarters is refused with its line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coverage_engine.campaigns.scenarios.assumptions import RELATIONS, Link
from coverage_engine.campaigns.scenarios.scenario_leaves import parsed, refuse


def links_of(file: Path) -> tuple[Link, ...]:
    """The relations that a file adds; a circle of headquarters is refused with the line that closes it."""
    content, lines = parsed(file)
    heads = [number for number, line in enumerate(lines, 1) if line.strip() == "[[link]]"]
    links: list[Link] = []
    faults: list[str] = []
    for line, entry in zip(heads, content.get("link", []), strict=False):
        relation, driver, target = (str(entry.get(part, "")) for part in ("relation", "driver", "target"))
        link = Link(relation, driver, target, file.name, line)
        if link.relation not in RELATIONS:
            faults.append(f"第 {line} 行：没有“{link.relation}”这种带动关系，可写 {'、'.join(RELATIONS)}")
        elif not (link.driver and link.target):
            faults.append(f"第 {line} 行：要写 driver（带动方）和 target（被带动方）")
        elif link.relation == "headquarters" and _reaches(links, link.target, link.driver):
            faults.append(f"第 {line} 行：总部关系成环，{link.target} 已经是 {link.driver} 的上级")
        links.append(link)
    refuse(file, faults)
    return tuple(links)


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
