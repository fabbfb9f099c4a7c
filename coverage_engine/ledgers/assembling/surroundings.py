"""Where an enterprise belongs: its park, its building or market, its department, by name."""

from __future__ import annotations

import polars as pl

from coverage_engine.divisions.resolver import Resolver
from coverage_engine.ledgers.assembling.hubs import Shape, gather
from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.identity.firm_names import plain_name

_NAMED = "_named"
_PARK_FACTS = (
    "division_code",
    "city_code",
    "county_code",
    "level",
    "kind",
    "administration",
    "party",
    "work_committee",
    "youth_home",
    "longitude",
    "latitude",
    "location",
)


def join_parks(
    enterprises: pl.DataFrame, ledger: pl.DataFrame, resolver: Resolver, log: FindingLog
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Enterprises with `park_id` (an id instead of a name) and all parks, those only named among them.

    A name means the park of the same name in the same county, else city, else the only one in the province.
    """
    known, _ = gather(
        ledger.with_columns(_park_key=pl.coalesce("county_code", "city_code")),
        "_known_id",
        Shape("name", also=("_park_key",), facts=_PARK_FACTS),
    )
    named = enterprises.with_columns(plain_name(pl.col("park_id")).alias(_NAMED))
    matched = _nearest(named, known.with_columns(plain_name(pl.col("name")).alias(_NAMED)))
    lost = matched.filter(pl.col(_NAMED).is_not_null() & pl.col("_known_id").is_null())
    _tell_unlisted_parks(lost, known.is_empty(), log)
    only_named = _only_named(lost, resolver)
    listed = known.drop("_park_key").with_columns(in_ledger=pl.lit(True), _key=pl.lit(None, pl.String))
    parks = (
        pl.concat([listed, only_named], how="diagonal")
        .sort("name", "division_code", "_known_id", nulls_last=True)
        .with_row_index("park_id")
        .with_columns(pl.col("park_id").cast(pl.Int32))
    )
    placed = _with_park_ids(matched.with_columns(_key=_unlisted_key()).drop("park_id"), parks)
    return placed.select(enterprises.columns), parks.drop("_known_id", "_key")


def join_places(enterprises: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Enterprises with `place_id` as an id, and the places; a name is one place in each county."""
    named = enterprises.filter(pl.col("place_id").is_not_null()).with_columns(
        _county=pl.coalesce("county_code", "city_code")
    )
    places, numbered = gather(
        named.rename({"place_id": "_place"}),
        "place_id",
        Shape("_place", also=("_county",), facts=("county_code",)),
    )
    ids = numbered.select("enterprise_id", "place_id")
    return _with_id(enterprises, ids, "place_id"), places


def join_departments(
    enterprises: pl.DataFrame, ledger: pl.DataFrame, resolver: Resolver
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Enterprises with `department_id` as an id, and all departments.

    A department in the ledger regulates enterprises of its own division; one only named belongs to the
    division that its name tells, else to the enterprise's county.
    """
    named = enterprises.filter(pl.col("department_id").is_not_null()).rename({"department_id": "_department"})
    known = ledger.select("source", "row", "division_code", "sectors", "work_committee", _department="name")
    candidates = named.select(
        "enterprise_id", "source", "row", "_department", "county_code", "city_code"
    ).with_columns(plain_name(pl.col("_department")).alias(_NAMED))
    listed = ledger.select(_division="division_code", _known="name").with_columns(
        plain_name(pl.col("_known")).alias(_NAMED)
    )
    division = _department_divisions(candidates, listed, resolver)
    everyone = pl.concat([known, division.drop(_NAMED)], how="diagonal").with_columns(
        _mentioned=pl.col("enterprise_id").is_not_null()
    )
    departments, numbered = gather(
        everyone,
        "department_id",
        Shape(
            "_department",
            also=("division_code",),
            facts=("sectors", "work_committee"),
            last=("_mentioned",),
        ),
    )
    ids = numbered.filter(pl.col("enterprise_id").is_not_null()).select("enterprise_id", "department_id")
    return _with_id(enterprises, ids, "department_id"), departments


# ---------------------------------------------------------------------------------------------- private


def _with_park_ids(keyed: pl.DataFrame, parks: pl.DataFrame) -> pl.DataFrame:
    """Rows with `park_id` by the ledger's park or by the name that no ledger has."""
    listed_ids = parks.filter(pl.col("_known_id").is_not_null()).select("_known_id", _listed="park_id")
    named_ids = parks.filter(pl.col("_key").is_not_null()).select("_key", _unlisted="park_id")
    joined = keyed.join(listed_ids, on="_known_id", how="left", maintain_order="left").join(
        named_ids, on="_key", how="left", maintain_order="left"
    )
    return joined.with_columns(park_id=pl.coalesce("_listed", "_unlisted"))


def _with_id(enterprises: pl.DataFrame, ids: pl.DataFrame, name: str) -> pl.DataFrame:
    joined = enterprises.drop(name).join(
        ids.with_columns(pl.col("enterprise_id").cast(pl.Int32)),
        on="enterprise_id",
        how="left",
        maintain_order="left",
    )
    return joined.select(enterprises.columns)


def _nearest(named: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Rows with `_known_id` of the park of the same name in the county, the city or the province."""
    result = named
    for level, suffix in (("county_code", "_a"), ("city_code", "_b"), (None, "_c")):
        keys = [_NAMED, level] if level else [_NAMED]
        one = (
            known.drop_nulls(keys)
            .group_by(keys)
            .agg(pl.col("_known_id").first(), pl.len().alias("_n"))
            .filter(pl.col("_n") == 1)
            .select(*keys, pl.col("_known_id").alias(f"_known{suffix}"))
        )
        result = result.join(one, on=keys, how="left", maintain_order="left")
    nearest = pl.coalesce("_known_a", "_known_b", "_known_c")
    return result.with_columns(_known_id=nearest).drop("_known_a", "_known_b", "_known_c")


def _tell_unlisted_parks(lost: pl.DataFrame, without_ledger: bool, log: FindingLog) -> None:
    """Each name once, at its first cell."""
    if without_ledger:
        return
    first = lost.sort("source", "row").unique([_NAMED, "city_code"], keep="first", maintain_order=True)
    log.add_rows("park.not_in_ledger", first.with_columns(found="park_id"), "park_id")


def _unlisted_key() -> pl.Expr:
    return pl.when(pl.col("_known_id").is_null()).then(
        pl.concat_str(_NAMED, pl.col("city_code"), separator="|")
    )


def _only_named(lost: pl.DataFrame, resolver: Resolver) -> pl.DataFrame:
    """Parks that only the 企业台账 names: one for each name and city.

    A known development zone lies where the divisions say; any other in the county if all its firms are there.
    """
    names = lost["park_id"].drop_nulls().unique().sort().to_list()
    zones = pl.DataFrame(
        [
            (name, place.city_code, place.county_code)
            for name in names
            if (place := resolver.resolve(name)).zone
        ],
        schema={"name": pl.String, "city_code": pl.String, "_host": pl.String},
        orient="row",
    ).with_columns(_zone=pl.lit(True))
    one_county = pl.when(pl.col("county_code").n_unique() == 1).then(pl.col("county_code").first())
    return (
        lost.with_columns(_key=_unlisted_key())
        .sort("source", "row")
        .group_by("_key", maintain_order=True)
        .agg(
            pl.col("park_id").first().alias("name"),
            pl.col("city_code").first(),
            one_county.alias("county_code"),
            pl.col("source").first(),
            pl.col("row").first(),
        )
        .join(zones, on=["name", "city_code"], how="left", maintain_order="left")
        .with_columns(
            county_code=pl.when(pl.col("_zone").fill_null(False)).then("_host").otherwise("county_code")
        )
        .with_columns(
            division_code=pl.coalesce("county_code", "city_code"),
            in_ledger=pl.lit(False),
            _known_id=pl.lit(None, pl.Int32),
        )
        .drop("_zone", "_host")
    )


def _department_divisions(candidates: pl.DataFrame, listed: pl.DataFrame, resolver: Resolver) -> pl.DataFrame:
    """Rows with `division_code`: the nearest in the ledger, else the name's own, else the county."""
    province = pl.lit("410000")
    result = candidates
    for column, key in (
        ("_at_county", pl.col("county_code")),
        ("_at_city", pl.col("city_code")),
        ("_at_province", province),
    ):
        here = listed.unique([_NAMED, "_division"]).select(_NAMED, pl.col("_division").alias(column))
        result = result.with_columns(key.alias("_key")).join(
            here.with_columns(_key=pl.col(column)), on=[_NAMED, "_key"], how="left", maintain_order="left"
        )
    names = candidates["_department"].unique().sort().to_list()
    own = pl.DataFrame(
        [(name, resolver.resolve(name).code) for name in names],
        schema={"_department": pl.String, "_own": pl.String},
        orient="row",
    )
    return (
        result.join(own, on="_department", how="left", maintain_order="left")
        .with_columns(
            division_code=pl.coalesce(
                "_at_county", "_at_city", "_at_province", "_own", "county_code", "city_code"
            )
        )
        .select("enterprise_id", "source", "row", "_department", "division_code", _NAMED)
    )
