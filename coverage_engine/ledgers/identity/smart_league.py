"""智慧团建导出: which enterprise each League organisation of the national system stands in.

The export carries no credit code. An organisation is an enterprise's where the enterprise's own full name
stands in its name (equal after folding) and nothing else fits as well, or where the enterprise claims it as
团组织名称 and the name speaks of nobody else. What only looks alike is asked about, never attributed.
"""

from __future__ import annotations

import polars as pl

from coverage_engine.divisions.resolver import Resolver
from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.identity.equal_names import ask_unequal
from coverage_engine.ledgers.identity.firm_names import firm_parts, plain_name
from coverage_engine.ledgers.identity.league_names import (
    body_words,
    folded,
    head_firm,
    is_firm,
    is_joint,
    is_other_body,
    kind_of,
    unit_of,
    unwrapped,
)
from coverage_engine.ledgers.identity.links import Register
from coverage_engine.ledgers.identity.one_to_one import claims_of

_PAIR = {
    "league_organisation_id": pl.Int32,
    "full_name": pl.String,
    "enterprise_id": pl.Int32,
    "name": pl.String,
    "basis": pl.String,
}


_MATCH = {**_PAIR, "source": pl.Int32, "row": pl.Int64}


def league_organisations(rows: pl.DataFrame) -> pl.DataFrame:
    """Organisations of the export with dense `league_organisation_id`, `unwrapped` unit and `kind`."""
    name = folded(pl.col("full_name"))
    unit = unit_of(name)
    return (
        rows.with_columns(unwrapped=pl.when(unit != "").then(unit), kind=pl.coalesce("kind", kind_of(name)))
        .sort("full_name", "system_id", "source", "row", nulls_last=True)
        .with_row_index("league_organisation_id")
        .with_columns(pl.col("league_organisation_id").cast(pl.Int32))
    )


def with_places(organisations: pl.DataFrame, resolver: Resolver) -> pl.DataFrame:
    """Organisations with `county_code` and `city_code` of the place that their superior stands for."""
    units = organisations.select(superior=unit_of(folded(pl.col("superior")))).to_series()
    places = {unit: resolver.resolve(unit) for unit in units.drop_nulls().unique().sort() if unit}
    counties = {unit: place.county_code for unit, place in places.items()}
    cities = {unit: place.city_code for unit, place in places.items()}
    return organisations.with_columns(
        units.replace_strict(counties, default=None, return_dtype=pl.String).alias("county_code"),
        units.replace_strict(cities, default=None, return_dtype=pl.String).alias("city_code"),
    )


def match_enterprises(
    organisations: pl.DataFrame, register: Register, covered: pl.DataFrame, log: FindingLog
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Organisations with `match`, the matches, and the candidates of those that a person has to tell apart.

    Matches and candidates have `league_organisation_id`, `enterprise_id` and `basis`. `covered` are the rows
    of the 联合团组织覆盖台账; an organisation that it names is a joint one. The enterprises of the register
    have `league_body` (whose body they claim).
    """
    if organisations.is_empty():
        nothing = pl.DataFrame(schema=_MATCH)
        return organisations.with_columns(match=pl.lit(None, pl.String)), nothing, nothing
    listed = covered.select(_plain_full=plain_name(folded(pl.col("league_name")))).unique()
    named = organisations.with_columns(
        _plain_full=plain_name(folded(pl.col("full_name"))), _unit=unwrapped(folded(pl.col("full_name")))
    ).join(listed.with_columns(_listed=pl.lit(True)), on="_plain_full", how="left", maintain_order="left")
    exact = _by_name(named, register.enterprises)
    pairs = pl.concat([exact, _by_likeness(named, register, exact)])
    fits = pairs.group_by("league_organisation_id").agg(
        pl.col("enterprise_id").n_unique().alias("fits"),
        pl.col("name").unique().sort().head(5).str.join("、").alias("names"),
        (pl.col("basis") == "asked").any().alias("asked"),
    )
    judged = named.join(fits, on="league_organisation_id", how="left", maintain_order="left").with_columns(
        match=_verdict()
    )
    _tell(judged, log)
    matches, candidates = (_of(judged, pairs, match) for match in ("enterprise", "ambiguous"))
    _tell_several_units(matches, log)
    return judged.drop("fits", "names", "asked", "_listed", "_plain_full", "_unit"), matches, candidates


def with_organisation(covered: pl.DataFrame, organisations: pl.DataFrame) -> pl.DataFrame:
    """Rows of the 联合团组织覆盖台账 with the id of the organisation in the export, or null."""
    if covered.is_empty() or organisations.is_empty():
        return covered.with_columns(league_organisation_id=pl.lit(None, pl.Int32))
    known = (
        organisations.select("league_organisation_id", _plain=plain_name(folded(pl.col("full_name"))))
        .group_by("_plain")
        .agg(pl.col("league_organisation_id").min())
    )
    return (
        covered.with_columns(plain_name(folded(pl.col("league_name"))).alias("_plain"))
        .join(known, on="_plain", how="left", maintain_order="left")
        .drop("_plain")
    )


# ---------------------------------------------------------------------------------------------- private


def _of(judged: pl.DataFrame, pairs: pl.DataFrame, match: str) -> pl.DataFrame:
    rows = judged.filter(pl.col("match") == match).select("league_organisation_id", "source", "row")
    matched = pairs.join(rows, on="league_organisation_id", how="inner")
    return matched.sort("league_organisation_id", "enterprise_id")


def _by_name(named: pl.DataFrame, enterprises: pl.DataFrame) -> pl.DataFrame:
    """The enterprises that fit an organisation best, by their full name in it or by their claim.

    Of several the one that claims it fits best, then those in the superior's county; one of another city
    that does not name its own is asked about.
    """
    places = ["county_code", "city_code"]
    firms = enterprises.select("enterprise_id", "name", *(pl.col(key).alias(f"_{key}") for key in places))
    bodies = named.select("league_organisation_id", "full_name", *places)
    bearing = _bearing(named, enterprises).with_columns(bears=pl.lit(True))
    fitting = (
        bearing.join(
            _claiming(named, enterprises).with_columns(claims=pl.lit(True)),
            on=["league_organisation_id", "enterprise_id"],
            how="full",
            coalesce=True,
        )
        .with_columns(pl.col("bears", "claims").fill_null(False))
        .join(firms, on="enterprise_id", how="left")
        .join(bodies, on="league_organisation_id", how="left")
    )
    fitting = fitting.with_columns(
        elsewhere=pl.col("county_code").ne(pl.col("_county_code")).fill_null(False),
        far=pl.col("city_code").ne(pl.col("_city_code")).fill_null(False) & ~pl.col("claims"),
    )
    fitting = fitting.with_columns(unplaced=_unplaced(fitting))
    order = (~pl.col("bears"), ~pl.col("claims"), pl.col("unplaced"), pl.col("elsewhere"))
    rank = pl.sum_horizontal(fact.cast(pl.Int32) * 2**place for place, fact in enumerate(reversed(order)))
    best = fitting.filter(rank == rank.min().over("league_organisation_id"))
    basis = (
        pl.when("unplaced")
        .then(pl.lit("asked"))
        .when("bears")
        .then(pl.lit("full_name"))
        .otherwise(pl.lit("league_name"))
    )
    return best.with_columns(basis=basis).select(pl.col(name).cast(kind) for name, kind in _PAIR.items())


def _bearing(named: pl.DataFrame, enterprises: pl.DataFrame) -> pl.DataFrame:
    """Organisations with the enterprises whose full name is their unit's, or of which it names a part."""
    units = named.select("league_organisation_id", _plain=plain_name(pl.col("_unit")))
    parts = named.select("league_organisation_id", _plain=plain_name(head_firm(pl.col("_unit")))).drop_nulls()
    known = enterprises.select("enterprise_id", _plain="plain_name")
    return pl.concat([units, parts]).join(known, on="_plain", how="inner").drop("_plain").unique()


def _claiming(named: pl.DataFrame, enterprises: pl.DataFrame) -> pl.DataFrame:
    """Organisations with the enterprises that name them as a body of their own."""
    single = named.filter(_single()).select("league_organisation_id", "_plain_full")
    own = pl.col("league_form").is_null() | (pl.col("league_form") == "own")
    claimed = enterprises.filter((pl.col("league_body") == "own") & own).select(
        "enterprise_id", _plain_full=plain_name(folded(pl.col("league_name")))
    )
    return single.join(claimed, on="_plain_full", how="inner").drop("_plain_full").unique()


def _unplaced(fitting: pl.DataFrame) -> pl.Series:
    """Firms of another city than the superior's whose name does not say theirs: a namesake, perhaps."""
    far = fitting.select("name", "far").with_row_index("_at").filter("far")
    parts = firm_parts(far["name"]).select("name", "name_city")
    homeless = far.join(parts, on="name", how="left").filter(pl.col("name_city").is_null())["_at"]
    return pl.zeros(fitting.height, pl.Boolean, eager=True).scatter(homeless, True)


def _by_likeness(named: pl.DataFrame, register: Register, exact: pl.DataFrame) -> pl.DataFrame:
    """Further pairs for organisations of enterprises that no exact name found; `basis` folded or asked.

    The place comes from the superior organisation; that the enterprise itself claims an organisation of its
    own, or denies it, counts too.
    """
    lost = named.join(exact, on="league_organisation_id", how="anti", maintain_order="left").filter(
        pl.col("unwrapped").is_not_null() & _single() & pl.col("_listed").is_null()
    )
    if lost.is_empty():
        return exact.clear()
    records = lost.select(
        "source", "row", "county_code", "city_code", _order="league_organisation_id",
        name=pl.coalesce(head_firm(pl.col("unwrapped")), "unwrapped"), scope=pl.lit(""),
    )  # fmt: skip
    units = named.select("league_organisation_id", "unwrapped")
    sure = exact.filter(pl.col("basis") != "asked")
    with_units = sure.join(units, on="league_organisation_id").with_columns(scope=pl.lit(""))
    own = pl.col("league_form").replace_strict({"own": True, "none": False}, default=None)
    firms = register.enterprises.with_columns(claim=own.cast(pl.Boolean))
    taken = claims_of(with_units, "unwrapped")
    alike = register.doubts.match(records, firms, "league_organisations", taken, ask_unequal)
    full = named.select("full_name", _order="league_organisation_id")
    basis = pl.when(pl.col("verdict") == "match").then(pl.lit("folded")).otherwise(pl.lit("asked"))
    return (
        alike.join(full, on="_order")
        .with_columns(basis=basis)
        .rename({"_order": "league_organisation_id"})
        .with_columns(name="name_of_firm")
        .select(pl.col(name).cast(kind) for name, kind in _PAIR.items())
    )


def _single() -> pl.Expr:
    """Neither several firms' nor another body's."""
    unit = pl.col("_unit")
    return ~is_joint(unit) & ~is_other_body(unit)


def _verdict() -> pl.Expr:
    unit = pl.col("_unit")
    categories = "|".join(body_words()["categories"]["others"])
    other = is_other_body(unit) | (pl.col("category").fill_null("").str.contains(categories) & ~is_firm(unit))
    return (
        pl.when((pl.col("fits") == 1) & ~pl.col("asked").fill_null(False))
        .then(pl.lit("enterprise"))
        .when(pl.col("fits") >= 1)
        .then(pl.lit("ambiguous"))
        .when(is_joint(unit) | pl.col("_listed").fill_null(False))
        .then(pl.lit("joint"))
        .when(other)
        .then(pl.lit("not_enterprise"))
        .otherwise(pl.lit("not_found"))
    )


def _tell_several_units(matches: pl.DataFrame, log: FindingLog) -> None:
    """Units of different names that each bear the name of one enterprise, or that it claims."""
    several = pl.col("full_name").n_unique().over("enterprise_id") > 1
    findings = matches.filter(several).with_columns(
        found="full_name", detail=pl.col("full_name").str.join("、").over("enterprise_id")
    )
    log.add_rows("league.several_units", findings, "full_name")


def _tell(judged: pl.DataFrame, log: FindingLog) -> None:
    findings = judged.with_columns(found="full_name")
    ambiguous = findings.filter(pl.col("match") == "ambiguous").with_columns(detail="names")
    several = pl.col("fits") > 1
    log.add_rows("league.ambiguous", ambiguous.filter(several), "full_name")
    log.add_rows("league.resembles", ambiguous.filter(~several), "full_name")
    lost = findings.filter(pl.col("match") == "not_found")
    log.add_rows("league.not_found", lost.with_columns(detail=pl.col("unwrapped").fill_null("")), "full_name")
    unlisted = findings.filter((pl.col("match") == "joint") & pl.col("_listed").is_null())
    log.add_rows("league.joint_without_ledger", unlisted, "full_name")
