"""Calls and joint branches of the sample province: targets a call, and firms covered beside an exact solver.

    python benchmarks/calls.py [--enterprises 60000] [--counties 12] [--seconds 5]

Targets of a call are counted twice: all for whom the path through that counterpart is feasible (whoever is
called is asked about all of them), and only those with that path first. Both are told over every counterpart
that serves anybody ("all"), over the calls that the plan lists ("plan"; the bar is on all its targets), and
over the calls that action lists name beside a firm, as they serve several with that path first ("told"; the
bar is on those alone). Joint branches are held against HiGHS (its proven bound) on the counties with most
candidates.
"""

import argparse
import sys
import time
from pathlib import Path

import narwhals as nw
import polars as pl
from provinces import sample_province

from coverage_engine.coverage import assess
from coverage_engine.frames.dialect import collected
from coverage_engine.policy import load_policy
from coverage_engine.recommend import load_paths
from coverage_engine.recommend.bundles import bundle_targets, large_enough
from coverage_engine.recommend.evaluation import evaluate
from coverage_engine.recommend.joint_groups import candidates_of, joint_groups
from coverage_engine.recommend.partners import partners

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "recommend"))
PATHS = (3, 4, 5, 6, 9, 10)
BAR, SHARE = 5, 0.95


def a_call(pairs, told):
    """The least mean of a path: targets a call, all feasible ones and those with the path first."""
    served = pairs.group_by("path", "counterpart").agg(pl.len(), first=pl.col("first").sum())
    chosen = served.filter(pl.col("first") > 0)
    means = []
    for path in PATHS:
        mine, firsts = (each.filter(pl.col("path") == path) for each in (served, chosen))
        mean, first = mine["len"].mean(), firsts["first"].mean()
        print(
            f"path {path:2}, {told}: {mine.height:4} counterparts, {mean:6.1f} targets each; "
            f"first path: {firsts.height:4} counterparts, {first:5.1f} each"
        )
        means.append((mean, first))
    return tuple(min(each) for each in zip(*means, strict=True))


def joint_branches(enterprises, threshold, settings, counties, seconds):
    """Firms covered in each county, beside what HiGHS proves that nobody can exceed."""
    from exact_groups import exact

    candidates = candidates_of(enterprises, threshold)
    crowded = candidates["county_code"].drop_nulls().value_counts(sort=True)["county_code"].head(counties)
    reached = possible = 0
    for county in crowded.sort():
        here = enterprises.filter(pl.col("county_code") == county)
        mine = candidates_of(here, threshold)
        near = partners(mine, settings["radius_metres"])
        covered = joint_groups(here, threshold, settings).height
        bound = exact(mine["league_members"].to_list(), near, seconds)[1]
        print(f"county {county}: {mine.height:3} candidates, {covered:3} covered, at most {bound:3}")
        reached, possible = reached + covered, possible + bound
    print(f"joint branches: {reached} of at most {possible} firms, {reached / possible:.1%}")
    return reached >= SHARE * possible


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--enterprises", type=int, default=60_000)
    parser.add_argument("--counties", type=int, default=12)
    parser.add_argument("--seconds", type=int, default=5)
    asked = parser.parse_args()
    snapshot = sample_province(asked.enterprises)
    policy, book = load_policy(snapshot.as_of), load_paths()
    threshold = policy.number("league_members_threshold")
    start = time.process_time()
    enterprises = assess(snapshot, policy)["enterprises"]
    found = evaluate(snapshot, enterprises, threshold, nw.col("is_target"), book)
    pairs = collected(nw.concat(bundle_targets(found.frame, book, found.place(1))))
    a_call(large_enough(pairs, 1), "all ")
    listed, _ = a_call(large_enough(pairs, book.least_bundle), "plan")
    named = pl.col("first").sum().over("path", "counterpart") >= book.least_bundle
    _, first = a_call(pairs.filter(named), "told")
    held = min(listed, first) >= BAR
    grouped = joint_branches(enterprises, threshold, found.around.settings, asked.counties, asked.seconds)
    print(
        f"{time.process_time() - start:.1f} CPU s; {'every bar held' if held and grouped else 'a bar missed'}"
    )
    return 0 if held and grouped else 1


if __name__ == "__main__":
    raise SystemExit(main())
