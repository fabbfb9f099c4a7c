"""One clean and one messy province of 1,500 enterprises, written once for all tests of the room."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from coverage_engine.samples.province import Province, draw_province
from coverage_engine.samples.sample import write_sample
from coverage_engine.samples.sheets import clean_sheets
from coverage_engine.samples.streams import Streams

SIZE = 1_500


@pytest.fixture(scope="session")
def province() -> Province:
    return draw_province(SIZE, Streams(2019))


@pytest.fixture(scope="session")
def large_province() -> Province:
    return draw_province(20_000, Streams(7))


@pytest.fixture(scope="session")
def sheets(province: Province) -> dict[str, pl.DataFrame]:
    return dict(clean_sheets(province, Streams(2019)))


@pytest.fixture(scope="session")
def clean_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clean")
    write_sample(folder, enterprises=SIZE)
    return folder


@pytest.fixture(scope="session")
def messy_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("messy")
    write_sample(folder, enterprises=SIZE, messy=True)
    return folder


@pytest.fixture(scope="session")
def truth(clean_folder: Path) -> pl.DataFrame:
    return pl.read_parquet(clean_folder / "truth" / "enterprises.parquet")


@pytest.fixture(scope="session")
def read_grids() -> Callable[[Path], dict[str, list[list[str]]]]:
    return _read_grids


def _read_grids(folder: Path) -> dict[str, list[list[str]]]:
    """Every ledger of a folder as a grid of texts, without any knowledge of the ledger room."""
    grids: dict[str, list[list[str]]] = {}
    for file in sorted(folder.glob("*.csv")):
        encoding = "gb18030" if not file.read_bytes().startswith(b"\xef\xbb\xbf") else "utf-8-sig"
        with file.open(encoding=encoding, newline="") as stream:
            grids[file.stem] = list(csv.reader(stream))
    for file in sorted(folder.glob("*.xlsx")):
        book = CalamineWorkbook.from_path(str(file))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            grids[name] = [[_text(cell) for cell in row] for row in rows]
    return grids


def _text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
