"""The lane engine tells exactly the plain statement of the model, whatever is switched on."""

from itertools import product

import numpy as np
import pytest
from campaign_oracle import COOL, HOT, oracle, random_graph, random_play

from coverage_engine.campaigns.engine.months import numpy_runner
from coverage_engine.campaigns.engine.rules import Play, monthly_visits, rates
from coverage_engine.campaigns.engine.tally import lanes_of
from coverage_engine.campaigns.network.campaign_graph import (
    Edges,
    build_graph,
    circles,
    from_networkx,
    plain_firms,
)
from coverage_engine.campaigns.network.coins import ALL_LANES, coin_keys, fixed_point, toss, toss_each

SWITCHES = list(product((0, 2), (0, 2), (1, 2, 3), (COOL, HOT), (False, True)))


@pytest.mark.parametrize("number", range(len(SWITCHES)))
def test_every_lane_and_month_equals_the_plain_statement(number):
    cap, window, threshold, rate, strength = SWITCHES[number]
    graph = random_graph(number, strength=strength)
    play = random_play(number, graph.size, cap, window, threshold)
    block = numpy_runner(graph)(play, rate, (7, number))
    for lane in (0, 17, 63):
        months, hours = oracle(graph, play, rate, 7, number, lane)
        assert (lanes_of(block.state)[:, lane] == months[-1]).all()
        assert (block.hours[:, lane] == hours).all()
        counted = graph.firms.counted
        for month in range(play.months + 1):
            here = months[month] & counted
            told = np.bincount(graph.firms.place[here], minlength=3)
            assert (block.places[month, :, lane] == told).all()
            closed = here & graph.gaps
            assert block.closed[month, lane] == closed.sum()
            assert block.young[month, lane] == graph.firms.young[closed].sum()
            assert block.duty[month, lane] == graph.firms.duty[closed].sum()


def test_coins_fall_as_often_as_their_chance_and_independently():
    ids = np.arange(1, 40_001, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    full = np.full(len(ids), ALL_LANES)
    first, second = coin_keys(1, 2, 3), coin_keys(1, 2, 4)
    for chance in (0.0005, 0.1, 0.5, 0.87):
        fallen = lanes_of(toss(ids, first, int(fixed_point(chance)), full)).astype(float)
        spread = np.sqrt(chance * (1 - chance) / fallen.size)
        assert abs(fallen.mean() - chance) < 4 * spread
        other = lanes_of(toss(ids, second, int(fixed_point(chance)), full)).astype(float)
        for later in (other, np.roll(fallen, 1, axis=0), np.roll(fallen, 1, axis=1)):
            joint = (fallen * later).mean()
            assert abs(joint - chance**2) < 5 * np.sqrt(chance**2 * (1 - chance**2) / fallen.size)


def test_a_coin_does_not_depend_on_which_lanes_or_firms_are_asked():
    ids = np.arange(1, 500, dtype=np.uint64)
    keys = coin_keys(5, 0, 1)
    chance = int(fixed_point(0.3))
    full = toss(ids, keys, chance, np.full(len(ids), ALL_LANES))
    some = np.random.default_rng(1).integers(0, 2**63, len(ids)).astype(np.uint64)
    assert (toss(ids, keys, chance, some) == full & some).all()
    assert (toss(ids[::-1], keys, chance, some[::-1])[::-1] == full & some).all()
    assert (toss_each(ids, keys, np.full(len(ids), chance), some) == full & some).all()


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_never_and_always_are_never_and_always(chance):
    graph = build_graph(plain_firms(4, covered=np.array([True, False, False, False])), _chain(4))
    block = numpy_runner(graph)(Play(2), rates({9: chance}), (1, 0))
    assert (
        block.state == np.array([ALL_LANES, chance and ALL_LANES, chance and ALL_LANES, 0], np.uint64)
    ).all()


def test_no_month_and_all_covered_change_nothing():
    graph = build_graph(plain_firms(3, covered=np.ones(3, dtype=bool)), _chain(3))
    assert (numpy_runner(graph)(Play(0), HOT, (1, 0)).state == ALL_LANES).all()
    block = numpy_runner(graph)(Play(3), rates({9: 0.5}), (1, 0))
    assert (block.places == 3).all()


def test_shuffled_rows_and_relabelled_firms_give_the_same_futures():
    graph = random_graph(3, size=60, edges=200)
    play = random_play(3, 60, 2, 3, 2)
    told = numpy_runner(graph)(play, HOT, (11, 4))
    order = np.random.default_rng(9).permutation(60)
    place = np.argsort(order)
    firms = plain_firms(
        60, **{name: getattr(graph.firms, name)[order] for name in _ENTRIES}, places=graph.firms.places
    )
    rows = np.random.default_rng(2).permutation(len(graph.source))
    edges = Edges(
        place[graph.source[rows]].astype(np.int32),
        place[graph.target[rows]].astype(np.int32),
        graph.kind[rows],
    )
    visits = monthly_visits(place[play.visits.firm[:3]], play.visits.kind[:3], play.visits.hours[:3], 5)
    moved = Play(8, visits, play.attempts, play.attention, play.threshold)
    again = numpy_runner(build_graph(firms, edges))(moved, HOT, (11, 4))
    assert (again.state == told.state[order]).all()
    assert (again.places == told.places).all() and (again.hours == told.hours).all()


def test_more_starts_months_or_chance_never_cover_fewer_in_any_lane():
    graph = random_graph(5, size=80, edges=240)
    more = build_graph(
        plain_firms(
            80,
            **{name: getattr(graph.firms, name) for name in _ENTRIES if name != "covered"},
            covered=graph.firms.covered | (np.arange(80) % 7 == 0),
            places=graph.firms.places,
        ),
        Edges(graph.source, graph.target, graph.kind),
    )
    few = numpy_runner(graph)(Play(6), COOL, (1, 1)).state
    assert not (few & ~numpy_runner(more)(Play(6), COOL, (1, 1)).state).any()
    assert not (few & ~numpy_runner(graph)(Play(9), COOL, (1, 1)).state).any()
    higher = rates({9: 0.35, 10: 0.2}, {})
    assert not (few & ~numpy_runner(graph)(Play(6), higher, (1, 1)).state).any()


def test_a_networkx_graph_is_accepted_and_circles_of_headquarters_are_found():
    import networkx

    drawn = networkx.DiGraph()
    drawn.add_edge("总部", "分支", path=9)
    drawn.add_edge("分支", "总部", path=9)
    drawn.add_edge("龙头", "关联", path=10)
    drawn.nodes["总部"]["covered"] = True
    graph = from_networkx(drawn)
    assert graph.size == 4 and int(graph.firms.covered.sum()) == 1
    assert [sorted(graph.firms.keys[circle].tolist()) for circle in circles(graph, 9)] == [
        sorted(["总部".encode(), "分支".encode()])
    ]
    assert circles(graph, 10) == []


_ENTRIES = ("keys", "covered", "eligible", "drives", "counted", "place", "young", "duty")


def _chain(size):
    return Edges(
        np.arange(size - 1, dtype=np.int32),
        np.arange(1, size, dtype=np.int32),
        np.full(size - 1, 9, dtype=np.uint8),
    )


def test_a_play_that_is_over_early_tells_the_same_as_one_played_out():
    graph = random_graph(8, size=60, edges=150)
    limits = {"attention": (2,) * 16}
    short = numpy_runner(graph)(Play(24, **limits), COOL, (3, 1))
    months, _ = oracle(graph, Play(24, **limits), COOL, 3, 1, 9)
    counted = (months & graph.firms.counted).sum(axis=1)
    assert (short.places[:, :, 9].sum(axis=1) == counted).all()
    assert (lanes_of(short.state)[:, 9] == months[-1]).all()
