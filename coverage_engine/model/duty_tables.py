"""The tables of duties, control sheets, ask lists, estimates and bridges, described once."""

from __future__ import annotations

from coverage_engine.model.columns import WHERE, Table, table

DUTY_TABLES: dict[str, Table] = {
    "segments": table(
        """
    unit text 单位
    year id 年度
    first text 起始编号
    last text 截止编号
    issued count 下达数, null where the numbers are not well formed
    used count 已用数
    entered count 已录入数
    unused count 未用数
    explanation text 未用说明
    problems text what is wrong, in words, ； between; empty where nothing is
    accounted text Answer: every number of the segment has its whereabouts (R5)
    address text cell of the unit in the ledger, such as 发展团员编号台账!A3
    """
        + WHERE
    ),
    "schools": table(
        """
    name text 学校名称
    division_code text division as written
    city_code text city
    county_code text county, null where only the city is known
    private flag 民办
    education_members count 教育统计团员数
    system_members count 系统录入团员数
    difference count 系统 − 教育
    missed count members that education counts and the system lacks
    difference_permille count |difference| in thousandths of the education figure, rounded down
    league_organisation flag 团组织
    whole_gap text Answer: the whole school is missing (education counts members; none entered or no body)
    explanation text 差异说明
    address text cell of the school in the ledger
    """
        + WHERE
    ),
    "school_divisions": table(
        """
    division_code text division
    division text name
    level text province | city | county
    schools count schools
    private_schools count of these private
    unknown_schools count schools with either figure missing
    education_members count sum over the schools with both figures
    system_members count the same
    difference count 系统 − 教育
    missed count sum of the schools' missed members
    difference_permille count |difference| in thousandths of the education figure, rounded down
    beyond text Answer: more than 5 % of the education figure (R9, strict)
    explained text Answer: every school beyond 5 % has its 差异说明
    whole_gaps count schools that are surely missing as a whole
    private_gaps count of these private
    """
    ),
    "readiness": table(
        """
    division_code text division
    division text name
    level text province | city | county
    schools count schools with student members
    not_ready count surely not ready
    without_league count of these, or besides, without a League organisation
    not_entered count with members not entered
    to_confirm count that only wait for a person to confirm the graduates' branches
    due day due date
    """
    ),
    "unit_duties": table(
        """
    subject text segment | school | county | city | division | plan
    name text unit, school, division
    division_code text division, null for segments
    duty text R1 ...
    applies text Answer
    met text Answer
    missing text ledger columns that would decide, or 由人确认：…, ; between
    due day due date
    """
        + WHERE
    ),
    "deadlines": table(
        """
    duty text R1 ...
    title text title
    clause text clause
    due day due date as written
    warn_on day the due date, or the last working day before it
    warn_from day first day of warning
    days_left count working days left to warn_on; negative when the due date has passed
    calendar text clause of the public holidays counted, or that the year's are not known
    status text ahead | warning | overdue
    open count subjects that have not surely done it; null where enterprises were not judged
    unclear count of these, those of which a blank leaves open whether they must or have
    """
    ),
    "asks": table(
        """
    division_code text county, or city where the county is not known
    division text name
    rank id 1 = first question of the county
    header text ledger column to be asked for
    whom text whom to ask
    cost count rank of the cost of asking, 1 = least
    enterprises count enterprises with the open question
    settles count duties that this answer alone is sure to settle
    may_settle count duties that it settles or helps to settle
    duties text duties concerned, ; between
    """
    ),
    "ask_firms": table(
        """
    division_code text county, or city where the county is not known
    division text name
    header text ledger column to be asked for
    whom text whom to ask
    name text enterprise
    credit_code text 统一社会信用代码
    address text cell that the answer belongs in, null where the ledger has no such column
    duties text duties concerned, ; between
    """
    ),
    "margins": table(
        """
    division_code text division
    division text name
    level text province | city | county
    one_short count operating, uncovered, one member short of the line
    one_short_called count of these with Party organisation or society: one more makes it a must
    at_line count operating, exactly at the line
    at_line_uncovered count of these without an organisation: one leaving ends the duty
    at_line_own count of these with an organisation: one leaving leaves it under the line
    own_below count an organisation of their own and under the line already
    """
    ),
    "estimates": table(
        """
    division_code text division, park or sector key
    division text name
    level text province | city | county | park | sector
    category text denominator: operating | eligible | duty_bound | tier:<tier>
    numerator text own | joint (own + joint)
    surely count firms surely in the denominator
    possibly count firms that may be in it
    rate_low real lowest rate that the unknowns allow
    rate_high real highest rate
    point real estimate of the rate, null where nothing can be told
    interval_low real lower end of the 95 % interval, never under rate_low
    interval_high real upper end, never over rate_high
    imputed count firms of which a fact was estimated
    small_base flag too few firms to compare with others
    """
    ),
    "bridge": table(
        """
    category text denominator: operating | eligible | duty_bound or tier:<tier>
    division_code text division
    division text name
    level text province | city | county
    step id 0 = before, then causes in order, last = after
    cause text before | new | gone | ... | after
    denominator count firms (before, after) or change
    own count own organisation
    covered count own or jointly covered
    verified count covered and found in 智慧团建
    rate_millionths count own + joint rate in millionths (before, after), or the change by this step
    """
    ),
    "movements": table(
        """
    category text denominator
    cause text step of the bridge
    name text enterprise
    credit_code text 统一社会信用代码
    city_code text city of the firm after, else before
    county_code text county
    denominator count change
    own count change
    covered count change
    verified count change
    before text what was
    after text what is
    """
    ),
    "league_table": table(
        """
    division_code text division
    division text name
    level text city | county
    rank id divisions that are surely better + 1; null for small bases
    surely count firms in the denominator
    rate_low real lowest rate
    rate_high real highest rate
    point real estimate
    interval_low real lower end
    interval_high real upper end
    claimed count covered by claim but not found in 智慧团建
    unknown count firms with unknown coverage
    small_base flag told apart, not ranked
    """
    ),
    "notices": table(
        """
    kind text slow_work | missed_report | missed_members | low_entry
    division_code text division, null for units
    name text division or unit
    figure count figure
    threshold count threshold of the policy
    text text the sentence of the draft
    clause text clause
    """
    ),
}
