"""The one flow: ledgers to snapshot, coverage, recommendations, Plan; and a Plan to its output folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from coverage_engine.arguments import (
    CALLABLE,
    FLAG,
    FOLDER,
    LANGUAGE,
    TEXT,
    checked,
    files,
    instance,
    maybe,
    one_of,
)
from coverage_engine.coverage import assess, with_path_duty
from coverage_engine.delivery import Delivery, deliver
from coverage_engine.dictionary.division_limits import limited
from coverage_engine.divisions.boundaries import read_boundaries
from coverage_engine.divisions.choice import choose_division
from coverage_engine.divisions.table import edition_of, shapes
from coverage_engine.frames.engines import ENGINES
from coverage_engine.model.drawing import Drawing
from coverage_engine.model.findings import Findings, findings_table
from coverage_engine.model.plan import Division, Plan
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.tables import PLAN_TABLES
from coverage_engine.policy import Policy, load_policy, terms_of
from coverage_engine.recommend import load_paths, recommend
from coverage_engine.recommend.bundles import bundle_places, bundles
from coverage_engine.recommend.definitions import PathBook
from coverage_engine.recommend.path_table import path_table
from coverage_engine.recommend.unknown_paths import unknown_paths
from coverage_engine.recommend.work_order import DEFAULT_RULE, RULES

Progress = Callable[[str], None]

_ANEW: dict[str, Callable[[Mapping[str, pl.DataFrame]], pl.DataFrame]] = {
    "bundles": lambda left: bundles(left["bundle_targets"]),
    "bundle_places": lambda left: bundle_places(left["bundle_targets"], left["enterprises"]),
}


@checked(
    snapshot=instance(Snapshot, "read_ledgers 读出的底数（Snapshot）"),
    findings=maybe(instance(Findings, "read_ledgers 读出的问题（Findings）")),
    division=maybe(TEXT),
    policy_files=files(),
    book=maybe(instance(PathBook, "路径手册（PathBook）")),
    rank_by=one_of(RULES),
    progress=CALLABLE,
    engine=one_of(ENGINES),
    master=TEXT,
)
def plan(
    snapshot: Snapshot,
    *,
    findings: Findings | None = None,
    division: str | None = None,
    policy_files: Sequence[Path] = (),
    book: PathBook | None = None,
    rank_by: str = DEFAULT_RULE,
    progress: Progress = lambda step: None,
    engine: str = "polars",
    master: str = "local[*]",
) -> Plan:
    """The plan of one division (default: the province) from a snapshot.

    Evidence looks at the whole snapshot (a headquarters may lie in another city); targets, figures and lists
    are those of the division. `book` holds the weights in use (default: the expert's), `rank_by` the rule
    of the work order; `engine` names where the tables are computed, `master` where Spark runs.

    Raises:
        ArgumentError: an argument of the wrong kind, or an unknown rule or engine.
        CoverageEngineError: the engine is not installed.
        DivisionError: no such division.
        PolicyError: a policy file is wrong.

    Source:
        `data/policy` (duties and thresholds), `paths` (weights); columns: `PLAN_TABLES`.

    Example:
        >>> plan(snapshot, division="郑州市")["enterprises"]["obligation"].to_list()
        ['must_establish']
    """
    chosen = choose_division(snapshot, division)
    policy = load_policy(snapshot.as_of, policy_files)
    if engine == "polars":
        progress("判断覆盖状态和应建要求")
        assessed = assess(snapshot, policy, chosen)
        progress("评估各条建团路径")
        plan_tables = {**assessed, **recommend(snapshot, assessed["enterprises"], policy, book, rank_by)}
    else:
        from coverage_engine.planning_frames import plan_on

        progress("判断覆盖状态和应建要求")
        progress(f"评估各条建团路径（{engine}）")
        plan_tables = plan_on(engine, snapshot, policy, chosen, book, rank_by=rank_by, master=master)
    paths = book or load_paths()
    finding_rows = findings.table if findings is not None else findings_table([])
    duties = with_path_duty(plan_tables["duties"], plan_tables["enterprises"], plan_tables, policy)
    tables = {
        **plan_tables,
        "duties": duties,
        "paths": path_table(paths),
        "findings": pl.concat([finding_rows, unknown_paths(snapshot, paths)]),
    }
    here = limited(tables, PLAN_TABLES, snapshot, chosen, _ANEW)
    version = _version(policy, book)
    return Plan(snapshot.as_of, chosen, version, snapshot, here, terms_of(policy), tuple(policy_files))


@checked(
    plan=instance(Plan, "plan 算出的计划（Plan）"),
    folder=FOLDER,
    lang=LANGUAGE,
    drawing=maybe(instance(Drawing, "出图要求（Drawing）")),
    trace=FLAG,
    progress=CALLABLE,
)
def write_plan(
    plan: Plan,
    folder: Path,
    *,
    lang: str = "zh",
    drawing: Drawing | None = None,
    trace: bool = False,
    progress: Progress = lambda step: None,
) -> Delivery:
    """All that a planner is handed: overview, map, annexes, action lists, tables, plan.json (design §6).

    `drawing` asks for more maps, paper sheets or other boundaries, `trace` for the origins of the annexes'
    cells. An earlier plan in the folder is replaced as a whole; what a person edited in it is set aside.

    Raises:
        ArgumentError: an argument of the wrong kind.
        OutputError: a file of somebody's stands in the way, or one of the former plan is open elsewhere.
        OSError: the disk is full or the like; the former plan is whole.

    Example:
        >>> write_plan(plan, "OUT").edited
        ()
    """
    with deliver(folder, "plan") as made:
        _write_into(made.folder, plan, lang, drawing or Drawing(), progress, trace=trace)
    return made


def _write_into(
    folder: Path, plan: Plan, lang: str, drawing: Drawing, progress: Progress, *, trace: bool
) -> None:
    from coverage_engine import reporting

    for name in ("maps", "annexes", "actions", "tables"):
        (folder / name).mkdir()
    progress("写出数据表")
    reporting.write_tables(plan, folder / "tables", lang)
    progress("写出附件3、4、5")
    reporting.write_annexes(plan, folder / "annexes")
    progress("写出任务清单")
    reporting.write_actions(plan, folder / "actions")
    progress("绘制覆盖地图")
    _draw(plan, folder / "maps", drawing, lang)
    progress("写出总览")
    reporting.write_overview(plan, folder, lang=lang)
    reporting.write_evidence(plan, folder, lang=lang)
    if trace:
        from coverage_engine.reporting.traces import write_traces

        write_traces(plan, folder / "annexes")
    reporting.write_plan_json(plan, folder / "plan.json")


def draw_map(plan: Plan, folder: Path, drawing: Drawing, *, lang: str = "zh") -> Path:
    """Only the coverage map of a plan, e.g. with the figures of a simulated campaign; gives its file."""
    from coverage_engine import mapping

    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "coverage.html"
    mapping.write_map(plan, _outlines(plan, drawing), file, lang=lang, drawing=drawing)
    return file


def _version(policy: Policy, book: PathBook | None) -> str:
    """The policy's version, with the name of weights that were learnt."""
    return policy.version if book is None or book.name == "expert" else f"{policy.version}+{book.name}"


def _draw(plan: Plan, folder: Path, drawing: Drawing, lang: str) -> None:
    from coverage_engine import mapping

    outlines = _outlines(plan, drawing)
    mapping.write_map(plan, outlines, folder / "coverage.html", lang=lang, drawing=drawing)
    for file, part in _parts(plan, drawing.maps):
        mapping.write_map(part, outlines, folder / file, lang=lang, drawing=drawing)
    if drawing.sheets:
        review = drawing.stated_review
        mapping.write_sheets(plan, outlines, folder, formats=drawing.sheets, lang=lang, review_number=review)


def _outlines(plan: Plan, drawing: Drawing) -> Mapping[str, Any]:
    """The user's own outlines, or the shipped ones of the plan's day."""
    edition = edition_of(plan.as_of)
    if drawing.boundaries is not None:
        return read_boundaries(drawing.boundaries, drawing.boundary_system, edition)
    return {level: shapes(edition, level) for level in ("city", "county")}


def _parts(plan: Plan, maps: str) -> Iterator[tuple[str, Plan]]:
    """File name and plan of every city (and county) of the plan, for maps of their own."""
    divisions = plan.snapshot["divisions"].sort("level", "code")
    cities = {row["code"]: row["name"] for row in divisions.filter(pl.col("level") == "city").to_dicts()}
    wanted = {"whole": (), "cities": ("city",), "counties": ("city", "county")}[maps]
    for row in divisions.filter(pl.col("level").is_in(wanted)).iter_rows(named=True):
        whole = plan.division.level == "province"
        below = row["level"] == "county" and row["parent_code"] == plan.division.code
        # A county-level city under the province is city and county in one: one map of it is enough.
        if not (whole or below) or (row["level"] == "county" and row["code"] == row["parent_code"]):
            continue
        part = Division(row["code"], row["name"], row["level"])
        above = cities.get(row["parent_code"], "") if row["level"] == "county" else ""
        tables = limited(plan.tables, PLAN_TABLES, plan.snapshot, part, _ANEW)
        yield f"{above}{row['name']}.html", replace(plan, division=part, tables=tables)
