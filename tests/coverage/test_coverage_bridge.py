"""The bridge between two months adds up to the unit, and every step has its list."""

from dataclasses import replace
from datetime import date

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_engine.coverage import bridge
from coverage_engine.coverage.assessment import assessed_enterprises
from coverage_engine.coverage.figures import figure_flags
from coverage_engine.frames.dialect import collected, lazy_frames
from coverage_engine.ledgers import read_tables
from coverage_engine.model.snapshot import build_snapshot
from coverage_engine.policy import load_policy

DAY = date(2019, 6, 15)
POLICY = load_policy(DAY)
OTHER_RULES = replace(
    POLICY,
    values={
        **POLICY.values,
        "league_members_threshold": replace(POLICY.values["league_members_threshold"], value=4),
    },
)
COUNTS = ["denominator", "own", "covered", "verified"]
PLACES = [("410100", "410105"), ("410100", "410102"), ("410100", None), ("410300", "410302")]

facts = st.fixed_dictionaries(
    {
        "place": st.sampled_from(PLACES),
        "control": st.sampled_from(["private", "private", "state", None]),
        "league_members": st.sampled_from([2, 3, 7, None]),
        "party": st.sampled_from(["own", "none", None]),
        "league_form": st.sampled_from(["own", "joint", "none", None]),
        "operating": st.sampled_from(["operating", "closed", None]),
        "society": st.booleans(),
        "in_system": st.booleans(),
    }
)
BESIDE = ("place", "society", "in_system")
months = st.dictionaries(st.integers(0, 9), facts, max_size=8)


def _snapshot(month, division_rows):
    names = sorted(month)
    rows = [
        {
            **{key: value for key, value in month[n].items() if key not in BESIDE},
            "enterprise_id": at, "name": f"虚构{n}有限公司", "credit_code": f"虚构码{n}" if n % 3 else None,
            "city_code": month[n]["place"][0], "county_code": month[n]["place"][1],
            "entity_kind": "enterprise",
        }
        for at, n in enumerate(names)
    ]  # fmt: skip
    ids = pl.Series([at for at, n in enumerate(names) if month[n]["society"]], dtype=pl.Int32)
    found = [at for at, n in enumerate(names) if month[n]["in_system"]]
    organisations = [
        {"league_organisation_id": at, "full_name": f"共青团{at}", "match": "enterprise"} for at in found
    ]
    tables = {
        "divisions": division_rows,
        "society_members": pl.DataFrame({"enterprise_id": ids}).with_columns(society_id=pl.lit(0, pl.Int32)),
    }
    if rows:
        tables["enterprises"] = pl.DataFrame(rows, infer_schema_length=None)
    if found:
        tables["league_organisations"] = pl.DataFrame(organisations)
        tables["league_matches"] = pl.DataFrame({"league_organisation_id": found, "enterprise_id": found})
    return build_snapshot(DAY, tables, frozenset({"enterprises", "league_organisations", "society_members"}))


SUMMED = {
    "denominator": ["own_a", "own_b", "own_c"],
    "own": ["own_a"],
    "covered": ["joint_a"],
    "verified": ["verified"],
}


def _figures(snapshot, policy, category):
    """The counts of the plan's figures for the province, without the rest of a plan."""
    firms = assessed_enterprises(lazy_frames(snapshot.tables), policy, snapshot.kinds)
    flags = {name: flag.cast(nw.Int64).alias(name) for name, flag in figure_flags(category).items()}
    counts = collected(firms.select(*flags.values())).sum().row(0, named=True)
    return [sum(counts[part] for part in SUMMED[name]) for name in COUNTS]


def _adds_up(first, second, division_rows, category, ruled):
    before, after = _snapshot(first, division_rows), _snapshot(second, division_rows)
    later = OTHER_RULES if ruled else POLICY
    told = bridge(before, after, (POLICY, later), category)
    changes = told["bridge"].with_columns(
        pl.when(pl.col("cause") == "after").then(-pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name in [*COUNTS, "rate_millionths"]
    )
    sums = changes.group_by("level", "division_code").agg(pl.col(*COUNTS, "rate_millionths").sum())
    assert sums.filter(pl.any_horizontal(pl.col(*COUNTS, "rate_millionths") != 0)).is_empty(), sums
    province = told["bridge"].filter(pl.col("level") == "province")
    for cause, snapshot, policy in (("before", before, POLICY), ("after", after, later)):
        shown = province.filter(pl.col("cause") == cause)
        if snapshot["enterprises"].height:
            assert list(shown.select(COUNTS).row(0)) == _figures(snapshot, policy, category)
    listed = told["movements"].group_by("cause").agg(pl.col(COUNTS).sum())
    stepped = province.filter(~pl.col("cause").is_in(["before", "after"]))
    assert listed.sort("cause").equals(stepped.select("cause", *COUNTS).sort("cause"))


categories = st.sampled_from(["operating", "eligible", "duty_bound", "tier:society"])


@settings(max_examples=25, deadline=None)
@given(months, months, categories, st.booleans())
def test_the_steps_add_up_to_the_difference(division_rows, first, second, category, ruled):
    _adds_up(first, second, division_rows, category, ruled)


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(months, months, categories, st.booleans())
def test_the_steps_add_up_on_five_hundred_pairs(division_rows, first, second, category, ruled):
    _adds_up(first, second, division_rows, category, ruled)


def _firm(name, **facts):
    known = {"企业名称": name, "所在地区": "郑州市金水区", "控股情况": "私人控股", "营业状态": "在营"}
    return {**known, "团员数": 5, "团组织": "无", "党组织": "单独", **facts}


@pytest.mark.parametrize(
    ("before", "after", "cause", "change"),
    [
        ({}, None, "gone", (-1, 0)),
        (None, {"团组织": "单独"}, "new", (1, 1)),
        ({}, {"团组织": "单独"}, "newly_organised", (0, 1)),
        ({"团组织": "单独"}, {}, "lost", (0, -1)),
        ({"团组织": "联合"}, {"营业状态": "注销"}, "closed", (-1, -1)),
        ({"团组织": ""}, {"团组织": "联合"}, "coverage_told", (0, 1)),
        ({"团员数": ""}, {}, "members_told", (1, 0)),
        ({"团员数": 2}, {"团员数": 3}, "members_crossed", (1, 0)),
        ({"控股情况": ""}, {}, "scope_told", (1, 0)),
        ({"营业状态": ""}, {"团组织": "单独"}, "scope_told", (1, 1)),
        ({"团组织": "单独"}, {"团组织": "单独", "营业状态": ""}, "forgotten", (-1, -1)),
        ({}, {"控股情况": "国有控股"}, "scope_changed", (-1, 0)),
        ({}, {"团员数": ""}, "forgotten", (-1, 0)),
    ],
)
def test_a_movement_stands_under_its_cause(before, after, cause, change):
    rest = _firm("虚构乙有限公司", 团员数=9)
    months = []
    for told in (before, after):
        asked = [] if told is None else [_firm("虚构甲有限公司", **told)]
        months.append(read_tables({"企业台账": [rest, *asked]}, as_of=DAY)[0])
    moved = bridge(*months, (POLICY, POLICY), "eligible")["movements"]
    assert moved.select("cause", "denominator", "covered").rows() == [(cause, *change)]


def test_a_changed_rule_is_a_step_of_its_own(tmp_path):
    overlay = tmp_path / "四人.toml"
    overlay.write_text(
        '[[value]]\nkey = "league_members_threshold"\nvalue = 6\nclause = "试"\nvalid_from = 2019-06-01\n',
        "utf-8",
    )
    snapshot, _ = read_tables(
        {"企业台账": [_firm("虚构甲有限公司"), _firm("虚构乙有限公司", 团员数=9)]}, as_of=DAY
    )
    told = bridge(snapshot, snapshot, (POLICY, load_policy(DAY, [overlay])), "eligible")
    assert told["movements"].select("cause", "denominator").rows() == [("rule_change", -1)]
