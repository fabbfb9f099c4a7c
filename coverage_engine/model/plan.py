"""Plan: states, duties, targets, recommendations, actions and figures of one snapshot, as plain tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from coverage_engine.model.columns import table_of
from coverage_engine.model.snapshot import Snapshot

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Division:
    """行政区划: the division that a plan is made for."""

    code: str
    name: str
    level: str


@dataclass(frozen=True)
class DatedDuty:
    """限期要求: a dated duty of enterprises, and the last working day for it."""

    key: str
    title: str
    title_en: str
    clause: str
    due: date
    warn_on: date


@dataclass(frozen=True)
class PolicyTerms:
    """口径用语: what outputs say in the words of the policy that a plan was judged by.

    `numbers` are the numbers of the documents that papers cite, `cited` the same with their titles; a place
    with fewer firms than `small_base` is not ranked; with `members_to_found` League members a firm founds;
    `hand_in` is the day on which annexes are due. `english` has each reason for which an enterprise is no
    target, Chinese → English.
    """

    numbers: str = ""
    cited: str = ""
    small_base: int = 0
    members_to_found: int = 0
    hand_in: date | None = None
    dated_duties: tuple[DatedDuty, ...] = ()
    english: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """建团计划: the result of one run; outputs draw it and compute nothing (tables: `PLAN_TABLES`).

    `policy_files` are those that were laid over the policy: what is judged again is judged by them too.
    """

    as_of: date
    division: Division
    policy_version: str
    snapshot: Snapshot
    tables: Mapping[str, pl.DataFrame]
    terms: PolicyTerms = PolicyTerms()
    policy_files: tuple[Path, ...] = ()

    def __getitem__(self, name: str) -> pl.DataFrame:
        return table_of(self.tables, name)

    @property
    def enterprises(self) -> pd.DataFrame:
        """Coverage state, obligation, tiers and priority of every enterprise."""
        return self.tables["enterprises"].to_pandas()

    @property
    def recommendations(self) -> pd.DataFrame:
        """The best three paths of every target."""
        return self.tables["recommendations"].to_pandas()

    @property
    def reasons(self) -> pd.DataFrame:
        """The signed steps behind every recommended score."""
        return self.tables["reasons"].to_pandas()

    @property
    def coverage(self) -> pd.DataFrame:
        """Coverage figures per division and denominator, as ranges."""
        return self.tables["coverage"].to_pandas()

    @property
    def findings(self) -> pd.DataFrame:
        """What is wrong or missing in the ledgers."""
        return self.tables["findings"].to_pandas()
