"""The plan of frames: the same flow for people whose ledgers already stand in an engine of their own.

Snapshot tables go in as frames of one engine (Polars, DuckDB, pandas or PySpark), plan tables come out as
frames of the same engine. Reading ledgers, drawing and writing stay outside; so does `county_estimates`,
which needs the map of the counties and is made from the finished `coverage`, whose point estimates stay
empty here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from coverage_engine.arguments import DAY, Rule, checked, files, instance, mapping, maybe
from coverage_engine.coverage import core_frames, coverage_frames, estimates_of_counties
from coverage_engine.coverage.assessment import STRATA
from coverage_engine.coverage.rates import with_points
from coverage_engine.errors import CoverageEngineError
from coverage_engine.frames.dialect import Lazy, beside, collected, fitted, materialised, small, storing_in
from coverage_engine.frames.engines import Engine, engine
from coverage_engine.model.plan import Division
from coverage_engine.model.snapshot import Snapshot
from coverage_engine.model.tables import PLAN_TABLES, SNAPSHOT_TABLES
from coverage_engine.policy import Policy, load_policy
from coverage_engine.recommend import evaluate_frames, load_paths, ordered, ranked_frame, recommended_frames
from coverage_engine.recommend.definitions import PathBook
from coverage_engine.recommend.joint_groups import joint_groups
from coverage_engine.recommend.recommendation import completed, finished
from coverage_engine.recommend.work_order import DEFAULT_RULE

_THRESHOLD = "league_members_threshold"


@checked(
    frames=mapping(str, lambda frame: frame is not None, "表名到数据框的字典，至少有 enterprises"),
    as_of=DAY,
    kinds=Rule(
        "交来的台账种类，如 frozenset({'enterprises'})",
        lambda kinds: isinstance(kinds, frozenset | set) and all(isinstance(kind, str) for kind in kinds),
        frozenset,
    ),
    division=maybe(instance(Division, "行政区划（Division）")),
    policy_files=files(),
    book=maybe(instance(PathBook, "路径手册（PathBook）")),
)
def plan_frames(
    frames: Mapping[str, Any],
    as_of: date,
    kinds: frozenset[str],
    *,
    division: Division | None = None,
    policy_files: Sequence[Path] = (),
    book: PathBook | None = None,
    connection: Any = None,
) -> dict[str, Any]:
    """The plan tables (columns: `PLAN_TABLES`) as native frames of the engine that the frames came in.

    `frames` are tables of a Snapshot by name (columns: `SNAPSHOT_TABLES`), at least `enterprises`; `kinds`
    are the ledger kinds that were handed in, `book` the paths (default: those shipped). Out come the tables
    whose description says `engines`, rows in no order. Work order, bundles and duty R21 are made from the
    finished tables (`plan` does it).

    DuckDB needs the `connection` that its relations belong to. pandas frames are computed by the embedded
    engine: there an untold literal has no type, so that every three-valued case would have to be said twice.

    Raises:
        ArgumentError: an argument of the wrong kind, or no frames.
        CoverageEngineError: no table of enterprises, or frames of more than one engine.
        PolicyError: a policy file is wrong.

    Source:
        `data/policy` and `paths`, as for `plan`.

    Example:
        >>> frames = {"enterprises": snapshot["enterprises"], "divisions": snapshot["divisions"]}
        >>> plan_frames(frames, snapshot.as_of, snapshot.kinds)["enterprises"].collect().height
        1
    """
    policy = load_policy(as_of, policy_files)
    with storing_in(connection):
        tables = _snapshot_frames(_embedded(frames))
        lazy_tables = _planned(tables, as_of, kinds, division, policy, book or load_paths())
        lazy_tables.pop(STRATA)
        native_tables = {
            name: fitted(frame, PLAN_TABLES[name]).to_native() for name, frame in lazy_tables.items()
        }
    return _as_handed_in(native_tables, frames)


def plan_on(
    engine_name: str,
    snapshot: Snapshot,
    policy: Policy,
    division: Division,
    book: PathBook | None = None,
    *,
    rank_by: str = DEFAULT_RULE,
    master: str = "local[*]",
) -> dict[str, pl.DataFrame]:
    """The plan tables of a snapshot, computed on an engine by its name and fetched back, rows in order."""
    paths = book or load_paths()
    with engine(engine_name, master) as chosen, storing_in(chosen.connection):
        tables = _snapshot_frames(_embedded(chosen.frames(snapshot.tables)))
        lazy_tables = _planned(tables, snapshot.as_of, snapshot.kinds, division, policy, paths, rank_by)
        fetched = {name: _fetched(chosen, frame) for name, frame in lazy_tables.items()}
    counts = fetched.pop(STRATA)
    fetched["coverage"] = with_points(fetched["coverage"], counts, policy)
    firms = finished(fetched["enterprises"], "enterprises")
    ready = completed(fetched, firms, paths, rank_by)
    return {**ready, "county_estimates": estimates_of_counties(ready["coverage"], snapshot.as_of)}


def _fetched(chosen: Engine, frame: Lazy) -> pl.DataFrame:
    return chosen.fetch(frame.to_native()) if not frame.implementation.is_polars() else collected(frame)


def ranking_frames(
    frames: Mapping[str, Any],
    as_of: date,
    kinds: frozenset[str],
    *,
    policy_files: Sequence[Path] = (),
    book: PathBook | None = None,
    place: Any = None,
) -> dict[str, Any]:
    """The core of the plan without its words, for millions of enterprises: nothing is computed yet on return.

    `enterprises` has states, duties, tiers and priority, `ranking` the three best paths of every target with
    their scores (0 for none), `coverage` the figures. `place` is the folder in which Polars and Spark keep
    what is used more than once (nothing is then held in memory whole; Spark's executors must reach it), or
    DuckDB's connection; `book` are the paths (default: those shipped).

    Raises:
        CoverageEngineError: no table of enterprises, or frames of more than one engine.
        PolicyError: a policy file is wrong.
    """
    policy, tables = load_policy(as_of, policy_files), _snapshot_frames(_embedded(frames))
    with storing_in(place):
        judged = core_frames(tables, kinds, policy)
        assessed = fitted(judged["enterprises"], PLAN_TABLES["enterprises"])
        ranking = ranked_frame(
            {**tables, "assessed": judged["enterprises"]},
            kinds,
            policy.number(_THRESHOLD),
            nw.col("is_target"),
            book or load_paths(),
        )
        core = {"enterprises": assessed.select(*_CORE), "ranking": ranking}
        figures = fitted(judged["coverage"], PLAN_TABLES["coverage"])
        native_tables = {name: frame.to_native() for name, frame in {**core, "coverage": figures}.items()}
    return _as_handed_in(native_tables, frames)


_CORE = (
    *(
        "enterprise_id",
        "division_code",
        "coverage_state",
        "verified",
        "obligation",
        "ground",
        "missing_facts",
    ),
    *("member_margin", "tiers", "is_target", "priority", "priority_rank"),
)


def _planned(
    tables: Mapping[str, Lazy],
    as_of: date,
    kinds: frozenset[str],
    division: Division | None,
    policy: Policy,
    book: PathBook,
    rank_by: str = DEFAULT_RULE,
) -> dict[str, Lazy]:
    coverage = coverage_frames(tables, kinds, policy, division)
    assessed = materialised(fitted(coverage["enterprises"], PLAN_TABLES["enterprises"]))
    threshold = policy.number(_THRESHOLD)
    judged = evaluate_frames({**tables, "assessed": assessed}, kinds, threshold, nw.col("is_target"), book)
    evaluated = ordered(judged, rank_by)
    # Groups are formed one after another, each from what the ones before left: in one place.
    few = (nw.col("league_members") > 0) & (nw.col("league_members") < threshold)
    candidates = small(assessed.filter(nw.col("is_target") & few)).sort("enterprise_id")
    grouped = joint_groups(candidates, threshold, evaluated.around.settings)
    groups = beside(assessed, grouped)
    whole = {**coverage, "enterprises": assessed, **recommended_frames(evaluated, as_of, groups)}
    return {**_complete({**whole, "joint_groups": groups}), STRATA: coverage[STRATA]}


def _complete(tables: Mapping[str, Lazy]) -> dict[str, Lazy]:
    """The tables that the description has frames carry; those that nothing was found for are empty."""
    nothing = tables["enterprises"].select("enterprise_id").head(0)
    carried = {name: table for name, table in PLAN_TABLES.items() if table.engines}
    return {name: tables.get(name, fitted(nothing, table)) for name, table in carried.items()}


def _snapshot_frames(frames: Mapping[str, Any]) -> dict[str, Lazy]:
    """Every table of a snapshot as a lazy frame of the described types; absent ones are empty."""
    if "enterprises" not in frames:
        raise CoverageEngineError("没有企业台账（enterprises）的数据框", "请放入 enterprises 表后重试。")
    lazy = {name: nw.from_native(frame).lazy() for name, frame in frames.items() if name in SNAPSHOT_TABLES}
    engines = {frame.implementation for frame in lazy.values()}
    if len(engines) > 1:
        raise _mixed()
    nothing = lazy["enterprises"].select("enterprise_id").head(0)
    return {name: fitted(lazy.get(name, nothing), table) for name, table in SNAPSHOT_TABLES.items()}


def _is_pandas(frames: Mapping[str, Any]) -> bool:
    return any(nw.from_native(frame).implementation.is_pandas() for frame in frames.values())


def _embedded(frames: Mapping[str, Any]) -> dict[str, Any]:
    """Pandas frames as the embedded engine's; others as they are."""
    if not _is_pandas(frames):
        return dict(frames)
    return {name: _from_pandas(frame) for name, frame in frames.items()}


def _as_handed_in(native_tables: dict[str, Any], frames: Mapping[str, Any]) -> dict[str, Any]:
    """Pandas frames for those who handed in such; others as they are."""
    if not _is_pandas(frames):
        return native_tables
    return {name: frame.collect().to_pandas() for name, frame in native_tables.items()}


def _from_pandas(native: Any) -> pl.LazyFrame:
    frame = nw.from_native(native)
    if not frame.implementation.is_pandas():
        raise _mixed()
    table: pl.DataFrame = pl.from_pandas(native)
    return table.lazy()


def _mixed() -> CoverageEngineError:
    return CoverageEngineError("各表的数据框来自不同的引擎", "请把各表放在同一个引擎后重试。")
