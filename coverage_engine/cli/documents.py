"""The commands of the office: letters, returned annexes, a unit's own blank forms, PDF."""

from __future__ import annotations

from pathlib import Path

import click

from coverage_engine.cli.request import PLAN_STEPS, READ_STEPS, Request, lang_option, out_option, plans
from coverage_engine.cli.speech import Steps, plain_errors, say, tell_set_aside
from coverage_engine.delivery import see_replaceable


@click.command()
@plans
@out_option
@click.option("--enterprise", default=None, help="只写这一家的函、申请和批复：企业全称或统一社会信用代码")
@click.option("--map", "image", default=None, type=click.Path(path_type=Path), help="放进简报的地图（PNG）")
@click.option(
    "--templates",
    default=None,
    type=click.Path(path_type=Path, file_okay=False),
    help="本单位的公文模板文件夹",
)
def letters(
    request: Request, out: Path, enterprise: str | None, image: Path | None, templates: Path | None
) -> None:
    """写出公文（Word）：联合通知、商请函、致企业的函、建团申请和批复、通报稿、简报、各县和各单位的任务清单。"""
    from coverage_engine.face.enterprises import find_enterprise
    from coverage_engine.face.papers import letters as written

    with plain_errors():
        steps = Steps(READ_STEPS + PLAN_STEPS + 1)
        read = request.read(steps)
        chosen = find_enterprise(read[0], enterprise, request.lang) if enterprise else None
        made = request.plan(read, steps)
        steps("写出公文")
        done = written(made, out, enterprise_id=chosen, map_image=image, templates=templates)
        steps.close()
        tell_set_aside(done.delivery, request.lang)
        click.echo(say("letters", request.lang, count=len(done.files), folder=out))


@click.command()
@plans
@out_option
@click.option(
    "--annexes",
    required=True,
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="交回的附件（.xlsx）所在文件夹",
)
def returns(request: Request, out: Path, annexes: Path) -> None:
    """读回县、市填好的附件：预览改动，汇总，并按改动重写附件3–5。"""
    from coverage_engine.face.papers import returns as read_back
    from coverage_engine.face.papers import write_returns

    with plain_errors():
        steps = Steps(READ_STEPS + 2 * PLAN_STEPS + 2)
        snapshot, findings = request.read(steps)
        returned = read_back(
            snapshot,
            annexes,
            findings=findings,
            division=request.division,
            policy_files=request.policies,
            book=request.book(),
            progress=steps,
        )
        steps("写出预览、汇总和附件")
        delivered = write_returns(returned, out)
        steps.close()
        tell_set_aside(delivered, request.lang)
        rolled = returned.rolled
        counts = {"files": len(rolled.returned), "findings": len(rolled.findings)}
        click.echo(say("returns", request.lang, folder=out, changes=returned.changes, **counts))


@click.command()
@click.argument("documents", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@out_option
@lang_option
def pdf(documents: tuple[Path, ...], out: Path, lang: str) -> None:
    """把附件、清单、公文转成 PDF（用本机的 LibreOffice；没有的，写成可打印的网页），并说明替换了哪些字体。"""
    from coverage_engine.face.papers import pdf as printed

    with plain_errors():
        done = printed(documents, out)
        tell_set_aside(done.delivery, lang)
        if done.as_pages:
            click.echo(say("print_pages", lang, count=len(done.files), folder=out))
            return
        fonts = "；".join(f"{name} → {other or '—'}" for name, other in done.substituted.items()) or "—"
        click.echo(say("pdf", lang, count=len(done.files), folder=out, fonts=fonts))


@click.command("fill-form")
@plans
@click.option("--annex", type=click.Choice(["1", "2", "3", "4", "5"]), required=True, help="附件几")
@click.option(
    "--blank", required=True, type=click.Path(path_type=Path, exists=True), help="本单位的空白表（.xlsx）"
)
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="填好后写到")
def fill_form(request: Request, annex: str, blank: Path, out: Path) -> None:
    """按本单位自己的空白表填附件，格式、合并单元格、公式不变。"""
    from coverage_engine.face.papers import fill_form as filled_in

    with plain_errors():
        see_replaceable(out)
        steps = Steps(READ_STEPS + PLAN_STEPS + 1)
        made = request.plan(request.read(steps), steps)
        steps("填写空白表")
        done = filled_in(made, annex, blank, out)
        steps.close()
        figures = {"rows": done.rows, "columns": len(done.filled), "left": "、".join(done.left) or "—"}
        click.echo(say("filled", request.lang, file=out, **figures))


document_commands = (letters, returns, pdf, fill_form)
