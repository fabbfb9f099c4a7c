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


def packed_words(columns: Mapping[str, pl.Series]) -> dict[str, Any]:
    """Text columns as numbers into one list of their distinct words; null is the empty word.

    `words` inflates to a JSON list, `columns` hold positions in it.
    """
    told = pl.concat([column.fill_null("").cast(pl.String).alias("word") for column in columns.values()])
    listed = told.unique().sort()
    numbers = told.to_frame().join(
        listed.to_frame().with_row_index("number"), on="word", how="left", maintain_order="left"
    )["number"]
    rows = numbers.len() // max(len(columns), 1)
    kind = "u16" if listed.len() <= 65_536 else "u32"
    packed = {name: packed_column(numbers.slice(at * rows, rows), kind) for at, name in enumerate(columns)}
    return {"words": packed_json(listed.to_list()), "columns": packed}


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


def narrowest(values: pl.Series) -> str:
    """The kind of column that holds numbers from 0 to the largest given."""
    largest = int(np.max(values.to_numpy(), initial=0))
    return "u8" if largest <= 255 else "u16" if largest <= 65_535 else "u32"
