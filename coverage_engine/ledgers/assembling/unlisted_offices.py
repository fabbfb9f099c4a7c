"""名册里的分支: offices that only a list of their headquarters names, and no 企业台账.

They are kept under their headquarters with what the list tells (name, place, staff), so that 路径9 knows
where it leads. They become no enterprises: a shop is often no unit of its own, nobody has said that it
operates and under whose control, and the figures of enterprises are not to grow by what nobody listed as one.
A planner who counts them enters them in the 企业台账.
"""

from __future__ import annotations

import polars as pl

from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.identity.firm_names import plain_name

_FEW = 5


def unlisted_offices(lost: pl.DataFrame, headquarters: pl.DataFrame, log: FindingLog) -> pl.DataFrame:
    """The table `unlisted_offices`, of rows (`headquarters_id`) whose office no 企业台账 has.

    Told once for each headquarters, at its first row.
    """
    named = headquarters.select("headquarters_id", headquarters="name")
    offices = (
        lost.rename({"enterprise_name": "name"})
        .join(named, on="headquarters_id", how="left", maintain_order="left")
        .with_columns(_plain=plain_name(pl.col("name")))
        .filter(pl.col("_plain") != plain_name(pl.col("headquarters")))
        .sort("source", "row", "name")
        .unique(["headquarters_id", "_plain"], keep="first", maintain_order=True)
    )
    told = offices.group_by("headquarters_id", "headquarters", maintain_order=True).agg(
        pl.col("source", "row").first(),
        pl.len().alias("count"),
        pl.col("name").head(_FEW).str.join("、").alias("names"),
    )
    words = pl.format("{}的 {} 家：{}", "headquarters", "count", "names")
    log.add_rows("link.office_unlisted", told.with_columns(found=words), "enterprise_name")
    return offices.sort("headquarters_id", "name")
