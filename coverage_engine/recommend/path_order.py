"""Path order (路径次序): which of a firm's three best paths comes first, by the rule that the planner chose.

    benefit, young  the likeliest: within one firm, who is covered and what the duty asks are the same on all
    fastest         the fewest days until there is an organisation, were it tried until it comes about
    surest          the highest chance with the unknown facts at their worst

Only the three paths of the highest scores are put in order, so that a quick path without prospects never
comes first; ties go to the higher score. Everything compared is an integer.
"""

from __future__ import annotations

from collections.abc import Callable

import narwhals as nw

from coverage_engine.frames.coding import Coding, number
from coverage_engine.frames.dialect import Lazy, levelled
from coverage_engine.recommend.definitions import MILLION, PathBook, PathDefinition
from coverage_engine.recommend.scoring import SHOWN_RANKS, extremes, interval, probability

BY_SCORE = ("benefit", "young")
# Above every value of a rule; a place without a path comes last.
_SHIFT = 10**12
_LAST = 10**15
_ORDER = Coding(
    "path order",
    (
        number("value", _LAST, "what a path can take or score at most, in _VALUES"),
        number("slot", SHOWN_RANKS[-1], "a place by score"),
    ),
)


def by_rule(frame: Lazy, book: PathBook, rule: str) -> Lazy:
    """Adds `place_1…3`, the best three paths by the rule (0 where fewer), and their ranking keys.

    `frame` is the ranked one; the keys are `place_key_1…3`.
    """
    value = _VALUES[rule]
    packed = {slot: _packed(slot, book, value).alias(f"slot_{slot}") for slot in SHOWN_RANKS}
    sorted_slots = _in_order(levelled(frame.with_columns(*packed.values())))
    return sorted_slots.with_columns(
        *(_picked(place, "path").alias(f"place_{place}") for place in SHOWN_RANKS),
        *(_picked(place, "key").alias(f"place_key_{place}") for place in SHOWN_RANKS),
    )


def _packed(slot: int, book: PathBook, value: Callable[[PathDefinition, PathBook], nw.Expr]) -> nw.Expr:
    """The value of the path in a place by score, with that place; the smallest comes first."""
    measure = nw.lit(_LAST)
    for path in book.paths:
        measure = nw.when(nw.col(f"path_{slot}") == path.number).then(value(path, book)).otherwise(measure)
    return _ORDER.encode(value=measure, slot=slot)


def _in_order(frame: Lazy) -> Lazy:
    slots = [nw.col(f"slot_{slot}") for slot in SHOWN_RANKS]
    bounded = levelled(
        frame.with_columns(
            nw.min_horizontal(*slots).alias("order_1"), nw.max_horizontal(*slots).alias("order_3")
        )
    )
    middle = slots[0] + slots[1] + slots[2] - nw.col("order_1") - nw.col("order_3")
    return levelled(bounded.with_columns(middle.alias("order_2")))


def _picked(place: int, column: str) -> nw.Expr:
    """`path_N` or `key_N` of the place by score that comes here by the rule."""
    slot = _ORDER.decode("slot", nw.col(f"order_{place}"))
    picked = nw.col(f"{column}_1")
    for other in SHOWN_RANKS[1:]:
        picked = nw.when(slot == other).then(nw.col(f"{column}_{other}")).otherwise(picked)
    return picked


def _waiting(path: PathDefinition, book: PathBook) -> nw.Expr:
    """Thousandths of the days until it comes about; a chance is at least a millionth."""
    days = max(action.day for action in path.actions) * MILLION * 1000
    _ORDER.number(value=days, slot=0)
    chance = (probability(nw.col(f"score_{path.number}")) * MILLION).round().cast(nw.Int64)
    return nw.lit(days).cast(nw.Int64) // nw.max_horizontal(chance, nw.lit(1).cast(nw.Int64))


def _unsure(path: PathDefinition, book: PathBook) -> nw.Expr:
    _ORDER.number(value=_SHIFT - extremes(path)[0] + path.doubt * book.deviations // 1000, slot=0)
    return nw.lit(_SHIFT).cast(nw.Int64) - interval(path, book)[0]


_VALUES = {"fastest": _waiting, "surest": _unsure}
