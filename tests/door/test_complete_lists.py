"""A list declared complete turns absence into no, for its place, with itself as evidence; no other does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

import coverage_engine as ce
from coverage_engine.cli.commands import coverage_engine as command_line
from coverage_engine.errors import ArgumentError
from coverage_engine.model.findings import Findings
from coverage_engine.model.snapshot import Snapshot

AS_OF = date(2019, 6, 15)
FIRMS = [
    ["企业名称", "所在地区", "团员数"],
    ["甲纺织有限公司", "郑州市金水区", 4],
    ["乙印染有限公司", "郑州市金水区", 3],
    ["丙化工有限公司", "郑州市中原区", 3],
]
PARTY = [["企业名称", "党组织形式"], ["甲纺织有限公司", "单独"]]


def _folder(folder: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in sheets.items():
        book = openpyxl.Workbook()
        book.active.title = name
        for row in rows:
            book.active.append(list(row))
        book.save(folder / f"{name}.xlsx")
    return folder


def _read(folder: Path, *complete: str) -> tuple[Snapshot, Findings]:
    return ce.read_ledgers(folder, as_of=AS_OF, complete=complete)


def _party(snapshot: Snapshot) -> dict[str, str | None]:
    return dict(snapshot["enterprises"].select("name", "party").rows())


def test_without_the_declaration_absence_says_nothing(tmp_path: Path) -> None:
    snapshot, _ = _read(_folder(tmp_path / "a", {"企业台账": FIRMS, "党组织台账": PARTY}))
    assert _party(snapshot) == {"甲纺织有限公司": "own", "乙印染有限公司": None, "丙化工有限公司": None}


def test_who_is_not_in_a_complete_list_has_none_and_the_list_is_the_evidence(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "a", {"企业台账": FIRMS, "党组织台账": PARTY})
    snapshot, findings = _read(folder, "党组织台账")
    assert set(_party(snapshot).values()) == {"own", "none"}
    sources = dict(snapshot["sources"].select("source", "sheet").rows())
    told = snapshot["fact_sources"].filter(field="party")
    assert {sources[source] for source in told["source"]} == {"党组织台账"}
    assert findings.table.filter(code="list.absent")["found"].to_list() == ["2 家"]


def test_a_list_of_one_county_says_nothing_of_another(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "a", {"企业台账": FIRMS, "郑州市金水区党组织台账": PARTY})
    party = _party(_read(folder, "党组织台账")[0])
    assert party == {"甲纺织有限公司": "own", "乙印染有限公司": "none", "丙化工有限公司": None}


def test_a_list_with_rows_turned_back_proves_nothing(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "a", {"企业台账": FIRMS, "党组织台账": [*PARTY, [None, "联合"]]})
    snapshot, findings = _read(folder, "党组织台账")
    assert _party(snapshot)["乙印染有限公司"] is None
    assert findings.table.filter(code="list.not_whole").height == 1


def test_a_firm_that_a_doubtful_name_may_mean_is_not_said_to_have_none(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "a", {"企业台账": FIRMS, "党组织台账": [*PARTY, ["乙印染公司", "单独"]]})
    snapshot, _ = _read(folder, "党组织台账")
    assert snapshot["doubtful_pairs"].height == 1
    assert _party(snapshot)["乙印染有限公司"] is None


def test_what_another_ledger_tells_is_not_overruled_by_absence(tmp_path: Path) -> None:
    firms = [[*FIRMS[0], "党组织"], [*FIRMS[1], ""], [*FIRMS[2], "联合"], [*FIRMS[3], ""]]
    folder = _folder(tmp_path / "a", {"企业台账": firms, "党组织台账": PARTY})
    assert _party(_read(folder, "党组织台账")[0])["乙印染有限公司"] == "joint"


def test_the_mapping_declares_it_too(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "a", {"企业台账": FIRMS, "党组织台账": PARTY})
    ce.map_ledgers(folder, file=folder / "对照.xlsx")
    book = openpyxl.load_workbook(folder / "对照.xlsx")
    page = book["各表"]
    headers = [cell.value for cell in page[1]]
    for row in range(2, page.max_row + 1):
        if page.cell(row, headers.index("工作表") + 1).value == "党组织台账":
            page.cell(row, headers.index("名录完整") + 1).value = "是"
    book.save(folder / "对照.xlsx")
    assert _party(_read(folder)[0])["乙印染有限公司"] == "none"


def test_a_list_that_cannot_be_declared_is_refused_with_those_that_can(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "a", {"企业台账": FIRMS})
    with pytest.raises(ArgumentError, match="党组织台账、工会台账、四上单位名录"):
        _read(folder, "花名册")
    run = CliRunner().invoke(command_line, ["check", str(folder), "--complete", "花名册"])
    assert run.exit_code in (1, 2)
    assert "可以写：党组织台账" in run.output
