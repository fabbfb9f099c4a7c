"""A small invented plan, its annexes as sent, and a way to edit a workbook as a county would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import coverage_engine as ce
from coverage_engine.model.plan import Plan
from coverage_engine.reporting import write_annexes


@pytest.fixture(scope="session")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The plan of an invented province."""
    folder = tmp_path_factory.mktemp("ledgers")
    ce.write_sample(folder, enterprises=600, seed=8)
    snapshot, findings = ce.read_ledgers([folder])
    return ce.plan(snapshot, findings=findings)


@pytest.fixture(scope="session")
def sent(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the annexes as sent out."""
    folder = tmp_path_factory.mktemp("sent")
    write_annexes(plan, folder)
    return folder


@pytest.fixture
def edit(sent: Path, tmp_path: Path) -> Callable[..., Path]:
    """Saves an annex under a new name after a change of its first sheet."""

    def edited(name: str, change: Callable[[Any], None], saved: str = "交回.xlsx") -> Path:
        book = openpyxl.load_workbook(sent / f"{name}.xlsx")
        change(book.worksheets[0])
        book.save(tmp_path / saved)
        return tmp_path / saved

    return edited
