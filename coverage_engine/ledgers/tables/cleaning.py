"""清洗: what was taken off or converted in cells, by which rule; each rule can be switched off.

The rules stand in `data/ledgers/words/cleaning.toml`. Originals are told without persons.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import polars as pl

from coverage_engine.content import checked_content
from coverage_engine.errors import LedgerError
from coverage_engine.ledgers.kinds import LedgerColumn
from coverage_engine.ledgers.list_shapes import CleaningFile
from coverage_engine.ledgers.tables.firm_cell import SEVERAL
from coverage_engine.ledgers.tables.firm_cells import APART
from coverage_engine.ledgers.tables.single_cells import number_rules
from coverage_engine.ledgers.tables.values import Cast

_SCHEMA = {
    "source": pl.Int32,
    "row": pl.Int64,
    "field": pl.String,
    "original": pl.String,
    "result": pl.String,
    "rule": pl.String,
}
_NUMBERS = frozenset({"count", "real"})
_NOT_A_NUMBER = "count.not_a_number"


def no_cleaning() -> pl.DataFrame:
    """Nothing that was cleaned."""
    return pl.DataFrame(schema=_SCHEMA)


def rule_names() -> dict[str, str]:
    """The name of each rule by its key."""
    return {key: str(rule["name"]) for key, rule in _rules().items()}


def rules_left_out(given: Sequence[str]) -> frozenset[str]:
    """The keys of the rules that are not to be used: those given by key or name, and those switched off.

    Raises:
        LedgerError: no rule is called so.
    """
    names = {name: key for key, name in rule_names().items()}
    unknown = [each for each in given if each not in names and each not in _rules()]
    if unknown:
        raise LedgerError(f"没有这样的清洗规则：{'、'.join(unknown)}", f"可用的规则有：{'、'.join(names)}。")
    off = {key for key, rule in _rules().items() if not rule["on"]}
    return frozenset({names.get(each, each) for each in given} | off)


def cleaned_names(located: pl.DataFrame, names: pl.Series, field: str) -> pl.DataFrame:
    """What was taken off in a column of firms: `located` are the findings with `at`, `rules` and `found`."""
    cleaned = located.filter((pl.col("rules") != "") & (pl.col("code") != SEVERAL)).unique(
        "at", keep="first", maintain_order=True
    )
    results = names.gather(cleaned["at"]).str.replace_all(APART, "；", literal=True)
    told = cleaned.select(
        "source",
        "row",
        pl.lit(field).alias("field"),
        pl.col("found").alias("original"),
        results.alias("result"),
        pl.col("rules").str.split(";").alias("rule"),
    )
    return _rows(told.explode("rule"))


def cleaned_numbers(
    rows: pl.DataFrame, column: LedgerColumn, texts: pl.Series, cast: Cast, without: frozenset[str]
) -> tuple[Cast, pl.DataFrame]:
    """The numbers of a column without those that only a rule left out has read, and what rules did to others.

    `rows` has `source` and `row` of each cell.
    """
    if column.type not in _NUMBERS:
        return cast, no_cleaning()
    plain = texts.cast(pl.Float64, strict=False)
    odd = (cast.values.is_not_null() & plain.is_null()).arg_true()
    if not len(odd):
        return cast, no_cleaning()
    written = texts.gather(odd)
    by_text = {text: number_rules(text) for text in written.unique().to_list()}
    refused = [text for text, rules in by_text.items() if without & {*rules}]
    if refused:
        off = texts.is_in(refused).fill_null(False)
        cast = Cast(cast.values.set(off, None), cast.problems.set(off, _NOT_A_NUMBER), cast.older)
    used = {text: ";".join(rules) for text, rules in by_text.items() if rules and not without & {*rules}}
    told = rows[odd].with_columns(
        field=pl.lit(column.key),
        original=written.str.strip_chars(),
        result=cast.values.gather(odd).cast(pl.String),
        rule=written.replace_strict(used, default=None, return_dtype=pl.String),
    )
    cleaned = told.drop_nulls("rule").with_columns(pl.col("rule").str.split(";")).explode("rule")
    return cast, _rows(cleaned)


# ---------------------------------------------------------------------------------------------- private


def _rows(told: pl.DataFrame) -> pl.DataFrame:
    return told.select(pl.col(name).cast(dtype) for name, dtype in _SCHEMA.items())


@cache
def _rules() -> dict[str, dict[str, object]]:
    return checked_content(CleaningFile, "data", "ledgers", "words", "cleaning.toml")
