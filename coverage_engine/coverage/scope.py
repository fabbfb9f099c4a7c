"""Which enterprises the notice speaks of: non-public, operating, an enterprise in kind; three-valued.

Control decides first (国统字[2005]79号), then the registration type read with the year of its table; a type
without its year decides nothing. What stays open is unknown and to be verified, never silently non-public.

A firm without 营业状态 is presumed operating, one of mixed capital without 控股情况 non-public: so its state
and duty are told and it is planned for. A range takes it as perhaps in scope (`scope_presumed`); only where a
ledger writes 在营 of no firm is a blank its word for it.
"""

from __future__ import annotations

import narwhals as nw

from coverage_engine.frames.dialect import Frames, Lazy, flags_of, no, sure, unknown, yes
from coverage_engine.frames.lookups import looked_up
from coverage_engine.policy import Policy


def with_scope(enterprises: Lazy, frames: Frames, policy: Policy) -> Lazy:
    """Adds `is_non_public`, `in_scope` (three-valued), `scope_presumed` and `scope_reason`."""
    marked = enterprises
    for subject, flag in _OF_LEDGERS.items():
        concerned = frames["presumptions"].filter(nw.col("subject") == subject)
        ledgers = flags_of(
            concerned.select(nw.col("source").alias("presumed_source")), "presumed_source", flag
        )
        marked = looked_up(marked, ledgers, "source", "presumed_source")
    kind = _is_enterprise()
    operating = _operating(policy)
    return (
        marked.with_columns(_non_public(policy).alias("is_non_public"))
        .with_columns((nw.col("is_non_public") & kind & operating).alias("in_scope"))
        .with_columns(
            _reason(operating).alias("scope_reason"),
            (sure(nw.col("in_scope")) & _presumed(policy)).alias("scope_presumed"),
        )
        .drop(*_OF_LEDGERS.values())
    )


_OF_LEDGERS = {"non_public_by_ledger": "presumed", "operating:by_ledger": "operating_told"}
"""What is presumed of all firms of a ledger → the flag of its firms."""


def _presumed(policy: Policy) -> nw.Expr:
    """Whether the firm is in scope only because a blank cell is presumed to say so."""
    blank = nw.col("operating").is_null() & ~sure(nw.col("operating_told"))
    mixed = no()
    for table in policy.registration_tables:
        of_table = nw.col("registration_year") == table.year
        mixed = mixed | sure(of_table & nw.col("registration_type").is_in(table.mixed))
    return blank | (mixed & nw.col("control").is_null())


def _non_public(policy: Policy) -> nw.Expr:
    by_control = (
        nw.when(nw.col("control").is_in(policy.control_non_public))
        .then(yes())
        .otherwise(nw.when(nw.col("control").is_in(policy.control_public)).then(no()).otherwise(unknown()))
    )
    by_type = unknown()
    for table in policy.registration_tables:
        code = nw.col("registration_type")
        private = code.is_in(table.non_public)
        for prefix in table.non_public_prefixes:
            private = private | code.str.starts_with(prefix)
        of_table = sure(nw.col("registration_year") == table.year)
        by_type = (
            nw.when(of_table & sure(private))
            .then(yes())
            .otherwise(nw.when(of_table & sure(code.is_in(table.public))).then(no()).otherwise(by_type))
        )
    known = nw.when(nw.col("control").is_null()).then(by_type).otherwise(by_control)
    if not policy.switch("presume_non_public_by_ledger"):
        return known
    # A name that sounds public is never presumed private: a public firm would become a target.
    untold = (
        sure(nw.col("presumed"))
        & nw.col("control").is_null()
        & nw.col("registration_text").is_null()
        & ~sure(nw.col("public_name"))
    )
    return nw.when(untold).then(yes()).otherwise(known)


def _is_enterprise() -> nw.Expr:
    """Unknown where only a name speaks, and may be that of an enterprise or of a person's business."""
    kind = nw.col("entity_kind")
    open_kind = nw.when(kind == "unclear").then(unknown()).otherwise(kind == "enterprise")
    return nw.when(kind.is_null()).then(yes()).otherwise(open_kind)


def _operating(policy: Policy) -> nw.Expr:
    unsaid = yes() if policy.switch("presume_operating") else unknown()
    return nw.when(nw.col("operating").is_null()).then(unsaid).otherwise(nw.col("operating") == "operating")


def _reason(operating: nw.Expr) -> nw.Expr:
    """Why an enterprise is out of scope, in the words of the ledgers; null where it is or may be in scope."""
    reasons = [
        (nw.col("entity_kind") == "individual", "个体工商户"),
        (nw.col("entity_kind") == "cooperative", "农民专业合作社"),
        (nw.col("entity_kind") == "not_enterprise", "不是企业"),
        (nw.col("operating") == "closed", "已注销"),
        (nw.col("operating") == "suspended", "已停业"),
        (~nw.col("is_non_public"), "公有控股"),
    ]
    reason = nw.lit(None, dtype=nw.String)
    for condition, words in reversed(reasons):
        reason = nw.when(sure(condition)).then(nw.lit(words)).otherwise(reason)
    return reason
