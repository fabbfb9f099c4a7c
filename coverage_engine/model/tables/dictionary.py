"""The table that describes the others: 字典.csv, which lies beside them."""

from __future__ import annotations

from coverage_engine.model.columns import Table, columns, orders

DICTIONARY = Table(
    "字典",
    "字典：本文件夹各表的每一列一行，说明它的含义、单位和可用的词",
    "Dictionary: one row for each column of the tables here, with meaning, unit and words",
    columns(
        """
    table text key 表：表的名称，也是它的文件名
        name of the table, and of its file
    table_title text name 表名：表叫什么，用所选的语言
        what the table is called, in the chosen language
    column text key 列：列名，就是表头里写的那个
        name of the column as in the header
    中文名 text name 中文名：这一列中文叫什么
        what the column is called in Chinese
    meaning text sentence 含义：这一列的值是什么意思
        what the values of the column mean
    type text text 类型：整数、小数、是否、文字还是日期
        whether numbers, words, flags or dates stand there
    unit text text 单位：值用什么单位计，或属于哪类用词
        what the values are counted in, or which kind of words
    words text texts 可用的词：只能用哪些词，各是什么意思，不限的为空
        words that may stand there with their sense, empty where any may
    """
    ),
    key=("table", "column"),
    sort=orders("table given"),
)
