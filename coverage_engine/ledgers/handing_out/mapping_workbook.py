"""The mapping workbook (表头对照): what is proposed for each form of list, with choices to be made in place.

Its questions stand on top of each sheet, marked in words and colour; certain answers are filled in and may be
changed. Handed in beside the ledgers, it says how they are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from coverage_engine.ledgers.handing_out.print_setup import fit_to_page
from coverage_engine.ledgers.handing_out.row_heights import height_of
from coverage_engine.ledgers.kinds import ledger_kinds
from coverage_engine.ledgers.list_mappings import all_columns
from coverage_engine.ledgers.mapping_form import (
    COLUMNS,
    COMPLETE,
    CONSTANTS,
    FORM_SHEETS,
    LISTS,
    NO_LEDGER,
    NOT_READ,
    OTHER,
    PAIRS,
    SAME,
    UNKNOWN,
    WORDS,
    FormSheet,
)
from coverage_engine.ledgers.tables.proposed_lists import CERTAIN, LIKELY, ProposedList
from coverage_engine.model.output_mark import MAPPING_MARK

_CREATED = datetime(2019, 5, 1)
_ASKED = "请定"
_CERTAINTY = {CERTAIN: "确定", LIKELY: "很像"}
_FIELDS = "可选字段"
_MOST_NAMED = 30
_LINES = (
    "一、只看标“{asked}”的黄底行，共 {questions} 处；其余已经认定，觉得不对的也可以改。",
    "二、“各表”：这些表是哪种台账；不是台账的选“{no_ledger}”。表头相同的表合为一种，只需答一次。",
    "　　　党组织、工会、四上名录确是齐全的，在“名录完整”填“是”：没有列入的企业就按没有算；不填的按不知道。",
    "三、“各列”：每一列读作哪个字段；不要的选“{not_read}”。",
    "四、“固定值”：全表都一样而表里没有的内容，如所在地区、规模以上、社团名称；写在“值”一栏，工作表一栏留空表示各张表都适用。",
    "五、“词语”：看不懂的写法是什么意思；说不清的选“{unknown}”。",
    "六、“同一家”：名称差一点的两家是不是同一家企业；没有回答的不合并。",
    "七、填好存盘，与台账一起交：放进同一个文件夹，或用 --mapping 指明。下个月表头相同的表照此读入，不再问。",
)


def write_mapping(proposed: Sequence[ProposedList], pairs: Sequence[Sequence[str]], file: Path) -> None:
    """An .xlsx with the sheets 说明, 各表, 各列, 固定值, 词语 and 同一家, whose choices are drop-downs.

    `pairs` have ledger, name, name of the firm, reason, effect and two keys each.
    """
    import xlsxwriter

    with xlsxwriter.Workbook(str(file), {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        workbook.set_properties({"title": "表头对照", "category": MAPPING_MARK, "created": _CREATED})
        formats = _formats(workbook)
        questions = len(pairs) + sum(each.questions for each in proposed)
        _write_notes(workbook.add_worksheet("说明"), questions, formats)
        sheets = {form.name: workbook.add_worksheet(form.name) for form in FORM_SHEETS}
        ranges = _write_fields(workbook, formats)
        _write_lists(sheets[LISTS.name], proposed, formats)
        _write_columns(sheets[COLUMNS.name], proposed, ranges, formats)
        _write_constants(sheets[CONSTANTS.name], proposed, ranges, formats)
        _write_words(sheets[WORDS.name], proposed, formats)
        _write_pairs(sheets[PAIRS.name], pairs, formats)


# ---------------------------------------------------------------------------------------------- private


def _formats(workbook: Any) -> dict[str, Any]:
    base = {"font_name": "宋体", "font_size": 11, "valign": "top", "text_wrap": True, "border": 1}
    return {
        "header": workbook.add_format({**base, "bold": True, "bg_color": "#E8EEF4", "valign": "vcenter"}),
        "plain": workbook.add_format(base),
        "answer": workbook.add_format({**base, "bg_color": "#F2F7EC"}),
        "asked": workbook.add_format({**base, "bg_color": "#FFF2CC"}),
        "wanted": workbook.add_format({**base, "bg_color": "#FFD966", "bold": True}),
        "title": workbook.add_format({"font_name": "宋体", "bold": True, "font_size": 16}),
        "note": workbook.add_format(
            {"font_name": "宋体", "font_size": 12, "valign": "top", "text_wrap": True}
        ),
    }


def _write_notes(sheet: Any, questions: int, formats: dict[str, Any]) -> None:
    fit_to_page(sheet)
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, "表头对照：这些表怎么读", formats["title"])
    for row, line in enumerate(_LINES, start=2):
        words = line.format(
            asked=_ASKED, questions=questions, no_ledger=NO_LEDGER, not_read=NOT_READ, unknown=UNKNOWN
        )
        sheet.write_string(row, 0, words, formats["note"])
        sheet.set_row(row, 36)


def _write_fields(workbook: Any, formats: dict[str, Any]) -> dict[str, str]:
    """A sheet with the fields of every kind, a column each; the range of each for drop-downs."""
    sheet = workbook.add_worksheet(_FIELDS)
    sheet.hide()
    ranges = {}
    for index, kind in enumerate(ledger_kinds()):
        fields = [*dict.fromkeys(column.header for column in all_columns(kind)), NOT_READ]
        sheet.set_column(index, index, 20)
        sheet.write_string(0, index, kind.sheet, formats["header"])
        for row, field in enumerate(fields, start=1):
            sheet.write_string(row, index, field, formats["plain"])
        letter = chr(ord("A") + index)
        ranges[kind.kind] = f"='{_FIELDS}'!${letter}$2:${letter}${len(fields) + 1}"
    return ranges


def _write_lists(sheet: Any, proposed: Sequence[ProposedList], formats: dict[str, Any]) -> None:
    choices = [*(kind.sheet for kind in ledger_kinds()), NO_LEDGER]
    _head(sheet, LISTS, formats)
    for row, each in enumerate(proposed, start=1):
        name = each.kind.sheet if each.kind else ""
        files = list(dict.fromkeys(file for file, _ in each.sheets))
        names = list(dict.fromkeys(sheet_name for _, sheet_name in each.sheets))
        cells = (
            _ASKED if each.asked else "", each.form, name, name, _CERTAINTY.get(each.certainty, "看不出"),
            each.reason, "、".join(files[:_MOST_NAMED]), "、".join(names), len(each.sheets), each.rows,
            "", "",
        )  # fmt: skip
        _write_row(sheet, row, cells, LISTS, each.asked, formats)
        _offer(sheet, row, LISTS, choices)
        _offer(sheet, row, LISTS, [COMPLETE], "名录完整")


def _write_columns(
    sheet: Any, proposed: Sequence[ProposedList], ranges: dict[str, str], formats: dict[str, Any]
) -> None:
    _head(sheet, COLUMNS, formats)
    lines = [(each, column) for each in proposed for column in each.columns]
    lines.sort(key=lambda line: not line[1].asked)
    for row, (each, column) in enumerate(lines, start=1):
        chosen = "" if column.asked else column.field or NOT_READ
        samples = (*column.samples, "", "", "")[:3]
        cells = (
            _ASKED if column.asked else "", each.form, _lists_in_words(each), column.letter,
            column.header, chosen, column.field, _CERTAINTY.get(column.certainty, "看不出"), column.reason,
            *samples,
        )  # fmt: skip
        _write_row(sheet, row, cells, COLUMNS, column.asked, formats)
        if each.kind:
            _offer(sheet, row, COLUMNS, ranges[each.kind.kind])


def _lists_in_words(each: ProposedList) -> str:
    """Kind and sheet of a form of list: 企业台账：红旗区团委 等4张."""
    kind = each.kind.sheet if each.kind else "种类未定"
    more = f" 等{len(each.sheets)}张" if len(each.sheets) > 1 else ""
    return f"{kind}：{each.sheets[0][1]}{more}"


def _write_constants(
    sheet: Any, proposed: Sequence[ProposedList], ranges: dict[str, str], formats: dict[str, Any]
) -> None:
    _head(sheet, CONSTANTS, formats)
    row = 0
    for each in proposed:
        for constant in each.constants:
            row += 1
            cells = (each.form, constant.sheet, constant.field, "", constant.reason)
            _write_row(sheet, row, cells, CONSTANTS, True, formats)
        if each.kind:
            row += 1
            _write_row(
                sheet, row, (each.form, "", "", "", "还有别的固定值可写在这里"), CONSTANTS, False, formats
            )
            _offer(sheet, row, CONSTANTS, ranges[each.kind.kind], "字段")


def _write_words(sheet: Any, proposed: Sequence[ProposedList], formats: dict[str, Any]) -> None:
    _head(sheet, WORDS, formats)
    lines = [(each.form, word) for each in proposed for word in each.words]
    for row, (form, word) in enumerate(lines, start=1):
        cells = (_ASKED, form, word.field, word.word, word.rows, "", "、".join(word.allowed))
        _write_row(sheet, row, cells, WORDS, True, formats)
        _offer(sheet, row, WORDS, [*word.allowed, UNKNOWN])


def _write_pairs(sheet: Any, pairs: Sequence[Sequence[str]], formats: dict[str, Any]) -> None:
    _head(sheet, PAIRS, formats)
    for row, (ledger, name, firm, reason, effect, left, right) in enumerate(pairs, start=1):
        _write_row(
            sheet, row, (_ASKED, ledger, name, firm, "", reason, effect, left, right), PAIRS, True, formats
        )
        _offer(sheet, row, PAIRS, [SAME, OTHER])


def _head(sheet: Any, form: FormSheet, formats: dict[str, Any]) -> None:
    fit_to_page(sheet)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    for index, (header, width) in enumerate(zip(form.headers, form.widths, strict=True)):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, header, formats["header"])
    sheet.autofilter(0, 0, 0, len(form.headers) - 1)


def _write_row(
    sheet: Any, row: int, cells: Sequence[Any], form: FormSheet, asked: bool, formats: dict[str, Any]
) -> None:
    for index, (header, cell) in enumerate(zip(form.headers, cells, strict=True)):
        answer = header == form.answer
        style = ("wanted" if answer else "asked") if asked else ("answer" if answer else "plain")
        if isinstance(cell, int):
            sheet.write_number(row, index, cell, formats[style])
        else:
            sheet.write_string(row, index, cell, formats[style])
    sheet.set_row(row, height_of([str(cell) for cell in cells], form.widths))


def _offer(
    sheet: Any, row: int, form: FormSheet, choices: Iterable[str] | str, header: str | None = None
) -> None:
    """A drop-down in the cell of the answer; what is not in it is refused."""
    at = form.headers.index(header or form.answer)
    sheet.data_validation(
        row,
        at,
        row,
        at,
        {
            "validate": "list",
            "source": choices if isinstance(choices, str) else list(choices),
            "error_title": "请从列表里选",
            "error_message": "不在可选的词里；不要的选最后一项。",
        },
    )
