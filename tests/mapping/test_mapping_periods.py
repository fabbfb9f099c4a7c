"""The date slider: earlier figures and simulated ones beside the present, each told for what it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from coverage_engine.mapping.layers import period_figures
from coverage_engine.model.drawing import Drawing, Period
from coverage_engine.model.plan import Division, Plan

Make = Callable[..., Plan]
Look = Callable[..., Any]
ZHENGZHOU = Division("410100", "郑州市", "city")


def period_of(plan: Plan, name: str, *, simulated: bool = False) -> Period:
    return Period(name, plan["coverage"], plan["county_estimates"], simulated)


def gap_of(plan: Plan, county: str) -> str:
    rows = plan["county_estimates"].filter(pl.col("division") == county, pl.col("category") == "duty_bound")
    return f"{100 * rows['gap_smoothed'].item():.1f}%"


@pytest.fixture
def drawing(make_plan: Make) -> Drawing:
    return Drawing(
        periods=(
            period_of(make_plan(10, seed=1), "2019-04-30"),
            period_of(make_plan(10, seed=2), "2019-05-31"),
            period_of(make_plan(10, seed=3), "总部带动 12个月后", simulated=True),
        )
    )


def test_another_time_is_told_for_the_divisions_of_the_map_only(
    make_plan: Make, inflated_json: Callable[[str], Any]
) -> None:
    plan = make_plan(10, division=ZHENGZHOU)
    told = period_figures(period_of(make_plan(10), "2019-04-30"), plan)
    rows = inflated_json(told["rows"])
    assert {row["code"][:4] for row in rows} == {"4101"}
    assert {row["level"] for row in rows} == {"city", "county"}


@pytest.mark.browser
def test_the_slider_moves_map_table_and_heading_through_the_dates_and_back(
    make_plan: Make, see: Look, drawing: Drawing
) -> None:
    present = make_plan(10)
    seen = see(present, drawing=drawing)
    page = seen.page
    page.locator("#figures-details summary").press("Enter")
    row = page.locator("#figures-table tr", has_text="中牟县")
    colours = lambda: page.evaluate(  # noqa: E731
        "[...document.querySelectorAll('.leaflet-counties-pane path')].map(path => path.getAttribute('fill'))"
    )
    now = colours()
    assert gap_of(present, "中牟县") in row.inner_text()
    page.locator("#period").press("ArrowLeft")
    page.locator("#subtitle", has_text="2019-05-31").wait_for()
    assert gap_of(make_plan(10, seed=2), "中牟县") in row.inner_text()
    assert "以前" in page.locator("#figures-caption").inner_text()
    assert colours() != now
    page.locator("#period").press("ArrowLeft")
    page.locator("#subtitle", has_text="2019-04-30").wait_for()
    assert gap_of(make_plan(10, seed=1), "中牟县") in row.inner_text()
    page.locator("#period-after").click()
    page.locator("#period-after").click()
    page.locator("#subtitle", has_text="2019-06-15").wait_for()
    assert colours() == now
    assert gap_of(present, "中牟县") in row.inner_text()
    assert seen.complaints == []
    assert seen.outside_requests() == []


@pytest.mark.browser
def test_after_a_campaign_the_map_says_that_it_is_simulated_and_what_changes(
    make_plan: Make, see: Look
) -> None:
    plan = make_plan(10)
    eased = plan["county_estimates"].with_columns((pl.col("gap_smoothed") - 0.125).round(6))
    fewer = plan["coverage"].with_columns(pl.lit(0, dtype=pl.Int64).alias("must"))
    drawing = Drawing(periods=(Period("龙头带动 12个月后", fewer, eased, simulated=True),))
    seen = see(plan, drawing=drawing)
    page = seen.page
    page.locator("#period").press("ArrowRight")
    page.locator("#period-name", has_text="龙头带动 12个月后（测算，不是实有数）").wait_for()
    page.locator("#figures-details summary").press("Enter")
    page.get_by_role("button", name="中牟县").press("Enter")
    told = page.locator(".leaflet-popup").inner_text()
    assert "−12.5 个百分点" in told
    assert "应建未建相比" in told
    link = page.evaluate("location.href")
    again = page.context.new_page()
    again.goto(link)
    again.locator("html[data-ready=yes]").wait_for(state="attached")
    assert "测算" in again.locator("#subtitle").inner_text()
    assert seen.complaints == []


@pytest.mark.browser
def test_the_name_of_a_period_is_text(make_plan: Make, see: Look) -> None:
    name = "<img src=x onerror=alert(1)>{{7*7}}"
    plan = make_plan(10)
    seen = see(plan, drawing=Drawing(periods=(period_of(plan, name, simulated=True),)))
    seen.page.locator("#period").press("ArrowRight")
    seen.page.locator("#period-name", has_text=name).wait_for()
    assert name in seen.page.locator(".map-mark").inner_text()
    assert seen.page.locator("img").count() == 0
    assert seen.complaints == []


@pytest.mark.browser
def test_a_map_of_one_date_has_no_slider(make_plan: Make, see: Look) -> None:
    seen = see(replace(make_plan(10)))
    assert seen.page.locator("#periods").is_hidden()
