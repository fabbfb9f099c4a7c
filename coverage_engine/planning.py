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
from coverage_engine.divisions.boundaries import read_boundaries
from coverage_engine.divisions.choice import choose_division
from coverage_engine.divisions.table import edition_of, shapes
from coverage_engine.frames.engines import ENGINES
from coverage_engine.model.drawing import Drawing
from coverage_engine.model.findings import Findings, findings_table
from coverage_engine.model.plan import Division, Plan
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.policy import Policy, load_policy, terms_of
from coverage_engine.recommend import recommend
from coverage_engine.recommend.bundles import bundle_places, bundles
from coverage_engine.recommend.definitions import PathBook
from coverage_engine.recommend.work_order import DEFAULT_RULE, RULES

Progress = Callable[[str], None]


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
    """
    chosen = choose_division(snapshot, division)
    policy = load_policy(snapshot.as_of, policy_files)
    if engine == "polars":
        progress("判断覆盖状态和应建要求")
        assessed = assess(snapshot, policy, chosen)
        progress("评估十一条建团路径")
        told = {**assessed, **recommend(snapshot, assessed["enterprises"], policy, book, rank_by)}
    else:
        from coverage_engine.planning_frames import plan_on

        progress("判断覆盖状态和应建要求")
        progress(f"评估十一条建团路径（{engine}）")
        told = plan_on(engine, snapshot, policy, chosen, book, rank_by=rank_by, master=master)
    found = findings.table if findings is not None else findings_table([])
    duties = with_path_duty(told["duties"], told["enterprises"], told, policy)
    tables = {**told, "duties": duties, "findings": found}
    return Plan(
        snapshot.as_of,
        chosen,
        _version(policy, book),
        snapshot,
        _within(tables, snapshot, chosen),
        terms_of(policy),
        tuple(policy_files),
    )


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
        OutputError: a file of somebody's stands in the way, or one of the former plan is open elsewhere.
        OSError: the disk is full or the like; the former plan is whole.
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
    reporting.write_tables(plan, folder / "tables")
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
        tables = _within(plan.tables, plan.snapshot, part)
        yield f"{above}{row['name']}.html", replace(plan, division=part, tables=tables)


def _within(
    tables: Mapping[str, pl.DataFrame], snapshot: Snapshot, division: Division
) -> dict[str, pl.DataFrame]:
    """The tables with the rows of one division only."""
    if division.level == "province":
        return dict(tables)
    own = pl.col(f"{division.level}_code") == division.code
    enterprises = tables["enterprises"].filter(own)
    ids = enterprises.select("enterprise_id")
    parks = snapshot["parks"].filter(own).select("park_id")
    counties = snapshot["divisions"].filter(pl.col("parent_code") == division.code)["code"].to_list()
    served = tables["bundle_targets"].join(ids, on="enterprise_id", how="semi", maintain_order="left")
    here = pl.col("division_code").is_in([division.code, *counties]) & (pl.col("level") != "province")
    return {
        **{
            name: tables[name].join(ids, on="enterprise_id", how="semi", maintain_order="left")
            for name in (
                "duties",
                "counted",
                "recommendations",
                "reasons",
                "evaluations",
                "actions",
                "choices",
                "societies",
            )
        },
        "bundle_targets": served,
        "bundles": bundles(served),
        "bundle_places": bundle_places(served, enterprises),
        "joint_groups": _whole_groups(tables["joint_groups"], ids),
        "enterprises": enterprises,
        "coverage": tables["coverage"].filter(here),
        "county_estimates": tables["county_estimates"].filter(
            pl.col("division_code").is_in([division.code, *counties])
        ),
        "links": tables["links"].join(ids, on="enterprise_id", how="semi", maintain_order="left"),
        "parks": tables["parks"].join(parks, on="park_id", how="semi", maintain_order="left"),
        "findings": tables["findings"],
    }


def _whole_groups(groups: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    """The joint-branch groups with a firm here, whole: a neighbour across the border is part of the group."""
    here = groups.join(ids, on="enterprise_id", how="semi").select("group_id").unique()
    return groups.join(here, on="group_id", how="semi", maintain_order="left")
