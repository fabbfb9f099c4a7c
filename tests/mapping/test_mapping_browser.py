"""The page in Chromium with the network off: what a planner sees and what a hostile ledger cannot do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from coverage_engine.model.plan import Division, Plan

ZHENGZHOU = Division("410100", "郑州市", "city")
Make = Callable[..., Plan]
Look = Callable[..., Any]

pytestmark = pytest.mark.browser

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "{{7*7}}",
    "{{cycler.__init__.__globals__.os.getpid()}}",
    "{% for x in y %}",
    "`${alert(1)}`",
    "${1}",
    "\u202e司公限有 RTL \u202c",
    "'\"><svg onload=alert(1)>",
    "&lt;b&gt;&amp;",
    "A\\u003cb\\n\u2028B",
    "javascript:alert(1)//",
    "长" * 10_000,
)


def test_the_page_asks_for_nothing_complains_of_nothing_and_its_layers_switch(
    make_plan: Make, see: Look
) -> None:
    seen = see(make_plan(600))
    page = seen.page
    assert page.locator(".leaflet-counties-pane path").count() == 158
    for name, drawn in {
        "gap": ".leaflet-counties-pane path",
        "cities": ".leaflet-cities-pane path",
        "parks": ".park-icon",
    }.items():
        box = page.locator(f"#layer-{name}")
        before = box.is_checked()
        box.click()
        assert (page.locator(drawn).count() == 0) is before
        box.click()
        assert (page.locator(drawn).count() == 0) is not before
    page.locator("#layer-heat").check()
    assert page.locator("canvas.heat").count() == 1
    page.locator("#layer-heat").uncheck()
    assert page.locator("canvas.heat").count() == 0
    page.locator("#to-points").click()
    page.locator(".leaflet-points-pane canvas").first.wait_for(state="attached")
    page.locator("#layer-points").uncheck()
    assert page.locator(".leaflet-points-pane canvas").count() == 0
    assert seen.outside_requests() == []
    assert seen.complaints == []


def test_hostile_names_are_text_in_search_and_popup(make_plan: Make, see: Look) -> None:
    seen = see(make_plan(120, names=dict(enumerate(HOSTILE))))
    for name in HOSTILE:
        seen.find(name.strip()[:60])
        assert seen.page.locator("#results bdi").first.text_content() == name
        assert seen.page.locator(".leaflet-popup h3").text_content() == name
        # Nothing of the name became an element.
        assert seen.page.locator(".leaflet-popup h3 *, #results bdi *").count() == 0
        seen.page.keyboard.press("Escape")
    assert seen.page.locator("img").count() == 0
    assert seen.outside_requests() == []
    assert seen.complaints == []


def test_hostile_texts_in_every_other_column_stay_text(make_plan: Make, see: Look) -> None:
    """One element with an error handler in each column, told apart by a word of its own."""

    def evil(word: str) -> pl.Expr:
        return pl.lit(f"{{{{7*7}}}}{{% x %}}</script><img src=x onerror=alert(1)>`${{1}}`{word}").alias(word)

    plan = make_plan(30)
    tables = {
        "enterprises": ("ground_text", "missing_facts", "city", "county", "credit_code"),
        "recommendations": ("lead_unit", "reasons", "flip_fact"),
        "parks": ("name",),
        "coverage": ("division",),
    }
    spoilt = {name: plan[name].with_columns(evil(word) for word in words) for name, words in tables.items()}
    target = spoilt["recommendations"]["enterprise_id"][0]
    seen = see(replace(plan, tables={**plan.tables, **spoilt}))
    seen.find(f"虚构第{target}号")
    shown = seen.page.locator(".leaflet-popup").inner_text()
    for word in (*tables["enterprises"], *tables["recommendations"]):
        assert f"`${{1}}`{word}" in shown
    seen.page.locator("#search").fill("`name")
    seen.page.locator("#results button").first.click()
    assert "{{7*7}}{% x %}</script><img src=x" in seen.page.locator(".leaflet-popup h3").inner_text()
    assert seen.page.locator("img").count() == 0
    assert seen.complaints == []


def test_a_popup_tells_state_duty_and_first_path_of_the_firm_that_was_clicked(
    make_plan: Make, see: Look
) -> None:
    plan = make_plan(200)
    firm = next(
        row
        for row in plan["enterprises"].iter_rows(named=True)
        if row["obligation"] == "must_establish" and row["enterprise_id"] % 5
    )
    best = next(
        row
        for row in plan["recommendations"].iter_rows(named=True)
        if row["enterprise_id"] == firm["enterprise_id"] and row["rank"] == 1
    )
    seen = see(plan)
    seen.find(firm["credit_code"])
    seen.page.keyboard.press("Escape")
    box = seen.page.locator("#frame").bounding_box()
    seen.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    card = seen.page.locator(".leaflet-popup .card.enterprise")
    card.wait_for()
    text = card.inner_text()
    for expected in (
        firm["name"],
        firm["credit_code"],
        firm["county"],
        "必须建团",
        firm["ground_text"],
        f"路径{best['path']} ",
        best["lead_unit"],
        *best["reasons"].split(";"),
    ):
        assert expected in text
    assert "位置为近似" not in text


def test_an_approximate_place_is_told(make_plan: Make, see: Look) -> None:
    seen = see(make_plan(50))
    seen.find("虚构第10号")
    assert "位置为近似" in seen.page.locator(".leaflet-popup").inner_text()


def test_the_table_holds_the_counties_figures_and_follows_the_denominator(make_plan: Make, see: Look) -> None:
    plan = make_plan(50, division=ZHENGZHOU)
    seen = see(plan)
    seen.page.locator("#skip").focus()
    seen.page.keyboard.press("Enter")
    for category in ("duty_bound", "operating"):
        seen.page.locator("#category").select_option(category)
        rows = [
            row.split("\t")
            for row in seen.page.locator("#figures-table tbody").inner_text().splitlines()
            if row
        ]
        by_county = {row[1].strip(): row for row in rows}
        for row in plan["coverage"].iter_rows(named=True):
            if row["level"] == "county" and row["category"] == category:
                shown = by_county[row["division"]]
                low, high = row["denominator_low"], row["denominator_high"]
                assert shown[2].strip() == (f"{low:,}" if low == high else f"{low:,}～{high:,}")
                assert shown[8].strip() == f"{row['must']:,}"
    assert len(rows) == 13


def test_a_county_in_the_table_leads_to_its_place_on_the_map_by_keyboard(make_plan: Make, see: Look) -> None:
    seen = see(make_plan(20))
    seen.page.locator("#figures-details summary").press("Enter")
    seen.page.get_by_role("button", name="中牟县").press("Enter")
    popup = seen.page.locator(".leaflet-popup")
    popup.wait_for()
    assert "中牟县" in popup.inner_text()
    assert "空白率" in popup.inner_text()
    seen.page.keyboard.press("Escape")
    popup.wait_for(state="detached")


def test_an_old_browser_keeps_map_and_table_and_says_what_it_lacks(make_plan: Make, see: Look) -> None:
    seen = see(make_plan(50), before="delete window.DecompressionStream")
    assert "浏览器版本较旧" in seen.page.locator("#notice").inner_text()
    assert seen.page.locator(".leaflet-counties-pane path").count() == 158
    assert seen.page.locator("#layer-heat").is_disabled()
    assert seen.complaints == []


def test_labels_never_cover_each_other(make_plan: Make, see: Look) -> None:
    seen = see(make_plan(20))
    for _ in range(3):
        seen.page.locator(".place").first.wait_for()
        boxes = [label.bounding_box() for label in seen.page.locator(".place").all()]
        assert boxes
        for i, one in enumerate(boxes):
            for other in boxes[i + 1 :]:
                apart = (
                    one["x"] + one["width"] <= other["x"]
                    or other["x"] + other["width"] <= one["x"]
                    or one["y"] + one["height"] <= other["y"]
                    or other["y"] + other["height"] <= one["y"]
                )
                assert apart
        zoom = seen.page.locator(".leaflet-control-zoom-in")
        zoom.click()
        seen.page.wait_for_timeout(400)


def test_the_english_page_speaks_english(make_plan: Make, see: Look) -> None:
    seen = see(make_plan(20), lang="en")
    assert seen.page.locator("h1").inner_text() == "League coverage of non-public enterprises: 河南省"
    assert "Gap rate" in seen.page.locator("#legend").inner_text()
    assert seen.complaints == []


def test_the_sheet_prints_the_map_on_one_page_and_the_table_after_it(
    make_plan: Make, see: Look, tmp_path: Any
) -> None:
    import shutil
    import subprocess

    if shutil.which("pdftotext") is None:
        pytest.skip("打印页没有检查：本机没有 pdftotext（poppler-utils）")
    seen = see(make_plan(100, division=ZHENGZHOU))
    file = tmp_path / "sheet.pdf"
    seen.page.pdf(path=file, prefer_css_page_size=True, print_background=True)
    text = subprocess.run(
        ["pdftotext", "-layout", file, "-"], check=True, capture_output=True, text=True
    ).stdout
    first, second = text.split("\f")[:2]
    for expected in ("内部资料 不得公开", "数据截至 2019-06-15", "GS(2024)0650", "60% 以上", "北"):
        assert expected in first
    assert "分母" in second
    assert "中牟县" in second


def test_a_county_prints_with_its_enterprises_and_a_whole_legend(
    make_plan: Make, see: Look, tmp_path: Any
) -> None:
    import shutil
    import subprocess

    if shutil.which("pdftoppm") is None:
        pytest.skip("打印页没有检查：本机没有 pdftoppm（poppler-utils）")
    seen = see(make_plan(300, division=Division("410122", "中牟县", "county")))
    pictures = []
    for name in ("with", "without"):
        seen.page.locator("#layer-points").set_checked(name == "with")
        file = tmp_path / f"{name}.pdf"
        seen.page.pdf(path=file, prefer_css_page_size=True, print_background=True)
        shot = subprocess.run(
            ["pdftoppm", "-r", "60", "-f", "1", "-l", "1", file], check=True, capture_output=True
        )
        pictures.append(shot.stdout)
    differing = sum(one != other for one, other in zip(*pictures, strict=True))
    assert differing > 2_000
    told = subprocess.run(
        ["pdftotext", "-f", "1", "-l", "1", tmp_path / "with.pdf", "-"], capture_output=True, text=True
    )
    assert "园区团工委情况待核实" in told.stdout.replace("\n", "")
    seen.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    panel = seen.page.locator("#panel").bounding_box()
    legend = seen.page.locator("#legend").bounding_box()
    assert legend["y"] + legend["height"] <= panel["y"] + panel["height"] + 1
