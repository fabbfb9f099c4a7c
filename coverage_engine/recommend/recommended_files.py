"""The tables of `recommend` as files, for more targets than memory holds.

Facts and ranks of all targets go to disk by stretches of ids; each stretch is then read, told and written, a
Parquet file for each table. The folder takes its name only when everything is written.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import narwhals as nw
import polars as pl

from coverage_engine.coverage.frames import Frames, Lazy, collected, storing_in
from coverage_engine.policy import Policy
from coverage_engine.recommend.bundles import bundle_places, bundles
from coverage_engine.recommend.definitions import PathBook
from coverage_engine.recommend.evaluation import Evaluated
from coverage_engine.recommend.joint_groups import CANDIDATE, joint_groups, may_join
from coverage_engine.recommend.loading import load_paths
from coverage_engine.recommend.stretches import THRESHOLD, Asked, Stretches
from coverage_engine.recommend.work_order import DEFAULT_RULE

ROWS = 125_000
"""Targets of a stretch."""
# Rows that every stretch gathers before it writes them: all stretches are filled at once.
_GATHERED = 8_192


def recommend_into(
    folder: Path,
    frames: Frames,
    as_of: date,
    kinds: frozenset[str],
    policy: Policy,
    book: PathBook | None = None,
    rank_by: str = DEFAULT_RULE,
    rows: int = ROWS,
) -> None:
    """Writes the tables of `recommend` into a new folder: `<table>/<stretch>.parquet`.

    `frames` are the tables of a snapshot as lazy frames of the embedded engine, and `assessed`, the plan
    table `enterprises`. The files of a table hold its rows in order of ids, `bundle_targets` too; `bundles`,
    `bundle_places` and `joint_groups` are one file each. What is kept on the way lies beside the folder.

    Raises:
        FileExistsError: there is such a folder, and it is not empty.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(folder)
    book, threshold = book or load_paths(), policy.number(THRESHOLD)
    asked = Asked(frames, kinds, threshold, book, rank_by, as_of)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        kept, out = Path(scratch) / "kept", Path(scratch) / "tables"
        kept.mkdir()
        with storing_in(kept):
            groups = joint_groups(_candidates(frames["assessed"], threshold), threshold, asked.settings)
            _told_in_stretches(asked, asked.evaluated(groups), kept / "stretches", out, rows)
        _write(groups, out / "joint_groups.parquet")
        _write_calls(out, frames["assessed"])
        out.rename(folder)


# --- private ------------------------------------------------------------------------------------------------


def _candidates(assessed: Lazy, threshold: int) -> pl.DataFrame:
    native: pl.LazyFrame = assessed.to_native()
    return native.filter(may_join(threshold)).select(CANDIDATE).collect()


def _told_in_stretches(asked: Asked, found: Evaluated, place: Path, out: Path, rows: int) -> None:
    parts = _laid_out(found.frame, place, _width(asked.frames["assessed"], rows))
    everybody = pl.scan_parquet([part / "*.parquet" for part in parts], hive_partitioning=False)
    stretches = Stretches(asked, replace(found, frame=nw.from_native(everybody)))
    for number, part in enumerate(parts):
        targets = pl.read_parquet(part / "*.parquet", hive_partitioning=False)
        told = stretches.told(targets.sort("enterprise_id"))
        for name in list(told):
            _write(told.pop(name), out / name / f"{number:05}.parquet")


def _width(assessed: Lazy, rows: int) -> int:
    """How many ids a stretch spans, so that it holds about so many targets."""
    targets, last = collected(
        assessed.select(
            nw.col("is_target").fill_null(False).cast(nw.Int64).sum(),
            nw.col("enterprise_id").max().cast(nw.Int64),
        )
    ).row(0)
    return max(1, rows * ((last or 0) + 1) // max(targets or 0, 1))


def _laid_out(frame: Lazy, place: Path, width: int) -> list[Path]:
    """The folders of the targets, one for each stretch of ids, in order; an empty one where there is none."""
    native: pl.LazyFrame = frame.to_native()
    stretch = (pl.col("enterprise_id").cast(pl.Int64) // width).alias("stretch")
    by_stretch = pl.PartitionBy(place, key=stretch, include_key=False)
    native.sink_parquet(
        by_stretch,
        compression="lz4",
        statistics=False,
        row_group_size=_GATHERED,
        mkdir=True,
        engine="streaming",
    )
    parts = sorted(place.glob("stretch=*"), key=lambda part: int(part.name.partition("=")[2]))
    if not parts:
        parts = [place / "stretch=0"]
        native.head(0).sink_parquet(parts[0] / "0.parquet", mkdir=True)
    return parts


def _write_calls(out: Path, assessed: Lazy) -> None:
    """The calls, and what each does for each county, from the targets that they serve."""
    served = pl.scan_parquet(out / "bundle_targets" / "*.parquet")
    _write(bundles(served), out / "bundles.parquet")
    _write(bundle_places(served, assessed.to_native()), out / "bundle_places.parquet")


def _write(table: pl.DataFrame, file: Path) -> None:
    table.write_parquet(file, compression="zstd", compression_level=1, mkdir=True)
