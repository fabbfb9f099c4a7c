"""How far the recommended path falls behind the best one, before and after learning from past attempts.

    python benchmarks/recommend_regret.py [--seeds 36 37 38 39 40] [--enterprises 60000] [--peer-python FILE]

Invented provinces with a hidden success model. Past attempts follow the expert scores with noise (Gumbel, at
the temperature stated); their results are drawn from the hidden model. Regret is 1 − (mean hidden chance of
the first path) / (mean hidden chance of the best path); NDCG@3 takes hidden chances as gains. `learned` are
the weights of the lesson, `live` those in use after the gate. Beside it: the fixed national order, the path
most often tried with success, and lightgbm's lambdarank on the same facts and results, where an interpreter
that has lightgbm is named (benchmarks/peers/ranking.txt). `oracle` is the order by the hidden chances over
the paths that the ledgers open: no order can do better. `informed` is the product's own fit with every fact
left out that the hidden model does not use: what so many results can teach somebody who knows where to look.
Settings were chosen on seeds 1 to 10 and corrected after a look at seeds 11 to 35; the default seeds were
looked at for nothing but this report. Attempts are drawn anew several times at small counts.

What lambdarank gets: every fact of the product's registry, trade and county, which path was tried, the
result, and the mask of open paths when it ranks. What it does not get: the expert's scores
(`lambdarank_with_expert` gets them), the logging shares, anything of the truth. Its settings are chosen on a
fifth of its own results.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import narwhals as nw
import numpy as np
import polars as pl

import coverage_engine as ce
from coverage_engine.coverage import assess
from coverage_engine.frames.dialect import collected
from coverage_engine.learning import LearnedModel, applied, learn
from coverage_engine.learning.attempts import of_frame
from coverage_engine.learning.calibration import calibration_error
from coverage_engine.learning.fitting import Prior, fit, piece_deviations
from coverage_engine.learning.learned import as_shifts
from coverage_engine.learning.levels import levels_of, speaks_to
from coverage_engine.learning.prediction_sets import sets
from coverage_engine.learning.scores import scores_under
from coverage_engine.policy import load_policy
from coverage_engine.recommend import load_paths
from coverage_engine.recommend.evaluation import evaluate
from coverage_engine.recommend.learning_settings import load_learning
from coverage_engine.samples.success import modelled_paths

SEEDS = (36, 37, 38, 39, 40)
COUNTS = (0, 10, 30, 100, 300, 1000, 2000, 5000, 10000)
# Draws of attempts at a count: many where a few attempts decide.
DRAWS = {10: 5, 30: 5, 100: 5, 300: 5, 1000: 3}
NOISE = 0.7
LEARNED = ("cold", "learned", "live")
RIVALS = ("national", "popular", "lambdarank", "lambdarank_with_expert")
# The facts that the hidden model uses (data/samples/success.toml), by path; 0 for all paths.
USED = {
    0: {"member_margin"},
    1: {"party_own", "park_party"},
    2: {"department_work_committee", "department_named", "youth_sector"},
    4: {"association_league"},
    5: {"park_work_committee", "park_youth_home"},
    6: {"society_appraisal"},
    7: {"forces_per_hundred", "home_committee"},
    8: {"brand_holder"},
    9: {"headquarters_league", "headquarters_outside"},
    10: {"leader_covered", "leader_same_county", "leader_dependence"},
    11: {"joint_group", "group_same_place", "member_margin"},
}
PEER = Path(__file__).parent / "peers" / "lambdarank.py"


def province(seed, size):
    """Facts of all targets with the hidden chance of each path (0 where it is closed)."""
    with tempfile.TemporaryDirectory() as folder:
        ce.write_sample(Path(folder), enterprises=size, seed=seed, layout="csv")
        snapshot, _ = ce.read_ledgers([folder])
        truth = pl.read_parquet(Path(folder, "truth", "enterprises.parquet"))
    enterprises = assess(snapshot, load_policy(snapshot.as_of))["enterprises"]
    found = evaluate(snapshot, enterprises, 3, nw.col("is_target"), load_paths())
    names = enterprises.select("enterprise_id", "name")
    hidden = truth.select("name", *(f"probability_{path}" for path in modelled_paths()))
    frame = collected(found.frame).join(names.join(hidden, on="name"), on="enterprise_id")
    # In a stated order, so that the same rows are drawn each time.
    frame = frame.sort("enterprise_id")
    chances = np.nan_to_num(
        frame.select(f"probability_{p}" for p in modelled_paths()).to_numpy().astype(float)
    )
    return frame, chances


def attempts(frame, chances, rows, rng):
    """Attempts on some rows: the path by expert score and noise, the result by the hidden chance."""
    asked = of_frame(frame[rows], np.ones(len(rows), int), np.zeros(len(rows)), load_paths())
    appeal = np.where(asked.feasible, asked.scores / NOISE + rng.gumbel(size=asked.scores.shape), -np.inf)
    path = appeal.argmax(axis=1)
    success = rng.random(len(rows)) < chances[rows, path]
    return of_frame(frame[rows], path + 1, success, load_paths())


def regret(scores, feasible, chances):
    first = np.where(feasible, scores, -np.inf).argmax(axis=1)
    return 1 - chances[np.arange(len(first)), first].sum() / chances.max(axis=1).sum()


def ndcg(scores, feasible, chances):
    """NDCG@3 over feasible paths; the ideal order is that of the hidden chances of all paths."""
    discounts = 1 / np.log2([2, 3, 4])
    shown = np.argsort(-np.where(feasible, scores, -np.inf), axis=1, kind="stable")[:, :3]
    gains = np.take_along_axis(np.where(feasible, chances, 0.0), shown, axis=1) @ discounts
    return float((gains / (-np.sort(-chances, axis=1)[:, :3] @ discounts)).mean())


def most_popular(log):
    won = np.bincount(log.path[log.success > 0] - 1, minlength=11)
    return won.astype(float)


def informed(log, frame):
    """Scores by the product's fit, but for facts without a part in the hidden model."""
    book, settings = load_paths(), load_learning()
    levels = levels_of(book, log.facts, settings)
    known = [fact == "base" or fact in USED.get(path, ()) for path, fact, _ in levels.names]
    kept = np.flatnonzero(known)
    tried = speaks_to(levels, book, log.facts, log.path, settings)[:, kept]
    numbers = np.unique(levels.pieces[kept], return_inverse=True)[1]
    prior = Prior(levels.deviations[kept], numbers, levels.classes[kept], settings.anchor)
    shifts = np.zeros(len(levels.names))
    deviations = piece_deviations(tried, log.offset, log.success, prior)
    shifts[kept] = fit(tried, log.offset, log.success, deviations)
    model = LearnedModel("informed", as_shifts(levels.names, levels.shifts(shifts)), None)
    return scores_under(applied(book, model), frame)


def lambdarank(interpreter, log, frame, feasible, expert):
    """Scores of lightgbm's lambdarank for every target and path, on the same facts and results.

    With `expert` it is handed the expert's scores as features besides.
    """
    facts = list(load_paths().facts)
    kinds = {
        key: pl.Enum(frame[key].fill_null("").unique().sort().to_list()) for key in ("section", "county_code")
    }
    numbers = [f"score_{path.number}" for path in load_paths().paths]

    def table(rows):
        codes = [rows[key].fill_null("").cast(kind).to_physical() for key, kind in kinds.items()]
        known = rows.select(pl.col(*facts).cast(pl.Float64), pl.col(*numbers).cast(pl.Float64) / 1e6)
        return np.column_stack([known.to_numpy(), *codes])

    with tempfile.TemporaryDirectory() as folder:
        asked, told = Path(folder, "asked.npz"), Path(folder, "told.npy")
        county = pl.concat([log.facts["county_code"], frame["county_code"]]).fill_null("").rank("dense")
        np.savez(
            asked,
            log=table(log.facts),
            path=log.path,
            success=log.success,
            group=county[: log.count].to_numpy(),
            targets=table(frame),
            feasible=feasible,
            expert=expert,
        )
        subprocess.run([interpreter, PEER, asked, told], check=True)
        return np.load(told)


def prediction_coverage(rule, scores, log, cities):
    """Of fresh successful attempts: share inside the set, the least by path and by city, mean size."""
    won = log.success > 0
    inside = sets(rule, scores[won], log.feasible[won], cities[won])
    hit = inside[np.arange(len(inside)), log.path[won] - 1]
    by_path = [(hit[log.path[won] == path].mean(), path) for path in np.unique(log.path[won])]
    by_city = [(hit[cities[won] == city].mean(), city) for city in np.unique(cities[won])]
    return hit.mean(), min(by_path), min(by_city), inside.sum(axis=1).mean()


def note(line):
    """Progress, seed by seed, beside the report."""
    print(line, file=sys.stderr, flush=True)


def one_seed(seed, size, interpreter, counts):
    began = time.process_time()
    frame, chances = province(seed, size)
    book = load_paths()
    whole = of_frame(frame, np.ones(frame.height, int), np.zeros(frame.height), book)
    national = np.tile(-np.arange(11.0), (frame.height, 1))
    note(f"seed {seed}: {frame.height} targets, made in {time.process_time() - began:.1f} CPU s")
    note(f"  fixed national order: regret {regret(national, whole.feasible, chances):.1%}")
    rows = []
    for count in counts:
        for draw in range(DRAWS.get(count, 1)):
            told_row = one_lesson((seed, count, draw), frame, chances, whole, interpreter)
            rows.append(told_row)
            note("  " + "  ".join(f"{key} {told(value)}" for key, value in told_row.items()))
    return rows


def one_lesson(drawn, frame, chances, whole, interpreter):
    """What one draw of attempts teaches; the first draw of a count is compared with the rivals too."""
    _, count, draw = drawn
    rng = np.random.default_rng(drawn[: 3 if draw else 2])
    order = rng.permutation(frame.height)
    log = attempts(frame, chances, order[:count], rng)
    began = time.process_time()
    lesson = learn(log, load_paths())
    spent = time.process_time() - began
    scores = scores_under(applied(load_paths(), lesson.model), frame)
    live = scores if lesson.refusal is None else whole.scores
    row = {
        "count": count,
        "draw": draw,
        "cold": regret(whole.scores, whole.feasible, chances),
        "learned": regret(scores, whole.feasible, chances),
        "live": regret(live, whole.feasible, chances),
        "ndcg": ndcg(scores, whole.feasible, chances),
        "strength": lesson.strength,
        "gate": "live" if lesson.refusal is None else "held",
        "seconds": spent,
    }
    if draw == 0:
        row |= rivals(log, frame, chances, whole, interpreter)
        if lesson.model.sets is not None and count >= 1000:
            row |= judged_fresh(lesson, scores, (frame, chances, order[count:]), rng)
    return row


def rivals(log, frame, chances, whole, interpreter):
    """NDCG@3 of the rivals that this many attempts allow, and of the oracle."""
    national = np.tile(-np.arange(11.0), (frame.height, 1))
    told_by = {"oracle": chances, "national": national}
    if log.count >= 100:
        told_by["informed"] = informed(log, frame)
        told_by["popular"] = np.tile(most_popular(log), (frame.height, 1))
    if interpreter and log.count >= 100:
        told_by["lambdarank"] = lambdarank(interpreter, log, frame, whole.feasible, False)
    if interpreter and log.count >= 2000:
        told_by["lambdarank_with_expert"] = lambdarank(interpreter, log, frame, whole.feasible, True)
    return {name: ndcg(scores, whole.feasible, chances) for name, scores in told_by.items()}


def judged_fresh(lesson, scores, rest, rng):
    """Calibration and sets on fresh attempts of firms that the lesson never saw, eight draws each."""
    frame, chances, order = rest
    fresh = np.tile(order, 8)
    log = attempts(frame, chances, fresh, rng)
    own = scores[fresh]
    odds = own[np.arange(len(fresh)), log.path - 1]
    cities = log.facts["city_code"].fill_null("").to_numpy()
    overall, path, city, mean = prediction_coverage(lesson.model.sets, own, log, cities)
    return {
        "ece": calibration_error(1 / (1 + np.exp(-odds)), log.success),
        "covered": overall,
        "least_path": path,
        "least_city": city,
        "set_size": mean,
    }


def worst(rows, key):
    return max(row[key] for row in rows if key in row)


def least(rows, key):
    return min(row[key] for row in rows if key in row)


def margins(rows, ours, rival):
    """The least margin over the seeds, and the mean."""
    each = [row[ours] - row[rival] for row in rows if rival in row]
    return f"{min(each):+.3f} {np.mean(each):+.3f}" if each else "      –      –"


def told(value):
    if isinstance(value, tuple):
        return f"{value[0]:.3f}({value[1]})"
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def summary(found, counts):
    """Three tables: regret and gate, NDCG@3, calibration; the worst and the mean of seeds and draws."""
    by_count = {count: [row for row in found if row["count"] == count] for count in counts}
    print("regret, worst and mean; a lesson is in use once the gate lets it")
    print("attempts   cold           as learned     in use         lessons in use   worse than cold")
    for count, rows in by_count.items():
        regrets = (f"{worst(rows, key):6.2%} {np.mean([row[key] for row in rows]):6.2%}" for key in LEARNED)
        used = sum(row["gate"] == "live" for row in rows)
        below = sum(row["live"] > row["cold"] for row in rows)
        print(f"{count:8}  " + "  ".join(regrets) + f"  {used:6} of {len(rows):2}  {below:12}")
    print("NDCG@3 above, least and mean over the seeds; the oracle and the informed above lambdarank")
    print("attempts   national       most popular   lambdarank     with expert    oracle         informed")
    for count, rows in by_count.items():
        first = [row for row in rows if row["draw"] == 0]
        pairs = [("ndcg", rival) for rival in RIVALS] + [
            (top, "lambdarank") for top in ("oracle", "informed")
        ]
        print(f"{count:8}  " + "  ".join(margins(first, *pair) for pair in pairs))
    print(
        "fresh attempts: calibration error (worst, mean), sets of 90 % (least, most; least path, least city)"
    )
    for count, rows in by_count.items():
        told_rows = [row for row in rows if "ece" in row]
        if told_rows:
            error = f"{worst(told_rows, 'ece'):.4f} {np.mean([row['ece'] for row in told_rows]):.4f}"
            sets_told = f"{least(told_rows, 'covered'):.1%} {worst(told_rows, 'covered'):.1%}"
            groups = (f"{least(told_rows, key)[0]:.1%}" for key in ("least_path", "least_city"))
            print(f"{count:8}  {error}  {sets_told}  " + " ".join(groups))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, nargs="*", default=SEEDS)
    parser.add_argument("--enterprises", type=int, default=60_000)
    parser.add_argument("--peer-python", default=None, help="an interpreter that has lightgbm")
    parser.add_argument("--counts", type=int, nargs="*", default=COUNTS)
    options = parser.parse_args()
    found = []
    for seed in options.seeds:
        found += one_seed(seed, options.enterprises, options.peer_python, options.counts)
    summary(found, options.counts)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{time.process_time():.0f} CPU s without the peer, peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
