"""lightgbm's lambdarank on logged attempts: facts and path in, a score for every target and path out.

    python lambdarank.py ASKED.npz TOLD.npy

One attempt a firm is logged, so a group of the ranking is a county; label is the result. Depth and rounds are
chosen among a few by the loss of a left-out fifth.
"""

import sys

import lightgbm
import numpy as np

PATHS, CODES = 11, 2


def of_path(table, path, expert):
    """Facts and the path; with `expert` the expert scores of all paths and of this one."""
    first = table.shape[1] - CODES - PATHS
    facts = np.delete(table, slice(first, first + PATHS), axis=1)
    if not expert:
        return np.column_stack([facts, path])
    return np.column_stack([table, path, table[np.arange(len(table)), first + path - 1]])


def ranker(leaves, rounds):
    return lightgbm.LGBMRanker(
        objective="lambdarank", num_leaves=leaves, n_estimators=rounds, learning_rate=0.05,
        min_child_samples=20, random_state=1, deterministic=True, n_jobs=1, verbose=-1,
    )  # fmt: skip


def grouped(rows, group):
    order = rows[np.argsort(group[rows], kind="stable")]
    return order, np.unique(group[order], return_counts=True)[1]


def accuracy(model, table, success):
    """Share of (success, failure) pairs in the right order."""
    scores = model.predict(table)
    won, lost = scores[success > 0], scores[success == 0]
    return (won[:, None] > lost[None, :]).mean()


def main():
    asked = np.load(sys.argv[1])
    table = of_path(asked["log"], asked["path"], asked["expert"])
    success, group = asked["success"].astype(int), asked["group"]
    part = np.random.default_rng(1).permutation(len(success))
    held, kept = part[: len(part) // 5], part[len(part) // 5 :]
    best = (-1.0, None)
    for leaves in (7, 15, 31):
        for rounds in (50, 100, 200):
            order, sizes = grouped(kept, group)
            model = ranker(leaves, rounds).fit(table[order], success[order], group=sizes)
            best = max(best, (accuracy(model, table[held], success[held]), (leaves, rounds)))
    order, sizes = grouped(np.arange(len(success)), group)
    model = ranker(*best[1]).fit(table[order], success[order], group=sizes)
    targets = asked["targets"]
    told = [
        model.predict(of_path(targets, np.full(len(targets), path), asked["expert"])) for path in range(1, 12)
    ]
    np.save(sys.argv[2], np.column_stack(told))


if __name__ == "__main__":
    main()
