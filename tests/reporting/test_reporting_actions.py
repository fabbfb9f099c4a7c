"""任务清单: one workbook a county, bundles first, then who does what by when for each target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
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


def test_there_is_one_list_for_each_county_with_targets(folder: Path) -> None:
    assert sorted(file.name for file in folder.iterdir()) == [
        "洛阳市涧西区.xlsx",
        "郑州市中牟县.xlsx",
        "郑州市金水区.xlsx",
        "郑州市（未分县）.xlsx",
    ]


def test_every_target_stands_in_exactly_one_list_with_every_step_of_its_best_path(
    plan: Plan, folder: Path
) -> None:
    listed: dict[int, list[int]] = {}
    for file in sorted(folder.iterdir()):
        for row in _tasks(file):
            listed.setdefault(row["次序"], []).append(row["步骤"])
    targets = plan["enterprises"].filter("is_target")
    assert sorted(listed) == list(range(1, targets.height + 1))
    assert all(steps == [1, 2, 3, 4] for steps in listed.values())


def test_the_first_target_comes_first_and_its_facts_stand_once(plan: Plan, folder: Path) -> None:
    for file in sorted(folder.iterdir()):
        rows = _tasks(file)
        ranks = [row["次序"] for row in rows]
        assert ranks == sorted(ranks)
        for row in rows:
            told = [row[name] for name in ("覆盖状态", "应建要求", "首选路径", "理由", "牵头单位")]
            assert all(told) if row["步骤"] == 1 else not any(told)


def test_a_target_with_missing_facts_says_which(folder: Path) -> None:
    words = {row["应建要求"] for row in _tasks(folder / "郑州市金水区.xlsx")}
    assert "待核实（缺：党组织、团员数）" in words


def test_bundles_tell_how_many_targets_one_call_serves(plan: Plan, folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "郑州市金水区.xlsx")
    assert book.sheetnames == ["一次联系多家受益", "任务清单"]
    bundles = _rows(book["一次联系多家受益"])
    counted: dict[str, set[int]] = {}
    codes = dict(plan["enterprises"].select("enterprise_id", "county_code").iter_rows())
    for row in plan["actions"].iter_rows(named=True):
        if row["bundle"] and codes[row["enterprise_id"]] == "410105":
            counted.setdefault(row["bundle"], set()).add(row["enterprise_id"])
    expected = {name: len(ids) for name, ids in counted.items() if len(ids) > 1}
    assert {row["联系对象"]: row["涉及目标（家）"] for row in bundles} == expected
    assert all(row["先做什么"] == "联系总部团委，通报分支名单" for row in bundles)


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


def test_every_step_in_the_list_has_its_own_due_date(plan: Plan, folder: Path) -> None:
    listed = [row for file in sorted(folder.iterdir()) for row in _tasks(file) if row["步骤"] is not None]
    shown = Counter((row["步骤"], row["完成时限"].date()) for row in listed)
    targets = plan["enterprises"].filter("is_target").select("enterprise_id")
    best = plan["recommendations"].filter(pl.col("rank") == 1).select("enterprise_id", "path")
    steps = plan["actions"].join(best, on=["enterprise_id", "path"]).join(targets, on="enterprise_id")
    assert shown == Counter(steps.select("step", "due").iter_rows())
