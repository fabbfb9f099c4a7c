"""Doubtful pairs: what the names leave open, kept for a person to answer, the weightiest first.

Pairs stand in the order of what the answer would move: whether an enterprise is covered, how many enterprises
there are, whether it must be covered, or only by which relation it can be reached; then by its young staff.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from coverage_engine.ledgers.identity.decisions import Decision
from coverage_engine.ledgers.identity.name_matching import match_names, match_within, merely_like, reasons
from coverage_engine.ledgers.identity.one_to_one import ask_contested
from coverage_engine.model.tables import SNAPSHOT_TABLES, conform, empty

_TABLE = SNAPSHOT_TABLES["doubtful_pairs"]
_EFFECTS = ("coverage", "count", "duty", "link")
"""What an answer may move, the weightiest first."""

Judge = Callable[[pl.DataFrame, Sequence[Decision]], pl.DataFrame]
"""A stricter rule of one ledger: pairs (`_order`, `name`, `name_of_firm`, `verdict`, `left`, `right`) with
the verdicts that it gives, whatever a person has answered kept."""


class Doubts:
    """Asks the matcher with the decisions given so far, and collects the pairs it leaves open."""

    def __init__(self, decisions: Sequence[Decision] = ()) -> None:
        self._decisions = tuple(decisions)
        self._frames: list[pl.DataFrame] = []

    def match(
        self,
        records: pl.DataFrame,
        firms: pl.DataFrame,
        ledger: str,
        taken: pl.DataFrame | None = None,
        judge: Judge | None = None,
    ) -> pl.DataFrame:
        """Pairs of rows of `records` (numbered in `_order`) and enterprises; asked ones are kept as doubts.

        Columns: `_order`, `enterprise_id`, `name_of_firm`, `verdict`, `how_name`. `records` have `name`,
        `source`, `row`, perhaps `credit_code`, `county_code`, `city_code`; `firms` also `enterprise_id` and
        what the weight is taken from. With `taken` (`scope`, `enterprise_id`, `plain`: what other rows have
        already) the relation is one-to-one within each `scope` of the records. `judge` may be stricter.
        """
        pairs = match_names(records, firms, self._decisions)
        judged = _described(pairs, records, firms, ledger)
        if judge is not None:
            judged = judge(judged, self._decisions)
        if taken is not None:
            scopes = records["scope"].gather(judged["record"])
            judged = ask_contested(judged.with_columns(scopes), taken, self._decisions)
            already_taken = pl.col("enterprise_id").is_in(taken["enterprise_id"].implode())
            # What another row has brought about already, this one cannot move.
            judged = judged.with_columns(
                effect=pl.when(already_taken).then(pl.lit("link")).otherwise("effect")
            )
        self._add_open(judged)
        return judged.select("_order", "enterprise_id", "name_of_firm", "verdict", "how_name")

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The answers given so far."""
        return self._decisions

    def ask_about(self, rows: pl.DataFrame, firms: pl.DataFrame, ledger: str) -> None:
        """Asks whether `rows` without code are one of the `firms`, or one another; columns as of `match`.

        Both have `enterprise_id`. Of mere likeness a row is asked about once: about what it is most like.
        """
        settled = pl.Series("_order", [], dtype=pl.UInt32)
        if firms.height:
            pairs = match_names(rows, firms, self._decisions)
            beside = self._once(_described(pairs, rows, firms, ledger).with_columns(verdict=pl.lit("ask")))
            self._add_open(beside)
            settled = beside.filter(_weak())["_order"]
        if rows.height > 1:
            alike = match_within(rows, self._decisions).rename({"record": "firm", "firm": "record"})
            among = _described(alike, rows, rows, ledger)
            open_ones = ~(_weak() & pl.col("_order").is_in(settled.implode()))
            self._add_open(self._once(among.filter(open_ones)))

    @staticmethod
    def _once(pairs: pl.DataFrame) -> pl.DataFrame:
        best = pairs.filter(_weak()).sort(
            "_order", "score", "left", "right", descending=[False, True, False, False]
        )
        return pl.concat([pairs.filter(~_weak()), best.unique("_order", keep="first", maintain_order=True)])

    def _add_open(self, pairs: pl.DataFrame) -> None:
        open_pairs = pairs.filter(pl.col("verdict") == "ask")
        if open_pairs.height:
            self._frames.append(open_pairs)

    def table(self) -> pl.DataFrame:
        """The snapshot table `doubtful_pairs`, weightiest first."""
        if not self._frames:
            return empty(_TABLE)
        columns = [column.name for column in _TABLE if column.name != "doubt"]
        doubts = pl.concat([frame.select(columns) for frame in self._frames])
        order = ["weight", "score", "left", "right", "ledger", "source", "row"]
        rank = pl.col("effect").replace_strict(
            {effect: place for place, effect in enumerate(_EFFECTS)}, return_dtype=pl.Int64
        )
        ranked = doubts.sort(rank, *order, descending=[False, True, True, *[False] * 5])
        once = ranked.unique(["left", "right"], keep="first", maintain_order=True)
        known = pl.when(pl.col("ledger") != "enterprises").then("enterprise_id")
        return conform(
            once.with_columns(known.alias("enterprise_id")).with_row_index("doubt", offset=1), _TABLE
        )


# ---------------------------------------------------------------------------------------------- private


def _described(pairs: pl.DataFrame, records: pl.DataFrame, firms: pl.DataFrame, ledger: str) -> pl.DataFrame:
    """Pairs with the address of the record, the firm, the weight and the reasons in words."""
    return pairs.with_columns(
        records["_order"].gather(pairs["record"]),
        records["name"].gather(pairs["record"]),
        records["source"].gather(pairs["record"]),
        records["row"].gather(pairs["record"]),
        firms["enterprise_id"].gather(pairs["firm"]).cast(pl.Int32),
        firms["name"].gather(pairs["firm"]).alias("name_of_firm"),
        firms.select(_young()).to_series().gather(pairs["firm"]).alias("weight"),
        firms.with_columns(_effect(ledger))["effect"].gather(pairs["firm"]).alias("effect"),
        reasons(pairs).alias("reasons"),
        pl.lit(ledger).alias("ledger"),
    )


def _weak() -> pl.Expr:
    """Names that are only like each other: one character, a number, one the beginning of the other."""
    return pl.col("how_name").is_in(merely_like())


def _young() -> pl.Expr:
    return pl.coalesce("young_employees", "league_members", pl.lit(0)).clip(lower_bound=1)


def _effect(ledger: str) -> pl.Expr:
    """What it would move if a record of this ledger were the enterprise."""
    own = (pl.col("league_form") == "own").fill_null(False)
    covered = pl.col("league_form").is_not_null() & (pl.col("league_form") != "none")
    party = pl.col("party").is_not_null() & (pl.col("party") != "none")
    moved: dict[str, tuple[str, pl.Expr]] = {
        "league_organisations": ("coverage", ~own),
        "joint_coverage": ("coverage", ~covered),
        "enterprises": ("count", pl.lit(True)),
        "party_organisations": ("duty", ~covered & ~party),
        "society_members": ("duty", ~covered),
    }
    effect, where = moved.get(ledger, ("link", pl.lit(True)))
    return pl.when(where).then(pl.lit(effect)).otherwise(pl.lit("link")).alias("effect")
