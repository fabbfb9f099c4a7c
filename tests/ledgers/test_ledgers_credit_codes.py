"""统一社会信用代码 against an independent package, and what is said of wrong ones."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from coverage_engine.ledgers.credit_codes import (
    ALPHABET,
    credit_code_problem,
    credit_code_problems,
    entity_kind,
    organisation_code_is_valid,
    repaired,
    valid_codes,
)


def _organisation_code(body: str) -> str:
    return next(body + mark for mark in "0123456789X" if organisation_code_is_valid(body + mark))


def _code(prefix: str, body: str) -> str:
    inner = _organisation_code(body)
    return next(
        prefix + inner + mark for mark in ALPHABET if credit_code_problem(prefix + inner + mark) is None
    )


_CODES = st.builds(
    _code,
    st.sampled_from(["91410100", "92411702", "93410000", "51419001", "81410105"]),
    st.text(alphabet=ALPHABET, min_size=8, max_size=8),
)


@given(_CODES)
def test_valid_codes_are_valid_for_the_independent_package(code: str) -> None:
    assert uscc.is_valid(code)
    assert valid_codes(pl.Series([code])).tolist() == [True]


@given(_CODES, st.integers(min_value=0, max_value=17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(code: str, place: int, mark: str) -> None:
    wrong = code[:place] + mark + code[place + 1 :]
    problem = credit_code_problem(wrong)
    assert (problem is None) == (wrong == code)
    if problem == "credit_code.check_digit":
        assert not uscc.is_valid(wrong)


@given(st.lists(st.one_of(_CODES, st.text(max_size=20)), max_size=8))
def test_many_codes_are_judged_as_one_by_one(texts: list[str]) -> None:
    problems = [credit_code_problem(text) for text in texts]
    assert credit_code_problems(texts) == problems
    assert valid_codes(pl.Series(texts, dtype=pl.String)).tolist() == [each is None for each in problems]


def test_the_inner_check_digit_is_checked_too() -> None:
    code = _code("91410100", "MA000000")
    body = code[:16] + ("1" if code[16] != "1" else "2")
    outer_right = next(
        body + mark for mark in ALPHABET if credit_code_problem(body + mark) != "credit_code.check_digit"
    )
    assert uscc.is_valid(outer_right)
    assert credit_code_problem(outer_right) == "credit_code.inner_check_digit"


def test_codes_of_other_bodies_may_begin_with_a_letter() -> None:
    assert credit_code_problem(_code("N2410105", "MF000000")) is None


def test_old_numbers_and_damaged_codes_are_named_for_what_they_are() -> None:
    assert credit_code_problem("410100000012345") == "credit_code.old_registration"
    inner = _organisation_code("17150215")
    assert credit_code_problem(inner) == "credit_code.organisation_code"
    assert credit_code_problem(f"{inner[:8]}-{inner[8]}") == "credit_code.organisation_code"
    assert credit_code_problem("9.14101050850828E+17") == "credit_code.damaged"
    assert credit_code_problem("9141010") == "credit_code.length"


def test_a_lookalike_letter_is_suggested_and_never_applied() -> None:
    code = _code("91410100", "10000000")
    wrong = code.replace("0", "O", 1)
    assert credit_code_problem(wrong) == "credit_code.letters"
    assert repaired(wrong) == code
    assert repaired(code) is None


def test_positions_one_and_two_tell_the_kind_of_entity() -> None:
    assert entity_kind("91410100") == "enterprise"
    assert entity_kind("92410100") == "individual"
    assert entity_kind("93410100") == "cooperative"
    assert entity_kind("51410000") == "not_enterprise"
