"""Organisation codes of nine characters and registration numbers of fifteen digits as join keys."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from stdnum.iso7064 import mod_11_10

from coverage_engine.ledgers import read_tables
from coverage_engine.ledgers.credit_codes import credit_code_problem, old_registration_is_valid, older_number

WHOLE = "91350100M000100Y43"
INNER = WHOLE[8:17]


def _old(body: str) -> str:
    return body + mod_11_10.calc_check_digit(body)


def _read(firms: list[dict[str, object]], unions: list[dict[str, object]]) -> tuple:
    return read_tables({"企业台账": firms, "工会台账": unions}, as_of=date(2019, 6, 15))


def _firm(name: str, code: str | None, **facts: object) -> dict[str, object]:
    return {"企业名称": name, "统一社会信用代码": code, "所在地区": "410105", **facts}


@pytest.mark.parametrize("serial", [1, 7, 98_765, 12_345_678])
def test_the_check_digit_of_an_old_registration_number_is_iso_7064_mod_11_10(serial: int) -> None:
    number = _old(f"410105{serial:08}")
    assert old_registration_is_valid(number)
    others = [number[:14] + digit for digit in "0123456789" if digit != number[14]]
    assert not any(map(old_registration_is_valid, others))
    assert older_number(number) == number
    assert older_number(others[0]) is None


def test_an_organisation_code_with_or_without_hyphen_is_an_older_number() -> None:
    assert credit_code_problem(WHOLE) is None
    assert older_number(INNER) == older_number(f"{INNER[:8]}-{INNER[8]}") == INNER
    wrong = "0" if INNER[8] != "0" else "1"
    assert older_number(INNER[:8] + wrong) is None
    assert older_number(WHOLE) is None


@pytest.mark.parametrize("written", [INNER, f"{INNER[:8]}-{INNER[8]}"])
def test_a_row_with_the_organisation_code_finds_the_firm_of_the_whole_code(written: str) -> None:
    firms = [_firm("甲食品有限公司", WHOLE), _firm("乙机械有限公司", None)]
    snapshot, findings = _read(firms, [{"企业名称": "全然不同的名称厂", "统一社会信用代码": written}])
    firm = snapshot["enterprises"].filter(pl.col("name") == "甲食品有限公司")
    assert snapshot["trade_unions"]["enterprise_id"].to_list() == firm["enterprise_id"].to_list()
    assert "link.name_differs" in findings.table["code"].to_list()


def test_a_firm_with_the_organisation_code_takes_the_whole_code_from_another_ledger() -> None:
    unions = [{"企业名称": "甲食品有限公司", "统一社会信用代码": WHOLE}]
    snapshot, _ = _read([_firm("甲食品有限公司", INNER)], unions)
    assert snapshot["enterprises"]["credit_code"].to_list() == [WHOLE]
    assert snapshot["trade_unions"]["enterprise_id"].to_list() == [0]


@pytest.mark.parametrize("number", [INNER, _old("41010500000001")])
def test_two_ledgers_that_write_the_same_older_number_mean_one_firm(number: str) -> None:
    firms = [_firm("甲食品有限公司", number), _firm("乙机械有限公司", None)]
    snapshot, _ = _read(firms, [{"企业名称": "全然不同的名称厂", "统一社会信用代码": number}])
    firm = snapshot["enterprises"].filter(pl.col("name") == "甲食品有限公司")
    assert firm["credit_code"].to_list() == [None]
    assert snapshot["trade_unions"]["enterprise_id"].to_list() == firm["enterprise_id"].to_list()


def test_a_registration_number_with_a_wrong_check_digit_links_nothing() -> None:
    number = _old("41010500000001")
    wrong = number[:14] + str((int(number[14]) + 1) % 10)
    snapshot, findings = _read(
        [_firm("甲食品有限公司", wrong)], [{"企业名称": "全然不同的名称厂", "统一社会信用代码": wrong}]
    )
    assert snapshot["trade_unions"].is_empty()
    assert "link.not_found" in findings.table["code"].to_list()


def test_an_organisation_code_of_two_whole_codes_is_not_completed() -> None:
    """The same organisation code in two codes is a mistake of one of them; which, nobody knows."""
    other = next(
        code
        for region in range(350101, 359999)
        for check in "0123456789ABCDEFGHJKLMNPQRTUWXY"
        if credit_code_problem(code := f"91{region}{INNER}{check}") is None
    )
    firms = [_firm("甲食品有限公司", WHOLE), _firm("乙机械有限公司", other)]
    snapshot, _ = _read(firms, [{"企业名称": "全然不同的名称厂", "统一社会信用代码": INNER}])
    assert snapshot["trade_unions"].is_empty()
