"""The commands. Each parses, calls one function of the Python API, and prints.

Exit codes: 0 done; 1 findings of severity error (for `plan`: a ledger that could not be used); 2 usage.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coverage_engine.cli.review import review, trace
from coverage_engine.cli.speech import Steps, plain_errors, say
from coverage_engine.cli.workspace_commands import workspace_commands
from coverage_engine.model.drawing import Drawing

if TYPE_CHECKING:
    from coverage_engine.model.findings import Findings
    from coverage_engine.model.plan import Plan
    from coverage_engine.model.snapshot import Snapshot

_READ_STEPS, _PLAN_STEPS, _WRITE_STEPS = 1, 2, 5

Command = Callable[..., Any]

lang_option = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 / language"
)
ledgers_argument = click.argument("ledgers", nargs=-1, type=click.Path(path_type=Path))
workspace_option = click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="用工作目录里保存的台账（不再给出台账文件）",
)
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
maps_option = click.option(
    "--maps",
    type=click.Choice(["whole", "cities", "counties"]),
    default="whole",
    show_default=True,
    help="地图：whole 一张；cities 另加每市一张；counties 再加每县（市、区）一张",
)
sheets_option = click.option(
    "--sheets",
    multiple=True,
    type=click.Choice(["pdf", "png", "svg"]),
    help="另画 A4 纸面图（可多次给出；需安装 coverage-engine[print]）",
)
boundaries_option = click.option(
    "--boundaries", type=click.Path(path_type=Path, dir_okay=False), default=None, help="自备边界文件 GeoJSON"
)
system_option = click.option(
    "--boundary-system",
    type=click.Choice(["wgs84", "cgcs2000", "gcj02", "bd09"]),
    default="wgs84",
    show_default=True,
    help="边界文件的坐标系",
)
review_option = click.option("--review-number", default=None, help="审图号，印在每张地图上")
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


coverage_engine.add_command(review)
coverage_engine.add_command(trace)


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
        read = _read((out / "ledgers",), None, None, steps)
        _plan(read, out, None, (), lang, steps)


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
@workspace_option
@click.option(
    "--findings", "file", type=click.Path(path_type=Path, dir_okay=False), default=None, help="导出全部问题"
)
@as_of_option
@lang_option
def check(
    ledgers: tuple[Path, ...],
    workspace: Path | None,
    file: Path | None,
    as_of: datetime | None,
    lang: str,
) -> None:
    """核对台账：逐行交代，说清哪里有什么问题、怎么改。"""
    from coverage_engine.cli.findings import print_findings, print_rows
    from coverage_engine.ledgers.findings_workbook import write_findings
    from coverage_engine.model.vocabulary import Severity

    with plain_errors():
        steps = Steps(_READ_STEPS)
        snapshot, findings = _read(ledgers, workspace, as_of, steps)
        steps.close()
        print_rows(snapshot, lang)
        if file is not None:
            write_findings(findings, snapshot, file)
        print_findings(findings, file, lang)
        if findings.of(Severity.ERROR).height:
            raise click.exceptions.Exit(1)


@coverage_engine.command("plan")
@ledgers_argument
@workspace_option
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="输出文件夹")
@division_option
@as_of_option
@policy_option
@maps_option
@sheets_option
@boundaries_option
@system_option
@review_option
@lang_option
def plan_command(
    ledgers: tuple[Path, ...],
    workspace: Path | None,
    out: Path,
    division: str | None,
    as_of: datetime | None,
    policies: tuple[Path, ...],
    lang: str,
    **drawing: Any,
) -> None:
    """从台账做出计划：总览、地图、附件3–5、任务清单、数据表。"""
    with plain_errors():
        steps = Steps(_READ_STEPS + _PLAN_STEPS + _WRITE_STEPS)
        read = _read(ledgers, workspace, as_of, steps)
        _plan(read, out, division, policies, lang, steps, Drawing(**drawing))


@coverage_engine.command()
@ledgers_argument
@workspace_option
@click.option("--enterprise", required=True, help="企业全称或统一社会信用代码")
@as_of_option
@policy_option
@lang_option
def explain(
    ledgers: tuple[Path, ...],
    workspace: Path | None,
    enterprise: str,
    as_of: datetime | None,
    policies: tuple[Path, ...],
    lang: str,
) -> None:
    """说清一家企业：周边关系、覆盖状态、应建要求、十一条路径逐项得分。"""
    from coverage_engine.cli.lookup import find_enterprise
    from coverage_engine.plan import plan
    from coverage_engine.recommend.explanation import explain as explain_enterprise

    with plain_errors():
        steps = Steps(_READ_STEPS + _PLAN_STEPS)
        snapshot, findings = _read(ledgers, workspace, as_of, steps)
        enterprise_id = find_enterprise(snapshot, enterprise, lang)
        made = plan(snapshot, findings=findings, policy_files=policies, progress=steps)
        steps.close()
        click.echo(explain_enterprise(made, enterprise_id, lang))


@coverage_engine.command()
@ledgers_argument
@workspace_option
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="输出文件夹")
@click.option(
    "--path", "number", type=click.Choice(["9", "10"]), default=None, help="只看总部带动（9）或龙头带动（10）"
)
@click.option("--seeds", default="auto", show_default=True, help="起步家数，auto 按每月工时选")
@click.option("--months", type=click.IntRange(1, 24), default=None, help="测算月数（默认 12）")
@click.option(
    "--scenario", "files", multiple=True, type=click.Path(path_type=Path), help="自己的情景文件（可多次给出）"
)
@division_option
@as_of_option
@policy_option
@lang_option
def simulate(
    ledgers: tuple[Path, ...],
    workspace: Path | None,
    out: Path,
    number: str | None,
    seeds: str,
    months: int | None,
    files: tuple[Path, ...],
    division: str | None,
    as_of: datetime | None,
    policies: tuple[Path, ...],
    lang: str,
) -> None:
    """测算总部带动、龙头带动的专项行动：能覆盖多少、有几成把握、从哪里起步。"""
    from coverage_engine.campaigns import CampaignOptions, load_scenarios, run_campaign, write_campaign
    from coverage_engine.plan import plan

    with plain_errors():
        scenarios = load_scenarios(files, _given(seeds, months))
        if number is not None:
            scenarios = tuple(each for each in scenarios if each.active_paths() <= {int(number)})
        steps = Steps(_READ_STEPS + _PLAN_STEPS + len(scenarios) + 1)
        snapshot, findings = _read(ledgers, workspace, as_of, steps)
        made = plan(snapshot, findings=findings, division=division, policy_files=policies, progress=steps)
        result = run_campaign(snapshot, made["enterprises"], scenarios, CampaignOptions(progress=steps))
        steps("写出测算报告")
        write_campaign(result, out, lang)
        steps.close()
        click.echo(say("simulated", lang, file=out / "index.html"))


def _given(seeds: str, months: int | None) -> dict[str, int]:
    """What the planner states on the command line, by key of the scenario files."""
    given = {} if months is None else {"campaign.months": months}
    if seeds == "auto":
        return given
    if not seeds.isdecimal() or int(seeds) < 1:
        raise click.BadParameter("请写 auto 或不小于 1 的整数", param_hint="--seeds")
    return {**given, "starts.number": int(seeds)}


for _command in workspace_commands:
    coverage_engine.add_command(_command)


def _read(
    ledgers: tuple[Path, ...], workspace: Path | None, as_of: datetime | None, steps: Steps
) -> tuple[Snapshot, Findings]:
    """The snapshot of the ledgers given, or the one that a workspace keeps."""
    if workspace is not None:
        from coverage_engine.cli.workspace_commands import read_workspace

        return read_workspace(workspace, ledgers, as_of, steps)
    if not ledgers:
        raise click.UsageError("请给出台账文件或文件夹，或用 --workspace 指定工作目录。")
    from coverage_engine.ledgers import read_ledgers

    steps("读取台账")
    return read_ledgers(ledgers, as_of=_day(as_of), progress=steps.part)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment is not None else None


def _plan(
    read: tuple[Snapshot, Findings],
    out: Path,
    division: str | None,
    policies: tuple[Path, ...],
    lang: str,
    steps: Steps,
    drawing: Drawing | None = None,
) -> None:
    from coverage_engine.cli.findings import print_findings, print_rows, unusable_ledgers
    from coverage_engine.plan import plan, write_plan

    snapshot, findings = read
    made = plan(snapshot, findings=findings, division=division, policy_files=policies, progress=steps)
    write_plan(made, out, lang=lang, drawing=drawing, progress=steps)
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
