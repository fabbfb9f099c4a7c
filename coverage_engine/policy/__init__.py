"""Policy: dated thresholds, duties with their conditions, standards and deadlines, each with its clause."""

from coverage_engine.policy.conditions import (
    Condition,
    FactDefinition,
    Joined,
    Named,
    Negated,
    facts_of,
    holds,
)
from coverage_engine.policy.definitions import Document, Duty, Policy, TargetRule, TierRule
from coverage_engine.policy.loading import load_policy, registration_tables
from coverage_engine.policy.scale import ScaleRule, scale_rule
from coverage_engine.policy.terms import terms_of
from coverage_engine.policy.working_days import WorkingDays, entry_due

__all__ = [
    "Condition",
    "Document",
    "Duty",
    "FactDefinition",
    "Joined",
    "Named",
    "Negated",
    "Policy",
    "ScaleRule",
    "TargetRule",
    "TierRule",
    "WorkingDays",
    "entry_due",
    "facts_of",
    "holds",
    "load_policy",
    "registration_tables",
    "scale_rule",
    "terms_of",
]
