"""The papers of an office: letters, returned annexes, a unit's own blank forms, printing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from coverage_engine.arguments import (
    CALLABLE,
    FILE,
    FOLDER,
    TEXT,
    checked,
    files,
    instance,
    instance_of,
    maybe,
    one_of,
    whole,
)
from coverage_engine.delivery import Delivery, deliver, deliver_file, see_replaceable
from coverage_engine.model.findings import Findings
from coverage_engine.model.plan import Plan
from coverage_engine.model.snapshot import Snapshot

if TYPE_CHECKING:
    from coverage_engine.recommend.definitions import PathBook
    from coverage_engine.reporting.blanks import FilledBlank
    from coverage_engine.returned_annexes import RollUp

Progress = Callable[[str], None]

ANNEXES = ("1", "2", "3", "4", "5")

_PLAN = instance(Plan, "plan 算出的计划（Plan）")


@dataclass(frozen=True)
class Letters:
    """公文: the documents written, in the order of `reports/letters.toml`, and their delivery."""

    files: tuple[Path, ...]
    delivery: Delivery


@dataclass(frozen=True)
class Returned:
    """读回的附件: merged and compared (`rolled`), the plan they answer, and the plan with their changes."""

    rolled: RollUp
    plan: Plan
    changed: Plan

    @property
    def changes(self) -> int:
        """Cells that were changed."""
        return sum(annex.changes.height for annex in self.rolled.returned)


@dataclass(frozen=True)
class PrintedFiles:
    """打印件: PDF files, or pages to be printed from a browser where no LibreOffice is there.

    `substituted` names for each font that the machine lacks what stands in for it (empty: nothing known).
    """

    files: tuple[Path, ...]
    substituted: Mapping[str, str]
    as_pages: bool
    delivery: Delivery


@checked(
    plan=_PLAN,
    folder=FOLDER,
    enterprise_id=maybe(whole(0)),
    map_image=maybe(FILE),
    templates=maybe(FOLDER),
)
def letters(
    plan: Plan,
    folder: str | Path,
    *,
    enterprise_id: int | None = None,
    map_image: Path | None = None,
    templates: Path | None = None,
) -> Letters:
    """Word documents of a plan: notice, letters, founding forms, circular draft, brief, action lists.

    Args:
        plan: whose division's documents are written.
        folder: former documents that are not written anew stay; the templates lie in `模板` there.
        enterprise_id: only the documents of this enterprise (`find_enterprise`).
        map_image: .png for the brief.
        templates: folder of a unit's own `<key>.docx`.

    Raises:
        ArgumentError: an argument of the wrong kind.
        ContentError: python-docx or docxtpl is not installed (extra `letters`).
        LedgerError: the map image or a template cannot be used.
        OutputError: a file of somebody's stands in the way, or a former one is open elsewhere.

    Source:
        `reports/letters.toml` for the texts; GB/T 9704-2012 for the page.

    Example:
        >>> len(letters(plan, "公文").files) > 0
        True
    """
    from coverage_engine.reporting.letters import LetterOptions, write_letter_templates, write_letters

    options = LetterOptions(enterprise_id=enterprise_id, map_image=map_image, templates=templates)
    with deliver(Path(folder), "letters", adds=True) as delivered:
        written = write_letters(plan, delivered.folder, options)
        write_letter_templates(delivered.folder / "模板")
    return Letters(_placed(written, delivered, folder), delivered)


@checked(
    snapshot=instance(Snapshot, "read_ledgers 读出的底数（Snapshot）"),
    annexes=FOLDER,
    findings=maybe(instance(Findings, "read_ledgers 读出的问题（Findings）")),
    division=maybe(TEXT),
    policy_files=files(),
    book=maybe(instance_of("coverage_engine.recommend.definitions", "PathBook", "路径手册（PathBook）")),
    progress=CALLABLE,
)
def returns(
    snapshot: Snapshot,
    annexes: str | Path,
    *,
    findings: Findings | None = None,
    division: str | None = None,
    policy_files: Sequence[Path] = (),
    book: PathBook | None = None,
    progress: Progress = lambda step: None,
) -> Returned:
    """Annexes that counties filled in (.xlsx in a folder), read back, compared with what was sent, merged.

    Args:
        snapshot: from which the annexes were made.
        annexes: folder of the returned workbooks.
        findings: of the reading, for the plan that they answer.
        division: city or county of that plan.
        policy_files: laid over the shipped policy.
        book: the paths with the weights in use.
        progress: is told each step.

    Returns:
        `rolled` (each returned annex with its changed cells, merged rows by annex, findings), the plan they
        answer, and `changed`: the plan of the snapshot with their changes.

    Raises:
        ArgumentError: an argument of the wrong kind.
        DivisionError: no such division.
        PolicyError: a policy file is wrong.

    Source:
        `reports/annex_*.toml` for the layouts, `data/ledgers` for what a cell may hold.

    Example:
        >>> returns(snapshot, "交回").changes
        0
    """
    from coverage_engine.planning import plan as planned
    from coverage_engine.returned_annexes import apply_changes, returned_files, roll_up

    def made(of: Snapshot) -> Plan:
        return planned(
            of,
            findings=findings,
            division=division,
            policy_files=policy_files,
            book=book,
            progress=progress,
        )

    sent = made(snapshot)
    progress("核对交回的附件")
    rolled = roll_up(returned_files(Path(annexes)), sent)
    return Returned(rolled, sent, made(apply_changes(snapshot, rolled.returned)))


@checked(
    returned=instance(Returned, "returns 读回的附件（Returned）"),
    folder=FOLDER,
)
def write_returns(returned: Returned, folder: str | Path) -> Delivery:
    """Returned annexes written: 回填预览.xlsx, the roll-ups in 汇总, and the annexes with the changes.

    Raises:
        ArgumentError: an argument of the wrong kind.
        OutputError: a file of somebody's stands in the way, or a former one is open elsewhere.

    Example:
        >>> write_returns(returned, "汇总").edited
        ()
    """
    from coverage_engine.reporting import write_annexes
    from coverage_engine.returned_annexes import accepted_texts, write_preview, write_roll_up

    rolled, sent = returned.rolled, returned.plan
    with deliver(Path(folder), "returns") as delivered:
        write_preview(rolled, sent.as_of, delivered.folder / "回填预览.xlsx")
        write_roll_up(rolled, sent, delivered.folder / "汇总")
        write_annexes(
            returned.changed, delivered.folder / "annexes", planner_texts=accepted_texts(rolled.returned)
        )
    return delivered


@checked(plan=_PLAN, annex=one_of(ANNEXES), blank=FILE, file=FILE)
def fill_form(plan: Plan, annex: str, blank: str | Path, file: str | Path) -> FilledBlank:
    """A unit's own blank of an annex filled; formats, merged cells and formulas stay as they are.

    Args:
        plan: whose division's rows are filled in.
        annex: `"1"` to `"5"`.
        blank: the empty form (.xlsx).
        file: where the filled one is written.

    Returns:
        How many `rows`, which columns by Excel letter (`filled`), and the headings that no fact was found
        for (`left`).

    Raises:
        ArgumentError: an argument of the wrong kind.
        ContentError: openpyxl is not installed (extra `letters`).
        LedgerError: the blank cannot be opened, or fewer than three of its headings are recognised.
        OutputError: `file` is somebody's.

    Source:
        `reports/blanks.toml`: other names of the headings.

    Example:
        >>> fill_form(plan, "3", "附件3.xlsx", "填好.xlsx").filled["B"]
        'name'
    """
    from coverage_engine.reporting.blanks import fill_blank

    place = Path(file)
    see_replaceable(place)
    with deliver_file(place) as aside:
        done = fill_blank(plan, f"annex_{annex}", Path(blank), aside)
    return replace(done, file=place)


@checked(documents=files(1), folder=FOLDER)
def pdf(documents: str | Path | Sequence[str | Path], folder: str | Path) -> PrintedFiles:
    """Workbooks and Word documents as PDF by LibreOffice; without it, as pages to be printed.

    Raises:
        ArgumentError: an argument of the wrong kind, or no document.
        LedgerError: a document could not be converted; it is named.
        OutputError: a file of somebody's stands in the way, or a former one is open elsewhere.

    Example:
        >>> pdf("附件3.xlsx", "打印").files[0].stem
        '附件3'
    """
    from coverage_engine.reporting.print_pages import write_print_pages
    from coverage_engine.reporting.printing import find_office, write_pdf

    assert isinstance(documents, tuple)
    as_pages = find_office() is None
    with deliver(Path(folder), "pdf", adds=True) as delivered:
        if as_pages:
            written, substituted = write_print_pages(documents, delivered.folder), {}
        else:
            printed = write_pdf(documents, delivered.folder)
            written, substituted = printed.files, printed.substituted
    return PrintedFiles(_placed(written, delivered, folder), substituted, as_pages, delivered)


# ---------------------------------------------------------------------------------------------- private


def _placed(written: Sequence[Path], delivered: Delivery, folder: str | Path) -> tuple[Path, ...]:
    """Files by where they lie once they are delivered; they were written aside."""
    return tuple(Path(folder) / file.relative_to(delivered.folder) for file in written)
