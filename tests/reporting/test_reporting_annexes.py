"""Annexes 3, 4 and 5: totals equal independent counts, text stays text, pages are set for A4 landscape."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from coverage_engine.model.plan import Division, Plan
from coverage_engine.reporting import write_annexes

NAMES = ("annex_3", "annex_4", "annex_5")
TITLES = {"annex_3": "附件3", "annex_4": "附件4", "annex_5": "附件5"}
DUTY = ("must_establish", "should_establish")
UNKNOWN = "待核实"


@pytest.fixture(scope="module")
def folder(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("annexes")
    write_annexes(plan, found)
    return found


def _book(file: Path, values: bool = True) -> Any:
    return openpyxl.load_workbook(file, data_only=values)


def _headers(sheet: Any) -> dict[str, int]:
    """Column number of each header; a group stands before its columns with a colon."""
    found, group = {}, None
    for column in range(1, sheet.max_column + 1):
        upper, lower = sheet.cell(4, column).value, sheet.cell(5, column).value
        group = upper or group
        found[f"{group}:{lower}" if lower else str(upper)] = column
    return found


def _total_row(sheet: Any, label: str = "合计") -> int:
    return next(row for row in range(6, sheet.max_row + 1) if sheet.cell(row, 1).value == label)


def _total(sheet: Any, header: str, label: str = "合计") -> Any:
    return sheet.cell(_total_row(sheet, label), _headers(sheet)[header]).value


def _in_annex_3(row: dict[str, Any]) -> bool:
    listed = row["above_scale"] is True or row["top_hundred_rank"] is not None
    return listed and row["non_public"] == "yes" and row["scope_reason"] is None


def test_annex_3_totals_equal_a_count_made_from_the_enterprises(plan: Plan, folder: Path) -> None:
    rows = [row for row in plan["enterprises"].to_dicts() if _in_annex_3(row)]
    sheet = _book(folder / "annex_3.xlsx")["附件3"]
    assert rows
    assert _total(sheet, "企业名称") == len(rows)
    assert _total(sheet, "从业人员数") == sum(row["employees"] or 0 for row in rows)
    assert _total(sheet, "35岁以下青年数") == sum(row["young_employees"] or 0 for row in rows)
    assert _total(sheet, "团员数") == sum(row["league_members"] or 0 for row in rows)
    assert _total(sheet, "党组织:有无") == sum(row["party"] in ("own", "joint") for row in rows)
    assert _total(sheet, "工会:有无") == sum(row["union"] is True for row in rows)
    assert _total(sheet, "团组织:覆盖状态") == sum(row["coverage_state"] == "own" for row in rows)
    joint = _total(sheet, "团组织:组建方式（单独/联合/依托）")
    assert joint == sum(row["coverage_state"] == "joint" for row in rows)
    assert _total(sheet, "备注") == sum(row["obligation"] in DUTY for row in rows)


def test_annex_4_totals_equal_the_sums_over_the_parks(plan: Plan, folder: Path) -> None:
    rows = plan["parks"].to_dicts()
    sheet = _book(folder / "annex_4.xlsx")["附件4"]
    columns = {
        "入驻企业数:合计": "enterprises",
        "入驻企业数:其中非公": "non_public",
        "从业人员": "employees",
        "团员": "league_members",
        "已建党组织企业数": "with_party",
        "团员3人以上企业数": "eligible",
        "已建团组织企业数:其中单独": "own",
        "已建团组织企业数:联合覆盖": "joint",
        "应建未建数": "uncovered_duty",
    }
    # The export of 智慧团建 was not handed in.
    assert _total(sheet, "智慧团建核验") == UNKNOWN
    for header, column in columns.items():
        assert _total(sheet, header) == sum(row[column] for row in rows), header
    assert _total(sheet, "园区名称") == len(rows)
    assert _total(sheet, "园区团工委:有无") == 1
    assert _total(sheet, "覆盖率") == pytest.approx(27 / 93)


def test_annex_5_gives_both_the_rows_and_the_distinct_firms(plan: Plan, folder: Path) -> None:
    firms = {row["enterprise_id"]: row for row in plan["enterprises"].to_dicts()}
    members = [
        row["enterprise_id"]
        for row in plan["societies"].to_dicts()
        if firms[row["enterprise_id"]]["non_public"] == "yes"
        and firms[row["enterprise_id"]]["scope_reason"] is None
    ]
    sheet = _book(folder / "annex_5.xlsx")["附件5"]
    assert len(set(members)) < len(members)
    for label, ids in (("合计（会员单位）", members), ("合计（企业，不重复）", sorted(set(members)))):
        rows = [firms[number] for number in ids]
        assert _total(sheet, "会员单位名称", label) == len(rows)
        assert _total(sheet, "从业人员", label) == sum(row["employees"] or 0 for row in rows)
        assert _total(sheet, "党组织", label) == sum(row["party"] in ("own", "joint") for row in rows)
        assert _total(sheet, "团组织:状态", label) == sum(row["coverage_state"] == "own" for row in rows)
        assert _total(sheet, "备注", label) == sum(row["obligation"] in DUTY for row in rows)


@pytest.mark.parametrize("name", NAMES)
def test_counties_add_up_to_cities_and_to_the_total(name: str, folder: Path) -> None:
    book = _book(folder / f"{name}.xlsx")
    cities, counties = book["分市汇总"], book["分县汇总"]
    city_headers, county_headers = _headers(cities), _headers(counties)
    for header, column in city_headers.items():
        if header in ("序号", "市") or "覆盖率" in header:
            continue
        parts = [_known(cities.cell(row, column).value) for row in range(6, _total_row(cities))]
        assert sum(parts) == _known(_total(cities, header))
        assert _total(counties, header) == _total(cities, header)
        rows = range(6, _total_row(counties))
        below = [_known(counties.cell(row, county_headers[header]).value) for row in rows]
        assert sum(below) == sum(parts)


def _known(value: Any) -> Any:
    """A number; nothing where nobody knows it."""
    return 0 if value == UNKNOWN else value


def test_a_county_without_a_firm_reports_noughts(folder: Path) -> None:
    sheet = _book(folder / "annex_3.xlsx")["分县汇总"]
    named = {sheet.cell(row, 3).value: row for row in range(6, _total_row(sheet))}
    assert sheet.cell(named["吉利区"], 4).value == 0


def test_a_firm_whose_county_is_not_known_is_counted_under_its_city(folder: Path) -> None:
    sheet = _book(folder / "annex_3.xlsx")["分县汇总"]
    row = next(row for row in range(6, _total_row(sheet)) if sheet.cell(row, 3).value == "（未分县）")
    assert sheet.cell(row, 2).value == "郑州市"
    assert sheet.cell(row, 4).value > 0


@pytest.mark.parametrize("name", NAMES)
def test_totals_are_live_formulas_and_not_pasted_numbers(name: str, folder: Path) -> None:
    sheet = _book(folder / f"{name}.xlsx", values=False)[TITLES[name]]
    label = "合计" if name != "annex_5" else "合计（企业，不重复）"
    row = _total_row(sheet, label)
    cells = [sheet.cell(row, column).value for column in range(2, sheet.max_column + 1)]
    filled = [cell for cell in cells if cell is not None and cell != UNKNOWN]
    assert len(filled) >= 9
    assert all(str(cell).startswith("=") for cell in filled)


@pytest.mark.parametrize("name", NAMES)
def test_pages_are_a4_landscape_one_page_wide_with_the_header_repeated(name: str, folder: Path) -> None:
    for sheet in _book(folder / f"{name}.xlsx"):
        setup = sheet.page_setup
        assert (setup.orientation, int(setup.paperSize)) == ("landscape", 9)
        assert (int(setup.fitToWidth or 1), int(setup.fitToHeight)) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert re.sub(r"\W|_", "", sheet.oddFooter.center.text) in (
            "第P页共N页",
            "第Page页共N页",
            "第Page页共Pages页",
        )
        if sheet.title != "说明":
            assert sheet.print_title_rows == "$4:$5"
            assert re.fullmatch(r"[A-Z]+6", sheet.freeze_panes)


@pytest.mark.parametrize("name", NAMES)
def test_the_frame_is_that_of_an_official_form(name: str, folder: Path) -> None:
    sheet = _book(folder / f"{name}.xlsx")[TITLES[name]]
    assert sheet["A1"].value == TITLES[name]
    assert sheet["A2"].value.endswith("覆盖情况表")
    assert (sheet["A2"].font.name, sheet["A2"].font.bold) == ("方正小标宋简体", True)
    assert sheet["A2"].alignment.horizontal == "center"
    assert sheet["A3"].value == "填报单位（盖章）："
    assert "填报日期：" in [cell.value for cell in sheet[3] if cell.value][-1]
    assert sheet["A6"].font.name == "仿宋_GB2312"
    below = [sheet.cell(row, 1).value or "" for row in range(6, sheet.max_row + 1)]
    line = next(text for text in below if isinstance(text, str) and text.startswith("审核人："))
    assert line.split() == ["审核人：", "填表人：", "联系电话："]
    assert "说明：" in below
    merged = [area for area in sheet.merged_cells.ranges if area.max_row > 5]
    assert all(sheet.cell(area.min_row, 1).value.startswith("合计") for area in merged)


def test_codes_are_text_and_counts_are_numbers(folder: Path) -> None:
    sheet = _book(folder / "annex_3.xlsx")["附件3"]
    headers = _headers(sheet)
    first = 6
    assert isinstance(sheet.cell(first, headers["统一社会信用代码"]).value, str)
    assert isinstance(sheet.cell(first, headers["从业人员数"]).value, int)
    numbers = [sheet.cell(row, 1).value for row in range(first, _total_row(sheet))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_firms_that_may_belong_are_counted_in_a_note(plan: Plan, folder: Path) -> None:
    def undecided(row: dict[str, Any]) -> bool:
        public = {"yes": True, "no": False, "unknown": None}[row["non_public"]]
        listed = True if row["top_hundred_rank"] is not None else row["above_scale"]
        flags = [row["scope_reason"] is None, public, listed]
        return False not in flags and None in flags

    count = sum(undecided(row) for row in plan["enterprises"].to_dicts())
    assert count
    sheet = _book(folder / "annex_3.xlsx")["附件3"]
    texts = [str(sheet.cell(row, 1).value) for row in range(6, sheet.max_row + 1)]
    assert any(f"另有 {count} 家" in text for text in texts)


def test_the_path_the_cause_and_the_date_are_in_words(folder: Path) -> None:
    sheet = _book(folder / "annex_3.xlsx")["附件3"]
    headers = _headers(sheet)
    rows = range(6, _total_row(sheet))
    paths = {sheet.cell(row, headers["拟建路径（1-11）"]).value for row in rows} - {None}
    assert all(re.match(r"路径\d+ \S+", path) for path in paths)
    causes = {sheet.cell(row, headers["未建原因"]).value for row in rows} - {None}
    assert causes == {"待核实：党组织、团员数"}
    states = {sheet.cell(row, headers["团组织:覆盖状态"]).value for row in rows}
    assert states <= {"单独建立", "联合覆盖", "仅有青年组织", "空白", "底数不清"}
    dates = {sheet.cell(row, headers["计划完成时间"]).value for row in rows} - {None}
    assert {day.date().isoformat() for day in dates} == {"2019-06-14"}


def test_a_repeated_firm_says_which_row_it_repeats(folder: Path) -> None:
    sheet = _book(folder / "annex_5.xlsx")["附件5"]
    headers = _headers(sheet)
    last = _total_row(sheet, "合计（会员单位）")
    codes: dict[str, int] = {}
    repeated = 0
    for row in range(6, last):
        code = sheet.cell(row, headers["统一社会信用代码"]).value
        remark = sheet.cell(row, headers["备注"]).value or ""
        if code in codes:
            repeated += 1
            assert remark.startswith(f"与序号{codes[code]}为同一企业")
        else:
            codes[code] = sheet.cell(row, 1).value
            assert not remark.startswith("与序号")
    assert repeated


def test_the_explanation_sheet_tells_date_policy_denominators_and_files(plan: Plan, folder: Path) -> None:
    sheet = _book(folder / "annex_3.xlsx")["说明"]
    text = "\n".join(str(cell.value) for row in sheet for cell in row if cell.value is not None)
    for word in ("2019年6月1日", plan.policy_version, "在营非公企业：400—412家", "企业台账.xlsx", "ab" * 32):
        assert word in text
    assert "营业状态未填的按在营推定" in text


def test_hostile_names_stay_text(hostile_plan: Plan, hostile_names: list[str], tmp_path: Path) -> None:
    write_annexes(hostile_plan, tmp_path)
    sheet = _book(tmp_path / "annex_5.xlsx", values=False)["附件5"]
    column = _headers(sheet)["会员单位名称"]
    cells = [sheet.cell(row, column) for row in range(6, _total_row(sheet, "合计（会员单位）"))]
    written = {_decoded(cell.value) for cell in cells}
    members = set(hostile_plan["societies"]["enterprise_id"].to_list())
    expected = {
        name.replace("\uffff", "\ufffd")
        for number, (name, row) in enumerate(
            zip(hostile_names, hostile_plan["enterprises"].to_dicts(), strict=False)
        )
        if number in members and row["non_public"] == "yes" and row["scope_reason"] is None
    }
    assert len(expected) >= 5
    assert expected <= written
    assert all(cell.data_type == "s" for cell in cells)
    for cell in cells:
        assert cell.hyperlink is None


def _decoded(text: str) -> str:
    """A carriage return stands escaped in the file and is left so when read back."""
    return text.replace("_x000D_", "\r")


def test_ready_made_rich_text_in_a_name_is_not_markup(make_plan: Callable[..., Plan], tmp_path: Path) -> None:
    write_annexes(make_plan(names=["", "<r><t>富文本</t></r>"]), tmp_path)
    sheet = _book(tmp_path / "annex_3.xlsx")["附件3"]
    column = _headers(sheet)["企业名称"]
    names = [sheet.cell(row, column).value for row in range(6, _total_row(sheet))]
    assert "<r><t>富文本</t></r>" in names


def test_a_plan_without_parks_or_members_still_gives_forms(plan: Plan, tmp_path: Path) -> None:
    nothing = {name: plan[name].clear() for name in ("enterprises", "parks", "societies", "coverage")}
    write_annexes(Plan(plan.as_of, plan.division, "", plan.snapshot, {**plan.tables, **nothing}), tmp_path)
    for name in NAMES:
        sheet = _book(tmp_path / f"{name}.xlsx")[TITLES[name]]
        assert sheet.cell(7, 1).value.startswith("合计")
        assert not any(sheet.cell(7, column).value for column in range(2, sheet.max_column + 1))


def test_a_city_plan_lists_only_its_own_rows(make_plan: Callable[..., Plan], tmp_path: Path) -> None:
    write_annexes(make_plan(division=Division("410300", "洛阳市", "city")), tmp_path)
    for name in ("annex_3", "annex_4"):
        sheet = _book(tmp_path / f"{name}.xlsx")[TITLES[name]]
        cities = {sheet.cell(row, 2).value for row in range(6, _total_row(sheet))}
        assert cities == {"洛阳市"}
        counties = _book(tmp_path / f"{name}.xlsx")["分县汇总"]
        assert [counties.cell(row, 3).value for row in range(6, _total_row(counties))] == ["涧西区", "吉利区"]


def test_writing_twice_gives_the_same_bytes(plan: Plan, folder: Path, tmp_path: Path) -> None:
    write_annexes(plan, tmp_path)
    for name in NAMES:
        assert (folder / f"{name}.xlsx").read_bytes() == (tmp_path / f"{name}.xlsx").read_bytes()


def test_sums_of_unknown_numbers_are_those_of_the_known_ones(plan: Plan, folder: Path) -> None:
    sheet = _book(folder / "annex_3.xlsx")["附件3"]
    column = _headers(sheet)["从业人员数"]
    cells = pl.Series([sheet.cell(row, column).value for row in range(6, _total_row(sheet))])
    assert cells.null_count() > 0
    assert cells.sum() == _total(sheet, "从业人员数")
