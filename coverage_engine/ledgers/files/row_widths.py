"""Rows of a text ledger with more or fewer cells than its header, and a header unlike its rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from coverage_engine.ledgers.files.quoted_rows import Rows
from coverage_engine.ledgers.files.separators import SEPARATORS, Head, is_header

SHIFTS = {"row": pl.Int64, "beyond": pl.Int64, "sure": pl.Int64, "found": pl.String}
"""Rows that may be shifted: cells beyond the header, how many are sure (null: to be tried), and words."""

IF_ALL_FIT = -1
"""So many cells are sure if every one of them may stand where it stands; else they are to be tried."""

_LEAST_TRUSTED = 3
_FEW_ROWS = 6
"""So many rows are not all cut once too often: a blank cell at their ends is how the list was exported."""


@dataclass(frozen=True)
class RowWidths:
    """The `faults` by code (frames of `row`, `found`), and the rows that may be shifted (`SHIFTS`)."""

    faults: Sequence[tuple[str, pl.DataFrame]]
    shifts: pl.DataFrame


def row_widths(rows: Rows, head: Head) -> RowWidths:
    """Rows with cells beyond the header, rows cut by another separator, and a header unlike its rows."""
    assert head.line is not None
    header = len(head.cells)
    numbered = rows.cells.with_row_index("row", offset=1).with_columns(
        pl.col("row").cast(pl.Int64), width=pl.col("cells").list.len().cast(pl.Int64)
    )
    below = numbered.filter(pl.col("line") > head.line)
    unusual = below.filter(~pl.col("width").is_in(list(rows.usual)))
    # A handful of rows may all be cut once too often, even where they are a fifth of a short list.
    times = pl.len().over("width")
    few = (times < _FEW_ROWS) & (2 * times <= pl.len())
    wide = below.filter((pl.col("width") > header) & (few | ~pl.col("width").is_in(list(rows.usual))))
    mixed = unusual.filter((pl.col("width") < header) & _cut_otherwise(head))
    unlike = _unlike_header(below, head)
    shifts = [
        wide.with_columns(sure=pl.lit(None, pl.Int64)),
        mixed.with_columns(sure=_before_other_marks(head)),
        unlike.rows,
    ]
    line, width = ((number.cast(pl.String)) for number in (pl.col("line") + 1, pl.col("width")))
    in_words = "文件第 " + line + " 行有 " + width + f" 格，表头 {header} 格"
    return RowWidths(
        (
            ("text.more_cells", wide.select("row", found=in_words)),
            ("text.other_separator", mixed.select("row", found=in_words)),
            *(
                (code, pl.DataFrame({"row": [head.line + 1], "found": [words]}))
                for code, words in unlike.faults
            ),
        ),
        pl.concat(
            frame.select("row", (pl.col("width") - header).alias("beyond"), "sure", in_words.alias("found"))
            for frame in shifts
        ).unique("row", keep="first", maintain_order=True),
    )


# ---------------------------------------------------------------------------------------------- private


@dataclass(frozen=True)
class _Unlike:
    """A header unlike its rows: the finding, and the rows that may be shifted with their `sure` cells."""

    rows: pl.DataFrame
    faults: Sequence[tuple[str, str]] = ()


def _other_marks(head: Head) -> list[str]:
    return [mark for mark in SEPARATORS if mark != head.separator]


def _cut_otherwise(head: Head) -> pl.Expr:
    """Rows that lack as many cells as another separator would give them."""
    texts = pl.col("cells").list.join("")
    lacking = len(head.cells) - pl.col("width")
    return pl.any_horizontal(
        texts.str.count_matches(re.escape(mark)) == lacking for mark in _other_marks(head)
    )


def _before_other_marks(head: Head) -> pl.Expr:
    """How many first cells have no other separator in them."""
    marked = pl.col("cells").list.eval(pl.element().str.contains_any(_other_marks(head)))
    return marked.list.arg_max().cast(pl.Int64)


def _unlike_header(below: pl.DataFrame, head: Head) -> _Unlike:
    """Most rows have cells beyond the header, or fewer than a header that was cut once too often."""
    filled = below.filter(pl.col("width") > 1)
    none = _Unlike(filled.clear().with_columns(sure=pl.lit(None, pl.Int64)))
    usual, times = filled["width"].value_counts(sort=True).row(0) if filled.height else (0, 0)
    cells = [cell.strip() for cell in head.cells]
    header = len(cells) - next((n for n, cell in enumerate(reversed(cells)) if cell), 0)
    if 2 * times <= filled.height:
        return none
    in_words = f"表头 {header} 格，{times} 行数据各 {usual} 格"
    cut = _cut_header(cells[:header]) if usual < header else None
    if cut is not None:
        sure = pl.when(pl.col("width") == usual).then(pl.lit(cut)).otherwise(pl.lit(0))
        return _Unlike(filled.with_columns(sure=sure.cast(pl.Int64)), (("text.header_cells", in_words),))
    beyond = filled.select(pl.col("cells").list.slice(header).list.join("") != "").to_series().sum()
    if 2 * beyond <= filled.height:
        few = filled.filter(pl.col("width") > len(cells)) if times < _FEW_ROWS else filled.clear()
        trusted = None if few.height < _LEAST_TRUSTED else IF_ALL_FIT
        faults = (("text.header_cells", in_words),) if few.height and trusted is None else ()
        return _Unlike(few.with_columns(sure=pl.lit(trusted, pl.Int64)), faults)
    if usual <= len(cells):
        return _Unlike(none.rows, (("text.untitled_cells", in_words),))
    wide = filled.filter(pl.col("width") > len(cells))
    return _Unlike(wide.with_columns(sure=pl.lit(None, pl.Int64)), (("text.header_cells", in_words),))


def _cut_header(cells: Sequence[str]) -> int | None:
    """The first cell of a header that may be one separator too many: a blank one, or the half of a header."""
    for index, cell in enumerate(cells):
        following = cells[index + 1] if index + 1 < len(cells) else ""
        halves = is_header(cell + following) and not (is_header(cell) and is_header(following))
        if not cell or (following and halves):
            return index
    return None
