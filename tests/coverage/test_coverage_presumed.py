"""Firms in scope by presumption: planned for as if in, and within every range as perhaps in, perhaps not."""

from __future__ import annotations

from datetime import date
from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judged_firms import COUNTIES, snapshot_of

from coverage_engine.coverage import assess, estimates
from coverage_engine.ledgers import read_tables
from coverage_engine.model.snapshot import build_snapshot
from coverage_engine.policy import load_policy

DAY = date(2019, 6, 15)
POLICY = load_policy(DAY)
SLACK = 1e-12
FORMS = {"own": ["own"], "joint": ["joint"], "none": ["none"], None: ["own", "joint", "none"]}
SCOPES = {
    "sure": {"control": "private", "operating": "operating"},
    "unknown": {"control": None, "operating": "operating"},
    "blank": {"control": "private", "operating": None},
    "mixed": {"control": None, "operating": "operating", "registration_type": "310"},
    "both": {"control": None, "operating": None, "registration_type": "310"},
    "outside": {"control": "state", "operating": None},
}
"""What is known of a firm's scope; all but the first and the last may be in or out."""


def firm(scope, form, members=5):
    return {
        "place": COUNTIES[0], "league_members": members, "party": "own", "league_form": form,
        "above_scale": True, "youth_organisation": None, "society": False, "park_id": 0,
        "registration_type": None, "registration_year": 2011, **SCOPES[scope],
    }  # fmt: skip


def judged(firms, division_rows):
    snapshot = snapshot_of(firms, division_rows)
    park = pl.DataFrame(
        {"park_id": [0], "name": ["虚构园"], "city_code": ["410100"], "county_code": ["410105"]}
    )
    return build_snapshot(DAY, {**snapshot.tables, "parks": park}, snapshot.kinds)


def rates_of_every_world(firms):
    """Own and joint rates of every way in which firms may be in or out, and covered or not."""
    ways = []
    for each in firms:
        scope = next(name for name, facts in SCOPES.items() if facts.items() <= each.items())
        inside = {"sure": [True], "outside": [False]}.get(scope, [True, False])
        ways.append(list(product(inside, FORMS[each["league_form"]])))
    for world in product(*ways):
        forms = [form for inside, form in world if inside]
        if forms:
            own, covered = (sum(form in words for form in forms) for words in (("own",), ("own", "joint")))
            yield len(forms), own, covered


provinces = st.lists(
    st.builds(firm, st.sampled_from(list(SCOPES)), st.sampled_from(list(FORMS))), min_size=1, max_size=5
)


@settings(max_examples=40, deadline=None)
@given(provinces)
def test_every_end_of_a_range_is_that_of_the_worst_and_the_best_world(division_rows, firms):
    snapshot = judged(firms, division_rows)
    told = assess(snapshot, POLICY)
    worlds = list(rates_of_every_world(firms))
    row = told["coverage"].row(by_predicate=_printed("operating"), named=True)
    certain = sum(each["control"] == "private" and each["operating"] is not None for each in firms)
    assert row["denominator_low"] == certain
    assert row["denominator_high"] == max([size for size, _, _ in worlds], default=0)
    assert row["own_high"] == max([own for _, own, _ in worlds], default=0)
    assert row["joint_high"] == max([covered for _, _, covered in worlds], default=0)
    if not certain:
        assert row["rate_low"] is row["joint_rate_low"] is None
        return
    assert row["own_low"] == min(own for _, own, _ in worlds)
    assert row["joint_low"] == min(covered for _, _, covered in worlds)
    own, joint = [own / size for size, own, _ in worlds], [covered / size for size, _, covered in worlds]
    park, (estimated,) = told["parks"].row(0, named=True), _estimated(snapshot)
    for figures, rate, rates in (
        (row, "rate", own),
        (row, "joint_rate", joint),
        (park, "rate", joint),
        (estimated, "rate", joint),
    ):
        assert figures[f"{rate}_low"] == pytest.approx(min(rates), abs=SLACK)
        assert figures[f"{rate}_high"] == pytest.approx(max(rates), abs=SLACK)
    assert (
        min(joint) - SLACK
        <= row["joint_point_low"]
        <= row["joint_point"]
        <= row["joint_point_high"]
        <= max(joint) + SLACK
    )


def _printed(category):
    return (pl.col("level") == "province") & (pl.col("category") == category)


def _estimated(snapshot):
    told = estimates(snapshot, POLICY).filter(_printed("operating"), pl.col("numerator") == "joint")
    return told.rows(named=True)


def test_duties_states_and_targets_are_those_of_firms_in_scope(division_rows):
    firms = [firm(scope, "none") for scope in ("sure", "blank", "mixed", "both")]
    told = assess(judged(firms, division_rows), POLICY)
    assert told["enterprises"]["obligation"].to_list() == ["must_establish"] * 4
    assert told["enterprises"]["coverage_state"].to_list() == ["uncovered"] * 4
    assert told["enterprises"]["is_target"].all()
    row = told["coverage"].row(by_predicate=_printed("duty_bound"), named=True)
    counts = ("must", "targets", "presumed", "denominator_low", "denominator_high", "uncovered_low")
    assert [row[name] for name in counts] == [4, 4, 3, 1, 4, 1]
    operating = told["counted"].filter(category="operating")
    assert operating["inside"].to_list() == ["yes", *["unknown"] * 3]
    assert operating["presumed"].to_list() == [False, True, True, True]
    park = told["parks"].row(0, named=True)
    assert [park[name] for name in ("non_public", "uncovered_duty", "presumed", "presumed_bare")] == [
        4,
        4,
        3,
        3,
    ]


def _read(*states):
    firm = {"所在地区": "郑州市金水区", "控股情况": "私人控股", "团员数": 4, "团组织": "无"}
    rows = [
        {"企业名称": f"虚构{number}有限公司", **firm, **({} if state is None else {"营业状态": state})}
        for number, state in enumerate(states)
    ]
    snapshot, _ = read_tables({"企业台账": rows}, as_of=DAY)
    row = assess(snapshot, POLICY)["coverage"].row(by_predicate=_printed("operating"), named=True)
    messages = dict(snapshot["presumptions"].select("subject", "message").iter_rows())
    return [row[name] for name in ("denominator_low", "denominator_high", "presumed")], messages


def test_a_blank_cell_among_filled_ones_is_perhaps_closed_and_the_page_says_how_many():
    counts, messages = _read("在营", "", "不详", "注销")
    assert counts == [1, 3, 2]
    assert messages["operating"].startswith("2 家") and "其中 2 家在内、不在内" in messages["operating"]
    assert "operating:by_ledger" not in messages


@pytest.mark.parametrize("states", [(None, None, None), ("", "注销", "", "停业", "")])
def test_a_ledger_that_calls_no_firm_operating_means_it_by_a_blank(states):
    counts, messages = _read(*states)
    assert counts == [3, 3, 0]
    assert messages["operating"].startswith("3 家") and "区间" not in messages["operating"]
    assert "3 家都算在营" in messages["operating:by_ledger"]
