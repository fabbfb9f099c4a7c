"""Links of enterprises: headquarters with branch offices, leader with associated enterprises."""

from __future__ import annotations

import narwhals as nw

from coverage_engine.frames.dialect import Frames, Lazy


def enterprise_links(frames: Frames) -> Lazy:
    """The plan table `links`, told from both ends; hubs that are not in the 企业台账 have no row."""
    offices = _pairs(frames["branch_offices"], frames["headquarters"], "headquarters_id")
    associates = _pairs(frames["associated_enterprises"], frames["leaders"], "leader_id")
    ends = (
        *_both_ends(offices, "headquarters", "branch_office"),
        *_both_ends(associates, "leader", "associated"),
    )
    return nw.concat(ends).unique()


def _pairs(spokes: Lazy, hubs: Lazy, key: str) -> Lazy:
    known = hubs.select(nw.col(key).alias("hub"), nw.col("enterprise_id").alias("other_id"))
    joined = spokes.select("enterprise_id", key).join(known, left_on=key, right_on="hub", how="inner")
    apart = joined.filter(nw.col("enterprise_id") != nw.col("other_id"))
    return apart.select("enterprise_id", "other_id")


def _both_ends(pairs: Lazy, hub: str, spoke: str) -> tuple[Lazy, Lazy]:
    back = pairs.select(nw.col("other_id").alias("enterprise_id"), nw.col("enterprise_id").alias("other_id"))
    return pairs.with_columns(nw.lit(hub).alias("kind")), back.with_columns(nw.lit(spoke).alias("kind"))
