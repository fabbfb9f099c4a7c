"""The plain cascade: every world enumerated, lane by lane alike however it is run; months beside it."""

import time
from itertools import product

import numpy as np
import pytest
from campaign_oracle import HOT, random_graph

from coverage_engine.campaigns.engine.cascade import cascade, cascade_state, numpy_settle
from coverage_engine.campaigns.engine.cascade_wiring import wire_cascade
from coverage_engine.campaigns.engine.fast import has_compiler
from coverage_engine.campaigns.engine.months import numpy_runner
from coverage_engine.campaigns.engine.rules import Play, rates
from coverage_engine.campaigns.engine.tally import count_changes, lanes_of
from coverage_engine.campaigns.network.campaign_graph import Edges, build_graph, plain_firms
from coverage_engine.campaigns.network.coins import ALL_LANES, coin_keys

ONCE = (1,) * 16


def _drawn(seed, size, edges, covered):
    chance = np.random.default_rng(seed)
    pairs = np.unique(chance.integers(0, size, (edges, 2)), axis=0).astype(np.int32)
    kind = chance.choice([9, 10], len(pairs)).astype(np.uint8)
    firms = plain_firms(size, covered=np.arange(size) < covered)
    return build_graph(firms, Edges(pairs[:, 0], pairs[:, 1], kind))


@pytest.mark.parametrize("seed", range(4))
def test_the_mean_spread_is_that_of_every_world_of_live_edges(seed):
    graph = _drawn(seed, 7, 11, 1)
    chances = {9: 0.4, 10: 0.15}
    told = 0.0
    for world in product((False, True), repeat=len(graph.source)):
        weight = np.prod(
            [
                chances[kind] if on else 1 - chances[kind]
                for kind, on in zip(graph.kind.tolist(), world, strict=True)
            ]
        )
        reached = {0}
        for _ in range(7):
            reached |= {
                int(t)
                for s, t, on in zip(graph.source, graph.target, world, strict=True)
                if on and s in reached
            }
        told += weight * len(reached)
    found = cascade(wire_cascade(graph, rates(chances)), 400, seed=seed)
    assert abs(found.mean() - told) < 4 * found.std() / np.sqrt(found.size) + 1e-9


def test_the_spread_is_that_of_months_with_a_window_of_one_month():
    graph = _drawn(9, 600, 2400, 12)
    rate = rates({9: 0.2, 10: 0.1})
    once = cascade(wire_cascade(graph, rate), 40)
    run = numpy_runner(graph)
    months = np.concatenate(
        [run(Play(60, attention=ONCE), rate, (5, block)).places[-1, 0] for block in range(40)]
    )
    error = np.hypot(once.std(), months.std()) / np.sqrt(once.size)
    assert abs(once.mean() - months.mean()) < 4 * error


@pytest.mark.parametrize("seed", range(6))
def test_counts_are_those_of_the_state_and_shut_firms_stay_out(seed):
    graph = random_graph(seed, size=150, edges=500, strength=seed % 2 == 1)
    wiring = wire_cascade(graph, HOT)
    state = lanes_of(cascade_state(wiring, 3, seed))
    assert (state.sum(axis=0) == cascade(wiring, seed + 1, seed=3)[-64:]).all()
    assert state[graph.firms.covered].all()
    assert not state[~graph.firms.eligible & ~graph.firms.covered].any()


def test_never_and_always_and_nobody_to_drive():
    graph = _drawn(2, 30, 60, 2)
    assert (cascade(wire_cascade(graph, rates({})), 2) == 2).all()
    sure = wire_cascade(graph, rates({9: 1.0, 10: 1.0}))
    assert len(set(cascade(sure, 3).tolist())) == 1
    assert set(cascade_state(sure, 1, 0).tolist()) <= {0, int(ALL_LANES)}
    assert cascade(sure, 0).size == 0


def test_threads_and_the_order_of_rows_change_nothing():
    graph = _drawn(4, 300, 1200, 10)
    wiring = wire_cascade(graph, HOT)
    assert (cascade(wiring, 6, threads=2) == cascade(wiring, 6)).all()
    rows = np.random.default_rng(1).permutation(len(graph.source))
    again = build_graph(graph.firms, Edges(graph.source[rows], graph.target[rows], graph.kind[rows]))
    assert (cascade_state(wire_cascade(again, HOT), 2, 5) == cascade_state(wiring, 2, 5)).all()


@pytest.mark.skipif(not has_compiler(), reason="附加组件 [fast]（numba）未安装: NOT PROVEN HERE")
@pytest.mark.parametrize("seed", range(8))
def test_every_lane_of_the_compiled_cascade_equals_numpy(seed):
    from coverage_engine.campaigns.engine.compiled_cascade import compiled_settle

    size = (200, 6_000)[seed % 2]
    graph = random_graph(seed, size=size, edges=4 * size, strength=seed % 4 > 1)
    rate = (HOT, rates({9: 1.0, 10: 0.02}))[seed > 5]
    wiring, keys = wire_cascade(graph, rate), coin_keys(3, seed, 0)
    for plain, quick in zip(numpy_settle(wiring, keys), compiled_settle(wiring, keys), strict=True):
        assert (plain == quick).all()


@pytest.mark.skipif(not has_compiler(), reason="附加组件 [fast]（numba）未安装: NOT PROVEN HERE")
def test_compiled_counts_by_place_and_weight_equal_numpy():
    from coverage_engine.campaigns.engine import compiled_counts

    chance = np.random.default_rng(6)
    words = chance.integers(0, 2**63, 900).astype(np.uint64) * np.uint64(2) * (chance.random(900) < 0.7)
    words = words.astype(np.uint64)
    place = np.sort(chance.integers(0, 9, 900)).astype(np.int32)
    weights = chance.integers(0, 5_000, (3, 900))
    told = []
    for count in (count_changes, compiled_counts.count_changes):
        sums = np.full((10, 64), 5, dtype=np.int32), np.full((3, 64), 7, dtype=np.int64)
        count(words, place, weights, 1, sums)
        count(words[:500], place[:500], weights[:, :500].copy(), -1, sums)
        told.append(sums)
    assert (told[0][0] == told[1][0]).all() and (told[0][1] == told[1][1]).all()


def _live_edge_searches(graph, chance, replicates):
    """The plainest quick way: draw the live edges, then search with scipy."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import breadth_first_order

    draw, size = np.random.default_rng(1), graph.size
    starts = np.flatnonzero(graph.firms.covered)
    found = []
    for _ in range(replicates):
        live = draw.random(len(graph.source)) < chance
        source = np.concatenate([graph.source[live], np.full(len(starts), size)])
        target = np.concatenate([graph.target[live], starts])
        matrix = coo_array((np.ones(len(source)), (source, target)), shape=(size + 1, size + 1)).tocsr()
        found.append(len(breadth_first_order(matrix, size, return_predecessors=False)) - 1)
    return np.array(found)


def _cpu_seconds(work):
    begun = time.process_time()
    work()
    return time.process_time() - begun


@pytest.mark.skipif(not has_compiler(), reason="附加组件 [fast]（numba）未安装: NOT PROVEN HERE")
def test_the_cascade_keeps_its_lead_over_a_plain_search_of_live_edges():
    """A ratio within one run, not seconds: at least ten times as many futures a CPU second, same mean."""
    graph = _drawn(3, 8_000, 32_000, 8)
    wiring = wire_cascade(graph, rates({9: 0.2, 10: 0.2}))
    cascade(wiring, 1)
    plain, quick = [], []
    for _ in range(3):
        plain.append(_cpu_seconds(lambda: _live_edge_searches(graph, 0.2, 16)) / 16)
        quick.append(_cpu_seconds(lambda: cascade(wiring, 20)) / (20 * 64))
    assert min(plain) / min(quick) >= 10
    one, other = cascade(wiring, 30), _live_edge_searches(graph, 0.2, 200)
    error = np.hypot(one.std() / np.sqrt(one.size), other.std() / np.sqrt(other.size))
    assert abs(one.mean() - other.mean()) < 4 * error
