"""Plan tables of enterprises: what state each is in, what it must do, how urgent it is."""

from __future__ import annotations

from coverage_engine.model.columns import WHERE, Table, columns, orders
from coverage_engine.model.firm_facts import with_columns_for

PLAN_ENTERPRISES = Table(
    "enterprises",
    "企业判断：每家企业一行，覆盖状态、应建要求、层级和先后",
    "Enterprises: one row for each with its coverage state, duty, tiers and priority",
    with_columns_for(
        "plan",
        columns(
            """
    enterprise_id id number 企业编号：从 0 起连续，各表用它指同一家企业
        dense number of the enterprise, by which all tables name it
    credit_code text code 统一社会信用代码：18 位，台账没有填的为空
        unified social credit code of 18 characters, or null
    name text name 企业名称：按台账所写的全称
        name of the enterprise as written in the ledger
    division_code text code 区划代码：所在县（市、区）的代码，只知道市的是市代码
        code of its county, or of its city where only that is known
    city text name 所在市：省辖市的名称
        name of the city that it lies in
    county text name 所在县区：县（市、区）的名称，只知道市的为空
        name of the county, null where only the city is known
    coverage_state text coverage_state 组织覆盖状态：团组织是否覆盖、怎样覆盖
        whether and how League organisations cover the enterprise
    verified text answer 是否核验：在智慧团建里有它的组织、组织里有团员
        whether its organisation stands in the League's system with members
    obligation text obligation 应建要求：必须建、应当建、培育还是不必新建
        what the enterprise must or should do about a League organisation
    ground text codes 依据要求：由哪几条要求得出，如 R13;R17
        codes of the duties that make it so, such as R13;R17
    missing_facts text headers 待核实事实：补上哪些台账列就能定下来，省事的在前
        ledger columns that would decide, the cheapest to ask first
    member_margin count people 距三人线：团员数减去建团所需的三人，不足为负
        League members minus the three that are needed, below zero if short
    tiers text tiers 重点层级：属于哪几类建团重点
        tiers of priority that the enterprise belongs to
    priority count points 优先分：各项优先理由的得分之和
        sum of the points of all its reasons of priority
    priority_rank id rank 优先名次：在本次建团目标里的先后，不是目标的为空
        rank among the targets planned for, null if not a target
    city_code text code 市代码：所在省辖市的代码
        code of the city that it lies in
    county_code text code 县区代码：所在县（市、区）的代码，只知道市的为空
        code of the county, null where only the city is known
    non_public text answer 是否非公：是不是非公有制企业
        whether the enterprise is a non-public one
    scope_reason text text 范围外原因：为什么不在本次范围，在范围内的为空
        why it is out of scope, null if in scope
    eligible text answer 够建团人数：在范围内，且团员三名及以上
        whether it is in scope with three members or more
    duty_bound text answer 应当建团：够人数，且有党组织或是团属社团会员
        whether it is eligible with a Party organisation or in a League society
    is_target flag flag 是否建团目标：是否列入本次的建团目标
        whether it is listed as a target of this plan
    ground_text text sentence 依据说明：应建要求所依据的条款，用文字写出
        the clauses that its obligation rests on, in words
    priority_reasons text texts 优先理由：每条理由和它的得分
        reasons of its priority with the points of each
    employees count people 从业人员数：企业全部从业人员
        all people who work in the enterprise
    young_employees count people 青年职工数：三十五周岁及以下的从业人员
        people of 35 and under who work there
    league_members count people 团员数：在企业工作的共青团员
        members of the League who work there
    party text established_form 党组织建立形式：单独、联合、依托还是没有
        form of its Party organisation, null where not known
    union flag flag 有无工会：企业有没有工会组织
        whether there is a trade union in it
    league_form text established_form 团组织建立形式：企业填报的，未经核验
        form of its League organisation as the enterprise claims it
    league_kind text league_kind 团组织建制：企业填报的，或智慧团建里的
        kind of its League organisation, claimed or from the League's system
    league_name text name 填报的团组织名称：企业自己填的全称
        name of its League organisation as the enterprise claims it
    verified_name text name 系统里的团组织全称：智慧团建里对上的组织
        full name of its organisation in the League's system
    youth_organisation flag flag 有无青年组织：有没有共青团主导的青年组织
        whether there is a youth organisation led by the League
    operating text operating 营业状态：在营、停业还是注销，不知道的为空
        whether the enterprise operates, null where nobody told
    industry_code text code 行业代码：国民经济行业分类的门类字母或数字
        code of its industry in GB/T 4754
    section text code 行业门类：国民经济行业分类的门类字母 A 至 T
        section letter A to T of GB/T 4754
    sector text key 青年聚集行业：互联网、快递、文创等政策列明的行业，不属于的为空
        sector of the policy where the young gather, null if none
    registration_text text text 登记注册类型：台账里怎么写就怎么留
        registration type as it is written in the ledger
    control text control 控股情况：谁控股，不知道的为空
        who controls the enterprise, null where nobody told
    above_scale flag flag 规模以上：是不是规模以上企业
        whether the enterprise is above the statistical scale
    top_hundred_rank id rank 百强位次：在民营经济 100 强里的位次，不在榜上的为空
        rank among the hundred strongest private firms, null if not listed
    top_hundred_year id year 百强年度：位次出自哪一年的榜单
        year of the list that the rank is from
    park_id id number 园区编号：所在园区，见 parks 表，不在园区的为空
        number of the park that it is in, see parks
    park text name 园区名称：所在园区的全称
        name of the park that it is in
    place text name 楼宇市场名称：所在的商务楼宇或专业市场
        name of the building or market that it is in
    longitude real degrees 经度：WGS-84 经度，没有坐标的为空
        longitude of the enterprise, null without a point
    latitude real degrees 纬度：WGS-84 纬度，没有坐标的为空
        latitude of the enterprise, null without a point
    location text location 坐标来源：坐标是台账给的，还是取县区内部点
        whether the point was given or stands for its county
    """
            + WHERE
            + """
    hollow text answer 是否空壳：智慧团建里的组织没有团员；没有对上组织的为空
        whether its organisation in the system has no members, null where none is matched
    system_members count people 系统团员数：智慧团建里它的组织的团员数，几个组织取最多的
        members of its organisation in the system, of several the most
    covered_by text coverage_state 覆盖情况：不论是否在范围内，由什么覆盖
        what covers it, whether it is in scope or not
    not_listed_reason text sentence 不列入的原因：本轮为什么不列入建团目标，建团目标为空
        why it is no target of this round, null for a target
    """
        ),
    ),
    key=("enterprise_id",),
    sort=orders("enterprise_id"),
    division="county_code",
    engines=True,
)

DUTIES = Table(
    "duties",
    "逐项要求：每家企业的每项要求一行，适用不适用、做到没有",
    "Duties: one row for each duty of each enterprise, whether it applies and is met",
    columns(
        """
    enterprise_id id number 企业编号：要求是对哪家企业的，见 enterprises 表
        number of the enterprise that the duty is for
    duty text duty 要求编号：哪一项要求，如 R13
        code of the duty in the policy
    applies text answer 是否适用：这项要求适用不适用于这家企业
        whether the duty applies to the enterprise
    met text answer 是否做到：这项要求做到没有
        whether the enterprise has met the duty
    """
    ),
    key=("enterprise_id", "duty"),
    sort=orders("enterprise_id, duty"),
    division="enterprise_id",
    engines=True,
)

PLAN_FIRM_TABLES = (PLAN_ENTERPRISES, DUTIES)
