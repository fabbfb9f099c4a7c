"""What is packed for the page comes out as it went in, and can never be markup."""

from __future__ import annotations

import base64
import json
import random
import zlib
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_engine.mapping.names import BLOCK_ROWS, LONG_CODES, SHORT_CODES, packed_names
from coverage_engine.mapping.packing import json_block, packed_column, packed_words

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def inflated(packed: str) -> bytes:
    return zlib.decompress(base64.b64decode(packed))


@pytest.mark.parametrize(("kind", "top"), [("u8", 255), ("u16", 65_535), ("u32", 2**31), ("i32", 18_000_000)])
@given(data=st.data())
def test_numbers_come_back(
    unpacked: Callable[..., list[int]], kind: str, top: int, data: st.DataObject
) -> None:
    low = -top if kind == "i32" else 0
    values = data.draw(st.lists(st.integers(low, top), max_size=50))
    assert unpacked(packed_column(pl.Series(values, dtype=pl.Int64), kind), len(values)) == values


def test_words_come_back_and_unknown_is_the_empty_word(unpacked: Callable[..., list[int]]) -> None:
    columns = {"one": pl.Series(["乙", None, "甲", "丁"]), "two": pl.Series(["甲", "甲", "丙", "乙"])}
    whole, rest = packed_words(pl.Series([0, 0, 0, 4]), columns)
    for packed, rows, known in (
        (whole, slice(0, 3), ["", "丙", "乙", "甲"]),
        (rest, slice(3, 4), ["丁", "乙"]),
    ):
        words = json.loads(inflated(packed["words"]))
        assert sorted(words) == sorted(known)
        for name, column in columns.items():
            own = column.fill_null("").to_list()[rows]
            assert [words[at] for at in unpacked(packed["columns"][name], len(own))] == own


HOSTILE_NAMES = [
    "",
    "\x00",
    "有限公司",
    "{{7*7}}",
    "\U0001f600虚构",
    "\u202e司公",
    "</script>",
    "长" * 10_000,
]


@given(st.lists(st.text(max_size=12) | st.sampled_from(HOSTILE_NAMES), max_size=60))
def test_names_come_back_letter_by_letter(
    names_of: Callable[[dict[str, Any], int], list[str]], names: list[str]
) -> None:
    assert names_of(packed_names(pl.Series(names, dtype=pl.String)), len(names)) == names


def test_names_of_more_letters_than_there_are_codes_come_back(
    names_of: Callable[[dict[str, Any], int], list[str]],
) -> None:
    letters = [chr(0x4E00 + at) for at in range(SHORT_CODES + 256 * LONG_CODES + 300)]
    dice = random.Random(7)
    mixed = [letter for _ in range(3) for letter in dice.sample(letters, len(letters))]
    names = ["".join(mixed[at : at + 7]) for at in range(0, len(mixed), 7)]
    packed = packed_names(pl.Series(names))
    assert len(packed["letters"]) == SHORT_CODES + 256 * LONG_CODES
    assert len(packed["blocks"]) == -(-len(names) // BLOCK_ROWS) > 1
    assert names_of(packed, len(names)) == names


def test_names_of_like_firms_take_a_fraction_of_their_letters() -> None:
    dice = random.Random(5)
    brands = ["".join(dice.choices("栩霄铄漪珩颂鲲蔚锦骁", k=3)) for _ in range(4_000)]
    names = pl.Series([f"郑州{brand}电子科技有限公司" for brand in brands])
    packed = json.dumps(packed_names(names), ensure_ascii=False)
    assert len(packed) < 4 * names.len()


@given(JSON)
def test_the_json_block_reads_back_and_holds_no_markup(value: object) -> None:
    text = json_block(value)
    assert json.loads(text) == value
    assert text.isascii()
    assert not set("<>&") & set(text)
