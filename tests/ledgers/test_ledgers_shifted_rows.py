"""Rows of text ledgers that were cut once too often: only what surely stands under its header is a fact."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from coverage_engine.ledgers import read_ledgers
from coverage_engine.ledgers.handing_out.findings_workbook import write_findings
from coverage_engine.ledgers.reading import NothingUsable
from coverage_engine.model.snapshot import Snapshot

HEADER = "企业名称,所在地区,从业人员数,青年数,备注"
SOUND = [f"虚构{name}有限公司,410105,{30 + n},{10 + n}," for n, name in enumerate("子丑寅卯辰巳午未")]
FIRM = "虚构奇有限公司"


@pytest.fixture
def ledger(tmp_path: Path) -> Callable[..., Path]:
    def write(*lines: str, header: str = HEADER) -> Path:
        file = tmp_path / "企业台账.csv"
        file.write_text("\n".join([header, *lines, ""]), "utf-8")
        return file

    return write


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        (f"{FIRM},410105,30,10,先走访,再建团", (30, 10)),
        (f"{FIRM},410105,30,10,先走访,再建团,明年", (30, 10)),
        (f"{FIRM},410105,3,0,10,", (None, None)),
        (f"{FIRM},410105,,30,10,", (None, None)),
        (f"{FIRM},410105,30,1,0,", (None, None)),
        (f"{FIRM},410105,30，10,无", (None, None)),
        ("虚构,奇有限公司,410105,30,10,", None),
        (f"{FIRM},41,0105,30,10,", None),
        (f",{FIRM},410105,30,10,", None),
        (f"{FIRM},,410105,30,10,", None),
        (f"{FIRM};410105;30;10;", None),
        (f"{FIRM},410105{',9' * 12}", None),
    ],
)
def test_only_what_is_left_of_a_stray_separator_is_a_fact(
    line: str, facts: tuple[object, object] | None, ledger: Callable, read: Callable, of_code: Callable
) -> None:
    snapshot, findings = read(ledger(*SOUND, line))
    firms = {name: rest for name, *rest in snapshot["enterprises"].select(
        "name", "county_code", "employees", "young_employees").rows()}  # fmt: skip
    assert firms.get(FIRM) == (["410105", *facts] if facts else None)
    assert len(firms) == len(SOUND) + bool(facts)
    told = of_code(findings, "row.shifted")
    assert told["severity"].to_list() == ([] if facts else ["error"])
    loud = told if not facts else findings.table.filter(row=10)
    assert "文件第 10 行" in loud["found"][0]
    assert snapshot["quarantine"]["row"].to_list() == ([] if facts else [10])
    assert snapshot["set_aside"].height == (0 if facts else 1)


@pytest.mark.parametrize(
    ("header", "staff"),
    [
        ("企业名称,所在地区,从业,人员数,青年数,备注", None),
        ("企业名称,所在地区,,从业人员数,青年数,备注", None),
        ("企业名称,所在地区,青年数", None),
        ("企业名称,所在地区,从业人员数,青年数,备注,", 30),
        ("企业名称,所在地区,从业人员数,青年数,备注,,", 30),
    ],
)
def test_rows_under_a_header_that_was_cut_otherwise_give_no_shifted_figures(
    header: str, staff: int | None, ledger: Callable, read: Callable
) -> None:
    snapshot, findings = read(ledger(*SOUND, header=header))
    rows = snapshot["enterprises"].sort("row").select("employees", "young_employees").rows()
    assert rows[0] == (staff, None if staff is None else 10)
    assert len(rows) == len(SOUND)
    assert ("text.header_cells" in findings.table["code"].to_list()) == (staff is None)


def test_a_ledger_whose_rows_all_have_a_cell_before_the_name_is_returned_whole(ledger: Callable) -> None:
    lines = [f"{n},{line.rstrip(',')}" for n, line in enumerate(SOUND)]
    with pytest.raises(NothingUsable) as refused:
        read_ledgers([ledger(*lines, header="企业名称,所在地区,从业人员数,青年数")])
    assert refused.value.snapshot["quarantine"].height == len(SOUND)
    assert "text.header_cells" in refused.value.findings.table["code"].to_list()


def test_untitled_columns_beside_a_ledger_are_told_and_shift_nothing(
    ledger: Callable, read: Callable, of_code: Callable
) -> None:
    lines = [f"{line}x,y" for line in SOUND]
    snapshot, findings = read(ledger(*lines, header=f"{HEADER},"))
    assert snapshot["enterprises"].sort("row")["employees"].to_list() == [30 + n for n in range(len(SOUND))]
    assert of_code(findings, "text.untitled_cells")["severity"].to_list() == ["warning"]


def test_a_shifted_row_handed_back_unmended_is_returned_again(
    ledger: Callable, read: Callable, tmp_path: Path
) -> None:
    snapshot, findings = read(ledger(*SOUND, f"{FIRM},41,0105,30,10,"))
    book = tmp_path / "核查问题.xlsx"
    write_findings(findings, snapshot, book)
    with pytest.raises(NothingUsable) as refused:
        read_ledgers([book])
    assert refused.value.snapshot["quarantine"].height == 1


def _figures(snapshot: Snapshot) -> dict[str, tuple[object, ...]]:
    rows = snapshot["enterprises"].select("name", "employees", "young_employees").rows()
    return {name: tuple(rest) for name, *rest in rows}


def test_a_few_rows_wider_than_their_header_are_doubted_even_where_they_are_a_fifth_of_the_list(
    ledger: Callable, read: Callable
) -> None:
    figures = _figures(read(ledger(*SOUND, f"{FIRM},410105,,30,10,", "虚构异有限公司,410105,3,1,12,"))[0])
    assert figures[FIRM] == figures["虚构异有限公司"] == (None, None)
    assert figures["虚构子有限公司"] == (30, 10)


@pytest.mark.parametrize(("rows", "facts"), [(2, (None, None)), (3, (30, 10)), (8, (30, 10))])
def test_a_blank_cell_behind_every_row_is_how_a_list_was_exported_unless_the_rows_are_too_few(
    rows: int, facts: tuple[object, object], ledger: Callable, read: Callable
) -> None:
    figures = _figures(read(ledger(*(f"{line}," for line in SOUND[:rows])))[0])
    assert len(figures) == rows
    assert figures["虚构子有限公司"] == facts


def test_what_a_separator_leaves_of_a_name_is_told_and_none_is_no_second_fault(
    ledger: Callable, read: Callable, of_code: Callable
) -> None:
    snapshot, findings = read(ledger(*SOUND, "虚,410105,30,10,", "无,410105,30,10,"))
    assert len(_figures(snapshot)) == len(SOUND) + 1
    assert of_code(findings, "name.no_name")["cell"].to_list() == ["A10"]
    assert of_code(findings, "row.required_missing")["cell"].to_list() == ["A11"]
