"""A workbook cast from a mould has the very bytes of one that the workbook library drew."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_engine.reporting import moulds
from coverage_engine.reporting.book import Shelf
from coverage_engine.reporting.form import Form
from coverage_engine.reporting.layout import Column
from coverage_engine.reporting.moulds import Moulds

DAY = date(2019, 5, 20)
COLUMNS = (Column("firm", "企业", 20), Column("count", "团员", 8, group="人数"), Column("day", "时限", 12))
PLAIN = ["郑州市金水区任务清单", "洛阳市老城区任务清单", "郑州市", "先办 5 件", "底数截止 2019年5月20日"]
HOSTILE = ["", "企业", "签字：", "甲&乙", "<b>", " 空格在前", "_x0041_", "=1+1", "两\n行"]

words = st.sampled_from([*PLAIN, *HOSTILE])
heights = st.sampled_from([0, 1, 2, 8, 9, 10, 11, 40])


@st.composite
def forms(draw, sheet, signed):
    height = draw(heights)
    rows = {
        "firm": [f"虚构{at}号" for at in range(height)],
        "count": list(range(height)),
        "day": [DAY] * height,
    }
    frame = pl.DataFrame(rows, {"firm": pl.String, "count": pl.Int64, "day": pl.Date})
    closing = ("签字：", "日期：") if signed else ()
    told = (draw(words) for _ in range(3))
    title, left, right = told
    return Form(sheet, title or "无题", COLUMNS, frame, left_line=left, right_line=right, closing=closing)


books = st.lists(st.tuples(words, forms("清单", True), forms("其他", False)), min_size=2, max_size=6)


def written(folder, listed, together):
    """The bytes of each workbook: of one run with shared moulds, or each drawn by the library."""
    with Shelf() as shelf:
        shared = Moulds(shelf)
        for number, (title, *sheets) in enumerate(listed):
            (shared if together else Moulds(shelf)).write(folder / f"{number}.xlsx", title, DAY, sheets)
    return [(folder / f"{number}.xlsx").read_bytes() for number in range(len(listed))]


@settings(max_examples=40)
@given(listed=books)
def test_a_cast_workbook_is_the_drawn_one_whatever_its_words_and_rows(listed):
    with TemporaryDirectory() as place:
        cast = written(Path(place, "cast"), listed, together=True)
        assert cast == written(Path(place, "drawn"), listed, together=False)


def test_workbooks_of_one_shape_are_drawn_once(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(moulds, "_drawn", lambda *given, real=moulds._drawn: drawn.append(1) or real(*given))
    form = Form(
        "清单", "甲", COLUMNS, pl.DataFrame({"firm": ["a"], "count": [1], "day": [DAY]}), "", "乙", "丙"
    )
    listed = [(f"第{number}册", form) for number in range(5)]
    written(tmp_path, listed, together=True)
    assert len(drawn) == 1
