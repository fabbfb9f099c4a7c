"""Actions: the dated first steps of each target's recommended path (工作举措).

A shared step is dealt with once for a counterpart (park, headquarters, superior union …) and serves every
target that has the same one on the same path: `bundle` names it, and is null where it would serve one alone.
"""

from __future__ import annotations

from datetime import date

import narwhals as nw

from coverage_engine.coverage.frames import Lazy
from coverage_engine.recommend.calendar import working_day
from coverage_engine.recommend.definitions import FirstAction, PathDefinition
from coverage_engine.recommend.wording import sentence

# Longest text of an action: the action list wraps it on two lines.
_LENGTH = 80


def actions_of(first: Lazy, path: PathDefinition, as_of: date) -> Lazy:
    """Steps of one path for every target whose first recommended path it is (`first`: their facts)."""
    bundled = first.with_columns(_counterpart(path).alias("counterpart"))
    served = (
        bundled.group_by("counterpart").agg(nw.len().alias("served")).rename({"counterpart": "served_by"})
    )
    joined = bundled.join(served, left_on="counterpart", right_on="served_by", how="left")
    return nw.concat([_step(joined, path, action, as_of) for action in path.actions])


def _step(frame: Lazy, path: PathDefinition, action: FirstAction, as_of: date) -> Lazy:
    serves_many = nw.col("served") > 1
    nobody = nw.lit(None, dtype=nw.String)
    # Steps of one day are alternatives and share a number.
    at = 1 + sorted({each.day for each in path.actions}).index(action.day)
    return _concerned(frame, action).select(
        "enterprise_id",
        nw.lit(path.number).cast(nw.Int32).alias("path"),
        nw.lit(at).cast(nw.Int32).alias("step"),
        sentence(action.text.zh, _LENGTH).alias("action"),
        sentence(action.responsible, _LENGTH).alias("responsible"),
        nw.lit(action.document).alias("document"),
        nw.lit(working_day(as_of, action.day)).alias("due"),
        nw.coalesce(nw.col("county_code"), nw.col("city_code")).alias("division_code"),
        (nw.when(serves_many).then(nw.col("counterpart")) if action.shared else nobody).alias("bundle"),
    )


def _concerned(frame: Lazy, action: FirstAction) -> Lazy:
    if action.when is not None:
        return frame.filter(nw.col(action.when.key).fill_null(False))
    if action.unless is not None:
        return frame.filter(~nw.col(action.unless.key).fill_null(False))
    return frame


def _counterpart(path: PathDefinition) -> nw.Expr:
    return sentence(path.bundle, _LENGTH) if path.bundle else nw.lit(None, dtype=nw.String)
