"""index.html: what the plan says in one page that needs no network, in Chinese or English."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from pathlib import Path
from typing import Any

import polars as pl
from jinja2 import Environment, StrictUndefined

from coverage_engine.content import checked_content, content_file
from coverage_engine.dictionary.dictionary_page import PAGE as DICTIONARY_PAGE
from coverage_engine.model.plan import Plan
from coverage_engine.model.tables import plan_files
from coverage_engine.model.vocabulary import Obligation, Severity, Tier, label, labels
from coverage_engine.reporting.actions import list_file
from coverage_engine.reporting.evidence import (
    figure_page,
    missing_anchor,
    missing_facts,
    pages_of_firms,
    place_page,
)
from coverage_engine.reporting.facts import enterprise_facts
from coverage_engine.reporting.plan_json import dated_duties, division_coverage, software_version
from coverage_engine.reporting.provenance import presumed
from coverage_engine.reporting.ranges import count_range, percent, rate_range
from coverage_engine.reporting.scope import reasons_of_others
from coverage_engine.reporting.wording import path_titles, wording
from coverage_engine.reporting.wording_shapes import OverviewFile

_LOWER = {"province": "city", "city": "county"}
Row = dict[str, Any]


def write_overview(plan: Plan, folder: Path, *, lang: str = "zh") -> None:
    """Write `index.html`: self-contained, no script, no outside request, printable on A4."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_bytes(overview_page(plan, lang).encode())


def overview_page(plan: Plan, lang: str = "zh") -> str:
    """The page as text."""
    content = checked_content(OverviewFile, "reports", "overview.toml")
    text = content[lang]
    facts = enterprise_facts(plan)
    style = content_file("reports", "overview.css").read_text("utf-8").strip()
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=False)
    template = environment.from_string(content_file("reports", "overview.html.j2").read_text("utf-8"))
    page = template.render(
        text=text,
        title=text["title"].format(division=plan.division.name),
        division=plan.division.name,
        basis=text["basis"].format(
            as_of=plan.as_of.isoformat(), policy=plan.policy_version, software=software_version()
        ),
        presumed=presumed(plan),
        style=style,
        style_hash=f"sha256-{digest}",
        annexes=(3, 4, 5),
        coverage=_coverage(plan, content, lang),
        tiers=_tiers(plan, text, lang),
        target_count=facts.filter("is_target").height,
        reasons=reasons_of_others(plan, lang),
        dated=_dated(plan, lang),
        start=_start(plan, facts, content, lang),
        league=_league(plan, content, lang),
        small_base=plan.terms.small_base,
        ask=_ask(facts),
        page=place_page(plan.division.level, plan.division.code),
        findings=_findings(plan, lang),
        finding_count=plan["findings"].height,
        sources=_sources(plan, text, lang),
        lists=_lists(facts),
        tables=[{"name": table.name, "title": table.title(lang)} for table in plan_files().values()],
        dictionary=f"tables/{DICTIONARY_PAGE}",
    )
    return f"{page}\n"


# Private: each part of the page


def _coverage(plan: Plan, content: Row, lang: str) -> list[Row]:
    text = content[lang]
    figures = {row["category"]: row for row in division_coverage(plan).iter_rows(named=True)}
    rows = []
    for entry in wording()["denominators"]:
        if entry["key"] not in figures:
            continue
        row = _drawn(figures[entry["key"]], text)
        row |= {"name": entry[lang], "meaning": entry[f"{lang}_meaning"]}
        form = "coverage_sentence" if row["drawn"] else "coverage_empty"
        hollow = text["coverage_hollow"] if row["drawn"] and row["hollow"] else ""
        sentence = (text[form] + hollow).format(**row) + _estimated(row, content["wide_range"], text)
        rows.append({**row, "anchor": entry["key"], "sentence": sentence})
    return rows


def _estimated(figures: Row, wide: float, text: Row) -> str:
    """What is said beside a range: the point estimate where it is wide, firms presumed, rows turned back."""
    remark = ""
    points_known = figures["point"] is not None and figures["joint_point"] is not None
    ends = [(figures[f"{rate}_low"], figures[f"{rate}_high"]) for rate in ("rate", "joint_rate")]
    if figures["drawn"] and points_known and max(high - low for low, high in ends) > wide:
        remark += text["coverage_point"].format(
            point=percent(figures["point"]),
            interval=rate_range(figures["point_low"], figures["point_high"], ""),
            joint_point=percent(figures["joint_point"]),
            joint_interval=rate_range(figures["joint_point_low"], figures["joint_point_high"], ""),
        )
    for name in ("presumed", "set_aside"):
        if figures[name]:
            remark += text[f"coverage_{name}"].format(count=figures[name])
    return remark


def _drawn(figures: Row, text: Row) -> Row:
    """Counts and rates of one coverage row as ranges in words, and where its bars begin and end."""
    known = figures["rate_low"] is not None and figures["joint_rate_low"] is not None
    bars = {
        name: _bar(figures[f"{rate}_low"], figures[f"{rate}_high"])
        for name, rate in (("own", "rate"), ("joint", "joint_rate"))
        if known
    }
    return {
        **figures,
        "base": count_range(figures["denominator_low"], figures["denominator_high"]),
        "own": count_range(figures["own_low"], figures["own_high"]),
        "joint": count_range(figures["joint_low"], figures["joint_high"]),
        "rate": rate_range(figures["rate_low"], figures["rate_high"], text["none_rate"]),
        "joint_rate": rate_range(figures["joint_rate_low"], figures["joint_rate_high"], text["none_rate"]),
        "drawn": bars,
    }


def _tiers(plan: Plan, text: Row, lang: str) -> list[Row]:
    figures = {row["category"]: row for row in division_coverage(plan).iter_rows(named=True)}
    names = {"operating": text["all_tiers"]} | {f"tier:{tier.value}": label(tier, lang) for tier in Tier}
    return [
        {**figures[key], "name": name, "anchor": key.removeprefix("tier:")}
        for key, name in names.items()
        if key in figures
    ]


def _dated(plan: Plan, lang: str) -> list[Row]:
    """The dated duties of enterprises, and by how many each is not surely done yet."""
    undone = {row["duty"]: row for row in dated_duties(plan)}
    return [
        {
            **undone[duty.key],
            "title": duty.title_en if lang == "en" else duty.title,
            "clause": duty.clause,
        }
        for duty in plan.terms.dated_duties
    ]


def _start(plan: Plan, facts: pl.DataFrame, content: Row, lang: str) -> list[Row]:
    text, titles, obligations = content[lang], path_titles(plan, lang), labels(Obligation, lang)
    first = facts.filter("is_target").sort("priority_rank", "enterprise_id", nulls_last=True)
    first = first.with_columns(page=pages_of_firms(first)["county"])
    rows = []
    for row in first.head(content["first_targets"]).iter_rows(named=True):
        path = text["no_path"]
        if row["path"] is not None:
            path = text["path_name"].format(number=row["path"], title=titles.get(row["path"], ""))
        rows.append(
            {
                "id": row["enterprise_id"],
                "page": row["page"],
                "rank": row["priority_rank"],
                "name": row["name"],
                "place": row["place_word"],
                "obligation": obligations.get(row["obligation"], row["obligation"]),
                "priority": row["priority"],
                "priority_reasons": row["priority_reasons"] or "",
                "path": path,
                "reasons": (row["reasons"] or "").replace(";", "；"),
                "lead_unit": row["lead_unit"] or "",
            }
        )
    return rows


def _league(plan: Plan, content: Row, lang: str) -> list[Row]:
    """The places one level down, most unmet duty first; small bases at the end without a rank."""
    if plan.division.level not in _LOWER:
        return []
    lower = plan["coverage"].filter(pl.col("level") == _LOWER[plan.division.level])
    keys = ["division_code", "division", "level"]
    counts = lower.filter(pl.col("category") == "operating").select(
        *keys, "must", "should", "undetermined", gap=pl.col("must") + pl.col("should")
    )
    eligible = lower.filter(pl.col("category") == "eligible").drop("must", "should", "undetermined")
    joined = counts.join(eligible, on=keys, how="inner").with_columns(
        small=pl.col("denominator_low") < plan.terms.small_base
    )
    ordered = joined.sort("small", "gap", "division_code", descending=[False, True, False])
    return [
        {
            **_drawn(row, content[lang]),
            "name": row["division"],
            "page": figure_page(row),
            "rank": None if row["small"] else number,
        }
        for number, row in enumerate(ordered.iter_rows(named=True), 1)
    ]


def _ask(facts: pl.DataFrame) -> list[Row]:
    """Each missing fact: in how many enterprises it is the only one, and in how many others miss too."""
    missing = facts.filter(pl.col("missing_facts") != "").select(
        fact=pl.col("missing_facts").str.split(";"),
        alone=~pl.col("missing_facts").str.contains(";", literal=True),
    )
    counted = (
        missing.explode("fact")
        .group_by("fact")
        .agg(single=pl.col("alone").sum(), among=(~pl.col("alone")).sum())
        .sort(["single", "among", "fact"], descending=[True, True, False])
    )
    numbers = {fact: number for number, fact in enumerate(missing_facts(facts))}
    anchors = {"single": True, "among": False}
    return [
        {
            **row,
            **{f"{name}_at": missing_anchor(numbers[row["fact"]], alone) for name, alone in anchors.items()},
        }
        for row in counted.iter_rows(named=True)
    ]


def _findings(plan: Plan, lang: str) -> list[Row]:
    order = pl.col("severity").replace_strict(
        [word.value for word in Severity], list(range(len(Severity))), default=len(Severity)
    )
    kinds = (
        plan["findings"]
        .sort("file", "sheet", "row", "cell", nulls_last=True, maintain_order=True)
        .group_by("severity", "code", maintain_order=True)
        .agg(pl.len().alias("count"), pl.col("file", "sheet", "cell", "wanted", "remedy").first())
        .sort(order, -pl.col("count").cast(pl.Int64), "code")
    )
    words = labels(Severity, lang)
    return [
        {
            **row,
            "anchor": f"{row['severity']}-{row['code']}",
            "severity": words.get(row["severity"], row["severity"]),
            "example": "　".join(row[name] for name in ("file", "sheet", "cell") if row[name]),
        }
        for row in kinds.iter_rows(named=True)
    ]


def _sources(plan: Plan, text: Row, lang: str) -> list[Row]:
    kinds = wording()["ledger_kinds"] if lang == "zh" else {}
    rows = []
    for row in plan.snapshot["sources"].sort("source").iter_rows(named=True):
        used = sum(row[name] or 0 for name in ("accepted", "quarantined", "recognised"))
        kind = kinds.get(row["kind"], row["kind"]) or text["unknown_kind"]
        rows.append({**row, "kind": kind, "adds_up": used == (row["rows_read"] or 0)})
    return rows


def _lists(facts: pl.DataFrame) -> list[Row]:
    places = facts.filter("is_target").sort("city_code", "county_code", nulls_last=True)["place_word"]
    return [
        {"place": place, "file": list_file(place)} for place in places.unique(maintain_order=True).to_list()
    ]


def _bar(low: float, high: float) -> tuple[str, str]:
    """Start and width of a range in per cent of the drawing."""
    return f"{low * 100:.1f}", f"{(high - low) * 100:.1f}"
