"""Bands: doubt about rates and chance told apart, common coins, held to what then happens."""

from dataclasses import replace

import numpy as np
import pytest
from campaign_oracle import random_graph

from coverage_engine.campaigns.comparison import best_shares, compare, tornado
from coverage_engine.campaigns.engine.draws import CampaignConfig, draw_rates
from coverage_engine.campaigns.engine.futures import expected, simulate, split_spread
from coverage_engine.campaigns.engine.months import numpy_runner
from coverage_engine.campaigns.engine.rules import monthly_visits, no_visits, play_of, rates_of
from coverage_engine.campaigns.scenarios.assumptions import Rate
from coverage_engine.campaigns.scenarios.scenario_files import load_scenarios

NOTHING, HEADQUARTERS, LEADERS, BOTH, _ = load_scenarios()
SMALL = CampaignConfig(draws=8, lanes=64, seed=5)
GRAPH = random_graph(4, size=200, edges=500)


def test_draws_have_the_means_of_their_priors_and_are_shared_by_scenarios():
    drawn = draw_rates(BOTH.rates(), 64, 1)
    again = draw_rates(LEADERS.rates(), 64, 1)
    for name, rate in BOTH.rates().items():
        assert drawn[name].mean() == pytest.approx(rate.mean, rel=0.05)
        assert (drawn[name] == again[name]).all()
    assert draw_rates({"fixed": Rate(0, 0, 0.2)}, 3, 1)["fixed"].tolist() == [0.2] * 3


def test_the_two_parts_of_the_spread_are_told_apart():
    chance = np.random.default_rng(1)
    means = chance.normal(0, 7, 400)[:, None] + chance.normal(0, 3, (400, 64))
    doubt, luck = split_spread(means.reshape(1, -1), 64)
    assert doubt[0] == pytest.approx(7, rel=0.1)
    assert luck[0] == pytest.approx(3, rel=0.03)


def test_rows_of_the_monthly_table_add_up_and_bands_hold_the_mean():
    result = simulate(GRAPH, BOTH, monthly_visits([3, 4], 9, 8, 12), SMALL)
    table = result.monthly()
    whole, parts = table[table.county == ""], table[table.county != ""]
    assert np.allclose(parts.groupby("month")["mean"].sum(), whole["mean"])
    assert (whole.q05 <= whole["mean"]).all() and (whole["mean"] <= whole.q95).all()
    assert whole.sd_parameter.iloc[-1] > whole.sd_chance.iloc[-1] * 0.3
    assert result.firms().p_covered.between(0, 1).all()
    assert 0 <= result.goal_chance <= 1
    near = expected(
        GRAPH, replace(BOTH, relations=tuple(replace(r, attempts=0) for r in BOTH.relations)), no_visits()
    )
    assert set(near.columns) == {"county", "month", "covered"}


def test_threads_and_more_draws_leave_the_first_futures_as_they_were():
    one = simulate(GRAPH, BOTH, no_visits(), SMALL)
    two = simulate(GRAPH, BOTH, no_visits(), replace(SMALL, threads=2))
    assert (one.places == two.places).all() and (one.reached == two.reached).all()
    again = simulate(GRAPH, BOTH, no_visits(), SMALL)
    assert (one.hours == again.hours).all() and (one.young == again.young).all()


def test_a_scenario_against_itself_differs_in_no_future_and_common_coins_narrow_the_difference():
    both, headquarters = (simulate(GRAPH, entry, no_visits(), SMALL) for entry in (BOTH, HEADQUARTERS))
    assert (compare(both, both).p_equal == 1).all()
    told = compare(both, headquarters).iloc[0]
    assert told.diff_q05 >= 0 and told.p_better > 0.5
    apart = simulate(GRAPH, HEADQUARTERS, no_visits(), replace(SMALL, seed=77))
    paired = (both.totals[-1] - headquarters.totals[-1]).var()
    assert paired < 0.5 * (both.totals[-1] - apart.totals[-1]).var()
    assert sum(best_shares([both, headquarters])) == pytest.approx(1)
    with pytest.raises(ValueError, match="same settings"):
        compare(both, apart)


def test_the_tornado_leaves_out_what_cannot_matter_and_sorts_by_swing():
    table = tornado(GRAPH, HEADQUARTERS, monthly_visits([3, 4], 9, 8, 12), SMALL)
    assert table.swing.is_monotonic_decreasing
    assert not table.assumption.str.startswith("leader").any()
    assert "headquarters.drives" in table.assumption.head(4).tolist()


def test_ninety_percent_bands_hold_nine_of_ten_futures_drawn_from_the_prior():
    """Truth is drawn from the priors 200 times on an unseen seed; the band must hold 84–96 %."""
    result = simulate(GRAPH, BOTH, no_visits(), replace(SMALL, draws=64))
    low, high = np.quantile(result.totals[-1], (0.05, 0.95))
    run, play = numpy_runner(GRAPH), play_of(BOTH, no_visits())
    chance = np.random.default_rng(99)
    held = 0
    for world in range(200):
        truth = {name: float(chance.beta(rate.a, rate.b)) for name, rate in BOTH.rates().items()}
        happened = run(play, rates_of(BOTH, truth), (4242, world)).places[-1, :, 0].sum()
        held += low <= happened <= high
    assert 0.84 <= held / 200 <= 0.96


def test_lanes_must_come_in_whole_words():
    with pytest.raises(ValueError, match="multiple of 64"):
        CampaignConfig(lanes=100)
