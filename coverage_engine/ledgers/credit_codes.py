"""统一社会信用代码 (GB 32100-2015) and 组织机构代码 (GB 11714): checked, never repaired silently."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import product

import numpy as np
import numpy.typing as npt
import polars as pl

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of GB 32100: no I, O, Z, S, V."""

INNER_DIGIT = "credit_code.inner_check_digit"
"""Noted of a code whose own check digit is right but not that of the older code in it; the code is used."""

_WEIGHTS = np.array([pow(3, i, 31) for i in range(17)], dtype=np.int64)
_INNER_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
_INNER_CHECKS = "0123456789X"
_LENGTH = 18
_LARGEST_DIGIT = 9
_AT_ONCE = 100_000
_LOOKALIKES = {"O": "0", "I": "1", "Z": "2", "S": "5", "Q": "0", "L": "1", "B": "8"}
_OLD_REGISTRATION = re.compile(r"\d{15}")
_ORGANISATION_CODE = re.compile(r"[0-9A-Z]{8}-?[0-9X]")
_DAMAGED = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_KINDS = {"91": "enterprise", "92": "individual", "93": "cooperative"}


def credit_code_problem(text: str) -> str | None:
    """What is to be said of a folded, upper-case code as a finding's code; null for a valid one.

    Of a code that is no good, or `INNER_DIGIT` of one that is used all the same.
    """
    if len(text) == 18 and all(mark in ALPHABET for mark in text):
        return _digit_problem(text)
    if _DAMAGED.fullmatch(text):
        return "credit_code.damaged"
    if _OLD_REGISTRATION.fullmatch(text):
        return "credit_code.old_registration"
    if _ORGANISATION_CODE.fullmatch(text) and organisation_code_is_valid(text.replace("-", "")):
        return "credit_code.organisation_code"
    return "credit_code.letters" if len(text) == 18 else "credit_code.length"


def credit_code_problems(texts: Sequence[str | None]) -> list[str | None]:
    """The same for many codes, nulls being none; each distinct text is looked at once."""
    problems = {text: credit_code_problem(text) for text in set(texts) if text is not None}
    return [None if text is None else problems[text] for text in texts]


def valid_codes(texts: pl.Series) -> npt.NDArray[np.bool_]:
    """Which texts are valid codes as they stand, found by one pass over arrays of their bytes."""
    good = np.zeros(len(texts), dtype=np.bool_)
    whole = ((texts.str.len_bytes() == _LENGTH) & (texts.str.len_chars() == _LENGTH)).fill_null(False)
    places = whole.arg_true().to_numpy()
    marks = np.frombuffer("".join(texts.filter(whole).to_list()).encode(), dtype=np.uint8)
    for begin in range(0, len(places), _AT_ONCE):
        part = marks[begin * _LENGTH : (begin + _AT_ONCE) * _LENGTH].reshape(-1, _LENGTH)
        good[places[begin : begin + _AT_ONCE]] = _valid(part)
    return good


def repaired(text: str) -> str | None:
    """The one valid code behind lookalike letters (O I Z S for 0 1 2 5); for the remedy only."""
    if len(text) != 18:
        return None
    options = [(_LOOKALIKES[mark],) if mark in "OIZS" else (mark,) for mark in text]
    readings = {"".join(marks) for marks in product(*options)}
    valid = [code for code in readings if credit_code_problem(code) is None]
    return valid[0] if len(valid) == 1 and valid[0] != text else None


def organisation_code_is_valid(text: str) -> bool:
    """Whether nine characters are an organisation code with its right check digit."""
    return text[8:] == _INNER_CHECKS[_inner_remainder(text)]


def old_registration_is_valid(text: str) -> bool:
    """Whether fifteen digits are an old registration number 注册号 with its right check digit."""
    rest = 10
    for mark in text[:14]:
        rest = ((rest + int(mark)) % 10 or 10) * 2 % 11
    return (rest + int(text[14])) % 10 == 1


def older_number(text: str) -> str | None:
    """The sound organisation code, or old registration number, that stands where a code should."""
    if _OLD_REGISTRATION.fullmatch(text):
        return text if old_registration_is_valid(text) else None
    bare = text.replace("-", "")
    return bare if _ORGANISATION_CODE.fullmatch(text) and organisation_code_is_valid(bare) else None


def entity_kind(code: str) -> str:
    """Kind of the entity from positions 1-2: enterprise, individual, cooperative or not_enterprise."""
    return _KINDS.get(code[:2], "not_enterprise")


# ---------------------------------------------------------------------------------------------- private


def _digit_problem(text: str) -> str | None:
    if not text[2:8].isdigit():
        return "credit_code.letters"
    values = np.array([ALPHABET.index(mark) for mark in text[:17]], dtype=np.int64)
    if text[17] != ALPHABET[(31 - int(values @ _WEIGHTS) % 31) % 31]:
        return "credit_code.check_digit"
    return None if organisation_code_is_valid(text[8:17]) else INNER_DIGIT


def _inner_remainder(text: str) -> int:
    total = sum(int(mark, 36) * int(weight) for mark, weight in zip(text[:8], _INNER_WEIGHTS, strict=True))
    return (11 - total % 11) % 11


@cache
def _positions() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Value of every byte in the alphabet of GB 32100 and in that of GB 11714; -1 where it is in neither."""
    outer = np.full(256, -1, dtype=np.float32)
    inner = np.full(256, -1, dtype=np.float32)
    for value, mark in enumerate(ALPHABET):
        outer[ord(mark)] = value
        inner[ord(mark)] = int(mark, 36)
    return outer, inner


def _valid(marks: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Rows of 18 bytes; the sums stay far below what a 32-bit float holds exactly."""
    outer_of, inner_of = _positions()
    outer, inner = outer_of[marks], inner_of[marks[:, 8:16]]
    known = (outer.min(axis=1) >= 0) & (outer[:, 2:8].max(axis=1) <= _LARGEST_DIGIT)
    check = (31 - (outer[:, :17] @ _WEIGHTS.astype(np.float32)).astype(np.int32) % 31) % 31
    remainder = (11 - (inner @ _INNER_WEIGHTS.astype(np.float32)).astype(np.int32) % 11) % 11
    inner_checks = np.frombuffer(_INNER_CHECKS.encode(), dtype=np.uint8)
    result: npt.NDArray[np.bool_] = (
        known & (outer[:, 17] == check) & (marks[:, 16] == inner_checks[remainder])
    )
    return result
