"""Graphs drawn up with networkx, chances on their edges and all: as counted out by hand on tiny ones."""

import itertools

import networkx
import numpy as np
import pytest

import coverage_engine as ce

FUTURES = 64 * 400


def drawn(seed, nodes=5, edges=7):
    """A small graph with circles and chances, none of them certain."""
    chance = np.random.default_rng(seed)
    graph = networkx.DiGraph()
    graph.add_nodes_from(range(nodes))
    pairs = list(itertools.permutations(range(nodes), 2))
    for at in chance.choice(len(pairs), edges, replace=False):
        graph.add_edge(*pairs[at], probability=round(float(chance.uniform(0.1, 0.9)), 2))
    return graph


def reached(graph, starts, within=None):
    """Nodes at a distance of at most `within` from the starts; edges are as long as their `delay`."""
    lengths = networkx.multi_source_dijkstra_path_length(graph, set(starts), cutoff=within, weight="delay")
    return set(lengths)


def worlds_of_one_try(graph):
    """Every set of live edges with its chance."""
    edges = list(graph.edges(data="probability"))
    for alive in itertools.product((False, True), repeat=len(edges)):
        weight = np.prod([p if live else 1 - p for live, (*_, p) in zip(alive, edges, strict=True)])
        world = networkx.DiGraph()
        world.add_nodes_from(graph)
        world.add_edges_from(
            (source, target, {"delay": 1})
            for live, (source, target, _) in zip(alive, edges, strict=True)
            if live
        )
        yield world, float(weight)


def worlds_of_months(graph, months):
    """Every set of delays of the edges in months (absent: beyond the horizon) with its chance."""
    edges = list(graph.edges(data="probability"))
    for delays in itertools.product(range(1, months + 2), repeat=len(edges)):
        weight, world = 1.0, networkx.DiGraph()
        world.add_nodes_from(graph)
        for delay, (source, target, p) in zip(delays, edges, strict=True):
            weight *= (1 - p) ** months if delay > months else p * (1 - p) ** (delay - 1)
            if delay <= months:
                world.add_edge(source, target, delay=delay)
        yield world, weight


def chances(worlds, nodes, starts, within=None):
    """The chance of each node to be reached, summed over all worlds."""
    found = dict.fromkeys(nodes, 0.0)
    for world, weight in worlds:
        for node in reached(world, starts, within):
            found[node] += weight
    return found


def agree(played, counted):
    """Within five standard errors, node by node and in sum."""
    for node, chance in counted.items():
        assert (
            abs(played.chances[node] - chance)
            <= 5 * np.sqrt(max(chance * (1 - chance), 0.0) / FUTURES) + 1e-12
        ), node
    assert played.mean == pytest.approx(sum(played.chances.values()))


@pytest.mark.parametrize("seed", range(6))
def test_an_independent_cascade_is_the_sum_over_all_live_edges(seed):
    graph = drawn(seed)
    played = ce.spread(graph, [0], futures=FUTURES)
    agree(played, chances(worlds_of_one_try(graph), graph, [0]))


@pytest.mark.parametrize("seed", range(4))
def test_a_cascade_by_months_is_the_sum_over_all_delays(seed):
    graph = drawn(seed, edges=6)
    played = ce.spread(graph, [0, 1], months=3, futures=FUTURES)
    agree(played, chances(worlds_of_months(graph, 3), graph, [0, 1], 3))


def test_a_common_chance_multiplies_those_of_the_edges():
    graph = drawn(3)
    halved = networkx.DiGraph()
    halved.add_nodes_from(graph)
    halved.add_edges_from((u, v, {"probability": p / 2}) for u, v, p in graph.edges(data="probability"))
    same = ce.spread(halved, [0], futures=640).chances
    assert ce.spread(graph, [0], chance=0.5, futures=640).chances == same


def test_two_sources_are_needed_where_the_threshold_is_two():
    graph = networkx.DiGraph([("甲", "丙"), ("乙", "丙"), ("甲", "丁")])
    played = ce.spread(graph, ["甲", "乙"], chance=0.3, months=2, threshold=2, futures=FUTURES)
    agree(played, {"甲": 1.0, "乙": 1.0, "丙": 1 - 0.7**2, "丁": 0.0})


@pytest.mark.parametrize("seed", range(4))
def test_the_best_starts_are_those_of_all_pairs_tried(seed):
    graph = drawn(seed, edges=6)
    worlds = list(worlds_of_months(graph, 2))
    worth = {pair: sum(chances(worlds, graph, pair, 2).values()) for pair in itertools.combinations(graph, 2)}
    best = max(worth.values())
    chosen = ce.best_starts(graph, 2, months=2)
    own = worth[tuple(sorted(chosen.nodes))]
    assert own >= (1 - 1 / np.e) * best
    assert own == pytest.approx(chosen.expected, rel=0.02)
    assert chosen.lower <= own + 1e-9 and best <= chosen.upper + 1e-9


def test_the_order_in_which_a_graph_is_drawn_up_changes_nothing():
    graph = drawn(5)
    turned = networkx.DiGraph()
    turned.add_nodes_from(reversed(list(graph)))
    turned.add_edges_from(reversed(list(graph.edges(data=True))))
    assert ce.spread(graph, [0], futures=640).chances == ce.spread(turned, [0], futures=640).chances


def test_a_graph_without_chances_is_one_of_certain_edges():
    graph = networkx.DiGraph([("甲", "乙"), ("乙", "丙")])
    assert ce.from_networkx(graph).strength is None
    assert ce.spread(graph, ["甲"]).band == (3.0, 3.0)
    assert ce.spread(graph, ["甲"], months=1).mean == 2.0


@pytest.mark.parametrize(
    ("edges", "words"),
    [
        ([("甲", "乙", {"probability": 1.2})], "0 到 1"),
        ([("甲", "乙", {"probability": float("nan")})], "0 到 1"),
        ([("甲", "乙", {"probability": "半"})], "0 到 1"),
        ([("甲", "乙", {"probability": 0.5}), ("乙", "丙", {})], "或者都不写"),
        ([("甲", "乙", {"path": 16})], "0 到 15"),
        ([(1, "1", {})], "写出来都是 1"),
    ],
)
def test_a_graph_that_cannot_be_played_is_refused_with_what_is_wanted(edges, words):
    graph = networkx.DiGraph()
    graph.add_edges_from(edges)
    with pytest.raises(ce.ArgumentError, match=words):
        ce.from_networkx(graph)


def test_undirected_and_parallel_edges_with_chances_are_refused():
    with pytest.raises(ce.ArgumentError, match=r"networkx\.DiGraph"):
        ce.spread(networkx.Graph([("甲", "乙")]), ["甲"])
    double = networkx.MultiDiGraph()
    double.add_edges_from([("甲", "乙", {"probability": 0.5}), ("甲", "乙", {"probability": 0.2})])
    with pytest.raises(ce.ArgumentError, match="平行边"):
        ce.from_networkx(double)


def test_a_threshold_on_a_graph_with_chances_is_refused():
    with pytest.raises(ce.ArgumentError, match="共同的概率"):
        ce.spread(drawn(1), [0], months=3, threshold=2)
