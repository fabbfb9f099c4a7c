"""What the word lists of `data/ledgers/words` may hold, described key by key."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import field

from coverage_engine.content import Count, Number, Table, Text, Texts, says

_Field = Annotated[Text, says("列的键")]
_Reason = Annotated[Text, says("理由")]
Words = tuple[str, ...]


class ValueWords(Table):
    """值的用词: words for unknown, nothing, yes and no."""

    unknown: Annotated[Words, says("表示不知道")]
    nothing: Annotated[Texts, says("表示没有")]
    yes: Annotated[Texts, says("表示是")]
    no: Annotated[Texts, says("表示否")]


class NumberWords(Table):
    """数的用词: what may stand around a number."""

    approximate_before: Annotated[Texts, says("数前的约数用词")]
    approximate_after: Annotated[Texts, says("数后的约数用词")]
    multipliers: Annotated[dict[str, Count], says("万、千等 → 乘几")]
    units: Annotated[Texts, says("单位")]


class RowWords(Table):
    """行的用词: rows and sheets that are no data."""

    totals: Annotated[Texts, says("合计行")]
    footers: Annotated[Texts, says("表尾")]
    notes: Annotated[Texts, says("说明行")]
    returned_headers: Annotated[Texts, says("退回工作簿的列名")]
    serial_headers: Annotated[Texts, says("序号列的列名")]
    hints: Annotated[Texts, says("填写提示（正则）")]
    examples: Annotated[Texts, says("示例行的行首")]
    firm_endings: Annotated[Texts, says("企业名称的结尾")]
    section_endings: Annotated[Texts, says("分段标题的行尾（正则）")]
    earlier: Annotated[Texts, says("表示较早一期")]
    vague_headers: Annotated[Texts, says("看不出是哪种台账的列名")]
    note_sheets: Annotated[Texts, says("不是数据的表名")]


class PlaceWords(Table):
    """地区的用词: headers of places spread over columns."""

    province: Annotated[Texts, says("省一列的列名")]
    city: Annotated[Texts, says("市一列的列名")]
    county: Annotated[Texts, says("县一列的列名")]
    no_city: Annotated[Texts, says("不是市的说法")]


class NameWords(Table):
    """名称格的用词: what stands in the cell of a firm beside its name."""

    firms: Annotated[Texts, says("企业名称的结尾")]
    former: Annotated[Texts, says("曾用名的说法")]
    remarks: Annotated[Texts, says("备注")]
    posts: Annotated[Texts, says("职务")]
    end_posts: Annotated[Texts, says("只在一格末尾才算职务的词")]
    post_before: Annotated[Texts, says("职务之前的限定")]
    post_joins: Annotated[Texts, says("几个职务之间的连接")]
    departments: Annotated[Texts, says("职务之前的部门")]
    units: Annotated[Texts, says("后面可以跟职务的其他单位")]
    parts_of_firms: Annotated[Texts, says("自己不成其为一家企业名称的词")]
    offices: Annotated[Texts, says("不是职务的“经理”等之后的字")]


class WordList(Table):
    """字词: words that are looked for."""

    words: Annotated[Texts, says("字词")]


class PresumedWords(Table):
    """推定的说法: what is presumed where a ledger does not say."""

    operating: Annotated[Text, says("按在营推定")]
    operating_ranges: Annotated[Text, says("区间里怎样算")]
    operating_by_ledger: Annotated[Text, says("整本台账没有写明在营的")]
    unlisted_offices: Annotated[Text, says("只在总部名册里列名的分支机构")]
    mixed_capital: Annotated[Text, says("合资的按非公推定")]
    place: Annotated[Text, says("没有写全的地区按什么推定")]
    constant: Annotated[Text, says("没有的一列按标题、表名、文件名算")]


class SilenceWords(Table):
    """没有列入的说法: what a list that is complete, or missing, says of those not on it."""

    complete: Annotated[Text, says("交来了的")]
    missing: Annotated[Text, says("没有交来的")]


class ReadingFile(Table):
    """读台账的用词: words for unknown, yes, no, totals, footers and personal columns."""

    values: Annotated[ValueWords, says("值")]
    numbers: Annotated[NumberWords, says("数")]
    rows: Annotated[RowWords, says("行和表")]
    places: Annotated[PlaceWords, says("地区分写几列")]
    lookalikes: Annotated[dict[str, Texts], says("规定的列名 → 数据库导出的相像列名")]
    names: Annotated[NameWords, says("企业名称一格")]
    personal: Annotated[WordList, says("涉及个人、不读入的列")]
    dating: Annotated[WordList, says("表尾日期是底数截止日期的用词")]
    presumed: Annotated[PresumedWords, says("按惯例推定的说法")]
    silence: Annotated[dict[str, SilenceWords], says("名单的种类 → 没有列入的怎样算")]


class NumberPattern(Table):
    """号码: one kind of a person's number."""

    name: Annotated[Text, says("名称")]
    pattern: Annotated[Text, says("正则，S 为可有可无的分隔")]
    reason: _Reason


class PersonNames(Table):
    """人名: how names of people are told."""

    surnames: Annotated[Text, says("单姓")]
    double_surnames: Annotated[Texts, says("复姓")]
    posts: Annotated[Texts, says("职务")]
    not_ending: Annotated[Text, says("以这些字结尾的不是人名")]
    only_person: Annotated[Texts, says("一格只有人名一定填错的列")]
    common_words: Annotated[Texts, says("像人名而不是的常用词")]


class PersonalFile(Table):
    """个人信息的样子: what numbers and names of people look like."""

    separator: Annotated[Text, says("号码中间的分隔（正则）")]
    number: Annotated[tuple[NumberPattern, ...], says("各种号码")]
    names: Annotated[PersonNames, says("人名")]


class FindingWords(Table):
    """核查问题: severity and words of one problem."""

    severity: Annotated[Literal["error", "warning", "note"], says("error 退回；warning 请核对；note 说明")]
    wanted: Annotated[str, says("应为什么，可用 {header}、{detail}")]
    remedy: Annotated[Text, says("怎样改，可用 {header}、{detail}")]


FindingsFile = dict[str, dict[str, FindingWords]]


class FirmNameWords(Table):
    """企业名称的用词: offices, partnerships and trades in names."""

    offices: Annotated[Texts, says("分支机构字样")]
    merely_like: Annotated[Texts, says("常见于两家不同企业的相像")]
    partnerships: Annotated[Texts, says("合伙字样")]
    trades: Annotated[Texts, says("行业用语")]


class Thresholds(Table):
    """判定线: when a pair of names is asked about."""

    ask: Annotated[Number, says("得分到几才问")]
    margin: Annotated[Number, says("最像的与其次相差几")]


class FirmNamesFile(Table):
    """企业名称的拆读和比对: words, weights of evidence and what is said of it."""

    names: Annotated[FirmNameWords, says("用词")]
    weights: Annotated[dict[str, Number], says("证据 → 分值（对数几率）")]
    thresholds: Annotated[Thresholds, says("判定线")]
    words: Annotated[dict[str, Text], says("证据 → 说法")]


class SectionPart(Table):
    """门类: one section of GB/T 4754 with its divisions."""

    name: Annotated[Text, says("名称")]
    first: Annotated[Count, says("第一个大类")]
    last: Annotated[Count, says("最后一个大类")]
    words: Annotated[tuple[Text, ...], says("别的说法")]


class IndustriesFile(Table):
    """国民经济行业分类: sections and names of divisions."""

    sections: Annotated[dict[str, SectionPart], says("门类字母 → 门类")]
    names: Annotated[dict[str, Texts], says("代码 → 名称")]


class BodyWords(Table):
    """团组织名称的用词: whose body a name means."""

    joint: Annotated[Text, says("合建")]
    several: Annotated[Texts, says("写了几家")]
    firm_words: Annotated[Texts, says("企业名称里的字样")]
    firms: Annotated[Texts, says("企业名称的结尾")]
    others: Annotated[Texts, says("不是企业的单位（任何位置）")]
    other_endings: Annotated[Texts, says("不是企业的单位（结尾）")]
    own: Annotated[Words, says("企业对自己的简称")]
    parts: Annotated[Texts, says("企业内部的组成部分")]


class BodyCategories(Table):
    """所属行业类别: categories in the system."""

    others: Annotated[Texts, says("不是非公企业的类别")]


class MemberLines(Table):
    """团员数的判定线: when numbers of members are told of."""

    few: Annotated[Count, says("少于几人提示")]
    gap_least: Annotated[Count, says("至少相差几人")]
    gap_permille: Annotated[Count, says("至少相差千分之几")]


class LeagueBodiesFile(Table):
    """团组织名称的拆读: endings, words and lines."""

    endings: Annotated[dict[str, Text], says("结尾 → 团组织类别")]
    words: Annotated[BodyWords, says("用词")]
    categories: Annotated[BodyCategories, says("所属行业类别")]
    members: Annotated[MemberLines, says("团员数的判定线")]


class TypeWords(Table):
    """登记类型的用词: types that are no enterprise."""

    not_enterprise: Annotated[Texts, says("不是企业")]
    not_enterprise_without: Annotated[Texts, says("有这些字的仍是企业")]


class TypeCodes(Table):
    """登记类型的代码: codes that are no enterprise or say nothing."""

    individual: Annotated[Texts, says("个体工商户")]
    cooperative: Annotated[Texts, says("农民专业合作社")]
    silent: Annotated[Texts, says("不说明什么")]


class NamePatterns(Table):
    """名称的样子: patterns of names by kind."""

    cooperative: Annotated[Text, says("合作社（正则）")]
    cooperative_without: Annotated[Text, says("不是农民专业合作社的（正则）")]
    individual: Annotated[Text, says("个体工商户（正则）")]
    unclear: Annotated[Text, says("看不准的（正则）")]
    enterprise: Annotated[Text, says("企业（正则）")]


class KindSigns(Table):
    """是不是企业: signs in type, code and name."""

    types: Annotated[TypeWords, says("登记类型的用词")]
    codes: Annotated[TypeCodes, says("登记类型的代码")]
    names: Annotated[NamePatterns, says("名称")]


class PublicSign(Table):
    """像公有: words in names that tell public ownership."""

    words: Annotated[Text, says("字样（正则）")]
    reason: _Reason
    without: Annotated[Text | None, says("多为私营的（正则）")] = None


class TellingNamesFile(Table):
    """名称说明什么: whether an enterprise, and whether it sounds public."""

    kind: Annotated[KindSigns, says("是不是企业")]
    public: Annotated[tuple[PublicSign, ...], says("像不像公有")]


class TrustPart(Table):
    """可信的次序: which number is believed."""

    order: Annotated[Texts, says("由最可信到最不可信")]


class PartRule(Table):
    """部分与整体: which number cannot exceed which."""

    part: _Field
    whole: _Field
    code: Annotated[Text, says("核查问题的代码")]


class ElsewhereRule(Table):
    """别的台账的人数: not more than the employees."""

    table: Annotated[Text, says("哪本台账")]
    count: _Field
    field: _Field
    label: Annotated[Text, says("名称")]
    trusted: Annotated[bool, says("这本台账比企业台账可信")]
    gives_up: Annotated[Text | None, says("不可信时按不知道处理的各项")] = None


class DayRule(Table):
    """日期: columns that are years."""

    years: Annotated[Texts, says("是年份的列")]


class PlausibilityFile(Table):
    """不可能同时成立的数字: who cannot exceed whom, and who is believed."""

    trust: Annotated[TrustPart, says("可信的次序")]
    part: Annotated[tuple[PartRule, ...], says("部分与整体")]
    elsewhere: Annotated[tuple[ElsewhereRule, ...], says("别的台账的人数")]
    days: Annotated[DayRule, says("日期")]


class SignPart(Table):
    """登记类型的字样: read from top to bottom where no word is known."""

    any: Annotated[Texts, says("有其中一个")]
    also: Annotated[Texts | None, says("并且有其中一个")] = field(name="with", default=None)
    without: Annotated[Texts | None, says("没有其中任何一个")] = None
    in_2011: Annotated[Text | None, says("2011 年表的代码")] = field(name="2011", default=None)
    in_2023: Annotated[Text | None, says("2023 年表的代码")] = field(name="2023", default=None)
    reason: _Reason


class RegistrationTypesFile(Table):
    """登记注册类型: codes and words of both tables."""

    codes: Annotated[dict[Literal["2011", "2023"], Texts], says("年份 → 代码")]
    words: Annotated[dict[Literal["2011", "2023"], dict[str, Text]], says("年份 → 用词 → 代码")]
    sign: Annotated[tuple[SignPart, ...], says("字样，从上到下认第一个")]


class TradeWordsFile(Table):
    """主管行业的用词: which divisions a department's word means."""

    source: Annotated[Text, says("依据")]
    suffixes: Annotated[Texts, says("可有可无的词尾")]
    trades: Annotated[dict[str, Texts], says("用词 → 大类、中类、小类或门类")]
