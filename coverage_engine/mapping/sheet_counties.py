"""What the paper sheet tells of one county, as numbers and as the cells of its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from coverage_engine.model.plan import Plan

_CATEGORY = "duty_bound"
_BACKLOG_CATEGORY = "operating"


@dataclass(frozen=True)
class County:
    """What the sheet draws of one county."""

    code: str
    name: str
    backlog: int
    base: tuple[int, int]
    covered: tuple[int, int]
    gap: tuple[float, float] | None
    smoothed: tuple[float, float, float] | None
    hot: str

    @property
    def drawn_gap(self) -> float | None:
        """The smoothed rate, or the middle of the raw range; None where neither can be told."""
        if self.smoothed is not None:
            return self.smoothed[0]
        return None if self.gap is None else (self.gap[0] + self.gap[1]) / 2


def counties_of(plan: Plan) -> dict[str, County]:
    """What is drawn of every county, by code; firms without a county have no outline."""
    figures = plan["coverage"].filter((pl.col("level") == "county") & ~pl.col("division").str.contains("（"))
    backlog = {
        row["division_code"]: row["must"] + row["should"]
        for row in figures.filter(pl.col("category") == _BACKLOG_CATEGORY).iter_rows(named=True)
    }
    estimates = {
        row["division_code"]: row
        for row in plan["county_estimates"].filter(pl.col("category") == _CATEGORY).iter_rows(named=True)
    }
    return {
        row["division_code"]: _county(row, backlog, estimates.get(row["division_code"]))
        for row in figures.filter(pl.col("category") == _CATEGORY).iter_rows(named=True)
    }


def table_cells(county: County) -> list[str]:
    """Name, unmet duties, covered of base, raw gap rate, smoothed rate with its interval."""
    smoothed = county.smoothed
    return [
        county.name,
        f"{county.backlog:,}",
        f"{_span(*county.covered)} / {_span(*county.base)}",
        "—" if county.gap is None else _percents(*county.gap),
        "—" if smoothed is None else f"{smoothed[0]:.1%}（{_percents(*smoothed[1:])}）",
    ]


# ---------------------------------------------------------------------------------------------- private


def _county(row: dict[str, Any], backlog: dict[str, int], estimate: dict[str, Any] | None) -> County:
    rate_known = row["joint_rate_low"] is not None and row["joint_rate_high"] is not None
    known = estimate is not None and estimate["gap_smoothed"] is not None
    return County(
        row["division_code"],
        row["division"],
        backlog.get(row["division_code"], 0),
        (row["denominator_low"], row["denominator_high"]),
        (row["joint_low"], row["joint_high"]),
        (1 - row["joint_rate_high"], 1 - row["joint_rate_low"]) if rate_known else None,
        (estimate["gap_smoothed"], estimate["gap_low"], estimate["gap_high"]) if known and estimate else None,
        (estimate["hot"] if estimate else None) or "none",
    )


def _span(low: int, high: int) -> str:
    return f"{low:,}" if low == high else f"{low:,}～{high:,}"


def _percents(low: float, high: float) -> str:
    texts = [f"{low:.1%}", f"{high:.1%}"]
    return texts[0] if texts[0] == texts[1] else f"{texts[0]}～{texts[1]}"
