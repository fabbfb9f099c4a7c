"""Size of the page: a county office's PC opens a thousand firms, and a province's the same way."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coverage_engine.mapping import write_map
from coverage_engine.model.plan import Plan

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "maps.py"


def megabytes(file: Path) -> float:
    return file.stat().st_size / 1e6


def test_a_thousand_enterprises_take_a_page_of_less_than_a_megabyte(
    make_plan: Callable[..., Plan], outlines: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "coverage.html"
    write_map(make_plan(1_000), outlines, file)
    assert megabytes(file) <= 1
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.usefixtures("chromium")
@pytest.mark.parametrize(("count", "size", "heap"), [(100_000, 3, 40), (1_000_000, 15, 80)])
def test_a_province_of_many_enterprises_keeps_to_its_size_and_memory(
    outlines: dict[str, Any], tmp_path: Path, count: int, size: float, heap: float
) -> None:
    spec = importlib.util.spec_from_file_location("maps_benchmark", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    seen = benchmark.ours(benchmark.large_plan(count), tmp_path)
    assert seen["MB"] <= size
    assert seen["heap MB"] <= heap
    assert seen["requests"] == 0
