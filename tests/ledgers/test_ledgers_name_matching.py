"""Names of firms: what they consist of, which are one firm, which never are, and what is asked."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from coverage_engine.ledgers import read_tables
from coverage_engine.ledgers.identity.decisions import Decision
from coverage_engine.ledgers.identity.firm_names import firm_parts
from coverage_engine.ledgers.identity.name_matching import STEPS, match_names, reasons

HERE = {"county_code": "410105", "city_code": "410100"}
FIRM = "郑州澈岚屿食品有限公司"


def parts(name: str) -> dict[str, object]:
    return firm_parts(pl.Series([name])).row(0, named=True)


def verdict(record: str, *firms: str, at: dict[str, str] | None = HERE, where: dict[str, str] = HERE) -> str:
    schema = {"name": pl.String, "county_code": pl.String, "city_code": pl.String}
    left = pl.DataFrame([{"name": record, **(at or {})}], schema=schema)
    right = pl.DataFrame([{"name": firm, **where} for firm in firms], schema=schema)
    found = match_names(left, right)
    return found["verdict"][0] if found.height else "none"


def test_a_name_is_taken_apart() -> None:
    found = parts("河南省郑州市澈岚屿食品集团股份有限公司郑东分公司")
    assert (found["core"], found["brand"], found["trade"]) == ("澈岚屿食品", "澈岚屿", "食品")
    assert (found["office"], found["form"], found["group"], found["stock"]) == (
        "郑东分公司", "company", True, True,
    )  # fmt: skip
    assert found["name_city"] == "410100"


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("澈岚屿（郑州）食品有限责任公司", "澈岚屿食品"),
        ("郑州澈岚屿食品", "澈岚屿食品"),
        ("阿里巴巴集团控股有限公司", "阿里巴巴控股"),
        ("澈岚屿（集团）有限公司", "澈岚屿"),
        ("中原物流有限公司", "中原物流"),
        ("郑州澈岚屿管理中心（普通合伙）", "澈岚屿管理"),
        ("澈 岚屿·食品（有限合伙）", "澈岚屿食品"),
    ],
)
def test_place_and_legal_form_are_cut_from_the_core(name: str, core: str) -> None:
    assert parts(name)["core"] == core


@pytest.mark.parametrize(
    ("record", "wanted"),
    [
        ("郑州澈岚屿食品有限责任公司", "match"),
        ("郑州市澈岚屿食品有限公司", "match"),
        ("郑州 澈岚屿食品有限公司", "match"),
        ("澈岚屿（郑州）食品有限公司", "ask"),
        ("郑州澈岚屿食品", "ask"),
        ("郑州澈岚屿食品有限", "ask"),
        ("澈岚屿食品有限公司", "ask"),
        ("郑州澈岚峪食品有限公司", "ask"),
        ("郑州屹叡隽商行（原郑州澈岚屿食品有限公司）", "ask"),
    ],
)
def test_one_spelling_in_the_same_county_is_the_same_firm_and_likeness_is_asked_about(
    record: str, wanted: str
) -> None:
    assert verdict(record, FIRM, "郑州屹叡隽机械有限公司") == wanted


def test_a_code_stands_above_the_name() -> None:
    codes = ["91410105MA00000001", "91410105MA00000002"]
    left = pl.DataFrame({"name": ["郑州屹叡隽机械有限公司"], "credit_code": codes[:1]})
    right = pl.DataFrame({"name": [FIRM, "郑州屹叡隽机械有限公司"], "credit_code": codes})
    assert match_names(left, right).select("firm", "verdict").rows() == [(0, "match")]


def test_what_else_is_known_is_told_as_a_reason() -> None:
    facts = {"address": "金水区文化路115号", "employees": 40, "section": "C"}
    left = pl.DataFrame([{"name": "澈岚屿食品有限责任公司", **HERE, **facts}])
    right = pl.DataFrame([{"name": FIRM, **HERE, **facts, "address": "二七区大学路3号", "employees": 400}])
    told = reasons(match_names(left, right))[0]
    for words in ("地址不同 -2.5", "从业人员数相差几倍 -0.5", "行业门类相同 +0.3"):
        assert words in told


@pytest.mark.parametrize(
    "record",
    [
        "郑州澈岚屿食品有限公司金水分公司",
        "洛阳澈岚屿食品有限公司",
        "郑州澈岚屿机械有限公司",
        "郑州澈岚屿食品有限公司第一门店",
        "郑州屹叡隽食品有限公司",
        "澈岚屿商行",
    ],
)
def test_office_other_city_and_other_trade_are_never_the_same_firm(record: str) -> None:
    assert verdict(record, FIRM) == "none"
    assert verdict(FIRM, record) == "none"


def test_two_offices_of_one_firm_are_two() -> None:
    assert verdict("郑州澈岚屿食品有限公司二七分公司", "郑州澈岚屿食品有限公司金水分公司") == "none"


def test_two_firms_alike_are_asked_about_not_guessed() -> None:
    firms = ("郑州澈岚屿食品有限责任公司", "郑州澈岚屿食品股份有限公司")
    assert verdict("澈岚屿食品", *firms) == "ask"


def test_without_place_a_bare_brand_is_asked_about() -> None:
    assert verdict("澈岚屿食品有限公司", FIRM, at=None) == "ask"


def test_brands_of_two_characters_that_differ_in_one_are_not_joined() -> None:
    assert verdict("郑州华信商贸有限公司", "郑州华兴商贸有限公司") in ("ask", "none")


def test_two_credit_codes_are_two_firms() -> None:
    left = pl.DataFrame({"name": [FIRM], "credit_code": ["91410105MA00000001"]})
    right = pl.DataFrame({"name": [FIRM], "credit_code": ["91410105MA00000002"]})
    assert match_names(left, right).is_empty()


def test_the_reasons_add_up_to_the_score_and_are_told() -> None:
    left = pl.DataFrame([{"name": "澈岚屿食品有限责任公司", **HERE}])
    right = pl.DataFrame([{"name": FIRM, **HERE}])
    found = match_names(left, right)
    assert found.select(pl.sum_horizontal(STEPS) == pl.col("score")).to_series().all()
    assert reasons(found)[0].startswith("起点 -4.0；字号和行业相同，一方没有写地名 +5.0；")


def test_common_beginnings_do_not_explode() -> None:
    names = [f"河南省{a}{b}贸易有限公司" for a in "甲乙丙丁戊己庚辛壬癸" for b in "子丑寅卯辰巳午未申酉"]
    frame = pl.DataFrame({"name": names * 20})
    assert match_names(frame.unique(maintain_order=True), frame.unique(maintain_order=True)).height == 100


LEDGER = [
    {"企业名称": FIRM, "所在地区": "410105", "团员数": 9},
    {"企业名称": "洛阳屹叡隽机械股份有限公司", "所在地区": "410305", "团员数": 4, "团组织": "单独"},
]


def read(decisions: tuple[Decision, ...] = (), **ledgers: list[dict[str, object]]) -> tuple:
    return read_tables({"企业台账": LEDGER, **ledgers}, as_of=date(2019, 6, 15), decisions=decisions)


def test_another_ledgers_spelling_is_linked_and_told() -> None:
    snapshot, findings = read(工会台账=[{"企业名称": "郑州市澈岚屿食品有限公司"}])
    assert snapshot["trade_unions"].height == 1
    assert "link.name_differs" in findings.table["code"].to_list()


def test_a_doubtful_pair_is_queued_by_weight_and_links_nothing() -> None:
    unions = [{"企业名称": "屹叡隽机械有限公司"}, {"企业名称": "澈岚屿食品有限公司"}]
    snapshot, findings = read(工会台账=unions)
    queue = snapshot["doubtful_pairs"]
    assert snapshot["trade_unions"].is_empty()
    assert queue.select("doubt", "weight", "name_of_firm").rows() == [
        (1, 9, FIRM),
        (2, 4, "洛阳屹叡隽机械股份有限公司"),
    ]
    assert findings.table.filter(pl.col("code") == "link.ambiguous").height == 2


@pytest.mark.parametrize(("same", "linked"), [(True, 1), (False, 0)])
def test_an_answer_is_replayed(same: bool, linked: int) -> None:
    unions = [{"企业名称": "澈岚屿食品有限公司"}]
    doubt = read(工会台账=unions)[0]["doubtful_pairs"].row(0, named=True)
    answer = Decision(doubt["left"], doubt["right"], same)
    snapshot, _ = read((answer,), 工会台账=unions)
    assert snapshot["trade_unions"].height == linked
    assert snapshot["doubtful_pairs"].is_empty()


@pytest.mark.parametrize(
    "name",
    [
        "共青团澈岚屿食品支部委员会",
        "共青团郑州澈岚峪食品有限公司支部委员会",
        "共青团澈岚屿食品有限公司总支部委员会",
    ],
)
def test_a_misnamed_organisation_is_asked_about_where_its_superiors_place_agrees(name: str) -> None:
    row = {"团组织全称": name, "上级组织": "共青团郑州市金水区委员会"}
    snapshot, _ = read(智慧团建导出=[row])
    assert snapshot["league_organisations"]["match"].to_list() == ["ambiguous"]
    assert snapshot["league_matches"].is_empty()
    doubt = snapshot["doubtful_pairs"].row(0, named=True)
    answered, _ = read((Decision(doubt["left"], doubt["right"], same=True),), 智慧团建导出=[row])
    assert answered["league_matches"]["basis"].to_list() == ["folded"]
    elsewhere = {"团组织全称": name, "上级组织": "共青团洛阳市西工区委员会"}
    assert read(智慧团建导出=[elsewhere])[0]["doubtful_pairs"].is_empty()


@pytest.mark.parametrize(
    "name", ["郑州澈岚屿食品有限责任公司", "河南省郑州市澈岚屿食品有限公司", "郑州澈岚屿食品"]
)
def test_an_organisation_is_the_firms_whose_name_is_equal_after_folding(name: str) -> None:
    row = {"团组织全称": f"共青团{name}支部委员会", "上级组织": "共青团郑州市金水区委员会"}
    snapshot, _ = read(智慧团建导出=[row])
    assert snapshot["league_matches"]["basis"].to_list() == ["folded"]
    assert snapshot["doubtful_pairs"].is_empty()


def test_an_organisation_without_place_is_asked_about() -> None:
    snapshot, _ = read(智慧团建导出=[{"团组织全称": "共青团澈岚屿食品支部委员会"}])
    assert snapshot["league_organisations"]["match"].to_list() == ["ambiguous"]
    assert snapshot["doubtful_pairs"]["name_of_firm"].to_list() == [FIRM]


def test_a_street_committee_that_a_firm_names_is_not_the_firms_own() -> None:
    firms = [{"企业名称": FIRM, "所在地区": "410105", "团组织名称": "共青团金水区兴达路街道委员会"}]
    export = [{"团组织全称": "共青团金水区兴达路街道委员会"}]
    snapshot, _ = read_tables({"企业台账": firms, "智慧团建导出": export})
    assert snapshot["league_matches"].is_empty()
