"""Fifty recommendations of the sample province as a clerk reads them, each reason with value and source.

    python benchmarks/reasons.py [--enterprises 60000] [--shown 50]

First every reason of the province is held against the output contract: at most three, each at most 60
characters, each a step with fact, value, ledger and cell.
"""

import argparse
import random

import polars as pl
from provinces import sample_province

import coverage_engine as ce

LONGEST, MOST = 60, 3
WHOLE = ("fact", "value", "ledger", "cell")


def told(plan):
    """Every shown reason with its step, in the order shown."""
    shown = plan["recommendations"].select(
        "enterprise_id", "path", "rank", "probability", text=pl.col("reasons").str.split(";")
    )
    most = int(shown["text"].list.len().max())
    keys = ["enterprise_id", "path", "text"]
    steps = plan["reasons"].select(*keys, *WHOLE)
    return shown.explode("text").join(steps, on=keys, how="left", maintain_order="left"), most


def drawn(reasons, number):
    """Some first recommendations of every path, (enterprise, path) pairs."""
    dice = random.Random(number)
    firsts = (
        reasons.filter(pl.col("rank") == 1)
        .select("path", "enterprise_id")
        .unique()
        .sort("path", "enterprise_id")
    )
    pairs = []
    numbers = firsts["path"].unique().to_list()
    for path in numbers:
        ids = firsts.filter(pl.col("path") == path)["enterprise_id"].to_list()
        pairs += [(firm, path) for firm in dice.sample(ids, min(len(ids), -(-number // len(numbers))))]
    return sorted(dice.sample(pairs, min(number, len(pairs))), key=lambda pair: (pair[1], pair[0]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--enterprises", type=int, default=60_000)
    parser.add_argument("--shown", type=int, default=50)
    asked = parser.parse_args()
    snapshot = sample_province(asked.enterprises)
    plan = ce.plan(snapshot)
    reasons, most = told(plan)
    longest = reasons["text"].str.len_chars().max()
    lacking = reasons.filter(pl.any_horizontal(pl.col(WHOLE).is_null())).height
    print(
        f"{reasons.height} reasons shown, at most {most} a path and {longest} characters each; "
        f"{lacking} without source"
    )
    names = dict(plan["enterprises"].select("enterprise_id", "name").iter_rows())
    for number, (firm, path) in enumerate(drawn(reasons, asked.shown), 1):
        mine = reasons.filter((pl.col("enterprise_id") == firm) & (pl.col("path") == path)).rows(named=True)
        words, chance = "；".join(row["text"] for row in mine), f"{mine[0]['probability']:.0%}"
        print(f"{number}. {names[firm]}，路径{path}（{chance}）：{words}")
        for row in mine:
            print(f"     {row['fact']} = {row['value']}　{row['cell']}")
    held = most <= MOST and longest <= LONGEST and lacking == 0
    print("every bar held" if held else "a bar missed")
    return 0 if held else 1


if __name__ == "__main__":
    raise SystemExit(main())
