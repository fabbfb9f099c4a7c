"""One enterprise once: what is merged, what stays apart, what is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from coverage_engine.ledgers import read_ledgers, read_tables
from coverage_engine.ledgers.credit_codes import ALPHABET, credit_code_problem
from coverage_engine.ledgers.identity.decisions import Decision


def _codes() -> tuple[str, str]:
    """Two valid codes, found by their check digits."""

    def valid(prefix: str, body: str) -> str:
        return next(
            code
            for inner in "0123456789X"
            for mark in ALPHABET
            if credit_code_problem(code := f"{prefix}{body}{inner}{mark}") is None
        )

    return valid("91410100", "MA441234"), valid("91410105", "MA45ABCD")


FIRST, SECOND = _codes()


def _firm(name: str, place: str = "410105", **further: object) -> dict[str, object]:
    return {"企业名称": name, "所在地区": place, **further}


def test_the_fuller_row_decides_and_the_others_fill_what_it_leaves_open(of_code: Callable) -> None:
    snapshot, findings = read_tables(
        {
            "企业台账": [
                _firm("甲（郑州）有限公司", 统一社会信用代码=FIRST, 团员数=3, 青年数=9),
                _firm("甲(郑州) 有限公司", 统一社会信用代码=FIRST, 团员数=5, 从业人员数=40, 党组织="单独"),
            ]
        }
    )
    row = snapshot["enterprises"].row(0, named=True)
    assert snapshot["enterprises"].height == 1
    assert (row["name"], row["league_members"], row["employees"], row["young_employees"]) == (
        "甲(郑州) 有限公司", 5, 40, 9,
    )  # fmt: skip
    filled = snapshot["fact_sources"].select("field", "ledger_field", "row").rows()
    assert filled == [("young_employees", "young_employees", 2)]
    told = of_code(findings, "identity.contradiction").row(0, named=True)
    assert (told["severity"], told["cell"], told["found"]) == ("warning", "D2", "3")
    assert "企业台账!D3 的“5”" in told["remedy"] and "删" not in told["remedy"]
    assert of_code(findings, "identity.same_code")["cell"].to_list() == ["A2"]


def test_a_row_without_code_joins_the_one_coded_firm_of_its_name_and_county() -> None:
    snapshot, _ = read_tables(
        {
            "企业台账": [
                _firm("甲有限公司", 团员数=3),
                _firm("甲有限公司", 统一社会信用代码=FIRST),
                _firm("甲有限公司", "410102"),
            ]
        }
    )
    found = snapshot["enterprises"].select("credit_code", "county_code", "league_members").rows()
    assert found == [(FIRST, "410105", 3), (None, "410102", None)]


def test_a_row_that_knows_only_the_city_joins_its_one_namesake_there() -> None:
    firms = [_firm("甲有限公司", "郑州市", 团员数=3), _firm("甲有限公司", "410105", 从业人员数=30)]
    snapshot, _ = read_tables({"企业台账": firms})
    row = snapshot["enterprises"].row(0, named=True)
    assert snapshot["enterprises"].height == 1
    assert (row["county_code"], row["league_members"], row["employees"]) == ("410105", 3, 30)


def test_one_code_with_two_unlike_names_is_one_enterprise_and_told(of_code: Callable) -> None:
    firms = [
        _firm("甲有限公司", 统一社会信用代码=FIRST, 团员数=3),
        _firm("乙有限公司", 统一社会信用代码=FIRST),
    ]
    snapshot, findings = read_tables({"企业台账": firms, "工会台账": [{"企业名称": "乙有限公司"}]})
    assert snapshot["enterprises"].select("name", "league_members").rows() == [("甲有限公司", 3)]
    told = of_code(findings, "identity.code_two_names")
    assert told["cell"].to_list() == ["C2", "C3"]
    assert told["severity"].to_list() == ["warning"] * 2
    assert all("甲有限公司、乙有限公司" in remedy for remedy in told["remedy"])
    assert snapshot["trade_unions"].height == 1


def test_one_name_with_two_codes_in_a_county_stays_two_and_is_told(of_code: Callable) -> None:
    snapshot, findings = read_tables(
        {
            "企业台账": [
                _firm("甲有限公司", 统一社会信用代码=FIRST),
                _firm("甲有限公司", 统一社会信用代码=SECOND),
                _firm("甲有限公司"),
            ]
        }
    )
    assert snapshot["enterprises"].height == 3
    assert of_code(findings, "identity.name_two_codes").height == 2


def test_a_branch_office_is_never_merged_with_its_parent() -> None:
    snapshot, _ = read_tables({"企业台账": [_firm("甲有限公司"), _firm("甲有限公司郑州分公司")]})
    assert snapshot["enterprises"].height == 2


def test_ids_follow_code_then_name_and_are_dense() -> None:
    firms = [
        _firm("丙有限公司"),
        _firm("乙有限公司", 统一社会信用代码=SECOND),
        _firm("甲有限公司", 统一社会信用代码=FIRST),
    ]
    snapshot, _ = read_tables({"企业台账": firms})
    table = snapshot["enterprises"]
    assert table["enterprise_id"].to_list() == [0, 1, 2]
    assert table["credit_code"].to_list() == [FIRST, SECOND, None]


def test_duplicates_across_files_are_merged_and_name_both_cells(
    workbook: Callable, read: Callable, of_code: Callable
) -> None:
    header = ["企业名称", "所在地区", "团员数"]
    first = workbook({"企业台账": [header, ["甲有限公司", "410105", 3]]}, "甲区.xlsx")
    second = workbook({"企业台账": [header, ["甲有限公司", "410105", 4]]}, "乙区.xlsx")
    snapshot, findings = read(first, second)
    assert snapshot["enterprises"].height == 1
    told = of_code(findings, "identity.contradiction").row(0, named=True)
    assert told["file"] == "甲区.xlsx"
    assert "[乙区.xlsx]企业台账!C2" in told["remedy"]
    again, told_again = read(second, first)
    assert again["enterprises"].equals(snapshot["enterprises"])
    assert told_again.table.equals(findings.table)


def test_without_a_code_the_name_tells_the_kind_of_entity() -> None:
    firms = [_firm("甲有限公司"), _firm("某某种植专业合作社"), _firm("金水区某某小吃店")]
    snapshot, _ = read_tables({"企业台账": firms})
    kinds = dict(snapshot["enterprises"].select("name", "entity_kind").rows())
    assert kinds == {
        "甲有限公司": "enterprise",
        "某某种植专业合作社": "cooperative",
        "金水区某某小吃店": "individual",
    }


def test_a_wrong_code_leaves_the_row_with_the_code_unknown(of_code: Callable) -> None:
    wrong = FIRST[:17] + ("0" if FIRST[17] != "0" else "1")
    snapshot, findings = read_tables({"企业台账": [_firm("甲有限公司", 统一社会信用代码=wrong)]})
    assert snapshot["enterprises"]["credit_code"].to_list() == [None]
    assert snapshot["enterprises"]["entity_kind"].to_list() == ["enterprise"]
    told = of_code(findings, "credit_code.check_digit")
    assert told.select("severity", "cell").row(0) == ("warning", "C2")


def test_a_lookalike_letter_is_suggested_in_the_remedy(of_code: Callable) -> None:
    wrong = FIRST.replace("0", "O", 1)
    _, findings = read_tables({"企业台账": [_firm("甲有限公司", 统一社会信用代码=wrong)]})
    assert FIRST in of_code(findings, "credit_code.letters")["remedy"][0]


def test_implausible_numbers_are_told_and_unknown(of_code: Callable) -> None:
    firms = [
        _firm("甲有限公司", 从业人员数=10, 青年数=8, 团员数=12),
        _firm("乙有限公司", 从业人员数=10, 青年数=11, 团员数=3),
        _firm("丙有限公司", 从业人员数=10, 青年数=2, 团员数=3),
    ]
    snapshot, findings = read_tables({"企业台账": firms})
    table = snapshot["enterprises"].sort("row")
    assert table["league_members"].to_list() == [None, 3, None]
    assert table["young_employees"].to_list() == [8, None, 2]
    assert of_code(findings, "count.members_exceed_employees")["cell"].to_list() == ["E2"]
    assert of_code(findings, "count.young_exceed_employees")["cell"].to_list() == ["D3"]
    assert of_code(findings, "count.members_exceed_young")["cell"].to_list() == ["E2", "E4"]


def test_every_merged_fact_has_the_cell_that_gave_it() -> None:
    firms = [
        _firm("甲有限公司"),
        _firm("甲有限公司", 经度=113.7, 纬度=34.8, 坐标系="WGS84", 登记注册类型="173"),
    ]
    snapshot, _ = read_tables({"企业台账": firms})
    row = snapshot["enterprises"].row(0, named=True)
    assert (row["registration_type"], row["registration_year"], row["row"]) == ("173", 2011, 3)
    firms[0]["规模以上"] = firms[0]["党组织"] = firms[0]["团员数"] = firms[0]["从业人员数"] = "1"
    snapshot, _ = read_tables({"企业台账": [{**firms[0], "党组织": "无", "规模以上": "是"}, firms[1]]})
    fields = set(snapshot["fact_sources"].filter(pl.col("row") == 3)["field"])
    assert {"registration_type", "registration_text"} <= fields


def test_two_spellings_under_one_code_are_one_enterprise(of_code: Callable) -> None:
    firms = [
        _firm("郑州澈岚屿食品有限公司", 统一社会信用代码=FIRST, 团员数=3),
        _firm("澈岚屿（郑州）食品有限责任公司", 统一社会信用代码=FIRST, 从业人员数=30),
    ]
    snapshot, findings = read_tables({"企业台账": firms})
    row = snapshot["enterprises"].row(0, named=True)
    assert snapshot["enterprises"].height == 1
    assert (row["league_members"], row["employees"]) == (3, 30)
    assert of_code(findings, "identity.code_two_names").is_empty()


def test_another_spelling_without_code_joins_its_firm_in_the_county_only() -> None:
    firms = [
        _firm("郑州澈岚屿食品有限公司", 统一社会信用代码=FIRST, 团员数=3),
        _firm("郑州澈岚屿食品有限责任公司"),
        _firm("郑州澈岚屿食品有限公司金水分公司"),
        _firm("郑州澈岚屿机械有限公司"),
        _firm("郑州澈岚屿食品有限责任公司", "410305"),
    ]
    snapshot, _ = read_tables({"企业台账": firms})
    assert snapshot["enterprises"].height == 4


ASKED = [
    ("郑州澈岚屿食品有限公司", "郑州澈岚峪食品有限公司"),
    ("郑州澈岚屿食品有限公司", "郑州澈岚屿食品公司"),
    ("郑州澈岚屿食品有限公司", "澈岚屿食品有限公司"),
    ("郑州澈岚屿食品有限公司", "郑州澈岚屿食品"),
    ("郑州澈岚屿食品有限公司", "郑州屹叡隽商贸有限公司（原郑州澈岚屿食品有限公司）"),
    ("金水区第二药店", "金水区第三药店"),
    ("新郑市红岭机械厂", "新郑市红岭机械厂职工医院"),
    ("金水区老巷口烩面馆", "金水区老巷口烩面馆经三路二店"),
]


@pytest.mark.parametrize("coded", [True, False], ids=["one with a code", "none with a code"])
@pytest.mark.parametrize(("name", "other"), ASKED)
def test_likeness_is_asked_about_and_joined_only_by_an_answer(name: str, other: str, coded: bool) -> None:
    firms = [_firm(name, 团员数="3"), _firm(other, 团员数="3")]
    if coded:
        firms[0]["统一社会信用代码"] = FIRST
    day = date(2019, 6, 15)
    snapshot, findings = read_tables({"企业台账": firms}, as_of=day)
    assert snapshot["enterprises"].height == 2
    assert "删" not in "".join(findings.table["remedy"])
    pair = snapshot["doubtful_pairs"].row(0, named=True)
    assert {pair["name"], pair["name_of_firm"]} == {name, other}
    for same, height in ((True, 1), (False, 2)):
        answer = [Decision(pair["left"], pair["right"], same)]
        again, _ = read_tables({"企业台账": firms}, as_of=day, decisions=answer)
        assert again["enterprises"].height == height
        assert again["doubtful_pairs"].is_empty()


SPELLINGS = [
    ("河南省郑州市澈岚屿食品有限责任公司", "河南郑州澈岚屿食品有限公司"),
    ("郑州市澈岚屿食品有限公司", "郑州澈岚屿食品有限公司"),
    ("中牟县虎岭供销合作社", "中牟虎岭供销合作社"),
    ("澈岚屿（郑州）食品有限公司", "澈岚屿(郑州)食品有限公司"),
    ("郑州澈岚屿食品有限公司", "郑州澈岚\u200b屿 食品有限\u3000公司"),
    ("ABC食品有限公司", "ａｂｃ食品有限公司"),
    ("郑州澈岚屿食品有限公司", "郑州澈岚屿食品有限公司（原郑州屹叡隽商行）"),
]


@pytest.mark.parametrize("coded", [True, False], ids=["one with a code", "none with a code"])
@pytest.mark.parametrize(("name", "other"), SPELLINGS)
def test_one_spelling_in_one_county_is_one_firm_and_told(
    name: str, other: str, coded: bool, of_code: Callable
) -> None:
    firms = [_firm(name, 团员数=3), _firm(other, 从业人员数=30, 青年数=9)]
    if coded:
        firms[0]["统一社会信用代码"] = FIRST
    snapshot, findings = read_tables({"企业台账": firms})
    assert snapshot["enterprises"].select("league_members", "employees").rows() == [(3, 30)]
    assert of_code(findings, "identity.same_name").height == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (_firm("甲乙丙有限公司", "410105"), _firm("甲乙丙有限公司", "410102")),
        (_firm("甲乙丙商行", 登记注册类型="500 个体工商户"), _firm("甲乙丙商行", 登记注册类型="173")),
        (_firm("甲乙丙有限公司", "郑州市"), _firm("甲乙丙有限责任公司", "郑州市")),
        (_firm("新乡县甲乙丙厂", "新乡市"), _firm("新乡市甲乙丙厂", "新乡市")),
        (
            _firm("甲乙丙有限公司", "郑州市", 地址="金水区文化路115号"),
            _firm("甲乙丙有限责任公司", "郑州市", 地址="管城区城东路78号院"),
        ),
    ],
    ids=["county", "kind", "form without county", "city and county of one word", "address"],
)
def test_what_contradicts_is_never_joined_unasked(one: dict, other: dict) -> None:
    for coded in (False, True):
        rows = [{**one, "统一社会信用代码": FIRST} if coded else one, other]
        assert read_tables({"企业台账": rows})[0]["enterprises"].height == 2


def test_a_row_that_fits_two_firms_is_asked_about_and_chains_nothing() -> None:
    firms = [
        _firm("甲有限公司", "410105", 统一社会信用代码=FIRST),
        _firm("甲有限公司", "410102", 统一社会信用代码=SECOND),
        _firm("甲有限公司", "郑州市"),
        _firm("甲有限公司", "410105", 团员数=7),
    ]
    snapshot, _ = read_tables({"企业台账": firms})
    found = snapshot["enterprises"].select("credit_code", "league_members").rows()
    assert sorted(found, key=str) == [(FIRST, 7), (SECOND, None), (None, None)]
    assert set(snapshot["doubtful_pairs"]["right"]) == {FIRST, SECOND}


def test_answers_join_by_way_of_one_another_but_never_two_codes(of_code: Callable) -> None:
    firms = [
        _firm("郑州澈岚屿食品有限公司", 统一社会信用代码=FIRST),
        _firm("郑州澈岚屿食品公司"),
        _firm("郑州澈岚峪食品公司", 团员数=3),
        _firm("郑州屹叡隽机械有限公司", 统一社会信用代码=SECOND),
    ]
    place = "|410105"
    chain = [
        Decision("郑州澈岚屿食品公司" + place, FIRST, True),
        Decision("郑州澈岚峪食品公司" + place, "郑州澈岚屿食品公司" + place, True),
    ]
    snapshot, findings = read_tables({"企业台账": firms}, decisions=chain)
    assert snapshot["enterprises"].select("credit_code", "league_members").rows() == [
        (FIRST, 3), (SECOND, None),
    ]  # fmt: skip
    assert of_code(findings, "identity.same_by_answer").height == 2
    against = Decision("郑州澈岚屿食品公司" + place, SECOND, True)
    snapshot, findings = read_tables({"企业台账": firms}, decisions=[*chain, against])
    assert snapshot["enterprises"]["credit_code"].to_list() == [FIRST, SECOND]
    told = of_code(findings, "identity.answer_refused")
    assert told["severity"].to_list() == ["warning"]


CASES = Path(__file__).parents[2].parent / "shared" / "cases"


@pytest.mark.skipif(not CASES.is_dir(), reason=f"!!! SHARED MATERIAL IS MISSING: {CASES}")
@pytest.mark.parametrize(
    ("case", "firms", "asked"),
    [
        ("truth/one_code_becomes_two_firms.xlsx", 1, 0),
        ("truth/one_code_three_rows_merges.xlsx", 1, 0),
        ("truth/uncoded_spelling_counted_once.xlsx", 2, 1),
        ("truth/uncoded_spelling_counted_twice.xlsx", 2, 1),
        ("files/b50_prefix_firms_企业台账.xlsx", 9, 5),
        ("files/c18_code_and_name_企业台账.xlsx", 5, 0),
        ("files/c19_same_firm_spellings_企业台账.xlsx", 1, 0),
    ],
)
def test_cases_from_outside_hold_so_many_firms_and_questions(case: str, firms: int, asked: int) -> None:
    snapshot, findings = read_ledgers([CASES / case])
    assert (snapshot["enterprises"].height, snapshot["doubtful_pairs"].height) == (firms, asked)
    assert "删去一行" not in "".join(findings.table["remedy"])


@pytest.mark.skipif(not CASES.is_dir(), reason=f"!!! SHARED MATERIAL IS MISSING: {CASES}")
def test_a_code_written_with_two_spellings_keeps_every_fact() -> None:
    snapshot, _ = read_ledgers([CASES / "truth" / "one_code_becomes_two_firms.xlsx"])
    row = snapshot["enterprises"].row(0, named=True)
    assert (row["league_members"], row["above_scale"], row["party"]) == (5, True, "own")
