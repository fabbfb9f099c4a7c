"""What a click tells of an enterprise: code, duty, paths and reasons, packed by county.

A map of few enterprises holds all of it in its page. Where there are more, a county's part is a file of its
own beside the page, which the page's own script loads when one of its enterprises is opened. Such a file is a
call with numbers and base64 in it, so that no text of a ledger stands in a script.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import polars as pl

from coverage_engine.mapping.packing import json_block, narrowest, packed_column, packed_json, packed_words
from coverage_engine.mapping.points import UNKNOWN_BYTE
from coverage_engine.model.plan import Plan
from coverage_engine.model.vocabulary import Answer

FOLDER_SUFFIX = "_data"
"""The folder of a page's county files is called as the page, with this ending."""
_RANKS = (1, 2, 3)
_REASONS = 3
_TEXTS = ("ground_text", "missing_facts", "lead_unit", "flip_fact")


def county_details(rows: pl.DataFrame, plan: Plan) -> list[dict[str, Any]]:
    """The packed parts by `division_index`, each in the order of the page's rows."""
    answers = {answer.value: at for at, answer in enumerate(Answer)}
    firms = _with_paths(rows, plan["recommendations"]).with_columns(
        pl.col("verified").replace_strict(answers, default=UNKNOWN_BYTE, return_dtype=pl.Int32),
        pl.col("priority_rank").fill_null(0).alias("rank"),
    )
    columns = ("division_index", "credit_code", *_TEXTS, *_reasons(), *_numbers())
    ordered = firms.select(columns).sort("division_index", nulls_last=True, maintain_order=True)
    parts = ordered["division_index"]
    words = packed_words(parts, {name: ordered[name] for name in (*_TEXTS, *_reasons())})
    numbers = {name: ordered[name].to_numpy() for name in _numbers()}
    codes = ordered["credit_code"].fill_null("").to_list()
    packed, start = [], 0
    for text, count in zip(words, parts.rle().struct.field("len").to_list(), strict=True):
        own = slice(start, start + count)
        own_numbers = {name: column[own] for name, column in numbers.items()}
        packed.append(
            {
                "count": count,
                "codes": packed_json(codes[own]),
                "texts": text,
                "numbers": {name: packed_column(each, narrowest(each)) for name, each in own_numbers.items()},
            }
        )
        start += count
    return packed


def written_details(parts: list[dict[str, Any]], page: Path) -> dict[str, Any]:
    """Writes each part as a file beside the page; gives what the page needs to find and to know them."""
    folder = page.with_name(page.stem + FOLDER_SUFFIX)
    texts = [json_block(part) for part in parts]
    stamp = hashlib.sha256("".join(texts).encode("ascii")).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    files = [f"{at:03d}.js" for at in range(len(texts))]
    for at, (name, text) in enumerate(zip(files, texts, strict=True)):
        (folder / name).write_text(f'coverageDetails("{stamp}",{at},{text});\n', "ascii", newline="\n")
    return {"stamp": stamp, "folder": folder.name, "files": files}


# ---------------------------------------------------------------------------------------------- private


def _with_paths(rows: pl.DataFrame, recommendations: pl.DataFrame) -> pl.DataFrame:
    """Number, chance and reasons of the three paths; lead unit and flip fact of the first."""
    rows = rows.drop("path1")
    for rank in _RANKS:
        words = ["lead_unit", "flip_fact"] if rank == 1 else []
        of_rank = recommendations.filter(pl.col("rank") == rank).select(
            "enterprise_id",
            pl.col("path").cast(pl.UInt8).alias(f"path{rank}"),
            (pl.col("probability") * 100)
            .round()
            .fill_nan(UNKNOWN_BYTE)
            .cast(pl.UInt8)
            .alias(f"chance{rank}"),
            pl.col("reasons")
            .str.splitn(";", _REASONS)
            .struct.rename_fields([f"reason{rank}_{at}" for at in range(_REASONS)])
            .alias("told"),
            *words,
        )
        rows = rows.join(of_rank.unnest("told"), on="enterprise_id", how="left", maintain_order="left")
    return rows.with_columns(
        *(pl.col(f"path{rank}").fill_null(0) for rank in _RANKS),
        *(pl.col(f"chance{rank}").fill_null(UNKNOWN_BYTE) for rank in _RANKS),
    )


def _reasons() -> list[str]:
    return [f"reason{rank}_{at}" for rank in _RANKS for at in range(_REASONS)]


def _numbers() -> list[str]:
    return ["verified", "rank", *(f"{fact}{rank}" for fact in ("path", "chance") for rank in _RANKS)]
