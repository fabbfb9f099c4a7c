"""Plan tables of 建团路径: which are recommended for whom and why, what to do, whom to call once for many."""

from __future__ import annotations

from coverage_engine.model.columns import Table, columns, orders
from coverage_engine.model.tables.shared_columns import BUNDLE

RECOMMENDATIONS = Table(
    "recommendations",
    "路径建议：每个建团目标最好的三条路径，每条一行",
    "Recommendations: the best three paths of each target, one row for each",
    columns(
        """
    enterprise_id id number 企业编号：建团目标是哪家企业，见 enterprises 表
        number of the enterprise that is the target
    rank id rank 建议名次：1 至 3，按得分或所选的规则排
        1 to 3, by score or by the rule that was chosen
    path id path 建团路径：建议的路径编号
        number of the path that is recommended
    path_key text key 路径键名：程序里这条路径的名字
        key of the path, as in the file of its content
    score count log_odds 路径得分：基础分与各条理由之和，越高越好
        score of the path, the base and its reasons together
    probability real chance 成功可能：按得分换算的成功概率
        chance that founding succeeds on this path
    probability_low real chance 成功可能下限：未知事实都往坏处想，再减去模型误差
        with unknown facts at their worst and the model's doubt
    probability_high real chance 成功可能上限：未知事实都往好处想，再加上模型误差
        with unknown facts at their best and the model's doubt
    lead_unit text name 牵头单位：这条路径由谁负责
        unit that is responsible on this path
    reasons text texts 推荐理由：最多三条，每条不超过 60 字
        at most three reasons of at most 60 characters each
    runner_up_gap count log_odds 领先得分：比下一条路径高多少，按规则提前的可为负
        score minus that of the next path, below zero where a rule puts it first
    flip_fact text text 翻转事实：哪一个事实变了，就会换一条路径排第一
        smallest single change that would put another path first
    expected_young real expected_people 可望覆盖青年：成功可能乘青年职工数，人数不知道的为空
        chance of success times young employees, null if these are not known
    staff_hours count hours 所需工时：走这条路径要花的工时
        staff hours that the path takes
    days count days 所需天数：到路径最后一步的天数
        days until the last step of the path
    work_order id rank 工作次序：按所选规则的先后，不是第一建议的为空
        place in the order of work by the rule chosen, null beyond rank 1
    """
    ),
    key=("enterprise_id", "rank"),
    sort=orders("enterprise_id, rank"),
    division="enterprise_id",
    engines=True,
)

REASONS = Table(
    "reasons",
    "得分理由：每条建议路径的得分逐步拆开，每步一行",
    "Reasons: the score of each recommended path taken apart, one row for each step",
    columns(
        """
    enterprise_id id number 企业编号：建团目标是哪家企业，见 enterprises 表
        number of the enterprise that is the target
    path id path 建团路径：得分是哪条路径的
        number of the path that the score is of
    step id step 步骤：0 是基础分，其余按影响大小排
        0 is the base, then by weight
    fact text key 事实键名：这一步看的是哪个事实
        key of the fact that this step looks at
    value text text 事实取值：按工作人员看得懂的说法
        value of the fact as a planner reads it
    contribution count log_odds 得分：这一步加减多少，各步相加就是路径得分
        signed points of the step; base and steps sum to the score
    ledger text key 台账种类：事实出自哪种台账
        kind of ledger that the fact comes from
    cell text cell 出处：定下事实的文件、工作表和格，如 企业台账!D1042
        file, sheet and cell of the fact that decided
    clause text clause 条款：依据通知的哪一条
        clause of the notice that the step rests on
    text text sentence 理由：写成一句话的理由
        the reason of this step as a sentence
    """
    ),
    key=("enterprise_id", "path", "step"),
    sort=orders("enterprise_id, path, step"),
    division="enterprise_id",
    engines=True,
)

EVALUATIONS = Table(
    "evaluations",
    "路径评估：每个建团目标的每条路径一行，可不可行、得多少分",
    "Evaluations: one row for each path of each target, whether it is feasible and its score",
    columns(
        """
    enterprise_id id number 企业编号：建团目标是哪家企业，见 enterprises 表
        number of the enterprise that is the target
    path id path 建团路径：评估的是哪条路径
        number of the path that was evaluated
    feasible flag flag 是否可行：这条路径所靠的关系有没有，说不清的为空
        whether the relation it rests on exists, null where it cannot be told
    score count log_odds 路径得分：确定不可行的为空
        score of the path, null if it is surely not feasible
    why_not text text 不可行原因：为什么不可行或者说不清
        why it is not feasible or cannot be told
    """
    ),
    key=("enterprise_id", "path"),
    sort=orders("enterprise_id, path"),
    division="enterprise_id",
    engines=True,
)

ACTIONS = Table(
    "actions",
    "工作举措：每个建团目标按第一建议要做的每一步",
    "Actions: each step to be done for each target on its first path",
    columns(
        """
    enterprise_id id number 企业编号：建团目标是哪家企业，见 enterprises 表
        number of the enterprise that is the target
    path id path 建团路径：按哪条路径做工作
        number of the path that is followed
    step id step 步骤：从 1 起的先后次序
        order of the step, from 1
    action text sentence 举措：这一步要做什么
        what is to be done in this step
    responsible text name 责任单位：这一步由谁来做
        unit that has to do the step
    document text name 所需文书：这一步要准备的文书
        document that has to be prepared for it
    due day date 完成时限：最迟哪一天做完
        day by which it has to be done
    division_code text code 区划代码：目标企业所在的县（市、区）
        code of the county that the target lies in
    bundle text name 打包对象：一次工作就能管到多家的对象，如园区；单独做的为空
        what one action serves many targets through, a park say; null if alone
    """
    ),
    key=("enterprise_id", "path", "step"),
    sort=orders("enterprise_id, path, step"),
    division="enterprise_id",
    engines=True,
)

CHOICES = Table(
    "choices",
    "可选路径：每个建团目标哪几条路径不能排除，先问什么",
    "Choices: the paths of each target that cannot be set aside, and what to ask first",
    columns(
        """
    enterprise_id id number 企业编号：建团目标是哪家企业，见 enterprises 表
        number of the enterprise that is the target
    paths text codes 可选路径：不能排除的路径编号
        numbers of the paths that cannot be set aside
    size count things 可选条数：不能排除的路径有几条
        how many paths these are
    wide flag flag 是否太多：条数太多，应当先问清再选
        whether they are too many to choose from
    ask_first text text 先问什么：问清哪个未知事实最能分出高下，不必问的为空
        unknown fact that would move these paths most, null where none need be asked
    calibrated flag flag 是否校准：按以往成果校准的，否则按专家给的误差
        whether past attempts set the thresholds, else the expert's intervals
    """
    ),
    key=("enterprise_id",),
    sort=orders("enterprise_id"),
    division="enterprise_id",
    engines=True,
)

BUNDLES = Table(
    "bundles",
    "打包对象：找一次就能管到多家目标的对象，每个一行",
    "Bundles: one row for each call that serves many targets at once",
    columns(
        BUNDLE
        + """
    lead_unit text name 牵头单位：由哪个单位去找
        unit that has to make the call
    targets count firms 目标数：一次能管到多少个建团目标
        how many targets the call serves
    first count firms 首选目标数：其中把这条路径排第一的
        how many of these have this path first
    expected real expected 可望建成：都走这条路径，可望建成多少家
        foundings to be expected if every one is tried this way
    expected_young real expected_people 可望覆盖青年：这些企业里的青年职工
        young employees to be expected among these
    first_expected real expected 首选可望建成：只算排第一的，谁也不重复算
        expected among those with this path first, nobody counted twice
    first_young real expected_people 首选可望覆盖青年：只算排第一的企业
        young employees to be expected among those with it first
    staff_hours count hours 所需工时：一次工作管全部目标的工时
        staff hours, one call for all of them
    call_order id rank 次序：可望建成多的在前
        place in the order of calls, most expected foundings first
    """
    ),
    key=("path", "counterpart"),
    sort=orders("call_order, path, counterpart"),
    division="made anew",
)

BUNDLE_PLACES = Table(
    "bundle_places",
    "打包对象分县区：每个打包对象在每个县区能管到多少",
    "Bundles by place: what each call does for each county",
    columns(
        BUNDLE
        + """
    division_code text code 区划代码：目标所在的县（市、区），只知道市的是市
        code of the targets' county, or city where only that is known
    targets count firms 目标数：在这个县区能管到多少个目标
        how many targets of this county the call serves
    first count firms 首选目标数：其中把这条路径排第一的
        how many of these have this path first
    expected real expected 可望建成：都走这条路径，可望建成多少家
        foundings to be expected if every one is tried this way
    expected_young real expected_people 可望覆盖青年：这些企业里的青年职工
        young employees to be expected among these
    first_expected real expected 首选可望建成：只算排第一的目标
        expected among those with this path first
    first_young real expected_people 首选可望覆盖青年：只算排第一的企业
        young employees to be expected among those with it first
    """
    ),
    key=("path", "counterpart", "division_code"),
    sort=orders("path, counterpart, division_code"),
    division="made anew",
)

BUNDLE_TARGETS = Table(
    "bundle_targets",
    "打包目标：每个打包对象能管到的每个目标一行",
    "Bundle targets: one row for each target that a call serves",
    columns(
        BUNDLE
        + """
    enterprise_id id number 企业编号：能管到的目标，见 enterprises 表
        number of the target that the call serves
    probability real chance 成功可能：目标走这条路径的成功概率
        chance that founding succeeds on this path
    first flag flag 是否首选：这条路径是不是目标的第一建议
        whether it is the first path of the target
    young_employees count people 青年职工数：不知道的为空
        young people who work there, null if not known
    lead_unit text name 牵头单位：由哪个单位去找
        unit that has to make the call
    staff_hours count hours 所需工时：路径内容里写的工时
        staff hours as the content of the path says
    """
    ),
    key=("path", "counterpart", "enterprise_id"),
    sort=orders("path, counterpart, enterprise_id"),
    division="enterprise_id",
    engines=True,
)

JOINT_GROUPS = Table(
    "joint_groups",
    "联合建团组：就近联合的小企业，每家企业一行",
    "Joint groups: small firms near one another that could found together, one row a firm",
    columns(
        """
    group_id id number 联合组编号：从 1 起，建议一起建团的企业同一个号
        number of the joint branch proposed, from 1
    group_name text name 联合组名称：按牵头企业起的名字，列表时用
        name of the group for lists, by its seat
    enterprise_id id number 企业编号：组里的企业，团员一至两名
        number of a firm with one or two League members
    name text name 企业名称：组里这家企业的全称
        name of this firm of the group
    seat flag flag 是否牵头企业：其他企业就近靠拢的那一家
        whether the others are near to this firm
    league_members count people 团员数：这家企业的团员
        League members of this one firm
    group_members count people 全组团员数：三名及以上才成组
        League members of the whole group, three or more
    metres count metres 距牵头企业：球面距离，只知道同楼宇的为空
        geodesic distance to the seat, null where only the building is known
    place text name 楼宇市场名称：与牵头企业同在的楼宇或市场，没有的为空
        building or market that it shares with the seat
    partners text names 伙伴企业：组里其他企业，理由里这样写
        the other firms of the group, as reasons name them
    partner_id id number 首个伙伴编号：排在最前的伙伴，牵头企业或离它最近的
        the partner that is named first, the seat or the nearest to it
    """
    ),
    key=("enterprise_id",),
    sort=orders("group_id, enterprise_id"),
    division="group_id",
    engines=True,
)

PATHS = Table(
    "paths",
    "建团路径：所用的每条路径，叫什么、依据什么、地图上怎样画",
    "Paths: each path in use, what it is called, rests on and is drawn as",
    columns(
        """
    path id path 建团路径：附件6的为 1 至 11，本省自定的从 12 起
        number of the path, a province's own from 12
    path_key text key 路径键名：程序里这条路径的名字
        key of the path, as in the file of its content
    title text name 路径标题：附件、函件里的全称
        full title of the path in Chinese
    title_en text name 英文标题：英文页面上的全称
        full title of the path in English
    short_title text name 短标题：地图上用的简称
        short title in Chinese, as on maps
    short_title_en text name 英文短标题：英文地图上用的简称
        short title in English, as on maps
    clause text clause 依据条款：哪份文件的哪一条提出这条路径
        clause of the document that names the path
    shape text key 符号形状：地图上企业点的形状
        shape of its symbol on maps
    colour text code 符号颜色：地图上企业点的颜色，#rrggbb
        colour of its symbol on maps, as #rrggbb
    letter_joint flag flag 是否联合发文：与对方联合发文，否则去函商请；不写公文的为空
        whether notices are issued jointly, null where none are written
    letter_title text name 公文标题：写给对方的公文叫什么
        title of what is written to counterparts
    letter_basis text text 公文依据：公文里说凭什么开展
        what these letters say the work rests on
    letter_duties text texts 请对方做的事：公文里请对方做哪几件
        what counterparts are asked to do, one after another
    """
    ),
    key=("path",),
    sort=orders("path"),
)

PATH_TABLES = (
    PATHS,
    *(RECOMMENDATIONS, REASONS, EVALUATIONS, ACTIONS, CHOICES),
    *(BUNDLES, BUNDLE_PLACES, BUNDLE_TARGETS, JOINT_GROUPS),
)
