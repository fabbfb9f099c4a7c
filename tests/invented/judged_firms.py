"""Snapshots of firms by the facts that decide their obligations."""

from datetime import date

import polars as pl

from coverage_engine.model.snapshot import build_snapshot

DAY = date(2019, 6, 15)
COUNTIES = [
    ("410100", "410105"),
    ("410100", "410102"),
    ("410100", None),
    ("410300", "410302"),
    ("419001", "419001"),
]


def snapshot_of(firms, division_rows):
    enterprises = pl.DataFrame(
        [
            {
                **{key: value for key, value in firm.items() if key not in ("place", "society")},
                "enterprise_id": number,
                "name": f"虚构{number}",
                "city_code": firm["place"][0],
                "county_code": firm["place"][1],
                "division_code": firm["place"][1] or firm["place"][0],
                "entity_kind": "enterprise",
                "employees": 10 * number,
                "source": 0,
                "row": number + 2,
            }
            for number, firm in enumerate(firms)
        ],
        infer_schema_length=None,
    )
    members = pl.DataFrame(
        {"enterprise_id": [n for n, firm in enumerate(firms) if firm["society"]]},
        schema={"enterprise_id": pl.Int32},
    ).with_columns(pl.lit(0).cast(pl.Int32).alias("society_id"))
    societies = pl.DataFrame({"society_id": [0], "name": ["虚构青联"], "kind": ["youth_federation"]})
    tables = {
        "enterprises": enterprises,
        "divisions": division_rows,
        "society_members": members,
        "societies": societies,
    }
    return build_snapshot(DAY, tables, frozenset({"enterprises", "society_members"}))
