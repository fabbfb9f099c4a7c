"""Lookups: what a table tells of a firm, a park or a case, added to the rows that name it.

The numbers of a snapshot are dense, so the embedded engine needs no hashing: a list says at which row of the
table each number stands, and the columns are taken from there. The rows that ask are neither copied nor put
in another order. Other engines join.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import narwhals as nw
import polars as pl

from coverage_engine.frames.dialect import Lazy, materialised

# Above this a number is no row number, and the list of places would be larger than a join.
_MOST = 2**26
# Words are looked up a stretch of rows at a time: only in tables much shorter than a stretch.
_WORDS = 10_000
_AT = "__at"
_Places = Callable[[pl.Series], pl.Series]


@dataclass(frozen=True)
class Lookup:
    """查表: a table with at most one row per key, ready to be looked up many times."""

    table: Lazy
    rows: pl.DataFrame | None
    places: _Places | None

    def joined_to(self, frame: Lazy, on: str) -> Lazy:
        """The frame with the table's columns; null where the table does not have the key in `on`."""
        if self.rows is not None and self.places is not None:
            return _taken(frame, self.rows, self.places, pl.col(on))
        # Some engines keep the right key of a left join, some do not.
        return frame.join(self.table, left_on=on, right_on=_AT, how="left").drop(_AT, strict=False)


def lookup(table: Lazy, key: str) -> Lookup:
    """The table ready to be looked up by its column `key`, which is not told itself."""
    keyed = table.rename({key: _AT})
    native = keyed.to_native()
    if not isinstance(native, pl.LazyFrame):
        return Lookup(keyed, None, None)
    rows = native.filter(pl.col(_AT).is_not_null()).collect(engine="streaming").rechunk()
    places = _by_number(rows[_AT]) if rows[_AT].dtype.is_integer() else _by_word(rows[_AT])
    return Lookup(nw.from_native(rows.lazy()), rows.drop(_AT), places)


def looked_up(frame: Lazy, table: Lazy, on: str, key: str) -> Lazy:
    """The frame with the other columns of `table`, null where it does not have the key in `on`.

    `table` has at most one row per `key`. Same as a left join.
    """
    return lookup(table, key).joined_to(frame, on)


def looked_up_by(frame: Lazy, table: Lazy, on: Mapping[str, str]) -> Lazy:
    """As `looked_up`, by several columns (of `frame` → of `table`) together; what is not told is alike.

    For tables that are short: a row for each combination that occurs.
    """
    native = table.to_native()
    if isinstance(native, pl.LazyFrame):
        rows = native.collect(engine="streaming")
        alike = rows.select(*on.values()).rename({key: name for name, key in on.items()})
        return _taken(frame, rows.drop(*on.values()), _by_columns(alike), pl.struct(*on))
    known = frame.with_columns(_together(list(on)).alias(_AT))
    keyed = table.with_columns(_together(list(on.values())).alias(_AT)).drop(*on.values())
    return known.join(keyed, on=_AT, how="left").drop(_AT)


def repeated(table: Lazy, key: str) -> Lazy:
    """The numbers of a column that stand in more than one row, each once."""
    native = table.to_native()
    if isinstance(native, pl.LazyFrame):
        numbers = native.select(key).filter(pl.col(key).is_not_null()).collect(engine="streaming")[key]
        if (places := _places(numbers)) is not None:
            # Of a number that stands twice one row is not the row where it is found.
            again = numbers.filter(places[numbers.cast(pl.UInt32)] != _in_order(numbers))
            return nw.from_native(again.unique().to_frame().lazy())
    counts = table.filter(~nw.col(key).is_null()).group_by(key).agg(nw.len().alias("rows_of_key"))
    return counts.filter(nw.col("rows_of_key") > 1).select(key)


def computed_once(source: Lazy, facts: Lazy, key: str, computed: str, columns: Sequence[str]) -> Lazy:
    """The `columns` of `facts`, of which `told` is computed once and the others stand in `source` as well.

    The embedded engine has only what is told in memory and reads the rest again where it is asked for; other
    engines keep all of it.
    """
    if not facts.implementation.is_polars():
        return materialised(facts.select(*columns))
    return looked_up(source, facts.select(key, computed), key, key).select(*columns)


# ---------------------------------------------------------------------------------------------- private


def _by_number(numbers: pl.Series) -> _Places | None:
    """The place of each number; None where they are no row numbers or stand twice."""
    places = _places(numbers)
    if places is None or (places > 0).sum() < numbers.len():
        return None
    last = places.len() - 1
    in_order = last == numbers.len() and (places[:last] == _in_order(numbers)).all()

    def places_of(keys: pl.Series) -> pl.Series:
        at = keys.cast(pl.UInt32, strict=False)
        most = at.max()
        if isinstance(most, int) and most >= last:
            return places[at.clip(upper_bound=last)]
        return at + 1 if in_order else places[at]

    return places_of


def _places(numbers: pl.Series) -> pl.Series | None:
    """For each number its place: 1 for the first row, 0 for nobody's; None for no row numbers.

    The last place is nobody's, for all greater numbers. Unknown places would be found at a quarter of the
    speed.
    """
    if not numbers.dtype.is_integer():
        return None
    least, most = numbers.min(), numbers.max()
    if least is None or most is None:
        least = most = 0
    if not (isinstance(least, int) and isinstance(most, int) and least >= 0 and most < _MOST):
        return None
    places = pl.zeros(most + 2, dtype=pl.UInt32, eager=True)
    return places.scatter(numbers.cast(pl.UInt32), _in_order(numbers))


def _in_order(numbers: pl.Series) -> pl.Series:
    return pl.int_range(1, numbers.len() + 1, dtype=pl.UInt32, eager=True)


def _by_columns(alike: pl.DataFrame) -> _Places:
    """The place of each combination."""
    rows = alike.with_row_index(_AT, offset=1)
    return lambda keys: keys.struct.unnest().join(
        rows, on=alike.columns, how="left", nulls_equal=True, maintain_order="left"
    )[_AT]


def _together(names: Sequence[str]) -> nw.Expr:
    """Several columns in one text, nothing for what is not told."""
    words = [nw.col(name).cast(nw.String).fill_null("") for name in names]
    return nw.concat_str(words, separator="|")


def _by_word(words: pl.Series) -> _Places | None:
    """The place of each word; None where there are many or one stands twice."""
    if words.len() > _WORDS or words.n_unique() < words.len():
        return None
    rows = pl.DataFrame({_AT: words}).with_row_index("place", offset=1)
    return lambda keys: (
        keys.alias(_AT).to_frame().join(rows, on=_AT, how="left", maintain_order="left")["place"]
    )


def _taken(frame: Lazy, rows: pl.DataFrame, places: _Places, on: pl.Expr) -> Lazy:
    """The frame with the columns of `rows` at the places of what stands in `on`."""
    native: pl.LazyFrame = frame.to_native()
    located = on.map_batches(places, return_dtype=pl.UInt32, is_elementwise=True).alias(_AT)
    row = pl.when(pl.col(_AT) > 0).then(pl.col(_AT) - 1).alias(_AT)
    columns = (
        pl.col(_AT).map_batches(_from(column), return_dtype=column.dtype, is_elementwise=True).alias(name)
        for name, column in zip(rows.columns, rows.get_columns(), strict=True)
    )
    return nw.from_native(native.with_columns(located).with_columns(row).with_columns(columns).drop(_AT))


def _from(values: pl.Series) -> Callable[[pl.Series], pl.Series]:
    return lambda at: values[at]
