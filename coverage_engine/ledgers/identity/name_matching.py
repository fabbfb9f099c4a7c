"""Which firm of a register a record means, by name, place and code: certain, asked about, or none.

`records` and `register` have `name`, and where known the FACTS of firm_facts; the register's `claim` says
whether the firm itself tells that it has what the record speaks of. A record is matched only by the same
code, or by the one firm whose name is spelled the same and of which nothing contradicts. Likeness, told as a
sum of reasons, is asked about:

- never a branch office with its headquarters, or with another office;
- never two different credit codes;
- never one brand in two cities, or in two trades.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import polars as pl

from coverage_engine.content import checked_content
from coverage_engine.ledgers.identity.candidates import candidate_pairs, pairs_within
from coverage_engine.ledgers.identity.decisions import Decision, decided
from coverage_engine.ledgers.identity.firm_facts import (
    FACTS,
    contradicted,
    other_street,
    same_street,
    with_facts,
)
from coverage_engine.ledgers.identity.firm_names import firm_parts
from coverage_engine.ledgers.word_shapes import FirmNamesFile

STEPS = ("base", "code", "name", "place", "form", "claim", "address", "staff", "registration", "industry")
"""The reasons of a score, in the order in which they are told."""

_PAIR_COLUMNS = ("record", "firm", "score", *STEPS, *(f"how_{step}" for step in STEPS), "left", "right")
_SCALE = 1_000_000
_BY_CODE, _BY_NAME = 2, 1
"""What a match is certain by: the code stands above the name."""
_LONG_BRAND = 3
"""Brands of two characters often differ in one without being the same firm."""
_UNCOMPARED = ("name", "address", "credit_code_older", "whole")
_ORDINALS = r"[0-9一二三四五六七八九十百零甲乙丙丁]"
_STAFF_RATIO = 3
"""So many times the staff is hardly the same firm."""


def match_names(
    records: pl.DataFrame, register: pl.DataFrame, decisions: Sequence[Decision] = ()
) -> pl.DataFrame:
    """The pairs that count, one row for each record and firm that is matched or asked about.

    Columns: `record`, `firm` (row numbers from 0), `verdict` (match | ask), `score` and its steps (STEPS:
    integer millionths of log-odds that add up to the score), and `how_*` naming each reason. A matched
    record has one row, an asked one a row for each candidate.
    """
    left, right = _prepared(records, "record"), _prepared(register, "firm")
    pairs = _scored(_beside(candidate_pairs(left, right), left, right))
    return _verdicts(_with_decisions(pairs, decisions)).sort(
        "record", "score", "firm", descending=[False, True, False]
    )


def match_within(records: pl.DataFrame, decisions: Sequence[Decision] = ()) -> pl.DataFrame:
    """Pairs of firms of one frame that may be the same, all to be asked; columns as of `match_names`.

    `record` < `firm`; what a person has answered is not asked again.
    """
    frame = _prepared(records, "record").with_columns(firm="record")
    right = frame.drop("record")
    pairs = _scored(_beside(pairs_within(frame), frame.drop("firm"), right))
    likely = pairs.filter((pl.col("score") >= _line("ask")) | (pl.col("certain") > 0))
    unanswered = _with_decisions(likely, decisions).filter(pl.col("same").is_null())
    return unanswered.select(*_PAIR_COLUMNS[:2], pl.lit("ask").alias("verdict"), *_PAIR_COLUMNS[2:]).sort(
        "record", "firm"
    )


def name_key(plain: pl.Expr, code: pl.Expr, place: pl.Expr) -> pl.Expr:
    """What a firm or record is called from one import to the next: its code, else plain name and place."""
    return pl.coalesce(code, pl.concat_str(plain, pl.lit("|"), place.fill_null("")))


def merely_like() -> list[str]:
    """The reasons of names that two firms often have: asked about, but not about many firms."""
    like = _content()["names"]["merely_like"]
    return [str(reason) for reason in like] if isinstance(like, list) else []


def reasons(pairs: pl.DataFrame) -> pl.Series:
    """Each pair's score in words, step by step: 起点 -4.0；名称相同 +8.0；…"""
    words = _content()["words"]
    phrases = [
        pl.when(pl.col(f"how_{step}") != "").then(
            pl.format(
                "{} {}{}",
                pl.col(f"how_{step}").replace_strict(words, default="", return_dtype=pl.String),
                pl.when(pl.col(step) < 0).then(pl.lit("")).otherwise(pl.lit("+")),
                (pl.col(step) / _SCALE).cast(pl.String),
            )
        )
        for step in STEPS
    ]
    return pairs.select(
        pl.concat_str(phrases, separator="；", ignore_nulls=True).alias("reasons")
    ).to_series()


# ---------------------------------------------------------------------------------------------- private


@cache
def _content() -> dict[str, dict[str, object]]:
    content: dict[str, dict[str, object]] = checked_content(
        FirmNamesFile, "data", "ledgers", "words", "firm_names.toml"
    )
    return content


def _points(name: str) -> int:
    return round(float(str(_content()["weights"][name])) * _SCALE)


def _line(name: str) -> int:
    return round(float(str(_content()["thresholds"][name])) * _SCALE)


def _prepared(frame: pl.DataFrame, number: str) -> pl.DataFrame:
    """Rows with their number and the parts of their names; city from the county's pair or from the name."""
    rows = with_facts(frame).select("name", *FACTS, "kind", "number", "street").with_row_index(number)
    joined = rows.join(firm_parts(rows["name"]), on="name", how="left", maintain_order="left")
    return joined.with_columns(
        pl.col(number).cast(pl.UInt32),
        # The place in the name of an office is that of its headquarters.
        near=pl.coalesce("city_code", pl.when(pl.col("office").is_null()).then("name_city")),
        whole=pl.concat_str("core", pl.lit("|"), pl.col("office").fill_null("")),
    ).filter(pl.col("plain").is_not_null())


def _beside(pairs: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    others = right.drop(_UNCOMPARED)
    others = others.rename({name: f"{name}_2" for name in others.columns if name != "firm"})
    return pairs.join(left.drop("claim", *_UNCOMPARED), on="record").join(others, on="firm")


def _scored(pairs: pl.DataFrame) -> pl.DataFrame:
    # What is dear is asked only of pairs that can be one firm.
    judged = pairs.select(_possible().alias("possible"), _name_reason().alias("how_name"))
    worth_scoring = judged["possible"].fill_null(False) & judged["how_name"].is_not_null()
    named = pairs.filter(worth_scoring).with_columns(judged["how_name"].filter(worth_scoring))
    how = named.with_columns(
        how_base=pl.lit("base"),
        how_code=pl.when(pl.col("credit_code") == pl.col("credit_code_2"))
        .then(pl.lit("code_same"))
        .otherwise(pl.lit("")),
        how_place=_place_reason(),
        how_form=_form_reason(),
        how_claim=_either("claim_2", "claim_agrees", "claim_denies"),
        how_address=_either(_street(), "address_same", "address_differs"),
        how_staff=_either(_staff(), "staff_same", "staff_differs"),
        how_registration=_either(_same("registration_type"), "", "registration_differs"),
        how_industry=_either(_same("section"), "industry_same", "industry_differs"),
    )
    weights = {"": 0, **{name: _points(name) for name in _content()["weights"]}}
    steps = [
        pl.col(f"how_{step}").replace_strict(weights, return_dtype=pl.Int64).alias(step) for step in STEPS
    ]
    certain = (
        pl.when(pl.col("how_code") != "")
        .then(_BY_CODE)
        .when((pl.col("spelled") == pl.col("spelled_2")) & ~contradicted())
        .then(_BY_NAME)
        .otherwise(0)
    )
    return how.with_columns(*steps, certain=certain).with_columns(score=pl.sum_horizontal(STEPS))


def _either(holds: str | pl.Expr, yes: str, no: str) -> pl.Expr:
    """The reason of something that holds, or does not; none where it is unknown."""
    fact = pl.col(holds) if isinstance(holds, str) else holds
    return pl.when(fact).then(pl.lit(yes)).when(~fact).then(pl.lit(no)).otherwise(pl.lit(""))


def _same(name: str) -> pl.Expr:
    return pl.col(name) == pl.col(f"{name}_2")


def _street() -> pl.Expr:
    """True for one address, false for two that begin differently, null between."""
    return pl.when(same_street()).then(True).when(other_street()).then(False)


def _staff() -> pl.Expr:
    """True for the same number, false for several times as many."""
    less = pl.min_horizontal("employees", "employees_2")
    more = pl.max_horizontal("employees", "employees_2")
    both = pl.col("employees").is_not_null() & pl.col("employees_2").is_not_null()
    return (
        pl.when(both & (less == more) & (less > 1))
        .then(True)
        .when(both & (more > _STAFF_RATIO * less.clip(lower_bound=1)))
        .then(False)
    )


def _possible() -> pl.Expr:
    """What no score outweighs: other code, other office, other city or trade in the name."""
    same_code = (pl.col("credit_code") == pl.col("credit_code_2")).fill_null(False)
    one_code = (pl.col("credit_code") == pl.col("credit_code_2")).fill_null(True)
    one_office = pl.col("office").eq_missing(pl.col("office_2"))
    city = (pl.col("name_city") == pl.col("name_city_2")).fill_null(True)
    county = (pl.col("name_county") == pl.col("name_county_2")).fill_null(True)
    trade = (pl.col("trade") == "") | (pl.col("trade_2") == "") | (pl.col("trade") == pl.col("trade_2"))
    kind = (
        (pl.col("form") == pl.col("form_2"))
        | ((pl.col("form") == "") & ((pl.col("trade_2") != "") | (pl.col("core") == pl.col("core_2"))))
        | ((pl.col("form_2") == "") & ((pl.col("trade") != "") | (pl.col("core") == pl.col("core_2"))))
    )
    alike = one_office & ((city & county & trade & kind) | (pl.col("spelled") == pl.col("spelled_2")))
    return same_code | (one_code & (alike | _former()))


def _name_reason() -> pl.Expr:
    """How the names agree; null where they do not."""
    core = pl.col("core") == pl.col("core_2")
    one_word = pl.col("place_word") == pl.col("place_word_2")
    one_form = pl.col("legal_form") == pl.col("legal_form_2")
    one_place = pl.col("bracketed") == pl.col("bracketed_2")
    unstated = (pl.col("place_word") == "") | (pl.col("place_word_2") == "")
    brand = _begins("core", "trade", "core_2") | _begins("core_2", "trade_2", "core")
    only_trade = (pl.col("core") == pl.col("brand_2")) | (pl.col("core_2") == pl.col("brand"))
    near = pl.col("one_character")
    bare, other = (pl.col(core).str.replace_all(_ORDINALS, "") for core in ("core", "core_2"))
    short = pl.col("brand").str.len_chars() < _LONG_BRAND
    reasons = (
        (pl.col("plain") == pl.col("plain_2"), "name_identical"),
        (pl.col("spelled") == pl.col("spelled_2"), "name_spelling"),
        (_former(), "name_former"),
        (core & one_word & (one_form | one_place), "name_form"),
        (core & one_word, "name_form_and_place"),
        (core & unstated, "name_place_unstated"),
        (core, "name_place_wider"),
        (brand & ~only_trade, "name_longer"),
        (brand & one_word & ~short, "name_trade_unstated"),
        (brand, "name_trade_and_place_unstated"),
        (near & (bare == other), "name_ordinal"),
        (near & one_word & short, "name_one_character_short"),
        (near & one_word, "name_one_character"),
        (near & unstated & ~short, "name_one_character_place_unstated"),
        (pl.col("credit_code") == pl.col("credit_code_2"), "name_of_code_only"),
    )
    return pl.coalesce(pl.when(holds).then(pl.lit(reason)) for holds, reason in reasons)


def _former() -> pl.Expr:
    """The former name that one of them tells is the name of the other, or what it tells as well."""
    names = [("former", "spelled_2"), ("spelled", "former_2"), ("former", "former_2")]
    return pl.any_horizontal((pl.col(one) == pl.col(other)).fill_null(False) for one, other in names)


def _begins(core: str, trade: str, other: str) -> pl.Expr:
    """One name states no trade, and the other goes on where it ends."""
    return (pl.col(trade) == "") & pl.col(other).str.starts_with(pl.col(core))


def _place_reason() -> pl.Expr:
    county = pl.col("county_code") == pl.col("county_code_2")
    other_county = pl.col("county_code") != pl.col("county_code_2")
    city = pl.col("near") == pl.col("near_2")
    return (
        pl.when(county)
        .then(pl.lit("place_county"))
        .when(pl.col("near") != pl.col("near_2"))
        .then(pl.lit("place_other_city"))
        .when(other_county & city)
        .then(pl.lit("place_other_county"))
        .when(city & pl.col("city_code").is_not_null() & pl.col("city_code_2").is_not_null())
        .then(pl.lit("place_city"))
        .otherwise(pl.lit("place_unknown"))
    )


def _form_reason() -> pl.Expr:
    both_stated = (pl.col("form") != "") & (pl.col("form_2") != "")
    return (
        pl.when(both_stated & (pl.col("group") != pl.col("group_2")))
        .then(pl.lit("group_differs"))
        .when(both_stated & (pl.col("stock") != pl.col("stock_2")))
        .then(pl.lit("stock_differs"))
        .otherwise(pl.lit(""))
    )


def _with_decisions(pairs: pl.DataFrame, decisions: Sequence[Decision]) -> pl.DataFrame:
    keyed = pairs.with_columns(
        left=name_key(pl.col("plain"), pl.col("credit_code"), pl.coalesce("county_code", "city_code")),
        right=name_key(
            pl.col("plain_2"), pl.col("credit_code_2"), pl.coalesce("county_code_2", "city_code_2")
        ),
    )
    return keyed.join(decided(decisions), on=["left", "right"], how="left", maintain_order="left").filter(
        pl.col("same").fill_null(True)
    )


def _verdicts(pairs: pl.DataFrame) -> pl.DataFrame:
    """Match the one certain firm, or the one that a person has named; ask about the likeliest else.

    A record is one firm: of two that a person has called the same, the last answer counts.
    """
    ranked = pairs.with_columns(_most=pl.col("certain").max().over("record")).with_columns(
        _fits=((pl.col("certain") == pl.col("_most")) & (pl.col("_most") > 0)).sum().over("record"),
        _best=pl.col("score").max().over("record"),
        _answered=pl.col("same").fill_null(False).any().over("record"),
        _last=pl.col("answer").filter(pl.col("same").fill_null(False)).max().over("record"),
    )
    sure = pl.col("_fits") == 1
    likely = (pl.col("score") >= _line("ask")) & (pl.col("score") > pl.col("_best") - 2 * _line("margin"))
    return (
        ranked.filter(
            pl.when("_answered")
            .then((pl.col("answer") == pl.col("_last")).fill_null(False))
            .when(sure)
            .then(pl.col("certain") == pl.col("_most"))
            .otherwise(likely | ((pl.col("certain") == pl.col("_most")) & (pl.col("_most") > 0)))
        )
        .with_columns(
            verdict=pl.when(pl.col("_answered") | sure).then(pl.lit("match")).otherwise(pl.lit("ask"))
        )
        .select(*_PAIR_COLUMNS[:2], "verdict", *_PAIR_COLUMNS[2:])
    )
