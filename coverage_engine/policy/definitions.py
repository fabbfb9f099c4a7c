"""What a policy consists of: values, duties, points, scope rules; each with its clause and dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from coverage_engine.errors import PolicyError
from coverage_engine.policy.conditions import Condition, FactDefinition
from coverage_engine.policy.scale import ScaleRule
from coverage_engine.policy.working_days import WorkingDays

Setting = int | float | bool | str


@dataclass(frozen=True)
class PolicyValue:
    """政策参数: one number or switch with its clause and its first (and last) day in force."""

    key: str
    value: Setting
    unit: str
    clause: str
    valid_from: date
    valid_to: date | None
    file: str


@dataclass(frozen=True)
class Duty:
    """应建要求: one duty of the notice or statute (`strength`: must | should | encouraged).

    `subject` is whom it binds: enterprise | segment | school | county | city | division | plan;
    `applies` and `met` are its conditions on the facts of that subject. `founding` says what it does to an
    enterprise's obligation: `obliges` makes one of its strength, `supports` is a further ground where another
    duty of its strength makes one, `apart` does nothing. A `standing` duty goes on when it is met.
    """

    key: str
    strength: str
    title: str
    clause: str
    quote: str
    condition: str
    evidence: str
    subject: str
    applies: Condition
    met: Condition
    valid_from: date
    due: date | None = None
    valid_to: date | None = None
    title_en: str = ""
    founding: str = "apart"
    standing: bool = False


@dataclass(frozen=True)
class Points:
    """优先分: points for one property of a target, where it surely `applies`."""

    key: str
    applies: Condition
    points: int
    label: str
    clause: str


@dataclass(frozen=True)
class TierRule:
    """重点层级: which enterprises are in a tier (`key`: a word of `Tier`).

    `unknown_counts`: one of which that is not known may be in the tier's denominator.
    """

    key: str
    applies: Condition
    clause: str
    unknown_counts: bool = True


@dataclass(frozen=True)
class TargetRule:
    """列入规则: whether enterprises to which it surely `applies` become targets (`listed`), else why not.

    The first that fits decides; one without a condition fits all.
    """

    key: str
    order: int
    listed: bool
    clause: str
    applies: Condition | None = None
    words: str = ""
    words_en: str = ""

    @property
    def reason(self) -> str:
        """Why an enterprise is no target, with the clause."""
        return f"{self.words}（{self.clause}）"

    @property
    def reason_en(self) -> str:
        """The same in English, where it is told; the clause stays as it is written."""
        return f"{self.words_en} ({self.clause})" if self.words_en else self.reason


@dataclass(frozen=True)
class Document:
    """依据文件: the number of a notice and its title, empty where only the number is told."""

    number: str
    title: str = ""

    @property
    def cited(self) -> str:
        """As papers cite it: 《关于……的通知》（豫青办字〔2019〕17号）."""
        return f"《{self.title}》（{self.number}）" if self.title else self.number


@dataclass(frozen=True)
class SizeStep:
    """规模分: points from a number of employees on."""

    employees: int
    points: int
    label: str
    clause: str


@dataclass(frozen=True)
class RegistrationTable:
    """登记注册类型表: which codes of one edition are non-public or public.

    `mixed` are those non-public ones of which the Chinese side may be in control (合资、合作…): without
    控股情况 they are presumed non-public.
    """

    year: int
    non_public: tuple[str, ...]
    non_public_prefixes: tuple[str, ...]
    public: tuple[str, ...]
    mixed: tuple[str, ...]
    clause: str


@dataclass(frozen=True)
class Sector:
    """青年聚集行业: a named sector by the beginnings of its industry codes."""

    key: str
    label: str
    prefixes: tuple[str, ...]
    clause: str
    label_en: str = ""


@dataclass(frozen=True)
class AskCost:
    """核实代价: what it costs to learn a missing fact (rank, low first) and whom to ask."""

    fact: str
    cost: int
    whom: str
    clause: str
    whom_en: str = ""


@dataclass(frozen=True)
class Policy:
    """政策: everything that decides states, duties and priority, as in force on one day."""

    as_of: date
    version: str
    documents: tuple[Document, ...]
    values: Mapping[str, PolicyValue]
    duties: tuple[Duty, ...]
    tiers: tuple[TierRule, ...]
    targets: tuple[TargetRule, ...]
    elsewhere: TargetRule
    points: tuple[Points, ...]
    size_steps: tuple[SizeStep, ...]
    control_non_public: tuple[str, ...]
    control_public: tuple[str, ...]
    registration_tables: tuple[RegistrationTable, ...]
    sectors: tuple[Sector, ...]
    ask_costs: tuple[AskCost, ...]
    facts: Mapping[str, FactDefinition]
    scale_rules: tuple[ScaleRule, ...]
    working_days: WorkingDays

    def number(self, key: str) -> int:
        """An integer value.

        Raises:
            PolicyError: no such key, or not an integer.
        """
        value = self._value(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise PolicyError(f"政策参数 {key} 应为整数，现为 {value!r}", "请改为整数后重试。")
        return value

    def switch(self, key: str) -> bool:
        """A yes/no value.

        Raises:
            PolicyError: no such key, or not yes/no.
        """
        value = self._value(key)
        if not isinstance(value, bool):
            raise PolicyError(
                f"政策参数 {key} 应为 true 或 false，现为 {value!r}", "请改为 true 或 false 后重试。"
            )
        return value

    def duty(self, key: str) -> Duty:
        """The duty with a key such as `R13`."""
        return next(duty for duty in self.duties if duty.key == key)

    def duties_of(self, subject: str) -> tuple[Duty, ...]:
        """The duties that bind one kind of subject, in order."""
        return tuple(duty for duty in self.duties if duty.subject == subject)

    def founding(self, *roles: str) -> tuple[Duty, ...]:
        """The duties that make or support the obligation of an enterprise, in order."""
        return tuple(duty for duty in self.duties if duty.founding in roles)

    def _value(self, key: str) -> Setting:
        if key not in self.values:
            raise PolicyError(f"没有政策参数 {key}", "请检查 data/policy 或叠加文件中的键名。")
        return self.values[key].value
