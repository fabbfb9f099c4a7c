"""The department of a firm whose ledger names none: who lists its trade, never who sounds like it."""

from __future__ import annotations

from datetime import date

import pytest

from coverage_engine.ledgers.assembling.regulation import codes_meant
from coverage_engine.ledgers.reading import read_tables

DAY = date(2019, 5, 20)


def department(industry: str, code: str, *departments: dict[str, str], **firm: str) -> str | None:
    """Name of the department that lists the trade of one firm in 鹤壁市浚县."""
    written = {
        "企业名称": "虚构一有限公司",
        "所在地区": "鹤壁市浚县",
        "行业": industry,
        "行业代码": code,
        **firm,
    }
    ledgers = {"企业台账": [written], "行业主管部门台账": list(departments)}
    snapshot, _ = read_tables(ledgers, as_of=DAY)
    number = snapshot["enterprises"]["trade_department_id"].item()
    names = dict(snapshot["departments"].select("department_id", "name").iter_rows())
    return names.get(number)


def of(name: str, trades: str, place: str = "鹤壁市", committee: str = "无") -> dict[str, str]:
    return {"部门名称": name, "所在地区": place, "主管行业": trades, "行业团工委": committee}


TRANSPORT = of("交通运输局", "普通货物道路运输、汽车修理与维护", committee="有")
POLICE = of("公安局", "安全服务")
MARKET = of("市场监督管理局", "互联网广告服务", committee="有")


@pytest.mark.parametrize(
    ("industry", "code", "wanted"),
    [
        ("棉织造加工", "1712", None),
        ("汽车零部件及配件制造", "3670", None),
        ("安全服务", "7271", "公安局"),
        ("汽车修理与维护", "8111", "交通运输局"),
        ("互联网搜索服务", "6421", None),
        ("互联网广告服务", "7251", "市场监督管理局"),
    ],
)
def test_a_word_inside_another_makes_no_department_the_master_of_a_trade(industry, code, wanted) -> None:
    assert department(industry, code, TRANSPORT, POLICE, MARKET) == wanted


def test_who_writes_the_trade_itself_comes_before_who_writes_its_group() -> None:
    broad, exact = of("商务局", "居民服务、租赁和商务服务业", committee="有"), of("公安局", "安全服务")
    assert department("安全服务", "7271", broad, exact) == "公安局"
    assert department("会议、展览及相关服务", "7281", broad, exact) == "商务局"


def test_a_part_of_a_section_is_closer_than_the_section_whole() -> None:
    section, division = of("工业和信息化局", "制造业", committee="有"), of("农业农村局", "食品制造业")
    assert department("乳制品制造", "1441", section, division) == "农业农村局"
    assert department("水泥制造", "3011", section, division) == "工业和信息化局"


def test_among_equals_a_work_committee_comes_first_then_the_nearest() -> None:
    city, county = (
        of("住房和城乡建设局", "建筑业", committee="有"),
        of("住建局", "建筑业", place="鹤壁市浚县"),
    )
    assert department("住宅房屋建筑", "4710", city, county) == "住房和城乡建设局"
    without = of("住房和城乡建设局", "建筑业")
    assert department("住宅房屋建筑", "4710", without, county) == "住建局"


def test_departments_of_other_places_are_not_asked() -> None:
    assert department("安全服务", "7271", of("公安局", "安全服务", place="安阳市")) is None


def test_the_department_that_the_ledger_names_stands_alone() -> None:
    assert department("安全服务", "7271", POLICE, 主管部门="鹤壁市商务局") is None


def test_a_firm_that_tells_only_its_section_meets_who_lists_the_whole_section() -> None:
    assert department("", "C", of("工业和信息化局", "制造业")) == "工业和信息化局"
    assert department("", "C", of("农业农村局", "食品制造业")) is None


@pytest.mark.parametrize(
    ("term", "codes"),
    [
        ("餐饮业", {"62"}),
        ("餐饮服务", {"62"}),
        ("快递", {"602"}),
        ("道路运输业", {"54"}),
        ("建筑业", {"E"}),
        ("普通货物道路运输", set()),
        ("互联网广告服务", set()),
        ("", set()),
    ],
)
def test_a_trade_written_as_a_whole_means_its_codes(term, codes) -> None:
    assert set(codes_meant(term)) == codes
