"""Facts about the circles of an enterprise: its park, associations, societies, departments (路径2、4–6)."""

from __future__ import annotations

from functools import cache

import narwhals as nw

from coverage_engine.frames.coding import MOST, WHOLE, Coding, flag, packed
from coverage_engine.frames.dialect import Lazy
from coverage_engine.frames.joins import (
    address,
    attach,
    best,
    coded,
    decoded,
    links,
    share_of_others,
    sums_of,
    with_share_of_others,
)
from coverage_engine.frames.lookups import looked_up
from coverage_engine.recommend.evidence.inputs import Surroundings
from coverage_engine.recommend.evidence.trades import trade_words

ASSOCIATION = packed(
    "told_association",
    ("association_league",),
    {"association_size": MOST, "association_covered_share": WHOLE},
)
SOCIETY = packed(
    "told_society", ("society_appraisal", "society_entrepreneurs"), {"society_covered_share": WHOLE}
)


def with_park(frame: Lazy, around: Surroundings) -> Lazy:
    """Adds the park's administration, bodies and covered share; `in_park` says what a blank park means."""
    parks = around.tables["parks"].select(
        nw.col("park_id").alias("park_key"),
        nw.col("administration").alias("park_administration"),
        nw.col("work_committee").alias("park_work_committee"),
        nw.col("party").alias("park_party_known"),
        nw.col("youth_home").alias("park_youth_home"),
        address().alias("at_park"),
    )
    # Every park that a firm names has sums, whether the ledger of parks has it or not.
    sums = sums_of(around.sites.filter(~nw.col("park_id").is_null()), "park_id")
    hubs = looked_up(sums, parks, "park_id", "park_key").rename({"park_id": "park_named"})
    there = ~nw.col("park_id").is_null()
    return (
        looked_up(frame, hubs, "park_id", "park_named")
        .with_columns(share_of_others().alias("park_covered_share"))
        .with_columns(nw.when(there).then(nw.lit(True)).otherwise(nw.col("in_park")).alias("in_park"))
        .with_columns(
            # A firm outside every park has no park's Party organisation above it: known, not unknown.
            nw.when(there).then(nw.col("park_party_known")).otherwise(nw.col("in_park")).alias("park_party")
        )
        .drop("park_party_known", "all_known", "all_covered", "all_members")
    )


def association_facts(around: Surroundings) -> Lazy:
    """The association best placed to help: with a League organisation, then the most covered."""
    pairs = links(around.tables["association_members"], "enterprise_id", "association_id")
    shares = with_share_of_others(
        pairs, around.states, "enterprise_id", "association_id", "association_covered"
    ).with_columns(nw.col("association_covered_size").alias("association_size"))
    hubs = around.tables["associations"].select(
        nw.col("association_id").alias("hub_id"),
        nw.col("league_organisation").alias("association_league"),
        nw.col("name").alias("name_association"),
        # The words are looked for once an association, not once a firm: a bit for each trade.
        _trades_said(nw.col("industry")).alias("association_trades"),
        address().alias("at_association"),
    )
    known = looked_up(shares, hubs, "association_id", "hub_id")
    merit = coded(nw.col("association_league")) * 2000 + nw.col("association_covered_share").fill_null(0)
    return best(known, "enterprise_id", "association_id", merit).select(
        *("enterprise_id", "name_association", "at_association", "association_trades"),
        nw.col("at").alias("at_association_member"),
        ASSOCIATION.encode(),
    )


def with_association(frame: Lazy) -> Lazy:
    """Completes what is told of the association: whether it is of the firm's trade."""
    matched = _with_trade_bits(frame).with_columns(_same_trade().alias("association_trade"))
    return matched.drop("association_trades", "section_bit", "sector_bit")


def society_facts(around: Surroundings) -> Lazy:
    """The society best placed to help: where the firm is up for an award, then the most covered."""
    pairs = links(around.tables["society_members"], "enterprise_id", "society_id", "appraisal")
    shares = with_share_of_others(pairs, around.states, "enterprise_id", "society_id", "society_covered")
    kind = nw.col("kind")
    hubs = around.tables["societies"].select(
        nw.col("society_id").alias("hub_id"),
        nw.col("name").alias("name_society"),
        kind.is_in(["young_entrepreneurs", "youth_chamber"]).alias("society_entrepreneurs"),
    )
    known = looked_up(shares, hubs, "society_id", "hub_id")
    merit = nw.col("appraisal") * 2000 + nw.col("society_covered_share").fill_null(0)
    chosen = best(known, "enterprise_id", "society_id", merit).with_columns(
        decoded(nw.col("appraisal")).alias("society_appraisal")
    )
    return chosen.select(
        *("enterprise_id", "name_society"), nw.col("at").alias("at_society_member"), SOCIETY.encode()
    )


def with_department(localities: Lazy, around: Surroundings) -> Lazy:
    """Adds the regulating department: the one that the ledger names, else the one that lists its trade."""
    hubs = around.tables["departments"].select(
        nw.col("department_id").alias("hub_id"),
        nw.col("name").alias("name_department"),
        nw.col("work_committee").alias("department_work_committee"),
        nw.col("division_code").alias("department_division"),
        address().alias("at_department"),
    )
    named = nw.when(~nw.col("department_id").is_null()).then(nw.lit(True))
    marked = localities.with_columns(named.otherwise(nw.col("blank_department")).alias("department_named"))
    joined = marked.drop("blank_department").with_columns(
        nw.coalesce(nw.col("department_id"), nw.col("trade_department_id")).alias("department_id")
    )
    there = ~nw.col("department_id").is_null()
    return (
        attach(joined, hubs, "department_id", "hub_id")
        .with_columns(
            nw.when(there)
            .then(nw.lit(True))
            .otherwise(around.absent("government_agencies"))
            .alias("regulated"),
            (nw.col("department_division") == nw.col("county_code")).alias("department_local"),
        )
        .drop("trade_department_id", "department_division")
    )


def _says(words: nw.Expr, trade: str) -> nw.Expr:
    """Whether the words of an association speak of a trade."""
    return words.str.contains("|".join(trade_words()[trade]))


def _same_trade() -> nw.Expr:
    """Whether the association's trade is the firm's; unknown where either is not recognised."""
    trades = nw.col("association_trades")
    comparable = (trades > 0) & ~nw.col("section").is_null()
    return nw.when(comparable).then(_said(trades))


def _said(trades: nw.Expr) -> nw.Expr:
    """Whether the section or the youth-rich sector of the firm is among these trades."""
    same = [(trades // nw.col(f"{kind}_bit")) % 2 == 1 for kind in ("section", "sector")]
    return nw.any_horizontal(*same, ignore_nulls=True)


@cache
def _trades() -> Coding:
    """A set of trades: whether each is among them. It is told apart with a bit of the firm's own row."""
    return Coding("association_trades", tuple(map(flag, trade_words())), compared=True)


def _trades_said(words: nw.Expr) -> nw.Expr:
    said = {trade: _says(words, trade).fill_null(False) for trade in trade_words()}
    return _trades().encode(**said)


def _with_trade_bits(frame: Lazy) -> Lazy:
    """Adds `section_bit` and `sector_bit`: the bit of a firm's trade among those spoken of."""
    # Nobody says the bit of a trade that is not told.
    weights = _trades().weights
    untold = nw.lit(2 * max(weights.values())).cast(nw.Int64)
    bits = {"section": untold, "sector": untold}
    for trade, weight in weights.items():
        kind = "section" if len(trade) == 1 else "sector"
        bit = nw.lit(weight).cast(nw.Int64)
        bits[kind] = nw.when(nw.col(kind) == trade).then(bit).otherwise(bits[kind])
    return frame.with_columns(*(bit.alias(f"{kind}_bit") for kind, bit in bits.items()))
