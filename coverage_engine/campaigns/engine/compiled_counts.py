"""Counting lanes with whole words, compiled by numba (extra `fast`).

A counter keeps the binary digits of 64 counts across words: digit d of lane l is bit l of word d. Adding a
word carries through the digits, on average through two.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from coverage_engine.campaigns.engine.compiled_coins import ONE_BIT, ZERO, compiled

_DIGITS = 62


@compiled
def add_word(counter: Any, digit: Any, word: Any) -> None:
    """Adds 2^digit to the count of every lane of the word."""
    while word != ZERO:
        carry = counter[digit] & word
        counter[digit] ^= word
        word = carry
        digit += 1


@compiled
def empty_counter(counter: Any, sign: Any, sums: Any) -> None:
    """Adds the counts, with their sign, to one number a lane, and sets the counter to nothing."""
    for digit in range(len(counter)):
        word = counter[digit]
        if word != ZERO:
            for lane in range(64):
                sums[lane] += sign * (np.int64((word >> np.uint64(lane)) & ONE_BIT) << digit)
            counter[digit] = ZERO


@compiled
def add_lanes(words: Any, sums: Any) -> None:
    """Adds, for every lane, in how many words it is set."""
    counter = np.zeros(_DIGITS, dtype=np.uint64)
    one, two, four, eight = ZERO, ZERO, ZERO, ZERO
    for at in range(len(words)):
        word = words[at]
        carry = one & word
        one ^= word
        word = two & carry
        two ^= carry
        carry = four & word
        four ^= word
        word = eight & carry
        eight ^= carry
        add_word(counter, 4, word)
    for digit, rest in enumerate((one, two, four, eight)):
        add_word(counter, digit, rest)
    empty_counter(counter, 1, sums)


@compiled
def count_changes(words: Any, place: Any, weights: Any, sign: Any, sums: Any) -> None:
    """Adds the firms of `words`, which stand by place, to the counts by place and the weighted sums."""
    places, weighed = sums
    here, counter = 0, np.zeros(_DIGITS, dtype=np.uint64)
    counters = np.zeros((len(weights), _DIGITS), dtype=np.uint64)
    for at in range(len(words)):
        word = words[at]
        if word == ZERO:
            continue
        if place[at] != here:
            empty_counter(counter, sign, places[here])
            here = place[at]
        add_word(counter, 0, word)
        for row in range(len(weights)):
            weight, digit = weights[row, at], 0
            while weight > 0:
                if weight & 1:
                    add_word(counters[row], digit, word)
                weight >>= 1
                digit += 1
    if len(places):
        empty_counter(counter, sign, places[here])
    for row in range(len(weights)):
        empty_counter(counters[row], sign, weighed[row])
