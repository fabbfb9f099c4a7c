"""R21 用足用好: every target carries at least one evaluated path, or the reason why none is feasible."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw
import polars as pl

from coverage_engine.frames.dialect import answer, collected, sure
from coverage_engine.frames.logic import truth
from coverage_engine.model.tables import PLAN_TABLES, conform
from coverage_engine.policy import Policy

_KEY = "R21"


def with_path_duty(
    duties: pl.DataFrame, enterprises: pl.DataFrame, recommended: Mapping[str, pl.DataFrame], policy: Policy
) -> pl.DataFrame:
    """The table `duties` with a row of R21 for every target.

    `recommended` has the plan's tables `evaluations` and `recommendations`. Met: a path is recommended, or of
    every path it is told why not.
    """
    judged = nw.from_native(enterprises.lazy().select("enterprise_id", listed_target="is_target"))
    joined = judged.join(nw.from_native(_evaluated(recommended).lazy()), on="enterprise_id", how="left")
    facts = {"listed_target": nw.col("listed_target"), "path_evaluated": sure(nw.col("path_evaluated"))}
    duty = policy.duty(_KEY)
    rows = joined.select(
        "enterprise_id",
        nw.lit(_KEY).alias("duty"),
        answer(truth(duty.applies, facts)).alias("applies"),
        answer(truth(duty.met, facts)).alias("met"),
    ).filter(nw.col("applies") != "no")
    added = conform(collected(rows), PLAN_TABLES["duties"])
    return pl.concat([duties, added]).sort("enterprise_id", "duty")


# ---------------------------------------------------------------------------------------------- private


def _evaluated(recommended: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """enterprise_id and `path_evaluated` of every target of which a path was looked at."""
    answered = pl.col("feasible").fill_null(False) | (pl.col("why_not").fill_null("") != "")
    explained = recommended["evaluations"].group_by("enterprise_id").agg(explained=answered.all())
    best = recommended["recommendations"].select("enterprise_id").unique().with_columns(has_path=pl.lit(True))
    joined = explained.join(best, on="enterprise_id", how="full", coalesce=True)
    return joined.select(
        "enterprise_id",
        path_evaluated=pl.col("has_path").fill_null(False) | pl.col("explained").fill_null(False),
    )
