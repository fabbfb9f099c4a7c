"""Why an enterprise has a duty, or has not, or nobody can tell: a tree of facts, cells and clauses.

Made on demand for one enterprise: the snapshot is cut to its rows first, so a province costs no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import narwhals as nw
import polars as pl

from coverage_engine.arguments import TEXT, checked, instance, whole
from coverage_engine.coverage.asks import open_questions
from coverage_engine.coverage.assessment import assessed_enterprises
from coverage_engine.coverage.cells import Cell, cells_of
from coverage_engine.coverage.duties import enterprise_facts, with_appraisals
from coverage_engine.errors import PolicyError
from coverage_engine.explanation.enterprise_numbers import refuse_unknown
from coverage_engine.frames.dialect import collected, lazy_frames
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.vocabulary import Answer
from coverage_engine.policy import Condition, Duty, Joined, Named, Negated, Policy, facts_of, scale_rule


@dataclass(frozen=True)
class Question:
    """待核实事项: a missing fact that would decide, whom to ask, and the cost of asking (1 = least)."""

    header: str
    whom: str
    cost: int
    whom_en: str = ""


@dataclass(frozen=True)
class TraceNode:
    """判断依据: one fact or combination with its answer; a fact carries its clause and cells."""

    words: str
    answer: Answer
    parts: tuple[TraceNode, ...] = ()
    clause: str = ""
    cells: tuple[Cell, ...] = ()
    english: str = ""


@dataclass(frozen=True)
class DutyTrace:
    """应建要求的依据: whether a duty applies and is met, why, and what would decide where it is open.

    `deciding` are the missing facts that matter, cheapest first; `cheapest` is the first of them.
    """

    enterprise_id: int
    name: str
    duty: Duty
    applies: TraceNode
    met: TraceNode
    deciding: tuple[Question, ...]
    notes: tuple[str, ...] = ()
    notes_en: tuple[str, ...] = ()

    @property
    def cheapest(self) -> Question | None:
        """The missing fact that is cheapest to ask for; None where nothing is open."""
        return self.deciding[0] if self.deciding else None


_SNAPSHOT = instance(Snapshot, "read_ledgers 读出的底数（Snapshot）")
_POLICY = instance(Policy, "load_policy 读出的政策（Policy）")


@checked(snapshot=_SNAPSHOT, policy=_POLICY, enterprise_id=whole(0), duty=TEXT)
def trace(snapshot: Snapshot, policy: Policy, enterprise_id: int, duty: str) -> DutyTrace:
    """Why a duty of enterprises applies to one of them and is met, or not, or cannot be told.

    Raises:
        ArgumentError: an argument of the wrong kind.
        PolicyError: no such duty of enterprises.
        UnknownEnterpriseError: no such enterprise.

    Source:
        `data/policy/duties.toml`: each duty with its clause and conditions.

    Example:
        >>> trace(snapshot, policy, 0, "R13").applies.answer.value
        'unknown'
    """
    refuse_unknown(snapshot["enterprises"], enterprise_id)
    known = {entry.key: entry for entry in policy.duties_of("enterprise")}
    if duty not in known:
        raise PolicyError(f"没有企业的应建要求 {duty}", f"可用的编号：{'、'.join(known)}。")
    return traces(snapshot, policy, enterprise_id)[duty]


@checked(snapshot=_SNAPSHOT, policy=_POLICY, enterprise_id=whole(0))
def traces(snapshot: Snapshot, policy: Policy, enterprise_id: int) -> Mapping[str, DutyTrace]:
    """The traces of all duties of enterprises for one of them, by the key of the duty.

    Raises:
        ArgumentError: an argument of the wrong kind.
        UnknownEnterpriseError: no such enterprise.

    Source:
        `data/policy/duties.toml`: each duty with its clause and conditions.

    Example:
        >>> "R13" in traces(snapshot, policy, 0)
        True
    """
    refuse_unknown(snapshot["enterprises"], enterprise_id)
    own = _cut(snapshot, enterprise_id)
    frames = lazy_frames(own.tables)
    firm = assessed_enterprises(frames, policy, snapshot.kinds)
    facts = enterprise_facts(policy)
    questions = open_questions(policy)
    opened = {f"{duty}|{header}": flag for duty, flags in questions.items() for header, flag in flags.items()}
    firm_facts = with_appraisals(firm, frames).select(
        "name",
        *(flag.alias(f"fact|{name}") for name, flag in facts.items()),
        *(flag.alias(key) for key, flag in opened.items()),
        nw.col("employees"),
        nw.col("section"),
        nw.col("industry_code"),
    )
    row = collected(firm_facts).row(0, named=True)
    answers = {name: row[f"fact|{name}"] for name in facts}
    leaves = _Leaves(own, policy, enterprise_id, answers)
    scale = _scale_notes(policy, row) if answers["above_scale"] is None else ()
    return {
        duty.key: DutyTrace(
            enterprise_id,
            row["name"],
            duty,
            leaves.node(duty.applies),
            leaves.node(duty.met),
            tuple(
                Question(ask.fact, ask.whom, ask.cost, ask.whom_en)
                for ask in policy.ask_costs
                if row.get(f"{duty.key}|{ask.fact}")
            ),
            *(scale if "above_scale" in facts_of(duty.applies) else ()),
        )
        for duty in policy.duties_of("enterprise")
    }


# ---------------------------------------------------------------------------------------------- private


@dataclass(frozen=True)
class _Leaves:
    """Facts of one enterprise, told as nodes of a trace."""

    snapshot: Snapshot
    policy: Policy
    enterprise_id: int
    answers: Mapping[str, bool | None]
    known: dict[str, TraceNode] = field(default_factory=dict)

    def node(self, condition: Condition) -> TraceNode:
        """The tree of a condition, answered for this enterprise."""
        if isinstance(condition, Named):
            return self._leaf(condition.fact)
        if isinstance(condition, Negated):
            part = self.node(condition.part)
            return TraceNode("不是", _word(_opposite(part.answer)), (part,), english="not")
        parts = tuple(self.node(part) for part in condition.parts)
        words, english = ("都要", "all of") if condition.every else ("任一", "any of")
        return TraceNode(words, _word(_combined(condition, parts)), parts, english=english)

    def _leaf(self, name: str) -> TraceNode:
        """A fact with its cells; looked up once, though several duties name it."""
        if name not in self.known:
            fact = self.policy.facts[name]
            cells = cells_of(self.snapshot, self.enterprise_id, fact.key, fact.columns)
            answer = _word(self.answers[fact.key])
            english = fact.label_en or fact.label
            self.known[name] = TraceNode(fact.label, answer, (), fact.clause, cells, english)
        return self.known[name]


def _combined(condition: Joined, parts: tuple[TraceNode, ...]) -> bool | None:
    answers = [part.answer for part in parts]
    overruling = Answer.NO if condition.every else Answer.YES
    if overruling in answers:
        return overruling is Answer.YES
    return None if Answer.UNKNOWN in answers else overruling is Answer.NO


def _opposite(answer: Answer) -> bool | None:
    return None if answer is Answer.UNKNOWN else answer is Answer.NO


def _word(fact: bool | None) -> Answer:
    return Answer.UNKNOWN if fact is None else Answer.YES if fact else Answer.NO


def _scale_notes(policy: Policy, row: Mapping[str, object]) -> tuple[tuple[str, ...], ...]:
    """A hint (Chinese, English) where the staff alone reach the line of the day; the list still decides."""
    section, code, staff = row["section"], row["industry_code"], row["employees"]
    rule = scale_rule(
        policy.scale_rules,
        section if isinstance(section, str) else None,
        code if isinstance(code, str) else None,
    )
    if rule is None or not rule.reached(None, staff if isinstance(staff, int) else None):
        return ()
    chinese = f"从业人员{staff}人，已达{rule.label}规模以上的人数线（{rule.clause}），请与统计部门名录核对。"
    english = (
        f"A staff of {staff} reaches the above-scale line of {rule.label} ({rule.clause}); "
        "compare with the list of the statistics office."
    )
    return (chinese,), (english,)


def _cut(snapshot: Snapshot, enterprise_id: int) -> Snapshot:
    """The snapshot with the rows of one enterprise; what it links to stays whole where it is small."""
    tables = dict(snapshot.tables)
    for name, table in snapshot.tables.items():
        if "enterprise_id" in table.columns:
            tables[name] = table.filter(pl.col("enterprise_id") == enterprise_id)
    linked = pl.concat(
        [
            tables["league_matches"]["league_organisation_id"],
            tables["joint_coverage"]["league_organisation_id"].drop_nulls(),
        ]
    )
    tables["league_organisations"] = snapshot["league_organisations"].filter(
        pl.col("league_organisation_id").is_in(linked.implode())
    )
    return Snapshot(snapshot.as_of, tables, snapshot.kinds)
