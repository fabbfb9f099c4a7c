"""Finding: filters count as the tables do, the list keeps in step, a link restores the view, keys suffice."""

from __future__ import annotations

import random
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from coverage_engine.model.drawing import Drawing, Period
from coverage_engine.model.plan import Division, Plan
from coverage_engine.model.vocabulary import CoverageState, Obligation, Tier

Make = Callable[..., Plan]
Look = Callable[..., Any]
DIVISIONS = (
    Division("410000", "河南省", "province"),
    Division("410100", "郑州市", "city"),
    Division("410122", "中牟县", "county"),
)
AXE = "axe-core@4.10.3"
CHOICES = ("city", "county", "tier", "state", "duty", "path")

pytestmark = pytest.mark.browser


def shown_in(plan: Plan) -> pl.DataFrame:
    """Enterprises of the page by the plan's own tables, with their first path."""
    first = plan["recommendations"].filter(pl.col("rank") == 1).select("enterprise_id", "path")
    covered = pl.col("coverage_state").is_in(["own", "joint"])
    return (
        plan["enterprises"].filter(pl.col("is_target") | covered).join(first, on="enterprise_id", how="left")
    )


def passing(firms: pl.DataFrame, chosen: dict[str, Any]) -> pl.DataFrame:
    columns = {
        "city": "city",
        "county": "county",
        "state": "coverage_state",
        "duty": "obligation",
        "path": "path",
    }
    for name, column in columns.items():
        if name in chosen:
            firms = firms.filter(pl.col(column) == chosen[name])
    if "tier" in chosen:
        firms = firms.filter(pl.col("tiers").str.split(";").list.contains(chosen["tier"]))
    return firms


def drawn_at_random(firms: pl.DataFrame, dice: random.Random) -> dict[str, Any]:
    """One to four filters taken from an enterprise that is there, so that many of them are not empty."""
    firm = firms.row(dice.randrange(firms.height), named=True)
    values = {
        "city": firm["city"],
        "county": firm["county"],
        "tier": dice.choice([tier.value for tier in Tier]),
        "state": firm["coverage_state"],
        "duty": firm["obligation"],
        "path": firm["path"] or dice.randint(1, 11),
    }
    names = [name for name in dice.sample(CHOICES, dice.randint(1, 4)) if name != "county"]
    if "city" in names and dice.random() < 0.5:
        names.append("county")
    return {name: values[name] for name in names}


def choose(page: Any, chosen: dict[str, Any]) -> None:
    positions = {
        "state": list(CoverageState),
        "duty": list(Obligation),
        "tier": list(Tier),
    }
    page.locator("#clear-filters").click()
    for name in CHOICES:
        if name in chosen:
            value = chosen[name]
            wanted = str(positions[name].index(value)) if name in positions else str(value)
            page.locator(f"#filter-{name}").select_option(wanted)


def test_counts_of_fifty_random_filters_equal_the_tables(make_plan: Make, see: Look) -> None:
    plan = make_plan(900)
    firms = shown_in(plan)
    page = see(plan).page
    page.locator("#finding summary").first.click()
    page.locator("#in-view").uncheck()
    dice = random.Random(50)
    for _ in range(50):
        chosen = drawn_at_random(firms, dice)
        choose(page, chosen)
        expected = passing(firms, chosen)
        told = page.locator("#filter-counts")
        assert told.get_attribute("data-count") == str(expected.height), chosen
        text = told.inner_text()
        for label, column, word in (
            ("单独建立", "coverage_state", "own"),
            ("空白", "coverage_state", "uncovered"),
            ("必须建团", "obligation", "must_establish"),
        ):
            many = expected.filter(pl.col(column) == word).height
            assert (f"{label} {many:,}" in text) is (many > 0), (chosen, text)
        assert page.locator("#list li").count() <= 50


def test_the_list_holds_the_firms_of_the_filter_in_the_order_of_priority_and_leads_to_them(
    make_plan: Make, see: Look
) -> None:
    plan = make_plan(300)
    seen = see(plan)
    page = seen.page
    page.locator("#finding summary").first.click()
    page.locator("#filter-city").select_option("郑州市")
    page.locator("#filter-duty").select_option("0")
    firms = passing(shown_in(plan), {"city": "郑州市", "duty": "must_establish"}).sort("priority_rank")
    assert 0 < firms.height <= 50
    page.locator(f"#list-count[data-count='{firms.height}']").wait_for()
    assert [name.strip() for name in page.locator("#list bdi").all_inner_texts()] == firms["name"].to_list()
    page.locator("#list button").first.press("Enter")
    page.locator(".leaflet-popup .card.enterprise").wait_for()
    assert firms["name"][0] in page.locator(".leaflet-popup h3").inner_text()
    # The view moved to the firm, and the list with it: what is listed stands in the view.
    page.locator("#finding summary").first.wait_for()
    assert int(page.locator("#list-count").get_attribute("data-count")) <= firms.height
    assert seen.complaints == []


def test_a_link_restores_place_layers_denominator_symbols_filters_and_the_opened_firm(
    make_plan: Make, see: Look
) -> None:
    seen = see(make_plan(300))
    page = seen.page
    page.locator("#category").select_option("operating")
    page.locator("#layer-heat").check()
    page.locator("#layer-circles").uncheck()
    page.locator("#symbols").select_option("path")
    page.locator("#finding summary").first.click()
    page.locator("#filter-state").select_option("3")
    seen.find("虚构第11号")
    link = page.evaluate("location.href")
    count = page.locator("#filter-counts").inner_text()
    again = page.context.new_page()
    complaints: list[str] = []
    again.on("console", lambda message: complaints.append(message.text))
    again.goto(link)
    again.locator("html[data-ready=yes]").wait_for(state="attached")
    again.locator(".leaflet-popup .card.enterprise").wait_for()
    assert "虚构第11号" in again.locator(".leaflet-popup h3").inner_text()
    assert again.locator("#filter-counts").inner_text() == count
    assert again.locator("#category").input_value() == "operating"
    assert again.locator("#symbols").input_value() == "path"
    assert again.locator("#layer-heat").is_checked()
    assert not again.locator("#layer-circles").is_checked()
    for ask in ("MAP.getZoom()", "MAP.getCenter().lat.toFixed(3)", "MAP.getCenter().lng.toFixed(3)"):
        assert again.evaluate(ask) == page.evaluate(ask)
    assert again.evaluate("location.href") == link
    assert complaints == []


@pytest.mark.parametrize(
    "address",
    ["#at=x,y&zoom=z", "#at=34,113&zoom=9&open=<img src=x onerror=alert(1)>&city=nowhere&path=77", "#%%"],
)
def test_a_broken_or_hostile_link_shows_the_map_and_runs_nothing(
    make_plan: Make, see: Look, address: str
) -> None:
    seen = see(make_plan(60), address=address)
    assert seen.page.locator(".leaflet-counties-pane path").count() == 158
    assert seen.page.locator("img").count() == 0
    assert seen.complaints == []


def test_the_links_of_the_opened_firm_are_drawn_named_and_followed(make_plan: Make, see: Look) -> None:
    seen = see(make_plan(300))
    seen.find("虚构第1号")
    card = seen.page.locator(".leaflet-popup .card.enterprise")
    assert "分支机构" in card.inner_text()
    assert card.locator(".links button").count() == 3
    assert seen.page.locator(".leaflet-links-pane path").count() == 3
    other = card.locator(".links bdi").first.inner_text()
    card.locator(".links button").first.click()
    seen.page.locator(".leaflet-popup h3", has_text=other).wait_for()
    assert "企业总部" in seen.page.locator(".leaflet-popup .card").inner_text()
    seen.page.keyboard.press("Escape")
    assert seen.page.locator(".leaflet-links-pane path").count() == 0


@pytest.mark.parametrize(
    "name",
    [
        "<img src=x onerror=alert(1)>",
        "</script><script>alert(1)</script>",
        "{{cycler.__init__.__globals__.os.getpid()}}",
        "{% for x in y %}",
        "`${alert(1)}`",
        "\u202e司公限有 RTL \u202c",
        "'\"><svg onload=alert(1)>",
        "&lt;b&gt;&amp;",
        "javascript:alert(1)//",
        "长" * 10_000,
    ],
)
def test_a_hostile_name_is_text_in_the_list_in_links_and_in_the_link_of_the_view(
    make_plan: Make, see: Look, name: str
) -> None:
    plan = make_plan(12, names={1: name, 2: name})
    codeless = plan["enterprises"].with_columns(pl.lit(None, dtype=pl.String).alias("credit_code"))
    seen = see(replace(plan, tables={**plan.tables, "enterprises": codeless}))
    page = seen.page
    page.locator("#finding summary").first.click()
    page.locator("#list li").first.wait_for()
    assert page.locator("#list bdi").all_text_contents().count(name) >= 1
    seen.find(name.strip()[:60])
    assert name in page.locator(".leaflet-popup .links bdi").all_text_contents()
    assert page.locator("#list bdi *, .leaflet-popup bdi *, .leaflet-popup h3 *, img").count() == 0
    page.reload()
    page.locator("html[data-ready=yes]").wait_for(state="attached")
    assert page.locator(".leaflet-popup h3").text_content() == name
    assert seen.outside_requests() == []
    assert seen.complaints == []


def test_the_popup_gives_the_best_three_paths_with_their_reasons(make_plan: Make, see: Look) -> None:
    plan = make_plan(60)
    target = plan["recommendations"]["enterprise_id"][0]
    paths = plan["recommendations"].filter(pl.col("enterprise_id") == target).sort("rank")
    seen = see(plan)
    seen.find(f"虚构第{target}号")
    card = seen.page.locator(".leaflet-popup .card.enterprise")
    for summary in card.locator("summary").all():
        summary.click()
    text = card.inner_text()
    for path, reasons in paths.select("path", "reasons").iter_rows():
        assert f"路径{path} " in text
        assert all(reason in text for reason in reasons.split(";"))


def test_the_smoothed_rate_its_interval_and_hot_spots_stand_in_tooltip_and_table(
    make_plan: Make, see: Look
) -> None:
    plan = make_plan(20)
    page = see(plan).page
    assert page.locator(".leaflet-hot-pane path").count() > 5
    page.locator("#figures-details summary").press("Enter")
    row = plan["county_estimates"].filter(
        (pl.col("division") == "中牟县") & (pl.col("category") == "duty_bound")
    )
    estimate = row.row(0, named=True)
    shown = page.locator("#figures-table tr", has_text="中牟县").inner_text()
    assert f"{100 * estimate['gap_smoothed']:.1f}%（" in shown
    assert "偏高成片" in page.locator("#figures-table tr", has_text="邓州市").inner_text()
    page.get_by_role("button", name="中牟县").press("Enter")
    popup = page.locator(".leaflet-popup").inner_text()
    assert f"{estimate['known_gap']} / {estimate['known']}" in popup.replace(",", "")
    assert "90% 区间" in popup


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The accessibility checker from the registry of its own package, or a loud word that it did not run."""
    npm = shutil.which("npm")
    folder = tmp_path_factory.mktemp("axe")
    if npm is not None:
        got = subprocess.run([npm, "pack", AXE, "--silent"], cwd=folder, capture_output=True, timeout=90)
        packed = next(iter(folder.glob("axe-core-*.tgz")), None)
        if got.returncode == 0 and packed is not None:
            with tarfile.open(packed) as archive:
                member = archive.extractfile("package/axe.min.js")
                assert member is not None
                return member.read().decode("utf-8")
    pytest.skip(f"无障碍检查没有运行：未能从 npm 取得 {AXE}（需要 npm 和网络），地图页面的可及性未经核对")


@pytest.mark.parametrize("division", DIVISIONS, ids=lambda division: division.level)
def test_axe_finds_nothing_serious(
    make_plan: Make, see: Look, axe: str, division: Division, tmp_path: Path
) -> None:
    plan = make_plan(200, division=division)
    tiles = tmp_path / "tiles.toml"
    told = ("https://tiles.example/{z}/{x}/{y}?tk={key}", "wgs84", "GS(2019)1719号")
    names = ("url", "system", "review_number")
    tiles.write_text(
        "".join(f'{name} = "{value}"\n' for name, value in zip(names, told, strict=True)), "utf-8"
    )
    period = Period("2019-05-31", plan["coverage"], plan["county_estimates"])
    seen = see(plan, drawing=Drawing(periods=(period,), tiles=tiles))
    page = seen.page
    page.locator("#finding summary").first.click()
    page.locator("#figures-details summary").press("Enter")
    seen.find("虚构第1")
    page.locator("#period").press("ArrowLeft")
    page.locator("#subtitle", has_text="2019-05-31").wait_for()
    page.evaluate(axe + ";0")
    rules = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
    found = page.evaluate("rules => axe.run(document, { runOnly: rules })", rules)
    grave = [
        (violation["id"], violation["impact"], [node["html"][:120] for node in violation["nodes"]][:3])
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
    assert grave == []
    assert len(found["passes"]) > 10
