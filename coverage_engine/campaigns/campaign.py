"""A campaign from snapshot to result: choose starts, play every scenario on common coins, compare."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version

import numpy as np
import polars as pl

from coverage_engine.campaigns.backtest import backtest
from coverage_engine.campaigns.comparison import best_shares, tornado
from coverage_engine.campaigns.engine.draws import CampaignConfig, draw_rates
from coverage_engine.campaigns.engine.futures import simulate, split_spread
from coverage_engine.campaigns.engine.rules import Visits, monthly_visits, no_visits, play_of, rates_of
from coverage_engine.campaigns.learning import learnt, learnt_since
from coverage_engine.campaigns.network.campaign_graph import Reals
from coverage_engine.campaigns.network.snapshot_graph import CampaignNetwork, driving_kinds, snapshot_network
from coverage_engine.campaigns.past import Past, since
from coverage_engine.campaigns.played import PlayedScenario
from coverage_engine.campaigns.report.campaign_tables import campaign_tables
from coverage_engine.campaigns.report.result import MEASURES, CampaignResult, ScenarioOutcome
from coverage_engine.campaigns.scenarios.assumptions import RELATIONS, Scenario
from coverage_engine.campaigns.starts.reverse_sets import StartQuestion
from coverage_engine.campaigns.starts.starters import SearchEffort, StarterResult, choose_starters, limit_of
from coverage_engine.errors import PolicyError
from coverage_engine.model.snapshot import Snapshot

Progress = Callable[[str], None]

_CHOICE_DRAWS = 64
_SETS_AT_MOST = 1 << 18
"""A planner waits for the answer, with or without the compiler; the certificate tells what was reached."""


@dataclass(frozen=True)
class CampaignOptions:
    """测算选项: settings of futures and starts, what starts are to reach, whether outcomes teach rates.

    `progress` is told each step, `part` how far a long step has come.
    """

    config: CampaignConfig = field(default_factory=CampaignConfig)
    effort: SearchEffort = field(default_factory=lambda: SearchEffort(most=_SETS_AT_MOST))
    measure: str = "enterprises"
    learn: bool = True
    progress: Progress = lambda step: None
    part: Progress = lambda words: None


def run_campaign(
    snapshot: Snapshot,
    enterprises: pl.DataFrame,
    scenarios: Sequence[Scenario],
    options: CampaignOptions | None = None,
    past: Past | None = None,
) -> CampaignResult:
    """Every scenario side by side; `enterprises` is the plan table of that name.

    An earlier snapshot (`past`) teaches founding and lapse, and is played forward to the present: the table
    `backtest` tells how often the bands held.

    Raises:
        PolicyError: a start or link names a firm that is not in the ledger, or horizons differ.
    """
    options = options or CampaignOptions()
    _refuse_mixed_months(scenarios)
    if options.measure not in MEASURES:
        raise ValueError(f"measure must be one of {MEASURES}")
    played = []
    for scenario in scenarios:
        options.progress(f"模拟情景：{scenario.title}")
        if past is not None and options.learn:
            scenario = learnt_since(scenario, since(past, snapshot, enterprises, scenario))
        played.append(_played(snapshot, enterprises, scenario, options))
    shares = best_shares([entry.simulated for entry in played])
    outcomes = tuple(_outcome(entry, share) for entry, share in zip(played, shares, strict=True))
    best = _recommended(played, outcomes)
    options.progress("找出左右结果的假设")
    swing = tornado(best.network.graph, best.simulated.scenario, best.visits, options.config)
    tables = {**campaign_tables(played, outcomes), "tornado": pl.from_pandas(swing)}
    if past is not None:
        options.progress("从较早时点回测")
        tables["backtest"] = backtest(past, snapshot, enterprises, scenarios, options.config)
    notes = list(dict.fromkeys(note for entry in played for note in entry.network.notes))
    return CampaignResult(
        as_of=snapshot.as_of,
        config=options.config,
        measure=options.measure,
        version=version("coverage-engine"),
        outcomes=outcomes,
        best=best.simulated.scenario.key,
        notes=tuple(notes),
        tables=tables,
    )


def _recommended(played: Sequence[PlayedScenario], outcomes: Sequence[ScenarioOutcome]) -> PlayedScenario:
    """The scenario that closes most gaps for the smallest budget of visits; more staff is an extra."""
    budgets = [(o.scenario.starts.hours or 0, o.scenario.starts.number or 0) for o in outcomes]
    visited = [budget for budget, o in zip(budgets, outcomes, strict=True) if o.starters]
    least = min(visited, default=(0, 0))
    among = [at for at, o in enumerate(outcomes) if not o.starters or budgets[at] == least]
    return played[max(among, key=lambda at: outcomes[at].gain_mean)]


def _refuse_mixed_months(scenarios: Sequence[Scenario]) -> None:
    months = sorted({scenario.months for scenario in scenarios})
    if len(months) > 1:
        raise PolicyError(
            f"各情景的月数不同：{'、'.join(map(str, months))}", "请给并列的情景写同样的 campaign.months。"
        )


def _played(
    snapshot: Snapshot, enterprises: pl.DataFrame, scenario: Scenario, options: CampaignOptions
) -> PlayedScenario:
    network = snapshot_network(snapshot, enterprises, scenario)
    if options.learn:
        scenario = learnt(scenario, snapshot, network)
    starters = _starters(network, scenario, options) if scenario.starts.relations else None
    visits = _visits(network, scenario, starters)

    def announce(done: int, whole: int) -> None:
        if done * 10 // whole > (done - 1) * 10 // whole:
            options.part(f"模拟情景：{scenario.title} {done * 100 // whole}%")

    return PlayedScenario(
        network, starters, visits, simulate(network.graph, scenario, visits, options.config, announce)
    )


def start_question(network: CampaignNetwork, scenario: Scenario, options: CampaignOptions) -> StartQuestion:
    """Which uncovered, eligible headquarters or leaders may start, and what they are to reach."""
    graph = network.graph
    kinds = start_kinds(network, scenario)
    drawn = draw_rates(scenario.rates(), _CHOICE_DRAWS, options.config.seed)
    weights: dict[str, Reals] = {
        "enterprises": np.ones(graph.size),
        "young_employees": graph.firms.young.astype(np.float64),
        "duty": graph.firms.duty.astype(np.float64),
    }
    return StartQuestion(
        graph=graph,
        play=play_of(scenario, no_visits()),
        rates=tuple(
            rates_of(scenario, {name: float(values[draw]) for name, values in drawn.items()})
            for draw in range(_CHOICE_DRAWS)
        ),
        weights=weights[options.measure],
        candidates=(kinds >= 0) & graph.gaps,
        visit_kind=kinds,
    )


def start_kinds(network: CampaignNetwork, scenario: Scenario) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    """The path on which each firm would be visited as a start; -1 where it drives nobody in this scenario."""
    kinds = np.full(network.graph.size, -1, dtype=np.int8)
    drivers = driving_kinds(network.graph)
    for relation in reversed(scenario.starts.relations):
        kinds[drivers[relation]] = RELATIONS[relation]
    return kinds


def _starters(network: CampaignNetwork, scenario: Scenario, options: CampaignOptions) -> StarterResult:
    question = start_question(network, scenario, options)
    rule = scenario.starts
    limit = limit_of(
        question,
        rule.number,
        budget=rule.hours,
        cost=_visit_hours(question.visit_kind, scenario),
        locked=_named(network, rule.locked_in, scenario),
        excluded=_named(network, rule.excluded, scenario),
        quota=rule.per_county,
    )
    return choose_starters(question, limit, options.effort)


def _named(network: CampaignNetwork, labels: Sequence[str], scenario: Scenario) -> list[int]:
    nodes = {label: network.find(label) for label in labels}
    absent = [label for label, node in nodes.items() if node is None]
    if absent:
        raise PolicyError(
            f"情景“{scenario.title}”的起步名单里有台账没有的企业：{'、'.join(absent)}",
            "请写台账里的企业全称或统一社会信用代码。",
        )
    return [node for node in nodes.values() if node is not None]


def _visit_hours(kinds: np.ndarray[tuple[int], np.dtype[np.int8]], scenario: Scenario) -> Reals:
    hours = {entry.path: float(entry.visit_hours) for entry in scenario.relations}
    return np.array([hours.get(int(kind), min(hours.values())) for kind in kinds])


def _visits(network: CampaignNetwork, scenario: Scenario, starters: StarterResult | None) -> Visits:
    """Every start visited every month until its organisation is founded."""
    if starters is None or not starters.starts:
        return no_visits()
    starts = np.array(starters.starts, dtype=np.int32)
    kinds = start_kinds(network, scenario)[starts]
    kinds = np.where(kinds < 0, RELATIONS[scenario.starts.relations[0]], kinds).astype(np.int8)
    return monthly_visits(starts, kinds, _visit_hours(kinds, scenario).astype(np.int64), scenario.months)


def _outcome(entry: PlayedScenario, share: float) -> ScenarioOutcome:
    simulated = entry.simulated
    final = simulated.closed[-1]
    low, high = np.quantile(final, (0.05, 0.95))
    net = np.quantile(simulated.gained[-1], (0.05, 0.95))
    doubt, chance = split_spread(simulated.closed[-1:], simulated.config.lanes)
    return ScenarioOutcome(
        scenario=simulated.scenario,
        gaps=int(simulated.graph.gaps.sum()),
        covered_now=int(simulated.totals[0, 0]),
        goal_firms=simulated.goal_firms,
        goal_chance=simulated.goal_chance,
        best_share=share,
        gain_mean=float(final.mean()),
        gain_low=float(low),
        gain_high=float(high),
        sd_parameter=float(doubt[0]),
        sd_chance=float(chance[0]),
        net_mean=float(simulated.gained[-1].mean()),
        net_low=float(net[0]),
        net_high=float(net[1]),
        young_mean=float(simulated.young[-1].mean()),
        duty_mean=float(simulated.duty[-1].mean()),
        hours_mean=float(simulated.hours.sum(axis=0).mean()),
        starters=entry.starters,
    )
