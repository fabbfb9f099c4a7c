"""Cases: firms that are alike in every fact that decides are judged once, however many they are.

The deciding facts of a firm are coded in one whole number. States, duties, tiers and priority are stated
once for each number that occurs and told to its firms; a province has some thousand of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from coverage_engine.coverage.plain_facts import deciding_facts
from coverage_engine.coverage.states import PEOPLED
from coverage_engine.errors import ContentError
from coverage_engine.frames.coding import Coding, answer, flag, number
from coverage_engine.frames.dialect import Lazy
from coverage_engine.model.firm_facts import firm_facts
from coverage_engine.policy import Policy

_THREE_VALUED = (
    *("is_non_public", "in_scope", "has_own", "has_joint", "youth_organisation"),
    *("enough_members", "has_party", "in_society", "many_youth", "above_scale"),
)
_LEVELS = ("own_body", "joint_body")
_FLAGS = ("top_hundred", "in_park", "scope_presumed")
_MADE = ("in_sector", "satisfied", "claimed", "listed_in_society", "in_system")
"""Facts made of those that are coded."""


def with_case(enterprises: Lazy, policy: Policy) -> Lazy:
    """Adds `case`, the coded deciding facts; `sector`, `in_sector` and `size_step` are among them.

    Raises:
        CodingOverflowError: so many sectors or size steps that a case has no number.
        ContentError: a fact that conditions may name is not among the deciding ones.
    """
    _refuse_what_has_no_place(policy)
    # Before the expressions are built: those of a policy that is refused could be without end.
    coding = _coding(policy)
    size = nw.lit(0).cast(nw.Int64)
    for step in policy.size_steps:
        size = size + (nw.col("employees") >= step.employees).fill_null(False).cast(nw.Int64)
    untold = len(policy.sectors) + 1
    # A blank industry may be any.
    sector = (
        nw.when(nw.col("industry_code").is_null()).then(nw.lit(untold)).otherwise(nw.lit(0)).cast(nw.Int64)
    )
    for at, named in reversed(list(enumerate(policy.sectors, start=1))):
        hit = nw.lit(False)
        for prefix in named.prefixes:
            hit = hit | nw.col("industry_code").str.starts_with(prefix).fill_null(False)
        sector = nw.when(hit).then(nw.lit(at).cast(nw.Int64)).otherwise(sector)
    return enterprises.with_columns(coding.encode(size_step=size, sector=sector))


def cases_of(enterprises: Lazy, policy: Policy) -> Lazy:
    """The cases that occur, each with its deciding facts in columns."""
    coding = _coding(policy)
    sectors: Sequence[str] = [sector.key for sector in policy.sectors]
    untold = len(sectors) + 1
    at = coding.decode("sector")
    in_sector = nw.when(at != untold).then(at > 0)
    sector = nw.lit(None, dtype=nw.String)
    for place, key in enumerate(sectors, start=1):
        sector = nw.when(at == place).then(nw.lit(key)).otherwise(sector)
    alike = enterprises.select("case").unique()
    return alike.with_columns(
        *(coding.decode(name).alias(name) for name in (*_three_valued(policy), *_FLAGS, *_LEVELS)),
        sector.alias("sector"),
        in_sector.alias("in_sector"),
        coding.decode("size_step").alias("size_step"),
    )


def _three_valued(policy: Policy) -> tuple[str, ...]:
    """The three-valued facts that decide: those that always do, and those that the policy's rules name."""
    return tuple(dict.fromkeys((*_THREE_VALUED, *deciding_facts(policy))))


def _refuse_what_has_no_place(policy: Policy) -> None:
    """Firms of one case are judged once: a fact outside it would be judged for one and stated of all."""
    coded = {*_three_valued(policy), *_FLAGS, *_MADE, *firm_facts()}
    facts = policy.facts.values()
    deciding = {fact.key for fact in facts if fact.subject == "enterprise" and fact.deciding}
    if beside := sorted(deciding - coded):
        raise ContentError(
            f"facts.toml 的 {'、'.join(beside)} 不在企业的判断分组里",
            "请写 deciding = false，或在 coverage/cases.py 的判断分组里加上它。",
        )


def _coding(policy: Policy) -> Coding:
    return Coding(
        "case",
        (
            number("size_step", len(policy.size_steps), "counted over the steps of the policy"),
            number("sector", len(policy.sectors) + 1, "a place among the sectors of the policy"),
            *(number(name, PEOPLED, "one of the standings in 智慧团建") for name in _LEVELS),
            *map(flag, _FLAGS),
            *map(answer, _three_valued(policy)),
        ),
    )
