"""One enterprise explained (个案说明): plain values that text and page tell alike; texts are in one language.

Contributions and scores are millionths of log-odds: base and steps sum to the score exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class SignedStep:
    """One signed step of a score (推荐理由): its sentence, the fact with its value, cell and clause."""

    contribution: int
    text: str
    fact: str
    value: str
    ledger: str
    cell: str | None
    clause: str
    base: bool


@dataclass(frozen=True)
class UnknownFact:
    """A fact that nobody told (待核实), with the most that it could take away and add."""

    fact: str
    low: int
    high: int


@dataclass(frozen=True)
class PathTold:
    """One path (建团路径) for one enterprise; `feasible` is none where nobody can tell."""

    number: int
    title: str
    feasible: bool | None
    why_not: str | None
    score: int
    chance: float
    low: float
    high: float
    steps: Sequence[SignedStep]
    unknowns: Sequence[UnknownFact]


@dataclass(frozen=True)
class PastCase:
    """A past attempt on a firm alike (相似案例): what was tried, what came of it, what is alike or not."""

    name: str
    place: str
    path: int
    started: date | None
    ended: date | None
    result: str
    alike: Sequence[str]
    unlike: Sequence[str]


@dataclass(frozen=True)
class DrawnNode:
    """A node of the neighbourhood with its place in a square of side one; `covered` is none if not known."""

    key: str
    kind: str
    name: str
    x: float
    y: float
    covered: bool | None


@dataclass(frozen=True)
class DrawnEdge:
    """A tie between two drawn nodes, with the kind of relation."""

    start: str
    end: str
    relation: str


@dataclass(frozen=True)
class Neighbourhood:
    """周边关系: what one enterprise is tied to, laid out for drawing; the first node is the enterprise."""

    nodes: Sequence[DrawnNode] = ()
    edges: Sequence[DrawnEdge] = ()


@dataclass(frozen=True)
class Explained:
    """个案说明: state and duty in lines, the paths best first, what would turn it, who is around.

    `paths` is empty where none are evaluated. `ask_first` is the fact to ask where the paths in `open_paths`
    cannot be told apart. `cases` is none where no past attempts were handed in.
    """

    name: str
    code: str
    place: str
    state: Sequence[str]
    paths: Sequence[PathTold] = ()
    first: int | None = None
    runner_up: int | None = None
    gap: int | None = None
    flip: str | None = None
    ask_first: str | None = None
    open_paths: Sequence[int] = ()
    joint_branch: str | None = None
    relations: Sequence[str] = ()
    drawing: Neighbourhood = field(default_factory=Neighbourhood)
    cases: Sequence[PastCase] | None = None

    def path(self, number: int | None) -> PathTold | None:
        """The path of a number among those told."""
        return next((path for path in self.paths if path.number == number), None)
