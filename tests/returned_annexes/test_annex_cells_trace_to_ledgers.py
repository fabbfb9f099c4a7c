"""Provenance: annex cells traced back to ledger cells with the delivered files alone."""

from __future__ import annotations

import csv
import random
from datetime import datetime
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


STATES = {"单独建立": "单独", "联合覆盖": "联合", "空白": "无", "仅有青年组织": "是"}
COUNTS = {
    "入驻企业数合计", "入驻企业数其中非公", "入驻企业数其中规上", "已建党组织企业数", "团员3人以上企业数",
    "已建团组织企业数合计", "已建团组织企业数其中单独", "已建团组织企业数联合覆盖", "应建未建数",
    "智慧团建核验",
}  # fmt: skip
SUMS = {"从业人员": "从业人员数", "青年": "青年数", "团员": "团员数"}
ALIKE = {
    "企业名称", "会员单位名称", "园区名称", "统一社会信用代码", "从业人员数", "35岁以下青年数", "团员数",
    "省民营经济100强（位次）", "所在园区", "团组织隶属上级", "智慧团建组织全称", "园区团工委全称", "单位",
    "学校名称", "教育统计团员数A", "系统录入团员数B",
}  # fmt: skip


def _lines(folder: Path) -> dict[tuple[str, str], list[dict[str, str]]]:
    """The lines of every trace by annex and cell."""
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    for file in sorted((folder / "annexes").glob("*_出处.csv")):
        for line in csv.DictReader(file.read_text("utf-8-sig").splitlines()):
            found.setdefault((line["附件"], line["单元格"]), []).append(line)
    return found


def _said(folder: Path, lines: list[dict[str, str]], heading: str = "") -> list[str]:
    """What the ledger cells of a trace say, each once; only those under a heading where one is given."""
    cells = dict.fromkeys(
        (line["台账文件"], line["台账工作表"], line["台账单元格"])
        for line in lines
        if heading in ("", line["台账表头"])
    )
    return [_ledger_cell(folder / "ledgers", *cell) for cell in cells]


def _follows(folder: Path, lines: list[dict[str, str]]) -> bool:
    """Whether what stands in the annex follows from the ledger cells that its trace names."""
    column, written = lines[0]["列"], lines[0]["内容"].removeprefix("'")
    said = _said(folder, lines)
    if lines[0]["附件"] == "annex_4" and column in COUNTS:
        return int(written) == len(_said(folder, lines, "所属园区"))
    if lines[0]["附件"] == "annex_4" and column in SUMS:
        return int(written) == sum(int(each or 0) for each in _said(folder, lines, SUMS[column]))
    if column in ALIKE:
        return written in said
    if column.endswith(("覆盖状态", "团组织状态")) and written in STATES:
        system = any(line["台账表头"] == "团组织全称" for line in lines)
        return STATES[written] in said or (system and written in ("单独建立", "联合覆盖"))
    if column.startswith("差额"):
        before, after = (int(_said(folder, lines, head)[0]) for head in ("教育统计团员数", "系统录入团员数"))
        return int(written) == after - before
    # Words made of several facts: each cell is there, and one of them says something.
    return any(said) or written in ("待核实", "否", "无", "（未分县）")


def test_thirty_random_cells_of_any_annex_follow_from_the_cells_that_they_are_traced_to(
    delivered: Path,
) -> None:
    traced = _lines(delivered)
    chance, books = random.Random(30), {}
    for annex in sorted({annex for annex, _ in traced}):
        books[annex] = openpyxl.load_workbook(delivered / "annexes" / f"{annex}.xlsx", data_only=True)
        filled = sorted(at for at, lines in traced.items() if at[0] == annex and lines[0]["内容"])
        for at in chance.sample(filled, 30):
            lines = traced[at]
            value = books[annex][lines[0]["工作表"]][at[1]].value
            shown = value.date().isoformat() if isinstance(value, datetime) else str(value)
            assert shown == lines[0]["内容"].removeprefix("'"), at
            assert _follows(delivered, lines), (at, lines[0]["列"], lines[0]["内容"])


def test_every_filled_cell_of_annexes_3_to_5_is_traced(delivered: Path) -> None:
    traced = _lines(delivered)
    for annex in ("annex_3", "annex_4", "annex_5"):
        sheet = openpyxl.load_workbook(delivered / "annexes" / f"{annex}.xlsx").worksheets[0]
        filled = [
            cell.coordinate
            for row in sheet.iter_rows(min_row=6, min_col=2)
            if isinstance(sheet.cell(row[0].row, 1).value, int)
            for cell in row
            if cell.value not in (None, "", 0, "0.0%", "培育", "待核实")
            and not str(cell.value).startswith("与序号")
        ]
        missing = [cell for cell in filled if (annex, cell) not in traced]
        assert len(filled) > 100
        assert not missing, (annex, missing[:5])


def test_the_counts_of_every_park_are_those_of_the_enterprises_they_are_traced_to(delivered: Path) -> None:
    held = [lines for (annex, _), lines in _lines(delivered).items() if annex == "annex_4"]
    counts = [lines for lines in held if lines[0]["列"] in COUNTS | set(SUMS)]
    assert len(counts) > 300
    assert all(_follows(delivered, lines) for lines in counts)


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
