"""Facts about neighbours for a joint branch (路径11): same building or market, or within walking range.

A group is the enterprise with the fewest neighbours whose League members reach the line of three together
with its own; neighbours are uncovered firms with at least one member, so three neighbours always suffice.
"""

from __future__ import annotations

import narwhals as nw

from coverage_engine.coverage.frames import Lazy, kept, levelled
from coverage_engine.recommend.evidence.nearby import nearest_firms
from coverage_engine.recommend.evidence.surroundings import Surroundings, coverage_code
from coverage_engine.recommend.frames import address, attach
from coverage_engine.recommend.wording import shortened

_SLOTS = (1, 2, 3)
# A firm skips itself among the firms of its building, so one more than the slots is ranked.
_RANKED = (1, 2, 3, 4)
# Two names and 等3家 must fit the sentence of path 11 that names the group.
_NAME_ROOM = 15


def with_place(frame: Lazy, around: Surroundings) -> Lazy:
    """Adds the building or market with its firms: `id_1…3`, `members_1…3`, whether another is covered."""
    ranked = kept(_ranked_by_place(_candidates(around)))
    return _beside(levelled(_with_place(frame, around)), ranked)


def neighbours_told(housed: Lazy, around: Surroundings) -> Lazy:
    """The nearest firms of each target that has none in its building (`nearest_firms`)."""
    asked = housed.select(
        "enterprise_id", "member_margin", "location", "longitude", "latitude", nw.col("id_1").alias("housed")
    )
    near = nearest_firms(asked, _candidates(around), around.settings)
    return near.with_columns(nw.col("near_of").cast(nw.Int32)).rename({"near_of": "enterprise_id"})


def with_neighbours(frame: Lazy, around: Surroundings) -> Lazy:
    """Adds the joint-branch group: the firms needed, the sum of members, the distance."""
    return _described(levelled(_summed(levelled(_merged(frame)), around.threshold)))


def _candidates(around: Surroundings) -> Lazy:
    """Uncovered firms in scope with at least one League member."""
    open_ = nw.col("coverage_state").is_in(["uncovered", "youth_only", "unknown"])
    return around.assessed.filter(open_ & (nw.col("league_members") > 0)).select(
        "enterprise_id", "league_members", "place_id", "longitude", "latitude", "location"
    )


def _with_place(frame: Lazy, around: Surroundings) -> Lazy:
    """Adds whether the enterprise is in a building or market, and whether another firm in it is covered."""
    by_place = (
        around.standing.filter(~nw.col("place_id").is_null())
        .select("place_id", coverage_code().alias("told"))
        .group_by("place_id")
        .agg(_counted(2).alias("covered_there"), _counted(1).alias("untold_there"))
        .rename({"place_id": "told_place"})
    )
    there = ~nw.col("place_id").is_null()
    joined = attach(frame, by_place, "place_id", "told_place")
    # The firm itself is no neighbour: what it has come to must not speak for what it may come to.
    covered = nw.col("covered_there") > (coverage_code() == 2).cast(nw.Int64)
    untold = nw.col("untold_there") > (coverage_code() == 1).cast(nw.Int64)
    others = nw.when(untold & ~covered).then(nw.lit(None, dtype=nw.Boolean)).otherwise(covered)
    return joined.with_columns(
        there.alias("in_place"),
        nw.when(there).then(others).otherwise(nw.lit(False)).alias("place_covered"),
    ).drop("covered_there", "untold_there")


def _counted(code: int) -> nw.Expr:
    return (nw.col("told") == code).cast(nw.Int64).sum()


def _ranked_by_place(candidates: Lazy) -> Lazy:
    """One row per building with its firms of most members, lowest id first among equals."""
    order = nw.col("league_members").cast(nw.Int64) * 2**32 - nw.col("enterprise_id").cast(nw.Int64)
    placed = candidates.filter(~nw.col("place_id").is_null()).with_columns(order.alias("order"))
    rank = nw.col("order").rank("ordinal", descending=True).over("place_id")
    ranked = placed.with_columns(rank.alias("place_rank")).filter(nw.col("place_rank") <= len(_RANKED))
    slots = {
        f"{name}_{at}": nw.when(nw.col("place_rank") == at).then(nw.col(column).cast(nw.Int64))
        for at in _RANKED
        for name, column in (("ranked", "enterprise_id"), ("ranked_members", "league_members"))
    }
    spread = ranked.select("place_id", *(slot.alias(name) for name, slot in slots.items()))
    wide = spread.group_by("place_id").agg(*(nw.col(name).max() for name in slots))
    return wide.rename({"place_id": "ranked_place"})


def _beside(frame: Lazy, ranked: Lazy) -> Lazy:
    """Adds `id_1…3` and `members_1…3`: the firms of the same building but the enterprise itself."""
    joined = attach(frame, ranked, "place_id", "ranked_place")
    chosen = []
    for at in _SLOTS:
        # The enterprise stood before or at this rank: the next one moves up.
        passed = nw.any_horizontal(
            *(
                (nw.col(f"ranked_{rank}") == nw.col("enterprise_id")).fill_null(False)
                for rank in _RANKED[:at]
            ),
            ignore_nulls=True,
        )
        for name, column in (("id", "ranked"), ("members", "ranked_members")):
            here, after = nw.col(f"{column}_{at}"), nw.col(f"{column}_{at + 1}")
            chosen.append(nw.when(passed).then(after).otherwise(here).alias(f"{name}_{at}"))
    return joined.with_columns(*chosen).drop(
        *(f"{column}_{rank}" for column in ("ranked", "ranked_members") for rank in _RANKED)
    )


def _merged(frame: Lazy) -> Lazy:
    """The firms of the same building where there are any, else the nearest ones."""
    housed = ~nw.col("id_1").is_null()
    return frame.with_columns(
        housed.alias("housed"),
        *(
            nw.when(housed)
            .then(nw.col(f"{name}_{at}"))
            .otherwise(nw.col(f"near_{name}_{at}"))
            .alias(f"{name}_{at}")
            for name in ("id", "members")
            for at in _SLOTS
        ),
    ).drop(*(f"near_{name}_{at}" for name in ("id", "members") for at in _SLOTS))


def _summed(frame: Lazy, threshold: int) -> Lazy:
    """Adds `group_size` (neighbours needed, 0 for none) and `group_sum` (members together)."""
    own = nw.col("league_members").fill_null(0)
    sums = [own + nw.sum_horizontal(*(nw.col(f"members_{at}") for at in _SLOTS[:upto])) for upto in _SLOTS]
    size, total = nw.lit(0), sums[-1]
    for upto in reversed(_SLOTS):
        enough = ~nw.col(f"id_{upto}").is_null() & (sums[upto - 1] >= threshold)
        size = nw.when(enough).then(nw.lit(upto)).otherwise(size)
        total = nw.when(enough).then(sums[upto - 1]).otherwise(total)
    below = nw.col("below_three").fill_null(True)
    reached = nw.when(below).then(size).otherwise(nw.lit(0))
    return frame.with_columns(reached.cast(nw.Int64).alias("group_size"), total.alias("group_total"))


def with_neighbour_names(frame: Lazy, around: Surroundings) -> Lazy:
    """Adds the names and address that sentences and citations of building and group need."""
    places = around.tables["places"].select(
        nw.col("place_id").alias("named_place"), nw.col("name").alias("name_place")
    )
    joined = attach(frame, places, "place_id", "named_place").with_columns(
        nw.col("name_place").alias("name_site"),
        nw.coalesce(nw.col("name_place"), nw.lit("街道社区")).alias("name_gathering"),
    )
    for at in (1, 2):
        names = around.assessed.select(
            nw.col("enterprise_id").cast(nw.Int64).alias(f"neighbour_key_{at}"),
            nw.col("name").str.replace_all(";", "；", literal=True).alias(f"neighbour_{at}"),
            address().alias(f"neighbour_at_{at}"),
        )
        joined = attach(joined, names, f"id_{at}", f"neighbour_key_{at}")
    return joined.with_columns(
        nw.col("group_total").cast(nw.String).alias("name_group_sum"),
        nw.col("neighbour_1").alias("name_neighbour"),
        _group_names().alias("name_neighbours"),
        nw.col("id_1").alias("id_neighbour"),
        nw.col("neighbour_at_1").alias("at_neighbour"),
        nw.col("id_1").alias("id_partner"),
        nw.col("neighbour_at_1").alias("at_partner"),
    ).drop("group_total", *(f"{name}_{at}" for name in ("neighbour", "neighbour_at") for at in (1, 2)))


def _described(frame: Lazy) -> Lazy:
    """Adds the facts of the group."""
    there, housed = nw.col("group_size") > 0, nw.col("housed")
    distance = nw.when(there & housed).then(nw.lit(0)).otherwise(nw.when(there).then(nw.col("near_distance")))
    return frame.with_columns(
        _joint_group().alias("joint_group"),
        (there & housed).alias("group_same_place"),
        distance.cast(nw.Int64).alias("neighbour_distance"),
    ).drop("housed", "near_distance", *(f"members_{at}" for at in _SLOTS))


def _joint_group() -> nw.Expr:
    """Whether neighbours suffice for a joint branch; unknown where nobody can say.

    Nobody can say who is near where the ledger gives neither building nor coordinates, nor who would suffice
    where the firm's own members are not told but somebody is near.
    """
    placeless = nw.col("place_id").is_null() & ~(nw.col("location") == "given").fill_null(False)
    uncounted = nw.col("league_members").is_null() & ~nw.col("id_1").is_null()
    untold = nw.col("below_three").fill_null(True) & (placeless | uncounted)
    nothing = nw.lit(None, dtype=nw.Boolean)
    short = nw.when(untold).then(nothing).otherwise(nw.lit(False))
    return nw.when(nw.col("group_size") > 0).then(nw.lit(True)).otherwise(short)


def _group_names() -> nw.Expr:
    """The neighbours of the group: one name, two, or two 等3家."""
    size, first, second = nw.col("group_size"), nw.col("neighbour_1"), nw.col("neighbour_2")
    pair = nw.concat_str([shortened(first, _NAME_ROOM), shortened(second, _NAME_ROOM)], separator="、")
    three = nw.concat_str([pair, nw.lit("等3家")], separator="")
    alone = nw.when(size == 1).then(shortened(first, 2 * _NAME_ROOM))
    return nw.when(size == 3).then(three).otherwise(nw.when(size == 2).then(pair).otherwise(alone))
