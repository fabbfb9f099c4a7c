"""Credit codes 统一社会信用代码 (GB 32100-2015) with both check digits, made in bulk.

Position 1 authority, 2 kind, 3-8 region of the registering authority, 9-17 organisation code (GB 11714, its
last character a check digit), 18 check digit.
"""

from __future__ import annotations

import numpy as np

from coverage_engine.samples.streams import Array

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LETTERS = np.array(list(ALPHABET))
_BODY_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_WEIGHTS = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])
_VALUE_11714 = np.array([int(letter, 36) for letter in ALPHABET])
_SERIALS = 10_000_000


def organisation_codes(rng: np.random.Generator, count: int) -> Array:
    """Distinct organisation codes, eight digits 0-30 of the alphabet each: old all-digit and new MA ones."""
    serial = _distinct(rng, count)
    old = rng.random(count) < 0.35
    digits = np.empty((count, 8), np.int64)
    digits[:, 0] = np.where(old, 5 + serial % 3, ALPHABET.index("M"))
    digits[:, 1] = np.where(old, serial % 7, ALPHABET.index("A"))
    rest = serial.copy()
    for position in range(7, 1, -1):
        base = np.where(old, 10, 31)
        digits[:, position] = rest % base
        rest //= base
    digits[:, 1] = np.where(old, rest % 10, digits[:, 1])
    return digits


def credit_codes(kind: Array, region: Array, body: Array) -> Array:
    """Whole codes from the two-character kind, the six-digit region and the organisation code's digits."""
    count = len(kind)
    digits = np.empty((count, 18), np.int64)
    front = np.char.add(kind.astype("U2"), region.astype("U6"))
    letters = np.ascontiguousarray(front).view("U1").reshape(count, 8)
    digits[:, :8] = np.searchsorted(_LETTERS, letters)
    digits[:, 8:16] = body
    check = (11 - (_VALUE_11714[body] * _BODY_WEIGHTS).sum(axis=1) % 11) % 11
    digits[:, 16] = np.where(check == 10, ALPHABET.index("X"), check)
    digits[:, 17] = -(digits[:, :17] * _WEIGHTS).sum(axis=1) % 31
    return _LETTERS[digits].view("U18").ravel().astype(object)


def _distinct(rng: np.random.Generator, count: int) -> Array:
    """Distinct serial numbers below ten million, spread by an affine step."""
    start = int(rng.integers(0, _SERIALS))
    return (start + np.arange(count, dtype=np.int64) * 6_364_137) % _SERIALS
