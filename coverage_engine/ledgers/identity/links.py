"""Which enterprise a row of another ledger means: by credit code, else by normalised full name.

A row whose enterprise is not found, or may be several, is told and links nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.identity.doubts import Doubts
from coverage_engine.ledgers.identity.firm_names import plain_name
from coverage_engine.ledgers.identity.one_to_one import claims_of
from coverage_engine.ledgers.identity.row_rank import ranked
from coverage_engine.ledgers.tables.older_numbers import code_or_older

_MATCHED = {"enterprise_id": pl.Int32, "hits": pl.UInt32, "candidates": pl.String}


@dataclass(frozen=True)
class Register:
    """The enterprises to look up: by code (`credit_code`), by `plain_name`, else by likeness of names.

    `other_names` (`enterprise_id`, `name`, `plain_name`) are what their ledger calls them as well.
    """

    enterprises: pl.DataFrame
    doubts: Doubts = field(default_factory=Doubts)
    other_names: pl.DataFrame | None = None

    def matched(self, rows: pl.DataFrame, name: str, code: str) -> pl.DataFrame:
        """Rows with `enterprise_id` (null where none is sure), `hits` and `candidates`."""
        if rows.is_empty():
            return rows.with_columns(pl.lit(None, dtype=kind).alias(key) for key, kind in _MATCHED.items())
        plain, number = plain_name(pl.col(name)), code_or_older(code, rows.columns)
        by_code, by_both, by_name = self._fitting
        joined = (
            rows.with_columns(plain.alias("_plain"), number.alias("_number"))
            .join(by_code, on="_number", how="left", maintain_order="left")
            .join(by_both, on=["_number", "_plain"], how="left", maintain_order="left")
            .join(by_name, on="_plain", how="left", maintain_order="left")
        )
        coded = pl.col("hits").fill_null(0) > 0
        one_coded = (
            pl.when(pl.col("hits") == 1)
            .then("enterprise_id")
            .otherwise(pl.when(pl.col("both_hits") == 1).then("both_enterprise_id"))
        )
        one_named = pl.when(pl.col("name_hits") == 1).then("name_enterprise_id")
        return joined.with_columns(
            enterprise_id=pl.when(coded).then(one_coded).otherwise(one_named),
            candidates=pl.when(coded).then("candidates").otherwise("name_candidates"),
            hits=pl.when(coded).then("hits").otherwise(pl.col("name_hits").fill_null(0)),
        ).select(*rows.columns, "enterprise_id", "hits", "candidates")

    @cached_property
    def _fitting(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """The enterprises that fit a number, a number that several have with a name, and a name."""
        firms = self.enterprises
        number = code_or_older("credit_code", firms.columns).alias("_number")
        known = firms.select("enterprise_id", number, _plain="plain_name", _name="name")
        shared = known.filter(pl.col("_number").is_duplicated())
        named = known.select("enterprise_id", "_plain", "_name")
        if self.other_names is not None:
            also = self.other_names.select("enterprise_id", _plain="plain_name", _name="name")
            named = pl.concat([named, also])
        return (
            _fitting_by(["_number"], known),
            _fitting_by(["_number", "_plain"], shared, "both_"),
            _fitting_by(["_plain"], named, "name_"),
        )


def link_rows(
    rows: pl.DataFrame,
    register: Register,
    log: FindingLog,
    *,
    per: Sequence[str] = (),
) -> pl.DataFrame:
    """The rows that name a known enterprise, with its `enterprise_id`; the others are told.

    Within each value of the columns `per` (the other side of the relation) an enterprise belongs to one row;
    a second row of another name that only looks like it is asked about.
    """
    linked, lost = linked_and_lost(rows, register, log, per=per)
    log.add_rows(
        "link.not_found", lost.with_columns(found="enterprise_name", detail=pl.lit("")), "enterprise_name"
    )
    return linked


def linked_and_lost(
    rows: pl.DataFrame,
    register: Register,
    log: FindingLog,
    *,
    per: Sequence[str] = (),
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The same rows, and those that name what no code, name or likeness finds, which are not told yet."""
    if rows.is_empty():
        none = rows.with_columns(pl.lit(None, _MATCHED["enterprise_id"]).alias("enterprise_id"))
        return none, none
    name, code = "enterprise_name", "enterprise_code"
    scope = pl.concat_str([pl.lit(""), *(pl.col(each).cast(pl.String) for each in per)], separator="|",
                          ignore_nulls=True).alias("scope")  # fmt: skip
    exact = register.matched(rows, name, code).with_columns(scope)
    matched = _by_likeness(exact, register, name, code, log).drop("scope")
    missing = matched.filter(pl.col("enterprise_id").is_null())
    findings = missing.with_columns(found=pl.col(name), detail=pl.col("candidates").fill_null(""))
    log.add_rows("link.ambiguous", findings.filter(pl.col("hits") > 0), name)
    linked = matched.filter(pl.col("enterprise_id").is_not_null()).drop("hits", "candidates")
    _tell_other_names(linked, register, log, name)
    return linked, missing.filter(pl.col("hits") == 0).drop("hits", "candidates")


def once(
    rows: pl.DataFrame, keys: list[str], log: FindingLog, field: str = "enterprise_name"
) -> pl.DataFrame:
    """Rows with each pair of keys once, the one of the highest rank kept; repeated ones are told."""
    if rows.is_empty():
        return rows
    repeated = rows.select(pl.struct(keys).is_duplicated()).to_series()
    if not repeated.any():
        return rows.sort("source", "row")
    ordered = pl.concat([rows.filter(~repeated), ranked(rows.filter(repeated))])
    led = ordered.with_columns(
        _source=pl.col("source").first().over(keys), _row=pl.col("row").first().over(keys)
    )
    first = (pl.col("source") == pl.col("_source")) & (pl.col("row") == pl.col("_row"))
    again = led.filter(~first).with_columns(found=pl.col(field), detail=log.cell(field, "_source", "_row"))
    log.add_rows("link.doubled", again, field)
    # Of one cell two spellings may be one firm.
    kept = led.filter(first).unique(keys, keep="first", maintain_order=True)
    return kept.drop("_source", "_row").sort("source", "row", *keys)


# ---------------------------------------------------------------------------------------------- private


def _by_likeness(
    matched: pl.DataFrame, register: Register, name: str, code: str, log: FindingLog
) -> pl.DataFrame:
    """Fills in the enterprise of rows that no code or name found, where the likeness leaves no doubt."""
    numbered = matched.with_row_index("_order")
    lost = numbered.filter(pl.col("enterprise_id").is_null() & (pl.col("hits") == 0))
    if lost.is_empty():
        return matched
    kind = log.kind(int(lost["source"][0]))
    records = lost.select("_order", "source", "row", "scope", name=pl.col(name), credit_code=pl.col(code))
    pairs = register.doubts.match(records, register.enterprises, kind, claims_of(matched, name))
    sure = pairs.filter(pl.col("verdict") == "match").select("_order", _like="enterprise_id")
    open_pairs = (
        pairs.filter(pl.col("verdict") == "ask")
        .group_by("_order")
        .agg(_hits=pl.len(), _names=pl.col("name_of_firm").unique().sort().head(5).str.join("、"))
    )
    return (
        numbered.join(sure, on="_order", how="left", maintain_order="left")
        .join(open_pairs, on="_order", how="left", maintain_order="left")
        .with_columns(
            enterprise_id=pl.coalesce("enterprise_id", "_like"),
            hits=pl.coalesce("_hits", "hits"),
            candidates=pl.coalesce("_names", "candidates"),
        )
        .drop("_order", "_like", "_hits", "_names")
    )


def _fitting_by(keys: list[str], known: pl.DataFrame, prefix: str = "") -> pl.DataFrame:
    """For each key the number of enterprises that fit, one of them, and their names."""
    keyed = known.drop_nulls(keys)
    # Nearly every key has one enterprise, and lists of names are dear: they are made for the others alone.
    several = pl.struct(keys).is_duplicated()
    alone = keyed.filter(~several).select(
        *keys, hits=pl.lit(1, pl.UInt32), enterprise_id="enterprise_id", candidates="_name"
    )
    names = pl.col("_name").unique().sort().head(5).str.join("、")
    many = (
        keyed.filter(several)
        .group_by(keys)
        .agg(hits=pl.len(), enterprise_id=pl.col("enterprise_id").min(), candidates=names)
    )
    return pl.concat([alone, many]).rename({key: f"{prefix}{key}" for key in _MATCHED})


def _tell_other_names(linked: pl.DataFrame, register: Register, log: FindingLog, name: str) -> None:
    known = register.enterprises.select("enterprise_id", _plain_known="plain_name", _known="name")
    joined = linked.join(known, on="enterprise_id", how="left", maintain_order="left")
    # Names told alike are most of them, and need not be made plain to be compared.
    other = joined.filter(pl.col(name) != pl.col("_known")).filter(
        plain_name(pl.col(name)) != pl.col("_plain_known")
    )
    log.add_rows("link.name_differs", other.with_columns(found=pl.col(name), detail="_known"), name)
