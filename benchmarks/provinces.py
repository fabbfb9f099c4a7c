"""Snapshot tables of any size for the benches: an invented province laid side by side with shifted numbers.

Fifty copies of ten thousand enterprises have the relations of fifty provinces and fifty times the work; every
copy's firms, parks and headquarters are its own, so hubs keep their sizes. Names, addresses and credit codes
are each firm's own too, as they are in a register, and firms (or the buildings they share) are scattered over
some kilometres, not laid on a lattice. Seeded; the same bytes each time.
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


def sample_province(enterprises, seed=2019):
    """The snapshot of an invented province, as the sample command writes it."""
    with tempfile.TemporaryDirectory() as folder:
        ce.write_sample(Path(folder), enterprises=enterprises, seed=seed)
        return ce.read_ledgers([folder])[0]


@cache
def base(seed=2019):
    return sample_province(BASE, seed)


def write_tables(folder, enterprises, crowded=None):
    """Parquet files of every table; returns the number of edges (relations and places of enterprises).

    All provinces lie in one place, or each `crowded` of them in a place of their own.
    """
    snapshot, tiles = base(), enterprises // BASE
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in snapshot.tables.items():
        laid = table.lazy() if name in ONCE else side_by_side(table, tiles, snapshot.tables, crowded or tiles)
        laid.sink_parquet(folder / f"{name}.parquet")
    firms = snapshot["enterprises"]
    relations = sum(snapshot[name].height for name in EDGES)
    places = sum(int(firms[key].count()) for key in ("county_code", "park_id", "place_id", "department_id"))
    return (relations + places) * tiles


def scattered(table, crowded):
    """Longitude and latitude moved by up to five kilometres, alike for the firms of one building."""
    shared = [name for name in ("place_id", "enterprise_id", "park_id") if name in table.columns]
    dice = (pl.coalesce(shared).cast(pl.Int64) * 7919 + pl.col("tile") * 104_729) * 2_654_435_761 % 2**32
    east, north = pl.col("tile") // crowded % 6 * 7, pl.col("tile") // crowded // 6 * 6
    return [
        pl.col("longitude") + (dice % 10_007) * (0.048 / 10_007) + east,
        pl.col("latitude") + (dice // 10_007 % 10_007) * (0.048 / 10_007) + north,
    ]


def side_by_side(table, tiles, tables, crowded):
    numbers = {key: tables[entity].height for key, entity in NUMBERS.items() if key in table.columns}
    tile = pl.LazyFrame({"tile": range(tiles)}, schema={"tile": pl.Int64})
    moved = [
        (pl.col(key) + pl.col("tile") * height).cast(pl.Int32).alias(key) for key, height in numbers.items()
    ]
    if "superior" in table.columns and "union_members" in table.columns:
        moved.append(pl.concat_str("superior", pl.col("tile").cast(pl.String)).alias("superior"))
    if "longitude" in table.columns and numbers:
        moved += scattered(table, crowded)
    if "credit_code" in table.columns and "enterprise_id" in table.columns:
        firm = (pl.col("enterprise_id") + pl.col("tile") * BASE).cast(pl.String).str.zfill(9)
        code = pl.concat_str(pl.col("credit_code").str.slice(0, 8), firm, pl.col("credit_code").str.slice(17))
        moved.append(code.alias("credit_code"))
    for name in ("name", "address", "full_name"):
        if name in table.columns and NUMBERS.keys() & set(table.columns):
            moved.append(pl.concat_str(name, pl.col("tile").cast(pl.String)).alias(name))
    return tile.join(table.lazy(), how="cross").with_columns(moved).drop("tile")
