"""Snapshot tables of relations: who belongs to whom, what was found of the League in which enterprise."""

from __future__ import annotations

from coverage_engine.model.columns import WHERE, Table, columns, orders

BRANCH_OFFICES = Table(
    "branch_offices",
    "总部分支关系：分支机构与总部，每个关系一行",
    "Branch offices: one row for each tie of an enterprise to its headquarters",
    columns(
        """
    enterprise_id id number 分支机构编号：分支机构是哪家企业，见 enterprises 表
        number of the enterprise that is the branch office
    headquarters_id id number 总部编号：它的总部，见 headquarters 表
        number of its headquarters, see headquarters
    relation text branch_relation 关系类型：分支机构、子公司还是连锁门店，没填的为空
        kind of the relation, null where none is given
    """
        + WHERE
    ),
)

UNLISTED_OFFICES = Table(
    "unlisted_offices",
    "名册里的分支：总部名下、企业台账里没有的分支机构，不计入企业数，每家一行",
    "Unlisted offices: one row for each office that only a list of its headquarters names; no enterprise",
    columns(
        """
    headquarters_id id number 总部编号：在哪个总部名下，见 headquarters 表
        number of its headquarters, see headquarters
    headquarters text name 总部名称：总部在名册里的名称
        name of its headquarters as listed
    name text name 分支名称：名册里写的分支机构名称
        name of the office as it is written in the list
    relation text branch_relation 关系类型：分支机构、子公司还是连锁门店，没填的为空
        kind of the relation, null where none is given
    city_code text code 市代码：名册里写的地方属于哪个市
        code of the city that the list tells
    county_code text code 县区代码：名册里写的县（市、区）
        code of the county that the list tells
    employees count people 从业人员数：名册里写的人数，没填的为空
        staff as the list counts them, null where not told
    """
        + WHERE
    ),
    sort=orders("headquarters_id, name"),
)

ASSOCIATED_ENTERPRISES = Table(
    "associated_enterprises",
    "产业链关系：关联企业与龙头企业，每个关系一行",
    "Associated enterprises: one row for each tie of an enterprise to a leader",
    columns(
        """
    enterprise_id id number 关联企业编号：关联企业是哪家，见 enterprises 表
        number of the enterprise that is associated
    leader_id id number 龙头企业编号：它依附的龙头企业，见 leaders 表
        number of its leader enterprise, see leaders
    relation text supply_relation 关系类型：供应商、客户、加盟还是配套，没填的为空
        kind of the relation, null where none is given
    dependence count permille 依赖度：对龙头企业的依赖程度，不知道的为空
        how far it depends on the leader, null where not known
    """
        + WHERE
    ),
)

ASSOCIATION_MEMBERS = Table(
    "association_members",
    "协会会员：会员企业与行业协会，每个关系一行",
    "Association members: one row for each enterprise in an industry association",
    columns(
        """
    enterprise_id id number 会员企业编号：会员是哪家企业，见 enterprises 表
        number of the enterprise that is a member
    association_id id number 协会编号：加入的行业协会，见 associations 表
        number of the association, see associations
    """
        + WHERE
    ),
)

SOCIETY_MEMBERS = Table(
    "society_members",
    "社团会员：会员企业与团属社团，每个关系一行",
    "Society members: one row for each enterprise in a League society",
    columns(
        """
    enterprise_id id number 会员企业编号：会员是哪家企业，见 enterprises 表
        number of the enterprise that is a member
    society_id id number 社团编号：加入的团属社团，见 societies 表
        number of the society, see societies
    appraisal flag flag 参加评选：是否参加本年度的评选
        whether it takes part in this year's awards
    """
        + WHERE
    ),
)

TRADE_UNIONS = Table(
    "trade_unions",
    "企业工会：工会台账，每家企业的工会一行",
    "Trade unions: one row for each union in an enterprise",
    columns(
        """
    enterprise_id id number 企业编号：工会建在哪家企业，见 enterprises 表
        number of the enterprise that the union is in
    name text name 工会名称：按工会台账所写
        name of the trade union as written
    superior text name 上级工会：上级工会的名称，按台账所写
        name of the union above it as written
    union_members count people 工会会员数：台账里填的会员数
        members of the union as the ledger counts them
    """
        + WHERE
    ),
)

PARTY_ORGANISATIONS = Table(
    "party_organisations",
    "企业党组织：党组织台账，每家企业的党组织一行",
    "Party organisations: one row for each Party organisation in an enterprise",
    columns(
        """
    enterprise_id id number 企业编号：党组织建在哪家企业，见 enterprises 表
        number of the enterprise that it is in
    name text name 党组织名称：按党组织台账所写
        name of the Party organisation as written
    form text body_form 建立形式：单独还是联合建立，没填的为空
        own or joint, null where none is given
    superior text name 上级党组织：上级党组织的名称，按台账所写
        name of the Party organisation above it as written
    party_members count people 党员数：台账里填的党员数
        Party members as the ledger counts them
    """
        + WHERE
    ),
)

LEAGUE_ORGANISATIONS = Table(
    "league_organisations",
    "智慧团建组织：系统导出的团组织，每个一行",
    "League organisations: one row for each in the export of the League's system",
    columns(
        """
    league_organisation_id id number 团组织编号：从 0 起连续，与导出行序无关
        dense number of the League organisation, from 0
    full_name text name 团组织全称：系统里登记的全称
        full name as registered in the system
    short_name text name 团组织简称：系统里登记的简称
        short name as registered in the system
    kind text league_kind 团组织建制：团委、团工委、团总支还是团支部
        kind of the organisation, null where it is not told
    superior text name 上级组织：系统里的上级团组织名称
        name of the League organisation above it
    category text text 所属行业类别：系统里填的类别，按原文
        category of trade in the system as written
    league_members count people 团员数：系统里这个组织的团员数
        members of the organisation in the system
    system_id text code 组织ID：系统里的组织编号
        identifier of the organisation in the system
    exported day date 导出日期：这份导出是哪一天的
        day on which the list was exported
    unwrapped text name 名称中的单位：“共青团…委员会”里的单位名，不是这种写法的为空
        unit's name inside 共青团…委员会, null if not of that form
    match text league_match 归属：对上了企业、是联合组织、待人答还是没有对上
        whose organisation it is, as far as can be told
    """
        + WHERE
    ),
    key=("league_organisation_id",),
    sort=orders("league_organisation_id"),
)

LEAGUE_MATCHES = Table(
    "league_matches",
    "团组织归属：系统里的团组织对上了哪家企业",
    "League matches: which enterprise an organisation of the system stands in",
    columns(
        """
    league_organisation_id id number 团组织编号：智慧团建里的团组织，见 league_organisations 表
        number of the organisation, see league_organisations
    enterprise_id id number 企业编号：团组织所在的企业，见 enterprises 表
        number of the enterprise that it stands in
    basis text match_basis 对上的依据：凭什么认定是这家企业的
        what the match rests on
    """
        + WHERE
    ),
)

LEAGUE_CANDIDATES = Table(
    "league_candidates",
    "待答的归属：系统里的团组织可能属于哪家企业，要由人来答",
    "League candidates: enterprises that an organisation may stand in, for a person to decide",
    columns(
        """
    league_organisation_id id number 团组织编号：归属要由人来答的团组织
        number of the organisation that a person has to decide on
    enterprise_id id number 企业编号：可能的企业，见 enterprises 表
        number of an enterprise that it may stand in
    basis text candidate_basis 可能的依据：为什么想到这家企业
        why this enterprise is thought of
    """
        + WHERE
    ),
)

JOINT_COVERAGE = Table(
    "joint_coverage",
    "联合覆盖：联合团组织覆盖台账，每家被覆盖的企业一行",
    "Joint coverage: one row for each enterprise that a joint organisation covers",
    columns(
        """
    enterprise_id id number 企业编号：被覆盖的企业，见 enterprises 表
        number of the enterprise that is covered
    league_name text name 团组织全称：覆盖它的联合团组织
        full name of the joint organisation that covers it
    league_organisation_id id number 团组织编号：智慧团建里的同一个组织，没有对上的为空
        the same organisation in the system, null if not found
    """
        + WHERE
    ),
)

BRAND_PROGRAMMES = Table(
    "brand_programmes",
    "品牌工作：企业创建青年文明号等品牌的情况，每项一行",
    "Brand programmes: one row for each brand that an enterprise holds or applies for",
    columns(
        """
    enterprise_id id number 企业编号：创建品牌的企业，见 enterprises 表
        number of the enterprise that has the brand
    brand text name 品牌名称：青年文明号等品牌，按台账所写
        name of the brand as written
    status text brand_status 创建情况：已获命名还是正在申报，没填的为空
        whether it holds or applies for it, null where not told
    """
        + WHERE
    ),
)

OUTCOMES = Table(
    "outcomes",
    "建团成果：以往每次建团的路径、时间和结果，每次一行",
    "Outcomes: one row for each past attempt with its path, days and result",
    columns(
        """
    enterprise_id id number 企业编号：做工作的企业，见 enterprises 表
        number of the enterprise that was worked on
    path id path 建团路径：当时走的是哪条路径
        number of the path that was tried
    started day date 开始日期：从哪一天开始做工作
        day on which the work began
    ended day date 结束日期：哪一天有了结果，还在做的为空
        day of the result, null while it goes on
    result text outcome 结果：建成了什么，或者没有建成
        what came of the attempt
    hours real hours 工时：前后花了多少工时
        hours that were spent on it
    """
        + WHERE
    ),
)

RELATION_TABLES = (
    *(BRANCH_OFFICES, UNLISTED_OFFICES, ASSOCIATED_ENTERPRISES, ASSOCIATION_MEMBERS, SOCIETY_MEMBERS),
    *(TRADE_UNIONS, PARTY_ORGANISATIONS, LEAGUE_ORGANISATIONS, LEAGUE_MATCHES, LEAGUE_CANDIDATES),
    *(JOINT_COVERAGE, BRAND_PROGRAMMES, OUTCOMES),
)
