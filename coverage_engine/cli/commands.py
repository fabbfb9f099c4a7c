"""The commands. Each parses, calls one function of the Python API, and prints.

Exit codes: 0 done; 1 findings of severity error (for `plan`: a ledger that could not be used); 2 usage.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coverage_engine.cli.speech import Steps, plain_errors, say

if TYPE_CHECKING:
    from coverage_engine.model.findings import Findings
    from coverage_engine.model.plan import Plan
    from coverage_engine.model.snapshot import Snapshot

_READ_STEPS, _PLAN_STEPS, _WRITE_STEPS = 3, 2, 5

Command = Callable[..., Any]

lang_option = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 / language"
)
ledgers_argument = click.argument("ledgers", nargs=-1, required=True, type=click.Path(path_type=Path))
as_of_option = click.option(
    "--as-of",
    "as_of",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="时点 YYYY-MM-DD（默认取智慧团建导出日期，没有则取今天）",
)
division_option = click.option(
    "--division", default=None, help="只做一个市或县（市、区），如 郑州市、郑州市金水区"
)
policy_option = click.option(
    "--policy",
    "policies",
    multiple=True,
    type=click.Path(path_type=Path),
    help="叠加的政策参数文件（可多次给出）",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="coverage-engine")
def coverage_engine() -> None:
    """非公企业团组织覆盖规划：台账 → 建团目标、建团路径、覆盖地图、附件3–5、任务清单。"""


@coverage_engine.command()
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("demo-output"), show_default=True
)
@click.option("--enterprises", type=click.IntRange(min=1), default=60_000, show_default=True, help="企业数")
@click.option("--seed", type=int, default=2019, show_default=True, help="随机种子")
@lang_option
def demo(out: Path, enterprises: int, seed: int, lang: str) -> None:
    """虚构一个省，做完整个工作，并说明看哪里。"""
    from coverage_engine.samples import write_sample

    with plain_errors():
        steps = Steps(1 + _READ_STEPS + _PLAN_STEPS + _WRITE_STEPS)
        steps("编造样例省（企业均为虚构）")
        write_sample(out / "ledgers", enterprises=enterprises, seed=seed)
        _plan([out / "ledgers"], out, None, None, (), lang, steps)


@coverage_engine.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@lang_option
def template(file: Path, lang: str) -> None:
    """写出全部台账的空白工作簿，带说明和下拉选项。"""
    from coverage_engine.ledgers.template import write_template

    with plain_errors():
        write_template(file)
        click.echo(say("template", lang, file=file))


@coverage_engine.command()
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
    from coverage_engine.samples import write_sample

    with plain_errors():
        steps = Steps(1)
        steps("编造样例省（企业均为虚构）")
        write_sample(folder, enterprises=enterprises, seed=seed, messy=messy, layout=layout)
        steps.close()
        click.echo(say("sample", lang, folder=folder))


@coverage_engine.command()
@ledgers_argument
@click.option(
    "--findings", "file", type=click.Path(path_type=Path, dir_okay=False), default=None, help="导出全部问题"
)
@as_of_option
@lang_option
def check(ledgers: tuple[Path, ...], file: Path | None, as_of: datetime | None, lang: str) -> None:
    """核对台账：逐行交代，说清哪里有什么问题、怎么改。"""
    from coverage_engine.cli.findings import print_findings, print_rows
    from coverage_engine.ledgers.findings_workbook import write_findings
    from coverage_engine.model.vocabulary import Severity

    with plain_errors():
        steps = Steps(_READ_STEPS)
        snapshot, findings = _read(ledgers, as_of, steps)
        steps.close()
        print_rows(snapshot, lang)
        if file is not None:
            write_findings(findings, snapshot, file)
        print_findings(findings, file, lang)
        if findings.of(Severity.ERROR).height:
            raise click.exceptions.Exit(1)


@coverage_engine.command("plan")
@ledgers_argument
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="输出文件夹")
@click.option("--trace", is_flag=True, help="另写附件各格的出处（台账单元格和条款）")
@division_option
@as_of_option
@policy_option
@lang_option
def plan_command(
    ledgers: tuple[Path, ...],
    out: Path,
    trace: bool,
    division: str | None,
    as_of: datetime | None,
    policies: tuple[Path, ...],
    lang: str,
) -> None:
    """从台账做出计划：总览、地图、附件3–5、任务清单、数据表。"""
    with plain_errors():
        steps = Steps(_READ_STEPS + _PLAN_STEPS + _WRITE_STEPS)
        _plan(list(ledgers), out, division, as_of, policies, lang, steps, trace=trace)


@coverage_engine.command()
@ledgers_argument
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="输出文件夹")
@click.option("--enterprise", default=None, help="只写这一家的函、申请和批复：企业全称或统一社会信用代码")
@click.option("--map", "image", default=None, type=click.Path(path_type=Path), help="放进简报的地图（PNG）")
@click.option(
    "--templates",
    default=None,
    type=click.Path(path_type=Path, file_okay=False),
    help="本单位的公文模板文件夹",
)
@division_option
@as_of_option
@policy_option
@lang_option
def letters(
    ledgers: tuple[Path, ...],
    out: Path,
    enterprise: str | None,
    image: Path | None,
    templates: Path | None,
    division: str | None,
    as_of: datetime | None,
    policies: tuple[Path, ...],
    lang: str,
) -> None:
    """写出公文（Word）：联合通知、商请函、致企业的函、建团申请和批复、通报稿、简报。"""
    from coverage_engine.cli.lookup import find_enterprise
    from coverage_engine.plan import plan
    from coverage_engine.reporting.letters import LetterOptions, write_letter_templates, write_letters

    with plain_errors():
        steps = Steps(_READ_STEPS + _PLAN_STEPS + 1)
        snapshot, findings = _read(ledgers, as_of, steps)
        chosen = find_enterprise(snapshot, enterprise, lang) if enterprise else None
        made = plan(snapshot, findings=findings, division=division, policy_files=policies, progress=steps)
        steps("写出公文")
        own = LetterOptions(enterprise_id=chosen, map_image=image, templates=templates)
        written = write_letters(made, out, own)
        write_letter_templates(out / "模板")
        steps.close()
        click.echo(say("letters", lang, count=len(written), folder=out))


@coverage_engine.command()
@ledgers_argument
@click.option(
    "--annexes",
    required=True,
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="交回的附件（.xlsx）所在文件夹",
)
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="输出文件夹")
@division_option
@as_of_option
@policy_option
@lang_option
def returns(
    ledgers: tuple[Path, ...],
    annexes: Path,
    out: Path,
    division: str | None,
    as_of: datetime | None,
    policies: tuple[Path, ...],
    lang: str,
) -> None:
    """读回县、市填好的附件：预览改动，汇总，并按改动重写附件3–5。"""
    from coverage_engine.plan import plan
    from coverage_engine.reporting import write_annexes
    from coverage_engine.returns import apply_changes, kept_texts, roll_up, write_preview, write_roll_up

    with plain_errors():
        steps = Steps(_READ_STEPS + 2 * _PLAN_STEPS + 2)
        snapshot, findings = _read(ledgers, as_of, steps)
        made = plan(snapshot, findings=findings, division=division, policy_files=policies, progress=steps)
        steps("核对交回的附件")
        rolled = roll_up(sorted(annexes.glob("[!~]*.xlsx")), made)
        changed = apply_changes(snapshot, rolled.returned)
        again = plan(changed, findings=findings, division=division, policy_files=policies, progress=steps)
        steps("写出预览、汇总和附件")
        write_preview(rolled, made.as_of, out / "回填预览.xlsx")
        write_roll_up(rolled, made, out / "汇总")
        write_annexes(again, out / "annexes", kept=kept_texts(rolled.returned))
        steps.close()
        cells = sum(annex.changes.height for annex in rolled.returned)
        told = {"files": len(rolled.returned), "changes": cells, "findings": len(rolled.findings)}
        click.echo(say("returns", lang, folder=out, **told))


@coverage_engine.command()
@click.argument("documents", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="输出文件夹")
@lang_option
def pdf(documents: tuple[Path, ...], out: Path, lang: str) -> None:
    """把附件、清单、公文转成 PDF（用本机的 LibreOffice），并说明替换了哪些字体。"""
    from coverage_engine.reporting.printing import write_pdf

    with plain_errors():
        printed = write_pdf(documents, out)
        replaced = printed.substituted.items()
        fonts = "；".join(f"{name} → {other or '—'}" for name, other in replaced) or "—"
        click.echo(say("pdf", lang, count=len(printed.files), folder=out, fonts=fonts))


@coverage_engine.command("fill-form")
@ledgers_argument
@click.option("--annex", type=click.Choice(["1", "2", "3", "4", "5"]), required=True, help="附件几")
@click.option(
    "--blank", required=True, type=click.Path(path_type=Path, exists=True), help="本单位的空白表（.xlsx）"
)
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="填好后写到")
@division_option
@as_of_option
@policy_option
@lang_option
def fill_form(
    ledgers: tuple[Path, ...],
    annex: str,
    blank: Path,
    out: Path,
    division: str | None,
    as_of: datetime | None,
    policies: tuple[Path, ...],
    lang: str,
) -> None:
    """按本单位自己的空白表填附件，格式、合并单元格、公式不变。"""
    from coverage_engine.plan import plan
    from coverage_engine.reporting.blanks import fill_blank

    with plain_errors():
        steps = Steps(_READ_STEPS + _PLAN_STEPS + 1)
        snapshot, findings = _read(ledgers, as_of, steps)
        made = plan(snapshot, findings=findings, division=division, policy_files=policies, progress=steps)
        steps("填写空白表")
        done = fill_blank(made, f"annex_{annex}", blank, out)
        steps.close()
        left = "、".join(done.left) or "—"
        click.echo(say("filled", lang, file=out, rows=done.rows, columns=len(done.filled), left=left))


@coverage_engine.command()
@ledgers_argument
@click.option("--enterprise", required=True, help="企业全称或统一社会信用代码")
@as_of_option
@policy_option
@lang_option
def explain(
    ledgers: tuple[Path, ...], enterprise: str, as_of: datetime | None, policies: tuple[Path, ...], lang: str
) -> None:
    """说清一家企业：周边关系、覆盖状态、应建要求、十一条路径逐项得分。"""
    from coverage_engine.cli.lookup import find_enterprise
    from coverage_engine.plan import plan
    from coverage_engine.recommend import explain as explain_enterprise

    with plain_errors():
        steps = Steps(_READ_STEPS + _PLAN_STEPS)
        snapshot, findings = _read(ledgers, as_of, steps)
        enterprise_id = find_enterprise(snapshot, enterprise, lang)
        made = plan(snapshot, findings=findings, policy_files=policies, progress=steps)
        steps.close()
        click.echo(explain_enterprise(made, enterprise_id, lang))


def _read(ledgers: tuple[Path, ...], as_of: datetime | None, steps: Steps) -> tuple[Snapshot, Findings]:
    from coverage_engine.ledgers import read_ledgers

    return read_ledgers(ledgers, as_of=_day(as_of), progress=steps)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment is not None else None


def _plan(
    ledgers: list[Path],
    out: Path,
    division: str | None,
    as_of: datetime | None,
    policies: tuple[Path, ...],
    lang: str,
    steps: Steps,
    *,
    trace: bool = False,
) -> None:
    from coverage_engine.cli.findings import print_findings, print_rows, unusable_ledgers
    from coverage_engine.plan import plan, write_plan
    from coverage_engine.reporting.traces import write_traces

    snapshot, findings = _read(tuple(ledgers), as_of, steps)
    made = plan(snapshot, findings=findings, division=division, policy_files=policies, progress=steps)
    write_plan(made, out, lang=lang, progress=steps)
    if trace:
        write_traces(made, out / "annexes")
    steps.close()
    print_rows(snapshot, lang)
    print_findings(findings, out / "tables" / "findings.csv", lang)
    click.echo(_totals(made, lang))
    click.echo(say("look", lang, file=(out / "index.html")))
    if unusable_ledgers(findings):
        click.echo(say("unused", lang), err=True)
        raise click.exceptions.Exit(1)


def _totals(plan: Plan, lang: str) -> str:
    enterprises = plan["enterprises"]
    obligations = dict(enterprises.group_by("obligation").len().iter_rows())
    return say(
        "planned",
        lang,
        division=plan.division.name,
        enterprises=enterprises.height,
        targets=int(enterprises["is_target"].sum()),
        must=obligations.get("must_establish", 0),
        should=obligations.get("should_establish", 0),
        undetermined=obligations.get("undetermined", 0),
    )
