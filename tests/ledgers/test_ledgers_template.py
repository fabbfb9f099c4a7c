"""The blank workbook and the findings workbook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers import ledger_kinds, read_ledgers, read_tables
from coverage_engine.ledgers.handing_out.findings_workbook import write_findings
from coverage_engine.ledgers.handing_out.template import write_template

AS_OF = date(2019, 6, 15)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    file = tmp_path / "空白台账.xlsx"
    write_template(file)
    return file


def test_the_template_has_every_ledger_with_its_required_columns_marked(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    assert book.sheetnames == ["填报说明", *(kind.sheet for kind in ledger_kinds())]
    for kind in ledger_kinds():
        headers = [cell.value for cell in book[kind.sheet][1]]
        assert headers == [column.header + ("*" if column.required else "") for column in kind.columns]
        assert all(cell.comment for cell in book[kind.sheet][1])


def test_the_template_offers_the_words_and_keeps_codes_as_text(template: Path) -> None:
    sheet = openpyxl.load_workbook(template)["企业台账"]
    offered = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    letters = {cell.value: cell.column_letter for cell in sheet[1]}
    assert offered[letters["党组织"] + "2"] == '"单独,联合,无"'
    assert offered[letters["规模以上"] + "2"] == '"是,否"'
    assert offered[letters["团组织"] + "2"] == '"单独,联合,依托,无"'
    assert sheet.column_dimensions[letters["统一社会信用代码"]].number_format == "@"


def test_a_filled_template_is_read_without_a_fault(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    book["企业台账"].append(["甲有限公司", None, "郑州市金水区"])
    book["工会台账"].append(["甲有限公司", None, "甲工会"])
    book.save(template)
    snapshot, findings = read_ledgers([template], as_of=AS_OF)
    assert snapshot["trade_unions"].height == 1
    assert set(findings.table["severity"]) <= {"note", "warning"}
    assert set(findings.table.filter(findings.table["severity"] == "warning")["code"]) == {"sheet.no_rows"}
    kinds = snapshot["sources"]["kind"].drop_nulls().to_list()
    assert kinds == [kind.kind for kind in ledger_kinds()]


def test_an_unfilled_template_is_refused_in_words(template: Path) -> None:
    with pytest.raises(LedgerError, match="没有一行数据"):
        read_ledgers([template])


def test_the_template_is_the_same_every_time(template: Path, tmp_path: Path) -> None:
    again = tmp_path / "又一份.xlsx"
    write_template(again)
    assert again.read_bytes() == template.read_bytes()


def test_the_findings_workbook_groups_lists_accounts_and_keeps_rows_to_mend(
    tmp_path: Path, read: Callable
) -> None:
    firms = [
        {"单位名称": "甲有限公司", "所在地区": "410105", "法定代表人": "某某某"},
        {"单位名称": "=1+1有限公司", "所在地区": "虚拟县", "法定代表人": "某某某"},
    ]
    snapshot, findings = read_tables({"企业台账": firms}, as_of=AS_OF)
    file = tmp_path / "核查.xlsx"
    write_findings(findings, snapshot, file)
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["汇总", "核查问题", "读取账目", "退回-企业台账"]
    assert book["汇总"]["A2"].value == "错误"
    assert book["核查问题"].max_row == len(findings) + 1
    assert [cell.value for cell in book["读取账目"][2]][3:] == [3, 1, 1, 1, "C"]
    returned = book["退回-企业台账"]
    assert [cell.value for cell in returned[1]] == [*firms[0], "退回原因", "原文件", "原行号"]
    assert returned["A2"].value == "=1+1有限公司"
    assert returned["A2"].data_type == "s"
    assert "某某某" not in str([[cell.value for cell in row] for sheet in book for row in sheet])


def test_returned_rows_can_be_mended_in_place_and_handed_in_again(tmp_path: Path) -> None:
    firms = [
        {"企业名称": "甲有限公司", "所在地区": "410105"},
        {"企业名称": "乙有限公司", "所在地区": "虚拟县", "团员数": "4"},
    ]
    snapshot, findings = read_tables({"企业台账": firms}, as_of=AS_OF)
    file = tmp_path / "核查.xlsx"
    write_findings(findings, snapshot, file)
    book = openpyxl.load_workbook(file)
    book["退回-企业台账"]["B2"] = "郑州市金水区"
    for name in ("汇总", "核查问题", "读取账目"):
        del book[name]
    book.save(file)
    again, _ = read_ledgers([file], as_of=AS_OF)
    assert again["enterprises"].select("name", "league_members").rows() == [("乙有限公司", 4)]


def test_the_findings_workbook_is_the_same_every_time(tmp_path: Path) -> None:
    snapshot, findings = read_tables(
        {"企业台账": [{"企业名称": "甲有限公司", "所在地区": "410105"}]}, as_of=AS_OF
    )
    files = [tmp_path / "一.xlsx", tmp_path / "二.xlsx"]
    for file in files:
        write_findings(findings, snapshot, file)
    assert files[0].read_bytes() == files[1].read_bytes()
