"""Registration types and industries: codes and words of the ledgers as codes of the official tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from coverage_engine.content import checked_content
from coverage_engine.ledgers.assembling.registration_tables import with_table_of_list
from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.kinds import fold_text
from coverage_engine.ledgers.personal_data import hide_people
from coverage_engine.ledgers.word_shapes import IndustriesFile, RegistrationTypesFile

_YEARS = (2011, 2023)
_FIRST_DAY_OF_2023_TABLE = date(2023, 1, 1)
_INDUSTRY = re.compile(r"([A-T])?(\d{2,4})?")
_SEPARATORS = re.compile(r"[、,，\s和与及]+")

_BY_SIGN = "by sign: "

Registration = tuple[str | None, int | None, str | None]
"""Code, year of its table, problem (or by which sign it was read)."""


def with_registration(rows: pl.DataFrame, as_of: date, log: FindingLog) -> pl.DataFrame:
    """Rows with `registration_type` and `registration_year` from the text and the year written."""
    wrong = rows.filter(~pl.col("registration_year").is_in(_YEARS))
    log.add_rows(
        "registration.year_unknown",
        wrong.with_columns(found=pl.col("registration_year").cast(pl.String)),
        "registration_year",
    )
    year = pl.when(pl.col("registration_year").is_in(_YEARS)).then("registration_year")
    dated = with_table_of_list(rows.with_columns(registration_year=year), log)
    distinct = dated.select("registration_text", "registration_year").unique().drop_nulls("registration_text")
    in_force = _YEARS[1] if as_of >= _FIRST_DAY_OF_2023_TABLE else _YEARS[0]
    answers = pl.DataFrame(
        [(t, y, *_registration(t, y, in_force)) for t, y in distinct.sort(pl.all()).iter_rows()],
        schema={
            "registration_text": pl.String,
            "registration_year": pl.Int64,
            "registration_type": pl.String,
            "table_year": pl.Int64,
            "problem": pl.String,
        },
        orient="row",
    )
    joined = dated.join(
        answers,
        on=["registration_text", "registration_year"],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    unread = joined["problem"] == "registration.unrecognised"
    written = hide_people(joined["registration_text"].set(~unread.fill_null(False), None))
    joined = joined.with_columns(
        registration_text=written.zip_with(unread.fill_null(False), joined["registration_text"])
    )
    for code in ("registration.year_missing", "registration.unrecognised"):
        troubled = joined.filter(pl.col("problem") == code).with_columns(found="registration_text")
        log.add_rows(code, troubled, "registration_text")
    _tell_by_sign(joined, log)
    return joined.with_columns(registration_year="table_year").drop("table_year", "problem")


def with_industry(rows: pl.DataFrame, log: FindingLog) -> pl.DataFrame:
    """Rows with a sound `industry_code` and the `section` letter, from code or words."""
    codes = _looked_up(rows["industry_code"], _industry_of_code, ("code", "section"))
    words = _looked_up(rows["industry_text"], _industry_of_words, ("word_code", "word_section"))
    joined = rows.with_columns(*codes, *words)
    bad = joined.filter(pl.col("industry_code").is_not_null() & pl.col("code").is_null())
    findings = bad.with_columns(found=hide_people(bad["industry_code"]))
    log.add_rows("industry.unknown_code", findings, "industry_code")
    return joined.with_columns(
        industry_code=pl.coalesce("code", "word_code"), section=pl.coalesce("section", "word_section")
    ).drop("code", "word_code", "word_section")


def trade_of_words(text: str) -> tuple[str | None, str | None]:
    """The code and the section of GB/T 4754 that words name in full; null where they name none."""
    return _industry_of_words(text)


# ---------------------------------------------------------------------------------------------- private


@dataclass(frozen=True)
class _Sign:
    """Words within a registration type that tell its code in each table, with the reason why."""

    any_of: tuple[str, ...]
    also: tuple[str, ...]
    without: tuple[str, ...]
    codes: Mapping[int, str]
    reason: str

    def fits(self, text: str) -> bool:
        """Whether the text says so."""
        return (
            any(word in text for word in self.any_of)
            and (not self.also or any(word in text for word in self.also))
            and not any(word in text for word in self.without)
        )


@cache
def _signs() -> tuple[_Sign, ...]:
    entries = checked_content(RegistrationTypesFile, "data", "ledgers", "words", "registration_types.toml")[
        "sign"
    ]
    return tuple(
        _Sign(
            tuple(entry["any"]),
            tuple(entry.get("with", ())),
            tuple(entry.get("without", ())),
            {year: entry[str(year)] for year in _YEARS if str(year) in entry},
            entry["reason"],
        )
        for entry in entries
    )


def _tell_by_sign(joined: pl.DataFrame, log: FindingLog) -> None:
    """A type read by the words in it is told once for each text of a ledger, with the number of rows."""
    read = joined.filter(pl.col("problem").str.starts_with(_BY_SIGN))
    counted = read.group_by("source", "registration_text", "problem").len().sort(pl.all())
    for source, text, problem, count in counted.iter_rows():
        reason = problem.removeprefix(_BY_SIGN)
        text_and_count = f"{text}（{count} 行）"
        log.add(
            "registration.by_sign", source, field="registration_text", found=text_and_count, detail=reason
        )


@cache
def _types() -> tuple[dict[int, frozenset[str]], dict[int, dict[str, str]]]:
    content = checked_content(RegistrationTypesFile, "data", "ledgers", "words", "registration_types.toml")
    codes = {int(year): frozenset(known) for year, known in content["codes"].items()}
    words = {
        int(year): {fold_text(word).replace(" ", ""): code for word, code in known.items()}
        for year, known in content["words"].items()
    }
    return codes, words


def _registration(text: str, year: int | None, in_force: int) -> Registration:
    codes, words = _types()
    bare = re.sub(r"\s+", "", fold_text(text)).removesuffix(".0")
    leading = re.match(r"(\d{3})(?!\d)", bare)
    if leading:
        return _registration_code(leading[1], year, codes)
    options = {table: known[bare] for table, known in words.items() if bare in known}
    if options:
        return *_of_table(options, year, in_force), None
    sign = next((sign for sign in _signs() if sign.fits(bare)), None)
    if sign is None:
        return None, year, "registration.unrecognised"
    return *_of_table(sign.codes, year, in_force), _BY_SIGN + sign.reason


def _of_table(options: Mapping[int, str], year: int | None, in_force: int) -> tuple[str, int]:
    chosen = next((table for table in (year, in_force) if table in options), None) or next(iter(options))
    return options[chosen], chosen


def _registration_code(code: str, year: int | None, codes: Mapping[int, frozenset[str]]) -> Registration:
    """A code that stands in one table only needs no year."""
    tables = [table for table, known in codes.items() if code in known]
    if year in tables:
        return code, year, None
    if len(tables) == 1 and year is None:
        return code, tables[0], None
    return None, year, "registration.year_missing" if tables else "registration.unrecognised"


@cache
def _industries() -> dict[str, Any]:
    return checked_content(IndustriesFile, "data", "ledgers", "words", "industries.toml")


def _section_of_division(number: int) -> str | None:
    sections = _industries()["sections"].items()
    return next((letter for letter, entry in sections if entry["first"] <= number <= entry["last"]), None)


def _industry_of_code(text: str) -> tuple[str | None, str | None]:
    bare = fold_text(text).upper().replace(" ", "").removesuffix(".0")
    match = _INDUSTRY.fullmatch(bare)
    if not match or not bare:
        return None, None
    letter, digits = match.groups()
    if not digits:
        return letter, letter
    section = _section_of_division(int(digits[:2]))
    return (digits, section) if section and letter in (None, section) else (None, None)


def _industry_of_words(text: str) -> tuple[str | None, str | None]:
    bare = _SEPARATORS.sub("", fold_text(text))
    by_name, by_section = _industry_words()
    code = by_name.get(bare)
    if code:
        return code, _section_of_division(int(code[:2]))
    if len(bare) == 1 and bare.upper() in _industries()["sections"]:
        return bare.upper(), bare.upper()
    return None, by_section.get(bare) or by_section.get(bare.removesuffix("业"))


@cache
def _industry_words() -> tuple[dict[str, str], dict[str, str]]:
    content = _industries()
    by_name = {_SEPARATORS.sub("", name): code for code, names in content["names"].items() for name in names}
    by_section = {
        _SEPARATORS.sub("", word): letter
        for letter, entry in content["sections"].items()
        for word in (entry["name"], *entry["words"])
    }
    return by_name, by_section


def _looked_up(texts: pl.Series, look: Any, names: tuple[str, str]) -> list[pl.Series]:
    """Two columns of answers for each distinct text."""
    distinct = texts.drop_nulls().unique().sort().to_list()
    answers = [look(text) for text in distinct]
    if not distinct:
        return [pl.Series(name, [None] * len(texts), dtype=pl.String) for name in names]
    return [
        texts.replace_strict(
            distinct, [answer[i] for answer in answers], default=None, return_dtype=pl.String
        ).alias(name)
        for i, name in enumerate(names)
    ]
