"""Names of enterprises packed small: frequent beginnings and endings by number, the letters between by code.

Names of firms share their places (郑州市…) and their forms (…科技有限公司). A dictionary of both is made from
the names themselves; what stands between is written in codes of one byte for the frequent letters, two for
the others and four for the rarest (see maps/names.js).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from coverage_engine.mapping.packing import Numbers, deflated, packed_column

BLOCK_ROWS = 4096
"""Names of one block: what is inflated together when one of them is asked for."""
SHORT_CODES, LONG_CODES = 215, 39
"""Codes of one byte (1 to 215), and first bytes of two-byte codes (216 to 254)."""
_END, _ESCAPE = 0, 255
_NO_LETTER = 0x110000
_LONGEST_BEGINNING, _LONGEST_ENDING = 8, 12
_SAMPLE = 100_000
_FEWEST = 12
# An entry that fewer than one name in 700 would use, or fewer than a dozen, costs more than it saves.
_WORTHWHILE = 700


def packed_names(names: pl.Series) -> dict[str, Any]:
    """Names in their order, cut into blocks of `BLOCK_ROWS`; nothing of a name is lost or altered."""
    split_names = pl.DataFrame({"rest": names.fill_null("").cast(pl.String)})
    split_names = _cut(split_names, "ending", _LONGEST_ENDING)
    split_names = _cut(split_names, "beginning", _LONGEST_BEGINNING)
    beginnings, endings = (split_names[part].unique().sort() for part in ("beginning", "ending"))
    letters, codes, ends = _coded(split_names["rest"])
    numbers = [_positions(split_names["beginning"], beginnings), _positions(split_names["ending"], endings)]
    blocks = []
    for start in range(0, split_names.height, BLOCK_ROWS):
        stop = min(start + BLOCK_ROWS, split_names.height)
        first = int(ends[start - 1]) if start else 0
        blocks.append(
            [
                *(packed_column(column[start:stop], "u16")["data"] for column in numbers),
                deflated(codes[first : int(ends[stop - 1])].tobytes()),
            ]
        )
    return {
        "rows": BLOCK_ROWS,
        "beginnings": beginnings.to_list(),
        "endings": endings.to_list(),
        "letters": letters,
        "blocks": blocks,
    }


# ---------------------------------------------------------------------------------------------- private


def _cut(split_names: pl.DataFrame, part: str, longest: int) -> pl.DataFrame:
    """Moves the longest worthwhile beginning or ending of `rest` to a column of its own."""

    def edge(length: int | pl.Expr) -> pl.Expr:
        rest = pl.col("rest").str
        return rest.tail(length) if part == "ending" else rest.head(length)

    sample = split_names.gather_every(max(1, split_names.height // _SAMPLE))
    fewest = max(_FEWEST, sample.height // _WORTHWHILE)
    taken = np.zeros(split_names.height, dtype=np.int64)
    # What is not worthwhile at one length is not at a greater one: fewer and fewer names are looked at.
    left = split_names.select("rest").with_row_index("row")
    for length in range(2, longest + 1):
        counted = sample.group_by(edge(length).alias("edge")).len().filter(pl.col("len") >= fewest)
        worth = counted.filter(pl.col("edge").str.len_chars() == length)["edge"]
        worthwhile = edge(length).is_in(worth.sort().implode())
        left, sample = left.filter(worthwhile), sample.filter(worthwhile)
        taken[left["row"].to_numpy()] = length
    cut = split_names.with_columns(pl.Series("taken", taken))
    rest = pl.col("rest").str
    remaining = rest.len_chars() - pl.col("taken")
    other = rest.head(remaining) if part == "ending" else rest.slice(pl.col("taken"))
    return cut.with_columns(edge(pl.col("taken")).alias(part), other.alias("rest")).drop("taken")


def _positions(column: pl.Series, listed: pl.Series) -> Numbers:
    numbered = listed.to_frame("word").with_row_index("number")
    joined = column.to_frame("word").join(numbered, on="word", how="left", maintain_order="left")
    return joined["number"].to_numpy()


def _coded(texts: pl.Series) -> tuple[str, Numbers, Numbers]:
    """The letters by frequency, all texts in their codes each closed by the end mark, where each one ends."""
    points = np.frombuffer("".join(texts.to_list()).encode("utf-32-le"), dtype="<u4")
    last = np.cumsum(texts.str.len_chars().to_numpy().astype(np.int64))
    distinct, many = np.unique(points, return_counts=True)
    listed = distinct[np.argsort(-many, kind="stable")][: SHORT_CODES + LONG_CODES * 256]
    marked = np.insert(points.astype(np.int64), last, _NO_LETTER)
    number = np.full(_NO_LETTER + 1, -1, dtype=np.int64)
    number[listed] = np.arange(len(listed))
    at = number[marked]
    # Bytes of each letter: its code is built as a row of four, of which the first `width` are written.
    long = at - SHORT_CODES
    rows = np.zeros((len(marked), 4), dtype=np.uint8)
    is_end, is_rare = marked == _NO_LETTER, (at < 0) & (marked != _NO_LETTER)
    is_long = at >= SHORT_CODES
    rows[:, 0] = np.select(
        [is_end, is_rare, is_long], [_END, _ESCAPE, 1 + SHORT_CODES + long // 256], default=at + 1
    )
    rows[is_long, 1] = (long % 256)[is_long]
    for byte in range(3):
        rows[is_rare, 1 + byte] = (marked[is_rare] >> (8 * byte)) & 255
    width = np.select([is_rare, is_long], [4, 2], default=1)
    ends = np.cumsum(width)[is_end]
    codes = rows[np.arange(4) < width[:, None]]
    return "".join(map(chr, listed.tolist())), codes, ends
