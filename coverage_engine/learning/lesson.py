"""One lesson (学习): from the past attempts of a snapshot to a learned model with its figures and verdict."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse
from scipy.special import expit
from threadpoolctl import threadpool_limits

from coverage_engine.errors import PolicyError
from coverage_engine.learning.attempts import Attempts
from coverage_engine.learning.calibration import Calibration, calibration_report, drifting, reliability
from coverage_engine.learning.fitting import Fitted, Prior, fitted, folds_of, without_each
from coverage_engine.learning.gate import Proposed, Verdict, judge
from coverage_engine.learning.learned import LearnedModel, as_shifts
from coverage_engine.learning.levels import Levels, levels_of, speaks_to
from coverage_engine.learning.prediction_sets import calibrated
from coverage_engine.learning.scores import scores_under
from coverage_engine.learning.witness import Witness
from coverage_engine.recommend.definitions import PathBook
from coverage_engine.recommend.learning_settings import LearningSettings, load_learning

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Lesson:
    """一次学习: the model, what it rests on, and whether it may go live.

    `calibration` and `reliability` are of left-out attempts; `verdict` is null where nothing was learned
    (too few attempts, or the expert weights predict best), and `refusal` says why it may not go live.
    """

    model: LearnedModel
    attempts: int
    data_hash: str
    strength: float
    losses: dict[float, float]
    calibration: list[Calibration]
    reliability: list[tuple[float, float]]
    drift: list[Calibration]
    verdict: Verdict | None
    refusal: str | None


def learn(
    attempts: Attempts,
    book: PathBook,
    present: PathBook | None = None,
    settings: LearningSettings | None = None,
) -> Lesson:
    """Learns from attempts; `book` holds the expert weights, `present` the weights in use (default: expert).

    With fewer attempts than the settings ask for the model is exactly the expert's.
    """
    settings = settings or load_learning()
    digest = _digest(attempts)
    name = f"learned-{attempts.count}-{digest[:12]}"
    if attempts.count < settings.least_attempts:
        nothing = LearnedModel("expert", {}, None)
        few = f"已结束的建团工作只有{attempts.count}次，不足{settings.least_attempts}次，仍用专家权重"
        return Lesson(nothing, attempts.count, digest, 0.0, {}, [], [], [], None, few)
    # One thread: the sums are small, and then come out the same on every machine with the same numbers.
    with threadpool_limits(limits=1):
        return _lesson(Taught(attempts, book, settings), present or book, name)


def _lesson(taught: Taught, present: PathBook, name: str) -> Lesson:
    attempts, settings = taught.attempts, taught.settings
    city = attempts.facts["city_code"].fill_null("").to_numpy()
    won = attempts.success > 0
    left_out_scores = taught.scores_without(taught.folds, taught.fit.by_fold)
    sets = calibrated(left_out_scores[won], attempts.feasible[won], attempts.path[won], city[won], settings)
    fit = taught.fit
    model = LearnedModel(name, as_shifts(taught.levels.names, taught.levels.shifts(fit.shifts)), sets)
    report = calibration_report(fit.left_out, attempts.success, attempts.path, city)
    verdict, refusal = _judged(taught, left_out_scores, present)
    return Lesson(
        model,
        attempts.count,
        _digest(attempts),
        fit.strength,
        fit.losses,
        report,
        reliability(fit.left_out, attempts.success),
        drifting(report, settings),
        verdict,
        refusal,
    )


class Taught:
    """所学: the fit of one lesson, and the scores that every attempt has without its own fold."""

    def __init__(self, attempts: Attempts, book: PathBook, settings: LearningSettings) -> None:
        self.attempts, self.book, self.settings = attempts, book, settings
        self.levels: Levels = levels_of(book, attempts.facts, settings)
        self.tried = speaks_to(self.levels, book, attempts.facts, attempts.path, settings)
        self.folds = folds_of(attempts.facts["enterprise_id"].to_numpy(), settings.folds)
        prior = Prior(self.levels.deviations, self.levels.pieces, self.levels.classes, settings.anchor)
        self.training = self.tried, attempts.offset, attempts.success, prior
        self.fit: Fitted = fitted(*self.training, settings.strengths, self.folds)

    @cached_property
    def of_path(self) -> tuple[sparse.csr_matrix, ...]:
        """The levels of each path for each attempt, tried or not."""
        numbers = (np.full(self.attempts.count, path.number) for path in self.book.paths)
        return tuple(
            speaks_to(self.levels, self.book, self.attempts.facts, paths, self.settings) for paths in numbers
        )

    @cached_property
    def halves(self) -> tuple[Array, ...]:
        """The half of each attempt, dealt anew for each reading of the witness."""
        enterprises = self.attempts.facts["enterprise_id"].to_numpy()
        return tuple(folds_of(enterprises, 2, 1 + reading) for reading in range(self.settings.readings))

    def proposed(self, scores: Array) -> Proposed:
        """The new weights for the gate; `scores` are those without each attempt's fold."""
        strength = self.fit.strength
        shifts = [without_each(*self.training, (strength,), half)[strength] for half in self.halves]
        half_shifts = zip(self.halves, shifts, strict=True)
        return Proposed(
            scores, tuple(self.scores_without(half, half_shift) for half, half_shift in half_shifts)
        )

    def scores_without(self, folds: Array, by_fold: dict[int, Array]) -> Array:
        """Scores of all paths for each attempt, by the shifts learned without its fold."""
        scores = self.attempts.scores.copy()
        if not self.fit.strength:
            return scores
        for at, levels in enumerate(self.of_path):
            for fold, shifts in by_fold.items():
                inside = folds == fold
                scores[inside, at] += levels[inside] @ shifts
        return scores

    def witness(self) -> Witness:
        """The attempts of each half as a reading of their own, without counties and trades."""
        general = np.flatnonzero(~self.levels.classes)
        of_path = tuple(levels[:, general].tocsr() for levels in self.of_path)
        # Wider than what was learned: the witness is to follow its own results, not the weights in use.
        return Witness(of_path, self.settings.breadth * self.fit.deviations[general], self.halves)


def _judged(taught: Taught, scores: Array, present: PathBook) -> tuple[Verdict | None, str | None]:
    if not taught.fit.strength:
        return None, "在留出的成果上，专家权重预测得最准，仍用专家权重"
    attempts = taught.attempts
    current = attempts.scores if present.name == "expert" else scores_under(present, attempts.facts)
    try:
        proposed, witness = taught.proposed(scores), taught.witness()
        verdict = judge(attempts, proposed, current, expit(scores), witness, taught.settings)
    except PolicyError as problem:
        return None, str(problem)
    if verdict.goes_live:
        return verdict, None
    if verdict.contradicted:
        return verdict, "双重稳健估计表明新权重选的路径不如现行权重，不上线"
    if verdict.gain.low > 0:
        return verdict, "新权重预测留出的成果，没有证明好于现行权重，不上线"
    low, high = verdict.gain.low, verdict.gain.high
    return verdict, f"在成果台账上没有证明好于现行权重（成功率相差{low:+.1%}～{high:+.1%}），不上线"


def _digest(attempts: Attempts) -> str:
    """The hash of everything that a lesson learns from."""
    digest = hashlib.sha256()
    for part in (
        attempts.facts["enterprise_id"].to_numpy().astype(np.int64),
        attempts.path,
        attempts.success,
    ):
        digest.update(np.ascontiguousarray(part).tobytes())
    digest.update(np.ascontiguousarray(np.rint(attempts.scores * 1e6).astype(np.int64)).tobytes())
    return digest.hexdigest()
