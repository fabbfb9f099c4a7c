"""A unit's own blank forms, three made-up layouts, filled in place without breaking their format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName

from coverage_engine.errors import LedgerError
from coverage_engine.model.plan import Plan
from coverage_engine.reporting.annexes import annex_rows
from coverage_engine.reporting.blanks import fill_blank

THIN = Side(style="thin")
FILL = PatternFill("solid", fgColor="FFEECC")


def _ruled(sheet: Any, row: int, columns: int) -> None:
    for number in range(1, columns + 1):
        cell = sheet.cell(row, number)
        cell.border, cell.font = (
            Border(left=THIN, right=THIN, top=THIN, bottom=THIN),
            Font(name="楷体", size=9),
        )
    sheet.row_dimensions[row].height = 31


def _merged_headers(file: Path) -> None:
    """A title over all columns, two-row merged headers, three ruled rows, a total and a footer."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "乌有市非公企业建团情况表"
    sheet.merge_cells("A1:H1")
    sheet.append([])
    sheet.append(["序号", "单位名称", "人员情况", None, None, "党组织", "团组织", None])
    sheet.append(
        [
            None,
            None,
            "职工人数",
            "青年人数（35岁以下）",
            "团员人数（28岁以下）",
            "有无",
            "覆盖状态",
            "隶属上级",
        ]
    )
    for area in ("A3:A4", "B3:B4", "C3:E3", "G3:H3"):
        sheet.merge_cells(area)
    for row in range(5, 8):
        _ruled(sheet, row, 8)
    sheet["A8"] = "合计"
    sheet.merge_cells("A8:B8")
    sheet["C8"], sheet["E8"] = "=SUM(C5:C7)", "=SUM(E5:E7)"
    sheet["C8"].fill = FILL
    sheet["A9"] = "审核人："
    sheet.merge_cells("A9:H9")
    sheet.row_dimensions[9].height = 44
    book.save(file)


def _other_order(file: Path) -> None:
    """Other words in another order, with columns of the unit's own, no total."""
    book = openpyxl.Workbook()
    book.active.title = "封面"
    sheet = book.create_sheet("填报")
    sheet.append(["团员", "本单位自留", "企业全称", "信用代码", "备用", "县区"])
    _ruled(sheet, 2, 6)
    sheet.column_dimensions["C"].width = 47
    book.save(file)


def _named_cells(file: Path) -> None:
    """Headings nobody could guess, named cells instead."""
    book = openpyxl.Workbook()
    sheet = book.active
    for number, (heading, name) in enumerate(
        [("甲", "name"), ("乙", "credit_code"), ("丙", "league_members"), ("丁", None)], 1
    ):
        sheet.cell(3, number).value = heading
        if name:
            letter = sheet.cell(3, number).column_letter
            book.defined_names[name] = DefinedName(name, attr_text=f"'{sheet.title}'!${letter}$3")
    book.save(file)


def test_merged_headers_totals_and_footers_stay(plan: Plan, tmp_path: Path) -> None:
    _merged_headers(tmp_path / "空.xlsx")
    done = fill_blank(plan, "annex_3", tmp_path / "空.xlsx", tmp_path / "填.xlsx")
    rows = annex_rows(plan, "annex_3").rows
    assert done.filled == {
        "A": "number", "B": "name", "C": "employees", "D": "young_employees",
        "E": "league_members", "F": "party", "G": "state", "H": "superior",
    }  # fmt: skip
    sheet = openpyxl.load_workbook(tmp_path / "填.xlsx").active
    last = 4 + rows.height
    assert [sheet.cell(row, 2).value for row in range(5, last + 1)] == rows["name"].to_list()
    assert [sheet.cell(row, 7).value for row in range(5, last + 1)] == rows["state"].to_list()
    assert sheet.cell(last + 1, 1).value == "合计"
    assert sheet.cell(last + 1, 3).value == f"=SUM(C5:C{last})"
    assert sheet.cell(last + 1, 3).fill.fgColor.rgb == "00FFEECC"
    assert sheet.cell(last + 2, 1).value == "审核人："
    assert sheet.row_dimensions[last + 2].height == 44
    areas = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A1:H1", "A3:A4", "C3:E3", f"A{last + 1}:B{last + 1}", f"A{last + 2}:H{last + 2}"} <= areas
    assert {sheet.cell(row, 2).font.name for row in range(5, last + 1)} == {"楷体"}
    assert {sheet.row_dimensions[row].height for row in range(5, last + 1)} == {31}


def test_another_order_and_extra_columns_are_respected(plan: Plan, tmp_path: Path) -> None:
    _other_order(tmp_path / "空.xlsx")
    done = fill_blank(plan, "annex_3", tmp_path / "空.xlsx", tmp_path / "填.xlsx")
    assert done.filled == {"A": "league_members", "C": "name", "D": "credit_code", "F": "county"}
    assert done.left == ("本单位自留", "备用")
    sheet = openpyxl.load_workbook(tmp_path / "填.xlsx")["填报"]
    rows = annex_rows(plan, "annex_3").rows
    assert [cell.value for cell in sheet["D"][1:]] == rows["credit_code"].to_list()
    assert all(cell.value is None for cell in sheet["B"][1:])
    assert sheet.column_dimensions["C"].width == 47
    assert sheet.cell(rows.height + 1, 3).border.left.style == "thin"


def test_named_cells_tell_the_columns(plan: Plan, tmp_path: Path) -> None:
    _named_cells(tmp_path / "空.xlsx")
    done = fill_blank(plan, "annex_3", tmp_path / "空.xlsx", tmp_path / "填.xlsx")
    assert done.filled == {"A": "name", "B": "credit_code", "C": "league_members"}
    sheet = openpyxl.load_workbook(tmp_path / "填.xlsx").active
    assert sheet["A4"].value == annex_rows(plan, "annex_3").rows["name"][0]


def test_hostile_names_stay_text_in_a_blank(hostile_plan: Plan, tmp_path: Path) -> None:
    _other_order(tmp_path / "空.xlsx")
    fill_blank(hostile_plan, "annex_3", tmp_path / "空.xlsx", tmp_path / "填.xlsx")
    cells = openpyxl.load_workbook(tmp_path / "填.xlsx")["填报"]["C"][1:]
    assert {cell.data_type for cell in cells} == {"s"}
    assert any(cell.value.startswith("=HYPERLINK") for cell in cells)


def test_the_same_blank_gives_the_same_bytes(plan: Plan, tmp_path: Path) -> None:
    _merged_headers(tmp_path / "空.xlsx")
    files = [fill_blank(plan, "annex_3", tmp_path / "空.xlsx", tmp_path / name).file for name in ("一", "二")]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_blank_without_known_headings_is_refused(plan: Plan, tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "空.xlsx")
    with pytest.raises(LedgerError, match="表头认不出来"):
        fill_blank(plan, "annex_3", tmp_path / "空.xlsx", tmp_path / "填.xlsx")
