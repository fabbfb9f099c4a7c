"""Hand-made ledgers: workbooks and text files as planners hand them in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from coverage_engine.ledgers import read_ledgers
from coverage_engine.model.findings import Findings
from coverage_engine.model.snapshot import Snapshot

AS_OF = date(2019, 6, 15)
Rows = Sequence[Sequence[object]]


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """Writes a workbook of sheets given as rows of cells."""

    def write(sheets: dict[str, Rows], name: str = "台账.xlsx") -> Path:
        file = tmp_path / name
        with xlsxwriter.Workbook(str(file)) as book:
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title)
                for row, cells in enumerate(rows):
                    for column, cell in enumerate(cells):
                        if isinstance(cell, date):
                            sheet.write_datetime(row, column, cell, day)
                        elif cell is not None:
                            sheet.write(row, column, cell)
        return file

    return write


@pytest.fixture
def text_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows as a text ledger in an encoding."""

    def write(rows: Rows, name: str = "企业台账.csv", encoding: str = "utf-8", separator: str = ",") -> Path:
        file = tmp_path / name
        text = "\n".join(separator.join(str(cell) for cell in row) for row in rows)
        file.write_bytes((text + "\n").encode(encoding))
        return file

    return write


@pytest.fixture
def read() -> Callable[..., tuple[Snapshot, Findings]]:
    """Reads ledgers as of June 2019."""

    def reading(*files: Path, as_of: date | None = AS_OF) -> tuple[Snapshot, Findings]:
        return read_ledgers(files, as_of=as_of)

    return reading


@pytest.fixture
def of_code() -> Callable[..., pl.DataFrame]:
    """The findings of one code."""

    def select(findings: Findings, code: str) -> pl.DataFrame:
        return findings.table.filter(pl.col("code") == code)

    return select
