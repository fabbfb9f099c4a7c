"""Firms within walking range of a target with given coordinates, found cell by cell.

A target looks for its three nearest firms in its cell and the eight around it: first in narrow cells, then,
where that was not enough, in wider ones, at last as wide as the radius. It is enough when the nearest firms
bring the members together to the line, and so are three firms. The nearest within a narrow range are the
nearest of all, so the answer is exact while a crowded market is never compared with a whole town.
"""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw

from coverage_engine.frames.coding import ROW_NUMBERS, Coding, number
from coverage_engine.frames.dialect import Lazy, in_memory, levelled, small
from coverage_engine.frames.lookups import Lookup, looked_up, lookup
from coverage_engine.recommend.evidence.walking import (
    metres,
    placed,
    with_cells,
    with_offsets,
    with_spot,
    within_band,
)

_SLOTS = (1, 2, 3)
# The narrower ranges are these fractions of the radius; more of them cost more than they save.
_NARROWER = (3,)
_ORDER = Coding(
    "order",
    (number("metres", 2**22 - 1, "within the radius"), number("id", ROW_NUMBERS, "an id of 32 bits")),
)
# So many targets are looked at together: the pairs of all would take more room than any table.
_TOGETHER = 1_000_000


def nearest_firms(targets: Lazy, candidates: Lazy, settings: Mapping[str, int], threshold: int) -> Lazy:
    """For each target below three members and without neighbours in its building: the nearest firms.

    Columns `near_of`, `near_id_1…3`, `near_members_1…3` by distance, lowest id first among equals,
    `near_distance` (metres to the first), `own_members`. Those beyond the first that make `threshold` members
    together with the target's own may be null. Setting: `radius_metres`.
    """
    seekers, points = in_memory(_seekers(targets)), in_memory(_points(candidates))
    parts = small(seekers.select(nw.len().alias("targets")))["targets"].item() // _TOGETHER + 1
    stretches = (in_memory(seekers.filter(nw.col("near_of") % parts == part)) for part in range(parts))
    return nw.concat(
        [
            in_memory(_nearest_in_turn(left, points, settings["radius_metres"], threshold))
            for left in stretches
        ]
    )


def _nearest_in_turn(left: Lazy, points: Lazy, radius: int, threshold: int) -> Lazy:
    """The nearest firms of the targets `left`, looked for within narrower ranges first."""
    members = lookup(points.select("id", "members"), "id")
    answered = []
    for fraction in _NARROWER:
        near = _nearest(left, points, members, radius // fraction + 1, threshold)
        settled = in_memory(near.filter(_enough(threshold)))
        done = settled.select(nw.col("near_of").alias("done"))
        left = in_memory(left.join(done, left_on="near_of", right_on="done", how="anti"))
        answered.append(settled)
    return nw.concat([*answered, _nearest(left, points, members, radius, threshold)])


def _enough(threshold: int) -> nw.Expr:
    """Whether no firm farther away can matter."""
    members = [nw.col(f"near_members_{at}").fill_null(0) for at in _SLOTS]
    two = nw.col("own_members") + members[0] + members[1]
    return (two >= threshold) | ~nw.col("near_id_3").is_null()


def _seekers(targets: Lazy) -> Lazy:
    asking = (
        (nw.col("member_margin") < 0).fill_null(True)
        & (nw.col("location") == "given").fill_null(False)
        & nw.col("housed").is_null()
    )
    return with_spot(placed(targets.filter(asking))).select(
        nw.col("enterprise_id").alias("near_of"),
        nw.col("league_members").fill_null(0).cast(nw.Int64).alias("own_members"),
        *("spot", "scales"),
    )


def _points(candidates: Lazy) -> Lazy:
    """Candidates with coordinates; of those on one spot the four of lowest id, as no more can be needed."""
    located = candidates.filter((nw.col("location") == "given").fill_null(False))
    spots = in_memory(with_spot(placed(located)).select("enterprise_id", "league_members", "spot", "scales"))
    most = len(_SLOTS) + 1
    firms = spots.group_by("spot").agg(nw.len().alias("firms")).filter(nw.col("firms") > most)
    crowded = in_memory(firms.select(nw.col("spot").alias("crowded")))
    there = spots.join(crowded, left_on="spot", right_on="crowded", how="semi")
    place = nw.col("enterprise_id").rank("ordinal").over("spot")
    few = there.with_columns(place.alias("place")).filter(nw.col("place") <= most).drop("place")
    others = spots.join(crowded, left_on="spot", right_on="crowded", how="anti")
    return nw.concat([others, few]).select(
        nw.col("enterprise_id").alias("id"),
        nw.col("league_members").cast(nw.Int64).alias("members"),
        *("spot", "scales"),
    )


def _nearest(seekers: Lazy, points: Lazy, members: Lookup, radius: int, threshold: int) -> Lazy:
    """The firms within the radius from the nearest on, until they suffice: three at most."""
    left = in_memory(_within(seekers, points, radius))
    own = lookup(seekers.select("near_of", "own_members"), "near_of")
    nearest = own.joined_to(_foremost(left, members, 1), "near_of")
    together = nw.col("own_members") + nw.col("near_members_1")
    for at in _SLOTS[1:]:
        nearest = in_memory(nearest)
        short = nearest.filter(together < threshold).select(
            "near_of", nw.col(f"order_{at - 1}").alias("passed")
        )
        left = looked_up(left, short, "near_of", "near_of").filter(nw.col("order") > nw.col("passed"))
        left = in_memory(left.drop("passed"))
        nearest = looked_up(nearest, _foremost(left, members, at), "near_of", "near_of")
        together = together + nw.col(f"near_members_{at}")
    measured = nearest.with_columns(_ORDER.decode("metres", nw.col("order_1")).alias("near_distance"))
    return measured.drop(*(f"order_{at}" for at in _SLOTS))


def _foremost(left: Lazy, members: Lookup, at: int) -> Lazy:
    """The nearest of the firms that are left for each target: its order, number and members."""
    nearest = left.group_by("near_of").agg(nw.col("order").min().alias(f"order_{at}"))
    named = nearest.with_columns(_ORDER.decode("id", nw.col(f"order_{at}")).alias(f"near_id_{at}"))
    return members.joined_to(named, f"near_id_{at}").rename({"members": f"near_members_{at}"})


def _within(seekers: Lazy, points: Lazy, radius: int) -> Lazy:
    """Every target with every firm within the radius: `near_of`, and in `order` metres and number in one."""
    here = levelled(with_cells(seekers.drop("own_members"), radius, everywhere=True))
    there = levelled(with_cells(points.drop("members"), radius)).rename(
        {name: f"{name}_there" for name in ("spot", "scales", "cell")}
    )
    pairs = here.join(there, left_on="cell", right_on="cell_there", how="inner").filter(
        (nw.col("near_of") != nw.col("id")) & within_band("_there", radius)
    )
    apart = with_offsets(pairs, "_there").with_columns(metres().alias("metres"))
    _ORDER.number(metres=radius, id=0)
    return apart.filter(nw.col("metres") <= radius).select("near_of", _ORDER.encode())
