"""The typed graph of a campaign: firms and who drives whom, in compressed rows with stable edge ids.

An edge's id is hashed from (source key, target key, kind), a firm's from its key: coins follow ids, so that
re-sorting a ledger changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from coverage_engine.campaigns.network.coins import Words, mixed, mixed_number, salted, text_hashes
from coverage_engine.errors import ArgumentError

if TYPE_CHECKING:
    import networkx

Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]
Reals = npt.NDArray[np.float64]

KINDS = 16
"""Kinds of relation at most; 9 and 10 are the paths of headquarters and leaders, the rest is background."""

_SPONTANEOUS, _LAPSE, _VISIT, _THRESHOLD = 1, 2, 3, 4


@dataclass(frozen=True)
class Firms:
    """企业: one entry a firm; `keys` are unique texts (credit code, or name and county).

    `covered` has an effective organisation at month 0; `eligible` may get one; `drives` may drive others;
    `counted` stands in the province's figures; `place` is an index into `places` (the counties).
    """

    keys: npt.NDArray[np.bytes_]
    covered: Flags
    eligible: Flags
    drives: Flags
    counted: Flags
    place: Places
    places: tuple[str, ...]
    young: Counts
    duty: Counts

    @property
    def size(self) -> int:
        """How many firms."""
        return len(self.keys)


@dataclass(frozen=True)
class Edges:
    """带动关系: one entry an edge, by positions in `Firms`; `strength` multiplies the kind's chance."""

    source: Places
    target: Places
    kind: npt.NDArray[np.uint8]
    strength: Reals | None = None


@dataclass(frozen=True)
class CampaignGraph:
    """带动网络: the edges in rows by source, then kind, then priority; `first[u]:first[u + 1]` are u's."""

    firms: Firms
    first: Counts
    source: Places
    target: Places
    kind: npt.NDArray[np.uint8]
    strength: Reals | None
    edge_ids: Words
    firm_ids: Words

    @property
    def size(self) -> int:
        """How many firms."""
        return self.firms.size

    @cached_property
    def by_target(self) -> Counts:
        """Positions of the edges in order of target."""
        return np.argsort(self.target, kind="stable")

    @cached_property
    def first_in(self) -> Counts:
        """`by_target[first_in[v]:first_in[v + 1]]` are the edges into v."""
        return _row_starts(self.target, self.size)

    @cached_property
    def spontaneous_ids(self) -> Words:
        """Coin ids of spontaneous founding."""
        return salted(self.firm_ids, _SPONTANEOUS)

    @cached_property
    def lapse_ids(self) -> Words:
        """Coin ids of lapse."""
        return salted(self.firm_ids, _LAPSE)

    def visit_ids(self, kind: int) -> Words:
        """Coin ids of staff visits on one path."""
        return salted(self.firm_ids, _VISIT * KINDS + kind)

    def threshold_ids(self, kind: int) -> Words:
        """Coin ids of targets that need several drivers of one kind."""
        return salted(self.firm_ids, _THRESHOLD * KINDS + kind)

    @property
    def gaps(self) -> Flags:
        """可建空白: counted firms that are eligible and not covered at month 0."""
        return self.firms.counted & self.firms.eligible & ~self.firms.covered


def build_graph(firms: Firms, edges: Edges) -> CampaignGraph:
    """The graph of the given firms and edges; doubled edges count once, edges to oneself are dropped.

    A driver attempts its targets in order of duty weight, young employees, then edge id.
    """
    proper = edges.source != edges.target
    source, target, kind = edges.source[proper], edges.target[proper], edges.kind[proper]
    strength = None if edges.strength is None else edges.strength[proper]
    firm_ids = text_hashes(firms.keys)
    ids = edge_ids(firm_ids[source], firm_ids[target], kind)
    order = np.lexsort((ids, -firms.young[target], -firms.duty[target], kind, source))
    ids = ids[order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = ids[1:] != ids[:-1]
    order, ids = order[fresh], ids[fresh]
    return CampaignGraph(
        firms=firms,
        first=_row_starts(source[order], firms.size),
        source=source[order].astype(np.int32),
        target=target[order].astype(np.int32),
        kind=kind[order].astype(np.uint8),
        strength=None if strength is None else strength[order],
        edge_ids=ids,
        firm_ids=firm_ids,
    )


def edge_ids(source_ids: Words, target_ids: Words, kind: npt.NDArray[np.uint8]) -> Words:
    """Stable ids hashed from source, target and kind."""
    kinds = np.array([mixed_number(number) for number in range(256)], dtype=np.uint64)[kind]
    return mixed(mixed(mixed(source_ids) ^ target_ids) ^ kinds)


def plain_firms(size: int, **given: Any) -> Firms:
    """Firms `0 … size-1` for experiments: all eligible, counted, driving, uncovered, in one place."""
    return Firms(
        keys=given.get("keys", np.arange(size).astype("S12")),
        covered=given.get("covered", np.zeros(size, dtype=bool)),
        eligible=given.get("eligible", np.ones(size, dtype=bool)),
        drives=given.get("drives", np.ones(size, dtype=bool)),
        counted=given.get("counted", np.ones(size, dtype=bool)),
        place=given.get("place", np.zeros(size, dtype=np.int32)),
        places=given.get("places", ("",)),
        young=given.get("young", np.zeros(size, dtype=np.int64)),
        duty=given.get("duty", np.zeros(size, dtype=np.int64)),
    )


def from_networkx(graph: networkx.DiGraph, probability: str = "probability") -> CampaignGraph:
    """A graph drawn up with networkx, as the campaign engines take it.

    Args:
        graph: directed. Edges: `path` (or `kind`), 0 to 15, by default 0, and the attribute `probability`:
            the chance of one try, 0 to 1, by which the rate of the edge's kind is multiplied; on all edges
            or on none (then 1). Nodes: `covered`, `eligible`, `drives`, `counted` (flags), `county` (text),
            `young`, `duty` (whole numbers); by default not covered, eligible, driving, counted, "", 0, 0.
        probability: the edge attribute that holds the chances.

    Raises:
        ArgumentError: undirected; two nodes have one text; some edges have a chance and others none; a chance
            is no number from 0 to 1, or a kind no whole number from 0 to 15; parallel edges of one kind have
            chances, which no single coin can stand for.
    """
    if not graph.is_directed():
        raise ArgumentError("带动网络应有方向", "请给出 networkx.DiGraph，如 graph.to_directed()。")
    nodes = sorted(graph.nodes, key=str)
    same = [str(node) for node, after in pairwise(nodes) if str(node) == str(after)]
    if same:
        raise ArgumentError(f"有两个节点的名称写出来都是 {same[0]}", "请给每个节点不同的名称，如都用文字。")
    position = {node: number for number, node in enumerate(nodes)}
    drawn = list(graph.edges(data=True))
    kinds = [_kind(edge) for edge in drawn]
    places = [(position[source], position[target]) for source, target, _ in drawn]
    columns = np.array(places, dtype=np.int32).reshape(-1, 2)
    strength = _strengths(drawn, probability)
    if strength is not None and len(set(zip(places, kinds, strict=True))) < len(kinds):
        raise ArgumentError("同一方向、同一类的平行边各有概率", "请先合成一条边：1 减各边不成的概率之积。")
    edges = Edges(columns[:, 0], columns[:, 1], np.array(kinds, dtype=np.uint8), strength)
    return build_graph(_drawn_firms(nodes, [graph.nodes[node] for node in nodes]), edges)


def _drawn_firms(nodes: Sequence[Any], attributes: Sequence[Mapping[str, Any]]) -> Firms:
    counties = [str(entry.get("county", "")) for entry in attributes]
    places = tuple(sorted(set(counties)))
    return Firms(
        keys=np.array([str(node).encode() for node in nodes], dtype=bytes),
        covered=_flags(attributes, "covered", False),
        eligible=_flags(attributes, "eligible", True),
        drives=_flags(attributes, "drives", True),
        counted=_flags(attributes, "counted", True),
        place=np.array([places.index(county) for county in counties], dtype=np.int32),
        places=places,
        young=np.array([int(entry.get("young", 0)) for entry in attributes], dtype=np.int64),
        duty=np.array([int(entry.get("duty", 0)) for entry in attributes], dtype=np.int64),
    )


def _kind(edge: tuple[Any, Any, Mapping[str, Any]]) -> int:
    source, target, data = edge
    kind = data.get("path", data.get("kind", 0))
    if isinstance(kind, bool) or not isinstance(kind, Integral) or not 0 <= int(kind) < KINDS:
        remedy = f"边的 path（或 kind）应为 0 到 {KINDS - 1} 的整数，请改后再试。"
        raise ArgumentError(f"边 {source}→{target} 的类别给得不对：{kind!r}", remedy)
    return int(kind)


def _strengths(drawn: Sequence[tuple[Any, Any, Mapping[str, Any]]], name: str) -> Reals | None:
    """The chance of every edge; none where no edge has one."""
    if not any(name in data for _, _, data in drawn):
        return None
    for source, target, data in drawn:
        chance = data.get(name)
        if not isinstance(chance, Real) or isinstance(chance, bool) or not 0 <= float(chance) <= 1:
            remedy = f"每条边的 {name} 都应为 0 到 1 的数，或者都不写，请改后再试。"
            raise ArgumentError(f"边 {source}→{target} 的 {name} 给得不对：{chance!r}", remedy)
    return np.array([float(data[name]) for _, _, data in drawn])


def circles(graph: CampaignGraph, kind: int) -> list[list[int]]:
    """Circles among the edges of one kind, each as its firms; empty in a proper group tree."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    chosen = graph.kind == kind
    matrix = coo_array(
        (np.ones(int(chosen.sum()), dtype=np.int8), (graph.source[chosen], graph.target[chosen])),
        shape=(graph.size, graph.size),
    )
    _, label = connected_components(matrix.tocsr(), directed=True, connection="strong")
    sizes = np.bincount(label)
    return [np.flatnonzero(label == number).tolist() for number in np.flatnonzero(sizes > 1)]


def _flags(attributes: Iterable[Mapping[str, Any]], name: str, otherwise: bool) -> Flags:
    return np.array([bool(entry.get(name, otherwise)) for entry in attributes], dtype=bool)


def _row_starts(rows: npt.NDArray[Any], size: int) -> Counts:
    return np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=size))]).astype(np.int64)
