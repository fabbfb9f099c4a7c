"""Where an enterprise belongs, as departments write it: in several columns, by address, by later names."""

from __future__ import annotations

from datetime import date

import pytest

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers.reading import read_tables

DAY = date(2019, 5, 20)


def read(*rows: dict[str, object]):
    return read_tables({"企业台账": rows}, as_of=DAY)


def counties(snapshot) -> dict[str, tuple[str | None, str | None]]:
    table = snapshot["enterprises"].select("name", "city_code", "county_code")
    return {name: (city, county) for name, city, county in table.iter_rows()}


def codes(findings) -> list[str]:
    return findings.table["code"].to_list()


@pytest.mark.parametrize(
    "headers",
    [
        ("省份", "城市", "区县"),
        ("所属省份", "所属地市", "所属区县"),
        ("省", "市", "县（市、区）"),
        ("省份", "省辖市", "所在地区"),
    ],
)
def test_province_city_and_county_in_columns_of_their_own_are_read_together(headers) -> None:
    def row(name: str, *place: str) -> dict[str, object]:
        return {"企业名称": name, **dict(zip(headers, place, strict=True))}

    snapshot, findings = read(
        row("甲虚构有限公司", "河南省", "开封市", "鼓楼区"),
        row("乙虚构有限公司", "河南省", "郑州市", "新郑市"),
        row("丙虚构有限公司", "", "郑州市", "郑州市管城区"),
        row("丁虚构有限公司", "河南省", "省直辖县级行政区划", "济源市"),
        row("戊虚构有限公司", "河南", "焦作市", ""),
    )
    assert counties(snapshot) == {
        "甲虚构有限公司": ("410200", "410204"),
        "乙虚构有限公司": ("410100", "410184"),
        "丙虚构有限公司": ("410100", "410104"),
        "丁虚构有限公司": ("419001", "419001"),
        "戊虚构有限公司": ("410800", None),
    }
    assert codes(findings).count("division.from_columns") == 1


def test_a_county_of_another_city_than_the_one_beside_it_is_asked_not_chosen() -> None:
    with pytest.raises(LedgerError, match="没有一行能用"):
        read({"企业名称": "甲虚构有限公司", "地市": "郑州市", "区县": "洛龙区"})


def test_a_list_with_addresses_only_is_placed_by_them_and_says_so_once() -> None:
    snapshot, findings = read(
        {"企业名称": "甲虚构有限公司", "注册地址": "河南省郑州市金水区和谐路12号"},
        {"企业名称": "乙虚构有限公司", "注册地址": "中牟县城关镇5号"},
        {"企业名称": "丙虚构有限公司", "注册地址": "人民路8号"},
        {"企业名称": "丁虚构有限公司", "注册地址": "洛阳市解放路9号"},
    )
    assert counties(snapshot) == {
        "甲虚构有限公司": ("410100", "410105"),
        "乙虚构有限公司": ("410100", "410122"),
        "丁虚构有限公司": ("410300", None),
    }
    told = findings.table.filter(findings.table["code"] == "division.from_address")
    assert told["found"].to_list() == ["3 行"]
    assert snapshot["quarantine"]["reason"].to_list() == ["row.required_missing"]


def test_a_blank_place_is_taken_from_the_address_and_a_written_one_never() -> None:
    snapshot, findings = read(
        {"企业名称": "甲虚构有限公司", "所在地区": "", "详细地址": "郑州市金水区和谐路12号"},
        {"企业名称": "乙虚构有限公司", "所在地区": "洛阳市涧西区", "详细地址": "郑州市金水区和谐路12号"},
    )
    assert counties(snapshot)["甲虚构有限公司"] == ("410100", "410105")
    assert counties(snapshot)["乙虚构有限公司"] == ("410300", "410305")
    assert codes(findings).count("division.from_address") == 1


def test_the_place_is_never_taken_from_the_code_alone() -> None:
    with pytest.raises(LedgerError, match="所在地区"):
        read({"企业名称": "甲虚构有限公司", "统一社会信用代码": "91410105MA47QX0A40"})


def test_a_county_of_later_years_keeps_its_city_in_an_earlier_plan() -> None:
    snapshot, findings = read(
        {"企业名称": "甲虚构有限公司", "所在地区": "洛阳市孟津区"},
        {"企业名称": "乙虚构有限公司", "所在地区": "410308"},
        {"企业名称": "丙虚构有限公司", "所在地区": "偃师区"},
    )
    assert counties(snapshot) == {
        "甲虚构有限公司": ("410300", None),
        "乙虚构有限公司": ("410300", None),
        "丙虚构有限公司": ("410300", "410381"),
    }
    assert codes(findings).count("division.county_unknown") == 2
