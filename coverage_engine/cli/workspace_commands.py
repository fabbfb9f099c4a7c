"""The commands of the workspace: init, import (preview, then apply), history, undo, restore and others."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coverage_engine.cli.request import DAY
from coverage_engine.cli.speech import Steps, plain_errors, say
from coverage_engine.delivery import see_replaceable

if TYPE_CHECKING:
    from coverage_engine.workspace import Comparison, Entry

_SHOWN = 10
_READ_STEPS = 1
_MOST_DOUBTS = 50

lang_option = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 / language"
)
workspace_option = click.option(
    "--workspace",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="工作目录（用 coverage-engine init 建立）",
)
_out = click.option(
    "--out", "file", type=click.Path(path_type=Path, dir_okay=False), default=None, help="逐项导出为 .xlsx"
)


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@lang_option
def init_command(folder: Path, lang: str) -> None:
    """建立工作目录：台账和每次改动都保存在里面，可查、可撤销。"""
    from coverage_engine.face.workspaces import init

    with plain_errors():
        init(folder)
        click.echo(say("workspace_made", lang, folder=folder))


@click.command("import")
@click.argument("ledgers", nargs=-1, type=click.Path(path_type=Path))
@workspace_option
@click.option("--apply", "applied", is_flag=True, help="真正导入；不加只预览")
@click.option("--drop", "dropped", multiple=True, help="同时去掉以前交的某个文件（可多次给出）")
@click.option("--only", is_flag=True, help="只用这次交的文件，以前交的都不再用")
@click.option("--as-of", "as_of", type=DAY, default=None, help="时点 YYYY-MM-DD")
@_out
@lang_option
def import_command(
    ledgers: tuple[Path, ...],
    workspace: Path,
    applied: bool,
    dropped: tuple[str, ...],
    only: bool,
    as_of: datetime | None,
    file: Path | None,
    lang: str,
) -> None:
    """导入台账：先预览新增、变更、矛盾、减少，加 --apply 才写入。同名文件替换以前的。"""
    from coverage_engine.cli.findings import print_findings, print_identity, print_rows, unusable_ledgers
    from coverage_engine.face.workspaces import import_ledgers

    with plain_errors():
        if not ledgers and not dropped:
            raise click.UsageError("请给出台账文件或文件夹，或用 --drop 去掉以前交的文件。")
        if file is not None:
            see_replaceable(file)
        steps = Steps(_READ_STEPS)
        steps("读取台账")
        change = import_ledgers(
            workspace,
            ledgers,
            apply=applied,
            dropped=dropped,
            only=only,
            as_of=as_of.date() if as_of else None,
            progress=steps.part,
        )
        steps.close()
        print_identity(change.snapshot, change.findings, lang)
        print_rows(change.snapshot, lang)
        print_findings(change.findings, None, lang)
        _print_comparison(change.comparison, file, lang)
        if not applied:
            click.echo(say("import_preview", lang))
        elif change.entry is None:
            click.echo(say("import_same", lang))
        else:
            click.echo(say("import_done", lang, version=change.entry.version, folder=workspace))
        if unusable_ledgers(change.findings):
            raise click.exceptions.Exit(1)


@click.command("history")
@workspace_option
@lang_option
def history_command(workspace: Path, lang: str) -> None:
    """谁在什么时候做了什么；星号是现在采用的。"""
    from coverage_engine.face.workspaces import history

    with plain_errors():
        done = history(workspace)
        if not done:
            click.echo(say("history_none", lang))
        for entry in done:
            mark = "*" if entry is done[-1] else " "
            click.echo(say("history_entry", lang, mark=mark, about=_about(entry), **_shown(entry)))


@click.command("undo")
@workspace_option
@lang_option
def undo_command(workspace: Path, lang: str) -> None:
    """撤销最近一步；再撤销则再退一步。"""
    from coverage_engine.face.workspaces import undo

    with plain_errors():
        _print_return(undo(workspace), workspace, lang)


@click.command("restore")
@click.argument("version")
@workspace_option
@lang_option
def restore_command(version: str, workspace: Path, lang: str) -> None:
    """恢复到某个版本（包括撤销过的）。"""
    from coverage_engine.face.workspaces import restore

    with plain_errors():
        _print_return(restore(workspace, version), workspace, lang)


@click.command("diff")
@click.argument("before")
@click.argument("after")
@workspace_option
@_out
@lang_option
def diff_command(before: str, after: str, workspace: Path, file: Path | None, lang: str) -> None:
    """两个版本有什么不同：企业逐项，其余按表。"""
    from coverage_engine.face.workspaces import diff

    with plain_errors():
        if file is not None:
            see_replaceable(file)
        _print_comparison(diff(workspace, before, after), file, lang)


@click.command("doubts")
@workspace_option
@lang_option
def doubts_command(workspace: Path, lang: str) -> None:
    """列出拿不准是不是同一家的名称，对覆盖影响大的在前，附逐项理由。"""
    from coverage_engine.face.workspaces import doubts
    from coverage_engine.ledgers.kinds import ledger_kind

    with plain_errors():
        queue = doubts(workspace)
        for row in queue.head(_MOST_DOUBTS).iter_rows(named=True):
            words = {
                "ledger": ledger_kind(row["ledger"]).sheet,
                "effect": say(f"effect_{row['effect']}", lang),
            }
            click.echo(say("doubt", lang, **{**row, **words}))
        click.echo(say("doubts" if queue.height else "doubts_none", lang, count=queue.height))


@click.command("decide")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--same/--different", "same", required=True, help="是同一家 / 不是同一家")
@workspace_option
@lang_option
def decide_command(number: int, same: bool, workspace: Path, lang: str) -> None:
    """回答 doubts 里的一对是不是同一家；记下来，以后导入照此办理，可撤销。"""
    from coverage_engine.face.workspaces import decide

    with plain_errors():
        steps = Steps(_READ_STEPS)
        steps("读取台账")
        doubt = decide(workspace, number, same, progress=steps.part)
        steps.close()
        answer = say("same" if same else "different", lang)
        click.echo(say("decided", lang, answer=answer, **doubt))


workspace_commands = (
    init_command,
    import_command,
    history_command,
    undo_command,
    restore_command,
    diff_command,
    doubts_command,
    decide_command,
)


# ---------------------------------------------------------------------------------------------- private


def _print_comparison(comparison: Comparison, file: Path | None, lang: str) -> None:
    from coverage_engine.face.workspaces import write_comparison

    click.echo(say("import_counts", lang, **comparison.counts))
    for row in comparison.enterprises.head(_SHOWN).iter_rows(named=True):
        shown = {name: "" if value is None else value for name, value in row.items()}
        click.echo(say("import_example", lang, **shown))
    for row in comparison.tables.iter_rows(named=True):
        if row["added"] or row["dropped"]:
            click.echo(say("import_table", lang, **row))
    if file is not None:
        write_comparison(comparison, file)
        click.echo(say("rest", lang, file=file))


def _print_return(entry: Entry, folder: Path, lang: str) -> None:
    former = entry.details["from"]
    click.echo(say("back_to", lang, version=entry.version or "—", former=former, folder=folder))


def _shown(entry: Entry) -> dict[str, object]:
    return {
        "number": entry.number,
        "at": entry.at,
        "by": entry.by,
        "command": entry.command,
        "version": entry.version or "—",
    }


def _about(entry: Entry) -> str:
    inputs = entry.details.get("inputs", {})
    return "、".join(sorted(inputs))
