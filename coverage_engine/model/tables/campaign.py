"""Tables of a simulated campaign: what each scenario covers by when, where to start, what it hangs on."""

from __future__ import annotations

from coverage_engine.model.columns import MADE_ANEW, Table, Tables, columns, orders

_BAND = """
    mean real expected 平均：各种可能的未来里的平均数
        mean over the possible futures
    q05 real firms 低端：二十次里有十九次不低于这个数
        5 % quantile over the futures
    q50 real firms 中间：一半的未来高于它，一半低于它
        median over the possible futures
    q95 real firms 高端：二十次里有十九次不高于这个数
        95 % quantile over the futures
    sd_parameter real firms 假设误差：假设本身拿不准带来的标准差
        standard deviation from doubt about the assumptions
    sd_chance real firms 偶然误差：假设不变，机遇带来的标准差
        standard deviation from chance alone
"""
_COUNTY = """
    county_code text code 县区代码：哪个县（市、区），空表示合计
        code of the county, empty for the whole
    county text name 县区名称：县（市、区）的名称，或“合计”
        name of the county, or 合计 for the whole
"""
_SCENARIO = """
    scenario text key 情景键名：哪个情景，见 scenarios 表
        key of the scenario, see scenarios
"""
_ENDS = """
    gain_q05 real firms 新覆盖低端：二十次里有十九次不低于这个数
        5 % quantile of the gaps closed
    gain_q95 real firms 新覆盖高端：二十次里有十九次不高于这个数
        95 % quantile of the gaps closed
    net_mean real expected 净增平均：新覆盖减去流失的平均数
        mean net gain, closed gaps minus lapses
    net_q05 real firms 净增低端：二十次里有十九次不低于这个数
        5 % quantile of the net gain
    net_q95 real firms 净增高端：二十次里有十九次不高于这个数
        95 % quantile of the net gain
"""

SCENARIOS = Table(
    "scenarios",
    "情景汇总：每个情景一行，能覆盖多少、有几成把握",
    "Scenarios: one row for each, how much it covers and how surely",
    columns(
        """
    scenario text key 情景键名：程序里这个情景的名字
        key of the scenario, used by the other tables
    title text name 情景名称：情景文件里写的名称
        title of the scenario in its file
    months count months 测算月数：往前测算几个月
        how many months ahead are played
    gaps count firms 空白企业：起点时没有覆盖的企业
        enterprises that nothing covers at the start
    covered_now count firms 已覆盖企业：起点时已覆盖的企业
        enterprises that are covered at the start
    gain_mean real expected 新覆盖平均：期末新覆盖空白企业的平均数
        mean number of gaps closed at the end
    """
        + _ENDS
        + """
    sd_parameter real firms 假设误差：假设本身拿不准带来的标准差
        standard deviation from doubt about the assumptions
    sd_chance real firms 偶然误差：假设不变，机遇带来的标准差
        standard deviation from chance alone
    young_gain_mean real expected_people 新覆盖青年：新覆盖企业里青年职工的平均数
        mean number of young staff in the gaps closed
    duty_gain_mean real expected 新覆盖应建企业：新覆盖的应建企业平均数
        mean number of gaps closed that are bound by duty
    hours_mean real hours 所需工时：全程平均要花的工时
        mean staff hours over the whole time
    goal_firms count firms 目标数：情景要达到的新覆盖数
        gaps to be closed by the goal of the scenario
    goal_chance real chance 达标把握：达到目标数的概率
        chance that the goal is reached
    best_share real chance 最优可能：在几成的未来里它覆盖最多
        share of futures in which it closes most gaps
    starts count firms 起步家数：从几家企业起步
        how many enterprises are started from
    starts_expected real value 起步名单期望：名单预期带来的新覆盖
        what the list of starts is expected to bring
    starts_lower real value 名单下界：名单带来新覆盖的可信下界
        sure lower bound of what the list brings
    starts_upper real value 最优上界：任何同样大小的名单都超不过的数
        bound that no list of that size can pass
    certificate real share 最优保证：名单至少达到最优的几成
        share of the best possible that the list surely reaches
    """
    ),
    key=("scenario",),
    division=MADE_ANEW,
)

MONTHLY = Table(
    "monthly",
    "逐月覆盖：每个情景每个县区每月的已覆盖企业",
    "Monthly: covered enterprises by scenario, county and month",
    columns(
        _SCENARIO
        + _COUNTY
        + """
    month count month 月份：从起点算起第几个月
        month counted from the start
    """
        + _BAND
    ),
    key=("scenario", "county_code", "month"),
    sort=orders("scenario given, county_code given, month"),
    division=MADE_ANEW,
)

CLOSED = Table(
    "closed",
    "逐月新覆盖：每个情景每月新覆盖的空白企业",
    "Closed by month: gaps of the start that are covered, by scenario and month",
    columns(
        _SCENARIO
        + """
    month count month 月份：从起点算起第几个月
        month counted from the start
    """
        + _BAND
        + """
    hours real hours 当月工时：这个月平均要花的工时
        mean staff hours of the month
    goal_chance real chance 达标把握：到这个月已达到目标的概率
        chance that the goal is reached by then
    """
    ),
    key=("scenario", "month"),
    sort=orders("scenario given, month"),
    division=MADE_ANEW,
)

COUNTIES = Table(
    "counties",
    "分县区：期末各县区的已覆盖企业，每个情景每个县区一行",
    "Counties: covered enterprises of each county at the end, by scenario",
    MONTHLY.columns,
    key=("scenario", "county_code"),
    sort=orders("scenario given"),
    division=MADE_ANEW,
)

DIFFERENCES = Table(
    "differences",
    "两两之差：两个情景在期末相差多少，逐县区",
    "Differences: how far two scenarios lie apart at the end, county by county",
    columns(
        _SCENARIO
        + """
    against text key 对比情景：拿来相减的另一个情景
        key of the scenario that is subtracted
    """
        + _COUNTY
        + """
    diff_mean real expected 差数平均：前者比后者多覆盖的平均数
        mean of how many more the first covers
    diff_q05 real firms 差数低端：二十次里有十九次不低于这个数
        5 % quantile of the difference
    diff_q95 real firms 差数高端：二十次里有十九次不高于这个数
        95 % quantile of the difference
    p_better real chance 更好可能：前者覆盖更多的概率
        chance that the first covers more
    p_equal real chance 相同可能：两者覆盖一样多的概率
        chance that both cover the same
    """
    ),
    key=("scenario", "against", "county_code"),
    sort=orders("scenario given, against given"),
    division=MADE_ANEW,
)

STARTS = Table(
    "starts",
    "起步名单：每个情景从哪些企业起步，按选出的先后",
    "Starts: where each scenario starts, in the order of choice",
    columns(
        _SCENARIO
        + """
    rank count rank 次序：第几个选出来的
        place in the order of choice
    enterprise_id id number 企业编号：起步企业，见 plan 的 enterprises 表
        number of the enterprise that is started from
    credit_code text code 统一社会信用代码：18 位，没有填的为空
        unified social credit code of 18 characters, or null
    name text name 企业名称：起步企业的全称
        name of the enterprise that is started from
    city text name 所在市：起步企业所在的省辖市
        name of the city that it lies in
    county text name 所在县区：起步企业所在的县（市、区）
        name of the county that it lies in
    gaps_driven count firms 带动空白：它直接带得动的空白企业
        uncovered enterprises that it drives directly
    gain real value 新增贡献：加上它预期多带来的新覆盖
        what it is expected to add to the list
    p_covered real chance 建成可能：期末它自己建成的概率
        chance that it is covered itself at the end
    runner_up text name 次选企业：没有它时会选的那一家
        enterprise that would have been chosen instead
    runner_up_gain real value 次选贡献：次选那家预期多带来的新覆盖
        what the runner-up was expected to add
    """
    ),
    key=("scenario", "rank"),
    sort=orders("scenario given, rank"),
    division=MADE_ANEW,
)

REACHED = Table(
    "reached",
    "谁会被覆盖：每家空白企业期末被覆盖的概率，可能大的在前",
    "Reached: chance of each gap to be covered at the end, likeliest first",
    columns(
        """
    enterprise_id id number 企业编号：空白企业，见 plan 的 enterprises 表
        number of the enterprise that is a gap
    credit_code text code 统一社会信用代码：18 位，没有填的为空
        unified social credit code of 18 characters, or null
    name text name 企业名称：空白企业的全称
        name of the enterprise that is a gap
    city text name 所在市：企业所在的省辖市
        name of the city that it lies in
    county text name 所在县区：企业所在的县（市、区）
        name of the county that it lies in
    young count people 青年职工数：不知道的按零算
        young people who work there, nought where not known
    own_possible flag flag 能否单独建：团员够不够单独建立
        whether it could found an organisation of its own
    p_* real chance 覆盖可能：某个情景下期末被覆盖的概率，每个情景一列
        chance of being covered at the end of a scenario, one column each
    """
    ),
    key=("enterprise_id",),
    division=MADE_ANEW,
)

TORNADO = Table(
    "tornado",
    "假设影响：单改一项假设，结果变多少，影响大的在前",
    "Tornado: how far each assumption alone moves the result, widest first",
    columns(
        """
    assumption text key 假设键名：改的是哪项假设
        key of the assumption that is changed
    low real value 低值：这项假设取的低值
        low value that it is set to
    high real value 高值：这项假设取的高值
        high value that it is set to
    gain_low real expected 低值结果：取低值时的新覆盖
        gaps closed with the low value
    gain_base real expected 基准结果：各项假设取平均时的新覆盖
        gaps closed with everything at its mean
    gain_high real expected 高值结果：取高值时的新覆盖
        gaps closed with the high value
    swing real expected 摆幅：三个结果里最大的减最小的
        largest of the three results minus the smallest
    """
    ),
    key=("assumption",),
    sort=orders("swing descending, assumption"),
    division=MADE_ANEW,
)

ASSUMPTIONS = Table(
    "assumptions",
    "假设及来源：每个情景的每项假设一行，值从哪里来",
    "Assumptions: one row for each assumption of a scenario and where its value is from",
    columns(
        _SCENARIO
        + """
    key text key 假设键名：情景文件里这一项的名字
        key of the line in the scenario's file
    value text text 取值：情景文件里怎么写
        value as the scenario's file has it
    unit text text 单位：这个值的单位
        unit that the value is in
    source text text 来源：值出自哪里，学得的写明
        where the value comes from
    assumed flag flag 是否假定：没有依据、由人假定的
        whether it is assumed, without evidence
    file text file 情景文件：写在哪个文件里
        file that the line stands in
    line count row 文件行号：写在文件的第几行
        line of that file, from 1
    """
    ),
    sort=orders("scenario given"),
    division=MADE_ANEW,
)

BACKTEST = Table(
    "backtest",
    "回测：从较早时点测算到现在，区间有没有包住实际",
    "Back-test: played from an earlier date to now, whether the bands held what came",
    columns(
        _SCENARIO
        + """
    since day date 起算日期：从哪一天的台账测算起
        earlier date that was played from
    until day date 截止日期：测算到哪一天
        date that was played up to
    months id months 相隔月数：两个日期之间的月数
        months between the two dates
    """
        + _COUNTY
        + """
    firms count firms 企业数：县区里计入的企业
        enterprises of the county that count
    covered_then count firms 当时已覆盖：较早时点已覆盖的企业
        enterprises that were covered at the earlier date
    covered_now count firms 现在已覆盖：现在实际覆盖的企业
        enterprises that are covered now in fact
    mean real expected 测算平均：测算的已覆盖平均数
        mean of the covered enterprises as played
    q05 real firms 测算低端：测算区间的低端
        5 % quantile of the covered as played
    q50 real firms 测算中间：测算的中位数
        median of the covered as played
    q95 real firms 测算高端：测算区间的高端
        95 % quantile of the covered as played
    held flag flag 是否包住：实际数落在区间里
        whether the band holds the number that came
    """
    ),
    division=MADE_ANEW,
)

CAMPAIGN_TABLES = Tables(
    (
        *(SCENARIOS, MONTHLY, CLOSED, COUNTIES, DIFFERENCES, STARTS),
        *(REACHED, TORNADO, ASSUMPTIONS, BACKTEST),
    )
)
"""Every table of a campaign result by its name."""
