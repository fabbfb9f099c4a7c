"""The command `simulate`: what headquarters-driven and leader-driven campaigns would achieve."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coverage_engine.cli.request import DAY, PLAN_STEPS, READ_STEPS, Request, out_option, plans
from coverage_engine.cli.speech import Steps, plain_errors, say, tell_set_aside

if TYPE_CHECKING:
    from coverage_engine.model.plan import Plan


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
    from coverage_engine.face import simulations

    with plain_errors():
        path = int(number) if number is not None else None
        scenarios = simulations.load_scenarios(files, path=path, starts=_starts(seeds), months=months)
        whole = READ_STEPS + PLAN_STEPS
        steps = Steps(whole + len(scenarios) + 3 + bool(earlier) * (whole + 1))
        made = request.plan(request.read(steps), steps)
        past = _earlier_plan(request, earlier, earlier_as_of, steps) if earlier else None
        result = simulations.simulate(
            made, scenarios, measure=measure, earlier=past, progress=steps, part=steps.part
        )
        delivered = simulations.write_simulation(result, made, out, lang=request.lang, progress=steps)
        tell_set_aside(delivered, request.lang)
        steps.close()
        click.echo(say("simulated", request.lang, file=out / "index.html"))
        click.echo(say("before_after", request.lang, file=out / "maps" / "coverage.html"))


# ---------------------------------------------------------------------------------------------- private


def _earlier_plan(request: Request, earlier: tuple[str, ...], as_of: datetime | None, steps: Steps) -> Plan:
    """The earlier snapshot, planned under the same policy: ledgers, or a version of the workspace."""
    if request.workspace is not None:
        from coverage_engine.face.workspaces import read_version

        if len(earlier) > 1 or as_of is not None:
            raise click.UsageError("用 --workspace 时，--earlier 只写一个版本号，不写 --earlier-as-of。")
        steps("打开较早的版本")
        return request.plan(read_version(request.workspace, earlier[0]), steps)
    before = replace(request, ledgers=tuple(Path(file) for file in earlier), as_of=as_of)
    return request.plan(before.read(steps), steps)


def _starts(seeds: str) -> int | None:
    """The number of starts that the planner states; none for `auto`."""
    if seeds == "auto":
        return None
    if not seeds.isdecimal() or int(seeds) < 1:
        raise click.BadParameter("请写 auto 或不小于 1 的整数", param_hint="--seeds")
    return int(seeds)
