"""Which department regulates a firm whose ledger names none: the one that lists the firm's trade (主管行业).

A trade is listed where the department writes the firm's own words, or a class, group or division of
GB/T 4754 in which the firm's code lies; a whole section only where the department writes the section's own
name. Nothing is inferred from a word inside another: 汽车修理 says nothing of those who make cars.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import polars as pl

from coverage_engine.content import checked_content
from coverage_engine.ledgers.assembling.registration import trade_of_words
from coverage_engine.ledgers.kinds import fold_text
from coverage_engine.ledgers.word_shapes import TradeWordsFile

_BETWEEN = r"[、,，;；/|\n]+"
_TRADE = ["industry_text", "industry_code", "section"]
_OWN_WORDS, _PART, _SECTION = 3, 2, 1
"""How closely a department's words fit: the firm's own words, a part of its section, or the section whole."""


def with_trade_departments(
    enterprises: pl.DataFrame, departments: pl.DataFrame, province: str
) -> pl.DataFrame:
    """Enterprises with `trade_department_id`: of the county, the city or the province.

    The words that fit most closely win, then a department with a League work committee, then the nearest.
    Null where the ledger names a department, or none lists the trade.
    """
    if departments.is_empty():
        return enterprises.with_columns(trade_department_id=pl.lit(None, pl.Int32))
    asking = enterprises.filter(pl.col("department_id").is_null())
    here = asking.select(*_TRADE, "county_code", "city_code").unique()
    fits = _fitting(here.select(_TRADE).unique(), _listed(departments))
    pairs = pl.concat(
        here.join(fits, on=_TRADE, nulls_equal=True)
        .with_columns(near=pl.lit(near), division=division)
        .join(
            departments.select("department_id", "work_committee", division="division_code"),
            on=["department_id", "division"],
        )
        for near, division in ((2, pl.col("county_code")), (1, pl.col("city_code")), (0, pl.lit(province)))
    )
    keys = [*_TRADE, "county_code", "city_code"]
    best = pairs.sort(
        *keys, "closeness", pl.col("work_committee").fill_null(False), "near", "department_id",
        descending=[False] * len(keys) + [True, True, True, False],
    ).unique(keys, keep="first", maintain_order=True)  # fmt: skip
    chosen = best.select(*keys, trade_department_id=pl.col("department_id").cast(pl.Int32))
    return enterprises.join(
        chosen, on=keys, how="left", nulls_equal=True, maintain_order="left"
    ).with_columns(trade_department_id=pl.when(pl.col("department_id").is_null()).then("trade_department_id"))


# ---------------------------------------------------------------------------------------------- private


def _listed(departments: pl.DataFrame) -> pl.DataFrame:
    """Each trade that a department lists: `department_id`, `term`."""
    return (
        departments.select(
            "department_id",
            term=pl.col("sectors").str.replace_all(_BETWEEN, "、").str.split("、"),
        )
        .explode("term")
        .with_columns(pl.col("term").str.strip_chars())
        .filter(pl.col("term") != "")
    )


def _fitting(trades: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Trades of firms with the departments that list them, and how closely."""
    terms = listed["term"].unique().sort().to_list()
    meant = pl.DataFrame(
        [(term, code) for term in terms for code in codes_meant(term)],
        schema={"term": pl.String, "code": pl.String},
        orient="row",
    )
    bare = pl.DataFrame(
        [(term, fold_text(term)) for term in terms],
        schema={"term": pl.String, "words": pl.String},
        orient="row",
    )
    own_words = trades.with_columns(
        words=pl.col("industry_text").map_elements(fold_text, return_dtype=pl.String)
    ).join(bare, on="words")
    by_code = pl.concat(
        trades.with_columns(code=pl.col("industry_code").str.slice(0, length))
        .filter(pl.col("code").str.len_chars() == length)
        .join(meant, on="code")
        for length in (2, 3, 4)
    )
    by_section = trades.join(meant.rename({"code": "section"}), on="section")
    columns = [*_TRADE, "term"]
    fits = pl.concat(
        [
            own_words.select(*columns, closeness=pl.lit(_OWN_WORDS)),
            by_code.select(*columns, closeness=pl.lit(_PART)),
            by_section.select(*columns, closeness=pl.lit(_SECTION)),
        ]
    )
    return fits.join(listed, on="term").group_by(*_TRADE, "department_id").agg(pl.col("closeness").max())


@cache
def codes_meant(term: str) -> tuple[str, ...]:
    """Codes of GB/T 4754 that a department's word names: division, group, class, or a section's letter."""
    trades: dict[str, list[str]] = _content()["trades"]
    bare = fold_text(term)
    forms = (bare, *(bare.removesuffix(suffix) for suffix in _content()["suffixes"]))
    word = next((form for form in forms if form in trades), None)
    if word is not None:
        return tuple(part for code in trades[word] for part in _parts(code))
    code, section = trade_of_words(term)
    if code is not None and code != section:
        return (code,)
    return (section,) if section is not None else ()


def _parts(code: str) -> list[str]:
    """06-46 as its divisions."""
    first, _, last = code.partition("-")
    return [f"{number:02d}" for number in range(int(first), int(last) + 1)] if last else [code]


@cache
def _content() -> dict[str, Any]:
    return checked_content(TradeWordsFile, "data", "ledgers", "words", "trades.toml")
