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
from coverage_engine.recommend.frames import attach
from coverage_engine.recommend.wording import sentence

# Longest text of an action: the action list wraps it on two lines.
_LENGTH = 80


def actions_of(first: Lazy, path: PathDefinition, as_of: date) -> Lazy:
    """Steps of one path for every target whose first recommended path it is (`first`: their facts)."""
    return nw.concat([_step(first, path, action, as_of) for action in path.actions])


def with_groups(frame: Lazy, groups: Lazy) -> Lazy:
    """The evaluated frame with the joint-branch group proposed for each firm as its site.

    Shared steps of 灵活建团 are then bundled by group; a firm without a group shares them with nobody.
    """
    named = groups.select(nw.col("enterprise_id").alias("grouped"), nw.col("group_name").alias("name_site"))
    return attach(frame.drop("name_site"), named, "enterprise_id", "grouped")


def _step(first: Lazy, path: PathDefinition, action: FirstAction, as_of: date) -> Lazy:
    # Steps of one day are alternatives and share a number.
    at = 1 + sorted({each.day for each in path.actions}).index(action.day)
    return _bundled(_concerned(first, action), path, action).select(
        "enterprise_id",
        nw.lit(path.number).cast(nw.Int32).alias("path"),
        nw.lit(at).cast(nw.Int32).alias("step"),
        sentence(action.text.zh, _LENGTH).alias("action"),
        sentence(action.responsible, _LENGTH).alias("responsible"),
        nw.lit(action.document).alias("document"),
        nw.lit(working_day(as_of, action.day)).alias("due"),
        nw.coalesce(nw.col("county_code"), nw.col("city_code")).alias("division_code"),
        "bundle",
    )


def _bundled(frame: Lazy, path: PathDefinition, action: FirstAction) -> Lazy:
    """Adds the counterpart of a shared step, where it serves more than one target."""
    if not action.shared or path.bundle is None:
        return frame.with_columns(nw.lit(None, dtype=nw.String).alias("bundle"))
    named = frame.with_columns(sentence(path.bundle, _LENGTH).alias("counterpart"))
    served = named.group_by("counterpart").agg(nw.len().alias("served")).rename({"counterpart": "served_by"})
    joined = named.join(served, left_on="counterpart", right_on="served_by", how="left")
    return joined.with_columns(nw.when(nw.col("served") > 1).then(nw.col("counterpart")).alias("bundle"))


def _concerned(frame: Lazy, action: FirstAction) -> Lazy:
    if action.when is not None:
        return frame.filter(nw.col(action.when.key).fill_null(False))
    if action.unless is not None:
        return frame.filter(~nw.col(action.unless.key).fill_null(False))
    return frame
