"""Finds the one enterprise that somebody asks about, by name or credit code."""

from __future__ import annotations

import polars as pl

from coverage_engine.arguments import LANGUAGE, TEXT, checked, either, instance
from coverage_engine.errors import LedgerError
from coverage_engine.explanation.phrases import phrase
from coverage_engine.model.snapshot import Snapshot

_SIMILAR = 5

_FIRMS = either(
    instance(Snapshot, "read_ledgers 读出的底数（Snapshot）"),
    instance((pl.LazyFrame, pl.DataFrame), "其中的 enterprises 表"),
)


@checked(enterprises=_FIRMS, wanted=TEXT, lang=LANGUAGE)
def find_enterprise(
    enterprises: Snapshot | pl.DataFrame | pl.LazyFrame, wanted: str, lang: str = "zh"
) -> int:
    """The `enterprise_id` of a credit code or full name; a part of a name is enough where only one has it.

    `enterprises` is a snapshot, or its table of that name (columns enterprise_id, name, credit_code,
    county_code); `lang` is the language of the error.

    Raises:
        ArgumentError: an argument of the wrong kind.
        LedgerError: none or several; names the similar ones.

    Example:
        >>> find_enterprise(snapshot, "澈岚屿食品")
        0
    """
    table = enterprises["enterprises"] if isinstance(enterprises, Snapshot) else enterprises
    text = wanted.strip()
    named = table.lazy().select("enterprise_id", "name", "credit_code", "county_code")
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
    near = phrase("similar", lang, names="、".join(shown)) if shown else ""
    problem = phrase("not_found", lang, wanted=text, near=near)
    raise LedgerError(problem, phrase("not_found_remedy", lang))
