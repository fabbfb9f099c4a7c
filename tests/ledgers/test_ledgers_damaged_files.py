"""Ledgers damaged at random, and hostile ones, are refused with words or read: no traceback, no abort."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
HOSTILE = HERE.parents[2] / "shared" / "cases" / "hostile"
KEPT = HERE / "damaged"
"""Files that were once read wrongly, or ended in a traceback."""
_WORKBOOKS = (".xlsx", ".xlsm", ".xls")
_READ_ONE = """
import resource, sys, time
from coverage_engine.errors import CoverageEngineError
from coverage_engine.ledgers import read_ledgers
resource.setrlimit(resource.RLIMIT_AS, (4 * 1024**3, 4 * 1024**3))
for file in sys.argv[1:]:
    begin = time.process_time()
    try:
        told = f"{len(read_ledgers([file])[1])} findings"
    except CoverageEngineError as error:
        told = f"refused {error.problem}"
    print(f"{time.process_time() - begin:.2f}", told, flush=True)
lines = open("/proc/self/status", encoding="ascii").read().splitlines()
print(next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024)
"""
pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the memory of a process is measured on Linux"
)


def _damaged(first: int, last: int, folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, str(HERE / "damaged_files.py"), str(first), str(last), str(folder)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        timeout=7200,
    )
    assert done.returncode == 0, (done.stdout[-300:], done.stderr[-1000:])
    assert "panicked" not in done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == last - first
    return [line for line in lines if "BAD" in line]


def test_ledgers_damaged_at_random_are_refused_or_read(tmp_path: Path) -> None:
    assert _damaged(0, 150, tmp_path) == []


@pytest.mark.slow
def test_five_thousand_ledgers_damaged_at_random_are_refused_or_read(tmp_path: Path) -> None:
    bad = [line for first in range(0, 5_000, 500) for line in _damaged(first, first + 500, tmp_path)]
    assert bad == []


def _read_each(files: list[Path]) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", _READ_ONE, *map(str, files)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "panicked" not in done.stderr
    *told, megabytes = done.stdout.splitlines()
    assert len(told) == len(files)
    assert int(megabytes) <= 1024
    for line in told:
        assert float(line.split()[0]) <= 10
    return {file.name: line.split(" ", 1)[1] for file, line in zip(files, told, strict=True)}


def test_ledgers_that_once_failed_are_refused_or_read() -> None:
    told = _read_each(sorted(KEPT.iterdir()))
    assert all("refused" in line or "findings" in line for line in told.values())


@pytest.mark.skipif(not HOSTILE.is_dir(), reason=f"!!! SHARED MATERIAL IS MISSING: {HOSTILE}")
def test_every_hostile_workbook_handed_over_is_refused_with_words() -> None:
    files = sorted(file for file in HOSTILE.iterdir() if file.suffix in _WORKBOOKS)
    assert len(files) >= 24
    told = _read_each(files)
    assert {name for name, line in told.items() if "refused" not in line} == {"num_nan.xlsx"}
    assert "已损坏" in told["silent_wrong_read_bad_crc.xlsx"]
    assert "不可能存在" in told["abort_2TB_allocation.xlsx"]
    assert "不可能存在" in told["bomb_8_digit_row.xlsx"]
    assert "256 列" in told["hang_old_workbook.xls"]


@pytest.mark.skipif(not HOSTILE.is_dir(), reason=f"!!! SHARED MATERIAL IS MISSING: {HOSTILE}")
def test_a_damaged_ledger_never_stops_a_folder(tmp_path: Path) -> None:
    from coverage_engine.ledgers import read_ledgers

    folder = tmp_path / "台账"
    shutil.copytree(HOSTILE / "folder_with_one_bad", folder)
    snapshot, findings = read_ledgers([folder])
    assert snapshot["enterprises"].height
    assert "file.unreadable" in findings.table["code"].to_list()
