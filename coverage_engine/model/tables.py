"""Every table of a Snapshot and of a Plan, described once.

A table is a tuple of columns; a column has a name, a kind, whether it may be unknown (null), and a
sentence. Readers, checks, writers and the manual all draw on these descriptions. Kinds:
`id` and `count` are integers, `real` a float, `flag` a three-valued boolean, `text` a string, `day` a date.

Each row that came from a ledger carries `source` (see table `sources`) and `row` (1-based Excel row), so the
cell of any fact is `<sheet>!<letter><row>` with the letter from `source_columns`.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

_TYPES: dict[str, type[pl.DataType]] = {
    "id": pl.Int32,
    "count": pl.Int64,
    "real": pl.Float64,
    "flag": pl.Boolean,
    "text": pl.String,
    "day": pl.Date,
}


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    name: str
    kind: str
    meaning: str

    @property
    def dtype(self) -> type[pl.DataType]:
        """The table library's type."""
        return _TYPES[self.kind]


Table = tuple[Column, ...]


def _table(definition: str) -> Table:
    """Parse lines of `name kind meaning`."""
    lines = (line.strip() for line in definition.strip().splitlines())
    return tuple(Column(*line.split(maxsplit=2)) for line in lines if line)


_WHERE = """
    source id ledger that the row came from
    row id 1-based row in that ledger
"""

SNAPSHOT_TABLES: dict[str, Table] = {
    "enterprises": _table(
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
    home_division text home place of the owner: division code, or text outside the province
    entity_kind text enterprise | individual | cooperative | not_enterprise, from positions 1-2 of the code
    """
        + _WHERE
    ),
    "parks": _table(
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
        + _WHERE
    ),
    "places": _table(
        """
    place_id id dense
    name text 所属楼宇市场
    county_code text county
    """
        + _WHERE
    ),
    "headquarters": _table(
        """
    headquarters_id id dense
    name text 总部名称
    credit_code text credit code or null
    enterprise_id id the same firm in the 企业台账, null if not there
    outside_province flag its code or name says another province
    """
        + _WHERE
    ),
    "branch_offices": _table(
        """
    enterprise_id id the branch office
    headquarters_id id its headquarters
    relation text branch | subsidiary | chain_store | null
    """
        + _WHERE
    ),
    "leaders": _table(
        """
    leader_id id dense
    name text 龙头企业
    credit_code text credit code or null
    enterprise_id id the same firm in the 企业台账, null if not there
    """
        + _WHERE
    ),
    "associated_enterprises": _table(
        """
    enterprise_id id the associated enterprise
    leader_id id its leader enterprise
    relation text supplier | customer | franchise | supporting | null
    dependence count 依赖度 in thousandths, null unknown
    """
        + _WHERE
    ),
    "associations": _table(
        """
    association_id id dense
    name text 协会名称
    credit_code text credit code or null
    industry text 行业
    division_code text division or null
    league_organisation flag 协会团组织
    """
        + _WHERE
    ),
    "association_members": _table(
        """
    enterprise_id id member enterprise
    association_id id association
    """
        + _WHERE
    ),
    "societies": _table(
        """
    society_id id dense
    name text 社团名称
    kind text youth_federation | young_entrepreneurs | youth_chamber | other
    level text province | city | county | null
    """
        + _WHERE
    ),
    "society_members": _table(
        """
    enterprise_id id member enterprise
    society_id id society
    appraisal flag 参加评选
    """
        + _WHERE
    ),
    "trade_unions": _table(
        """
    enterprise_id id enterprise
    name text 工会名称
    superior text 上级工会
    union_members count 工会会员数
    """
        + _WHERE
    ),
    "party_organisations": _table(
        """
    enterprise_id id enterprise
    name text 党组织名称
    form text own | joint | null
    superior text 上级党组织
    party_members count 党员数
    """
        + _WHERE
    ),
    "league_organisations": _table(
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
        + _WHERE
    ),
    "league_matches": _table(
        """
    league_organisation_id id organisation in 智慧团建
    enterprise_id id enterprise it stands in
    basis text full_name | league_name
    """
        + _WHERE
    ),
    "joint_coverage": _table(
        """
    enterprise_id id covered enterprise
    league_name text 团组织全称 of the joint branch
    league_organisation_id id the same in 智慧团建, null if not found
    """
        + _WHERE
    ),
    "departments": _table(
        """
    department_id id dense
    name text 部门名称
    division_code text division
    sectors text 主管行业 as written
    work_committee flag 行业团工委
    """
        + _WHERE
    ),
    "local_forces": _table(
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
        + _WHERE
    ),
    "brand_programmes": _table(
        """
    enterprise_id id enterprise
    brand text 品牌
    status text holder | applicant | null
    """
        + _WHERE
    ),
    "youth_homes": _table(
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
        + _WHERE
    ),
    "outcomes": _table(
        """
    enterprise_id id enterprise
    path id 1-11
    started day 开始日期
    ended day 结束日期
    result text own | joint | youth | failed | ongoing
    hours real 工时
    """
        + _WHERE
    ),
    "schools": _table(
        """
    name text 学校名称
    division_code text division
    private flag 民办
    education_members count 教育统计团员数
    system_members count 系统录入团员数
    league_organisation flag 团组织
    explanation text 差异说明
    """
        + _WHERE
    ),
    "number_segments": _table(
        """
    unit text 单位
    year id 年度
    first text 起始编号
    last text 截止编号
    used count 已用编号
    entered count 已录入数
    explanation text 未用说明
    """
        + _WHERE
    ),
    "fact_sources": _table(
        """
    enterprise_id id enterprise
    field text column of the enterprises table that another cell than the enterprise's own row decided
    ledger_field text column of that ledger (canonical key)
    """
        + _WHERE
    ),
    "sources": _table(
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
    "source_columns": _table(
        """
    source id ledger
    field text canonical key of the column
    letter text Excel column letter
    header text header as written
    """
    ),
    "quarantine": _table(
        """
    source id ledger
    row id 1-based row
    reason text codes of the errors, ; between
    cells text the whole row as a JSON list of texts
    """
    ),
    "divisions": _table(
        """
    code text division code in the edition of the as-of date
    name text name
    level text province | city | county
    parent_code text code of the parent
    longitude real interior point
    latitude real interior point
    """
    ),
    "presumptions": _table(
        """
    subject text what was presumed, e.g. non_public_by_ledger
    source id ledger it concerns, null for all
    message text what is presumed and how to end it, in Chinese
    """
    ),
}

FINDINGS_TABLE: Table = _table(
    """
    code text stable code, e.g. credit_code.check_digit
    severity text error | warning | note
    file text file name
    sheet text sheet name
    cell text Excel cell such as D1042, or the row or column range
    found text what stands there
    wanted text what is wanted
    remedy text how to mend it, in Chinese
    ledger text kind of ledger
    row id 1-based row, null for sheet-wide findings
    """
)

PLAN_TABLES: dict[str, Table] = {
    "enterprises": _table(
        """
    enterprise_id id enterprise
    credit_code text 统一社会信用代码
    name text 企业名称
    division_code text county code, or city code
    city text name of the city
    county text name of the county, null where only the city is known
    coverage_state text CoverageState
    verified text Answer: stands in 智慧团建
    obligation text Obligation
    ground text duties that make it so, e.g. R13;R17
    missing_facts text ledger columns that would decide, cheapest first, ; between
    member_margin count league_members minus the threshold of three
    tiers text Tier words, ; between
    priority count points
    priority_rank id 1 = first among the targets planned for, null if not a target
    city_code text city
    county_code text county
    non_public text Answer
    scope_reason text why out of scope, null if in scope
    eligible text Answer: in scope and three members or more
    duty_bound text Answer: eligible and (Party organisation or society member)
    is_target flag listed as a target
    ground_text text the clauses in words
    priority_reasons text points with their reasons
    employees count staff
    young_employees count young staff
    league_members count League members
    party text EstablishedForm
    union flag trade union
    league_form text claimed form
    league_kind text kind, claimed or from 智慧团建
    league_name text claimed name
    verified_name text full name in 智慧团建
    youth_organisation flag youth organisation
    operating text Operating
    industry_code text GB/T 4754
    section text section letter
    sector text internet | courier | creative | null
    registration_text text as written
    control text Control
    above_scale flag above scale
    top_hundred_rank id rank on the list
    top_hundred_year id year of the list
    park_id id park
    park text name of the park
    place text building or market
    longitude real WGS-84
    latitude real WGS-84
    location text given | approximate
    """
        + _WHERE
    ),
    "duties": _table(
        """
    enterprise_id id enterprise
    duty text R13 ...
    applies text Answer
    met text Answer
    """
    ),
    "recommendations": _table(
        """
    enterprise_id id target
    rank id 1-3
    path id 1-11
    path_key text key of the path
    score count log-odds in millionths
    probability real expected chance of success
    probability_low real with unknown facts at their worst and model doubt
    probability_high real with unknown facts at their best and model doubt
    lead_unit text responsible unit
    reasons text at most three, each at most 60 characters, ; between
    runner_up_gap count score of this path minus the next, in millionths
    flip_fact text smallest single change that would put another path first
    """
    ),
    "reasons": _table(
        """
    enterprise_id id target
    path id 1-11
    step id 0 = base, then by weight
    fact text named fact
    value text its value as the planner reads it
    contribution count signed step in millionths; base + steps = score
    ledger text kind of ledger
    cell text file, sheet and cell of the deciding fact, e.g. 企业台账!D1042
    clause text clause of the notice
    text text the reason as a sentence
    """
    ),
    "evaluations": _table(
        """
    enterprise_id id target
    path id 1-11
    feasible flag whether the relation exists; null cannot tell
    score count log-odds in millionths, null if not feasible
    why_not text why it is not feasible or cannot be told
    """
    ),
    "actions": _table(
        """
    enterprise_id id target
    path id recommended path
    step id 1..
    action text what is to be done
    responsible text unit
    document text document to prepare
    due day date
    division_code text county of the target
    bundle text what one action serves many targets, e.g. the park; null if alone
    """
    ),
    "coverage": _table(
        """
    division_code text division
    division text name
    level text province | city | county
    category text denominator: operating | eligible | duty_bound, or tier:<tier>
    denominator_low count firms surely in the denominator
    denominator_high count plus firms that may be
    own_low count surely own organisation and surely in the denominator
    own_high count possibly own organisation
    joint_low count surely own or jointly covered
    joint_high count possibly own or jointly covered
    verified count own or joint and found in 智慧团建
    uncovered_low count surely in the denominator and surely neither own nor joint
    unknown count in the denominator or possibly so, with unknown coverage
    rate_low real lowest rate (own) that the unknowns allow, null if the denominator may be empty
    rate_high real highest rate (own)
    joint_rate_low real lowest rate (own + joint)
    joint_rate_high real highest rate (own + joint)
    must count enterprises whose obligation is must_establish
    should count should_establish
    undetermined count undetermined
    targets count targets
    """
    ),
    "parks": _table(
        """
    park_id id park
    name text name
    level text level
    kind text kind
    division_code text division
    city text city
    county text county
    administration flag administration
    party flag Party organisation of the park
    work_committee flag League work committee of the park
    youth_home flag youth home
    enterprises count enterprises in it
    non_public count of these surely non-public and operating
    above_scale count of these above scale
    employees count staff (known values)
    young_employees count young staff (known values)
    league_members count League members (known values)
    with_party count with a Party organisation
    eligible count with three members or more
    own count with an organisation of their own
    joint count jointly covered
    verified count covered and found in 智慧团建
    uncovered_duty count must or should establish
    unknown count coverage not known
    rate_low real (own + joint) / non-public, lowest
    rate_high real the same, highest
    longitude real WGS-84
    latitude real WGS-84
    """
        + _WHERE
    ),
    "societies": _table(
        """
    society_id id society
    society text name
    kind text kind
    level text level
    enterprise_id id member enterprise
    appraisal flag takes part in this year's awards
    """
        + _WHERE
    ),
    "findings": FINDINGS_TABLE,
}


def empty(table: Table) -> pl.DataFrame:
    """A frame of the table's columns and types without rows."""
    return pl.DataFrame(schema={column.name: column.dtype for column in table})


def conform(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The frame with exactly the table's columns, in order and of its types; absent ones are unknown."""
    present = set(frame.columns)
    return frame.select(
        (pl.col(column.name) if column.name in present else pl.lit(None))
        .cast(column.dtype)
        .alias(column.name)
        for column in table
    )
