"""Finds the one enterprise that a planner asks about."""

from __future__ import annotations

import polars as pl

from coverage_engine.cli.speech import say
from coverage_engine.errors import LedgerError

_SIMILAR = 5


def find_enterprise(enterprises: pl.LazyFrame, wanted: str, lang: str) -> int:
    """The enterprise of a credit code or full name; a part of a name is enough where only one has it.

    Raises:
        LedgerError: none or several; names the similar ones.
    """
    text = wanted.strip()
    named = enterprises.select("enterprise_id", "name", "credit_code", "county_code")
    exact = named.filter((pl.col("credit_code") == text.upper()) | (pl.col("name") == text)).collect()
    if exact.height == 1:
        return int(exact["enterprise_id"].item())
    part = named.filter(pl.col("name").str.contains(text, literal=True)).collect()
    if exact.is_empty() and part.height == 1:
        return int(part["enterprise_id"].item())
    similar = exact if exact.height else part
    shown = [
        f"{name}（{code or county or ''}）"
        for name, code, county in similar.select("name", "credit_code", "county_code")
        .head(_SIMILAR)
        .iter_rows()
    ]
    near = say("near", lang, names="、".join(shown)) if shown else ""
    problem, _, remedy = say("not_found", lang, wanted=text, near=near).partition("\n")
    raise LedgerError(problem, remedy.partition("：")[2] or remedy)
