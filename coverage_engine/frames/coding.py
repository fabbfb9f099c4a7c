"""Packed facts: what one relation tells of a firm, in one whole number.

Wide rows are what joins cost. The facts of a relation travel as one column to the firm's row and are told
apart there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import narwhals as nw

MOST = 2**31 - 1
"""The greatest count that is told."""
WHOLE = 1000
"""The greatest share, in thousandths."""
# Spark divides whole numbers as doubles, which are exact up to here.
_ROOM = 2**52


@dataclass(frozen=True)
class Packed:
    """事实合编: the facts of one relation in the column `name`; null for a firm that is not in the relation.

    `flags` are three-valued, `numbers` whole numbers from 0 with the greatest of each; either may be unknown.
    """

    name: str
    flags: tuple[str, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        room = 1
        for values in self._values().values():
            room *= values
        if room > _ROOM:
            raise ValueError(f"the facts of {self.name} do not fit in one whole number")

    def told(self) -> nw.Expr:
        """The number, from the facts in columns of their names."""
        packed = nw.lit(0).cast(nw.Int64)
        for name, values in self._values().items():
            fact = nw.col(name).cast(nw.Int64)
            code = fact if name in self.flags else fact.clip(0, values - 2)
            packed = packed * values + (code + 1).fill_null(0)
        return packed.alias(self.name)

    def facts(self) -> list[nw.Expr]:
        """The facts in columns of their names, from the number."""
        found: list[nw.Expr] = []
        below = 1
        for name, values in reversed(self._values().items()):
            digit = nw.col(self.name) // below % values
            fact = digit == 2 if name in self.flags else digit - 1
            found.append(nw.when(digit > 0).then(fact).alias(name))
            below *= values
        return found

    def _values(self) -> dict[str, int]:
        """How many codes each fact has: unknown, and its values."""
        return {**dict.fromkeys(self.flags, 3), **{name: most + 2 for name, most in self.numbers.items()}}
