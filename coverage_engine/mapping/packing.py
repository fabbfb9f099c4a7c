"""Numbers and words packed for the page: delta, byte shuffle, deflate, base64 (see maps/unpack.js)."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

_LEVEL = 6
_TYPES = {"u8": "<u1", "u16": "<u2", "u32": "<u4", "i32": "<i4"}

Numbers = npt.NDArray[Any]


def packed_column(values: pl.Series | Numbers, kind: str) -> dict[str, Any]:
    """A column without nulls of kind `u8`, `u16`, `u32` or `i32`; `i32` is stored as differences."""
    array = np.asarray(values).astype(_TYPES[kind])
    if kind == "i32":
        array = np.diff(array, prepend=np.int32(0)).astype("<i4")
    planes = array.view(np.uint8).reshape(-1, array.dtype.itemsize).T
    return {"kind": kind, "data": deflated(planes.tobytes())}


def packed_words(parts: pl.Series, columns: Mapping[str, pl.Series]) -> list[dict[str, Any]]:
    """Text columns of each part as numbers into one list of its distinct words; null is the empty word.

    `parts` numbers the part of each row, in order. `words` inflates to a JSON list, `columns` hold positions
    in it. All parts are numbered together: one by one, hundreds of small ones cost more than their work.
    """
    whole = pl.concat(
        [pl.DataFrame({"part": parts, "word": column.fill_null("")}) for column in columns.values()]
    )
    listed = whole.unique().sort("part", "word")
    places = listed.with_columns(pl.int_range(pl.len()).over("part").alias("number"))
    numbers = whole.join(places, on=["part", "word"], how="left", maintain_order="left")["number"].to_numpy()
    by_column = numbers.reshape(len(columns), -1)
    words = listed.group_by("part", maintain_order=True).agg("word")["word"]
    packed, start = [], 0
    for rows, own in zip(parts.rle().struct.field("len").to_list(), words, strict=True):
        kind = "u16" if own.len() <= 65_536 else "u32"
        packed_columns = {
            name: packed_column(by_column[at, start : start + rows], kind) for at, name in enumerate(columns)
        }
        packed.append({"words": packed_json(own.to_list()), "columns": packed_columns})
        start += rows
    return packed


def packed_json(data: object) -> str:
    """A value that inflates to its JSON in UTF-8."""
    return deflated(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))


def json_block(data: object) -> str:
    """JSON that cannot end its script element nor open another: ASCII, with < > & written as escapes."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def deflated(data: bytes) -> str:
    """Bytes deflated and written in base64."""
    return base64.b64encode(zlib.compress(data, _LEVEL)).decode("ascii")


def narrowest(values: pl.Series | Numbers) -> str:
    """The kind of column that holds numbers from 0 to the largest given."""
    largest = int(np.max(np.asarray(values), initial=0))
    return "u8" if largest <= 255 else "u16" if largest <= 65_535 else "u32"
