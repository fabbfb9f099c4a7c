"""Integer coding: several small values in one whole number, of any engine, that never runs over unseen.

A coding names its parts and what each may be. Wide rows are what joins cost, and one integer sorts alike on
every engine: so facts travel and orders are compared as such numbers. Parts stand from the most significant
to the least, in mixed radix. Nothing wraps:

    the whole     is refused when the coding is made, if it needs more than the room there is
    a plain int   is refused when it is encoded
    a column      of booleans fits by its type; counts stop at their greatest value; any other is looked at
                  row by row as the engine computes it, unless the part says why it is bounded already
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from types import MappingProxyType

import narwhals as nw

from coverage_engine.errors import CoverageEngineError

ORDERED = 2**63
"""The room of a coding that is only compared: whole numbers of 64 bits that are not negative."""
DECODED = 2**53
"""The room of a coding that is told apart again: Spark divides whole numbers as doubles, exact up to here."""


class CodingOverflowError(CoverageEngineError, ValueError):
    """A value, or a coding as a whole, does not fit in the whole number meant for it."""

    def __init__(self, coding: str, faults: Iterable[str]) -> None:
        super().__init__(
            f"整数编码 {coding} 放不下：{'；'.join(faults)}",
            "请把政策或路径文件里相应的数改小；确需更大的，请软件维护者放宽这一项。",
        )


@dataclass(frozen=True)
class Part:
    """编码的一项: a whole number from `least` to `most`, or a truth value, and perhaps unknown.

    `clipped` values stop at either end; `descending` ones are coded from the greatest down; `bounded` says
    why no value can be outside, so that none needs to be looked at.
    """

    name: str
    most: int
    least: int = 0
    truth: bool = False
    unknown: bool = False
    clipped: bool = False
    descending: bool = False
    bounded: str = ""

    @property
    def size(self) -> int:
        """How many codes there are; the last one is that of unknown, if there is any."""
        return self.most - self.least + 1 + self.unknown

    @property
    def room(self) -> str:
        """Name and extent, as errors state them."""
        return f"{self.name} {self.least}…{self.most}"

    def code(self, value: nw.Expr) -> nw.Expr:
        """The code of a column's value, which fits (`beyond`)."""
        whole = value.cast(nw.Int64)
        if self.clipped:
            whole = whole.clip(self.least, self.most)
        if self.descending:
            whole = nw.lit(self.most).cast(nw.Int64) - whole
        elif self.least:
            whole = whole - self.least
        return whole.fill_null(self.size - 1) if self.unknown else whole

    def value(self, code: nw.Expr) -> nw.Expr:
        """The value of a code."""
        if self.truth:
            value = code == 1
        elif self.descending:
            value = nw.lit(self.most).cast(nw.Int64) - code
        else:
            value = code + self.least if self.least else code
        return nw.when(code != self.size - 1).then(value) if self.unknown else value

    def beyond(self, value: nw.Expr) -> nw.Expr | None:
        """Whether a column's value does not fit; None where it cannot be."""
        if self.truth or self.clipped or self.bounded:
            return None
        return (value < self.least) | (value > self.most)

    def plain(self, value: int | None) -> int:
        """The code of a plain value.

        Raises:
            CodingOverflowError: it is outside of the part.
        """
        if value is None and self.unknown:
            return self.size - 1
        if value is None or not (self.least <= value <= self.most or self.clipped):
            raise CodingOverflowError(self.name, [f"{value}（{self.room}）"])
        inside = min(max(int(value), self.least), self.most)
        return self.most - inside if self.descending else inside - self.least


def flag(name: str) -> Part:
    """A truth value that is known."""
    return Part(name, 1, truth=True)


def answer(name: str) -> Part:
    """A three-valued fact: no, yes, unknown."""
    return Part(name, 1, truth=True, unknown=True)


def count(name: str, most: int) -> Part:
    """A number from 0, told up to `most`, or unknown."""
    return Part(name, most, unknown=True, clipped=True)


def number(name: str, most: int, bounded: str = "", *, least: int = 0, descending: bool = False) -> Part:
    """A whole number that is always known."""
    return Part(name, most, least, descending=descending, bounded=bounded)


ROW_NUMBERS = 2**31 - 1
"""The greatest row or id: columns of 32 bits."""
ENTERPRISE = number("enterprise_id", ROW_NUMBERS, "an id of 32 bits")


@dataclass(frozen=True)
class Coding:
    """整数编码: named parts in one whole number from 0, in the column `name`.

    `compared` codings are never told apart, so they have more room.
    """

    name: str
    parts: tuple[Part, ...]
    compared: bool = False

    def __post_init__(self) -> None:
        if len({part.name for part in self.parts}) < len(self.parts):
            raise ValueError(f"coding {self.name} names a part twice")
        whole, room = prod(part.size for part in self.parts), ORDERED if self.compared else DECODED
        if whole > room:
            sizes = " × ".join(f"{part.name} {part.size}" for part in self.parts)
            raise CodingOverflowError(self.name, [f"{sizes} = {whole} > {room}"])

    @cached_property
    def weights(self) -> Mapping[str, int]:
        """What one of each part counts in the whole number."""
        return {name: below for name, (below, _) in self._places.items()}

    def encode(self, **values: nw.Expr | int | None) -> nw.Expr:
        """The number, from values or, for parts that are not given, from columns of their names.

        Raises:
            CodingOverflowError: a plain value does not fit. What does not fit in a column is an error of the
                engine that computes it; coding, part and extent stand in its message.
        """
        given = {name: values.get(name, nw.col(name)) for name in self._places}
        coded: nw.Expr = nw.lit(0).cast(nw.Int64)
        for name, (_, part) in self._places.items():
            value = given[name]
            coded = coded * part.size + (
                part.code(value) if isinstance(value, nw.Expr) else part.plain(value)
            )
        fault = self._fault({name: value for name, value in given.items() if isinstance(value, nw.Expr)})
        # A sentence is no number: every engine refuses to read it as one and quotes it.
        whole = coded if fault is None else coded + fault.cast(nw.Int64)
        return whole.alias(self.name)

    def number(self, **values: int | None) -> int:
        """As `encode`, of plain values, each of which is given."""
        return sum(below * part.plain(values[name]) for name, (below, part) in self._places.items())

    def values(self, code: int) -> dict[str, int]:
        """The plain values of a plain code; truth values as 0 and 1, unknown as the number after them."""
        digits = {name: code // below % part.size for name, (below, part) in self._places.items()}
        return {
            name: part.most - digits[name] if part.descending else digits[name] + part.least
            for name, (_, part) in self._places.items()
        }

    def decode(self, name: str, code: nw.Expr | None = None) -> nw.Expr:
        """One part of the number in `code`, or else in the coding's own column."""
        if self.compared:
            raise TypeError(f"coding {self.name} is only compared")
        below, part = self._places[name]
        return part.value(self._digit(nw.col(self.name) if code is None else code, below, part.size))

    def columns(self) -> Iterator[nw.Expr]:
        """Every part in a column of its name, from the coding's own column."""
        return (self.decode(name).alias(name) for name in self._places)

    # ------------------------------------------------------------------------------------------ private

    @cached_property
    def _places(self) -> dict[str, tuple[int, Part]]:
        below, places = 1, {}
        for part in reversed(self.parts):
            places[part.name] = (below, part)
            below *= part.size
        return dict(reversed(places.items()))

    def _digit(self, code: nw.Expr, below: int, size: int) -> nw.Expr:
        """Straight from the number: engines of SQL write a quotient of quotients out over and over.

        Not by %, which pandas does not know for Arrow's integers.
        """
        here = code // below if below > 1 else code
        is_first = below * size == prod(part.size for part in self.parts)
        return here if is_first else here - code // (below * size) * size

    def _fault(self, columns: Mapping[str, nw.Expr]) -> nw.Expr | None:
        """What does not fit, in words, else the text 0; None where everything fits."""
        fault = None
        for name, value in columns.items():
            part = self._places[name][1]
            if (beyond := part.beyond(value)) is not None:
                nothing = nw.lit("0") if fault is None else fault
                said = nw.lit(f"coding {self.name}: beyond {part.room}")
                fault = nw.when(beyond.fill_null(False)).then(said).otherwise(nothing)
        return fault


MOST = 2**31 - 1
"""The greatest count that is told of a relation."""
WHOLE = 1000
"""The greatest share, in thousandths."""
_NONE: Mapping[str, int] = MappingProxyType({})


def packed(name: str, flags: tuple[str, ...] = (), numbers: Mapping[str, int] = _NONE) -> Coding:
    """The coding of what one relation tells of a firm, in the column `name`; null for a firm not in it.

    `flags` are three-valued, `numbers` whole numbers from 0 with the greatest of each; either may be unknown.
    """
    return Coding(name, (*map(answer, flags), *(count(fact, most) for fact, most in numbers.items())))
