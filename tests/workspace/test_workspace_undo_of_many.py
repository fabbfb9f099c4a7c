"""Undo of a large import: in seconds, and every table byte for byte as before."""

import csv
import time

import pytest

from coverage_engine.workspace import Request, import_ledgers, init_workspace, load_current, undo

_MOST_SECONDS = 10


def _ledger(file, firms):
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        rows = ([f"虚构{number}号有限公司", "410105", number % 50] for number in range(firms))
        csv.writer(stream).writerows([["企业名称", "所在地区", "团员数"], *rows])
    return file


def _bytes(workspace):
    """Every published table of the version that counts."""
    snapshot, findings = load_current(workspace)
    tables = {**snapshot.tables, "findings": findings.table}
    return {
        name: table.write_ipc(None, compression="uncompressed").getvalue() for name, table in tables.items()
    }


@pytest.mark.parametrize("firms", [2_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_undo_of_an_import_restores_byte_equal_tables_in_seconds(tmp_path, firms):
    workspace = init_workspace(tmp_path / "工作目录")
    first = _ledger(tmp_path / "企业台账.csv", 500)
    import_ledgers(workspace, Request([first]))
    before = _bytes(workspace)
    import_ledgers(workspace, Request([_ledger(tmp_path / "企业台账2.csv", firms)], only=True))
    assert load_current(workspace)[0]["enterprises"].height == firms
    start = time.process_time()
    undo(workspace)
    assert time.process_time() - start <= _MOST_SECONDS
    assert _bytes(workspace) == before
