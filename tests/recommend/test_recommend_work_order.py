"""Which target to take up first, by each rule, worked by hand on four firms."""

import polars as pl
import pytest

from coverage_engine.recommend import load_paths
from coverage_engine.recommend.work_order import with_work_order

# Path 1 takes 12 hours and 31 days, path 9 takes other hours and 60 days: read from the path files.
DUTY, CROWDED, SURE, QUICK = 1, 2, 3, 4


def first(firm, path, chance, low):
    return {
        "enterprise_id": firm,
        "rank": 1,
        "path": path,
        "probability": chance,
        "probability_low": low,
    }


def firm(at, obligation, young, rank):
    return {
        "enterprise_id": at,
        "obligation": obligation,
        "young_employees": young,
        "priority_rank": rank,
    }


FIRMS = [
    firm(DUTY, "must_establish", 5, 4),
    firm(CROWDED, "cultivate", 400, 2),
    firm(SURE, "cultivate", 20, 3),
    firm(QUICK, "cultivate", None, 1),
]
RECOMMENDED = [
    first(DUTY, 9, 0.30, 0.20),
    first(CROWDED, 9, 0.40, 0.10),
    first(SURE, 9, 0.90, 0.85),
    first(QUICK, 1, 0.20, 0.05),
]


@pytest.fixture
def recommended():
    second = {**first(DUTY, 1, 0.25, 0.2), "rank": 2}
    return pl.DataFrame([*RECOMMENDED, second]).with_columns(pl.col("path").cast(pl.Int32))


def order(recommended, rule):
    told = with_work_order(recommended, pl.DataFrame(FIRMS), load_paths(), rule)
    return told.drop_nulls("work_order").sort("work_order")["enterprise_id"].to_list()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        # Duty first; then 160 and 18 young employees expected for the same hours; not known comes last.
        ("benefit", [DUTY, CROWDED, SURE, QUICK]),
        # Path 1 is through sooner than path 9; within path 9 the likelier first.
        ("fastest", [QUICK, SURE, CROWDED, DUTY]),
        # By the lowest chance: 0.85, 0.20, 0.10, 0.05.
        ("surest", [SURE, DUTY, CROWDED, QUICK]),
        # 400 × 0.4 = 160, 20 × 0.9 = 18, 5 × 0.3 = 1.5, not known.
        ("young", [CROWDED, SURE, DUTY, QUICK]),
    ],
)
def test_the_rule_decides_which_target_comes_first(recommended, rule, expected):
    assert order(recommended, rule) == expected


def test_equals_keep_the_order_of_priority(recommended):
    alike = recommended.filter(pl.col("rank") == 1).with_columns(
        pl.lit(9, pl.Int32).alias("path"),
        pl.lit(0.5).alias("probability"),
        pl.lit(0.4).alias("probability_low"),
    )
    assert order(alike, "surest") == [QUICK, CROWDED, SURE, DUTY]


def test_only_first_recommendations_have_a_place_and_all_tell_hours_and_days(recommended):
    told = with_work_order(recommended, pl.DataFrame(FIRMS), load_paths())
    second = told.filter(pl.col("rank") == 2).row(0, named=True)
    path = load_paths().path(1)
    assert second["work_order"] is None
    assert second["staff_hours"] == path.staff_hours
    assert second["days"] == max(action.day for action in path.actions)
    crowded = told.filter(pl.col("enterprise_id") == CROWDED).row(0, named=True)
    assert crowded["expected_young"] == 160.0


def test_an_unknown_rule_is_refused(recommended):
    with pytest.raises(ValueError, match="no such rule"):
        order(recommended, "luck")
