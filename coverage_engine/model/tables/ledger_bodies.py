"""Snapshot tables of all that is no enterprise: parks, societies, departments, schools …."""

from __future__ import annotations

from coverage_engine.model.columns import WHERE, Table, columns, orders
from coverage_engine.model.tables.shared_columns import PARK_BODIES, SCHOOL_COUNTS, SEGMENT

PARKS = Table(
    "parks",
    "园区底数：每个园区一行，含只在企业台账里提到的",
    "Parks of the ledgers: one row for each park, those only named by enterprises too",
    columns(
        """
    park_id id number 园区编号：从 0 起连续，与台账行序无关
        dense number of the park, from 0
    name text name 园区名称：按台账所写的园区全称
        name of the park as written
    level text text 园区级别：国家级、省级等，按台账所写
        level of the park as written, national or provincial say
    kind text text 园区类型：经开区、高新区等，按台账所写
        kind of the park as written
    division_code text code 区划代码：园区所在的县（市、区）或市
        code of the county or city that the park lies in
    city_code text code 市代码：园区所在的省辖市
        code of the city that the park lies in
    county_code text code 县区代码：园区所在的县（市、区），只知道市的为空
        code of the county, null where only the city is known
    """
        + PARK_BODIES
        + """
    longitude real degrees 经度：换算成 WGS-84 的经度
        longitude, converted to WGS-84 where needed
    latitude real degrees 纬度：换算成 WGS-84 的纬度
        latitude, converted to WGS-84 where needed
    location text location 坐标来源：坐标是台账给的，还是取县区内部点
        whether the point was given or stands for its county, null without a point
    in_ledger flag flag 在园区台账里：否表示只在企业台账里提到过
        false where only the ledger of enterprises names it
    """
        + WHERE
    ),
    key=("park_id",),
    sort=orders("park_id"),
)

PLACES = Table(
    "places",
    "楼宇市场：企业所在的商务楼宇、专业市场，每处一行",
    "Buildings and markets: one row for each that enterprises name",
    columns(
        """
    place_id id number 楼宇市场编号：从 0 起连续，与台账行序无关
        dense number of the building or market, from 0
    name text name 楼宇市场名称：按企业台账所写
        name of the building or market as written
    county_code text code 县区代码：楼宇或市场所在的县（市、区）
        code of the county that it stands in
    """
        + WHERE
    ),
    key=("place_id",),
    sort=orders("place_id"),
)

HEADQUARTERS = Table(
    "headquarters",
    "企业总部：总部分支台账里的总部，每家一行",
    "Headquarters: one row for each that the ledger of branch offices names",
    columns(
        """
    headquarters_id id number 总部编号：从 0 起连续，与台账行序无关
        dense number of the headquarters, from 0
    name text name 总部名称：按总部分支台账所写
        name of the headquarters as written
    credit_code text code 统一社会信用代码：总部的代码，没有填的为空
        credit code of the headquarters, or null
    enterprise_id id number 企业编号：企业台账里的同一家企业，不在其中的为空
        the same firm among the enterprises, null if not there
    outside_province flag flag 在省外：代码或名称说明它在别的省
        whether its code or name says another province
    """
        + WHERE
    ),
    key=("headquarters_id",),
    sort=orders("headquarters_id"),
)

LEADERS = Table(
    "leaders",
    "龙头企业：产业链台账里的龙头企业，每家一行",
    "Leader enterprises: one row for each that the ledger of supply chains names",
    columns(
        """
    leader_id id number 龙头企业编号：从 0 起连续，与台账行序无关
        dense number of the leader enterprise, from 0
    name text name 龙头企业名称：按产业链台账所写
        name of the leader enterprise as written
    credit_code text code 统一社会信用代码：龙头企业的代码，没有填的为空
        credit code of the leader enterprise, or null
    enterprise_id id number 企业编号：企业台账里的同一家企业，不在其中的为空
        the same firm among the enterprises, null if not there
    """
        + WHERE
    ),
    key=("leader_id",),
    sort=orders("leader_id"),
)

ASSOCIATIONS = Table(
    "associations",
    "行业协会：行业协会台账里的协会，每个一行",
    "Industry associations: one row for each that the ledger names",
    columns(
        """
    association_id id number 协会编号：从 0 起连续，与台账行序无关
        dense number of the association, from 0
    name text name 协会名称：按行业协会台账所写
        name of the association as written
    credit_code text code 统一社会信用代码：协会的代码，没有填的为空
        credit code of the association, or null
    industry text text 协会行业：协会属于哪个行业，按台账所写
        trade of the association as written
    division_code text code 区划代码：协会所在的区划，不知道的为空
        code of its division, null where not known
    league_organisation flag flag 有无协会团组织：协会一级有没有团组织
        whether the association has a League organisation
    """
        + WHERE
    ),
    key=("association_id",),
    sort=orders("association_id"),
)

SOCIETIES = Table(
    "societies",
    "团属社团：青联、青企协、青商会等，每个一行",
    "League societies: one row for each society led by the League",
    columns(
        """
    society_id id number 社团编号：从 0 起连续，与台账行序无关
        dense number of the society, from 0
    name text name 社团名称：按团属社团台账所写
        name of the society as written
    kind text society_kind 社团类型：青联、青企协、青商会还是其他
        kind of the society, by its name or the ledger
    level text level 社团级别：省、市还是县一级，不知道的为空
        level of the society, null where not known
    """
        + WHERE
    ),
    key=("society_id",),
    sort=orders("society_id"),
)

DEPARTMENTS = Table(
    "departments",
    "行业主管部门：主管行业的政府部门，每个一行",
    "Regulating departments: one row for each government department of the ledger",
    columns(
        """
    department_id id number 部门编号：从 0 起连续，与台账行序无关
        dense number of the department, from 0
    name text name 部门名称：按行业主管部门台账所写
        name of the department as written
    division_code text code 区划代码：部门所属的省、市或县（市、区）
        code of the division that the department belongs to
    sectors text text 主管行业：部门主管哪些行业，按台账所写
        trades that the department regulates, as written
    work_committee flag flag 有无行业团工委：部门有没有成立行业团工委
        whether the department has a League work committee of its trade
    """
        + WHERE
    ),
    key=("department_id",),
    sort=orders("department_id"),
)

LOCAL_FORCES = Table(
    "local_forces",
    "属地力量：各区划能投入建团的人员和工时，每个区划一行",
    "Local forces: people and hours that each division can put into founding",
    columns(
        """
    division_code text code 区划代码：这些力量属于哪个区划
        code of the division that the forces belong to
    full_time count people 专职团干部：本区划专职做团的工作的干部
        full-time League cadres of the division
    part_time count people 兼职团干部：本区划兼职做团的工作的干部
        part-time League cadres of the division
    social_workers count people 青少年事务社工：从事青少年事务的专业社工
        social workers for the affairs of the young
    volunteers count people 西部计划志愿者：在本区划服务的志愿者
        volunteers of the national western plan who serve there
    village_officials count people 大学生村官：在本区划任职的大学生村官
        graduates who serve as village officials there
    outside_committee flag flag 有无驻外团工委：本区划有没有驻外地的团工委
        whether the division has a League work committee elsewhere
    hours count hours 每月可用工时：每月能用于建团的工时合计
        hours a month that can be spent on founding
    """
        + WHERE
    ),
    key=("division_code",),
)

YOUTH_HOMES = Table(
    "youth_homes",
    "青年之家：已建成和备选的阵地，每处一行",
    "Youth homes: one row for each that is built or proposed",
    columns(
        """
    youth_home_id id number 青年之家编号：从 0 起连续，与台账行序无关
        dense number of the youth home, from 0
    name text name 青年之家名称：按青年之家台账所写
        name of the youth home as written
    division_code text code 区划代码：青年之家所在的区划
        code of the division that it lies in
    longitude real degrees 经度：换算成 WGS-84 的经度
        longitude, converted to WGS-84 where needed
    latitude real degrees 纬度：换算成 WGS-84 的纬度
        latitude, converted to WGS-84 where needed
    location text location 坐标来源：坐标是台账给的，还是取县区内部点
        whether the point was given or stands for its county, null without a point
    status text home_status 建设情况：已建成还是备选，不知道的为空
        whether it is built or a candidate, null where not known
    cost real money 建设成本：建成它要花或花了多少
        what it costs, or did cost, to build
    capacity count firms 服务容量：能服务多少家企业
        how many enterprises it can serve
    """
        + WHERE
    ),
    key=("youth_home_id",),
    sort=orders("youth_home_id"),
)

SCHOOLS = Table(
    "schools",
    "学校底数：学校团员数量台账，每所学校一行",
    "Schools of the ledger: one row for each school with both counts of its members",
    columns(
        """
    name text name 学校名称：按学校台账所写的全称
        name of the school as written
    division_code text code 区划代码：学校所在的县（市、区）或市
        code of the division that the school lies in
    """
        + SCHOOL_COUNTS
        + """
    league_organisation flag flag 有无团组织：学校在系统里有没有团组织
        whether the school has a League organisation
    explanation text text 差异说明：两个数不一致的原因，学校自己填的
        why the two counts differ, as the school says
    """
        + WHERE
    ),
)

NUMBER_SEGMENTS = Table(
    "number_segments",
    "发展团员编号段：下达给各单位的编号段，每段一行",
    "Number segments: one row for each segment of membership numbers handed to a unit",
    columns(
        SEGMENT
        + """
    used count numbers 已用编号数：已经用于发展团员的编号
        how many of the numbers are used
    entered count numbers 已录入数：已录入系统的编号
        how many of the numbers are entered in the system
    explanation text text 未用说明：没有用完的原因，单位自己填的
        why numbers are not used, as the unit says
    """
        + WHERE
    ),
)

DIVISIONS = Table(
    "divisions",
    "行政区划：时点所用版次的省、市、县，每个一行",
    "Divisions: province, cities and counties in the edition of the as-of date",
    columns(
        """
    code text code 区划代码：时点所用版次里的六位代码
        code of the division in the edition of the date
    name text name 区划名称：省、市或县（市、区）的全称
        full name of the division
    level text level 区划级别：省、市还是县（市、区）
        level of the division
    parent_code text code 上级代码：上一级区划的代码，省没有
        code of the division above, null for the province
    longitude real degrees 经度：区划内部点的 WGS-84 经度
        longitude of a point inside the division
    latitude real degrees 纬度：区划内部点的 WGS-84 纬度
        latitude of a point inside the division
    """
    ),
    key=("code", "level"),
)

BODY_TABLES = (
    *(PARKS, PLACES, HEADQUARTERS, LEADERS, ASSOCIATIONS, SOCIETIES, DEPARTMENTS),
    *(LOCAL_FORCES, YOUTH_HOMES, SCHOOLS, NUMBER_SEGMENTS, DIVISIONS),
)
