"""The room's public face is listed, and importing it stays light."""

import subprocess
import sys

import coverage_engine.campaigns as room


def test_the_public_face_is_complete_and_sorted():
    assert room.__all__ == sorted(room.__all__)
    assert all(hasattr(room, name) for name in room.__all__)


def test_importing_the_room_loads_neither_scipy_nor_pandas_nor_a_compiler():
    code = (
        "import sys, coverage_engine.campaigns;"
        "print(sorted(set(sys.modules) & {'scipy', 'pandas', 'numba', 'networkx', 'xlsxwriter'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
