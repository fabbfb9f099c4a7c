"""An invented plan for every map test, and a Chromium page that sees its map with the network off."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from coverage_engine.mapping import write_map
from coverage_engine.model.drawing import Drawing
from coverage_engine.model.plan import Plan

sys.path.insert(0, str(Path(__file__).parent))

from invented_plan import all_outlines, invented_plan
from packed_columns import inflated, unpacked_names, unpacked_numbers


@pytest.fixture(scope="session")
def make_plan() -> Callable[..., Plan]:
    """Makes an invented plan (arguments as of `invented_plan`)."""
    return invented_plan


@pytest.fixture(scope="session")
def outlines() -> dict[str, Any]:
    """Outlines of all cities and counties."""
    return all_outlines()


@pytest.fixture(scope="session")
def unpacked() -> Callable[[dict[str, Any], int], list[int]]:
    """Numbers of a packed column, unpacked as maps/unpack.js does it."""
    return unpacked_numbers


@pytest.fixture(scope="session")
def inflated_json() -> Callable[[str], Any]:
    """A packed JSON value."""
    return lambda packed: json.loads(inflated(packed))


@pytest.fixture(scope="session")
def names_of() -> Callable[[dict[str, Any], int], list[str]]:
    """Names unpacked as maps/names.js does it."""
    return unpacked_names


class Seen:
    """One page, opened offline, with everything that it asked for and complained about."""

    def __init__(self, browser: Any, file: Path, before: str = "", address: str = "") -> None:
        self.context = browser.new_context(offline=True, viewport={"width": 1440, "height": 900})
        self.page = self.context.new_page()
        self.file = file
        if before:
            self.page.add_init_script(before)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: (self.complaints.append("dialog"), dialog.dismiss()))
        self.page.goto(file.as_uri() + address)
        self.page.locator("html[data-ready=yes]").wait_for(state="attached", timeout=20_000)

    def find(self, words: str) -> None:
        """Types into the search box and opens the first enterprise found."""
        self.page.locator("#search").fill(words)
        self.page.locator("#results button").first.click()
        self.page.locator(".leaflet-popup .card.enterprise").wait_for()

    def outside_requests(self) -> list[str]:
        """What was asked for beside the page itself and the county files that stand beside it."""
        own = re.escape(self.file.as_uri().removesuffix(".html"))
        allowed = re.compile(rf"data:|blob:|{own}\.html(#.*)?$|{own}_data/\d{{3}}\.js$")
        return [url for url in self.requests if not allowed.match(url)]


@pytest.fixture
def see(chromium: Any, tmp_path: Path) -> Iterator[Callable[..., Seen]]:
    """Writes the map of a plan and opens it."""
    opened: list[Seen] = []

    def look(
        plan: Plan,
        *,
        lang: str = "zh",
        before: str = "",
        address: str = "",
        drawing: Drawing | None = None,
    ) -> Seen:
        file = tmp_path / f"coverage-{len(opened)}.html"
        write_map(plan, all_outlines(), file, lang=lang, drawing=drawing)
        opened.append(Seen(chromium, file, before, address))
        return opened[-1]

    yield look
    for seen in opened:
        seen.context.close()
