"""问哪些企业: behind each line of the ask list its enterprises, and the cell where the answer belongs."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from coverage_engine.coverage.asks import open_questions
from coverage_engine.coverage.assessment import assessed_enterprises
from coverage_engine.coverage.cells import with_addresses
from coverage_engine.coverage.duties import with_appraisals
from coverage_engine.coverage.obligations import joined_words
from coverage_engine.frames.dialect import collected, lazy_frames
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.tables import DUTY_TABLES, conform
from coverage_engine.policy import Policy
from coverage_engine.policy.definitions import AskCost


def ask_firms(snapshot: Snapshot, policy: Policy) -> pl.DataFrame:
    """The table `ask_firms`: one row for each enterprise and fact to be asked for, by county and cost."""
    frames = lazy_frames(snapshot.tables)
    firms = assessed_enterprises(frames, policy, snapshot.kinds)
    appraised = with_appraisals(firms, frames)
    questions = open_questions(policy)
    parts = []
    for place, ask in enumerate(policy.ask_costs):
        flags = [
            (open_flags[ask.fact], duty) for duty, open_flags in questions.items() if ask.fact in open_flags
        ]
        if flags:
            rows = appraised.select(
                "name", "credit_code", "city_code", "county_code", "source", "row",
                joined_words(flags).alias("duties"),
            )  # fmt: skip
            open_ = collected(rows.filter(nw.col("duties") != ""))
            parts.append(_of_question(snapshot, policy, ask, open_).with_columns(place=pl.lit(place)))
    listed = pl.concat(parts).with_columns(division_code=pl.coalesce("county_code", "city_code"))
    names = snapshot["divisions"].group_by(division_code="code").agg(division=pl.col("name").min())
    named = listed.join(names, on="division_code", how="left").sort(
        "division_code", "place", "name", "source", "row", nulls_last=True
    )
    return conform(named, DUTY_TABLES["ask_firms"])


# ---------------------------------------------------------------------------------------------- private


def _of_question(snapshot: Snapshot, policy: Policy, ask: AskCost, rows: pl.DataFrame) -> pl.DataFrame:
    """The enterprises of one question with the cell of their own row that the answer belongs in."""
    columns = [column for fact in policy.facts.values() if fact.header == ask.fact for column in fact.columns]
    field = columns[0] if columns else ""
    return with_addresses(snapshot, rows, field).with_columns(header=pl.lit(ask.fact), whom=pl.lit(ask.whom))
