"""What is packed for the page comes out as it went in, and can never be markup."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_engine.mapping.packing import BLOCK_ROWS, json_block, packed_column, packed_texts

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def inflated(packed: str) -> bytes:
    return zlib.decompress(base64.b64decode(packed))


@pytest.mark.parametrize(("kind", "top"), [("u8", 255), ("u16", 65_535), ("i32", 18_000_000)])
@given(data=st.data())
def test_numbers_come_back(
    unpacked: Callable[..., list[int]], kind: str, top: int, data: st.DataObject
) -> None:
    low = -top if kind == "i32" else 0
    values = data.draw(st.lists(st.integers(low, top), max_size=50))
    assert unpacked(packed_column(pl.Series(values, dtype=pl.Int64), kind), len(values)) == values


def test_texts_come_back_block_by_block_and_unknown_is_empty() -> None:
    names = [f"虚构企业{i}" for i in range(BLOCK_ROWS + 3)]
    codes = [None] * (BLOCK_ROWS + 3)
    blocks = packed_texts([pl.Series(names), pl.Series(codes, dtype=pl.String)])
    read = [json.loads(inflated(block)) for block in blocks]
    assert [len(block[0]) for block in read] == [BLOCK_ROWS, 3]
    assert [name for block in read for name in block[0]] == names
    assert {code for block in read for code in block[1]} == {""}


@given(JSON)
def test_the_json_block_reads_back_and_holds_no_markup(value: object) -> None:
    text = json_block(value)
    assert json.loads(text) == value
    assert text.isascii()
    assert not set("<>&") & set(text)
