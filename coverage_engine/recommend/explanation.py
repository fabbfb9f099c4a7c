"""Explains one enterprise: state, duty, every path with its signed steps, flip fact, neighbourhood.

The figures are those of the plan's tables: the same evaluator computes them for this one enterprise.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import narwhals as nw
import polars as pl

from coverage_engine.coverage import assess
from coverage_engine.coverage.frames import collected
from coverage_engine.graph import neighbourhood
from coverage_engine.model.explained import Explained, PathTold, SignedStep, UnknownFact
from coverage_engine.model.plan import Plan
from coverage_engine.model.vocabulary import Answer, CoverageState, Obligation, Tier, label
from coverage_engine.policy import load_policy
from coverage_engine.recommend.definitions import PathBook, PathDefinition
from coverage_engine.recommend.evaluation import Evaluated, evaluate, founding_with
from coverage_engine.recommend.flips import flips
from coverage_engine.recommend.loading import load_paths
from coverage_engine.recommend.phrases import phrase
from coverage_engine.recommend.reasons import cited, steps_of
from coverage_engine.recommend.relations import relation_lines
from coverage_engine.recommend.scoring import interval, probability, score_of, why_not
from coverage_engine.recommend.telling import told_lines

Row = dict[str, Any]
_PLANNED = ("own", "out_of_scope")


def explain(plan: Plan, enterprise_id: int, lang: str = "zh", book: PathBook | None = None) -> str:
    """One enterprise told in lines (see `explained`).

    Raises:
        KeyError: no such enterprise in the snapshot.
    """
    return told_lines(explained(plan, enterprise_id, lang, book), lang)


def explained(plan: Plan, enterprise_id: int, lang: str = "zh", book: PathBook | None = None) -> Explained:
    """State, duty with clauses, the eleven paths, flip fact, what to ask first, neighbourhood in words.

    Raises:
        KeyError: no such enterprise in the snapshot.
    """
    book = book or load_paths()
    graph = neighbourhood(plan.snapshot, enterprise_id, radius_metres=walking_radius(book))
    enterprises = whole_table(plan)
    row = enterprises.row(by_predicate=pl.col("enterprise_id") == enterprise_id, named=True)
    told = Explained(
        name=row["name"],
        code=row["credit_code"] or "—",
        place="".join(part for part in (row["city"], row["county"]) if part),
        state=(*_state_lines(row, lang), *_duty_lines(plan, row, lang)),
        relations=relation_lines(graph, enterprises, lang),
    )
    if row["coverage_state"] in _PLANNED:
        return told
    wanted = nw.col("enterprise_id") == enterprise_id
    judged = evaluate(plan.snapshot, enterprises, threshold_of(plan, enterprises), wanted, book)
    found = founding_with(judged, nw.from_native(plan["joint_groups"].lazy()))
    return _with_choice(_with_paths(told, found, lang), plan, enterprise_id, found, lang)


def walking_radius(book: PathBook) -> int:
    """Within how many metres a firm is a neighbour."""
    return book.path(11).settings["radius_metres"]


def whole_table(plan: Plan) -> pl.DataFrame:
    """Every enterprise of the snapshot; a plan of one division lists only its own, and neighbours count."""
    if plan["enterprises"].height == plan.snapshot["enterprises"].height:
        return plan["enterprises"]
    return assess(plan.snapshot, load_policy(plan.as_of), plan.division)["enterprises"]


def threshold_of(plan: Plan, enterprises: pl.DataFrame) -> int:
    """The line of League members that this plan was made with."""
    told = enterprises.select((pl.col("league_members") - pl.col("member_margin")).drop_nulls())
    return int(told.item(0, 0)) if told.height else load_policy(plan.as_of).number("league_members_threshold")


# --- private ------------------------------------------------------------------------------------------------


def _state_lines(row: Row, lang: str) -> list[str]:
    tiers = [label(Tier(tier), lang) for tier in (row["tiers"] or "").split(";") if tier]
    lines = [
        phrase(
            "state",
            lang,
            state=label(CoverageState(row["coverage_state"]), lang),
            verified=label(Answer(row["verified"]), lang),
        ),
    ]
    if row["scope_reason"]:
        lines.append(phrase("scope", lang, reason=row["scope_reason"]))
    if tiers:
        lines.append(phrase("tiers", lang, tiers=phrase("comma", lang).join(tiers)))
    if row["priority_rank"] is not None:
        told = row["priority_reasons"] or ""
        lines.append(phrase("priority", lang, points=row["priority"], rank=row["priority_rank"], told=told))
    return lines


def _duty_lines(plan: Plan, row: Row, lang: str) -> list[str]:
    lines = [phrase("obligation", lang, obligation=label(Obligation(row["obligation"]), lang))]
    if row["ground_text"]:
        lines.append(phrase("ground", lang, ground=row["ground_text"]))
    if row["missing_facts"]:
        lines.append(
            phrase("missing", lang, missing=row["missing_facts"].replace(";", phrase("comma", lang)))
        )
    mine = plan["duties"].filter(pl.col("enterprise_id") == row["enterprise_id"]).sort("duty")
    titles = {
        duty.key: duty.title_en if lang == "en" else duty.title for duty in load_policy(plan.as_of).duties
    }
    for duty in mine.rows(named=True):
        if duty["applies"] != Answer.NO.value:
            told = {key: label(Answer(duty[key]), lang) for key in ("applies", "met")}
            lines.append(phrase("duty", lang, duty=duty["duty"], title=titles.get(duty["duty"], ""), **told))
    return lines


def _with_paths(told: Explained, found: Evaluated, lang: str) -> Explained:
    frame = collected(found.frame).row(0, named=True)
    order = _order(found, frame)
    ordered = sorted(found.book.paths, key=lambda path: order[path.number])
    return replace(told, paths=[_one_path(found, path, frame, lang) for path in ordered])


def _order(found: Evaluated, frame: Row) -> dict[int, tuple[int, int]]:
    """Feasible paths by score, then those that cannot be told, then the infeasible."""
    order = {}
    for path in found.book.paths:
        holds = frame[f"feasible_{path.number}"]
        key = frame[f"key_of_{path.number}"]
        order[path.number] = (0, -key) if key else (1 if holds is None else 2, path.number)
    return order


def _one_path(found: Evaluated, path: PathDefinition, frame: Row, lang: str) -> PathTold:
    low, high = interval(path, found.book)
    told = collected(
        found.frame.select(
            probability(nw.col(f"score_{path.number}")).alias("chance"),
            probability(low).alias("low"),
            probability(high).alias("high"),
            why_not(path, lang).alias("why_not"),
        )
    ).row(0, named=True)
    holds = frame[f"feasible_{path.number}"]
    return PathTold(
        number=path.number,
        title=path.title.of(lang),
        feasible=holds,
        score=frame[f"score_{path.number}"],
        steps=_steps(found, path, lang) if holds is not False else (),
        unknowns=_unknowns(path, frame, lang) if holds is not False else (),
        **told,
    )


def _steps(found: Evaluated, path: PathDefinition, lang: str) -> list[SignedStep]:
    steps = cited(steps_of(found.frame, path, found.book, found.threshold, found.cells, lang), found.cells)
    return [
        SignedStep(
            contribution=step["contribution"],
            text=step["text"],
            fact=found.book.facts[step["fact"]].label.of(lang),
            value=step["value"],
            ledger=step["ledger"],
            cell=step["cell"],
            clause=step["clause"],
            base=step["step"] == 0,
        )
        for step in collected(steps).sort("step").rows(named=True)
    ]


def _unknowns(path: PathDefinition, frame: Row, lang: str) -> list[UnknownFact]:
    return [
        UnknownFact(piece.fact.label.of(lang), min(0, *piece.weights), max(0, *piece.weights))
        for piece in path.evidence
        if frame[piece.fact.key] is None
    ]


def _with_choice(told: Explained, plan: Plan, enterprise_id: int, found: Evaluated, lang: str) -> Explained:
    """With first path and runner-up, flip fact, what to ask first, and the joint branch proposed."""
    keys = found.frame.select(
        "path_1", "path_2", *(score_of(nw.col(f"key_{place}")).alias(f"score_{place}") for place in (1, 2))
    )
    best = collected(keys).row(0, named=True)
    mine = pl.col("enterprise_id") == enterprise_id
    for choice in plan["choices"].filter(mine, "wide").rows(named=True):
        asked = (fact.label.of(lang) for fact in found.book.facts.values())
        known = dict(zip((fact.label.zh for fact in found.book.facts.values()), asked, strict=True))
        open_paths = [int(number) for number in choice["paths"].split(";")]
        told = replace(told, ask_first=known.get(choice["ask_first"]), open_paths=open_paths)
    for group in plan["joint_groups"].filter(mine).rows(named=True):
        told = replace(told, joint_branch=group["group_name"])
    if not best["path_1"]:
        return told
    if best["path_2"]:
        told = replace(told, runner_up=best["path_2"], gap=best["score_1"] - best["score_2"])
    turned = collected(flips(found.frame, found.book, found.threshold, lang))["flip_fact"].to_list()
    return replace(told, first=best["path_1"], flip=turned[0] if turned else None)
