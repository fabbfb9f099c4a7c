"""Reading ledgers: from files or rows in memory to one Snapshot and the findings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isnan
from pathlib import Path

import polars as pl

from coverage_engine.arguments import (
    CALLABLE,
    DAY,
    checked,
    files,
    mapping,
    maybe,
    several,
)
from coverage_engine.divisions.resolver import resolver
from coverage_engine.divisions.table import edition_of
from coverage_engine.errors import LedgerError
from coverage_engine.ledgers.assembling.completeness import complete_lists, see_declared
from coverage_engine.ledgers.assembling.presumptions import presume, with_public_names
from coverage_engine.ledgers.assembly import Setting, assemble
from coverage_engine.ledgers.files.handed_in_folders import FileTrouble
from coverage_engine.ledgers.files.raw_sheets import RawSheet, at_the_door, open_sources
from coverage_engine.ledgers.files.text_files import grid_of
from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.identity.decisions import Decision
from coverage_engine.ledgers.identity.fact_ranks import TEMPLATE
from coverage_engine.ledgers.kinds import ledger_kind, ledger_kinds
from coverage_engine.ledgers.list_mappings import NO_MAPPINGS, Mappings
from coverage_engine.ledgers.personal_data import without_people, without_personal_data
from coverage_engine.ledgers.tables.cleaning import rules_left_out
from coverage_engine.ledgers.tables.dating import as_of_day
from coverage_engine.ledgers.tables.list_titles import with_list_facts
from coverage_engine.ledgers.tables.mapping_sheets import HandedIn, apart
from coverage_engine.ledgers.tables.place_grounds import with_place_grounds
from coverage_engine.ledgers.tables.row_places import Presumed
from coverage_engine.ledgers.tables.set_aside import set_aside
from coverage_engine.ledgers.tables.sheets import Layout, lay_out, without_hidden_copies
from coverage_engine.ledgers.tables.source_order import in_rank
from coverage_engine.ledgers.tables.sources import (
    counted_sources,
    source_columns,
    source_names,
    tell_sheet,
    tell_troubles,
)
from coverage_engine.ledgers.tables.stacked import tables_of
from coverage_engine.ledgers.tables.turned_back import quarantine_rows
from coverage_engine.ledgers.tables.typed_rows import empty_rows, type_rows
from coverage_engine.model.findings import Findings
from coverage_engine.model.snapshot import Snapshot, build_snapshot
from coverage_engine.model.tables import SNAPSHOT_TABLES, conform, empty

_IN_MEMORY = "内存"


_DECISIONS = several(Decision, "以前的答复（Decision）")
_RULES = several(str, "清洗规则的名称，如 职务")
_LISTS = several(str, "齐全的名单，如 党组织台账")
_TABLES = mapping(
    str,
    lambda rows: (
        isinstance(rows, Sequence)
        and not isinstance(rows, str)
        and all(isinstance(row, Mapping) for row in rows)
    ),
    "台账名到各行的字典，如 {'企业台账': [{'企业名称': '…', '所在地区': '…'}]}",
)


class NothingUsable(LedgerError):  # noqa: N818 - it says what is the matter
    """No enterprise can be read from what was handed in; with the account of it: `snapshot` and `findings`.

    The snapshot holds sources, columns and quarantine alone.
    """

    def __init__(self, reason: LedgerError, snapshot: Snapshot, findings: Findings) -> None:
        super().__init__(reason.problem, reason.remedy)
        self.snapshot = snapshot
        self.findings = findings


@dataclass(frozen=True)
class Request:
    """How to read: as of which date (None: find out), with which earlier answers about doubtful pairs.

    `no_clean` are rules of cleaning that are not to be used, by key or name; `complete` the lists that are
    declared whole, by name.
    """

    as_of: date | None = None
    decisions: tuple[Decision, ...] = ()
    no_clean: tuple[str, ...] = ()
    complete: tuple[str, ...] = ()


@checked(
    sources=files(1),
    as_of=maybe(DAY),
    decisions=_DECISIONS,
    no_clean=_RULES,
    complete=_LISTS,
    progress=maybe(CALLABLE),
)
def read_ledgers(
    sources: str | Path | Sequence[str | Path],
    *,
    as_of: date | None = None,
    decisions: Sequence[Decision] = (),
    no_clean: Sequence[str] = (),
    complete: Sequence[str] = (),
    progress: Callable[[str], None] | None = None,
) -> tuple[Snapshot, Findings]:
    """All ledgers in files and folders as one checked Snapshot, with what is wrong or missing in them.

    `sources` is a list of files and folders, or one alone. `as_of` is by default the day that the ledgers
    tell (export, file name, title, footer), which is a note, else today, which is a warning (`dating`).
    `decisions` are answers given earlier about doubtful pairs; `no_clean` are rules of cleaning that are not
    to be used (`data/ledgers/words/cleaning.toml`), such as 职务. `complete` are lists declared whole
    (`complete_lists.toml`), such as 党组织台账: who is not in them has none.

    Raises:
        ArgumentError: an argument of the wrong kind, or no source.
        LedgerError: nothing was handed in that can be opened.
        NothingUsable: no 企业台账 is among it, or none of it is usable.

    Source:
        `data/ledgers/*.toml`: kinds, columns and their rules.

    Example:
        >>> snapshot, findings = read_ledgers("台账/企业台账.csv")
        >>> snapshot["enterprises"].height
        1
    """
    assert isinstance(sources, tuple)
    lists = open_lists(sources, _without_people(progress))
    see_declared(complete)
    request = Request(as_of, (*answers_of(lists), *decisions), tuple(no_clean), tuple(complete))
    return check(lay_out_all(lists.lists, lists.mappings), lists.troubles, request, progress)


@checked(tables=_TABLES, as_of=maybe(DAY), decisions=_DECISIONS, no_clean=_RULES)
def read_tables(
    tables: Mapping[str, Sequence[Mapping[str, object]]],
    *,
    as_of: date | None = None,
    decisions: Sequence[Decision] = (),
    no_clean: Sequence[str] = (),
) -> tuple[Snapshot, Findings]:
    """The same from rows in memory: `{"企业台账": [{"企业名称": ..., "团员数": 3}, ...], ...}`.

    Raises:
        ArgumentError: an argument of the wrong kind, or no table.
        LedgerError: no 企业台账 is among the tables, or none of it is usable.

    Example:
        >>> firms = [{"企业名称": "甲有限公司", "所在地区": "410105", "团员数": 3}]
        >>> read_tables({"企业台账": firms})[0]["enterprises"]["league_members"].to_list()
        [3]
    """
    sheets = [_sheet_in_memory(name, rows) for name, rows in tables.items()]
    return check(lay_out_all(sheets), [], Request(as_of, tuple(decisions), tuple(no_clean)))


def open_lists(sources: Sequence[str | Path], progress: Callable[[str], None] | None = None) -> HandedIn:
    """The sheets of the lists handed in, what the mapping workbooks among them say, and what is troubled.

    Raises:
        LedgerError: nothing was handed in that can be opened.
    """
    sheets, troubles = open_sources(sources, progress)
    lists = apart(sheets)
    return replace(lists, troubles=(*troubles, *lists.troubles))


def answers_of(lists: HandedIn) -> tuple[Decision, ...]:
    """What the mapping workbooks among the lists say about doubtful pairs."""
    return tuple(Decision(left, right, same) for left, right, same in lists.answers)


def lay_out_all(sheets: Sequence[RawSheet], mappings: Mappings = NO_MAPPINGS) -> list[Layout]:
    """The tables of raw sheets, each with its kind, columns and data rows, in the stated rank of sources.

    Here reading ends. Lists of which `mappings` speak are read as they say.
    """
    tables = [part for sheet in sheets for part in tables_of(without_personal_data(sheet))]
    layouts = without_hidden_copies([lay_out(sheet, number, mappings) for number, sheet in enumerate(tables)])
    return in_rank(with_list_facts(with_place_grounds(layouts)))


def check(
    layouts: Sequence[Layout],
    troubles: Sequence[FileTrouble],
    request: Request,
    progress: Callable[[str], None] | None = None,
) -> tuple[Snapshot, Findings]:
    """The Snapshot of tables laid out, and the findings: here checking begins.

    Raises:
        NothingUsable: no 企业台账 is among the tables, or none of it is usable.
    """
    columns = source_columns(layouts)
    log = FindingLog(source_names(layouts), columns)
    tell_troubles(sorted(troubles, key=lambda each: (each.file, each.code, each.problem)), log)
    for layout in layouts:
        tell_sheet(layout, log)
    dated = as_of_day(layouts, request.as_of, log)
    day = dated.day
    edition = edition_of(day)
    if progress:
        progress("核查台账")
    rows, counts, returned, places = _typed(layouts, log, edition, rules_left_out(request.no_clean))
    quarantine = returned["quarantine"]
    account = {
        "sources": counted_sources(layouts, *counts),
        "source_columns": columns.filter(~pl.col("field").str.starts_with("column ")),
        **returned,
    }
    if rows["enterprises"].is_empty():
        reason = _without_enterprises(layouts, troubles) or _nothing_usable(layouts, log)
        raise NothingUsable(reason, build_snapshot(day, account, frozenset()), log.findings())
    with_system = frozenset(
        layout.source
        for layout in layouts
        if any(place.column.key == "coordinate_system" for place in layout.columns)
    )
    forms = {layout.source: layout.form.form if layout.form else TEMPLATE for layout in layouts}
    whole = complete_lists(layouts, request.complete, counts[1], resolver(edition), log)
    assembled = assemble(
        rows, Setting(day, edition, resolver(edition), with_system, log, request.decisions, forms, whole)
    )
    # A sheet without a row that could be used (blank, or turned back whole) tells nothing.
    kinds = frozenset(kind for kind, frame in rows.items() if frame.height)
    enterprises = with_public_names(layouts, assembled["enterprises"])
    assembled |= account
    assembled["enterprises"] = enterprises
    assembled["presumptions"] = presume(layouts, assembled, dated, kinds, log, places)
    assembled["set_aside"] = set_aside(layouts, quarantine, enterprises, resolver(edition))
    return build_snapshot(day, assembled, kinds), log.findings()


# ---------------------------------------------------------------------------------------------- private

_Typed = tuple[
    dict[str, pl.DataFrame],
    tuple[dict[int, int], dict[int, int]],
    dict[str, pl.DataFrame],
    dict[int, Sequence[Presumed]],
]


def _without_people(progress: Callable[[str], None] | None) -> Callable[[str], None] | None:
    """The names of files are said too, and may name people."""
    if progress is None:
        return None
    return lambda words: progress(without_people(words))


def _sheet_in_memory(name: str, rows: Sequence[Mapping[str, object]]) -> RawSheet:
    headers = list(dict.fromkeys(header for row in rows for header in row))
    texts = [[_text(row.get(header)) for header in headers] for row in rows]
    digest = hashlib.sha256(json.dumps([headers, *texts], ensure_ascii=False).encode()).hexdigest()
    return at_the_door(RawSheet(_IN_MEMORY, digest, name, grid_of([headers, *texts] if headers else [])))


def _text(value: object) -> str:
    if value is None or (isinstance(value, float) and isnan(value)):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value)


def _without_enterprises(layouts: Sequence[Layout], troubles: Sequence[FileTrouble]) -> LedgerError | None:
    if any(layout.kind and layout.kind.kind == "enterprises" for layout in layouts):
        return None
    recognised = (
        "、".join(dict.fromkeys(layout.kind.sheet for layout in layouts if layout.kind)) or "没有认出的台账"
    )
    unread = "；".join(f"{trouble.problem}" for trouble in troubles if trouble.code == "file.unreadable")
    required = "、".join(column.header for column in ledger_kind("enterprises").required)
    return LedgerError(
        f"交来的文件里没有企业台账（认出的有：{recognised}）"
        + (f"；另有打不开的文件：{unread}" if unread else ""),
        f"请补交企业台账：工作表或文件名写“企业台账”，表头至少有 {required}；"
        "空白台账可用 coverage-engine template 生成。",
    )


def _nothing_usable(layouts: Sequence[Layout], log: FindingLog) -> LedgerError:
    missing = [
        f"{layout.raw.file} 的“{layout.raw.sheet}”缺少必填列 "
        + "、".join(column.header for column in layout.missing)
        for layout in layouts
        if layout.kind and layout.kind.kind == "enterprises" and layout.missing
    ]
    if missing:
        return LedgerError("企业台账不能用：" + "；".join(missing), "请在表头补上这些列并填写后再试。")
    errors = log.findings().table.filter(pl.col("severity") == "error")
    if errors.is_empty():
        return LedgerError("企业台账里没有一行数据", "请在表头下填写企业，一行一家，再试。")
    first = errors.row(0, named=True)
    return LedgerError(
        f"企业台账里没有一行能用（共退回 {errors['row'].n_unique()} 行；"
        f"如 {first['sheet']}!{first['cell']}“{first['found']}”）",
        str(first["remedy"]),
    )


def _typed(layouts: Sequence[Layout], log: FindingLog, edition: str, without: frozenset[str]) -> _Typed:
    """Typed rows by kind, counts of accepted and quarantined rows, what became of others, places presumed.

    What became of the others are the tables `quarantine`, `headings` and `cleanings`.
    """
    frames = {kind.kind: [empty_rows(kind)] for kind in ledger_kinds()}
    accepted: dict[int, int] = {}
    quarantined: dict[int, int] = {}
    places: dict[int, Sequence[Presumed]] = {}
    parts = {name: [empty(SNAPSHOT_TABLES[name])] for name in ("quarantine", "headings", "cleanings")}
    for layout in layouts:
        if layout.kind is None:
            bad = layout.rows.select("row", pl.lit("sheet.unknown_kind").alias("reason"))
        else:
            typed = type_rows(layout, layout.kind, log, resolver(edition), without)
            frames[layout.kind.kind].append(typed.accepted)
            accepted[layout.source], bad = typed.accepted["row"].n_unique(), typed.quarantined
            places[layout.source] = typed.presumed
            parts["cleanings"].append(conform(typed.cleaned, SNAPSHOT_TABLES["cleanings"]))
        quarantined[layout.source] = bad.height
        for name, table in zip(("quarantine", "headings"), quarantine_rows(layout, bad), strict=True):
            parts[name].append(table)
    rows = {kind: pl.concat(typed_rows) for kind, typed_rows in frames.items()}
    returned = {name: pl.concat(tables) for name, tables in parts.items()}
    return rows, (accepted, quarantined), returned, places
