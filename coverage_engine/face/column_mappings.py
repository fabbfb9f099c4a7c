"""How the lists of departments are to be read: what is proposed, and the workbook in which it is answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coverage_engine.arguments import CALLABLE, FILE, checked, files, maybe
from coverage_engine.delivery import deliver_file, see_replaceable
from coverage_engine.ledgers.proposing import propose
from coverage_engine.ledgers.tables.proposed_lists import ProposedList


@dataclass(frozen=True)
class Mapped:
    """表头对照建议: what is proposed for each form of list, and how many answers are wanted."""

    lists: tuple[ProposedList, ...]

    @property
    def questions(self) -> int:
        """Kinds, columns, constants and words that are to be answered."""
        return sum(each.questions for each in self.lists)


@checked(sources=files(1), file=maybe(FILE), progress=CALLABLE)
def map_ledgers(
    sources: str | Path | Sequence[str | Path],
    *,
    file: Path | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Mapped:
    """What each list is taken for and each of its columns is read as, with the questions that are left.

    Args:
        sources: files and folders, or one alone; mapping workbooks among them count as answered.
        file: where the mapping workbook (.xlsx) is written; filled in and handed in beside the ledgers it
            says how they are read.
        progress: is told how far reading has come.

    Returns:
        `lists`: a form of list each (kind, sheets, rows; for each column its letter, header, samples, field,
        certainty certain | likely | unknown and reason; unknown words; constants wanted), and `questions`.

    Raises:
        ArgumentError: an argument of the wrong kind, or no source.
        LedgerError: nothing was handed in that can be opened.
        OutputError: `file` is somebody's.

    Source:
        `data/ledgers/*.toml`: kinds, columns, headers and words.

    Example:
        >>> map_ledgers("台账").questions
        0
    """
    assert isinstance(sources, tuple)
    if file is not None:
        see_replaceable(file)
    mapped = Mapped(propose(sources, progress))
    if file is not None:
        from coverage_engine.ledgers.handing_out.mapping_workbook import write_mapping

        with deliver_file(file) as aside:
            write_mapping(mapped.lists, aside)
    return mapped
