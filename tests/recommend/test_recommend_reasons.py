"""Reasons and actions as a planner reads them: short, cited, dated, one call for many."""

import narwhals as nw
import polars as pl
import pytest
from plain_firm import PLAIN_FIRM

from coverage_engine.frames.dialect import collected
from coverage_engine.model.tables import PLAN_TABLES
from coverage_engine.recommend import load_paths, recommend
from coverage_engine.recommend.calendar import working_day
from coverage_engine.recommend.evaluation import evaluate, founding_with
from coverage_engine.recommend.reasons import shown_reasons
from coverage_engine.recommend.recommendation import reasons_of


@pytest.fixture(scope="module")
def province(make_province):
    return make_province(21, 300)


@pytest.fixture(scope="module")
def tables(province):
    return recommend(province.snapshot, province.enterprises, province.policy)


def test_the_tables_have_the_described_columns(tables):
    for name, table in tables.items():
        assert table.columns == [column.name for column in PLAN_TABLES[name]]
        assert table.height > 0


def test_at_most_three_reasons_are_shown_each_at_most_sixty_characters(tables):
    shown = tables["recommendations"]["reasons"].str.split(";")
    assert shown.list.len().is_between(1, 3).all()
    assert (shown.explode().str.len_chars().is_between(2, 60)).all()
    assert (tables["reasons"]["text"].str.len_chars() <= 60).all()


def test_long_names_are_shortened_and_separators_in_names_do_not_split_reasons(make_province, province):
    from dataclasses import replace

    long = pl.lit("特别长的示例名称；;" * 9 + "集团有限公司").alias("name")
    tables = {
        name: table.with_columns(long)
        if name in ("parks", "headquarters", "leaders", "associations", "societies", "departments")
        else table
        for name, table in province.snapshot.tables.items()
    }
    enterprises = province.enterprises.with_columns(
        long, pl.when(pl.col("park_id").is_not_null()).then(long).alias("park")
    )
    told = recommend(replace(province.snapshot, tables=tables), enterprises, province.policy)
    shown = told["recommendations"]["reasons"].str.split(";")
    assert shown.list.len().max() <= 3
    assert shown.explode().str.len_chars().max() <= 60
    assert told["recommendations"]["lead_unit"].str.len_chars().max() <= 60


def test_the_reasons_shown_are_the_first_supports_of_the_path_after_its_relation_if_these_are_few(tables):
    recommended = tables["recommendations"].rows_by_key(["enterprise_id", "path"], named=True, unique=True)
    counts = set()
    for pair, steps in tables["reasons"].group_by("enterprise_id", "path"):
        ordered = steps.sort("step")
        supports = ordered.filter((pl.col("step") > 0) & (pl.col("contribution") > 0))["text"].head(3)
        base = [] if supports.len() == 3 else [ordered["text"][0]]
        assert recommended[pair]["reasons"] == ";".join([*base, *supports.head(3 - len(base))])
        counts.add(supports.len())
    assert counts >= {2, 3}


@pytest.mark.parametrize("most", [2, 3])
def test_the_order_of_the_steps_changes_no_reason_shown(tables, most):
    steps = tables["reasons"]
    shuffled = nw.from_native(steps.sample(fraction=1, shuffle=True, seed=4).lazy())
    keys = ["enterprise_id", "path"]
    told = collected(shown_reasons(shuffled, most)).sort(keys)
    in_order = shown_reasons(nw.from_native(steps.lazy()), most, in_order=True)
    assert told.equals(collected(in_order).sort(keys))


def test_english_reasons_keep_to_sixty_characters_too(province, tables):
    known = evaluate(province.snapshot, province.enterprises, 3, nw.col("is_target"), load_paths())
    found = founding_with(known, nw.from_native(tables["joint_groups"].lazy()))
    english = collected(reasons_of(found, "en"))
    assert english["text"].str.len_chars().max() <= 60
    assert english.height == collected(reasons_of(found)).height


def test_steps_are_numbered_from_the_base_strongest_support_first(tables):
    for (_, _), steps in tables["reasons"].group_by("enterprise_id", "path"):
        ordered = steps.sort("step")
        assert ordered["step"].to_list() == list(range(steps.height))
        assert ordered["contribution"][1:].is_sorted(descending=True)
        assert (ordered["contribution"][1:] != 0).all()


def test_a_reason_names_the_cell_that_decided(assess_rows):
    firm = PLAIN_FIRM | {
        "enterprise_id": 7,
        "name": "示例7号",
        "party": "own",
        "park_id": 0,
        "source": 0,
        "row": 1042,
    }
    province = assess_rows(
        {
            "enterprises": [firm],
            "parks": [{"park_id": 0, "name": "示例园区", "work_committee": True, "source": 1, "row": 9}],
            "sources": [
                {"source": 0, "file": "a.xlsx", "sheet": "企业台账", "kind": "enterprises"},
                {"source": 1, "file": "a.xlsx", "sheet": "园区台账", "kind": "parks"},
                {"source": 2, "file": "a.xlsx", "sheet": "党组织台账", "kind": "party_organisations"},
            ],
            "source_columns": [
                {"source": 0, "field": "league_members", "letter": "N"},
                {"source": 0, "field": "park_id", "letter": "AA"},
                {"source": 1, "field": "work_committee", "letter": "G"},
                {"source": 2, "field": "form", "letter": "D"},
            ],
            "fact_sources": [
                {"enterprise_id": 7, "field": "party", "ledger_field": "form", "source": 2, "row": 5}
            ],
        }
    )
    told = recommend(province.snapshot, province.enterprises, province.policy)["reasons"]
    cells = {(row["path"], row["fact"]): (row["ledger"], row["cell"]) for row in told.rows(named=True)}
    assert cells[5, "member_margin"] == ("enterprises", "企业台账!N1042")
    assert cells[5, "in_park"] == ("enterprises", "企业台账!AA1042")
    assert cells[5, "park_work_committee"] == ("parks", "园区台账!G9")
    assert cells[1, "party_own"] == ("party_organisations", "党组织台账!D5")


def test_actions_follow_the_first_path_on_working_days(province, tables):
    firsts = tables["recommendations"].filter(pl.col("rank") == 1)
    paths = dict(firsts.select("enterprise_id", "path").iter_rows())
    actions = tables["actions"]
    assert set(actions["enterprise_id"]) == set(paths)
    assert all(paths[row["enterprise_id"]] == row["path"] for row in actions.rows(named=True))
    assert actions["due"].dt.weekday().max() <= 5
    for _, steps in actions.group_by("enterprise_id"):
        ordered = steps.sort("step")
        assert ordered["step"].to_list() == list(range(1, steps.height + 1))
        assert ordered["due"].is_sorted()


def test_a_step_that_falls_on_saturday_15_june_moves_to_monday():
    from datetime import date

    assert working_day(date(2019, 6, 14), 0) == date(2019, 6, 14)
    assert working_day(date(2019, 6, 14), 1) == date(2019, 6, 17)
    assert working_day(date(2019, 6, 16), 0) == date(2019, 6, 17)


def test_nobody_below_three_members_is_told_to_elect_a_branch_of_its_own(province, tables):
    small = province.enterprises.filter(pl.col("member_margin") < 0)["enterprise_id"]
    told = tables["actions"].filter(pl.col("enterprise_id").is_in(small.to_list()) & (pl.col("path") != 11))
    assert told.height > 0
    assert not told["document"].is_in(["建团申请、批复", "批复、选举结果报告", "选举结果报告"]).any()


def test_a_bundle_names_a_counterpart_that_serves_several_targets(tables):
    bundled = tables["actions"].filter(pl.col("bundle").is_not_null())
    served = bundled.group_by("bundle").agg(pl.col("enterprise_id").n_unique())
    assert served.height > 3
    groups = tables["joint_groups"]["group_name"]
    least = pl.when(pl.col("bundle").is_in(groups.to_list())).then(2).otherwise(load_paths().least_bundle)
    assert served.select((pl.col("enterprise_id") >= least).all()).item()
    days = bundled.group_by("path", "bundle", "action").agg(pl.col("due").n_unique())
    assert (days["due"] == 1).all()


def test_a_firm_of_a_joint_branch_founds_with_its_group_and_in_no_other_way(tables):
    groups = tables["joint_groups"].select("enterprise_id", "group_name", "group_id")
    steps = tables["actions"].join(groups, on="enterprise_id", how="inner")
    firsts = tables["recommendations"].filter(pl.col("rank") == 1)
    grouped = groups.join(firsts, on="enterprise_id", how="semi")
    assert set(steps["enterprise_id"]) == set(grouped["enterprise_id"]) != set()
    joint = steps.filter(pl.col("bundle") == pl.col("group_name"))
    # Called together, replied to, entered: once each, on the same day for all firms of the group.
    assert (joint.group_by("enterprise_id").len()["len"] == 3).all()
    assert joint.group_by("group_id").agg(pl.col("due").n_unique())["due"].unique().to_list() == [3]
    others = steps.filter(pl.col("bundle").is_null() | (pl.col("bundle") != pl.col("group_name")))
    founding = others["document"].str.contains("批复|备案|选举|覆盖台账|发展团员")
    assert not founding.any()


def test_only_the_firms_of_a_group_are_told_to_found_jointly(tables):
    told = tables["actions"].filter(pl.col("action").str.contains("联合团支部") & (pl.col("path") == 11))
    alone = told.join(tables["joint_groups"], on="enterprise_id", how="anti")
    assert told.height > 0 and alone.is_empty()


def test_the_reason_for_a_joint_branch_names_the_firms_of_the_group_proposed(province, tables):
    told = tables["reasons"].filter((pl.col("fact") == "joint_group") & (pl.col("value") == "是"))
    both = told.join(tables["joint_groups"], on="enterprise_id", how="inner")
    assert both.height > 0
    for row in both.rows(named=True):
        assert row["partners"] in row["text"] and f"合计{row['group_members']}人" in row["text"]


def test_a_county_without_targets_gives_empty_tables(province):
    nobody = province.enterprises.with_columns(pl.lit(False).alias("is_target"))
    told = recommend(province.snapshot, nobody, province.policy)
    assert all(table.is_empty() for table in told.values())
