"""What past attempts teach: nothing without evidence, and always signed steps that add up."""

import json

import narwhals as nw
import numpy as np
import pytest
from scipy import sparse
from scipy.special import expit

from coverage_engine.errors import WorkspaceError
from coverage_engine.frames.dialect import collected
from coverage_engine.learning import LearnedModel, applied, learn
from coverage_engine.learning.attempts import of_frame
from coverage_engine.learning.calibration import calibration_error, calibration_report, drifting
from coverage_engine.learning.fitting import Prior, piece_deviations
from coverage_engine.learning.learned import as_json
from coverage_engine.learning.levels import levels_of, speaks_to
from coverage_engine.learning.models_folder import book_in_use, decisions, keep, name_in_use, revert
from coverage_engine.learning.prediction_sets import sets
from coverage_engine.learning.scores import scores_under
from coverage_engine.recommend import load_paths
from coverage_engine.recommend.definitions import MILLION
from coverage_engine.recommend.learning_settings import load_learning
from coverage_engine.recommend.scoring import scored, with_steps

BOOK = load_paths()


def _regret(scores, world):
    whole = of_frame(world.frame, np.ones(world.frame.height, int), np.zeros(world.frame.height), BOOK)
    able = np.where(whole.feasible, world.chances, 0.0)
    first = np.where(whole.feasible, scores, -np.inf).argmax(axis=1)
    return 1 - able[np.arange(len(able)), first].sum() / able.max(axis=1).sum()


@pytest.fixture(scope="module")
def lesson(otherwise):
    return learn(otherwise.attempts(2000), BOOK)


def test_without_attempts_the_weights_are_exactly_the_experts(as_expected):
    taught = learn(as_expected.attempts(0), BOOK)
    assert applied(BOOK, taught.model).paths == BOOK.paths
    assert taught.model.name == "expert"
    assert "专家权重" in taught.refusal


def test_below_the_least_number_of_attempts_nothing_changes(otherwise):
    least = load_learning().least_attempts
    assert applied(BOOK, learn(otherwise.attempts(least - 1), BOOK).model).paths == BOOK.paths


def test_two_thousand_attempts_bring_the_first_choice_nearer_to_the_best(otherwise, lesson):
    cold = _regret(scores_under(BOOK, otherwise.frame), otherwise)
    learned = _regret(scores_under(applied(BOOK, lesson.model), otherwise.frame), otherwise)
    assert learned < 0.5 * cold
    assert lesson.refusal is None


def test_the_learned_book_scores_by_signed_integer_steps_that_add_up(otherwise, lesson):
    book = applied(BOOK, lesson.model)
    told = with_steps(nw.from_native(otherwise.frame.lazy()), book.paths)
    frame = collected(scored(told, book.paths))
    for path in book.paths:
        steps = frame.select(f"step_{path.number}_{piece.fact.key}" for piece in path.evidence)
        total = path.base + sum(steps[name] for name in steps.columns)
        assert (total == frame[f"score_{path.number}"]).all()


def test_counties_and_trades_that_differ_become_evidence_of_their_own(lesson):
    keys = {piece.fact.key for path in applied(BOOK, lesson.model).paths for piece in path.evidence}
    assert {"county_code", "section"} <= keys


def test_a_path_that_was_never_tried_moves_only_with_what_paths_share(otherwise):
    attempts = otherwise.attempts(1000)
    without = attempts.some(attempts.path != 10)
    shifts = learn(without, BOOK).model.shifts
    assert not [level for level in shifts if level[0] == 10]


def test_learning_the_same_attempts_twice_gives_the_same_text(otherwise, lesson):
    assert as_json(learn(otherwise.attempts(2000), BOOK).model) == as_json(lesson.model)


def test_a_model_survives_its_file(lesson):
    assert LearnedModel.from_json(json.loads(as_json(lesson.model))) == lesson.model


def test_where_the_experts_are_right_learning_does_no_harm(as_expected):
    cold = _regret(scores_under(BOOK, as_expected.frame), as_expected)
    for count in (200, 1000):
        book = applied(BOOK, learn(as_expected.attempts(count), BOOK).model)
        assert _regret(scores_under(book, as_expected.frame), as_expected) <= cold + 0.01


def _live_and_cold(attempts, world):
    """Regret of the weights in use after a lesson, and of the expert's."""
    taught = learn(attempts, BOOK)
    book = applied(BOOK, taught.model) if taught.refusal is None else BOOK
    return _regret(scores_under(book, world.frame), world), _regret(scores_under(BOOK, world.frame), world)


@pytest.mark.parametrize("count", [0, 30, 100, 300, 1000])
@pytest.mark.parametrize("seed", [1, 2])
def test_at_no_number_of_attempts_do_the_weights_in_use_choose_worse(as_expected, otherwise, seed, count):
    for world in (as_expected, otherwise):
        live, cold = _live_and_cold(world.attempts(count, seed), world)
        assert live <= cold


@pytest.mark.slow
@pytest.mark.parametrize("count", [30, 100, 200, 300, 500, 1000, 2000, 4000])
def test_over_many_draws_the_weights_in_use_choose_no_worse(as_expected, otherwise, count):
    for world in (as_expected, otherwise):
        for seed in range(10, 18):
            live, cold = _live_and_cold(world.attempts(count, seed), world)
            assert live <= cold


def test_learned_steps_of_a_count_add_up_to_the_score_of_the_learned_book(otherwise, lesson):
    levels = levels_of(BOOK, otherwise.frame, load_learning())
    frame = otherwise.frame.head(500)
    told = np.array([lesson.model.shifts.get(name, 0) for name in levels.names]) / MILLION
    # Back from shifts to increments: each step less the one below.
    increments = told.copy()
    for piece in levels.steps():
        own = [at for at, name in enumerate(levels.names) if name[:2] == piece]
        increments[own] = np.diff(told[own], prepend=0.0)
    assert levels.shifts(increments) == pytest.approx(told)
    learned = scores_under(applied(BOOK, lesson.model), frame)
    for path in BOOK.paths:
        holds = speaks_to(levels, BOOK, frame, np.full(500, path.number), load_learning())
        expert = frame[f"score_{path.number}"].to_numpy() / MILLION
        assert expert + holds @ increments == pytest.approx(learned[:, path.number - 1])


def test_the_attempts_tell_which_piece_of_evidence_is_far_off():
    rng = np.random.default_rng(1)
    held = sparse.csr_matrix((rng.random((4000, 4)) < 0.5).astype(float))
    success = (rng.random(4000) < expit(held @ np.array([2.0, -2.0, 0.0, 0.0]))).astype(float)
    prior = Prior(np.full(4, 0.3), np.array([0, 0, 1, 1]), np.zeros(4, bool), 2.0)
    found = piece_deviations(held, np.zeros(4000), success, prior)
    assert found[0] == found[1] > 0.9
    assert found[2] == found[3] < 0.3


def test_without_attempts_every_piece_keeps_the_deviation_of_the_policy():
    nothing = sparse.csr_matrix(np.zeros((5, 3)))
    prior = Prior(np.array([0.3, 0.3, 0.1]), np.array([0, 0, 1]), np.array([False, False, True]), 2.0)
    found = piece_deviations(nothing, np.zeros(5), np.zeros(5), prior)
    assert found == pytest.approx(prior.deviations)


def test_learning_never_moves_a_rule(lesson):
    for before, after in zip(BOOK.paths, applied(BOOK, lesson.model).paths, strict=True):
        assert after.conditions == before.conditions
        assert after.relation == before.relation
        assert after.actions == before.actions


def test_prediction_sets_hold_the_stated_share_of_fresh_successes(otherwise, lesson):
    taught = lesson
    fresh = otherwise.attempts(6000, seed=99)
    won = fresh.success > 0
    book = applied(BOOK, taught.model)
    cities = fresh.facts["city_code"].to_numpy()
    inside = sets(book.sets, scores_under(book, fresh.facts)[won], fresh.feasible[won], cities[won])
    held = inside[np.arange(won.sum()), fresh.path[won] - 1]
    assert 0.87 <= held.mean() <= 0.93
    assert (inside & ~fresh.feasible[won]).sum() == 0


def test_chances_mean_what_they_say_on_fresh_attempts(otherwise, lesson):
    taught = lesson
    fresh = otherwise.attempts(6000, seed=98)
    scores = scores_under(applied(BOOK, taught.model), fresh.facts)
    odds = scores[np.arange(fresh.count), fresh.path - 1]
    assert calibration_error(expit(odds), fresh.success) <= 0.03


def test_a_group_whose_results_drift_away_is_told(otherwise):
    attempts = otherwise.attempts(4000)
    odds = attempts.offset
    told = calibration_report(odds, attempts.success, attempts.path, attempts.facts["city_code"].to_numpy())
    groups = {each.group for each in drifting(told, load_learning())}
    assert "path:9" in groups
    assert "path:2" not in groups


def test_the_calibration_error_of_a_hand_worked_case():
    chances = np.array([0.1] * 10 + [0.9] * 10)
    success = np.array([0] * 8 + [1] * 2 + [1] * 10)
    halves = (10 * (0.2 - 0.1) + 10 * (1.0 - 0.9)) / 20
    # Ten bins of two: within a half, the gaps of its bins weigh by count.
    first = [abs(0.1 - 0.0)] * 4 + [abs(0.1 - 1.0)]
    assert calibration_error(chances, success) == pytest.approx((sum(first) + 5 * 0.1) / 10)
    assert halves == pytest.approx(0.1)


def test_a_model_goes_into_use_with_its_figures_and_one_step_goes_back(tmp_path, lesson):
    assert book_in_use(tmp_path, BOOK) == BOOK
    assert keep(tmp_path, lesson) == lesson.model.name
    assert book_in_use(tmp_path, BOOK) == applied(BOOK, lesson.model)
    noted = decisions(tmp_path)[-1]
    assert noted["data_hash"] == lesson.data_hash
    assert noted["gain"]["low"] > 0
    assert revert(tmp_path) == (lesson.model.name, "expert")
    assert book_in_use(tmp_path, BOOK) == BOOK
    with pytest.raises(WorkspaceError, match="专家权重"):
        revert(tmp_path)


def test_a_refused_model_is_kept_but_not_used(tmp_path, as_expected):
    taught = learn(as_expected.attempts(400), BOOK)
    assert taught.refusal is not None and "仍用专家权重" in taught.refusal
    keep(tmp_path, taught)
    assert name_in_use(tmp_path) == "expert"
    assert decisions(tmp_path)[-1]["refusal"] == taught.refusal


def test_a_lost_model_file_is_told_with_the_way_back(tmp_path, lesson):
    keep(tmp_path, lesson)
    (tmp_path / f"{lesson.model.name}.json").unlink()
    with pytest.raises(WorkspaceError, match="读不出") as told:
        book_in_use(tmp_path, BOOK)
    assert "--revert" in str(told.value)
    revert(tmp_path)
    assert book_in_use(tmp_path, BOOK) == BOOK


def test_weights_stay_whole_thousandths_of_log_odds(lesson):
    assert {shift % (MILLION // 1000) for shift in lesson.model.shifts.values()} == {0}
