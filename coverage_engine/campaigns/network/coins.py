"""Coins that depend on nothing but what they decide: seed, replicate, edge and month.

A word holds one binary digit for each of 64 lanes (replicates); lane j of block b is replicate 64 b + j. The
chance is compared digit by digit until every lane is decided, so a coin costs about log2(64) + 1.3 words.
The same coin falls whatever the order of rows, threads or batches, and is shared by all scenarios.

Source: counter-based generation after Salmon and others 2011; the mixing is the finaliser of SplitMix64
(Steele, Lea and Flood 2014). Keys are mixed whole: a coin made by exclusive-or of an edge hash and a
replicate hash makes two coins of one edge pair dependent.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]

DIGITS = 32
ONE = 1 << DIGITS
ALL_LANES = np.uint64(0xFFFFFFFFFFFFFFFF)
LANES = 64

_LIMIT = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB


def mixed(words: Words) -> Words:
    """Every word mixed so that all its bits depend on all bits given."""
    words = words ^ (words >> np.uint64(30))
    words *= np.uint64(_FIRST)
    words ^= words >> np.uint64(27)
    words *= np.uint64(_SECOND)
    words ^= words >> np.uint64(31)
    return words


def mixed_number(*parts: int) -> int:
    """Several whole numbers mixed into one of 64 bits."""
    state = 0
    for part in parts:
        state = (state + _GOLDEN + (part & _LIMIT)) & _LIMIT
        state = ((state ^ (state >> 30)) * _FIRST) & _LIMIT
        state = ((state ^ (state >> 27)) * _SECOND) & _LIMIT
        state ^= state >> 31
    return state


def coin_keys(seed: int, block: int, month: int) -> Words:
    """One key for each digit of the coins of a block of 64 replicates in one month."""
    return np.array([mixed_number(seed, block, month, digit) for digit in range(DIGITS)], dtype=np.uint64)


def fixed_point(chances: Any) -> npt.NDArray[np.int64]:
    """Chances as whole numbers of 2^-32; exactly 0 and exactly 2^32 stand for never and always."""
    whole: npt.NDArray[np.int64] = np.rint(np.clip(chances, 0.0, 1.0) * ONE).astype(np.int64)
    return whole


def toss(ids: Words, keys: Words, chance: int, wanted: Words) -> Words:
    """The lanes of `wanted` in which the coin of each id falls; `chance` in units of 2^-32."""
    if chance >= ONE:
        return wanted.copy()
    result = np.zeros_like(wanted)
    if chance <= 0:
        return result
    open_ = wanted.copy()
    at: npt.NDArray[np.int64] | None = None
    for digit in range(DIGITS):
        if digit >= 4 or at is None:
            left = np.flatnonzero(open_)
            if not left.size:
                break
            at = left if at is None else at[left]
            ids, open_ = ids[left], open_[left]
        words = mixed(ids ^ keys[digit])
        if chance >> (DIGITS - 1 - digit) & 1:
            result[at] |= open_ & ~words
            open_ &= words
        else:
            open_ &= ~words
        if not chance & ((1 << (DIGITS - 1 - digit)) - 1):
            break
    return result


def toss_each(ids: Words, keys: Words, chances: npt.NDArray[np.int64], wanted: Words) -> Words:
    """As `toss`, with a chance of its own for each id."""
    result = np.where(chances >= ONE, wanted, np.uint64(0))
    open_ = np.where((chances > 0) & (chances < ONE), wanted, np.uint64(0))
    at = np.flatnonzero(open_)
    ids, chances, open_ = ids[at], chances[at], open_[at]
    for digit in range(DIGITS):
        if not at.size:
            break
        words = mixed(ids ^ keys[digit])
        ones = (-(chances >> (DIGITS - 1 - digit) & 1)).astype(np.uint64)
        result[at] |= open_ & ~words & ones
        open_ &= ~(words ^ ones)
        left = np.flatnonzero(open_)
        at, ids, chances, open_ = at[left], ids[left], chances[left], open_[left]
    return result


def text_hashes(texts: npt.NDArray[np.bytes_]) -> Words:
    """A stable 64-bit hash of every byte string, whatever the width of the array."""
    width = -(-texts.dtype.itemsize // 8) * 8
    words = np.ascontiguousarray(texts.astype(f"S{max(width, 8)}")).view("<u8").reshape(len(texts), -1)
    state = np.full(len(texts), _GOLDEN, dtype=np.uint64)
    for column in words.T:
        state = np.where(column != 0, mixed(state ^ (column + np.uint64(_GOLDEN))), state)
    return mixed(state)


def salted(ids: Words, salt: int) -> Words:
    """Fresh ids for another use of the same nodes."""
    return mixed(ids ^ np.uint64(mixed_number(salt)))
