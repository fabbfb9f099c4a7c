"""No order of rows, sheets or files changes what is known: firms, facts and questions are the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_engine.ledgers import read_ledgers
from coverage_engine.ledgers.credit_codes import ALPHABET, credit_code_problem
from coverage_engine.model.snapshot import Snapshot

DAY = date(2019, 6, 15)
_WHERE = {"source", "row", "file", "sha256", "sheet", "letter", "cell", "header_row"}
_ACCOUNT = {"sources", "source_columns", "quarantine", "fact_sources"}
"""Tables of where things stand; which row filled a fact may change with the rows' places."""


def _code(body: str) -> str:
    return next(
        code
        for inner in "0123456789X"
        for mark in ALPHABET
        if credit_code_problem(code := f"91410105{body}{inner}{mark}") is None
    )


ONE, TWO, THREE = _code("MA441234"), _code("MA45ABCD"), _code("MA46TUWX")
HEADER = ["企业名称", "统一社会信用代码", "所在地区", "团员数", "从业人员数", "党组织", "团组织"]
Table = Sequence[Sequence[str]]

LEDGERS: Mapping[str, Mapping[str, Table]] = {
    "甲区.csv": {
        "企业台账": [
            ["郑州澈岚屿食品有限公司", ONE, "410105", "3", "", "", ""],
            ["郑州市澈岚屿食品有限公司", "", "410105", "", "40", "", "无"],
            ["郑州澈岚屿食品有限公司", ONE, "410105", "5", "", "", ""],
            ["澈岚屿食品", "", "410105", "", "", "单独", ""],
            ["甲乙丙有限公司", TWO, "410105", "", "", "", ""],
            ["甲乙丙有限公司", THREE, "410102", "7", "", "", ""],
            ["甲乙丙有限公司", "", "郑州市", "2", "", "", ""],
            ["甲乙丙有限公司", "", "410105", "", "60", "", ""],
        ]
    },
    "乙区2018.csv": {
        "企业台账": [
            ["郑州澈岚屿食品有限责任公司", ONE, "410105", "8", "41", "联合", ""],
            ["郑州屹叡隽商贸有限公司", ONE, "410105", "", "", "", "单独"],
            ["金水区第二药店", "", "410105", "1", "", "", ""],
            ["金水区第三药店", "", "410105", "1", "", "", ""],
            ["河南省屹叡隽机械有限公司", "", "410305", "4", "", "", ""],
            ["河南屹叡隽机械有限公司", "", "410305", "6", "", "", ""],
            ["河南屹叡隽机械有限公司", "不是代码", "不知何处", "6", "", "", ""],
        ]
    },
    "工会.csv": {"工会台账": [["郑州屹叡隽商贸有限公司"], ["澈岚屿食品有限公司"], ["金水区第二药店"]]},
    "党.csv": {
        "党组织台账": [["郑州澈岚屿食品有限公司", "单独"], ["郑州市澈岚屿食品有限公司", "联合"]],
    },
}
HEADERS = {"企业台账": HEADER, "工会台账": ["企业名称"], "党组织台账": ["企业名称", "组建形式"]}


def _written(folder: Path, order: Random) -> list[Path]:
    """The ledgers with their rows in some order, in files in some order."""
    files = []
    for name, tables in LEDGERS.items():
        ((kind, rows),) = tables.items()
        shuffled = order.sample(list(rows), len(rows))
        lines = [",".join(row) for row in (HEADERS[kind], *shuffled)]
        file = folder / f"{kind}{name}"
        file.write_text("\n".join(lines) + "\n", "utf-8")
        files.append(file)
    return order.sample(files, len(files))


def _known(snapshot: Snapshot) -> dict[str, list[tuple[object, ...]]]:
    """Every table without the places of its rows; an account of places is left out."""
    return {
        name: sorted(table.drop([c for c in table.columns if c in _WHERE]).rows(), key=repr)
        for name, table in snapshot.tables.items()
        if name not in _ACCOUNT
    }


@pytest.fixture(scope="module")
def as_it_stands(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[object, ...]]]:
    folder = tmp_path_factory.mktemp("orders")
    return _known(read_ledgers(sorted(_written(folder, Random(0))), as_of=DAY)[0])


def _same_in_order(seed: int, wanted: dict[str, list[tuple[object, ...]]], folder: Path) -> None:
    snapshot, _ = read_ledgers(_written(folder, Random(seed)), as_of=DAY)
    assert _known(snapshot) == wanted


@pytest.mark.slow
@settings(max_examples=200)
@given(seed=st.integers(0, 2**32))
def test_200_permutations_of_rows_and_files_give_the_same_snapshot(
    seed: int, as_it_stands: dict[str, list[tuple[object, ...]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    _same_in_order(seed, as_it_stands, tmp_path_factory.mktemp("orders"))


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32))
def test_permuted_rows_and_files_give_the_same_snapshot(
    seed: int, as_it_stands: dict[str, list[tuple[object, ...]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    _same_in_order(seed, as_it_stands, tmp_path_factory.mktemp("orders"))


def test_permuted_files_give_the_same_tables_and_findings_to_the_byte(tmp_path: Path) -> None:
    files = sorted(_written(tmp_path, Random(1)))
    snapshot, findings = read_ledgers(files, as_of=DAY)
    for seed in range(6):
        again, told = read_ledgers(Random(seed).sample(files, len(files)), as_of=DAY)
        assert told.table.equals(findings.table)
        for name, table in snapshot.tables.items():
            assert again[name].equals(table), name


def test_the_ledgers_here_hold_every_kind_of_link(
    as_it_stands: dict[str, list[tuple[object, ...]]], tmp_path: Path
) -> None:
    """The property above would say nothing of ledgers without joins, contradictions and questions."""
    _, findings = read_ledgers(_written(tmp_path, Random(2)), as_of=DAY)
    codes = set(findings.table["code"])
    assert {"identity.same_code", "identity.same_name", "identity.contradiction"} <= codes
    assert {"identity.code_two_names"} <= codes
    assert as_it_stands["doubtful_pairs"] and as_it_stands["trade_unions"]
    assert as_it_stands["party_organisations"]


def test_the_sheets_of_a_workbook_may_stand_in_any_order(workbook, tmp_path: Path) -> None:
    tables = {
        f"{kind}{name.removesuffix('.csv')}": [HEADERS[kind], *rows]
        for name, kinds in LEDGERS.items()
        for kind, rows in kinds.items()
    }
    seen = []
    for seed in range(4):
        order = Random(seed).sample(list(tables), len(tables))
        file = workbook({name: tables[name] for name in order})
        snapshot, _ = read_ledgers([file], as_of=DAY)
        seen.append(
            {
                name: table.drop([c for c in table.columns if c == "sha256"])
                for name, table in snapshot.tables.items()
            }
        )
    assert all(each[name].equals(seen[0][name]) for each in seen for name in seen[0])


def test_the_later_date_in_a_files_name_decides(text_file, read) -> None:
    rows = [["企业名称", "所在地区", "团员数"], ["甲乙丙有限公司", "410105", "3"]]
    newer = [rows[0], ["甲乙丙有限公司", "410105", "5"]]
    files = [text_file(rows, "企业台账2018年3月.csv"), text_file(newer, "企业台账2019年1月.csv")]
    for handed_in in (files, files[::-1]):
        snapshot, _ = read(*handed_in)
        assert snapshot["enterprises"].select("league_members", "source").rows() == [(5, 0)]
        assert pl.Series(snapshot["sources"]["file"]).to_list()[0] == "企业台账2019年1月.csv"
