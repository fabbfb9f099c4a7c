"""任务清单: one workbook a county, bundles first, then who does what by when for each target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from coverage_engine.model.plan import Division, Plan
from coverage_engine.reporting import write_actions


@pytest.fixture(scope="module")
def folder(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("actions")
    write_actions(plan, found)
    return found


def _rows(sheet: Any) -> list[dict[str, Any]]:
    headers = [cell.value for cell in sheet[4]]
    found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)]
    return [dict(zip(headers, row, strict=True)) for row in found if isinstance(row[0], int)]


def _tasks(file: Path) -> list[dict[str, Any]]:
    return _rows(openpyxl.load_workbook(file)["任务清单"])


def _steps(row: dict[str, Any]) -> list[str]:
    return str(row["步骤（何时、做什么、谁来做）"]).split("\n")


def test_there_is_one_list_for_each_county_with_targets(folder: Path) -> None:
    assert sorted(file.name for file in folder.iterdir()) == [
        "洛阳市涧西区.xlsx",
        "郑州市中牟县.xlsx",
        "郑州市金水区.xlsx",
        "郑州市（未分县）.xlsx",
    ]


def test_every_target_stands_in_exactly_one_list_in_one_row_with_all_its_steps(
    plan: Plan, folder: Path
) -> None:
    rows = [row for file in sorted(folder.iterdir()) for row in _tasks(file)]
    targets = plan["enterprises"].filter("is_target")
    assert sorted(row["次序"] for row in rows) == list(range(1, targets.height + 1))
    for row in rows:
        told = [line for line in _steps(row) if not line.startswith("先问清")]
        assert [line[:2] for line in told] == ["1.", "2.", "3.", "4."]
        assert told[0] == "1. 6月5日前 联系总部团委，通报分支名单（乌有县（区）团委）"


def test_the_first_target_comes_first(folder: Path) -> None:
    for file in sorted(folder.iterdir()):
        ranks = [row["次序"] for row in _tasks(file)]
        assert ranks == sorted(ranks)


def test_what_does_not_fit_the_first_sheet_stands_on_the_last(
    make_plan: Callable[..., Plan], tmp_path: Path
) -> None:
    many = make_plan(900)
    write_actions(many, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "郑州市金水区.xlsx")
    first, rest = _rows(book["任务清单"]), _rows(book["其余目标"])
    county = many["enterprises"].filter(pl.col("is_target") & (pl.col("county_code") == "410105"))
    assert len(first) == 80
    assert len(first) + len(rest) == county.height
    assert {row["次序"] for row in [*first, *rest]} == set(county["priority_rank"].to_list())


def test_steps_after_the_deadline_are_told(plan: Plan, tmp_path: Path) -> None:
    actions = plan["actions"].with_columns(
        due=pl.when(pl.col("step") == 4).then(pl.lit(date(2019, 6, 20))).otherwise(pl.lit(date(2019, 6, 7)))
    )
    late = replace(plan, tables={**plan.tables, "actions": actions})
    write_actions(late, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "郑州市金水区.xlsx")
    rows = _rows(book["任务清单"])
    assert {row["提示"] for row in rows} == {"晚于6月15日"}
    assert f"；{len(rows)} 项排到通知时限 2019年6月15日 之后" in book["任务清单"]["A3"].value
    told = {row["完成时限"].date(): row["提示"] for row in _rows(book["按责任单位"])}
    assert told == {date(2019, 6, 7): "逢节假日，请提前", date(2019, 6, 20): "晚于6月15日"}
    write_actions(replace(late, as_of=date(2020, 3, 1)), tmp_path)
    book = openpyxl.load_workbook(tmp_path / "郑州市金水区.xlsx")
    assert "晚于6月15日" not in {row["提示"] for row in _rows(book["任务清单"])}


def test_each_responsible_unit_sees_its_own_tasks(plan: Plan, tmp_path: Path) -> None:
    shared = pl.when(pl.col("step") == 1).then(pl.lit("金水区团委、乌有园区管委会")).otherwise("responsible")
    actions = plan["actions"].with_columns(responsible=shared)
    write_actions(replace(plan, tables={**plan.tables, "actions": actions}), tmp_path)
    rows = _rows(openpyxl.load_workbook(tmp_path / "郑州市金水区.xlsx")["按责任单位"])
    assert {row["责任单位"] for row in rows} == {"金水区团委", "乌有园区管委会", "乌有县（区）团委"}
    county = plan["enterprises"].filter(pl.col("is_target") & (pl.col("county_code") == "410105")).height
    by_unit = {unit: sum(row["家数"] for row in rows if row["责任单位"] == unit) for unit in ("金水区团委",)}
    assert by_unit == {"金水区团委": county}


def test_a_target_with_missing_facts_says_which(folder: Path) -> None:
    words = {row["应建要求"] for row in _tasks(folder / "郑州市金水区.xlsx")}
    assert "待核实（缺：党组织、团员数）" in words


def test_a_call_tells_whom_it_covers_and_what_is_expected(plan: Plan, folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "郑州市金水区.xlsx")
    assert book.sheetnames == ["一次联系多家受益", "联合团支部建议", "任务清单", "按责任单位"]
    told = {(row["路径"], row["联系对象"]): row for row in _rows(book["一次联系多家受益"])}
    counted: dict[tuple[str, str], set[int]] = {}
    codes = dict(plan["enterprises"].select("enterprise_id", "county_code").iter_rows())
    for row in plan["bundle_targets"].iter_rows(named=True):
        if codes[row["enterprise_id"]] == "410105":
            counted.setdefault((f"路径{row['path']}", row["counterpart"]), set()).add(row["enterprise_id"])
    assert set(told) == set(counted) != set()
    for key, row in told.items():
        assert (row["其中首选"], row["涉及目标"]) == (len(counted[key]), len(counted[key]) + 1)
        assert row["预计建成"] == pytest.approx(0.7 * len(counted[key]), abs=0.05)
        assert len(row["首选企业"].split("、")) == min(3, len(counted[key]))
        assert row["先做什么"] == "联系总部团委，通报分支名单"


def test_each_target_names_the_call_and_the_joint_branch_that_it_belongs_to(plan: Plan, folder: Path) -> None:
    rows = [row for file in sorted(folder.iterdir()) for row in _tasks(file)]
    firms = dict(plan["enterprises"].select("priority_rank", "enterprise_id").drop_nulls().iter_rows())
    calls = dict(plan["bundle_targets"].select("enterprise_id", "counterpart").iter_rows())
    groups = dict(plan["joint_groups"].select("enterprise_id", "group_name").iter_rows())
    for row in rows:
        firm, told = firms[row["次序"]], (row["一次联系／联合组"] or "")
        assert (f"一次联系：{calls.get(firm)}" in told) == (firm in calls)
        assert (f"联合第1组：{groups.get(firm)}" in told) == (firm in groups)


def test_a_joint_branch_is_listed_with_its_firms_members_distance_and_lead(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "郑州市金水区.xlsx")
    (group,) = _rows(book["联合团支部建议"])
    assert group["企业（团员数、远近）"] == "乌有20号（团员2人，牵头）\n乌有40号（团员1人，距牵头企业35米）"
    assert (group["企业数"], group["团员合计"], group["牵头企业"]) == (2, 3, "乌有20号")
    assert "联合团支部建议" not in openpyxl.load_workbook(folder / "洛阳市涧西区.xlsx").sheetnames


def test_where_paths_cannot_be_told_apart_the_list_says_what_to_ask_first(plan: Plan, folder: Path) -> None:
    wide = set(plan["choices"].filter("wide")["enterprise_id"])
    firms = dict(plan["enterprises"].select("priority_rank", "enterprise_id").drop_nulls().iter_rows())
    rows = [row for file in sorted(folder.iterdir()) for row in _tasks(file)]
    for row in rows:
        asked = _steps(row)[0] == "先问清：总部团组织（路径1、3、9、11一时分不出高下）"
        assert asked == (firms[row["次序"]] in wide)
    assert wide


def test_pages_are_a4_landscape_with_the_header_repeated(folder: Path) -> None:
    for sheet in openpyxl.load_workbook(folder / "郑州市金水区.xlsx"):
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert (int(sheet.page_setup.fitToWidth or 1), int(sheet.page_setup.fitToHeight)) == (1, 0)
        assert sheet.print_title_rows == "$4:$5"


def test_a_target_without_a_path_is_told_so_and_not_dropped(plan: Plan, tmp_path: Path) -> None:
    nothing = {name: plan[name].clear() for name in ("recommendations", "actions")}
    write_actions(Plan(plan.as_of, plan.division, "", plan.snapshot, {**plan.tables, **nothing}), tmp_path)
    rows = [row for file in sorted(tmp_path.iterdir()) for row in _tasks(file)]
    assert len(rows) == plan["enterprises"].filter("is_target").height
    assert all(row["首选路径"].startswith("暂无可行路径") for row in rows)


def test_hostile_names_stay_text(hostile_plan: Plan, tmp_path: Path) -> None:
    write_actions(hostile_plan, tmp_path)
    names = set()
    for file in sorted(tmp_path.iterdir()):
        for row in openpyxl.load_workbook(file)["任务清单"].iter_rows(min_row=6, max_col=2):
            assert row[1].data_type in ("s", "n")
            names.add(row[1].value)
    assert '=HYPERLINK("http://evil.example","点我")' in names
    assert "长" * 10_000 in names


def test_a_county_plan_gives_one_list(make_plan: Callable[..., Plan], tmp_path: Path) -> None:
    write_actions(make_plan(division=Division("410105", "金水区", "county")), tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["郑州市金水区.xlsx"]


def test_writing_twice_gives_the_same_bytes(plan: Plan, folder: Path, tmp_path: Path) -> None:
    write_actions(plan, tmp_path)
    for file in folder.iterdir():
        assert file.read_bytes() == (tmp_path / file.name).read_bytes()
