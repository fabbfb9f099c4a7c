"""One line of a text ledger cut into cells; a quote that closes nothing is a mark like any other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Opening:
    """A quoted cell that the line opens and does not close: its column, and where its text begins."""

    column: int
    begin: int


def cells_of(line: str, separator: str, begin: int = 0) -> tuple[list[str], list[int], Opening | None]:
    """Cells from a place of the line on, the columns with odd quotes, and the first cell left open.

    A cell left open is cut at the next separator, its quote kept, as is one whose quotes do not end it.
    """
    cells: list[str] = []
    odd: list[int] = []
    opening: Opening | None = None
    at = begin
    while True:
        start = _after_spaces(line, at)
        if not line.startswith('"', start):
            end = _end(line, separator, at)
            cells.append(line[at:end])
        else:
            close = closing(line, start + 1)
            end = after_quote(line, separator, close) if close >= 0 else -1
            if end >= 0:
                cells.append(line[start + 1 : close].replace('""', '"'))
            else:
                if close < 0 and opening is None:
                    opening = Opening(len(cells), start + 1)
                odd.append(len(cells))
                end = _end(line, separator, start)
                cells.append(_as_marks(line[start:end]))
        if end >= len(line):
            return cells, odd, opening
        at = end + 1


def closing(line: str, begin: int) -> int:
    """Where the quote stands that closes a cell; -1 for none. Two quotes are one inside the cell."""
    at = line.find('"', begin)
    while at >= 0 and line.startswith('"', at + 1):
        at = line.find('"', at + 2)
    return at


def after_quote(line: str, separator: str, close: int) -> int:
    """Where the cell ends that a quote closes: at a separator or the line's end; -1 if text follows."""
    end = _after_spaces(line, close + 1)
    return end if end == len(line) or line.startswith(separator, end) else -1


# ---------------------------------------------------------------------------------------------- private


def _after_spaces(line: str, at: int) -> int:
    while line.startswith(" ", at):
        at += 1
    return at


def _end(line: str, separator: str, begin: int) -> int:
    end = line.find(separator, begin)
    return len(line) if end < 0 else end


def _as_marks(cell: str) -> str:
    """A cell with quotes inside that were not doubled loses the outer pair; any other stays as written."""
    whole = cell.rstrip(" ")
    inner = whole[1:-1]
    return inner.replace('""', '"') if '"' in inner and whole.endswith('"') else cell
