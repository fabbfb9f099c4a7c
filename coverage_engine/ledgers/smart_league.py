"""智慧团建导出: which enterprise each League organisation of the national system stands in.

The export carries no credit code. The unit's name is unwrapped from 共青团…委员会 and compared with full
names, and the full name with the 团组织名称 that enterprises claim; what is left is compared by likeness,
with the superior organisation's place. Several candidates are told, never guessed.
"""

from __future__ import annotations

import polars as pl

from coverage_engine.divisions.resolver import Resolver
from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.firm_names import plain_name
from coverage_engine.ledgers.links import Register
from coverage_engine.ledgers.one_to_one import claims_of

_ENDINGS = (
    ("总支部委员会", "general_branch"),
    ("支部委员会", "league_branch"),
    ("工作委员会", "work_committee"),
    ("委员会", "league_committee"),
    ("团总支部", "general_branch"),
    ("团总支", "general_branch"),
    ("团支部", "league_branch"),
    ("团工委", "work_committee"),
    ("团委", "league_committee"),
    ("总支部", "general_branch"),
    ("总支", "general_branch"),
    ("支部", "league_branch"),
    ("工委", "work_committee"),
)
_WRAPPED = r"^(?:中国)?(?:共产主义青年团|共青团)?(.+?)(" + "|".join(ending for ending, _ in _ENDINGS) + r")$"
_JOINT = "联合"
_OTHER_BODIES = (
    r"临时|流动团员|毕业生|学社衔接|街道|乡镇|镇$|乡$|村$|村民|社区|学校|大学|学院|中学|小学|幼儿园|机关|"
    r"省$|市$|县$|区$|工业园|产业集聚区|开发区|高新区"
)
_FIRMS = "公司|厂$|商店|合作社"
_OTHER_CATEGORIES = (
    "党政机关|事业单位|高等院校|职业教育|高中|初中|小学|国有企业|集体企业|军队|武警|城市社区|农村|社会组织"
)


def league_organisations(rows: pl.DataFrame) -> pl.DataFrame:
    """Organisations of the export with dense `league_organisation_id`, `unwrapped` unit and `kind`."""
    folded = pl.col("full_name").str.normalize("NFKC").str.replace_all(r"\s+", "")
    ending = folded.str.extract(_WRAPPED, 2)
    kinds = dict(_ENDINGS)
    return (
        rows.with_columns(
            unwrapped=folded.str.extract(_WRAPPED, 1),
            kind=pl.coalesce("kind", ending.replace_strict(kinds, default=None, return_dtype=pl.String)),
        )
        .sort("full_name", "system_id", "source", "row", nulls_last=True)
        .with_row_index("league_organisation_id")
        .with_columns(pl.col("league_organisation_id").cast(pl.Int32))
    )


def with_places(organisations: pl.DataFrame, resolver: Resolver) -> pl.DataFrame:
    """Organisations with `county_code` and `city_code` of the place that their superior stands for."""
    superior = pl.col("superior").str.normalize("NFKC").str.replace_all(r"\s+", "")
    units = organisations.select(superior=superior.str.extract(_WRAPPED, 1)).to_series()
    places = {unit: resolver.resolve(unit) for unit in units.drop_nulls().unique().sort()}
    counties = {unit: place.county_code for unit, place in places.items()}
    cities = {unit: place.city_code for unit, place in places.items()}
    return organisations.with_columns(
        units.replace_strict(counties, default=None, return_dtype=pl.String).alias("county_code"),
        units.replace_strict(cities, default=None, return_dtype=pl.String).alias("city_code"),
    )


def match_enterprises(
    organisations: pl.DataFrame, register: Register, covered: pl.DataFrame, log: FindingLog
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Organisations with `match`, and the matches (`league_organisation_id`, `enterprise_id`, `basis`).

    `covered` are the rows of the 联合团组织覆盖台账; an organisation that it names is a joint one.
    """
    exact = _pairs(organisations, register.enterprises)
    pairs = pl.concat([exact, _by_likeness(organisations, register, exact, covered)])
    fits = pairs.group_by("league_organisation_id").agg(
        pl.col("enterprise_id").n_unique().alias("fits"),
        pl.col("name").unique().sort().head(5).str.join("、").alias("names"),
        (pl.col("basis") == "asked").any().alias("asked"),
    )
    listed = covered.select(plain_name(pl.col("league_name")).alias("_plain_full")).unique()
    judged = (
        organisations.with_columns(plain_name(pl.col("full_name")).alias("_plain_full"))
        .join(fits, on="league_organisation_id", how="left", maintain_order="left")
        .join(listed.with_columns(_listed=pl.lit(True)), on="_plain_full", how="left", maintain_order="left")
        .with_columns(match=_verdict())
    )
    _tell(judged, log)
    sure = judged.filter(pl.col("match") == "enterprise").select("league_organisation_id", "source", "row")
    matches = (
        pairs.join(sure, on="league_organisation_id", how="inner")
        .sort("league_organisation_id", "basis")
        .unique("league_organisation_id", keep="first", maintain_order=True)
    )
    _tell_several_units(matches, log)
    return judged.drop("fits", "names", "asked", "_listed", "_plain_full"), matches


def with_organisation(covered: pl.DataFrame, organisations: pl.DataFrame) -> pl.DataFrame:
    """Rows of the 联合团组织覆盖台账 with the id of the organisation in the export, or null."""
    known = (
        organisations.select("league_organisation_id", _plain=plain_name(pl.col("full_name")))
        .group_by("_plain")
        .agg(pl.col("league_organisation_id").min())
    )
    return (
        covered.with_columns(plain_name(pl.col("league_name")).alias("_plain"))
        .join(known, on="_plain", how="left", maintain_order="left")
        .drop("_plain")
    )


def tell_contradictions(matches: pl.DataFrame, enterprises: pl.DataFrame, log: FindingLog) -> None:
    """Enterprises that say 无 but have an organisation in the system."""
    against = matches.join(
        enterprises.filter(pl.col("league_form") == "none").select(
            "enterprise_id", _own_source="source", _own_row="row"
        ),
        on="enterprise_id",
        how="inner",
    ).unique("enterprise_id", keep="first", maintain_order=True)
    told = against.select(
        pl.lit("无").alias("found"),
        log.cell("full_name").alias("detail"),
        source="_own_source",
        row="_own_row",
    )
    log.add_rows("league.contradiction", told, "league_form")


# ---------------------------------------------------------------------------------------------- private


def _pairs(organisations: pl.DataFrame, enterprises: pl.DataFrame) -> pl.DataFrame:
    """Every organisation with every enterprise whose name, or claimed organisation, it carries."""
    keyed = organisations.select(
        "league_organisation_id",
        "full_name",
        "unwrapped",
        _unit=plain_name(pl.col("unwrapped")),
        _full=plain_name(pl.col("full_name")),
    )
    by_name = enterprises.select("enterprise_id", "name", _unit="plain_name")
    single = keyed.filter(~_joint() & ~_of_others())
    claimed = enterprises.filter(
        pl.col("league_name").is_not_null()
        & (pl.col("league_form").is_null() | (pl.col("league_form") == "own"))
    ).select("enterprise_id", "name", _full=plain_name(pl.col("league_name")))
    return pl.concat(
        [
            keyed.join(by_name, on="_unit", how="inner").with_columns(basis=pl.lit("full_name")),
            single.join(claimed, on="_full", how="inner").with_columns(basis=pl.lit("league_name")),
        ],
        how="diagonal",
    ).select("league_organisation_id", "full_name", "enterprise_id", "name", "basis")


def _by_likeness(
    organisations: pl.DataFrame, register: Register, exact: pl.DataFrame, covered: pl.DataFrame
) -> pl.DataFrame:
    """Further pairs for organisations of enterprises that no exact name found; `basis` likeness or asked.

    The place comes from the superior organisation; that the enterprise itself claims an organisation of its
    own, or denies it, counts too.
    """
    named = covered.select(plain_name(pl.col("league_name")).alias("_plain")).unique()
    lost = (
        organisations.join(exact, on="league_organisation_id", how="anti")
        .filter(pl.col("unwrapped").is_not_null() & ~_of_others() & ~_joint())
        .with_columns(plain_name(pl.col("full_name")).alias("_plain"))
        .join(named, on="_plain", how="anti", maintain_order="left")
    )
    schema = exact.schema
    if lost.is_empty():
        return pl.DataFrame(schema=schema)
    records = lost.select(
        "source", "row", "county_code", "city_code", _order="league_organisation_id", name="unwrapped",
        scope=pl.lit(""),
    )  # fmt: skip
    units = organisations.select("league_organisation_id", "unwrapped")
    held = exact.join(units, on="league_organisation_id").with_columns(scope=pl.lit(""))
    own = pl.col("league_form").replace_strict({"own": True, "none": False}, default=None)
    firms = register.enterprises.with_columns(claim=own.cast(pl.Boolean))
    found = register.doubts.match(records, firms, "league_organisations", claims_of(held, "unwrapped"))
    return (
        found.join(
            organisations.select("league_organisation_id", "full_name"),
            left_on="_order",
            right_on="league_organisation_id",
        )
        .select(
            pl.col("_order").alias("league_organisation_id"),
            "full_name",
            "enterprise_id",
            pl.col("name_of_firm").alias("name"),
            pl.when(pl.col("verdict") == "match")
            .then(pl.lit("likeness"))
            .otherwise(pl.lit("asked"))
            .alias("basis"),
        )
        .cast(schema)
    )


def _joint() -> pl.Expr:
    return pl.col("full_name").str.contains(_JOINT, literal=True)


def _of_others() -> pl.Expr:
    """Bodies that are no enterprise: schools, streets, offices, the League's own committees."""
    unit = pl.col("unwrapped").fill_null(pl.col("full_name"))
    return unit.str.contains(_OTHER_BODIES) & ~unit.str.contains(_FIRMS)


def _verdict() -> pl.Expr:
    unit = pl.col("unwrapped").fill_null(pl.col("full_name"))
    other = unit.str.contains(_OTHER_BODIES) | pl.col("category").fill_null("").str.contains(
        _OTHER_CATEGORIES
    )
    joint = pl.col("full_name").str.contains(_JOINT, literal=True) | pl.col("_listed").fill_null(False)
    return (
        pl.when((pl.col("fits") == 1) & ~pl.col("asked").fill_null(False))
        .then(pl.lit("enterprise"))
        .when(pl.col("fits") >= 1)
        .then(pl.lit("ambiguous"))
        .when(joint)
        .then(pl.lit("joint"))
        .when(other & ~unit.str.contains(_FIRMS))
        .then(pl.lit("not_enterprise"))
        .otherwise(pl.lit("not_found"))
    )


def _tell_several_units(matches: pl.DataFrame, log: FindingLog) -> None:
    """Units of different names that each bear the name of one enterprise, or that it claims."""
    several = pl.col("full_name").n_unique().over("enterprise_id") > 1
    told = matches.filter(several).with_columns(
        found="full_name", detail=pl.col("full_name").str.join("、").over("enterprise_id")
    )
    log.add_rows("league.several_units", told, "full_name")


def _tell(judged: pl.DataFrame, log: FindingLog) -> None:
    told = judged.with_columns(found="full_name")
    ambiguous = told.filter(pl.col("match") == "ambiguous").with_columns(detail="names")
    log.add_rows("league.ambiguous", ambiguous, "full_name")
    lost = told.filter(pl.col("match") == "not_found")
    log.add_rows("league.not_found", lost.with_columns(detail=pl.col("unwrapped").fill_null("")), "full_name")
    unlisted = told.filter((pl.col("match") == "joint") & pl.col("_listed").is_null())
    log.add_rows("league.joint_without_ledger", unlisted, "full_name")
