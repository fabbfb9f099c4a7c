"""The content behind the invented province: rates with their sources, sectors, city weights, name parts."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from coverage_engine.content import checked_content, content_file, read_shipped
from coverage_engine.samples.sample_shapes import FaultsFile, NamesFile, RatesFile, SuccessFile
from coverage_engine.samples.streams import Array


@cache
def rates() -> dict[str, float]:
    """Every rate of `data/samples/rates.toml` by name.

    Raises:
        ContentError: a rate is no number, or states no source.
    """
    entries = read_shipped(RatesFile, "data", "samples", "rates.toml")
    return {name: entry.value for name, entry in entries.items()}


@dataclass(frozen=True)
class Sectors:
    """行业: one array for each column of `data/samples/sectors.csv`, by sector number."""

    code: Array
    name: Array
    section: Array
    weight: Array
    staff_scale: Array
    above_scale_staff: Array
    young_share: Array
    league_factor: Array
    industrial: Array
    trade_words: tuple[Array, ...]
    department: Array
    association: Array
    youth_sector: Array


@cache
def sectors() -> Sectors:
    """The sectors of the sample with their shares, sizes and words."""
    rows = _rows("sectors.csv")

    def texts(column: str) -> Array:
        return np.array([row[column] for row in rows], dtype=object)

    def numbers(column: str) -> Array:
        return np.array([float(row[column]) for row in rows])

    return Sectors(
        texts("code"),
        texts("name"),
        texts("section"),
        numbers("weight"),
        numbers("staff_scale"),
        numbers("above_scale_staff"),
        numbers("young_share"),
        numbers("league_factor"),
        numbers("industrial") > 0,
        tuple(np.array(row["trade_words"].split(";"), dtype=object) for row in rows),
        texts("department"),
        texts("association"),
        texts("youth_sector"),
    )


@cache
def city_weights() -> dict[str, float]:
    """Share of each city in the firms of the province, by city code."""
    return {row["code"]: float(row["weight"]) for row in _rows("cities.csv")}


@cache
def name_parts() -> dict[str, Any]:
    """Syllables, legal forms and place words of invented names."""
    return checked_content(NamesFile, "data", "samples", "names.toml")


@cache
def success_model() -> dict[str, Any]:
    """Weights of the hidden success model."""
    return checked_content(SuccessFile, "data", "samples", "success.toml")


@cache
def fault_vocabulary() -> dict[str, Any]:
    """How real ledgers are disturbed: header variants, unknown marks, personal columns, shares of faults."""
    return checked_content(FaultsFile, "data", "samples", "faults.toml")


def _rows(name: str) -> list[dict[str, str]]:
    with content_file("data", "samples", name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))
