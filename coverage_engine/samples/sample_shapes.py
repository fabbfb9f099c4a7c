"""What the content of the invented province may hold: `data/samples/*.toml`, described key by key."""

from __future__ import annotations

from typing import Annotated

from coverage_engine.content import Number, Share, Table, Text, Texts, says


class RateEntry(Table):
    """比率: one number of the sample with its source."""

    value: Annotated[Number, says("数值")]
    source: Annotated[Text, says("来源；没有的写 (assumed)")]


RatesFile = dict[str, RateEntry]


class SuccessCommon(Table):
    """共同的作用: what moves the chance on every path."""

    three_members: Annotated[Number, says("有三名团员")]
    log_staff: Annotated[Number, says("从业人员（对数）")]
    openness_sigma: Annotated[Number, says("企业意愿的离散程度")]


class SuccessFile(Table):
    """隐藏的成功机会: weights that the sample draws outcomes with (log-odds)."""

    common: Annotated[SuccessCommon, says("各条路径共同的")]
    path: Annotated[
        dict[str, dict[str, Number | bool | Text]],
        says("路径编号 → gate 前提、base 基准、founds_jointly 联合，和各项作用"),
    ]


class OutsidePlace(Table):
    """外地: a place outside the province."""

    name: Annotated[Text, says("名称")]
    code: Annotated[Text, says("区划代码")]


class HomePlaces(Table):
    """籍贯: where owners come from."""

    outside: Annotated[Texts, says("外省")]


class NamesFile(Table):
    """虚构的名称: what invented names are made of."""

    syllables: Annotated[Text, says("字号用字")]
    company_forms: Annotated[Texts, says("公司的组织形式")]
    company_form_weights: Annotated[tuple[Number, ...], says("各自的比重")]
    sole_owner_forms: Annotated[Texts, says("个人独资企业")]
    partnership_form: Annotated[Text, says("合伙企业")]
    individual_forms: Annotated[Texts, says("个体工商户")]
    cooperative_forms: Annotated[Texts, says("农民专业合作社")]
    gathering_forms: Annotated[Texts, says("青年聚集的去处")]
    special_park_forms: Annotated[Texts, says("专业园区")]
    school_forms: Annotated[Texts, says("学校")]
    outside_places: Annotated[tuple[OutsidePlace, ...], says("外地")]
    home_places: Annotated[HomePlaces, says("籍贯")]


class DisturbedColumns(Table):
    """弄乱的列: which columns each disturbance may fall on."""

    unknown: Annotated[Texts, says("写成不知道")]
    number_text: Annotated[Texts, says("数写成文字")]
    flag_word: Annotated[Texts, says("是否换个写法")]
    name_variant: Annotated[Texts, says("名称换个写法")]


class FaultsFile(Table):
    """弄乱台账: how real ledgers are disturbed."""

    unknown_marks: Annotated[tuple[str, ...], says("表示不知道的写法")]
    total_word: Annotated[Text, says("合计行")]
    footer: Annotated[Text, says("表尾")]
    reporting_unit: Annotated[Text, says("填报单位")]
    gb18030: Annotated[Texts, says("用 GB18030 编码的台账")]
    titled: Annotated[Texts, says("有标题行的台账")]
    totalled: Annotated[Texts, says("有合计行的台账")]
    shares: Annotated[dict[str, Share], says("各种差错的比例")]
    columns: Annotated[DisturbedColumns, says("各种差错落在哪些列")]
    flag_words: Annotated[dict[str, Texts], says("是否的写法 → 别的写法")]
    headers: Annotated[dict[str, dict[str, Text]], says("台账 → 列名 → 别的列名")]
    groups: Annotated[dict[str, dict[str, Texts]], says("台账 → 上一行表头 → 列名")]
    personal: Annotated[dict[str, dict[str, Text]], says("台账 → 涉及个人的列 → 内容")]
