"""Workbooks and text files as other people's tools write them: every public case, and what it gives.

The files lie beside the repository (`shared/cases/files`); a file that has no entry here fails the last test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers import read_ledgers
from coverage_engine.ledgers.files.formats import sheets_by_content
from coverage_engine.ledgers.reading import NothingUsable
from coverage_engine.model.findings import Findings
from coverage_engine.model.snapshot import Snapshot

FILES = Path(__file__).parents[3] / "shared" / "cases" / "files"
TRUTH = FILES.parent / "truth"
AS_OF = date(2024, 6, 30)
FIVE = {
    "郑州澈岚屿食品有限公司": ("91410105MA47QX0A40", "410105", 60, 3),
    "郑州衡岫机械有限公司": ("91410104MA47QX1A0T", "410104", 77, 4),
    "中牟县溪禾农业有限公司": ("91410122MA47QX2A78", "410122", 94, 5),
    "新郑市朗棠商贸有限公司": ("91410184MA47QX3A3B", "410184", 111, 6),
    "荥阳市珂梵建材有限公司": ("91410182MA47QX4AXL", "410182", 128, 7),
}
"""Name, code, county, staff, League members of the firms in most files."""
FACTS = ("credit_code", "county_code", "employees", "league_members")
Changed = dict[str, dict[str, object]]


@dataclass(frozen=True)
class Case:
    """What a file gives: the five firms but for `changed` facts (None: the firm is not there), and findings.

    `told` maps codes to cells (or, for findings without a cell, to ""); `read` are rows read, accepted,
    quarantined and recognised of all its sheets; `asked` columns only are compared.
    """

    told: dict[str, list[str]] = field(default_factory=dict)
    changed: Changed = field(default_factory=dict)
    asked: tuple[str, ...] = FACTS
    read: tuple[int, int, int, int] = (6, 5, 0, 1)


FACT_OF_OTHERS = ("county_code", "employees", "league_members")
PLACE = ("county_code",)

FIVE_FIRMS = {
    "b01_web_gbk_企业台账.xls": Case(),
    "b02_web_utf8_企业台账.xls": Case(),
    "b03_mhtml_企业台账.xls": Case(),
    "b04_xml2003_企业台账.xls": Case(),
    "b05_gbk_tsv_企业台账.xls": Case(),
    "b06_utf16_tsv_企业台账.xls": Case(),
    "b42_企业台账.ods": Case(),
    "b43_企业台账.et": Case(),
    "c02_excel95_gbk_企业台账.xls": Case(),
    "b06b_utf16_tsv_企业台账.csv": Case(),
    "b06c_utf16le_nobom_企业台账.csv": Case(),
    "b07_xlsx_named_xls_企业台账.xls": Case(),
    "b08_xls_named_xlsx_企业台账.xlsx": Case(),
    "b09_dimension_A1_企业台账.xlsx": Case(),
    "b10_dimension_huge_企业台账.xlsx": Case(),
    "b11_strict_企业台账.xlsx": Case(),
    "b12_1904_dates.xlsx": Case(read=(9, 7, 0, 2)),
    "b13_1904_serial_general.xlsx": Case({"date.of_1904": ["D:D", "E:E"]}, read=(9, 7, 0, 2)),
    "b15_formula_no_cache_企业台账.xlsx": Case(
        {"cells.formula_without_value": ["D2", "A3"], "row.required_missing": ["A3"]},
        {"郑州澈岚屿食品有限公司": {"employees": None}, "郑州衡岫机械有限公司": {}},
        read=(6, 4, 1, 1),
    ),
    "b16_formula_zero_cache_企业台账.xlsx": Case(
        {"cells.formula_without_value": ["E2", "D3"]},
        {
            "郑州澈岚屿食品有限公司": {"league_members": None},
            "郑州衡岫机械有限公司": {"employees": None},
        },
    ),
    "b17_x000D_企业台账.xlsx": Case(),
    "b18_inline_rich_企业台账.xlsx": Case(),
    "b19_shared_rich_phonetic_企业台账.xlsx": Case(),
    "b20_merged_region_企业台账.xlsx": Case(
        {"cells.merged_filled": ["C:C"]},
        {
            "郑州衡岫机械有限公司": {"county_code": "410105"},
            "中牟县溪禾农业有限公司": {"county_code": "410105"},
            "荥阳市珂梵建材有限公司": {"county_code": "410184"},
        },
    ),
    "b22_split_province_city_county_企业台账.xlsx": Case(),
    "b29_zero_width_headers_企业台账.xlsx": Case(),
    "b31_quoted_breaks_企业台账.csv": Case(asked=("credit_code", "county_code", "league_members")),
    "b34_cr_only_企业台账.csv": Case(),
    "b35_sep_line_企业台账.csv": Case(read=(7, 5, 0, 2)),
    "b39_hidden_sheets_企业台账.xlsx": Case({"sheet.hidden_left_out": ["", ""]}, read=(10, 5, 0, 5)),
    "b40_filtered_rows_企业台账.xlsx": Case({"sheet.hidden_parts": [""]}),
    "b41_struck_row_企业台账.xlsx": Case(),
    "b44_upper_企业台账.XLS": Case(),
    "b45_error_cells_企业台账.xlsx": Case(
        {"row.required_missing": ["C3"]},
        {"郑州澈岚屿食品有限公司": {"employees": None}, "郑州衡岫机械有限公司": {}},
        read=(6, 4, 1, 1),
    ),
    "b47_header_breaks_hint_row_企业台账.xlsx": Case(read=(8, 5, 0, 3)),
    "b49_boolean_cells_企业台账.xlsx": Case(),
    "c03_excel95_no_codepage_企业台账.xls": Case(),
    "c04_backslash_names_企业台账.xlsx": Case(),
    "c05_prefixed_no_addresses_企业台账.xlsx": Case(),
    "c06_shared_strings_upper_企业台账.xlsx": Case(),
    "c07_two_lists_side_by_side_企业台账.xlsx": Case(asked=PLACE, read=(10, 5, 0, 5)),
    "c16_units_row_企业台账.xlsx": Case(asked=FACT_OF_OTHERS, read=(7, 5, 0, 2)),
    "c18_code_and_name_企业台账.xlsx": Case(
        {}, {"郑州衡岫机械有限公司": {"county_code": "410105"}}, asked=PLACE
    ),
    "c21_two_years_企业台账.xlsx": Case(
        {"column.of_earlier_year": ["C:C", "D:D"]}, asked=FACT_OF_OTHERS, read=(7, 5, 0, 2)
    ),
    "c23_count_became_date_企业台账.xlsx": Case(
        {"count.not_a_number": ["E2", "D3"]},
        {
            "郑州澈岚屿食品有限公司": {"league_members": None},
            "郑州衡岫机械有限公司": {"employees": None},
        },
    ),
    "c26_formula_text_企业台账.xls": Case(),
}

ONE_FACT: dict[str, tuple[str, dict[str, object]]] = {
    "b23_city_and_county_企业台账.xlsx": (
        "city_code",
        dict.fromkeys(FIVE, "410100")
        | {
            "开封澜岳商贸有限公司": "410200", "开封澜岳科技有限公司": "410200",
            "安阳澜岳科技有限公司": "410500",
            "洛阳澜岳科技有限公司": "410300", "新乡澜岳科技有限公司": "410700",
            "焦作澜岳科技有限公司": "410800",
        },
    ),
    "b24_address_only_企业台账.xlsx": ("county_code", {firm: facts[1] for firm, facts in FIVE.items()}),
    "b26_shi_xian_企业台账.xlsx": ("county_code", {firm: facts[1] for firm, facts in FIVE.items()}),
    "b27_code_checks_企业台账.xlsx": (
        "credit_code",
        {"郑州泽沅食品有限公司": "91410105MA40002660", "中牟县岭溪供销合作社": "91410122300100001B"},
    ),
    "b28_codes_numbers_zero_width_企业台账.xlsx": (
        "credit_code",
        {
            "郑州一串数字有限公司": None, "郑州撇号数字有限公司": "914101051000000084",
            "郑州零宽有限公司": "91410104MA47QX1A0T", "郑州不断空格有限公司": "91410122MA47QX2A78",
            "郑州标记有限公司": "91410184MA47QX3A3B",
        },
    ),
    "b50_prefix_firms_企业台账.xlsx": (
        "employees",
        {
            "中牟县虎岭供销合作社": 20, "中牟县虎岭供销合作社柳林坡综合部": 25,
            "中牟县虎岭供销合作社祥和刘农资部": 31, "新郑市红岭机械厂": 80, "新郑市红岭机械厂职工医院": 45,
            "登封市嵩岭武术学校": 80, "登封市嵩岭武术学校附属幼儿园": 45, "金水区老巷口烩面馆": 8,
            "金水区老巷口烩面馆经三路二店": 9,
        },
    ),
}  # fmt: skip
"""One fact of each firm: places, codes and which firms there are."""

OF_OTHER_TESTS = {
    "b32_stray_quote_企业台账.csv", "b36_coordinates_企业台账.xlsx", "b37_joined_coordinates_企业台账.xlsx",
    "b38_divisions_企业台账.xlsx", "b46_numbers_企业台账.xlsx", "b50_prefix_firms_企业台账.xlsx",
    "b14_date_text_forms.xlsx", "c11_names_with_marks_企业台账.xlsx", "c14_rich_continued_企业台账.xls",
    "c19_same_firm_spellings_企业台账.xlsx", "c28_web_table_all_digit_code_企业台账.xls",
    "rare_characters.xlsx",
}  # fmt: skip
REFUSED = {
    "b25_code_only_企业台账.xlsx": "所在地区",
    "c12_utf8_cut_企业台账.csv": "编码",
    "c13_utf8_one_gbk_row_企业台账.csv": "编码",
    "c15_form_one_firm_企业台账.xlsx": "所在地区",
    "c17_database_headers_企业台账.csv": "没有企业台账",
    "c22_formatted_to_end_企业台账.xlsx": "行列过多",
    "c25_name_only_规上企业名单.xlsx": "缺少必填列 所在地区",
}
"""Refused in words that say this; a reader that learns to read one takes it from here."""

pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason=f"!!! SHARED MATERIAL IS MISSING: {FILES}")


def _read(name: str) -> tuple[Snapshot, Findings]:
    return read_ledgers([FILES / name], as_of=AS_OF)


@pytest.mark.parametrize("name", FIVE_FIRMS)
def test_a_file_gives_its_five_firms_with_right_facts_and_tells_what_was_presumed(name: str) -> None:
    case = FIVE_FIRMS[name]
    snapshot, findings = _read(name)
    wanted = {}
    for firm, facts in FIVE.items():
        changes = case.changed.get(firm)
        if changes == {}:
            continue
        known = dict(zip(FACTS, facts, strict=True)) | (changes or {})
        wanted[firm] = tuple(known[fact] for fact in case.asked)
    got = snapshot["enterprises"].select("name", *case.asked).rows()
    assert {row[0]: row[1:] for row in got} == wanted
    assert len(got) == len(wanted)
    read = snapshot["sources"].select("rows_read", "accepted", "quarantined", "recognised").sum().row(0)
    assert read == case.read
    serious = findings.table.filter(pl.col("severity") != "note")
    codes = set(serious["code"]) - {"presumption.non_public"}
    assert codes <= case.told.keys()
    for code, cells in case.told.items():
        assert findings.table.filter(pl.col("code") == code)["cell"].to_list() == cells


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_used_is_refused_in_words(name: str) -> None:
    with pytest.raises(LedgerError) as refusal:
        _read(name)
    assert REFUSED[name] in str(refusal.value)
    assert "工会台账" not in str(refusal.value)


def test_headers_of_a_database_are_refused_with_a_proposal_for_each() -> None:
    with pytest.raises(NothingUsable) as refusal:
        _read("c17_database_headers_企业台账.csv")
    told = refusal.value.findings.table.filter(pl.col("code") == "column.missing")["found"][0]
    for proposal in ("entname 像“企业名称”", "uniscid 像“统一社会信用代码”", "regionname 像“所在地区”"):
        assert proposal in told


@pytest.mark.parametrize("name", ONE_FACT)
def test_a_file_gives_one_fact_of_each_firm(name: str) -> None:
    fact, wanted = ONE_FACT[name]
    assert dict(_read(name)[0]["enterprises"].select("name", fact).rows()) == wanted


def test_an_unclosed_quote_swallows_no_row() -> None:
    snapshot, findings = _read("b32_stray_quote_企业台账.csv")
    assert snapshot["sources"]["rows_read"].to_list() == [6]
    assert findings.table.filter(pl.col("severity") != "note").height


def test_a_code_of_digits_in_a_web_table_stays_a_code() -> None:
    codes = _read("c28_web_table_all_digit_code_企业台账.xls")[0]["enterprises"]["credit_code"]
    assert codes.drop_nulls().str.contains(r"^\d{18}$").any()


@pytest.mark.parametrize("name", ["b12_1904_dates.xlsx", "b13_1904_serial_general.xlsx"])
def test_days_of_a_workbook_that_counts_from_1904_are_right(name: str) -> None:
    days = _read(name)[0]["outcomes"].select("started", "ended").sort("started").rows()
    assert days == [
        (date(2023, 11, 1), date(2024, 1, 31)),
        (date(2024, 3, 5), date(2024, 5, 6)),
    ]


def test_an_old_workbook_tells_that_it_counts_from_1904() -> None:
    data = (FILES / "b44_upper_企业台账.XLS").read_bytes()
    record = b"\x22\x00\x02\x00"
    assert data.count(record + b"\x00\x00") == 1
    for days, told in ((data, False), (data.replace(record + b"\x00\x00", record + b"\x01\x00"), True)):
        sheets = sheets_by_content(days, "企业台账.XLS", "企业台账") or []
        assert [sheet.marks.of_1904 for sheet in sheets] == [told] * len(sheets) != []


def test_days_as_texts_are_read_or_told(of_code: Callable) -> None:
    snapshot, findings = _read("b14_date_text_forms.xlsx")
    assert (date(2024, 3, 5), date(2024, 5, 1)) in snapshot["outcomes"].select("started", "ended").rows()
    told = set(of_code(findings, "date.not_a_date")["cell"])
    wrong = {"E5"}  # 31 June
    assert wrong <= told <= {"D4", "E4", "D5", "E5", "D6", "E6"}


def test_marks_are_taken_from_names_and_two_firms_in_a_cell_are_handed_back(of_code: Callable) -> None:
    snapshot, findings = _read("c11_names_with_marks_企业台账.xlsx")
    assert sorted(snapshot["enterprises"]["name"]) == sorted(
        ["郑州澈岚屿食品有限公司", "郑州衡岫机械有限公司", "中牟县溪禾农业有限公司", "郑州朗棠商贸有限公司",
         "郑州珂梵建材有限公司", "郑州岚谷物流有限公司", "郑州岚溪装饰有限公司"]
    )  # fmt: skip
    assert of_code(findings, "name.cleaned")["cell"].to_list() == ["A2", "A3", "A4", "A9", "A10"]
    assert of_code(findings, "name.former")["cell"].to_list() == ["A5"]
    assert of_code(findings, "name.status")["cell"].to_list() == ["A6"]
    assert of_code(findings, "name.several_firms")["cell"].to_list() == ["A7", "A8"]
    told = of_code(findings, "name.cleaned").row(0, named=True)
    assert "1.郑州澈岚屿食品有限公司" in told["found"]
    assert "“郑州澈岚屿食品有限公司”" in told["remedy"]
    states = dict(snapshot["enterprises"].select("name", "operating").rows())
    assert states["郑州珂梵建材有限公司"] == "suspended"


def test_texts_that_go_on_over_records_are_whole() -> None:
    snapshot, _ = _read("c14_rich_continued_企业台账.xls")
    assert snapshot["enterprises"].height == 1199
    assert set(snapshot["enterprises"]["county_code"]) == {"410105"}


def test_spellings_of_one_firm_are_one_firm() -> None:
    assert _read("c19_same_firm_spellings_企业台账.xlsx")[0]["enterprises"].height == 1


@pytest.mark.parametrize(
    ("name", "firms"),
    [("b36_coordinates_企业台账.xlsx", 7), ("b37_joined_coordinates_企业台账.xlsx", 1)],
)
def test_coordinates_that_are_not_sure_are_told_and_not_used(name: str, firms: int) -> None:
    snapshot, findings = _read(name)
    assert snapshot["enterprises"].height == firms
    assert len(findings)


def test_counts_that_are_no_numbers_are_unknown_and_told(of_code: Callable) -> None:
    snapshot, findings = _read("b46_numbers_企业台账.xlsx")
    staff = dict(snapshot["enterprises"].select("name", "employees").rows())
    assert staff["郑州澈岚屿食品有限公司"] == 1200
    assert staff["中牟县溪禾农业有限公司"] is None
    assert "D4" in of_code(findings, "count.not_a_number")["cell"].to_list()


def test_places_in_old_and_new_divisions_are_found() -> None:
    snapshot, _ = _read("b38_divisions_企业台账.xlsx")
    assert snapshot["enterprises"].height == 16
    assert snapshot["enterprises"]["city_code"].null_count() == 0


def test_rare_characters_are_kept() -> None:
    assert "河南䶮㼆𠅤²科技有限公司" in _read("rare_characters.xlsx")[0]["enterprises"]["name"].to_list()


def test_a_merged_form_of_party_organisations_holds_for_each_row_under_it(of_code: Callable) -> None:
    snapshot, findings = read_ledgers([TRUTH / "merged_party_form.xlsx"], as_of=AS_OF)
    assert snapshot["party_organisations"]["form"].to_list() == ["joint", "joint"]
    assert set(snapshot["enterprises"]["party"]) == {"joint"}
    assert of_code(findings, "cells.merged_filled")["cell"].to_list() == ["B:B", "C:C"]


def test_every_public_file_has_its_wanted_outcome() -> None:
    named = {*FIVE_FIRMS, *ONE_FACT, *OF_OTHER_TESTS, *REFUSED}
    assert {file.name for file in FILES.iterdir()} == named
