"""Every command once on 60,000 enterprises, where tables are large enough to be split among threads."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from coverage_engine.cli.commands import coverage_engine

pytestmark = pytest.mark.slow
ENTERPRISES = 60_000


def run(*arguments: object) -> str:
    told = subprocess.run(
        [sys.executable, "-m", "coverage_engine", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=900,
    )
    assert told.returncode == 0, f"{arguments}\n{told.stdout[-2000:]}\n{told.stderr[-2000:]}"
    assert "Traceback" not in told.stderr
    return told.stdout


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Path:
    """A folder with the province's ledgers, a workspace that imported them twice, and annexes handed in."""
    folder = tmp_path_factory.mktemp("province")
    run("sample", folder / "台账", "--enterprises", ENTERPRISES)
    run("init", folder / "ws")
    run("import", folder / "台账", "--workspace", folder / "ws", "--apply")
    run("plan", folder / "台账", "--out", folder / "计划")
    book = openpyxl.Workbook()
    book.active.append(["序号", "企业名称", "团员数", "备注"])
    book.save(folder / "空白表.xlsx")
    return folder


def first_firm(desk: Path) -> str:
    """The name of the enterprise of the first recommendation."""
    tables = desk / "计划" / "tables"
    with (tables / "recommendations.csv").open(encoding="utf-8-sig", newline="") as table:
        number = next(csv.DictReader(table))["enterprise_id"]
    with (tables / "enterprises.csv").open(encoding="utf-8-sig", newline="") as table:
        return next(row["name"] for row in csv.DictReader(table) if row["enterprise_id"] == number)


def arguments(desk: Path) -> dict[str, list[tuple[object, ...]]]:
    """What each command is called with; those that change a workspace in the order of a month's work."""
    ledgers, ws = desk / "台账", ("--workspace", desk / "ws")
    firm = first_firm(desk)
    return {
        "check": [(ledgers, "--findings", desk / "问题.xlsx")],
        "demo": [("--out", desk / "demo")],
        "diff": [(1, 1, *ws)],
        "doubts": [ws],
        "explain": [(ledgers, "--enterprise", firm, "--html", desk / "个案.html")],
        "fill-form": [(ledgers, "--annex", 3, "--blank", desk / "空白表.xlsx", "--out", desk / "填好.xlsx")],
        "history": [ws],
        "learn": [(ledgers, "--models", desk / "models")],
        "letters": [(ledgers, "--out", desk / "公文")],
        "map": [(ledgers, "--out", desk / "对照.xlsx")],
        "pdf": [(desk / "计划" / "annexes" / "annex_5.xlsx", "--out", desk / "pdf")],
        "returns": [(ledgers, "--annexes", desk / "计划" / "annexes", "--out", desk / "上报")],
        "review": [(ledgers, "--before", ledgers, "--out", desk / "核查")],
        "simulate": [(ledgers, "--path", 9, "--out", desk / "测算")],
        "template": [(desk / "空白台账.xlsx",)],
        "trace": [(ledgers, "--enterprise", firm)],
        "verify": [ws],
        "repair": [ws],
        "forget": [ws],
        "undo": [ws],
        "restore": [(1, *ws)],
    }


ALREADY_RUN = {"sample", "init", "import", "plan"}
NEEDS_A_DOUBT = {"decide"}


def test_every_command_is_run(desk: Path) -> None:
    assert set(coverage_engine.commands) == ALREADY_RUN | NEEDS_A_DOUBT | set(arguments(desk))


@pytest.mark.parametrize("command", sorted(set(coverage_engine.commands) - ALREADY_RUN - NEEDS_A_DOUBT))
def test_the_command_runs_to_its_end(command: str, desk: Path) -> None:
    for asked in arguments(desk)[command]:
        run(command, *asked)


def test_a_doubtful_pair_is_decided(desk: Path) -> None:
    if "decide" in run("doubts", "--workspace", desk / "ws"):
        run("decide", 1, "--different", "--workspace", desk / "ws")
