"""Firms within walking range of a target with given coordinates; the only place that computes distances.

Works on collected frames: an index of points needs all of them in one place, whichever engine holds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    import numpy as np

_SLOTS = 3
_EARTH_METRES = 6_371_008.8
_SCHEMA: dict[str, Any] = {
    "near_of": pl.Int32,
    **{f"near_id_{at}": pl.Int64 for at in range(1, _SLOTS + 1)},
    **{f"near_members_{at}": pl.Int64 for at in range(1, _SLOTS + 1)},
    "near_distance": pl.Int64,
}


def nearest_firms(
    targets: pl.DataFrame, candidates: pl.DataFrame, settings: Mapping[str, int]
) -> pl.DataFrame:
    """For each target below three members and without neighbours in its building: the nearest firms.

    Columns `near_of`, `near_id_1…3`, `near_members_1…3` by distance, `near_distance` (geodesic metres to the
    first). Settings: `radius_metres`, `neighbours_asked`.
    """
    asked = targets.filter(
        (pl.col("member_margin") < 0).fill_null(True)
        & (pl.col("location") == "given")
        & pl.col("housed").is_null()
    ).sort("enterprise_id")
    points = candidates.filter(pl.col("location") == "given").sort("enterprise_id")
    if asked.is_empty() or points.is_empty():
        return pl.DataFrame(schema=_SCHEMA)
    pairs = _pairs(asked, points, settings)
    ranked = pairs.sort("near_of", "metres", "id").with_columns(
        pl.int_range(1, pl.len() + 1).over("near_of").alias("slot")
    )
    wide = (
        ranked.filter(pl.col("slot") <= _SLOTS)
        .group_by("near_of")
        .agg(
            *(
                pl.col("id").filter(pl.col("slot") == at).first().alias(f"near_id_{at}")
                for at in range(1, _SLOTS + 1)
            ),
            *(
                pl.col("members").filter(pl.col("slot") == at).first().alias(f"near_members_{at}")
                for at in range(1, _SLOTS + 1)
            ),
        )
    )
    measured = wide.join(_geodesics(wide, asked, points), on="near_of", how="left")
    return measured.select(pl.col(name).cast(kind) for name, kind in _SCHEMA.items())


def _pairs(asked: pl.DataFrame, points: pl.DataFrame, settings: Mapping[str, int]) -> pl.DataFrame:
    """Every (target, candidate) within the radius among the nearest few, with whole metres."""
    import numpy as np
    from sklearn.neighbors import BallTree

    # One more than asked for: a target finds itself among the candidates.
    wanted = min(settings["neighbours_asked"] + 1, points.height)
    tree = BallTree(_radians(points), metric="haversine")
    distances, found = tree.query(_radians(asked), k=wanted)
    metres = np.rint(distances * _EARTH_METRES).astype(np.int64).ravel()
    rows = found.ravel()
    pairs = pl.DataFrame(
        {
            "near_of": np.repeat(asked["enterprise_id"].to_numpy(), wanted),
            "id": points["enterprise_id"].to_numpy()[rows],
            "members": points["league_members"].to_numpy()[rows],
            "metres": metres,
        }
    )
    return pairs.filter((pl.col("metres") <= settings["radius_metres"]) & (pl.col("near_of") != pl.col("id")))


def _radians(frame: pl.DataFrame) -> np.ndarray[Any, Any]:
    import numpy as np

    points: np.ndarray[Any, Any] = np.radians(frame.select("latitude", "longitude").to_numpy())
    return points


def _geodesics(wide: pl.DataFrame, asked: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """Geodesic metres from each target to its first neighbour."""
    from geopy.distance import geodesic

    here = asked.select(pl.col("enterprise_id").alias("near_of"), "latitude", "longitude")
    there = points.select(
        pl.col("enterprise_id").cast(pl.Int64).alias("near_id_1"),
        pl.col("latitude").alias("to_latitude"),
        pl.col("longitude").alias("to_longitude"),
    )
    ends = (
        wide.select("near_of", pl.col("near_id_1").cast(pl.Int64))
        .join(here, on="near_of")
        .join(there, on="near_id_1")
    )
    metres = [
        round(geodesic((row[0], row[1]), (row[2], row[3])).meters)
        for row in ends.select("latitude", "longitude", "to_latitude", "to_longitude").iter_rows()
    ]
    return ends.select("near_of").with_columns(pl.Series("near_distance", metres, dtype=pl.Int64))
