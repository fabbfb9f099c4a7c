"""Provenance: annex cells traced back to ledger cells with the delivered files alone."""

from __future__ import annotations

import csv
import random
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import coverage_engine as ce
from coverage_engine.reporting import write_annexes
from coverage_engine.reporting.traces import HEADINGS, write_traces

WRITTEN_ALIKE = {
    "企业名称",
    "统一社会信用代码",
    "从业人员数",
    "35岁以下青年数",
    "团员数",
    "省民营经济100强（位次）",
}
LEDGER_WORDS = {"党组织有无": {"单独": "有", "联合": "有", "无": "无"}}


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ledgers, annexes and traces; nothing else is used below."""
    folder = tmp_path_factory.mktemp("delivered")
    ce.write_sample(folder / "ledgers", enterprises=400, seed=8)
    snapshot, findings = ce.read_ledgers([folder / "ledgers"])
    plan = ce.plan(snapshot, findings=findings)
    write_annexes(plan, folder / "annexes")
    write_traces(plan, folder / "annexes")
    return folder


@cache
def _opened(file: Path) -> Any:
    return openpyxl.load_workbook(file)


def _ledger_cell(folder: Path, file: str, sheet: str, cell: str) -> str:
    if file.endswith(".csv"):
        rows = list(csv.reader((folder / file).read_text("utf-8-sig").splitlines()))
        column, row = openpyxl.utils.cell.coordinate_from_string(cell)
        return rows[row - 1][openpyxl.utils.column_index_from_string(column) - 1]
    value = _opened(folder / file)[sheet][cell].value
    return "" if value is None else str(value)


def test_thirty_random_cells_lead_to_the_ledger_cells_that_say_so(delivered: Path) -> None:
    lines = list(
        csv.DictReader((delivered / "annexes" / "annex_3_出处.csv").read_text("utf-8-sig").splitlines())
    )
    assert tuple(lines[0]) == HEADINGS
    wanted = [line for line in lines if line["列"] in WRITTEN_ALIKE and line["内容"]]
    wanted += [line for line in lines if line["列"] in LEDGER_WORDS and line["内容"] != "待核实"]
    book = openpyxl.load_workbook(delivered / "annexes" / "annex_3.xlsx")
    for line in random.Random(8).sample(wanted, 30):
        written = str(book[line["工作表"]][line["单元格"]].value)
        assert written == line["内容"]
        address = (line["台账文件"], line["台账工作表"], line["台账单元格"])
        said = _ledger_cell(delivered / "ledgers", *address)
        assert LEDGER_WORDS.get(line["列"], {}).get(said, said) == written, address


def test_every_obligation_names_its_clause(delivered: Path) -> None:
    lines = list(
        csv.DictReader((delivered / "annexes" / "annex_3_出处.csv").read_text("utf-8-sig").splitlines())
    )
    assert {line["依据"] for line in lines if line["列"] == "备注"} == {
        "通知四（1）（2）；支部工作条例（试行）第四条"
    }


def test_traces_repeat_byte_for_byte(delivered: Path, tmp_path: Path) -> None:
    snapshot, findings = ce.read_ledgers([delivered / "ledgers"])
    for file in write_traces(ce.plan(snapshot, findings=findings), tmp_path):
        assert file.read_bytes() == (delivered / "annexes" / file.name).read_bytes()
