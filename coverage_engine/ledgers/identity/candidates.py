"""Candidates: which pairs of records and firms are worth a score. Keys are bounded: nothing explodes.

Keys: the code; the plain name; the spelled name, also as a former one; the core (with its office); the first
characters of the core within a city, where one side states no trade; the core with one character left out
within a city (this finds one wrong character). A key that too many firms share says nothing and is not used
(the plain name and the code always are).
"""

from __future__ import annotations

import numpy as np
import polars as pl

_MOST_FIRMS = 40
_PREFIX = 2
_SHORTEST_CORE = 4
_LONGEST_CORE = 14


def candidate_pairs(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Distinct pairs `record`, `firm`, `one_character`; both frames as prepared for scoring."""
    exact = [
        _joined(left, right, "credit_code", bounded=False),
        _joined(left, right, "plain", bounded=False),
        _joined(left, right, "spelled", bounded=True),
        _joined(left, right, "whole", bounded=True),
        *_by_former(left, right),
    ]
    exact_pairs = pl.concat(exact).unique()
    settled = _settled(left, right, exact_pairs)
    rest = left.join(settled, on="record", how="anti")
    near = _near(rest, right).with_columns(one_character=pl.lit(True))
    further = (
        pl.concat([exact_pairs, _by_prefix(rest, right)])
        .unique()
        .join(near.select("record", "firm"), on=["record", "firm"], how="anti")
    )
    return pl.concat([further.with_columns(one_character=pl.lit(False)), near])


def pairs_within(frame: pl.DataFrame) -> pl.DataFrame:
    """Distinct pairs `record` < `firm` among the rows of one prepared frame, which has both numbers."""
    near = _near(frame, frame).with_columns(one_character=pl.lit(True))
    same = [_joined(frame, frame, key, bounded=True) for key in ("spelled", "whole")]
    alike = pl.concat([*same, *_by_former(frame, frame), _by_prefix(frame, frame)]).unique()
    further = alike.join(near, on=["record", "firm"], how="anti").with_columns(one_character=pl.lit(False))
    return pl.concat([further, near]).filter(pl.col("record") < pl.col("firm"))


# ---------------------------------------------------------------------------------------------- private


def _joined(left: pl.DataFrame, right: pl.DataFrame, key: str, *, bounded: bool) -> pl.DataFrame:
    firms = right.select("firm", key).drop_nulls().filter(pl.col(key) != "")
    if bounded:
        firms = firms.filter(pl.len().over(key) <= _MOST_FIRMS)
    return left.select("record", key).drop_nulls().join(firms, on=key, how="inner").select("record", "firm")


def _by_former(left: pl.DataFrame, right: pl.DataFrame) -> list[pl.DataFrame]:
    """Few names tell a former one."""
    sides = [(left, "former", "spelled"), (right, "spelled", "former"), (left, "former", "former")]
    return [
        _joined(
            left.select("record", key=pl.col(one)),
            right.select("firm", key=pl.col(other)),
            "key",
            bounded=True,
        )
        for frame, one, other in sides
        if frame["former"].count()
    ]


def _settled(left: pl.DataFrame, right: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Records with a firm of the same code, or of the same core in one city: the search ends there."""
    facts = ["credit_code", "whole", "near"]
    others = right.select(pl.col("firm"), pl.col(facts).name.suffix("_2"))
    beside = pairs.join(left.select(pl.col(["record", *facts])), on="record").join(others, on="firm")
    same = (pl.col("credit_code") == pl.col("credit_code_2")).fill_null(False) | (
        (pl.col("whole") == pl.col("whole_2")) & (pl.col("near") == pl.col("near_2")).fill_null(False)
    )
    return beside.filter(same).select("record").unique()


def _by_prefix(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    key = [
        pl.col("core").str.slice(0, _PREFIX).alias("_prefix"),
        pl.col("office").fill_null(""),
        pl.col("near"),
    ]
    records = left.select(pl.col("record", "core", "trade"), *key).drop_nulls()
    firms = right.select(pl.col("firm", "core", "trade"), *key).drop_nulls()
    firms = firms.filter(pl.len().over("_prefix", "office", "near") <= 2 * _MOST_FIRMS)
    pairs = records.join(firms, on=["_prefix", "office", "near"], how="inner", suffix="_2")
    shorter = ((pl.col("trade") == "") & pl.col("core_2").str.starts_with(pl.col("core"))) | (
        (pl.col("trade_2") == "") & pl.col("core").str.starts_with(pl.col("core_2"))
    )
    return pairs.filter(shorter).select("record", "firm")


def _near(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Pairs in one city whose cores have the same length and differ in one character."""
    records = _long_cores(left, "record")
    firms = _one_half_shared(_long_cores(right, "firm"), records)
    near_pairs = [pl.DataFrame(schema={"record": pl.UInt32, "firm": pl.UInt32})]
    longest = firms.select(pl.col("length").max().fill_null(0)).item()
    for at in range(longest):
        # One place at a time: all places of a million firms at once would not fit into memory.
        looked = records.filter(pl.col("length") > at).with_columns(_without(at))
        others = firms.filter(pl.col("length") > at).with_columns(_without(at))
        others = others.join(looked, on="rest", how="semi").filter(pl.len().over("rest") <= _MOST_FIRMS)
        pairs = looked.join(others, on="rest", how="inner", suffix="_2")
        near_pairs.append(pairs.filter(pl.col("core") != pl.col("core_2")).select("record", "firm"))
    return pl.concat(near_pairs).unique()


def _one_half_shared(firms: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Firms with a record in their city of the same length and first, or second, half of the core.

    Cores that differ in one character agree in one half.
    """
    half = pl.col("length") // 2
    keep = pl.Series(np.zeros(firms.height, dtype=np.bool_))
    for part in (pl.col("core").str.slice(0, half), pl.col("core").str.slice(half)):
        key = [part.alias("half"), "near", "length"]
        known = records.select(key).unique()
        keep |= firms.select(key).join(
            known.with_columns(met=pl.lit(True)), on=["half", "near", "length"], how="left",
            maintain_order="left",
        )["met"].fill_null(False)  # fmt: skip
    return firms.filter(keep)


def _long_cores(frame: pl.DataFrame, number: str) -> pl.DataFrame:
    cores = frame.select(
        number, "core", "near", pl.col("office").fill_null(""), length=pl.col("core").str.len_chars()
    )
    return cores.drop_nulls().filter(pl.col("length").is_between(_SHORTEST_CORE, _LONGEST_CORE))


def _without(at: int) -> pl.Expr:
    """The core without its character at a place, with city and office."""
    before, after = pl.col("core").str.slice(0, at), pl.col("core").str.slice(at + 1)
    return pl.concat_str(before, after, "near", "office", separator="|").alias("rest")
