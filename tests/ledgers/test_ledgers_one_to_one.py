"""One row for one enterprise, from both sides; doubtful pairs in the order of what they would move."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from coverage_engine.ledgers import read_tables
from coverage_engine.ledgers.identity.decisions import Decision
from coverage_engine.model.findings import Findings
from coverage_engine.model.snapshot import Snapshot

FIRM, OTHER = "郑州澈岚屿食品有限公司", "洛阳屹叡隽机械股份有限公司"
LIKE, LIKER = "澈岚屿（郑州）食品有限公司", "郑州澈岚屿食品有限责任公司"
SPELLED = "郑州市澈岚屿食品有限公司"
LEDGER: list[dict[str, object]] = [
    {"企业名称": FIRM, "所在地区": "410105", "团员数": 9, "青年数": 30},
    {"企业名称": OTHER, "所在地区": "410305", "团员数": 4, "团组织": "单独"},
]


def read(
    *decisions: Decision, firms: list[dict[str, object]] | None = None, **ledgers: list[dict[str, object]]
) -> tuple[Snapshot, Findings]:
    return read_tables({"企业台账": firms or LEDGER, **ledgers}, as_of=date(2019, 6, 15), decisions=decisions)


RELATIONS = {
    "工会台账": ("trade_unions", {}),
    "党组织台账": ("party_organisations", {}),
    "团属社团台账": ("society_members", {"社团名称": "虚构市青年企业家协会", "层级": "市"}),
    "行业协会台账": ("association_members", {"协会名称": "虚构市食品协会"}),
}


def rows_of(ledger: str, *names: str) -> list[dict[str, object]]:
    name = "会员单位" if ledger == "团属社团台账" else "会员企业" if ledger == "行业协会台账" else "企业名称"
    return [{**RELATIONS[ledger][1], name: each} for each in names]


@pytest.mark.parametrize("ledger", RELATIONS)
@pytest.mark.parametrize("names", [(FIRM, LIKE), (LIKE, FIRM)], ids=["exact first", "likeness first"])
def test_a_likeness_takes_no_enterprise_from_a_row_that_names_it(ledger: str, names: tuple[str, ...]) -> None:
    snapshot, findings = read(**{ledger: rows_of(ledger, *names)})
    linked = snapshot[RELATIONS[ledger][0]]
    assert linked["row"].to_list() == [2 + names.index(FIRM)]
    assert snapshot["doubtful_pairs"].select("name", "name_of_firm").rows() == [(LIKE, FIRM)]
    assert findings.table.filter(pl.col("code") == "link.ambiguous")["found"].to_list() == [LIKE]


@pytest.mark.parametrize("ledger", RELATIONS)
def test_two_likenesses_of_one_enterprise_are_both_asked_about(ledger: str) -> None:
    snapshot, _ = read(**{ledger: rows_of(ledger, LIKE, LIKER)})
    assert snapshot[RELATIONS[ledger][0]].is_empty()
    assert set(snapshot["doubtful_pairs"]["name"]) == {LIKE, LIKER}


@pytest.mark.parametrize("ledger", RELATIONS)
def test_another_spelling_alone_or_written_twice_is_no_contest(ledger: str) -> None:
    for names in [(SPELLED,), (SPELLED, SPELLED)]:
        snapshot, _ = read(**{ledger: rows_of(ledger, *names)})
        assert snapshot[RELATIONS[ledger][0]].height == 1
        assert snapshot["doubtful_pairs"].is_empty()


def test_an_enterprise_may_be_in_two_societies_under_two_spellings() -> None:
    rows = rows_of("团属社团台账", FIRM, SPELLED)
    rows[1]["社团名称"] = "虚构市青年联合会"
    snapshot, _ = read(团属社团台账=rows)
    assert snapshot["society_members"].height == 2
    assert snapshot["doubtful_pairs"].is_empty()


def test_a_row_that_two_enterprises_fit_is_linked_to_neither() -> None:
    twins = [{"企业名称": FIRM, "所在地区": place} for place in ("410105", "410104")]
    for ledger, (table, _) in RELATIONS.items():
        snapshot, findings = read(firms=twins, **{ledger: rows_of(ledger, FIRM)})
        assert snapshot[table].is_empty()
        assert "link.ambiguous" in findings.table["code"].to_list()


def test_of_two_enterprises_called_the_same_as_one_row_the_last_answer_counts() -> None:
    brands = [{"企业名称": f"郑州澈岚屿{trade}有限公司", "所在地区": "410105"} for trade in ("食品", "物流")]
    union = [{"企业名称": "郑州澈岚屿有限公司"}]
    asked = read(firms=brands, 工会台账=union)[0]["doubtful_pairs"]
    assert asked.height == 2
    for order in ([0, 1], [1, 0]):
        pairs = [asked.row(place, named=True) for place in order]
        answers = [Decision(pair["left"], pair["right"], same=True) for pair in pairs]
        snapshot, _ = read(*answers, firms=brands, 工会台账=union)
        linked = snapshot["trade_unions"].select("enterprise_id")
        names = linked.join(snapshot["enterprises"], on="enterprise_id")["name"]
        assert names.to_list() == [pairs[-1]["name_of_firm"]]


def test_an_answer_outweighs_the_contest() -> None:
    union = rows_of("工会台账", LIKE, LIKER)
    pair = read(工会台账=union)[0]["doubtful_pairs"].filter(pl.col("name") == LIKE).row(0, named=True)
    snapshot, _ = read(Decision(pair["left"], pair["right"], same=True), 工会台账=union)
    assert snapshot["trade_unions"]["row"].to_list() == [2]
    assert snapshot["doubtful_pairs"]["name"].to_list() == [LIKER]


def test_a_unit_of_the_system_takes_no_enterprise_from_the_unit_that_bears_its_name() -> None:
    superior = "共青团郑州市金水区委员会"
    export = [
        {"团组织全称": f"共青团{name}支部委员会", "上级组织": superior} for name in (FIRM, "澈岚屿食品")
    ]
    snapshot, _ = read(智慧团建导出=export)
    states = dict(snapshot["league_organisations"].select("full_name", "match").rows())
    assert states == {export[0]["团组织全称"]: "enterprise", export[1]["团组织全称"]: "ambiguous"}
    assert snapshot["doubtful_pairs"]["effect"].to_list() == ["link"]
    alone, _ = read(智慧团建导出=export[1:])
    assert alone["league_matches"].is_empty()
    assert alone["doubtful_pairs"]["effect"].to_list() == ["coverage"]


def test_two_units_that_bear_one_enterprises_name_are_told() -> None:
    export = [{"团组织全称": f"共青团{FIRM}{ending}"} for ending in ("委员会", "支部委员会")]
    _, findings = read(智慧团建导出=export)
    told = findings.table.filter(pl.col("code") == "league.several_units")
    assert told["found"].to_list() == [each["团组织全称"] for each in export]


def test_a_unit_that_two_enterprises_fit_is_asked_about() -> None:
    twins = [{"企业名称": FIRM, "所在地区": place} for place in ("410105", "410104")]
    snapshot, _ = read(firms=twins, 智慧团建导出=[{"团组织全称": f"共青团{FIRM}委员会"}])
    assert snapshot["league_organisations"]["match"].to_list() == ["ambiguous"]
    assert snapshot["league_matches"].is_empty()


def test_the_queue_stands_in_the_order_of_what_an_answer_would_move() -> None:
    doubted, covered = "澈岚屿食品有限公司", "屹叡隽机械有限公司"
    snapshot, _ = read(
        firms=[*LEDGER, {"企业名称": "郑州昀栩遥科技有限公司", "所在地区": "410105", "青年数": 7},
               {"企业名称": "郑州昀栩春科技有限公司", "所在地区": "410105", "青年数": 8}],
        工会台账=[{"企业名称": doubted}],
        团属社团台账=rows_of("团属社团台账", doubted, covered),
        智慧团建导出=[{"团组织全称": "共青团澈岚屿食品支部委员会"}],
    )  # fmt: skip
    queue = snapshot["doubtful_pairs"].select("effect", "weight", "ledger").rows()
    assert [row[0] for row in queue] == sorted((row[0] for row in queue), key=_RANK.index)
    assert queue[0] == ("coverage", 30, "league_organisations")
    assert ("count", 8, "enterprises") in queue or ("count", 7, "enterprises") in queue
    assert ("duty", 30, "society_members") in queue
    assert ("link", 4, "society_members") in queue


_RANK = ["coverage", "count", "duty", "link"]
