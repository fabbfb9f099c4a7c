"""Maps of many enterprises: what a click tells stands in county files beside the page, and keeps working."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from coverage_engine.content import checked_content
from coverage_engine.mapping import page as page_module
from coverage_engine.mapping import write_map
from coverage_engine.model.plan import Plan

Make = Callable[..., Plan]
Look = Callable[..., Any]
EVIL = '{{7*7}}</script><img src=x onerror=alert(1)>`${1}`");alert(1);("'


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten enterprises count as many."""

    def content(shape: type, *parts: str) -> dict[str, Any]:
        found = checked_content(shape, *parts)
        if parts[-1] == "palette.toml":
            found = {**found, "points": {**found["points"], "details_in_page_up_to": 10}}
        return found

    monkeypatch.setattr(page_module, "checked_content", content)


def written(plan: Plan, outlines: dict[str, Any], folder: Path) -> Path:
    file = folder / "coverage.html"
    write_map(plan, outlines, file)
    return file


def test_few_enterprises_leave_one_file_and_many_a_folder_beside_it(
    make_plan: Make, outlines: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(make_plan(60), outlines, tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["coverage.html"]
    assert "strict-dynamic" not in file.read_text("utf-8")


@pytest.mark.usefixtures("many")
def test_a_county_file_is_a_call_with_numbers_and_base64_and_no_word_of_a_ledger(
    make_plan: Make, outlines: dict[str, Any], tmp_path: Path
) -> None:
    plan = make_plan(60, names=dict.fromkeys(range(60), EVIL))
    evil = pl.lit(EVIL)
    spoilt = {
        "enterprises": plan["enterprises"].with_columns(evil.alias("credit_code"), evil.alias("ground_text")),
        "recommendations": plan["recommendations"].with_columns(evil.alias("reasons")),
    }
    written(replace(plan, tables={**plan.tables, **spoilt}), outlines, tmp_path)
    files = sorted((tmp_path / "coverage_data").iterdir())
    assert len(files) > 10
    for at, file in enumerate(files):
        assert file.name == f"{at:03d}.js"
        call = re.fullmatch(r'coverageDetails\("[0-9a-f]{16}",(\d+),(\{.*\})\);\n', file.read_text("ascii"))
        assert call is not None
        assert int(call.group(1)) == at
        assert re.fullmatch(r'[{}\[\]:,"0-9A-Za-z_+/=]*', call.group(2))


@pytest.mark.usefixtures("many")
def test_a_second_build_gives_the_same_files(
    make_plan: Make, outlines: dict[str, Any], tmp_path: Path
) -> None:
    def content() -> dict[str, bytes]:
        return {str(each): each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()}

    written(make_plan(60), outlines, tmp_path)
    first = content()
    written(make_plan(60), outlines, tmp_path)
    assert content() == first


@pytest.mark.browser
@pytest.mark.usefixtures("many")
def test_a_click_still_leads_to_the_reasons_and_a_code_is_still_found(make_plan: Make, see: Look) -> None:
    plan = make_plan(200)
    best = plan["recommendations"].filter(pl.col("rank") == 1).row(0, named=True)
    firm = plan["enterprises"].filter(pl.col("enterprise_id") == best["enterprise_id"]).row(0, named=True)
    seen = see(plan)
    assert len(seen.requests) == 1
    seen.find(firm["name"])
    card = seen.page.locator(".leaflet-popup .card.enterprise").inner_text()
    for expected in (firm["credit_code"], best["lead_unit"], *best["reasons"].split(";")):
        assert expected in card
    assert len(seen.requests) == 2
    seen.page.keyboard.press("Escape")
    seen.find(firm["credit_code"])
    assert seen.page.locator(".leaflet-popup h3").text_content() == firm["name"]
    again = seen.page.evaluate("location.href")
    assert f"open={firm['credit_code']}" in again
    seen.page.reload()
    seen.page.locator(".leaflet-popup h3", has_text=firm["name"]).wait_for()
    assert seen.outside_requests() == []
    assert seen.complaints == []


@pytest.mark.browser
@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("fault", ["missing", "of another build"])
def test_a_page_without_its_county_files_tells_what_it_has_and_what_it_lacks(
    make_plan: Make, see: Look, fault: str
) -> None:
    seen = see(make_plan(60))
    for file in (seen.file.parent / f"{seen.file.stem}_data").iterdir():
        if fault == "missing":
            file.unlink()
        else:
            file.write_text(re.sub(r'"[0-9a-f]{16}"', '"0123456789abcdef"', file.read_text("ascii")), "ascii")
    seen.find("虚构第1号")
    card = seen.page.locator(".leaflet-popup .card.enterprise").inner_text()
    assert "虚构第1号" in card
    assert "覆盖状态" in card
    assert f"{seen.file.stem}_data" in card
    assert "理由存放在地图旁边的文件夹" in card


@pytest.mark.browser
@pytest.mark.usefixtures("many")
def test_a_script_element_written_into_the_page_is_not_run_though_the_page_may_load_its_files(
    make_plan: Make, see: Look
) -> None:
    seen = see(make_plan(60))
    (seen.file.parent / "evil.js").write_text("window.evil = true;", "utf-8")
    text = seen.file.read_text("utf-8")
    assert "'strict-dynamic'" in text
    seen.file.write_text(text.replace("<footer>", "<script src=evil.js></script><footer>"), "utf-8")
    seen.page.reload()
    seen.page.locator("html[data-ready=yes]").wait_for(state="attached")
    assert seen.page.evaluate("window.evil === undefined")
