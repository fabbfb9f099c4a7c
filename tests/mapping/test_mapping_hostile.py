"""The whole matrix: every way in which a ledger's text comes onto the map, each with every hostile name.

All names stand on one page, each in every way; the page is opened once. Nothing may be evaluated when the
page is built, nothing run in the browser, and each name must be read letter by letter where a planner reads.
"""

from __future__ import annotations

import copy
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from coverage_engine.mapping import write_map
from coverage_engine.model.drawing import Drawing, Period
from coverage_engine.model.plan import Plan
from coverage_engine.model.tables import PLAN_TABLES, conform

Make = Callable[..., Plan]

NAMES = {
    "script": "<script>document.title='pwned'</script>",
    "img": "<img src=x onerror=\"document.title='pwned'\">",
    "quotes": "'\"><svg onload=document.title='pwned'>",
    "backtick": "`;document.title='pwned';`",
    "dollar": "${document.title='pwned'}",
    "braces": "{{cycler.__init__.__globals__.os.getpid()}}{{7*7}}",
    "percent": "{% for x in y %}{% raw %}",
    "end of script": "</script><script>document.title='pwned'</script>",
    "right to left": "\u202e司公限有 \u2067RTL\u2069 \u202c",
    "ten thousand letters": "长" * 10_000,
    "entities": "&lt;b&gt;&amp;&#60;",
    "escapes": "A\\u003cb\\n\u2028B\\'",
    "address": "javascript:document.title='pwned'//",
}
# Counties of 郑州市 and 开封市 bear the names too.
RENAMED = dict(
    zip(
        [f"4101{at:02d}" for at in (2, 3, 4, 5, 6, 8, 22)] + [f"4102{at:02d}" for at in (2, 3, 4, 5, 21, 22)],
        NAMES.values(),
        strict=True,
    )
)


@pytest.fixture(scope="module")
def hostile_plan(make_plan: Make) -> Plan:
    """Firm i bears name i in all its texts and is linked to its double; parks and counties bear them too."""
    names, many = list(NAMES.values()), len(NAMES)
    plan = make_plan(2 * many, names=dict(enumerate(names + names)))
    said = pl.Series("said", names + names)
    firms = plan["enterprises"].with_columns(
        said.alias("ground_text"),
        said.alias("missing_facts"),
        pl.lit(None, dtype=pl.String).alias("credit_code"),
        pl.lit(True).alias("is_target"),
        pl.lit("uncovered").alias("coverage_state"),
        pl.lit("must_establish").alias("obligation"),
        (pl.col("enterprise_id") + 1).alias("priority_rank"),
        pl.lit("given").alias("location"),
        (114.0 + pl.col("enterprise_id") * 0.004).alias("longitude"),
        pl.lit(33.5).alias("latitude"),
    )
    paths = pl.DataFrame(
        [
            {
                "enterprise_id": i,
                "rank": rank,
                "path": rank,
                "probability": 0.5,
                "lead_unit": name,
                "reasons": name,
                "flip_fact": name,
            }
            for i, name in enumerate(names + names)
            for rank in (1, 2, 3)
        ]
    )
    links = pl.DataFrame(
        [(i, (i + many) % (2 * many), "headquarters") for i in range(2 * many)],
        schema=["enterprise_id", "other_id", "kind"],
        orient="row",
    )
    park = plan["parks"].head(1)
    parks = pl.concat([park] * many).with_columns(
        pl.Series("name", names), pl.Series("park_id", range(many)).cast(pl.Int32)
    )
    renamed = pl.col("division_code").replace_strict(RENAMED, default=pl.col("division")).alias("division")
    coverage = plan["coverage"].with_columns(renamed)
    estimates = plan["county_estimates"].with_columns(renamed)
    tables = {
        "county_estimates": estimates,
        "enterprises": firms,
        "recommendations": paths,
        "links": links,
        "parks": parks,
        "coverage": coverage,
    }
    made = {name: conform(table, PLAN_TABLES[name]) for name, table in tables.items()}
    return replace(plan, tables={**plan.tables, **made})


@pytest.fixture(scope="module")
def drawing(hostile_plan: Plan) -> Drawing:
    tables = hostile_plan["coverage"], hostile_plan["county_estimates"]
    return Drawing(periods=tuple(Period(name, *tables, simulated=True) for name in NAMES.values()))


@pytest.fixture(scope="module")
def hostile_file(
    hostile_plan: Plan, drawing: Drawing, outlines: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    file = tmp_path_factory.mktemp("hostile") / "coverage.html"
    features = copy.deepcopy(outlines["county"]["features"])
    for feature in features:
        told = feature["properties"]
        told["name"] = RENAMED.get(told["code"], told["name"])
    shapes = {**outlines, "county": {**outlines["county"], "features": features}}
    write_map(hostile_plan, shapes, file, drawing=drawing)
    return file


@pytest.fixture(scope="module")
def opened(chromium: Any, hostile_file: Path) -> Iterator[tuple[Any, list[str]]]:
    """The page, opened once with the network off, and what it complained of."""
    context = chromium.new_context(offline=True, viewport={"width": 1440, "height": 900})
    page, complaints = context.new_page(), []
    for event in ("console", "pageerror"):
        page.on(event, lambda message: complaints.append(str(getattr(message, "text", message))))
    page.on("dialog", lambda dialog: (complaints.append("dialog"), dialog.dismiss()))
    page.goto(hostile_file.as_uri())
    page.locator("html[data-ready=yes]").wait_for(state="attached")
    page.locator("#finding summary").first.click()
    page.locator("#in-view").uncheck()
    page.locator("#list li").first.wait_for()
    yield page, complaints
    context.close()


# Opens the card of each name at its place on the map, as a click does, and reads it part by part.
CARDS = """async (names) => {
  const read = (where) => [...document.querySelectorAll(where)].map((node) => node.textContent);
  const told = [];
  for (const name of names) {
    const row = await rowOf(STATE.points, name);
    MAP.setView(pointPlace(STATE.points, row), 15, { animate: false });
    await clicked(pointPlace(STATE.points, row), null);
    const card = ".leaflet-popup .card.enterprise ";
    told.push({
      "point clicked on the map": read(".leaflet-popup h3"),
      "ground": read(`${card} dd`),
      "lead unit and flip fact": read(`${card} dd bdi`),
      "reasons": read(`${card} dd li`),
      "linked enterprise": read(`${card} .links bdi`),
    });
    openPark(DATA.parks.name.indexOf(name));
    told[told.length - 1]["park"] = read(".leaflet-popup h3");
    MAP.closePopup();
    showAll();
    STATE.layers[0].drawn[0].eachLayer((layer) => {
      if (layer.feature.properties.name !== name) return;
      layer.openTooltip();
      told[told.length - 1]["tooltip of a county"] = read(".leaflet-tooltip h3");
      layer.closeTooltip();
    });
    await showPeriod(PERIODS.findIndex((period) => period.name === name));
    told[told.length - 1]["heading of a period"] = read("#period-name, #subtitle");
  }
  return told;
}"""
SEARCH = """async (words) => {
  document.getElementById("search").value = words;
  const search = new Search(STATE.points, () => {});
  search.input.value = words;
  await search.run();
  return [...document.querySelectorAll("#results bdi")].map((node) => node.textContent);
}"""


def texts(page: Any, where: str) -> list[str]:
    found: list[str] = page.locator(where).all_text_contents()
    return found


@pytest.fixture(scope="module")
def told(opened: tuple[Any, list[str]]) -> dict[str, dict[str, list[str]]]:
    """What is read of each name, by the way in which it came there."""
    page, _ = opened
    cards: list[dict[str, list[str]]] = page.evaluate(CARDS, list(NAMES.values()))
    page.locator("#figures-details").evaluate("fold => { fold.open = true; }")
    listed = {
        "list beside the map": texts(page, "#list bdi"),
        "table of divisions": texts(page, "#figures-table th, #figures-table th button"),
    }
    found = {key: {**card, **listed} for key, card in zip(NAMES, cards, strict=True)}
    for key, name in NAMES.items():
        found[key]["search result"] = page.evaluate(SEARCH, name.strip()[:40])
        # A simulated time is told as such behind its name; reasons are listed one by one.
        card = found[key]
        card["heading of a period"] = [text.partition("（测算")[0] for text in card["heading of a period"]]
        parts = [part for part in name.split(";") if part.strip()]
        card["reasons"] = [name] if all(part in card["reasons"] for part in parts) else card["reasons"]
    return found


WAYS = (
    "point clicked on the map",
    "search result",
    "list beside the map",
    "ground",
    "reasons",
    "lead unit and flip fact",
    "linked enterprise",
    "park",
    "tooltip of a county",
    "table of divisions",
    "heading of a period",
)


@pytest.mark.browser
@pytest.mark.parametrize("way", WAYS)
def test_every_hostile_name_is_read_letter_by_letter_in(
    way: str, told: dict[str, dict[str, list[str]]], opened: tuple[Any, list[str]], hostile_file: Path
) -> None:
    page, complaints = opened
    missing = [key for key, name in NAMES.items() if name not in told[key][way]]
    assert missing == []
    assert page.title() == "河南省非公企业团组织覆盖地图"
    assert page.locator("img, [onload], [onerror]").count() == 0
    assert page.evaluate("document.scripts.length") == markup_of(hostile_file).count("<script")
    assert complaints == []


def markup_of(file: Path) -> str:
    """The page without the text of its data block."""
    return re.sub(r'(id="coverage-data">).*?(?=</script>)', r"\1", file.read_text("utf-8"), flags=re.DOTALL)


def test_nothing_is_evaluated_when_the_page_is_built(
    hostile_file: Path, make_plan: Make, outlines: dict[str, Any], tmp_path: Path
) -> None:
    """But for its data the page is the one of a harmless ledger, byte for byte."""
    harmless = tmp_path / "coverage.html"
    write_map(make_plan(26), outlines, harmless)
    assert markup_of(hostile_file) == markup_of(harmless)
    assert "{{cycler.__init__.__globals__.os.getpid()}}{{7*7}}" in hostile_file.read_text("utf-8")


@pytest.mark.browser
def test_on_paper_the_names_are_text_too(opened: tuple[Any, list[str]], tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("打印页没有检查：本机没有 pdftotext（poppler-utils）")
    page, complaints = opened
    file = tmp_path / "sheet.pdf"
    page.pdf(path=file, prefer_css_page_size=True, print_background=True)
    text = subprocess.run(["pdftotext", "-raw", file, "-"], check=True, capture_output=True, text=True).stdout
    plain = re.sub(r"\s", "", text)
    for key in (
        "script",
        "img",
        "quotes",
        "backtick",
        "dollar",
        "braces",
        "percent",
        "end of script",
        "entities",
    ):
        assert re.sub(r"\s", "", NAMES[key]) in plain, key
    assert "RTL" in plain
    assert plain.count("长") > 100
    assert complaints == []
    assert page.title() == "河南省非公企业团组织覆盖地图"
