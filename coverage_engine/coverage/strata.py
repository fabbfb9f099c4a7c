"""Strata of an estimate: counts of firms by place, size and what is known of denominator and numerator."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from coverage_engine.coverage.figures import CATEGORIES, denominator, set_aside_in
from coverage_engine.frames.dialect import Lazy, sure

PLACES = ("city_code", "county_code", "park", "sector")
"""Where a firm counts."""

OF = ("category", "numerator")
"""What rate a count belongs to."""

_STAFF_STEPS = (30, 100, 300)
_NOTHING_KNOWN = 29  # neither scale nor staff: as `_size` says it


def strata(enterprises: Lazy, rows_set_aside: Lazy) -> Lazy:
    """Counts of known and unknown numerators per place, size, denominator and what is known of that.

    `evidence` has one letter for each fact of the denominator: t yes, f no, u unknown, c closed, x no
    enterprise, o yes if it operates as is presumed. A row of the ledger that was turned back is a firm of
    which only the place is known.
    """
    numerators = {"own": nw.col("has_own"), "joint": nw.col("has_own") | nw.col("has_joint")}
    sums = {
        f"{name}_{letter}": _knowledge(fact, letter).cast(nw.Int64)
        for name, fact in numerators.items()
        for letter in "tfu"
    }
    parts = []
    for category in CATEGORIES:
        letters = _evidence(category)
        keyed = enterprises.select(
            nw.col("city_code").fill_null(""),
            nw.col("county_code").fill_null(""),
            nw.col("park_id").cast(nw.String).fill_null("").alias("park"),
            nw.col("sector").fill_null(""),
            _size().cast(nw.Int64).alias("size"),
            nw.concat_str(letters).alias("evidence"),
            *(flag.alias(name) for name, flag in sums.items()),
        )
        every = nw.concat(
            [keyed, _set_aside(set_aside_in(rows_set_aside, category), len(letters), list(sums))]
        )
        counted = every.group_by(*PLACES, "size", "evidence").agg(*(nw.col(name).sum() for name in sums))
        parts.append(counted.with_columns(nw.lit(category).alias("category")))
    return nw.concat(parts)


def by_numerator(wide: pl.DataFrame) -> pl.DataFrame:
    """One row per numerator with the nine combinations of D and N that the evidence leaves (of `strata`)."""
    out, open_ = pl.col("evidence").str.contains("[fxc]"), pl.col("evidence").str.contains("[uo]")
    inside = pl.when(out).then(pl.lit("f")).when(open_).then(pl.lit("u")).otherwise(pl.lit("t"))
    parts = [
        wide.select(
            *PLACES,
            "size",
            "evidence",
            "category",
            pl.lit(name).alias("numerator"),
            *(
                pl.when(inside == cell).then(pl.col(f"{name}_{letter}")).otherwise(0).alias(f"{cell}{letter}")
                for cell in "tfu"
                for letter in "tfu"
            ),
        )
        for name in ("own", "joint")
    ]
    return pl.concat(parts).sort(*OF, *PLACES, "size", "evidence")


# ---------------------------------------------------------------------------------------------- private


def _evidence(category: str) -> list[nw.Expr]:
    gone = sure(~nw.col("in_scope")) & ~sure(~nw.col("is_non_public"))
    enterprise = nw.col("entity_kind").is_null() | (nw.col("entity_kind") == "enterprise")
    left = nw.when(sure(enterprise)).then(nw.lit("c")).otherwise(nw.lit("x"))
    presumed = nw.when(nw.col("operating").is_null()).then(nw.lit("o")).otherwise(nw.lit("u"))
    scope = (
        nw.when(gone)
        .then(left)
        .otherwise(nw.when(nw.col("scope_presumed")).then(presumed).otherwise(_letter(nw.col("in_scope"))))
    )
    called = nw.col("has_party") | nw.col("in_society")
    facts: dict[str, list[nw.Expr]] = {
        "operating": [],
        "eligible": [nw.col("enough_members")],
        "duty_bound": [nw.col("enough_members"), called],
    }
    return [scope, *(_letter(fact) for fact in facts.get(category, [denominator(category, nw.lit(True))]))]


def _letter(fact: nw.Expr) -> nw.Expr:
    letter = nw.when(sure(fact)).then(nw.lit("t")).otherwise(nw.lit("f"))
    return nw.when(fact.is_null()).then(nw.lit("u")).otherwise(letter)


def _set_aside(rows: Lazy, letters: int, sums: list[str]) -> Lazy:
    return rows.select(
        nw.col("city_code").fill_null(""),
        nw.col("county_code").fill_null(""),
        *(nw.lit("").alias(name) for name in ("park", "sector")),
        nw.lit(_NOTHING_KNOWN).cast(nw.Int64).alias("size"),
        nw.lit("u" * letters).alias("evidence"),
        *(nw.lit(int(name.endswith("_u"))).cast(nw.Int64).alias(name) for name in sums),
    )


def _knowledge(fact: nw.Expr, letter: str) -> nw.Expr:
    if letter == "u":
        return fact.is_null()
    return sure(fact) if letter == "t" else sure(~fact)


def _size() -> nw.Expr:
    """Size of a firm: above scale or not, and a step of staff; what is not known is a step of its own."""
    scale = nw.col("above_scale").cast(nw.Int64).fill_null(2)
    steps = nw.lit(0)
    for staff in _STAFF_STEPS:
        steps = steps + sure(nw.col("employees") >= staff).cast(nw.Int64)
    staff_step = nw.when(nw.col("employees").is_null()).then(nw.lit(9)).otherwise(steps)
    return scale * 10 + staff_step
