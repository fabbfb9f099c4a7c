"""Explains one enterprise in plain text: state, duty, every path with its signed steps, neighbourhood.

The figures are those of the plan's tables: the same evaluator computes them for this one enterprise.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl

from coverage_engine.coverage import assess
from coverage_engine.coverage.frames import collected
from coverage_engine.graph import neighbourhood
from coverage_engine.model.plan import Plan
from coverage_engine.model.vocabulary import Answer, CoverageState, Obligation, Tier, label
from coverage_engine.policy import load_policy
from coverage_engine.recommend.definitions import MILLION, PathBook, PathDefinition
from coverage_engine.recommend.flips import flips
from coverage_engine.recommend.loading import load_paths
from coverage_engine.recommend.phrases import phrase
from coverage_engine.recommend.reasons import numbered, steps_of
from coverage_engine.recommend.recommendation import Evaluated, evaluate, founding_with
from coverage_engine.recommend.relations import relation_lines
from coverage_engine.recommend.scoring import interval, probability, score_of, why_not

Row = dict[str, Any]
_PLANNED = ("own", "out_of_scope")


def explain(plan: Plan, enterprise_id: int, lang: str = "zh", book: PathBook | None = None) -> str:
    """One enterprise told in lines: state, duty with clauses, the eleven paths, flip fact, neighbourhood.

    Raises:
        KeyError: no such enterprise in the snapshot.
    """
    book = book or load_paths()
    radius = book.path(11).settings["radius_metres"]
    graph = neighbourhood(plan.snapshot, enterprise_id, radius_metres=radius)
    enterprises = _whole_table(plan)
    row = enterprises.row(by_predicate=pl.col("enterprise_id") == enterprise_id, named=True)
    lines = [*_head_lines(row, lang), *_duty_lines(plan, row, lang)]
    if row["coverage_state"] in _PLANNED:
        lines += ["", phrase("no_paths", lang)]
    else:
        wanted = nw.col("enterprise_id") == enterprise_id
        judged = evaluate(plan.snapshot, enterprises, _threshold(plan, enterprises), wanted, book)
        found = founding_with(judged, nw.from_native(plan["joint_groups"].lazy()))
        lines += _path_lines(found, lang)
    lines += ["", phrase("relations", lang), *relation_lines(graph, enterprises, lang)]
    return "\n".join(lines)


def _whole_table(plan: Plan) -> pl.DataFrame:
    """Every enterprise of the snapshot; a plan of one division lists only its own, and neighbours count."""
    if plan["enterprises"].height == plan.snapshot["enterprises"].height:
        return plan["enterprises"]
    return assess(plan.snapshot, load_policy(plan.as_of), plan.division)["enterprises"]


def _threshold(plan: Plan, enterprises: pl.DataFrame) -> int:
    """The line of League members that this plan was made with."""
    told = enterprises.select((pl.col("league_members") - pl.col("member_margin")).drop_nulls())
    return int(told.item(0, 0)) if told.height else load_policy(plan.as_of).number("league_members_threshold")


def _head_lines(row: Row, lang: str) -> list[str]:
    place = "".join(part for part in (row["city"], row["county"]) if part)
    tiers = [label(Tier(tier), lang) for tier in (row["tiers"] or "").split(";") if tier]
    lines = [
        phrase("enterprise", lang, name=row["name"], code=row["credit_code"] or "—", place=place),
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
    for duty in mine.rows(named=True):
        if duty["applies"] != Answer.NO.value:
            told = {key: label(Answer(duty[key]), lang) for key in ("applies", "met")}
            lines.append(phrase("duty", lang, duty=duty["duty"], **told))
    return lines


def _path_lines(found: Evaluated, lang: str) -> list[str]:
    frame = collected(found.frame).row(0, named=True)
    order = _order(found, frame)
    lines = ["", phrase("paths", lang)]
    for path in sorted(found.book.paths, key=lambda path: order[path.number]):
        lines += _one_path(found, path, frame, lang)
    return [*lines, "", *_choice_lines(found, frame, lang)]


def _order(found: Evaluated, frame: Row) -> dict[int, tuple[int, int]]:
    """Feasible paths by score, then those that cannot be told, then the infeasible."""
    order = {}
    for path in found.book.paths:
        holds = frame[f"feasible_{path.number}"]
        key = frame[f"key_of_{path.number}"]
        order[path.number] = (0, -key) if key else (1 if holds is None else 2, path.number)
    return order


def _one_path(found: Evaluated, path: PathDefinition, frame: Row, lang: str) -> list[str]:
    low, high = interval(path, found.book)
    score = nw.col(f"score_{path.number}")
    told = collected(
        found.frame.select(
            probability(score).alias("chance"),
            probability(low).alias("low"),
            probability(high).alias("high"),
            why_not(path, lang).alias("why_not"),
        )
    ).row(0, named=True)
    title = phrase("path", lang, number=path.number, title=path.title.of(lang))
    holds = frame[f"feasible_{path.number}"]
    if holds is False:
        return [phrase("infeasible", lang, title=title, why=told["why_not"])]
    figures = {key: f"{told[key]:.0%}" for key in ("chance", "low", "high")}
    signed = _signed(frame[f"score_{path.number}"])
    head = phrase("scored", lang, title=title, score=signed, **figures)
    if holds is None:
        head = phrase("untold", lang, title=title, why=told["why_not"], score=signed)
    return [head, *_step_lines(found, path, lang), *_unknown_lines(path, frame, lang)]


def _step_lines(found: Evaluated, path: PathDefinition, lang: str) -> list[str]:
    steps = numbered(steps_of(found.frame, path, found.book, found.threshold, lang), found.around.tables)
    lines = []
    for step in collected(steps).sort("step").rows(named=True):
        cell = phrase("cell", lang, cell=step["cell"]) if step["cell"] else ""
        base = phrase("base", lang) if step["step"] == 0 else ""
        lines.append(f"      {_signed(step['contribution'])}  {base}{step['text']}{cell}")
    return lines


def _unknown_lines(path: PathDefinition, frame: Row, lang: str) -> list[str]:
    """Facts that nobody told, with what they could add or take away."""
    return [
        phrase(
            "unknown",
            lang,
            fact=piece.fact.label.of(lang),
            low=_signed(min(0, *piece.weights)),
            high=_signed(max(0, *piece.weights)),
        )
        for piece in path.evidence
        if frame[piece.fact.key] is None
    ]


def _choice_lines(found: Evaluated, frame: Row, lang: str) -> list[str]:
    keys = found.frame.select(
        "path_1",
        "path_2",
        *(score_of(nw.col(f"key_{place}")).alias(f"score_{place}") for place in (1, 2)),
    )
    best = collected(keys).row(0, named=True)
    if not best["path_1"]:
        return [phrase("none_feasible", lang)]
    lines = [phrase("first", lang, path=best["path_1"])]
    if best["path_2"]:
        gap = _signed(best["score_1"] - best["score_2"])
        lines.append(phrase("runner_up", lang, path=best["path_2"], gap=gap))
    turned = collected(flips(found.frame, found.book, found.threshold, lang))
    flip = turned["flip_fact"].to_list()
    lines.append(phrase("flip", lang, flip=flip[0]) if flip else phrase("no_flip", lang))
    return lines


def _signed(millionths: int) -> str:
    """Log-odds with sign, without losing any digit of the stored integer."""
    sign = "-" if millionths < 0 else "+"
    whole, rest = divmod(abs(millionths), MILLION)
    digits = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{sign}{whole}.{digits}"
