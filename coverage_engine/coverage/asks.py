"""The ask list of a county: which missing facts, asked of whom, would settle how many duties.

A question settles a duty of an enterprise when it is the only one still open there: whatever the answer, the
duty is then told. Where several are open it may settle it. Questions are ranked by duties settled, then by
duties helped, then by the cost of asking.
"""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw
import polars as pl

from coverage_engine.coverage.assessment import assessed_enterprises
from coverage_engine.coverage.duties import enterprise_facts, with_appraisals
from coverage_engine.coverage.obligations import joined_words
from coverage_engine.frames.dialect import Frames, Lazy, collected, lazy_frames, possible
from coverage_engine.frames.logic import open_facts, truth
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.tables import DUTY_TABLES, conform
from coverage_engine.policy import Policy

_ORDER_OF_SETTLES = 1_000_000


def asks(snapshot: Snapshot, policy: Policy) -> pl.DataFrame:
    """The table `asks`: each county's open questions, ranked (columns: `DUTY_TABLES`)."""
    frames = lazy_frames(snapshot.tables)
    enterprises = assessed_enterprises(frames, policy, snapshot.kinds)
    counted = nw.from_native(collected(_counted(with_appraisals(enterprises, frames), policy))).lazy()
    return conform(collected(_ranked(_by_question(counted, policy), frames)), DUTY_TABLES["asks"]).sort(
        "division_code", "division", "rank"
    )


def open_questions(policy: Policy) -> dict[str, dict[str, nw.Expr]]:
    """For each duty of enterprises: each question (ledger column) and whether it is open and matters."""
    facts = enterprise_facts(policy)
    by_duty: dict[str, dict[str, nw.Expr]] = {}
    for duty in policy.duties_of("enterprise"):
        may_apply = possible(truth(duty.applies, facts))
        flags = [*open_facts(duty.applies, facts, nw.lit(True)).items()]
        flags += open_facts(duty.met, facts, may_apply).items()
        questions: dict[str, nw.Expr] = {}
        for name, flag in flags:
            header = policy.facts[name].header
            if header:
                questions[header] = questions[header] | flag if header in questions else flag
        by_duty[duty.key] = questions
    return by_duty


# ---------------------------------------------------------------------------------------------- private


def _counted(enterprises: Lazy, policy: Policy) -> Lazy:
    """Per county: for each question its enterprises, duties settled, duties helped, and which duties."""
    questions = open_questions(policy)
    headers = [ask.fact for ask in policy.ask_costs]
    flags = enterprises.select(
        nw.when(nw.col("county_code").is_null())
        .then(nw.col("city_code"))
        .otherwise(nw.col("county_code"))
        .alias("division_code"),
        *(
            flag.cast(nw.Int64).alias(f"{duty}_{headers.index(header)}")
            for duty, of_duty in questions.items()
            for header, flag in of_duty.items()
        ),
    )
    sums: list[nw.Expr] = []
    for number, header in enumerate(headers):
        concerned = {duty: nw.col(f"{duty}_{number}") for duty in questions if header in questions[duty]}
        if not concerned:
            continue
        alone = [flag * (_open_in(duty, questions[duty], headers) == 1) for duty, flag in concerned.items()]
        sums += [
            _total(list(concerned.values())).alias(f"may_{number}"),
            _total([part.cast(nw.Int64) for part in alone]).alias(f"settles_{number}"),
            (_total(list(concerned.values())) > 0).cast(nw.Int64).alias(f"firms_{number}"),
        ]
    summed = flags.with_columns(*sums)
    names = [name for name in summed.collect_schema().names() if name != "division_code"]
    return summed.group_by("division_code").agg(*(nw.col(name).sum() for name in names))


def _open_in(duty: str, questions: Mapping[str, nw.Expr], headers: list[str]) -> nw.Expr:
    return _total([nw.col(f"{duty}_{headers.index(header)}") for header in questions])


def _total(parts: list[nw.Expr]) -> nw.Expr:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _by_question(counted: Lazy, policy: Policy) -> Lazy:
    questions = open_questions(policy)
    rows = []
    for number, ask in enumerate(policy.ask_costs):
        duties = [duty for duty in questions if ask.fact in questions[duty]]
        if not duties:
            continue
        rows.append(
            counted.select(
                "division_code",
                nw.lit(ask.fact).alias("header"),
                nw.lit(ask.whom).alias("whom"),
                nw.lit(ask.cost).alias("cost"),
                nw.lit(number).alias("place"),
                nw.col(f"firms_{number}").alias("enterprises"),
                nw.col(f"settles_{number}").alias("settles"),
                nw.col(f"may_{number}").alias("may_settle"),
                joined_words([(nw.col(f"{duty}_{number}") > 0, duty) for duty in duties]).alias("duties"),
            )
        )
    return nw.concat(rows).filter(nw.col("may_settle") > 0)


def _ranked(rows: Lazy, frames: Frames) -> Lazy:
    helped = nw.col("may_settle").clip(0, _ORDER_OF_SETTLES - 1)
    key = (nw.col("settles") * _ORDER_OF_SETTLES + helped) * 100 - nw.col("place")
    names = frames["divisions"].select(
        nw.col("code").alias("named"), nw.col("name").alias("division"), nw.col("level").alias("named_level")
    )
    # A county-level city of its own (济源) stands twice under one code: the county's name is taken.
    distinct = names.group_by("named").agg(nw.col("division").min())
    return (
        rows.with_columns(key.alias("order_key"))
        .with_columns(
            nw.col("order_key").rank(method="ordinal", descending=True).over("division_code").alias("rank")
        )
        .join(distinct, left_on="division_code", right_on="named", how="left")
    )
