"""The plan of one enterprise tells of it what the whole plan tells."""

import polars as pl
import pytest

import coverage_engine as ce
from coverage_engine.plan import plan_of_one

ASKED = 6
TABLES = ("duties", "evaluations", "choices")


@pytest.fixture(scope="module")
def asked(small_province):
    """Some targets and one that is none."""
    firms = small_province.plan["enterprises"]
    targets = firms.filter("is_target")["enterprise_id"].gather_every(firms.height // ASKED // 2)
    return [*targets, firms.filter(~pl.col("is_target"))["enterprise_id"][0]]


def test_one_enterprise_has_the_rows_that_it_has_in_the_whole_plan(small_province, asked):
    for enterprise in asked:
        one, mine = (
            plan_of_one(small_province.plan.snapshot, enterprise),
            pl.col("enterprise_id") == enterprise,
        )
        assert one["enterprises"].equals(small_province.plan["enterprises"])
        assert one["joint_groups"].equals(small_province.plan["joint_groups"])
        for name in TABLES:
            assert one[name].equals(small_province.plan[name].filter(mine)), name


def test_it_is_explained_alike_from_either(small_province, asked):
    for enterprise in asked[:: len(asked) - 1]:
        one = plan_of_one(small_province.plan.snapshot, enterprise)
        assert ce.explain(one, enterprise) == ce.explain(small_province.plan, enterprise)
