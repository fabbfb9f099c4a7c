"""Why a rate moved between two snapshots: a bridge that adds up to the unit, and the list behind each step.

Every firm whose count changed stands in exactly one step. A firm is the same in both by its credit code, else
by its name. The snapshot after is judged twice: with the policy of before, so that facts alone explain the
steps, and with its own; what differs between the two is the step `rule_change`. Places of before are told in
the division edition of after, so that no firm moves whose county was only renamed.
"""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw
import polars as pl

from coverage_engine.arguments import Rule, checked, instance, one_of
from coverage_engine.coverage.assessment import assessed_enterprises
from coverage_engine.coverage.causes import CAUSES, cause_of_change
from coverage_engine.coverage.figures import denominator, ranged
from coverage_engine.divisions.table import edition_of, succeeded_by
from coverage_engine.frames.dialect import collected, lazy_frames, sure
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.tables import DUTY_TABLES, conform
from coverage_engine.model.vocabulary import Tier
from coverage_engine.policy import Policy

_SNAPSHOT = instance(Snapshot, "read_ledgers 读出的底数（Snapshot）")
_MILLION = 1_000_000
_COUNTS = ("denominator", "own", "covered", "verified")
_STATE = (
    *_COUNTS,
    "name",
    "credit_code",
    "city_code",
    "county_code",
    "operating",
    "is_non_public",
    "in_scope",
    "enough_members",
    "has_party",
    "in_society",
    "has_own",
    "has_joint",
    "matched",
)


@checked(
    before=_SNAPSHOT,
    after=_SNAPSHOT,
    policies=Rule(
        "两期的政策，如 (load_policy(前一时点), load_policy(后一时点))",
        lambda pair: isinstance(pair, tuple) and len(pair) == 2 and all(isinstance(p, Policy) for p in pair),
    ),
    category=one_of(("operating", "eligible", "duty_bound", *(f"tier:{tier.value}" for tier in Tier))),
)
def bridge(
    before: Snapshot, after: Snapshot, policies: tuple[Policy, Policy], category: str = "operating"
) -> Mapping[str, pl.DataFrame]:
    """Tables `bridge` and `movements` between two snapshots (columns: `DUTY_TABLES`).

    `policies` are those of before and after, `category` is the denominator (operating | eligible | duty_bound
    or tier:<tier>). Counts are of firms surely in the denominator and surely organised, the low ends of
    the plan's ranges.

    Raises:
        ArgumentError: an argument of the wrong kind, or an unknown category.

    Source:
        `coverage_engine/model/duty_tables.py` for the columns; the sum of the steps is the difference.

    Example:
        >>> sorted(bridge(snapshot, snapshot, (policy, policy)))
        ['bridge', 'movements']
    """
    first, second = policies
    then = _in_edition(_states(before, first, category), edition_of(after.as_of))
    by_facts = _states(after, first, category)
    now = by_facts if second is first else _states(after, second, category)
    moved = _movements(then, by_facts, False)
    ruled = _movements(by_facts, now, True)
    steps = pl.concat([moved, ruled])
    tables = {"bridge": _bridged(then, now, steps, after["divisions"]), "movements": _listed(steps)}
    return {name: table.with_columns(category=pl.lit(category)) for name, table in tables.items()}


# ---------------------------------------------------------------------------------------------- private


def _states(snapshot: Snapshot, policy: Policy, category: str) -> pl.DataFrame:
    """Counted flags and the facts behind them, one row per firm, with its `key`."""
    frames = lazy_frames(snapshot.tables)
    firms = assessed_enterprises(frames, policy, snapshot.kinds)
    inside = sure(ranged(denominator(category)))
    covered = nw.col("has_own") | nw.col("has_joint")
    in_system = nw.col("verified") == "yes"
    flagged = firms.with_columns(
        inside.cast(nw.Int64).alias("denominator"),
        (inside & sure(nw.col("has_own"))).cast(nw.Int64).alias("own"),
        (inside & sure(covered)).cast(nw.Int64).alias("covered"),
        (inside & sure(covered) & in_system).cast(nw.Int64).alias("verified_count"),
        in_system.alias("matched"),
        ranged(nw.col("in_scope")).alias("in_scope"),
        nw.col("county_code").fill_null(""),
    ).drop("verified")
    states = collected(flagged.rename({"verified_count": "verified"}).select(*_STATE))
    code = pl.coalesce("credit_code", pl.concat_str([pl.lit("名称"), "name"]))
    keyed = states.with_columns(key=code).sort("key", "name", "city_code", "county_code")
    # Two firms under one key (a code with two names) are told apart by their order.
    return keyed.with_columns(
        key=pl.concat_str(["key", pl.col("key").cum_count().over("key")], separator="#")
    )


def _in_edition(states: pl.DataFrame, edition: str) -> pl.DataFrame:
    """The states with the counties of an edition in the place of those that it replaced."""
    codes = succeeded_by(edition)
    county = pl.col("county_code")
    return states.with_columns(county.replace(list(codes), list(codes.values())) if codes else county)


def _movements(then: pl.DataFrame, now: pl.DataFrame, ruled: bool) -> pl.DataFrame:
    """One row for every firm whose counts or county changed, with its cause."""
    both = then.join(now, on="key", how="full", suffix="_now", coalesce=True).sort("key")
    both = both.with_columns(
        here=pl.col("denominator_now").is_not_null(), was=pl.col("denominator").is_not_null()
    )
    changes = [
        (pl.col(f"{name}_now").fill_null(0) - pl.col(name).fill_null(0)).alias(f"{name}_change")
        for name in _COUNTS
    ]
    county = pl.col("county_code_now").ne_missing(pl.col("county_code")) | pl.col("city_code_now").ne_missing(
        pl.col("city_code")
    )
    counted = pl.any_horizontal(pl.col(f"{name}_change") != 0 for name in _COUNTS)
    elsewhere = county & pl.col("here") & pl.col("was") & (pl.col("denominator").fill_null(0) > 0)
    cause = pl.lit("rule_change") if ruled else cause_of_change()
    return (
        both.with_columns(*changes, elsewhere=elsewhere)
        .filter(counted | pl.col("elsewhere"))
        .with_columns(cause=cause)
    )


def _listed(steps: pl.DataFrame) -> pl.DataFrame:
    """The list behind each step, in the order of the steps."""
    words = {
        side: pl.concat_str(
            [
                pl.when(pl.col(f"denominator{suffix}") == 1).then(pl.lit("计入")).otherwise(pl.lit("不计")),
                pl.when(pl.col(f"own{suffix}") == 1)
                .then(pl.lit("、单独建立"))
                .when(pl.col(f"covered{suffix}") == 1)
                .then(pl.lit("、联合覆盖"))
                .otherwise(pl.lit("")),
                pl.when(pl.col(f"verified{suffix}") == 1).then(pl.lit("、已核验")).otherwise(pl.lit("")),
            ]
        )
        for side, suffix in (("before", ""), ("after", "_now"))
    }
    movements = steps.select(
        "cause",
        pl.coalesce("name_now", "name").alias("name"),
        pl.coalesce("credit_code_now", "credit_code").alias("credit_code"),
        pl.coalesce("city_code_now", "city_code").alias("city_code"),
        pl.coalesce("county_code_now", "county_code").replace({"": None}).alias("county_code"),
        *(pl.col(f"{name}_change").alias(name) for name in _COUNTS),
        *(words[side].alias(side) for side in ("before", "after")),
    )
    order = pl.col("cause").replace_strict({c: n for n, c in enumerate(CAUSES)}, return_dtype=pl.Int32)
    return conform(
        movements.sort(order, "city_code", "name", "credit_code", nulls_last=True), DUTY_TABLES["movements"]
    )


def _bridged(
    then: pl.DataFrame, now: pl.DataFrame, steps: pl.DataFrame, divisions: pl.DataFrame
) -> pl.DataFrame:
    """Before, every step, after; for the province, each city and each county."""
    rows = []
    for level in ("province", "city", "county"):
        leaving = steps.select(
            _division(level).alias("division_code"), "cause", *(-pl.col(n).fill_null(0) for n in _COUNTS)
        )
        coming = steps.select(
            _division(level, "_now").alias("division_code"),
            "cause",
            *(pl.col(f"{n}_now").fill_null(0).alias(n) for n in _COUNTS),
        )
        rows += [
            _summed(frame, _division(level), cause, level)
            for frame, cause in ((then, "before"), (now, "after"))
        ]
        changes = pl.concat([leaving, coming]).group_by("division_code", "cause").agg(pl.col(_COUNTS).sum())
        rows.append(changes.select("division_code", pl.lit(level).alias("level"), "cause", *_COUNTS))
    sums = pl.concat(rows).filter(pl.col("division_code").is_not_null() & (pl.col("division_code") != ""))
    order = {"before": 0, **{cause: n for n, cause in enumerate(CAUSES, 1)}, "after": len(CAUSES) + 1}
    step = pl.col("cause").replace_strict(order, return_dtype=pl.Int32)
    height = pl.col("level").replace_strict({"province": 0, "city": 1, "county": 2}, return_dtype=pl.Int8)
    names = divisions.select("level", pl.col("code").alias("division_code"), pl.col("name").alias("division"))
    sums = sums.with_columns(step=step).join(names, on=["level", "division_code"], how="left")
    return conform(_with_rates(sums.sort(height, "division_code", "step")), DUTY_TABLES["bridge"])


def _division(level: str, side: str = "") -> pl.Expr:
    return pl.lit("410000") if level == "province" else pl.col(f"{level}_code{side}")


def _summed(frame: pl.DataFrame, key: pl.Expr, cause: str, level: str) -> pl.DataFrame:
    sums = frame.group_by(key.alias("division_code")).agg(pl.col(_COUNTS).sum())
    return sums.select("division_code", pl.lit(level).alias("level"), pl.lit(cause).alias("cause"), *_COUNTS)


def _with_rates(sums: pl.DataFrame) -> pl.DataFrame:
    """Adds the rate in millionths: its level before and after, its exact change by each step between."""
    of = ["level", "division_code"]
    is_change = ~pl.col("cause").is_in(["before", "after"])
    before = pl.col("cause") != "after"
    running = sums.with_columns(
        *(
            pl.when(before).then(pl.col(name)).otherwise(0).cum_sum().over(of).alias(f"{name}_so_far")
            for name in ("denominator", "covered")
        )
    )
    rate = pl.col("covered_so_far") * _MILLION // pl.col("denominator_so_far").clip(1, None)
    running = running.with_columns(level_of_rate=rate)
    step = pl.col("level_of_rate") - pl.col("level_of_rate").shift(1, fill_value=0).over(of)
    return running.with_columns(
        rate_millionths=pl.when(is_change).then(step).otherwise(pl.col("level_of_rate"))
    )
