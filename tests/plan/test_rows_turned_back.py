"""Rows of 企业台账 that were turned back are told wherever a figure counts them or leaves them out."""

from __future__ import annotations

import re

import openpyxl
import pytest

import coverage_engine as ce

HEADERS = "企业名称,所在地区,控股情况,营业状态,团员数,党组织,团组织,所属园区,备注"
ENTERED = [
    "虚构甲有限公司,郑州市金水区,私人控股,在营,5,无,单独,虚构产业园,",
    "虚构乙有限公司,郑州市金水区,私人控股,在营,5,无,无,虚构产业园,",
]
TURNED_BACK = [
    ",郑州市金水区,私人控股,在营,5,无,无,虚构产业园,名称漏填",
    ",郑州市金水区,私人控股,在营,5,无,无,,名称漏填",
    ",,私人控股,在营,5,无,无,,名称和地区漏填",
]


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("turned_back")
    ledger = folder / "企业台账20190615.csv"
    ledger.write_text("\n".join([HEADERS, *ENTERED, *TURNED_BACK]) + "\n", "utf-8")
    parks = folder / "园区台账20190615.csv"
    parks.write_text("园区名称,所在地区\n虚构产业园,郑州市金水区\n", "utf-8")
    snapshot, findings = ce.read_ledgers([ledger, parks])
    assert snapshot["set_aside"].height == len(TURNED_BACK)
    ce.write_plan(ce.plan(snapshot, findings=findings), folder / "out")
    return folder / "out"


def listed(page):
    return re.findall(r"第 (\d+) 行：", page.partition('class="aside"')[2].partition("</ul>")[0])


def test_pages_list_the_rows_that_their_ranges_count(out):
    county = (out / "evidence" / "county-410105.html").read_text("utf-8")
    province = (out / "evidence" / "province-410000.html").read_text("utf-8")
    assert (listed(county), listed(province)) == (["4", "5"], ["6"])
    assert "含未入账的企业台账 2 行" in county
    assert "含未入账的企业台账 3 行" in province


def test_the_quotients_of_a_page_are_those_of_its_rates(out):
    county = (out / "evidence" / "county-410105.html").read_text("utf-8")
    assert "最低 1÷4，最高 3÷4" in county
    assert "25.0%" in county


def test_the_annexes_say_how_many_rows_they_do_not_count(out):
    for name, sheet, count in (("annex_4", "附件4", 1), ("annex_3", "附件3", 3)):
        book = openpyxl.load_workbook(out / "annexes" / f"{name}.xlsx")
        texts = [str(row[0].value) for row in book[sheet].iter_rows()]
        assert any(f"{count} 行未入账" in text for text in texts), (name, texts)
