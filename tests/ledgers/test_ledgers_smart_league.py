"""智慧团建: names unwrapped, matched to exactly one enterprise or told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from coverage_engine.ledgers import read_tables

FIRMS = [
    {"企业名称": "甲（郑州）有限公司", "所在地区": "410105", "团组织": "无"},
    {
        "企业名称": "乙有限公司",
        "所在地区": "410105",
        "团组织": "单独",
        "团组织名称": "共青团乙集团支部委员会",
    },
    {"企业名称": "丙有限公司", "所在地区": "410102"},
    {"企业名称": "丙有限公司", "所在地区": "410305"},
    {"企业名称": "某某社区服务有限公司", "所在地区": "410305"},
]


def _match(name: str, **further: object) -> dict[str, object]:
    row = {"团组织全称": name, **further}
    snapshot, findings = read_tables({"企业台账": FIRMS, "智慧团建导出": [row]}, as_of=date(2019, 6, 15))
    organisation = snapshot["league_organisations"].row(0, named=True)
    matched = snapshot["league_matches"].join(snapshot["enterprises"], on="enterprise_id")["name"].to_list()
    return organisation | {"matched": matched, "findings": findings, "snapshot": snapshot}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("共青团甲（郑州）有限公司委员会", "league_committee"),
        ("共青团甲(郑州)有限公司总支部委员会", "general_branch"),
        ("共青团甲（郑州）有限公司支部委员会", "league_branch"),
        ("共青团甲（郑州）有限公司工作委员会", "work_committee"),
        ("共青团 甲（郑州）有限公司 支部", "league_branch"),
        ("甲（郑州）有限公司团支部", "league_branch"),
        ("甲（郑州）有限公司团委", "league_committee"),
        ("中国共产主义青年团甲（郑州）有限公司委员会", "league_committee"),
    ],
)
def test_the_unit_is_unwrapped_and_matched_by_full_name(name: str, kind: str) -> None:
    found = _match(name)
    assert (found["match"], found["kind"], found["matched"]) == ("enterprise", kind, ["甲（郑州）有限公司"])


def test_the_claimed_name_matches_where_the_full_name_does_not() -> None:
    found = _match("共青团乙集团支部委员会")
    assert found["matched"] == ["乙有限公司"]
    assert found["snapshot"]["league_matches"]["basis"].to_list() == ["league_name"]  # type: ignore[index]


def test_a_name_of_two_enterprises_is_ambiguous_and_told(of_code: Callable) -> None:
    found = _match("共青团丙有限公司支部委员会")
    assert (found["match"], found["matched"]) == ("ambiguous", [])
    assert of_code(found["findings"], "league.ambiguous")["severity"].to_list() == ["warning"]


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("共青团丁有限公司支部委员会", "not_found"),
        ("共青团某某园区联合支部委员会", "joint"),
        ("共青团某某街道临时支部委员会", "not_enterprise"),
        ("共青团某某中学委员会", "not_enterprise"),
        ("金水区流动团员团支部", "not_enterprise"),
        ("共青团郑州市金水区委员会", "not_enterprise"),
        ("共青团某某社区服务有限公司支部委员会", "enterprise"),
    ],
)
def test_other_organisations_are_told_from_enterprises(name: str, match: str) -> None:
    assert _match(name)["match"] == match


def test_an_organisation_of_a_firm_that_says_none_is_a_contradiction(of_code: Callable) -> None:
    found = _match("共青团甲（郑州）有限公司支部委员会")
    told = of_code(found["findings"], "league.contradiction").row(0, named=True)
    assert (told["sheet"], told["cell"]) == ("企业台账", "C2")
    assert "智慧团建导出!A2" in told["remedy"]


def test_a_joint_organisation_is_linked_through_the_coverage_ledger() -> None:
    name = "共青团某某园区联合支部委员会"
    snapshot, _ = read_tables(
        {
            "企业台账": FIRMS,
            "智慧团建导出": [{"团组织全称": name, "导出日期": "2019-05-20"}],
            "联合团组织覆盖台账": [
                {"团组织全称": name, "覆盖企业": "乙有限公司"},
                {"团组织全称": "共青团别处联合支部委员会", "覆盖企业": "乙有限公司"},
            ],
        }
    )
    covered = snapshot["joint_coverage"].sort("row")
    assert covered["league_organisation_id"].to_list() == [0, None]
    assert snapshot["league_organisations"]["match"].to_list() == ["joint"]
    assert snapshot.as_of == date(2019, 5, 20)
