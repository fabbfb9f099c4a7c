"""What ledgers begin with: blank ones, invented ones, and whether those handed in are sound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from coverage_engine.arguments import (
    CALLABLE,
    DAY,
    FILE,
    FOLDER,
    LANGUAGE,
    checked,
    files,
    maybe,
    several,
    whole,
)
from coverage_engine.delivery import Delivery, deliver_file, see_replaceable
from coverage_engine.face.workspaces import read_workspace
from coverage_engine.ledgers import NothingUsable, read_ledgers
from coverage_engine.model.findings import Findings
from coverage_engine.model.plan import Plan
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.vocabulary import Severity
from coverage_engine.samples import write_sample

Progress = Callable[[str], None]

sample = write_sample
"""By the command's name; scripts know it by the other."""


@dataclass(frozen=True)
class Checked:
    """核对结果: what was read, what is wrong in it, and why nothing can be planned from it (None: it can).

    Where nothing can be planned, the snapshot holds the account of the rows alone.
    """

    snapshot: Snapshot
    findings: Findings
    refusal: NothingUsable | None = None

    @property
    def errors(self) -> int:
        """Findings of severity error."""
        return self.findings.of(Severity.ERROR).height


@dataclass(frozen=True)
class Demonstration:
    """示例: the plan of an invented province, the findings of its ledgers, and where all was written."""

    plan: Plan
    findings: Findings
    delivery: Delivery


@checked(
    sources=files(),
    workspace=maybe(FOLDER),
    as_of=maybe(DAY),
    file=maybe(FILE),
    no_clean=several(str, "清洗规则的名称，如 职务"),
    complete=several(str, "齐全的名单，如 党组织台账"),
    progress=CALLABLE,
)
def check(
    sources: str | Path | Sequence[str | Path] = (),
    *,
    workspace: Path | None = None,
    as_of: date | None = None,
    file: Path | None = None,
    no_clean: Sequence[str] = (),
    complete: Sequence[str] = (),
    progress: Progress = lambda step: None,
) -> Checked:
    """Ledgers looked through: what is wrong or missing, where, and how to mend it.

    Args:
        sources: files and folders, or one alone; none where a workspace is given.
        workspace: folder whose kept version is looked at instead.
        as_of: day of the ledgers; by default the day that they tell.
        file: where all findings and quarantined rows are written as .xlsx.
        no_clean: rules of cleaning that are not to be used, such as 职务.
        complete: lists that are whole, such as 党组织台账: who is not in them has none.
        progress: is told how far reading has come.

    Returns:
        Snapshot and findings (`findings.table`, a row a finding: code, severity error | warning | note,
        file, sheet, cell, row, found, wanted, remedy), and `refusal` where no enterprise can be read.

    Raises:
        ArgumentError: an argument of the wrong kind, or no source.
        LedgerError: nothing was handed in that can be opened.
        OutputError: `file` is somebody's.
        WorkspaceError: no such workspace, or nothing was imported yet.

    Source:
        `docs/ledgers.md` of the repository and `data/ledgers/*.toml`: kinds, columns and their rules.

    Example:
        >>> check("台账", file=Path("问题清单.xlsx")).errors
        0
    """
    if file is not None:
        see_replaceable(file)
    refusal = None
    try:
        if workspace is None:
            snapshot, findings = read_ledgers(
                sources, as_of=as_of, no_clean=no_clean, complete=complete, progress=progress
            )
        else:
            snapshot, findings = read_workspace(workspace)
    except NothingUsable as error:
        snapshot, findings, refusal = error.snapshot, error.findings, error
    if file is not None:
        deliver_findings(findings, snapshot, file)
    return Checked(snapshot, findings, refusal)


def deliver_findings(findings: Findings, snapshot: Snapshot, file: Path) -> None:
    """All findings, what was cleaned and the rows turned back, whole, as one .xlsx."""
    from coverage_engine.ledgers.handing_out.findings_workbook import write_findings

    with deliver_file(file) as aside:
        write_findings(findings, snapshot, aside)


@checked(file=FILE)
def template(file: str | Path) -> Path:
    """The blank workbook (.xlsx) of all ledgers written, with notes and choice lists; required headers: `*`.

    Raises:
        ArgumentError: an argument of the wrong kind.
        OutputError: there is such a file, and it is not ours or was edited.

    Source:
        `data/ledgers/*.toml`: a sheet a kind, a column an entry.

    Example:
        >>> template("空白台账.xlsx").name
        '空白台账.xlsx'
    """
    from coverage_engine.ledgers.handing_out.template import write_template

    place = Path(file)
    with deliver_file(place) as aside:
        write_template(aside)
    return place


@checked(folder=FOLDER, enterprises=whole(1), seed=whole(0), lang=LANGUAGE, progress=CALLABLE, part=CALLABLE)
def demo(
    folder: str | Path = "demo-output",
    *,
    enterprises: int = 60_000,
    seed: int = 2019,
    lang: str = "zh",
    progress: Progress = lambda step: None,
    part: Progress = lambda words: None,
) -> Demonstration:
    """The whole job on an invented province: `ledgers/` and all outputs of a plan in one folder.

    `progress` is told each step, `part` how far reading has come.

    Raises:
        ArgumentError: fewer than one enterprise, or an argument of the wrong kind.
        OutputError: a file of somebody's stands in the way, or a former one is open elsewhere.

    Example:
        >>> demo("示例", enterprises=60).plan["enterprises"].height
        60
    """
    from coverage_engine.planning import plan, write_plan

    place = Path(folder)
    progress("编造样例省（企业均为虚构）")
    write_sample(place / "ledgers", enterprises=enterprises, seed=seed)
    progress("读取台账")
    snapshot, findings = read_ledgers(place / "ledgers", progress=part)
    made = plan(snapshot, findings=findings, progress=progress)
    return Demonstration(made, findings, write_plan(made, place, lang=lang, progress=progress))
