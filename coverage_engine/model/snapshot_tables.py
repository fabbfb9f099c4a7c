"""The tables of a Snapshot, described once: entities, a table per relation, where each row came from."""

from __future__ import annotations

from coverage_engine.model.columns import WHERE, Table, table

SNAPSHOT_TABLES: dict[str, Table] = {
    "enterprises": table(
        """
    enterprise_id id dense, from 0, by credit code then name then county: independent of row order
    credit_code text 统一社会信用代码, 18 characters, or null
    name text 企业名称 as written, spaces trimmed
    division_code text county code, or city code where only the city is known (edition of the as-of date)
    city_code text code of the city (济源 419001 is its own city)
    county_code text code of the county, null where only the city is known
    address text 详细地址
    longitude real WGS-84 degrees
    latitude real WGS-84 degrees
    location text given | approximate (interior point of the county) | null
    registration_text text 登记注册类型 as written
    registration_type text code of the registration type, null unless its table year is known or it is words
    registration_year id 2011 or 2023: the table that the code belongs to
    control text Control vocabulary, null unknown
    control_text text 控股情况 as written
    industry_code text GB/T 4754: section letter or 2-4 digits
    industry_text text 行业 as written
    section text section letter A-T of GB/T 4754
    employees count 从业人员数
    young_employees count 青年数 35 and under
    league_members count 团员数
    above_scale flag 规模以上
    top_hundred_rank id 百强位次, null if not on the list or unknown
    top_hundred_year id 百强年度
    party text EstablishedForm own | joint | none; null unknown (the 党组织台账 wins over the flag)
    union flag has a trade union (the 工会台账 wins over the flag)
    league_form text 团组织 as claimed: own | joint | dependent | none; null unknown
    league_kind text LeagueOrganisationKind as claimed
    league_name text 团组织名称 as claimed
    youth_organisation flag 青年组织
    operating text Operating vocabulary, null unknown
    park_id id park it is in
    place_id id building or market it is in
    department_id id regulating department
    trade_department_id id department that lists its trade, where the ledger names none
    home_division text home place of the owner: division code, or text outside the province
    entity_kind text enterprise | individual | cooperative | not_enterprise | unclear: by type, code or name
    public_name flag the name sounds public; null where the ledger asks for control or type
    league_body text whose body 团组织名称 names: own | joint | other (somebody else's); null not told
    """
        + WHERE
    ),
    "parks": table(
        """
    park_id id dense
    name text 园区名称
    level text 级别 as written
    kind text 类型 as written
    division_code text division of the park
    city_code text city
    county_code text county, null where only the city is known
    administration flag 管理机构
    party flag 园区党组织
    work_committee flag 园区团工委
    youth_home flag 青年之家
    longitude real WGS-84 degrees
    latitude real WGS-84 degrees
    location text given | approximate | null
    in_ledger flag false when it is only named in the 企业台账
    """
        + WHERE
    ),
    "places": table(
        """
    place_id id dense
    name text 所属楼宇市场
    county_code text county
    """
        + WHERE
    ),
    "headquarters": table(
        """
    headquarters_id id dense
    name text 总部名称
    credit_code text credit code or null
    enterprise_id id the same firm in the 企业台账, null if not there
    outside_province flag its code or name says another province
    """
        + WHERE
    ),
    "branch_offices": table(
        """
    enterprise_id id the branch office
    headquarters_id id its headquarters
    relation text branch | subsidiary | chain_store | null
    """
        + WHERE
    ),
    "leaders": table(
        """
    leader_id id dense
    name text 龙头企业
    credit_code text credit code or null
    enterprise_id id the same firm in the 企业台账, null if not there
    """
        + WHERE
    ),
    "associated_enterprises": table(
        """
    enterprise_id id the associated enterprise
    leader_id id its leader enterprise
    relation text supplier | customer | franchise | supporting | null
    dependence count 依赖度 in thousandths, null unknown
    """
        + WHERE
    ),
    "associations": table(
        """
    association_id id dense
    name text 协会名称
    credit_code text credit code or null
    industry text 行业
    division_code text division or null
    league_organisation flag 协会团组织
    """
        + WHERE
    ),
    "association_members": table(
        """
    enterprise_id id member enterprise
    association_id id association
    """
        + WHERE
    ),
    "societies": table(
        """
    society_id id dense
    name text 社团名称
    kind text youth_federation | young_entrepreneurs | youth_chamber | other
    level text province | city | county | null
    """
        + WHERE
    ),
    "society_members": table(
        """
    enterprise_id id member enterprise
    society_id id society
    appraisal flag 参加评选
    """
        + WHERE
    ),
    "trade_unions": table(
        """
    enterprise_id id enterprise
    name text 工会名称
    superior text 上级工会
    union_members count 工会会员数
    """
        + WHERE
    ),
    "party_organisations": table(
        """
    enterprise_id id enterprise
    name text 党组织名称
    form text own | joint | null
    superior text 上级党组织
    party_members count 党员数
    """
        + WHERE
    ),
    "league_organisations": table(
        """
    league_organisation_id id dense
    full_name text 团组织全称
    short_name text 团组织简称
    kind text LeagueOrganisationKind or null
    superior text 上级组织
    category text 所属行业类别 as written
    league_members count 团员数
    system_id text 组织ID
    exported day 导出日期
    unwrapped text the unit's name inside 共青团…委员会, null if not of that form
    match text enterprise | joint | ambiguous | not_found | not_enterprise
    """
        + WHERE
    ),
    "league_matches": table(
        """
    league_organisation_id id organisation in 智慧团建
    enterprise_id id enterprise it stands in
    basis text full_name | folded (equal after folding, or answered by a person) | league_name (claimed)
    """
        + WHERE
    ),
    "league_candidates": table(
        """
    league_organisation_id id organisation in 智慧团建 of which a person has to say whose it is
    enterprise_id id enterprise that it may stand in
    basis text full_name | league_name (as several others) | asked (likeness)
    """
        + WHERE
    ),
    "joint_coverage": table(
        """
    enterprise_id id covered enterprise
    league_name text 团组织全称 of the joint branch
    league_organisation_id id the same in 智慧团建, null if not found
    """
        + WHERE
    ),
    "departments": table(
        """
    department_id id dense
    name text 部门名称
    division_code text division
    sectors text 主管行业 as written
    work_committee flag 行业团工委
    """
        + WHERE
    ),
    "local_forces": table(
        """
    division_code text division the forces belong to
    full_time count 专职团干部
    part_time count 兼职团干部
    social_workers count 青少年事务社工
    volunteers count 西部计划志愿者
    village_officials count 大学生村官
    outside_committee flag 驻外团工委
    hours count 每月可用工时
    """
        + WHERE
    ),
    "brand_programmes": table(
        """
    enterprise_id id enterprise
    brand text 品牌
    status text holder | applicant | null
    """
        + WHERE
    ),
    "youth_homes": table(
        """
    youth_home_id id dense
    name text 名称
    division_code text division
    longitude real WGS-84 degrees
    latitude real WGS-84 degrees
    location text given | approximate | null
    status text built | candidate | null
    cost real 建设成本 in 10,000 yuan
    capacity count 服务容量 in enterprises
    """
        + WHERE
    ),
    "outcomes": table(
        """
    enterprise_id id enterprise
    path id number of the path tried, as written
    started day 开始日期
    ended day 结束日期
    result text own | joint | youth | failed | ongoing
    hours real 工时
    """
        + WHERE
    ),
    "schools": table(
        """
    name text 学校名称
    division_code text division
    private flag 民办
    education_members count 教育统计团员数
    system_members count 系统录入团员数
    league_organisation flag 团组织
    explanation text 差异说明
    """
        + WHERE
    ),
    "number_segments": table(
        """
    unit text 单位
    year id 年度
    first text 起始编号
    last text 截止编号
    used count 已用编号
    entered count 已录入数
    explanation text 未用说明
    """
        + WHERE
    ),
    "fact_sources": table(
        """
    enterprise_id id enterprise
    field text column of the enterprises table that another cell than the enterprise's own row decided
    ledger_field text column of that ledger (canonical key)
    """
        + WHERE
    ),
    "sources": table(
        """
    source id dense
    file text file name without folder
    sha256 text hash of the file
    sheet text sheet name, or the file's stem for text files
    kind text ledger kind, null if not recognised
    header_row id 1-based row of the header
    rows_read id rows of the sheet
    accepted id rows accepted
    quarantined id rows quarantined
    recognised id title, header, total, footer and blank rows
    """
    ),
    "source_columns": table(
        """
    source id ledger
    field text canonical key of the column
    letter text Excel column letter
    header text header as written
    """
    ),
    "quarantine": table(
        """
    source id ledger
    row id 1-based row
    reason text codes of the errors, ; between
    cells text the whole row as a JSON list of texts
    """
    ),
    "set_aside": table(
        """
    source id ledger
    row id 1-based row of 企业台账 that was turned back and may be a further firm
    city_code text city as far as its cells tell
    county_code text county as far as its cells tell
    top_hundred flag names a rank among the hundred
    park flag names a park
    """
    ),
    "divisions": table(
        """
    code text division code in the edition of the as-of date
    name text name
    level text province | city | county
    parent_code text code of the parent
    longitude real interior point
    latitude real interior point
    """
    ),
    "doubtful_pairs": table(
        """
    doubt id number in the queue, from 1; the weightiest first
    effect text what the answer would move: coverage | count (of enterprises) | duty | link
    weight count young staff of that enterprise, else its League members, at least 1
    ledger text ledger kind that names the record
    name text name as written there
    enterprise_id id the enterprise it may be, null between two rows of the 企业台账
    name_of_firm text that enterprise's name
    score count millionths of log-odds: the sum of the reasons
    reasons text every reason with its points, in Chinese
    left text what the record is called in a decision
    right text what the enterprise is called in a decision
    """
        + WHERE
    ),
    "presumptions": table(
        """
    subject text what was presumed, e.g. non_public_by_ledger
    source id ledger it concerns, null for all
    message text what is presumed and how to end it, in Chinese
    """
    ),
}
