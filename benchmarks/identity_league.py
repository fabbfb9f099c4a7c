"""智慧团建 reconciliation against the sample's truth: precision, recall, what is asked.

    python benchmarks/identity_league.py [--enterprises 20000] [--seed 2019]

Truth: the enterprise whose own organisation each line of the export is. Recall is over those whose enterprise
stands in the 企业台账; what is asked about is counted beside it, and as answered.
"""

import argparse
import tempfile
import time
from pathlib import Path

import polars as pl

import coverage_engine as ce
from coverage_engine.ledgers.identity.firm_names import plain_name
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
    plain = plain_name(pl.col("full_name")).alias("plain_full")
    firms = province.firms.select(true_name="name", true_code="credit_code").with_row_index("firm")
    own = province.smart_league.filter(pl.col("firm") >= 0)
    own = own.select(plain, pl.col("firm").cast(pl.UInt32), "status").join(firms, on="firm")
    enterprises = snapshot["enterprises"]
    listed = enterprises.select("enterprise_id", "name", "credit_code", plain=plain_name(pl.col("name")))
    truth = own.filter(
        pl.col("true_code").is_in(listed["credit_code"].drop_nulls().implode())
        | plain_name(pl.col("true_name")).is_in(listed["plain"].implode())
    )
    organisations = snapshot["league_organisations"].select("league_organisation_id", plain)
    found = snapshot["league_matches"].join(organisations, on="league_organisation_id")
    same = (pl.col("credit_code") == pl.col("true_code")) | (
        pl.col("plain") == plain_name(pl.col("true_name"))
    )
    judged = (
        found.join(listed, on="enterprise_id")
        .join(own, on="plain_full", how="left")
        .with_columns(right=same.fill_null(False))
    )
    right = judged.filter("right")
    missed = truth.join(right, on="plain_full", how="anti")
    precision, recall = right.height / max(found.height, 1), 1 - missed.height / max(truth.height, 1)
    print(f"own organisations {truth.height}, matched {found.height}")
    asked = snapshot["league_candidates"].join(organisations, on="league_organisation_id")
    silent = missed.join(asked, on="plain_full", how="anti")
    answered = 1 - silent.height / max(truth.height, 1)
    print(f"precision {precision:.5f} recall {recall:.5f}, asked counted as answered {answered:.5f}")
    print(snapshot["league_organisations"].group_by("match").len().sort("match").rows())
    print("asked pairs", snapshot["doubtful_pairs"].height)
    if wrong:
        pl.Config.set_fmt_str_lengths(50), pl.Config.set_tbl_rows(40), pl.Config.set_tbl_width_chars(200)
        print(judged.filter(~pl.col("right")).select("plain_full", "name", "true_name", "basis"))
        states = snapshot["league_organisations"].select(plain, "match", "superior")
        print(missed.group_by("status").len(), missed.join(states, on="plain_full", how="left").head(40))


if __name__ == "__main__":
    main()
