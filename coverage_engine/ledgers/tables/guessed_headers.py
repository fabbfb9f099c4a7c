"""Where the header of a list stands whose headers nobody knows: the row above the data that names columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coverage_engine.ledgers.files.raw_sheets import RawSheet
from coverage_engine.ledgers.tables.headers import Candidate, header_rows

_VALUE = re.compile(r"[\d.,，+-]+%?|\d{4}[-/年.]\d{1,2}.*|[0-9A-Z]{15,18}")
_LEAST_FILLED = 2
_SHARE = 0.6
"""A header fills so much of the width of the table at least; titles and 填报单位 fill less."""


def guess_header(raw: RawSheet) -> Candidate | None:
    """The most likely header of a list; null where no row looks like one."""
    candidates = list(header_rows(raw))
    alone = [each for each in candidates if each.first == each.last]
    widest = max((_filled(each.labels) for each in alone), default=0)
    for each in alone:
        if _filled(each.labels) < max(_LEAST_FILLED, _SHARE * widest) or not _names_columns(each.labels):
            continue
        lower = next(
            (two for two in candidates if (two.first, two.last) == (each.first, each.first + 1)), None
        )
        below = next((row for row in alone if row.first == each.first + 1), None)
        # A second row of headers fills what is blank in the first, and holds no values.
        divides = below is not None and any(
            b and not a for a, b in zip(each.labels, below.labels, strict=True)
        )
        return lower if lower and below and divides and _names_columns(below.labels) else each
    return None


# ---------------------------------------------------------------------------------------------- private


def _filled(labels: Sequence[str]) -> int:
    return sum(bool(label) for label in labels)


def _names_columns(labels: Sequence[str]) -> bool:
    """Whether the cells of a row are names of columns: none is a value, and no two are alike."""
    words = [label.strip() for label in labels if label]
    return len(words) == len(set(words)) and not any(_VALUE.fullmatch(word) for word in words)
