"""The command `learn`: from the 建团成果台账 to weights that may go into use, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coverage_engine.cli.request import READ_STEPS, Request, weighs_paths
from coverage_engine.cli.speech import Steps, plain_errors, say

if TYPE_CHECKING:
    from coverage_engine.learning import Lesson

_LEARN_STEPS = 2
_SHOWN = 3


@click.command()
@weighs_paths
@click.option("--revert", is_flag=True, help="退回上一次使用的权重")
def learn(request: Request, revert: bool) -> None:
    """从建团成果学习路径权重：证明好于现行权重才使用；--revert 一步退回。"""
    with plain_errors():
        folder = request.models_folder()
        if folder is None:
            raise click.UsageError("请用 --models 给出存放权重的文件夹，或用 --workspace 指定工作目录。")
        if revert:
            from coverage_engine.face.lessons import revert_weights

            left, now = revert_weights(folder)
            click.echo(say("reverted", request.lang, left=left, now=now))
            return
        _learn(request, folder)


# ---------------------------------------------------------------------------------------------- private


def _learn(request: Request, folder: Path) -> None:
    from coverage_engine.face.lessons import learn as learnt_from

    steps = Steps(READ_STEPS + _LEARN_STEPS)
    snapshot, _ = request.read(steps)
    learnt = learnt_from(
        snapshot, folder, policy_files=request.policies, own_paths=request.own_paths, progress=steps
    )
    steps.close()
    left_out = {"ongoing": learnt.ongoing, "unfitting": learnt.unfitting}
    click.echo(say("attempts", request.lang, count=learnt.attempts, **left_out))
    _tell(learnt.lesson, request.lang)
    click.echo(say("kept", request.lang, now=learnt.in_use, folder=folder))


def _tell(lesson: Lesson, lang: str) -> None:
    if lesson.calibration:
        whole = lesson.calibration[0]
        click.echo(
            say(
                "calibrated",
                lang,
                expected=f"{whole.expected:.1%}",
                observed=f"{whole.observed:.1%}",
                error=f"{whole.calibration_error:.3f}",
                brier=f"{whole.brier:.3f}",
            )
        )
    for group in lesson.drift[:_SHOWN]:
        percents = {"expected": f"{group.expected:.0%}", "observed": f"{group.observed:.0%}"}
        click.echo(say("drift", lang, group=group.group, attempts=group.attempts, **percents))
    if lesson.verdict is not None:
        gain = lesson.verdict.gain
        percents = {"gain": f"{gain.value:+.1%}", "low": f"{gain.low:+.1%}", "high": f"{gain.high:+.1%}"}
        click.echo(say("gain", lang, support=f"{lesson.verdict.support:.0%}", **percents))
    if lesson.refusal is not None:
        click.echo(say("held_back", lang, why=lesson.refusal))
