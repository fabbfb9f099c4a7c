"""What the silence of the ledgers means: no where a list was handed in, unknown where none was.

A list counts as handed in when at least one of its rows was accepted: a blank sheet of the template, a sheet
of which every row was turned back and a ledger that nobody sent all say nothing of anybody.
"""

from __future__ import annotations

import narwhals as nw

from coverage_engine.frames.dialect import Lazy, sure, unknown


def with_silence(enterprises: Lazy, kinds: frozenset[str]) -> Lazy:
    """`in_society` becomes unknown where no list could tell it; `kinds` are the ledger kinds handed in."""
    listed = sure(nw.col("in_society"))
    if "society_members" in kinds:
        return enterprises
    return enterprises.with_columns(nw.when(listed).then(listed).otherwise(unknown()).alias("in_society"))
