"""What is public is what `__all__` lists, sorted; importing it stays light."""

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import coverage_engine
from coverage_engine import write_sample

HEAVY = {"folium", "sklearn", "networkx", "pandas", "geopy", "xlsxwriter", "scipy", "matplotlib"}


def test_the_public_face_is_complete_and_sorted():
    assert coverage_engine.__all__ == sorted(coverage_engine.__all__)
    for name in coverage_engine.__all__:
        assert callable(getattr(coverage_engine, name)), name


def test_no_message_tells_a_planner_to_install_from_the_internet():
    sources = Path(coverage_engine.__file__).parent.rglob("*.py")
    assert [file.name for file in sources if "pip install" in file.read_text("utf-8")] == []


def test_help_does_not_load_the_heavy_libraries():
    code = (
        "import sys; from coverage_engine.cli.commands import coverage_engine as c;"
        "c(['--help'], standalone_mode=False); print(sorted(set(sys.modules) & set(%r)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code % sorted(HEAVY)], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"


def _seconds_and_modules(code, *arguments):
    """CPU seconds of a process of its own, and the modules it loaded."""
    told = (
        "\nimport resource, sys\n"
        "used = resource.getrusage(resource.RUSAGE_SELF)\n"
        "print(used.ru_utime + used.ru_stime, *sys.modules, file=sys.stderr)"
    )
    command = [sys.executable, "-c", code + told, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, *modules = done.stderr.splitlines()[-1].split()
    return float(seconds), {name.partition(".")[0] for name in modules}


COMMAND = """
import sys
from coverage_engine.__main__ import main
sys.argv[0] = "coverage-engine"
try: main()
except SystemExit: pass
"""


def test_help_loads_no_tables_and_costs_a_small_multiple_of_python_itself():
    bare = min(_seconds_and_modules("pass")[0] for _ in range(3))
    rounds = [_seconds_and_modules(COMMAND, "--help") for _ in range(3)]
    assert not (HEAVY | {"polars", "narwhals", "numpy"}) & rounds[0][1]
    assert min(seconds for seconds, _ in rounds) <= 12 * bare


def test_a_plan_loads_no_learning_and_no_statistics_package(tmp_path):
    """What they would do for a plan takes less time than loading them."""
    write_sample(tmp_path / "ledgers", enterprises=60)
    _, modules = _seconds_and_modules(COMMAND, "plan", tmp_path / "ledgers", "--out", tmp_path / "out")
    assert "polars" in modules
    assert not {"sklearn", "matplotlib", "pandas", "duckdb", "pyspark"} & modules


@pytest.fixture(scope="module")
def explained(tmp_path_factory):
    """Command of an explanation in a workspace, and what the first one loaded."""
    place = tmp_path_factory.mktemp("explained")
    write_sample(place / "ledgers", enterprises=60)
    workspace = place / "workspace"
    _seconds_and_modules(COMMAND, "init", workspace)
    _seconds_and_modules(COMMAND, "import", place / "ledgers", "--workspace", workspace, "--apply")
    kept = workspace / "snapshots" / "000001" / "enterprises.parquet"
    asked = ("explain", "--workspace", workspace, "--enterprise", pl.read_parquet(kept)["name"][0])
    return asked, _seconds_and_modules(COMMAND, *asked)[1]


def test_the_first_explanation_loads_neither_maps_nor_office_nor_learning(explained):
    modules = explained[1]
    assert "narwhals" in modules
    assert not {"sklearn", "pandas", "folium", "xlsxwriter", "jinja2", "duckdb", "pyspark"} & modules


def test_a_kept_explanation_loads_the_table_library_alone_and_costs_little_more(explained):
    bare = min(_seconds_and_modules("import polars")[0] for _ in range(3))
    rounds = [_seconds_and_modules(COMMAND, *explained[0]) for _ in range(3)]
    assert "polars" in rounds[0][1]
    assert not (HEAVY | {"narwhals", "numpy", "pyarrow", "jinja2", "duckdb", "pyspark"}) & rounds[0][1]
    assert min(seconds for seconds, _ in rounds) <= 4 * bare
