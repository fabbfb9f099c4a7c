"""The models folder: every learned model with its figures, which weights are in use, and the way back.

MODELS/
  CURRENT          the name of the weights in use (`expert` at first)
  decisions.jsonl  every lesson and every step back: data hash, figures, decision; lines are only added
  <name>.json      a learned model: shifts and prediction-set rule
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coverage_engine.durable import append_durably, make_folder, write_durably
from coverage_engine.errors import WorkspaceError
from coverage_engine.learning.in_use import EXPERT, model_file, name_in_use
from coverage_engine.learning.learned import LearnedModel, applied, as_json
from coverage_engine.recommend.definitions import PathBook

# The weights in use are read by every plan, which should not load what only learning needs.
if TYPE_CHECKING:
    from coverage_engine.learning.lesson import Lesson
    from coverage_engine.learning.off_policy import Estimate


def book_in_use(folder: Path, book: PathBook) -> PathBook:
    """The expert's book, moved by the model that is in use.

    Raises:
        WorkspaceError: the model named in CURRENT is not there or cannot be read.
    """
    name = name_in_use(folder)
    if name == EXPERT:
        return book
    file = model_file(folder, name)
    try:
        return applied(book, LearnedModel.from_json(json.loads(file.read_text("utf-8"))))
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise WorkspaceError(
            f"读不出正在使用的权重 {file}（{problem}）",
            f"退回上一版：coverage-engine learn --models {folder} --revert",
        ) from problem


def keep(folder: Path, lesson: Lesson) -> str:
    """Keeps a lesson; its model goes into use where the gate let it. Returns the name now in use.

    Raises:
        WorkspaceError: files of somebody's lie where ours would go.
    """
    _refuse_foreign(folder, lesson)
    make_folder(folder)
    before = name_in_use(folder)
    live = lesson.refusal is None and lesson.model.name != EXPERT
    if lesson.model.name != EXPERT:
        write_durably(model_file(folder, lesson.model.name), as_json(lesson.model).encode())
    after = lesson.model.name if live else before
    _note(folder, {"what": "lesson", "before": before, "after": after, **figures(lesson)})
    write_durably(folder / "CURRENT", after.encode())
    return after


def revert(folder: Path) -> tuple[str, str]:
    """Goes back to the weights that were in use before the present ones; returns (left, now in use).

    Raises:
        WorkspaceError: there is nothing to go back to, or what lies there is not ours.
    """
    _refuse_foreign(folder)
    left = name_in_use(folder)
    former = [
        each["before"]
        for each in decisions(folder)
        if each["after"] == left and each["before"] != left and each["what"] == "lesson"
    ]
    if left == EXPERT or not former:
        raise WorkspaceError(
            f"{folder} 现在用的就是专家权重，没有可退回的",
            "需要学习时运行 coverage-engine learn 台账文件夹。",
        )
    _note(folder, {"what": "revert", "before": left, "after": former[-1]})
    write_durably(folder / "CURRENT", former[-1].encode())
    return left, former[-1]


def decisions(folder: Path) -> list[dict[str, Any]]:
    """Everything that was decided, oldest first."""
    file = folder / "decisions.jsonl"
    lines = file.read_text("utf-8").splitlines() if file.is_file() else []
    return [json.loads(line) for line in lines if line.strip()]


def figures(lesson: Lesson) -> dict[str, Any]:
    """What a lesson rests on, as plain values."""
    verdict = lesson.verdict
    return {
        "model": lesson.model.name,
        "attempts": lesson.attempts,
        "data_hash": lesson.data_hash,
        "strength": lesson.strength,
        "losses": {str(strength): loss for strength, loss in lesson.losses.items()},
        "calibration": [asdict(each) for each in lesson.calibration],
        "reliability": lesson.reliability,
        "drift": [each.group for each in lesson.drift],
        "support": verdict and verdict.support,
        "gain": verdict and _interval(verdict.gain),
        "doubly_robust": verdict and _interval(verdict.doubly_robust),
        "foresight": verdict and _interval(verdict.foresight),
        "estimates": verdict
        and {name: [_interval(new), _interval(old)] for name, (new, old) in verdict.estimates.items()},
        "refusal": lesson.refusal,
    }


def _refuse_foreign(folder: Path, lesson: Lesson | None = None) -> None:
    """Sees that CURRENT, decisions and the model's own file are ours, where they are there."""
    try:
        named = {EXPERT} | {each[at] for each in decisions(folder) for at in ("before", "after")}
        ours = name_in_use(folder) in named
    except (OSError, ValueError, KeyError, TypeError):
        ours = False
    if lesson is not None and lesson.model.name != EXPERT:
        file = model_file(folder, lesson.model.name)
        ours = ours and (not file.exists() or file.read_bytes() == as_json(lesson.model).encode())
    if not ours:
        raise WorkspaceError(
            f"{folder} 里的 CURRENT、decisions.jsonl 或同名权重不是本程序写的，没有改动",
            "请用 --models 另给一个新的或空的文件夹。",
        )


def _interval(estimate: Estimate) -> dict[str, float]:
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high}


def _note(folder: Path, decision: dict[str, Any]) -> None:
    line = json.dumps(decision, ensure_ascii=False, sort_keys=True)
    append_durably(folder / "decisions.jsonl", line.encode())
