"""Layouts and texts are content: whoever mends them is told exactly what is wrong and where."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from coverage_engine.content import read_content_toml
from coverage_engine.errors import PolicyError
from coverage_engine.model.plan import Plan
from coverage_engine.reporting.facts import enterprise_facts, park_facts, society_facts
from coverage_engine.reporting.layout import Layout, parse_layout, read_layout
from coverage_engine.reporting.wording import fallback_fonts, fonts

# domain.md §4: group and header of every column, in order.
ANNEX_3 = [
    "序号 市 县（市、区） 企业名称 统一社会信用代码 行业门类 登记注册类型/控股 省民营经济100强（位次） ",
    "所在园区 从业人员数 35岁以下青年数 团员数 党组织:有无 党组织:建制 工会:有无 团组织:覆盖状态",
    "团组织:建制（团支部/总支/团委/联合） 团组织:组建方式（单独/联合/依托） 团组织:建立时间 团组织:隶属上级",
    "智慧团建:组织全称 智慧团建:是否核验 未建原因 拟建路径（1-{last_path}） 责任单位 计划完成时间 备注",
]
ANNEX_4 = [
    "序号 市 县（市、区） 园区名称 级别（国家/省/市县/专业园区/市场/楼宇） 管理机构 园区党组织",
    "园区团工委:有无 园区团工委:全称 园区团工委:成立时间 入驻企业数:合计 入驻企业数:其中非公 ",
    "入驻企业数:其中规上 从业人员 青年 团员 已建党组织企业数 团员3人以上企业数 已建团组织企业数:合计",
    "已建团组织企业数:其中单独",
    "已建团组织企业数:联合覆盖 应建未建数 覆盖率 青年之家（有/无） 智慧团建核验 备注",
]
ANNEX_5 = [
    "序号 社团名称（青联/青企协/青商会…） 层级 会员单位名称 统一社会信用代码 所在市县",
    "从业人员 青年 团员 党组织 团组织:状态 团组织:建制 团组织:时间 智慧团建核验",
    "是否参加本年度评选表彰 拟建路径 备注",
]
COLUMNS = {"annex_3": ANNEX_3, "annex_4": ANNEX_4, "annex_5": ANNEX_5}


@pytest.fixture(scope="module")
def offered(plan: Plan) -> dict[str, frozenset[str]]:
    return {
        "enterprises": frozenset(enterprise_facts(plan).columns),
        "parks": frozenset(park_facts(plan).columns),
        "society_members": frozenset(society_facts(plan).columns),
    }


@pytest.mark.parametrize("name", list(COLUMNS))
def test_each_annex_has_the_columns_of_the_domain_facts_and_others_only_to_their_right(
    name: str, offered: dict[str, frozenset[str]]
) -> None:
    layout = read_layout(name, offered)
    shown = [
        f"{column.group}:{column.header}" if column.group else column.header for column in layout.columns
    ]
    columns = " ".join(COLUMNS[name]).split()
    assert shown[: len(columns)] == columns


@pytest.mark.parametrize("name", list(COLUMNS))
def test_every_fact_and_column_that_a_layout_names_exists(
    name: str, offered: dict[str, frozenset[str]]
) -> None:
    layout = read_layout(name, offered)
    assert isinstance(layout, Layout)
    assert layout.title in {
        "规模以上非公企业团组织覆盖情况表",
        "园区团组织覆盖情况表",
        "团属社团非公企业会员单位团组织覆盖情况表",
    }


def _broken(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(read_content_toml("reports", "annex_3.toml")), **changes}


def _fault(content: dict[str, Any], offered: dict[str, frozenset[str]]) -> str:
    with pytest.raises(PolicyError) as caught:
        parse_layout("reports/annex_3.toml", content, offered)
    return str(caught.value)


def test_an_unknown_fact_is_refused_with_file_and_key(offered: dict[str, frozenset[str]]) -> None:
    content = _broken()
    content["columns"][3]["fact"] = "nmae"
    told = _fault(content, offered)
    assert "reports/annex_3.toml" in told
    assert "columns[4].fact（name）" in told
    assert "nmae" in told


def test_a_misspelt_key_is_refused(offered: dict[str, frozenset[str]]) -> None:
    content = _broken()
    content["columns"][0]["wdith"] = 4
    assert "columns[1].wdith" in _fault(content, offered)


def test_a_missing_key_is_refused(offered: dict[str, frozenset[str]]) -> None:
    content = _broken()
    del content["figures"][0]["of"]
    assert "figures[1].of" in _fault(content, offered)


def test_a_width_in_words_is_refused(offered: dict[str, frozenset[str]]) -> None:
    content = _broken()
    content["columns"][0]["width"] = "宽"
    assert "columns[1].width" in _fault(content, offered)


def test_all_faults_are_told_at_once(offered: dict[str, frozenset[str]]) -> None:
    content = _broken(all=["in_socpe"], order=["-emploees"])
    content["figures"][0]["stands_in"] = "nobody"
    content["columns"][1]["key"] = "number"
    told = _fault(content, offered)
    for word in ("in_socpe", "emploees", "nobody", "'number' 重复"):
        assert word in told


def test_unknown_rows_are_refused(offered: dict[str, frozenset[str]]) -> None:
    assert "rows" in _fault(_broken(rows="firms"), offered)


def test_fonts_are_named_as_the_official_layout_asks() -> None:
    named = fonts()
    assert (named["title"], named["head"], named["body"]) == ("方正小标宋简体", "黑体", "仿宋_GB2312")
    assert named["second"] == "楷体_GB2312"
    assert set(named.values()) <= set(fallback_fonts())


def test_the_overview_says_everything_in_both_languages() -> None:
    content = read_content_toml("reports", "overview.toml")
    assert set(content["zh"]) == set(content["en"])
