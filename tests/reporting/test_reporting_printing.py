"""PDF: the same figures as the workbook, fonts replaced as told, a way out where LibreOffice is missing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from coverage_engine.errors import ContentError
from coverage_engine.model.plan import Plan
from coverage_engine.reporting import write_annexes
from coverage_engine.reporting.printing import substitutions, write_pdf

OFFICE = shutil.which("soffice") and shutil.which("pdftotext")


def test_a_missing_font_is_replaced_by_its_first_installed_fallback() -> None:
    told = substitutions(frozenset({"Noto Serif CJK SC", "仿宋", "黑体"}))
    assert told["仿宋_GB2312"] == "仿宋"
    assert told["方正小标宋简体"] == "Noto Serif CJK SC"
    assert "黑体" not in told


def test_without_libreoffice_the_way_out_is_told(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ContentError, match="打印为 PDF"):
        write_pdf([tmp_path / "a.xlsx"], tmp_path)


@pytest.mark.office
@pytest.mark.skipif(not OFFICE, reason="LIBREOFFICE OR POPPLER IS MISSING: no PDF was made; install them")
def test_hostile_names_and_figures_stand_in_the_pdf_as_in_the_workbook(
    hostile_plan: Plan, tmp_path: Path
) -> None:
    write_annexes(hostile_plan, tmp_path)
    printed = write_pdf([tmp_path / "annex_4.xlsx"], tmp_path / "pdf")
    text = subprocess.run(
        ["pdftotext", "-layout", str(printed.files[0]), "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "=子虚" in text
    assert "27000" in text
    named = subprocess.run(
        ["pdffonts", str(printed.files[0])], check=True, capture_output=True, text=True
    ).stdout
    for font in printed.substituted.values():
        if font == "Noto Serif CJK SC":
            assert "NotoSerifCJK" in named
