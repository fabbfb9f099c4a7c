"""Review: what to ask, what is due, how figures stand and why they moved; from one snapshot, or two.

A review draws on the same judgements as a plan and adds no paths: control sheets, deadlines, ask lists,
margins, estimates with intervals, the draft 通报, and the bridge from an earlier snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from coverage_engine.arguments import (
    CALLABLE,
    FOLDER,
    LANGUAGE,
    TEXT,
    checked,
    files,
    instance,
    maybe,
    one_of,
)
from coverage_engine.coverage import (
    ask_firms,
    asks,
    assess,
    bridge,
    control_sheets,
    estimates,
    league_table,
    margins,
    notices,
)
from coverage_engine.delivery import Delivery, deliver
from coverage_engine.dictionary.division_limits import limited
from coverage_engine.divisions.choice import choose_division
from coverage_engine.model.columns import table_of
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.tables import DUTY_TABLES
from coverage_engine.policy import load_policy

BRIDGED: tuple[str, ...] = ("operating", "eligible", "duty_bound")
"""Denominators of which the movement between two snapshots is told."""

Progress = Callable[[str], None]

_SNAPSHOT = instance(Snapshot, "read_ledgers 读出的底数（Snapshot）")


@dataclass(frozen=True)
class Review:
    """核查与督导: the tables of one review (columns: `DUTY_TABLES`)."""

    as_of: date
    policy_version: str
    tables: Mapping[str, pl.DataFrame]

    def __getitem__(self, name: str) -> pl.DataFrame:
        return table_of(self.tables, name)


@checked(
    snapshot=_SNAPSHOT,
    before=maybe(_SNAPSHOT),
    policy_files=files(),
    level=one_of(("city", "county")),
    division=maybe(TEXT),
    progress=CALLABLE,
)
def review(
    snapshot: Snapshot,
    *,
    before: Snapshot | None = None,
    policy_files: Sequence[Path] = (),
    level: str = "city",
    division: str | None = None,
    progress: Progress = lambda step: None,
) -> Review:
    """The review of a snapshot, compared with an earlier one if given; ranks divisions of `level`.

    `division` leaves the rows of one city or county in the tables that tell places.

    Raises:
        ArgumentError: an argument of the wrong kind, or an unknown level.
        DivisionError: no such division.
        PolicyError: a policy file is wrong.

    Source:
        `data/policy`; columns: `DUTY_TABLES`.

    Example:
        >>> review(snapshot)["league_table"].is_empty()
        False
    """
    policy = load_policy(snapshot.as_of, policy_files)
    chosen = choose_division(snapshot, division)
    progress("判断各项要求")
    assessed = assess(snapshot, policy)
    coverage, sheets = assessed["coverage"], control_sheets(snapshot, policy, assessed)
    progress("推算覆盖率和误差")
    rates = estimates(snapshot, policy)
    tables = {
        **sheets,
        "asks": asks(snapshot, policy),
        "ask_firms": ask_firms(snapshot, policy),
        "margins": margins(snapshot, policy),
        "estimates": rates,
        "league_table": league_table(rates, coverage, level),
        "notices": notices(policy, coverage, sheets, level),
    }
    if before is not None:
        progress("核对两期变动")
        former = load_policy(before.as_of, policy_files)
        parts = [bridge(before, snapshot, (former, policy), category) for category in BRIDGED]
        tables |= {name: pl.concat([part[name] for part in parts]) for name in parts[0]}
    return Review(snapshot.as_of, policy.version, limited(tables, DUTY_TABLES, snapshot, chosen))


@checked(made=instance(Review, "review 作出的核查结果（Review）"), folder=FOLDER, lang=LANGUAGE)
def write_review(made: Review, folder: Path, *, lang: str = "zh") -> Delivery:
    """Write the workbooks (control sheets, ask lists, draft 通报, bridge) and every table as CSV.

    `lang` is the language of the dictionary of the tables.

    An earlier review in the folder is replaced as a whole; what a person edited in it is set aside.

    Raises:
        ArgumentError: an argument of the wrong kind.
        OutputError: a file of somebody's stands in the way, or one of the former review is open elsewhere.
        OSError: the disk is full or the like; the former review is whole.

    Example:
        >>> write_review(review(snapshot), "核查").edited
        ()
    """
    from coverage_engine import reporting

    writers = [reporting.write_control_sheets, reporting.write_ask_lists, reporting.write_notice_draft]
    if "bridge" in made.tables:
        writers.append(reporting.write_bridge)
    with deliver(folder, "review") as delivered:
        for write in writers:
            write(made.tables, delivered.folder, as_of=made.as_of, policy_version=made.policy_version)
        reporting.write_duty_tables(made.tables, delivered.folder / "tables", lang)
    return delivered
