"""No firm has a ground whose duty does not apply, over every combination of facts and every overlay.

What is expected is worked out here by itself: conditions are read with Python's own `eval` over all that
unknown facts may turn out to be, and neither the evaluator nor the parser of the product is asked.
"""

import tomllib
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path

import narwhals as nw
import polars as pl
import pytest

from coverage_engine.content import content_file
from coverage_engine.coverage.obligations import with_obligations
from coverage_engine.frames.dialect import collected
from coverage_engine.policy import load_policy

DAY = date(2019, 8, 20)
HOUSE = Path(__file__).parents[3] / "shared" / "cases" / "house"
STRENGTH = {"encouraged": "cultivate", "should": "should_establish", "must": "must_establish"}
RANK = {word: at for at, word in enumerate(("none", *STRENGTH.values()))}
TRUTHS = (False, True, None)
KNOWN = ("in_scope", "enough_members", "has_party", "in_society")
COVER = ((True, True), (True, False), (False, True), (False, False), (None, None))
"""Own and joint organisation."""
PROFILES = ((False, False, False), (True, False, True), (True, True, False), (False, True, True))
"""Above scale, in one of the sectors, many young employees."""
OVERLAYS = {
    "the notice": "",
    "duty13": "duty13.toml",
    "duty28": "duty28.toml",
    "henan_own": "henan_own.toml",
    "later": "later.toml",
    "joint bodies count": '[[value]]\nkey = "joint_satisfies_establishment"\nvalue = true\n'
    'clause = "试"\nvalid_from = 2019-01-01\n',
    "R17 above scale only": '[[duty]]\nkey = "R17"\nstrength = "must"\ntitle = "试"\nclause = "试"\n'
    'quote = "试"\ncondition = "试"\nevidence = "试"\nsubject = "enterprise"\nvalid_from = 2019-01-01\n'
    'applies = "in_scope and enough_members and in_society and above_scale"\nmet = "satisfied"\n',
    "R27 for nobody yet": '[[duty]]\nkey = "R27"\nstrength = "should"\ntitle = "试"\nclause = "试"\n'
    'quote = "试"\ncondition = "试"\nevidence = "试"\nsubject = "enterprise"\nvalid_from = 2020-01-01\n'
    'applies = "in_scope and enough_members"\nmet = "satisfied"\n',
}


@pytest.fixture(params=OVERLAYS, scope="module")
def case(request, tmp_path_factory):
    """The duties and the switch as the files say them, and every firm as the product judges it."""
    overlay = OVERLAYS[request.param]
    file = HOUSE / overlay
    if overlay.endswith(".toml"):
        if not file.exists():
            pytest.skip(f"!!! {overlay} is not tried: ../shared/cases/house is not here")
    else:
        file = tmp_path_factory.mktemp("policy") / "本省口径.toml"
        file.write_text(overlay, "utf-8")
    return (*duties_and_switch(file), judged(load_policy(DAY, [file])))


def duties_and_switch(overlay):
    """Duties of enterprises in force by their keys, straight from the files."""
    laid = tomllib.loads(overlay.read_text("utf-8"))
    duties = {}
    for entry in (*toml("duties.toml")["duty"], *laid.get("duty", ())):
        if entry["subject"] == "enterprise" and entry["valid_from"] <= DAY:
            before = duties.get(entry["key"], {})
            role = before.get("founding") or ("obliges" if entry["met"] == "satisfied" else "apart")
            duties[entry["key"]] = {"founding": role, "standing": before.get("standing", False), **entry}
    values = (*toml("notice_2019_17.toml")["value"], *laid.get("value", ()))
    switch = [entry["value"] for entry in values if entry["key"] == "joint_satisfies_establishment"]
    return duties, switch[-1]


def toml(name):
    return tomllib.loads(content_file("data", "policy", name).read_text("utf-8"))


def judged(policy):
    rest = {"top_hundred": False, "in_park": False, "youth_organisation": False, "verified": "no"}
    rows = [
        {
            **dict(zip(KNOWN, known, strict=True)),
            **dict(zip(("has_own", "has_joint"), cover, strict=True)),
            **dict(zip(("above_scale", "in_sector", "many_youth"), profile, strict=True)),
            **rest,
        }
        for known, cover, profile in product(product(TRUTHS, repeat=len(KNOWN)), COVER, PROFILES)
    ]
    schema = {name: pl.String if name == "verified" else pl.Boolean for name in rows[0]}
    frame = nw.from_native(pl.DataFrame(rows, schema=schema).lazy())
    return collected(with_obligations(frame, policy)).rows(named=True)


def worlds(firm):
    """All that a firm may turn out to be."""
    open_ = [name for name in (*KNOWN, "has_own", "has_joint") if firm[name] is None]
    for values in product((False, True), repeat=len(open_)):
        yield {**firm, **dict(zip(open_, values, strict=True))}


@cache
def compiled(condition):
    return compile(condition.strip(), "condition", "eval")


def said(condition, world, switch, listed):
    own, joint = world["has_own"], world["has_joint"]
    facts = {
        **world,
        "satisfied": own or (joint and switch),
        "claimed": own or joint,
        "listed_in_society": listed,
        "in_system": False,
        "takes_part": False,
    }
    return eval(compiled(condition), {"__builtins__": {}}, facts)


def asks(duty, world, switch, listed):
    """Whether a duty asks something of a firm of which everything is known."""
    return said(duty["applies"], world, switch, listed) and (
        duty["standing"] or not said(duty["met"], world, switch, listed)
    )


def strongest(duties, switch, firm):
    """The ranks of the strongest obligation in all that a firm may turn out to be."""
    obliging = [duty for duty in duties.values() if duty["founding"] == "obliges"]
    return {
        max(
            (
                RANK[STRENGTH[duty["strength"]]]
                for duty in obliging
                if asks(duty, world, switch, world["in_society"])
            ),
            default=0,
        )
        for world in worlds(firm)
    }


def expected(duties, switch, firm):
    """Obligation and grounds as the duties make them."""
    possible = strongest(duties, switch, firm)
    if firm["in_society"] is None:
        # No list was handed in: judged as no member, where it should found one anyway.
        absent = strongest(duties, switch, {**firm, "in_society": False})
        possible = possible if absent in ({0}, {1}) else absent
    word = list(RANK)[possible.pop()] if len(possible) == 1 else "undetermined"
    listed = firm["in_society"] is True
    grounds = [
        key
        for key, duty in duties.items()
        if duty["founding"] in ("obliges", "supports")
        and STRENGTH[duty["strength"]] == word
        and all(asks(duty, world, switch, listed) for world in worlds(firm))
    ]
    return word, ";".join(sorted(grounds, key=lambda key: int(key[1:])))


def test_obligation_and_grounds_are_those_that_the_duties_make(case):
    duties, switch, firms = case
    assert len(firms) >= 1_440
    for firm in firms:
        assert (firm["obligation"], firm["ground"]) == expected(duties, switch, firm), firm


def test_no_firm_has_a_ground_whose_duty_does_not_apply(case):
    duties, switch, firms = case
    listed_grounds = 0
    for firm in firms:
        for key in filter(None, firm["ground"].split(";")):
            applies = duties[key]["applies"]
            listed = firm["in_society"] is True
            assert all(said(applies, world, switch, listed) for world in worlds(firm)), (key, firm)
            listed_grounds += 1
    assert listed_grounds > 50
