"""Expected curves: closed form, message passing, enumeration and Monte Carlo tell the same."""

from itertools import product
from math import comb

import numpy as np
import pytest
from campaign_oracle import random_graph

from coverage_engine.campaigns.engine.expected import expected_curve, forest_curve
from coverage_engine.campaigns.engine.months import numpy_runner
from coverage_engine.campaigns.engine.rules import Play, monthly_visits, rates
from coverage_engine.campaigns.engine.tally import lanes_of
from coverage_engine.campaigns.network.campaign_graph import Edges, build_graph, plain_firms

RATE = rates({9: 0.12, 10: 0.2}, {9: 0.3}, 0.004)


def _forest(size, seed):
    chance = np.random.default_rng(seed)
    target = np.arange(1, size)
    parent = np.where(chance.random(size - 1) < 0.15, -1, (target * chance.random(size - 1) ** 2).astype(int))
    kept = parent >= 0
    roots = np.ones(size, dtype=bool)
    roots[target[kept]] = False
    edges = Edges(
        parent[kept].astype(np.int32), target[kept].astype(np.int32), np.full(kept.sum(), 9, np.uint8)
    )
    return build_graph(plain_firms(size, covered=roots & (np.arange(size) % 2 == 0)), edges), np.flatnonzero(
        roots & (np.arange(size) % 2 == 1)
    )


def _simulated(graph, play, rate, blocks):
    run = numpy_runner(graph)
    totals = np.concatenate(
        [run(play, rate, (3, block)).places.sum(axis=1) for block in range(blocks)], axis=1
    )
    return totals.mean(axis=1), totals.std(axis=1) / np.sqrt(totals.shape[1])


@pytest.mark.parametrize("seed", range(4))
def test_closed_form_messages_and_monte_carlo_agree_on_forests(seed):
    graph, visited = _forest(400, seed)
    play = Play(12, monthly_visits(visited, 9, 8, 12))
    rate = rates({9: 0.12}, {9: 0.3})
    closed = forest_curve(graph, play, rate)
    assert np.allclose(closed, expected_curve(graph, play, rate), atol=1e-12)
    mean, error = _simulated(graph, play, rate, 16)
    assert (abs(mean - closed.sum(axis=1)) <= 4 * error + 1e-9).all()


def test_a_chain_is_reached_in_negative_binomial_time():
    edges = Edges(np.arange(4, dtype=np.int32), np.arange(1, 5, dtype=np.int32), np.full(4, 9, np.uint8))
    graph = build_graph(plain_firms(5, covered=np.arange(5) == 0), edges)
    curve = forest_curve(graph, Play(10), rates({9: 0.3}))
    reached = sum(comb(month - 1, 3) * 0.3**4 * 0.7 ** (month - 4) for month in range(4, 11))
    assert curve[10, 4] == pytest.approx(reached, abs=1e-12)


@pytest.mark.parametrize("window", [0, 1, 2])
@pytest.mark.parametrize("back", [False, True])
def test_messages_are_exact_on_small_trees_in_every_world(window, back):
    """Enumerates the delay of every edge of a tree (with edges both ways where `back`)."""
    pairs = [(0, 1), (0, 2), (2, 3)] + ([(1, 0), (3, 2)] if back else [])
    graph = build_graph(
        plain_firms(4, covered=np.array([True, False, False, back])),
        Edges(
            *(np.array(part, dtype=np.int32) for part in zip(*pairs, strict=True)),
            np.full(len(pairs), 9, np.uint8),
        ),
    )
    months, chance = 4, 0.35
    play = Play(months, attention=tuple(window if kind == 9 else 0 for kind in range(16)))
    longest = min(window or months, months)
    delays = [(d, chance * (1 - chance) ** (d - 1)) for d in range(1, longest + 1)]
    delays.append((99, 1 - sum(weight for _, weight in delays)))
    told = np.zeros((months + 1, 4))
    for world in product(delays, repeat=len(pairs)):
        weight = np.prod([part for _, part in world])
        time = [0 if covered else 99 for covered in graph.firms.covered]
        for _ in range(4):
            for (source, target), (delay, _weight) in zip(
                zip(graph.source, graph.target, strict=True), world, strict=True
            ):
                time[target] = min(time[target], time[source] + delay)
        for month in range(months + 1):
            told[month] += weight * (np.array(time) <= month)
    assert np.allclose(expected_curve(graph, play, rates({9: chance})), told, atol=1e-9)


@pytest.mark.parametrize("window", [0, 3])
def test_messages_stay_near_monte_carlo_on_graphs_with_circles(window):
    graph = random_graph(8, size=600, edges=900)
    play = Play(12, monthly_visits([5, 9], [9, 9], 8, 6), attention=(window,) * 16)
    mean, error = _simulated(graph, play, RATE, 16)
    told = expected_curve(graph, play, RATE)[:, graph.firms.counted].sum(axis=1)
    assert (abs(told - mean) <= 0.02 * mean + 4 * error).all()


def test_certain_edges_and_opposite_edges_do_not_break_messages():
    edges = Edges(
        np.array([0, 1, 1, 2], np.int32), np.array([1, 0, 2, 1], np.int32), np.array([9, 9, 10, 10], np.uint8)
    )
    graph = build_graph(plain_firms(3, covered=np.array([True, False, False])), edges)
    play, rate = Play(4), rates({9: 1.0, 10: 0.5})
    curve = expected_curve(graph, play, rate)
    assert curve[1].tolist() == [1.0, 1.0, 0.0]
    assert curve[2:, 2].tolist() == [0.5, 0.75, 0.875]


def test_expected_counts_equal_lane_means_in_the_limit_of_one_firm():
    graph = build_graph(plain_firms(1), Edges(*(np.zeros(0, np.int32),) * 2, np.zeros(0, np.uint8)))
    play = Play(5, monthly_visits([0], 9, 8, 5))
    told = expected_curve(graph, play, RATE)[5, 0]
    lanes = np.concatenate([lanes_of(numpy_runner(graph)(play, RATE, (1, b)).state)[0] for b in range(60)])
    assert abs(lanes.mean() - told) < 4 * np.sqrt(told * (1 - told) / lanes.size)
