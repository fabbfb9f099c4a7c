"""The back-test on the report page: one sentence for the choice, one row a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from coverage_engine.campaigns.report.page_numbers import whole
from coverage_engine.campaigns.report.result import CampaignResult

Words = Mapping[str, Any]


def backtest_sentences(result: CampaignResult, words: Words) -> list[str]:
    """How the chosen way of driving would have foretold the time since the earlier snapshot."""
    if "backtest" not in result.tables:
        return []
    paths = {outcome.scenario.key: outcome.scenario.active_paths() for outcome in result.outcomes}
    key = next(key for key in _tried(result) if paths[key] == paths[result.best])
    counties, total = _parts(result, key)
    return [
        words["backtest_told"].format(
            since=total["since"],
            held=int(counties["held"].sum()),
            counties=counties.height,
            now=whole(total["covered_now"]),
            low=whole(total["q05"]),
            high=whole(total["q95"]),
            verdict=words["held" if total["held"] else "not_held"],
        )
    ]


def past_rows(result: CampaignResult, words: Words, titles: Mapping[str, str]) -> list[list[str]]:
    """How often the bands of counties held, and the whole beside its band, scenario by scenario."""
    rows = []
    for key in _tried(result) if "backtest" in result.tables else []:
        counties, total = _parts(result, key)
        rows.append(
            [
                titles[key],
                f"{total['since']} – {total['until']}",
                f"{counties['held'].sum()}/{counties.height}",
                whole(total["covered_then"]),
                whole(total["covered_now"]),
                f"{whole(total['q05'])}–{whole(total['q95'])}",
                words["held" if total["held"] else "not_held"],
            ]
        )
    return rows


def _tried(result: CampaignResult) -> list[str]:
    return result["backtest"]["scenario"].unique(maintain_order=True).to_list()


def _parts(result: CampaignResult, key: str) -> tuple[pl.DataFrame, dict[str, Any]]:
    own = result["backtest"].filter(pl.col("scenario") == key)
    return own.filter(pl.col("county_code") != ""), own.row(0, named=True)
