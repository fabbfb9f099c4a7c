"""Tables of a campaign stand as described: columns, kinds, keys; and the report leads to their dictionary."""

import polars as pl
import pytest

import coverage_engine as ce
from coverage_engine.campaigns import CampaignConfig, CampaignOptions, load_scenarios, run_campaign
from coverage_engine.campaigns import write_campaign as written_campaign
from coverage_engine.model.tables import CAMPAIGN_TABLES


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    ledgers, out = tmp_path_factory.mktemp("ledgers"), tmp_path_factory.mktemp("campaign")
    ce.write_sample(ledgers, enterprises=200, seed=3)
    snapshot = ce.read_ledgers([ledgers])[0]
    options = CampaignOptions(CampaignConfig(2, 64, 1))
    result = run_campaign(snapshot, ce.plan(snapshot)["enterprises"], load_scenarios(()), options)
    written_campaign(result, out)
    return out


@pytest.mark.parametrize("name", sorted(set(CAMPAIGN_TABLES) - {"backtest"}))
def test_a_table_of_a_campaign_stands_as_described(folder, name):
    table = CAMPAIGN_TABLES[name]
    written = pl.read_parquet(folder / "tables" / f"{name}.parquet")
    for column in table:
        stars = column.name.endswith("*")
        names = [each for each in written.columns if each.startswith("p_")] if stars else [column.name]
        assert names and {written[each].dtype for each in names} == {column.dtype}, column.name
    assert not table.key or written.select(table.key).is_unique().all()


def test_the_report_leads_from_each_table_to_its_entry(folder):
    page = (folder / "index.html").read_text("utf-8")
    entries = (folder / "tables" / "字典.html").read_text("utf-8")
    for file in (folder / "tables").glob("*.parquet"):
        assert f'href="tables/%E5%AD%97%E5%85%B8.html#{file.stem}"' in page
        assert f'id="{file.stem}"' in entries
