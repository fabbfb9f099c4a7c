"""Snapshot tables of any size for the benches: an invented province laid side by side with shifted numbers.

Fifty copies of ten thousand enterprises have the relations of fifty provinces and fifty times the work; every
copy's firms, parks and headquarters are its own, so hubs keep their sizes. Seeded; the same bytes each time.
"""

import tempfile
from functools import cache
from pathlib import Path

import polars as pl

import coverage_engine as ce

BASE = 10_000
NUMBERS = {
    "enterprise_id": "enterprises", "park_id": "parks", "place_id": "places",
    "headquarters_id": "headquarters", "leader_id": "leaders", "association_id": "associations",
    "society_id": "societies", "league_organisation_id": "league_organisations",
}  # fmt: skip
ONCE = {"divisions", "departments", "local_forces", "sources", "source_columns", "presumptions"}
EDGES = (
    *("branch_offices", "associated_enterprises", "association_members", "society_members"),
    *("trade_unions", "party_organisations", "league_matches", "joint_coverage", "brand_programmes"),
)


@cache
def base(seed=2019):
    with tempfile.TemporaryDirectory() as folder:
        ce.write_sample(Path(folder), enterprises=BASE, seed=seed)
        return ce.read_ledgers([Path(folder)])[0]


def write_tables(folder, enterprises):
    """Parquet files of every table; returns the number of edges (relations and places of enterprises)."""
    snapshot, tiles = base(), enterprises // BASE
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in snapshot.tables.items():
        laid = table.lazy() if name in ONCE else side_by_side(table, tiles, snapshot.tables)
        laid.sink_parquet(folder / f"{name}.parquet")
    firms = snapshot["enterprises"]
    relations = sum(snapshot[name].height for name in EDGES)
    places = sum(int(firms[key].count()) for key in ("county_code", "park_id", "place_id", "department_id"))
    return (relations + places) * tiles


def side_by_side(table, tiles, tables):
    numbers = {key: tables[entity].height for key, entity in NUMBERS.items() if key in table.columns}
    tile = pl.LazyFrame({"tile": range(tiles)}, schema={"tile": pl.Int64})
    moved = [
        (pl.col(key) + pl.col("tile") * height).cast(pl.Int32).alias(key) for key, height in numbers.items()
    ]
    if "superior" in table.columns and "union_members" in table.columns:
        moved.append(pl.concat_str("superior", pl.col("tile").cast(pl.String)).alias("superior"))
    if "longitude" in table.columns:
        moved.append(pl.col("longitude") + (pl.col("tile") % 16) * 0.003)
        moved.append(pl.col("latitude") + (pl.col("tile") // 16) * 0.003)
    return tile.join(table.lazy(), how="cross").with_columns(moved).drop("tile")
