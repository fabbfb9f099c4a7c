"""The compiled engine (extra `fast`) tells the same lanes as NumPy."""

from itertools import product

import numpy as np
import pytest
from campaign_oracle import COOL, HOT, random_graph, random_play

from coverage_engine.campaigns.engine.fast import has_compiler, runner
from coverage_engine.campaigns.engine.months import numpy_runner

pytestmark = pytest.mark.skipif(
    not has_compiler(), reason="附加组件 [fast]（numba）未安装 / numba is not installed: NOT PROVEN HERE"
)
SWITCHES = list(product((0, 2), (0, 2), (1, 2, 3), (COOL, HOT), (False, True)))


@pytest.mark.parametrize("number", range(len(SWITCHES)))
def test_every_lane_equals_numpy(number):
    cap, window, threshold, rate, strength = SWITCHES[number]
    graph = random_graph(number, size=120, edges=500, strength=strength)
    play = random_play(number, graph.size, cap, window, threshold)
    one, other = numpy_runner(graph)(play, rate, (7, number)), runner(graph)(play, rate, (7, number))
    for name in ("state", "places", "closed", "young", "duty", "hours"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name


def test_the_compiler_is_used_where_it_is_installed():
    assert "compiled" in runner(random_graph(1)).__self__.steps.drive.__module__  # type: ignore[attr-defined]
