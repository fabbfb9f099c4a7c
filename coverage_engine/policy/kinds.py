"""The kinds of entries of policy files: where they stand, what names one, whether an overlay adds to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from coverage_engine.policy import entries

E = TypeVar("E")


@dataclass(frozen=True)
class Kind(Generic[E]):
    """政策条目: one table of policy files, `called` so in messages.

    `identity` names an entry: one laid over replaces that of the same identity. `adds`: an overlay may bring
    new ones.
    """

    shape: type[E]
    table: str
    called: str
    file: str
    identity: str
    adds: bool = True


VALUE = Kind(entries.ValueEntry, "value", "参数", "notice_2019_17.toml", "key", adds=False)
DUTY = Kind(entries.DutyEntry, "duty", "要求", "duties.toml", "key")
TIER = Kind(entries.TierEntry, "tier", "重点层级", "targets.toml", "key", adds=False)
TARGET = Kind(entries.TargetEntry, "target", "列入规则", "targets.toml", "key")
POINTS = Kind(entries.PointsEntry, "points", "优先分", "priority.toml", "key")
SIZE = Kind(entries.SizeEntry, "size", "规模分", "priority.toml", "employees")
REGISTRATION = Kind(entries.RegistrationEntry, "registration", "登记注册类型表", "scope.toml", "year")
SECTOR = Kind(entries.SectorEntry, "sector", "行业", "scope.toml", "key")
ASK = Kind(entries.AskEntry, "ask", "核实事项", "scope.toml", "fact", adds=False)
FACT = Kind(entries.FactEntry, "fact", "事实", "facts.toml", "key", adds=False)
RULE = Kind(entries.RuleEntry, "rule", "规模以上标准", "above_scale.toml", "codes")
YEAR = Kind(entries.YearEntry, "year", "工作日历", "working_days.toml", "year")

KINDS: tuple[Kind[Any], ...] = (
    *(VALUE, DUTY, TIER, TARGET, POINTS, SIZE),
    *(REGISTRATION, SECTOR, ASK, FACT, RULE, YEAR),
)
