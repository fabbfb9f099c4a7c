"""智慧团建 reconciliation against the sample's truth: precision, recall, what is asked.

    python benchmarks/identity_league.py [--enterprises 20000] [--seed 2019]

Truth: the enterprise whose own organisation each line of the export is. Recall is over those whose enterprise
stands in the 企业台账; an organisation asked about counts as not found.
"""

import argparse
import tempfile
import time
from pathlib import Path

import polars as pl

import coverage_engine as ce
from coverage_engine.samples.province import draw_province
from coverage_engine.samples.streams import Streams


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--enterprises", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=2019)
    parser.add_argument("--messy", action="store_true")
    parser.add_argument("--wrong", action="store_true")
    chosen = parser.parse_args()
    province = draw_province(chosen.enterprises, Streams(chosen.seed))
    with tempfile.TemporaryDirectory() as folder:
        ce.write_sample(
            Path(folder), enterprises=chosen.enterprises, seed=chosen.seed, messy=chosen.messy, layout="csv"
        )
        started = time.process_time()
        snapshot, _ = ce.read_ledgers([folder])
        print(f"reading {time.process_time() - started:.1f} CPU s")
    report(province, snapshot, chosen.wrong)


def report(province, snapshot, wrong):
    names = province.firms.select("name", "credit_code").with_row_index("firm")
    truth = province.smart_league.filter(pl.col("firm") >= 0).select(
        "full_name", pl.col("firm").cast(pl.UInt32), "status"
    )
    truth = truth.join(names, on="firm").select("full_name", "status", true_name="name")
    matches = snapshot["league_matches"].join(
        snapshot["league_organisations"].select("league_organisation_id", "full_name"),
        on="league_organisation_id",
    )
    found = matches.join(
        snapshot["enterprises"].select("enterprise_id", "name", "credit_code"), on="enterprise_id"
    )
    judged = found.join(truth, on="full_name", how="left")
    right = judged.filter(pl.col("name") == pl.col("true_name"))
    missed = truth.join(right, on="full_name", how="anti")
    print(f"own organisations {truth.height}, matched {found.height}")
    print(
        f"precision {right.height / max(found.height, 1):.5f} recall {right.height / max(truth.height, 1):.5f}"
    )
    print(snapshot["league_organisations"].group_by("match").len().sort("match").rows())
    print("asked pairs", snapshot["doubtful_pairs"].height)
    if wrong:
        pl.Config.set_fmt_str_lengths(50), pl.Config.set_tbl_rows(40), pl.Config.set_tbl_width_chars(200)
        print(judged.filter(pl.col("name").ne_missing(pl.col("true_name"))).head(20))
        states = snapshot["league_organisations"].select("full_name", "match", "superior")
        print(missed.group_by("status").len(), missed.join(states, on="full_name", how="left").head(40))


if __name__ == "__main__":
    main()
