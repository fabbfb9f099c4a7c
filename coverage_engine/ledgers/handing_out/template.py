"""The blank workbook of all ledgers: headers, notes, drop-downs, widths; drawn from the definitions alone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from coverage_engine.ledgers.handing_out.print_setup import fit_to_page
from coverage_engine.ledgers.handing_out.row_heights import height_of
from coverage_engine.ledgers.kinds import LedgerColumn, LedgerKind, ledger_kinds

_ROWS_PREPARED = 5_000
_CREATED = datetime(2019, 5, 1)
_EDGE_OF_LIST = 255
"""Excel takes no longer list in one drop-down."""
_FLAG_WORDS = {"yes_no": ("是", "否"), "has": ("有", "无")}
_NOTE_WIDTHS = (22, 20, 20, 78)
_TYPE_WORDS = {
    "text": "文字",
    "count": "整数",
    "real": "数字",
    "flag": "是/否",
    "choice": "从下拉列表选",
    "division": "6 位代码或名称",
    "date": "日期（年-月-日）",
    "credit_code": "18 位代码，文本格式",
    "percent": "0–100 的数字或百分数",
}


def write_template(file: Path) -> None:
    """A blank .xlsx: a sheet of notes and one for each kind of ledger; required headers end in `*`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    import xlsxwriter

    with xlsxwriter.Workbook(str(file)) as workbook:
        workbook.set_properties({"title": "空白台账", "created": _CREATED})
        formats = _formats(workbook)
        _write_notes(workbook.add_worksheet("填报说明"), formats)
        for kind in ledger_kinds():
            _write_kind(workbook.add_worksheet(kind.sheet), kind, formats)


# ---------------------------------------------------------------------------------------------- private


def _formats(workbook: Any) -> dict[str, Any]:
    base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
    header = {**base, "bold": True, "border": 1, "text_wrap": True, "align": "center"}
    return {
        "required": workbook.add_format({**header, "bg_color": "#F8D7DA"}),
        "optional": workbook.add_format({**header, "bg_color": "#E8EEF4"}),
        "title": workbook.add_format({**base, "bold": True, "font_size": 16}),
        "plain": workbook.add_format({**base, "text_wrap": True, "valign": "top"}),
        "text": workbook.add_format({**base, "num_format": "@"}),
        "count": workbook.add_format({**base, "num_format": "0"}),
        "real": workbook.add_format({**base, "num_format": "General"}),
        "date": workbook.add_format({**base, "num_format": "yyyy-mm-dd"}),
    }


def _write_kind(sheet: Any, kind: LedgerKind, formats: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 1)
    fit_to_page(sheet)
    sheet.set_row(0, 32)
    for index, column in enumerate(kind.columns):
        sheet.set_column(index, index, _width(column), formats[_cell_format(column)])
        header = column.header + ("*" if column.required else "")
        sheet.write_string(0, index, header, formats["required" if column.required else "optional"])
        sheet.write_comment(0, index, _note(column), {"x_scale": 1.6, "y_scale": 1.2, "author": ""})
        words = _offered(column)
        if words and len(",".join(words)) <= _EDGE_OF_LIST:
            sheet.data_validation(
                1,
                index,
                _ROWS_PREPARED,
                index,
                {
                    "validate": "list",
                    "source": list(words),
                    "error_type": "warning",
                    "error_title": "请核对",
                    "error_message": "不在可选的词里；确实不知道的请留空。",
                },
            )


def _write_notes(sheet: Any, formats: dict[str, Any]) -> None:
    fit_to_page(sheet)
    for index, width in enumerate(_NOTE_WIDTHS):
        sheet.set_column(index, index, width)
    sheet.write_string(0, 0, "台账填报说明", formats["title"])
    lines = [
        "一种台账一张工作表，工作表名请勿改动；只有企业台账必交，其余有多少交多少。",
        "带 * 的列必填。不知道的请留空或填“不详”，不要填“无”或 0：不知道不等于没有。",
        "只填单位和数量，不填姓名、电话、身份证号等个人信息；填了也不读入。",
        "统一社会信用代码请以文本格式填写，避免被 Excel 改成科学计数。",
    ]
    for row, line in enumerate(lines, start=1):
        sheet.merge_range(row, 0, row, 3, line, formats["plain"])
    row = len(lines) + 2
    for index, header in enumerate(("台账", "列", "填法", "说明")):
        sheet.write_string(row, index, header, formats["optional"])
    for kind in ledger_kinds():
        for column in kind.columns:
            row += 1
            cells = (
                kind.sheet,
                column.header + ("*" if column.required else ""),
                _TYPE_WORDS[column.type],
                _description(column),
            )
            for index, cell in enumerate(cells):
                sheet.write_string(row, index, cell, formats["plain"])
            sheet.set_row(row, height_of(cells, _NOTE_WIDTHS))


def _cell_format(column: LedgerColumn) -> str:
    if column.type in ("count", "real", "date"):
        return column.type
    return "text" if column.type in ("credit_code", "division", "text") else "real"


def _width(column: LedgerColumn) -> float:
    by_type = {"credit_code": 22, "division": 18, "date": 13, "text": 16}
    wide = {"name", "enterprise_name", "address", "full_name", "league_name", "superior"}
    smallest = 30 if column.key in wide or column.key.endswith("_name") else by_type.get(column.type, 11)
    return float(max(smallest, 2 * len(column.header) + 3))


def _offered(column: LedgerColumn) -> tuple[str, ...]:
    if column.type == "choice":
        return column.canonical_words
    if column.type == "flag":
        own = column.canonical_words
        return own or _FLAG_WORDS["has" if "有无" in column.description else "yes_no"]
    return ()


def _description(column: LedgerColumn) -> str:
    unit = f"（单位：{column.unit}）" if column.unit else ""
    words = _offered(column)
    return f"{column.description}{unit}" + (f"；可选：{'、'.join(words)}" if words else "")


def _note(column: LedgerColumn) -> str:
    must = "必填。" if column.required else "可不填，不知道请留空。"
    return f"{_description(column)}。{must}"
