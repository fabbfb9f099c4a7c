"""What a path of Annex 6 consists of (建团路径), as read from `paths/`.

Weights, scores and contributions are integers: millionths of log-odds (对数几率), so that every engine sums
them to the same figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MILLION = 1_000_000


@dataclass(frozen=True)
class Words:
    """One wording in Chinese and English."""

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """The wording of one language."""
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True)
class Consequence:
    """What a fact at or above `start` settles about another fact."""

    start: int
    fact: str
    value: bool | int


@dataclass(frozen=True)
class Fact:
    """事实: one named fact of the registry.

    `cell` is `entity.field`, the field whose cell decides it; `needs` the fact without which a firm cannot
    have it (no park, no work committee of the park).
    `turns_out` and `turns_out_not` are what is said once an unknown fact has been cleared up (`found` and
    `found_not` of the registry).
    """

    key: str
    label: Words
    kind: str
    unit: Words
    low: int
    high: int
    plus: str | None
    ledger: str
    cell: str
    direction: str
    become: Words | None
    become_from: int
    turns_out: Words | None
    turns_out_not: Words | None
    consequences: tuple[Consequence, ...] = ()
    needs: str | None = None

    @property
    def entity(self) -> str:
        """Whose row decides: enterprise, park, headquarters_enterprise …"""
        return self.cell.split(".")[0]

    @property
    def field(self) -> str:
        """The canonical key of the ledger column that decides."""
        return self.cell.split(".")[1]


@dataclass(frozen=True)
class Step:
    """One level of a count or share: from `start` on it weighs `weight` millionths."""

    start: int
    weight: int


@dataclass(frozen=True)
class Evidence:
    """佐证: how one fact moves the score of one path.

    Flags use the two weights, counts and shares the steps, classes (a county, a trade) one weight a class.
    """

    fact: Fact
    when_true: int
    when_false: int
    steps: tuple[Step, ...]
    source: str
    text: Words
    text_against: Words
    classes: tuple[tuple[str, int], ...] = ()

    @property
    def weights(self) -> tuple[int, ...]:
        """Every contribution that a known value can make."""
        if self.fact.kind == "class":
            return (0, *(weight for _, weight in self.classes))
        if self.fact.kind == "flag":
            return self.when_true, self.when_false
        return (0, *(step.weight for step in self.steps))

    def weight_of(self, value: bool | int | str | None) -> int:
        """The contribution of one value; an unknown one contributes nothing."""
        if value is None:
            return 0
        if isinstance(value, str):
            return dict(self.classes).get(value, 0)
        if self.fact.kind == "flag":
            return self.when_true if value else self.when_false
        return next((step.weight for step in reversed(self.steps) if value >= step.start), 0)


@dataclass(frozen=True)
class Condition:
    """可行条件: at least one of these facts must hold; the words say why it fails."""

    facts: tuple[Fact, ...]
    why_not: Words
    cannot_tell: Words
    allow_unknown: bool


@dataclass(frozen=True)
class HandedIn:
    """名单已交来: what a step says instead once the ledger that it asks for was handed in."""

    ledger: str
    text: Words


@dataclass(frozen=True)
class FirstAction:
    """首批举措: what is done on which day after the as-of date.

    `shared` ones serve many targets at once. `when` and `unless` name a flag: the step is taken only where it
    holds, or only where it does not (unknown counts as not). `joint` steps are for the firms of a proposed
    joint branch (true) or for all others (false); none is for both. A step that fetches a list says something
    else where that list was `handed_in`.
    """

    day: int
    text: Words
    responsible: str
    document: str
    shared: bool
    when: Fact | None
    unless: Fact | None
    joint: bool | None = None
    handed_in: HandedIn | None = None

    def words(self, kinds: frozenset[str]) -> Words:
        """What is to be done, where ledgers of these kinds were handed in."""
        return self.handed_in.text if self.handed_in and self.handed_in.ledger in kinds else self.text


@dataclass(frozen=True)
class PathLetter:
    """公文要点: what is written to counterparts of a path, with them (联合发文) or to them (商请函)."""

    joint: bool
    title: str
    basis: str
    duties: tuple[str, ...]


@dataclass(frozen=True)
class PathSymbol:
    """路径符号: the shape and the colour (#rrggbb) in which maps draw the firms of a path."""

    shape: str
    colour: str


@dataclass(frozen=True)
class PathDefinition:
    """建团路径: one of the eleven ways of Annex 6, or a province's own, numbered from 12.

    `relation_text` says what makes the path feasible, `relation_unknown` and `relation_missing` what is said
    where it is feasible although that relation is not known or not there. `founds_jointly` marks the one path
    on which joint branches are proposed; its joint steps serve their firms on every path. `settings` are the
    path's own: no other path sees them.
    """

    number: int
    key: str
    title: Words
    short_title: Words
    symbol: PathSymbol
    clause: str
    quote: str
    lead_unit: Words
    partners: tuple[str, ...]
    documents: tuple[str, ...]
    bundle: str | None
    base: int
    doubt: int
    staff_hours: int
    relation: Fact
    relation_text: Words
    relation_unknown: Words | None
    relation_missing: Words | None
    conditions: tuple[Condition, ...]
    evidence: tuple[Evidence, ...]
    actions: tuple[FirstAction, ...]
    settings: Mapping[str, int]
    file: str
    letter: PathLetter | None = None
    founds_jointly: bool = False


@dataclass(frozen=True)
class SetRule:
    """预测集合: which paths cannot be set aside, as calibrated on past attempts.

    Among the feasible paths each has the share exp(slope × score + appeal); it stands in the set when the
    share reaches its threshold times the factor of the city. Slope, appeals (one a path) and factors are
    thousandths, thresholds millionths.
    """

    slope: int
    appeals: tuple[int, ...]
    thresholds: tuple[int, ...]
    cities: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class PathBook:
    """All paths with the registry of facts and the settings that they share; path N stands at place N - 1.

    `deviations` scales model doubt into the interval, in thousandths; `length` is the greatest number of
    characters of a shown reason and `shown` how many are shown; a call that serves
    fewer than `least_bundle` targets is no bundle; `ask_hours` are the tenths of an hour that it takes to ask
    about an entity (`Fact.entity`). `sets` is there once past attempts have
    calibrated it; `name` tells expert weights from those of a learned model.
    """

    paths: tuple[PathDefinition, ...]
    facts: Mapping[str, Fact]
    deviations: int
    length: int
    shown: int
    least_bundle: int
    ask_hours: Mapping[str, int]
    sets: SetRule | None = None
    name: str = "expert"

    def path(self, number: int) -> PathDefinition:
        """The path with a number of Annex 6, or of a province's own."""
        return self.paths[number - 1]

    @property
    def joint_path(self) -> PathDefinition:
        """The path on which joint branches are proposed."""
        return next(path for path in self.paths if path.founds_jointly)

    def users_of(self, fact: Fact) -> tuple[PathDefinition, ...]:
        """The paths whose score or feasibility depends on a fact."""
        return tuple(path for path in self.paths if fact in facts_of(path))


def facts_of(path: PathDefinition) -> tuple[Fact, ...]:
    """Every fact that a path looks at, conditions first, each once."""
    conditions = (fact for condition in path.conditions for fact in condition.facts)
    return tuple(dict.fromkeys((*conditions, *(piece.fact for piece in path.evidence))))
