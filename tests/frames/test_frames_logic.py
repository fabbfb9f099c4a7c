"""Conditions are exact: unknown exactly when the unknown facts could turn them."""

from itertools import product

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_engine.errors import PolicyError
from coverage_engine.frames.dialect import collected
from coverage_engine.frames.logic import open_facts, truth
from coverage_engine.policy.conditions import Joined, Named, Negated, facts_of, parse_condition

NAMES = ["a", "b", "c", "d", "e"]


@st.composite
def conditions(draw):
    """A condition over some of five facts, each named once."""
    parts = [Named(name) for name in draw(st.permutations(NAMES))[: draw(st.integers(1, 5))]]
    while len(parts) > 1:
        size = draw(st.integers(2, len(parts)))
        joined = Joined(draw(st.booleans()), tuple(parts[:size]))
        parts = [Negated(joined) if draw(st.booleans()) else joined, *parts[size:]]
    return Negated(parts[0]) if draw(st.booleans()) else parts[0]


def plain(condition, world):
    if isinstance(condition, Named):
        return world[condition.fact]
    if isinstance(condition, Negated):
        return not plain(condition.part, world)
    told = [plain(part, world) for part in condition.parts]
    return all(told) if condition.every else any(told)


def worlds(known, fixed=()):
    names = [name for name in NAMES if known[name] is None and name not in fixed]
    for values in product([True, False], repeat=len(names)):
        yield {**known, **dict(zip(names, values, strict=True))}


@settings(max_examples=120, deadline=None)
@given(conditions(), st.fixed_dictionaries({name: st.sampled_from([True, False, None]) for name in NAMES}))
def test_a_condition_is_told_exactly_when_every_completion_agrees(condition, known):
    frame = nw.from_native(pl.DataFrame([known], schema=dict.fromkeys(NAMES, pl.Boolean)).lazy())
    facts = {name: nw.col(name) for name in NAMES}
    opened = open_facts(condition, facts, nw.lit(True))
    told = collected(
        frame.select(truth(condition, facts).alias("answer"), *(flag.alias(n) for n, flag in opened.items()))
    ).row(0, named=True)
    possible = {plain(condition, world) for world in worlds(known)}
    assert told["answer"] == (possible.pop() if len(possible) == 1 else None)
    for name in facts_of(condition):
        turns = known[name] is None and any(
            plain(condition, {**world, name: True}) != plain(condition, {**world, name: False})
            for world in worlds(known, fixed=[name])
        )
        assert told[name] == turns, name


@pytest.mark.parametrize(
    "text", ["a and (b or not a)", "a and 3", "a and", "not (a == b)", "__import__('os')", "a if b else c"]
)
def test_anything_but_facts_and_or_not_is_refused(text):
    with pytest.raises(PolicyError, match="下一步"):
        parse_condition(text)
