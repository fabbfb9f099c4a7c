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
    """Adds the facts that are no columns and that a rule of the policy names."""
    registry = firm_facts()
    named = dict.fromkeys((*_named(policy), *deciding_facts(policy)))
    derived = [registry[name] for name in named if name in registry and registry[name].of]
    if not derived:
        return enterprises
    return enterprises.with_columns(*(value_of(fact).alias(fact.key) for fact in derived))


def deciding_facts(policy: Policy) -> tuple[str, ...]:
    """The plain facts that obligations, tiers, listing or points depend on, by the rules of the policy."""
    conditions = (
        *(tier.applies for tier in policy.tiers),
        *(rule.applies for rule in policy.targets if rule.applies is not None),
        *(entry.applies for entry in policy.points),
    )
    listing = (name for condition in conditions for name in facts_of(condition))
    named = dict.fromkeys((*_named(policy, "obliges", "supports"), *listing))
    return tuple(name for name in named if name in firm_facts())


def _named(policy: Policy, *roles: str) -> list[str]:
    """The facts that duties of enterprises name, each once, in order."""
    duties = policy.founding(*roles) if roles else policy.duties_of("enterprise")
    conditions = (condition for duty in duties for condition in (duty.applies, duty.met))
    return list(dict.fromkeys(name for condition in conditions for name in facts_of(condition)))
