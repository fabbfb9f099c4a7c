"""Snapshot tables of enterprises, and of what decided a fact that stands in their rows."""

from __future__ import annotations

from coverage_engine.model.columns import WHERE, Table, columns, orders

ENTERPRISES = Table(
    "enterprises",
    "企业底数：每家企业一行，台账里写着的事实，按统一口径读出",
    "Enterprises of the ledgers: one row for each enterprise with what the ledgers say of it",
    columns(
        """
    enterprise_id id number 企业编号：从 0 起连续，按信用代码、名称、县区排，与台账行序无关
        dense number from 0, by credit code, name and county, whatever the order of rows
    credit_code text code 统一社会信用代码：18 位，没有填的为空
        unified social credit code of 18 characters, or null
    name text name 企业名称：按台账所写，去掉首尾空格
        name of the enterprise as written, spaces at the ends trimmed
    division_code text code 区划代码：县（市、区）代码，只知道市的是市代码
        code of the county, or of the city where only that is known, as of the date
    city_code text code 市代码：所在省辖市的代码，济源本身是市
        code of the city; 济源 419001 is a city of its own
    county_code text code 县区代码：所在县（市、区）的代码，只知道市的为空
        code of the county, null where only the city is known
    address text text 详细地址：台账里写的经营或登记地址
        full address as the ledger gives it
    longitude real degrees 经度：换算成 WGS-84 的经度
        longitude, converted to WGS-84 where needed
    latitude real degrees 纬度：换算成 WGS-84 的纬度
        latitude, converted to WGS-84 where needed
    location text location 坐标来源：坐标是台账给的，还是取县区内部点
        whether the point was given or stands for its county, null without a point
    registration_text text text 登记注册类型原文：台账里怎么写就怎么留
        registration type as it is written in the ledger
    registration_type text code 登记注册类型代码：版次说不清的数字代码为空
        code of the registration type, null unless its edition is known or it is in words
    registration_year id year 登记类型版次：代码出自 2011 年还是 2023 年的分类表
        2011 or 2023, the edition of the table that the code belongs to
    control text control 控股情况：谁控股，不知道的为空
        who controls the enterprise, null where nobody told
    control_text text text 控股情况原文：台账里怎么写就怎么留
        control as it is written in the ledger
    industry_code text code 行业代码：国民经济行业分类的门类字母或 2 至 4 位数字
        code of GB/T 4754, a section letter or two to four digits
    industry_text text text 行业原文：台账里怎么写就怎么留
        industry as it is written in the ledger
    section text code 行业门类：国民经济行业分类的门类字母 A 至 T
        section letter A to T of GB/T 4754
    employees count people 从业人员数：企业全部从业人员
        all people who work in the enterprise
    young_employees count people 青年职工数：三十五周岁及以下的从业人员
        people of 35 and under who work there
    league_members count people 团员数：在企业工作的共青团员
        members of the League who work there
    above_scale flag flag 规模以上：是不是规模以上企业
        whether the enterprise is above the statistical scale
    top_hundred_rank id rank 百强位次：在民营经济 100 强里的位次，不在榜上或不知道的为空
        rank among the hundred strongest private firms, null if not on the list or unknown
    top_hundred_year id year 百强年度：位次出自哪一年的榜单
        year of the list that the rank is from
    party text established_form 党组织建立形式：党组织台账与企业台账不一的，以前者为准
        form of its Party organisation; the Party ledger wins over the flag
    union flag flag 有无工会：工会台账与企业台账不一的，以前者为准
        whether there is a trade union; the union ledger wins over the flag
    league_form text established_form 团组织建立形式：企业填报的，未经核验
        form of its League organisation as the enterprise claims it
    league_kind text league_kind 团组织建制：企业填报的，未经核验
        kind of its League organisation as the enterprise claims it
    league_name text name 团组织名称：企业填报的全称，未经核验
        name of its League organisation as the enterprise claims it
    youth_organisation flag flag 有无青年组织：有没有共青团主导的青年组织
        whether there is a youth organisation led by the League
    operating text operating 营业状态：在营、停业还是注销，不知道的为空
        whether the enterprise operates, null where nobody told
    park_id id number 园区编号：所在园区，见 parks 表，不在园区的为空
        number of the park that it is in, see parks
    place_id id number 楼宇市场编号：所在楼宇或市场，见 places 表
        number of the building or market that it is in, see places
    department_id id number 主管部门编号：台账写明的主管部门，见 departments 表
        number of the regulating department, see departments
    trade_department_id id number 行业部门编号：没写主管部门的，列明主管它这一行业的部门
        number of the department that lists its trade, where the ledger names none
    home_division text place 企业主籍贯地：区划代码，省外的是地名
        home place of the owner, a division code, or a name outside the province
    entity_kind text entity_kind 主体类型：按登记类型、信用代码或名称判断
        kind of legal subject, by registration type, code or name
    public_name flag flag 名称像公有：控股、类型都没填时为空
        whether the name sounds public; null where control or type has to be asked for
    league_body text league_body 团组织归属：“团组织名称”里写的是谁的团组织，没填的为空
        whose body the claimed name is of, null where none is named
    """
        + WHERE
    ),
    key=("enterprise_id",),
    sort=orders("enterprise_id"),
)

FACT_SOURCES = Table(
    "fact_sources",
    "事实出处：不是企业自己那一行定下来的事实，出在哪份台账哪一格",
    "Sources of facts: the cell of each fact that another row than the enterprise's own decided",
    columns(
        """
    enterprise_id id number 企业编号：事实是哪家企业的，见 enterprises 表
        number of the enterprise that the fact is of
    field text key 事实键名：enterprises 表里由别处定下来的那一列
        column of enterprises that another cell than its own row decided
    ledger_field text key 台账列键名：来源台账里是哪一列
        canonical key of the column in the ledger that decided
    """
        + WHERE
    ),
    key=("enterprise_id", "field"),
)

FIRM_TABLES = (ENTERPRISES, FACT_SOURCES)
