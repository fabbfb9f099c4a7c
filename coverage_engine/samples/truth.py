"""The truth behind the ledgers: states, duties and best paths, stated once more from the rules' own text.

An independent plain statement on the words of the ledgers, for tests to hold the engine against; nothing here
is shared with the rooms that compute states, duties and recommendations.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl

from coverage_engine.content import content_file
from coverage_engine.samples.geography import counties
from coverage_engine.samples.province import Province
from coverage_engine.samples.streams import Array
from coverage_engine.samples.success import modelled_paths


def write_truth(province: Province, sheets: Mapping[str, pl.DataFrame], folder: Path) -> None:
    """Writes `enterprises.parquet` and the sample's README into the truth folder."""
    folder.mkdir(parents=True, exist_ok=True)
    true_facts(province, sheets).write_parquet(folder / "enterprises.parquet")
    readme = content_file("data", "samples", "truth_readme.md").read_text("utf-8")
    (folder / "README.md").write_text(readme, "utf-8")


def true_facts(province: Province, sheets: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """One row per enterprise in ledger order; the columns are explained in the README beside the file."""
    ledger, firms = sheets["企业台账"], province.firms
    society = np.isin(ledger["企业名称"].to_numpy(), sheets["团属社团台账"]["会员单位"].unique().to_numpy())
    scope, non_public, operating = _scope(ledger)
    state = _state(ledger, scope)
    duty = _obligation(ledger, scope, society)
    chances = np.where((duty != "none")[:, None], province.chances, np.nan)
    best = np.argmax(np.nan_to_num(chances, nan=-1.0), axis=1) if len(chances) else np.zeros(0, np.int64)
    smart_league = _in_smart_league(province, ledger["团组织名称"])
    places = counties()
    county = firms["county"].to_numpy()
    return pl.DataFrame(
        {
            "name": ledger["企业名称"],
            "credit_code": ledger["统一社会信用代码"],
            "division_code": pl.Series(places.code[county], dtype=pl.String),
            "city_code": pl.Series(places.city_code[places.city[county]], dtype=pl.String),
            "employees": ledger["从业人员数"],
            "young": ledger["青年数"],
            "members": ledger["团员数"],
            "hidden_members": firms["hidden"],
            "above_scale": ledger["规模以上"] == "是",
            "top_hundred_rank": ledger["百强位次"],
            "party": ledger["党组织"].replace_strict({"单独": "own", "联合": "joint", "无": "none"}),
            "union": ledger["工会"] == "有",
            "society_member": pl.Series(society),
            "entity_kind": firms["entity"],
            "non_public": pl.Series(non_public),
            "operating": pl.Series(operating),
            "in_scope": pl.Series(scope),
            "coverage_state": pl.Series(state, dtype=pl.String),
            "obligation": pl.Series(duty, dtype=pl.String),
            "in_smart_league": smart_league["found"],
            "smart_league_name": smart_league["name"],
            "named_alike": smart_league["alike"],
            "longitude": firms["longitude"],
            "latitude": firms["latitude"],
            "best_path": _where(duty != "none", np.array(modelled_paths())[best]),
            "best_probability": _where(
                duty != "none", np.nanmax(np.c_[chances, np.zeros(len(duty))], axis=1)
            ),
            **{
                f"probability_{path}": pl.Series(chances[:, column]).fill_nan(None)
                for column, path in enumerate(modelled_paths())
            },
        }
    )


# ---------------------------------------------------------------------------------------------- private


def _words(ledger: pl.DataFrame, header: str) -> Array:
    return ledger[header].to_numpy()


def _scope(ledger: pl.DataFrame) -> tuple[Array, Array, Array]:
    """In scope: an enterprise (code 91) that is non-public by control and in operation."""
    non_public = np.isin(_words(ledger, "控股情况"), ["私人控股", "港澳台控股", "外商控股"])
    operating = _words(ledger, "营业状态") == "在营"
    enterprise = ledger["统一社会信用代码"].str.starts_with("91").to_numpy()
    return non_public & operating & enterprise, non_public, operating


def _state(ledger: pl.DataFrame, scope: Array) -> Array:
    league, youth = _words(ledger, "团组织"), _words(ledger, "青年组织") == "有"
    covered = np.where(league == "单独", "own", "joint")
    state = np.where(
        np.isin(league, ["单独", "联合", "依托"]), covered, np.where(youth, "youth_only", "uncovered")
    )
    return np.where(scope, state, "out_of_scope").astype(object)


def _obligation(ledger: pl.DataFrame, scope: Array, society: Array) -> Array:
    """R13 and R17 must, R27 should: a joint branch satisfies neither, yet it ends the need to cultivate."""
    three = _words(ledger, "团员数") >= 3
    party = np.isin(_words(ledger, "党组织"), ["单独", "联合"])
    league = _words(ledger, "团组织")
    gap = scope & three & (league != "单独")
    cultivate = scope & ~three & (league == "无")
    return np.select(
        [gap & (party | society), gap, cultivate], ["must_establish", "should_establish", "cultivate"], "none"
    ).astype(object)


def _in_smart_league(province: Province, claimed: pl.Series) -> pl.DataFrame:
    """Stands the covering organisation in the system (`found`), under which `name`, and is it `alike`?

    Alike: the name that the ledger claims or a wrapper of the enterprise's own. Null where none is claimed.
    """
    listed = province.smart_league
    own = listed.filter(pl.col("firm") >= 0).select("firm", pl.col("full_name").alias("own_name"))
    rows = province.firms.select("league", "league_name").with_columns(claimed.alias("claimed"))
    rows = rows.with_row_index("firm").with_columns(pl.col("firm").cast(pl.Int64))
    joined = rows.join(own, on="firm", how="left", maintain_order="left")
    shared = pl.when(pl.col("league_name").is_in(listed["full_name"].implode())).then("league_name")
    name = pl.when(pl.col("league") == "单独").then("own_name").otherwise(shared)
    alike = name.is_not_null() & ((name == pl.col("league_name")) | (name == pl.col("claimed")))
    known = pl.col("league") != "无"
    return joined.select(
        pl.when(known).then(name.is_not_null()).alias("found"),
        name.alias("name"),
        pl.when(known).then(alike.fill_null(False)).alias("alike"),
    )


def _where(shown: Array, values: Array) -> pl.Series:
    return pl.select(pl.when(pl.Series(shown)).then(pl.Series(values))).to_series()
