"""The commands that look after a workspace: verify, repair, forget."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coverage_engine.cli.speech import Steps, plain_errors, say
from coverage_engine.cli.workspace_commands import lang_option, workspace_option

if TYPE_CHECKING:
    from coverage_engine.workspace import Soundness


@click.command("verify")
@workspace_option
@lang_option
def verify_command(workspace: Path, lang: str) -> None:
    """逐个核对工作目录里的版本和原件是否完好，不作改动。"""
    from coverage_engine.face.workspaces import verify

    with plain_errors():
        steps = Steps(1)
        steps("核对工作目录")
        looked_at = verify(workspace, progress=steps.part)
        steps.close()
        _tell(looked_at, workspace, lang)


@click.command("repair")
@workspace_option
@lang_option
def repair_command(workspace: Path, lang: str) -> None:
    """按日志和原件修复工作目录；修不了的说明怎么办。"""
    from coverage_engine.face.workspaces import repair

    with plain_errors():
        steps = Steps(1)
        steps("修复工作目录")
        looked_at = repair(workspace, progress=steps.part)
        steps.close()
        for mended in looked_at.mended:
            click.echo(say("mended", lang, mended=mended))
        _tell(looked_at, workspace, lang)


@click.command("forget")
@click.argument("names", nargs=-1)
@workspace_option
@click.option(
    "--all", "everything", is_flag=True, help="连现在采用的原件也删除（以后不能再局部更新或回答待定名称）"
)
@click.option("--apply", "applied", is_flag=True, help="真正删除；不加只列出")
@lang_option
def forget_command(
    names: tuple[str, ...], workspace: Path, everything: bool, applied: bool, lang: str
) -> None:
    """删除工作目录里留存的台账原件（可能含个人信息）；默认只删不再采用的，写明文件名的只删它。"""
    from coverage_engine.face.workspaces import forget

    with plain_errors():
        originals = forget(workspace, names, everything=everything, apply=applied)
        for original in originals:
            click.echo(say("original", lang, name=original.name, sha256=original.sha256[:12]))
        phrase_key = "forgot" if applied else "forget_preview"
        click.echo(
            say(phrase_key if originals else "forget_none", lang, count=len(originals), folder=workspace)
        )


care_commands = (verify_command, repair_command, forget_command)


# ---------------------------------------------------------------------------------------------- private


def _tell(soundness: Soundness, folder: Path, lang: str) -> None:
    for damage in soundness.damages:
        click.echo(say("damage", lang, problem=damage.problem, remedy=damage.remedy))
    words = {
        "versions": soundness.versions,
        "originals": soundness.originals,
        "count": len(soundness.damages),
    }
    click.echo(say("unsound" if soundness.damages else "sound", lang, folder=folder, **words))
    if soundness.damages:
        raise click.exceptions.Exit(1)
