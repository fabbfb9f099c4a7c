"""Names that are equal after folding: width, brackets, spaces, invisible characters, legal form, places.

有限责任公司 is 有限公司, 河南省郑州市澈岚屿 is 郑州澈岚屿. A place or trade that only one of two names has,
集团, 股份, an office, or one other character makes them unlike, however much else agrees.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from coverage_engine.ledgers.identity.decisions import Decision, decided
from coverage_engine.ledgers.identity.firm_names import firm_parts
from coverage_engine.ledgers.identity.league_names import folded

_SAME = ("core", "place_word", "name_city", "bracketed", "office", "group", "stock")
_LONG_CORE = 4
"""A name without legal form is a whole name only where brand and trade are told: 机械 is not 机械有限公司."""


def equal_names(left: pl.Series, right: pl.Series) -> pl.Series:
    """Whether the names of each row are equal after folding."""
    pairs = pl.DataFrame({"left": left, "right": right}).select(folded(pl.all()))
    parts = firm_parts(pl.concat([pairs["left"].alias("name"), pairs["right"].alias("name")]))
    beside = pairs.join(parts, left_on="left", right_on="name", how="left", maintain_order="left").join(
        parts, left_on="right", right_on="name", how="left", maintain_order="left", suffix="_2"
    )
    alike = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_2")) for name in _SAME)
    unformed = pl.any_horizontal(pl.col("form", "form_2") == "")
    formed = (pl.col("form") == pl.col("form_2")) | (
        unformed & (pl.col("core").str.len_chars() >= _LONG_CORE)
    )
    same = (pl.col("plain") == pl.col("plain_2")) | (alike & formed)
    return beside.select(same.fill_null(False).alias("equal")).to_series()


def ask_unequal(pairs: pl.DataFrame, decisions: Sequence[Decision]) -> pl.DataFrame:
    """Pairs of which only the one of equal names is matched unasked; what a person has answered stays.

    `pairs` has `_order`, `name`, `name_of_firm`, `verdict`, `left`, `right`. A record whose firm is found
    keeps that pair alone.
    """
    answered = decided(decisions).filter("same").select("left", "right", answered=pl.lit(True))
    beside = pairs.join(answered, on=["left", "right"], how="left", maintain_order="left").with_columns(
        pl.col("answered").fill_null(False), equal=equal_names(pairs["name"], pairs["name_of_firm"])
    )
    alone = pl.col("equal") & (pl.col("equal").sum().over("_order") == 1)
    sure = ((pl.col("verdict") == "match") & pl.col("answered")) | alone
    judged = beside.with_columns(verdict=pl.when(sure).then(pl.lit("match")).otherwise(pl.lit("ask")))
    matched = (pl.col("verdict") == "match").any().over("_order")
    return judged.filter((pl.col("verdict") == "match") | ~matched).drop("answered", "equal")
