"""What enterprises are explained from: state, duty, every path with its signed steps, flip, past attempts.

The figures are those of the plan's tables: the same evaluator computes them, for one enterprise or for many
at once. `explanation.telling` draws one enterprise from them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import narwhals as nw
import polars as pl

from coverage_engine.coverage import assess, coverage_frames, with_path_duty
from coverage_engine.explanation.explanations import Explanations, FactWords, PathWords, Wording
from coverage_engine.explanation.past_cases import RESULTS
from coverage_engine.frames.dialect import Lazy, collected, lazy_frames
from coverage_engine.model.plan import Plan
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.tables import PLAN_TABLES, conform
from coverage_engine.policy import Policy, terms_of
from coverage_engine.recommend.choices import choices
from coverage_engine.recommend.definitions import PathBook, PathDefinition
from coverage_engine.recommend.evaluation import Evaluated, evaluate, founding_with
from coverage_engine.recommend.flips import flips
from coverage_engine.recommend.joint_groups import joint_groups
from coverage_engine.recommend.reasons import cited, steps_of
from coverage_engine.recommend.recommendation import path_tables
from coverage_engine.recommend.scoring import interval, probability, score_of, why_not

_SETTLED = {"covered_by": "own", "coverage_state": "out_of_scope"}
_THRESHOLD = "league_members_threshold"


@dataclass(frozen=True)
class Judged:
    """What was judged of a snapshot before anything is explained.

    `enterprises` is the plan table of that name for the whole snapshot, `duties` that of the enterprises told
    of, without the duty of paths (R21) where `paths_due`.
    """

    snapshot: Snapshot
    policy: Policy
    book: PathBook
    enterprises: pl.DataFrame
    duties: pl.DataFrame
    groups: pl.DataFrame | None = None
    paths_due: bool = True


def judged(snapshot: Snapshot, policy: Policy, book: PathBook, wanted: nw.Expr) -> Judged:
    """Every enterprise of a snapshot judged, with the duties of the wanted ones (by their ids)."""
    frames = coverage_frames(lazy_frames(snapshot.tables), snapshot.kinds, policy)
    enterprises = conform(collected(frames["enterprises"]), PLAN_TABLES["enterprises"]).sort("enterprise_id")
    duties = conform(collected(frames["duties"].filter(wanted)), PLAN_TABLES["duties"])
    return Judged(snapshot, policy, book, enterprises, duties)


def explanations(known: Judged, wanted: nw.Expr, lang: str = "zh") -> Explanations:
    """The tables that the wanted enterprises are explained from (`explanation.tables`)."""
    threshold = _threshold(known)
    planned = wanted
    for name, word in _SETTLED.items():
        planned = planned & (nw.col(name) != word)
    tried = _ended(known.snapshot)
    looked_at = planned | nw.col("enterprise_id").is_in(tried["enterprise_id"].unique().to_list())
    everybody = evaluate(known.snapshot, known.enterprises, threshold, looked_at, known.book)
    groups = known.groups
    if groups is None:
        groups = joint_groups(known.enterprises, threshold, everybody.around.settings)
    firms = collected(nw.from_native(known.enterprises.lazy()).filter(wanted))
    evaluated = founding_with(_only(everybody, firms), nw.from_native(groups.lazy()))
    tables = {
        "firms": firms,
        "states": known.enterprises.select("enterprise_id", "coverage_state"),
        "duties": _duties(known, evaluated, firms),
        "paths": collected(nw.concat([_path_rows(evaluated, path, lang) for path in evaluated.book.paths])),
        "steps": _steps(evaluated, lang),
        "choices": _choices(evaluated, firms, groups, lang),
        "facts": collected(evaluated.frame.select("enterprise_id", *evaluated.book.facts)),
    }
    if not known.snapshot["outcomes"].is_empty():
        tables["cases"] = _cases(everybody, tried, known.enterprises)
    return Explanations(
        {name: table.sort("enterprise_id", maintain_order=True) for name, table in tables.items()},
        _wording(known, lang),
    )


def explanations_of_plan(
    plan: Plan, enterprise_id: int, policy: Policy, book: PathBook, lang: str
) -> Explanations:
    """The tables that one enterprise of a plan is explained from, as the plan judged it."""
    mine = pl.col("enterprise_id") == enterprise_id
    known = Judged(
        plan.snapshot,
        policy,
        book,
        whole_table(plan, policy),
        plan["duties"].filter(mine),
        plan["joint_groups"],
        paths_due=False,
    )
    return explanations(known, nw.col("enterprise_id") == enterprise_id, lang)


def whole_table(plan: Plan, policy: Policy) -> pl.DataFrame:
    """Every enterprise of the snapshot; a plan of one division lists only its own, and neighbours count."""
    if plan["enterprises"].height == plan.snapshot["enterprises"].height:
        return plan["enterprises"]
    return assess(plan.snapshot, policy, plan.division)["enterprises"]


# ---------------------------------------------------------------------------------------------- private


def _threshold(known: Judged) -> int:
    """The line of League members that the enterprises were judged by."""
    thresholds = known.enterprises.select((pl.col("league_members") - pl.col("member_margin")).drop_nulls())
    return int(thresholds.item(0, 0)) if thresholds.height else known.policy.number(_THRESHOLD)


def _only(evaluated: Evaluated, firms: pl.DataFrame) -> Evaluated:
    """Of the evaluated enterprises those told of whose paths are judged, not the firms of past attempts."""
    open_ = [pl.col(name) != word for name, word in _SETTLED.items()]
    open_firms = firms.lazy().filter(*open_).select("enterprise_id")
    frame = evaluated.frame.join(nw.from_native(open_firms), on="enterprise_id", how="semi")
    return replace(evaluated, frame=nw.from_native(collected(frame).lazy()))


def _duties(known: Judged, evaluated: Evaluated, firms: pl.DataFrame) -> pl.DataFrame:
    """The duties that apply or may apply; that of paths from what was found of the targets."""
    duties = known.duties
    if known.paths_due:
        targets = nw.from_native(firms.lazy().filter("is_target").select("enterprise_id"))
        judged_paths = path_tables(
            evaluated.frame.join(targets, on="enterprise_id", how="semi"), evaluated.book
        )
        duties = with_path_duty(duties, firms, judged_paths, known.policy)
    return duties.filter(pl.col("applies") != "no").select("enterprise_id", "duty", "applies", "met")


def _path_rows(evaluated: Evaluated, path: PathDefinition, lang: str) -> Lazy:
    low, high = interval(path, evaluated.book)
    score = nw.col(f"score_{path.number}")
    return evaluated.frame.select(
        "enterprise_id",
        nw.lit(path.number).cast(nw.Int32).alias("path"),
        nw.col(f"feasible_{path.number}").alias("feasible"),
        score.alias("score"),
        probability(score).alias("chance"),
        probability(low).alias("low"),
        probability(high).alias("high"),
        why_not(path, lang).alias("why_not"),
    )


def _steps(evaluated: Evaluated, lang: str) -> pl.DataFrame:
    """The steps of every path that is not ruled out."""
    rows = (
        steps_of(
            evaluated.frame.filter(nw.col(f"feasible_{path.number}").fill_null(True)),
            path,
            evaluated.book,
            evaluated.threshold,
            evaluated.cells,
            lang,
        )
        for path in evaluated.book.paths
    )
    return collected(cited(nw.concat(list(rows)), evaluated.cells))


def _choices(evaluated: Evaluated, firms: pl.DataFrame, groups: pl.DataFrame, lang: str) -> pl.DataFrame:
    """First path and runner-up, flip fact, what to ask first of a target, and the joint branch proposed."""
    gap = score_of(nw.col("key_1")) - score_of(nw.col("key_2"))
    two, one = nw.col("path_2") > 0, nw.col("path_1") > 0
    best = evaluated.frame.select(
        "enterprise_id",
        nw.when(one).then(nw.col("path_1")).alias("first"),
        nw.when(two).then(nw.col("path_2")).alias("runner_up"),
        nw.when(two).then(gap).alias("gap"),
    )
    turned = flips(evaluated.frame, evaluated.book, evaluated.threshold, lang).rename({"flip_fact": "flip"})
    labels = {fact.label.zh: fact.label.of(lang) for fact in evaluated.book.facts.values()}
    targets = firms.filter("is_target").select("enterprise_id")
    first_questions = collected(choices(evaluated.frame, evaluated.book)).join(
        targets, on="enterprise_id", how="semi"
    )
    first_questions = first_questions.filter("wide").select(
        "enterprise_id", pl.col("ask_first").replace_strict(labels, default=None), open_paths="paths"
    )
    groups = groups.select("enterprise_id", joint_branch="group_name").unique("enterprise_id", keep="last")
    rows = collected(best)
    for more in (collected(turned), first_questions, groups):
        rows = rows.join(more, on="enterprise_id", how="left", maintain_order="left")
    return rows.with_columns(flip=pl.when(pl.col("first").is_not_null()).then("flip"))


def _ended(snapshot: Snapshot) -> pl.DataFrame:
    """The past attempts that have ended and of which firm and path are known."""
    outcomes = snapshot["outcomes"].drop_nulls(["enterprise_id", "path"])
    return outcomes.filter(pl.col("result").is_in(list(RESULTS)))


def _cases(evaluated: Evaluated, tried: pl.DataFrame, enterprises: pl.DataFrame) -> pl.DataFrame:
    """The ended attempts, each with the facts of its firm now."""
    facts = collected(evaluated.frame.select("enterprise_id", *evaluated.book.facts))
    attempts = tried.select("enterprise_id", "started", "ended", "result", tried_path="path")
    names = enterprises.select("enterprise_id", "name", "city", "county")
    rows = attempts.join(facts, on="enterprise_id", how="inner", maintain_order="left")
    rows = rows.join(names, on="enterprise_id", how="left", maintain_order="left")
    return rows.sort("enterprise_id", "tried_path", "started", nulls_last=True)


def _wording(known: Judged, lang: str) -> Wording:
    book, policy = known.book, known.policy
    version = policy.version if book.name == "expert" else f"{policy.version}+{book.name}"
    paths = (
        PathWords(
            path.number,
            path.title.of(lang),
            tuple((each.fact.key, min(0, *each.weights), max(0, *each.weights)) for each in path.evidence),
        )
        for path in book.paths
    )
    return Wording(
        lang=lang,
        as_of=known.snapshot.as_of.isoformat(),
        policy=version,
        radius_metres=book.joint_path.settings["radius_metres"],
        duties={duty.key: duty.title_en if lang == "en" else duty.title for duty in policy.duties},
        reasons=dict(terms_of(policy).english) if lang == "en" else {},
        paths=tuple(paths),
        facts=tuple(
            FactWords(fact.key, fact.kind, fact.low, fact.label.of(lang)) for fact in book.facts.values()
        ),
    )
