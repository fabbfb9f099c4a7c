"""The neighbourhood as a picture: a shape for each kind, a word on each tie, numbers that a list explains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coverage_engine.explanation.explained import DrawnEdge, DrawnNode, Neighbourhood

WIDTH, HEIGHT = 720, 400
_EDGE_X, _EDGE_Y = 70, 34
_FIRMS = frozenset({"enterprise", "rest"})
# A word stands this far along its tie: near the start many ties meet.
_WORD_AT = 0.62


@dataclass(frozen=True)
class Spot:
    """A node of the picture: place, shape, fill by coverage, number (0: the enterprise itself) and name."""

    x: int
    y: int
    shape: str
    state: str
    number: int
    name: str
    kind: str


@dataclass(frozen=True)
class Line:
    """A tie of the picture and its word at `wx`, `wy`; no word where a like tie beside it already says it."""

    x1: int
    y1: int
    x2: int
    y2: int
    word: str

    wx: int
    wy: int


@dataclass(frozen=True)
class Picture:
    """周边关系图: ties below, spots above."""

    spots: tuple[Spot, ...]
    lines: tuple[Line, ...]


def picture(drawing: Neighbourhood, words: Mapping[str, Mapping[str, str]]) -> Picture:
    """The neighbourhood drawn; `words` has texts of the relations and kinds."""
    spots = {node.key: _spot(node, at, words["kinds"]) for at, node in enumerate(drawing.nodes)}
    said: set[tuple[str, str]] = set()
    lines = [_line(edge, spots, words["relations"], said) for edge in drawing.edges]
    return Picture(tuple(spots.values()), tuple(lines))


# ---------------------------------------------------------------------------------------------- private


def _spot(node: DrawnNode, number: int, kinds: Mapping[str, str]) -> Spot:
    shape = "firm" if node.kind in _FIRMS else "hub"
    state = {True: "covered", False: "open", None: "untold"}[node.covered]
    return Spot(
        x=round(_EDGE_X + node.x * (WIDTH - 2 * _EDGE_X)),
        y=round(_EDGE_Y + node.y * (HEIGHT - 2 * _EDGE_Y)),
        shape=shape if number else "centre",
        state=state if node.kind in (*_FIRMS, "headquarters", "leader") else "body",
        number=number,
        name=node.name,
        kind=kinds[node.kind],
    )


def _line(
    edge: DrawnEdge, spots: Mapping[str, Spot], words: Mapping[str, str], said: set[tuple[str, str]]
) -> Line:
    start, end = spots[edge.start], spots[edge.end]
    crowd = (edge.end, edge.relation)
    word = "" if crowd in said else words[edge.relation]
    said.add(crowd)
    # The enterprise is the crowded end: the word of a neighbour stands nearer to the neighbour.
    far = 1 - _WORD_AT if end.number == 0 else _WORD_AT
    wx, wy = (round(a + (b - a) * far) for a, b in ((start.x, end.x), (start.y, end.y)))
    return Line(start.x, start.y, end.x, end.y, word, wx, wy)
