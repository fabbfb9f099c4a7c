"""What cells say: numbers, words, dates, shares, and what is not known."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from coverage_engine.ledgers.kinds import LedgerColumn, ledger_kind
from coverage_engine.ledgers.tables.values import cast_column


def _one(text: str | None, column: LedgerColumn) -> tuple[object, str | None]:
    cast = cast_column(pl.Series([text], dtype=pl.String), column)
    return cast.values[0], cast.problems[0]


def _enterprise(key: str) -> LedgerColumn:
    return ledger_kind("enterprises").column(key)


@pytest.mark.parametrize(
    ("text", "value", "problem"),
    [
        ("3", 3, None),
        ("3.0", 3, None),
        (" 12 ", 12, None),
        ("1,200", 1200, None),
        ("1，200", 1200, None),
        ("１２００", 1200, None),
        ("200人", 200, None),
        ("200 人", 200, None),
        ("约200", 200, "count.approximate"),
        ("200人左右", 200, "count.approximate"),
        ("1.2万", 12000, None),
        ("无", 0, None),
        ("0", 0, None),
        ("3.5", None, "count.not_whole"),
        ("三个", None, "count.not_a_number"),
        ("3-5", None, "count.not_a_number"),
        ("200余人", 200, "count.approximate"),
        ("-3", None, "count.negative"),
        ("1e3", 1000, None),
    ],
)
def test_counts_are_read_as_people_write_them(text: str, value: int | None, problem: str | None) -> None:
    assert _one(text, _enterprise("league_members")) == (value, problem)


@pytest.mark.parametrize(
    "key", ["league_members", "above_scale", "party", "name", "credit_code", "longitude"]
)
@pytest.mark.parametrize("text", [None, "/", "-", "——", "不详", "未知", "待核实", "N/A", "  "])
def test_unknown_is_unknown_in_every_column_and_no_fault(key: str, text: str | None) -> None:
    assert _one(text, _enterprise(key)) == (None, None)


@pytest.mark.parametrize("text", ["是", "有", "已建", "1", "Y", "y", "√", "TRUE", "true", "1.0", "规上"])
def test_yes_has_many_words(text: str) -> None:
    assert _one(text, _enterprise("above_scale")) == (True, None)


@pytest.mark.parametrize("text", ["否", "无", "未建", "0", "N", "×", "FALSE", "规下"])
def test_no_has_many_words(text: str) -> None:
    assert _one(text, _enterprise("above_scale")) == (False, None)


def test_a_word_that_is_neither_leaves_the_value_unknown() -> None:
    assert _one("看情况", _enterprise("above_scale")) == (None, "flag.unknown_word")


@pytest.mark.parametrize(
    ("key", "text", "value", "problem"),
    [
        ("party", "单独", "own", None),
        ("party", "联合", "joint", None),
        ("party", "无", "none", None),
        ("party", "有", "own", "choice.interpreted"),
        ("league_form", "依托", "dependent", None),
        ("league_kind", "团工委", "work_committee", None),
        ("league_kind", "无", None, None),
        ("control", "私人控股", "private", None),
        ("control", "210", "private", None),
        ("operating", "存续", "operating", None),
        ("operating", "搬走了", None, "choice.unknown_word"),
    ],
)
def test_choices_follow_the_vocabulary(key: str, text: str, value: str | None, problem: str | None) -> None:
    assert _one(text, _enterprise(key)) == (value, problem)


@pytest.mark.parametrize(
    ("text", "value", "problem"),
    [
        ("2019-05-17", date(2019, 5, 17), None),
        ("2019/5/17", date(2019, 5, 17), None),
        ("2019.5.17", date(2019, 5, 17), None),
        ("2019年5月17日", date(2019, 5, 17), None),
        ("20190517", date(2019, 5, 17), None),
        ("43602", date(2019, 5, 17), None),
        ("2019-05-17 09:30:00", date(2019, 5, 17), None),
        ("2019年5月", date(2019, 5, 1), "date.month_only"),
        ("2019-02-30", None, "date.not_a_date"),
        ("去年", None, "date.not_a_date"),
    ],
)
def test_dates_are_read_from_text_and_serial_numbers(
    text: str, value: date | None, problem: str | None
) -> None:
    assert _one(text, ledger_kind("outcomes").column("started")) == (value, problem)


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["30%", "5%"], [300, 50]),
        (["30", "0.5"], [300, 5]),
        (["0.3", "1"], [300, 1000]),
        (["100", "0"], [1000, 0]),
    ],
)
def test_shares_are_thousandths_whether_written_as_percent_or_fraction(
    texts: list[str], values: list[int]
) -> None:
    cast = cast_column(pl.Series(texts), ledger_kind("associated_enterprises").column("dependence"))
    assert cast.values.to_list() == values


def test_a_share_above_the_whole_is_no_share() -> None:
    column = ledger_kind("associated_enterprises").column("dependence")
    assert _one("130%", column) == (None, "percent.not_a_share")


def test_numbers_out_of_their_range_are_unknown() -> None:
    assert _one("0", ledger_kind("outcomes").column("path")) == (None, "count.out_of_range")
    assert _one("无", _enterprise("top_hundred_rank")) == (None, None)


def test_a_name_keeps_its_spelling_and_loses_outer_spaces() -> None:
    assert _one("　河南甲（郑州）有限公司 ", _enterprise("name")) == ("河南甲（郑州）有限公司", None)


@pytest.mark.parametrize(
    "text",
    [
        "9" * 20,
        "-" + "9" * 40,
        "1e308",
        "-1e308",
        "1e999",
        "9" * 5_000,
        "NaN",
        "inf",
        "𐩀",
        "99999999999999999万",
    ],
)
def test_numbers_that_nothing_could_count_are_unknown_and_told(text: str) -> None:
    value, problem = _one(text, _enterprise("employees"))
    assert value is None
    assert problem
