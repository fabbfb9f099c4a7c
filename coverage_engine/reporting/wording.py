"""Words shared by all reports, read from `reports/wording.toml`, and columns of codes turned into words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any

import polars as pl

from coverage_engine.content import checked_content
from coverage_engine.model.plan import Plan
from coverage_engine.model.vocabulary import labels
from coverage_engine.reporting.wording_shapes import FontsFile, WordingFile


@cache
def wording() -> dict[str, Any]:
    """The whole of `reports/wording.toml`."""
    return checked_content(WordingFile, "reports", "wording.toml")


@cache
def fonts() -> dict[str, str]:
    """Font names by use (`title`, `head`, `body`, `second`, `page`) that the documents name."""
    content = checked_content(FontsFile, "reports", "fonts.toml")
    return {use: str(name) for use, name in content.items() if use != "fallback"}


@cache
def fallback_fonts() -> dict[str, tuple[str, ...]]:
    """What stands in for a font that a machine lacks, in order, by font name."""
    content = checked_content(FontsFile, "reports", "fonts.toml")
    return {name: tuple(others) for name, others in content["fallback"].items()}


def answer(key: str) -> str:
    """One of the short answers: has, has_not, yes, no, unknown, joint_kind, hollow, hollow_in_park."""
    return str(wording()["answers"][key])


def path_titles(plan: Plan, lang: str = "zh") -> dict[int, str]:
    """The 建团路径 of the plan: number to title."""
    return dict(plan["paths"].select("path", "title_en" if lang == "en" else "title").iter_rows())


def path_words(plan: Plan, column: str) -> pl.Expr:
    """Number of a 建团路径 as `路径9 依托企业总部推动分支机构建团`, null where there is none."""
    words = {number: f"路径{number} {title}" for number, title in path_titles(plan).items()}
    return translated(pl.col(column).cast(pl.Int64), words)


def label_words(column: str, words: type[StrEnum], lang: str = "zh") -> pl.Expr:
    """Codes of one vocabulary as its labels; null stays null."""
    return translated(pl.col(column), labels(words, lang))


def translated(codes: pl.Expr, words: Mapping[Any, str]) -> pl.Expr:
    """Codes by a table of words; a code that the table lacks is shown as it is."""
    return codes.replace_strict(
        list(words), list(words.values()), default=codes.cast(pl.String), return_dtype=pl.String
    )


def not_listed(plan: Plan, lang: str) -> pl.Expr:
    """Why an enterprise is no target of this round, in the words of the plan's policy; null for a target."""
    reason = pl.col("not_listed_reason")
    return translated(reason, plan.terms.english) if lang == "en" and plan.terms.english else reason


def flag_words(flag: pl.Expr, true: str, false: str) -> pl.Expr:
    """A three-valued flag as two words and `待核实`."""
    return (
        pl.when(flag.is_null())
        .then(pl.lit(answer("unknown")))
        .when(flag)
        .then(pl.lit(true))
        .otherwise(pl.lit(false))
    )


def has_words(flag: pl.Expr) -> pl.Expr:
    """A three-valued flag as 有, 无 or 待核实."""
    return flag_words(flag, answer("has"), answer("has_not"))


def yes_words(flag: pl.Expr) -> pl.Expr:
    """A three-valued flag as 是, 否 or 待核实."""
    return flag_words(flag, answer("yes"), answer("no"))


def answer_flag(column: str) -> pl.Expr:
    """A column of Answer words as a three-valued flag."""
    return pl.when(pl.col(column) == "yes").then(True).when(pl.col(column) == "no").then(False)
