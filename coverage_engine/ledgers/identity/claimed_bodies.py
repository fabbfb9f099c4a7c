"""团组织名称 of the 企业台账: whether the body that an enterprise names is its own.

A planner writes the full name, an everyday short form (团支部, 公司团支部, 共青团澈岚屿支部, 澈岚屿集团团委),
or the name of the body that reaches the firm: a joint branch, a township, a park, another firm's branch. Only
what names nobody else is the firm's own.
"""

from __future__ import annotations

import polars as pl

from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.identity.firm_names import firm_parts, plain_name
from coverage_engine.ledgers.identity.league_names import (
    body_words,
    folded,
    head_firm,
    is_joint,
    is_other_body,
    unwrapped,
)

_SHORTEST = 2
_NO_LETTER = r"[^\p{Han}A-Z0-9]"
_PARTS = ("plain", "core", "brand", "form", "name_city", "name_county")


def with_named_body(enterprises: pl.DataFrame) -> pl.DataFrame:
    """Enterprises with `league_body`: own | joint | other, null where no 团组织名称 is told."""
    named = enterprises.filter(pl.col("league_name").is_not_null()).select(
        "enterprise_id", "name", "plain_name", "league_name"
    )
    if named.is_empty():
        return enterprises.with_columns(league_body=pl.lit(None, pl.String))
    verdicts = _judged(named, enterprises["plain_name"])
    return enterprises.join(verdicts, on="enterprise_id", how="left", maintain_order="left")


def tell_named_bodies(enterprises: pl.DataFrame, joint: pl.DataFrame, log: FindingLog) -> None:
    """Tells where a firm counts the body of somebody else as its own.

    What the 联合团组织覆盖台账 (`joint`) lists is decided there.
    """
    form = pl.col("league_form")
    claims = enterprises.filter(form.is_null() | (form == "own")).with_columns(found="league_name")
    other = claims.filter(pl.col("league_body") == "other").join(
        joint.select("enterprise_id"), on="enterprise_id", how="anti", maintain_order="left"
    )
    log.add_rows("league.other_body", other, "league_name")
    jointly = (pl.col("league_body") == "joint") & form.is_not_null()
    log.add_rows("league.joint_body", claims.filter(jointly), "league_name")


# ---------------------------------------------------------------------------------------------- private


def _judged(named: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
    """Most write the full name or say nothing of whom; only the others are taken apart."""
    units = named.with_columns(unit=unwrapped(folded(pl.col("league_name"))))
    units = units.with_columns(_unit=plain_name(pl.coalesce(head_firm(pl.col("unit")), "unit")))
    words = body_words()["words"]
    plainly = (pl.col("_unit") == pl.col("plain_name")) | pl.col("unit").is_in(
        [*words["own"], *words["parts"]]
    )
    clear = units.filter(plainly).with_columns(league_body=pl.lit("own"))
    odd = units.filter(~plainly)
    judged = _taken_apart(odd, known) if odd.height else odd.with_columns(league_body=pl.lit(None, pl.String))
    return pl.concat(frame.select("enterprise_id", "league_body") for frame in (clear, judged))


def _taken_apart(odd: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
    """Joint where it says so; own where the unit is a short form of the firm's name; else somebody else's."""
    rows = odd.rename({"name": "_firm"}).with_columns(name="unit", _firm_name=folded(pl.col("_firm")))
    firms = firm_parts(rows["_firm_name"]).select("name", *_PARTS)
    units = firm_parts(rows["unit"]).select("name", *(pl.col(part).alias(f"{part}_2") for part in _PARTS))
    beside = rows.join(firms, left_on="_firm_name", right_on="name", how="left", maintain_order="left").join(
        units, on="name", how="left", maintain_order="left"
    )
    registered = pl.col("_unit").is_in(known.implode())
    return beside.with_columns(
        league_body=pl.when(is_joint(pl.col("unit")) & ~_called_so())
        .then(pl.lit("joint"))
        .when(~registered & _agrees_in_place() & (_short_form() | _part_of_it()))
        .then(pl.lit("own"))
        .otherwise(pl.lit("other"))
    )


def _called_so() -> pl.Expr:
    """The unit is joint in its name only: the firm's own brand says 联合."""
    brand, words = pl.col("brand"), body_words()["words"]
    own = brand.str.contains(words["joint"], literal=True)
    return own & pl.col("unit").str.contains(brand, literal=True)


def _agrees_in_place() -> pl.Expr:
    """Neither of two cities nor of two counties."""
    city = (pl.col("name_city") == pl.col("name_city_2")).fill_null(True)
    county = (pl.col("name_county") == pl.col("name_county_2")).fill_null(True)
    return city & county


def _short_form() -> pl.Expr:
    """Every character of the unit stands in the firm's name, in order: 郑煤 of 郑州煤炭工业有限公司.

    A unit that is a place, a street or a park alone is never one.
    """
    core, own = pl.col("core_2"), pl.col("core")
    letters = core.str.replace_all(_NO_LETTER, "").str.split("").list.join(".*")
    in_order = pl.col("plain").str.contains(letters)
    # With its legal form it is the whole name of a firm: of this one only if that goes on where it ends.
    begins = own.str.starts_with(core) & (core != "")
    distinctive = (core.str.len_chars() >= _SHORTEST) | (core == own)
    short = pl.when(pl.col("form_2") == "").then(in_order).otherwise(begins)
    return (distinctive & short & ~is_other_body(pl.col("unit"))).fill_null(False)


def _part_of_it() -> pl.Expr:
    """The firm's core with a part of it behind (澈岚屿食品机关), and nothing that names another unit."""
    core, unit = pl.col("core"), pl.col("core_2")
    within = unit.str.starts_with(core) & (core.str.len_chars() >= _SHORTEST)
    return within & unit.str.strip_prefix(core).is_in(body_words()["words"]["parts"])
