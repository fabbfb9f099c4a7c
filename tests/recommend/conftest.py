"""Invented snapshots for this room: every relation present, unknowns everywhere, plainly invented names."""

from __future__ import annotations

import importlib.util
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import pytest

from coverage_engine.coverage import assess
from coverage_engine.model.snapshot import Snapshot, build_snapshot
from coverage_engine.model.tables import SNAPSHOT_TABLES, Table
from coverage_engine.policy import Policy, load_policy

# The exact solver beside this file is shared with the benchmark.
sys.path.insert(0, str(Path(__file__).parent))

AS_OF = date(2019, 6, 14)
KINDS = frozenset(
    {
        "enterprises",
        "parks",
        "branch_offices",
        "associated_enterprises",
        "association_members",
        "trade_unions",
        "party_organisations",
        "society_members",
        "government_agencies",
        "local_forces",
        "brand_programmes",
    }
)
COUNTIES = [("410102", "中原区", "410100"), ("410105", "金水区", "410100"), ("410302", "老城区", "410300")]


@dataclass(frozen=True)
class Province:
    """A snapshot with its assessed enterprises and the policy they were assessed under."""

    snapshot: Snapshot
    enterprises: pl.DataFrame
    policy: Policy


def typed(table: Table, rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = {column.name: column.dtype for column in table}
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def assessed(tables: dict[str, list[dict[str, Any]]], kinds: frozenset[str] = KINDS) -> Province:
    """A province from rows; rows without `source` get the table's own, rows without `row` their place."""
    frames = {}
    for source, (name, rows) in enumerate(tables.items()):
        placed = [{"source": source, "row": at, **row} for at, row in enumerate(rows, start=2)]
        frames[name] = typed(SNAPSHOT_TABLES[name], placed)
    snapshot = build_snapshot(AS_OF, frames, kinds)
    policy = load_policy(AS_OF)
    return Province(snapshot, assess(snapshot, policy)["enterprises"], policy)


@pytest.fixture(scope="session")
def oracle() -> ModuleType:
    """The slow plain reading of the path files."""
    spec = importlib.util.spec_from_file_location("path_oracle", Path(__file__).parent / "path_oracle.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def make_province() -> Callable[..., Province]:
    return invented


@pytest.fixture(scope="session")
def assess_rows() -> Callable[..., Province]:
    return assessed


def invented(seed: int, size: int) -> Province:
    """A random province of `size` enterprises: every fact known, false or unknown somewhere."""
    return assessed(invented_tables(random.Random(seed), size))


def invented_tables(dice: random.Random, size: int) -> dict[str, list[dict[str, Any]]]:
    hubs = max(2, size // 12)
    tables: dict[str, list[dict[str, Any]]] = {
        "enterprises": [_enterprise(dice, at, hubs) for at in range(size)],
        "parks": [_park(dice, at) for at in range(hubs)],
        "places": [{"place_id": at, "name": f"春风{at}号楼"} for at in range(hubs)],
        "divisions": [
            {"code": code, "name": name, "level": "county", "parent_code": up} for code, name, up in COUNTIES
        ]
        + [
            {"code": "410100", "name": "郑州市", "level": "city"},
            {"code": "410300", "name": "洛阳市", "level": "city"},
        ],
    }
    tables |= _chains(dice, size, hubs) | _circles(dice, size, hubs)
    tables |= _bodies(dice, size)
    tables["local_forces"] = [
        {
            "division_code": code,
            "part_time": dice.choice([None, 0, 3]),
            "volunteers": dice.choice([None, 0, 40]),
            "outside_committee": flag(dice),
        }
        for code, _, _ in COUNTIES
        if dice.random() < 0.8
    ]
    # Of every seventh firm the Party organisation is told by a ledger of its own.
    tables["fact_sources"] = [
        {"enterprise_id": at, "field": "party", "ledger_field": "form", "source": 1, "row": at + 2}
        for at in range(0, size, 7)
    ]
    return tables


def _bodies(dice: random.Random, size: int) -> dict[str, list[dict[str, Any]]]:
    """Party organisations, trade unions and brand programmes of some firms."""
    party = [
        {
            "enterprise_id": at,
            "form": dice.choice(["own", "joint"]),
            "superior": dice.choice([None, "某街道党工委"]),
            "party_members": dice.choice([None, 3, 12]),
        }
        for at in range(size)
        if dice.random() < 0.3
    ]
    unions = [
        {
            "enterprise_id": at,
            "name": "工会",
            "superior": dice.choice([None, "甲区总工会", "乙区总工会"]),
            "union_members": dice.choice([None, 8, 30, 150]),
        }
        for at in range(size)
        if dice.random() < 0.3
    ]
    brands = [
        {
            "enterprise_id": at,
            "brand": dice.choice(["青年文明号", "见习基地"]),
            "status": dice.choice([None, "holder", "applicant"]),
        }
        for at in range(size)
        if dice.random() < 0.2
    ]
    return {"party_organisations": party, "trade_unions": unions, "brand_programmes": brands}


def flag(dice: random.Random) -> bool | None:
    return dice.choice([True, False, None])


def _enterprise(dice: random.Random, at: int, hubs: int) -> dict[str, Any]:
    county, _, city = dice.choice(COUNTIES)
    return {
        "enterprise_id": at,
        "name": f"示例{at}号有限公司",
        "division_code": county,
        "county_code": county,
        "city_code": city,
        "longitude": 113.6 + dice.random() * 0.05,
        "latitude": 34.7 + dice.random() * 0.05,
        "location": dice.choice(["given", "approximate"]),
        "control": "private",
        "industry_code": dice.choice([None, "6410", "6020", "1811"]),
        "section": dice.choice([None, "I", "G", "C"]),
        "employees": dice.choice([None, 20, 200]),
        "young_employees": dice.choice([None, 1, 8, 15]),
        "league_members": dice.choice([None, 0, 1, 1, 2, 3, 5, 12]),
        "above_scale": flag(dice),
        "party": dice.choice(["own", "joint", "none", None]),
        "union": flag(dice),
        "league_form": dice.choice(["own", "joint", "none", "none", "none", None]),
        "operating": "operating",
        "park_id": dice.choice([None, dice.randrange(hubs)]),
        "place_id": dice.choice([None, None, dice.randrange(hubs)]),
        "department_id": dice.choice([None, None, None, dice.randrange(hubs)]),
        "home_division": dice.choice([None, "410302", "410105", "浙江省温州市"]),
        "entity_kind": "enterprise",
    }


def _park(dice: random.Random, at: int) -> dict[str, Any]:
    county, _, city = dice.choice(COUNTIES)
    flags = {name: flag(dice) for name in ("administration", "party", "work_committee", "youth_home")}
    return {"park_id": at, "name": f"春风{at}园区", "division_code": county, "city_code": city, **flags}


def _chains(dice: random.Random, size: int, hubs: int) -> dict[str, list[dict[str, Any]]]:
    def firm() -> int | None:
        return dice.choice([None, dice.randrange(size)])

    return {
        "headquarters": [
            {
                "headquarters_id": at,
                "name": f"春风{at}集团有限公司",
                "enterprise_id": firm(),
                "outside_province": flag(dice),
            }
            for at in range(hubs)
        ],
        "branch_offices": [
            {
                "enterprise_id": dice.randrange(size),
                "headquarters_id": dice.randrange(hubs),
                "relation": dice.choice(["branch", "subsidiary", "chain_store", None]),
            }
            for _ in range(size // 2)
        ],
        "leaders": [
            {"leader_id": at, "name": f"春风{at}龙头有限公司", "enterprise_id": firm()} for at in range(hubs)
        ],
        "associated_enterprises": [
            {
                "enterprise_id": dice.randrange(size),
                "leader_id": dice.randrange(hubs),
                "dependence": dice.choice([None, 100, 400, 700]),
            }
            for _ in range(size // 2)
        ],
    }


def _circles(dice: random.Random, size: int, hubs: int) -> dict[str, list[dict[str, Any]]]:
    return {
        "associations": [
            {
                "association_id": at,
                "name": f"春风{at}协会",
                "industry": dice.choice([None, "物流", "互联网", "制造业", "某业"]),
                "league_organisation": flag(dice),
            }
            for at in range(hubs)
        ],
        "association_members": [
            {"enterprise_id": dice.randrange(size), "association_id": dice.randrange(hubs)}
            for _ in range(size // 2)
        ],
        "societies": [
            {
                "society_id": at,
                "name": f"春风{at}青企协",
                "kind": dice.choice(["young_entrepreneurs", "youth_federation", None]),
            }
            for at in range(hubs)
        ],
        "society_members": [
            {
                "enterprise_id": dice.randrange(size),
                "society_id": dice.randrange(hubs),
                "appraisal": flag(dice),
            }
            for _ in range(size // 3)
        ],
        "departments": [
            {
                "department_id": at,
                "name": f"春风{at}局",
                "division_code": dice.choice(["410105", "410100", "410000", "410302"]),
                "sectors": dice.choice([None, "邮政快递业", "互联网", "工业和制造业"]),
                "work_committee": flag(dice),
            }
            for at in range(hubs)
        ],
    }
