"""Size of the page: a county office's PC opens a thousand firms, and a province's the same way."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coverage_engine.mapping import write_map
from coverage_engine.model.plan import Plan

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
LOOK = """
import json, pathlib, sys
sys.path.insert(0, sys.argv[1])
import maps
print(json.dumps(maps.ours(maps.large_plan(int(sys.argv[3])), pathlib.Path(sys.argv[2])), default=float))
"""


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
    tmp_path: Path, count: int, size: float, heap: float
) -> None:
    # In a process of its own: the benchmark drives a browser of its own, and one process drives only one.
    told = subprocess.run(
        [sys.executable, "-c", LOOK, str(BENCHMARKS), str(tmp_path), str(count)],
        check=True,
        capture_output=True,
        text=True,
    )
    seen = json.loads(told.stdout.splitlines()[-1])
    assert seen["MB"] <= size
    assert seen["heap MB"] <= heap
    assert seen["requests"] == 0
