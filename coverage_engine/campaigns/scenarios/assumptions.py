"""What a campaign assumes: rates as priors, caps, windows, thresholds, starts; each with its source.

No public measurement of these rates is known. They are assumptions until an outcomes ledger has taught
better ones, and every result says so.
"""

from __future__ import annotations

from dataclasses import dataclass

RELATIONS: dict[str, int] = {"headquarters": 9, "leader": 10}
"""Relation kind → number of the path it drives (Annex 6): 总部→分支机构, 龙头→关联企业."""

MONTHS_AT_MOST = 24


@dataclass(frozen=True)
class Rate:
    """概率假设: a monthly probability, known only as Beta(a, b), or fixed."""

    a: float
    b: float
    fixed: float | None = None

    @property
    def mean(self) -> float:
        """Expected value."""
        return self.fixed if self.fixed is not None else self.a / (self.a + self.b)

    def quantile(self, share: float) -> float:
        """The value below which the rate lies with probability `share`."""
        if self.fixed is not None:
            return self.fixed
        from scipy.special import betaincinv

        return float(betaincinv(self.a, self.b, share))


@dataclass(frozen=True)
class RelationAssumptions:
    """带动关系假设: how one kind of relation drives; 0 stands for no limit in `attempts` and `attention`.

    `drives` and `visit` are chances a month; `attempts` at most so many uncovered targets a month and driver;
    `attention` months after its own founding in which a driver drives; `threshold` drivers needed.
    """

    relation: str
    path: int
    active: bool
    drives: Rate
    visit: Rate
    attempts: int
    attention: int
    threshold: int
    visit_hours: int


@dataclass(frozen=True)
class StartRule:
    """起步安排: starts or staff hours a month, starts a county, which relations, who is in, who out."""

    relations: tuple[str, ...]
    number: int | None
    hours: int | None
    locked_in: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    per_county: int | None = None


@dataclass(frozen=True)
class Link:
    """A relation that a scenario adds: names or credit codes of driver and target, with its line."""

    relation: str
    driver: str
    target: str
    file: str
    line: int


@dataclass(frozen=True)
class AssumptionLine:
    """One line of a scenario file: what is assumed, its value, where it comes from."""

    key: str
    value: str
    unit: str
    source: str
    assumed: bool
    file: str
    line: int


@dataclass(frozen=True)
class Scenario:
    """情景方案: named assumptions laid over the base; never edits it."""

    key: str
    title: str
    title_en: str
    about: str
    about_en: str
    months: int
    goal: float
    spontaneous: Rate
    lapse: Rate
    joint_below_three: bool
    unknown_members: bool
    unknown_states: bool
    outside_headquarters: bool
    relations: tuple[RelationAssumptions, ...]
    starts: StartRule
    links: tuple[Link, ...]
    lines: tuple[AssumptionLine, ...]

    def relation(self, name: str) -> RelationAssumptions:
        """The assumptions on one kind of relation."""
        return next(entry for entry in self.relations if entry.relation == name)

    def active_paths(self) -> set[int]:
        """Numbers of the 建团路径 that the scenario drives; empty where it drives none."""
        return {entry.path for entry in self.relations if entry.active}

    def rates(self) -> dict[str, Rate]:
        """Every uncertain rate by name, in fixed order: the columns of a parameter draw."""
        by_name: dict[str, Rate] = {}
        for entry in self.relations:
            by_name[f"{entry.relation}.drives"] = entry.drives
            by_name[f"{entry.relation}.visit"] = entry.visit
        by_name["spontaneous"] = self.spontaneous
        by_name["lapse"] = self.lapse
        return by_name
