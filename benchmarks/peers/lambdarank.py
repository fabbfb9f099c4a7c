"""lightgbm's lambdarank on logged attempts: facts and path in, a score for every target and path out.

    python lambdarank.py ASKED.npz TOLD.npy

One attempt a firm is logged, so a group of the ranking is a county; label is the result. Leaves, rounds, how
deep pairs are looked at, and whether the path, trade and county count as classes or as numbers are chosen by
the share of pairs in the right order in a left-out fifth.
"""

import sys
from itertools import product

import lightgbm
import numpy as np

PATHS, CODES = 11, 2
LEAVES, ROUNDS, DEPTHS = (7, 31), (50, 100, 200), (30, 1000)


def of_path(table, path, expert):
    """Facts and the path; with `expert` the expert scores of all paths and of this one."""
    first = table.shape[1] - CODES - PATHS
    facts = np.delete(table, slice(first, first + PATHS), axis=1)
    if not expert:
        return np.column_stack([facts, path])
    return np.column_stack([table, path, table[np.arange(len(table)), first + path - 1]])


def ranker(leaves, rounds, depth):
    return lightgbm.LGBMRanker(
        objective="lambdarank", num_leaves=leaves, n_estimators=rounds, learning_rate=0.05,
        lambdarank_truncation_level=depth,
        min_child_samples=20, random_state=1, deterministic=True, n_jobs=1, verbose=-1,
    )  # fmt: skip


def classes(width, which, expert):
    """Columns that are classes: none, the path, or the path, trade and county."""
    path = width - 2 if expert else width - 1
    codes = [path - 1, path - 2]
    return {"none": "auto", "path": [path], "all": [path, *codes]}[which]


def grouped(rows, group):
    order = rows[np.argsort(group[rows], kind="stable")]
    return order, np.unique(group[order], return_counts=True)[1]


def accuracy(model, table, success, rounds):
    """Share of (success, failure) pairs in the right order."""
    scores = model.predict(table, num_iteration=rounds)
    won, lost = scores[success > 0], scores[success == 0]
    return (won[:, None] > lost[None, :]).mean()


def main():
    asked = np.load(sys.argv[1])
    table = of_path(asked["log"], asked["path"], asked["expert"])
    success, group = asked["success"].astype(int), asked["group"]
    part = np.random.default_rng(1).permutation(len(success))
    held, kept = part[: len(part) // 5], part[len(part) // 5 :]
    best = (-1.0, None)
    order, sizes = grouped(kept, group)
    for which, leaves, depth in product(("none", "path", "all"), LEAVES, DEPTHS):
        named = classes(table.shape[1], which, asked["expert"])
        model = ranker(leaves, max(ROUNDS), depth)
        model.fit(table[order], success[order], group=sizes, categorical_feature=named)
        for rounds in ROUNDS:
            right = accuracy(model, table[held], success[held], rounds)
            best = max(best, (right, (leaves, rounds, depth), which))
    order, sizes = grouped(np.arange(len(success)), group)
    model = ranker(*best[1])
    named = classes(table.shape[1], best[2], asked["expert"])
    model.fit(table[order], success[order], group=sizes, categorical_feature=named)
    targets = asked["targets"]
    told = [
        model.predict(of_path(targets, np.full(len(targets), path), asked["expert"]))
        for path in range(1, PATHS + 1)
    ]
    np.save(sys.argv[2], np.column_stack(told))


if __name__ == "__main__":
    main()
