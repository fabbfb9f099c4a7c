"""Cases: firms that are alike in every fact that decides are judged once, however many they are.

The deciding facts of a firm are packed into one whole number. States, duties, tiers and priority are stated
once for each number that occurs and told to its firms; a province has some thousand of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from coverage_engine.errors import ContentError, PolicyError
from coverage_engine.frames.dialect import Lazy
from coverage_engine.policy import Policy

_THREE_VALUED = (
    *("is_non_public", "in_scope", "has_own", "has_joint", "youth_organisation"),
    *("enough_members", "has_party", "in_society", "many_youth", "above_scale"),
)
_LEVELS = ("own_body", "joint_body")
_STEPS = 5
_FLAGS = ("top_hundred", "in_park")
_UNKNOWN = 2
_MADE = ("in_sector", "satisfied", "claimed", "listed_in_society", "in_system")
_TOLD = frozenset((*_THREE_VALUED, *_FLAGS, *_MADE))
"""The facts that a case tells: packed, or made of what is packed."""
_MOST = 2**63 - 1


def with_case(enterprises: Lazy, policy: Policy) -> Lazy:
    """Adds `case`, the packed deciding facts; `sector`, `in_sector` and `size_step` are among them.

    Raises:
        ContentError: a fact that conditions may name is not among them.
        PolicyError: so many sectors or size steps that a case has no number.
    """
    _refuse_what_has_no_place(policy)
    steps = sorted(policy.size_steps, key=lambda step: step.employees)
    size = nw.lit(0).cast(nw.Int64)
    for step in steps:
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
    packed = size * (untold + 1) + sector
    for name in _LEVELS:
        packed = packed * _STEPS + nw.col(name).cast(nw.Int64)
    for name in _FLAGS:
        packed = packed * 2 + nw.col(name).cast(nw.Int64)
    for name in _THREE_VALUED:
        packed = packed * 3 + nw.col(name).cast(nw.Int64).fill_null(_UNKNOWN)
    return enterprises.with_columns(packed.alias("case"))


def cases_of(enterprises: Lazy, policy: Policy) -> Lazy:
    """The cases that occur, each with its deciding facts in columns."""
    # Every digit straight from the number: engines of SQL write a quotient of quotients out over and over.
    below = 1
    told: list[nw.Expr] = []
    for name in reversed(_THREE_VALUED):
        digit = nw.col("case") // below % 3
        told.append(nw.when(digit != _UNKNOWN).then(digit == 1).alias(name))
        below *= 3
    for name in reversed(_FLAGS):
        told.append((nw.col("case") // below % 2 == 1).alias(name))
        below *= 2
    for name in reversed(_LEVELS):
        told.append((nw.col("case") // below % _STEPS).alias(name))
        below *= _STEPS
    sectors: Sequence[str] = [sector.key for sector in policy.sectors]
    untold = len(sectors) + 1
    at = nw.col("case") // below % (untold + 1)
    size = nw.col("case") // (below * (untold + 1))
    in_sector = nw.when(at != untold).then(at > 0)
    sector = nw.lit(None, dtype=nw.String)
    for number, key in enumerate(sectors, start=1):
        sector = nw.when(at == number).then(nw.lit(key)).otherwise(sector)
    alike = enterprises.select("case").unique()
    return alike.with_columns(
        *told, sector.alias("sector"), in_sector.alias("in_sector"), size.alias("size_step")
    )


# ---------------------------------------------------------------------------------------------- private


def _refuse_what_has_no_place(policy: Policy) -> None:
    """Firms of one case are judged once: a fact outside it would be judged for one and told to all."""
    facts = policy.facts.values()
    deciding = {fact.key for fact in facts if fact.subject == "enterprise" and fact.deciding}
    if beside := sorted(deciding - _TOLD):
        raise ContentError(
            f"facts.toml 的 {'、'.join(beside)} 不在企业的判断分组里",
            "请写 deciding = false，或在 coverage/cases.py 的判断分组里加上它。",
        )
    places = (len(policy.size_steps) + 1) * (len(policy.sectors) + 2)
    places *= _STEPS ** len(_LEVELS) * 2 ** len(_FLAGS) * 3 ** len(_THREE_VALUED)
    if places > _MOST:
        raise PolicyError(
            "行业和规模分的档数太多，企业无法分组判断", "请减少 [[sector]] 或 [[size]] 的条数。"
        )
