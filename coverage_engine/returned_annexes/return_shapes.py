"""What `reports/returns.toml` may hold: which columns of a returned annex change which ledger."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from coverage_engine.content import Table, Text, Texts, says


class EffectPart(Table):
    """一栏的作用: the field of the ledger that a column changes."""

    column: Annotated[Text, says("附件的栏")]
    field: Annotated[Text, says("台账的哪一项")]
    words: Annotated[dict[str, str] | None, says("附件里的用词 → 台账里的用词")] = None


class ReturnPart(Table):
    """一个附件: how its rows are told and what they change."""

    table: Annotated[Text, says("哪本台账")]
    id: Annotated[Text, says("行的编号")]
    keys: Annotated[tuple[Texts, ...], Meta(min_length=1), says("凭哪几栏认行，先后试")]
    kept: Annotated[tuple[Text, ...], says("照抄的各栏")]
    effects: Annotated[tuple[EffectPart, ...], says("各栏的作用")]


ReturnsFile = dict[str, ReturnPart]
