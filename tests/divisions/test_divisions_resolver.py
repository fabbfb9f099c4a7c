"""Place names and codes to divisions, in both editions."""

from __future__ import annotations

import time

import pytest

from coverage_engine.divisions.resolver import (
    names_place_elsewhere,
    names_place_in_henan,
    resolver,
)
from coverage_engine.divisions.table import EDITIONS, divisions, townships


@pytest.mark.parametrize(
    "text",
    [
        "410105",
        "410105.0",
        "410105003",
        "410105003004",
        "郑州市金水区",
        "河南省郑州市金水区",
        "金水区",
        "金水",
        "郑州金水",
        "河南郑州金水区",
        " 郑州市 - 金水区 ",
        "郑州市金水区花园路街道",
        "４１０１０５",
    ],
)
def test_jinshui_is_found_under_every_usual_spelling(text: str) -> None:
    place = resolver("2019-05").resolve(text)
    assert (place.code, place.city_code, place.county_code, place.problem) == (
        "410105",
        "410100",
        "410105",
        None,
    )


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize(
    "text", ["济源", "济源市", "河南省济源市", "419001", "410881", "412223", "焦作市济源市"]
)
def test_jiyuan_is_its_own_city_and_county(edition: str, text: str) -> None:
    place = resolver(edition).resolve(text)
    assert (place.code, place.city_code, place.county_code) == ("419001", "419001", "419001")


@pytest.mark.parametrize(
    ("edition", "text", "code"),
    [
        ("2019-05", "410728", "410728"),
        ("2024", "410728", "410783"),
        ("2019-05", "长垣市", "410728"),
        ("2024", "新乡市长垣县", "410783"),
        ("2019-05", "410307", "410381"),
        ("2024", "偃师市", "410307"),
        ("2024", "410322", "410308"),
        ("2024", "吉利区", "410308"),
        ("2019-05", "孟津县", "410322"),
        ("2019-05", "孟津", "410322"),
        ("2024", "孟津", "410308"),
        ("2019-05", "开封县", "410212"),
        ("2019-05", "411023", "411003"),
    ],
)
def test_codes_and_names_of_other_editions_are_mapped(edition: str, text: str, code: str) -> None:
    assert resolver(edition).resolve(text).code == code


@pytest.mark.parametrize("text", ["410308", "孟津区", "洛阳市孟津区"])
def test_of_a_county_made_of_two_the_older_edition_knows_the_city_only(text: str) -> None:
    place = resolver("2019-05").resolve(text)
    assert (place.code, place.city_code, place.county_code) == ("410300", "410300", None)
    assert place.problem == "county_unknown"
    assert place.candidates == ("洛阳市吉利区（410306）", "洛阳市孟津县（410322）")


def test_a_zone_gives_its_city_and_its_host_county_only_where_known() -> None:
    known = resolver("2019-05")
    airport = known.resolve("郑州航空港经济综合实验区")
    assert (airport.code, airport.county_code, airport.zone) == ("410100", None, "郑州航空港经济综合实验区")
    high_tech = known.resolve("郑州市高新区")
    assert (high_tech.county_code, high_tech.zone) == ("410102", "郑州高新技术产业开发区")
    assert known.resolve("410173").city_code == "410100"


def test_a_zone_name_of_many_cities_is_told_with_its_candidates() -> None:
    place = resolver("2019-05").resolve("高新区")
    assert place.problem == "ambiguous"
    assert "洛阳高新技术产业开发区" in place.candidates


@pytest.mark.parametrize("text", ["鼓楼区", "新华区"])
def test_a_name_that_other_provinces_have_too_needs_its_city(text: str) -> None:
    assert resolver("2019-05").resolve(text).problem == "ambiguous"
    assert resolver("2019-05").resolve("开封市鼓楼区").code == "410204"


def test_a_county_under_the_wrong_city_is_never_accepted() -> None:
    place = resolver("2019-05").resolve("郑州市鼓楼区")
    assert place.code is None
    assert place.candidates == ("郑州市", "开封市鼓楼区（410204）")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("河南省", "province_only"),
        ("410000", "province_only"),
        ("湖北省武汉市", "outside"),
        ("420100", "outside"),
        ("上海", "outside"),
        ("虚拟县", "unknown"),
        ("410199", "unknown"),
        ("金水路12号", "unknown"),
    ],
)
def test_places_that_are_no_county_of_henan_say_why(text: str, problem: str) -> None:
    place = resolver("2019-05").resolve(text)
    assert (place.code, place.problem) == (None, problem)


def test_what_is_not_understood_after_a_city_leaves_the_city() -> None:
    place = resolver("2019-05").resolve("郑州市郑东新区")
    assert (place.code, place.county_code, place.problem) == ("410100", None, "county_unknown")
    assert resolver("2019-05").resolve("郑州市市辖区").problem is None


def test_a_county_named_like_its_city_is_told_from_the_city() -> None:
    known = resolver("2019-05")
    assert known.resolve("安阳").code == "410500"
    assert known.resolve("安阳县").code == "410522"
    assert known.resolve("安阳市安阳县").code == "410522"


def test_an_address_tells_the_county_by_county_or_township() -> None:
    known = resolver("2019-05")
    by_county = known.resolve_address("河南省郑州市金水区花园路1号", "410100")
    by_township = known.resolve_address("郑州市经八路街道12号", "410100")
    assert by_county and by_county.county_code == "410105"
    assert by_township and by_township.county_code == "410105"
    assert known.resolve_address("花园路1号", "410100") is None
    assert known.resolve_address("洛阳市西工区某路", "410100") is None


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_division_is_found_by_code_full_name_and_city_with_name(edition: str) -> None:
    known = resolver(edition)
    names = {row.code: row.name for row in divisions(edition)}
    for row in divisions(edition):
        if row.level != "county" or row.code == "419001":
            continue
        spellings = (row.code, names[row.parent_code] + row.name, names[row.parent_code][:-1] + row.name)
        assert {known.resolve(text).code for text in spellings} == {row.code}


def test_townships_never_give_a_wrong_county_within_their_city() -> None:
    known = resolver("2024")
    names = {row.code: row.name for row in divisions("2024")}
    wrong = [
        town["code"]
        for town in townships()
        if town["gb_county"]
        and (place := known.resolve(names[town["city_code"]] + town["name"])).county_code
        not in (None, town["gb_county"])
        and place.problem is None
    ]
    assert wrong == []


def test_twenty_thousand_addresses_a_second() -> None:
    known = resolver("2019-05")
    start = time.process_time()
    for number in range(10_000):
        known.resolve(f"河南省郑州市金水区花园路{number}号")
    assert time.process_time() - start < 0.5


def test_firm_names_tell_where_a_headquarters_is() -> None:
    assert names_place_elsewhere("上海某某控股有限公司")
    assert not names_place_elsewhere("河南某某有限公司")
    assert names_place_in_henan("洛阳某某有限公司", "2019-05")
    assert not names_place_in_henan("某某有限公司", "2019-05")


@pytest.mark.parametrize(
    ("address", "county"),
    [
        ("河南省郑州市金水区和谐路12号", "410105"),
        ("郑州金水区和谐路12号", "410105"),
        ("新郑市和庄镇", "410184"),
        ("河南省济源市沁园街道", "419001"),
        ("洛阳市孟津县城关镇", "410322"),
        ("郑州市管城区城东南路13号", "410104"),
        ("商丘市商丘市睢阳区古宋乡", "411403"),
        ("郑州市中原中路1号", None),
        ("郑州市商丘路5号", None),
    ],
)
def test_an_address_tells_the_county_or_only_the_city_with_which_it_begins(address: str, county) -> None:
    place = resolver("2019-05").place_of_address(address)
    assert place is not None
    assert place.city_code is not None
    assert place.county_code == county


@pytest.mark.parametrize(
    "address",
    [
        "商丘路信阳小区3号",
        "新华区和平路",
        "人民路8号",
        "金水路22号",
        "周口店大街1号",
        "桂林镇东油村",
        "中山路8号",
    ],
)
def test_an_address_that_only_sounds_like_a_place_tells_nothing(address: str) -> None:
    assert resolver("2019-05").place_of_address(address) is None


def test_an_address_outside_the_province_is_told_as_such() -> None:
    assert resolver("2019-05").place_of_address("浙江省杭州市西湖区1号").problem == "outside"
