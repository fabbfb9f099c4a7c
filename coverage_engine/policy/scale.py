"""规模以上 standards by industry and date: a hint whether the statistics list should be looked at again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ScaleRule:
    """规模以上标准: the line of one industry while it was in force (`revenue` in 万元)."""

    codes: tuple[str, ...]
    label: str
    kind: str
    clause: str
    valid_from: date
    valid_to: date | None = None
    revenue: int | None = None
    staff: int | None = None

    def reached(self, revenue: int | None, employees: int | None) -> bool | None:
        """Whether the line is reached; None where a figure that decides is not known.

        Industries without a line (every qualified or developing firm counts) cannot be told from figures.
        """
        if self.kind != "line" or self.revenue is None:
            return None
        by_revenue = None if revenue is None else revenue >= self.revenue
        if self.staff is None or by_revenue:
            return by_revenue
        by_staff = None if employees is None else employees >= self.staff
        if by_staff:
            return True
        return None if by_revenue is None or by_staff is None else False


def scale_rule(rules: Sequence[ScaleRule], section: str | None, code: str | None) -> ScaleRule | None:
    """The rule of an industry by section letter and GB/T 4754 code: the longest beginning wins."""
    fitting = [
        (len(start), rule)
        for rule in rules
        for start in rule.codes
        if start == section or (code is not None and start.isdigit() and code.startswith(start))
    ]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None
