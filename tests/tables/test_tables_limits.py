"""What `--division` leaves of each table; and that a new table, described once, appears everywhere."""

from dataclasses import replace

import narwhals as nw
import polars as pl
import pytest

import coverage_engine as ce
from coverage_engine import planning_frames
from coverage_engine.coverage import assessment
from coverage_engine.dictionary.division_limits import limited
from coverage_engine.errors import UnknownTableError
from coverage_engine.model.columns import Table, Tables, columns, orders
from coverage_engine.model.plan import Division
from coverage_engine.model.tables import PLAN_TABLES

SECTOR_GAPS = Table(
    "sector_gaps",
    "行业空白：每家企业一行，属于哪个门类",
    "Gaps of sections: one row for each enterprise with its section",
    columns(
        """
    enterprise_id id number 企业编号：门类是哪家企业的
        number of the enterprise that is meant
    section text code 行业门类：国民经济行业分类的门类字母
        section letter of its industry
    """
    ),
    key=("enterprise_id",),
    sort=orders("section, enterprise_id"),
    division="enterprise_id",
    engines=True,
)
CITY = "郑州市"


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    ce.write_sample(folder, enterprises=120, seed=5)
    return ce.read_ledgers([folder])[0]


@pytest.fixture
def sector_gaps(monkeypatch):
    """A new table: described in one place, computed in one place."""
    monkeypatch.setitem(PLAN_TABLES, "sector_gaps", SECTOR_GAPS)
    computed = assessment.coverage_frames

    def with_gaps(*arguments):
        tables = computed(*arguments)
        return {**tables, "sector_gaps": tables["enterprises"].select("enterprise_id", "section")}

    monkeypatch.setattr(assessment, "coverage_frames", with_gaps)
    monkeypatch.setattr(planning_frames, "coverage_frames", with_gaps)


@pytest.mark.usefixtures("sector_gaps")
def test_a_new_table_is_limited_written_linked_and_explained(snapshot, tmp_path):
    whole, city = ce.plan(snapshot), ce.plan(snapshot, division=CITY)
    ids = set(city["enterprises"]["enterprise_id"])
    assert 0 < len(ids) < whole["sector_gaps"].height == whole["enterprises"].height
    assert set(city["sector_gaps"]["enterprise_id"]) == ids
    ce.write_plan(city, tmp_path)
    rows = pl.read_csv(tmp_path / "tables" / "sector_gaps.csv")
    assert rows.equals(rows.sort("section", "enterprise_id", nulls_last=True))
    assert "sector_gaps.section" in (tmp_path / "tables" / "字典.html").read_text("utf-8")
    assert "tables/sector_gaps.csv" in (tmp_path / "index.html").read_text("utf-8")


@pytest.mark.usefixtures("sector_gaps")
@pytest.mark.parametrize("name", ["pandas", "duckdb"])
def test_a_new_table_comes_from_every_engine(snapshot, name):
    if name == "duckdb":
        pytest.importorskip("duckdb")
    here, there = ce.plan(snapshot), ce.plan(snapshot, engine=name)
    assert there["sector_gaps"].equals(here["sector_gaps"])
    assert [table for table in here.tables if not here[table].equals(there[table])] == []


@pytest.mark.usefixtures("sector_gaps")
def test_frames_that_come_in_lazily_go_out_with_a_new_table_too(snapshot):
    frames = {name: table.lazy() for name, table in snapshot.tables.items()}
    made = planning_frames.plan_frames(frames, snapshot.as_of, snapshot.kinds)
    assert nw.from_native(made["sector_gaps"]).collect_schema().names() == list(SECTOR_GAPS.names)
    assert set(made) == {name for name, table in PLAN_TABLES.items() if table.engines}


def test_a_table_that_nobody_described_is_refused_in_words(snapshot):
    made = ce.plan(snapshot)
    tables = {**made.tables, "sector_gaps": made["enterprises"]}
    for division in (Division("410100", CITY, "city"), made.division):
        with pytest.raises(UnknownTableError, match="sector_gaps"):
            limited(tables, PLAN_TABLES, snapshot, division)


def test_a_table_of_sums_that_nobody_makes_anew_is_refused_in_words(snapshot):
    made = ce.plan(snapshot)
    with pytest.raises(UnknownTableError, match="bundles"):
        limited(made.tables, PLAN_TABLES, snapshot, Division("410100", CITY, "city"))


def test_each_rule_leaves_what_it_says(snapshot):
    made, city = ce.plan(snapshot), ce.plan(snapshot, division=CITY)
    assert set(city.tables) == set(made.tables) == set(PLAN_TABLES)
    ids = city["enterprises"]["enterprise_id"].implode()
    for name, table in PLAN_TABLES.items():
        left, whole = city[name], made[name]
        assert left.height <= whole.height
        if table.division == "enterprise_id" and "enterprise_id" in left.columns:
            assert left["enterprise_id"].is_in(ids).all(), name
        if table.division == "":
            assert left.equals(whole), name
    assert city["coverage"]["level"].unique().sort().to_list() == ["city", "county"]


def test_a_group_with_a_firm_across_the_border_stays_whole():
    groups = replace(SECTOR_GAPS, columns=PLAN_TABLES["joint_groups"].columns, division="group_id", sort=())
    tables = {
        "enterprises": pl.DataFrame(
            {"enterprise_id": [0, 1, 2], "city_code": ["410100", "410200", "410200"]}
        ),
        "sector_gaps": pl.DataFrame({"group_id": [1, 1, 2], "enterprise_id": [0, 1, 2]}),
    }
    described = Tables((replace(PLAN_TABLES["enterprises"]), groups))
    around = {
        "divisions": pl.DataFrame({"code": ["410105"], "parent_code": ["410100"]}),
        "parks": pl.DataFrame({"park_id": [0], "city_code": ["410100"]}),
    }
    left = limited(tables, described, around, Division("410100", CITY, "city"))
    assert left["sector_gaps"]["enterprise_id"].to_list() == [0, 1]
    assert left["enterprises"]["enterprise_id"].to_list() == [0]
