"""Figures as ranges in words, and small figures masked in what leaves the house (对外)."""

from __future__ import annotations

from collections.abc import Sequence


def count_range(low: int, high: int) -> str:
    """`1,204` or `1,204–1,230`."""
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"


def rate_range(low: float | None, high: float | None, none: str) -> str:
    """`62.5%` or `40.0%–62.5%`; `none` where the denominator may be empty."""
    if low is None or high is None:
        return none
    first, last = percent(low), percent(high)
    return first if first == last else f"{first}–{last}"


def percent(rate: float) -> str:
    """A rate to one decimal, halves upwards."""
    tenths = int(rate * 1000 + 0.5)
    return f"{tenths // 10}.{tenths % 10}%"


def masked_counts(counts: Sequence[tuple[int, int]], below: int, small: str, hidden: str) -> list[str]:
    """A column of counts (lowest, highest) with those from 1 to `below` - 1 masked as `small`.

    Where just one is masked, the next smallest is hidden too, or a total would give it away.
    """
    shown = [count_range(low, high) for low, high in counts]
    tiny = [at for at, pair in enumerate(counts) if any(0 < count < below for count in pair)]
    for at in tiny:
        shown[at] = small
    others = sorted((pair[1], at) for at, pair in enumerate(counts) if at not in tiny and pair[1] > 0)
    if len(tiny) == 1 and others:
        shown[others[0][1]] = hidden
    return shown
