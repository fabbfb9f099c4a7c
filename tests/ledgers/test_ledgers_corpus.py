"""The corpus of real-life files: each is read, or refused, as its entry in register.toml says."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from coverage_engine.errors import LedgerError
from coverage_engine.ledgers import read_ledgers

CORPUS = Path(__file__).parent / "corpus"
REGISTER = tomllib.loads((CORPUS / "register.toml").read_text("utf-8"))
FILES = sorted(file.name for file in CORPUS.iterdir() if file.name != "register.toml")


def test_every_file_has_an_expectation_and_every_expectation_a_file() -> None:
    assert sorted(REGISTER) == FILES
    assert len(FILES) >= 40


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_as_registered(name: str) -> None:
    expected = REGISTER[name]
    if "refused" in expected:
        with pytest.raises(LedgerError) as told:
            read_ledgers([CORPUS / name], as_of=date(2019, 6, 15))
        assert told.value.problem == expected["refused"]
        assert told.value.remedy
        return
    snapshot, findings = read_ledgers([CORPUS / name], as_of=date(2019, 6, 15))
    assert sorted(snapshot["enterprises"]["name"].to_list()) == expected["enterprises"]
    account = snapshot["sources"].select(
        "sheet", "kind", "rows_read", "accepted", "quarantined", "recognised"
    )
    assert [[cell if cell is not None else "" for cell in row] for row in account.rows()] == expected[
        "sheets"
    ]
    for _, _, rows_read, accepted, quarantined, recognised in account.iter_rows():
        assert rows_read == accepted + quarantined + recognised
    told = [
        f"{row['code']} {row['sheet']}!{row['cell']}"
        for row in findings.table.iter_rows(named=True)
        # Most of these files lack 控股情况 and 登记注册类型; what is presumed then has tests of its own.
        if row["severity"] != "note" and row["code"] != "presumption.non_public"
    ]
    assert told == expected["told"]
    texts = " ".join(
        str(value)
        for frame in (*snapshot.tables.values(), findings.table)
        for row in frame.rows()
        for value in row
    )
    assert "00000000000" not in texts and "某某某" not in texts


def test_three_header_rows_give_each_column_its_own_name() -> None:
    snapshot, _ = read_ledgers([CORPUS / "13_three_header_rows.xlsx"], as_of=date(2019, 6, 15))
    firms = snapshot["enterprises"].select("employees", "league_members", "party", "league_form")
    assert firms.rows() == [(30, 3, "own", "none")] * 2


def test_cells_of_a_stacked_table_keep_their_rows() -> None:
    snapshot, _ = read_ledgers([CORPUS / "18_stacked_other_columns.xlsx"], as_of=date(2019, 6, 15))
    rows = snapshot["enterprises"].sort("row").select("row", "league_members").rows()
    assert rows == [(2, 3), (6, 7)]
    assert snapshot["sources"]["header_row"].to_list() == [1, 5]
