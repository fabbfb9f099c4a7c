"""What is public is what `__all__` lists, sorted; importing it stays light."""

import subprocess
import sys

import coverage_engine

HEAVY = {"folium", "sklearn", "networkx", "pandas", "geopy", "xlsxwriter", "scipy", "matplotlib"}


def test_the_public_face_is_complete_and_sorted():
    assert coverage_engine.__all__ == sorted(coverage_engine.__all__)
    for name in coverage_engine.__all__:
        assert callable(getattr(coverage_engine, name)), name


def test_help_does_not_load_the_heavy_libraries():
    code = (
        "import sys; from coverage_engine.cli.commands import coverage_engine as c;"
        "c(['--help'], standalone_mode=False); print(sorted(set(sys.modules) & set(%r)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code % sorted(HEAVY)], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"


def test_help_answers_within_half_a_second_of_processor_time():
    code = (
        "import resource, sys; from coverage_engine.__main__ import main\n"
        "sys.argv = ['coverage-engine', '--help']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "used = resource.getrusage(resource.RUSAGE_SELF)\n"
        "print(used.ru_utime + used.ru_stime, 'polars' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, loaded = done.stderr.split()
    assert float(seconds) <= 0.5
    assert loaded == "False"
