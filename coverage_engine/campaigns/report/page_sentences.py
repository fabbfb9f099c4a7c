"""What the first page says in words: which scenario, how much more than the others, how sure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from coverage_engine.campaigns.report.page_numbers import percent, signed, whole
from coverage_engine.campaigns.report.page_past import backtest_sentences
from coverage_engine.campaigns.report.result import CampaignResult, ScenarioOutcome


def sentences(result: CampaignResult, words: Mapping[str, Any], titles: Mapping[str, str]) -> list[str]:
    """The decision first, then what supports it."""
    best = result.outcome(result.best)
    lines = [
        words["choose"].format(
            title=titles[result.best],
            months=best.scenario.months,
            mean=whole(best.gain_mean),
            low=whole(best.gain_low),
            high=whole(best.gain_high),
        )
    ]
    others = [outcome for outcome in result.outcomes if outcome.scenario.key != result.best]
    lines += [_against(result, words, titles, outcome) for outcome in others]
    lines += _between(result, words, titles)
    lines.append(words["goal"].format(goal=best.goal_firms, chance=percent(best.goal_chance)))
    low, high = signed(best.net_low), signed(best.net_high)
    lines.append(words["net"].format(mean=signed(best.net_mean), low=low, high=high))
    sure = words["sure"].format(doubt=whole(best.sd_parameter), chance=whole(best.sd_chance))
    lines.append(sure + (words["sure_mostly_doubt"] if best.sd_parameter > best.sd_chance else ""))
    return lines + _certificate(best, words) + backtest_sentences(result, words)


def _between(result: CampaignResult, words: Mapping[str, Any], titles: Mapping[str, str]) -> list[str]:
    """Headquarters against leaders, where each is a scenario of its own and neither is the choice."""
    single: dict[str, str] = {}
    for outcome in result.outcomes:
        active = [entry.relation for entry in outcome.scenario.relations if entry.active]
        if len(active) == 1 and outcome.starters:
            single.setdefault(active[0], outcome.scenario.key)
    keys = list(single.values())
    if len(keys) != 2 or result.best in keys:
        return []
    one, other = sorted(keys, key=lambda key: -result.outcome(key).gain_mean)
    row = _pair(result, one, other)
    return [
        words["between"].format(
            one=titles[one],
            other=titles[other],
            mean=whole(row["diff_mean"]),
            low=signed(row["diff_q05"]),
            high=signed(row["diff_q95"]),
            share=percent(row["p_better"]),
        )
    ]


def _certificate(best: ScenarioOutcome, words: Mapping[str, Any]) -> list[str]:
    starters = best.starters
    if not starters or not starters.starts:
        return []
    share = int(starters.certificate * 100)
    bounds = {"lower": whole(starters.lower), "upper": whole(starters.upper)}
    return [words["certificate"].format(certificate=share, **bounds)]


def _against(
    result: CampaignResult, words: Mapping[str, Any], titles: Mapping[str, str], outcome: ScenarioOutcome
) -> str:
    row = _pair(result, result.best, outcome.scenario.key)
    other = titles[outcome.scenario.key]
    hours = (outcome.scenario.starts.hours or 0) - (result.outcome(result.best).scenario.starts.hours or 0)
    mean, low, high = row["diff_mean"], row["diff_q05"], row["diff_q95"]
    if row["p_equal"] == 1:
        return str(words["same"].format(other=other))
    if hours > 0 and mean < 0:
        more = {"mean": whole(-mean), "low": whole(-high), "high": whole(-low)}
        return str(words["more_staff"].format(title=other, hours=hours, **more))
    band = {"mean": whole(mean), "low": whole(low), "high": whole(high)}
    return str(words["versus"].format(other=other, share=percent(row["p_better"]), **band))


def _pair(result: CampaignResult, one: str, other: str) -> dict[str, Any]:
    """The whole's difference `one` minus `other`, whichever way round the table holds it."""
    totals = result["differences"].filter(pl.col("county_code") == "")
    direct = totals.filter((pl.col("scenario") == one) & (pl.col("against") == other))
    if direct.height:
        return direct.row(0, named=True)
    row = totals.filter((pl.col("scenario") == other) & (pl.col("against") == one)).row(0, named=True)
    return {
        "diff_mean": -row["diff_mean"],
        "diff_q05": -row["diff_q95"],
        "diff_q95": -row["diff_q05"],
        "p_better": 1 - row["p_better"] - row["p_equal"],
        "p_equal": row["p_equal"],
    }
