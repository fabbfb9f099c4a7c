"""Every public function checks its arguments: a wrong one is told in words with the next step."""

from __future__ import annotations

import inspect
from datetime import date, datetime
from pathlib import Path

import networkx
import pytest
from click.testing import CliRunner

import coverage_engine as ce
from coverage_engine.arguments import FIRST_DAY, LAST_DAY
from coverage_engine.cli.commands import coverage_engine

AS_OF = date(2019, 6, 15)
FIRMS = [{"企业名称": "甲有限公司", "所在地区": "410105", "团员数": 3}]


@pytest.fixture(scope="module")
def known() -> dict[str, object]:
    """What goes right: good arguments of every public function."""
    snapshot, findings = ce.read_tables({"企业台账": FIRMS}, as_of=AS_OF)
    plan = ce.plan(snapshot, findings=findings)
    policy = ce.load_policy(AS_OF)
    why = ce.trace(snapshot, policy, 0, "R13")
    return {"snapshot": snapshot, "findings": findings, "plan": plan, "policy": policy, "why": why}


def _good(name: str, known: dict[str, object], folder: Path) -> dict[str, object]:
    snapshot, policy, plan = known["snapshot"], known["policy"], known["plan"]
    drawn = networkx.DiGraph([("甲", "乙")])
    place = {"workspace": folder}
    return {
        "best_starts": {"graph": drawn, "number": 1},
        "bridge": {"before": snapshot, "after": snapshot, "policies": (policy, policy)},
        "check": {"sources": [folder]},
        "decide": {**place, "number": 1, "same": True},
        "demo": {"folder": folder},
        "diff": {**place, "before": "1", "after": "2"},
        "doubts": place,
        "earlier_periods": {"snapshots": [snapshot]},
        "earlier_snapshots": place,
        "explain": {"plan": plan, "enterprise_id": 0},
        "fill_form": {
            "plan": plan,
            "annex": "3",
            "blank": folder / "空白.xlsx",
            "file": folder / "填好.xlsx",
        },
        "find_enterprise": {"enterprises": snapshot, "wanted": "甲有限公司"},
        "forget": place,
        "from_networkx": {"graph": drawn},
        "history": place,
        "import_ledgers": {**place, "sources": [folder]},
        "init": {"folder": folder},
        "learn": {"snapshot": snapshot, "models": folder},
        "letters": {"plan": plan, "folder": folder},
        "load_policy": {"as_of": AS_OF},
        "map_ledgers": {"sources": [folder]},
        "load_scenarios": {},
        "load_weights": {},
        "pdf": {"documents": [folder / "附件3.xlsx"], "folder": folder},
        "plan": {"snapshot": snapshot},
        "plan_frames": {"frames": {"enterprises": object()}, "as_of": AS_OF, "kinds": frozenset()},
        "read_ledgers": {"sources": [folder]},
        "read_tables": {"tables": {"企业台账": FIRMS}},
        "read_version": {**place, "version": "1"},
        "read_workspace": place,
        "repair": place,
        "restore": {**place, "version": "1"},
        "returns": {"snapshot": snapshot, "annexes": folder},
        "revert_weights": {"models": folder},
        "review": {"snapshot": snapshot},
        "sample": {"folder": folder},
        "simulate": {"plan": plan},
        "spread": {"graph": drawn, "starts": ["甲"]},
        "template": {"file": folder / "台账.xlsx"},
        "trace": {"snapshot": snapshot, "policy": policy, "enterprise_id": 0, "duty": "R13"},
        "trace_lines": {"why": known["why"]},
        "traces": {"snapshot": snapshot, "policy": policy, "enterprise_id": 0},
        "undo": place,
        "verify": place,
        "write_comparison": {"comparison": object(), "file": folder / "变化.xlsx"},
        "write_plan": {"plan": plan, "folder": folder},
        "write_returns": {"returned": object(), "folder": folder},
        "write_review": {"made": object(), "folder": folder},
        "write_sample": {"folder": folder},
        "write_simulation": {"result": object(), "plan": plan, "folder": folder},
    }[name]


FUNCTIONS = sorted(name for name in ce.__all__ if inspect.isfunction(getattr(ce, name)))
UNCHECKED = {"connection"}
"""What only the engine behind it can judge."""
WRONG = [
    (name, argument)
    for name in FUNCTIONS
    for argument in inspect.signature(getattr(ce, name)).parameters
    if argument not in UNCHECKED
]


class Unusable:
    """Nothing that any function takes."""


@pytest.mark.parametrize(("name", "argument"), WRONG)
def test_an_argument_of_the_wrong_kind_is_told_by_name(
    name: str, argument: str, known: dict[str, object], tmp_path: Path
) -> None:
    arguments = {**_good(name, known, tmp_path), argument: Unusable()}
    with pytest.raises(ce.CoverageEngineError, match=rf"{name} 的参数 [\s\S]*下一步") as told:
        getattr(ce, name)(**arguments)
    assert isinstance(told.value, TypeError)


@pytest.mark.parametrize(
    ("name", "wrong", "words"),
    [
        ("read_ledgers", {"sources": []}, "不能是空的"),
        ("read_ledgers", {"sources": ""}, "路径"),
        ("read_ledgers", {"sources": b"folder"}, "路径"),
        ("read_ledgers", {"sources": [None]}, "路径"),
        ("read_ledgers", {"as_of": "2019-06-15"}, "datetime.date"),
        ("read_ledgers", {"as_of": datetime(2019, 6, 15)}, "datetime.date"),
        ("read_ledgers", {"as_of": date.max}, "2099-12-31"),
        ("read_tables", {"tables": {}}, "字典"),
        ("read_tables", {"tables": [FIRMS]}, "字典"),
        ("read_tables", {"tables": {"企业台账": FIRMS[0]}}, "字典"),
        ("read_tables", {"tables": {"企业台账": ["甲有限公司"]}}, "字典"),
        ("plan", {"division": "郑洲市"}, "没有找到行政区划"),
        ("plan", {"division": " "}, "文字"),
        ("plan", {"rank_by": "cheapest"}, "benefit、fastest、surest、young"),
        ("plan", {"engine": "sqlite"}, "polars"),
        ("plan", {"policy_files": "没有.toml"}, "找不到政策文件"),
        ("load_policy", {"as_of": date.max}, "2099-12-31"),
        ("load_policy", {"as_of": date(1, 1, 1)}, "1949-10-01"),
        ("load_policy", {"as_of": FIRST_DAY}, "早于政策"),
        ("review", {"level": "township"}, "city、county"),
        ("bridge", {"category": "all"}, "operating"),
        ("bridge", {"policies": ()}, "两期"),
        ("trace", {"enterprise_id": -1}, "不小于 0"),
        ("trace", {"enterprise_id": 1}, "没有编号为 1 的企业"),
        ("trace", {"duty": "R99"}, "没有企业的应建要求"),
        ("explain", {"enterprise_id": True}, "整数"),
        ("explain", {"enterprise_id": "乙"}, "没有找到企业"),
        ("explain", {"plan": "没有的文件夹"}, "不是工作目录"),
        ("simulate", {"measure": "hours"}, "young_employees"),
        ("simulate", {"scenarios": ()}, "至少 1 个"),
        ("load_scenarios", {"path": 11}, "9、10"),
        ("load_scenarios", {"months": 25}, "24"),
        ("fill_form", {"annex": "6"}, "1、2、3、4、5"),
        ("import_ledgers", {"dropped": "企业台账.csv"}, "文件名"),
        ("decide", {"number": 0}, "不小于 1"),
        ("check", {"sources": ()}, "不能是空的"),
        ("pdf", {"documents": ()}, "不能是空的"),
        ("find_enterprise", {"wanted": "乙"}, "没有找到企业"),
        ("spread", {"chance": 1.5}, "0 到 1"),
        ("spread", {"starts": ["丙"]}, "没有起步节点"),
        ("spread", {"threshold": 2}, "months"),
        ("best_starts", {"months": 1201}, "1200"),
        ("explain", {"enterprise_id": 7}, "没有编号为 7 的企业"),
        ("write_sample", {"enterprises": 0}, "不小于 1"),
        ("write_sample", {"enterprises": -5}, "不小于 1"),
        ("write_sample", {"seed": -1}, "不小于 0"),
        ("write_sample", {"layout": "pdf"}, "mixed"),
        ("write_plan", {"lang": "fr"}, "zh、en"),
        ("plan_frames", {"frames": {}}, "enterprises"),
        ("plan_frames", {"kinds": "enterprises"}, "frozenset"),
    ],
)
def test_a_value_out_of_bounds_is_told_with_what_is_wanted(
    name: str, wrong: dict[str, object], words: str, known: dict[str, object], tmp_path: Path
) -> None:
    with pytest.raises(ce.CoverageEngineError, match=words):
        getattr(ce, name)(**{**_good(name, known, tmp_path), **wrong})


@pytest.mark.parametrize(
    "wrong", [{"maps": "towns"}, {"sheets": ("gif",)}, {"boundary_system": "utm"}, {"boundaries": 3}]
)
def test_a_drawing_that_cannot_be_drawn_is_refused_when_it_is_asked_for(wrong: dict[str, object]) -> None:
    with pytest.raises(ce.ArgumentError, match="下一步"):
        ce.Drawing(**wrong)


@pytest.mark.parametrize("kind", [str, Path])
def test_a_bare_folder_is_one_source(kind: type, tmp_path: Path) -> None:
    (tmp_path / "企业台账.csv").write_text("企业名称,所在地区\n甲有限公司,410105\n", "utf-8")
    snapshot, _ = ce.read_ledgers(kind(tmp_path), as_of=AS_OF)
    assert snapshot["enterprises"]["name"].to_list() == ["甲有限公司"]


def test_a_folder_in_place_of_a_policy_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ce.PolicyError, match="不是文件夹"):
        ce.load_policy(AS_OF, tmp_path)


@pytest.mark.parametrize("day", ["9999-12-31", "2100-01-01", "0001-01-01", "1949-09-30", "2019-02-30"])
def test_a_day_of_no_ledgers_is_refused_at_the_command_line(day: str, tmp_path: Path) -> None:
    (tmp_path / "企业台账.csv").write_text("企业名称,所在地区\n甲有限公司,410105\n", "utf-8")
    done = CliRunner().invoke(
        coverage_engine, ["plan", str(tmp_path), "--as-of", day, "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 2
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert not (tmp_path / "out").exists()


def test_the_last_day_is_planned_without_a_fault() -> None:
    snapshot, findings = ce.read_tables({"企业台账": FIRMS}, as_of=LAST_DAY)
    assert ce.plan(snapshot, findings=findings).as_of == LAST_DAY


def test_an_export_dated_beyond_all_days_dates_nothing() -> None:
    export = [{"团组织全称": "共青团甲有限公司支部委员会", "导出日期": "9999-12-31"}]
    snapshot, _ = ce.read_tables({"企业台账": FIRMS, "智慧团建导出": export})
    assert snapshot.as_of <= LAST_DAY
