"""Chain lists build the groups: stores in no 企业台账 stay under their headquarters and are not counted."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

import coverage_engine as ce
from coverage_engine.campaigns.network.snapshot_graph import snapshot_network
from coverage_engine.campaigns.scenarios.scenario_files import load_scenarios
from coverage_engine.graph.groups import group_tree
from coverage_engine.ledgers import read_tables
from coverage_engine.recommend import load_paths

AS_OF = date(2019, 6, 15)
HEADQUARTERS = "郑州澈岚超市有限公司"
PRIVATE = {"所在地区": "410105", "控股情况": "私人控股"}
FIRMS = [
    {"企业名称": HEADQUARTERS, **PRIVATE, "团组织": "单独", "团员数": 9},
    {
        "企业名称": "郑州岚禾商贸有限公司",
        **PRIVATE,
        "团组织": "无",
        "团员数": 4,
        "党组织": "单独",
        "工会": "有",
    },
]
PLACES = (("中原", "郑州市中原区", 8), ("二七", "郑州市二七区", None), ("巩义", "巩义市", 30))
STORES = [
    {
        "总部名称": HEADQUARTERS,
        "分支名称": f"{HEADQUARTERS}{place}分公司",
        "分支所在地区": where,
        "分支从业人员数": staff,
    }
    for place, where, staff in PLACES
]


def headquarters_scenario():
    return next(each for each in load_scenarios() if each.key == "headquarters")


@pytest.fixture(scope="module")
def snapshot():
    return read_tables({"企业台账": FIRMS, "总部分支台账": STORES}, as_of=AS_OF)


def test_stores_in_no_enterprise_list_build_the_group_and_no_enterprise(snapshot) -> None:
    tables, _ = snapshot
    assert tables["enterprises"].height == len(FIRMS)
    assert tables["branch_offices"].is_empty()
    assert tables["headquarters"].select("name", "enterprise_id").height == 1
    offices = tables["unlisted_offices"].select("headquarters", "county_code", "employees").rows()
    assert sorted(offices, key=str) == [
        (HEADQUARTERS, "410102", 8), (HEADQUARTERS, "410103", None), (HEADQUARTERS, "410181", 30),
    ]  # fmt: skip


def test_that_they_are_not_counted_is_told_once_a_headquarters_and_in_the_presumptions(snapshot) -> None:
    tables, findings = snapshot
    told = findings.table.filter(pl.col("code") == "link.office_unlisted")
    assert told["found"].to_list()[0].startswith(f"{HEADQUARTERS}的 3 家：")
    assert told.height == 1
    assert "link.not_found" not in findings.table["code"].to_list()
    subjects = dict(tables["presumptions"].select("subject", "message").rows())
    assert subjects["unlisted_offices"].startswith("3 家分支机构")


def test_a_store_that_stands_in_the_enterprise_ledger_is_a_branch_office_as_before() -> None:
    listed = [*FIRMS, {"企业名称": f"{HEADQUARTERS}中原分公司", "所在地区": "郑州市中原区"}]
    tables, _ = read_tables({"企业台账": listed, "总部分支台账": STORES}, as_of=AS_OF)
    assert tables["branch_offices"].height == 1
    assert tables["unlisted_offices"].height == len(STORES) - 1


def test_a_headquarters_in_no_enterprise_list_has_its_group_too() -> None:
    rows = [
        {"总部名称": "郑州云外超市有限公司", "分支名称": "郑州岚禾商贸有限公司"},
        {"总部名称": "郑州云外超市有限公司", "分支名称": "郑州云外超市有限公司二店"},
    ]
    tables, _ = read_tables({"企业台账": FIRMS, "总部分支台账": rows}, as_of=AS_OF)
    assert tables["headquarters"]["enterprise_id"].to_list() == [None]
    assert (tables["branch_offices"].height, tables["unlisted_offices"].height) == (1, 1)


def test_the_tree_of_a_group_names_its_unlisted_offices(snapshot) -> None:
    tree = group_tree(snapshot[0], 0)
    offices = [said["name"] for _, said in tree.nodes(data=True) if said["kind"] == "office"]
    assert len(offices) == len(STORES)


def test_a_drive_from_headquarters_reaches_them_and_does_not_count_them(snapshot) -> None:
    plan = ce.plan(snapshot[0], findings=snapshot[1])
    network = snapshot_network(snapshot[0], plan["enterprises"], headquarters_scenario())
    offices = network.nodes.filter(pl.col("office_of").is_not_null())
    assert offices.height == len(STORES)
    assert not offices["counted"].any()
    reached = set(network.graph.target.tolist())
    assert set(offices["node"].to_list()) <= reached
    assert any("3 家分支" in note for note in network.notes)


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1], [1, 2, 0]])
def test_the_order_of_a_chain_list_changes_nothing(snapshot, order: list[int]) -> None:
    tables, _ = read_tables({"企业台账": FIRMS, "总部分支台账": [STORES[at] for at in order]}, as_of=AS_OF)
    assert tables["unlisted_offices"].drop("row").equals(snapshot[0]["unlisted_offices"].drop("row"))


def test_no_step_asks_for_a_list_that_was_handed_in() -> None:
    union = {"企业名称": "郑州岚禾商贸有限公司", "工会名称": "工会", "上级工会": "金水区总工会"}
    party = {"企业名称": "郑州岚禾商贸有限公司", "党组织名称": "党支部", "党组织形式": "单独"}
    book = load_paths()
    handed_in = [
        (path, action) for path in book.paths for action in path.actions if action.handed_in is not None
    ]
    assert {path.number for path, _ in handed_in} == {1, 3, 4, 9}
    for _, action in handed_in:
        assert action.words(frozenset()) == action.text
        assert action.words(frozenset({action.handed_in.ledger})) == action.handed_in.text
        assert "取得" not in action.handed_in.text.zh
    bare, told = (read_tables(tables, as_of=AS_OF) for tables in (
        {"企业台账": FIRMS}, {"企业台账": FIRMS, "工会台账": [union], "党组织台账": [party]},
    ))  # fmt: skip
    steps = [
        "".join(ce.plan(each[0], findings=each[1])["actions"]["action"].to_list()) for each in (bare, told)
    ]
    assert "对照党组织台账" in steps[0]
    assert "对照党组织台账" not in steps[1] and "取得建会企业名单" not in steps[1]
