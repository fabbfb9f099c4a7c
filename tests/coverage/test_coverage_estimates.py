"""On invented provinces with hidden truth the range holds the truth, and the estimate is near it.

30 % of the member counts and 15 % of the League columns are blank, 10 % of the firms stand twice, 5 % are
closed, joint coverage is counted once. A plain pandas count of the same rows is told beside it.
"""

from datetime import date

import numpy as np
import pandas as pd
import polars as pl
import pytest

from coverage_engine.coverage import estimates
from coverage_engine.ledgers import read_tables
from coverage_engine.policy import load_policy

DAY = date(2019, 6, 15)
POLICY = load_policy(DAY)
COUNTIES = ["郑州市金水区", "郑州市二七区", "洛阳市涧西区", "南阳市卧龙区", "信阳市固始县"]
FIRMS = 3_000


def _province(seed):
    """The rows of a ledger and the truth behind them."""
    random = np.random.default_rng(seed)
    county = random.choice(len(COUNTIES), FIRMS, p=[0.35, 0.25, 0.2, 0.12, 0.08])
    large = random.random(FIRMS) < 0.3
    staff = np.where(large, random.integers(100, 900, FIRMS), random.integers(5, 100, FIRMS))
    members = random.poisson(np.where(large, 4.5, 2.2) + 0.5 * (county == 0))
    chance = 0.08 + 0.35 * (members >= 3) + 0.2 * large - 0.05 * (county == 4)
    own = random.random(FIRMS) < chance
    joint = ~own & (random.random(FIRMS) < 0.15)
    closed = random.random(FIRMS) < 0.05
    form = np.where(own, "单独", np.where(joint, "联合", "无"))
    truth = pd.DataFrame({"members": members, "covered": own | joint, "own": own, "there": ~closed})
    blank_members = random.random(FIRMS) < np.where(large, 0.2, 0.345)
    blank_form = random.random(FIRMS) < 0.15
    rows = pd.DataFrame(
        {
            "企业名称": [f"虚构{n:05d}有限公司" for n in range(FIRMS)],
            "所在地区": np.array(COUNTIES)[county],
            "控股情况": "私人控股",
            "营业状态": np.where(closed, "注销", "在营"),
            "从业人员数": staff,
            "规模以上": np.where(large, "是", "否"),
            "团员数": [None if b else int(m) for b, m in zip(blank_members, members, strict=True)],
            "团组织": np.where(blank_form, "", form),
        }
    )
    twice = rows.sample(frac=0.1, random_state=seed)
    return pd.concat([rows, twice], ignore_index=True), truth


def _true_rate(truth, numerator):
    eligible = truth[truth.there & (truth.members >= 3)]
    return eligible[numerator].mean()


def _naive(rows):
    """What a hasty script reports: every row that claims, over every row known to have three members."""
    return rows["团组织"].isin(["单独", "联合"]).sum() / (rows["团员数"].fillna(0) >= 3).sum()


def _careless(rows):
    """A less hasty one: blanks are no, rows with three members only."""
    eligible = rows[rows["团员数"].fillna(0) >= 3]
    return eligible["团组织"].isin(["单独", "联合"]).mean()


def _told(seed):
    rows, truth = _province(seed)
    records = rows.astype(object).where(rows.notna(), "").to_dict("records")
    snapshot, _ = read_tables({"企业台账": records}, as_of=DAY)
    told = estimates(snapshot, POLICY).filter(
        (pl.col("level") == "province")
        & (pl.col("category") == "eligible")
        & (pl.col("numerator") == "joint")
    )
    true = _true_rate(truth, "covered")
    return {
        **told.row(0, named=True),
        "true": true,
        "naive": abs(_naive(rows) - true),
        "careless": abs(_careless(rows) - true),
    }


def _proven(seeds):
    told = pd.DataFrame([_told(seed) for seed in seeds])
    held = ((told.rate_low <= told.true) & (told.true <= told.rate_high)).mean()
    inside = ((told.interval_low <= told.true) & (told.true <= told.interval_high)).mean()
    error = (told.point - told.true).abs()
    print(  # noqa: T201
        f"\n{len(told)} provinces: range holds {held:.1%}, interval holds {inside:.1%}, "
        f"mean error {error.mean():.2%} (worst {error.max():.2%}), "
        f"hasty count {told.naive.mean():.1%}, careful count {told.careless.mean():.1%}"
    )
    return held, inside, error.mean(), told.naive.mean(), told.careless.mean()


def test_the_range_holds_the_truth_and_the_estimate_is_near_it():
    held, inside, error, naive, careless = _proven(range(4))
    assert held == 1
    assert inside >= 0.75
    assert error <= 0.012
    assert naive > 10 * error
    assert careless > 2 * error


@pytest.mark.slow
def test_on_two_hundred_provinces_the_interval_keeps_its_word():
    held, inside, error, naive, careless = _proven(range(200))
    assert held == 1
    assert 0.93 <= inside <= 0.97
    assert error <= 0.01
    assert naive > 10 * error
    assert careless > 2 * error


def test_where_everything_is_known_estimate_interval_and_range_are_one():
    rows = [
        {"企业名称": f"虚构{n}有限公司", "所在地区": "郑州市金水区", "控股情况": "私人控股", "团员数": n % 6,
         "团组织": ["单独", "无"][n % 2], "从业人员数": 9, "规模以上": "否"}
        for n in range(24)
    ]  # fmt: skip
    told = estimates(read_tables({"企业台账": rows}, as_of=DAY)[0], POLICY).filter(pl.col("surely") > 0)
    for other in ("rate_low", "rate_high", "interval_low", "interval_high"):
        assert ((told["point"] - told[other]).abs() < 1e-12).all(), other
    assert told["imputed"].sum() == 0


def test_a_small_base_is_marked():
    rows = [{"企业名称": "虚构甲有限公司", "所在地区": "郑州市金水区", "控股情况": "私人控股", "团员数": 3}]
    told = estimates(read_tables({"企业台账": rows}, as_of=DAY)[0], POLICY)
    assert told["small_base"].all()
    assert told.filter(pl.col("surely") > 0)["point"].is_between(0, 1).all()
