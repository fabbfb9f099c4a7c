"""What the title of a list, its sheet or its file says of all its rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from coverage_engine.ledgers.files.raw_sheets import open_sources
from coverage_engine.ledgers.kinds import ledger_kinds
from coverage_engine.ledgers.reading import lay_out_all, read_ledgers
from coverage_engine.ledgers.tables.list_titles import facts_of_names
from coverage_engine.ledgers.tables.named_days import dates_in
from coverage_engine.ledgers.tables.title_cells import TitleCell

DAY = date(2019, 5, 20)
CITY = Path(__file__).parents[3] / "shared" / "cases" / "city"
KINDS = [kind.kind for kind in ledger_kinds()]


def said(kind: str, title: str = "", sheet: str = "", file: str = "") -> dict[str, str]:
    texts = {"title": title, "sheet": sheet, "file": file}
    names = {ground: [TitleCell(text, ground)] for ground, text in texts.items() if text}
    return {fact.key: fact.word for fact in facts_of_names(kind, names)}


def book(folder: Path, sheet: str, rows: list[list[object]], name: str = "名单.xlsx") -> Path:
    file = folder / name
    with xlsxwriter.Workbook(str(file)) as workbook:
        page = workbook.add_worksheet(sheet)
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                page.write(number, column, cell)
    return file


@pytest.mark.parametrize(
    ("title", "sheet", "file"),
    [
        ("规模以上工业单位名录（2018年年报）", "规模以上工业", "新乡市四上单位名录2018"),
        ("有资质的建筑业单位名录（2018年年报）", "", ""),
        ("限额以上批发和零售业单位名录", "", ""),
        ("限额以上住宿和餐饮业单位名录", "", ""),
        ("房地产开发经营业单位名录（2018年年报）", "房地产开发经营业", "新乡市四上单位名录2018"),
        ("规模以上服务业单位名录", "", ""),
        ("", "规上企业", ""),
        ("规模以上非公企业团建情况统计表", "", ""),
        ("规模以上、限额以上企业名单", "", ""),
    ],
)
def test_a_list_of_firms_above_scale_says_so_of_every_row(title, sheet, file) -> None:
    assert said("enterprises", title, sheet, file) == {"above_scale": "是"}


@pytest.mark.parametrize(
    ("title", "sheet", "file"),
    [
        ("规模以下工业", "", ""),
        ("非规上企业名单", "", ""),
        ("拟上规企业培育名单", "", ""),
        ("企业名单（不含规上）", "", ""),
        ("规上及规下企业名单", "", ""),
        ("规上企业和非公企业名单", "", ""),
        ("规模以上企业名录", "规模以下", ""),
        ("规模以下企业名录", "", "四上单位名录"),
        ("", "个体户", "四上单位名录"),
        ("小升规后备企业", "", ""),
        ("是否规模以上企业调查表", "", ""),
        ("退规企业名单（原规模以上）", "", ""),
        ("房地产开发经营业单位名录", "", "企业名单"),
        ("企业名单", "企业", "名单"),
    ],
)
def test_titles_that_deny_mix_or_say_nothing_give_no_scale(title, sheet, file) -> None:
    assert "above_scale" not in said("enterprises", title, sheet, file)


def test_only_the_hundred_private_firms_of_the_province_have_a_year() -> None:
    assert said("enterprises", "2018河南民营企业100强") == {"top_hundred_year": "2018"}
    assert said("enterprises", "", "河南省民营企业100强（2018年）") == {"top_hundred_year": "2018"}
    for title in (
        "2018年度新乡市纳税百强企业",
        "2018河南民营企业制造业100强",
        "2018中国民营企业500强",
        "河南民营企业100强",
    ):
        assert said("enterprises", title) == {}


@pytest.mark.parametrize(
    ("title", "sheet", "file", "name", "kind", "level"),
    [
        ("新乡市青年企业家协会会员", "青企协", "青企协、青联名单", "新乡市青年企业家协会", "青企协", "市级"),
        ("新乡市青年联合会第八届委员名单（按界别）", "青联", "", "新乡市青年联合会", "青联", "市级"),
        ("", "市青联第八届委员", "", "市青联", "青联", "市级"),
        ("红旗区青年商会会员名单", "", "", "红旗区青年商会", "青商会", "县级"),
        ("河南省青年企业家协会会员名单", "", "", "河南省青年企业家协会", "青企协", "省级"),
        ("2019年长垣县青联委员名册", "", "", "长垣县青联", "青联", "县级"),
    ],
)  # fmt: skip
def test_a_roster_names_its_society_with_kind_and_level(title, sheet, file, name, kind, level) -> None:
    assert said("society_members", title, sheet, file) == {"society_name": name, "kind": kind, "level": level}


def test_a_roster_of_several_societies_names_none() -> None:
    assert said("society_members", "青企协和青联会员名册") == {}
    assert said("society_members", "各县区青联委员名单") == {"kind": "青联"}


def test_lists_name_their_association_park_and_headquarters() -> None:
    assert said("association_members", "新乡市起重机械行业协会会员名单") == {
        "association_name": "新乡市起重机械行业协会"
    }
    assert said("association_members", "行业协会台账") == {}
    assert said("enterprises", "长垣县产业集聚区入驻企业一览表") == {"park_id": "长垣县产业集聚区"}
    assert said("enterprises", "全市产业集聚区企业名单") == {}
    assert said("enterprises", "经济技术开发区非公企业团建工作摸底表") == {}
    assert said("branch_offices", "虚构甲集团下属企业名单") == {"headquarters_name": "虚构甲集团"}
    assert said("branch_offices", "连锁企业及门店") == {}


def test_a_fact_of_the_title_is_told_once_and_stands_at_the_row_with_its_ground(tmp_path) -> None:
    rows: list[list[object]] = [
        ["规模以上工业单位名录"],
        ["企业名称", "所在地区", "团员数"],
        ["甲虚构有限公司", "410702", 4],
        ["乙虚构有限公司", "410702", 4],
    ]
    snapshot, findings = read_ledgers([book(tmp_path, "企业台账", rows)], as_of=DAY)
    assert snapshot["enterprises"]["above_scale"].to_list() == [True, True]
    told = findings.table.filter(pl.col("code") == "list.from_title")
    assert told["found"].to_list() == ["2 行：是"]
    assert "标题 A1“规模以上工业单位名录”" in told["remedy"][0]
    column = snapshot["source_columns"].filter(pl.col("field") == "above_scale").row(0, named=True)
    assert (column["letter"], column["header"]) == ("A", "标题 A1“规模以上工业单位名录”")
    assert "constant:above_scale" in snapshot["presumptions"]["subject"].to_list()


def test_a_column_of_the_sheet_is_never_filled_by_its_title(tmp_path) -> None:
    rows: list[list[object]] = [
        ["规模以上工业单位名录"],
        ["企业名称", "所在地区", "规模以上"],
        ["甲虚构有限公司", "410702", "否"],
        ["乙虚构有限公司", "410702", ""],
    ]
    snapshot, findings = read_ledgers([book(tmp_path, "企业台账", rows)], as_of=DAY)
    assert snapshot["enterprises"].sort("name")["above_scale"].to_list() == [None, False]
    assert "list.from_title" not in findings.table["code"].to_list()


def test_the_rank_among_tax_payers_is_no_rank_among_private_firms(tmp_path) -> None:
    rows: list[list[object]] = [
        ["2018年度新乡市纳税百强企业"],
        ["百强排名", "企业名称", "所在地区"],
        [1, "甲虚构有限公司", "410702"],
    ]
    snapshot, _ = read_ledgers([book(tmp_path, "企业台账", rows)], as_of=DAY)
    assert snapshot["enterprises"]["top_hundred_rank"].to_list() == [None]


@given(
    st.sampled_from(KINDS),
    st.text(alphabet="甲乙虚构名单名册汇总情况表统计年度数据一二三第届 0123456789（）", max_size=14),
)
def test_unknown_words_fill_nothing(kind: str, text: str) -> None:
    assert said(kind, text, text, text) == {}


def test_the_lists_of_the_city_fill_what_their_titles_say_and_nothing_else() -> None:
    sheets, _ = open_sources([CITY / "raw"])
    told = {
        (layout.raw.sheet, fact.key): fact.word
        for layout in lay_out_all(sheets)
        for fact in layout.list_facts
    }
    expected = {
        ("长垣县产业集聚区入驻企业", "park_id"): "长垣县产业集聚区",
        ("新乡高新技术产业集聚区入驻企业", "park_id"): "新乡高新技术产业集聚区",
        ("2018河南民营企业100强", "top_hundred_year"): "2018",
    }
    scale = (
        "规模以上工业",
        "有资质的建筑业",
        "限额以上批发零售住宿餐饮",
        "房地产开发经营业",
        "规模以上服务业",
    )
    expected |= {(sheet, "above_scale"): "是" for sheet in scale}
    society = {"青企协": ("新乡市青年企业家协会", "青企协"), "市青联第八届委员": ("新乡市青年联合会", "青联")}
    for sheet, (name, kind) in society.items():
        expected |= {(sheet, "society_name"): name, (sheet, "kind"): kind, (sheet, "level"): "市级"}
    assert told.items() <= expected.items()
    assert ("2018河南民营企业100强", "top_hundred_year") in told


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("填报时间：2019年3月", date(2019, 3, 31)),
        ("组织列表_20190518083012", date(2019, 5, 18)),
        ("导出201905180830", date(2019, 5, 18)),
        ("企业台账20190510", date(2019, 5, 10)),
    ],
)
def test_the_day_of_a_report_is_read_with_and_without_a_time(text, day) -> None:
    assert set(dates_in(text)) == {day}


def test_a_long_number_is_no_day() -> None:
    assert dates_in("201905189912") == []
