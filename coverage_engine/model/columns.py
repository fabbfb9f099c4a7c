"""How a table is described, once: what a row is, its key, order and columns; and frames made to fit that.

Kinds of columns: `id` and `count` are integers, `real` a float, `flag` a three-valued boolean, `text`, `day`
a date. What the values mean stands in Chinese as `名称：含义` and in English; what they are counted in, or
which words are allowed, is a measure (`coverage_engine.model.measures`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

import polars as pl

from coverage_engine.errors import UnknownTableError
from coverage_engine.model.measures import Measure, Word, measure

_TYPES: dict[str, type[pl.DataType]] = {
    "id": pl.Int32,
    "count": pl.Int64,
    "real": pl.Float64,
    "flag": pl.Boolean,
    "text": pl.String,
    "day": pl.Date,
}


@dataclass(frozen=True)
class Column:
    """数据项: one column of a table; `measure` is the key of its unit or vocabulary.

    A name that ends in `*` stands for one column for each scenario.
    """

    name: str
    kind: str
    zh: str
    en: str
    measure: str

    @property
    def dtype(self) -> type[pl.DataType]:
        """The table library's type."""
        return _TYPES[self.kind]

    @property
    def title(self) -> str:
        """What the column is called in Chinese."""
        return self.zh.partition("：")[0]

    def meaning(self, lang: str = "zh") -> str:
        """What the values mean, in a language."""
        return self.en if lang == "en" else self.zh.partition("：")[2]

    def unit(self, lang: str = "zh") -> str:
        """What the values are counted in; of words, what kind of words they are."""
        return measure(self.measure).title(lang)

    @property
    def words(self) -> tuple[Word, ...]:
        """The words that may stand there; none where it is no vocabulary."""
        return measure(self.measure).words

    @property
    def measured(self) -> Measure:
        """The unit or vocabulary itself."""
        return measure(self.measure)


MADE_ANEW = "made anew"
"""Stands for the division rule of tables that are summed again from what `--division` leaves of others."""
_DIVISION_RULES = ("", "enterprise_id", "group_id", "park_id", "county_code", "division_code", MADE_ANEW)
_WAYS = ("ascending", "descending", "given", "words")


@dataclass(frozen=True)
class Order:
    """排序: a column by which rows stand: ascending, descending, as the run was given it, as words go."""

    column: str
    way: str = "ascending"


@dataclass(frozen=True)
class Table:
    """数据表: what one row is (Chinese and English), what tells rows apart, how they stand, and the columns.

    `division` is the column by which `--division` limits the rows, empty where all stay; `engines` says that
    the plan's frames of other engines carry the table too.
    """

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    sort: tuple[Order, ...] = ()
    division: str = ""
    engines: bool = False

    def __post_init__(self) -> None:
        absent = [
            name for name in (*self.key, *(each.column for each in self.sort)) if name not in self.names
        ]
        if absent or self.division not in _DIVISION_RULES or {each.way for each in self.sort} - {*_WAYS}:
            raise UnknownTableError(
                f"表 {self.name} 的描述自相矛盾：{'、'.join(absent) or self.division or '排序'}",
                f"主键和排序只能用它自己的列；division 可写：{'、'.join(_DIVISION_RULES[1:])}，或留空。",
            )

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def rowless(self) -> pl.DataFrame:
        """The table without rows."""
        return pl.DataFrame(schema={column.name: column.dtype for column in self.columns})

    @property
    def written(self) -> tuple[Column, ...]:
        """The columns that stand in files: all but the ledger's source and row, which count inside only."""
        hidden = ("source", "row") if {"source", "row"} <= set(self.names) else ()
        return tuple(column for column in self.columns if column.name not in hidden)

    @property
    def sorted_by(self) -> list[str]:
        """The columns that the rows are sorted by; none where more than their values decides."""
        names = [order.column for order in self.sort]
        return names if all(order.way == "ascending" for order in self.sort) else []

    def title(self, lang: str = "zh") -> str:
        """What the table is called, in a language."""
        return self.en.partition(": ")[0] if lang == "en" else self.zh.partition("：")[0]

    def meaning(self, lang: str = "zh") -> str:
        """What a row of it is, in a language."""
        return self.en.partition(": ")[2] if lang == "en" else self.zh.partition("：")[2]


class Tables(dict[str, Table]):
    """数据表目录: tables by their names; one that is not described is an error that says where."""

    def __init__(self, described: Iterable[Table]) -> None:
        super().__init__((table.name, table) for table in described)

    def __missing__(self, name: str) -> Table:
        alike = get_close_matches(name, self, 3, 0.6) or sorted(self)
        raise UnknownTableError(
            f"没有描述过叫 {name} 的表",
            f"可用的有：{'、'.join(alike)}。新的表先在 coverage_engine/model/tables 里描述。",
        )


def columns(definition: str) -> tuple[Column, ...]:
    """Parse columns: a line of `name kind measure 名称：含义`, and below it a deeper one in English."""
    made: list[Column] = []
    for line in definition.strip("\n").splitlines():
        text = line.strip()
        if text and not line.startswith(_DEEPER):
            name, kind, unit, zh = text.split(maxsplit=3)
            made.append(Column(name, kind, zh, "", unit))
        elif text:
            last = made[-1]
            made[-1] = Column(last.name, last.kind, last.zh, f"{last.en} {text}".strip(), last.measure)
    return tuple(made)


def orders(definition: str) -> tuple[Order, ...]:
    """Parse an order: column names with commas between, each with `descending` or `given` behind if so."""
    return tuple(Order(*part.split()) for part in definition.split(",") if part.strip())


WHERE = """
    source id number 来源台账：这一行取自哪份台账，编号见 sources 表
        number of the ledger that the row came from
    row id row 来源行号：这一行在来源台账里的行号，从 1 起
        row of that ledger that it came from
"""
"""Columns of every row that came from a ledger: `<sheet>!<letter><row>` is the cell of any of its facts."""


def table_of(tables: Mapping[str, pl.DataFrame], name: str) -> pl.DataFrame:
    """One of the tables at hand.

    Raises:
        UnknownTableError: there is none of that name.
    """
    if name not in tables:
        alike = get_close_matches(name, tables, 3, 0.6) or sorted(tables)
        raise UnknownTableError(f"这里没有叫 {name} 的表", f"可用的有：{'、'.join(alike)}。")
    return tables[name]


def empty(table: Table) -> pl.DataFrame:
    """A frame of the table's columns and types without rows."""
    return table.rowless.clone()


def conform(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The frame with exactly the table's columns, in order and of its types; absent ones are unknown."""
    if frame.schema == table.rowless.schema:
        return frame
    if frame.is_empty():
        return empty(table)
    present = set(frame.columns)
    return frame.select(
        (pl.col(column.name) if column.name in present else pl.lit(None))
        .cast(column.dtype)
        .alias(column.name)
        for column in table
    )


def in_described_order(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The rows as the table's description orders them; a frame that stands so already is left as it is."""
    keys = table.sorted_by
    if not keys or _stands_so(frame, keys):
        return frame
    return frame.sort(keys, nulls_last=True, maintain_order=True)


# ---------------------------------------------------------------------------------------------- private

_DEEPER = " " * 5


def _stands_so(frame: pl.DataFrame, keys: Sequence[str]) -> bool:
    """Whether no key is blank and the rows stand in order, as they mostly come; a sort costs far more."""
    known, after = pl.lit(True), pl.lit(True)
    for key in reversed(keys):
        here, next_one = pl.col(key), pl.col(key).shift(-1)
        known, after = known & here.is_not_null(), (here < next_one) | ((here == next_one) & after)
    ordered = known.all() & after.fill_null(True).all()
    return bool(frame.select(ordered).item()) if frame.height > 1 else True
