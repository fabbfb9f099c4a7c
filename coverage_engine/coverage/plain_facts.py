"""Plain facts of a firm as expressions: a column of the 企业台账, or whether another reaches a number."""

from __future__ import annotations

import narwhals as nw

from coverage_engine.frames.dialect import Lazy
from coverage_engine.model.firm_facts import FirmFact, firm_facts
from coverage_engine.policy import Policy, facts_of


def value_of(fact: FirmFact) -> nw.Expr:
    """What the firm's own columns tell of a fact; unknown where they do not."""
    return nw.col(fact.column) >= fact.at_least if fact.of else nw.col(fact.key)


def with_derived(enterprises: Lazy, policy: Policy) -> Lazy:
    """Adds the facts that are no columns and that a duty of the policy names."""
    registry = firm_facts()
    derived = [registry[name] for name in _named(policy) if name in registry and registry[name].of]
    if not derived:
        return enterprises
    return enterprises.with_columns(*(value_of(fact).alias(fact.key) for fact in derived))


def founding_facts(policy: Policy) -> tuple[str, ...]:
    """The plain facts that the obligation to found depends on, by the duties of the policy."""
    named = _named(policy, "obliges", "supports")
    return tuple(name for name in named if name in firm_facts())


def _named(policy: Policy, *roles: str) -> list[str]:
    """The facts that duties of enterprises name, each once, in order."""
    duties = policy.founding(*roles) if roles else policy.duties_of("enterprise")
    conditions = (condition for duty in duties for condition in (duty.applies, duty.met))
    return list(dict.fromkeys(name for condition in conditions for name in facts_of(condition)))
