"""Obligations follow from the duties in force: held against the rules of the notice and every completion."""

from datetime import date
from itertools import product
from pathlib import Path

import narwhals as nw
import polars as pl
import pytest
from judged_firms import COUNTIES, snapshot_of

from coverage_engine.coverage import assess, control_sheets
from coverage_engine.coverage.obligations import with_obligations
from coverage_engine.errors import PolicyError
from coverage_engine.frames.dialect import collected
from coverage_engine.policy import facts_of, holds, load_policy

DAY = date(2019, 8, 20)
HOUSE = Path(__file__).parents[3] / "shared" / "cases" / "house"
TRUTHS = (False, True, None)
DECIDING = ("in_scope", "enough_members", "has_party", "in_society", "has_own", "has_joint", "above_scale")
WEIGHT = {"none": 0, "cultivate": 1, "should_establish": 2, "must_establish": 3}
OF_STRENGTH = {"encouraged": 1, "should": 2, "must": 3}


def duty(key, strength, applies, met="satisfied", **more):
    """A duty of enterprises as a planner writes it."""
    words = {
        "key": key, "strength": strength, "applies": applies, "met": met, "subject": "enterprise",
        "title": f"某省要求{key}", "clause": f"某省文〔2019〕{key}", "quote": "试", "condition": "试",
        "evidence": "试", **more,
    }  # fmt: skip
    lines = [
        f"{name} = {str(value).lower() if isinstance(value, bool) else repr(value)}"
        for name, value in words.items()
    ]
    return "\n".join(["[[duty]]", *lines, "valid_from = 2019-01-01", ""])


OVERLAYS = {
    "the notice": "",
    "R13 above scale only": duty("R13", "must", "in_scope and enough_members and has_party and above_scale"),
    "R13 is only advice": duty("R13", "should", "in_scope and enough_members and has_party"),
    "R17 binds whom R13 does not": duty("R17", "must", "in_scope and in_society and not has_party"),
    "R27 above scale only": duty("R27", "should", "in_scope and enough_members and above_scale"),
    "R14 for those without a Party body": duty(
        "R14", "encouraged", "in_scope and not enough_members and not has_party", "youth_organisation"
    ),
    "R15 obliges": duty("R15", "should", "in_scope and above_scale", founding="obliges"),
    "two duties share the firms": duty("R13", "must", "in_scope and enough_members and above_scale")
    + duty("R29", "must", "in_scope and enough_members and not above_scale"),
    "a joint body will do": duty("R13", "must", "in_scope and has_party", "has_own or has_joint"),
    "R17 is apart": duty("R17", "must", "in_scope and in_society", founding="apart"),
}


def laid_over(folder, text):
    file = folder / "本省口径.toml"
    file.write_text(text, "utf-8")
    return load_policy(DAY, [file])


@pytest.fixture(params=OVERLAYS, scope="module")
def judged(request, tmp_path_factory):
    """The policy with an overlay, and every combination of the deciding facts as it is judged."""
    policy = laid_over(tmp_path_factory.mktemp("policy"), OVERLAYS[request.param])
    return policy, judge(policy, DECIDING)


def judge(policy, names):
    rows = pl.DataFrame(
        list(product(TRUTHS, repeat=len(names))), schema=dict.fromkeys(names, pl.Boolean), orient="row"
    )
    rest = {
        "many_youth": False, "above_scale": False, "top_hundred": False, "in_park": False,
        "in_sector": False, "youth_organisation": False,
    }  # fmt: skip
    rows = rows.with_columns(
        **{name: pl.lit(value) for name, value in rest.items() if name not in names}, verified=pl.lit("no")
    )
    return collected(with_obligations(nw.from_native(rows.lazy()), policy)).rows(named=True)


def all_of(*facts):
    return False if False in facts else None if None in facts else True


def any_of(*facts):
    return True if True in facts else None if None in facts else False


def opposite(fact):
    return None if fact is None else not fact


def by_the_notice(firm, policy):
    """The rules of the notice as they were once written beside its duties."""
    scope, members, party, society = (firm[name] for name in DECIDING[:4])
    own, joint, scale = firm["has_own"], firm["has_joint"], firm["above_scale"]
    must = all_of(scope, members, any_of(party, society), opposite(own))
    should = all_of(scope, members, opposite(any_of(party, society is True)), opposite(own))
    cultivate = all_of(scope, opposite(members), opposite(own), opposite(joint))
    told = {"must_establish": must, "should_establish": should, "cultivate": cultivate}
    sure = [word for word, fact in told.items() if fact]
    nothing = all(fact is False for fact in told.values())
    word = sure[0] if sure else "none" if nothing else "undetermined"
    grounds = {
        "R13": must is True and party is True,
        "R14": cultivate is True,
        "R15": should is True and (firm["top_hundred"] or scale is True),
        "R16": should is True and scale is True and firm["many_youth"] is True,
        "R17": must is True and society is True,
        "R27": should is True,
    }
    made = [key for key, so in grounds.items() if so]
    texts = [f"{policy.duty(key).clause} {policy.duty(key).title}" for key in made]
    if should is True and society is None:
        texts.append("通知四（2） 团属社团会员单位待核实")
    missing = {
        "团员数": members is None,
        "党组织": party is None and society is not True and members is not False,
        "团组织": own is None,
        "控股情况": scope is None,
    }
    asked = [ask.fact for ask in policy.ask_costs if word == "undetermined" and missing.get(ask.fact)]
    words = {True: "yes", False: "no", None: "unknown"}
    return {
        "obligation": word,
        "ground": ";".join(made),
        "ground_text": "；".join(texts),
        "missing_facts": ";".join(asked),
        "eligible": words[all_of(scope, members)],
        "duty_bound": words[all_of(scope, members, any_of(party, society))],
    }


@pytest.mark.parametrize("extra", ["above_scale", "many_youth", "top_hundred"])
def test_the_notice_alone_is_judged_as_before(extra):
    policy = load_policy(DAY)
    for firm in judge(policy, dict.fromkeys((*DECIDING, extra))):
        if firm["has_own"] is False and firm["has_joint"] is None:
            continue  # No ledger tells that a firm has no body of its own and leaves a joint one open.
        firm["top_hundred"] = bool(firm["top_hundred"])
        expected = by_the_notice(firm, policy)
        assert {name: firm[name] for name in expected} == expected, firm


def world_of(firm, listed=None):
    own, joint = firm["has_own"], firm["has_joint"]
    return {
        **firm,
        "satisfied": own,
        "claimed": own or joint,
        "listed_in_society": firm["in_society"] if listed is None else listed,
        "top_hundred": firm["top_hundred"],
        "in_park": firm["in_park"],
    }


def plain_word(policy, firm):
    """The weight of the strongest obligation of a firm of which everything is known."""
    world = world_of(firm)
    made = (
        OF_STRENGTH[each.strength]
        for each in policy.duties_of("enterprise")
        if each.founding == "obliges"
        and holds(each.applies, world)
        and (each.standing or not holds(each.met, world))
    )
    return max(made, default=0)


def plain_firms(firm, fixed=()):
    names = [name for name in DECIDING if firm[name] is None and name not in fixed]
    for values in product((False, True), repeat=len(names)):
        yield {**firm, **dict(zip(names, values, strict=True))}


def test_an_obligation_is_told_and_a_fact_missing_exactly_as_completions_say(judged):
    policy, firms = judged
    for firm in firms:
        # Where no list was handed in, a firm that should found one anyway is told so.
        known = firm
        if firm["in_society"] is None and told_of(policy, {**firm, "in_society": False}) not in ({0}, {1}):
            known = {**firm, "in_society": False}
        possible = told_of(policy, known)
        word = firm["obligation"]
        assert (WEIGHT.get(word), len(possible)) == (
            min(possible) if len(possible) == 1 else None,
            len(possible),
        ), firm
        turning = {
            policy.facts[name].header
            for name in DECIDING
            if known[name] is None
            and any(
                plain_word(policy, {**world, name: True}) != plain_word(policy, {**world, name: False})
                for world in plain_firms(known, fixed=[name])
            )
        }
        assert set(filter(None, firm["missing_facts"].split(";"))) == turning, firm


def told_of(policy, firm):
    return {plain_word(policy, world) for world in plain_firms(firm)}


def bindings(each, firm):
    """Whether a duty applies to a firm, in every completion of it; who is on the lists handed in is known."""
    listed = firm["in_society"] is True
    return [holds(each.applies, world_of(world, listed)) for world in plain_firms(firm)]


def test_no_firm_has_a_ground_whose_duty_does_not_bind_it(judged):
    policy, firms = judged
    grounds = 0
    for firm in firms:
        for key in filter(None, firm["ground"].split(";")):
            each = policy.duty(key)
            assert all(bindings(each, firm)), (key, firm)
            assert OF_STRENGTH[each.strength] == WEIGHT[firm["obligation"]]
            assert f"{each.clause} {each.title}" in firm["ground_text"]
            grounds += 1
        for each in policy.duties_of("enterprise"):
            if f"{each.clause} {each.title}" in firm["ground_text"]:
                assert any(bindings(each, firm)), (each.key, firm)
        if firm["obligation"] not in ("none", "undetermined"):
            assert firm["ground_text"]
    assert grounds > 50


@pytest.mark.parametrize("name", ["R13 above scale only", "two duties share the firms", "R17 is apart"])
def test_the_table_of_duties_and_the_grounds_of_firms_agree(division_rows, tmp_path, name):
    policy = laid_over(tmp_path, OVERLAYS[name])
    combined = product(
        ["private", "state", None], [2, 3, None], ["own", "none", None], ["own", "joint", "none", None],
        [True, False], [True, False, None],
    )  # fmt: skip
    names = ("control", "league_members", "party", "league_form", "society", "above_scale")
    rest = {"place": COUNTIES[0], "youth_organisation": None, "operating": None}
    firms = [{**rest, **dict(zip(names, values, strict=True))} for values in combined]
    assessed = assess(snapshot_of(firms, division_rows), policy)
    applies = {(firm, key): word for firm, key, word, _ in assessed["duties"].iter_rows()}
    told = (
        assessed["enterprises"]
        .select("enterprise_id", "ground")
        .with_columns(pl.col("ground").str.split(";"))
    )
    pairs = told.explode("ground").filter(pl.col("ground") != "").rows()
    assert {applies.get(pair, "no") for pair in pairs} == {"yes"}


def shared(name):
    file = HOUSE / name
    if not file.exists():
        pytest.skip(f"!!! {name} is not tried: ../shared/cases/house is not here")
    return file


def test_a_dated_duty_of_enterprises_shows_how_many_have_not_done_it(division_rows):
    policy = load_policy(DAY, [shared("duty28.toml")])
    common = {
        "place": COUNTIES[0], "youth_organisation": None, "operating": None, "society": False,
        "control": "private", "league_members": 5, "party": "none", "industry_code": "6420",
    }  # fmt: skip
    told = [(True, "none"), (True, "own"), (False, "none"), (None, "none"), (True, None), (None, "own")]
    firms = [{**common, "above_scale": scale, "league_form": form} for scale, form in told]
    snapshot = snapshot_of(firms, division_rows)
    assessed = assess(snapshot, policy)
    row = control_sheets(snapshot, policy, assessed)["deadlines"].row(
        by_predicate=pl.col("duty") == "R28", named=True
    )
    assert (row["open"], row["unclear"], row["due"]) == (3, 2, date(2019, 12, 31))
    assert assessed["enterprises"]["ground"].str.contains("R28").to_list() == [
        True,
        False,
        False,
        False,
        False,
        False,
    ]
    uncounted = control_sheets(snapshot, policy)["deadlines"].filter(duty="R28")
    assert uncounted["open"].to_list() == [None]


def test_a_duty_laid_over_keeps_what_it_does_to_obligations():
    policy = load_policy(DAY, [shared("duty13.toml")])
    assert policy.duty("R13").founding == "obliges"
    assert "above_scale" in facts_of(policy.duty("R13").applies)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            duty("R13", "must", "in_scope and takes_part"),
            "duty[1].applies（R13）：takes_part 不能决定应建要求",
        ),
        (
            duty("R30", "must", "in_scope", founding="maybe"),
            "duty[1].founding（R30）：没有 'maybe' 这个词（可写 apart、obliges、supports）",
        ),
        (duty("R30", "must", "in_scope", standing="yes"), "duty[1].standing（R30）：应为 true 或 false"),
        (duty("R10", "must", "school_listed", "all_entered", subject="school", founding="obliges"), "企业"),
    ],
)
def test_a_duty_that_could_not_take_effect_is_refused_with_line_and_remedy(tmp_path, text, told):
    with pytest.raises(PolicyError, match="下一步") as refusal:
        laid_over(tmp_path, text)
    assert told in str(refusal.value)
