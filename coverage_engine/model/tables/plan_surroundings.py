"""Plan tables of what stands around enterprises: ties, parks, societies; and what is wrong in the ledgers."""

from __future__ import annotations

from coverage_engine.model.columns import WHERE, Table, columns, orders
from coverage_engine.model.tables.shared_columns import PARK_BODIES

LINKS = Table(
    "links",
    "企业间关系：总部、分支、龙头、关联，每个方向一行",
    "Links: ties between enterprises, one row for each as seen from either end",
    columns(
        """
    enterprise_id id number 企业编号：从哪家企业看，见 enterprises 表
        number of the enterprise from which the tie is seen
    other_id id number 对方编号：关系另一头的企业
        number of the enterprise at the other end
    kind text link_kind 对方身份：对方是本企业的什么
        what the other one is to the enterprise
    """
    ),
    key=("enterprise_id", "other_id", "kind"),
    sort=orders("enterprise_id, other_id, kind"),
    division="enterprise_id",
    engines=True,
)

PLAN_PARKS = Table(
    "parks",
    "园区情况：每个园区一行，园区本身和园区里的企业",
    "Parks: one row for each park with itself and the enterprises in it",
    columns(
        """
    park_id id number 园区编号：各表用它指同一个园区
        number of the park, by which all tables name it
    name text name 园区名称：按台账所写的全称
        name of the park as written
    level text text 园区级别：国家级、省级等，按台账所写
        level of the park as written, national or provincial say
    kind text text 园区类型：经开区、高新区等，按台账所写
        kind of the park as written
    division_code text code 区划代码：园区所在的县（市、区）或市
        code of the county or city that it lies in
    city text name 所在市：省辖市的名称
        name of the city that it lies in
    county text name 所在县区：县（市、区）的名称，只知道市的为空
        name of the county, null where only the city is known
    """
        + PARK_BODIES
        + """
    enterprises count firms 企业数：园区里的企业；没有企业写明在园区的，各项计数为空
        enterprises in the park; every count is null where none names the park
    non_public count firms 非公企业：确定非公、在营的
        those surely non-public and operating
    above_scale count firms 规模以上：其中规模以上的企业
        those of them that are above scale
    employees count people 从业人员数：知道的相加，一家也不知道的为空
        staff of those where it is known, null where of none
    young_employees count people 青年职工数：知道的相加，一家也不知道的为空
        young staff where known, null where of none
    league_members count people 团员数：知道的相加，一家也不知道的为空
        League members where known, null where of none
    with_party count firms 有党组织：园区里有党组织的企业
        enterprises of the park with a Party organisation
    eligible count firms 够建团人数：园区里团员三名及以上的企业
        enterprises of the park with three members or more
    own count firms 单独建立：园区里单独建立团组织的企业
        enterprises of the park with their own organisation
    joint count firms 联合覆盖：园区里由联合团组织覆盖的企业
        enterprises of the park that are jointly covered
    verified count firms 已核验：已覆盖，智慧团建里有组织、有团员
        covered, and in the League's system with members
    uncovered_duty count firms 应建未建：必须或应当建团而没有建的企业
        enterprises that must or should establish one still
    unknown count firms 底数不清：覆盖情况不知道的企业
        enterprises whose coverage is not known
    rate_low real share 覆盖率下限：单独建立加联合覆盖，占非公企业的最低比率
        lowest share of the non-public that own or joint bodies cover
    rate_high real share 覆盖率上限：单独建立加联合覆盖，占非公企业的最高比率
        highest share of the non-public that own or joint bodies cover
    longitude real degrees 经度：WGS-84 经度，没有坐标的为空
        longitude of the park, null without a point
    latitude real degrees 纬度：WGS-84 纬度，没有坐标的为空
        latitude of the park, null without a point
    location text location 坐标来源：坐标是台账给的，还是取县区内部点
        whether the point was given or stands for its county
    """
        + WHERE
        + """
    possible_covered count firms 可能已覆盖：可能非公、已覆盖或可能已覆盖的企业
        enterprises perhaps non-public, covered or perhaps so
    possible_bare count firms 可能空白：可能非公、没有覆盖或可能没有覆盖的企业
        enterprises perhaps non-public, bare or perhaps so
    employees_known count firms 从业人员数已知：填了从业人员数的非公企业
        non-public enterprises whose staff are known
    young_employees_known count firms 青年职工数已知：填了青年职工数的非公企业
        non-public enterprises whose young staff are known
    league_members_known count firms 团员数已知：填了团员数的非公企业
        non-public enterprises whose League members are known
    hollow count firms 空壳：已覆盖，但系统里的组织没有团员，不算已核验
        covered, but without members in the League's system; never verified
    presumed count firms 凭推定计入：只凭推定算作非公企业，比率里按可能不在算
        non-public by presumption alone, within the rates as perhaps in
    presumed_covered count firms 凭推定计入且已覆盖：其中单独建立或联合覆盖的
        these covered by an own or joint organisation
    presumed_bare count firms 凭推定计入且空白：其中单独建立和联合覆盖都没有的
        these neither covered by their own nor jointly
    """
    ),
    key=("park_id",),
    sort=orders("park_id"),
    division="park_id",
    engines=True,
)

PLAN_SOCIETIES = Table(
    "societies",
    "社团会员企业：团属社团的会员企业，每个会员一行",
    "Society members: one row for each enterprise in a League society",
    columns(
        """
    society_id id number 社团编号：哪个团属社团
        number of the League society it is in
    society text name 社团名称：团属社团的全称
        name of the League society it is in
    kind text society_kind 社团类型：青联、青企协、青商会还是其他
        kind of the society it is in
    level text level 社团级别：省、市还是县一级
        level of the society, null where not known
    enterprise_id id number 会员企业编号：会员是哪家企业，见 enterprises 表
        number of the enterprise that is a member
    appraisal flag flag 参加评选：是否参加本年度的评选
        whether it takes part in this year's awards
    """
        + WHERE
    ),
    sort=orders("society_id, enterprise_id, source, row"),
    division="enterprise_id",
    engines=True,
)

FINDINGS_TABLE = Table(
    "findings",
    "核查问题：台账里哪里有什么问题、怎么改，每处一行",
    "Findings: what is wrong or missing in the ledgers, one row for each place",
    columns(
        """
    code text code 问题代码：同类问题代码相同，如 credit_code.check_digit
        stable code of the kind of finding
    severity text severity 级别：错误隔离整行，警告不用该值，提示只作告知
        whether the row, the value or nothing was set aside
    file text file 文件名：问题在哪个文件
        name of the file it is in
    sheet text name 工作表名：问题在哪张工作表
        name of the sheet it is in
    cell text cell 位置：哪一格，如 D1042，或哪些行、列
        Excel cell such as D1042, or the range of rows or columns
    found text text 现有内容：那里现在写着什么
        what stands there at present
    wanted text text 应有内容：那里应当写什么
        what should stand there instead
    remedy text sentence 怎么改：一句话说清怎样改正
        how to mend it, in Chinese
    ledger text key 台账种类：问题在哪种台账里
        kind of ledger that it is in
    row id row 行号：从 1 起，整张表的问题为空
        row of the sheet from 1, null for findings on a whole sheet
    """
    ),
    sort=orders("file, sheet, row, cell, code"),
)

SURROUNDING_TABLES = (LINKS, PLAN_PARKS, PLAN_SOCIETIES, FINDINGS_TABLE)
