"""The workbooks in an office program: formulas calculate to the cached values, pages print one page wide."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from coverage_engine.model.plan import Plan
from coverage_engine.reporting import write_actions, write_annexes

SOFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(
        SOFFICE is None,
        reason="LIBREOFFICE (soffice) IS MISSING: formulas were NOT recalculated and pages NOT printed; "
        "install libreoffice-calc and run again",
    ),
]


def _convert(files: list[Path], kind: str, folder: Path, profile: Path) -> None:
    command = [str(SOFFICE), "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", kind]
    subprocess.run(
        [*command, "--outdir", str(folder), *map(str, files)], check=True, capture_output=True, timeout=120
    )


@pytest.fixture(scope="module")
def written(make_plan: Callable[..., Plan], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    plan = make_plan(240)
    write_annexes(plan, folder / "annexes")
    write_actions(plan, folder / "actions")
    return folder


def _formulas(file: Path) -> dict[tuple[str, str], Any]:
    book = openpyxl.load_workbook(file)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("=") and cell.data_type == "f"
    }


def test_every_formula_calculates_to_its_cached_value(written: Path) -> None:
    files = sorted((written / "annexes").iterdir())
    bare, fresh = written / "bare", written / "fresh"
    bare.mkdir()
    for file in files:
        # Saved again without cached values, so that the office program has to calculate.
        openpyxl.load_workbook(file).save(bare / file.name)
    _convert(sorted(bare.iterdir()), "xlsx", fresh, written / "profile")
    checked = 0
    for file in files:
        cached = openpyxl.load_workbook(file, data_only=True)
        calculated = openpyxl.load_workbook(fresh / file.name, data_only=True)
        for sheet, cell in _formulas(file):
            wanted, found = cached[sheet][cell].value, calculated[sheet][cell].value
            assert (found or 0) == pytest.approx(wanted or 0), (file.name, sheet, cell)
            checked += 1
    assert checked > 200


def test_every_form_prints_one_page_wide_with_its_header_on_each_page(written: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("POPPLER (pdftotext) IS MISSING: printed pages were NOT looked at; install poppler-utils")
    files = [*sorted((written / "annexes").iterdir()), written / "actions" / "郑州市金水区.xlsx"]
    _convert(files, "pdf", written / "pdf", written / "profile")
    for file in sorted((written / "pdf").iterdir()):
        told = subprocess.run(["pdfinfo", str(file)], check=True, capture_output=True, text=True).stdout
        assert "841.89 x 595" in told, file.name
        text = subprocess.run(
            ["pdftotext", "-layout", str(file), "-"], check=True, capture_output=True, text=True
        )
        pages = text.stdout.split("\f")[:-1]
        assert "###" not in text.stdout, file.name
        forms = [page for page in pages if "编制说明" not in page and "SHA-256" not in page]
        numbered = [page for page in forms if "序号" in page or "次序" in page]
        assert len(forms) >= (1 if file.stem == "annex_statistics" else 2)
        assert len(numbered) >= len(forms) - 3, file.name
        assert f"第 1 页 共 {len(pages)} 页".replace(" ", "") in pages[0].replace(" ", "")
