"""The commands around ledgers: template, sample, map, check."""

from __future__ import annotations

from pathlib import Path

import click

from coverage_engine.cli.request import READ_STEPS, Request, lang_option, reads_ledgers, tell_date
from coverage_engine.cli.speech import Steps, plain_errors, say, tell_set_aside


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@lang_option
def template(file: Path, lang: str) -> None:
    """写出全部台账的空白工作簿，带说明和下拉选项。"""
    from coverage_engine.face.intake import template as written

    with plain_errors():
        written(file)
        click.echo(say("template", lang, file=file))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--enterprises", type=click.IntRange(min=1), default=60_000, show_default=True, help="企业数")
@click.option("--seed", type=int, default=2019, show_default=True, help="随机种子")
@click.option("--messy", is_flag=True, help="像真实台账一样弄乱")
@click.option(
    "--layout",
    type=click.Choice(["mixed", "csv", "xlsx"]),
    default="mixed",
    show_default=True,
    help="文件格式",
)
@lang_option
def sample(folder: Path, enterprises: int, seed: int, messy: bool, layout: str, lang: str) -> None:
    """虚构一个省的全部台账（企业均为虚构），旁边附真相 truth/。"""
    from coverage_engine.face.intake import sample as written

    with plain_errors():
        steps = Steps(1)
        steps("编造样例省（企业均为虚构）")
        made = written(folder, enterprises=enterprises, seed=seed, messy=messy, layout=layout)
        steps.close()
        tell_set_aside(made, lang)
        click.echo(say("sample", lang, folder=folder))


@click.command("map")
@click.argument("ledgers", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    "file",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="写出的表头对照（.xlsx）",
)
@lang_option
def map_columns(ledgers: tuple[Path, ...], file: Path, lang: str) -> None:
    """表头对照：每张表是哪种台账、每一列读作什么；拿不准的列出来请您定，填好后与台账一起交。"""
    from coverage_engine.face.column_mappings import map_ledgers

    with plain_errors():
        steps = Steps(READ_STEPS)
        steps("读取台账")
        mapped = map_ledgers(ledgers, file=file, progress=steps.part)
        steps.close()
        key = "mapped" if mapped.questions else "mapped_whole"
        words = {"sheets": sum(len(each.sheets) for each in mapped.lists), "forms": len(mapped.lists)}
        click.echo(say(key, lang, file=file, questions=mapped.questions, **words))


@click.command()
@reads_ledgers
@click.option(
    "--findings",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="导出全部问题",
)
def check(request: Request, file: Path | None) -> None:
    """核对台账：逐行交代，说清哪里有什么问题、怎么改。"""
    from coverage_engine.cli.findings import print_findings, print_identity, print_rows
    from coverage_engine.face.intake import check as looked_through

    with plain_errors():
        request.refuse_nothing()
        steps = Steps(READ_STEPS)
        steps("读取台账" if request.workspace is None else "打开工作目录")
        done = looked_through(
            request.sources,
            workspace=request.workspace,
            as_of=request.day(),
            no_clean=request.no_clean,
            complete=request.complete,
            file=file,
            progress=steps.part,
        )
        if request.workspace is None and done.refusal is None:
            tell_date(done.snapshot, request.lang)
        steps.close()
        print_identity(done.snapshot, done.findings, request.lang)
        print_rows(done.snapshot, request.lang)
        print_findings(done.findings, file, request.lang)
        if done.refusal is not None:
            raise done.refusal
        if done.errors:
            raise click.exceptions.Exit(1)


intake_commands = (template, sample, map_columns, check)
