"""How workbooks about ledgers are printed: A4 landscape, one page wide, however many long."""

from __future__ import annotations

from typing import Any

_A4 = 9


def fit_to_page(sheet: Any) -> None:
    """A sheet as it is printed."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
