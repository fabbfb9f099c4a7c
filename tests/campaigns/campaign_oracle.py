"""The model told once more, one lane and one firm at a time, with the same coins; slow and plain."""

import numpy as np

from coverage_engine.campaigns.engine.rules import Play, Visits, monthly_visits, rates
from coverage_engine.campaigns.network.campaign_graph import Edges, build_graph, plain_firms
from coverage_engine.campaigns.network.coins import DIGITS, coin_keys, fixed_point

MASK = (1 << 64) - 1


def coin(identity, keys, lane, chance):
    """Whether the coin falls: its uniform number, digit by digit, is below the chance."""
    number = 0
    for digit in range(DIGITS):
        word = int(identity) ^ int(keys[digit])
        word ^= word >> 30
        word = word * 0xBF58476D1CE4E5B9 & MASK
        word ^= word >> 27
        word = word * 0x94D049BB133111EB & MASK
        word ^= word >> 31
        number = number * 2 + (word >> lane & 1)
    return number < int(chance)


def oracle(graph, play, rate, seed, block, lane):
    """Covered firms of one lane at every month, and the hours spent in each month."""
    firms = graph.firms
    covered = [bool(flag) for flag in firms.covered]
    founded = [0] * graph.size
    months, hours = [list(covered)], [0]
    edges = [
        (int(graph.source[e]), int(graph.target[e]), int(graph.kind[e]), e) for e in range(len(graph.source))
    ]
    for month in range(1, play.months + 1):
        keys = coin_keys(seed, block, month)
        fresh = set()
        spent = 0
        for firm, kind, when, cost in zip(
            play.visits.firm, play.visits.kind, play.visits.month, play.visits.hours, strict=True
        ):
            if when == month and not covered[firm] and firms.eligible[firm]:
                spent += int(cost)
                if coin(graph.visit_ids(int(kind))[firm], keys, lane, fixed_point(rate.visit[kind])):
                    fresh.add(int(firm))
        made, tries = {}, {}
        for source, target, kind, edge in edges:
            window, cap = play.attention[kind], play.attempts[kind]
            if not covered[source] or not firms.drives[source] or not rate.drive[kind]:
                continue
            if window and month - founded[source] > window:
                continue
            if covered[target] or not firms.eligible[target]:
                continue
            if cap and made.get((source, kind), 0) >= cap:
                continue
            made[source, kind] = made.get((source, kind), 0) + 1
            tries[target, kind] = tries.get((target, kind), 0) + 1
            chance = fixed_point(rate.drive[kind])
            if graph.strength is not None:
                chance = fixed_point(graph.strength[edge] * (int(chance) / 2**32))
            if play.threshold[kind] == 1 and coin(graph.edge_ids[edge], keys, lane, chance):
                fresh.add(target)
        for (target, kind), count in tries.items():
            met = play.threshold[kind] > 1 and count >= play.threshold[kind]
            if met and coin(graph.threshold_ids(kind)[target], keys, lane, fixed_point(rate.drive[kind])):
                fresh.add(target)
        for firm in range(graph.size):
            free = not covered[firm] and firms.eligible[firm]
            if free and coin(graph.spontaneous_ids[firm], keys, lane, fixed_point(rate.spontaneous)):
                fresh.add(firm)
        lost = [
            firm
            for firm in range(graph.size)
            if covered[firm] and coin(graph.lapse_ids[firm], keys, lane, fixed_point(rate.lapse))
        ]
        for firm in fresh:
            covered[firm], founded[firm] = True, month
        for firm in lost:
            covered[firm] = False
        months.append(list(covered))
        hours.append(spent)
    return np.array(months), np.array(hours)


def random_graph(seed, size=24, edges=70, kinds=(9, 10), strength=False):
    """A small typed graph with circles, parallel kinds, shut firms and some covered."""
    chance = np.random.default_rng(seed)
    firms = plain_firms(
        size,
        covered=chance.random(size) < 0.2,
        eligible=chance.random(size) < 0.85,
        drives=chance.random(size) < 0.9,
        counted=chance.random(size) < 0.9,
        place=chance.integers(0, 3, size).astype(np.int32),
        places=("甲", "乙", "丙"),
        young=chance.integers(0, 50, size),
        duty=chance.integers(0, 3, size),
    )
    source = (chance.integers(0, size, edges) * chance.random(edges)).astype(np.int32)
    wiring = Edges(
        source,
        chance.integers(0, size, edges).astype(np.int32),
        chance.choice(kinds, edges).astype(np.uint8),
        chance.random(edges) if strength else None,
    )
    return build_graph(firms, wiring)


def random_play(seed, size, cap, window, threshold, visits=True):
    """Limits as told, and monthly visits to three firms."""
    chance = np.random.default_rng(seed)
    planned = {}
    if visits:
        chosen = chance.choice(size, 3, replace=False)
        planned = {"visits": monthly_visits(chosen, [9, 10, 9], [8, 4, 2], 5)}
    limits = [0] * 16, [0] * 16, [1] * 16
    limits[0][9], limits[0][10] = cap, cap and cap + 1
    limits[1][9], limits[1][10] = window, window and window + 2
    limits[2][10] = threshold
    return Play(
        8, attempts=tuple(limits[0]), attention=tuple(limits[1]), threshold=tuple(limits[2]), **planned
    )


HOT = rates({9: 0.3, 10: 0.2}, {9: 0.4, 10: 0.25}, 0.02, 0.05)
COOL = rates({9: 0.3, 10: 0.2}, {9: 0.4, 10: 0.25})
__all__ = ["COOL", "HOT", "Visits", "coin", "oracle", "random_graph", "random_play"]
