"""Where the columns of a ledger stand in a sheet."""

from __future__ import annotations

from dataclasses import dataclass

from coverage_engine.ledgers.kinds import LedgerColumn


@dataclass(frozen=True)
class PlacedColumn:
    """A column of the ledger kind and where it stands in the sheet."""

    index: int
    header: str
    column: LedgerColumn

    @property
    def letter(self) -> str:
        """Excel column letter."""
        return column_letter(self.index)


def column_letter(index: int) -> str:
    """Excel letter of a 0-based column index."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
