"""Fixtures shared by the rooms' tests."""

from datetime import date

import polars as pl
import pytest
from hypothesis import settings

from coverage_engine.divisions.table import divisions
from coverage_engine.policy import load_policy

DAY = date(2019, 6, 15)

# A busy machine must not fail a property, and every run must try the same examples.
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


@pytest.fixture(scope="session")
def policy():
    return load_policy(DAY)


@pytest.fixture(scope="session")
def division_rows():
    """The table `divisions` of a snapshot in the edition of 2019-05."""
    return pl.DataFrame(
        [
            {
                "code": row.code,
                "name": row.name,
                "level": row.level,
                "parent_code": row.parent_code,
                "longitude": row.longitude,
                "latitude": row.latitude,
            }
            for row in divisions("2019-05")
        ]
    )
