"""Draws one enterprise from the tables of explanations; figures and sentences stand there already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from coverage_engine.explanation.explained import Explained, PathTold, SignedStep, UnknownFact
from coverage_engine.explanation.explanations import Explanations, PathWords, Wording
from coverage_engine.explanation.past_cases import past_cases
from coverage_engine.explanation.phrases import phrase
from coverage_engine.explanation.relations import relation_lines
from coverage_engine.graph.ties import Tables, ties_of
from coverage_engine.model.vocabulary import Answer, CoverageState, Obligation, Tier, label

Row = dict[str, Any]
Rows = Mapping[str, pl.DataFrame]
_ONE = ("firms", "duties", "paths", "steps", "choices", "facts")


def explanation_of(enterprise_id: int, known: Explanations, ledgers: Tables) -> Explained:
    """State, duty with clauses, the paths best first, what to ask first, ties in words, past attempts alike.

    `ledgers` are the tables of the snapshot that ties are gathered from (`graph.ties.TIED`).

    Raises:
        KeyError: no such enterprise among those told of.
    """
    rows, words = _rows_of(enterprise_id, known), known.wording
    if rows["firms"].is_empty():
        raise KeyError(enterprise_id)
    firm = rows["firms"].row(0, named=True)
    ties = ties_of(ledgers, enterprise_id, radius_metres=words.radius_metres)
    fields: Row = {
        "name": firm["name"],
        "code": firm["credit_code"] or "—",
        "place": "".join(part for part in (firm["city"], firm["county"]) if part),
        "state": (*_state_lines(firm, words), *_duty_lines(firm, rows["duties"], words)),
        "relations": relation_lines(ties, states_of(known, ties.firms()), words.lang),
    }
    if rows["paths"].is_empty():
        return Explained(**fields)
    fields |= {"paths": _paths(rows, words), "cases": past_cases(rows["facts"], known)}
    for choice in rows["choices"].drop("enterprise_id").rows(named=True):
        numbers = [int(number) for number in (choice.pop("open_paths") or "").split(";") if number]
        fields |= {**choice, "open_paths": numbers}
    return Explained(**fields)


def states_of(known: Explanations, firms: Sequence[int]) -> dict[int, str]:
    """The coverage states of enterprises."""
    wanted = pl.col("enterprise_id").is_in(firms)
    return dict(known.tables["states"].lazy().filter(wanted).collect().iter_rows())


# ---------------------------------------------------------------------------------------------- private


def _rows_of(enterprise_id: int, known: Explanations) -> Rows:
    mine = pl.col("enterprise_id") == enterprise_id
    frames = pl.collect_all([known.tables[name].lazy().filter(mine) for name in _ONE])
    return dict(zip(_ONE, frames, strict=True))


def _state_lines(row: Row, words: Wording) -> list[str]:
    lang = words.lang
    tiers = [label(Tier(tier), lang) for tier in (row["tiers"] or "").split(";") if tier]
    lines = [
        phrase(
            "state",
            lang,
            state=label(CoverageState(row["coverage_state"]), lang),
            verified=label(Answer(row["verified"]), lang),
        ),
    ]
    if row.get("hollow") == Answer.YES.value:
        lines.append(phrase("hollow", lang))
    if row["scope_reason"]:
        lines.append(phrase("scope", lang, reason=row["scope_reason"]))
    if tiers:
        lines.append(phrase("tiers", lang, tiers=phrase("comma", lang).join(tiers)))
    if row["priority_rank"] is not None:
        priority_reasons = row["priority_reasons"] or ""
        lines.append(
            phrase("priority", lang, points=row["priority"], rank=row["priority_rank"], told=priority_reasons)
        )
    if reason := row["not_listed_reason"]:
        lines.append(phrase("not_listed", lang, reason=words.reasons.get(reason, reason)))
    return lines


def _duty_lines(row: Row, duties: pl.DataFrame, words: Wording) -> list[str]:
    lang = words.lang
    lines = [phrase("obligation", lang, obligation=label(Obligation(row["obligation"]), lang))]
    if row["ground_text"]:
        lines.append(phrase("ground", lang, ground=row["ground_text"]))
    if row["missing_facts"]:
        lines.append(
            phrase("missing", lang, missing=row["missing_facts"].replace(";", phrase("comma", lang)))
        )
    for duty in duties.sort("duty").rows(named=True):
        answers = {key: label(Answer(duty[key]), lang) for key in ("applies", "met")}
        title = words.duties.get(duty["duty"], "")
        lines.append(phrase("duty", lang, duty=duty["duty"], title=title, **answers))
    return lines


def _paths(rows: Rows, words: Wording) -> list[PathTold]:
    """Feasible paths by score, then those that cannot be told, then the infeasible."""
    steps: dict[int, list[SignedStep]] = {}
    for step in rows["steps"].sort("path", "step").rows(named=True):
        steps.setdefault(step["path"], []).append(_step(step, words))
    facts, titled = rows["facts"].row(0, named=True), {path.number: path for path in words.paths}
    return [
        _path(row, steps.get(row["path"], ()), facts, titled[row["path"]], words)
        for row in sorted(rows["paths"].rows(named=True), key=_order)
    ]


def _order(row: Row) -> tuple[int, int, int]:
    if row["feasible"]:
        return 0, -row["score"], row["path"]
    return 1 if row["feasible"] is None else 2, row["path"], 0


def _path(row: Row, steps: Sequence[SignedStep], facts: Row, titled: PathWords, words: Wording) -> PathTold:
    unknown = [UnknownFact(words.fact(key), *reach) for key, *reach in titled.reach if facts[key] is None]
    return PathTold(
        number=row["path"],
        title=titled.title,
        steps=steps,
        unknowns=unknown if row["feasible"] is not False else (),
        **{key: row[key] for key in ("feasible", "why_not", "score", "chance", "low", "high")},
    )


def _step(row: Row, words: Wording) -> SignedStep:
    same = {key: row[key] for key in ("contribution", "text", "value", "ledger", "cell", "clause")}
    return SignedStep(fact=words.fact(row["fact"]), base=row["step"] == 0, **same)
