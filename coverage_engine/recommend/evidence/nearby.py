"""Firms within walking range of a target with given coordinates, found cell by cell.

A target looks for its three nearest firms in the four cells around it: first in narrow cells, then, where
that was not enough, in wider ones, at last as wide as the radius. It is enough when the nearest firms bring
the members together to the line, and so are three firms. The nearest within a narrow range are the nearest of
all, so the answer is exact while a crowded market is never compared with a whole town.
"""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw

from coverage_engine.coverage.frames import Lazy, kept, levelled
from coverage_engine.recommend.evidence.walking import metres, placed, with_cells, within_band
from coverage_engine.recommend.frames import attach

_SLOTS = (1, 2, 3)
# The narrower ranges are these fractions of the radius; more of them cost more than they save.
_NARROWER = (3,)
_WORD, _IDS = 2**32, 2**31


def nearest_firms(targets: Lazy, candidates: Lazy, settings: Mapping[str, int], threshold: int) -> Lazy:
    """For each target below three members and without neighbours in its building: the nearest firms.

    Columns `near_of`, `near_id_1…3`, `near_members_1…3` by distance, lowest id first among equals,
    `near_distance` (metres to the first), `own_members`. Those beyond the first that make `threshold` members
    together with the target's own may be null. Setting: `radius_metres`.
    """
    left = kept(_asked(targets))
    points = kept(_points(candidates))
    radius = settings["radius_metres"]
    answered = []
    for fraction in _NARROWER:
        found = kept(_found(left, points, radius // fraction + 1).filter(_enough(threshold)))
        done = found.select(nw.col("near_of").alias("done"))
        left = kept(left.join(done, left_on="near_of", right_on="done", how="anti"))
        answered.append(found)
    return nw.concat([*answered, _found(left, points, radius)])


def _enough(threshold: int) -> nw.Expr:
    """Whether no firm farther away can matter."""
    told = [nw.col(f"near_members_{at}").fill_null(0) for at in _SLOTS]
    two = nw.col("own_members") + told[0] + told[1]
    return (two >= threshold) | ~nw.col("near_id_3").is_null()


def _asked(targets: Lazy) -> Lazy:
    asking = (
        (nw.col("member_margin") < 0).fill_null(True)
        & (nw.col("location") == "given").fill_null(False)
        & nw.col("housed").is_null()
    )
    return placed(targets.filter(asking)).select(
        nw.col("enterprise_id").alias("near_of"),
        nw.col("league_members").fill_null(0).cast(nw.Int64).alias("own_members"),
        *("north", "east", "north_scale", "east_scale"),
    )


def _points(candidates: Lazy) -> Lazy:
    """Candidates with coordinates; of those on one spot the four of lowest id, as no more can be needed."""
    told = candidates.filter((nw.col("location") == "given").fill_null(False))
    given = placed(told).select(
        *("enterprise_id", "league_members", "north", "east", "north_scale", "east_scale")
    )
    spots = kept(given.with_columns((nw.col("north") * _WORD + nw.col("east")).alias("spot")))
    most = len(_SLOTS) + 1
    firms = spots.group_by("spot").agg(nw.len().alias("firms")).filter(nw.col("firms") > most)
    crowded = firms.select(nw.col("spot").alias("crowded"))
    there = spots.join(crowded, left_on="spot", right_on="crowded", how="semi")
    place = nw.col("enterprise_id").rank("ordinal").over("spot")
    few = there.with_columns(place.alias("place")).filter(nw.col("place") <= most).drop("place")
    others = spots.join(crowded, left_on="spot", right_on="crowded", how="anti")
    return nw.concat([others, few]).select(
        nw.col("enterprise_id").cast(nw.Int64).alias("id"),
        nw.col("league_members").cast(nw.Int64).alias("members"),
        *("north", "east", "north_scale", "east_scale"),
    )


def _found(asked: Lazy, points: Lazy, radius: int) -> Lazy:
    """The three nearest within the radius."""
    here = levelled(with_cells(asked.drop("own_members"), radius, everywhere=True))
    there = levelled(with_cells(points, radius)).rename(
        {name: f"{name}_there" for name in ("north", "east", "north_scale", "east_scale")}
        | {"cell": "cell_there"}
    )
    pairs = here.join(there, left_on="cell", right_on="cell_there", how="inner").filter(
        (nw.col("near_of") != nw.col("id")) & within_band("_there", radius)
    )
    apart = pairs.with_columns(metres("_there").alias("metres")).filter(nw.col("metres") <= radius)
    order = (nw.col("metres") * _IDS + nw.col("id")).alias("order")
    keyed = apart.select("near_of", "members", order)
    slot = nw.col("order").rank("ordinal").over("near_of")
    ranked = keyed.with_columns(slot.alias("slot")).filter(nw.col("slot") <= len(_SLOTS))
    return attach(_spread(ranked), _own(asked), "near_of", "asked")


def _own(asked: Lazy) -> Lazy:
    return asked.select(nw.col("near_of").alias("asked"), "own_members")


def _spread(ranked: Lazy) -> Lazy:
    """One row per target with its firms side by side."""
    slots = [
        nw.when(nw.col("slot") == at).then(nw.col(name)).alias(f"{name}_{at}")
        for name in ("order", "members")
        for at in _SLOTS
    ]
    names = [f"{name}_{at}" for name in ("order", "members") for at in _SLOTS]
    wide = ranked.select("near_of", *slots).group_by("near_of").agg(nw.col(name).max() for name in names)
    return wide.select(
        "near_of",
        *((nw.col(f"order_{at}") % _IDS).alias(f"near_id_{at}") for at in _SLOTS),
        *(nw.col(f"members_{at}").alias(f"near_members_{at}") for at in _SLOTS),
        (nw.col("order_1") // _IDS).alias("near_distance"),
    )
