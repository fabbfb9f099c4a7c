"""What ledgers (`data/ledgers/*.toml`) and forms of lists (`forms/`) may hold, described key by key."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from coverage_engine.content import Count, Table, Text, Texts, Whole, says, written_as

Key = Annotated[str, written_as(r"^[a-z][a-z0-9_]*$", "league_members（小写英文）")]
Meaning = Annotated[str, written_as(r"^[^?!]*[?!]?$", "joint 或 none!（末尾至多一个 ? 或 !）")]
ColumnType = Literal["text", "count", "real", "flag", "choice", "division", "date", "credit_code", "percent"]


class SharedPart(Table):
    """几家企业合用的组织: what a body of several firms is, and by what one is known."""

    value: Annotated[Text, says("合用时的值")]
    body: Annotated[Key, says("组织的名称在哪一列；在几行上合并的，就是合用")]
    words: Annotated[Texts, says("组织名称里表示合用的词")]


class ColumnPart(Table):
    """台账的一列: its header, what it fills, and how its cells are read."""

    header: Annotated[Text, says("列名")]
    key: Annotated[Key, says("填到模型的哪一项")]
    type: Annotated[ColumnType, says("单元格怎样读")]
    description: Annotated[Text, says("填什么，写进空白表的说明")]
    required: Annotated[bool, says("没有这一列，整张表不能用")] = False
    unit: Annotated[str, says("单位")] = ""
    aliases: Annotated[tuple[Text, ...], says("常见的别的列名")] = ()
    words: Annotated[
        dict[str, Meaning] | None,
        says("填报人的用词 → 存的值；后加 ? 是按此理解，后加 ! 是还没有建成，都在核查问题里说明"),
    ] = None
    fills: Annotated[tuple[Key, ...], says("由它得出的其他各项")] = ()
    kept: Annotated[bool, says("false 为认得而不读入的列")] = True
    low: Annotated[Whole | None, says("最小的数")] = None
    high: Annotated[Whole | None, says("最大的数")] = None
    firm: Annotated[bool, says("格里写的是企业名称")] = False
    band: Annotated[str, says("为什么不会超出 low、high")] = ""
    each: Annotated[bool, says("一格里有几家企业的，一家一行")] = False
    shared: Annotated[SharedPart | None, says("几家企业合用的组织")] = None


class LedgerFile(Table):
    """台账种类: one kind of ledger with its columns."""

    order: Annotated[Count, says("在说明里的次序")]
    kind: Annotated[Key, says("键")]
    sheet: Annotated[Text, says("表名")]
    key: Annotated[Text, says("一行是什么")]
    aliases: Annotated[tuple[Text, ...], says("常见的别的表名")]
    description: Annotated[Text, says("说明")]
    columns: Annotated[tuple[ColumnPart, ...], Meta(min_length=1), says("各列")]


class FormFile(Table):
    """常见名单的样子: a list that a department keeps in a form of its own, and what its headers mean."""

    form: Annotated[Key, says("键，与文件名相同")]
    name: Annotated[Text, says("名称")]
    kind: Annotated[Key, says("当作哪种台账读")]
    source: Annotated[Text, says("哪个部门的什么名单")]
    titles: Annotated[Texts, says("表名、标题、文件名里的字样")]
    not_titles: Annotated[Texts, says("有这些字样的不是这种名单")] = ()
    headers: Annotated[Texts, says("认得出这种名单的列名")]
    least: Annotated[Count, says("没有字样时至少要有几个这样的列名")] = 2
    columns: Annotated[dict[str, Key], says("这种名单里的列名 → 台账的列")] = field(default_factory=dict)
    words: Annotated[
        dict[Key, dict[str, Meaning]],
        says("台账的列 → 这种名单里的用词和代码 → 存的值（写法同台账的 words）"),
    ] = field(default_factory=dict)
