"""One invented province, planned once, with the truth that the ledgers were made from."""

import sys
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

import coverage_engine as ce

sys.path.insert(0, str(Path(__file__).parent))

SMALL, WHOLE = 2_000, 60_000


@dataclass(frozen=True)
class PlannedProvince:
    """An invented province: its folder of ledgers, its plan and its truth."""

    ledgers: Path
    plan: ce.Plan
    truth: pl.DataFrame

    def enterprise_ledger(self) -> pl.DataFrame:
        return pl.read_csv(self.ledgers / "企业台账.csv", infer_schema=False)


def planned(folder: Path, enterprises: int) -> PlannedProvince:
    ce.write_sample(folder, enterprises=enterprises, seed=7)
    snapshot, findings = ce.read_ledgers([folder])
    truth = pl.read_parquet(folder / "truth" / "enterprises.parquet")
    return PlannedProvince(folder, ce.plan(snapshot, findings=findings), truth)


@pytest.fixture(scope="session", params=[SMALL, pytest.param(WHOLE, marks=pytest.mark.slow)], ids=str)
def province(request, tmp_path_factory):
    if request.param == SMALL:
        return request.getfixturevalue("small_province")
    return planned(tmp_path_factory.mktemp("province"), request.param)


@pytest.fixture(scope="session")
def small_province(tmp_path_factory):
    return planned(tmp_path_factory.mktemp("small"), SMALL)


@pytest.fixture(scope="session")
def written(small_province, tmp_path_factory):
    """The output folder of the small province."""
    folder = tmp_path_factory.mktemp("output")
    ce.write_plan(small_province.plan, folder)
    return folder
