"""Who becomes a target follows from the rules of the policy; who does not has a printed reason."""

from datetime import date
from itertools import product

import narwhals as nw
import polars as pl
import pytest
from judged_firms import COUNTIES, snapshot_of

from coverage_engine.coverage import assess
from coverage_engine.coverage.cases import with_case
from coverage_engine.coverage.obligations import with_obligations
from coverage_engine.coverage.targets import with_targets, with_tiers
from coverage_engine.errors import ContentError
from coverage_engine.frames.coding import CodingOverflowError
from coverage_engine.frames.dialect import collected
from coverage_engine.model.plan import Division
from coverage_engine.policy import load_policy

DAY = date(2019, 8, 20)
TRUTHS = (False, True, None)
FACTS = ("in_scope", "enough_members", "has_party", "has_own", "has_joint", "above_scale", "in_sector")
CLAUSE = 'clause = "某省口径"\nvalid_from = 2019-01-01\n'


def laid_over(folder, text):
    file = folder / "本省口径.toml"
    file.write_text(text, "utf-8")
    return load_policy(DAY, [file])


def judge(policy, **fixed):
    """Every combination of facts as it is listed or not."""
    rest = {
        "in_society": False, "many_youth": False, "youth_organisation": False, "top_hundred": False,
        "in_park": False, **fixed,
    }  # fmt: skip
    names = [name for name in FACTS if name not in fixed]
    rows = pl.DataFrame(
        list(product(TRUTHS, repeat=len(names))), schema=dict.fromkeys(names, pl.Boolean), orient="row"
    ).with_columns(
        **{name: pl.lit(value) for name, value in rest.items()},
        verified=pl.lit("no"),
        size_step=pl.lit(0, pl.Int64),
    )
    judged = with_obligations(nw.from_native(rows.lazy()), policy)
    return collected(with_targets(with_tiers(judged, policy), policy)).rows(named=True)


@pytest.mark.parametrize("fixed", [{}, {"in_park": True}, {"top_hundred": True}, {"in_society": None}])
def test_the_rules_of_the_notice_list_as_before_and_give_everybody_else_a_reason(fixed):
    seen = set()
    for firm in judge(load_policy(DAY), **fixed):
        required = firm["obligation"] in ("must_establish", "should_establish", "undetermined")
        tiers = (firm["above_scale"], firm["in_sector"], *fixed.values())
        listed = required or (firm["obligation"] == "cultivate" and True in tiers)
        assert firm["is_target"] == (listed and firm["in_scope"] is not False), firm
        assert (firm["not_listed_reason"] is None) == firm["is_target"]
        seen.add(firm["not_listed_reason"])
        if firm["in_scope"] is False:
            assert "不是在营的非公企业" in firm["not_listed_reason"]
        elif firm["obligation"] == "cultivate" and not firm["is_target"]:
            unknown = "待核实" in firm["not_listed_reason"]
            assert unknown == (None in tiers), firm
        elif firm["has_own"] and not firm["is_target"]:
            assert "已单独建立团组织" in firm["not_listed_reason"]
    assert len(seen) >= 4


def test_a_rule_laid_over_lists_others_and_says_why_not(tmp_path):
    policy = laid_over(
        tmp_path,
        '[[target]]\nkey = "small"\norder = 15\nlisted = false\n'
        'applies = "not above_scale and not has_party"\n'
        f'words = "本轮不列入：规模以下、没有党组织的放在下一轮"\n{CLAUSE}',
    )
    judged = judge(policy)
    later = [firm for firm in judged if (firm["not_listed_reason"] or "").startswith("本轮不列入：规模以下")]
    assert all(firm["above_scale"] is False and firm["has_party"] is False for firm in later)
    assert len(later) == 2 * 3**4
    assert later[0]["not_listed_reason"].endswith("（某省口径）")


def test_a_tier_laid_over_changes_tiers_targets_figures_and_nothing_that_a_duty_asks(division_rows, tmp_path):
    text = '[[tier]]\nkey = "park"\napplies = "in_park and above_scale"\n' + CLAUSE
    common = {
        "place": COUNTIES[0], "youth_organisation": None, "operating": "operating", "society": False,
        "control": "private", "league_members": 1, "party": "none", "league_form": "none", "park_id": 0,
    }  # fmt: skip
    snapshot = snapshot_of([{**common, "above_scale": False}, {**common, "above_scale": True}], division_rows)
    before, after = (assess(snapshot, policy) for policy in (load_policy(DAY), laid_over(tmp_path, text)))
    assert before["enterprises"]["tiers"].to_list() == ["park", "above_scale;park"]
    assert after["enterprises"]["tiers"].to_list() == ["", "above_scale;park"]
    assert after["enterprises"]["is_target"].to_list() == [False, True]
    assert "重点层级" in after["enterprises"]["not_listed_reason"][0]
    figures = after["coverage"].filter(level="province", category="tier:park")
    assert figures.select("denominator_low", "targets").row(0) == (1, 1)
    assert before["duties"].filter(duty="R19").equals(after["duties"].filter(duty="R19"))


def test_points_laid_over_are_given_where_their_condition_surely_holds(tmp_path):
    policy = laid_over(
        tmp_path,
        '[[points]]\nkey = "above_scale"\napplies = "above_scale and must_establish"\npoints = 70\n'
        'label = "规上必建"\nclause = "某省口径"\n',
    )
    for firm in judge(policy):
        scored = firm["above_scale"] is True and firm["obligation"] == "must_establish"
        assert ("规上必建70" in firm["priority_reasons"]) == scored
        assert "规模以上15" not in firm["priority_reasons"]


def test_outside_the_division_of_a_plan_the_reason_is_the_place(division_rows):
    common = {
        "youth_organisation": None, "operating": None, "society": False, "control": "private",
        "league_members": 5, "party": "own", "league_form": "none",
    }  # fmt: skip
    firms = [{**common, "place": place} for place in COUNTIES]
    snapshot = snapshot_of([*firms, {**firms[3], "league_form": "own"}], division_rows)
    judged = assess(snapshot, load_policy(DAY), Division("410105", "金水区", "county"))["enterprises"]
    reasons = judged["not_listed_reason"].to_list()
    assert judged["is_target"].to_list() == [True, False, False, False, False, False]
    assert reasons[0] is None
    assert all(reason.startswith("本轮不列入：不在本计划的地区") for reason in reasons[1:5])
    assert "已单独建立" in reasons[5]


def test_a_fact_outside_the_cases_is_refused(policy):
    facts = {
        **policy.facts,
        "newcomer": policy.facts["has_party"].__class__("newcomer", "enterprise", "新", "x"),
    }
    with pytest.raises(ContentError, match="newcomer"):
        with_case(nw.from_native(pl.DataFrame({"employees": [1]}).lazy()), changed(policy, facts=facts))


def test_more_sectors_than_a_case_can_number_are_refused(policy):
    with pytest.raises(CodingOverflowError, match="放不下"):
        with_case(
            nw.from_native(pl.DataFrame({"employees": [1]}).lazy()),
            changed(policy, sectors=policy.sectors * 10**6, size_steps=policy.size_steps * 10**6),
        )


def changed(policy, **fields):
    return type(policy)(**{**{name: getattr(policy, name) for name in policy.__dataclass_fields__}, **fields})
