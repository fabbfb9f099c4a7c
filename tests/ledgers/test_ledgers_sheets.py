"""Sheets as laid out: titles, merged headers, totals, footers, notes, personal columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from coverage_engine.ledgers import read_tables
from coverage_engine.model.vocabulary import Severity

AS_OF = date(2019, 6, 15)
FIRM = ["甲有限公司", "郑州市金水区", 3]


def _balanced(snapshot: object) -> bool:
    sources = snapshot["sources"]  # type: ignore[index]
    account = pl.sum_horizontal("accepted", "quarantined", "recognised")
    return bool(sources.select((pl.col("rows_read") == account).all()).item())


def test_titles_units_totals_footers_and_blank_rows_are_no_data(
    workbook: Callable[..., Path], read: Callable[..., tuple], of_code: Callable
) -> None:
    rows = [
        ["2019年某某区非公企业台账"],
        ["填报单位（盖章）：", None, None, "填报日期：2019年5月"],
        ["序号", "企业名称*", "所 在\n地区", "团员数（人）"],
        [1, *FIRM],
        [],
        [2, "乙有限公司", "410105", 5],
        [3, None, None, None],
        ["合计", None, None, 8],
        ["小 计", "2家", None, 8],
        ["一、金水区"],
        ["序号", "企业名称*", "所 在\n地区", "团员数（人）"],
        [3, "丙有限公司", "410105", 1],
        ["总  计", None, None, 9],
        ["审核人：", None, "填表人：", "联系电话："],
        ["注：团员数为 2019 年 5 月底数据。"],
    ]
    snapshot, findings = read(workbook({"企业台账": rows}))
    assert sorted(snapshot["enterprises"]["name"]) == sorted(["甲有限公司", "乙有限公司", "丙有限公司"])
    source = snapshot["sources"].row(0, named=True)
    assert (source["rows_read"], source["accepted"], source["quarantined"]) == (15, 3, 0)
    assert source["header_row"] == 3
    assert _balanced(snapshot)
    told = of_code(findings, "rows.recognised")["found"][0]
    assert told.split("；") == [
        "标题和表头 3 行",
        "重复的表头 1 行",
        "合计 3 行",
        "表尾 1 行",
        "说明 1 行",
        "分段标题 1 行",
        "只有序号或无关内容 1 行",
        "空行 1 行",
    ]


def test_a_merged_header_of_two_rows_is_combined(
    workbook: Callable[..., Path], read: Callable[..., tuple]
) -> None:
    rows = [
        ["企业名称", "所在地区", "人员情况", None, None, "团组织", None],
        [None, None, "从业人员数", "35岁以下青年数", "团员数", "有无", "名称"],
        ["甲有限公司", "410105", 30, 20, 3, "无", None],
    ]
    snapshot, _ = read(workbook({"企业台账": rows}))
    row = snapshot["enterprises"].row(0, named=True)
    assert (row["employees"], row["young_employees"], row["league_members"]) == (30, 20, 3)
    assert row["league_form"] == "none"
    assert snapshot["sources"]["recognised"].to_list() == [2]
    letters = dict(snapshot["source_columns"].select("field", "letter").rows())
    assert (letters["league_members"], letters["league_form"], letters["league_name"]) == ("E", "F", "G")


def test_a_title_above_does_not_creep_into_the_headers(
    workbook: Callable[..., Path], read: Callable[..., tuple]
) -> None:
    rows = [["某某区台账"], ["企业名称", "所在地区", "团员数"], FIRM]
    snapshot, _ = read(workbook({"企业台账": rows}))
    assert snapshot["source_columns"]["header"].unique().sort().to_list() == [
        "企业名称",
        "团员数",
        "所在地区",
    ]


def test_headers_tell_the_kind_where_names_say_nothing(
    workbook: Callable[..., Path], read: Callable[..., tuple], of_code: Callable
) -> None:
    sheets = {
        "Sheet1": [["企业名称", "所在地区", "团员数"], FIRM],
        "Sheet2": [["总部名称", "分支名称"], ["甲有限公司", "甲有限公司分公司"]],
        "Sheet3": [["企业名称", "工会名称", "工会会员数"], ["甲有限公司", "甲工会", 9]],
    }
    snapshot, findings = read(workbook(sheets, "汇总.xlsx"))
    assert snapshot["sources"]["kind"].to_list() == ["enterprises", "branch_offices", "trade_unions"]
    assert of_code(findings, "sheet.kind_by_headers").height == 3


def test_a_bare_list_of_companies_is_told_what_an_enterprise_ledger_needs_and_not_to_be_another(
    workbook: Callable[..., Path], read: Callable[..., tuple], of_code: Callable
) -> None:
    sheets = {
        "企业台账": [["企业名称", "所在地区"], FIRM[:2]],
        "Sheet2": [["企业名称"], ["甲有限公司"], ["乙有限公司"]],
    }
    snapshot, findings = read(workbook(sheets))
    missing = of_code(findings, "column.missing")
    assert missing["sheet"].to_list() == ["Sheet2"]
    assert missing["wanted"].to_list() == ["必填列：所在地区"]
    said = "".join(findings.table.select(pl.concat_str("found", "wanted", "remedy")).to_series())
    assert "工会" not in said and "党组织" not in said and "品牌" not in said
    assert snapshot["sources"].row(by_predicate=pl.col("sheet") == "Sheet2", named=True)["quarantined"] == 2
    assert _balanced(snapshot)


def test_a_sheet_of_unknown_kind_names_the_known_ones_and_keeps_nothing_of_people(
    workbook: Callable[..., Path], read: Callable[..., tuple], of_code: Callable
) -> None:
    sheets = {
        "企业台账": [["企业名称", "所在地区"], FIRM[:2]],
        "通讯录": [["姓名", "手机"], ["某某某", "00000000000"]],
    }
    snapshot, findings = read(workbook(sheets))
    unknown = of_code(findings, "sheet.unknown_kind")
    assert unknown["severity"].to_list() == ["error"]
    assert "园区台账" in unknown["wanted"][0]
    assert snapshot["quarantine"]["cells"].to_list() == ['["", ""]', '["", ""]']
    assert snapshot["headings"].select("cells", "withheld").rows() == [('["姓名", "手机"]', "A、B")]
    assert _balanced(snapshot)


def test_pages_of_notes_and_empty_sheets_are_told_and_no_fault(
    workbook: Callable[..., Path], read: Callable[..., tuple]
) -> None:
    sheets = {"填报说明": [["请如实填写"]], "企业台账": [["企业名称", "所在地区"], FIRM[:2]], "Sheet3": []}
    snapshot, findings = read(workbook(sheets))
    assert findings.of(Severity.ERROR).is_empty()
    assert snapshot["sources"].select("sheet", "rows_read").rows() == [
        ("企业台账", 2),
        ("Sheet3", 0),
        ("填报说明", 1),
    ]
    assert _balanced(snapshot)


def test_a_missing_required_column_quarantines_the_sheet_and_names_the_header(
    workbook: Callable[..., Path], read: Callable[..., tuple], of_code: Callable
) -> None:
    sheets = {
        "企业台账": [["企业名称", "所在地区"], FIRM[:2]],
        "园区台账": [["园区名称", "级别"], ["甲园区", "省级"], ["乙园区", "市级"]],
    }
    snapshot, findings = read(workbook(sheets))
    missing = of_code(findings, "column.missing")
    assert missing["wanted"].to_list() == ["必填列：所在地区"]
    assert missing["sheet"].to_list() == ["园区台账"]
    assert snapshot["parks"].is_empty()
    assert snapshot["quarantine"]["reason"].to_list() == ["column.missing"] * 2
    assert "parks" not in snapshot.kinds
    assert _balanced(snapshot)


def test_personal_columns_are_dropped_and_named_and_leave_no_trace(of_code: Callable) -> None:
    row = {
        "企业名称": "甲有限公司", "所在地区": "410105", "法定代表人": "某某某", "联系电话": "13800000000",
        "团支部书记": "某某", "备注": "某某的厂", "厂区颜色": "绛紫色",
    }  # fmt: skip
    bad = row | {"企业名称": None}
    snapshot, findings = read_tables({"企业台账": [row, bad]})
    assert of_code(findings, "column.personal")["found"].to_list() == ["法定代表人", "联系电话", "团支部书记"]
    assert of_code(findings, "column.unknown")["found"].to_list() == ["厂区颜色"]
    assert of_code(findings, "column.not_kept")["found"].to_list() == ["备注"]
    read = [table for name, table in snapshot.tables.items() if name != "quarantine"]
    everything = str([table.to_dict(as_series=False) for table in (*read, findings.table)])
    for planted in ("某某某", "13800000000", "某某的厂", "绛紫色"):
        assert planted not in everything
    # What nobody reads is handed back whole with the row to be mended, but for what tells of people.
    assert snapshot["quarantine"]["cells"].to_list() == ['["", "410105", "", "", "", "某某的厂", "绛紫色"]']


def test_two_columns_of_one_meaning_are_told_and_the_canonical_one_is_read(
    workbook: Callable[..., Path], read: Callable[..., tuple], of_code: Callable
) -> None:
    rows = [["企业名称", "所在地区", "团员人数", "团员数"], ["甲有限公司", "410105", 9, 3]]
    snapshot, findings = read(workbook({"企业台账": rows}))
    assert snapshot["enterprises"]["league_members"].to_list() == [3]
    assert of_code(findings, "column.doubled")["cell"].to_list() == ["C:C"]


@pytest.mark.parametrize(
    ("region", "code"),
    [
        ("虚拟县", "division.unknown"),
        ("鼓楼区", "division.ambiguous"),
        ("湖北省武汉市", "division.outside"),
        ("河南省", "division.province_only"),
        ("不详", "row.required_missing"),
        (None, "row.required_missing"),
    ],
)
def test_a_row_whose_place_is_not_sure_is_quarantined_whole(
    region: str | None, code: str, of_code: Callable
) -> None:
    good = {"企业名称": "甲有限公司", "所在地区": "410105", "团员数": 3}
    snapshot, findings = read_tables(
        {"企业台账": [good, good | {"企业名称": "乙有限公司", "所在地区": region}]}, as_of=AS_OF
    )
    assert snapshot["enterprises"]["name"].to_list() == ["甲有限公司"]
    assert snapshot["quarantine"]["reason"].to_list() == [code]
    assert "乙有限公司" in snapshot["quarantine"]["cells"][0]
    told = of_code(findings, code)
    assert (told["severity"][0], told["cell"][0]) == ("error", "B3")


def test_a_place_of_which_only_the_city_is_sure_is_kept_and_told(of_code: Callable) -> None:
    firms = [
        {"企业名称": "甲有限公司", "所在地区": "郑州市", "详细地址": "河南省郑州市金水区花园路1号"},
        {"企业名称": "乙有限公司", "所在地区": "郑州市"},
        {"企业名称": "丙有限公司", "所在地区": "郑州市郑东新区"},
    ]
    snapshot, findings = read_tables({"企业台账": firms})
    counties = dict(snapshot["enterprises"].select("name", "county_code").rows())
    assert counties == {"甲有限公司": "410105", "乙有限公司": None, "丙有限公司": None}
    assert snapshot["enterprises"]["city_code"].unique().to_list() == ["410100"]
    assert of_code(findings, "division.county_unknown")["cell"].to_list() == ["B4"]
