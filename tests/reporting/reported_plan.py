"""An invented plan in the described tables, made by hand to test reports without the other rooms."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from coverage_engine.model.plan import Division, Plan
from coverage_engine.model.snapshot import build_snapshot
from coverage_engine.model.tables import PLAN_TABLES, conform, empty
from coverage_engine.policy import load_policy, terms_of
from coverage_engine.recommend import load_paths
from coverage_engine.recommend.path_table import path_table

AS_OF = date(2019, 6, 1)
COUNTIES = [
    ("410105", "金水区", "410100", "郑州市"),
    ("410122", "中牟县", "410100", "郑州市"),
    ("410305", "涧西区", "410300", "洛阳市"),
    ("419001", "济源市", "419001", "济源市"),
]
HOSTILE = [
    '=HYPERLINK("http://evil.example","点我")',
    "+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "-2+3+cmd",
    "\t=1+1",
    "\r=1+1",
    "<script>alert(1)</script>",
    "{{7*7}}{% raw %}",
    "<r><t>富文本</t></r>",
    "\u202e有限公司\u202c",
    "长" * 10_000,
    "<img src=x onerror=alert(1)>",
    "乱码\uffff_x0041_有限公司",
]
STATES = ["uncovered", "own", "uncovered", "joint", "unknown", "youth_only", "uncovered", "out_of_scope"]
OBLIGATIONS = {
    "own": "none",
    "joint": "must_establish",
    "unknown": "undetermined",
    "youth_only": "cultivate",
    "out_of_scope": "none",
}
JOINT = dict.fromkeys((20, 40), "乌有20号实业有限公司等2家联合团支部")
SECTORS = ["C", "F", "I", "G", "R"]


FINDING = {
    "code": "credit_code.check_digit",
    "severity": "warning",
    "file": "企业台账.xlsx",
    "sheet": "企业台账",
    "cell": "B17",
    "found": "=914101",
    "wanted": "18位统一社会信用代码",
    "remedy": "对照营业执照改正",
    "ledger": "enterprises",
    "row": 17,
}


def reported_plan(count: int = 60, names: list[str] | None = None, division: Division | None = None) -> Plan:
    """A plan of so many invented enterprises, by chosen names, of a division."""
    enterprises = pl.DataFrame(
        [_enterprise(number, names or []) for number in range(count)], infer_schema_length=None
    )
    targets = _targets(enterprises)
    enterprises = enterprises.join(targets, on="enterprise_id", how="left", maintain_order="left")
    frames = {
        "enterprises": enterprises,
        "coverage": pl.DataFrame(_coverage()),
        "parks": pl.DataFrame(_parks()),
        "societies": pl.DataFrame(_societies(count)),
        "findings": pl.DataFrame([FINDING]),
        **_per_target(targets, enterprises),
    }
    frames |= _calls(frames["actions"]) | {"joint_groups": _joint_groups(), "choices": _choices(targets)}
    tables = {
        name: conform(frames[name], table) if name in frames else empty(table)
        for name, table in PLAN_TABLES.items()
    }
    tables["paths"] = path_table(load_paths())
    place = division or Division("410000", "河南省", "province")
    policy = load_policy(AS_OF)
    return Plan(AS_OF, place, policy.version, _snapshot(), tables, terms_of(policy))


def _enterprise(number: int, names: list[str]) -> dict[str, Any]:
    state = STATES[number % len(STATES)]
    code, county, city_code, city = (
        COUNTIES[number % len(COUNTIES)]
        if number % 7
        else (
            "410100",
            None,
            "410100",
            "郑州市",
        )
    )
    obligation = OBLIGATIONS.get(state) or ("must_establish" if number % 3 else "should_establish")
    return {
        "enterprise_id": number,
        "credit_code": f"91410100MA3X{number:05d}K",
        "name": names[number] if number < len(names) else f"乌有{number}号实业有限公司",
        "division_code": code,
        "city": city,
        "county": county,
        "city_code": city_code,
        "county_code": code if county else None,
        "coverage_state": state,
        "verified": "unknown" if state == "unknown" else ["yes", "no"][number % 2],
        "obligation": obligation,
        "ground": "R13" if obligation == "must_establish" else None,
        "ground_text": "通知四（1）" if obligation == "must_establish" else None,
        "missing_facts": "党组织;团员数" if state == "unknown" else None,
        "member_margin": number % 9 - 3,
        "tiers": "above_scale;park" if number % 2 else "park",
        "priority": 100 - number % 60,
        "priority_reasons": "必须建团40；规模以上15",
        "non_public": ["yes", "yes", "yes", "unknown", "yes"][number % 5],
        "scope_reason": "国有控股" if state == "out_of_scope" else None,
        "is_target": state in ("uncovered", "youth_only", "unknown"),
        "employees": None if number % 11 == 0 else 20 + number * 37 % 900,
        "young_employees": None if number % 13 == 0 else number * 17 % 200,
        "league_members": None if state == "unknown" else number % 9,
        "party": ["own", "none", None, "joint"][number % 4],
        "union": [True, False, None][number % 3],
        "league_form": state if state in ("own", "joint") else "none",
        "league_kind": "league_branch" if state == "own" else None,
        "verified_name": f"共青团乌有{number}号实业有限公司支部委员会" if state == "own" else None,
        "section": SECTORS[number % 5],
        "registration_text": "私营有限责任公司",
        "control": "private",
        "above_scale": [True, True, False, None][number % 4],
        "top_hundred_rank": number if 0 < number <= 5 else None,
        "top_hundred_year": 2018 if 0 < number <= 5 else None,
        "park_id": number % 3,
        "park": ["乌有高新区", "子虚产业集聚区", None][number % 3],
    }


def _targets(enterprises: pl.DataFrame) -> pl.DataFrame:
    ranked = enterprises.filter("is_target").sort(["priority", "enterprise_id"], descending=[True, False])
    return ranked.select("enterprise_id", rank=pl.int_range(1, pl.len() + 1)).rename(
        {"rank": "priority_rank"}
    )


def _per_target(targets: pl.DataFrame, enterprises: pl.DataFrame) -> dict[str, pl.DataFrame]:
    recommendations, actions, reasons = [], [], []
    codes = dict(enterprises.select("enterprise_id", "division_code").iter_rows())
    for number in targets["enterprise_id"].to_list():
        best = number % 11 + 1
        for rank, path in enumerate(((best), best % 11 + 1), 1):
            recommendations.append(
                {
                    "enterprise_id": number,
                    "rank": rank,
                    "path": path,
                    "path_key": f"path_{path}",
                    "score": 1_500_000 - rank,
                    "probability": 0.7,
                    "probability_low": 0.5,
                    "probability_high": 0.8,
                    "lead_unit": "乌有县（区）团委、园区管委会",
                    "reasons": "总部已建团委;同一总部7家分支中5家已覆盖;团员6人",
                    "runner_up_gap": 120_000,
                    "flip_fact": "若园区成立团工委，路径5居首",
                }
            )
            reasons.append(
                {
                    "enterprise_id": number,
                    "path": path,
                    "step": 0,
                    "fact": "base",
                    "contribution": 1_500_000 - rank,
                    "value": "-1",
                    "text": "=基数",
                }
            )
        for step in range(1, 5):
            actions.append(
                {
                    "enterprise_id": number,
                    "path": best,
                    "step": step,
                    "action": [
                        "联系总部团委，通报分支名单",
                        "总部下发建团通知",
                        "企业提出建团申请",
                        "批复并录入智慧团建",
                    ][step - 1],
                    "responsible": "乌有县（区）团委",
                    "document": ["联合通知", None, "建团申请书", "批复"][step - 1],
                    "due": date(2019, 6, 2 + step * 3),
                    "division_code": codes[number],
                    "bundle": f"总部：乌有集团{number % 4}"
                    if step == 1 and number % 5
                    else JOINT.get(number),
                }
            )
    return {
        "recommendations": pl.DataFrame(recommendations, infer_schema_length=None),
        "reasons": pl.DataFrame(reasons, infer_schema_length=None),
        "actions": pl.DataFrame(actions, infer_schema_length=None),
    }


def _calls(actions: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Every target with a bundle is its call's first; a call could serve one target more in each county."""
    named = actions.filter(pl.col("bundle").str.starts_with("总部"))
    pairs = named.select("path", "enterprise_id", "division_code", counterpart="bundle", first=True)
    places = pairs.group_by("path", "counterpart", "division_code").agg(
        targets=pl.len() + 1, first=pl.len(), first_expected=pl.len() * 0.7, first_young=pl.len() * 10.4
    )
    return {"bundle_targets": pairs.drop("division_code"), "bundle_places": places}


def _joint_groups() -> pl.DataFrame:
    """One joint branch of two firms."""
    group = {"group_id": 1, "group_name": JOINT[20], "group_members": 3}
    return pl.DataFrame(
        [
            {
                **group,
                "enterprise_id": 20,
                "name": "乌有20号",
                "seat": True,
                "league_members": 2,
                "metres": 0,
            },
            {
                **group,
                "enterprise_id": 40,
                "name": "乌有40号",
                "seat": False,
                "league_members": 1,
                "metres": 35,
            },
        ]
    )


def _choices(targets: pl.DataFrame) -> pl.DataFrame:
    """Every seventh target has four paths that cannot be told apart."""
    wide = pl.col("enterprise_id") % 7 == 0
    return targets.select(
        "enterprise_id",
        paths=pl.when(wide).then(pl.lit("1;3;9;11")).otherwise(pl.lit("9")),
        wide=wide,
        ask_first=pl.when(wide).then(pl.lit("总部团组织")),
    )


def _coverage() -> list[dict[str, Any]]:
    rows = []
    places = [("410000", "河南省", "province"), ("410100", "郑州市", "city"), ("410300", "洛阳市", "city")]
    places += [("419001", "济源市", "city")] + [(code, name, "county") for code, name, _, _ in COUNTIES]
    for number, (code, name, level) in enumerate(places):
        for category in ("operating", "eligible", "duty_bound", "tier:above_scale", "tier:park"):
            base = 400 // (number + 1) - (395 if code == "419001" and level == "city" else 0)
            rows.append(
                {
                    "division_code": code,
                    "division": name,
                    "level": level,
                    "category": category,
                    "denominator_low": max(base, 3),
                    "denominator_high": max(base, 3) + 12,
                    "own_low": 2,
                    "own_high": 4,
                    "joint_low": 3,
                    "joint_high": 6,
                    "verified": 2,
                    "uncovered_low": 1,
                    "unknown": 3,
                    "rate_low": 2 / (max(base, 3) + 12),
                    "rate_high": 4 / (max(base, 3) + 1),
                    "joint_rate_low": 3 / (max(base, 3) + 12),
                    "joint_rate_high": 6 / (max(base, 3) + 3),
                    "must": 5,
                    "should": 4,
                    "undetermined": 3,
                    "targets": 20 - number,
                }
            )
    return rows


def _parks() -> list[dict[str, Any]]:
    return [
        {
            "park_id": number,
            "name": name,
            "level": ["国家级", "省级", None][number],
            "kind": ["高新区", "产业集聚区", "专业市场"][number],
            "division_code": COUNTIES[number][0],
            "city": COUNTIES[number][3],
            "county": COUNTIES[number][1],
            "administration": True,
            "party": [True, False, None][number],
            "work_committee": [True, None, False][number],
            "youth_home": [True, False, None][number],
            "enterprises": 40 + number,
            "non_public": 30 + number,
            "above_scale": 12,
            "employees": 9000,
            "young_employees": 3000,
            "league_members": 220,
            "with_party": 17,
            "eligible": 15,
            "own": 6,
            "joint": 3,
            "verified": 7,
            "uncovered_duty": 11,
            "unknown": 4,
            "rate_low": 9 / (30 + number),
            "rate_high": [9, 13, 13][number] / (30 + number),
        }
        for number, name in enumerate(["乌有高新区", "=子虚产业集聚区", "亡是市场"])
    ]


def _societies(count: int) -> list[dict[str, Any]]:
    return [
        {
            "society_id": society,
            "society": ["乌有市青年联合会", "=乌有市青年企业家协会"][society],
            "kind": ["youth_federation", "young_entrepreneurs"][society],
            "level": ["city", None][society],
            "enterprise_id": number,
            "appraisal": [True, False, None][number % 3],
        }
        for society in range(2)
        for number in range(society, count, 3 - society)
    ]


SOURCES = [
    {
        "source": 0,
        "file": "企业台账.xlsx",
        "sha256": "ab" * 32,
        "sheet": "企业台账",
        "kind": "enterprises",
        "header_row": 1,
        "rows_read": 64,
        "accepted": 60,
        "quarantined": 2,
        "recognised": 2,
    },
    {
        "source": 1,
        "file": "不明.csv",
        "sha256": "cd" * 32,
        "sheet": "不明",
        "kind": None,
        "rows_read": 5,
        "accepted": 0,
        "quarantined": 0,
        "recognised": 5,
    },
]
DIVISIONS = [
    {"code": "410000", "name": "河南省", "level": "province", "parent_code": ""},
    {"code": "410100", "name": "郑州市", "level": "city", "parent_code": "410000"},
    {"code": "410300", "name": "洛阳市", "level": "city", "parent_code": "410000"},
    {"code": "419001", "name": "济源市", "level": "city", "parent_code": "410000"},
    *(
        {"code": code, "name": name, "level": "county", "parent_code": city}
        for code, name, city, _ in COUNTIES
    ),
    {"code": "410306", "name": "吉利区", "level": "county", "parent_code": "410300"},
]


def _snapshot() -> Any:
    tables = {
        "sources": pl.DataFrame(SOURCES),
        "divisions": pl.DataFrame(DIVISIONS),
        "presumptions": pl.DataFrame(
            [{"subject": "operating", "source": None, "message": "营业状态未填的按在营推定；补填即可解除。"}]
        ),
        "league_organisations": pl.DataFrame(
            [
                {
                    "league_organisation_id": 0,
                    "full_name": "共青团乌有高新区工作委员会",
                    "kind": "work_committee",
                    "superior": "共青团乌有市委员会",
                    "unwrapped": "乌有高新区",
                },
                {
                    "league_organisation_id": 1,
                    "full_name": "共青团乌有9号实业有限公司支部委员会",
                    "kind": "league_branch",
                    "superior": "共青团金水区委员会",
                    "unwrapped": "乌有9号实业有限公司",
                },
            ]
        ),
        "league_matches": pl.DataFrame(
            [{"league_organisation_id": 1, "enterprise_id": 9, "basis": "full_name"}]
        ),
    }
    return build_snapshot(AS_OF, tables, frozenset({"enterprises"}))
