"""Messy samples, planned and held against their truth: what is certain is never wrong.

Left out are firms that the plan itself says to have presumed of: 营业状态 not filled in is taken as 在营, and
told on the page. Of a firm that may be public (`non_public` unknown) the state says how it is covered, not
that it is in scope.
"""

from __future__ import annotations

import polars as pl
import pytest

import coverage_engine as ce

OPEN = {"obligation": "undetermined", "coverage_state": "unknown"}


def certain_but_wrong(folder, enterprises: int, seed: int) -> pl.DataFrame:
    """Firms whose certain duty or state is not the true one, with both."""
    ce.write_sample(folder, enterprises=enterprises, seed=seed, messy=True)
    snapshot, findings = ce.read_ledgers([folder])
    plan = ce.plan(snapshot, findings=findings)
    truth = pl.read_parquet(folder / "truth" / "enterprises.parquet")
    alone = truth.filter(~pl.col("name").is_duplicated())
    told = plan["enterprises"].join(
        snapshot["enterprises"].filter(pl.col("operating").is_not_null()).select("enterprise_id"),
        on="enterprise_id",
        how="semi",
    )
    facts = ("obligation", "coverage_state")
    by_code = told.join(truth.select("credit_code", *facts), on="credit_code", suffix="_true")
    by_name = told.filter(pl.col("credit_code").is_null()).join(
        alone.select("name", *facts), on="name", suffix="_true"
    )
    both = pl.concat([by_code, by_name]).with_columns(seed=pl.lit(seed))
    assert both.height > 0.9 * enterprises
    wrong = [
        (pl.col(fact) != unsaid) & (pl.col(fact) != pl.col(f"{fact}_true")) for fact, unsaid in OPEN.items()
    ]
    may_be_public = (pl.col("non_public") == "unknown") & (pl.col("coverage_state_true") == "out_of_scope")
    wrong[1] &= ~may_be_public
    shown = [name for fact in OPEN for name in (fact, f"{fact}_true")]
    return both.filter(pl.any_horizontal(wrong)).select("seed", "name", *shown)


def test_no_certain_duty_or_state_of_a_messy_sample_is_wrong(tmp_path) -> None:
    wrong = certain_but_wrong(tmp_path / "ledgers", 1_500, 91)
    assert wrong.is_empty(), wrong.to_dicts()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(91, 111))
def test_no_certain_duty_or_state_of_twenty_messy_samples_is_wrong(tmp_path, seed: int) -> None:
    wrong = certain_but_wrong(tmp_path / "ledgers", 8_000, seed)
    assert wrong.is_empty(), wrong.to_dicts()
