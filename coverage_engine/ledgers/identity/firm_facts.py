"""What besides its name tells a firm apart: code, place, kind, address; and which of it speaks against.

Two rows of one name are one firm only where nothing here contradicts. Unknown contradicts nothing. Of a
pair what is of the second has the ending `_2`.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from coverage_engine.ledgers.credit_codes import entity_kind

FACTS: dict[str, Any] = {
    "credit_code": pl.String,
    "credit_code_older": pl.String,
    "county_code": pl.String,
    "city_code": pl.String,
    "address": pl.String,
    "employees": pl.Int64,
    "registration_type": pl.String,
    "section": pl.String,
    "claim": pl.Boolean,
}
"""What a row may tell; columns that are not there are unknown."""

COMPARED = ("credit_code", "number", "city_code", "county_code", "kind", "street")
"""What rows of one name are compared by."""

_INNER = (8, 9)
_BY_REGISTRATION = {"400": "cooperative", "500": "individual"}
_DIVISIONS = r"^(?:河南省?)?(?:[^市县区省]{2,4}市)?(?:[^市县区]{1,4}[市县区])?"
_MARKS = r"[\s\p{Cf}\p{P}]+"
_SAME_STREET = 4
"""Addresses that begin with so many equal characters below the county may be one place."""


def with_facts(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with all of FACTS, and `kind`, `number` (of older registers), `street` (below the county)."""
    missing = [
        pl.lit(None, dtype=kind).alias(name) for name, kind in FACTS.items() if name not in rows.columns
    ]
    return rows.with_columns(missing).with_columns(
        kind=_kind(),
        number=pl.coalesce(pl.col("credit_code").str.slice(*_INNER), "credit_code_older"),
        street=_street(),
    )


def contradicted() -> pl.Expr:
    """Whether code, place or kind speak against two rows of one spelling being one firm.

    Another legal form is a spelling only where the county, or the address, is the same: 有限公司 and
    有限责任公司 of one name are found in one city. Another address contradicts unless a company's name is
    written alike, or all but its form and its county agree.
    """
    one_code = (pl.col("credit_code") == pl.col("credit_code_2")).fill_null(False)
    # Numbers of two registers cannot be compared.
    one_register = pl.col("number").str.len_bytes() == pl.col("number_2").str.len_bytes()
    against = [_unlike(name) for name in ("credit_code", "city_code", "county_code", "kind")]
    numbers = one_register & (pl.col("number") != pl.col("number_2"))
    one_county = (pl.col("county_code") == pl.col("county_code_2")).fill_null(False)
    one_form = pl.col("worded") == pl.col("worded_2")
    company = pl.col("form") == "company"
    form = ~one_form & ~one_county & ~same_street().fill_null(False)
    street = other_street() & ~(one_form & (company | one_county))
    return ~one_code & pl.any_horizontal(each.fill_null(False) for each in (*against, numbers, form, street))


def same_street() -> pl.Expr:
    """Whether two addresses say the same, one perhaps more; null where one is unknown."""
    one, other = pl.col("street"), pl.col("street_2")
    return one.str.starts_with(other) | other.str.starts_with(one)


def other_street() -> pl.Expr:
    """Whether two addresses begin differently; null where one is unknown."""
    return pl.col("street").str.slice(0, _SAME_STREET) != pl.col("street_2").str.slice(0, _SAME_STREET)


# ---------------------------------------------------------------------------------------------- private


def _kind() -> pl.Expr:
    """Of the registration type, else of the code; null where neither is known."""
    of_code = {code: entity_kind(code) for code in ("91", "92", "93")}
    by_code = (
        pl.col("credit_code")
        .str.slice(0, 2)
        .replace_strict(of_code, default="not_enterprise", return_dtype=pl.String)
    )
    by_type = pl.col("registration_type").replace_strict(
        _BY_REGISTRATION, default="enterprise", return_dtype=pl.String
    )
    return (
        pl.when(pl.col("registration_type").is_not_null())
        .then(by_type)
        .when(pl.col("credit_code").is_not_null())
        .then(by_code)
    )


def _street() -> pl.Expr:
    folded = pl.col("address").str.normalize("NFKC").str.replace_all(_MARKS, "")
    street = folded.str.replace(_DIVISIONS, "")
    return pl.when(street.str.len_chars() >= _SAME_STREET).then(street)


def _unlike(name: str) -> pl.Expr:
    return pl.col(name) != pl.col(f"{name}_2")
