"""Campaigns simulated: scenarios chosen, played on a plan's firms, and written as report and map."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from coverage_engine.arguments import (
    CALLABLE,
    FOLDER,
    LANGUAGE,
    checked,
    files,
    instance,
    maybe,
    one_of,
    several,
    whole,
)
from coverage_engine.campaigns import (
    CampaignConfig,
    CampaignOptions,
    CampaignResult,
    Past,
    Scenario,
    run_campaign,
    write_campaign,
)
from coverage_engine.campaigns import load_scenarios as read_scenarios
from coverage_engine.campaigns.report.result import MEASURES
from coverage_engine.campaigns.scenarios.assumptions import RELATIONS
from coverage_engine.delivery import Delivery, deliver
from coverage_engine.errors import ArgumentError
from coverage_engine.model.drawing import Drawing
from coverage_engine.model.plan import Plan

Progress = Callable[[str], None]

_THREADS_AT_MOST = 4
_PLAN = instance(Plan, "plan 算出的计划（Plan）")


@checked(
    scenario_files=files(),
    path=maybe(whole(1)),
    starts=maybe(whole(1)),
    months=maybe(whole(1)),
)
def load_scenarios(
    scenario_files: Sequence[Path] = (),
    *,
    path: int | None = None,
    starts: int | None = None,
    months: int | None = None,
) -> tuple[Scenario, ...]:
    """The scenarios of the given files, or the shipped ones.

    Args:
        scenario_files: each laid over `data/scenarios/base.toml`; six at most.
        path: only scenarios in which no other path drives (9 headquarters, 10 leaders).
        starts: firms to start from; by default as many as the scenario's monthly hours allow.
        months: horizon, 1 to 24; by default the scenario's.

    Raises:
        ArgumentError: an argument of the wrong kind, or a path that drives nobody.
        PolicyError: a file is unreadable or wrong (names the line), or there are more than six scenarios.

    Source:
        `data/scenarios/*.toml`: every rate with its unit and source.

    Example:
        >>> {scenario.months for scenario in load_scenarios(path=9, months=6)}
        {6}
    """
    if path is not None and path not in RELATIONS.values():
        known = "、".join(str(number) for number in sorted(set(RELATIONS.values())))
        raise ArgumentError(f"load_scenarios 的参数 path 给得不对：{path}", f"path 应为 {known} 之一。")
    given = {"campaign.months": months, "starts.number": starts}
    stated = {key: value for key, value in given.items() if value is not None}
    scenarios = read_scenarios(scenario_files, stated)
    return tuple(each for each in scenarios if path is None or each.active_paths() <= {path})


@checked(
    plan=_PLAN,
    scenarios=maybe(several(Scenario, "情景（load_scenarios 读出的 Scenario）", 1)),
    measure=one_of(MEASURES),
    earlier=maybe(_PLAN),
    config=maybe(instance(CampaignConfig, "测算设置（CampaignConfig）")),
    progress=CALLABLE,
    part=CALLABLE,
)
def simulate(
    plan: Plan,
    scenarios: Sequence[Scenario] | None = None,
    *,
    measure: str = "enterprises",
    earlier: Plan | None = None,
    config: CampaignConfig | None = None,
    progress: Progress = lambda step: None,
    part: Progress = lambda words: None,
) -> CampaignResult:
    """What campaigns from headquarters and leaders would achieve, how surely, and where to start.

    Args:
        plan: whose firms are driven; its snapshot tells who drives whom.
        scenarios: played side by side; by default the shipped ones.
        measure: what the starts are to reach most of: `enterprises`, `young_employees` or `duty` (firms that
            must establish).
        earlier: plan of an earlier snapshot: tells how often the bands held, and corrects the rates.
        config: futures, seed and threads; by default 4,096 futures.
        progress: is told each step.
        part: is told how far a long step has come.

    Returns:
        `outcomes` (a scenario each: firms covered, mean and 5-95 % band, chance of the goal), `best` (its
        key), `notes`, and `tables` as `pl.DataFrame`, among them `reached` (a row a firm, chances 0 to 1)
        and `monthly`; numbers are firms, hours are working hours.

    Raises:
        ArgumentError: an argument of the wrong kind.
        PolicyError: a start or link names a firm that is not in the ledger, or horizons differ.

    Source:
        `data/scenarios/*.toml`; Kempe, Kleinberg and Tardos (2003) for the cascade, Tang and others (2018)
        for the choice of starts.

    Example:
        >>> result = simulate(plan, load_scenarios(path=9, starts=2, months=6))
        >>> result.outcomes[0].gain_low <= result.outcomes[0].gain_high
        True
    """
    played = load_scenarios() if scenarios is None else tuple(scenarios)
    settings = config or CampaignConfig(threads=min(os.cpu_count() or 1, _THREADS_AT_MOST))
    options = CampaignOptions(settings, measure=measure, progress=progress, part=part)
    past = None if earlier is None else Past(earlier.snapshot, earlier["enterprises"])
    return run_campaign(plan.snapshot, plan["enterprises"], played, options, past)


@checked(
    result=instance(CampaignResult, "simulate 算出的结果（CampaignResult）"),
    plan=_PLAN,
    folder=FOLDER,
    lang=LANGUAGE,
    progress=CALLABLE,
)
def write_simulation(
    result: CampaignResult,
    plan: Plan,
    folder: str | Path,
    *,
    lang: str = "zh",
    progress: Progress = lambda step: None,
) -> Delivery:
    """A simulated campaign written: report `index.html`, tables, and `maps/coverage.html` before and after.

    Raises:
        ArgumentError: an argument of the wrong kind.
        OutputError: a file of somebody's stands in the way, or a former one is open elsewhere.

    Example:
        >>> write_simulation(result, plan, "测算").edited
        ()
    """
    from coverage_engine.planning import draw_map
    from coverage_engine.timeline import after_campaign

    with deliver(Path(folder), "simulate") as delivered:
        progress("写出测算报告")
        write_campaign(result, delivered.folder, lang)
        progress("绘制测算前后地图")
        drawing = Drawing(periods=after_campaign(plan, result))
        draw_map(plan, delivered.folder / "maps", drawing, lang=lang)
    return delivered
