"""What kind of entity a firm is, and whether its name sounds public: type first, then code, then name.

The words stand in `data/ledgers/words/names_that_tell.toml`. A name that both an enterprise and a person's
business may bear decides nothing: `unclear`, and told.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import polars as pl

from coverage_engine.content import checked_content
from coverage_engine.ledgers.credit_codes import entity_kind
from coverage_engine.ledgers.finding_log import FindingLog
from coverage_engine.ledgers.word_shapes import TellingNamesFile

_WORDS = {
    "enterprise": "企业",
    "individual": "个体工商户",
    "cooperative": "农民专业合作社",
    "not_enterprise": "不是企业",
}
_FEW = 5


def with_entity_kind(rows: pl.DataFrame, log: FindingLog) -> pl.DataFrame:
    """Rows with `entity_kind` from type, code or name; what contradicts or stays open is told."""
    by_type, by_code, by_name = _by_type(), _by_code(), _by_name()
    kinds = rows.with_columns(by_type.alias("_type"), by_code.alias("_code"))
    open_rows = kinds["_type"].is_null() & kinds["_code"].is_null()
    named = kinds.filter(open_rows).select(by_name.alias("_name"))["_name"]
    nothing = pl.Series("_name", [None], dtype=pl.String).new_from_index(0, rows.height)
    judged = kinds.with_columns(nothing.scatter(open_rows.arg_true(), named))
    _tell_contradictions(judged, log)
    _tell_unclear(judged.filter(judged["_name"] == "unclear"), log)
    return judged.with_columns(entity_kind=pl.coalesce("_type", "_code", "_name")).drop(
        "_type", "_code", "_name"
    )


def sounds_public(names: pl.Series) -> pl.Series:
    """Whether each name gives a sign of public ownership: 国营, 供销社, 粮库, 供电, 邮政 and their like."""
    name = pl.col("name")
    signs = [
        name.str.contains(group["words"]) & ~name.str.contains(group.get("without", "^$"))
        for group in _content()["public"]
    ]
    return names.alias("name").to_frame().select(pl.any_horizontal(signs).fill_null(False)).to_series()


# ---------------------------------------------------------------------------------------------- private


@cache
def _content() -> dict[str, Any]:
    return checked_content(TellingNamesFile, "data", "ledgers", "words", "names_that_tell.toml")


def _by_type() -> pl.Expr:
    codes, words = _content()["kind"]["codes"], _content()["kind"]["types"]
    code, text = pl.col("registration_type"), pl.col("registration_text")
    none = text.str.contains_any(words["not_enterprise"]) & ~text.str.contains_any(
        words["not_enterprise_without"]
    )
    # A code with the wrong year of its table decides nothing, but 500 is never an enterprise.
    said = pl.coalesce(code, text.str.extract(r"^\s*(\d{3})(?:\D|$)"))
    return (
        pl.when(said.is_in(codes["individual"]))
        .then(pl.lit("individual"))
        .when(said.is_in(codes["cooperative"]))
        .then(pl.lit("cooperative"))
        .when(code.is_not_null() & ~code.is_in(codes["silent"]))
        .then(pl.lit("enterprise"))
        .when(code.is_null() & none)
        .then(pl.lit("not_enterprise"))
        .otherwise(None)
    )


def _by_code() -> pl.Expr:
    kinds = {code: entity_kind(code) for code in ("91", "92", "93")}
    prefix = pl.col("credit_code").str.slice(0, 2)
    kind_by_prefix = prefix.replace_strict(kinds, default="not_enterprise", return_dtype=pl.String)
    return pl.when(pl.col("credit_code").is_not_null()).then(kind_by_prefix)


def _by_name() -> pl.Expr:
    words, name = _content()["kind"]["names"], pl.col("name")
    cooperative = name.str.contains(words["cooperative"]) & ~name.str.contains(words["cooperative_without"])
    return (
        pl.when(cooperative)
        .then(pl.lit("cooperative"))
        .when(name.str.contains(words["enterprise"]))
        .then(pl.lit("enterprise"))
        .when(name.str.contains(words["individual"]))
        .then(pl.lit("individual"))
        .when(name.str.contains(words["unclear"]))
        .then(pl.lit("unclear"))
        .otherwise(pl.lit("enterprise"))
    )


def _tell_contradictions(judged: pl.DataFrame, log: FindingLog) -> None:
    differ = judged.filter(pl.col("_type") != pl.col("_code"))
    if differ.is_empty():
        return
    of_type, of_code = (pl.col(name).replace(_WORDS) for name in ("_type", "_code"))
    words = pl.format(
        "登记注册类型说是“{}”，{} 的代码以 {} 开头，说是“{}”",
        of_type, log.cell("credit_code"), pl.col("credit_code").str.slice(0, 2), of_code,
    )  # fmt: skip
    findings = differ.with_columns(found="registration_text", detail=words)
    log.add_rows("registration.kind_differs", findings, "registration_text")


def _tell_unclear(unclear: pl.DataFrame, log: FindingLog) -> None:
    """Once for each ledger, with the number of rows and the first of them."""
    for (source,), rows in unclear.sort("source", "row").group_by("source", maintain_order=True):
        first = "、".join(str(row) for row in rows["row"].head(_FEW).to_list())
        more = "等" if rows.height > _FEW else ""
        log.add(
            "registration.kind_unclear",
            int(str(source)),
            field="name",
            found=f"{rows.height} 家（第 {first} 行{more}）",
        )
