"""Joins of the table dialect: distinct names, packed addresses of ledger rows, choices among rows.

A ledger row's address is source and row in one integer, so that the first of many rows is a minimum.
A three-valued flag that must be ordered is coded 0 no, 1 unknown, 2 yes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import narwhals as nw

from coverage_engine.frames.coding import ROW_NUMBERS, Coding, number
from coverage_engine.frames.dialect import Lazy, in_memory
from coverage_engine.frames.lookups import Lookup, looked_up, repeated

_ADDRESS = Coding(
    "at",
    (
        number("source", 2**22 - 1, "the sheets of one snapshot, numbered from 0"),
        number("row", ROW_NUMBERS, "a row of 32 bits"),
    ),
)
_MERIT = Coding(
    "__merit",
    (
        number("merit", 2**22 - 1, "made of a coded flag and a share"),
        number("hub", ROW_NUMBERS, "an id of 32 bits", descending=True),
    ),
)


def attach(left: Lazy, right: Lazy, on: str, key: str) -> Lazy:
    """Left join on `left.on == right.key`; the right key is not kept."""
    return attach_by(left, right, {on: key})


def attach_by(left: Lazy, right: Lazy, on: Mapping[str, str]) -> Lazy:
    """Left join on several columns (of `left` → of `right`); the right keys are not kept."""
    keys = {key: f"__{key}" for key in on.values()}
    joined = left.join(right.rename(keys), left_on=list(on), right_on=list(keys.values()), how="left")
    # Some engines keep the right key of a left join, some do not.
    return joined.drop(*keys.values(), strict=False)


def within(left: Lazy, right: Lazy, on: str, key: str) -> Lazy:
    """The rows of `left` whose `on` stands in `right.key`."""
    keys = right.select(nw.col(key).alias(f"__{key}")).unique()
    return left.join(keys, left_on=on, right_on=f"__{key}", how="semi")


def address() -> nw.Expr:
    """The packed address of a ledger row; 0 where it is not known."""
    return _ADDRESS.encode().fill_null(0)


def source_of(packed: nw.Expr) -> nw.Expr:
    """The ledger of a packed address."""
    return _ADDRESS.decode("source", packed).cast(nw.Int32)


def row_of(packed: nw.Expr) -> nw.Expr:
    """The row of a packed address."""
    return _ADDRESS.decode("row", packed)


def first_rows(frame: Lazy, key: str, *columns: str) -> Lazy:
    """Of the rows of each key the `columns` of the one that stands first in the ledgers, its address in `at`.

    Nearly every key has one row, which is told as it is; only rows of the others are compared.
    """
    placed = frame.select(key, *columns, address().alias("at")).filter(~nw.col(key).is_null())
    again = repeated(placed, key).select(nw.col(key).alias("repeated"), nw.lit(True).alias("again"))
    marked = looked_up(placed, again, key, "repeated")
    alone, several = (marked.filter(each) for each in (nw.col("again").is_null(), ~nw.col("again").is_null()))
    first = several.group_by(key).agg(nw.col("at").min().alias("first_at"))
    foremost = attach(several, first, key, key).filter(nw.col("at") == nw.col("first_at"))
    return nw.concat([each.select(key, *columns, "at") for each in (alone, foremost.unique(key, keep="any"))])


def with_tables(firms: Lazy, tables: Iterable[Lazy]) -> Lazy:
    """The enterprises with what several tables tell of them, side by side.

    Each table has at most one row for an `enterprise_id`, and no two tell the same column. They are asked for
    one after another, so that what one was made from need not be held while the next is made.
    """
    if firms.implementation.is_polars():
        for table in tables:
            firms = looked_up(firms, table, "enterprise_id", "enterprise_id")
        return firms
    gathered = _gathered(*tables).rename({"enterprise_id": "told_of"})
    return attach(firms, gathered, "enterprise_id", "told_of")


def _gathered(*tables: Lazy) -> Lazy:
    """The tables side by side, one row for each `enterprise_id`, in one pass over narrow rows.

    Joined one after another, every table would be copied again at each join.
    """
    schemas = [table.collect_schema() for table in tables]
    kinds = {name: kind for schema in schemas for name, kind in schema.items()}
    rows = [
        table.select(
            nw.col(name) if name in schema else nw.lit(None, dtype=kind).alias(name)
            for name, kind in kinds.items()
        )
        for table, schema in zip(tables, schemas, strict=True)
    ]
    columns = (name for name in kinds if name != "enterprise_id")
    return nw.concat(rows).group_by("enterprise_id").agg(*(nw.col(name).max() for name in columns))


def coded(flag: nw.Expr) -> nw.Expr:
    """A three-valued flag as 0 no, 1 unknown, 2 yes."""
    return (
        nw.when(flag.is_null())
        .then(nw.lit(1))
        .otherwise(nw.when(flag).then(nw.lit(2)).otherwise(nw.lit(0)))
        .cast(nw.Int64)
    )


def decoded(code: nw.Expr) -> nw.Expr:
    """The three-valued flag of a code; a missing code is unknown."""
    return nw.when(code != 1).then(code == 2).otherwise(nw.lit(None, dtype=nw.Boolean))


def best(edges: Lazy, member: str, hub: str, merit: nw.Expr) -> Lazy:
    """For each member the hub of the greatest merit (a small integer ≥ 0), lowest id first.

    No pair of member and hub may stand twice.
    """
    scored = edges.with_columns(_MERIT.encode(merit=merit, hub=nw.col(hub)))
    top = scored.group_by(member).agg(nw.col("__merit").max().alias("__top"))
    return (
        looked_up(scored, top, member, member)
        .filter(nw.col("__merit") == nw.col("__top"))
        .drop("__merit", "__top")
    )


def links(table: Lazy, member: str, hub: str, *codes: str) -> Lazy:
    """A link table with one row per pair, its first address in `at`, and flags merged (a yes wins)."""
    return (
        table.with_columns(address().alias("at"), *(coded(nw.col(code)).alias(code) for code in codes))
        .group_by(member, hub)
        .agg(nw.col("at").min(), *(nw.col(code).max() for code in codes))
    )


def with_states(edges: Lazy, states: Lookup, member: str) -> Lazy:
    """The edges with the member's `known` and `covered` (0 or 1), and whether it is `wanted`."""
    joined = states.joined_to(edges, member)
    return joined.with_columns(nw.col("known").fill_null(0), nw.col("covered").fill_null(0))


def sums_of(edges: Lazy, hub: str) -> Lazy:
    """For each hub how many of its members are known, covered, and there at all (`all_…`)."""
    return edges.group_by(hub).agg(
        nw.col("known").cast(nw.Int64).sum().alias("all_known"),
        nw.col("covered").cast(nw.Int64).sum().alias("all_covered"),
        nw.len().cast(nw.Int64).alias("all_members"),
    )


def share_of_others(prefix: str = "all") -> nw.Expr:
    """The covered share (thousandths) of the *other* members of a hub; null where nobody's state is known."""
    known = nw.col(f"{prefix}_known") - nw.col("known").cast(nw.Int64)
    return share(nw.col(f"{prefix}_covered") - nw.col("covered").cast(nw.Int64), known)


def with_share_of_others(edges: Lazy, states: Lookup, member: str, hub: str, prefix: str) -> Lazy:
    """The edges of wanted members with the covered share and number of the *other* members of the same hub.

    Adds `<prefix>_share` (null where no other member's state is known) and `<prefix>_size` (all members).
    """
    own = in_memory(with_states(edges, states, member))
    return (
        looked_up(own.filter(nw.col("wanted")), sums_of(own, hub), hub, hub)
        .with_columns(
            share_of_others().alias(f"{prefix}_share"), nw.col("all_members").alias(f"{prefix}_size")
        )
        .drop("known", "covered", "wanted", "all_known", "all_covered", "all_members")
    )


def share(part: nw.Expr, whole: nw.Expr) -> nw.Expr:
    """Thousandths, null where the whole is not positive or the part exceeds it."""
    sound = (whole > 0) & (part <= whole)
    # Divide by at least one: engines may compute both arms of a case.
    divided = (part * 1000) // nw.max_horizontal(whole, nw.lit(1))
    return nw.when(sound).then(divided.cast(nw.Int64)).otherwise(nw.lit(None, dtype=nw.Int64))


def greatest_of(*values: nw.Expr) -> nw.Expr:
    """The greatest of one value or more; Spark compares no fewer than two."""
    return nw.max_horizontal(*values) if len(values) > 1 else values[0]
