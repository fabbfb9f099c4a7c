"""What a ledger's description may hold: `data/ledgers/*.toml`, described key by key."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from coverage_engine.content import Count, Table, Text, Whole, says, written_as

Key = Annotated[str, written_as(r"^[a-z][a-z0-9_]*$", "league_members（小写英文）")]
ColumnType = Literal["text", "count", "real", "flag", "choice", "division", "date", "credit_code", "percent"]


class ColumnPart(Table):
    """台账的一列: its header, what it fills, and how its cells are read."""

    header: Annotated[Text, says("列名")]
    key: Annotated[Key, says("填到模型的哪一项")]
    type: Annotated[ColumnType, says("单元格怎样读")]
    description: Annotated[Text, says("填什么，写进空白表的说明")]
    required: Annotated[bool, says("没有这一列，整张表不能用")] = False
    unit: Annotated[str, says("单位")] = ""
    aliases: Annotated[tuple[Text, ...], says("常见的别的列名")] = ()
    words: Annotated[dict[str, str] | None, says("填报人的用词 → 存的值（choice 的列）")] = None
    fills: Annotated[tuple[Key, ...], says("由它得出的其他各项")] = ()
    kept: Annotated[bool, says("false 为认得而不读入的列")] = True
    low: Annotated[Whole | None, says("最小的数")] = None
    high: Annotated[Whole | None, says("最大的数")] = None
    firm: Annotated[bool, says("格里写的是企业名称")] = False
    band: Annotated[str, says("为什么不会超出 low、high")] = ""


class LedgerFile(Table):
    """台账种类: one kind of ledger with its columns."""

    order: Annotated[Count, says("在说明里的次序")]
    kind: Annotated[Key, says("键")]
    sheet: Annotated[Text, says("表名")]
    key: Annotated[Text, says("一行是什么")]
    aliases: Annotated[tuple[Text, ...], says("常见的别的表名")]
    description: Annotated[Text, says("说明")]
    columns: Annotated[tuple[ColumnPart, ...], Meta(min_length=1), says("各列")]
