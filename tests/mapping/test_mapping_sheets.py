"""The paper sheet: the plan's figures on one A4 page, the same bytes every time, and optional."""

from __future__ import annotations

import builtins
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from coverage_engine.errors import CoverageEngineError
from coverage_engine.mapping import write_sheets
from coverage_engine.model.plan import Division, Plan

pytest.importorskip("matplotlib", reason="纸面图没有检查：请执行 pip install 'coverage-engine[print]'")

Make = Callable[..., Plan]
ZHENGZHOU = Division("410100", "郑州市", "city")


def words_of(file: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("纸面图的文字没有检查：本机没有 pdftotext（poppler-utils）")
    return subprocess.run(
        ["pdftotext", "-layout", file, "-"], check=True, capture_output=True, text=True
    ).stdout


def test_the_sheet_is_one_page_of_a4_with_the_figures_of_the_counties(
    make_plan: Make, outlines: dict[str, Any], tmp_path: Path
) -> None:
    plan = make_plan(60)
    (file,) = write_sheets(plan, outlines, tmp_path, formats=("pdf",))
    text = words_of(file)
    assert text.count("\f") == 1
    for expected in (
        "河南省非公企业团组织覆盖图",
        "数据截至 2019-06-15",
        "内部资料 不得公开",
        "GS(2024)0650",
        "60% 以上",
    ):
        assert expected in text
    operating = plan["coverage"].filter((pl.col("level") == "county") & (pl.col("category") == "operating"))
    backlog = operating.with_columns((pl.col("must") + pl.col("should")).alias("backlog"))
    top = backlog.sort("backlog", "division_code", descending=[True, False]).head(18)
    for name, firms in top.select("division", "backlog").iter_rows():
        assert any(name in line and f" {firms:,} " in line for line in text.splitlines()), name


def test_the_same_plan_gives_the_same_bytes_in_every_format(
    make_plan: Make, outlines: dict[str, Any], tmp_path: Path
) -> None:
    plan = make_plan(30, division=ZHENGZHOU)
    first = [file.read_bytes() for file in write_sheets(plan, outlines, tmp_path / "a")]
    assert first == [file.read_bytes() for file in write_sheets(plan, outlines, tmp_path / "b")]
    assert [data[:4] for data in first] == [b"%PDF", b"\x89PNG", b"<?xm"]


def test_the_review_number_of_other_outlines_is_printed(
    make_plan: Make, outlines: dict[str, Any], tmp_path: Path
) -> None:
    for number, told in (("豫S(2024)001号", "豫S(2024)001号"), ("", "未注明审图号")):
        (file,) = write_sheets(make_plan(10), outlines, tmp_path, formats=("pdf",), review_number=number)
        text = words_of(file)
        assert told in text
        assert "GS(2024)0650" not in text


def test_without_the_drawing_library_the_planner_is_told_what_to_install(
    make_plan: Make, outlines: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(CoverageEngineError, match="不含这一部分（print）"):
        write_sheets(make_plan(10), outlines, tmp_path)
