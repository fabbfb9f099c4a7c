"""Nothing is skipped quietly: every row of every sheet is accepted, quarantined or recognised."""

from __future__ import annotations

from datetime import date
from itertools import zip_longest

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers.files.raw_sheets import RawSheet
from coverage_engine.ledgers.files.text_files import grid_of
from coverage_engine.ledgers.reading import Request, check, lay_out_all

_FIRM = st.tuples(
    st.sampled_from(["1", "2", ""]),
    st.sampled_from(["甲有限公司", "乙（郑州）有限公司", "丙厂", "", "不详"]),
    st.sampled_from(["410105", "郑州市金水区", "虚拟县", "410308", "", "河南省", "武汉市"]),
    st.sampled_from(["3", "约5", "1,200", "-1", "许多", "", "/"]),
    st.sampled_from(["有", "无", "单独", "联合", "说不清", ""]),
)
_OTHER = st.sampled_from(
    [
        ("", "", "", "", ""),
        ("合计", "", "", "12", ""),
        ("", "小计", "", "3", ""),
        ("审核人：", "", "填表人：", "", ""),
        ("注：数据截至五月", "", "", "", ""),
        ("序号", "企业名称", "所在地区", "团员数", "党组织"),
        ("5", "", "", "", ""),
        ("一、市区", "", "", "", ""),
    ]
)
_TITLES = st.lists(st.sampled_from([("企业台账",), ("填报单位：某某",), ("",)]), max_size=3)
_HEADER = ("序号", "企业名称", "所在地区", "团员数", "党组织")


@settings(max_examples=40, deadline=None)
@given(_TITLES, st.lists(st.one_of(_FIRM, _OTHER), max_size=12), st.lists(_FIRM, max_size=3))
def test_rows_read_are_accepted_quarantined_or_recognised(
    titles: list[tuple[str, ...]], body: list[tuple[str, ...]], second: list[tuple[str, ...]]
) -> None:
    sheets = [
        RawSheet("a.xlsx", "0", "企业台账", grid_of([*titles, _HEADER, *body])),
        RawSheet("b.xlsx", "0", "企业台账", grid_of([_HEADER, *second])),
        RawSheet("b.xlsx", "0", "随便写的", grid_of([["甲", "乙"], *([] if not body else [["1"], []])])),
    ]
    good = [("1", "保底有限公司", "410105", "3", "无")]
    sheets.append(RawSheet("c.xlsx", "0", "企业台账", grid_of([_HEADER, *good])))
    snapshot, findings = check(lay_out_all(sheets), [], Request(date(2019, 6, 15)))
    sources = snapshot["sources"]
    account = sources.select(pl.sum_horizontal("accepted", "quarantined", "recognised")).to_series()
    assert sources["rows_read"].to_list() == account.to_list()
    heights = sorted((sheet.file, sheet.sheet, sheet.grid.height) for sheet in sheets)
    assert sorted(sources.select("file", "sheet", "rows_read").rows()) == heights
    assert snapshot["quarantine"].height == sources["quarantined"].sum()
    assert snapshot["enterprises"].height <= sources["accepted"].sum()
    errors = findings.table.filter((pl.col("severity") == "error") & pl.col("row").is_not_null())
    quarantined = snapshot["quarantine"].join(sources, on="source").filter(pl.col("kind").is_not_null())
    assert set(errors.select("file", "row").rows()) == set(quarantined.select("file", "row").rows())


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_rows_changes_no_enterprise_id(order: list[int]) -> None:
    firms = [
        ("1", f"{name}有限公司", place, "3", "")
        for name, place in zip_longest("甲乙丙丁戊己", ["410105"] * 6)
    ]
    plain = RawSheet("a.xlsx", "0", "企业台账", grid_of([_HEADER, *firms]))
    mixed = RawSheet("a.xlsx", "0", "企业台账", grid_of([_HEADER, *(firms[i] for i in order)]))
    tables = [
        check(lay_out_all([sheet]), [], Request(date(2019, 6, 15)))[0]["enterprises"].drop("row")
        for sheet in (plain, mixed)
    ]
    assert tables[0].equals(tables[1])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(max_size=6), max_size=5), max_size=8))
def test_any_sheet_at_all_ends_in_a_snapshot_or_in_words(rows: list[list[str]]) -> None:
    sheet = RawSheet("a.xlsx", "0", "企业台账", grid_of([_HEADER, *rows]))
    try:
        snapshot, _ = check(lay_out_all([sheet]), [], Request(date(2019, 6, 15)))
    except LedgerError as error:
        assert error.problem and error.remedy
    else:
        assert snapshot["enterprises"].height
