"""plan.json: totals, policy version, input hashes and row accounting of a plan, byte for byte repeatable."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import polars as pl

from coverage_engine.model.plan import Plan
from coverage_engine.model.tables import COVERAGE_FIGURES
from coverage_engine.model.vocabulary import CoverageState, Obligation, Severity
from coverage_engine.reporting.scope import enterprises_of

_SOFTWARE = "coverage-engine"
_DECIMALS = 6


def write_plan_json(plan: Plan, file: Path) -> None:
    """Write the plan's totals as JSON: sorted keys, UTF-8, newline at the end, no clock."""
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(plan_summary(plan), ensure_ascii=False, sort_keys=True, indent=2)
    file.write_bytes(f"{text}\n".encode())


def plan_summary(plan: Plan) -> dict[str, Any]:
    """What plan.json holds; totals are those of the plan's division, coverage in counts and rates."""
    return {
        "as_of": plan.as_of.isoformat(),
        "as_of_ground": as_of_ground(plan),
        "division": {
            "code": plan.division.code,
            "level": plan.division.level,
            "name": plan.division.name,
        },
        "policy_version": plan.policy_version,
        "software": {"name": _SOFTWARE, "version": software_version()},
        "totals": _totals(plan),
        "dated_duties": dated_duties(plan),
        "coverage": _coverage(plan),
        "findings": _counts(plan["findings"], "severity", [word.value for word in Severity]),
        "inputs": _inputs(plan.snapshot["sources"]),
    }


def software_version() -> str:
    """Version of the installed package, `0` when it is run without being installed."""
    try:
        return version(_SOFTWARE)
    except PackageNotFoundError:
        return "0"


def as_of_ground(plan: Plan) -> str:
    """Where the date was found, in Chinese; empty where it was given."""
    grounds = plan.snapshot["presumptions"].filter(pl.col("subject").str.starts_with("as_of"))
    return "；".join(grounds["message"].to_list())


def division_coverage(plan: Plan) -> pl.DataFrame:
    """The coverage figures of the plan's own division, one row for each denominator."""
    own = pl.col("division_code") == plan.division.code
    return plan["coverage"].filter(own & (pl.col("level") == plan.division.level)).sort("category")


def dated_duties(plan: Plan) -> list[dict[str, Any]]:
    """Each dated duty of enterprises: how many have not surely done it, and of how many that is unclear."""
    unclear = (pl.col("applies") == "unknown") | (pl.col("met") == "unknown")
    undone = plan["duties"].filter((pl.col("applies") != "no") & (pl.col("met") != "yes"))
    counts = {
        duty: {"open": open_, "unclear": count}
        for duty, open_, count in undone.group_by("duty").agg(pl.len(), unclear.sum()).iter_rows()
    }
    return [
        {
            "duty": duty.key,
            "title": duty.title,
            "due": duty.due.isoformat(),
            "warn_on": duty.warn_on.isoformat(),
            **counts.get(duty.key, {"open": 0, "unclear": 0}),
        }
        for duty in plan.terms.dated_duties
    ]


# ---------------------------------------------------------------------------------------------- private


def _totals(plan: Plan) -> dict[str, Any]:
    enterprises = enterprises_of(plan)
    return {
        "enterprises": enterprises.height,
        "targets": enterprises.filter(pl.col("is_target")).height,
        "not_listed": _reasons(enterprises),
        "states": _counts(enterprises, "coverage_state", [word.value for word in CoverageState]),
        "obligations": _counts(enterprises, "obligation", [word.value for word in Obligation]),
    }


def _reasons(enterprises: pl.DataFrame) -> dict[str, int]:
    counted = enterprises["not_listed_reason"].drop_nulls().value_counts()
    return {str(reason): int(count) for reason, count in counted.iter_rows()}


def _counts(frame: pl.DataFrame, column: str, words: list[str]) -> dict[str, int]:
    counted = dict(frame.group_by(column).len().iter_rows())
    return {word: int(counted.get(word, 0)) for word in words}


def _coverage(plan: Plan) -> dict[str, dict[str, Any]]:
    rows = division_coverage(plan).select("category", *COVERAGE_FIGURES).iter_rows(named=True)
    return {row["category"]: _stable({name: row[name] for name in COVERAGE_FIGURES}) for row in rows}


def _stable(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Rates to six decimals, so that the text does not hang on the last bit."""
    return {
        name: float(f"{value:.{_DECIMALS}f}") if isinstance(value, float) else value
        for name, value in figures.items()
    }


def _inputs(sources: pl.DataFrame) -> list[dict[str, Any]]:
    order = ["file", "sha256", "source"]
    files: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in sources.sort(order, nulls_last=True).iter_rows(named=True):
        sheet = {key: row[key] for key in ("sheet", "kind", "rows_read", "accepted", "quarantined")}
        files.setdefault((row["file"], row["sha256"]), []).append({**sheet, "recognised": row["recognised"]})
    return [{"file": file, "sha256": digest, "sheets": sheets} for (file, digest), sheets in files.items()]
