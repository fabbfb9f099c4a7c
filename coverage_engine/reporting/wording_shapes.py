"""What the words and rules of reports may hold, described key by key."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta

from coverage_engine.content import (
    Count,
    Length,
    Number,
    Table,
    Text,
    Texts,
    Wording,
    says,
)

_Words = dict[str, Text]


class DeadlineFile(Table):
    """办结时限: the day until which the notice wants results."""

    due: Annotated[date, says("期限")]
    clause: Annotated[Text, says("依据")]
    holidays: Annotated[tuple[date, ...], says("休息日")]


class FontsFile(Table):
    """字体: fonts by use, and what stands in for one that a machine lacks."""

    title: Annotated[Text, says("标题")]
    head: Annotated[Text, says("一级标题、表头")]
    body: Annotated[Text, says("正文")]
    second: Annotated[Text, says("二级标题")]
    page: Annotated[Text, says("页码")]
    fallback: Annotated[dict[str, Texts], says("字体 → 没有时依次改用的字体")]


class BlanksFile(Table):
    """本单位空白表的列名: other headings of an own blank form."""

    aliases: Annotated[dict[str, Texts], says("附件的栏 → 常见的别的栏名")]


class TraceColumn(Table):
    """一栏的出处: the ledger cells that a column of an annex comes from."""

    column: Annotated[Text, says("附件的栏")]
    fields: Annotated[tuple[Text, ...], says("台账的各项")]
    clause: Annotated[Text | None, says("依据")] = None
    counted: Annotated[Text | None, says("数的是哪一类企业")] = None


class TraceRules(Table):
    """附件的出处: the table of an annex and its columns."""

    table: Annotated[Text, says("哪本台账")]
    columns: Annotated[tuple[TraceColumn, ...], Meta(min_length=1), says("各栏")]


TraceFile = dict[str, TraceRules]


class OverviewFile(Table):
    """总览: texts of the overview and how much it shows."""

    wide_range: Annotated[Number, says("区间多宽要提醒")]
    first_targets: Annotated[Count, says("先列几家目标")]
    zh: Annotated[dict[str, Wording], says("中文，按键")]
    en: Annotated[dict[str, Wording], says("英文，键同中文")]


class EvidenceCategory(Table):
    """分母: one denominator of the coverage figures."""

    key: Annotated[Text, says("键")]
    letter: Annotated[Text, says("记号的字母")]
    zh: Annotated[Text, says("中文名称")]
    en: Annotated[Text, says("英文名称")]
    zh_short: Annotated[Text, says("中文简称")]
    en_short: Annotated[Text, says("英文简称")]
    clause: Annotated[Text, says("依据")]


class EvidenceFigure(Table):
    """一个数: a figure of a denominator, and the rows that it counts."""

    key: Annotated[Text, says("键")]
    rows: Annotated[tuple[Text, ...], says("数哪些记号的行")]
    zh: Annotated[Text, says("中文名称")]
    en: Annotated[Text, says("英文名称")]
    zh_text: Annotated[str, says("中文说明")]
    en_text: Annotated[str, says("英文说明")]


class EvidenceFact(Table):
    """一项事实: what is shown of an enterprise, and the cells that tell it."""

    key: Annotated[Text, says("键")]
    zh: Annotated[Text, says("中文名称")]
    en: Annotated[Text, says("英文名称")]
    fields: Annotated[tuple[Text, ...] | None, says("企业台账的各项")] = None
    relations: Annotated[tuple[Text, ...] | None, says("别的台账")] = None


class EvidenceFile(Table):
    """佐证页: denominators, figures and facts that the pages of evidence show."""

    missing_clause: Annotated[Text, says("依据没有写的说法")]
    categories: Annotated[tuple[EvidenceCategory, ...], says("各个分母")]
    figures: Annotated[tuple[EvidenceFigure, ...], says("各个数")]
    shown: Annotated[dict[str, tuple[Text, ...]], says("分母 → 显示哪些事实")]
    facts: Annotated[tuple[EvidenceFact, ...], says("各项事实")]
    zh: Annotated[dict[str, Wording], says("中文，按键")]
    en: Annotated[dict[str, Wording], says("英文，键同中文")]


class DenominatorWords(Table):
    """分母的说法: one denominator and what it means."""

    key: Annotated[Text, says("键")]
    zh: Annotated[Text, says("中文名称")]
    en: Annotated[Text, says("英文名称")]
    zh_meaning: Annotated[Text, says("中文含义")]
    en_meaning: Annotated[Text, says("英文含义")]


class ProvenanceWords(Table):
    """编制说明: the words of the sheet that says what a book was made of."""

    sheet: Annotated[Text, says("表名")]
    title: Annotated[Text, says("标题")]
    as_of: Annotated[Text, says("时点")]
    division: Annotated[Text, says("范围")]
    policy: Annotated[Text, says("口径")]
    software: Annotated[Text, says("软件")]
    denominators: Annotated[Text, says("分母")]
    denominator_text: Annotated[Text, says("一个分母的说法")]
    denominator_range_text: Annotated[Text, says("分母有上下限的说法")]
    presumptions: Annotated[Text, says("推定事项")]
    files: Annotated[Text, says("所用台账")]
    columns: Annotated[Texts, says("所用台账的各栏")]
    widths: Annotated[tuple[Length, ...], says("各栏的宽")]
    unknown_kind: Annotated[Text, says("未识别的台账")]


class AnswerWords(Table):
    """短答: has, has not, yes, no, unknown and their like."""

    has: Annotated[Text, says("有")]
    has_not: Annotated[Text, says("无")]
    yes: Annotated[Text, says("是")]
    no: Annotated[Text, says("否")]
    unknown: Annotated[Text, says("待核实")]
    joint_kind: Annotated[Text, says("联合")]
    hollow: Annotated[Text, says("空壳")]
    hollow_in_park: Annotated[Text, says("园区里空壳几家")]


class WordingFile(Table):
    """各张表共用的词语: words that all reports share."""

    unit_line: Annotated[Text, says("填报单位一行")]
    date_line: Annotated[Text, says("填报日期一行")]
    signature_line: Annotated[Text, says("签字一行")]
    page_line: Annotated[Text, says("页码")]
    notes_heading: Annotated[Text, says("说明二字")]
    print_hint: Annotated[Text, says("怎样打印")]
    school_public: Annotated[Text, says("公办")]
    school_private: Annotated[Text, says("民办")]
    undivided: Annotated[Text, says("未分县")]
    unplaced: Annotated[Text, says("地区不详")]
    repeat_mark: Annotated[Text, says("重复的记号")]
    repeat_text: Annotated[Text, says("重复的说明")]
    missing_text: Annotated[Text, says("缺什么的说法")]
    unknown_number: Annotated[str, says("不知道的数")]
    summary_total: Annotated[Text, says("汇总的合计")]
    provenance: Annotated[ProvenanceWords, says("编制说明")]
    ledger_kinds: Annotated[_Words, says("台账种类 → 名称")]
    answers: Annotated[AnswerWords, says("短答")]
    registration_types: Annotated[dict[str, _Words], says("年份 → 登记注册类型代码 → 名称")]
    sections: Annotated[_Words, says("门类字母 → 名称")]
    society_kinds: Annotated[_Words, says("社团类别 → 名称")]
    levels: Annotated[_Words, says("层级 → 名称")]
    denominators: Annotated[tuple[DenominatorWords, ...], says("各个分母")]
