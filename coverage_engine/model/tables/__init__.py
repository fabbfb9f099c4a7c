"""Every table that is read, computed, kept or written, described once; all that handles tables draws on it.

    ledger_*    a Snapshot: enterprises, other bodies, relations, records of the reading
    plan_*      a Plan: enterprises, 建团路径, figures, surroundings
    review_*    a Review: control sheets and ask lists, figures
    campaign    a simulated campaign
    dictionary  the file that describes the others

Each row that came from a ledger carries `source` (see table `sources`) and `row` (1-based Excel row), so the
cell of any fact is `<sheet>!<letter><row>` with the letter from `source_columns`.
"""

from coverage_engine.model.columns import Column, Table, Tables, conform, empty, in_described_order
from coverage_engine.model.tables.campaign import CAMPAIGN_TABLES
from coverage_engine.model.tables.dictionary import DICTIONARY
from coverage_engine.model.tables.ledger_bodies import BODY_TABLES
from coverage_engine.model.tables.ledger_firms import FIRM_TABLES
from coverage_engine.model.tables.ledger_records import RECORD_TABLES, SOURCES
from coverage_engine.model.tables.ledger_relations import RELATION_TABLES, UNLISTED_OFFICES
from coverage_engine.model.tables.plan_figures import COVERAGE_FIGURES, COVERAGE_KEYS, FIGURE_TABLES
from coverage_engine.model.tables.plan_firms import PLAN_FIRM_TABLES
from coverage_engine.model.tables.plan_paths import PATH_TABLES
from coverage_engine.model.tables.plan_surroundings import FINDINGS_TABLE, SURROUNDING_TABLES
from coverage_engine.model.tables.review_figures import REVIEW_FIGURES
from coverage_engine.model.tables.review_sheets import SHEET_TABLES

SNAPSHOT_TABLES = Tables((*FIRM_TABLES, *BODY_TABLES, *RELATION_TABLES, *RECORD_TABLES))
"""The tables of a Snapshot by name."""
PLAN_TABLES = Tables((*PLAN_FIRM_TABLES, *PATH_TABLES, *FIGURE_TABLES, *SURROUNDING_TABLES))
"""The tables of a Plan by name: what planners are handed and what outside checks read."""
DUTY_TABLES = Tables((*SHEET_TABLES, *REVIEW_FIGURES))
"""The tables of a Review by name."""


def plan_files() -> Tables:
    """What a plan writes as files: its tables, the account of the rows read, and offices not listed."""
    return Tables((*PLAN_TABLES.values(), SOURCES, UNLISTED_OFFICES))


def described_as(name: str) -> tuple[Table, ...]:
    """Every table that is written under a name; none where none is."""
    groups = (PLAN_TABLES, SNAPSHOT_TABLES, DUTY_TABLES, CAMPAIGN_TABLES, Tables((DICTIONARY,)))
    return tuple(group[name] for group in groups if name in group)


__all__ = [
    "CAMPAIGN_TABLES",
    "COVERAGE_FIGURES",
    "COVERAGE_KEYS",
    "DICTIONARY",
    "DUTY_TABLES",
    "FINDINGS_TABLE",
    "PLAN_TABLES",
    "SNAPSHOT_TABLES",
    "Column",
    "Table",
    "Tables",
    "conform",
    "described_as",
    "empty",
    "in_described_order",
    "plan_files",
]
