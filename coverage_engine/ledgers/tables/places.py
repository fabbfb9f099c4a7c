"""Division columns of a ledger resolved: each distinct text once, addresses where only the city is known."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from coverage_engine.divisions.resolver import Place, Resolver

PROVINCE = "410000"
RESOLVED = {
    "text": pl.String,
    "code": pl.String,
    "city_code": pl.String,
    "county_code": pl.String,
    "problem": pl.String,
    "detail": pl.String,
}


def resolve_texts(
    texts: pl.Series, resolver: Resolver, read: Callable[[str], Place] | None = None
) -> pl.DataFrame:
    """For each text: code, city_code, county_code, problem (a finding's code or null) and its detail.

    `read` resolves one text, in place of `resolver` alone.
    """
    distinct = texts.drop_nulls().unique().sort().to_list()
    place_of = read or resolver.resolve
    table = pl.DataFrame(
        [(text, *_entry(place_of(text), resolver)) for text in distinct],
        schema=RESOLVED,
        orient="row",
    )
    return pl.DataFrame({"text": texts}).join(table, on="text", how="left", maintain_order="left")


def presume_from_address(resolved: pl.DataFrame, addresses: pl.Series, resolver: Resolver) -> pl.DataFrame:
    """Places of rows without a place, from the city or county with which their addresses begin.

    `resolved` as by `resolve_texts`; adds `presumed`, true where the address gave the place.
    """
    frame = resolved.with_columns(_address=pl.when(pl.col("text").is_null()).then(addresses))
    distinct = frame["_address"].drop_nulls().unique().sort().to_list()
    by_address = [
        (text, *_entry(place, resolver))
        for text in distinct
        if (place := resolver.place_of_address(text)) is not None
    ]
    table = pl.DataFrame(by_address, schema=RESOLVED, orient="row").rename({"text": "_address"})
    columns = [name for name in RESOLVED if name != "text"]
    return (
        frame.join(table, on="_address", how="left", maintain_order="left", suffix="_told")
        .with_columns(
            *(pl.coalesce(name, f"{name}_told").alias(name) for name in columns),
            text=pl.coalesce("text", pl.when(pl.col("problem_told").is_not_null()).then("_address")),
            presumed=pl.col("code_told").is_not_null(),
        )
        .drop("_address", *(f"{name}_told" for name in columns))
    )


def accept_province(resolved: pl.DataFrame) -> pl.DataFrame:
    """The province as a division: departments, associations and the like may be the province's own."""
    province = (pl.col("problem") == "division.province_only").fill_null(False)
    return resolved.with_columns(
        code=pl.when(province).then(pl.lit(PROVINCE)).otherwise("code"),
        problem=pl.when(province).then(None).otherwise("problem"),
    )


def refine_by_address(resolved: pl.DataFrame, addresses: pl.Series, resolver: Resolver) -> pl.DataFrame:
    """Counties from free addresses where only the city is known; `resolved` as by `resolve_texts`."""
    frame = resolved.with_columns(addresses.alias("address"))
    coarse = (
        frame.filter(pl.col("county_code").is_null() & pl.col("code").is_not_null())
        .select("address", "city_code")
        .drop_nulls()
        .unique()
        .sort("address", "city_code")
    )
    counties = [
        (address, city, place.county_code)
        for address, city in coarse.iter_rows()
        if (place := resolver.resolve_address(address, city))
    ]
    schema = {"address": pl.String, "city_code": pl.String, "found": pl.String}
    table = pl.DataFrame(counties, schema=schema, orient="row")
    refined = pl.col("county_code").is_null() & pl.col("found").is_not_null()
    return (
        frame.join(table, on=["address", "city_code"], how="left", maintain_order="left")
        .with_columns(
            code=pl.when(refined).then("found").otherwise("code"),
            county_code=pl.coalesce("county_code", pl.when(pl.col("code").is_not_null()).then("found")),
            problem=pl.when(refined & (pl.col("problem") == "division.county_unknown"))
            .then(None)
            .otherwise("problem"),
        )
        .drop("address", "found")
    )


# ---------------------------------------------------------------------------------------------- private


def _entry(place: Place, resolver: Resolver) -> tuple[str | None, ...]:
    problem = f"division.{place.problem}" if place.problem else None
    detail = "、".join(place.candidates)
    if place.mapped and place.code:
        problem, detail = "division.mapped", resolver.full_name(place.code)
    return place.code, place.city_code, place.county_code, problem, detail
