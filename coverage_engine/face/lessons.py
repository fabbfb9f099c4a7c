"""Weights learned from past work: learned, proved, put into use, and taken back in one step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coverage_engine.arguments import CALLABLE, FOLDER, checked, files, instance, maybe
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.recommend import load_paths

if TYPE_CHECKING:
    from coverage_engine.learning import Lesson
    from coverage_engine.recommend.definitions import PathBook

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Learnt:
    """学习结果: the lesson, the attempts that it rests on, and the name of the weights now in use.

    `attempts` have ended; `ongoing` are under way; `unfitting` were on paths that the ledgers rule out.
    """

    lesson: Lesson
    attempts: int
    ongoing: int
    unfitting: int
    in_use: str


@checked(
    snapshot=instance(Snapshot, "read_ledgers 读出的底数（Snapshot）"),
    models=FOLDER,
    policy_files=files(),
    own_paths=maybe(FOLDER),
    progress=CALLABLE,
)
def learn(
    snapshot: Snapshot,
    models: str | Path,
    *,
    policy_files: Sequence[Path] = (),
    own_paths: Path | None = None,
    progress: Progress = lambda step: None,
) -> Learnt:
    """Weights of the paths learned from the 建团成果 of a snapshot; in use only if proved better.

    Args:
        snapshot: with the ledger of past work.
        models: folder of learned weights; made if absent.
        policy_files: laid over the shipped policy.
        own_paths: folder of a province's own paths, laid over the shipped ones.
        progress: is told each step.

    Returns:
        The lesson (`calibration` and `drift` of left-out attempts, `verdict` with the gain in the share of
        successes and its interval, `refusal`: why the new weights may not go live, in words), how many
        attempts it rests on, and which weights are `in_use` now.

    Raises:
        ArgumentError: an argument of the wrong kind.
        PolicyError: a policy file is wrong.
        WorkspaceError: files of somebody's lie in the folder.

    Source:
        `paths/learning.toml` (least attempts, strengths, bounds of the gate); docstrings of
        `coverage_engine.learning`.

    Example:
        >>> learn(snapshot, "新权重").in_use
        'expert'
    """
    from coverage_engine.coverage import assess
    from coverage_engine.learning import learn as learn_from
    from coverage_engine.learning.attempts import past_attempts
    from coverage_engine.learning.models_folder import book_in_use, keep
    from coverage_engine.policy import load_policy

    folder = Path(models)
    policy = load_policy(snapshot.as_of, policy_files)
    progress("整理建团成果")
    enterprises = assess(snapshot, policy)["enterprises"]
    book = load_paths(own_paths)
    attempts = past_attempts(snapshot, enterprises, policy.number("league_members_threshold"), book)
    progress("学习并与现行权重比较")
    lesson = learn_from(attempts, book, book_in_use(folder, book))
    return Learnt(lesson, attempts.count, attempts.ongoing, attempts.unfitting, keep(folder, lesson))


@checked(models=FOLDER)
def revert_weights(models: str | Path) -> tuple[str, str]:
    """The weights that were in use before put back: the names of those left and of those now in use.

    Raises:
        ArgumentError: an argument of the wrong kind.
        WorkspaceError: there is nothing to go back to, or files of somebody's lie in the folder.

    Example:
        >>> revert_weights("权重")
        ('learned-812', 'expert')
    """
    from coverage_engine.learning.models_folder import revert

    return revert(Path(models))


@checked(models=maybe(FOLDER), own_paths=maybe(FOLDER))
def load_weights(models: str | Path | None = None, own_paths: str | Path | None = None) -> PathBook:
    """The paths with the weights in use, to be given to `plan` and others as `book`.

    `models` is a folder of learned weights; the expert's weights without one, and where none went into use.
    `own_paths` is a folder of a province's own paths, laid over the shipped ones.

    Raises:
        ArgumentError: an argument of the wrong kind.
        PolicyError: a file of `paths/` is wrong.
        WorkspaceError: the weights in use are not there or cannot be read.

    Source:
        `paths/*.toml`: weights in millionths of log-odds, each with its evidence.

    Example:
        >>> load_weights().name
        'expert'
    """
    expert = load_paths(None if own_paths is None else Path(own_paths))
    if models is None:
        return expert
    from coverage_engine.learning.models_folder import book_in_use

    return book_in_use(Path(models), expert)
