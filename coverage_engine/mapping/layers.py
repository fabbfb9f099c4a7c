"""The plan's tables as the data of each layer: county figures, enterprise points, parks."""

from __future__ import annotations

from typing import Any

import polars as pl

from coverage_engine.mapping.links import packed_links
from coverage_engine.mapping.packing import BLOCK_ROWS, packed_column, packed_texts
from coverage_engine.mapping.placing import placed
from coverage_engine.model.plan import Plan
from coverage_engine.model.vocabulary import Answer, CoverageState, Obligation, Tier

CATEGORIES = ("duty_bound", "eligible", "operating")
_FIGURES = (
    "denominator_low",
    "denominator_high",
    "own_low",
    "own_high",
    "joint_low",
    "joint_high",
    "rate_low",
    "rate_high",
    "joint_rate_low",
    "joint_rate_high",
    "must",
    "should",
    "undetermined",
    "targets",
)
_ESTIMATES = ("known", "known_gap", "gap_smoothed", "gap_low", "gap_high", "hot_z", "hot_p", "hot")
_PARK_TEXTS = ("name", "city", "county")
_PARK_FACTS = ("work_committee", "party", "approximate")
_PARK_COUNTS = ("enterprises", "non_public", "own", "joint", "uncovered_duty", "rate_low", "rate_high")
# One hundred-thousandth of a degree is about a metre; cells of 0.05 degrees are what the page draws by.
_DEGREE = 100_000
_CELL = 5_000
_UNKNOWN_BYTE = 255
# How exactly a place is known: as given, around the centre of its division, not at all (listed, not drawn).
_GIVEN, _APPROXIMATE, _UNPLACED = 0, 1, 2


def division_figures(plan: Plan) -> dict[str, Any]:
    """Rows of the table `coverage` by level, with each denominator's figures in the order of `columns`.

    Counties also have `estimates` by denominator, in the order of `estimate_columns`.
    """
    figures = plan["coverage"].filter(pl.col("category").is_in(CATEGORIES))
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for record in figures.sort("level", "division_code", "division").iter_rows(named=True):
        place = (record["level"], record["division_code"], record["division"])
        row = rows.setdefault(
            place, {"level": place[0], "code": place[1], "name": place[2] or place[1], "figures": {}}
        )
        row["figures"][record["category"]] = [record[name] for name in _FIGURES]
    for record in plan["county_estimates"].iter_rows(named=True):
        found = rows.get(("county", record["division_code"], record["division"]))
        if found is not None:
            found.setdefault("estimates", {})[record["category"]] = [record[name] for name in _ESTIMATES]
    return {
        "columns": _FIGURES,
        "estimate_columns": _ESTIMATES,
        "categories": CATEGORIES,
        "rows": list(rows.values()),
    }


def enterprise_points(plan: Plan, centres: pl.DataFrame, palette: dict[str, Any]) -> dict[str, Any]:
    """Targets and covered enterprises as packed columns and text blocks, in the order of their map cells."""
    shown = _shown(plan["enterprises"])
    located = placed(shown, "enterprise_id", centres, palette["points"]).with_columns(_whether_placed())
    symbols = [symbol["key"] for symbol in palette["symbols"]]
    rows = _in_cells(_with_paths(located, plan["recommendations"])).with_columns(_codes(symbols))
    divisions = rows.select("city", "county").unique().sort("city", "county", nulls_last=True)
    keyed = rows.join(
        divisions.with_row_index("division_index"),
        on=["city", "county"],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    return {
        "count": keyed.height,
        "unplaced": int((keyed["approximate"] == _UNPLACED).sum()),
        "approximate": int((keyed["approximate"] == _APPROXIMATE).sum()),
        "block_rows": BLOCK_ROWS,
        "divisions": [[city or "", county or ""] for city, county in divisions.iter_rows()],
        "columns": {name: packed_column(keyed[name], kind) for name, kind in _PACKED.items()},
        "links": packed_links(plan["links"], keyed["enterprise_id"]),
        "names": packed_texts([keyed["name"], keyed["credit_code"]]),
        "details": packed_texts([keyed[name] for name in _DETAILS]),
        "detail_columns": _DETAILS,
    }


def park_points(plan: Plan, centres: pl.DataFrame, points: dict[str, float]) -> dict[str, Any]:
    """Parks as plain columns; those without a usable place are counted as unplaced."""
    located = placed(_with_codes(plan["parks"], centres), "park_id", centres, points)
    drawn = located.drop_nulls(["place_lon", "place_lat"]).sort("park_id")
    columns = (*_PARK_TEXTS, *_PARK_FACTS, *_PARK_COUNTS)
    return {
        **{name: drawn[name].to_list() for name in columns},
        "longitude": drawn["place_lon"].round(5).to_list(),
        "latitude": drawn["place_lat"].round(5).to_list(),
        "unplaced": located.height - drawn.height,
    }


# ---------------------------------------------------------------------------------------------- private

_PACKED = {
    "longitude_e5": "i32",
    "latitude_e5": "i32",
    "symbol": "u8",
    "state": "u8",
    "obligation": "u8",
    "verified": "u8",
    "tiers_bits": "u8",
    "approximate": "u8",
    "division_index": "u16",
    "rank": "i32",
    "path1": "u8",
    "path2": "u8",
    "path3": "u8",
    "chance1": "u8",
    "chance2": "u8",
    "chance3": "u8",
}
_DETAILS = ("ground_text", "missing_facts", "lead_unit", "reasons", "flip_fact", "reasons2", "reasons3")


def _shown(enterprises: pl.DataFrame) -> pl.DataFrame:
    covered = pl.col("coverage_state").is_in([CoverageState.OWN.value, CoverageState.JOINT.value])
    return enterprises.filter(pl.col("is_target").fill_null(False) | covered.fill_null(False))


def _whether_placed() -> list[pl.Expr]:
    """Firms without any place stay in lists and counts; their coordinates are zero and never drawn."""
    nowhere = pl.col("place_lon").is_null() | pl.col("place_lat").is_null()
    known = pl.when("approximate").then(_APPROXIMATE).otherwise(_GIVEN)
    return [
        pl.when(nowhere).then(_UNPLACED).otherwise(known).alias("approximate"),
        *(pl.when(nowhere).then(0.0).otherwise(name).alias(name) for name in ("place_lon", "place_lat")),
    ]


def _with_paths(rows: pl.DataFrame, recommendations: pl.DataFrame) -> pl.DataFrame:
    """The first path with its words; number, chance and reasons of the second and third."""
    first = recommendations.filter(pl.col("rank") == 1).select(
        "enterprise_id",
        pl.col("path").alias("path1"),
        (pl.col("probability") * 100).round().alias("chance1"),
        "lead_unit",
        "reasons",
        "flip_fact",
    )
    rows = rows.join(first, on="enterprise_id", how="left", maintain_order="left")
    for rank in (2, 3):
        later = recommendations.filter(pl.col("rank") == rank).select(
            "enterprise_id",
            pl.col("path").alias(f"path{rank}"),
            (pl.col("probability") * 100).round().alias(f"chance{rank}"),
            pl.col("reasons").alias(f"reasons{rank}"),
        )
        rows = rows.join(later, on="enterprise_id", how="left", maintain_order="left")
    return rows


def _in_cells(rows: pl.DataFrame) -> pl.DataFrame:
    return (
        rows.with_columns(
            (pl.col("place_lon") * _DEGREE).round().cast(pl.Int32).alias("longitude_e5"),
            (pl.col("place_lat") * _DEGREE).round().cast(pl.Int32).alias("latitude_e5"),
        )
        .with_columns(
            (pl.col("latitude_e5") // _CELL).alias("cell_row"),
            (pl.col("longitude_e5") // _CELL).alias("cell"),
        )
        .sort("cell_row", "cell", "latitude_e5", "longitude_e5", "enterprise_id")
    )


def _codes(symbols: list[str]) -> list[pl.Expr]:
    """Words as their position in the vocabulary; 255 where there is none."""
    return [
        _position("coverage_state", list(CoverageState)).alias("state"),
        _position("obligation", list(Obligation)).alias("obligation"),
        _position("verified", list(Answer)).alias("verified"),
        _tier_bits().alias("tiers_bits"),
        _symbol(symbols).alias("symbol"),
        pl.col("priority_rank").fill_null(0).alias("rank"),
        *(pl.col(f"path{rank}").fill_null(0) for rank in (1, 2, 3)),
        *(pl.col(f"chance{rank}").fill_null(_UNKNOWN_BYTE).fill_nan(_UNKNOWN_BYTE) for rank in (1, 2, 3)),
    ]


def _position(column: str, words: list[Any]) -> pl.Expr:
    positions = {word.value: index for index, word in enumerate(words)}
    return pl.col(column).replace_strict(positions, default=_UNKNOWN_BYTE, return_dtype=pl.Int32)


def _tier_bits() -> pl.Expr:
    listed = pl.col("tiers").fill_null("").str.split(";")
    bits = [listed.list.contains(tier.value).cast(pl.Int32) * 2**bit for bit, tier in enumerate(Tier)]
    return pl.sum_horizontal(bits)


def _symbol(symbols: list[str]) -> pl.Expr:
    """Covered firms by their state, the others by their duty, then by what is not known."""
    state, obligation = pl.col("coverage_state"), pl.col("obligation")
    rules = [
        (state == CoverageState.OWN.value, "own"),
        (state == CoverageState.JOINT.value, "joint"),
        (obligation == Obligation.MUST_ESTABLISH.value, "must"),
        (obligation == Obligation.SHOULD_ESTABLISH.value, "should"),
        (
            (state == CoverageState.UNKNOWN.value) | (obligation == Obligation.UNDETERMINED.value),
            "unknown",
        ),
        (state == CoverageState.YOUTH_ONLY.value, "youth_only"),
    ]
    chosen = pl.lit(symbols.index("other"))
    for condition, key in reversed(rules):
        chosen = pl.when(condition.fill_null(False)).then(pl.lit(symbols.index(key))).otherwise(chosen)
    return chosen


def _with_codes(parks: pl.DataFrame, centres: pl.DataFrame) -> pl.DataFrame:
    """Codes of city and county from their names: county names alone (鼓楼区) stand in more than one city."""
    counties = centres.filter(pl.col("level") == "county").select(
        "city", pl.col("name").alias("county"), pl.col("code").alias("county_code")
    )
    cities = centres.filter(pl.col("level") == "city").select("city", pl.col("code").alias("city_code"))
    return parks.join(counties, on=["city", "county"], how="left", maintain_order="left").join(
        cities, on="city", how="left", maintain_order="left"
    )
