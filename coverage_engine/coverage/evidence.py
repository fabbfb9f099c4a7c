"""What stands behind one figure: the enterprises counted, each with its ledger row, clause and as-of date."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import polars as pl

from coverage_engine.coverage.assessment import assessed_enterprises
from coverage_engine.coverage.cells import Cell, cells_of, with_addresses
from coverage_engine.coverage.figures import CATEGORIES, figure_flags, set_aside_in
from coverage_engine.errors import PolicyError
from coverage_engine.frames.dialect import collected, lazy_frames
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.policy import Policy

_SUMS = {
    "denominator_low": "own_a own_b own_c",
    "denominator_high": "own_a own_b own_c own_d own_e own_f",
    "own_low": "own_a",
    "own_high": "own_a own_c own_d own_f",
    "joint_low": "joint_a",
    "joint_high": "joint_a joint_c joint_d joint_f",
    "uncovered_low": "joint_b",
}
"""Figures of the table `coverage` that are sums of disjoint counts; the others are counts themselves."""

FIGURES: tuple[str, ...] = (
    *_SUMS,
    "verified",
    "unknown",
    "must",
    "should",
    "undetermined",
    "targets",
    "hollow",
    "own_hollow",
    "presumed",
)

_POSSIBLE = "_f"

_FACTS = ("in_scope", "enough_members", "has_party", "has_own", "has_joint")


def figure_evidence(
    snapshot: Snapshot, policy: Policy, *, category: str, figure: str, place: tuple[str, str]
) -> pl.DataFrame:
    """The enterprises behind one figure of the table `coverage`, one row each.

    `place` is (level, division code). Columns: enterprise_id, name, credit_code, address (such as
    企业台账!A12), clause, as_of. The number of rows is the figure; rows turned back at the door, which are
    within the upper ends, have an address alone.

    Raises:
        PolicyError: no such figure or denominator.
    """
    if figure not in FIGURES or category not in CATEGORIES:
        raise PolicyError(f"没有这样的数：{category} {figure}", f"可用的数：{'、'.join(FIGURES)}。")
    flags = figure_flags(category)
    counted = nw.lit(False)
    for name in _SUMS.get(figure, figure).split():
        counted = counted | flags[name]
    frames = lazy_frames(snapshot.tables)
    firms = assessed_enterprises(frames, policy, snapshot.kinds)
    level, code = place
    if level != "province":
        firms = firms.filter(nw.col(f"{level}_code") == code)
    rows = collected(firms.filter(counted).select("enterprise_id", "name", "credit_code", "source", "row"))
    if _SUMS.get(figure, "").endswith(_POSSIBLE):
        rows = pl.concat([rows, _turned_back(snapshot, category, place)], how="diagonal_relaxed")
    return _addressed(rows, snapshot, _clause(policy, category), policy.as_of)


def firm_cells(snapshot: Snapshot, policy: Policy, enterprise_id: int) -> dict[str, tuple[Cell, ...]]:
    """The ledger cells of the facts that decide how an enterprise is counted, by the label of the fact."""
    facts = [policy.facts[name] for name in _FACTS]
    return {fact.label: cells_of(snapshot, enterprise_id, fact.key, fact.columns) for fact in facts}


# ---------------------------------------------------------------------------------------------- private


def _turned_back(snapshot: Snapshot, category: str, place: tuple[str, str]) -> pl.DataFrame:
    level, code = place
    rows = set_aside_in(nw.from_native(snapshot["set_aside"].lazy()), category)
    here = rows if level == "province" else rows.filter(nw.col(f"{level}_code") == code)
    return collected(here.select("source", "row"))


def _clause(policy: Policy, category: str) -> str:
    obliging = {duty.strength: duty for duty in reversed(policy.founding("obliges"))}
    required_by = {"eligible": obliging.get("should"), "duty_bound": obliging.get("must")}.get(category)
    surveyed = policy.duty("R12" if category == "operating" else "R15")
    return (required_by or surveyed).clause


def _addressed(rows: pl.DataFrame, snapshot: Snapshot, clause: str, as_of: date) -> pl.DataFrame:
    return (
        with_addresses(snapshot, rows, "name")
        .select(
            "enterprise_id",
            "name",
            "credit_code",
            "address",
            pl.lit(clause).alias("clause"),
            pl.lit(as_of).alias("as_of"),
        )
        .sort("enterprise_id")
    )
