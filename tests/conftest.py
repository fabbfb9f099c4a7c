"""Fixtures shared by the rooms' tests."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
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
LOOK = Path(__file__).with_name("look_without_network.py")

# A busy machine must not fail a property, and every run must try the same examples.
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")

# What tests of several rooms share. Not the folder of this file: its rooms would be imported in the place of
# packages of their name, `coverage` first of all.
sys.path.append(str(Path(__file__).with_name("invented")))


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


@pytest.fixture
def look_without_network(chromium: Any) -> Callable[[list[Path]], dict[str, Any]]:
    """Opens pages where only the loopback interface exists: what each asked for, complained of and told."""
    alone = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("页面没有在无网卡的环境里检查：本机不允许 unshare --net")

    def look(pages: list[Path]) -> dict[str, Any]:
        """Fails where there was an interface, or a page asked outside of itself and its folder."""
        command = [*alone, sys.executable, str(LOOK), str(CHROMIUM), *map(str, pages)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr[-2000:]
        found = json.loads(done.stdout)
        assert found["interfaces"] == ["lo"]
        assert list(found["pages"]) == [str(page) for page in pages]
        for page in pages:
            seen, own = found["pages"][str(page)], page.as_uri()
            allowed = (own, own.removesuffix(".html") + "_data/", "data:", "blob:")
            assert [url for url in seen["requests"] if not url.startswith(allowed)] == [], page.name
            assert seen["complaints"] == [], page.name
            assert seen["told"], page.name
        return dict(found["pages"])

    return look


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
