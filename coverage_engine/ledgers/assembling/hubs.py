"""Things that many enterprises share, as tables of their own with a dense id that no order of rows changes.

Headquarters, leaders, associations, societies, parks, buildings, departments.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

from coverage_engine.divisions.resolver import names_place_elsewhere, names_place_in_henan
from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.identity.firm_names import plain_name
from coverage_engine.ledgers.identity.links import Register

_NATIONAL_REGISTRY = "10"
_HENAN = "41"


@dataclass(frozen=True)
class Shape:
    """Which columns make a hub: name, code, what else tells it from others, and its facts.

    `last` names a flag of rows that only mention the hub: a row of its own ledger stands before them.
    """

    name: str
    code: str | None = None
    also: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    last: tuple[str, ...] = ()


def gather(rows: pl.DataFrame, id_name: str, shape: Shape) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The distinct hubs that rows name, and the rows with their id.

    A hub is its code, else its plain name with the `also` columns; facts are taken from the first row
    that knows them. The hub table has id, `name`, `credit_code`, the `also` columns, the facts, `source` and
    `row`.
    """
    if rows.is_empty():
        return _gathered_nothing(tuple(rows.schema.items()), id_name, shape)
    return _gathered(rows, id_name, shape)


def with_enterprise(hubs: pl.DataFrame, register: Register) -> pl.DataFrame:
    """Hubs that are firms, with the `enterprise_id` of the same firm in the 企业台账 where it is there."""
    return register.matched(hubs, "name", "credit_code").drop("hits", "candidates")


def with_outside_province(headquarters: pl.DataFrame, edition: str) -> pl.DataFrame:
    """Headquarters with `outside_province`: by the registry in the code, else by the name, else unknown."""
    names = headquarters["name"].unique().sort().to_list()
    by_name = pl.DataFrame(
        [
            (name, False if names_place_in_henan(name, edition) else names_place_elsewhere(name) or None)
            for name in names
        ],
        schema={"name": pl.String, "_by_name": pl.Boolean},
        orient="row",
    )
    registry = pl.col("credit_code").str.slice(2, 2)
    by_code = pl.when(registry != _NATIONAL_REGISTRY).then(registry != _HENAN)
    here = pl.when(pl.col("enterprise_id").is_not_null()).then(pl.lit(False))
    return (
        headquarters.join(by_name, on="name", how="left", maintain_order="left")
        .with_columns(outside_province=pl.coalesce(by_code, "_by_name", here))
        .drop("_by_name")
    )


def drop_self_links(linked: pl.DataFrame, hubs: pl.DataFrame, id_name: str, log: FindingLog) -> pl.DataFrame:
    """Links without those from an enterprise to itself, which are told."""
    own = hubs.select(id_name, _own="enterprise_id")
    joined = linked.join(own, on=id_name, how="left", maintain_order="left")
    itself = (pl.col("_own") == pl.col("enterprise_id")).fill_null(False)
    log.add_rows("link.self", joined.filter(itself).with_columns(found="enterprise_name"), "enterprise_name")
    return joined.filter(~itself).drop("_own")


# ---------------------------------------------------------------------------------------------- private


@cache
def _gathered_nothing(
    schema: tuple[tuple[str, pl.DataType], ...], id_name: str, shape: Shape
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What becomes of no rows: made once, for most ledgers are never handed in."""
    return _gathered(pl.DataFrame(schema=dict(schema)), id_name, shape)


def _gathered(rows: pl.DataFrame, id_name: str, shape: Shape) -> tuple[pl.DataFrame, pl.DataFrame]:
    keyed = _keyed(rows, shape)
    first = [pl.col(fact).drop_nulls().first() for fact in shape.facts]
    code = pl.col(shape.code).drop_nulls() if shape.code else pl.lit(None, dtype=pl.String)
    hubs = (
        keyed.sort(*shape.last, "source", "row")
        .group_by("_hub", maintain_order=True)
        .agg(
            pl.col(shape.name).first().alias("name"),
            code.first().alias("credit_code"),
            *(pl.col(key).first() for key in shape.also),
            *first,
            pl.col("source").first(),
            pl.col("row").first(),
        )
        .sort("credit_code", "name", *shape.also, "_hub", nulls_last=True)
        .with_row_index(id_name)
        .with_columns(pl.col(id_name).cast(pl.Int32))
    )
    numbered = keyed.join(hubs.select("_hub", id_name), on="_hub", how="left", maintain_order="left")
    return hubs.drop("_hub"), numbered.drop("_hub")


def _keyed(rows: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    code = shape.code
    plain = rows.with_columns(plain_name(pl.col(shape.name)).alias("_plain"))
    parts = [pl.col("_plain"), *(pl.col(key).fill_null("") for key in shape.also)]
    by_name = pl.concat_str([pl.lit(""), *parts], separator="|")
    if not code:
        return plain.with_columns(by_name.alias("_hub")).drop("_plain")
    owners = (
        plain.filter(pl.col(code).is_not_null())
        .group_by("_plain")
        .agg(pl.col(code).unique().alias("_codes"))
        .filter(pl.col("_codes").list.len() == 1)
        .select("_plain", _owner=pl.col("_codes").list.first())
    )
    joined = plain.join(owners, on="_plain", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce(code, "_owner", by_name).alias("_hub")).drop("_plain", "_owner")
