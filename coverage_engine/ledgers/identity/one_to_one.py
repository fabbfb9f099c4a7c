"""One row for one enterprise: where a likeness would give an enterprise to a second row, a person is asked.

Two rows that write the same name are one row twice, and told as such elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from coverage_engine.ledgers.identity.decisions import Decision, decided
from coverage_engine.ledgers.identity.firm_names import plain_name

_CLAIM = ("scope", "enterprise_id")


def ask_contested(pairs: pl.DataFrame, taken: pl.DataFrame, decisions: Sequence[Decision]) -> pl.DataFrame:
    """Pairs (`scope`, `enterprise_id`, `name`, `verdict`, `left`, `right`) of which contested ones are asked.

    `taken` has `scope`, `enterprise_id` and `plain`: enterprises that rows of the same relation have already.
    What a person has answered stays.
    """
    named = pairs.with_columns(plain=plain_name(pl.col("name")))
    matched = pl.col("verdict") == "match"
    claims = pl.concat([named.filter(matched).select(*_CLAIM, "plain"), taken.select(*_CLAIM, "plain")])
    several = claims.group_by(_CLAIM).agg(several=pl.col("plain").n_unique() > 1)
    answered = decided(decisions).filter("same").select("left", "right", answered=pl.lit(True))
    judged = named.join(several, on=_CLAIM, how="left", maintain_order="left").join(
        answered, on=["left", "right"], how="left", maintain_order="left"
    )
    contested = matched & pl.col("several").fill_null(False) & pl.col("answered").is_null()
    revised = pl.when(contested).then(pl.lit("ask")).otherwise("verdict")
    return judged.with_columns(verdict=revised).drop("plain", "several", "answered")


def claims_of(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """What rows with an `enterprise_id` and a `scope` have already, as `taken` above."""
    have = rows.filter(pl.col("enterprise_id").is_not_null())
    return have.select("scope", "enterprise_id", plain=plain_name(pl.col(name)))
