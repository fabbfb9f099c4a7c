"""Anybody's graph in the campaign engines: how far something spreads along its edges, and from where.

`from_networkx` takes the graph over; `spread` plays it, `best_starts` chooses where to begin. Models:

    independent cascade      every edge gets one try, when its source is first covered (Kempe, Kleinberg and
                             Tardos 2003): `spread` without months
    cascade by months        every covered source tries each uncovered target anew each month: with `months`
    threshold by months      a target is won only in months in which at least so many covered sources try it
                             (Granovetter 1978; Centola and Macy 2007): with `months` and `threshold`

The linear threshold model, in which the weights of edges into a node are summed against a random threshold,
is none of these and is not offered.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from coverage_engine.arguments import TEXT, Rule, checked, instance_of, maybe, whole
from coverage_engine.campaigns import choose_starters, wire_cascade
from coverage_engine.campaigns import from_networkx as graph_of
from coverage_engine.campaigns.engine.cascade import cascade_state
from coverage_engine.campaigns.engine.fast import runner
from coverage_engine.campaigns.engine.rules import Play, rates
from coverage_engine.campaigns.engine.tally import lanes_of
from coverage_engine.campaigns.network.campaign_graph import KINDS, CampaignGraph
from coverage_engine.campaigns.network.coins import LANES, Words
from coverage_engine.campaigns.starts.reverse_sets import StartQuestion
from coverage_engine.campaigns.starts.starters import limit_of
from coverage_engine.errors import ArgumentError

if TYPE_CHECKING:
    import networkx

_GRAPH = instance_of("networkx", "DiGraph", "有向图（networkx.DiGraph）")
_CHANCE = Rule(
    "0 到 1 的数",
    lambda value: isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1,
    float,
)
_NODES = Rule(
    "一列节点", lambda value: isinstance(value, Sequence | set | frozenset) and not isinstance(value, str)
)
_ALL_MONTHS = 1_200


@dataclass(frozen=True)
class Spread:
    """扩散结果: `chances`, the share of futures in which each node is covered at the end (0 to 1), by node.

    `covered` counts the covered nodes of each future, starts and those covered before among them.
    """

    chances: Mapping[Hashable, float]
    covered: npt.NDArray[np.int64]

    @property
    def mean(self) -> float:
        """Expected covered nodes."""
        return float(self.covered.mean())

    @property
    def band(self) -> tuple[float, float]:
        """The 5 % and 95 % quantiles of covered nodes."""
        low, high = np.quantile(self.covered, (0.05, 0.95))
        return float(low), float(high)


@dataclass(frozen=True)
class BestStarts:
    """起步节点: `nodes` in order of choice, `gains` what each is expected to add, in nodes.

    `expected` is their sum, judged on fresh samples; with 99 % certainty the list reaches at least `lower`,
    and no list of as many nodes more than `upper`.
    """

    nodes: tuple[Hashable, ...]
    gains: tuple[float, ...]
    expected: float
    lower: float
    upper: float


@checked(graph=_GRAPH, probability=TEXT)
def from_networkx(graph: networkx.DiGraph, probability: str = "probability") -> CampaignGraph:
    """A graph drawn up with networkx as the engines of `coverage_engine.campaigns` take it.

    Args:
        graph: edge attributes `path` (or `kind`; 0 to 15, by default 0) and the one named `probability`;
            node attributes `covered`, `eligible`, `drives`, `counted`, `county`, `young`, `duty`.
        probability: edge attribute with the chance of one try, 0 to 1; on all edges or on none (then 1).

    Returns:
        Nodes in the order of their names, edges in rows by source; `strength` holds the chances.

    Raises:
        ArgumentError: an argument of the wrong kind, two nodes of one text, a chance or kind out of bounds,
            chances on some edges only, or parallel edges of one kind with chances.

    Source:
        `coverage_engine.campaigns.network`.

    Example:
        >>> import networkx
        >>> from_networkx(networkx.DiGraph([("总部", "分支", {"probability": 0.25})])).strength.tolist()
        [0.25]
    """
    return graph_of(graph, probability)


@checked(
    graph=_GRAPH,
    starts=_NODES,
    probability=TEXT,
    chance=_CHANCE,
    months=maybe(whole(1)),
    threshold=whole(1),
    futures=whole(1),
    seed=whole(0),
)
def spread(
    graph: networkx.DiGraph,
    starts: Sequence[Hashable],
    *,
    probability: str = "probability",
    chance: float = 1.0,
    months: int | None = None,
    threshold: int = 1,
    futures: int = 4096,
    seed: int = 20260601,
) -> Spread:
    """How far something spreads from some nodes of a graph whose edges have chances.

    Args:
        graph: as for `from_networkx`.
        starts: nodes that are covered from the beginning, beside those with the attribute `covered`.
        probability: edge attribute with the chance of one try.
        chance: by which the chances of all edges are multiplied.
        months: horizon; without it every edge gets one try (independent cascade).
        threshold: sources that must try in one month; above 1 with `months` only, and on a graph without
            chances of its own: a target then has one coin a month, of `chance`.
        futures: how many are played; rounded up to whole blocks of 64.
        seed: the same seed gives the same result, in any order of nodes and edges.

    Returns:
        Chances by node and covered nodes by future.

    Raises:
        ArgumentError: an argument of the wrong kind or out of bounds, a start that is no node, or a
            threshold without months or on a graph with chances.

    Source:
        Kempe, Kleinberg and Tardos (2003); Granovetter (1978); Centola and Macy (2007).

    Example:
        >>> import networkx
        >>> spread(networkx.DiGraph([("甲", "乙", {"probability": 1.0})]), ["甲"]).mean
        2.0
    """
    drawn = graph_of(graph, probability)
    nodes = _nodes(graph)
    _refuse_threshold(drawn, months, threshold)
    begun = _with_starts(drawn, _places(nodes, starts))
    states = _states(begun, (chance, months, threshold), (-(-futures // LANES), seed))
    reached, covered = np.zeros(len(nodes)), []
    for state in states:
        lanes = lanes_of(state)
        reached += lanes.sum(axis=1)
        covered.append(lanes.sum(axis=0, dtype=np.int64))
    counts = np.concatenate(covered)
    return Spread(dict(zip(nodes, (reached / len(counts)).tolist(), strict=True)), counts)


@checked(
    graph=_GRAPH,
    number=whole(1),
    months=whole(1),
    probability=TEXT,
    chance=_CHANCE,
)
def best_starts(
    graph: networkx.DiGraph,
    number: int,
    *,
    months: int = 12,
    probability: str = "probability",
    chance: float = 1.0,
) -> BestStarts:
    """The nodes from which a cascade by months reaches most nodes by its horizon, with a certificate.

    Args:
        graph: as for `from_networkx`; nodes that are covered or not eligible are no candidates.
        number: starts at most.
        months: horizon, up to 1,200.
        probability: edge attribute with the chance of one try a month.
        chance: by which the chances of all edges are multiplied.

    Raises:
        ArgumentError: an argument of the wrong kind or out of bounds.

    Source:
        Tang, Tang, Xiao and Yuan (2018), OPIM-C; Chen, Lu and Zhang (2012) for horizons.

    Example:
        >>> import networkx
        >>> best_starts(networkx.DiGraph([("甲", "乙"), ("甲", "丙")]), 1).nodes
        ('甲',)
    """
    if months > _ALL_MONTHS:
        raise ArgumentError(f"best_starts 的参数 months 给得不对：{months}", f"最多 {_ALL_MONTHS} 个月。")
    drawn = graph_of(graph, probability)
    nodes = _nodes(graph)
    question = StartQuestion(
        graph=drawn,
        play=Play(months),
        rates=(rates(dict.fromkeys(range(KINDS), chance)),),
        weights=np.ones(drawn.size),
        candidates=drawn.gaps,
        visit_kind=np.full(drawn.size, -1, dtype=np.int8),
    )
    chosen = choose_starters(question, limit_of(question, number))
    return BestStarts(
        tuple(nodes[start] for start in chosen.starts),
        chosen.gains,
        chosen.expected,
        chosen.lower,
        chosen.upper,
    )


# ---------------------------------------------------------------------------------------------- private


def _nodes(graph: networkx.DiGraph) -> list[Hashable]:
    """The nodes by their place in the campaign graph."""
    return sorted(graph.nodes, key=str)


def _places(nodes: Sequence[Hashable], starts: Sequence[Hashable]) -> list[int]:
    place = {node: number for number, node in enumerate(nodes)}
    absent = [start for start in starts if start not in place]
    if absent:
        raise ArgumentError(f"图里没有起步节点 {absent[0]}", "请写 graph.nodes 里的节点。")
    return [place[start] for start in starts]


def _refuse_threshold(graph: CampaignGraph, months: int | None, threshold: int) -> None:
    if threshold > 1 and months is None:
        raise ArgumentError("threshold 大于 1 时要给出 months", "请写明几个月，如 months=12。")
    if threshold > 1 and graph.strength is not None:
        raise ArgumentError(
            "threshold 大于 1 时，各边不能有自己的概率", "请用 chance 给出一个共同的概率，或去掉 threshold。"
        )


def _with_starts(graph: CampaignGraph, places: Sequence[int]) -> CampaignGraph:
    covered = graph.firms.covered.copy()
    covered[list(places)] = True
    return replace(graph, firms=replace(graph.firms, covered=covered))


def _states(
    graph: CampaignGraph, model: tuple[float, int | None, int], blocks: tuple[int, int]
) -> Sequence[Words]:
    """The covered lanes of every node, block by block; `blocks` are their number and the seed."""
    (chance, months, threshold), (number, seed) = model, blocks
    rate = rates(dict.fromkeys(range(KINDS), chance))
    if months is None:
        wiring = wire_cascade(graph, rate)
        return [cascade_state(wiring, seed, block) for block in range(number)]
    run = runner(graph)
    play = Play(months, threshold=(threshold,) * KINDS)
    return [run(play, rate, (seed, block)).state for block in range(number)]
