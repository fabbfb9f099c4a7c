"""What `--division` leaves of each table, by the column that the table's description names for it.

enterprise_id   the rows of enterprises in the division
group_id        whole groups with an enterprise in it: a neighbour across the border is part of the group
park_id         the rows of parks in it
county_code     rows that lie in it, by `city_code` of a city or `county_code` of a county
division_code   rows of the division itself and of the counties in it
made anew       tables of sums over the rows that stay, by a function that is handed over
(none)          every row stays
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from coverage_engine.errors import UnknownTableError
from coverage_engine.model.columns import MADE_ANEW, Tables
from coverage_engine.model.plan import Division
from coverage_engine.model.snapshot import Snapshot

Frames = Mapping[str, pl.DataFrame]


def limited(
    tables: Frames,
    described: Tables,
    snapshot: Snapshot,
    division: Division,
    anew: Mapping[str, Callable[[Frames], pl.DataFrame]] | None = None,
) -> dict[str, pl.DataFrame]:
    """The tables with the rows of one division only; a province keeps all.

    `anew` makes the tables that are sums, by name, from the other ones as they are left.

    Raises:
        UnknownTableError: a table that no description names, or that nobody makes anew.
    """
    if division.level == "province":
        return {name: tables[name] for name in tables if described[name]}
    here = _here(tables, snapshot, division)
    summed = [name for name in tables if described[name].division == MADE_ANEW]
    left = {
        name: _RULES[described[name].division](frame, here, described[name].division)
        for name, frame in tables.items()
        if name not in summed
    }
    return {**left, **{name: _maker(name, anew or {})(left) for name in summed}}


# ---------------------------------------------------------------------------------------------- private


@dataclass(frozen=True)
class _Here:
    """What lies in the division: enterprises, parks, and the codes of it and its counties."""

    own: pl.Expr
    enterprises: pl.DataFrame
    parks: pl.DataFrame
    codes: list[str]


def _here(tables: Frames, snapshot: Snapshot, division: Division) -> _Here:
    own = pl.col(f"{division.level}_code") == division.code
    counties = snapshot["divisions"].filter(pl.col("parent_code") == division.code)["code"].to_list()
    firms = tables["enterprises"] if "enterprises" in tables else snapshot["enterprises"]
    ids = firms.filter(own).select("enterprise_id")
    return _Here(own, ids, snapshot["parks"].filter(own).select("park_id"), [division.code, *counties])


def _of_enterprises(frame: pl.DataFrame, here: _Here, column: str) -> pl.DataFrame:
    return frame.join(here.enterprises, on=column, how="semi", maintain_order="left")


def _whole_groups(frame: pl.DataFrame, here: _Here, column: str) -> pl.DataFrame:
    groups = frame.join(here.enterprises, on="enterprise_id", how="semi").select(column).unique()
    return frame.join(groups, on=column, how="semi", maintain_order="left")


def _of_parks(frame: pl.DataFrame, here: _Here, column: str) -> pl.DataFrame:
    return frame.join(here.parks, on=column, how="semi", maintain_order="left")


def _lying(frame: pl.DataFrame, here: _Here, column: str) -> pl.DataFrame:
    return frame.filter(here.own)


def _of_divisions(frame: pl.DataFrame, here: _Here, column: str) -> pl.DataFrame:
    rows = frame.filter(pl.col(column).is_in(here.codes))
    return rows.filter(pl.col("level") != "province") if "level" in rows.columns else rows


def _all(frame: pl.DataFrame, here: _Here, column: str) -> pl.DataFrame:
    return frame


_RULES: dict[str, Callable[[pl.DataFrame, _Here, str], pl.DataFrame]] = {
    "enterprise_id": _of_enterprises,
    "group_id": _whole_groups,
    "park_id": _of_parks,
    "county_code": _lying,
    "division_code": _of_divisions,
    "": _all,
}


def _maker(
    name: str, anew: Mapping[str, Callable[[Frames], pl.DataFrame]]
) -> Callable[[Frames], pl.DataFrame]:
    if name not in anew:
        raise UnknownTableError(
            f"表 {name} 要按所选区划重新汇总，但没有说明怎样汇总",
            "请在 coverage_engine/planning.py 里给出汇总它的函数，或改它的 division。",
        )
    return anew[name]
