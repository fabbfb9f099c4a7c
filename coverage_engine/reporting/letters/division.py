"""What the circular draft and the brief say of the plan's division: figures, places, first targets."""

from __future__ import annotations

from typing import Any

import polars as pl

from coverage_engine.model.plan import Plan
from coverage_engine.reporting.deadline import day_words
from coverage_engine.reporting.letters.blocks import letter_words
from coverage_engine.reporting.letters.facts import issued_by, targets_of
from coverage_engine.reporting.plan_json import division_coverage
from coverage_engine.reporting.ranges import count_range, masked_counts, rate_range
from coverage_engine.reporting.wording import path_titles, wording

Entry = dict[str, Any]
_LOWER = {"province": "city", "city": "county"}


def circular_entry(plan: Plan) -> Entry:
    """进展通报（稿）: public, so small figures are masked and rates over small bases left out."""
    return {
        **issued_by(plan),
        "figures": _figures(plan, public=True),
        "places": _places(plan),
        "lower_units": "、".join(f"{name}团委" for name in _lower(plan)["division"].to_list())
        or letter_words()["enterprises_named"],
    }


def brief_entry(plan: Plan) -> Entry:
    """工作简报: the figures of the division, the first targets and the widest bundles on one page."""
    words, targets = letter_words(), targets_of(plan)
    counts = dict(targets.group_by("obligation").len().iter_rows())
    first = targets.head(words["brief_targets"])
    return {
        "figures": _figures(plan, public=False),
        "targets": targets.height,
        "must": counts.get("must_establish", 0),
        "should": counts.get("should_establish", 0),
        "undetermined": counts.get("undetermined", 0),
        "ask": _ask(targets),
        "first_count": first.height,
        "first": [_first(plan, row, at) for at, row in enumerate(first.iter_rows(named=True), 1)],
        "bundles": _bundles(plan),
    }


# ---------------------------------------------------------------------------------------------- private


def _figures(plan: Plan, *, public: bool) -> list[Entry]:
    """One row for each of the three denominators."""
    words = letter_words()
    known = {row["category"]: row for row in division_coverage(plan).iter_rows(named=True)}
    rows = []
    for entry in wording()["denominators"]:
        if entry["key"] not in known:
            continue
        row = known[entry["key"]]
        ranges = {
            key: count_range(row[f"{name}_low"], row[f"{name}_high"])
            for key, name in (("base", "denominator"), ("own", "own"), ("joint", "joint"))
        }
        ranges |= {
            name: rate_range(row[f"{name}_low"], row[f"{name}_high"], words["no_rate"]) for name in _RATES
        }
        rows.append(
            {"name": entry["zh"], **(_masked(row, ranges, plan.terms.small_base) if public else ranges)}
        )
    return rows


_RATES = ("rate", "joint_rate")


def _masked(row: Entry, ranges: Entry, small_base: int) -> Entry:
    words = letter_words()
    pairs = {"base": "denominator", "own": "own", "joint": "joint"}
    hidden = {
        key: masked_counts(
            [(row[f"{name}_low"], row[f"{name}_high"])], words["small_below"], words["small"], ""
        )[0]
        for key, name in pairs.items()
    }
    small = row["denominator_low"] < small_base or words["small"] in hidden.values()
    return {**ranges, **hidden, **(dict.fromkeys(_RATES, words["no_rate"]) if small else {})}


def _lower(plan: Plan) -> pl.DataFrame:
    """Coverage rows one level down, eligible firms as the base, unmet duty of all operating firms beside."""
    level = _LOWER.get(plan.division.level, "")
    lower = plan["coverage"].filter(pl.col("level") == level)
    keys = ["division_code", "division"]
    counts = lower.filter(pl.col("category") == "operating").select(
        *keys, "undetermined", gap=pl.col("must") + pl.col("should")
    )
    eligible = lower.filter(pl.col("category") == "eligible").drop("must", "should", "undetermined")
    joined = counts.join(eligible, on=keys, how="inner")
    return joined.sort("gap", "division_code", descending=[True, False])


def _places(plan: Plan) -> list[Entry]:
    words, lower = letter_words(), _lower(plan)
    hide = (words["small_below"], words["small"], words["no_rate"])
    columns = {
        key: masked_counts(list(zip(lower[low].to_list(), lower[high].to_list(), strict=True)), *hide)
        for key, low, high in (
            ("base", "denominator_low", "denominator_high"),
            ("own", "own_low", "own_high"),
            ("gap", "gap", "gap"),
            ("undetermined", "undetermined", "undetermined"),
        )
    }
    rows = []
    for at, row in enumerate(lower.iter_rows(named=True)):
        cells = {key: shown[at] for key, shown in columns.items()}
        small = row["denominator_low"] < plan.terms.small_base
        masked = {cells["base"], cells["own"]} & {words["small"], words["no_rate"]}
        rate = rate_range(row["rate_low"], row["rate_high"], words["no_rate"])
        rows.append(
            {
                "number": at + 1,
                "name": row["division"],
                **cells,
                "rate": words["no_rate"] if small or masked else rate,
            }
        )
    return rows


def _first(plan: Plan, row: Entry, number: int) -> Entry:
    path = row["path"]
    titles = path_titles(plan)
    return {
        "number": number,
        "name": _clipped(row["name"]),
        "place": row["place_word"],
        "obligation": row["obligation_word"],
        "path": letter_words()["no_rate"] if path is None else f"路径{path} {titles.get(path, '')}",
    }


def _bundles(plan: Plan) -> list[Entry]:
    """The counterparts whose one call serves most targets, with the first step and its day."""
    steps = plan["actions"].join(targets_of(plan).select("enterprise_id"), on="enterprise_id", how="semi")
    widest = (
        steps.filter(pl.col("bundle").is_not_null())
        .sort("step", "enterprise_id")
        .group_by("path", "bundle", maintain_order=True)
        .agg(
            count=pl.col("enterprise_id").n_unique(), **{name: pl.col(name).first() for name in _STEP_COLUMNS}
        )
        .sort(["count", "bundle", "path"], descending=[True, False, False])
        .head(letter_words()["brief_bundles"])
    )
    return [
        {**row, "number": at, "partner": _clipped(row["bundle"]), "due": day_words(row["due"])}
        for at, row in enumerate(widest.iter_rows(named=True), 1)
    ]


_STEP_COLUMNS = ("action", "responsible", "due")


def _ask(targets: pl.DataFrame) -> str:
    """The fact that alone keeps most targets from being decided."""
    alone = targets.filter((pl.col("missing_facts") != "") & ~pl.col("missing_facts").str.contains(";"))
    if alone.is_empty():
        return ""
    counted = alone.group_by("missing_facts").len().sort(["len", "missing_facts"], descending=[True, False])
    fact, count = counted.row(0)
    return str(letter_words()["ask"]).format(fact=fact, count=count)


def _clipped(name: str) -> str:
    longest = letter_words()["brief_name"]
    return name if len(name) <= longest else f"{name[: longest - 1]}…"
