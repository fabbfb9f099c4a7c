"""An online tile layer under the map: only where a planner describes one, and only its own servers.

Tiles are the one thing for which a page may ask a network. Its policy then admits exactly the servers named;
the layer starts switched off, tells whose map it is, and tiles in GCJ-02 are laid under the WGS-84 data in
their true place (see maps/tiles.js).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from coverage_engine.content import Fault, Written, alike, read, refuse
from coverage_engine.errors import CoverageEngineError
from coverage_engine.mapping.map_shapes import DEEPEST, TilesFile

_CALLED = "在线底图配置（--tiles）"
_PLACES = {"z", "x", "y", "s", "key"}


@dataclass(frozen=True)
class TileLayer:
    """在线底图: address with {z}, {x}, {y} (and {s}, {key}), coordinate system, review number, credit."""

    url: str
    system: str
    review_number: str
    credit: str = ""
    subdomains: tuple[str, ...] = ()
    max_zoom: int = DEEPEST
    key: str = ""

    @property
    def origins(self) -> tuple[str, ...]:
        """The servers that the page may ask: scheme, host and port."""
        addresses = [self.url.replace("{s}", name) for name in self.subdomains or ("",)]
        parts = [urlsplit(address) for address in addresses]
        return tuple(dict.fromkeys(f"{part.scheme}://{part.netloc}" for part in parts))

    def for_page(self) -> dict[str, Any]:
        """What the page's script needs."""
        return {**asdict(self), "asks_for_key": "{key}" in self.url and not self.key}


def read_tile_layer(file: Path) -> TileLayer:
    """The layer that a TOML file describes.

    Raises:
        CoverageEngineError: the file is missing or no TOML, a field is unknown, missing or wrong.
    """
    written = read(file, TilesFile, _CALLED, "docs/content.md", CoverageEngineError)
    refuse([*_faults(written)], f"{_CALLED} {file.name} ", "请修改后重新运行。", CoverageEngineError)
    return alike(TileLayer, written.value)


# ---------------------------------------------------------------------------------------------- private


def _faults(written: Written[TilesFile]) -> Iterator[Fault]:
    """What is wrong with the address and the key."""
    given, top = written.value, written.place()
    if given.key and not given.key_in_page:
        problem = (
            "写了 key 就会随地图一起交出；确实允许，请另写 key_in_page = true，否则不写 key，由看图人输入"
        )
        yield top.fault(problem, "key")
    yield from (top.fault(problem, "url") for problem in _wrong_address(given.url))
    if "{s}" in given.url and not given.subdomains:
        yield top.fault("url 中有 {s}，请写 subdomains", "subdomains")


def _wrong_address(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not re.fullmatch(
        r"(\{s\}|[\w-])[\w.{}-]*(:\d+)?", parts.netloc
    ):
        yield "应以 http:// 或 https:// 开头，后接服务器名"
    if re.search(r"[\s\"'<>;,\\]", url):
        yield "有不允许的字符"
    placeholders = set(re.findall(r"\{(\w+)\}", url))
    if not {"z", "x", "y"} <= placeholders <= _PLACES or set(re.findall(r"\{(\w+)\}", parts.netloc)) - {"s"}:
        yield "应有 {z}、{x}、{y}，另可有 {s}、{key}；服务器名中只可有 {s}"
