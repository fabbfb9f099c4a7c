"""How the lists of departments are to be read: what is proposed, and the workbook in which it is answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple
from pathlib import Path

from coverage_engine.arguments import CALLABLE, FILE, checked, files, maybe
from coverage_engine.delivery import deliver_file, see_replaceable
from coverage_engine.ledgers.proposing import Proposed, propose


@checked(sources=files(1), file=maybe(FILE), progress=CALLABLE)
def map_ledgers(
    sources: str | Path | Sequence[str | Path],
    *,
    file: Path | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Proposed:
    """What each list is taken for and each of its columns is read as, with the questions that are left.

    Args:
        sources: files and folders, or one alone; mapping workbooks among them count as answered.
        file: where the mapping workbook (.xlsx) is written; filled in and handed in beside the ledgers it
            says how they are read.
        progress: is told how far reading has come.

    Returns:
        `lists`: a form of list each (kind, sheets, rows; for each column its letter, header, samples, field,
        certainty certain | likely | unknown and reason; unknown words; constants wanted), `pairs` of names
            that may be one firm, and `questions`.

    Raises:
        ArgumentError: an argument of the wrong kind, or no source.
        LedgerError: nothing was handed in that can be opened.
        OutputError: `file` is somebody's.

    Source:
        `data/ledgers/*.toml`: kinds, columns, headers and words.

    Example:
        >>> [pair.name for pair in map_ledgers("台账").pairs]
        ['澈岚屿食品有限公司']
    """
    assert isinstance(sources, tuple)
    if file is not None:
        see_replaceable(file)
    mapped = propose(sources, progress)
    if file is not None:
        from coverage_engine.ledgers.handing_out.mapping_workbook import write_mapping

        with deliver_file(file) as aside:
            write_mapping(mapped.lists, [astuple(pair) for pair in mapped.pairs], aside)
    return mapped
