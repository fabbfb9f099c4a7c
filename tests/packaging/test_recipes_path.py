"""The recipe “a path”, performed in a copy of the product: one TOML, its cases, one entry for its fact."""

import json
import shutil
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from product_copy import ProductCopy

RECIPE = Path(__file__).with_name("recipes") / "path"
PATH_FILE = "12_platform_enterprises.toml"
TITLE = "依托平台企业推动新就业群体建团"
SHORT = "依托平台企业"
FIRMS = 600
FACT = {"column.toml": "data/ledgers/enterprises.toml", "fact.toml": "data/facts/enterprises.toml"}
HIDDEN_CHANCES = """
[path.12]
gate = "union_large"
base = 2.5
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The recipe performed: the path's file, its cases, its fact; then a sample, planned and written to."""
    made = ProductCopy(tmp_path_factory.mktemp("recipe"))
    shutil.copy(RECIPE / PATH_FILE, made.folder / "paths")
    shutil.copy(RECIPE / "cases_12.toml", made.folder / "tests" / "cases" / "paths")
    for entry, file in FACT.items():
        made.append(file, (RECIPE / entry).read_text("utf-8"))
    made.run("sample", "ledgers", "--enterprises", FIRMS, "--seed", 5)
    made.run("plan", "ledgers", "--out", "OUT")
    made.run("letters", "ledgers", "--out", "LETTERS")
    return made


def test_its_cases_hold(copy):
    told = copy.cases("tests/cases/test_path_cases.py", "路径12 or least")
    assert "6 passed" in told


def test_it_is_recommended_with_reasons_and_steps(copy):
    tables = {file.stem: pl.read_parquet(file) for file in (copy.folder / "OUT" / "tables").glob("*.parquet")}
    own = pl.col("path") == 12
    first = tables["recommendations"].filter(own, pl.col("rank") == 1)
    assert first.height > 0 and first["path_key"].unique().to_list() == ["platform_enterprises"]
    assert first["reasons"].str.contains("新就业群体").any()
    assert set(first["enterprise_id"]) <= set(tables["actions"].filter(own)["enterprise_id"])
    firms = tables["enterprises"].join(first, on="enterprise_id", how="semi")
    assert firms.filter(pl.col("platform_workers") > 0).height == firms.height
    assert tables["evaluations"].filter(own).height * 12 == tables["evaluations"].height
    assert tables["paths"]["title"].to_list()[-1] == TITLE


def test_annex_action_lists_and_letters_name_it(copy):
    sheet = openpyxl.load_workbook(copy.folder / "OUT" / "annexes" / "annex_3.xlsx").worksheets[0]
    texts = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert "拟建路径（1-12）" in texts and f"路径12 {TITLE}" in texts
    lists = (copy.folder / "OUT" / "actions").glob("*.xlsx")
    assert any(TITLE in _text_of(file) for file in lists)
    letters = [_text_of(file) for file in (copy.folder / "LETTERS").rglob("*.docx")]
    assert any("关于商请推动平台企业建立团组织的函" in text for text in letters)
    assert any("（某省团委〔2019〕5号）" in text for text in letters)


def test_every_engine_and_the_ranking_of_millions_knows_it(copy):
    told = json.loads(
        copy.python(RECIPE / "engines.py", "ledgers", "polars", "duckdb", "pandas").splitlines()[-1]
    )
    assert told["equal"]
    counts = {*told["planned"].values(), *told["ranked"].values()}
    assert len(counts) == 1 and counts.pop() > 0


def test_one_enterprise_is_explained_with_it(copy):
    name = pl.read_parquet(copy.folder / "OUT" / "tables" / "recommendations.parquet").filter(
        (pl.col("path") == 12) & (pl.col("rank") == 1)
    )["enterprise_id"][0]
    firms = pl.read_parquet(copy.folder / "OUT" / "tables" / "enterprises.parquet")
    code = firms.filter(pl.col("enterprise_id") == name)["credit_code"][0]
    assert TITLE in copy.run("explain", "ledgers", "--enterprise", code)


def test_the_sample_tries_it_once_its_hidden_chances_are_written(copy):
    with copy.changed({"data/samples/success.toml": lambda before: before + HIDDEN_CHANCES}):
        copy.run("sample", "tried", "--enterprises", 4_000, "--layout", "csv")
    outcomes = next((copy.folder / "tried").rglob("*建团成果台账*.csv"))
    assert 12 in pl.read_csv(outcomes)["路径"].to_list()
    told = copy.run("learn", "tried", "--models", "MODELS")
    assert "已结束的建团工作" in told
    truth = pl.read_parquet(copy.folder / "tried" / "truth" / "enterprises.parquet")
    assert truth["probability_12"].drop_nulls().len() > 0


def test_a_folder_of_ones_own_does_the_same_without_touching_the_product(copy, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    shutil.copy(RECIPE / PATH_FILE, own)
    (copy.folder / "paths" / PATH_FILE).unlink()
    try:
        copy.run("plan", "ledgers", "--out", "OWN", "--paths", own)
        told = copy.run("plan", "ledgers", "--out", "NONE", "--paths", tmp_path / "nowhere", expect=2)
    finally:
        shutil.copy(RECIPE / PATH_FILE, copy.folder / "paths")
    for name in ("recommendations", "reasons", "actions", "paths", "evaluations"):
        one, other = (copy.folder / out / "tables" / f"{name}.csv" for out in ("OUT", "OWN"))
        assert one.read_bytes() == other.read_bytes(), name
    assert "找不到路径文件夹" in told


@pytest.mark.browser
def test_the_map_draws_it_in_the_view_by_path(copy, chromium):
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((copy.folder / "OUT" / "maps" / "coverage.html").as_uri())
    page.locator("html[data-ready=yes]").wait_for(state="attached", timeout=20_000)
    page.locator("#symbols").select_option("path")
    page.locator("#finding summary").first.click()
    page.locator("#filter-path").select_option(label=f"12 {SHORT}")
    assert SHORT in page.locator("#legend").inner_text()
    page.locator("#results button, #list button").first.click()
    page.locator(".leaflet-popup .card.enterprise").wait_for()
    assert SHORT in page.locator(".leaflet-popup").inner_text()
    page.wait_for_function(_DRAWN)
    assert complaints == []
    page.close()


# Some tile of the firms holds the colour of path 12's symbol: everything else is filtered out.
_DRAWN = """() => {
  const colour = DATA.paths[11].colour.match(/[0-9a-f]{2}/g).map((part) => parseInt(part, 16));
  return [...document.querySelectorAll(".leaflet-points-pane canvas")].some((tile) => {
    const { data } = tile.getContext("2d").getImageData(0, 0, tile.width, tile.height);
    for (let i = 0; i < data.length; i += 4)
      if (colour.every((part, k) => data[i + k] === part) && data[i + 3] === 255) return true;
    return false;
  });
}"""


def _text_of(file: Path) -> str:
    """All text in the parts of an office file."""
    with zipfile.ZipFile(file) as parts:
        return "".join(
            parts.read(name).decode("utf-8", "replace") for name in parts.namelist() if name.endswith(".xml")
        )
