"""Leak test over every office format: names and phones in the ledgers stand in no document."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

import coverage_engine as ce
from coverage_engine.reporting import write_actions, write_annexes
from coverage_engine.reporting.blanks import fill_blank
from coverage_engine.reporting.letters import write_letters
from coverage_engine.reporting.print_pages import write_print_pages
from coverage_engine.reporting.printing import write_pdf
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


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of every kind of document made from ledgers that hold names and phones."""
    openpyxl = pytest.importorskip("openpyxl")
    folder = tmp_path_factory.mktemp("written")
    firms = [{"企业名称": f"乌有{number}号实业有限公司", **FIRM} for number in range(6)]
    parties = [{"企业名称": firm["企业名称"], "党组织形式": "单独", "书记": SECRETS[4]} for firm in firms]
    snapshot, findings = ce.read_tables({"企业台账": firms, "党组织台账": parties})
    plan = ce.plan(snapshot, findings=findings)
    write_annexes(plan, folder / "annexes")
    write_actions(plan, folder / "actions")
    write_traces(plan, folder / "annexes")
    write_letters(plan, folder / "letters")
    book = openpyxl.Workbook()
    book.active.append(["企业名称", "团员数", "信用代码", "联系人", "联系电话"])
    book.save(folder / "空.xlsx")
    fill_blank(plan, "annex_3", folder / "空.xlsx", folder / "填.xlsx")
    write_print_pages([*_documents(folder)], folder / "pages")
    return folder


def _documents(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.suffix in (".xlsx", ".docx"))


def test_names_and_phones_in_the_ledgers_leave_in_no_document(written: Path) -> None:
    files = [file for file in written.rglob("*") if file.is_file()]
    assert {file.suffix for file in files} == {".xlsx", ".docx", ".csv", ".html"}
    for file in files:
        text = _texts(file)
        assert not [secret for secret in SECRETS if secret in text], file.name
    assert any("乌有1号" in _texts(file) for file in files)
    assert any("任务清单" in file.parts and file.suffix == ".docx" for file in files)


@pytest.mark.office
@pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")),
    reason="LIBREOFFICE OR POPPLER IS MISSING: no PDF was made and looked through; install them",
)
def test_names_and_phones_leave_in_no_pdf(written: Path, tmp_path: Path) -> None:
    one_of_each = {(file.parent, file.suffix): file for file in _documents(written)}
    for file in write_pdf(list(one_of_each.values()), tmp_path).files:
        told = [
            subprocess.run([*command, str(file), *rest], check=True, capture_output=True, text=True).stdout
            for command, rest in ((["pdftotext"], ["-"]), (["pdfinfo", "-meta"], []), (["pdfinfo"], []))
        ]
        assert not [secret for secret in SECRETS if secret in "".join(told)], file.name
        assert told[0].strip()
