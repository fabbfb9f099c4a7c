"""Packed facts: what one relation tells of a firm, in one whole number.

Wide rows are what joins cost. The facts of a relation travel as one column to the firm's row and are told
apart there; all are null for a firm that is not in the relation.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from coverage_engine.model.coding import Coding, answer, count

MOST = 2**31 - 1
"""The greatest count that is told."""
WHOLE = 1000
"""The greatest share, in thousandths."""
_NONE: Mapping[str, int] = MappingProxyType({})


def packed(name: str, flags: tuple[str, ...] = (), numbers: Mapping[str, int] = _NONE) -> Coding:
    """The coding of the facts of one relation, in the column `name`.

    `flags` are three-valued, `numbers` whole numbers from 0 with the greatest of each; either may be unknown.
    """
    return Coding(name, (*map(answer, flags), *(count(fact, most) for fact, most in numbers.items())))
