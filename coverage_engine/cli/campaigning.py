"""The command `simulate`: what headquarters-driven and leader-driven campaigns would achieve."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coverage_engine.cli.request import DAY, PLAN_STEPS, READ_STEPS, Request, out_option, plans
from coverage_engine.cli.speech import Steps, plain_errors, say, tell_set_aside
from coverage_engine.delivery import deliver

if TYPE_CHECKING:
    from coverage_engine.campaigns import CampaignResult, Past
    from coverage_engine.model.plan import Plan

_THREADS_AT_MOST = 4


@click.command()
@plans
@out_option
@click.option(
    "--path", "number", type=click.Choice(["9", "10"]), default=None, help="只看总部带动（9）或龙头带动（10）"
)
@click.option("--seeds", default="auto", show_default=True, help="起步家数，auto 按每月工时选")
@click.option("--months", type=click.IntRange(1, 24), default=None, help="测算月数（默认 12）")
@click.option(
    "--scenario", "files", multiple=True, type=click.Path(path_type=Path), help="自己的情景文件（可多次给出）"
)
@click.option(
    "--measure",
    type=click.Choice(["enterprises", "young_employees", "duty"]),
    default="enterprises",
    show_default=True,
    help="起步名单求什么最多：新覆盖企业、其青年职工、其中应建企业",
)
@click.option(
    "--earlier",
    multiple=True,
    help="较早时点的台账（可多次给出；用 --workspace 时写版本号）：回测区间准不准，并修正比率",
)
@click.option(
    "--earlier-as-of",
    type=DAY,
    default=None,
    help="较早台账的时点 YYYY-MM-DD（默认取其中智慧团建导出日期）",
)
def simulate(
    request: Request,
    out: Path,
    number: str | None,
    seeds: str,
    months: int | None,
    files: tuple[Path, ...],
    measure: str,
    earlier: tuple[str, ...],
    earlier_as_of: datetime | None,
) -> None:
    """测算总部带动、龙头带动的专项行动：能覆盖多少、有几成把握、从哪里起步。"""
    from coverage_engine.campaigns import CampaignConfig, CampaignOptions, load_scenarios, run_campaign

    with plain_errors():
        scenarios = load_scenarios(files, _given(seeds, months))
        if number is not None:
            scenarios = tuple(each for each in scenarios if each.active_paths() <= {int(number)})
        whole = READ_STEPS + PLAN_STEPS
        steps = Steps(whole + len(scenarios) + 3 + bool(earlier) * (whole + 1))
        read = request.read(steps)
        made = request.plan(read, steps)
        past = _past(request, earlier, earlier_as_of, steps) if earlier else None
        config = CampaignConfig(threads=min(os.cpu_count() or 1, _THREADS_AT_MOST))
        options = CampaignOptions(config, measure=measure, progress=steps, part=steps.part)
        result = run_campaign(read[0], made["enterprises"], scenarios, options, past)
        told = _written(request, made, result, out, steps)
        steps.close()
        click.echo(told)


def _written(request: Request, made: Plan, result: CampaignResult, out: Path, steps: Steps) -> str:
    """The report and the map before and after; returns where they are."""
    from coverage_engine.campaigns import write_campaign
    from coverage_engine.model.drawing import Drawing
    from coverage_engine.planning import draw_map
    from coverage_engine.timeline import after_campaign

    with deliver(out, "simulate") as delivered:
        steps("写出测算报告")
        write_campaign(result, delivered.folder, request.lang)
        steps("绘制测算前后地图")
        drawing = Drawing(periods=after_campaign(made, result))
        drawn = draw_map(made, delivered.folder / "maps", drawing, lang=request.lang)
        drawn = out / drawn.relative_to(delivered.folder)
    tell_set_aside(delivered, request.lang)
    report = say("simulated", request.lang, file=out / "index.html")
    return report + "\n" + say("before_after", request.lang, file=drawn)


def _past(request: Request, earlier: tuple[str, ...], as_of: datetime | None, steps: Steps) -> Past:
    """The earlier snapshot, planned under the same policy: ledgers, or a version of the workspace."""
    from coverage_engine.campaigns import Past

    if request.workspace is not None:
        from coverage_engine.workspace import load_version, open_workspace

        if len(earlier) > 1 or as_of is not None:
            raise click.UsageError("用 --workspace 时，--earlier 只写一个版本号，不写 --earlier-as-of。")
        steps("打开较早的版本")
        read = load_version(open_workspace(request.workspace), earlier[0])
    else:
        before = replace(request, ledgers=tuple(Path(file) for file in earlier), as_of=as_of)
        read = before.read(steps)
    return Past(read[0], request.plan(read, steps)["enterprises"])


def _given(seeds: str, months: int | None) -> dict[str, int]:
    """What the planner states on the command line, by key of the scenario files."""
    given = {} if months is None else {"campaign.months": months}
    if seeds == "auto":
        return given
    if not seeds.isdecimal() or int(seeds) < 1:
        raise click.BadParameter("请写 auto 或不小于 1 的整数", param_hint="--seeds")
    return {**given, "starts.number": int(seeds)}
