"""An invented plan for every test of reports, and the same with hostile names."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from coverage_engine.model.plan import Plan

sys.path.insert(0, str(Path(__file__).parent))

from reported_plan import HOSTILE, reported_plan


@pytest.fixture(scope="session")
def make_plan() -> Callable[..., Plan]:
    """Builds an invented plan of a given number of enterprises, for a given division."""

    return reported_plan


@pytest.fixture(scope="session")
def plan(make_plan: Callable[..., Plan]) -> Plan:
    """The small invented plan of the whole province."""
    return make_plan()


@pytest.fixture(scope="session")
def hostile_plan(make_plan: Callable[..., Plan]) -> Plan:
    """The same with hostile enterprise names."""
    return make_plan(names=HOSTILE)


@pytest.fixture(scope="session")
def hostile_names() -> list[str]:
    """Names that must stay text wherever they are written."""
    return HOSTILE
