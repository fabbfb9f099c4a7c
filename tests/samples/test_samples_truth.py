"""Ledgers agree with each other and with the truth; the hidden success model depends on the relations."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from coverage_engine.samples.province import Province
from coverage_engine.samples.success import modelled_paths, relation_facts

NEEDED = (
    "统一社会信用代码",
    "所在地区",
    "控股情况",
    "从业人员数",
    "青年数",
    "团员数",
    "党组织",
    "工会",
    "团组织",
    "营业状态",
)


def test_facts_that_state_and_duty_need_are_never_blank(sheets: dict[str, pl.DataFrame]) -> None:
    for header in NEEDED:
        assert sheets["企业台账"][header].null_count() == 0


def test_members_are_young_and_the_young_are_staff(truth: pl.DataFrame) -> None:
    assert (truth["members"] <= truth["young"]).all()
    assert (truth["young"] <= truth["employees"]).all()
    assert (truth["hidden_members"] >= truth["members"]).all()


def _names(frame: pl.DataFrame, column: str) -> set[str]:
    return set(frame[column].to_list())


def test_party_union_and_joint_coverage_agree_with_their_own_ledgers(sheets: dict[str, pl.DataFrame]) -> None:
    firms = sheets["企业台账"]
    party = sheets["党组织台账"].select("企业名称", form="党组织形式")
    joined = firms.join(party, on="企业名称", how="left", maintain_order="left")
    assert (joined["form"].fill_null("无") == firms["党组织"]).all()
    assert _names(firms.filter(pl.col("工会") == "有"), "企业名称") == _names(sheets["工会台账"], "企业名称")
    joint = firms.filter(pl.col("团组织").is_in(["联合", "依托"]))
    assert _names(joint, "企业名称") == _names(sheets["联合团组织覆盖台账"], "覆盖企业")


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        ("总部分支台账", ["分支名称"]),
        ("产业链台账", ["龙头企业", "关联企业"]),
        ("行业协会台账", ["会员企业"]),
        ("团属社团台账", ["会员单位"]),
        ("品牌工作台账", ["企业名称"]),
        ("建团成果台账", ["企业名称"]),
    ],
)
def test_link_ledgers_name_firms_of_the_enterprise_ledger(
    sheets: dict[str, pl.DataFrame], kind: str, columns: list[str]
) -> None:
    known = _names(sheets["企业台账"], "企业名称")
    for column in columns:
        assert _names(sheets[kind], column) <= known


def test_parks_and_departments_named_by_firms_stand_in_their_ledgers(sheets: dict[str, pl.DataFrame]) -> None:
    firms = sheets["企业台账"]
    for column, kind, key in (
        ("所属园区", "园区台账", "园区名称"),
        ("主管部门", "行业主管部门台账", "部门名称"),
    ):
        assert _names(firms, column) - {None} <= _names(sheets[kind], key)


def test_a_fifth_to_a_third_of_own_organisations_are_missing_or_misnamed(large_province: Province) -> None:
    own = large_province.firms.filter(pl.col("league") == "单独")
    listed = large_province.smart_league["full_name"]
    assert 0.2 <= 1 - own["league_name"].is_in(listed.implode()).mean() <= 0.3


def test_the_system_lists_organisations_that_are_no_enterprises(sheets: dict[str, pl.DataFrame]) -> None:
    names = sheets["智慧团建导出"]["团组织全称"]
    assert names.n_unique() == len(names)
    for word in ("中学委员会", "学社衔接临时支部委员会", "街道委员会", "联合支部委员会", "工作委员会"):
        assert names.str.contains(word).any(), word


def test_obligations_follow_the_words_of_the_rules(truth: pl.DataFrame) -> None:
    for row in truth.iter_rows(named=True):
        own, joint = row["coverage_state"] == "own", row["coverage_state"] == "joint"
        wanted = "none"
        if row["in_scope"] and row["members"] >= 3 and not own:
            asked = row["party"] != "none" or row["society_member"]
            wanted = "must_establish" if asked else "should_establish"
        elif row["in_scope"] and row["members"] < 3 and not own and not joint:
            wanted = "cultivate"
        assert row["obligation"] == wanted


def test_success_is_stated_for_targets_only_and_the_best_path_is_the_likeliest(truth: pl.DataFrame) -> None:
    chances = truth.select(
        pl.max_horizontal(f"probability_{path}" for path in modelled_paths()).alias("best")
    )
    target = truth["obligation"] != "none"
    assert (chances["best"].is_not_null() == target).all()
    assert (truth["best_probability"].drop_nulls() == chances["best"].drop_nulls()).all()
    for row in truth.filter(target).head(300).iter_rows(named=True):
        assert row[f"probability_{row['best_path']}"] == row["best_probability"]


def test_paths_are_open_only_where_the_relation_is(
    truth: pl.DataFrame, sheets: dict[str, pl.DataFrame]
) -> None:
    target = truth.filter(pl.col("obligation") != "none")

    def open_names(path: int) -> set[str]:
        return set(target.filter(pl.col(f"probability_{path}").is_not_null())["name"])

    names = set(target["name"])
    for path, kind, column in (
        (1, "党组织台账", "企业名称"),
        (3, "工会台账", "企业名称"),
        (4, "行业协会台账", "会员企业"),
        (6, "团属社团台账", "会员单位"),
        (8, "品牌工作台账", "企业名称"),
        (9, "总部分支台账", "分支名称"),
        (10, "产业链台账", "关联企业"),
    ):
        assert open_names(path) == set(sheets[kind][column]) & names


def test_every_path_is_best_for_some_target(large_province: Province, tmp_path: Path) -> None:
    from coverage_engine.samples.sheets import clean_sheets
    from coverage_engine.samples.streams import Streams
    from coverage_engine.samples.truth import true_facts

    facts = true_facts(large_province, clean_sheets(large_province, Streams(7)))
    assert set(facts["best_path"].drop_nulls()) == set(modelled_paths())


def test_a_firm_stands_as_its_last_success_left_it(sheets: dict[str, pl.DataFrame]) -> None:
    outcomes, firms = sheets["建团成果台账"], sheets["企业台账"]
    joined = outcomes.join(firms, on="企业名称")
    for result, form in (("建成单独", "单独"), ("建成联合", "联合")):
        assert set(joined.filter(pl.col("结果") == result)["团组织"]) <= {form}
    assert set(joined.filter(pl.col("结果") == "成立青年组织")["青年组织"]) <= {"有"}


@pytest.mark.parametrize(
    ("fact", "path"),
    [
        ("association_league", 4),
        ("park_work_committee", 5),
        ("brand_held", 8),
        ("headquarters_organised", 9),
        ("leader_local", 10),
        ("joint_possible", 11),
    ],
)
def test_a_telling_relation_makes_its_path_likelier(large_province: Province, fact: str, path: int) -> None:
    telling = relation_facts(large_province.firms, large_province.relations)[fact] > 0
    chances = large_province.chances[:, path - 1]
    assert np.nanmean(chances[telling]) > 1.4 * np.nanmean(chances[~telling])
