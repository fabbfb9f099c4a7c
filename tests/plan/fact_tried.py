"""Run in a copy of the product to which a fact was added: says where the fact arrived (JSON)."""

import json
import sys
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

import coverage_engine as ce
from coverage_engine.planning_frames import ranking_frames
from coverage_engine.samples import write_sample

AS_OF, BEST = date(2019, 5, 20), ["path_1", "path_2", "path_3"]


def ranking(frames, kinds, overlay, place=None):
    """The three best paths of every target, in order."""
    told = ranking_frames(frames, AS_OF, kinds, policy_files=[overlay], place=place)["ranking"]
    rows = told.collect() if isinstance(told, pl.LazyFrame) else told.pl()
    return rows.sort("enterprise_id").select("enterprise_id", *BEST).rows()


def main(folder, overlay):
    write_sample(folder, enterprises=600, layout="csv")
    ledger = pl.read_csv(folder / "企业台账.csv", infer_schema=False)
    snapshot, _ = ce.read_ledgers([folder], as_of=AS_OF)
    firms = snapshot["enterprises"].select("enterprise_id", "platform_workers")
    plan = ce.plan(snapshot, policy_files=[overlay])
    duties = plan.tables["duties"].filter(duty="R28").join(firms, on="enterprise_id")
    planned = plan.tables["enterprises"]
    reasons = plan.tables["reasons"].filter(fact="platform_workers").join(firms, on="enterprise_id")
    first = plan.tables["recommendations"].filter(rank=1).sort("enterprise_id")
    polars = ranking({name: table.lazy() for name, table in snapshot.tables.items()}, snapshot.kinds, overlay)
    with duckdb.connect() as connection:
        tables = {name: connection.from_arrow(table.to_arrow()) for name, table in snapshot.tables.items()}
        on_duckdb = ranking(tables, snapshot.kinds, overlay, connection)
    best = {row[0]: row[1] for row in polars if row[1]}
    told = {
        "ledger": [value for value in ledger["新就业群体人数"].to_list() if value is not None],
        "blank": ledger["新就业群体人数"].null_count(),
        "plan": planned["platform_workers"].drop_nulls().sum(),
        "snapshot": firms["platform_workers"].drop_nulls().sum(),
        "duties": duties.select("applies", "platform_workers").unique().rows(),
        "missing": planned["missing_facts"].str.contains("新就业群体人数").sum(),
        "grounds": planned["ground"].str.split(";").list.contains("R28").sum(),
        "reasons": reasons.select("text", "platform_workers").rows(),
        "engines": polars == on_duckdb,
        "best": [(at, best.get(at)) for at in first["enterprise_id"]]
        == first.select("enterprise_id", "path").rows(),
    }
    json.dump(told, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
