"""What the word lists about headers, titles, places and trust in lists may hold, described key by key."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from coverage_engine.content import Table, Text, Texts, says, written_as

_Key = Annotated[str, written_as(r"^[a-z][a-z0-9_]*$", "league_members（小写英文）")]
_Age = Annotated[str, written_as(r"^[1-9][0-9]$", "35（两位数的年龄）")]
_Source = Annotated[Text, says("依据")]
TitleGround = Literal["title", "sheet", "file"]


class ReducedWords(Table):
    """归一的用词: what is taken off headers of one class."""

    before: Annotated[Texts, says("前面可以去掉的字（正则）")]
    nothing: Annotated[Texts, says("只剩这些字的，等于什么也没说")]
    after: Annotated[Texts, says("后面可以去掉的字（正则）")]


class AgeWords(Table):
    """年龄的写法: how ages in headers are read."""

    spellings: Annotated[Texts, says("各种写法（正则，括起来的是年龄）")]
    said_by: Annotated[Texts, says("有这些字的，年龄不必再说")]
    of: Annotated[dict[_Key, tuple[_Age, ...]], says("列的键 → 可以写的年龄")]


class OtherwiseWords(Table):
    """另一回事: words with which a header speaks of something else, by class of column."""

    count: Annotated[Texts, says("人数列（正则）")]
    state: Annotated[Texts, says("有无、形式列（正则）")]
    text: Annotated[Texts, says("文字列（正则）")]
    options: Annotated[Text, says("括号里分开可选的词的符号（正则）")]


class PartWords(Table):
    """其中: headers of a part of the number before."""

    signs: Annotated[Texts, says("说的是前面总数的一部分（正则）")]
    of: Annotated[dict[_Key, tuple[_Key, ...]], says("列的键 → 可以是哪些列的一部分")]


class GroupWords(Table):
    """分组: the upper of two rows of headers."""

    neutral: Annotated[Text, says("说的是企业、人员总体的分组（正则）")]
    bare: Annotated[Texts, says("要看上面分组才知道说什么的列名（正则）")]
    foreign: Annotated[Texts, says("说的是另一回事的分组（正则）")]


class HeadersFile(Table):
    """表头怎样归一: words that change nothing in a header, and words that make it another."""

    count: Annotated[ReducedWords, says("人数列")]
    state: Annotated[ReducedWords, says("有无、形式列")]
    ages: Annotated[AgeWords, says("年龄的写法")]
    otherwise: Annotated[OtherwiseWords, says("有这些字的，说的就是另一回事")]
    parts: Annotated[PartWords, says("其中")]
    groups: Annotated[GroupWords, says("两行表头上面一行的分组")]
    near: Annotated[dict[_Key, Texts], says("列的键 → 口径相近、只提出来问的列名")]


class TitleFact(Table):
    """标题说的事: what a title, else the name of the sheet or file, says of all rows."""

    kinds: Annotated[tuple[_Key, ...], Meta(min_length=1), says("哪些台账")]
    key: Annotated[_Key, says("填哪一列")]
    word: Annotated[str, says("填什么；没有的取 pattern 里的 value 或 later")] = ""
    by_place: Annotated[bool, says("按取出来的地名填省级、市级、县级")] = False
    pattern: Annotated[Text, says("写法（正则）")]
    also: Annotated[str, says("三处合起来还须有的字（正则）")] = ""
    unless: Annotated[Text, says("有一处相符就不算（正则）")]
    grounds: Annotated[
        tuple[TitleGround, ...],
        Meta(min_length=1),
        says("依次看哪几处：title 标题、sheet 工作表名、file 文件名"),
    ]
    source: _Source


class OtherRank(Table):
    """不是这一列: a list whose ranks are not those of a field."""

    key: Annotated[_Key, says("哪一列不采用")]
    when: Annotated[Text, says("标题、表名、文件名里有（正则）")]
    unless: Annotated[Text, says("有的仍采用（正则）")]
    header_unless: Annotated[Text, says("列名里有这个词的仍采用")]


class ListTitlesFile(Table):
    """标题说的全表各行都有的事: constants that titles, sheets and files tell."""

    fact: Annotated[tuple[TitleFact, ...], says("各条写法，同一列以先相符的为准")]
    not_the_field: Annotated[tuple[OtherRank, ...], says("名次不是这一列的名单")] = ()


class PlaceColumns(Table):
    """说得出地区的列: headers of columns that tell a place, by ground."""

    registry: Annotated[Texts, says("登记机关")]
    tax: Annotated[Texts, says("主管税务机关")]
    union: Annotated[Texts, says("上级工会")]
    affiliation: Annotated[Texts, says("隶属的组织")]
    town: Annotated[Texts, says("乡镇（街道）")]


class PlaceGrounds(Table):
    """依据的叫法: what each ground for a place is called in findings and explanations."""

    registry: Annotated[Text, says("登记机关")]
    tax: Annotated[Text, says("主管税务机关")]
    union: Annotated[Text, says("上级工会")]
    affiliation: Annotated[Text, says("隶属的组织")]
    town: Annotated[Text, says("乡镇（街道）")]
    section: Annotated[Text, says("分段标题")]
    sheet: Annotated[Text, says("工作表名")]
    unit: Annotated[Text, says("填报单位")]
    title: Annotated[Text, says("标题")]
    file: Annotated[Text, says("文件名")]
    address: Annotated[Text, says("地址")]
    context: Annotated[Text, says("别的名单所在的市")]


class PlaceNameWords(Table):
    """地名前后的字: words around places in titles and names of bodies."""

    before: Annotated[Texts, says("地名之前的字（正则）")]
    firms: Annotated[Texts, says("说的是一家单位（正则）")]
    elsewhere: Annotated[Texts, says("企业不在写明的地方（正则）")]
    several: Annotated[Texts, says("说的不止一个地方（正则）")]
    zones: Annotated[Texts, says("不是行政区划的功能区")]
    city_itself: Annotated[Texts, says("说的是市本级")]


class PlaceCells(Table):
    """格的样子: cells that tell who reports, and rows that begin a section."""

    unit: Annotated[Text, says("填报单位一格（正则）")]
    unit_ends: Annotated[Text, says("填报单位之后的字（正则）")]
    section: Annotated[Text, says("分段标题（正则，带 mark、place、colon）")]


class RowPlacesFile(Table):
    """凭什么知道在哪个地区: columns, titles and names from which places are read."""

    source: _Source
    columns: Annotated[PlaceColumns, says("依据 → 列名")]
    grounds: Annotated[PlaceGrounds, says("依据 → 叫法")]
    words: Annotated[PlaceNameWords, says("用词")]
    cells: Annotated[PlaceCells, says("格的样子")]


class RankPart(Table):
    """一件事的来源次序: which lists are believed for some fields."""

    fields: Annotated[tuple[_Key, ...], Meta(min_length=1), says("哪些列")]
    lists: Annotated[
        tuple[_Key, ...], Meta(min_length=1), says("由最可信到最不可信；template 是按空白台账填报的")
    ]
    first: Annotated[tuple[Text, ...], says("不论出自哪份部门名单都先算的值")] = ()
    opposed: Annotated[str, says("与别的值同在最前一档的，按不知道处理")] = ""
    tolerance: Annotated[int, Meta(ge=0, le=100), says("相差百分之几以内只作提示")] = 0
    reason: Annotated[Text, says("理由")]


class SourceRanksFile(Table):
    """以哪份名单为准: the order of lists for each fact of which one is stated."""

    rank: Annotated[tuple[RankPart, ...], says("各件事的来源次序")]


class CompletePart(Table):
    """一种可以写明完整的名单: what absence from it means."""

    name: Annotated[Text, says("名称，写在 --complete 之后")]
    kind: Annotated[_Key, says("哪种台账")]
    form: Annotated[_Key | None, says("只限哪种名单")] = None
    field: Annotated[_Key, says("没有列入的企业，哪一项")]
    absent: Annotated[Text, says("算作什么；“否”用于是否一类的列")]
    reason: Annotated[Text, says("理由")]


class CompleteListsFile(Table):
    """名录完整: lists that may be declared whole."""

    list: Annotated[tuple[CompletePart, ...], says("各种名单")]


class CleaningRule(Table):
    """清洗规则: one rule by which cells are cleaned."""

    name: Annotated[Text, says("名称，写在 --no-clean 之后")]
    on: Annotated[bool, says("false 为不用")]
    about: Annotated[Text, says("去掉或换算什么")]


class CleaningFile(Table):
    """清洗规则: what is taken off or converted in cells."""

    numbering: Annotated[CleaningRule, says("名称前的编号")]
    mark: Annotated[CleaningRule, says("名称前后的记号和标点")]
    remark: Annotated[CleaningRule, says("名称后括号里的备注")]
    status: Annotated[CleaningRule, says("名称后注明的停产、注销等")]
    former: Annotated[CleaningRule, says("名称后括号里的曾用名")]
    post: Annotated[CleaningRule, says("单位名称后的职务、姓名")]
    phone: Annotated[CleaningRule, says("单位名称后的电话")]
    split: Annotated[CleaningRule, says("一格里几家企业分成几行")]
    unit: Annotated[CleaningRule, says("数后的计量单位")]
    approximate: Annotated[CleaningRule, says("约数")]
    multiplier: Annotated[CleaningRule, says("万、千、百")]
    thousands: Annotated[CleaningRule, says("千分号和数字间的空格")]
