"""One enterprise explained: of a plan, of a snapshot, or of a workspace, where the tables behind are kept.

A workspace's kept explanation is read without the expressions, the policy and the paths it was made with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from coverage_engine.arguments import (
    CALLABLE,
    FILE,
    FOLDER,
    LANGUAGE,
    TEXT,
    checked,
    either,
    files,
    instance,
    instance_of,
    maybe,
    whole,
)
from coverage_engine.delivery import deliver_file, see_replaceable
from coverage_engine.explanation.enterprise_numbers import refuse_unknown
from coverage_engine.explanation.explaining import (
    Basis,
    ExplainedEnterprise,
    explain_of_plan,
    explain_of_snapshot,
    explain_of_workspace,
)
from coverage_engine.explanation.lines import explanation_text
from coverage_engine.face.enterprises import find_enterprise
from coverage_engine.model.plan import Plan
from coverage_engine.model.snapshot import Snapshot

if TYPE_CHECKING:
    from coverage_engine.recommend.definitions import PathBook

# Most siblings and most neighbours in the drawing of one enterprise.
_DRAWN_FIRMS = 8
_COVERED = {"own": True, "joint": True, "uncovered": False, "youth_only": False}


@checked(
    plan=either(
        instance(Plan, "plan 算出的计划（Plan）"),
        instance(Snapshot, "read_ledgers 读出的底数（Snapshot）"),
        FOLDER,
    ),
    enterprise_id=either(whole(0), TEXT),
    lang=LANGUAGE,
    book=maybe(instance_of("coverage_engine.recommend.definitions", "PathBook", "路径手册（PathBook）")),
    policy_files=files(),
    models=maybe(FOLDER),
    own_paths=maybe(FOLDER),
    page=maybe(FILE),
    progress=CALLABLE,
)
def explain(
    plan: Plan | Snapshot | str | Path,
    enterprise_id: int | str,
    lang: str = "zh",
    book: PathBook | None = None,
    *,
    policy_files: Sequence[Path] = (),
    models: Path | None = None,
    own_paths: Path | None = None,
    page: Path | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> str:
    """One enterprise told in lines: state, duty with clauses, every path, ties, past attempts alike.

    Args:
        plan: a plan, a snapshot, or the folder of a workspace.
        enterprise_id: its number, full name or credit code; of a name a part that only one has.
        lang: `zh` or `en`.
        book: the paths with the weights in use; by default those of `models`.
        policy_files: laid over the shipped policy.
        models: folder of learned weights; by default that of the workspace, else the expert's weights.
        own_paths: folder of a province's own paths, laid over the shipped ones.
        page: where the same is written as a page (.html) with drawings, to be read offline and printed.
        progress: is told each step.

    Returns:
        Lines of text; contributions are log-odds with six decimals at most, chances in per cent.

    Raises:
        ArgumentError: an argument of the wrong kind.
        LedgerError: no enterprise of that name or code, or several.
        OutputError: `page` is somebody's.
        PolicyError: a policy file is wrong.
        UnknownEnterpriseError: no such enterprise in the snapshot; a KeyError too.
        WorkspaceError: no workspace, nothing imported yet, or files were changed.

    Source:
        `paths/*.toml` (weights and their evidence), `data/policy` (duties and clauses).

    Example:
        >>> explain(plan, "澈岚屿").splitlines()[0]
        '企业：郑州澈岚屿食品有限公司（—）　郑州市金水区'
    """
    if page is not None:
        see_replaceable(page)
    if models is None and isinstance(plan, str | Path):
        models = Path(plan) / "models"
    chosen = partial(_book, book, models, own_paths)
    basis = Basis(policy_files, _weights(book, models), chosen, lang, progress, own_paths)
    explanation = _explanation_of(plan, enterprise_id, basis)
    if page is not None:
        _write_page(explanation, page, lang)
    return explanation_text(explanation.explained, lang)


# ---------------------------------------------------------------------------------------------- private


def _explanation_of(
    known: Plan | Snapshot | str | Path, wanted: int | str, basis: Basis
) -> ExplainedEnterprise:
    def find(enterprises: pl.LazyFrame) -> int:
        if isinstance(wanted, str):
            return find_enterprise(enterprises, wanted, basis.lang)
        refuse_unknown(enterprises.select("enterprise_id").collect(), wanted)
        return wanted

    if isinstance(known, Plan):
        return explain_of_plan(known, find, basis)
    if isinstance(known, Snapshot):
        return explain_of_snapshot(known, find, basis)
    basis.progress("打开工作目录")
    return explain_of_workspace(Path(known), find, basis)


def _weights(book: PathBook | None, models: Path | None) -> tuple[bytes, ...]:
    """What tells one set of weights from another, so that no kept explanation of others is read."""
    from coverage_engine.learning.in_use import bytes_in_use

    if book is not None:
        return (repr(book).encode(),)
    return () if models is None else bytes_in_use(models)


def _book(book: PathBook | None, models: Path | None, own_paths: Path | None) -> PathBook:
    from coverage_engine.face.lessons import load_weights

    return book or load_weights(models, own_paths)


def _write_page(explanation: ExplainedEnterprise, file: Path, lang: str) -> None:
    from coverage_engine.explanation.layout import laid_out
    from coverage_engine.explanation.page import write_explanation
    from coverage_engine.explanation.telling import states_of
    from coverage_engine.graph.network import as_graph
    from coverage_engine.graph.ties import ties_of

    words = explanation.known.wording
    ties = ties_of(
        explanation.ledgers, explanation.enterprise_id, radius_metres=words.radius_metres, cap=_DRAWN_FIRMS
    )
    states = states_of(explanation.known, ties.firms())
    drawing = laid_out(as_graph(ties), {firm: _COVERED.get(state) for firm, state in states.items()})
    drawn = replace(explanation.explained, drawing=drawing)
    with deliver_file(file) as aside:
        write_explanation(drawn, aside, date.fromisoformat(words.as_of), words.policy, lang=lang)
