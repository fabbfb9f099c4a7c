"""A firm with the post of a person behind it is the firm; persons and posts go nowhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_engine.ledgers import read_tables
from coverage_engine.ledgers.kinds import reading_words
from coverage_engine.ledgers.tables.firm_cell import read_firm_cell
from coverage_engine.ledgers.tables.firm_cells import read_firm_cells

ROSTER = Path(__file__).parents[3] / "shared" / "cases" / "city" / "raw" / "青企协会员名册、青联委员名单.xlsx"
NAME = "郑州澈岚食品有限公司"
POSTS = [
    "总经理", " 董事长", "党支部书记、总经理", "法人代表", "执行董事兼总经理", "常务副总经理", "财务总监",
    "人力资源部经理", "，总工程师", "（董事长）",
    "董事会秘书", "工会主席、副总经理", "车间主任", "CEO", "党委书记、董事长兼总裁",
    "办公室主任", "员工", "总经理助理", "监事", "合伙人",
]  # fmt: skip


@pytest.mark.parametrize("post", POSTS)
def test_a_post_behind_a_firm_is_cut_and_not_shown(post: str) -> None:
    cell = read_firm_cell(NAME + post)
    assert (cell.name, cell.rules) == (NAME, ("post",))
    assert post.strip("，（） ") not in cell.shown


@pytest.mark.parametrize(
    "name",
    [
        "郑州澈岚食品有限公司经理部", "郑州会计咨询有限公司", "郑州总监文化传媒有限公司",
        "郑州澈岚食品有限公司会计事务所", "郑州员工之家商贸有限公司",
        "郑州澈岚食品有限公司技术部", "郑州秘书长文化有限公司",
    ],
)  # fmt: skip
def test_a_name_that_holds_the_word_of_a_post_is_left_as_it_is(name: str) -> None:
    assert read_firm_cell(name).name == name


def test_two_firms_each_with_a_post_are_two_firms() -> None:
    cell = read_firm_cell("郑州澈岚食品有限公司董事长、郑州岚禾机械有限公司党支部书记、总经理")
    assert cell.firms == (NAME, "郑州岚禾机械有限公司")
    assert "董事长" not in cell.shown and "书记" not in cell.shown


def test_a_person_hidden_at_the_door_goes_with_the_post() -> None:
    members = [{"社团名称": "市青企协", "会员单位": f"{NAME}总经理贾棠澈 13800000000"}]
    snapshot, findings = read_tables(
        {"企业台账": [{"企业名称": NAME, "所在地区": "410105"}], "团属社团台账": members},
        as_of=date(2019, 6, 15),
    )
    assert snapshot["society_members"].height == 1
    everything = str([table.to_dicts() for table in (*snapshot.tables.values(), findings.table)])
    assert not any(words in everything for words in ("贾棠澈", "13800000000", "总经理"))


@pytest.mark.skipif(not ROSTER.exists(), reason="!!! not tried: ../shared/cases/city is not here")
def test_every_firm_of_the_citys_roster_is_read_without_its_post() -> None:
    sheet = openpyxl.load_workbook(ROSTER)["青企协"]
    cells = [row[8] for row in sheet.iter_rows(min_row=3, values_only=True) if row[8]]
    names, told = read_firm_cells(pl.Series(cells))
    firms = [name for name in names.to_list() if "学院" not in name]
    assert len(firms) >= 60
    assert all(name.endswith(("公司", "集团")) for name in firms)
    posts = "|".join((*reading_words()["names"]["posts"], *reading_words()["names"]["end_posts"]))
    assert not names.str.contains(f"(?:{posts})$").any()
    shown = told["found"].str.replace("（其后的职务、姓名或电话未显示）", "", literal=True)
    assert not shown.str.contains(f"(?:{posts})$").any()


@given(
    st.lists(
        st.sampled_from(["总经理", "董事长", "党支部书记", "副总裁", "工会主席", "执行董事"]),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["、", "兼", "，", " "]),
)
def test_any_row_of_posts_is_cut(posts: list[str], join: str) -> None:
    assert read_firm_cell(NAME + join.join(posts)).name == NAME
