"""One enterprise once: what is merged, what stays apart, what is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from coverage_engine.ledgers import read_tables
from coverage_engine.ledgers.credit_codes import ALPHABET, credit_code_problem
from coverage_engine.ledgers.decisions import Decision


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


def test_the_first_row_wins_and_later_rows_fill_what_it_leaves_open(of_code: Callable) -> None:
    snapshot, findings = read_tables(
        {
            "企业台账": [
                _firm("甲（郑州）有限公司", 统一社会信用代码=FIRST, 团员数=3),
                _firm("甲(郑州) 有限公司", 统一社会信用代码=FIRST, 团员数=5, 从业人员数=40, 党组织="单独"),
            ]
        }
    )
    row = snapshot["enterprises"].row(0, named=True)
    assert snapshot["enterprises"].height == 1
    assert (row["name"], row["league_members"], row["employees"], row["party"]) == (
        "甲（郑州）有限公司", 3, 40, "own",
    )  # fmt: skip
    filled = snapshot["fact_sources"].select("field", "ledger_field", "row").rows()
    assert filled == [("employees", "employees", 3), ("party", "party", 3)]
    told = of_code(findings, "identity.contradiction").row(0, named=True)
    assert (told["cell"], told["found"]) == ("D3", "5")
    assert "企业台账!D2 的“3”" in told["remedy"]
    assert of_code(findings, "identity.merged")["cell"].to_list() == ["A3"]


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


def test_one_code_with_two_names_stays_two_enterprises_and_is_told(of_code: Callable) -> None:
    snapshot, findings = read_tables(
        {
            "企业台账": [
                _firm("甲有限公司", 统一社会信用代码=FIRST),
                _firm("乙有限公司", 统一社会信用代码=FIRST),
            ]
        }
    )
    assert snapshot["enterprises"].height == 2
    assert of_code(findings, "identity.code_two_names")["cell"].to_list() == ["C2", "C3"]


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
    assert told["file"] == "乙区.xlsx"
    assert "[甲区.xlsx]企业台账!C2" in told["remedy"]


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
    assert (row["registration_type"], row["registration_year"]) == ("173", 2011)
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
    assert (row["name"], row["league_members"], row["employees"]) == ("郑州澈岚屿食品有限公司", 3, 30)
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


@pytest.mark.parametrize("other", ["郑州澈岚屿食品有限责任公司", "郑州澈岚峪食品有限公司"])
def test_near_spellings_without_any_code_are_asked_about_and_joined_only_by_an_answer(other: str) -> None:
    firms = [
        {"企业名称": name, "所在地区": "410105", "团员数": "3"} for name in ("郑州澈岚屿食品有限公司", other)
    ]
    snapshot, _ = read_tables({"企业台账": firms}, as_of=date(2019, 6, 15))
    assert snapshot["enterprises"].height == 2
    pair = snapshot["doubtful_pairs"].row(0, named=True)
    for same, height in ((True, 1), (False, 2)):
        answer = [Decision(pair["left"], pair["right"], same)]
        again, _ = read_tables({"企业台账": firms}, as_of=date(2019, 6, 15), decisions=answer)
        assert again["enterprises"].height == height
        assert again["doubtful_pairs"].is_empty()
