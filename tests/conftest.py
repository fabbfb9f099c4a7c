"""Fixtures shared by the rooms' tests."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import settings

from coverage_engine.divisions.table import divisions
from coverage_engine.policy import load_policy

DAY = date(2019, 6, 15)
CHROMIUM = Path("/usr/bin/chromium")

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


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A browser, or a loud word why the pages were not looked at."""
    if not CHROMIUM.exists():
        pytest.skip(f"页面没有在浏览器中检查：本机没有 {CHROMIUM}，请安装 chromium 后再跑这些测试")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield browser
        browser.close()
