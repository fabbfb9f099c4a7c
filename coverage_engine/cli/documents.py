"""The commands of the office: letters, returned annexes, a unit's own blank forms, PDF."""

from __future__ import annotations

from pathlib import Path

import click

from coverage_engine.cli.request import PLAN_STEPS, READ_STEPS, Request, lang_option, out_option, plans
from coverage_engine.cli.speech import Steps, plain_errors, say, tell_set_aside
from coverage_engine.delivery import deliver, deliver_file, see_replaceable


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
    from coverage_engine.cli.lookup import find_enterprise
    from coverage_engine.reporting.letters import LetterOptions, write_letter_templates, write_letters

    with plain_errors():
        steps = Steps(READ_STEPS + PLAN_STEPS + 1)
        read = request.read(steps)
        firms = read[0]["enterprises"].lazy()
        chosen = find_enterprise(firms, enterprise, request.lang) if enterprise else None
        made = request.plan(read, steps)
        steps("写出公文")
        own = LetterOptions(enterprise_id=chosen, map_image=image, templates=templates)
        with deliver(out, "letters", adds=True) as delivered:
            written = write_letters(made, delivered.folder, own)
            write_letter_templates(delivered.folder / "模板")
        steps.close()
        tell_set_aside(delivered, request.lang)
        click.echo(say("letters", request.lang, count=len(written), folder=out))


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
    from coverage_engine.reporting import write_annexes
    from coverage_engine.returns import (
        accepted_texts,
        apply_changes,
        returned_files,
        roll_up,
        write_preview,
        write_roll_up,
    )

    with plain_errors():
        steps = Steps(READ_STEPS + 2 * PLAN_STEPS + 2)
        snapshot, findings = request.read(steps)
        made = request.plan((snapshot, findings), steps)
        steps("核对交回的附件")
        rolled = roll_up(returned_files(annexes), made)
        again = request.plan((apply_changes(snapshot, rolled.returned), findings), steps)
        steps("写出预览、汇总和附件")
        with deliver(out, "returns") as delivered:
            write_preview(rolled, made.as_of, delivered.folder / "回填预览.xlsx")
            write_roll_up(rolled, made, delivered.folder / "汇总")
            write_annexes(again, delivered.folder / "annexes", kept=accepted_texts(rolled.returned))
        steps.close()
        tell_set_aside(delivered, request.lang)
        cells = sum(annex.changes.height for annex in rolled.returned)
        told = {"files": len(rolled.returned), "changes": cells, "findings": len(rolled.findings)}
        click.echo(say("returns", request.lang, folder=out, **told))


@click.command()
@click.argument("documents", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@out_option
@lang_option
def pdf(documents: tuple[Path, ...], out: Path, lang: str) -> None:
    """把附件、清单、公文转成 PDF（用本机的 LibreOffice；没有的，写成可打印的网页），并说明替换了哪些字体。"""
    from coverage_engine.reporting.print_pages import write_print_pages
    from coverage_engine.reporting.printing import find_office, write_pdf

    with plain_errors():
        if find_office() is None:
            with deliver(out, "pdf", adds=True) as delivered:
                pages = write_print_pages(documents, delivered.folder)
            tell_set_aside(delivered, lang)
            click.echo(say("print_pages", lang, count=len(pages), folder=out))
            return
        with deliver(out, "pdf", adds=True) as delivered:
            printed = write_pdf(documents, delivered.folder)
        tell_set_aside(delivered, lang)
        replaced = printed.substituted.items()
        fonts = "；".join(f"{name} → {other or '—'}" for name, other in replaced) or "—"
        click.echo(say("pdf", lang, count=len(printed.files), folder=out, fonts=fonts))


@click.command("fill-form")
@plans
@click.option("--annex", type=click.Choice(["1", "2", "3", "4", "5"]), required=True, help="附件几")
@click.option(
    "--blank", required=True, type=click.Path(path_type=Path, exists=True), help="本单位的空白表（.xlsx）"
)
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="填好后写到")
def fill_form(request: Request, annex: str, blank: Path, out: Path) -> None:
    """按本单位自己的空白表填附件，格式、合并单元格、公式不变。"""
    from coverage_engine.reporting.blanks import fill_blank

    with plain_errors():
        see_replaceable(out)
        steps = Steps(READ_STEPS + PLAN_STEPS + 1)
        made = request.plan(request.read(steps), steps)
        steps("填写空白表")
        with deliver_file(out) as aside:
            done = fill_blank(made, f"annex_{annex}", blank, aside)
        steps.close()
        told = {"rows": done.rows, "columns": len(done.filled), "left": "、".join(done.left) or "—"}
        click.echo(say("filled", request.lang, file=out, **told))


document_commands = (letters, returns, pdf, fill_form)
