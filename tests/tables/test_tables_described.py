"""Every column of every table says in Chinese and English what it means, and what it is counted in."""

import re

import pytest

from coverage_engine.errors import ContentError, UnknownTableError
from coverage_engine.model.columns import Column, Table, Tables, columns, orders
from coverage_engine.model.measures import measure, measures
from coverage_engine.model.tables import (
    CAMPAIGN_TABLES,
    DICTIONARY,
    DUTY_TABLES,
    PLAN_TABLES,
    SNAPSHOT_TABLES,
)

GROUPS = (SNAPSHOT_TABLES, PLAN_TABLES, DUTY_TABLES, CAMPAIGN_TABLES, Tables((DICTIONARY,)))
TABLES = [table for group in GROUPS for table in group.values()]
COLUMNS = [pytest.param(column, id=f"{table.name}.{column.name}") for table in TABLES for column in table]


@pytest.mark.parametrize("column", COLUMNS)
def test_a_column_has_a_chinese_name_and_meaning_and_an_english_one(column):
    assert column.title and "：" not in column.title
    assert len(re.findall(r"\w", column.meaning())) >= 6, column.zh
    assert len(column.meaning("en").split()) >= 4, column.en


@pytest.mark.parametrize("column", COLUMNS)
def test_a_column_has_a_unit_or_words_that_fit_its_kind(column):
    told = measure(column.measure)
    assert told.zh and told.en and column.unit() and column.unit("en")
    assert (column.kind == "flag") == (column.measure == "flag")
    assert (column.kind == "day") == (column.measure == "date")
    if told.words and column.kind != "flag":
        assert column.kind == "text"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_says_what_a_row_is_and_names_no_column_twice(table):
    for lang in ("zh", "en"):
        assert table.title(lang) and table.meaning(lang)
    assert len(set(table.names)) == len(table)


def test_every_unit_and_vocabulary_is_used_by_a_column():
    assert set(measures()) == {column.measure for table in TABLES for column in table}


def test_what_another_engine_carries_can_be_limited_without_another_table():
    assert [table.name for table in TABLES if table.engines and table.division == "made anew"] == []


def test_a_unit_that_is_not_there_is_refused_with_those_alike():
    with pytest.raises(ContentError, match="permille"):
        measure("permil")


def test_a_table_that_is_not_described_is_refused_with_those_alike():
    with pytest.raises(UnknownTableError, match="enterprises") as refused:
        PLAN_TABLES["enterprise"]
    assert isinstance(refused.value, KeyError)
    assert "coverage_engine/model/tables" in str(refused.value)


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"key": ("nobody",)}, "nobody"),
        ({"sort": orders("nobody")}, "nobody"),
        ({"sort": orders("code upwards")}, "排序"),
        ({"division": "by park"}, "by park"),
    ],
)
def test_a_description_that_contradicts_itself_is_refused(wrong, word):
    column = Column("code", "text", "代码：某样东西的代码", "code of some one thing", "code")
    with pytest.raises(UnknownTableError, match=word):
        Table("things", "东西：每样一行", "Things: one row for each", (column,), **wrong)


def test_an_english_meaning_may_go_over_several_lines():
    made = columns("    code text code 代码：某样东西的代码\n        code of\n        some thing\n")
    assert made == (Column("code", "text", "代码：某样东西的代码", "code of some thing", "code"),)
