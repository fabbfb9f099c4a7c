"""Firms within walking range of a target with given coordinates, found cell by cell.

A target looks for its three nearest firms in the four cells around it: first in narrow cells, then, where
that gave fewer than three, in wider ones, at last as wide as the radius. The three nearest within a narrow
range are the three nearest of all, so the answer is exact while a crowded market is never compared with a
whole town.
"""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw

from coverage_engine.coverage.frames import Lazy, kept, levelled
from coverage_engine.recommend.evidence.walking import metres, placed, with_cells

_SLOTS = (1, 2, 3)
# The narrower ranges are these fractions of the radius.
_NARROWER = (5, 2)
_WORD = 2**32


def nearest_firms(targets: Lazy, candidates: Lazy, settings: Mapping[str, int]) -> Lazy:
    """For each target below three members and without neighbours in its building: the nearest firms.

    Columns `near_of`, `near_id_1…3`, `near_members_1…3` by distance, lowest id first among equals,
    `near_distance` (metres to the first). Setting: `radius_metres`.
    """
    left = kept(_asked(targets))
    points = kept(_points(candidates))
    radius = settings["radius_metres"]
    answered = []
    for fraction in _NARROWER:
        full = kept(_found(left, points, radius // fraction + 1).filter(~nw.col("near_id_3").is_null()))
        done = full.select(nw.col("near_of").alias("done"))
        left = kept(left.join(done, left_on="near_of", right_on="done", how="anti"))
        answered.append(full)
    return nw.concat([*answered, _found(left, points, radius)])


def _asked(targets: Lazy) -> Lazy:
    asking = (
        (nw.col("member_margin") < 0).fill_null(True)
        & (nw.col("location") == "given").fill_null(False)
        & nw.col("housed").is_null()
    )
    return placed(targets.filter(asking)).select(
        nw.col("enterprise_id").alias("near_of"), "north", "east", "north_scale", "east_scale"
    )


def _points(candidates: Lazy) -> Lazy:
    """Candidates with coordinates; of those on one spot the four of lowest id, as no more can be needed."""
    given = placed(candidates.filter((nw.col("location") == "given").fill_null(False)))
    spot = given.with_columns((nw.col("north") * _WORD + nw.col("east")).alias("spot"))
    place = nw.col("enterprise_id").rank("ordinal").over("spot")
    few = spot.with_columns(place.alias("spot_rank")).filter(nw.col("spot_rank") <= len(_SLOTS) + 1)
    return few.select(
        nw.col("enterprise_id").cast(nw.Int64).alias("id"),
        nw.col("league_members").cast(nw.Int64).alias("members"),
        *("north", "east", "north_scale", "east_scale"),
    )


def _found(asked: Lazy, points: Lazy, radius: int) -> Lazy:
    """The three nearest within the radius."""
    here = levelled(with_cells(asked, radius, everywhere=True))
    there = levelled(with_cells(points, radius)).rename(
        {name: f"{name}_there" for name in ("north", "east", "north_scale", "east_scale")}
        | {"cell": "cell_there"}
    )
    pairs = here.join(there, left_on="cell", right_on="cell_there", how="inner").filter(
        nw.col("near_of") != nw.col("id")
    )
    apart = pairs.with_columns(metres("_there").alias("metres")).filter(nw.col("metres") <= radius)
    keyed = apart.with_columns((nw.col("metres") * _WORD + nw.col("id")).alias("order"))
    slot = nw.col("order").rank("ordinal").over("near_of")
    ranked = keyed.with_columns(slot.alias("slot")).filter(nw.col("slot") <= len(_SLOTS))
    return _spread(ranked)


def _spread(ranked: Lazy) -> Lazy:
    """One row per target with its firms side by side."""
    slots = {
        f"near_{name}_{at}": nw.when(nw.col("slot") == at).then(nw.col(column))
        for name, column in (("id", "id"), ("members", "members"))
        for at in _SLOTS
    }
    first = nw.when(nw.col("slot") == 1).then(nw.col("metres")).alias("near_distance")
    spread = ranked.select("near_of", *(slot.alias(name) for name, slot in slots.items()), first)
    return spread.group_by("near_of").agg(
        *(nw.col(name).max() for name in slots), nw.col("near_distance").max()
    )
