"""Explains one enterprise: of a plan, of a snapshot, or of a workspace, where what is told of all is kept.

In a workspace the first explanation computes the tables that every enterprise is explained from and keeps
them beside the version. Later ones read the rows of their enterprise, and load neither the expressions nor
the policy that the tables were computed with. Kept tables go by a name made of all that they depend on, so
that nothing out of date is ever read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from coverage_engine.content import content_root
from coverage_engine.explanation.explained import Explained
from coverage_engine.explanation.explanations import Explanations, Wording
from coverage_engine.explanation.telling import explanation_of
from coverage_engine.graph.ties import TIED, Tables
from coverage_engine.model.columns import Table
from coverage_engine.model.tables import SNAPSHOT_TABLES
from coverage_engine.workspace.folder import Workspace, open_workspace
from coverage_engine.workspace.journal import Entry
from coverage_engine.workspace.stored_results import keep_results, name_of, stored_results
from coverage_engine.workspace.versions import counting_entry, verified_files

if TYPE_CHECKING:
    from coverage_engine.model.plan import Plan
    from coverage_engine.model.snapshot import Snapshot
    from coverage_engine.recommend.definitions import PathBook

Finder = Callable[[pl.LazyFrame], int]
"""Finds the enterprise asked about in the table `enterprises`."""

# So many enterprises are told of together: more would not fit in the memory of a small machine.
_STRETCH = 100_000


@dataclass(frozen=True)
class Basis:
    """What explanations rest on beside the ledgers: policy files, the weights in use, the language.

    `weights` are the bytes that name and make up learned weights; `book` loads the paths with them, those of
    the province's own folder `own_paths` among them.
    """

    policies: Sequence[Path]
    weights: tuple[bytes, ...]
    book: Callable[[], PathBook]
    lang: str = "zh"
    progress: Callable[[str], None] = lambda step: None
    own_paths: Path | None = None


@dataclass(frozen=True)
class ExplainedEnterprise:
    """One enterprise explained, with the tables that more can be drawn from."""

    enterprise_id: int
    explained: Explained
    known: Explanations
    ledgers: Tables


def explain_of_plan(plan: Plan, find: Finder, basis: Basis) -> ExplainedEnterprise:
    """One enterprise of a plan explained, as the plan judged it.

    Raises:
        PolicyError: a policy file is wrong.
        (what `find` raises)
    """
    from coverage_engine.explanation.judgements import explanations_of_plan
    from coverage_engine.policy import load_policy

    firm = find(plan.snapshot["enterprises"].lazy())
    policy = load_policy(plan.as_of, basis.policies or plan.policy_files)
    known = explanations_of_plan(plan, firm, policy, basis.book(), basis.lang)
    return ExplainedEnterprise(
        firm, explanation_of(firm, known, plan.snapshot.tables), known, plan.snapshot.tables
    )


def explain_of_snapshot(snapshot: Snapshot, find: Finder, basis: Basis) -> ExplainedEnterprise:
    """One enterprise of a snapshot explained.

    Raises:
        PolicyError: a policy file is wrong.
        (what `find` raises)
    """
    firm = find(snapshot["enterprises"].lazy())
    known = _computed(snapshot, pl.Series([firm]), basis)
    return ExplainedEnterprise(firm, explanation_of(firm, known, snapshot.tables), known, snapshot.tables)


def explain_of_workspace(folder: Path, find: Finder, basis: Basis) -> ExplainedEnterprise:
    """One enterprise of the version that counts explained, from what is kept where it is.

    Raises:
        PolicyError: a policy file is wrong.
        WorkspaceError: no workspace, nothing imported yet, or files were changed.
        (what `find` raises)
    """
    workspace = open_workspace(folder)
    entry = counting_entry(workspace)
    ledgers = _scanned(workspace, entry)
    firm = find(ledgers["enterprises"].lazy())
    name = name_of(_depends_on(entry, firm // _STRETCH, basis))
    known = _stored(workspace, name) or _stored_anew(workspace, firm // _STRETCH, name, basis)
    return ExplainedEnterprise(firm, explanation_of(firm, known, ledgers), known, ledgers)


# ---------------------------------------------------------------------------------------------- private


def _scanned(workspace: Workspace, entry: Entry) -> Tables:
    """The tables that ties are gathered from, verified; loaded whole where older software described them."""
    files = verified_files(workspace, entry, TIED)
    tables = {name: pl.scan_parquet(file) for name, file in files.items()}
    if len(tables) == len(TIED) and all(_described(tables[name], SNAPSHOT_TABLES[name]) for name in TIED):
        return tables
    from coverage_engine.workspace.stored_snapshots import load_current

    return load_current(workspace)[0].tables


def _described(scanned: pl.LazyFrame, table: Table) -> bool:
    return dict(scanned.collect_schema()) == {column.name: column.dtype for column in table}


def _depends_on(entry: Entry, stretch: int, basis: Basis) -> Iterator[bytes]:
    """All that the tables depend on: ledgers with their day, policy, paths, weights, the program itself."""
    yield f"explanations {stretch} {basis.lang} {entry.manifest}".encode()
    yield from basis.weights
    # A file that is not there is told of when the tables are computed.
    yield from (file.read_bytes() if file.is_file() else b"" for file in basis.policies)
    content, package = content_root(), Path(__file__).parents[1]
    own = () if basis.own_paths is None else ((basis.own_paths, "*.toml"),)
    for folder, kind in ((content / "paths", "*"), *own, (content / "data", "*"), (package, "*.py")):
        for file in sorted(each for each in folder.rglob(kind) if each.is_file()):
            yield file.relative_to(folder).as_posix().encode()
            yield file.read_bytes()


def _stored(workspace: Workspace, name: str) -> Explanations | None:
    stored = stored_results(workspace, name)
    try:
        return Explanations(stored.tables, Wording.from_json(stored.words)) if stored is not None else None
    except (KeyError, TypeError, ValueError):
        return None


def _stored_anew(workspace: Workspace, stretch: int, name: str, basis: Basis) -> Explanations:
    from coverage_engine.workspace.stored_snapshots import load_current

    snapshot = load_current(workspace)[0]
    ids = snapshot["enterprises"]["enterprise_id"]
    known = _computed(snapshot, ids.filter(ids // _STRETCH == stretch), basis)
    tables = {table: frame.lazy().collect() for table, frame in known.tables.items()}
    keep_results(workspace, name, tables, known.wording.as_json())
    return known


def _computed(snapshot: Snapshot, firms: pl.Series, basis: Basis) -> Explanations:
    """The tables of some enterprises, from the ledgers."""
    import narwhals as nw

    from coverage_engine.explanation.judgements import explanations, judged
    from coverage_engine.policy import load_policy

    policy = load_policy(snapshot.as_of, basis.policies)
    first, last = firms.min(), firms.max()
    wanted = (nw.col("enterprise_id") >= first) & (nw.col("enterprise_id") <= last)
    basis.progress("判断覆盖状态和应建要求")
    known = judged(snapshot, policy, basis.book(), wanted)
    basis.progress("评估各条建团路径")
    return explanations(known, wanted, basis.lang)
