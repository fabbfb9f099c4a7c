"""One-shot independent cascade against public libraries, where they are installed: the same mean spread."""

import numpy as np
import pytest

from coverage_engine.campaigns.engine.cascade import cascade
from coverage_engine.campaigns.engine.cascade_wiring import wire_cascade
from coverage_engine.campaigns.engine.rules import rates
from coverage_engine.campaigns.network.campaign_graph import Edges, build_graph, plain_firms

SIZE, CHANCE = 2_000, 0.12


def _drawn():
    chance = np.random.default_rng(5)
    pairs = np.unique(chance.integers(0, SIZE, (4 * SIZE, 2)), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]].astype(np.int32)
    return pairs, np.arange(0, 40, dtype=np.int32)


def _own(pairs, starts):
    firms = plain_firms(SIZE)
    firms.covered[starts] = True
    edges = Edges(pairs[:, 0], pairs[:, 1], np.full(len(pairs), 9, np.uint8))
    return cascade(wire_cascade(build_graph(firms, edges), rates({9: CHANCE})), 60)


def _agree(own, theirs):
    spread = np.hypot(own.std() / np.sqrt(own.size), theirs.std() / np.sqrt(theirs.size))
    assert abs(own.mean() - theirs.mean()) < 4 * spread


def test_the_spread_is_that_of_cynetdiff():
    models = pytest.importorskip("cynetdiff.models", reason="cynetdiff 未安装: NOT PROVEN HERE")
    pairs, starts = _drawn()
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    rows = pairs[order]
    first = np.searchsorted(rows[:, 0], np.arange(SIZE)).astype(np.uint32)
    model = models.IndependentCascadeModel(
        first, rows[:, 1].astype(np.uint32), activation_prob=CHANCE, rng=np.random.default_rng(1)
    )
    model.set_seeds(starts.tolist())
    found = []
    for _ in range(3000):
        model.reset_model()
        model.advance_until_completion()
        found.append(model.get_num_activated_nodes())
    _agree(_own(pairs, starts), np.array(found))


def test_the_spread_is_that_of_pynetim():
    pynetim = pytest.importorskip("pynetim", reason="pynetim 未安装: NOT PROVEN HERE")
    pairs, starts = _drawn()
    graph = pynetim.IMGraph(list(map(tuple, pairs.tolist())), CHANCE, directed=True, renumber=False)
    model = pynetim.IndependentCascadeModel(graph, set(starts.tolist()))
    _agree(_own(pairs, starts), np.array([model.run_single_simulation(seed) for seed in range(3000)]))


def test_the_spread_is_that_of_ndlib():
    pytest.importorskip("ndlib", reason="ndlib 未安装: NOT PROVEN HERE")
    import networkx
    from ndlib.models import ModelConfig
    from ndlib.models.epidemics import IndependentCascadesModel

    pairs, starts = _drawn()
    graph = networkx.DiGraph()
    graph.add_nodes_from(range(SIZE))
    graph.add_edges_from(map(tuple, pairs.tolist()))
    found = []
    for seed in range(60):
        model = IndependentCascadesModel(graph, seed=seed)
        config = ModelConfig.Configuration()
        config.add_model_initial_configuration("Infected", starts.tolist())
        for edge in graph.edges():
            config.add_edge_configuration("threshold", edge, CHANCE)
        model.set_initial_status(config)
        counts = model.iteration()["node_count"]
        while counts[1]:
            counts = model.iteration()["node_count"]
        found.append(counts[1] + counts[2])
    _agree(_own(pairs, starts), np.array(found))
