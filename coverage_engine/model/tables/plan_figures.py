"""Plan tables of figures: coverage by division, who counts in it, smoothed rates of counties."""

from __future__ import annotations

from coverage_engine.model.columns import Table, columns, orders

COVERAGE = Table(
    "coverage",
    "覆盖率：每个区划每种分母一行，拿不准的写成区间",
    "Coverage: one row for each division and denominator, in ranges where facts are missing",
    columns(
        """
    division_code text code 区划代码：哪个省、市或县（市、区）
        code of the division that is counted
    division text name 区划名称：省、市或县（市、区）的名称
        name of the division that is counted
    level text level 区划级别：省、市还是县（市、区）
        level of the division that is counted
    category text denominator 分母：按哪些企业算
        which enterprises the rate is of
    denominator_low count firms 分母下限：确定计入的企业
        enterprises that are surely in the denominator
    denominator_high count firms 分母上限：再加上可能计入的企业
        these and the enterprises that may be in it
    own_low count firms 单独建立下限：确定单独建立，也确定计入
        surely with an own organisation and surely counted
    own_high count firms 单独建立上限：可能单独建立的也算上
        with an own organisation for sure or perhaps
    joint_low count firms 覆盖下限：确定单独建立或联合覆盖
        surely with an own organisation or jointly covered
    joint_high count firms 覆盖上限：可能单独建立或联合覆盖的也算上
        own or jointly covered for sure or perhaps
    verified count firms 已核验：已覆盖，智慧团建里有组织、有团员
        covered, and in the League's system with members
    uncovered_low count firms 空白下限：确定计入，也确定没有覆盖
        surely counted and surely neither own nor jointly covered
    unknown count firms 底数不清：计入或可能计入，覆盖情况不知道
        counted or perhaps so, with coverage not known
    rate_low real share 单独建立率下限：未知事实都往低处算，分母可能为零的为空
        lowest rate of own organisations that the unknowns allow, null without a sure base
    rate_high real share 单独建立率上限：未知事实都往高处算
        highest rate of own organisations that the unknowns allow
    joint_rate_low real share 覆盖率下限：单独建立加联合覆盖，往低处算
        lowest rate of own and joint coverage
    joint_rate_high real share 覆盖率上限：单独建立加联合覆盖，往高处算
        highest rate of own and joint coverage
    must count firms 必须建团：应建要求为必须建团的企业
        enterprises that must establish an organisation
    should count firms 应当建团：应建要求为应当建团的企业
        enterprises that should establish an organisation
    undetermined count firms 要求待核实：缺事实，定不下要求的企业
        enterprises whose obligation cannot be told yet
    targets count firms 建团目标：列入本次建团目标的企业
        enterprises that are targets of this plan
    set_aside count rows 退回行：退回的企业行，每行按可能多一家算进各区间
        rows turned back that lie here; each widens every range by one firm
    point real share 单独建立率估计：最可能的数，什么也不知道的为空
        estimate of the own rate, null where nothing is known
    point_low real share 估计下限：单独建立率 95% 区间的低端
        low end of its 95 % interval
    point_high real share 估计上限：单独建立率 95% 区间的高端
        high end of its 95 % interval
    joint_point real share 覆盖率估计：单独建立加联合覆盖最可能的数
        estimate of the rate of own and joint coverage
    joint_point_low real share 覆盖率估计下限：95% 区间的低端
        low end of the interval of that estimate
    joint_point_high real share 覆盖率估计上限：95% 区间的高端
        high end of the interval of that estimate
    hollow count firms 空壳：已覆盖，但系统里的组织没有团员，不算已核验
        covered, but without members in the League's system; never verified
    own_hollow count firms 单独建立的空壳：空壳里单独建立的
        hollow ones with an organisation of their own
    presumed count firms 凭推定计入：只凭推定在分母里，各区间都按可能不在算
        in the denominator by presumption alone, within every range as perhaps in
    """
    ),
    key=("division_code", "division", "level", "category"),
    sort=orders("division_code, level, category, division"),
    division="division_code",
    engines=True,
)

COUNTED = Table(
    "counted",
    "计数底册：每家企业计入或可能计入哪些覆盖率分母",
    "Counted: the denominators that each enterprise counts, or may count, in",
    columns(
        """
    enterprise_id id number 企业编号：计入或可能计入的企业
        number of the enterprise that counts or may count
    category text denominator 分母：哪一个覆盖率的分母
        denominator of which rate is meant
    inside text answer 是否计入：确定计入，还是可能计入
        yes if it surely counts, unknown where it may
    own text answer 是否单独建立：有没有自己的团组织
        whether it has a League organisation of its own
    covered text answer 是否覆盖：单独建立或联合覆盖
        whether an own or joint organisation covers it
    presumed flag flag 凭推定计入：只凭推定计入的，是否计入写作未知
        in it by presumption alone, which `inside` calls unknown
    """
    ),
    key=("enterprise_id", "category"),
    sort=orders("enterprise_id, category"),
    division="enterprise_id",
    engines=True,
)

COUNTY_ESTIMATES = Table(
    "county_estimates",
    "县区平滑估计：借邻近县区平滑后的空白率，只用于制图和排队",
    "County estimates: gap rates smoothed over counties, for drawing and ranking only",
    columns(
        """
    division_code text code 区划代码：估计的是哪个县（市、区）
        code of the county that is estimated
    division text name 区划名称：县（市、区）的名称
        name of the county that is estimated
    category text denominator 分母：按哪些企业算
        which enterprises the rate is of
    known count firms 已知企业：确定计入，覆盖情况也知道
        surely counted enterprises whose coverage is known
    known_gap count firms 已知空白：其中既没有单独建立也没有联合覆盖
        those of them that nothing covers
    gap_smoothed real share 平滑空白率：不用于附件，估不出的为空
        smoothed rate of gaps, never for annexes, null if not to be told
    gap_low real share 空白率下限：90% 区间的低端，拿不准的都算已覆盖或不计
        low end of its 90 % interval, all in doubt covered or outside
    gap_high real share 空白率上限：90% 区间的高端，拿不准的都算空白
        high end of its 90 % interval, all in doubt uncovered
    hot_z real deviations 聚集程度：平滑空白率的 Getis-Ord Gi* 值
        Getis-Ord Gi* of the smoothed rates
    hot_p real chance 偶然可能：随机打乱时也有这样聚集的双侧概率
        two-sided p of that over maps dealt out at random
    hot text hot 是否聚集：空白偏多、偏少还是不显著，错误发现率 5%
        hot, cold or none at a false-discovery rate of 5 %
    """
    ),
    key=("division_code", "division", "category"),
    sort=orders("division_code, division, category"),
    division="division_code",
)

FIGURE_TABLES = (COVERAGE, COUNTED, COUNTY_ESTIMATES)

COVERAGE_KEYS: tuple[str, ...] = ("division_code", "division", "level", "category")
COVERAGE_FIGURES: tuple[str, ...] = tuple(name for name in COVERAGE.names if name not in COVERAGE_KEYS)
"""The counts and rates of the table `coverage`, in its order."""
