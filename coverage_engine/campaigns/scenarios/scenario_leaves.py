"""One scenario file as its leaves: every stated assumption by dotted key, with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from coverage_engine.campaigns.scenarios.assumptions import Link
from coverage_engine.campaigns.scenarios.scenario_shapes import BaseFile, LinkPart, ScenarioFile
from coverage_engine.content import Fault, Written, read, refuse

T = TypeVar("T", BaseFile, ScenarioFile)

_RATES = ("drives", "visit", "spontaneous", "lapse")
_CALLED, _EXAMPLE = "情景文件", "data/scenarios/base.toml"


@dataclass(frozen=True)
class Stated:
    """One leaf of a file: its value and where it stands."""

    value: Any
    file: str
    line: int


Leaves = Mapping[str, Stated]
"""The stated assumptions by key such as `campaign.months`."""


@dataclass(frozen=True)
class Overlay:
    """One scenario file: its leaves, and the relations that it adds."""

    file: Path
    order: int
    leaves: Leaves
    links: tuple[Link, ...]


def base_leaves(file: Path) -> Leaves:
    """All leaves of the base.

    Raises:
        PolicyError: the file is absent or no TOML, or names every fault with its line.
    """
    written = read(file, BaseFile, _CALLED, _EXAMPLE)
    refuse([*_rate_faults(written)], f"{_CALLED} {file.name} ", _remedy())
    return _leaves(written)


def overlay_of(file: Path) -> Overlay:
    """The leaves and relations of a scenario file; a circle of headquarters is refused where it closes.

    Raises:
        PolicyError: the file is absent or no TOML, or names every fault with its line.
    """
    written = read(file, ScenarioFile, _CALLED, _EXAMPLE)
    faults = [*_rate_faults(written), *_circle_faults(written)]
    refuse(faults, f"{_CALLED} {file.name} ", _remedy())
    links = tuple(
        Link(part.relation, part.driver, part.target, file.name, written.line("link", at))
        for at, part in enumerate(written.value.link, start=1)
    )
    return Overlay(file, written.value.scenario.order, _leaves(written), links)


# ---------------------------------------------------------------------------------------------- private


def _remedy() -> str:
    return f"请按所指的行修改后重试；写法见 {_EXAMPLE}。"


def _leaves(written: Written[T]) -> dict[str, Stated]:
    content = {name: part for name, part in written.content.items() if name != "link"}
    return {
        ".".join(address): Stated(value, written.file, written.line(*address))
        for address, value in _walk(content, ())
    }


def _walk(content: Mapping[str, Any], above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in content.items():
        if isinstance(value, dict) and "source" not in value:
            yield from _walk(value, (*above, name))
        else:
            yield (*above, name), value


def _rate_faults(written: Written[T]) -> Iterator[Fault]:
    """A chance is stated by its prior or by a fixed value."""
    for key, stated in _leaves(written).items():
        name = key.rpartition(".")[2]
        if name in _RATES and ("prior" in stated.value) == ("value" in stated.value):
            problem = "概率要写 prior = [a, b] 或 value，二者写一个"
            yield written.place(*key.split(".")).fault(problem)


def _circle_faults(written: Written[ScenarioFile]) -> Iterator[Fault]:
    links = written.value.link
    for at, link in enumerate(links, start=1):
        if link.relation == "headquarters" and _reaches(links[: at - 1], link.target, link.driver):
            problem = f"总部关系成环，{link.target} 已经是 {link.driver} 的上级"
            yield written.place("link", at).fault(problem)


def _reaches(links: Sequence[LinkPart], start: str, goal: str) -> bool:
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
