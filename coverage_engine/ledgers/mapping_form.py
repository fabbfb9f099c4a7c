"""The form of the mapping workbook: its sheets, their columns, and the words of its choices.

Written by `handing_out.mapping_workbook`, read again by `tables.mapping_sheets`.
"""

from __future__ import annotations

from dataclasses import dataclass

NOT_READ = "不读"
"""Chosen for a header of which nothing is to be read."""
NO_LEDGER = "不是台账"
"""Chosen for lists that are to be left out."""
UNKNOWN = "不知道"
"""Chosen for a word that says nothing."""


@dataclass(frozen=True)
class FormSheet:
    """对照簿的一张表: its name, headers and widths in characters.

    `answer` is the header to be filled in, `key` the one that is never blank.
    """

    name: str
    headers: tuple[str, ...]
    widths: tuple[int, ...]
    answer: str
    key: str = "表样号"


LISTS = FormSheet(
    "各表",
    (
        "要您定",
        "表样号",
        "采用的种类",
        "建议",
        "把握",
        "理由",
        "文件",
        "工作表",
        "表数",
        "行数",
        "略去的行",
        "名录完整",
    ),
    (8, 11, 20, 18, 8, 44, 36, 36, 7, 9, 24, 10),
    "采用的种类",
)
COLUMNS = FormSheet(
    "各列",
    (
        "要您定", "表样号", "哪些表", "列", "表头", "采用", "建议", "把握", "理由", "例1", "例2", "例3",
    ),
    (8, 11, 30, 6, 28, 18, 18, 8, 40, 22, 22, 22),
    "采用",
)  # fmt: skip
CONSTANTS = FormSheet(
    "固定值",
    ("表样号", "工作表", "字段", "值", "说明"),
    (11, 30, 20, 30, 60),
    "值",
)
WORDS = FormSheet(
    "词语",
    ("要您定", "表样号", "字段", "写法", "行数", "采用", "可选"),
    (8, 11, 20, 30, 9, 20, 60),
    "采用",
)
PAIRS = FormSheet(
    "同一家",
    ("要您定", "台账", "写法", "企业台账里的企业", "采用", "理由", "关系到", "写法号", "企业号"),
    (8, 18, 34, 34, 10, 40, 40, 30, 22),
    "采用",
    "写法号",
)
COMPLETE = "是"
"""Filled in where a list is whole, so that who is not in it is none."""

SAME, OTHER = "是", "不是"
"""The answers about a pair of names."""

FORM_SHEETS = (LISTS, COLUMNS, CONSTANTS, WORDS, PAIRS)
