"""Facts about neighbours for a joint branch (路径11): same building or market, or within walking range.

A group is the enterprise with the fewest neighbours whose League members reach the line of three together
with its own; neighbours are uncovered firms with at least one member, so three neighbours always suffice.
"""

from __future__ import annotations

from dataclasses import replace

import narwhals as nw

from coverage_engine.frames.coding import ENTERPRISE, MOST, Coding, Part, packed
from coverage_engine.frames.dialect import Lazy, in_memory, levelled
from coverage_engine.frames.joins import address
from coverage_engine.frames.lookups import looked_up, lookup
from coverage_engine.recommend.evidence.inputs import Surroundings, coverage_code
from coverage_engine.recommend.evidence.nearby import nearest_firms
from coverage_engine.recommend.wording import bared, shortened

_SLOTS = (1, 2, 3)
# A firm skips itself among the firms of its building, so one more than the slots is ranked.
_RANKED = (1, 2, 3, 4)
# Two names and 等3家 must fit the sentence of path 11 that names the group.
_NAME_ROOM = 15
_FOREMOST = Coding(
    "order",
    (Part("members", MOST, clipped=True), replace(ENTERPRISE, descending=True)),
    compared=True,
)
_SEEKER_COLUMNS = ("enterprise_id", "league_members", "member_margin", "location", "longitude", "latitude")
_FIRMS = tuple(f"{name}_{at}" for name in ("id", "members") for at in _SLOTS)
PLACE = packed("told_place", ("place_covered",))
GROUP = packed("told_group", ("group_housed",), {"group_size": len(_SLOTS), "neighbour_distance": MOST})


def place_facts(own: Lazy, open_firms: Lazy, around: Surroundings) -> Lazy:
    """Of every firm in a building or market: whether another one there is covered, and who is there.

    `id_1…3` and `members_1…3` are the uncovered firms of most members but the firm itself.
    """
    there = own.filter(~nw.col("place_id").is_null()).select(
        *("enterprise_id", "place_id", "known", "covered", "league_members", "below_three")
    )
    counted = looked_up(there, _covered_by_place(around), "place_id", "told_place")
    # The firm itself is no neighbour: what it has come to must not speak for what it may come to.
    covered = nw.col("covered_there") > (coverage_code() == 2).cast(nw.Int64)
    untold = nw.col("untold_there") > (coverage_code() == 1).cast(nw.Int64)
    others = nw.when(untold & ~covered).then(nw.lit(None, dtype=nw.Boolean)).otherwise(covered)
    stated = counted.with_columns(others.alias("place_covered")).with_columns(PLACE.encode())
    ranked = _beside(levelled(stated), in_memory(_ranked_by_place(open_firms)))
    return ranked.select("enterprise_id", "told_place", "league_members", "below_three", *_FIRMS)


def group_facts(own: Lazy, housed: Lazy, open_firms: Lazy, around: Surroundings) -> Lazy:
    """The joint-branch group: the firms needed, the sum of members, the distance.

    `housed` are the firms with others in their building (`places_told`, `id_1` not null); the nearest firms
    are told of those without.
    """
    inside = housed.select(nw.col("enterprise_id").alias("inside"), nw.lit(True).alias("housed"))
    seekers = looked_up(own.select(*_SEEKER_COLUMNS), inside, "enterprise_id", "inside")
    near = nearest_firms(seekers, open_firms, around.settings, around.threshold)
    outside = near.select(
        nw.col("near_of").cast(nw.Int32).alias("enterprise_id"),
        nw.lit(False).alias("group_housed"),
        nw.col("near_distance").alias("neighbour_distance"),
        nw.col("own_members").alias("league_members"),
        nw.lit(True).alias("below_three"),
        *(nw.col(f"near_{name}").alias(name) for name in _FIRMS),
    )
    beside_others = housed.select(
        "enterprise_id",
        nw.lit(True).alias("group_housed"),
        nw.lit(0).cast(nw.Int64).alias("neighbour_distance"),
        *("league_members", "below_three", *_FIRMS),
    )
    groups = _summed(nw.concat([beside_others, outside]), around.threshold)
    return groups.select("enterprise_id", "id_1", "id_2", "group_total", GROUP.encode())


def with_neighbours(frame: Lazy) -> Lazy:
    """Adds the facts of building and joint-branch group."""
    there, housed = nw.col("group_size").fill_null(0) > 0, nw.col("group_housed")
    inside = ~nw.col("place_id").is_null()
    return frame.with_columns(
        nw.col("group_size").fill_null(0),
        inside.alias("in_place"),
        nw.when(inside).then(nw.col("place_covered")).otherwise(nw.lit(False)).alias("place_covered"),
        _joint_group().alias("joint_group"),
        (there & housed.fill_null(False)).alias("group_same_place"),
        nw.when(there).then(nw.col("neighbour_distance")).alias("neighbour_distance"),
    ).drop("group_housed")


def open_firms_of(around: Surroundings) -> Lazy:
    """Who may join a joint branch: uncovered firms in scope with at least one League member."""
    open_ = nw.col("covered_by").is_in(["uncovered", "youth_only", "unknown"])
    in_scope = nw.col("coverage_state") != "out_of_scope"
    open_firms = around.assessed.filter(in_scope & open_ & (nw.col("league_members") > 0))
    return in_memory(
        open_firms.select("enterprise_id", "league_members", "place_id", "longitude", "latitude", "location")
    )


def _covered_by_place(around: Surroundings) -> Lazy:
    """How many firms of each building or market are covered, and of how many nobody can say."""
    placed = around.sites.filter(~nw.col("place_id").is_null())
    coded = placed.select("place_id", coverage_code().alias("told"))
    counts = coded.group_by("place_id").agg(
        _counted(2).alias("covered_there"), _counted(1).alias("untold_there")
    )
    return counts.rename({"place_id": "told_place"})


def _counted(code: int) -> nw.Expr:
    return (nw.col("told") == code).cast(nw.Int64).sum()


def _ranked_by_place(candidates: Lazy) -> Lazy:
    """One row per building with its firms of most members, lowest id first among equals."""
    order = _FOREMOST.encode(members=nw.col("league_members"))
    placed = candidates.filter(~nw.col("place_id").is_null()).with_columns(order)
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
    joined = looked_up(frame, ranked, "place_id", "ranked_place")
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


def _summed(groups: Lazy, threshold: int) -> Lazy:
    """Adds `group_size` (neighbours needed, 0 for none) and `group_total` (members together)."""
    own = nw.col("league_members").fill_null(0)
    sums = [own + nw.sum_horizontal(*(nw.col(f"members_{at}") for at in _SLOTS[:upto])) for upto in _SLOTS]
    size, total = nw.lit(0), sums[-1]
    for upto in reversed(_SLOTS):
        enough = ~nw.col(f"id_{upto}").is_null() & (sums[upto - 1] >= threshold)
        size = nw.when(enough).then(nw.lit(upto)).otherwise(size)
        total = nw.when(enough).then(sums[upto - 1]).otherwise(total)
    below = nw.col("below_three").fill_null(True)
    reached = nw.when(below).then(size).otherwise(nw.lit(0))
    return groups.with_columns(
        reached.cast(nw.Int64).alias("group_size"),
        total.alias("group_total"),
    )


def with_neighbour_names(frame: Lazy, around: Surroundings) -> Lazy:
    """Adds the names and address that sentences and citations of building and group need."""
    places = around.tables["places"].select(
        nw.col("place_id").alias("named_place"), nw.col("name").alias("name_place")
    )
    joined = looked_up(frame, places, "place_id", "named_place").with_columns(
        nw.col("name_place").alias("name_site"),
        nw.coalesce(nw.col("name_place"), nw.lit("街道社区")).alias("name_gathering"),
    )
    names = lookup(
        around.assessed.select(
            nw.col("enterprise_id").cast(nw.Int64).alias("neighbour_key"),
            nw.col("name").str.replace_all(";", "；", literal=True).alias("neighbour"),
            address().alias("neighbour_at"),
        ),
        "neighbour_key",
    )
    for at in (1, 2):
        suffixed = {name: f"{name}_{at}" for name in ("neighbour", "neighbour_at")}
        joined = names.joined_to(joined, f"id_{at}").rename(suffixed)
    return _named(levelled(_with_bare_names(joined))).drop(
        "group_total",
        *(f"{name}_{at}" for name in ("neighbour", "neighbour_at", "bare") for at in (1, 2)),
    )


def _with_bare_names(frame: Lazy) -> Lazy:
    """Adds `bare_1` and `bare_2`: the names of the neighbours of a group without their legal forms."""
    grouped = nw.col("group_size") > 0
    return frame.with_columns(
        nw.when(grouped).then(bared(nw.col(f"neighbour_{at}"), _NAME_ROOM)).alias(f"bare_{at}")
        for at in (1, 2)
    )


def _named(frame: Lazy) -> Lazy:
    """Adds what sentences and citations say of the nearest neighbour and of the group."""
    return frame.with_columns(
        nw.coalesce(nw.col("group_total"), nw.col("league_members"), nw.lit(0))
        .cast(nw.String)
        .alias("name_group_sum"),
        nw.col("neighbour_1").alias("name_neighbour"),
        _group_names().alias("name_neighbours"),
        nw.col("id_1").alias("id_neighbour"),
        nw.col("neighbour_at_1").alias("at_neighbour"),
        nw.col("id_1").alias("id_partner"),
        nw.col("neighbour_at_1").alias("at_partner"),
    )


def _joint_group() -> nw.Expr:
    """Whether neighbours suffice for a joint branch; unknown where nobody can say.

    Nobody can say who is near where the ledger gives neither building nor coordinates, nor who would suffice
    where the firm's own members are not told but somebody is near.
    """
    placeless = nw.col("place_id").is_null() & ~(nw.col("location") == "given").fill_null(False)
    uncounted = nw.col("league_members").is_null() & ~nw.col("group_size").is_null()
    untold = nw.col("below_three").fill_null(True) & (placeless | uncounted)
    nothing = nw.lit(None, dtype=nw.Boolean)
    short = nw.when(untold).then(nothing).otherwise(nw.lit(False))
    return nw.when(nw.col("group_size") > 0).then(nw.lit(True)).otherwise(short)


def _group_names() -> nw.Expr:
    """The neighbours of the group: one name, two, or two 等3家; `bare_1` and `bare_2` are the names bared."""
    size = nw.col("group_size")
    name, bare = ([nw.col(f"{of}_{at}") for at in (1, 2)] for of in ("neighbour", "bare"))
    two = (shortened(*each, _NAME_ROOM) for each in zip(name, bare, strict=True))
    pair = nw.concat_str(list(two), separator="、")
    three = nw.concat_str([pair, nw.lit("等3家")], separator="")
    alone = nw.when(size == 1).then(shortened(name[0], bare[0], 2 * _NAME_ROOM))
    return nw.when(size == 3).then(three).otherwise(nw.when(size == 2).then(pair).otherwise(alone))
