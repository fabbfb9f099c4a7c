"""What policy files may hold, described key by key: the shipped ones and those that are laid over them.

An overlay has entries of the same form; of facts it may only change the words, and of the tables that stand
once (`control`, `elsewhere`) only what it names.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from coverage_engine.content import Count, Number, Table, Text, Texts, Whole, says, written_as

Clause = Annotated[Text, says("依据：文号和条款")]
First = Annotated[date, says("第一天，写成 2019-06-15")]
MaybeFirst = Annotated[date | None, says("第一天，不写为一直有效")]
Last = Annotated[date | None, says("最后一天，不写为仍有效")]
Day = Annotated[date, says("日期")]
Condition = Annotated[Text, says("条件：事实名和 and、or、not、括号")]
Setting = bool | Whole | Number | Text


class ValueEntry(Table):
    """政策参数: one number or switch of the notice."""

    key: Annotated[Text, says("键")]
    value: Annotated[Setting, says("数值；类型同通知的这一项")]
    clause: Clause
    valid_from: First
    valid_to: Last = None
    unit: Annotated[str, says("单位")] = ""
    note: Annotated[str, says("说明")] = ""


class DutyEntry(Table):
    """应建要求: one duty of the notice or statute."""

    key: Annotated[str, written_as(r"^R\d+$", "R28（R 加数字）"), says("编号：R 加数字")]
    strength: Annotated[Literal["encouraged", "must", "should"], says("力度：必须、应当、鼓励")]
    title: Annotated[Text, says("名称，可用 {参数键}")]
    title_en: Annotated[str, says("英文名称")] = ""
    clause: Clause
    quote: Annotated[Text, says("原文")]
    condition: Annotated[Text, says("条件的说法，可用 {参数键}")]
    evidence: Annotated[Text, says("凭什么证明")]
    subject: Annotated[Text, says("约束谁：enterprise、segment、school、county、city、division、plan")]
    applies: Annotated[Condition, says("何时适用")]
    met: Annotated[Condition, says("何时算完成")]
    valid_from: First
    valid_to: Last = None
    due: Annotated[date | None, says("期限")] = None
    founding: Annotated[
        Literal["apart", "obliges", "supports"] | None,
        says("对应建要求：obliges 成立要求，supports 另加一条依据，apart 无关"),
    ] = None
    standing: Annotated[bool | None, says("完成以后仍要坚持")] = None


class TierEntry(Table):
    """重点层级: which enterprises are in a tier."""

    key: Annotated[Text, says("键")]
    applies: Condition
    clause: Clause
    valid_from: First
    valid_to: Last = None
    unknown_counts: Annotated[bool, says("不清楚的也计入分母")] = True


class TargetEntry(Table):
    """列入规则: which enterprises become targets, the first that fits decides."""

    key: Annotated[Text, says("键")]
    order: Annotated[Whole, says("次序，小的先")]
    listed: Annotated[bool, says("列入（true）或不列入（false）")]
    clause: Clause
    valid_from: First
    valid_to: Last = None
    applies: Annotated[Condition | None, says("适用于谁；排在最后的不写")] = None
    words: Annotated[str, says("为什么不列入")] = ""
    words_en: Annotated[str, says("英文")] = ""


class PointsEntry(Table):
    """优先分: points for one property of a target."""

    key: Annotated[Text, says("键")]
    applies: Condition
    points: Annotated[Whole, says("分数")]
    label: Annotated[Text, says("名称")]
    clause: Clause
    valid_from: MaybeFirst = None
    valid_to: Last = None


class SizeEntry(Table):
    """规模分: points from a number of employees on."""

    employees: Annotated[Count, says("从业人员从几人起")]
    points: Annotated[Whole, says("分数")]
    label: Annotated[Text, says("名称")]
    clause: Clause
    valid_from: MaybeFirst = None
    valid_to: Last = None


class RegistrationEntry(Table):
    """登记注册类型表: one edition of the codes."""

    year: Annotated[Count, says("版本的年份")]
    clause: Clause
    non_public: Annotated[tuple[Text, ...], says("非公的代码")]
    non_public_prefixes: Annotated[tuple[Text, ...], says("非公的代码开头")]
    public: Annotated[tuple[Text, ...], says("公有的代码")]
    mixed: Annotated[tuple[Text, ...], says("中方可能控股的代码")]
    valid_from: MaybeFirst = None
    valid_to: Last = None


class SectorEntry(Table):
    """青年聚集行业: a named sector by the beginnings of its industry codes."""

    key: Annotated[Text, says("键")]
    label: Annotated[Text, says("名称")]
    label_en: Annotated[str, says("英文名称")] = ""
    prefixes: Annotated[Texts, says("行业代码的开头（GB/T 4754）")]
    clause: Clause
    valid_from: MaybeFirst = None
    valid_to: Last = None


class AskEntry(Table):
    """核实事项: whom to ask for a missing fact, and what it costs."""

    fact: Annotated[Text, says("台账的列名")]
    cost: Annotated[Count, says("代价，小的先问")]
    whom: Annotated[Text, says("向谁核实")]
    whom_en: Annotated[str, says("英文")] = ""
    clause: Clause
    valid_from: MaybeFirst = None
    valid_to: Last = None


class FactEntry(Table):
    """事实: a named three-valued fact that conditions may use."""

    key: Annotated[Text, says("键")]
    subject: Annotated[Text, says("说的是谁，可写几个，以空格分开")]
    label: Annotated[Text, says("名称，可用 {参数键}")]
    label_en: Annotated[str, says("英文名称")] = ""
    label_with_joint: Annotated[str, says("联合覆盖也算建团时的名称")] = ""
    label_with_joint_en: Annotated[str, says("联合覆盖也算建团时的英文名称")] = ""
    clause: Clause
    header: Annotated[str, says("台账的列名")] = ""
    columns: Annotated[tuple[Text, ...], says("说明它的各列")] = ()
    manual: Annotated[bool, says("由人填报")] = False
    deciding: Annotated[bool, says("可以决定应建要求")] = True
    valid_from: MaybeFirst = None
    valid_to: Last = None


class FactWords(Table):
    """事实的说法: the words of a fact, laid over; what it is stays."""

    key: Annotated[Text, says("键")]
    label: Annotated[Text, says("名称")]
    label_en: Annotated[str | None, says("英文名称，不写的不变")] = None
    clause: Clause


class RuleEntry(Table):
    """规模以上标准: the line of some industries while it is in force."""

    codes: Annotated[Texts, says("行业门类字母或代码（GB/T 4754）")]
    label: Annotated[Text, says("名称")]
    kind: Annotated[
        Literal["line", "qualified", "developing"], says("line 有标准线；有资质的、有开发经营的都算的不设线")
    ]
    revenue: Annotated[Count | None, says("营业收入，万元")] = None
    staff: Annotated[Count | None, says("从业人员，人")] = None
    clause: Clause
    valid_from: First
    valid_to: Last = None


class YearEntry(Table):
    """工作日历: holidays of one year and the weekend days worked for them."""

    year: Annotated[Count, says("年份")]
    clause: Clause
    holidays: Annotated[tuple[Day, ...], says("放假的日期")]
    worked: Annotated[tuple[Day, ...], says("上班的周末")]
    valid_from: MaybeFirst = None
    valid_to: Last = None


class ControlPart(Table):
    """控股情况: which words mean non-public and public."""

    clause: Clause
    non_public: Annotated[Texts, says("非公的控股情况")]
    public: Annotated[Texts, says("公有的控股情况")]


class ControlWords(Table):
    """控股情况: the same, laid over."""

    clause: Clause
    non_public: Annotated[Texts | None, says("非公的控股情况，不写的不变")] = None
    public: Annotated[Texts | None, says("公有的控股情况，不写的不变")] = None


class ElsewherePart(Table):
    """外地企业: why enterprises outside the division are no targets."""

    clause: Clause
    words: Annotated[Text, says("为什么不列入")]
    words_en: Annotated[Text, says("英文")]


class ElsewhereWords(Table):
    """外地企业: the same, laid over."""

    clause: Clause
    words: Annotated[Text | None, says("为什么不列入，不写的不变")] = None
    words_en: Annotated[Text | None, says("英文，不写的不变")] = None


class _Entries(Table):
    name: Annotated[Text | None, says("文号")] = None
    title: Annotated[Text | None, says("通知的标题；写了标题的就是通知本身")] = None
    version: Annotated[Text | None, says("版本")] = None
    value: Annotated[tuple[ValueEntry, ...], says("参数")] = ()
    duty: Annotated[tuple[DutyEntry, ...], says("要求")] = ()
    tier: Annotated[tuple[TierEntry, ...], says("重点层级")] = ()
    target: Annotated[tuple[TargetEntry, ...], says("列入规则")] = ()
    points: Annotated[tuple[PointsEntry, ...], says("优先分")] = ()
    size: Annotated[tuple[SizeEntry, ...], says("规模分")] = ()
    registration: Annotated[tuple[RegistrationEntry, ...], says("登记注册类型表")] = ()
    sector: Annotated[tuple[SectorEntry, ...], says("行业")] = ()
    ask: Annotated[tuple[AskEntry, ...], says("核实事项")] = ()
    rule: Annotated[tuple[RuleEntry, ...], says("规模以上标准")] = ()
    year: Annotated[tuple[YearEntry, ...], says("工作日历")] = ()


class PolicyFile(_Entries):
    """政策文件: as shipped in `data/policy`."""

    fact: Annotated[tuple[FactEntry, ...], says("事实")] = ()
    control: Annotated[ControlPart | None, says("控股情况")] = None
    elsewhere: Annotated[ElsewherePart | None, says("外地企业")] = None


class OverlayFile(_Entries):
    """叠加的政策文件: a province's own, laid over the shipped ones (`--policy`)."""

    fact: Annotated[tuple[FactWords, ...], says("事实的说法")] = ()
    control: Annotated[ControlWords | None, says("控股情况")] = None
    elsewhere: Annotated[ElsewhereWords | None, says("外地企业")] = None
