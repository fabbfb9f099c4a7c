"""What the registry of a firm's facts may hold: `data/facts/enterprises.toml`, described key by key."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from coverage_engine.content import Count, Share, Table, Text, Whole, Words, says, written_as

FactKey = Annotated[str, written_as(r"^[a-z][a-z0-9_]*$", "league_members（小写英文）")]
Use = Literal["plan", "ranking", "paths"]
Positive = Annotated[float, Meta(gt=0, le=1e9)]


class ConsequenceEntry(Table):
    """随之确定: what else is settled once a fact has reached a level."""

    start: Annotated[Whole, says("从哪一档起")] = field(name="from")
    fact: Annotated[FactKey, says("随之确定的事实")]
    value: Annotated[bool | Whole, says("它的值")]


class PathUse(Table):
    """用于路径: how conditions and evidence of paths may name a fact."""

    direction: Annotated[
        Literal["up", "down", "either"],
        says("对建团成功的影响方向：up 越是越好，down 相反，either 视路径而定"),
    ]
    unit: Annotated[Words | None, says("单位（count 的事实要写）")] = None
    range: Annotated[tuple[Whole, Whole] | None, says("允许的取值 [最小, 最大]（count、share 的要写）")] = (
        None
    )
    plus: Annotated[Text | None, says("显示时加上的政策参数")] = None
    become: Annotated[Words | None, says("可以由工作促成的变化，用于“若……，改为路径N”")] = None
    become_from: Annotated[Whole | None, says("从哪一档起才算工作目标，不写为任何一档")] = None
    found: Annotated[Words | None, says("底数不清时查明后的说法")] = None
    found_not: Annotated[Words | None, says("查明不是时的说法")] = None
    consequences: Annotated[tuple[ConsequenceEntry, ...], says("达到某档时随之确定的其他事实")] = ()
    needs: Annotated[FactKey | None, says("企业先要有的事实")] = None


class AskUse(Table):
    """核实: whom to ask where a fact is not known, and what it costs."""

    cost: Annotated[Count, says("代价，小的先问")]
    whom: Annotated[Text, says("向谁核实")]
    whom_en: Annotated[str, says("英文")] = ""


class DutyUse(Table):
    """用于要求: that conditions of duties may name a fact."""

    clause: Annotated[Text, says("依据")]
    ask: Annotated[AskUse | None, says("底数空白时问谁、代价多大")] = None


class SampleUse(Table):
    """虚构样例: how an invented ledger fills the column."""

    blank: Annotated[Share, says("空白的比例")] = 0.0
    none: Annotated[Share, says("为零（否）的比例")] = 0.0
    median: Annotated[Positive, says("其余的中位数（对数正态分布）")] = 10.0
    sigma: Annotated[Positive, says("其余的离散程度（对数正态分布）")] = 1.0


class FirmFactEntry(Table):
    """企业的事实: one column of the 企业台账, or what is told by it in one step."""

    key: Annotated[FactKey, says("键；企业台账里同键的列就是它的来源")]
    kind: Annotated[
        Literal["id", "count", "real", "flag", "text", "day"],
        says("id、count 整数；real 小数；flag 是/否/不清楚；text 文字；day 日期"),
    ]
    measure: Annotated[Text, says("单位或用词（如 people 人、flag 是否），同各表的描述")]
    zh: Annotated[Text, says("中文“名称：含义”")]
    en: Annotated[Text, says("英文含义")]
    needed_by: Annotated[
        tuple[Use, ...], says("谁要用：plan 计划的企业表；ranking 不带文字的计算核心；paths 路径的佐证")
    ] = ()
    of: Annotated[str, says("由哪一项数目算出（这样的事实不占表的一列）")] = ""
    at_least: Annotated[Whole, says("达到几个为“是”")] = 1
    label: Annotated[Words | None, says("中英文名称：写了 duty、path 的才要")] = None
    duty: Annotated[DutyUse | None, says("可以写进应建要求的条件（data/policy）")] = None
    path: Annotated[PathUse | None, says("可以写进路径的条件和佐证（paths/）")] = None
    sample: Annotated[SampleUse | None, says("虚构样例怎样填；已由样例的企业自己生成的列不写")] = None


class FirmFactsFile(Table):
    """企业的事实登记表: every fact of a firm, once."""

    fact: Annotated[tuple[FirmFactEntry, ...], says("企业的各项事实")]
