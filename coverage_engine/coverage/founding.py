"""The obligation that the duties of a policy make of every combination of facts, known or not.

Several duties name the same fact, so Kleene's logic alone would call unknown what is not. Every combination
of known facts is therefore judged by plain logic, and one with unknown facts by all that they may turn out to
be: an obligation is told exactly when these agree, and a fact is missing exactly when it could turn it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from operator import or_

import narwhals as nw

from coverage_engine.frames.coding import Coding, answer
from coverage_engine.frames.logic import Facts
from coverage_engine.policy import Policy, facts_of, holds

OBLIGATIONS: Mapping[str, str] = {
    "encouraged": "cultivate",
    "should": "should_establish",
    "must": "must_establish",
}
"""Strength of a duty → the obligation it makes, weakest first."""

UNDETERMINED = "undetermined"
_WORDS = ("none", *OBLIGATIONS.values())
_POSSIBLE = (1 << len(_WORDS)) - 1
_UNFOUNDED = (1 << _WORDS.index("none"), 1 << _WORDS.index("cultivate"))
_SOCIETY = "in_society"
_MADE_OF = {
    "satisfied": ("has_own", "has_joint"),
    "claimed": ("has_own", "has_joint"),
    "listed_in_society": (_SOCIETY,),
}
"""Facts that follow from others: they never turn out on their own."""


@dataclass(frozen=True)
class Founding:
    """应建要求判定表: for each combination of `facts` (no, yes, unknown) the obligations that may be.

    `outcomes` stand in order of the combination read as a number of base three. The low bits are the
    obligations that may be, the others the facts that could turn one into another.
    """

    policy: Policy
    facts: tuple[str, ...]
    outcomes: tuple[int, ...]

    @classmethod
    def of(cls, policy: Policy) -> Founding:
        """The table of the duties in force."""
        named = [
            name
            for duty in policy.founding("obliges")
            for condition in ((duty.applies,) if duty.standing else (duty.applies, duty.met))
            for name in facts_of(condition)
        ]
        parts = [part for name in named for part in _MADE_OF.get(name, (name,))]
        facts = tuple(sorted(dict.fromkeys(parts), key=lambda name: name != _SOCIETY))
        words = [
            _word(policy, dict(zip(facts, world, strict=True)))
            for world in product((False, True), repeat=len(facts))
        ]
        outcomes = [_outcome(words, at) for at in range(len(words))]
        return cls(policy, facts, tuple(_widened(outcomes, listed=_SOCIETY not in facts)))

    def place(self, facts: Facts) -> nw.Expr:
        """The number of a firm's combination of facts."""
        return Coding("founding", tuple(map(answer, self.facts))).encode(
            **{name: facts[name] for name in self.facts}
        )

    def words(self) -> dict[int, str]:
        """The obligation of each combination."""
        single = {1 << at: word for at, word in enumerate(_WORDS)}
        return {at: single.get(outcome & _POSSIBLE, UNDETERMINED) for at, outcome in enumerate(self.outcomes)}

    def missing(self) -> dict[int, str]:
        """The ledger columns that could turn the obligation of each combination, cheapest first."""
        headers = [self.policy.facts[name].header for name in reversed(self.facts)]
        columns_of = {}
        for outcome in set(self.outcomes):
            turning = {header for place, header in enumerate(headers) if outcome & _turns(place)}
            columns_of[outcome] = ";".join(ask.fact for ask in self.policy.ask_costs if ask.fact in turning)
        return {at: columns_of[outcome] for at, outcome in enumerate(self.outcomes)}


# ---------------------------------------------------------------------------------------------- private


def _word(policy: Policy, known: dict[str, bool]) -> int:
    """The place in `_WORDS` of the strongest obligation where every fact is known."""
    own, joint = known.get("has_own", False), known.get("has_joint", False)
    world = {
        **known,
        "claimed": own or joint,
        "satisfied": own or (joint and policy.switch("joint_satisfies_establishment")),
        "listed_in_society": known.get(_SOCIETY, False),
    }
    return max(
        (
            _WORDS.index(OBLIGATIONS[duty.strength])
            for duty in policy.founding("obliges")
            if holds(duty.applies, world) and (duty.standing or not holds(duty.met, world))
        ),
        default=0,
    )


def _outcome(words: list[int], at: int) -> int:
    """The obligation of one world, and the facts of which the opposite would make another."""
    outcome: int = 1 << words[at]
    for place in range(len(words).bit_length() - 1):
        if words[at ^ 1 << place] != words[at]:
            outcome |= _turns(place)
    return outcome


def _turns(place: int) -> int:
    """The bit that says that a fact could turn the obligation; the last fact has place 0."""
    return 1 << len(_WORDS) + place


def _widened(outcomes: list[int], listed: bool = True) -> list[int]:
    """Outcomes of no and yes → of no, yes and unknown, for every fact.

    What is known turns nothing; what is unknown may be either. Where the first fact is the society's (not
    `listed`) and no list was handed in, the firm is judged as no member, unless only members must found.
    """
    if len(outcomes) == 1:
        return outcomes
    half = len(outcomes) // 2
    no, yes = _widened(outcomes[:half]), _widened(outcomes[half:])
    known = ~_turns(half.bit_length() - 1)
    either: Iterable[int] = map(or_, no, yes)
    if not listed:
        either = (
            both if absent & _POSSIBLE in _UNFOUNDED else absent & known
            for absent, both in zip(no, either, strict=True)
        )
    return [*(outcome & known for outcome in no), *(outcome & known for outcome in yes), *either]
