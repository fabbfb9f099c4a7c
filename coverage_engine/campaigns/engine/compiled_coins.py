"""The coins of `coins`, compiled by numba (extra `fast`); every constant is typed.

The first binary digits of a lot of coins are made at once, without a jump, so that the processor works on
several coins together; the few lanes that are then still undecided are finished coin by coin.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np

from coverage_engine.campaigns.network.coins import DIGITS

ZERO, ALL, ONE_BIT = np.uint64(0), np.uint64(0xFFFFFFFFFFFFFFFF), np.uint64(1)
LOT = 1024
BEGUN = 8
"""Digits made at once: each leaves half of the lanes undecided."""

_S30, _S27, _S31 = np.uint64(30), np.uint64(27), np.uint64(31)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_LAST_DIGIT, _ALWAYS = np.int64(DIGITS - 1), np.int64(DIGITS)

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """The function compiled, kept between runs, free of the interpreter's lock."""
    # numba describes its own result; callers keep the plain function's signature.
    made: Any = numba.njit(cache=True, nogil=True)(function)
    return cast(Function, made)


@compiled
def begin(ids: Any, chance: Any, keys: Any, digits: Any, lot: Any) -> None:
    """The first digits of the coins of a lot: lanes that have fallen, lanes still undecided."""
    fallen, open_ = lot
    for at in range(len(ids)):
        always = ZERO - (np.uint64(chance[at] >> _ALWAYS) & ONE_BIT)
        fallen[at] = always
        open_[at] = ~always
    for digit in range(digits):
        key, shift = keys[digit], _LAST_DIGIT - digit
        for at in range(len(ids)):
            word = ids[at] ^ key
            word = (word ^ (word >> _S30)) * _FIRST
            word = (word ^ (word >> _S27)) * _SECOND
            word ^= word >> _S31
            one = ZERO - (np.uint64(chance[at] >> shift) & ONE_BIT)
            fallen[at] |= open_[at] & ~word & one
            open_[at] &= ~(word ^ one)


@compiled
def finish(identity: Any, chance: Any, keys: Any, digit: Any, open_: Any) -> Any:
    """The lanes among the undecided whose coin falls, from one digit on."""
    fallen = ZERO
    while open_ != ZERO and digit < DIGITS:
        word = identity ^ keys[digit]
        word = (word ^ (word >> _S30)) * _FIRST
        word = (word ^ (word >> _S27)) * _SECOND
        word ^= word >> _S31
        if (chance >> (_LAST_DIGIT - digit)) & 1:
            fallen |= open_ & ~word
            open_ &= word
        else:
            open_ &= ~word
        digit += 1
    return fallen


@compiled
def toss_all(ids: Any, keys: Any, chance: Any, wanted: Any) -> Any:
    """The lanes of `wanted` in which the coin of each id falls, at one chance for all."""
    result = np.zeros_like(wanted)
    if chance <= 0:
        return result
    fallen, open_ = np.empty(LOT, dtype=np.uint64), np.empty(LOT, dtype=np.uint64)
    chances = np.full(LOT, np.int64(chance))
    for low in range(0, len(ids), LOT):
        high = min(low + LOT, len(ids))
        size = high - low
        begin(ids[low:high], chances[:size], keys, BEGUN, (fallen[:size], open_[:size]))
        for at in range(low, high):
            won = wanted[at] & fallen[at - low]
            left = wanted[at] & open_[at - low]
            if left != ZERO:
                won |= finish(ids[at], chance, keys, BEGUN, left)
            result[at] = won
    return result
