"""Back-test and learning from two snapshots: followed firms, bands that hold, rates that are found again."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from campaign_oracle import random_graph
from test_campaigns_whole import OPTIONS, SCENARIOS, _province

from coverage_engine.campaigns.backtest import county_bands
from coverage_engine.campaigns.campaign import run_campaign
from coverage_engine.campaigns.engine.draws import CampaignConfig
from coverage_engine.campaigns.engine.fast import runner
from coverage_engine.campaigns.engine.rules import no_visits, play_of, rates_of
from coverage_engine.campaigns.learning import learnt_since, updated_between
from coverage_engine.campaigns.network.snapshot_graph import CampaignNetwork
from coverage_engine.campaigns.past import Past, Since, months_between, since
from coverage_engine.campaigns.report.output import write_campaign
from coverage_engine.campaigns.scenarios.assumptions import Rate
from coverage_engine.errors import PolicyError
from coverage_engine.model.snapshot import build_snapshot

BOTH = next(entry for entry in SCENARIOS if entry.key == "both")


def _past(months=5):
    """The small province as it stood on 15 January: firm 21 covered, no outcome known yet."""
    snapshot, enterprises = _province()
    tables = {name: table for name, table in snapshot.tables.items() if name != "outcomes"}
    return Past(build_snapshot(date(2019, 6 - months, 15), tables, frozenset()), enterprises)


def _present():
    """Since then firms 2, 22 and 30 were covered, 21 lapsed, and firm 40 has left the ledger."""
    snapshot, enterprises = _province()
    state = pl.col("coverage_state")
    founded = pl.col("enterprise_id").is_in([2, 22, 30])
    changed = enterprises.with_columns(
        pl.when(founded)
        .then(pl.lit("own"))
        .when(pl.col("enterprise_id") == 21)
        .then(pl.lit("uncovered"))
        .otherwise(state)
        .alias("coverage_state")
    )
    return snapshot, changed.filter(pl.col("enterprise_id") != 40)


def test_firms_are_followed_to_the_present_and_what_became_of_them_is_told():
    told = since(_past(), *_present(), BOTH)
    assert told.months == 5
    assert not told.known[40] and told.known[:40].sum() == 40
    assert np.flatnonzero(told.covered).tolist() == [2, 22, 30]
    assert told.worked[3] and not told.worked[4]
    table = county_bands(told, BOTH, CampaignConfig(8, 64))
    whole = table.row(0, named=True)
    assert (whole["firms"], whole["covered_then"], whole["covered_now"]) == (40, 1, 3)
    for column in ("firms", "covered_then", "covered_now", "mean"):
        assert table[column][1:].sum() == pytest.approx(whole[column])
    assert ((table["q05"] <= table["covered_now"]) & (table["covered_now"] <= table["q95"])).equals(
        table["held"]
    )


def test_two_snapshots_teach_founding_and_lapse_and_the_page_tells_the_back_test(tmp_path):
    result = run_campaign(*_present(), SCENARIOS, OPTIONS, _past())
    lines = result["assumptions"].filter(pl.col("key").is_in(["campaign.lapse", "campaign.spontaneous"]))
    assert not lines["assumed"].any()
    assert lines["source"].str.contains("两期台账对照").all()
    lapse = result.outcome("both").scenario.lapse
    assert lapse.a == pytest.approx(2) and lapse.b < 199 + 5
    assert result["backtest"]["scenario"].n_unique() == 4  # two of the five drive the same relations
    write_campaign(result, tmp_path)
    page = (tmp_path / "index.html").read_text("utf-8")
    assert "回测：用 2019-01-15 的底数推演到现在" in page
    assert (tmp_path / "tables" / "backtest.csv").exists()
    write_campaign(result, tmp_path, "en")
    assert "Back-test: played from 2019-01-15" in (tmp_path / "index.html").read_text("utf-8")


def test_the_rates_of_the_back_test_know_nothing_of_what_came_after():
    told = run_campaign(*_present(), SCENARIOS, OPTIONS, _past())["backtest"]
    blind = run_campaign(*_present(), SCENARIOS, replace(OPTIONS, learn=False), _past())["backtest"]
    assert told.equals(blind)


@pytest.mark.parametrize("months", [-1, 0, 30])
def test_dates_that_cannot_be_compared_are_refused_with_the_remedy(months):
    with pytest.raises(PolicyError, match="请核对两期的时点"):
        months_between(date(2019, 6, 15), date(2019 + (6 + months) // 12, (5 + months) % 12 + 1, 15))


def test_a_rate_known_at_two_dates_only_is_found_again():
    chance = np.random.default_rng(8)
    when = chance.geometric(0.03, 20_000)
    found = updated_between(Rate(1, 199), len(when), int((when <= 9).sum()), 9)
    assert found.mean == pytest.approx(0.03, rel=0.05)
    prior = Rate(1, 199)
    assert updated_between(prior, 0, 0, 9) is prior
    assert updated_between(Rate(0, 0, 0.1), 5, 1, 9).fixed == 0.1
    nobody = updated_between(prior, 10, 0, 9)
    assert (nobody.a, nobody.b) == (1, 199 + 90)


def test_lapse_is_learnt_from_the_covered_and_founding_from_those_nobody_drives():
    followed = _followed(3, np.zeros(200, dtype=bool))
    told = learnt_since(BOTH, followed)
    covered = int((followed.graph.firms.counted & followed.graph.firms.covered).sum())
    assert told.lapse.a == BOTH.lapse.a + covered
    driven = np.isin(np.arange(200), followed.graph.target)
    alone = int((followed.graph.gaps & ~driven).sum())
    assert told.spontaneous.b == BOTH.spontaneous.b + alone * followed.months


def _followed(seed, covered):
    graph = random_graph(seed, size=200, edges=500)
    nodes = pl.DataFrame({"county_code": graph.firms.places, "county": graph.firms.places})
    nothing = np.zeros(200, dtype=bool)
    network = CampaignNetwork(graph, nodes, ())
    return Since(network, 12, graph.firms.counted, covered, nothing, no_visits())


@pytest.mark.parametrize("worlds", [30, pytest.param(200, marks=pytest.mark.slow)])
def test_nine_of_ten_bands_hold_where_the_past_was_drawn_from_the_model(worlds):
    """Each world's rates come from the priors; 84–96 % of the bands hold (30: 75–100 %)."""
    chance = np.random.default_rng(12)
    bare = _followed(3, np.zeros(200, dtype=bool))
    run, play = runner(bare.graph), play_of(BOTH, no_visits())
    held = []
    for world in range(worlds):
        truth = {name: float(chance.beta(rate.a, rate.b)) for name, rate in BOTH.rates().items()}
        state = run(play, rates_of(BOTH, truth), (31, world)).state
        covered = (state >> np.uint64(world % 64) & np.uint64(1)).astype(bool)
        table = county_bands(replace(bare, covered=covered), BOTH, CampaignConfig(16, 64))
        held.append(table["held"][0])
    low, high = (0.84, 0.96) if worlds == 200 else (0.75, 1.0)
    assert low <= np.mean(held) <= high


def test_an_earlier_ledger_of_other_firms_is_refused_in_words():
    past = _past()
    strangers = past.enterprises.with_columns(pl.lit("out_of_scope").alias("coverage_state"))
    with pytest.raises(PolicyError, match="没有一家相同的在营非公企业") as refused:
        since(Past(past.snapshot, strangers), *_present(), BOTH)
    assert "--earlier" in refused.value.remedy
