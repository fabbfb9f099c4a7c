"""The division that a plan is made for, chosen by code or name."""

from __future__ import annotations

import polars as pl

from coverage_engine.errors import DivisionError
from coverage_engine.model.plan import Division
from coverage_engine.model.snapshot import Snapshot

_SUFFIXES = ("自治县", "省", "市", "县", "区")


def choose_division(snapshot: Snapshot, wanted: str | None) -> Division:
    """The province where nothing is wanted; else the division of that code or name (郑州市, 410105).

    Raises:
        DivisionError: no such division in the edition of the snapshot's date.
    """
    rows = snapshot["divisions"].sort("level", "code", descending=[True, False])
    if wanted is None:
        wanted = str(rows.filter(pl.col("level") == "province")["code"].item())
    names = {str(code): str(name) for code, name in rows.select("code", "name").iter_rows()}
    text = wanted.strip()
    for level in ("province", "city", "county"):
        of_level = rows.filter(pl.col("level") == level)
        for code, name, parent in of_level.select("code", "name", "parent_code").iter_rows():
            if text in _spellings(code, name, names.get(parent, "")):
                return Division(code, name, level)
    raise DivisionError(
        f"没有找到行政区划“{text}”",
        "请写省辖市或县（市、区）的全称，如 郑州市、郑州市金水区，或六位代码；开发区请写所在县（市、区）。",
    )


def _spellings(code: str, name: str, parent: str) -> set[str]:
    short = next((name.removesuffix(suffix) for suffix in _SUFFIXES if name.endswith(suffix)), name)
    spellings = {code, name, f"{parent}{name}", f"河南省{name}", f"河南省{parent}{name}"}
    return spellings | ({short} if len(short) >= 2 else set())
