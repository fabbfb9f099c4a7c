"""The core of the plan as a whole beside bare Polars joins of the same tables: a ratio within one run."""

import importlib
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
FIRMS = 200_000
# States, duties, figures, 58 facts and eleven scores, where the bare joins only count each relation's rows.
MOST = 4.5


@pytest.mark.slow
def test_the_core_costs_no_more_than_its_multiple_of_the_bare_joins(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    bench = importlib.import_module("plan_core")
    ratio = bench.beside_bare(FIRMS)
    assert ratio <= MOST, f"{ratio:.1f} times the bare joins"
    assert ratio > 1, "nothing was computed"
