"""The tables of a city's or the province's page: each figure by the places below, each number a link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coverage_engine.reporting.evidence.figures import (
    Figure,
    Row,
    evidence_words,
    figures,
    missing_anchor,
)
from coverage_engine.reporting.evidence.places import Place
from coverage_engine.reporting.ranges import count_range

Counts = Mapping[str, Mapping[str, Row]]


def sum_tables(
    below: list[Place],
    counts: Counts,
    lacking: Mapping[str, Mapping[str, int]],
    missing: list[str],
    lang: str,
) -> list[Row]:
    """One table for each denominator, and one of missing facts."""
    tables = []
    for category in evidence_words()["categories"]:
        shown = [figure for figure in figures() if figure.category is category]
        shown = [figure for figure in shown if not figure.entry["key"].endswith("rate")]
        tables.append(_table(category[lang], shown, below, counts, lang))
    if missing:
        tables.append(_missing(below, lacking, missing, lang))
    return tables


# ---------------------------------------------------------------------------------------------- private


def _table(title: str, shown: list[Figure], below: list[Place], counts: Counts, lang: str) -> Row:
    none, key = evidence_words()[lang]["none_rate"], shown[0].category["key"]
    rows = []
    for place in below:
        row = counts[place.page].get(key)
        if row is not None:
            cells = [{"anchor": figure.anchor, "value": figure.value(row, none)} for figure in shown]
            rows.append({"name": place.name, "page": place.page, "cells": cells})
    there = [counts[place.page][key] for place in below if key in counts[place.page]]
    return {
        "name": shown[0].anchor.partition("-")[0],
        "title": title,
        "heads": [figure.entry[lang] for figure in shown],
        "rows": rows,
        "total": [_total(figure, there) for figure in shown],
    }


def _total(figure: Figure, rows: list[Row]) -> str:
    key = figure.entry["key"]
    if key not in ("base", "own", "joint"):
        return f"{sum(row[key] for row in rows):,}"
    name = "denominator" if key == "base" else key
    return count_range(*(sum(row[f"{name}_{end}"] for row in rows) for end in ("low", "high")))


def _missing(
    below: list[Place], lacking: Mapping[str, Mapping[str, int]], missing: list[str], lang: str
) -> Row:
    text = evidence_words()[lang]
    anchors = [missing_anchor(number, alone) for number in range(len(missing)) for alone in (True, False)]
    heads = [text[f"missing_{kind}"].format(fact=fact) for fact in missing for kind in ("single", "among")]
    rows: list[dict[str, Any]] = []
    for place in below:
        counts = lacking.get(place.page, {})
        cells = [{"anchor": anchor, "value": f"{counts.get(anchor, 0):,}"} for anchor in anchors]
        rows.append({"name": place.name, "page": place.page, "cells": cells})
    totals = [sum(lacking.get(place.page, {}).get(anchor, 0) for place in below) for anchor in anchors]
    return {
        "name": "missing",
        "title": text["missing"],
        "heads": heads,
        "rows": rows,
        "total": [f"{total:,}" for total in totals],
    }
