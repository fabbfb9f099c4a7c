"""The expression dialect of this room: joins with distinct names, packed addresses and choices.

A ledger row's address is `source * 2**32 + row` in one integer, so that the first of many rows is a minimum.
A three-valued flag that must be ordered is coded 0 no, 1 unknown, 2 yes.
"""

from __future__ import annotations

import narwhals as nw

from coverage_engine.coverage.frames import Lazy

_WORD = 2**32


def attach(left: Lazy, right: Lazy, on: str, key: str) -> Lazy:
    """Left join on `left.on == right.key`; the right key is not kept."""
    joined = left.join(right.rename({key: f"__{key}"}), left_on=on, right_on=f"__{key}", how="left")
    # Some engines keep the right key of a left join, some do not.
    return joined.drop(f"__{key}", strict=False)


def within(left: Lazy, right: Lazy, on: str, key: str) -> Lazy:
    """The rows of `left` whose `on` stands in `right.key`."""
    keys = right.select(nw.col(key).alias(f"__{key}")).unique()
    return left.join(keys, left_on=on, right_on=f"__{key}", how="semi")


def address() -> nw.Expr:
    """The packed address of a ledger row; 0 where it is not known."""
    packed = nw.col("source").cast(nw.Int64) * _WORD + nw.col("row").cast(nw.Int64)
    return packed.fill_null(0)


def source_of(packed: nw.Expr) -> nw.Expr:
    """The ledger of a packed address."""
    return (packed // _WORD).cast(nw.Int32)


def row_of(packed: nw.Expr) -> nw.Expr:
    """The row of a packed address."""
    return packed % _WORD


def first_rows(frame: Lazy, key: str) -> Lazy:
    """Of the rows of each key the one that stands first in the ledgers, with its address in `at`."""
    placed = frame.with_columns(address().alias("at"))
    first = placed.group_by(key).agg(nw.col("at").min().alias("first_at"))
    return attach(placed, first, key, key).filter(nw.col("at") == nw.col("first_at")).unique(key, keep="any")


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
    """For each member the hub of the greatest merit (a small integer ≥ 0), lowest id first."""
    packed = merit.cast(nw.Int64) * _WORD + (_WORD - 1 - nw.col(hub).cast(nw.Int64))
    scored = edges.with_columns(packed.alias("__merit"))
    top = scored.group_by(member).agg(nw.col("__merit").max().alias("__top"))
    return (
        attach(scored, top, member, member)
        .filter(nw.col("__merit") == nw.col("__top"))
        .drop("__merit", "__top")
        .unique(member, keep="any")
    )


def links(table: Lazy, member: str, hub: str, *codes: str) -> Lazy:
    """A link table with one row per pair, its first address in `at`, and flags merged (a yes wins)."""
    return (
        table.with_columns(address().alias("at"), *(coded(nw.col(code)).alias(code) for code in codes))
        .group_by(member, hub)
        .agg(nw.col("at").min(), *(nw.col(code).max() for code in codes))
    )


def share_of_others(edges: Lazy, standing: Lazy, member: str, hub: str, prefix: str) -> Lazy:
    """The edges with the covered share (thousandths) and number of the *other* members of the same hub.

    Adds `<prefix>_share` (null where no other member's state is known) and `<prefix>_size` (all members).
    """
    states = standing.select(
        nw.col("enterprise_id").alias("__state_of"),
        (~nw.col("covered").is_null()).cast(nw.Int64).alias("__known"),
        nw.col("covered").fill_null(False).cast(nw.Int64).alias("__covered"),
    )
    own = attach(edges, states, member, "__state_of").with_columns(
        nw.col("__known").fill_null(0), nw.col("__covered").fill_null(0)
    )
    sums = own.group_by(hub).agg(
        nw.col("__known").sum().alias("__all_known"),
        nw.col("__covered").sum().alias("__all_covered"),
        nw.len().cast(nw.Int64).alias(f"{prefix}_size"),
    )
    known = nw.col("__all_known") - nw.col("__known")
    covered = nw.col("__all_covered") - nw.col("__covered")
    return (
        attach(own, sums, hub, hub)
        .with_columns(share(covered, known).alias(f"{prefix}_share"))
        .drop("__known", "__covered", "__all_known", "__all_covered")
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
