"""Three-valued truth, held against a plain-Python statement of the rules that tries every completion."""

from datetime import date
from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judged_firms import COUNTIES, snapshot_of

from coverage_engine.coverage import assess
from coverage_engine.model.snapshot import build_snapshot
from coverage_engine.policy import load_policy

DAY = date(2019, 6, 15)
POLICY = load_policy(DAY)
firms = st.fixed_dictionaries(
    {
        "place": st.sampled_from(COUNTIES),
        "control": st.sampled_from(["private", "private", "state", None]),
        "league_members": st.sampled_from([0, 2, 3, 7, None]),
        "party": st.sampled_from(["own", "joint", "none", None]),
        "league_form": st.sampled_from(["own", "joint", "none", None]),
        "youth_organisation": st.sampled_from([True, False, None]),
        "above_scale": st.sampled_from([True, False, None]),
        "operating": st.sampled_from(["operating", "operating", "closed", None]),
        "society": st.booleans(),
    }
)
provinces = st.lists(firms, min_size=1, max_size=12)


def completions(firm):
    """Every way the unknown facts of one firm can turn out (operating is presumed by policy for duties)."""
    open_facts = {
        "control": ["private", "state"],
        "league_members": [2, 3],
        "party": ["own", "none"],
        "league_form": ["own", "joint", "none"],
        "above_scale": [True, False],
    }
    names = [name for name in open_facts if firm[name] is None]
    for values in product(*(open_facts[name] for name in names)):
        yield {**firm, **dict(zip(names, values, strict=True))}


def ranged_completions(firm):
    """As `completions`, with what is presumed of a blank 营业状态 as open as any unknown fact."""
    states = ["operating", "closed"] if firm["operating"] is None else [firm["operating"]]
    return [{**whole, "operating": state} for whole in completions(firm) for state in states]


def plain_duty(firm):
    """The rules of the notice for a firm of which everything is known."""
    if firm["control"] == "state" or firm["operating"] == "closed":
        return "none"
    if firm["league_form"] == "own":
        return "none"
    if firm["league_members"] >= 3:
        return "must_establish" if firm["party"] != "none" or firm["society"] else "should_establish"
    return "none" if firm["league_form"] == "joint" else "cultivate"


@pytest.fixture(scope="module")
def every_firm(division_rows):
    """Every combination of facts that the rules ask for, known and unknown, and the engine's answers."""
    combined = product(
        ["private", "state", None],
        [0, 2, 3, 7, None],
        ["own", "joint", "none", None],
        ["own", "joint", "none", None],
        ["operating", "closed", None],
        [True, False],
    )
    names = ("control", "league_members", "party", "league_form", "operating", "society")
    rest = {"place": COUNTIES[0], "youth_organisation": None, "above_scale": None}
    firms = [{**rest, **dict(zip(names, values, strict=True))} for values in combined]
    return firms, assess(snapshot_of(firms, division_rows), POLICY)["enterprises"]


def test_an_obligation_is_stated_exactly_when_every_completion_agrees(every_firm):
    firms, told = every_firm
    for firm, word in zip(firms, told["obligation"], strict=True):
        possible = {plain_duty(whole) for whole in completions(firm)}
        assert word == (possible.pop() if len(possible) == 1 else "undetermined"), firm


ASKED = ("control", "league_members", "party", "league_form", "operating", "society")


@pytest.fixture(scope="module")
def every_answer(division_rows, every_firm):
    """Facts of every firm → its answers to every duty (applies, met) and its obligation."""
    firms, enterprises = every_firm
    told = assess(snapshot_of(firms, division_rows), POLICY)["duties"]
    answers = {(firm, duty): (applies, met) for firm, duty, applies, met in told.iter_rows()}
    keys = [duty.key for duty in POLICY.duties_of("enterprise")]
    return {
        tuple(firm[name] for name in ASKED): (
            {key: answers.get((number, key), ("no", None)) for key in keys},
            enterprises["obligation"][number],
        )
        for number, firm in enumerate(firms)
    }


def test_a_duty_once_told_stays_whatever_else_is_learnt(every_answer):
    learnt = {
        0: ["private", "state"],
        1: [0, 2, 3, 7],
        2: ["own", "joint", "none"],
        3: ["own", "joint", "none"],
    }
    compared = 0
    for facts, (answers, obligation) in every_answer.items():
        for place, values in learnt.items():
            if facts[place] is not None:
                continue
            for value in values:
                told, later = every_answer[(*facts[:place], value, *facts[place + 1 :])]
                assert obligation in ("undetermined", later)
                for duty, (applies, met) in answers.items():
                    assert applies in ("unknown", told[duty][0]), (facts, value, duty)
                    if applies == told[duty][0] == "yes":
                        assert met in ("unknown", told[duty][1]), (facts, value, duty)
                    compared += 1
    assert compared > 10_000


def test_more_members_a_party_organisation_or_a_society_never_lessen_a_duty(every_answer):
    weight = {"none": 0, "cultivate": 1, "should_establish": 2, "must_establish": 3}
    steps = {1: [0, 2, 3, 7], 2: ["none", "joint"], 5: [False, True]}
    for facts, (answers, obligation) in every_answer.items():
        if None in facts[:4]:
            continue
        for place, values in steps.items():
            if facts[place] not in values[:-1]:
                continue
            more = values[values.index(facts[place]) + 1]
            told, heavier = every_answer[(*facts[:place], more, *facts[place + 1 :])]
            assert weight[heavier] >= weight[obligation], (facts, more)
            for duty in ("R13", "R17"):
                assert (answers[duty][0], told[duty][0]) != ("yes", "no"), (facts, more, duty)


FACT_OF_HEADER = {
    "控股情况": "control",
    "团员数": "league_members",
    "党组织": "party",
    "团组织": "league_form",
}


def test_a_fact_is_called_missing_exactly_when_it_could_turn_the_obligation(every_firm):
    firms, told = every_firm
    for firm, missing in zip(firms, told["missing_facts"], strict=True):
        named = {FACT_OF_HEADER[header] for header in missing.split(";") if header}
        turning = {fact for fact in FACT_OF_HEADER.values() if firm[fact] is None and _turns(firm, fact)}
        assert named == turning, firm


def _turns(firm, fact):
    values = {"control": ["private", "state"], "league_members": [2, 3], "party": ["own", "none"]}
    values["league_form"] = ["own", "joint", "none"]
    others = [name for name in values if firm[name] is None and name != fact]
    for rest in product(*(values[name] for name in others)):
        whole = {**firm, **dict(zip(others, rest, strict=True))}
        if len({plain_duty({**whole, fact: value}) for value in values[fact]}) > 1:
            return True
    return False


def in_category(firm, category):
    scope = firm["control"] == "private" and firm["operating"] != "closed"
    eligible = scope and firm["league_members"] >= 3
    return {
        "operating": scope,
        "eligible": eligible,
        "duty_bound": eligible and (firm["party"] != "none" or firm["society"]),
        "tier:above_scale": scope and firm["above_scale"],
    }[category]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(firms, min_size=1, max_size=5),
    st.sampled_from(["operating", "eligible", "duty_bound", "tier:above_scale"]),
)
def test_the_printed_range_holds_every_rate_that_the_unknowns_allow(division_rows, province, category):
    figures = assess(snapshot_of(province, division_rows), POLICY)["coverage"]
    row = figures.filter((pl.col("level") == "province") & (pl.col("category") == category)).row(
        0, named=True
    )
    for world in product(*(ranged_completions(firm) for firm in province)):
        inside = [firm for firm in world if in_category(firm, category)]
        assert row["denominator_low"] <= len(inside) <= row["denominator_high"]
        own = sum(firm["league_form"] == "own" for firm in inside)
        covered = sum(firm["league_form"] in ("own", "joint") for firm in inside)
        if row["rate_low"] is not None and inside:
            assert row["rate_low"] <= own / len(inside) <= row["rate_high"]
            assert row["joint_rate_low"] <= covered / len(inside) <= row["joint_rate_high"]


@settings(max_examples=25, deadline=None)
@given(provinces, st.randoms(use_true_random=False))
def test_learning_a_fact_never_widens_a_range(division_rows, province, random):
    before = assess(snapshot_of(province, division_rows), POLICY)["coverage"]
    learnt = [random.choice(ranged_completions(firm)) for firm in province]
    after = assess(snapshot_of(learnt, division_rows), POLICY)["coverage"]
    keys = ["level", "division_code", "division", "category"]
    both = before.join(after, on=keys, suffix="_after").filter(pl.col("rate_low").is_not_null())
    for rate in ("rate", "joint_rate"):
        assert both.filter(pl.col(f"{rate}_low_after") < pl.col(f"{rate}_low")).is_empty()
        assert both.filter(pl.col(f"{rate}_high_after") > pl.col(f"{rate}_high")).is_empty()


@settings(max_examples=25, deadline=None)
@given(provinces, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(division_rows, province, random):
    snapshot = snapshot_of(province, division_rows)
    shuffled = snapshot["enterprises"].sample(fraction=1, shuffle=True, seed=random.randrange(10**6))
    again = build_snapshot(DAY, {**snapshot.tables, "enterprises": shuffled}, snapshot.kinds)
    first, second = assess(snapshot, POLICY), assess(again, POLICY)
    for name, table in first.items():
        assert table.equals(second[name]), name


@settings(max_examples=15, deadline=None)
@given(provinces)
def test_other_numbers_for_the_same_firms_change_no_answer(division_rows, province):
    count = len(province)
    snapshot = snapshot_of(province, division_rows)
    other = {
        name: table.with_columns(enterprise_id=(7 * count - pl.col("enterprise_id")).cast(pl.Int32))
        for name, table in snapshot.tables.items()
        if name in ("enterprises", "society_members")
    }
    again = build_snapshot(DAY, {**snapshot.tables, **other}, snapshot.kinds)
    first, second = assess(snapshot, POLICY), assess(again, POLICY)
    assert first["coverage"].equals(second["coverage"])
    told = ["name", "obligation", "ground", "missing_facts", "coverage_state", "tiers", "priority"]
    assert (
        first["enterprises"].select(told).sort("name").equals(second["enterprises"].select(told).sort("name"))
    )


def test_targets_are_ranked_from_one_without_gaps(division_rows):
    province = [
        {
            "place": COUNTIES[0], "control": "private", "league_members": n % 6, "party": "own",
            "league_form": "none", "youth_organisation": None, "above_scale": n % 2 == 0,
            "operating": "operating", "society": False,
        }
        for n in range(30)
    ]  # fmt: skip
    enterprises = assess(snapshot_of(province, division_rows), POLICY)["enterprises"]
    ranks = enterprises.filter(pl.col("is_target"))["priority_rank"].sort().to_list()
    assert ranks == list(range(1, len(ranks) + 1))
    assert enterprises.filter(~pl.col("is_target"))["priority_rank"].null_count() == enterprises.height - len(
        ranks
    )


@pytest.mark.parametrize(
    ("code", "year", "expected"),
    [
        ("172", 2011, "yes"),
        ("110", 2011, "no"),
        ("159", 2011, "unknown"),
        ("130", 2011, "unknown"),
        ("112", 2023, "yes"),
        ("131", 2023, "no"),
        ("330", 2011, "yes"),
        ("172", None, "unknown"),
    ],
)
def test_a_registration_type_is_read_with_its_table_year(division_rows, code, year, expected):
    firm = {
        "place": COUNTIES[0], "control": None, "league_members": 3, "party": "own", "league_form": "none",
        "youth_organisation": None, "above_scale": None, "operating": "operating", "society": False,
    }  # fmt: skip
    snapshot = snapshot_of([firm], division_rows)
    typed = snapshot["enterprises"].with_columns(
        pl.lit(code).alias("registration_type"),
        pl.lit(code).alias("registration_text"),
        pl.lit(year).cast(pl.Int32).alias("registration_year"),
    )
    again = build_snapshot(DAY, {**snapshot.tables, "enterprises": typed}, snapshot.kinds)
    assert assess(again, POLICY)["enterprises"]["non_public"].to_list() == [expected]
