"""The commands of the main job: demo, plan, explain."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
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
    weighs_paths,
)
from coverage_engine.cli.speech import Steps, plain_errors, say, tell_set_aside
from coverage_engine.cli.workspace_reading import workspace_alone
from coverage_engine.delivery import deliver_file, see_replaceable
from coverage_engine.model.drawing import Drawing, Period

if TYPE_CHECKING:
    from coverage_engine.explanation.explaining import Told
    from coverage_engine.model.plan import Plan
    from coverage_engine.model.snapshot import Snapshot

# Most siblings and most neighbours in the drawing of one enterprise.
_DRAWN_FIRMS = 8


@click.command()
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
        steps = Steps(1 + READ_STEPS + PLAN_STEPS + WRITE_STEPS)
        steps("编造样例省（企业均为虚构）")
        write_sample(out / "ledgers", enterprises=enterprises, seed=seed)
        _write(Request((out / "ledgers",), lang), out, steps, Drawing(), trace=False)


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
    engine: str,
    master: str,
    map_dates: int,
    **drawing: Any,
) -> None:
    """从台账做出计划：总览、地图、附件3–5、任务清单、数据表。"""
    with plain_errors():
        _check_tiles(drawing["tiles"])
        kept = _earlier_snapshots(request, map_dates)
        steps = Steps(READ_STEPS + PLAN_STEPS + WRITE_STEPS + len(kept))
        asked = Drawing(**drawing, periods=_periods(request, kept, steps))
        ruled = replace(request, rank_by=rank_by, engine=engine, master=master)
        _write(ruled, out, steps, asked, trace=trace)


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
    """说清一家企业：周边关系、覆盖状态、应建要求、十一条路径逐项得分、相似的过去工作。"""
    from coverage_engine.explanation.lines import told_lines

    with plain_errors():
        if html is not None:
            see_replaceable(html)
        steps = Steps(READ_STEPS + PLAN_STEPS)
        told = _told(request, enterprise, steps)
        steps.close()
        click.echo(told_lines(told.explained, request.lang))
        if html is not None:
            _write_explanation(told, html, request.lang)


planning_commands = (demo, plan_command, explain)


def _told(request: Request, enterprise: str, steps: Steps) -> Told:
    """The enterprise of a name or code explained, from the workspace or from ledgers."""
    from coverage_engine.cli.lookup import find_enterprise
    from coverage_engine.explanation.explaining import explain_of_snapshot, explain_of_workspace

    basis = request.basis(steps)
    find = partial(find_enterprise, wanted=enterprise, lang=request.lang)
    if request.workspace is None:
        return explain_of_snapshot(request.read(steps)[0], find, basis)
    workspace_alone(request.workspace, request.ledgers, request.as_of)
    steps("打开工作目录")
    return explain_of_workspace(request.workspace, find, basis)


def _write_explanation(told: Told, file: Path, lang: str) -> None:
    from coverage_engine.explanation.layout import laid_out
    from coverage_engine.explanation.page import write_explanation
    from coverage_engine.explanation.telling import states_of
    from coverage_engine.graph.network import as_graph
    from coverage_engine.graph.ties import ties_of

    words = told.known.wording
    ties = ties_of(told.ledgers, told.enterprise_id, radius_metres=words.radius_metres, cap=_DRAWN_FIRMS)
    covered = {"own": True, "joint": True, "uncovered": False, "youth_only": False}
    states = states_of(told.known, ties.firms())
    drawing = laid_out(as_graph(ties), {firm: covered.get(state) for firm, state in states.items()})
    drawn = replace(told.explained, drawing=drawing)
    with deliver_file(file) as aside:
        write_explanation(drawn, aside, date.fromisoformat(words.as_of), words.policy, lang=lang)
    click.echo(say("explained", lang, file=file))


def _check_tiles(file: Path | None) -> None:
    """A wrong description of the online base map is told before the work, not after it."""
    if file is not None:
        from coverage_engine.mapping.tiles import read_tile_layer

        read_tile_layer(file)


def _earlier_snapshots(request: Request, most: int) -> list[Snapshot]:
    """The workspace's snapshots of dates before the present one, the last version of each, latest dates."""
    from coverage_engine.cli.workspace_reading import earlier_snapshots

    return earlier_snapshots(request.workspace, most) if request.workspace is not None and most else []


def _periods(request: Request, kept: list[Snapshot], steps: Steps) -> tuple[Period, ...]:
    if not kept:
        return ()
    from coverage_engine.timeline import earlier_periods

    return earlier_periods(kept, division=request.division, policy_files=request.policies, progress=steps)


def _write(request: Request, out: Path, steps: Steps, drawing: Drawing, *, trace: bool) -> None:
    from coverage_engine.cli.findings import print_findings, print_identity, print_rows, unusable_ledgers
    from coverage_engine.planning import write_plan

    snapshot, findings = request.read(steps)
    made = request.plan((snapshot, findings), steps)
    delivered = write_plan(made, out, lang=request.lang, drawing=drawing, trace=trace, progress=steps)
    steps.close()
    tell_set_aside(delivered, request.lang)
    print_identity(snapshot, findings, request.lang)
    print_rows(snapshot, request.lang)
    print_findings(findings, out / "tables" / "findings.csv", request.lang)
    click.echo(_totals(made, request.lang))
    click.echo(say("look", request.lang, file=(out / "index.html")))
    if unusable_ledgers(findings):
        click.echo(say("unused", request.lang), err=True)
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
