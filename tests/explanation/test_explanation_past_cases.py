"""Past attempts on firms alike: the nearest in the facts come first, with what came of them."""

from datetime import date

import narwhals as nw
import polars as pl
import pytest
from plain_firm import PLAIN_FIRM

from coverage_engine.explanation.judgements import explanations, judged
from coverage_engine.explanation.past_cases import past_cases
from coverage_engine.model.snapshot import build_snapshot
from coverage_engine.model.tables import SNAPSHOT_TABLES
from coverage_engine.policy import load_policy
from coverage_engine.recommend import load_paths

DAY = date(2019, 6, 15)
ASKED, TWIN, COUSIN, STRANGER = 0, 1, 2, 3


def firm(at, **more):
    plain = PLAIN_FIRM | {
        "enterprise_id": at,
        "name": f"虚构{at}号有限公司",
        "employees": 100,
        "young_employees": 40,
        "above_scale": True,
        "party": "own",
        "union": True,
        "source": 0,
        "row": at + 2,
    }
    return plain | more


FIRMS = [
    firm(ASKED),
    firm(TWIN),
    firm(COUSIN, union=False),
    firm(STRANGER, union=False, party="none", above_scale=False, league_members=0, young_employees=3),
]


def tried(at, path, result, ended=DAY):
    return {"enterprise_id": at, "path": path, "result": result, "started": date(2019, 1, 7), "ended": ended}


def cases(outcomes, lang="zh", most=5):
    tables = {"enterprises": FIRMS, "outcomes": outcomes}
    frames = {
        name: pl.DataFrame(rows, schema={each.name: each.dtype for each in SNAPSHOT_TABLES[name]})
        for name, rows in tables.items()
    }
    snapshot = build_snapshot(DAY, frames, frozenset(tables))
    wanted = nw.col("enterprise_id") == ASKED
    known = explanations(judged(snapshot, load_policy(DAY), load_paths(), wanted), wanted, lang)
    return past_cases(known.tables["facts"], known, most)


def test_the_firms_most_alike_come_first_with_what_was_tried_and_what_came_of_it():
    told = cases([tried(STRANGER, 11, "failed"), tried(COUSIN, 1, "joint"), tried(TWIN, 3, "own")])
    assert [case.name for case in told] == [f"虚构{at}号有限公司" for at in (TWIN, COUSIN, STRANGER)]
    assert [(case.path, case.result) for case in told] == [
        (3, "建成单独团组织"),
        (1, "建成联合团组织"),
        (11, "未建成"),
    ]
    twin, cousin, _ = told
    assert "党组织" in twin.alike and not twin.unlike
    assert "工会" in cousin.unlike and "工会" not in cousin.alike
    assert (twin.started, twin.ended) == (date(2019, 1, 7), DAY)


def test_no_more_cases_than_asked_for_are_told():
    assert len(cases([tried(TWIN, 1, "own"), tried(TWIN, 3, "failed"), tried(COUSIN, 1, "own")], most=2)) == 2


@pytest.mark.parametrize(("outcomes", "told"), [([], None), ([tried(TWIN, 1, "ongoing", None)], [])])
def test_no_ledger_and_no_ended_attempt_are_told_apart(outcomes, told):
    assert cases(outcomes) == told


def test_cases_are_told_in_english_too():
    (case,) = cases([tried(TWIN, 1, "own")], "en")
    assert case.result == "founded its own" and "Party organisation" in case.alike
