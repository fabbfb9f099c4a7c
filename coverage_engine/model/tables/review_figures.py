"""Review tables of figures: margins at the line of three, estimates, bridge of two dates, 通报."""

from __future__ import annotations

from coverage_engine.model.columns import Table, columns, orders

MARGINS = Table(
    "margins",
    "三人线边上的企业：每个区划差一名、刚够、已不够的企业数",
    "Margins: enterprises just under, at and under the line of three members, by division",
    columns(
        """
    division_code text code 区划代码：数的是哪个区划
        code of the division that is counted
    division text name 区划名称：省、市或县（市、区）的名称
        name of the division that is counted
    level text level 区划级别：省、市还是县（市、区）
        level of the division that is counted
    one_short count firms 差一名：在营、没有覆盖，差一名团员就够
        operating and uncovered, one member short of the line
    one_short_called count firms 差一名且有由头：其中有党组织或在社团，再来一名就必须建
        of these, with a Party body or society: one more makes it a must
    at_line count firms 刚够线：在营，团员正好够
        operating, with exactly as many members as are needed
    at_line_uncovered count firms 刚够未建：其中没有团组织，走一名就不必建
        of these, without an organisation: one leaving ends the duty
    at_line_own count firms 刚够已建：其中有团组织，走一名就不够
        of these, with an organisation: one leaving leaves it under the line
    own_below count firms 已建不够线：有自己的团组织，团员已不够
        with an organisation of their own and under the line already
    """
    ),
    sort=orders("level words, division_code, division"),
    division="division_code",
)

ESTIMATES = Table(
    "estimates",
    "覆盖率推算：区划、园区、行业的覆盖率及误差",
    "Estimates: rates of divisions, parks and sectors with their intervals",
    columns(
        """
    division_code text code 代码：区划代码、园区编号或行业键名
        division code, park or key of the sector
    division text name 名称：区划、园区或行业的名称
        name of the division, park or sector
    level text estimate_level 层级：省、市、县，还是园区、行业
        level that the rate is of
    category text denominator 分母：按哪些企业算
        which enterprises the rate is of
    numerator text numerator 分子：只算单独建立，还是加上联合覆盖
        own organisations only, or joint coverage too
    surely count firms 确定计入：确定在分母里的企业
        enterprises that are surely in the denominator
    possibly count firms 可能计入：可能在分母里的企业
        enterprises that may be in the denominator
    rate_low real share 比率下限：未知事实都往低处算
        lowest rate that the unknowns allow
    rate_high real share 比率上限：未知事实都往高处算
        highest rate that the unknowns allow
    point real share 估计：最可能的比率，估不出的为空
        estimate of the rate, null where nothing can be told
    interval_low real share 区间低端：95% 区间，不低于比率下限
        lower end of the 95 % interval, never under rate_low
    interval_high real share 区间高端：95% 区间，不高于比率上限
        upper end of the 95 % interval, never over rate_high
    imputed count firms 推补企业：有事实是推算补上的企业
        enterprises of which a fact was estimated
    small_base flag flag 基数太小：企业太少，不宜与别处比较
        whether there are too few firms to compare with others
    """
    ),
    sort=orders("level, division_code, category, numerator"),
    division="division_code",
)

BRIDGE = Table(
    "bridge",
    "两期变动：每个区划从前一期到本期，按原因逐步加减",
    "Bridge: from the figures before to those after, step by step for each cause",
    columns(
        """
    category text denominator 分母：按哪些企业算
        which enterprises the rate is of
    division_code text code 区划代码：哪个区划的变动
        code of the division that moved
    division text name 区划名称：省、市或县（市、区）的名称
        name of the division that moved
    level text level 区划级别：省、市还是县（市、区）
        level of the division that moved
    step id step 步骤：0 是前一期，依次是各项原因，最后是本期
        0 is before, then causes in order, the last is after
    cause text bridge_step 原因：前一期、某项原因还是本期
        before, a cause of the movement, or after
    denominator count firms 分母：前后两步是家数，其余是增减
        enterprises before and after, the change in between
    own count firms 单独建立：前后两步是家数，其余是增减
        with an own organisation, or the change of these
    covered count firms 已覆盖：前后两步是家数，其余是增减
        own or jointly covered, or the change of these
    verified count firms 已核验：已覆盖并在智慧团建里对上的家数或增减
        covered and matched in the League's system, or the change
    rate_millionths count millionths 覆盖率：前后两步是比率，其余是这一步带来的增减
        rate of coverage before and after, else the change by this step
    """
    ),
    key=("category", "division_code", "level", "step"),
    sort=orders("category given, level words, division_code, step"),
    division="division_code",
)

MOVEMENTS = Table(
    "movements",
    "变动明细：两期变动的每一步背后的每家企业一行",
    "Movements: the enterprises behind each step of the bridge, one row for each",
    columns(
        """
    category text denominator 分母：按哪些企业算
        which enterprises the rate is of
    cause text bridge_step 原因：这家企业归在哪一步
        step of the bridge that it stands under
    name text name 企业名称：变动的是哪家企业
        name of the enterprise that moved
    credit_code text code 统一社会信用代码：18 位，没有填的为空
        unified social credit code of 18 characters, or null
    city_code text code 市代码：企业本期所在的市，本期没有的取前一期
        code of its city after, else before
    county_code text code 县区代码：企业所在的县（市、区）
        code of the county that it lies in
    denominator count firms 分母增减：计入、不再计入或不变
        change of the denominator by it
    own count firms 单独建立增减：这家企业带来的增减
        change of own organisations by it
    covered count firms 覆盖增减：这家企业带来的增减
        change of coverage by it
    verified count firms 核验增减：这家企业带来的增减
        change of verified coverage by it
    before text text 前一期情况：是否计入、怎样覆盖、是否核验
        what was the case before, in words
    after text text 本期情况：是否计入、怎样覆盖、是否核验
        what is the case now, in words
    """
    ),
    sort=orders("category given, cause words, city_code, name, credit_code"),
    division="county_code",
)

LEAGUE_TABLE = Table(
    "league_table",
    "通报排队：各市或各县区的覆盖率和名次，基数小的不排",
    "League table: coverage of cities or counties and their ranks, small bases apart",
    columns(
        """
    division_code text code 区划代码：排的是哪个市或县（市、区）
        code of the division that is ranked
    division text name 区划名称：市或县（市、区）的名称
        name of the division that is ranked
    level text level 区划级别：排到市还是县（市、区）
        level of the divisions that are ranked
    rank id rank 名次：确定比它好的有几个再加一，基数小的为空
        divisions that are surely better plus one, null for small bases
    surely count firms 确定计入：确定在分母里的企业
        enterprises that are surely in the denominator
    rate_low real share 覆盖率下限：未知事实都往低处算
        lowest rate that the unknowns allow
    rate_high real share 覆盖率上限：未知事实都往高处算
        highest rate that the unknowns allow
    point real share 估计：最可能的覆盖率
        estimate of the rate of coverage
    interval_low real share 区间低端：95% 区间的低端
        lower end of the 95 % interval
    interval_high real share 区间高端：95% 区间的高端
        upper end of the 95 % interval
    claimed count firms 填报未核验：填报已覆盖，智慧团建里没有对上
        covered by claim but not found in the League's system
    unknown count firms 底数不清：覆盖情况不知道的企业
        enterprises whose coverage is not known
    small_base flag flag 基数太小：企业太少，单列、不排名
        whether it is told apart and not ranked
    """
    ),
    key=("division_code",),
    sort=orders("rank"),
    division="division_code",
)

NOTICES = Table(
    "notices",
    "通报事项：超过通报线的区划和单位，每项一行",
    "Notices: divisions and units beyond a threshold of the policy, one row for each",
    columns(
        """
    kind text notice_kind 事项：进度慢、未报告、漏录还是录入率低
        subject of the notice
    division_code text code 区划代码：通报的区划，单位为空
        code of the division, null for units
    name text name 名称：通报的区划或单位
        name of the division or unit
    figure count value 数值：通报所据的数，单位随事项
        figure that the notice rests on
    threshold count value 通报线：政策定的线，单位随事项
        threshold that the policy sets for it
    text text sentence 通报文字：草稿里的一句话
        sentence of the draft about it
    clause text clause 条款：通报线出自哪一条
        clause that sets the threshold
    """
    ),
    sort=orders("kind words"),
    division="division_code",
)

REVIEW_FIGURES = (MARGINS, ESTIMATES, BRIDGE, MOVEMENTS, LEAGUE_TABLE, NOTICES)
