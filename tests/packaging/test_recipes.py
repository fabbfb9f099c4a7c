"""Recipes of CONTRIBUTING performed in a copy: a duty, an annex column, a province's own value."""

import json
import re
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from product_copy import ROOT, ProductCopy

RECIPES = Path(__file__).with_name("recipes")
CITY = "郑州市"
OWN_NUMBER = "某省团委〔2019〕5号"
CITED = f"通知四（1）；{OWN_NUMBER}第二条 已建党组织、团员5人以上的企业必须同步建团"
SEVEN = [
    "A path",
    "A fact of a firm and its ledger column",
    "A duty",
    "A column of an annex",
    "A province's own value",
    "A column of a table, or a table",
    "A key of content, or a kind of content file",
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the product, and the ledgers of a small sample in it."""
    made = ProductCopy(tmp_path_factory.mktemp("recipes"))
    made.run("sample", "ledgers", "--enterprises", 200, "--seed", 5, "--layout", "csv")
    return made


@pytest.fixture
def duty(copy):
    """The recipe “a duty”: its entry and its cases."""
    changes = {
        "data/policy/duties.toml": _then("duty/duty.toml"),
        "tests/cases/duties/R28_sectors.toml": _then("duty/R28_sectors.toml"),
    }
    with copy.changed(changes):
        yield copy


@pytest.fixture(scope="module")
def province(copy):
    """The recipe “a province's own value”: the folder of a plan under its file."""
    return _planned(copy, "OWN", "--policy", RECIPES / "province" / "own.toml")


def _then(file):
    """What adds a file of the recipe behind what is there."""
    return lambda before: before + (RECIPES / file).read_text("utf-8")


def _planned(copy, out, *more):
    copy.run("plan", "ledgers", "--out", out, "--division", CITY, *more)
    return copy.folder / out


def _table(folder, name):
    return pl.read_parquet(folder / "tables" / f"{name}.parquet")


def _text_of(file):
    """All text in the parts of an office file."""
    with zipfile.ZipFile(file) as parts:
        names = [name for name in parts.namelist() if name.endswith(".xml")]
        return re.sub(r"<[^>]+>", "", "".join(parts.read(name).decode("utf-8", "replace") for name in names))


def test_a_dated_duty_is_judged_and_counted(duty):
    folder = _planned(duty, "DUTY")
    own = _table(folder, "duties").filter(duty="R28")
    undone = own.filter(pl.col("applies") != "no", pl.col("met") != "yes")
    firms = _table(folder, "enterprises").filter(pl.col("ground").str.contains("R28"))
    assert undone.height and firms.height
    assert firms["ground_text"].str.contains(f"{OWN_NUMBER} 青年聚集行业规模以上企业年底前建团").all()
    (dated,) = json.loads((folder / "plan.json").read_text("utf-8"))["dated_duties"]
    assert (dated["duty"], dated["due"], dated["open"]) == ("R28", "2019-12-31", undone.height)
    page = re.sub(r"<[^>]+>", "|", (folder / "index.html").read_text("utf-8"))
    counted = rf"\|+{OWN_NUMBER}\|+2019-12-31\|+2019-12-31\|+{undone.height}\|"
    assert re.search(f"R28 青年聚集行业规模以上企业年底前建团{counted}", page)


def test_the_cases_of_a_duty_hold(duty):
    printed = duty.cases("tests/cases/test_duty_cases.py", "R28 or least")
    assert "6 passed" in printed


def test_a_column_of_an_annex_shows_a_fact_of_the_plan_and_where_it_is_from(copy):
    origin = (
        '  { column = "ground", fields = ["party", "league_members", "above_scale"], clause = "通知四" },\n'
    )
    changes = {
        "reports/annex_3.toml": _then("annex_column/column.toml"),
        "reports/trace.toml": lambda before: before.replace("]\n\n[annex_4]", f"{origin}]\n\n[annex_4]"),
    }
    with copy.changed(changes):
        folder = _planned(copy, "ANNEX", "--trace")
    sheet = openpyxl.load_workbook(folder / "annexes" / "annex_3.xlsx").worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    headers = next(row for row in rows if "应建依据" in row)
    name, ground = headers.index("企业名称"), headers.index("应建依据")
    assert ground == len(headers) - 1
    firms = dict(_table(folder, "enterprises").select("name", "ground_text").iter_rows())
    shown = {row[name]: row[ground] or "" for row in rows if row[name] in firms}
    assert shown and any(shown.values())
    assert shown == {firm: firms[firm] or "" for firm in shown}
    traced = (folder / "annexes" / "annex_3_出处.csv").read_text("utf-8")
    assert "应建依据" in traced


def test_a_province_s_own_value_decides_and_is_cited(province):
    firms = _table(province, "enterprises")
    must = firms.filter(ground="R13")
    assert must.height and must["league_members"].min() >= 5
    assert must["ground_text"].str.contains(CITED, literal=True).all()
    between = firms.filter(pl.col("league_members").is_in([3, 4]), pl.col("coverage_state") == "uncovered")
    assert between.height and not between["obligation"].is_in(["must_establish", "should_establish"]).any()
    assert OWN_NUMBER in json.loads((province / "plan.json").read_text("utf-8"))["policy_version"]


def test_letters_cite_a_province_s_own_value(copy, province):
    must = _table(province, "enterprises").filter(ground="R13")
    code, own = must["credit_code"].drop_nulls()[0], RECIPES / "province" / "own.toml"
    copy.run("letters", "ledgers", "--out", "LETTERS", "--policy", own, "--enterprise", code)
    letters = "".join(_text_of(file) for file in (copy.folder / "LETTERS" / "致企业的函").glob("*.docx"))
    assert CITED in letters and "团员5人以上的，请由党组织" in letters
    assert f"、{OWN_NUMBER}" in letters


def test_contributing_has_the_recipes_and_each_names_a_test_that_is_there():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    (chapter,) = re.findall(r"^## How to add …\n(.*?)(?=^## |\Z)", text, flags=re.M | re.S)
    recipes = re.split(r"^### ", chapter, flags=re.M)[1:]
    assert [recipe.split("\n")[0] for recipe in recipes] == [
        f"{n}. {name}" for n, name in enumerate(SEVEN, 1)
    ]
    for recipe in recipes:
        named = re.findall(r"tests/\w+/test_\w+\.py", recipe)
        assert named, recipe
        assert [file for file in named if not (ROOT / file).is_file()] == []
