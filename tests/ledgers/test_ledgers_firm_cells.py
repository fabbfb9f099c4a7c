"""Cells that name an enterprise: numbers, marks, remarks, posts and second names beside the name."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_engine.ledgers import read_tables
from coverage_engine.ledgers.tables.firm_cells import read_firm_cell, read_firm_cells

NAME = "郑州澈岚屿食品有限公司"
REGISTRY = Path(__file__).parents[3] / "shared" / "data" / "registry" / "henan_registered_firms.csv.gz"
BEFORE = ["1.", "1、", "12．", "（2）", "(3) ", "③", "⑴", "⒈", "❷", "★", "☆ ", "*", "●", "1.★", "【5】", "3)"]
AFTER = ["*", "★", "；", "、", "（新增）", "(规上)", "（盖章）", " ＊", "【重复】", "（外迁）", "。"]


@pytest.mark.parametrize("before", BEFORE)
def test_a_number_or_mark_before_a_name_is_no_part_of_it(before: str) -> None:
    cell = read_firm_cell(before + NAME)
    assert (cell.name, [code for code, _ in cell.findings]) == (NAME, ["name.cleaned"])
    assert cell.shown == (before + NAME).strip()


@pytest.mark.parametrize("after", AFTER)
def test_a_mark_or_remark_after_a_name_is_no_part_of_it(after: str) -> None:
    assert read_firm_cell(NAME + after).name == NAME


@given(st.sampled_from(["", *BEFORE]), st.sampled_from(["", *AFTER]))
def test_a_column_is_read_as_each_cell_is(before: str, after: str) -> None:
    texts = pl.Series([NAME, before + NAME + after, None])
    names, told = read_firm_cells(texts)
    assert names.to_list() == [NAME, NAME, None]
    assert told["at"].to_list() == ([1] if before or after else [])


@pytest.mark.parametrize(
    ("after", "status"),
    [
        ("（已停产）", "suspended"),
        ("(停业)", "suspended"),
        ("（已注销）", "closed"),
        ("-已注销", "closed"),
        ("  吊销", "closed"),
        ("（2023年停产）", "suspended"),
        ("（停产两年）", "suspended"),
        ("（歇业中）", "suspended"),
    ],
)
def test_a_state_of_operation_after_a_name_is_told_and_kept(after: str, status: str) -> None:
    cell = read_firm_cell(NAME + after)
    assert (cell.name, cell.status, [code for code, _ in cell.findings]) == (NAME, status, ["name.status"])


@pytest.mark.parametrize(
    "after",
    ["（原郑州棠里贸易有限公司）", "(曾用名：郑州棠里贸易有限公司)", "（更名前为郑州棠里（集团）有限公司）"],
)
def test_a_former_name_is_told_and_not_taken_for_a_second_firm(after: str) -> None:
    cell = read_firm_cell(NAME + after)
    assert (cell.name, [code for code, _ in cell.findings]) == (NAME, ["name.former"])


@pytest.mark.parametrize(
    "after",
    [
        "（法人：张某某）",
        " 总经理张某某",
        "，联系人：李某",
        " 13800000000",
        "（联系电话0371-60000000）",
        "董事长",
    ],
)
def test_a_person_beside_a_name_is_dropped_and_never_shown(after: str) -> None:
    cell = read_firm_cell(NAME + after)
    assert cell.name == NAME
    told = cell.shown + "".join(detail for _, detail in cell.findings)
    assert not any(planted in told for planted in ("张某某", "李某", "13800000000", "60000000"))
    assert cell.findings


@pytest.mark.parametrize(
    "text",
    [
        "郑州澜岳科技有限公司、郑州澜岳商贸有限公司",
        "郑州岚禾电子有限公司\n郑州岚禾软件有限公司",
        "郑州岚禾电子有限公司 郑州岚禾软件有限公司",
        "郑州岚禾电子有限公司和郑州岚禾软件有限公司",
        "郑州岚禾电子有限公司/郑州岚禾机械厂；新密市岚禾农业合作社",
        "郑州岚禾电子有限公司郑州岚禾软件有限公司",
        "1.郑州岚禾电子有限公司；2.郑州岚禾软件有限公司",
    ],
)
def test_two_firms_in_a_cell_are_no_firm(text: str) -> None:
    assert [code for code, _ in read_firm_cell(text).findings] == ["name.several_firms"]
    names, told = read_firm_cells(pl.Series([text]))
    assert names.to_list() == [text]
    assert told["code"].to_list() == ["name.several_firms"]


@pytest.mark.parametrize(
    "name",
    [
        "360安全科技有限公司", "1.618餐饮管理有限公司", "七十二候茶业有限公司", "郑州澈岚机械厂（普通合伙）",
        "郑州澈岚（集团）有限公司", "郑州澈岚农机综合公司经理部", "郑州澈岚有限公司 金水分公司", "*ST澈岚",
        "中国澈岚集团有限公司郑州市分公司", "(河南)澈岚实业有限公司", "郑州澈岚破产清算事务所有限公司",
        "3M中国有限公司",
    ],
)  # fmt: skip
def test_a_name_that_only_looks_marked_is_left_as_it_is(name: str) -> None:
    assert read_firm_cell(name).name == name
    names, told = read_firm_cells(pl.Series([name]))
    assert (names.to_list(), told.height) == ([name], 0)


def test_no_real_registered_name_is_touched() -> None:
    if not REGISTRY.exists():
        pytest.skip(f"the registry of real names is not there: {REGISTRY}")
    with gzip.open(REGISTRY, "rt", encoding="utf-8") as stream:
        real = [row["企业名称"] for row in csv.DictReader(stream)]
    names, told = read_firm_cells(pl.Series(real))
    assert told.filter(pl.col("code") != "name.cleaned").is_empty()
    changed = [(before, after) for before, after in zip(real, names, strict=True) if before != after]
    assert changed == []


def test_a_state_beside_the_name_fills_only_what_is_not_known(of_code: Callable) -> None:
    rows = [
        {"企业名称": "甲食品有限公司（已停产）", "所在地区": "410105", "营业状态": None},
        {"企业名称": "乙机械有限公司（已停产）", "所在地区": "410105", "营业状态": "在营"},
        {"企业名称": "丙商贸有限公司", "所在地区": "410105", "营业状态": None},
    ]
    snapshot, findings = read_tables({"企业台账": rows})
    states = dict(snapshot["enterprises"].select("name", "operating").rows())
    assert states == {"甲食品有限公司": "suspended", "乙机械有限公司": "operating", "丙商贸有限公司": None}
    assert of_code(findings, "name.status")["cell"].to_list() == ["A2", "A3"]


def test_marks_do_not_keep_a_firm_from_its_row_in_another_ledger() -> None:
    tables = {
        "企业台账": [{"企业名称": "★1.郑州岚溪装饰有限公司", "所在地区": "410105"}],
        "工会台账": [{"企业名称": "③郑州岚溪装饰有限公司（盖章）", "工会名称": "岚溪装饰工会"}],
    }
    snapshot, _ = read_tables(tables)
    assert snapshot["trade_unions"].height == 1
