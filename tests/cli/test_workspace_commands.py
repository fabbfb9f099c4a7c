"""The workspace's commands, as a planner types them."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from coverage_engine.cli.commands import coverage_engine

HEADER = "企业名称,所在地区,团员数,党组织,团组织\n"
FIRM = "郑州澈岚屿食品有限公司"


def run(*arguments):
    return CliRunner().invoke(coverage_engine, [str(argument) for argument in arguments])


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with two ledgers and an empty workspace."""
    monkeypatch.chdir(tmp_path)
    Path("企业台账.csv").write_text(f"{HEADER}{FIRM},410105,3,单独,无\n", "utf-8")
    Path("工会台账.csv").write_text("企业名称,工会会员数\n澈岚屿食品有限公司,9\n", "utf-8")
    assert run("init", "底数").exit_code == 0
    return tmp_path


def test_preview_import_history_undo_restore_diff(here):
    preview = run("import", "企业台账.csv", "--workspace", "底数")
    assert "新增 1 家" in preview.output and "只是预览" in preview.output
    assert "还没有做过" in run("history", "--workspace", "底数").output
    assert "版本 000001" in run("import", "企业台账.csv", "--workspace", "底数", "--apply").output
    Path("企业台账.csv").write_text(f"{HEADER}{FIRM},410105,5,单独,无\n", "utf-8")
    changed = run("import", "企业台账.csv", "--workspace", "底数", "--apply")
    assert "变更 1 家" in changed.output and "league_members 3 → 5" in changed.output
    assert "现在是版本 000001" in run("undo", "--workspace", "底数").output
    assert "现在是版本 000002" in run("restore", "2", "--workspace", "底数").output
    assert "变更 1 家" in run("diff", "1", "2", "--workspace", "底数", "--out", "变化.xlsx").output
    assert Path("变化.xlsx").exists()
    assert run("history", "--workspace", "底数").output.count("import") == 2


def test_check_plan_and_explain_use_the_workspace(here):
    run("import", "企业台账.csv", "--workspace", "底数", "--apply", "--as-of", "2019-06-15")
    assert run("check", "--workspace", "底数").exit_code == 0
    told = run("explain", "--workspace", "底数", "--enterprise", FIRM)
    assert "必须建团" in told.output
    assert run("plan", "--workspace", "底数", "--out", "OUT").exit_code == 0
    assert Path("OUT/index.html").exists()


def periods_of(page):
    data = re.search(r'id="coverage-data">(.*?)</script>', Path(page).read_text("utf-8")).group(1)
    return [(period["name"], period["simulated"]) for period in json.loads(data)["periods"]]


def test_the_map_of_a_workspace_shows_its_earlier_dates_each_in_its_last_version(here):
    for members, day in ((3, "2019-04-30"), (4, "2019-05-31"), (5, "2019-05-31"), (6, "2019-06-15")):
        Path("企业台账.csv").write_text(f"{HEADER}{FIRM},410105,{members},单独,无\n", "utf-8")
        run("import", "企业台账.csv", "--workspace", "底数", "--apply", "--as-of", day)
    assert run("plan", "--workspace", "底数", "--out", "OUT").exit_code == 0
    assert periods_of("OUT/maps/coverage.html") == [("2019-04-30", False), ("2019-05-31", False)]
    assert run("plan", "--workspace", "底数", "--out", "OUT", "--map-dates", "1").exit_code == 0
    assert periods_of("OUT/maps/coverage.html") == [("2019-05-31", False)]
    assert run("plan", "--workspace", "底数", "--out", "OUT", "--map-dates", "0").exit_code == 0
    assert periods_of("OUT/maps/coverage.html") == []


def test_a_doubtful_name_is_asked_answered_and_the_answer_undone(here):
    run("import", "企业台账.csv", "工会台账.csv", "--workspace", "底数", "--apply")
    asked = run("doubts", "--workspace", "底数")
    assert "澈岚屿食品有限公司" in asked.output and "起点 -4.0" in asked.output
    assert "就是" in run("decide", "1", "--same", "--workspace", "底数").output
    assert "没有拿不准" in run("doubts", "--workspace", "底数").output
    run("undo", "--workspace", "底数")
    assert "共有 1 对" in run("doubts", "--workspace", "底数").output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check",), "请给出台账"),
        (("history", "--workspace", "没有"), "不是工作目录"),
        (("plan", "--workspace", "底数", "--out", "OUT"), "还没有台账"),
        (("undo", "--workspace", "底数"), "没有可撤销"),
        (("import", "--workspace", "底数"), "请给出台账"),
        (("check", "企业台账.csv", "--workspace", "底数"), "不能与台账文件"),
        (("decide", "3", "--same", "--workspace", "底数"), "还没有台账"),
    ],
)
def test_a_mistake_gets_words_and_no_traceback(here, arguments, words):
    result = run(*arguments)
    told = result.output + (result.stderr if result.stderr_bytes is not None else "")
    assert result.exit_code in (1, 2)
    assert words in told
    assert "Traceback" not in told
