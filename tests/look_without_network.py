"""Opens pages in Chromium where no network interface exists, walks through maps.

Prints what each page asked for, complained of and told.

unshare --net python look_without_network.py CHROMIUM PAGE [PAGE ...]
"""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright


def walk_map(page: Page) -> list[str]:
    """Switches a layer on, goes down to the points; the reasons told of the first enterprise listed."""
    page.locator("html[data-ready=yes]").wait_for(state="attached")
    page.locator("#layer-heat").check()
    if page.locator("#to-points").is_visible():
        page.locator("#to-points").click()
    page.locator(".leaflet-points-pane canvas").first.wait_for(state="attached")
    page.locator("#finding summary").first.click()
    page.locator("#in-view").uncheck()
    page.locator("#list button").first.click()
    page.locator(".leaflet-popup dd li").first.wait_for()
    return page.locator(".leaflet-popup dd li").all_text_contents()


def main(executable: str, files: list[str]) -> None:
    found = {"interfaces": [name for _, name in socket.if_nameindex()], "pages": {}}
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=executable, args=options)
        for file in files:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            seen: dict[str, list[str]] = {"requests": [], "complaints": []}
            page.on("request", lambda request, seen=seen: seen["requests"].append(request.url))
            page.on("console", lambda message, seen=seen: seen["complaints"].append(message.text))
            page.on("pageerror", lambda error, seen=seen: seen["complaints"].append(str(error)))
            page.goto(Path(file).as_uri(), wait_until="load")
            is_map = page.locator("#finding").count() > 0
            seen["told"] = walk_map(page) if is_map else [page.locator("body").inner_text()]
            found["pages"][file] = seen
            page.close()
        browser.close()
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
