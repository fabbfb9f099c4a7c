"""Sheets in the forms of departments: headers of the register, rows of firms that do not exist."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from coverage_engine.ledgers.credit_codes import valid_codes
from coverage_engine.ledgers.files.raw_sheets import RawSheet
from coverage_engine.ledgers.files.text_files import grid_of
from coverage_engine.ledgers.kinds import LedgerColumn, ledger_kind
from coverage_engine.ledgers.personal_data import without_personal_data
from coverage_engine.ledgers.tables.sheets import Layout, lay_out

ROWS = 12
_SIGNS = "澈岚衡岫溪禾朗棠珂梵霁屿"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True)
class FormCase:
    """A list as a department keeps it: headers with the field of each, empty where none is read."""

    name: str
    file: str
    sheet: str
    title: str
    kind: str
    columns: tuple[tuple[str, str], ...]

    @property
    def useful(self) -> dict[str, str]:
        """Headers that are to be read, with their fields."""
        return {header: field for header, field in self.columns if field}


@cache
def form_cases() -> tuple[FormCase, ...]:
    """Every form of the register."""
    entries = tomllib.loads((Path(__file__).parent / "forms.toml").read_text("utf-8"))["form"]
    return tuple(FormCase(**{**entry, "columns": tuple(map(tuple, entry["columns"]))}) for entry in entries)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test of a form is run for every form of the register."""
    if "form_case" in metafunc.fixturenames:
        metafunc.parametrize("form_case", form_cases(), ids=lambda case: case.name)


@pytest.fixture
def all_forms() -> tuple[FormCase, ...]:
    """Every form of the register."""
    return form_cases()


@pytest.fixture
def form_of() -> Callable[..., FormCase]:
    """A list of one's own: its title, headers with the field of each, and kind."""

    def make(
        title: str, columns: Sequence[tuple[str, str]], kind: str = "enterprises", sheet: str = "Sheet1"
    ) -> FormCase:
        return FormCase(title, "资料", sheet, title, kind, tuple(columns))

    return make


@pytest.fixture
def lay_out_form() -> Callable[..., Layout]:
    """Lays out the sheet of a case; see `laid_out`."""
    return laid_out


@pytest.fixture
def wrongly_read() -> Callable[[FormCase, Layout], dict[str, str]]:
    """Headers of a case that are read as another field than theirs (an address also tells the place)."""

    def wrong(case: FormCase, layout: Layout, order: Sequence[int] | None = None) -> dict[str, str]:
        read = read_as(layout)
        at = list(order or range(len(case.columns)))
        return {
            header: read[index]
            for index, (header, field) in enumerate(case.columns[place] for place in at)
            if index in read and read[index] != field and (read[index], field) != ("division_code", "address")
        }

    return wrong


@pytest.fixture
def fields_of() -> Callable[[Layout], dict[int, str]]:
    """The field that is read from each column of a sheet."""
    return read_as


# ---------------------------------------------------------------------------------------------- private


def laid_out(
    case: FormCase, headers: Sequence[str] | None = None, order: Sequence[int] | None = None
) -> Layout:
    """The sheet of a case laid out, its headers written as given and its columns in an order."""
    shown = list(headers or [header for header, _ in case.columns])
    cells = [_cells(case, header, field) for header, field in case.columns]
    places = list(order or range(len(shown)))
    rows = [[shown[place] for place in places]]
    rows += [[cells[place][row] for place in places] for row in range(ROWS)]
    if case.title:
        rows.insert(0, [case.title, *[""] * (len(places) - 1)])
    raw = RawSheet(f"{case.file}.xlsx", "0" * 64, case.sheet, grid_of(rows))
    return lay_out(without_personal_data(raw), 0)


def read_as(layout: Layout) -> dict[int, str]:
    """The field that is read from each column of a sheet."""
    return {place.index: place.column.key for place in reversed(layout.columns)}


def _cells(case: FormCase, header: str, field: str) -> list[str]:
    if field in ("", "place_province", "place_city"):
        return [_other(header, row) for row in range(ROWS)]
    column = ledger_kind(case.kind).column(field)
    return [_cell(column, header, row) for row in range(ROWS)]


def _cell(column: LedgerColumn, header: str, row: int) -> str:
    firm = f"郑州市{_SIGNS[row]}{_SIGNS[-1 - row]}商贸有限公司"
    if column.firm:
        return f"{firm}总经理" if "职务" in header else firm
    if column.type == "count":
        return str(3 + 7 * row)
    if column.type == "credit_code":
        return _code(row)
    if column.type == "division":
        return ("金水区", "二七区", "中牟县", "新郑市")[row % 4]
    if column.type == "choice":
        words = [word for word, value in (column.words or {}).items() if value and not word.isdigit()]
        return "3" if header == "企业控股情况" else "1" if header == "运营状态" else words[row % len(words)]
    if column.type == "flag":
        return "有" if row % 2 else "无"
    return {
        "address": f"郑州市金水区文化路{row + 1}号",
        "registration_text": "有限责任公司（自然人投资或控股）",
        "industry_text": "零售业",
        "industry_code": "5211",
        "full_name": f"共青团{firm}支部委员会",
        "short_name": f"{_SIGNS[row]}团支部",
        "superior": "中共金水区委",
        "category": "非公企业",
    }.get(column.key, f"{firm}甲乙")


def _other(header: str, row: int) -> str:
    if header in ("序号", "编号"):
        return str(row + 1)
    if any(word in header for word in ("日期", "时间")):
        return f"201{row % 9}-05-0{1 + row % 8}"
    if any(word in header for word in ("数", "人", "元", "面积", "额")):
        return str(2 + row % 5)
    if "省" in header:
        return "河南省"
    return "郑州市" if "市" in header else f"说明{row % 3}"


@cache
def _code(row: int) -> str:
    generator = random.Random(row)
    while True:
        body = "91410105MA4" + "".join(generator.choices("0123456789", k=6))
        tried = pl.Series([body + sign for sign in _ALPHABET])
        sound = [code for code, fine in zip(tried, valid_codes(tried), strict=True) if fine]
        if sound:
            return sound[0]
