"""Columns that several tables say alike, each group once."""

PARK_BODIES = """
    administration flag flag 有无管理机构：园区有没有管理委员会等机构
        whether the park has an administration
    party flag flag 有无园区党组织：园区一级有没有党组织
        whether the park has a Party organisation
    work_committee flag flag 有无园区团工委：园区一级有没有团的工作委员会
        whether the park has a League work committee
    youth_home flag flag 有无青年之家：园区里有没有青年之家
        whether the park has a youth home
"""
"""What stands at a park itself."""

SEGMENT = """
    unit text name 单位名称：编号段下达给哪个单位
        unit that the segment was handed to
    year id year 编号年度：编号段属于哪一年
        year that the segment is of
    first text code 起始编号：编号段的第一个编号
        first membership number of the segment
    last text code 截止编号：编号段的最后一个编号
        last membership number of the segment
"""
"""Which segment of membership numbers a row is of."""

SUMMED_UP = """
    division_code text code 区划代码：汇总到哪个区划
        code of the division that is summed up
    division text name 区划名称：省、市或县（市、区）的名称
        name of the division that is summed up
    level text level 区划级别：省、市还是县（市、区）
        level of the division that is summed up
"""
"""The division that a row of sums is of."""

BUNDLE = """
    path id path 建团路径：靠哪条路径打包
        number of the path that the call is made on
    counterpart text name 对象：找谁，如园区、总部、上级工会
        who is called once, a park or headquarters say
"""
"""The counterpart through whom several targets are worked on."""

SCHOOL_COUNTS = """
    private flag flag 是否民办：学校是不是民办的
        whether the school is a private one
    education_members count people 教育统计团员数：教育部门统计的团员数
        League members as the education office counts them
    system_members count people 系统录入团员数：录入智慧团建系统的团员数
        League members who are entered in the League's system
"""
"""What kind of school it is, and its two counts of League members."""
