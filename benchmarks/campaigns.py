"""Speed of the campaign engines on typed synthetic graphs: one table of CPU seconds and ratios.

    python benchmarks/campaigns.py [firms ...]      default 10000 100000 1000000

Half of the firms are branch offices in two-level headquarters forests of Pareto sizes, the rest is driven by
leaders with Pareto out-degrees; four edges a firm. CPU seconds of this process. Public libraries beside us:
benchmarks/campaign_peers.py.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np

from coverage_engine.campaigns.engine.cascade import cascade
from coverage_engine.campaigns.engine.cascade_wiring import wire_cascade
from coverage_engine.campaigns.engine.expected import expected_curve
from coverage_engine.campaigns.engine.fast import has_compiler, runner
from coverage_engine.campaigns.engine.months import numpy_runner
from coverage_engine.campaigns.engine.rules import Play, rates
from coverage_engine.campaigns.network.campaign_graph import CampaignGraph, Edges, build_graph, plain_firms
from coverage_engine.campaigns.starts.reverse_sets import StartQuestion
from coverage_engine.campaigns.starts.starters import SearchEffort, choose_starters, limit_of

PLAIN = rates({9: 0.08, 10: 0.02})
FULL = rates({9: 0.08, 10: 0.02}, {}, 0.0005, 0.005)
CAPPED = Play(12, attempts=(0,) * 9 + (10, 5) + (0,) * 5, attention=(6,) * 16)
ONCE = rates({9: 0.3, 10: 0.1})


def typed_edges(size: int, seed: int = 1) -> Edges:
    """Headquarters forests over the first half, leaders over everybody."""
    chance = np.random.default_rng(seed)
    half, hubs = size // 2, max(size // 24, 1)
    weight = chance.pareto(1.2, hubs) + 1
    branches = np.arange(hubs, half)
    parent = chance.choice(hubs, len(branches), p=weight / weight.sum())
    deep = np.flatnonzero(chance.random(len(branches)) < 0.2)[1:]
    parent[deep] = hubs + (chance.random(len(deep)) * deep).astype(int)
    leaders = chance.permutation(size)[: int(0.22 * size)]
    reach = np.cumsum(chance.pareto(1.1, len(leaders)) + 1)
    rest = 4 * size - len(branches)
    source = leaders[np.searchsorted(reach / reach[-1], chance.random(rest)).clip(0, len(leaders) - 1)]
    return Edges(
        np.concatenate([parent, source]).astype(np.int32),
        np.concatenate([branches, chance.integers(0, size, rest)]).astype(np.int32),
        np.concatenate([np.full(len(branches), 9), np.full(rest, 10)]).astype(np.uint8),
    )


def graph_of(edges: Edges, size: int, starts: np.ndarray) -> CampaignGraph:
    """158 counties, the given starts covered."""
    covered = np.zeros(size, dtype=bool)
    covered[starts] = True
    place = (np.arange(size) % 158).astype(np.int32)
    return build_graph(
        plain_firms(size, covered=covered, place=place, places=tuple(map(str, range(158)))), edges
    )


def seconds(work: object, repeats: int = 3) -> float:
    """Least CPU seconds of some repeats, after one to warm up."""
    work()  # type: ignore[operator]
    found = []
    for _ in range(repeats):
        begun = time.process_time()
        work()  # type: ignore[operator]
        found.append(time.process_time() - begun)
    return min(found)


def once(graph: CampaignGraph) -> float:
    """Replicates per CPU second of the one-shot cascade."""
    wiring = wire_cascade(graph, ONCE)
    return 128 / seconds(lambda: cascade(wiring, 2))


def measured(size: int) -> dict[str, float]:
    """All figures for one size."""
    edges = typed_edges(size)
    starts = np.sort(np.argsort(-np.bincount(edges.source, minlength=size), kind="stable")[: size // 1000])
    graph = graph_of(edges, size, starts)
    run = runner(graph)
    told = {
        "months plain rep/s": 64 / seconds(lambda: run(Play(12), PLAIN, (1, 0))),
        "months capped rep/s": 64 / seconds(lambda: run(CAPPED, FULL, (1, 0))),
        "expected curve s": seconds(lambda: expected_curve(graph, Play(12), PLAIN)),
        "cascade rep/s": once(graph),
    }
    if size <= 100_000:
        slow = numpy_runner(graph)
        told["numpy capped rep/s"] = 64 / seconds(lambda: slow(CAPPED, FULL, (1, 0)), 1)
        kinds = np.full(size, -1, np.int8)
        bare = graph_of(edges, size, starts[:0])
        question = StartQuestion(bare, Play(12), (PLAIN,), np.ones(size), np.ones(size, bool), kinds)
        limit = limit_of(question, 100)
        begun = time.process_time()
        found = choose_starters(question, limit, SearchEffort(most=1 << 19))
        told["starts k=100 s"], told["certificate"] = time.process_time() - begun, found.certificate
    told["peak GB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return told


def main() -> None:
    """Prints the table."""
    print(f"compiled: {has_compiler()}")
    for size in [int(part) for part in sys.argv[1:]] or [10_000, 100_000, 1_000_000]:
        print(f"{size:>9,}  " + "  ".join(f"{name} {value:,.3g}" for name, value in measured(size).items()))


if __name__ == "__main__":
    main()
