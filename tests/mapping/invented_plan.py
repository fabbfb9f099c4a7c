"""A small invented plan, made table by table."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import polars as pl

from coverage_engine.divisions.table import shapes
from coverage_engine.model.plan import Division, Plan
from coverage_engine.model.snapshot import build_snapshot
from coverage_engine.model.tables import PLAN_TABLES, conform, empty
from coverage_engine.policy import load_policy, terms_of
from coverage_engine.recommend import load_paths
from coverage_engine.recommend.path_table import path_table

AS_OF = date(2019, 6, 15)
HENAN = Division("410000", "河南省", "province")
ZHENGZHOU = Division("410100", "郑州市", "city")
_EDITION = "2019-05"
_GROUND = "通知四（1） 已建立党组织且团员3人以上的必须同步建立团组织"
_REASONS = (
    "所在园区已建团工委，园区内{n}家企业已建团;企业已有党组织，党员{n}人;同楼宇相邻企业{n}家团员合计{n}人"
)


def all_outlines() -> dict[str, Any]:
    return {level: shapes(_EDITION, level) for level in ("city", "county")}


def invented_plan(
    enterprises: int = 300,
    *,
    division: Division = HENAN,
    names: dict[int, str] | None = None,
    seed: int = 7,
) -> Plan:
    """A plan whose figures are invented; `names` gives chosen enterprises a chosen name."""
    dice = random.Random(seed)
    counties = _counties(division)
    rows = [_enterprise(i, dice, counties, names or {}) for i in range(enterprises)]
    tables = {
        "enterprises": rows,
        "recommendations": [row for firm in rows if firm["is_target"] for row in _paths(firm, dice)],
        "coverage": _coverage(counties, division, dice),
        "parks": [_park(i, dice, counties) for i in range(min(40, len(counties)))],
    }
    tables["county_estimates"] = [
        _estimate(row) for row in tables["coverage"] if row["level"] == "county" and row["denominator_low"]
    ]
    tables["links"] = _links(enterprises)
    made = {
        name: conform(pl.DataFrame(tables[name], infer_schema_length=None), PLAN_TABLES[name])
        if tables.get(name)
        else empty(PLAN_TABLES[name])
        for name in PLAN_TABLES
    }
    made["paths"] = path_table(load_paths())
    terms = terms_of(load_policy(AS_OF))
    return Plan(AS_OF, division, "豫青办字〔2019〕17号", build_snapshot(AS_OF, {}, frozenset()), made, terms)


def _counties(division: Division) -> list[dict[str, Any]]:
    found = [feature["properties"] for feature in all_outlines()["county"]["features"]]
    return [
        county
        for county in found
        if division.level == "province" or division.code in (county["city_code"], county["code"])
    ]


def _enterprise(
    i: int, dice: random.Random, counties: list[dict[str, Any]], names: dict[int, str]
) -> dict[str, Any]:
    county = dice.choice(counties)
    state = dice.choice(["own", "joint", "youth_only", "uncovered", "uncovered", "unknown"])
    duties = {
        "own": ["none"],
        "joint": ["none", "must_establish"],
        "unknown": ["undetermined"],
        "youth_only": ["should_establish", "cultivate"],
        "uncovered": ["must_establish", "should_establish", "cultivate"],
    }
    obligation = dice.choice(duties[state])
    approximate = i % 5 == 0
    return {
        "enterprise_id": i,
        "credit_code": f"91{county['code']}MA{i:08d}",
        "name": names.get(i, f"{county['name']}虚构第{i}号电子科技有限公司"),
        "division_code": county["code"],
        "city": county["city_name"],
        "county": county["name"],
        "city_code": county["city_code"],
        "county_code": county["code"],
        "coverage_state": state,
        "verified": dice.choice(["yes", "no"]) if state == "own" else "no",
        "obligation": obligation,
        "ground_text": _GROUND if obligation == "must_establish" else None,
        "missing_facts": "团员数;党组织" if obligation == "undetermined" else None,
        "tiers": dice.choice(["above_scale;park", "park", "", "society", "top_hundred;above_scale;sector"]),
        "is_target": obligation != "none",
        "priority_rank": i + 1 if obligation != "none" else None,
        "longitude": county["lon"] if approximate else county["lon"] + dice.uniform(-0.08, 0.08),
        "latitude": county["lat"] if approximate else county["lat"] + dice.uniform(-0.06, 0.06),
        "location": "approximate" if approximate else "given",
    }


def _paths(firm: dict[str, Any], dice: random.Random) -> list[dict[str, Any]]:
    chosen = dice.sample(load_paths().paths, 3)
    return [
        {
            "enterprise_id": firm["enterprise_id"],
            "rank": rank,
            "path": path.number,
            "path_key": path.key,
            "probability": dice.uniform(0.2, 0.9),
            "lead_unit": f"共青团{firm['county']}委员会",
            "reasons": _REASONS.format(n=dice.randint(3, 90)),
            "flip_fact": "若园区团工委撤销，则路径3居首",
        }
        for rank, path in enumerate(chosen, start=1)
    ]


def _coverage(
    counties: list[dict[str, Any]], division: Division, dice: random.Random
) -> list[dict[str, Any]]:
    places = [("county", county["code"], county["name"]) for county in counties]
    places += sorted({("city", county["city_code"], county["city_name"]) for county in counties})
    if division.level == "province":
        places.append(("province", division.code, division.name))
    return [
        _figures(*place, category, dice)
        for place in places
        for category in ("duty_bound", "eligible", "operating")
    ]


def _figures(level: str, code: str, name: str, category: str, dice: random.Random) -> dict[str, Any]:
    base = {"county": 60, "city": 600, "province": 6000}[level]
    low = dice.randint(0 if level == "county" else base, base * 2)
    unknown = dice.randint(0, low // 6)
    own = int(low * dice.uniform(0.2, 0.6))
    joint = own + (low - own) // 5
    return {
        "division_code": code,
        "division": name,
        "level": level,
        "category": category,
        "denominator_low": low,
        "denominator_high": low + unknown,
        "own_low": own,
        "own_high": own + unknown,
        "joint_low": joint,
        "joint_high": joint + unknown,
        "rate_low": own / (low + unknown) if low else None,
        "rate_high": (own + unknown) / (low + unknown) if low else None,
        "joint_rate_low": joint / (low + unknown) if low else None,
        "joint_rate_high": (joint + unknown) / (low + unknown) if low else None,
        "must": dice.randint(0, low),
        "should": dice.randint(0, low),
        "undetermined": unknown,
        "targets": dice.randint(0, 2 * low),
    }


def _estimate(row: dict[str, Any]) -> dict[str, Any]:
    """An estimate near the raw rate; counties of the city 4113 are a hot spot."""
    gap = 1 - row["joint_low"] / row["denominator_low"]
    smoothed = round((10 * gap + 4) / 20, 6) if row["denominator_low"] < 10 else round(gap, 6)
    return {
        **{name: row[name] for name in ("division_code", "division", "category")},
        "known": row["denominator_low"],
        "known_gap": row["denominator_low"] - row["joint_low"],
        "gap_smoothed": smoothed,
        "gap_low": max(0.0, smoothed - 0.1),
        "gap_high": min(1.0, smoothed + 0.1),
        "hot_z": 0.0,
        "hot_p": 0.5,
        "hot": "hot" if row["division_code"].startswith("4113") else "none",
    }


def _links(enterprises: int) -> list[dict[str, Any]]:
    """Enterprise 1 is the headquarters of 2, 3 and 4; 5 is the leader of 6."""
    pairs = [(spoke, 1, "headquarters", "branch_office") for spoke in (2, 3, 4)] + [
        (6, 5, "leader", "associated")
    ]
    rows = [row for a, b, there, back in pairs for row in ((a, b, there), (b, a, back))]
    return [
        {"enterprise_id": one, "other_id": other, "kind": kind}
        for one, other, kind in rows
        if max(one, other) < enterprises
    ]


def _park(i: int, dice: random.Random, counties: list[dict[str, Any]]) -> dict[str, Any]:
    county = counties[(7 * i) % len(counties)]
    return {
        "park_id": i,
        "name": f"{county['name']}虚构产业集聚区{i}",
        "division_code": county["code"],
        "city": county["city_name"],
        "county": county["name"],
        "work_committee": dice.choice([True, False, None]),
        "party": dice.choice([True, False, None]),
        "enterprises": 40,
        "non_public": 36,
        "own": 9,
        "joint": 3,
        "uncovered_duty": 11,
        "unknown": 2,
        "rate_low": 0.33,
        "rate_high": 0.39,
        "longitude": county["lon"] + 0.02,
        "latitude": county["lat"] + 0.02,
        "location": "given",
    }
