"""Columns and texts packed for the page: delta, byte shuffle, deflate, base64 (see maps/unpack.js)."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

BLOCK_ROWS = 2048
_LEVEL = 6


def packed_column(values: pl.Series, kind: str) -> dict[str, Any]:
    """A column without nulls of kind `u8`, `u16` or `i32`; `i32` is stored as differences of neighbours."""
    array = values.to_numpy().astype({"u8": "<u1", "u16": "<u2", "i32": "<i4"}[kind])
    if kind == "i32":
        array = np.diff(array, prepend=np.int32(0)).astype("<i4")
    planes = array.view(np.uint8).reshape(-1, array.dtype.itemsize).T
    return {"kind": kind, "data": _deflated(planes.tobytes())}


def packed_texts(columns: Sequence[pl.Series]) -> list[str]:
    """Text columns cut into blocks of `BLOCK_ROWS`; each inflates to a JSON list of columns, null as \"\"."""
    rows = len(columns[0]) if columns else 0
    filled = [column.fill_null("").to_list() for column in columns]
    blocks = (
        [column[start : start + BLOCK_ROWS] for column in filled] for start in range(0, rows, BLOCK_ROWS)
    )
    return [_deflated(_json(block).encode("utf-8")) for block in blocks]


def json_block(data: object) -> str:
    """JSON that cannot end its script element nor open another: ASCII, with < > & written as escapes."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _deflated(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data, _LEVEL)).decode("ascii")
