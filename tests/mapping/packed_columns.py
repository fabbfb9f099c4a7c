"""Packed columns of a map page, unpacked a second time as its scripts do it."""

import base64
import zlib
from itertools import accumulate
from typing import Any


def inflated(packed: str) -> bytes:
    return zlib.decompress(base64.b64decode(packed))


def unpacked_numbers(column: dict[str, Any], count: int) -> list[int]:
    planes = inflated(column["data"])
    width = {"u8": 1, "u16": 2, "u32": 4, "i32": 4}[column["kind"]]
    values = [
        int.from_bytes(
            bytes(planes[plane * count + i] for plane in range(width)),
            "little",
            signed=column["kind"] == "i32",
        )
        for i in range(count)
    ]
    return list(accumulate(values)) if column["kind"] == "i32" else values


def unpacked_names(packed: dict[str, Any], count: int) -> list[str]:
    names: list[str] = []
    for beginnings, endings, codes in packed["blocks"]:
        rows = min(packed["rows"], count - len(names))
        parts = [unpacked_numbers({"kind": "u16", "data": data}, rows) for data in (beginnings, endings)]
        middles = spelt(inflated(codes), packed["letters"])
        for beginning, ending, middle in zip(*parts, middles, strict=True):
            names.append(packed["beginnings"][beginning] + middle + packed["endings"][ending])
    return names


def spelt(codes: bytes, letters: str) -> list[str]:
    texts, text, at = [], "", 0
    while at < len(codes):
        code = codes[at]
        if code == 0:
            texts.append(text)
            text = ""
        elif code == 255:
            text += chr(int.from_bytes(codes[at + 1 : at + 4], "little"))
        else:
            text += letters[code - 1 if code <= 215 else 215 + (code - 216) * 256 + codes[at + 1]]
        at += 4 if code == 255 else 2 if code > 215 else 1
    return texts
