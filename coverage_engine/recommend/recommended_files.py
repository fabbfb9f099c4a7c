"""The tables of `recommend` as files, for more targets than memory holds.

What hangs on all targets is counted first; then one stretch of ids after the other is evaluated, told and
written, a Parquet file for each table. The folder takes its name only when everything is written.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Lock, local

import narwhals as nw
import polars as pl

from coverage_engine.frames.dialect import Frames, Lazy, collected, storing_in
from coverage_engine.policy import Policy
from coverage_engine.recommend.bundles import bundle_places, bundles
from coverage_engine.recommend.definitions import PathBook
from coverage_engine.recommend.evaluation import Evaluated, founding_with
from coverage_engine.recommend.joint_groups import CANDIDATE, joint_groups, may_join
from coverage_engine.recommend.loading import load_paths
from coverage_engine.recommend.stretches import THRESHOLD, RankingInputs, Stretches
from coverage_engine.recommend.tallies import Tallies, tallies
from coverage_engine.recommend.work_order import DEFAULT_RULE

ROWS = 125_000
"""Targets of a stretch."""
# Rows of a row group: in larger ones the words that come again and again are written down less often. Columns
# have no statistics: those of words take long, and ids are in order as it is.
_GROUP = 2**19
# Stretches in hand at once: one is planned or sorted on one core while another is computed or written.
_AT_ONCE = 2


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
    table `enterprises`, best in order of ids: then a stretch reads its own rows and no others. The files of a
    table hold its rows in order of ids, `bundle_targets` too; `bundles`, `bundle_places` and `joint_groups`
    are one file each. What is kept on the way lies beside the folder.

    Raises:
        FileExistsError: there is such a folder, and it is not empty.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(folder)
    book, threshold = book or load_paths(), policy.number(THRESHOLD)
    inputs = RankingInputs(frames, kinds, threshold, book, rank_by, as_of)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        stored, out = Path(scratch) / "kept", Path(scratch) / "tables"
        stored.mkdir()
        with storing_in(stored):
            _tell_into(out, inputs, rows)
        _write_calls(out, frames["assessed"])
        out.rename(folder)


# ---------------------------------------------------------------------------------------------- private


def _tell_into(out: Path, inputs: RankingInputs, rows: int) -> None:
    """Evaluates, tells and writes some stretches at once, so that nothing waits for what is done singly."""
    with ThreadPoolExecutor(_AT_ONCE) as hands:
        forming = hands.submit(_groups, inputs)
        evaluated = inputs.evaluated()
        counted = tallies(evaluated, inputs.frames["assessed"], inputs.rank_by)
        groups = forming.result()
        _write(groups, out / "joint_groups.parquet")
        telling = _Telling(
            out, founding_with(evaluated, nw.from_native(groups.lazy())), counted, inputs.as_of
        )
        spans = list(_spans(counted.known["enterprise_id"], rows))
        # Asked for one by one, so that the first fault ends it.
        for _ in hands.map(telling.tell, range(len(spans)), spans):
            pass


class _Telling:
    """Tells and writes stretches of the targets found, in as many threads as ask for it."""

    def __init__(self, out: Path, evaluated: Evaluated, counted: Tallies, as_of: date) -> None:
        self._out, self._evaluated, self._counted, self._as_of = out, evaluated, counted, as_of
        self._of_thread = local()
        self._writing_down = Lock()

    def tell(self, number: int, ids: tuple[int, int]) -> None:
        """Evaluates, tells and writes the targets between two ids, as the files of that number."""
        here = collected(self._evaluated.frame.filter(nw.col("enterprise_id").is_between(*ids)))
        tables = self._stretches().tables_of(here.sort("enterprise_id"))
        for name in list(tables):
            _write(tables.pop(name), self._out / name / f"{number:05}.parquet")

    def _stretches(self) -> Stretches:
        """The queries of this thread, written down when it first asks."""
        # One thread after the other: in turns, all would have theirs only at the end.
        with self._writing_down:
            if not hasattr(self._of_thread, "stretches"):
                self._of_thread.stretches = Stretches(self._evaluated, self._counted, self._as_of)
        stretches: Stretches = self._of_thread.stretches
        return stretches


def _groups(inputs: RankingInputs) -> pl.DataFrame:
    """The joint-branch groups, from the columns of those who may join one."""
    assessed: pl.LazyFrame = inputs.frames["assessed"].to_native()
    candidates = assessed.filter(may_join(inputs.threshold)).select(CANDIDATE).collect()
    return joint_groups(candidates, inputs.threshold, inputs.settings)


def _spans(ids: pl.Series, rows: int) -> Iterator[tuple[int, int]]:
    """First and last id of every stretch of so many targets; one stretch where there are none."""
    for start in range(0, max(ids.len(), 1), rows):
        here = ids.slice(start, rows)
        yield (here[0], here[-1]) if here.len() else (0, 0)


def _write_calls(out: Path, assessed: Lazy) -> None:
    """The calls, and what each does for each county, from the targets that they serve."""
    served = pl.scan_parquet(out / "bundle_targets" / "*.parquet")
    _write(bundles(served), out / "bundles.parquet")
    _write(bundle_places(served, assessed.to_native()), out / "bundle_places.parquet")


def _write(table: pl.DataFrame, file: Path) -> None:
    table.write_parquet(
        file, compression="zstd", compression_level=1, row_group_size=_GROUP, statistics=False, mkdir=True
    )
