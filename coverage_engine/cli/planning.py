"""The commands of the main job: demo, plan, explain."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coverage_engine.cli.request import (
    PLAN_STEPS,
    READ_STEPS,
    WRITE_STEPS,
    Request,
    lang_option,
    out_option,
    plans,
    tell_date,
    weighs_paths,
)
from coverage_engine.cli.speech import Steps, plain_errors, say, tell_set_aside
from coverage_engine.delivery import see_replaceable
from coverage_engine.model.drawing import Drawing, Period

if TYPE_CHECKING:
    from coverage_engine.delivery import Delivery
    from coverage_engine.model.findings import Findings
    from coverage_engine.model.plan import Plan
    from coverage_engine.model.snapshot import Snapshot


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("demo-output"), show_default=True
)
@click.option("--enterprises", type=click.IntRange(min=1), default=60_000, show_default=True, help="企业数")
@click.option("--seed", type=int, default=2019, show_default=True, help="随机种子")
@lang_option
def demo(out: Path, enterprises: int, seed: int, lang: str) -> None:
    """虚构一个省，做完整个工作，并说明看哪里。"""
    from coverage_engine.face.intake import demo as shown

    with plain_errors():
        steps = Steps(1 + READ_STEPS + PLAN_STEPS + WRITE_STEPS)
        done = shown(out, enterprises=enterprises, seed=seed, lang=lang, progress=steps, part=steps.part)
        tell_date(done.plan.snapshot, lang)
        steps.close()
        _tell(done.plan, done.findings, done.delivery, out, lang)


@click.command("plan")
@plans
@out_option
@click.option(
    "--rank-by",
    type=click.Choice(["benefit", "fastest", "surest", "young"]),
    default="benefit",
    show_default=True,
    help="工作次序，也定同一企业三条路径的先后：benefit 应建在先、每工时新覆盖青年多者在先；"
    "fastest 见效快；surest 把握大；young 青年多（benefit、young 的路径按成功可能排）",
)
@click.option("--trace", is_flag=True, help="另写附件各格的出处（台账单元格和条款）")
@click.option(
    "--findings",
    "findings_file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="另写全部问题、清洗和退回的行（.xlsx）；一行都不能用、做不成计划的，也照写",
)
@click.option(
    "--maps",
    type=click.Choice(["whole", "cities", "counties"]),
    default="whole",
    show_default=True,
    help="地图：whole 一张；cities 另加每市一张；counties 再加每县（市、区）一张",
)
@click.option(
    "--sheets",
    multiple=True,
    type=click.Choice(["pdf", "png", "svg"]),
    help="另画 A4 纸面图（可多次给出；需安装 coverage-engine[print]）",
)
@click.option(
    "--boundaries", type=click.Path(path_type=Path, dir_okay=False), default=None, help="自备边界文件 GeoJSON"
)
@click.option(
    "--boundary-system",
    type=click.Choice(["wgs84", "cgcs2000", "gcj02", "bd09"]),
    default="wgs84",
    show_default=True,
    help="边界文件的坐标系",
)
@click.option(
    "--engine",
    type=click.Choice(["polars", "duckdb", "pandas", "spark"]),
    default="polars",
    show_default=True,
    help="计算引擎（duckdb、spark 需安装同名附加包）",
)
@click.option("--master", default="local[*]", show_default=True, help="Spark 主节点，只用于 --engine spark")
@click.option("--review-number", default=None, help="审图号，印在每张地图上")
@click.option(
    "--tiles",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="在线底图配置文件（默认没有；打开地图的人再自行开启）",
)
@click.option(
    "--map-dates",
    type=click.IntRange(0, 60),
    default=11,
    show_default=True,
    help="地图时点滑块：工作目录里最近几个更早的时点（需 --workspace）",
)
def plan_command(
    request: Request,
    out: Path,
    rank_by: str,
    trace: bool,
    findings_file: Path | None,
    engine: str,
    master: str,
    map_dates: int,
    **drawing: Any,
) -> None:
    """从台账做出计划：总览、地图、附件3–5、任务清单、数据表。"""
    with plain_errors():
        _check_tiles(drawing["tiles"])
        earlier = _earlier_snapshots(request, map_dates)
        steps = Steps(READ_STEPS + PLAN_STEPS + WRITE_STEPS + len(earlier))
        drawing_options = Drawing(**drawing, periods=_periods(request, earlier, steps))
        ruled = replace(request, rank_by=rank_by, engine=engine, master=master)
        if findings_file is not None:
            see_replaceable(findings_file)
        read = _read(ruled, steps, findings_file)
        _write(ruled, read, out, steps, drawing_options, trace=trace)


@click.command()
@weighs_paths
@click.option("--enterprise", required=True, help="企业全称或统一社会信用代码")
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="另写成一页：关系图、逐项得分图、相似的过去工作（不联网，可打印）",
)
def explain(request: Request, enterprise: str, html: Path | None) -> None:
    """说清一家企业：周边关系、覆盖状态、应建要求、各条路径逐项得分、相似的过去工作。"""
    from coverage_engine.face.explanations import explain as lines_of

    with plain_errors():
        request.refuse_nothing()
        if html is not None:
            see_replaceable(html)
        steps = Steps(READ_STEPS + PLAN_STEPS)
        lines = lines_of(
            request.workspace or request.read(steps)[0],
            enterprise,
            request.lang,
            policy_files=request.policies,
            models=request.models_folder(),
            own_paths=request.own_paths,
            page=html,
            progress=steps,
        )
        steps.close()
        click.echo(lines)
        if html is not None:
            click.echo(say("explained", request.lang, file=html))


planning_commands = (demo, plan_command, explain)


# ---------------------------------------------------------------------------------------------- private


def _check_tiles(file: Path | None) -> None:
    """A wrong description of the online base map is told before the work, not after it."""
    if file is not None:
        from coverage_engine.mapping.tiles import read_tile_layer

        read_tile_layer(file)


def _earlier_snapshots(request: Request, most: int) -> list[Snapshot]:
    """The workspace's snapshots of dates before the present one, the last version of each, latest dates."""
    if request.workspace is None or not most:
        return []
    from coverage_engine.face.workspaces import earlier_snapshots

    return earlier_snapshots(request.workspace, most)


def _periods(request: Request, earlier: list[Snapshot], steps: Steps) -> tuple[Period, ...]:
    if not earlier:
        return ()
    from coverage_engine.timeline import earlier_periods

    return earlier_periods(earlier, division=request.division, policy_files=request.policies, progress=steps)


def _read(request: Request, steps: Steps, file: Path | None) -> tuple[Snapshot, Findings]:
    """What was handed in, with its findings in a file, also where nothing of it can be used."""
    from coverage_engine.face.intake import deliver_findings
    from coverage_engine.ledgers import NothingUsable

    try:
        snapshot, findings = request.read(steps)
    except NothingUsable as error:
        if file is not None:
            deliver_findings(error.findings, error.snapshot, file)
        raise
    if file is not None:
        deliver_findings(findings, snapshot, file)
    return snapshot, findings


def _write(
    request: Request,
    read: tuple[Snapshot, Findings],
    out: Path,
    steps: Steps,
    drawing: Drawing,
    *,
    trace: bool,
) -> None:
    from coverage_engine.planning import write_plan

    snapshot, findings = read
    made = request.plan((snapshot, findings), steps)
    delivered = write_plan(made, out, lang=request.lang, drawing=drawing, trace=trace, progress=steps)
    steps.close()
    _tell(made, findings, delivered, out, request.lang)


def _tell(made: Plan, findings: Findings, delivered: Delivery, out: Path, lang: str) -> None:
    """What was found in the ledgers, the totals of the plan, and where to look."""
    from coverage_engine.cli.findings import print_findings, print_identity, print_rows, unusable_ledgers

    tell_set_aside(delivered, lang)
    print_identity(made.snapshot, findings, lang)
    print_rows(made.snapshot, lang)
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
