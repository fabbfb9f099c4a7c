"""A messy sample: every planted fault is found in its cell, nothing else is, every row accounted for."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from coverage_engine.ledgers import read_ledgers
from coverage_engine.samples import write_sample

CODES = {
    ("damaged_code", "code_typo"): "^credit_code",
    ("missing_name",): "^row.required_missing$",
    ("unknown_division",): r"^division\.(unknown|optional_unknown)$",
    ("contradiction",): r"_exceed_|^(party|union)\.contradiction$",
}
"""Kinds of planted faults and the findings that they must give, in the very cell."""


def cells(frame: pl.DataFrame) -> set[tuple[str, str]]:
    return set(frame.select("sheet", "cell").rows())


@pytest.mark.parametrize(
    "seeds", [range(2), pytest.param(range(200), marks=pytest.mark.slow)], ids=["2 seeds", "200 seeds"]
)
def test_every_planted_fault_is_found_in_its_cell_and_nothing_else(tmp_path: Path, seeds: range) -> None:
    for seed in seeds:
        folder = tmp_path / str(seed)
        write_sample(folder, enterprises=300, seed=seed, messy=True, layout="xlsx" if seed % 2 else "mixed")
        snapshot, findings = read_ledgers([folder])
        planted = pl.read_parquet(folder / "truth" / "planted.parquet")
        for kinds, pattern in CODES.items():
            found = findings.table.filter(pl.col("code").str.contains(pattern))
            assert cells(found) == cells(planted.filter(pl.col("kind").is_in(kinds))), (seed, kinds)
        about = planted.filter((pl.col("kind") == "number_text") & pl.col("after").str.starts_with("约"))
        approximate = findings.table.filter(pl.col("code") == "count.approximate")
        assert cells(about) == cells(approximate), seed
        personal = findings.table.filter(pl.col("code") == "column.personal")
        assert personal.height == planted.filter(pl.col("kind") == "personal_column").height, seed
        codes = snapshot["enterprises"]["credit_code"].drop_nulls()
        assert codes.is_unique().all(), seed
        account = snapshot["sources"].select(
            pl.col("rows_read") == pl.sum_horizontal("accepted", "quarantined", "recognised")
        )
        assert account.to_series().all(), seed
