"""Workbooks written together are byte for byte those written one by one."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_engine.reporting.book import Book, Shelf
from coverage_engine.reporting.form import Form, draw_form
from coverage_engine.reporting.layout import Column

DAY = date(2019, 6, 15)
WORDS = st.sampled_from(
    ["", "甲", "乙", "虚构有限公司", "=1+1", " 前有空格", "一行\n两行", "<b>&", "_x0041_"]
)
ROWS = st.lists(st.tuples(st.none() | WORDS, st.integers(0, 9), st.none() | WORDS), max_size=5)
COLUMNS = (
    Column("name", "名称", 20, align="left"),
    Column("count", "个数", 8),
    Column("remark", "备注", 12, choices=("是", "否")),
)
BOOKS = st.lists(st.lists(ROWS, min_size=1, max_size=3), min_size=1, max_size=4)


def _write(folder, number, sheets, shelf):
    file = folder / f"{number}.xlsx"
    with Book(file, f"第{number}册", DAY, shelf) as book:
        for at, rows in enumerate(sheets):
            schema = {"name": pl.String, "count": pl.Int64, "remark": pl.String}
            frame = pl.DataFrame(rows, schema=schema, orient="row")
            # Every other sheet has a column less, so that sheets of two kinds stand side by side.
            columns = COLUMNS if at % 2 == 0 else COLUMNS[:2]
            draw_form(book, Form(f"表{at}", f"第{number}册第{at}表", columns, frame))


@settings(max_examples=25)
@given(BOOKS)
def test_together_they_are_the_same_bytes_as_alone(books):
    with TemporaryDirectory() as scratch:
        alone, together = Path(scratch, "alone"), Path(scratch, "together")
        for number, sheets in enumerate(books):
            _write(alone, number, sheets, None)
        with Shelf() as shelf:
            for number, sheets in enumerate(books):
                _write(together, number, sheets, shelf)
        for number in range(len(books)):
            name = f"{number}.xlsx"
            assert (together / name).read_bytes() == (alone / name).read_bytes()
