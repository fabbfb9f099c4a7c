"""Opens pages in Chromium where no network interface exists; prints what each asked for and complained of.

unshare --net python open_without_network.py CHROMIUM PAGE [PAGE ...]
"""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright


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
            seen["letters"] = len(page.locator("body").inner_text())
            found["pages"][file] = seen
            page.close()
        browser.close()
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
