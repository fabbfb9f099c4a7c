"""What a scenario file may hold, described key by key: every assumption with its limits and its source."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from coverage_engine.campaigns.scenarios.assumptions import MONTHS_AT_MOST
from coverage_engine.content import Share, Table, Text, Whole, says

_Many = Meta(ge=0, le=1_000_000)
_Source = Annotated[Text, says("来源；查不到的写“（假设）”")]
_Unit = Annotated[str, says("单位")]
_Positive = Annotated[float, Meta(gt=0, le=1e9)]
RelationName = Literal["headquarters", "leader"]


class RateStated(Table):
    """概率假设: a Beta prior or a fixed value, one of them."""

    prior: Annotated[tuple[_Positive, _Positive] | None, says("Beta 先验 [a, b]，均值 a/(a+b)")] = None
    value: Annotated[Share | None, says("定值，0 到 1")] = None
    unit: _Unit = ""
    source: _Source


class ShareStated(Table):
    """比例假设: a share."""

    value: Annotated[Share, says("0 到 1")]
    unit: _Unit = ""
    source: _Source


class SwitchStated(Table):
    """是否假设: yes or no."""

    value: Annotated[bool, says("true 或 false")]
    unit: _Unit = ""
    source: _Source


class CountStated(Table):
    """数目假设: a number of something; 0 stands for no limit where the key says so."""

    value: Annotated[int, _Many, says("整数")]
    unit: _Unit = ""
    source: _Source


class SomeStated(Table):
    """数目假设: at least one."""

    value: Annotated[int, Meta(ge=1, le=1_000_000), says("1 以上的整数")]
    unit: _Unit = ""
    source: _Source


class MonthsStated(Table):
    """月数假设: from one month on."""

    value: Annotated[int, Meta(ge=1, le=MONTHS_AT_MOST), says("几个月")]
    unit: _Unit = ""
    source: _Source


class AttentionStated(Table):
    """月数假设: 0 stands for no limit."""

    value: Annotated[int, Meta(ge=0, le=MONTHS_AT_MOST), says("几个月，0 表示不限")]
    unit: _Unit = ""
    source: _Source


class ThresholdStated(Table):
    """家数假设: how many drivers it takes."""

    value: Annotated[int, Meta(ge=1, le=8), says("几家")]
    unit: _Unit = ""
    source: _Source


class HoursStated(Table):
    """工时假设: hours of a visit."""

    value: Annotated[int, Meta(ge=1, le=10_000), says("几个工时")]
    unit: _Unit = ""
    source: _Source


class ScenarioPart(Table):
    """情景: what it is called and which relations it drives."""

    key: Annotated[Text, says("键，各情景不同")]
    order: Annotated[Whole, says("排列的次序，不写的在后")] = 1_000
    title: Annotated[Text, says("名称")]
    title_en: Annotated[Text | None, says("英文名称")] = None
    about: Annotated[str, says("说明")] = ""
    about_en: Annotated[str | None, says("英文说明")] = None
    active: Annotated[tuple[RelationName, ...], says("部署哪些带动关系")] = ()


class CampaignPart(Table):
    """专项行动: what holds for all relations."""

    months: Annotated[MonthsStated | None, says("测算几个月")] = None
    goal: Annotated[ShareStated | None, says("目标：占可建空白的比例")] = None
    spontaneous: Annotated[RateStated | None, says("每月自发建团的概率")] = None
    lapse: Annotated[RateStated | None, says("每月虚化、停转的概率")] = None
    joint_below_three: Annotated[SwitchStated | None, says("不足三人的可建联合团支部")] = None
    unknown_members: Annotated[SwitchStated | None, says("团员数未填的当作可建")] = None
    unknown_states: Annotated[SwitchStated | None, says("底数不清的当作空白")] = None
    outside_headquarters: Annotated[SwitchStated | None, says("总部在省外的也推得动")] = None


class RelationPart(Table):
    """带动关系: how one kind of relation drives."""

    drives: Annotated[RateStated | None, says("每月推动一家建团的概率")] = None
    visit: Annotated[RateStated | None, says("上门一次促成的概率")] = None
    attempts: Annotated[CountStated | None, says("每月至多同时推动几家，0 表示不限")] = None
    attention: Annotated[AttentionStated | None, says("自己建团后持续推动几个月，0 表示不限")] = None
    threshold: Annotated[ThresholdStated | None, says("要几家才推得动")] = None
    visit_hours: Annotated[HoursStated | None, says("上门一次的工时")] = None


class RelationsPart(Table):
    """带动关系: the two kinds."""

    headquarters: Annotated[RelationPart | None, says("总部带动分支机构（路径九）")] = None
    leader: Annotated[RelationPart | None, says("龙头带动关联企业（路径十）")] = None


class StartsPart(Table):
    """起步安排: starts or hours a month, and who is in and out."""

    relations: Annotated[tuple[RelationName, ...], says("从哪些关系起步")] = ()
    number: Annotated[CountStated | None, says("每月起步几家（与 hours 写一个）")] = None
    hours: Annotated[CountStated | None, says("每月可用的工时（与 number 写一个）")] = None
    per_county: Annotated[SomeStated | None, says("每个县区至多几家，不写为不限")] = None
    locked_in: Annotated[tuple[Text, ...], says("一定要起步的企业（名称或信用代码）")] = ()
    excluded: Annotated[tuple[Text, ...], says("不起步的企业（名称或信用代码）")] = ()


class LinkPart(Table):
    """另加的关系: a driver and its target."""

    relation: Annotated[RelationName, says("哪种带动关系")]
    driver: Annotated[Text, says("带动方（名称或信用代码）")]
    target: Annotated[Text, says("被带动方（名称或信用代码）")]


class _Assumptions(Table):
    campaign: Annotated[CampaignPart | None, says("专项行动")] = None
    relation: Annotated[RelationsPart | None, says("带动关系")] = None
    starts: Annotated[StartsPart | None, says("起步安排")] = None


class BaseFile(_Assumptions):
    """情景底本: what every scenario is laid over."""


class ScenarioFile(_Assumptions):
    """情景文件: one scenario, laid over the base."""

    scenario: Annotated[ScenarioPart, says("情景")]
    link: Annotated[tuple[LinkPart, ...], says("另加的关系")] = ()


class GivenValues(_Assumptions):
    """本次给定: values that a planner states on the spot."""
