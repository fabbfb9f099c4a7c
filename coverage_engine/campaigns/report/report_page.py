"""The report page of a campaign: one offline HTML file a planner can decide from (jinja2, autoescape on)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from coverage_engine.campaigns.report.page_charts import curve_panels, month_maps, tornado_bars
from coverage_engine.campaigns.report.page_numbers import percent, signed, whole
from coverage_engine.campaigns.report.page_past import past_rows
from coverage_engine.campaigns.report.page_sentences import sentences
from coverage_engine.campaigns.report.result import CampaignResult, ScenarioOutcome
from coverage_engine.campaigns.scenarios.assumptions import Scenario
from coverage_engine.content import BilingualFile, checked_content, content_file
from coverage_engine.dictionary.dictionary_page import PAGE as DICTIONARY_PAGE
from coverage_engine.model.tables import CAMPAIGN_TABLES

_STARTS_SHOWN = 12
_COUNTIES_SHOWN = 25
_NOTHING = "do_nothing"


def campaign_page(result: CampaignResult, lang: str = "zh") -> str:
    """The page as text; it asks for nothing from outside."""
    words = page_words(lang)
    css = content_file("data", "scenarios", "page", "page.css").read_text("utf-8")
    template = content_file("data", "scenarios", "page", "page.html.j2").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    # The style sheet is shipped content, not ledger text.
    text = environment.from_string(template).render(
        w=words, css=Markup(css), page=_Page(result, words, lang).view()
    )
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip()) + "\n"


def page_words(lang: str) -> dict[str, Any]:
    """The words of the page in one language."""
    content = checked_content(BilingualFile, "data", "scenarios", "page", "words.toml")
    words: dict[str, Any] = content["en" if lang == "en" else "zh"]
    return words


def title_of(scenario: Scenario, lang: str) -> str:
    """The scenario's title in the language."""
    return scenario.title_en if lang == "en" else scenario.title


class _Page:
    """Everything that the template shows, already as text."""

    def __init__(self, result: CampaignResult, words: dict[str, Any], lang: str) -> None:
        self._result, self._words, self._lang = result, words, lang
        self._best = result.outcome(result.best)
        self._titles = {o.scenario.key: title_of(o.scenario, lang) for o in result.outcomes}

    def view(self) -> dict[str, Any]:
        """The variables of the template, by name."""
        result, words, best = self._result, self._words, self._best
        title = self._titles[result.best]
        months = best.scenario.months
        starts = result["starts"].filter(pl.col("scenario") == result.best)
        return {
            "as_of": self._as_of(),
            "sentences": sentences(result, words, self._titles),
            "starts_title": words["starts"].format(title=title),
            "starts": [_row(_start_cells(row)) for row in starts.head(_STARTS_SHOWN).iter_rows(named=True)],
            "starts_note": words["starts_note"].format(
                shown=min(_STARTS_SHOWN, starts.height), total=starts.height
            ),
            "rates": self._rates(),
            "panels": curve_panels(result["closed"], self._titles),
            "scenarios": [self._scenario_row(outcome) for outcome in result.outcomes],
            "differences": self._differences(),
            "tornado": self._tornado(),
            "backtest": [_row(cells) for cells in past_rows(result, words, self._titles)],
            **self._maps(title, months),
            "counties_title": words["counties"].format(title=title, months=months),
            "counties": self._counties(months),
            "assumptions": self._assumptions(),
            "tables": [
                {"name": name, "title": CAMPAIGN_TABLES[name].title(self._lang)} for name in result.tables
            ],
            "dictionary": f"tables/{DICTIONARY_PAGE}",
            "notes": list(result.notes),
        }

    def _as_of(self) -> str:
        result = self._result
        line: str = self._words["as_of"].format(
            day=result.as_of.isoformat(),
            version=result.version,
            seed=result.config.seed,
            draws=result.config.draws,
            lanes=result.config.lanes,
            futures=result.config.futures,
        )
        return line

    def _rates(self) -> list[dict[str, Any]]:
        """The uncertain rates that are assumptions, once each."""
        rows = []
        lines = {line.key: line for line in self._best.scenario.lines}
        for name, rate in self._best.scenario.rates().items():
            line = lines[f"relation.{name}" if "." in name else f"campaign.{name}"]
            band = f"{rate.quantile(0.05):.2%}–{rate.quantile(0.95):.2%}"
            rows.append(_row([self._name(name), line.value, f"{rate.mean:.2%}", band, line.source]))
        return rows

    def _scenario_row(self, outcome: ScenarioOutcome) -> dict[str, Any]:
        starters = outcome.starters
        cells = [
            self._titles[outcome.scenario.key],
            whole(outcome.gain_mean),
            f"{whole(outcome.gain_low)}–{whole(outcome.gain_high)}",
            signed(outcome.net_mean),
            whole(outcome.duty_mean),
            whole(outcome.young_mean),
            whole(outcome.hours_mean),
            f"{percent(outcome.goal_chance)}%",
            str(len(starters.starts)) if starters else "0",
            f"{int(starters.certificate * 100)}%" if starters and starters.starts else "—",
        ]
        return _row(cells, outcome.scenario.key == self._result.best)

    def _differences(self) -> list[dict[str, Any]]:
        rows = self._result["differences"]
        if not rows.height:
            return []
        return [
            _row(
                [
                    self._titles[row["scenario"]],
                    self._titles[row["against"]],
                    signed(row["diff_mean"]),
                    f"{signed(row['diff_q05'])} … {signed(row['diff_q95'])}",
                    f"{percent(row['p_better'])}%",
                ]
            )
            for row in rows.filter(pl.col("county_code") == "").iter_rows(named=True)
        ]

    def _tornado(self) -> list[dict[str, Any]]:
        table = self._result["tornado"].filter(pl.col("swing") > 0)
        rows = []
        for row, bar in zip(table.iter_rows(named=True), tornado_bars(table), strict=True):
            low, high = (_limit(row["assumption"], row[end]) for end in ("low", "high"))
            ends = [f"{row[end]:.1f}" for end in ("gain_low", "gain_high", "swing")]
            rows.append({"cells": [self._name(row["assumption"]), low, high, *ends], **bar})
        return rows

    def _more_by_county(self) -> pl.DataFrame:
        """Expected covered firms of the chosen scenario beyond doing nothing (or beyond the start)."""
        monthly = self._result["monthly"].filter(pl.col("county_code") != "")
        best = monthly.filter(pl.col("scenario") == self._result.best)
        keys = ["county_code", "month"]
        nothing = monthly.filter(pl.col("scenario") == _NOTHING)
        if nothing.height and self._result.best != _NOTHING:
            base = nothing.select(*keys, pl.col("mean").alias("base"))
            return best.join(base, on=keys, maintain_order="left").with_columns(
                more=pl.col("mean") - pl.col("base")
            )
        first = best.filter(pl.col("month") == 0).select("county_code", pl.col("mean").alias("base"))
        joined = best.join(first, on="county_code", maintain_order="left")
        return joined.with_columns(more=pl.col("mean") - pl.col("base"))

    def _maps(self, title: str, months: int) -> dict[str, Any]:
        shown = sorted({max(1, round(months * step / 4)) for step in (1, 2, 3, 4)})
        drawn = month_maps(self._more_by_county(), self._result.as_of, shown)
        against = _NOTHING in self._titles and self._result.best != _NOTHING
        base = self._words["map_base_nothing" if against else "map_base_start"]
        return {
            "map_title": self._words["map"].format(title=title, base=base),
            "maps": [
                {**map_, "title": self._words["map_month"].format(month=map_["month"])} for map_ in drawn.maps
            ],
            "outlines": drawn.outlines,
            "legend": drawn.legend,
            "map_width": drawn.width,
            "map_height": drawn.height,
        }

    def _counties(self, months: int) -> list[dict[str, Any]]:
        more = self._more_by_county()
        start = more.filter(pl.col("month") == 0).select("county_code", pl.col("mean").alias("now"))
        rows = (
            more.filter(pl.col("month") == months)
            .join(start, on="county_code")
            .sort("more", "county_code", descending=[True, False])
        )
        return [
            _row(
                [
                    row["county"],
                    whole(row["now"]),
                    f"{row['mean']:.1f}",
                    f"{whole(row['q05'])}–{whole(row['q95'])}",
                    f"{row['more']:+.1f}",
                ]
            )
            for row in rows.head(_COUNTIES_SHOWN).iter_rows(named=True)
        ]

    def _assumptions(self) -> list[dict[str, Any]]:
        """Every line once; lines that all scenarios share are told once."""
        table = self._result["assumptions"]
        same = ["key", "value", "unit", "source", "file", "line"]
        grouped = table.group_by(same, maintain_order=True).agg(pl.col("scenario"))
        return [
            _row(
                [
                    self._words["active_all"]
                    if len(row["scenario"]) == len(self._titles)
                    else "、".join(self._titles[key] for key in row["scenario"]),
                    self._name(row["key"].removeprefix("relation.").removeprefix("campaign.")),
                    row["value"],
                    row["unit"],
                    row["source"],
                    f"{row['file']}:{row['line']}",
                ]
            )
            for row in grouped.iter_rows(named=True)
        ]

    def _name(self, key: str) -> str:
        return str(self._words["names"].get(key, key))


def _start_cells(row: dict[str, Any]) -> list[str]:
    second = f"{row['runner_up']}（{row['runner_up_gain']:.1f}）" if row["runner_up"] else "—"
    gain, founded = f"{row['gain']:.1f}", f"{percent(row['p_covered'])}%"
    return [
        str(row["rank"]),
        row["name"],
        row["city"] or "",
        row["county"],
        str(row["gaps_driven"]),
        gain,
        founded,
        second,
    ]


def _row(cells: Sequence[str], best: bool = False) -> dict[str, Any]:
    return {"cells": list(cells), "best": best}


def _limit(name: str, value: float) -> str:
    whole = name.rpartition(".")[2] in ("attempts", "attention", "threshold")
    return f"{value:.0f}" if whole else f"{value:.2%}"
