"""Joint-branch groups (联合团支部): firms with one or two League members that together have three or more.

A group has a seat; every other firm of it lies in the same building, or within walking range and in the same
trade. No group exceeds the limit of firms. The firms with the fewest possible partners are grouped first,
with as few partners as suffice, and what is left over joins a group nearby: on county-sized cases this covers
nearly what an exact solver covers, in linear time. Distances are those of the ellipsoid.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from coverage_engine.model.tables import PLAN_TABLES, conform
from coverage_engine.recommend.partners import partners
from coverage_engine.recommend.seat_distances import metres_to_seat
from coverage_engine.recommend.wording import LEGAL_FORM

_OPEN = ("uncovered", "youth_only", "unknown")
CANDIDATE = (
    *("enterprise_id", "is_target", "covered_by", "league_members", "name", "county_code", "section"),
    *("place", "latitude", "longitude", "location"),
)
"""Columns of the enterprises that groups are formed from."""
_NAME_ROOM = 20
# Two names and 等5家 must fit the reason that names the group.
_PAIR_ROOM = 15


@dataclass(frozen=True)
class Group:
    """联合团支部: places of its firms in the candidate table, the seat first."""

    firms: tuple[int, ...]


def joint_groups(enterprises: pl.DataFrame, threshold: int, settings: Mapping[str, int]) -> pl.DataFrame:
    """The proposed groups of the targets, one row a firm (columns: `PLAN_TABLES`).

    Settings: `radius_metres`, `group_limit`.
    """
    candidates = candidates_of(enterprises, threshold)
    members = candidates["league_members"].to_list()
    near = partners(candidates, settings["radius_metres"])
    groups = grouped(members, near, threshold, settings["group_limit"])
    return _table(candidates, groups)


def candidates_of(enterprises: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """The enterprises that may join a group (`may_join`), in order."""
    return enterprises.filter(may_join(threshold)).sort("enterprise_id")


def may_join(threshold: int) -> pl.Expr:
    """Uncovered targets with some League members, but too few to found alone."""
    few = (pl.col("league_members") > 0) & (pl.col("league_members") < threshold)
    return pl.col("is_target") & few & pl.col("covered_by").is_in(_OPEN)


def grouped(members: Sequence[int], near: Sequence[Sequence[int]], threshold: int, limit: int) -> list[Group]:
    """Groups over firms 0 … n − 1 with their members and possible partners (a symmetric relation)."""
    count = len(members)
    free = [True] * count
    degree = [len(each) for each in near]
    # Degree and firm in one integer, which is compared sooner than a pair.
    queue = [degree[firm] * count + firm for firm in range(count) if degree[firm]]
    heapq.heapify(queue)
    teams: list[list[int]] = []
    while queue:
        queued_degree, firm = divmod(heapq.heappop(queue), count)
        if not free[firm] or queued_degree != degree[firm]:
            continue
        team = _team(firm, members, near, free, degree, threshold, limit)
        if team is None:
            continue
        for each in team:
            free[each] = False
        for other in (other for each in team for other in near[each] if free[other]):
            degree[other] -= 1
            if degree[other]:
                heapq.heappush(queue, degree[other] * count + other)
        teams.append(team)
    _join_leftovers(teams, near, free, limit)
    return [Group(tuple(team)) for team in teams]


# ---------------------------------------------------------------------------------------------- private


def _team(
    firm: int,
    members: Sequence[int],
    near: Sequence[Sequence[int]],
    free: Sequence[bool],
    degree: Sequence[int],
    threshold: int,
    limit: int,
) -> list[int] | None:
    """The smallest team with this firm in it, around the seat that leaves most to others; seat first."""
    best: tuple[tuple[int, int, int], list[int]] | None = None
    around = [other for other in near[firm] if free[other]]
    for seat in (firm, *around):
        team, rest = [seat], around.copy()
        if seat != firm:
            team, rest = [seat, firm], [other for other in near[seat] if free[other] and other != firm]
        total = sum([members[each] for each in team])
        while total < threshold and len(team) < limit and rest:
            enough = [other for other in rest if total + members[other] >= threshold]
            chosen = min(enough or rest, key=lambda other: (degree[other], -members[other], other))
            rest.remove(chosen)
            team.append(chosen)
            total += members[chosen]
        merit = (len(team), sum([degree[each] for each in team]), seat)
        if total >= threshold and (best is None or merit < best[0]):
            best = (merit, team)
    return best[1] if best else None


def _join_leftovers(
    teams: list[list[int]], near: Sequence[Sequence[int]], free: list[bool], limit: int
) -> None:
    """What no team took joins a group whose seat, or whose possible new seat, it is near to."""
    group_of = {firm: at for at, team in enumerate(teams) for firm in team}
    for firm in range(len(free)):
        if not free[firm] or not near[firm]:
            continue
        for other in near[firm]:
            at = group_of.get(other)
            if at is None or len(teams[at]) >= limit:
                continue
            seated = _reseated(teams[at], firm, near)
            if seated is not None:
                teams[at] = seated
                group_of[firm], free[firm] = at, False
                break


def _reseated(team: list[int], firm: int, near: Sequence[Sequence[int]]) -> list[int] | None:
    """The team with the firm, around the first seat that is near to all; none if there is no such seat."""
    whole = [*team, firm]
    for seat in whole:
        around = set(near[seat])
        if all(other == seat or other in around for other in whole):
            return [seat, *(other for other in whole if other != seat)]
    return None


def _table(candidates: pl.DataFrame, groups: Sequence[Group]) -> pl.DataFrame:
    ordered = sorted(groups, key=lambda group: min(group.firms))
    placed = [
        (number, firm, group.firms[0]) for number, group in enumerate(ordered, 1) for firm in group.firms
    ]
    rows = pl.DataFrame(
        placed, schema={"group_id": pl.Int64, "firm": pl.Int64, "seat_of": pl.Int64}, orient="row"
    )
    known = (
        candidates.select(
            "enterprise_id", "name", "league_members", "place", "latitude", "longitude", "location"
        )
        .with_row_index("firm")
        .with_columns(pl.col("firm").cast(pl.Int64))
    )
    seats = known.select(pl.all().name.prefix("seat_"))
    joined = rows.join(known, on="firm", maintain_order="left").join(
        seats, left_on="seat_of", right_on="seat_firm", maintain_order="left"
    )
    size = pl.len().over("group_id")
    seated = joined.with_columns(
        (pl.col("firm") == pl.col("seat_of")).alias("seat"),
        metres_to_seat(joined),
    )
    seated = seated.join(
        _partners(seated), on="enterprise_id", how="left", maintain_order="left"
    ).with_columns(
        pl.format("{}等{}家联合团支部", pl.col("seat_name").str.slice(0, _NAME_ROOM), size).alias(
            "group_name"
        ),
        pl.col("league_members").sum().over("group_id").alias("group_members"),
        pl.when(pl.col("place") == pl.col("seat_place")).then("place").alias("place"),
    )
    return conform(seated, PLAN_TABLES["joint_groups"]).sort(
        "group_id", "seat", "enterprise_id", descending=[False, True, False]
    )


def _partners(rows: pl.DataFrame) -> pl.DataFrame:
    """For each firm the others of its group in words, nearest to the seat first, and the first of them."""
    firms = rows.select(
        "group_id", "enterprise_id", "seat", "metres", pl.col("name").str.replace_all(";", "；", literal=True)
    ).sort("group_id", "seat", "metres", "enterprise_id", descending=[False, True, False, False])
    firms = firms.with_columns(_shorter(pl.col("name")).alias("short"))
    # Of the first three of a group two are the first others of each of its firms.
    named = ("enterprise_id", "name", "short")
    foremost = firms.group_by("group_id", maintain_order=True).agg(
        pl.len().alias("firms"),
        *(pl.col(name).get(at, null_on_oob=True).alias(f"{name}_{at}") for name in named for at in range(3)),
    )
    place = pl.int_range(pl.len()).over("group_id")
    positioned = firms.select("group_id", "enterprise_id", place.alias("place")).join(
        foremost, on="group_id", how="left", maintain_order="left"
    )
    first = {name: pl.when(pl.col("place") == 0).then(f"{name}_1").otherwise(f"{name}_0") for name in named}
    second = pl.when(pl.col("place") < 2).then("short_2").otherwise("short_1")
    two = pl.concat_str(first["short"], second, separator="、")
    return positioned.select(
        "enterprise_id",
        first["enterprise_id"].alias("partner_id"),
        pl.when(pl.col("firms") == 2)
        .then(first["name"])
        .when(pl.col("firms") == 3)
        .then(two)
        .otherwise(pl.format("{}等{}家", two, pl.col("firms") - 1))
        .alias("partners"),
    )


def _shorter(name: pl.Expr) -> pl.Expr:
    """A name within the room that two of them have in a reason."""
    bare = name.str.replace_all(LEGAL_FORM, "")
    cut = bare.str.slice(0, _PAIR_ROOM - 1) + "…"
    short = pl.when(bare.str.len_chars() <= _PAIR_ROOM).then(bare).otherwise(cut)
    return pl.when(name.str.len_chars() <= _PAIR_ROOM).then(name).otherwise(short)
