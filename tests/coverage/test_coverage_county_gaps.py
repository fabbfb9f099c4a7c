"""Smoothed rates come nearer to a hidden truth than raw ones; hot spots are found and never invented."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_engine.coverage.county_gaps import county_estimates
from coverage_engine.coverage.hot_spots import hot_spots, neighbours_of
from coverage_engine.coverage.links import enterprise_links
from coverage_engine.coverage.smoothing import smoothed_gaps
from coverage_engine.divisions.table import shapes
from coverage_engine.frames.dialect import collected, lazy_frames

NEIGHBOURS = neighbours_of(shapes("2019-05", "county"))
CODES = sorted(NEIGHBOURS)


def counties(gaps: list[int], firms: list[int], **doubts: list[int]) -> pl.DataFrame:
    """Rows of the table `coverage` with everything known, except for the columns in `doubts`."""
    k, n = np.array(gaps), np.array(firms)
    columns = {
        "division_code": CODES[: len(k)],
        "division": [f"县{i}" for i in range(len(k))],
        "level": "county",
        "category": "duty_bound",
        "denominator_low": n,
        "denominator_high": n,
        "joint_low": n - k,
        "joint_high": n - k,
        "uncovered_low": k,
        "unknown": 0 * k,
    }
    return pl.DataFrame({**columns, **doubts})


def maps_with_hidden_truth(rounds: int) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """True rates, firms and counted gaps; firms as in Henan (median 23, from 2 to 663)."""
    dice = np.random.default_rng(2019)
    found = []
    for turn in range(rounds):
        firms = np.clip(np.round(np.exp(dice.normal(np.log(23), 1.1, len(CODES)))), 2, 663).astype(int)
        bell = 1 / (1 + np.exp(-dice.normal(-0.2, 0.6, len(CODES))))
        truth = dice.beta(4, 5, len(CODES)) if turn % 2 else bell
        found.append((truth, firms, dice.binomial(firms, truth)))
    return found


def test_smoothed_rates_miss_the_hidden_truth_by_three_quarters_of_the_raw_error_or_less() -> None:
    smoothed = raw = 0.0
    held = []
    for truth, firms, gaps in maps_with_hidden_truth(30):
        rows = smoothed_gaps(counties(gaps.tolist(), firms.tolist()))
        smoothed += float(np.abs(rows["gap_smoothed"].to_numpy() - truth).mean())
        raw += float(np.abs(gaps / firms - truth).mean())
        held.append((rows["gap_low"].to_numpy() <= truth) & (truth <= rows["gap_high"].to_numpy()))
    assert smoothed <= 0.75 * raw
    assert 0.87 <= float(np.mean(held)) <= 0.93


def test_smoothed_rates_are_nearly_as_good_as_knowing_how_the_counties_truly_differ() -> None:
    """The best estimate there is: the middle of what the true spread of rates and a county's count allow.

    Where true rates lie far apart it misses by 0.752 of the raw error itself, so no estimate that looks at
    each county's count alone can do much better than ours.
    """
    grid = np.linspace(0.001, 0.999, 500)
    odds = np.log(grid / (1 - grid))
    spreads = {
        0: -((odds + 0.2) ** 2) / (2 * 0.6**2) - np.log(grid * (1 - grid)),
        1: 3 * np.log(grid) + 4 * np.log1p(-grid),
    }
    missed = {kind: np.zeros(2) for kind in spreads}
    for turn, (truth, firms, gaps) in enumerate(maps_with_hidden_truth(30)):
        told = gaps[:, None] * np.log(grid) + (firms - gaps)[:, None] * np.log1p(-grid) + spreads[turn % 2]
        chance = np.exp(told - told.max(axis=1, keepdims=True)).cumsum(axis=1)
        best = grid[(chance < chance[:, -1:] / 2).sum(axis=1)]
        rows = smoothed_gaps(counties(gaps.tolist(), firms.tolist()))
        missed[turn % 2] += np.abs([rows["gap_smoothed"].to_numpy() - truth, best - truth]).mean(axis=1)
    for ours, best in missed.values():
        assert ours <= 1.02 * best


def test_no_map_of_rates_dealt_out_at_random_raises_more_than_two_alarms_in_thirty() -> None:
    dice = np.random.default_rng(7)
    alarms = 0
    for truth, firms, gaps in maps_with_hidden_truth(30):
        assert len(truth) == len(firms)
        rates = smoothed_gaps(counties(gaps.tolist(), firms.tolist()))["gap_smoothed"].to_numpy()
        spots = hot_spots(dict(zip(CODES, dice.permutation(rates), strict=True)), NEIGHBOURS)
        alarms += sum(word != "none" for _, _, word in spots.values())
    assert alarms <= 2


def test_a_city_that_lags_behind_is_found_as_a_hot_spot_and_one_that_leads_as_a_cold_one() -> None:
    dice = np.random.default_rng(3)
    rates = {
        code: float(0.4 + 0.35 * (code[:4] == "4113") - 0.3 * (code[:4] == "4109") + dice.normal(0, 0.05))
        for code in CODES
    }
    words = {code: word for code, (_, _, word) in hot_spots(rates, NEIGHBOURS).items()}
    lagging, leading = ([words[c] for c in CODES if c[:4] == city] for city in ("4113", "4109"))
    assert lagging.count("hot") >= len(lagging) - 2
    assert leading.count("cold") >= 2
    assert "cold" not in lagging
    assert "hot" not in leading


def test_a_county_of_two_firms_is_drawn_towards_the_others_and_a_large_one_stays_where_it_is() -> None:
    gaps, firms = [2, 400, *[20] * 40], [2, 500, *[50] * 40]
    rows = smoothed_gaps(counties(gaps, firms))
    small, large = rows["gap_smoothed"][0], rows["gap_smoothed"][1]
    assert 0.4 < small < 0.55
    assert abs(large - 0.8) < 0.03
    widths = (rows["gap_high"] - rows["gap_low"]).to_list()
    assert widths[0] > 3 * widths[1]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_firms_in_doubt_only_widen_the_interval(unclear: int, outside: int, both: int) -> None:
    """`unclear`: coverage not known; `outside`: perhaps not in the denominator; `both`: both in doubt."""
    base = counties([10] * 12, [30] * 12)
    known = smoothed_gaps(base)
    doubtful = base.with_columns(
        pl.col("denominator_low") + unclear,
        pl.col("denominator_high") + unclear + outside + both,
        pl.col("joint_high") + unclear + both,
        (pl.col("unknown") + unclear + both).alias("unknown"),
    )
    rows = smoothed_gaps(doubtful)
    assert rows["gap_smoothed"].to_list() == known["gap_smoothed"].to_list()
    assert rows["known"].to_list() == known["known"].to_list()
    assert (rows["gap_low"] <= known["gap_low"]).all()
    assert (rows["gap_high"] >= known["gap_high"]).all()


def test_a_county_without_firms_and_a_plan_of_few_counties_have_no_estimate() -> None:
    empty = smoothed_gaps(counties([0, *[5] * 12], [0, *[10] * 12]))
    assert empty["gap_smoothed"][0] is None
    assert empty["gap_smoothed"].null_count() == 1
    few = smoothed_gaps(counties([1, 2], [3, 4]))
    assert few["gap_smoothed"].null_count() == 2


def test_firms_without_a_county_are_no_county() -> None:
    table = counties([5] * 12, [10] * 12).with_columns(
        pl.when(pl.col("division") == "县0")
        .then(pl.lit("开封市（未分县）"))
        .otherwise("division")
        .alias("division")
    )
    found = county_estimates(table, NEIGHBOURS)
    assert found.height == 11
    assert found["hot"].to_list() == ["none"] * 11


def test_the_same_figures_give_the_same_estimates_in_any_order() -> None:
    _, firms, gaps = maps_with_hidden_truth(1)[0]
    table = counties(gaps.tolist(), firms.tolist())
    one = county_estimates(table, NEIGHBOURS).sort("division_code")
    assert one.equals(county_estimates(table.reverse(), NEIGHBOURS).sort("division_code"))


def test_every_county_has_neighbours_and_neighbourhood_is_mutual() -> None:
    assert len(NEIGHBOURS) == 158
    assert all(NEIGHBOURS.values())
    assert all(one in NEIGHBOURS[other] for one, others in NEIGHBOURS.items() for other in others)
    assert "410105" in NEIGHBOURS["410102"]


@pytest.mark.parametrize(
    "rates", [{}, dict.fromkeys(CODES, 0.5), dict(zip(CODES[:9], range(9), strict=True))]
)
def test_maps_without_differences_or_with_few_counties_raise_no_alarm(rates: dict[str, float]) -> None:
    assert {word for _, _, word in hot_spots(rates, NEIGHBOURS).values()} <= {"none"}


def test_links_are_told_from_both_ends_and_hubs_outside_the_ledger_have_none() -> None:
    hubs = pl.DataFrame({"headquarters_id": [0, 1], "enterprise_id": [7, None]})
    spokes = pl.DataFrame({"enterprise_id": [8, 9, 7], "headquarters_id": [0, 1, 0]})
    leaders = pl.DataFrame({"leader_id": [0], "enterprise_id": [9]})
    tied = pl.DataFrame({"enterprise_id": [8], "leader_id": [0]})
    tables = {
        "headquarters": hubs,
        "branch_offices": spokes,
        "leaders": leaders,
        "associated_enterprises": tied,
    }
    links = collected(enterprise_links(lazy_frames(tables)))
    found = set(links.select("enterprise_id", "other_id", "kind").iter_rows())
    both = [((8, 7), ("headquarters", "branch_office")), ((8, 9), ("leader", "associated"))]
    expected = {(a, b, there) for (a, b), (there, _) in both} | {(b, a, back) for (a, b), (_, back) in both}
    assert found == expected
