"""Control sheets of sections 1-3 of the notice, duties of schools, units and committees, deadlines.

Counts only. What no ledger keeps (a seal, a team, the mark of a graduates' branch) stays unknown and is named
as a thing for a person to confirm.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import narwhals as nw
import polars as pl

from coverage_engine.coverage.cells import with_addresses
from coverage_engine.coverage.obligations import joined_words
from coverage_engine.coverage.readiness import readiness
from coverage_engine.coverage.schools import (
    school_division_facts,
    school_division_sheet,
    school_facts,
    school_sheet,
)
from coverage_engine.coverage.segments import segment_facts, segment_sheet
from coverage_engine.frames.dialect import answer, collected, unknown
from coverage_engine.frames.logic import open_facts, truth
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.tables import DUTY_TABLES, conform, empty
from coverage_engine.policy import Duty, Policy, facts_of

_ANNEX_LEDGERS = frozenset({"schools", "number_segments"})


def control_sheets(
    snapshot: Snapshot, policy: Policy, assessed: Mapping[str, pl.DataFrame] | None = None
) -> Mapping[str, pl.DataFrame]:
    """Tables segments, schools, school_divisions, readiness, unit_duties, deadlines (columns: `DUTY_TABLES`).

    `assessed` has the plan's tables `coverage` and `duties`; with them slow work is judged too (R24), and
    enterprises are counted at their deadlines.
    """
    segments = segment_facts(snapshot["number_segments"], policy)
    schools = school_facts(snapshot["schools"], snapshot["divisions"])
    sums = school_division_facts(schools, snapshot["divisions"], policy)
    subjects = {
        "segment": segments,
        "school": schools,
        "county": _counties(snapshot),
        "city": _cities(snapshot),
        "division": _divisions(snapshot, sums, policy, None if assessed is None else assessed["coverage"]),
        "plan": _plan(snapshot),
    }
    answers = [_answers(subject, frame, policy) for subject, frame in subjects.items()]
    duties = pl.concat([frame for frame in answers if frame is not None])
    return {
        "segments": with_addresses(
            snapshot, segment_sheet(segments, duties.filter(pl.col("subject") == "segment")), "unit"
        ),
        "schools": with_addresses(snapshot, school_sheet(schools), "name"),
        "school_divisions": school_division_sheet(sums),
        "readiness": readiness(schools, duties, snapshot["divisions"], policy),
        "unit_duties": duties,
        "deadlines": deadlines(policy, duties, None if assessed is None else assessed["duties"]),
    }


def deadlines(
    policy: Policy,
    unit_duties: pl.DataFrame,
    enterprise_duties: pl.DataFrame | None = None,
    today: date | None = None,
) -> pl.DataFrame:
    """The table `deadlines` as of a day (default: the policy's): every dated duty with its warning.

    `enterprise_duties` is the plan's table `duties`; without it nobody has counted the enterprises.
    """
    day = today or policy.as_of
    rows = [_deadline(duty, duty.due, policy, day) for duty in policy.duties if duty.due is not None]
    if not rows:
        return empty(DUTY_TABLES["deadlines"])
    answers = [unit_duties] if enterprise_duties is None else [unit_duties, enterprise_duties]
    counts = pl.concat([_undone(table) for table in answers])
    uncounted = policy.duties_of("enterprise") if enterprise_duties is None else ()
    counted = pl.col("duty").is_in([duty.key for duty in uncounted]).not_()
    table = pl.DataFrame(rows, infer_schema_length=None).join(counts, on="duty", how="left")
    return conform(
        table.with_columns(pl.when(counted).then(pl.col("open", "unclear").fill_null(0))),
        DUTY_TABLES["deadlines"],
    ).sort("due", "warn_on")


# ---------------------------------------------------------------------------------------------- private


def _undone(answers: pl.DataFrame) -> pl.DataFrame:
    """For each duty how many have not surely done it, and of how many of these it cannot be told."""
    unclear = (pl.col("applies") == "unknown") | (pl.col("met") == "unknown")
    return (
        answers.filter((pl.col("applies") != "no") & (pl.col("met") != "yes"))
        .group_by("duty")
        .agg(open=pl.len().cast(pl.Int64), unclear=unclear.sum().cast(pl.Int64))
    )


def _deadline(duty: Duty, due: date, policy: Policy, day: date) -> dict[str, object]:
    calendar = policy.working_days
    warn_on = calendar.last_before(due)
    first = warn_on
    while calendar.left(first, warn_on) < policy.number("warning_days"):
        first -= timedelta(days=1)
    overdue = day > due
    return {
        "duty": duty.key,
        "title": duty.title,
        "clause": duty.clause,
        "due": due,
        "warn_on": warn_on,
        "warn_from": first,
        "days_left": calendar.left(day, due)
        if overdue
        else calendar.left(day, warn_on)
        if day <= warn_on
        else 0,
        "calendar": calendar.source(due),
        "status": "overdue" if overdue else "warning" if day >= first else "ahead",
    }


def _counties(snapshot: Snapshot) -> pl.DataFrame:
    there = snapshot["enterprises"].select(division_code="county_code").drop_nulls().unique()
    counties = snapshot["divisions"].filter(pl.col("level") == "county")
    return counties.select("name", pl.col("code").alias("division_code")).with_columns(
        reported=pl.col("division_code").is_in(there["division_code"].implode()),
        county_listed=pl.lit(True),
        zero_reported=pl.lit(None, pl.Boolean),
    )


def _cities(snapshot: Snapshot) -> pl.DataFrame:
    cities = snapshot["divisions"].filter(pl.col("level") == "city")
    return cities.select("name", pl.col("code").alias("division_code")).with_columns(
        city_committee=pl.lit(True), handed_in=pl.lit(None, pl.Boolean)
    )


def _divisions(
    snapshot: Snapshot, sums: pl.DataFrame, policy: Policy, coverage: pl.DataFrame | None
) -> pl.DataFrame:
    firms = snapshot["enterprises"]
    there = pl.concat([firms["city_code"], firms["county_code"]]).drop_nulls().unique()
    known = snapshot["divisions"].filter(pl.col("level").is_in(["city", "county"]))
    listed = known.select("level", "name", pl.col("code").alias("division_code"))
    figures = ("beyond_five_percent", "difference_explained", "missed")
    joined = listed.join(
        sums.select("level", "division_code", *figures), on=["level", "division_code"], how="left"
    ).join(_slow(policy, coverage), on=["level", "division_code"], how="left")
    ledgers = snapshot.kinds >= _ANNEX_LEDGERS
    schools_known = "schools" in snapshot.kinds
    many_missed = pl.col("missed") >= policy.number("reported_missed_members")
    return joined.with_columns(
        # A division without schools in a ledger that was handed in has nothing to explain.
        beyond_five_percent=pl.when(pl.col("missed").is_null() & pl.lit(schools_known))
        .then(pl.lit(False))
        .otherwise(pl.col("beyond_five_percent")),
        committee=pl.lit(True),
        handed_in=pl.lit(None, pl.Boolean),
        team_formed=pl.lit(None, pl.Boolean),
        person_decided=pl.lit(None, pl.Boolean),
        annexes_ready=pl.when(pl.lit(not ledgers))
        .then(pl.lit(False))
        .when(pl.col("division_code").is_in(there.implode()))
        .then(pl.lit(True)),
        over_threshold=(many_missed.fill_null(False) if schools_known else many_missed) | pl.col("slow"),
    )


def _slow(policy: Policy, coverage: pl.DataFrame | None) -> pl.DataFrame:
    """Divisions whose duty-bound firms have, at best, too few organisations; null where it cannot be told."""
    schema = {"level": pl.String, "division_code": pl.String, "slow": pl.Boolean}
    if coverage is None:
        return pl.DataFrame(schema=schema)
    limit, base = policy.number("reported_slow_permille"), policy.number("small_base")
    rows = (
        coverage.filter(pl.col("category") == "duty_bound")
        .group_by("level", "division_code")
        .agg(pl.col("denominator_low", "own_high", "own_low").sum())
    )
    large = pl.col("denominator_low") >= base
    under = pl.col("own_high") * 1000 < pl.col("denominator_low") * limit
    return rows.select("level", "division_code", slow=large & under)


def _plan(snapshot: Snapshot) -> pl.DataFrame:
    sources = snapshot["sources"]
    hashed = sources.height > 0 and sources["sha256"].null_count() == 0
    return pl.DataFrame(
        {
            "name": ["本次汇总"],
            "division_code": pl.Series([None], dtype=pl.String),
            "inputs_given": [sources.height > 0],
            "inputs_hashed": [hashed],
            "confirmed_by_person": pl.Series([None], dtype=pl.Boolean),
        }
    )


def _answers(subject: str, frame: pl.DataFrame, policy: Policy) -> pl.DataFrame | None:
    # Duties of the plan that only a Plan can tell (R21, R26) have no fact here.
    duties = [duty for duty in policy.duties_of(subject) if set(facts_of(duty.applies)) & set(frame.columns)]
    lazy = nw.from_native(
        frame.with_columns(
            pl.lit(None).alias(name)
            for name in ("division_code", "source", "row")
            if name not in frame.columns
        ).lazy()
    )
    present = set(frame.columns)
    facts = {
        name: nw.col(name) if name in present else unknown()
        for name, fact in policy.facts.items()
        if subject in fact.subject.split()
    }
    answers = []
    for duty in duties:
        applies, met = truth(duty.applies, facts), truth(duty.met, facts)
        answers.append(
            lazy.select(
                nw.lit(subject).alias("subject"),
                nw.col("name"),
                nw.col("division_code"),
                nw.lit(duty.key).alias("duty"),
                answer(applies).alias("applies"),
                answer(met).alias("met"),
                _missing(duty, facts, policy).alias("missing"),
                nw.lit(duty.due).cast(nw.Date).alias("due"),
                nw.col("source"),
                nw.col("row"),
            ).filter(nw.col("applies") != "no")
        )
    if not answers:
        return None
    return conform(collected(nw.concat(answers)), DUTY_TABLES["unit_duties"]).sort(
        "duty", "division_code", "name", "source", "row", nulls_last=True
    )


def _missing(duty: Duty, facts: Mapping[str, nw.Expr], policy: Policy) -> nw.Expr:
    always = nw.lit(True)
    may_apply = truth(duty.applies, facts).fill_null(True)
    still = {**open_facts(duty.applies, facts, always), **open_facts(duty.met, facts, may_apply)}
    words = [
        (flag, policy.facts[name].header or f"由人确认：{policy.facts[name].label}")
        for name, flag in still.items()
    ]
    return joined_words(words)
