"""The seventeen ledgers of the province, in the canonical headers and words of the input contract.

`clean_sheets` gives one frame for each kind; columns are the canonical headers in order, numbers stay
numbers, unknown is null.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl

from coverage_engine.samples.enterprise_sheet import blank_if_empty, enterprise_sheet, text_column, yes_no
from coverage_engine.samples.geography import counties
from coverage_engine.samples.league import NONE, OWN
from coverage_engine.samples.province import Province
from coverage_engine.samples.streams import Streams
from coverage_engine.samples.surroundings import draw_number_segments, draw_schools, draw_youth_homes
from coverage_engine.samples.vocabularies import rates

EXPORT_DATE = date(2019, 5, 20)


def clean_sheets(province: Province, streams: Streams) -> Mapping[str, pl.DataFrame]:
    """Every ledger by its kind's sheet name, in the order of the contract."""
    return {
        "企业台账": enterprise_sheet(province, streams),
        "园区台账": _parks(province),
        "总部分支台账": _branch_offices(province, streams),
        "产业链台账": _leaders(province, streams),
        "行业协会台账": _associations(province, streams),
        "工会台账": _unions(province),
        "党组织台账": _party(province),
        "团属社团台账": _societies(province, streams),
        "智慧团建导出": _smart_league(province),
        "联合团组织覆盖台账": _joint_coverage(province, streams),
        "行业主管部门台账": _departments(province),
        "属地力量台账": _local_forces(province),
        "品牌工作台账": _brands(province),
        "青年之家台账": _youth_homes(streams),
        "建团成果台账": _outcomes(province),
        "学校团员数量台账": _schools(streams),
        "发展团员编号台账": _number_segments(streams),
    }


# ---------------------------------------------------------------------------------------------- private


def _firm_columns(province: Province, rows: pl.Series, name: str, code: str) -> list[pl.Series]:
    firms = province.firms
    return [firms["name"].gather(rows).alias(name), firms["credit_code"].gather(rows).alias(code)]


def _parks(province: Province) -> pl.DataFrame:
    return province.relations.parks.select(
        pl.col("name").alias("园区名称"),
        pl.col("level").alias("级别"),
        pl.col("kind").alias("类型"),
        pl.col("division").alias("所在地区"),
        yes_no("administration").alias("管理机构"),
        yes_no("party").alias("园区党组织"),
        yes_no("work_committee").alias("园区团工委"),
        yes_no("youth_home").alias("青年之家"),
        pl.col("longitude").round(6).alias("经度"),
        pl.col("latitude").round(6).alias("纬度"),
        pl.lit("WGS84").alias("坐标系"),
    )


def _some_codes(frame: pl.DataFrame, streams: Streams, *columns: str) -> pl.DataFrame:
    """Link ledgers carry the credit code mostly, not always."""
    rng = streams.of(f"codes_of_{columns[0]}")
    return frame.with_columns(
        pl.when(pl.Series(rng.random(frame.height) < rates()["link_code_given"]))
        .then(pl.col(column))
        .alias(column)
        for column in columns
    )


def _branch_offices(province: Province, streams: Streams) -> pl.DataFrame:
    firms, heads = province.firms, province.outside_headquarters
    tied = firms.with_row_index("firm").filter(pl.col("relation").is_not_null())
    outside = (tied["outside"] >= 0).to_numpy()
    row, number = np.maximum(tied["parent"].to_numpy(), 0), np.maximum(tied["outside"].to_numpy(), 0)
    columns = []
    for name, header in (("name", "总部名称"), ("credit_code", "总部信用代码")):
        away = heads[name].to_numpy() if heads.height else np.array([""], dtype=object)
        columns.append(text_column(header, np.where(outside, away[number], firms[name].to_numpy()[row])))
    frame = pl.DataFrame(
        [
            *columns,
            tied["name"].alias("分支名称"),
            tied["credit_code"].alias("分支信用代码"),
            tied["relation"].alias("关系"),
        ]
    ).sort("总部名称", "分支名称")
    return _some_codes(frame, streams, "总部信用代码", "分支信用代码")


def _leaders(province: Province, streams: Streams) -> pl.DataFrame:
    links = province.relations.leaders
    frame = pl.DataFrame(
        [
            *_firm_columns(province, links["leader"], "龙头企业", "龙头信用代码"),
            *_firm_columns(province, links["firm"], "关联企业", "关联信用代码"),
            links["kind"].alias("关系"),
            links["dependence"].alias("依赖度"),
        ]
    )
    return _some_codes(frame, streams, "龙头信用代码", "关联信用代码")


def _associations(province: Province, streams: Streams) -> pl.DataFrame:
    members = province.relations.association_members
    bodies = province.relations.associations[members["association"]]
    frame = bodies.select(
        pl.col("name").alias("协会名称"),
        pl.col("credit_code").alias("协会信用代码"),
        pl.col("trade").alias("行业"),
        pl.col("division").alias("所在地区"),
        yes_no("league_organisation").alias("协会团组织"),
        *_firm_columns(province, members["firm"], "会员企业", "会员信用代码"),
    )
    return _some_codes(frame, streams, "会员信用代码")


def _unions(province: Province) -> pl.DataFrame:
    firms = province.firms.filter("union")
    return firms.select(
        pl.col("name").alias("企业名称"),
        pl.col("credit_code").alias("统一社会信用代码"),
        (pl.col("name") + "工会委员会").alias("工会名称"),
        text_column("上级工会", counties().full_name[firms["county"].to_numpy()] + "总工会"),
        pl.col("union_members").alias("工会会员数"),
    )


def _party(province: Province) -> pl.DataFrame:
    firms = province.firms.filter(pl.col("party") != NONE)
    county = counties().full_name[firms["county"].to_numpy()]
    joint = text_column("joint", "中共" + county + firms["town"].to_numpy() + "联合支部委员会")
    return firms.select(
        pl.col("name").alias("企业名称"),
        pl.col("credit_code").alias("统一社会信用代码"),
        pl.when(pl.col("party") == OWN)
        .then("中共" + pl.col("name") + "支部委员会")
        .otherwise(joint)
        .alias("党组织名称"),
        pl.col("party").alias("党组织形式"),
        text_column("上级党组织", "中共" + county + "非公有制经济组织工作委员会"),
        pl.col("party_members").alias("党员数"),
    )


def _societies(province: Province, streams: Streams) -> pl.DataFrame:
    members = province.relations.society_members
    bodies = province.societies[members["society"]]
    frame = bodies.select(
        pl.col("name").alias("社团名称"),
        pl.col("kind").alias("社团类别"),
        pl.col("level").alias("层级"),
        *_firm_columns(province, members["firm"], "会员单位", "会员信用代码"),
        pl.select(
            pl.when(members["appraisal"]).then(pl.lit("是")).otherwise(pl.lit("否")).alias("参加评选")
        ).to_series(),
    )
    return _some_codes(frame, streams, "会员信用代码")


def _smart_league(province: Province) -> pl.DataFrame:
    return province.smart_league.select(
        pl.col("full_name").alias("团组织全称"),
        pl.col("short_name").alias("团组织简称"),
        pl.col("kind").alias("组织类别"),
        pl.col("superior").alias("上级组织"),
        pl.col("category").alias("所属行业类别"),
        pl.col("members").alias("团员数"),
        pl.col("system_id").alias("组织ID"),
        pl.lit(EXPORT_DATE).alias("导出日期"),
    )


def _joint_coverage(province: Province, streams: Streams) -> pl.DataFrame:
    covered = province.firms.filter(~pl.col("league").is_in([OWN, NONE]))
    frame = covered.select(
        pl.col("league_name").alias("团组织全称"),
        pl.col("name").alias("覆盖企业"),
        pl.col("credit_code").alias("覆盖信用代码"),
    ).sort("团组织全称", "覆盖企业")
    return _some_codes(frame, streams, "覆盖信用代码")


def _departments(province: Province) -> pl.DataFrame:
    return province.relations.departments.select(
        pl.col("name").alias("部门名称"),
        pl.col("division").alias("所在地区"),
        pl.col("sectors").alias("主管行业"),
        yes_no("work_committee").alias("行业团工委"),
    )


def _local_forces(province: Province) -> pl.DataFrame:
    return province.relations.local_forces.select(
        pl.col("division").alias("所在地区"),
        pl.col("full_time").alias("专职团干部"),
        pl.col("part_time").alias("兼职团干部"),
        pl.col("social_workers").alias("青少年事务社工"),
        pl.col("volunteers").alias("西部计划志愿者"),
        pl.col("village_officials").alias("大学生村官"),
        yes_no("outside_committee").alias("驻外团工委"),
        pl.col("hours").alias("每月可用工时"),
    )


def _brands(province: Province) -> pl.DataFrame:
    brands = province.relations.brands
    return pl.DataFrame(
        [
            *_firm_columns(province, brands["firm"], "企业名称", "统一社会信用代码"),
            brands["brand"].alias("品牌"),
            brands["status"].alias("状态"),
        ]
    )


def _youth_homes(streams: Streams) -> pl.DataFrame:
    homes = draw_youth_homes(streams)
    return homes.select(
        pl.col("name").alias("名称"),
        text_column("所在地区", counties().code[homes["county"].to_numpy()]),
        pl.col("longitude").round(6).alias("经度"),
        pl.col("latitude").round(6).alias("纬度"),
        pl.lit("WGS84").alias("坐标系"),
        pl.col("status").alias("状态"),
        pl.col("cost").alias("建设成本"),
        pl.col("capacity").alias("服务容量"),
    )


def _outcomes(province: Province) -> pl.DataFrame:
    outcomes = province.outcomes
    return pl.DataFrame(
        [
            *_firm_columns(province, outcomes["firm"], "企业名称", "统一社会信用代码"),
            outcomes["path"].alias("路径"),
            outcomes["started"].alias("开始日期"),
            outcomes["ended"].alias("结束日期"),
            outcomes["result"].alias("结果"),
            outcomes["hours"].alias("工时"),
        ]
    ).with_columns(pl.lit(None, pl.String).alias("备注"))


def _schools(streams: Streams) -> pl.DataFrame:
    schools = draw_schools(streams)
    return schools.select(
        pl.col("name").alias("学校名称"),
        text_column("所在地区", counties().code[schools["county"].to_numpy()]),
        yes_no("private", "民办", "公办").alias("办学性质"),
        pl.col("education").alias("教育统计团员数"),
        pl.col("system").alias("系统录入团员数"),
        yes_no("league_organisation").alias("团组织"),
        blank_if_empty("explanation").alias("差异说明"),
    )


def _number_segments(streams: Streams) -> pl.DataFrame:
    segments = draw_number_segments(streams)
    return segments.select(
        text_column("单位", "共青团" + counties().full_name[segments["county"].to_numpy()] + "委员会"),
        pl.col("year").alias("年度"),
        pl.col("first").alias("起始编号"),
        pl.col("last").alias("截止编号"),
        pl.col("used").alias("已用编号"),
        pl.col("entered").alias("已录入数"),
        blank_if_empty("explanation").alias("未用说明"),
    )
