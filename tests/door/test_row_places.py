"""Where the rows of a list belong, as its columns, section rows, title, sheet, file and 填报单位 tell it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage_engine.divisions.resolver import resolver
from coverage_engine.ledgers.files.raw_sheets import open_sources
from coverage_engine.ledgers.reading import NothingUsable, lay_out_all, read_ledgers
from coverage_engine.ledgers.tables.place_texts import PlaceTexts
from coverage_engine.ledgers.tables.row_places import places_of_rows

DAY = date(2019, 5, 20)
CASES = Path(__file__).parents[3] / "shared" / "cases"
NAMES = ("甲虚构", "乙虚构", "丙虚构", "丁虚构", "戊虚构", "己虚构")
Rows = Sequence[Sequence[object]]


def book(folder: Path, sheets: dict[str, Rows], name: str = "名单.xlsx") -> Path:
    file = folder / name
    with xlsxwriter.Workbook(str(file)) as workbook:
        for title, rows in sheets.items():
            sheet = workbook.add_worksheet(title)
            for number, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if cell is not None:
                        sheet.write(number, column, cell)
    return file


def listed(*firms: str, title: str = "", unit: str = "", headers: Sequence[str] = ()) -> list[list[object]]:
    """A list of firms without a column of places."""
    above = [[text] for text in (title, unit) if text]
    return [*above, ["企业名称", "从业人员数", "团员数", *headers], *([firm, 50, 4] for firm in firms)]


def counties(snapshot) -> dict[str, tuple[str | None, str | None]]:
    table = snapshot["enterprises"].select("name", "city_code", "county_code")
    return {name.removesuffix("有限公司"): (city, county) for name, city, county in table.iter_rows()}


def found(findings, code: str) -> list[str]:
    return findings.table.filter(pl.col("code") == code)["found"].to_list()


def read(*files: Path):
    return read_ledgers(files, as_of=DAY)


FIRM = "甲虚构有限公司"


@pytest.mark.parametrize(
    ("sheet", "title", "unit", "file", "code"),
    [
        ("红旗区", "", "", "企业台账.xlsx", "division.from_sheet"),
        ("红旗区团委", "", "", "企业台账.xlsx", "division.from_sheet"),
        ("2.红旗区（1家）", "", "", "企业台账.xlsx", "division.from_sheet"),
        ("Sheet1", "", "填报单位（盖章）：共青团红旗区委员会", "企业台账.xlsx", "division.from_unit"),
        ("Sheet1", "", "填报单位：中共红旗区委组织部（盖章）", "企业台账.xlsx", "division.from_unit"),
        ("Sheet1", "红旗区非公企业团建工作摸底表", "", "企业台账.xlsx", "division.from_title"),
        ("Sheet1", "附件1：2019年红旗区非公企业摸底表", "", "企业台账.xlsx", "division.from_title"),
        ("Sheet1", "", "", "红旗区企业台账20190510.xlsx", "division.from_file"),
        ("Sheet1", "", "", "企业台账-红旗区.xlsx", "division.from_file"),
    ],
)
def test_a_list_without_a_place_column_is_placed_by_what_stands_around_it(
    tmp_path, sheet, title, unit, file, code
) -> None:
    snapshot, findings = read(book(tmp_path, {sheet: listed(FIRM, title=title, unit=unit)}, file))
    assert counties(snapshot) == {"甲虚构": ("410700", "410702")}
    told = found(findings, code)
    assert len(told) == 1
    assert told[0].startswith("1 行：“")
    assert "column.missing" not in findings.table["code"].to_list()
    ground = code.removeprefix("division.from_")
    assert f"place:{ground}" in snapshot["presumptions"]["subject"].to_list()


@pytest.mark.parametrize(
    ("header", "cell", "county"),
    [
        ("登记机关", "新乡市凤泉区市场监督管理局", "410704"),
        ("登记机关", "新乡市市场监督管理局", None),
        ("主管税务机关", "国家税务总局长垣县税务局", "410728"),
        ("上级工会", "获嘉县总工会", "410724"),
        ("隶属", "中共红旗区东街街道委员会", "410702"),
    ],
)
def test_a_public_body_beside_a_firm_tells_its_county(tmp_path, header, cell, county) -> None:
    rows = [["企业名称", "从业人员数", "团员数", header], [FIRM, 50, 4, cell]]
    snapshot, findings = read(book(tmp_path, {"企业台账": rows}))
    assert counties(snapshot) == {"甲虚构": ("410700", county)}
    assert sum(code.startswith("division.from_") for code in findings.table["code"]) == 1


def test_a_statistical_code_of_twelve_digits_is_a_place(tmp_path) -> None:
    rows = [["企业名称", "行政区划代码", "团员数"], [FIRM, "410724102000", 4]]
    snapshot, _ = read(book(tmp_path, {"企业台账": rows}))
    assert counties(snapshot) == {"甲虚构": ("410700", "410724")}


def test_section_rows_place_the_rows_below_them_down_to_the_next(tmp_path) -> None:
    rows = [
        ["企业名称", "从业人员数", "团员数"],
        ["一、红旗区"],
        ["甲虚构有限公司", 50, 4],
        ["乙虚构有限公司", 50, 4],
        ["二、卫滨区："],
        ["丙虚构有限公司", 50, 4],
        ["三、市外企业"],
        ["丁虚构有限公司", 50, 4],
    ]
    snapshot, findings = read(book(tmp_path, {"企业台账": rows}))
    assert counties(snapshot) == {
        "甲虚构": ("410700", "410702"),
        "乙虚构": ("410700", "410702"),
        "丙虚构": ("410700", "410703"),
    }
    assert found(findings, "division.from_section") == ["3 行"]
    source = snapshot["sources"].row(0, named=True)
    assert source["accepted"] + source["quarantined"] + source["recognised"] == source["rows_read"]


def test_an_everyday_name_is_read_within_the_city_that_sibling_sheets_make_certain(tmp_path) -> None:
    sheets = {"红旗区": listed("甲虚构有限公司"), "高新区": listed("乙虚构有限公司")}
    snapshot, findings = read(book(tmp_path, sheets, "企业台账.xlsx"))
    assert counties(snapshot)["乙虚构"] == ("410700", None)
    assert any(
        "新乡高新技术产业开发区，县区不明" in words for words in found(findings, "division.from_sheet")
    )


def test_an_everyday_name_alone_places_nothing(tmp_path) -> None:
    with pytest.raises(NothingUsable):
        read(book(tmp_path, {"高新区": listed(FIRM)}, "企业台账.xlsx"))


def test_of_two_cities_handed_in_an_everyday_name_chooses_neither(tmp_path) -> None:
    first = book(tmp_path, {"红旗区": listed("甲虚构有限公司")}, "企业台账甲.xlsx")
    second = book(tmp_path, {"禹王台区": listed("乙虚构有限公司")}, "企业台账乙.xlsx")
    third = book(tmp_path, {"高新区": listed("丙虚构有限公司")}, "企业台账丙.xlsx")
    snapshot, _ = read(first, second, third)
    assert counties(snapshot) == {"甲虚构": ("410700", "410702"), "乙虚构": ("410200", "410205")}


def test_a_column_of_everyday_names_is_read_within_the_city_of_the_title_and_told(tmp_path) -> None:
    rows = [["开封市非公企业名单"], ["企业名称", "所在地区", "团员数"], [FIRM, "鼓楼区", 4]]
    snapshot, findings = read(book(tmp_path, {"企业台账": rows}))
    assert counties(snapshot) == {"甲虚构": ("410200", "410204")}
    assert len(found(findings, "division.from_context")) == 1


def test_a_finer_place_that_agrees_refines_a_coarser_one(tmp_path) -> None:
    rows = [
        ["新乡市非公企业名单"],
        ["企业名称", "团员数", "登记机关"],
        ["甲虚构有限公司", 4, "新乡市市场监督管理局"],
        ["乙虚构有限公司", 4, "延津县市场监督管理局"],
        ["丙虚构有限公司", 4, ""],
    ]
    snapshot, findings = read(book(tmp_path, {"企业台账": rows}))
    assert counties(snapshot) == {
        "甲虚构": ("410700", None),
        "乙虚构": ("410700", "410726"),
        "丙虚构": ("410700", None),
    }
    assert found(findings, "division.from_registry") == ["2 行"]
    assert found(findings, "division.from_title")[0].startswith("1 行")


def test_presumptions_that_contradict_leave_the_city_and_are_asked_with_both_places(tmp_path) -> None:
    rows = [["企业名称", "团员数", "登记机关"], [FIRM, 4, "新乡市凤泉区市场监督管理局"]]
    snapshot, findings = read(book(tmp_path, {"红旗区": rows}, "企业台账.xlsx"))
    assert counties(snapshot) == {"甲虚构": ("410700", None)}
    told = findings.table.filter(pl.col("code") == "division.contradictory").row(0, named=True)
    assert told["found"] == "C2 登记机关“新乡市凤泉区市场监督管理局”（新乡市凤泉区）"
    assert "工作表名“红旗区”（新乡市红旗区）" in told["remedy"]


def test_presumptions_in_two_cities_turn_the_row_back_once(tmp_path) -> None:
    rows = [
        ["企业名称", "团员数", "登记机关"],
        [FIRM, 4, "郑州市金水区市场监督管理局"],
        ["乙虚构有限公司", 4, ""],
    ]
    snapshot, findings = read(book(tmp_path, {"红旗区": rows}, "企业台账.xlsx"))
    assert counties(snapshot) == {"乙虚构": ("410700", "410702")}
    errors = findings.table.filter(pl.col("severity") == "error")["code"].to_list()
    assert errors == ["division.contradictory_cities"]
    assert snapshot["quarantine"]["reason"].to_list() == ["division.contradictory_cities"]


def test_a_row_of_its_own_place_keeps_it_and_the_contradiction_is_told(tmp_path) -> None:
    rows = [["企业名称", "所在地区", "团员数"], [FIRM, "新乡市卫滨区", 4]]
    snapshot, findings = read(book(tmp_path, {"红旗区": rows}, "企业台账.xlsx"))
    assert counties(snapshot) == {"甲虚构": ("410700", "410703")}
    assert found(findings, "division.contradicts") == ["B2 所在地区“新乡市卫滨区”（新乡市卫滨区）"]


def test_a_town_finds_the_county_within_the_city_that_is_known(tmp_path) -> None:
    rows = [["企业名称", "团员数", "所在乡镇（街道）"], [FIRM, 4, "小冀镇"]]
    snapshot, findings = read(book(tmp_path, {"企业台账": rows}, "新乡市企业名单.xlsx"))
    assert counties(snapshot) == {"甲虚构": ("410700", "410721")}
    assert found(findings, "division.from_town") == ["1 行"]


def test_of_towns_of_one_name_the_sheet_tells_which(tmp_path) -> None:
    rows = [["企业名称", "所在地区", "团员数"], [FIRM, "城关镇", 4]]
    snapshot, _ = read(book(tmp_path, {"封丘县": rows}, "新乡市企业名单.xlsx"))
    assert counties(snapshot) == {"甲虚构": ("410700", "410727")}


@pytest.mark.parametrize(
    "text",
    [
        "Sheet1", "企业名单", "中心", "示范区", "一所", "红旗", "红旗区和卫滨区企业",
        "新乡市虚构集团下属企业名单", "鹤壁市驻郑企业名单", "2018河南民营企业100强", "商丘路企业名单",
        "各县（市、区）企业汇总",
        "上海市企业名单", "北京新乡企业商会会员",
    ],
)  # fmt: skip
def test_unknown_words_firms_and_several_places_tell_nothing(text) -> None:
    texts = PlaceTexts(resolver("2019-05"))
    for ground in ("sheet", "title", "file", "registry", "unit", "section"):
        assert texts.read(text, ground) is None


@given(st.text(alphabet="甲乙工业企业名单名录汇总数据一二三统计表情况说明 0123456789-_", max_size=12))
def test_words_that_name_no_place_give_none(text: str) -> None:
    for city in (None, "410700"):
        assert PlaceTexts(resolver("2019-05"), city).read(text, "title") is None


PLACES = st.sampled_from(
    ["红旗区", "卫滨区", "高新区", "长垣县", "Sheet1", "新乡县团委", "企业", "金水区", "郑州市", "平原示范区"]
)
OWN = st.sampled_from(["", "新乡市红旗区", "新乡市长垣县", "郑州市金水区", "开封市"])
SETTINGS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@SETTINGS
@given(st.dictionaries(PLACES, st.lists(OWN, min_size=1, max_size=3), min_size=1, max_size=4), st.randoms())
def test_a_place_told_never_overrides_an_own_one_and_no_order_of_sheets_changes_anything(
    tmp_path_factory, sheets: dict[str, list[str]], order: random.Random
) -> None:
    def written(names: Sequence[str]) -> dict[str, Rows]:
        return {
            name: [
                ["企业名称", "所在地区", "团员数"],
                *([f"{name}之{NAMES[at]}有限公司", place, 4] for at, place in enumerate(sheets[name])),
            ]
            for name in names
        }

    names = list(sheets)
    folder = tmp_path_factory.mktemp("lists")
    placed = _placed(book(folder, written(names), "企业台账.xlsx"))
    order.shuffle(names)
    assert _placed(book(folder, written(names), "企业台账.xlsx")) == placed
    known = resolver("2019-05")
    for name, places in sheets.items():
        for at, place in enumerate(places):
            own = known.resolve(place)
            if place and own.county_code:
                assert placed[name, at] == (own.city_code, own.county_code)
            elif place:
                assert placed[name, at][0] == own.city_code


def _placed(file: Path) -> dict[tuple[str, int], tuple[str | None, str | None]]:
    """City and county of every row by sheet and place in it, before firms are joined."""
    sheets, _ = open_sources([file])
    places = {}
    for layout in lay_out_all(sheets):
        resolved = places_of_rows(layout.rows, layout, "division_code", resolver("2019-05")).resolved
        codes = resolved.select("city_code", "county_code").rows()
        places |= {(layout.raw.sheet, at): code for at, code in enumerate(codes)}
    return places


def test_the_68_everyday_spellings_never_name_a_wrong_county() -> None:
    rows = pl.read_csv(CASES / "domain" / "places" / "企业台账.csv")["所在地区"].to_list()
    known = resolver("2019-05")
    for text in rows:
        for city in (None, "410100", "410700", "411300"):
            place = PlaceTexts(known, city).column(text)
            alone = known.resolve(text)
            if alone.code is not None:
                assert (place.city_code, place.county_code) == (alone.city_code, alone.county_code)
            else:
                assert place.county_code is None or place.city_code == city
