"""Ledgers that speak of enterprises, and the things that enterprises share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from coverage_engine.ledgers import read_tables

FIRMS = [
    {"企业名称": "甲有限公司", "所在地区": "410105", "党组织": "无", "工会": "无", "团组织": "无"},
    {"企业名称": "乙有限公司", "所在地区": "410105", "党组织": "联合"},
    {"企业名称": "丙有限公司", "所在地区": "410102"},
    {"企业名称": "丙有限公司", "所在地区": "410305"},
]


def _read(**ledgers: list[dict[str, object]]) -> tuple:
    return read_tables({"企业台账": FIRMS, **ledgers}, as_of=date(2019, 6, 15))


def _id(snapshot: object, name: str) -> int:
    table = snapshot["enterprises"]  # type: ignore[index]
    return int(table.filter(table["name"] == name)["enterprise_id"][0])


def test_an_enterprise_that_is_not_in_the_ledger_is_told_and_its_row_accounted_for(of_code: Callable) -> None:
    snapshot, findings = _read(工会台账=[{"企业名称": "没有的公司"}, {"企业名称": "甲 有限公司"}])
    assert snapshot["trade_unions"]["enterprise_id"].to_list() == [_id(snapshot, "甲有限公司")]
    told = of_code(findings, "link.not_found").row(0, named=True)
    assert (told["sheet"], told["cell"], told["severity"]) == ("工会台账", "A2", "warning")
    assert "补录" in told["remedy"]
    assert snapshot["sources"].row(1, named=True)["accepted"] == 2


def test_a_name_of_two_enterprises_is_asked_about_and_links_nothing(of_code: Callable) -> None:
    snapshot, findings = _read(党组织台账=[{"企业名称": "丙有限公司", "党组织形式": "单独"}])
    assert snapshot["party_organisations"].is_empty()
    assert of_code(findings, "link.ambiguous")["cell"].to_list() == ["A2"]


def test_the_party_ledger_wins_over_the_flag_and_names_the_deciding_cell(of_code: Callable) -> None:
    snapshot, findings = _read(
        党组织台账=[
            {"企业名称": "甲有限公司", "党组织形式": "单独"},
            {"企业名称": "乙有限公司", "党组织形式": None},
        ]
    )
    party = dict(
        snapshot["enterprises"]
        .select("name", "party")
        .filter(snapshot["enterprises"]["party"].is_not_null())
        .rows()
    )
    assert party == {"甲有限公司": "own", "乙有限公司": "joint"}
    decided = snapshot["fact_sources"].filter(snapshot["fact_sources"]["field"] == "party").sort("row")
    assert decided["ledger_field"].to_list() == ["form", "enterprise_name"]
    told = of_code(findings, "party.contradiction").row(0, named=True)
    assert (told["sheet"], told["cell"], told["found"]) == ("企业台账", "C2", "无")
    assert "党组织台账!B2" in told["remedy"]


def test_the_union_ledger_wins_over_the_flag(of_code: Callable) -> None:
    snapshot, findings = _read(工会台账=[{"企业名称": "甲有限公司", "工会会员数": "12人"}])
    union = dict(snapshot["enterprises"].select("name", "union").rows())
    assert union["甲有限公司"] is True
    assert union["乙有限公司"] is None
    assert of_code(findings, "union.contradiction")["cell"].to_list() == ["D2"]


def test_headquarters_are_one_row_each_and_know_whether_they_are_elsewhere() -> None:
    snapshot, _ = _read(
        总部分支台账=[
            {"总部名称": "上海某某控股有限公司", "分支名称": "甲有限公司", "关系": "分公司"},
            {"总部名称": "上海某某控股有限公司", "分支名称": "乙有限公司", "关系": "连锁门店"},
            {"总部名称": "乙有限公司", "分支名称": "甲有限公司", "关系": "子公司"},
            {"总部名称": "洛阳某某有限公司", "分支名称": "甲有限公司", "关系": None},
            {"总部名称": "某某有限公司", "分支名称": "甲有限公司", "关系": None},
        ]
    )
    hubs = {row["name"]: row for row in snapshot["headquarters"].iter_rows(named=True)}
    assert {name: row["outside_province"] for name, row in hubs.items()} == {
        "上海某某控股有限公司": True, "乙有限公司": False, "洛阳某某有限公司": False, "某某有限公司": None,
    }  # fmt: skip
    assert hubs["乙有限公司"]["enterprise_id"] == _id(snapshot, "乙有限公司")
    assert snapshot["headquarters"]["headquarters_id"].to_list() == [0, 1, 2, 3]
    assert set(snapshot["branch_offices"]["relation"]) == {"branch", "chain_store", "subsidiary", None}


def test_an_enterprise_is_not_its_own_headquarters_and_pairs_count_once(of_code: Callable) -> None:
    pair = {"龙头企业": "甲有限公司", "关联企业": "乙有限公司", "关系": "供应商", "依赖度": "30%"}
    snapshot, findings = _read(产业链台账=[pair, pair, pair | {"关联企业": "甲有限公司"}])
    assert snapshot["associated_enterprises"].select("relation", "dependence", "row").rows() == [
        ("supplier", 300, 2)
    ]
    assert of_code(findings, "link.doubled")["cell"].to_list() == ["B3"]
    assert "产业链台账!B2" in of_code(findings, "link.doubled")["remedy"][0]
    assert of_code(findings, "link.self")["cell"].to_list() == ["B4"]


def test_associations_and_societies_become_hubs_with_their_members() -> None:
    snapshot, _ = _read(
        行业协会台账=[
            {"协会名称": "某某行业协会", "所在地区": "河南省", "协会团组织": None, "会员企业": "甲有限公司"},
            {"协会名称": "某某行业协会", "所在地区": None, "协会团组织": "有", "会员企业": "乙有限公司"},
        ],
        团属社团台账=[
            {
                "社团名称": "郑州青企协",
                "社团类别": "青企协",
                "层级": "市",
                "会员单位": "甲有限公司",
                "参加评选": "是",
            }
        ],
    )
    association = snapshot["associations"].row(0, named=True)
    assert (association["league_organisation"], association["division_code"]) == (True, "410000")
    assert snapshot["association_members"].height == 2
    society = snapshot["societies"].row(0, named=True)
    assert (society["kind"], society["level"]) == ("young_entrepreneurs", "city")
    assert snapshot["society_members"]["appraisal"].to_list() == [True]


def test_parks_are_found_by_name_nearest_first_and_unlisted_ones_are_told(of_code: Callable) -> None:
    firms = [
        {"企业名称": "甲有限公司", "所在地区": "410105", "所属园区": "科技园"},
        {"企业名称": "乙有限公司", "所在地区": "410305", "所属园区": "科技园"},
        {"企业名称": "丙有限公司", "所在地区": "410305", "所属园区": "无名园区"},
        {"企业名称": "丁有限公司", "所在地区": "410305", "所属园区": "无"},
    ]
    parks = [
        {"园区名称": "科技园", "所在地区": "410105", "园区团工委": "有"},
        {"园区名称": "科技园", "所在地区": "410305", "园区团工委": "无"},
    ]
    snapshot, findings = read_tables({"企业台账": firms, "园区台账": parks}, as_of=date(2019, 6, 15))
    named = snapshot["enterprises"].join(snapshot["parks"], on="park_id", how="left").sort("name")
    assert named["work_committee"].to_list() == [None, None, False, True]
    assert named["in_ledger"].to_list() == [None, False, True, True]
    told = of_code(findings, "park.not_in_ledger").row(0, named=True)
    assert (told["cell"], told["found"]) == ("C4", "无名园区")


def test_buildings_are_one_place_in_each_county() -> None:
    firms = [
        {"企业名称": f"{name}有限公司", "所在地区": place, "所属楼宇市场": "和平大厦"}
        for name, place in (("甲", "410105"), ("乙", "410105"), ("丙", "410305"))
    ]
    snapshot, _ = read_tables({"企业台账": firms}, as_of=date(2019, 6, 15))
    assert snapshot["places"]["county_code"].to_list() == ["410105", "410305"]
    assert snapshot["enterprises"].sort("row")["place_id"].to_list() == [0, 0, 1]


def test_departments_are_those_of_the_enterprises_own_division() -> None:
    firms = [
        {"企业名称": "甲有限公司", "所在地区": "410105", "主管部门": "商务局"},
        {"企业名称": "乙有限公司", "所在地区": "410305", "主管部门": "商务局"},
        {"企业名称": "丙有限公司", "所在地区": "410105", "主管部门": "洛阳市邮政管理局"},
    ]
    agencies = [
        {"部门名称": "商务局", "所在地区": "410105", "行业团工委": "有"},
        {"部门名称": "商务局", "所在地区": "410300", "行业团工委": "无"},
    ]
    snapshot, _ = read_tables({"企业台账": firms, "行业主管部门台账": agencies}, as_of=date(2019, 6, 15))
    joined = snapshot["enterprises"].join(snapshot["departments"], on="department_id").sort("row")
    assert joined["work_committee"].to_list() == [True, False, None]
    assert joined["division_code_right"].to_list() == ["410105", "410300", "410300"]
    kinds = dict(snapshot["sources"].select("source", "kind").iter_rows())
    told_by = [kinds[source] for source in joined["source_right"]]
    assert told_by == ["government_agencies", "government_agencies", "enterprises"]


@pytest.mark.parametrize(
    ("path", "accepted"), [("9", 1), ("12", 1), ("0", 0), ("100", 0), ("九", 0), (None, 0)]
)
def test_an_outcome_needs_the_number_of_a_path(path: str | None, accepted: int) -> None:
    row = {
        "企业名称": "甲有限公司",
        "路径": path,
        "开始日期": "2018-03-01",
        "结果": "建成单独",
        "工时": "12.5",
    }
    snapshot, _ = _read(建团成果台账=[row])
    assert snapshot["sources"].row(1, named=True)["accepted"] == accepted
    assert snapshot["outcomes"].height == accepted


def test_ledgers_that_name_no_enterprise_are_kept_as_they_are() -> None:
    snapshot, _ = _read(
        属地力量台账=[{"所在地区": "410105", "专职团干部": "2人", "驻外团工委": "有"}],
        青年之家台账=[
            {"名称": "某某青年之家", "所在地区": "410105", "状态": "候选", "建设成本": "1.5", "服务容量": 30}
        ],
        学校团员数量台账=[
            {"学校名称": "某某中学", "所在地区": "410105", "办学性质": "民办", "教育统计团员数": 100}
        ],
        发展团员编号台账=[
            {"单位": "某某团委", "年度": 2019, "起始编号": "201941000001", "截止编号": "201941000100"}
        ],
        品牌工作台账=[{"企业名称": "甲有限公司", "品牌": "青年文明号", "状态": "申报"}],
    )
    assert snapshot["local_forces"].row(0, named=True)["outside_committee"] is True
    home = snapshot["youth_homes"].row(0, named=True)
    assert (home["status"], home["cost"], home["capacity"], home["location"]) == (
        "candidate",
        1.5,
        30,
        "approximate",
    )
    assert snapshot["schools"].row(0, named=True)["private"] is True
    assert snapshot["number_segments"].row(0, named=True)["first"] == "201941000001"
    assert snapshot["brand_programmes"].row(0, named=True)["status"] == "applicant"
