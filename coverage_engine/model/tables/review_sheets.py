"""Review tables of control sheets, deadlines and ask lists: what is due, done, missing and to be asked."""

from __future__ import annotations

from coverage_engine.model.columns import WHERE, Table, columns, orders
from coverage_engine.model.tables.shared_columns import SCHOOL_COUNTS, SEGMENT, SUMMED_UP

SEGMENTS = Table(
    "segments",
    "编号控制表：每个发展团员编号段一行，编号去向是否清楚",
    "Number segments: one row for each segment, whether every number has its whereabouts",
    columns(
        SEGMENT
        + """
    issued count numbers 下达数：段里有多少个编号，写法不合的为空
        how many numbers were issued, null where they are not well formed
    used count numbers 已用编号数：已经用于发展团员的编号
        how many of the numbers are used
    entered count numbers 已录入数：已录入系统的编号
        how many of the numbers are entered in the system
    unused count numbers 未用编号数：还没有使用的编号
        how many of the numbers are not used
    explanation text text 未用说明：没有用完的原因，单位自己填的
        why numbers are not used, as the unit says
    problems text text 问题：哪里不对，用文字写出，没有问题的为空
        what is wrong in words, empty where nothing is
    accounted text answer 去向清楚：每个编号都有着落（R5）
        whether every number of the segment has its whereabouts (R5)
    address text cell 出处：台账里单位所在的格，如 发展团员编号台账!A3
        cell of the unit in the ledger
    """
        + WHERE
    ),
)

SCHOOL_SHEET = Table(
    "schools",
    "学校控制表：每所学校一行，两个团员数差多少、是不是成建制漏统",
    "Schools: one row for each school, how far its two counts differ",
    columns(
        """
    name text name 学校名称：按学校台账所写的全称
        name of the school as written
    division_code text code 区划代码：按台账所写的区划
        code of the division as written in the ledger
    city_code text code 市代码：学校所在的省辖市
        code of the city that the school lies in
    county_code text code 县区代码：学校所在的县（市、区），只知道市的为空
        code of the county, null where only the city is known
    """
        + SCHOOL_COUNTS
        + """
    difference count people 差数：系统录入数减教育统计数
        members in the system minus those of the education office
    missed count people 漏录数：教育统计了、系统里没有的团员
        members that education counts and the system lacks
    difference_permille count permille 差率：差数占教育统计数的比率，向下取整
        size of the difference in thousandths of the education figure, rounded down
    league_organisation flag flag 有无团组织：学校在系统里有没有团组织
        whether the school has a League organisation
    whole_gap text answer 成建制漏统：教育统计有团员，系统里一个也没录或没有组织
        whether the whole school is missing in the system
    explanation text text 差异说明：两个数不一致的原因，学校自己填的
        why the two counts differ, as the school says
    address text cell 出处：台账里学校所在的格
        cell of the school in the ledger
    """
        + WHERE
    ),
    sort=orders("city_code, county_code"),
    division="county_code",
)

SCHOOL_DIVISIONS = Table(
    "school_divisions",
    "学校领域汇总：每个区划一行，差率是否超过 5%",
    "Schools by division: one row for each division, whether it is beyond 5 %",
    columns(
        SUMMED_UP
        + """
    schools count schools 学校数：区划里的全部学校
        all schools of the division
    private_schools count schools 民办学校数：其中由民间举办的
        how many of these are private
    unknown_schools count schools 缺数学校数：两个数缺一个的学校
        schools of which either figure is missing
    education_members count people 教育统计团员数：两个数都有的学校合计
        sum of the education figures over the schools with both
    system_members count people 系统录入团员数：两个数都有的学校合计
        sum of the system figures over the schools with both
    difference count people 差数：系统录入数减教育统计数
        members in the system minus those of the education office
    missed count people 漏录数：各校漏录团员合计
        sum of the members that the schools missed
    difference_permille count permille 差率：差数占教育统计数的比率，向下取整
        size of the difference in thousandths of the education figure, rounded down
    beyond text answer 超过 5%：差数超过教育统计数的 5%（R9）
        whether the difference is more than 5 % of the education figure (R9)
    explained text answer 均有说明：超过 5% 的学校都填了差异说明
        whether every school beyond 5 % explains it
    whole_gaps count schools 成建制漏统学校：确定整校漏统的学校
        schools that are surely missing as a whole
    private_gaps count schools 民办漏统学校：其中由民间举办的
        how many of these are private
    """
    ),
    key=("division_code", "level"),
    sort=orders("level words, division_code"),
    division="division_code",
)

READINESS = Table(
    "readiness",
    "毕业班准备情况：每个区划一行，多少所学校还没有准备好",
    "Readiness: one row for each division, how many schools are not ready for their graduates",
    columns(
        SUMMED_UP
        + """
    schools count schools 有学生团员的学校：要做准备的学校
        schools with student members, which have to get ready
    not_ready count schools 未准备好：确定还没有准备好的学校
        schools that are surely not ready
    without_league count schools 没有团组织：系统里没有团组织的学校
        schools without a League organisation in the system
    not_entered count schools 没有录全：有团员没有录入系统的学校
        schools with members who are not entered
    to_confirm count schools 待人确认：只差由人确认毕业班团支部的学校
        schools that only wait for a person to confirm the graduates' branches
    due day date 期限：要求哪一天做完
        day by which it has to be done
    """
    ),
    key=("division_code", "level"),
    sort=orders("level words, division_code"),
    division="division_code",
)

UNIT_DUTIES = Table(
    "unit_duties",
    "单位要求：编号段、学校、区划的每项要求一行",
    "Duties of units: one row for each duty of a segment, school or division",
    columns(
        """
    subject text unit_subject 对象类别：编号段、学校还是哪一级区划
        kind of subject that the duty is for
    name text name 对象名称：单位、学校或区划的名称
        name of the unit, school or division
    division_code text code 区划代码：对象所在的区划，编号段为空
        code of its division, null for segments
    duty text duty 要求编号：哪一项要求，如 R5
        code of the duty in the policy
    applies text answer 是否适用：这项要求适用不适用
        whether the duty applies to the subject
    met text answer 是否做到：这项要求做到没有
        whether the subject has met the duty
    missing text texts 待核实：补上哪些台账列、或由人确认什么就能定
        ledger columns that would decide, or what a person has to confirm
    due day date 期限：要求哪一天做完，没有期限的为空
        day by which it has to be done, null without one
    """
        + WHERE
    ),
    sort=orders("subject words, duty, division_code, name"),
    division="division_code",
)

DEADLINES = Table(
    "deadlines",
    "期限表：有期限的每项要求一行，还剩几天、几家没做完",
    "Deadlines: one row for each dated duty, days left and how many are open",
    columns(
        """
    duty text duty 要求编号：哪一项要求，如 R5
        code of the duty in the policy
    title text text 要求名称：这项要求叫什么
        title of the duty in the policy
    clause text clause 条款：依据通知的哪一条
        clause of the notice that sets it
    due day date 期限：通知写明的日期
        due date as it is written
    warn_on day date 最后工作日：期限当天，遇休息日提前到工作日
        the due date, or the last working day before it
    warn_from day date 提醒起日：从哪一天开始提醒
        first day on which to warn
    days_left count working_days 剩余工作日：到最后工作日还有几天，过期为负
        working days left, negative when it has passed
    calendar text clause 放假安排：按哪年的放假通知算，没有的写明
        notice of public holidays counted, or that the year's is not known
    status text deadline_status 状态：未到、临近还是已逾期
        whether it is ahead, near or overdue
    open count things 未完成：没有确定做完的对象，没有判断企业的为空
        subjects that have not surely done it, null where firms were not judged
    unclear count things 说不清：其中缺事实，说不清该不该做、做没做的
        those of which a blank leaves it open
    """
    ),
    key=("duty",),
    sort=orders("due, warn_on"),
)

ASKS = Table(
    "asks",
    "待问事项：每个县区按作用排队的问题，每问一行",
    "Ask lists: the open questions of each county in order of use, one row for each",
    columns(
        """
    division_code text code 区划代码：县（市、区），只知道市的是市
        code of the county, or city where the county is not known
    division text name 区划名称：县（市、区）或市的名称
        name of the county or city asked
    rank id rank 次序：1 是这个县区最该先问的
        1 is the first question of the county
    header text header 要问的列：问清台账的哪一列
        ledger column to be asked for
    whom text name 问谁：向哪个单位问
        whom to ask for it
    cost count rank 省事程度：问这一列的代价排第几，1 最省
        rank of the cost of asking, 1 is the least
    enterprises count firms 涉及企业：这一问没有答案的企业
        enterprises of which the answer is missing
    settles count things 能定要求数：只凭这一问就定得下的要求
        duties that this answer alone is sure to settle
    may_settle count things 有助要求数：能定下或有助于定下的要求
        duties that it settles or helps to settle
    duties text codes 有关要求：这一问关系到哪些要求
        codes of the duties concerned
    """
    ),
    key=("division_code", "division", "rank"),
    sort=orders("division_code, division, rank"),
    division="division_code",
)

ASK_FIRMS = Table(
    "ask_firms",
    "待问企业：每个问题要问的每家企业一行，答案填在哪一格",
    "Firms to ask: one row for each enterprise of a question, with the cell for the answer",
    columns(
        """
    division_code text code 区划代码：县（市、区），只知道市的是市
        code of the county, or city where the county is not known
    division text name 区划名称：县（市、区）或市的名称
        name of the county or city asked
    header text header 要问的列：问清台账的哪一列
        ledger column to be asked for
    whom text name 问谁：向哪个单位问
        whom to ask for it
    name text name 企业名称：要问清的是哪家企业
        name of the enterprise in question
    credit_code text code 统一社会信用代码：18 位，没有填的为空
        unified social credit code of 18 characters, or null
    address text cell 答案填处：答案填在哪一格，台账没有这一列的为空
        cell that the answer belongs in, null where the ledger lacks the column
    duties text codes 有关要求：这一问关系到哪些要求
        codes of the duties concerned
    """
    ),
    sort=orders("division_code"),
    division="division_code",
)

SHEET_TABLES = (
    *(SEGMENTS, SCHOOL_SHEET, SCHOOL_DIVISIONS, READINESS, UNIT_DUTIES, DEADLINES),
    *(ASKS, ASK_FIRMS),
)
