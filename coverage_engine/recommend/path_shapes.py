"""What the files of `paths/` may hold, described key by key."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from coverage_engine.content import (
    Count,
    Number,
    Share,
    Table,
    Text,
    Texts,
    Weight,
    Whole,
    Words,
    says,
    written_as,
)
from coverage_engine.model.fact_shapes import FactKey, PathUse

Colour = Annotated[str, written_as(r"^#[0-9a-f]{6}$", '"#1b7837"（小写）')]
Cell = Annotated[str, written_as(r"^[^.]+\.[^.]+$", "对象.列，如 enterprise.league_members")]
Positive = Annotated[float, Meta(gt=0, le=1e6)]
Inside = Annotated[float, Meta(gt=0, lt=1)]
FactKind = Literal["flag", "count", "share"]


class FactEntry(PathUse):
    """事实: one fact that paths may look at."""

    label: Annotated[Words, says("中英文名称")]
    kind: Annotated[FactKind, says("flag 是/否；count 个数；share 比例（千分数）")]
    ledger: Annotated[Text, says("取自哪本台账")]
    cell: Annotated[Cell, says("由哪个对象的哪一列决定（对象.列），推荐理由据此注明单元格")]


FactsFile = dict[FactKey, FactEntry]


class RelationPart(Table):
    """关系: what makes the path feasible."""

    fact: Annotated[FactKey, says("路径所依靠的事实")]
    text: Annotated[Words, says("有这层关系时的说法")]
    text_unknown: Annotated[Words | None, says("不清楚时的说法")] = None
    text_missing: Annotated[Words | None, says("没有时的说法")] = None


class ConditionPart(Table):
    """可行条件: at least one of these facts must hold."""

    any: Annotated[tuple[FactKey, ...], Meta(min_length=1), says("至少一项成立（只能用是/否的事实）")]
    why_not: Annotated[Words, says("不成立时的说法")]
    cannot_tell: Annotated[Words, says("不清楚时的说法")]
    allow_unknown: Annotated[bool, says("不清楚时也算可行")] = False


class StepPart(Table):
    """档: from a value on, a weight."""

    start: Annotated[Whole, says("从几起")] = field(name="from")
    weight: Annotated[Weight, says("权重（对数几率）")]


class EvidencePart(Table):
    """佐证: how one fact moves the score."""

    fact: Annotated[FactKey, says("事实")]
    when_true: Annotated[Weight | None, says("是的权重（对数几率），是/否的事实要写")] = None
    when_false: Annotated[Weight | None, says("否的权重")] = None
    steps: Annotated[tuple[StepPart, ...], says("各档的权重，个数和比例的事实要写")] = ()
    source: Annotated[Text, says("依据；没有的写 (assumed)")]
    text: Annotated[Words, says("理由的说法")]
    text_against: Annotated[Words | None, says("不利时的说法，不写的同 text")] = None


class HandedInPart(Table):
    """已交名单: what a step says instead where the list that it would fetch was handed in."""

    ledger: Annotated[FactKey, says("交来的台账的键")]
    text: Annotated[Words, says("做什么")]


class ActionPart(Table):
    """首批举措: one step after the as-of date."""

    day: Annotated[Count, says("时点以后第几天")]
    text: Annotated[Words, says("做什么")]
    responsible: Annotated[Text, says("谁负责")]
    document: Annotated[Text, says("留下什么文书")]
    shared: Annotated[bool, says("一次可以服务多家")] = False
    when: Annotated[FactKey | None, says("只在这项事实为“是”时做")] = None
    unless: Annotated[FactKey | None, says("这项事实为“是”时不做")] = None
    joint: Annotated[bool | None, says("true 只用于联合团支部的企业，false 只用于其余，不写都用")] = None
    handed_in: Annotated[HandedInPart | None, says("这份台账已经交来时改做什么")] = None


class SettingPart(Table):
    """设定: a number of one path."""

    value: Annotated[Whole, says("数值")]
    source: Annotated[Text, says("依据")]


class LetterPart(Table):
    """公文要点: what is written to counterparts."""

    joint: Annotated[bool, says("true 为联合发文，false 为商请函")] = False
    title: Annotated[Text, says("标题")]
    basis: Annotated[Text, says("依据")]
    duties: Annotated[Texts, says("请对方做的事，一项一句")]


class SymbolPart(Table):
    """路径符号: shape and colour on maps."""

    shape: Annotated[Text, says("形状，见 paths/symbols.toml")]
    colour: Annotated[Text, says("颜色，如 #1b7837")]


class PathFile(Table):
    """建团路径: one way of Annex 6, or a province's own."""

    number: Annotated[int, Meta(ge=1, le=99), says("编号，与文件名一致")]
    key: Annotated[FactKey, says("键，与文件名一致")]
    title: Annotated[Words, says("名称")]
    short_title: Annotated[Words | None, says("简称，不写的同名称")] = None
    clause: Annotated[Text, says("依据的条款")]
    quote: Annotated[Text, says("原文")]
    lead_unit: Annotated[Words, says("牵头单位")]
    partners: Annotated[Texts, says("协同单位")]
    documents: Annotated[Texts, says("文书")]
    bundle: Annotated[Text | None, says("一次联系多家的对象，写了的要有 [letter]")] = None
    base: Annotated[Weight, says("基准（对数几率）")]
    base_source: Annotated[Text, says("基准的依据")]
    model_doubt: Annotated[Weight, says("专家判断的标准差（对数几率）")]
    model_doubt_source: Annotated[Text, says("它的依据")]
    staff_hours: Annotated[Count, says("一家要几个工时")]
    staff_hours_source: Annotated[Text, says("工时的依据")]
    founds_jointly: Annotated[bool, says("联合团支部由这条路径提出（恰好一条）")] = False
    letter: Annotated[LetterPart | None, says("公文要点")] = None
    symbol: Annotated[SymbolPart | None, says("地图符号，不写的自动选")] = None
    relation: Annotated[RelationPart, says("路径所依靠的关系")]
    conditions: Annotated[tuple[ConditionPart, ...], Meta(min_length=1), says("可行条件，都要成立")]
    evidence: Annotated[tuple[EvidencePart, ...], Meta(min_length=1), says("佐证")]
    actions: Annotated[tuple[ActionPart, ...], Meta(min_length=1), says("首批举措，day 由小到大")]
    settings: Annotated[dict[FactKey, SettingPart], says("本路径自己的设定")] = field(default_factory=dict)


class IntervalPart(Table):
    """区间: how wide intervals are."""

    deviations: Annotated[Positive, says("标准差的倍数")]
    source: Annotated[Text, says("依据")]


class BundlesPart(Table):
    """打包: from how many targets on one call is a bundle."""

    least: Annotated[Count, says("一次至少带动几家")]
    source: Annotated[Text, says("依据")]


class ReasonsPart(Table):
    """推荐理由: their length and number."""

    length: Annotated[Count, says("字数上限")]
    shown: Annotated[Count, says("显示几条")]
    source: Annotated[Text, says("依据")]


class AskingPart(Table):
    """先问哪一件: hours that asking takes."""

    source: Annotated[Text, says("依据")]
    hours: Annotated[dict[str, Positive], says("向各个对象问清一件事的工时")]


class EvaluationFile(Table):
    """评分设定: the settings that all paths share."""

    interval: Annotated[IntervalPart, says("区间宽度")]
    bundles: Annotated[BundlesPart, says("打包")]
    reasons: Annotated[ReasonsPart, says("推荐理由")]
    asking: Annotated[AskingPart, says("核实的工时")]


class SymbolsFile(Table):
    """符号规则: how paths are drawn on maps."""

    shapes: Annotated[Texts, says("可用的形状，先后即选用的次序")]
    colours: Annotated[tuple[Colour, ...], Meta(min_length=1), says("可用的颜色")]
    least_contrast: Annotated[Number, says("与白色编号的最低对比度")]
    least_contrast_source: Annotated[Text, says("依据")]
    least_lightness_gap: Annotated[Number, says("同一形状两色的最小明度差")]
    least_lightness_gap_source: Annotated[Text, says("依据")]


class TradesFile(Table):
    """行业字词: which words of associations tell a section or sector."""

    source: Annotated[Text, says("依据")]
    sections: Annotated[dict[str, Texts], says("GB/T 4754 门类字母 → 字词")]
    sectors: Annotated[dict[str, Texts], says("青年聚集行业 → 字词")]


class AttemptsPart(Table):
    """建团工作: how many are needed."""

    least: Annotated[Count, says("多少次已结束的工作起才改变权重")]
    source: Annotated[Text, says("依据")]


class PriorPart(Table):
    """先验: standard deviations of the expert weights."""

    piece: Annotated[Positive, says("一项佐证的不确定度（标准差，对数几率）")]
    own_share: Annotated[Share, says("各路径自有的份额")]
    place_and_trade: Annotated[Positive, says("县区、行业的不确定度")]
    anchor: Annotated[Number, says("上面的数当作多少档的分量")]
    source: Annotated[Text, says("依据")]


class StrengthsPart(Table):
    """收缩强度: those that are tried."""

    tried: Annotated[tuple[Number, ...], Meta(min_length=1), says("备选的强度，从 0（专家权重）起由小到大")]
    folds: Annotated[int, Meta(ge=2, le=1000), says("分几份留出检验")]
    source: Annotated[Text, says("依据")]


class SetsPart(Table):
    """预测集合: with what assurance a set holds the right path."""

    level: Annotated[Inside, says("把握")]
    floor: Annotated[Inside, says("一市、一条路径的下限")]
    path_assurance: Annotated[Inside, says("各条路径不低于下限的把握")]
    city_assurance: Annotated[Inside, says("各市不低于下限的把握")]
    city_alike: Annotated[Number, says("全省的成果算作一市的多少次")]
    wide_from: Annotated[Count, says("几条以上算难以取舍")]
    source: Annotated[Text, says("依据")]


class GatePart(Table):
    """上线关口: what learned weights must show."""

    readings: Annotated[int, Meta(ge=1, le=1000), says("取几次的平均")]
    breadth: Annotated[Number, says("评估时不确定度放宽的倍数")]
    interval: Annotated[Inside, says("成功率之差的区间")]
    foresight: Annotated[Inside, says("预测改进的区间")]
    contradiction: Annotated[Inside, says("双重稳健估计的区间")]
    least_support: Annotated[Inside, says("最低支持度")]
    least_propensity: Annotated[Inside, says("最低倾向")]
    source: Annotated[Text, says("依据")]


class DriftPart(Table):
    """提醒: when expected and observed success differ."""

    gap: Annotated[Number, says("相差多少")]
    least: Annotated[Count, says("至少几次")]
    source: Annotated[Text, says("依据")]


class ClassPart(Table):
    """类别: a county or trade that may earn a weight of its own."""

    label: Annotated[Words, says("中英文名称")]
    ledger: Annotated[Text, says("取自哪本台账")]
    cell: Annotated[Cell, says("对象.列")]
    text: Annotated[Words, says("有利时的说法")]
    text_against: Annotated[Words, says("不利时的说法")]
    source: Annotated[Text, says("依据")]


class LearningFile(Table):
    """学习设定: how past attempts move the expert weights."""

    attempts: Annotated[AttemptsPart, says("建团工作的次数")]
    prior: Annotated[PriorPart, says("专家权重的不确定度")]
    strengths: Annotated[StrengthsPart, says("收缩强度")]
    sets: Annotated[SetsPart, says("预测集合")]
    gate: Annotated[GatePart, says("上线关口")]
    drift: Annotated[DriftPart, says("提醒")]
    county_code: Annotated[ClassPart, says("县区")]
    section: Annotated[ClassPart, says("行业")]
