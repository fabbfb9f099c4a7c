"""Leak test over every office format: names and phones in the ledgers stand in no document."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

import coverage_engine as ce
from coverage_engine.reporting import write_actions, write_annexes
from coverage_engine.reporting.blanks import fill_blank
from coverage_engine.reporting.letters import write_letters
from coverage_engine.reporting.traces import write_traces

SECRETS = ("贾某真", "13800001234", "410105199901011234", "jia@example.org", "甄某书记")
FIRM = {
    "所在地区": "郑州市金水区",
    "控股情况": "私人控股",
    "团员数": 6,
    "党组织": "单独",
    "规模以上": "是",
    "团组织": "无",
    "法定代表人": SECRETS[0],
    "联系电话": SECRETS[1],
    "身份证号": SECRETS[2],
    "邮箱": SECRETS[3],
}


def _texts(file: Path) -> str:
    if not zipfile.is_zipfile(file):
        return file.read_text("utf-8-sig")
    with zipfile.ZipFile(file) as package:
        parts = [name for name in package.namelist() if name.endswith((".xml", ".rels"))]
        return "\n".join(package.read(name).decode() for name in parts)


def test_names_and_phones_in_the_ledgers_leave_in_no_document(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    firms = [{"企业名称": f"乌有{number}号实业有限公司", **FIRM} for number in range(6)]
    parties = [{"企业名称": firm["企业名称"], "党组织形式": "单独", "书记": SECRETS[4]} for firm in firms]
    snapshot, findings = ce.read_tables({"企业台账": firms, "党组织台账": parties})
    plan = ce.plan(snapshot, findings=findings)
    write_annexes(plan, tmp_path / "annexes")
    write_actions(plan, tmp_path / "actions")
    write_traces(plan, tmp_path / "annexes")
    write_letters(plan, tmp_path / "letters")
    book = openpyxl.Workbook()
    book.active.append(["企业名称", "团员数", "信用代码", "联系人", "联系电话"])
    book.save(tmp_path / "空.xlsx")
    fill_blank(plan, "annex_3", tmp_path / "空.xlsx", tmp_path / "填.xlsx")
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {file.suffix for file in files} == {".xlsx", ".docx", ".csv"}
    for file in files:
        text = _texts(file)
        assert not [secret for secret in SECRETS if secret in text], file.name
    assert any("乌有1号" in _texts(file) for file in files)
