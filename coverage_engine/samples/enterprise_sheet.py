"""The 企业台账 of the province, and how facts become cells."""

from __future__ import annotations

import numpy as np
import polars as pl

from coverage_engine.model.firm_facts import ledger_headers
from coverage_engine.samples.firms import TOP_HUNDRED_YEAR
from coverage_engine.samples.further_facts import further_facts
from coverage_engine.samples.geography import counties, to_bd09, to_gcj02
from coverage_engine.samples.province import Province
from coverage_engine.samples.streams import Array, Streams
from coverage_engine.samples.vocabularies import rates, sectors

_REGISTRATION_WORDS = {
    "110": "国有企业",
    "151": "国有独资公司",
    "171": "私营独资企业",
    "172": "私营合伙企业",
    "173": "私营有限责任公司",
    "174": "私营股份有限公司",
    "230": "港澳台商独资经营企业",
    "330": "外资企业",
}
_REGISTRATION_2023 = {"171": "140", "172": "150", "173": "112", "174": "121", "151": "111", "110": "131"}


def enterprise_sheet(province: Province, streams: Streams) -> pl.DataFrame:
    """企业台账 of the province: all facts that state and duty need are there and right."""
    firms, rng = province.firms, streams.of("enterprise_ledger")
    county, sector = firms["county"].to_numpy(), firms["sector"].to_numpy()
    by_name = rng.random(firms.height) < rates()["division_by_name"]
    division = np.where(by_name, counties().full_name[county], counties().code[county])
    address = counties().full_name[county] + firms["town"].to_numpy()
    street = pl.Series("number", rng.integers(1, 300, firms.height)).cast(pl.String) + "号"
    listed = firms["top_rank"].to_numpy() > 0
    parks, places = province.relations.parks, province.places
    claimed = _claimed_names(province)
    drawn = firms.select(
        pl.col("name").alias("企业名称"),
        pl.col("credit_code").alias("统一社会信用代码"),
        text_column("所在地区", division),
        (text_column("address", address) + street).alias("详细地址"),
        *_coordinates(firms, rng),
        *_registration(firms, rng),
        pl.col("control").alias("控股情况"),
        text_column("行业代码", sectors().code[sector]),
        text_column("行业", sectors().name[sector]),
        pl.col("employees").alias("从业人员数"),
        pl.col("young").alias("青年数"),
        pl.col("members").alias("团员数"),
        yes_no("above_scale", "是", "否").alias("规模以上"),
        pl.when(pl.Series(listed)).then(pl.col("top_rank")).alias("百强位次"),
        pl.when(pl.Series(listed)).then(pl.lit(TOP_HUNDRED_YEAR)).alias("百强年度"),
        pl.col("party").alias("党组织"),
        yes_no("union").alias("工会"),
        pl.col("league").alias("团组织"),
        blank_if_empty("league_kind").alias("团组织建制"),
        pl.when(claimed != "").then(claimed).alias("团组织名称"),
        yes_no("youth_organisation").alias("青年组织"),
        pl.col("operating").alias("营业状态"),
        _looked_up("所属园区", parks["name"], firms["park"]),
        _looked_up("所属楼宇市场", places["name"], firms["place_number"]),
        _looked_up("主管部门", province.relations.departments["name"], firms["department"]),
        blank_if_empty("home").alias("业主籍贯地区"),
    )
    return _as_in_ledger(drawn.hstack(further_facts(firms, streams)))


def yes_no(flag: str, yes: str = "有", no: str = "无") -> pl.Expr:
    """A flag in the words of a ledger."""
    return pl.when(pl.col(flag)).then(pl.lit(yes)).otherwise(pl.lit(no))


def blank_if_empty(column: str) -> pl.Expr:
    """A text column in which an empty text is an empty cell."""
    return pl.when(pl.col(column) != "").then(pl.col(column))


def text_column(name: str, values: Array) -> pl.Series:
    """A column of words from an array."""
    return pl.Series(name, values.astype(object), dtype=pl.String)


# ---------------------------------------------------------------------------------------------- private


def _as_in_ledger(sheet: pl.DataFrame) -> pl.DataFrame:
    """The columns in the order of the ledger; those that the sample does not fill are blank."""
    blank = pl.lit(None, pl.String)
    headers = ledger_headers().values()
    return sheet.select(header if header in sheet.columns else blank.alias(header) for header in headers)


def _looked_up(name: str, words: pl.Series, number: pl.Series) -> pl.Series:
    known = pl.select(pl.when(number >= 0).then(number)).to_series()
    return words.gather(known).alias(name)


def _claimed_names(province: Province) -> pl.Series:
    """The League organisation's name as the enterprise writes it: now and then the system's wrong one."""
    follows = province.smart_league.filter("follows")
    names = province.firms["league_name"].to_numpy().copy()
    names[follows["firm"].to_numpy()] = follows["full_name"].to_numpy()
    return pl.Series("claimed", names, dtype=pl.String)


def _coordinates(firms: pl.DataFrame, rng: np.random.Generator) -> list[pl.Series]:
    rate = rates()
    longitude, latitude = firms["longitude"].to_numpy(), firms["latitude"].to_numpy()
    draw = rng.random(firms.height)
    bd09 = draw < rate["coordinates_bd09"]
    gcj02 = ~bd09 & (draw < rate["coordinates_bd09"] + rate["coordinates_gcj02"])
    given = pl.Series(rng.random(firms.height) < rate["coordinates_given"])
    gcj, bd = to_gcj02(longitude, latitude), to_bd09(longitude, latitude)
    written = [
        pl.Series(name, np.round(np.select([bd09, gcj02], [bd[axis], gcj[axis]], own), 6))
        for axis, (name, own) in enumerate((("经度", longitude), ("纬度", latitude)))
    ]
    written.append(text_column("坐标系", np.select([bd09, gcj02], ["BD09", "GCJ02"], "WGS84")))
    return [pl.select(pl.when(given).then(column).alias(column.name)).to_series() for column in written]


def _registration(firms: pl.DataFrame, rng: np.random.Generator) -> list[pl.Series]:
    """Mostly codes of the 2011 table, some words, a few codes of the later table with its year."""
    draw = pl.Series(rng.random(firms.height))
    code = firms["registration"]
    frame = pl.DataFrame({"code": code, "draw": draw}).with_columns(
        words=pl.col("code").replace_strict(_REGISTRATION_WORDS, default=None, return_dtype=pl.String),
        later=pl.col("code").replace_strict(_REGISTRATION_2023, default=None, return_dtype=pl.String),
        coded=pl.col("code").str.contains(r"^\d+$"),
    )
    late = (pl.col("draw") > 0.98) & pl.col("later").is_not_null()
    worded = (pl.col("draw") < 0.08) & pl.col("words").is_not_null()
    year = pl.when(late).then(2023).when(worded | ~pl.col("coded")).then(None).otherwise(2011)
    text = pl.when(late).then("later").when(worded).then("words").otherwise("code")
    return frame.select(text.alias("登记注册类型"), year.alias("类型表年份")).get_columns()
