"""An online tile layer under the map: only where a planner describes one, and only its own servers.

Tiles are the one thing for which a page may ask a network. Its policy then admits exactly the servers named;
the layer starts switched off, tells whose map it is, and tiles in GCJ-02 are laid under the WGS-84 data in
their true place (see maps/tiles.js).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from coverage_engine.errors import CoverageEngineError

SYSTEMS = ("wgs84", "cgcs2000", "gcj02")
_FIELDS = {"url", "system", "review_number", "credit", "subdomains", "max_zoom", "key", "key_in_page"}
_PLACES = {"z", "x", "y", "s", "key"}
_DEEPEST = 18


@dataclass(frozen=True)
class TileLayer:
    """在线底图: address with {z}, {x}, {y} (and {s}, {key}), coordinate system, review number, credit."""

    url: str
    system: str
    review_number: str
    credit: str = ""
    subdomains: tuple[str, ...] = ()
    max_zoom: int = _DEEPEST
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
    try:
        given = tomllib.loads(file.read_text("utf-8"))
    except OSError:
        raise CoverageEngineError(f"没有在线底图配置文件 {file}", "请核对 --tiles 后的文件名。") from None
    except (ValueError, RecursionError) as error:
        raise CoverageEngineError(f"{file} 不是 UTF-8 的 TOML 文件：{error}", "请按示例改写。") from None
    faults = list(_faults(given))
    if faults:
        raise CoverageEngineError(f"在线底图配置 {file.name}：{'；'.join(faults)}", "请修改后重新运行。")
    fields = {name: value for name, value in given.items() if name != "key_in_page"}
    return TileLayer(**{**fields, "subdomains": tuple(given.get("subdomains", ()))})


# ---------------------------------------------------------------------------------------------- private


def _faults(given: dict[str, Any]) -> list[str]:
    faults = [f"不认识的项目 {name}" for name in sorted(given.keys() - _FIELDS)]
    faults += [f"缺少 {name}" for name in ("url", "system", "review_number") if not given.get(name)]
    texts = ("url", "system", "review_number", "credit", "key")
    faults += [f"{name} 应为文字" for name in texts if not isinstance(given.get(name, ""), str)]
    names = given.get("subdomains", [])
    if not isinstance(names, list) or not all(
        isinstance(name, str) and re.fullmatch(r"[\w-]+", name) for name in names
    ):
        faults.append("subdomains 应为服务器名的列表")
    zoom = given.get("max_zoom", _DEEPEST)
    if type(zoom) is not int or not 1 <= zoom <= _DEEPEST:
        faults.append(f"max_zoom 应为 1 到 {_DEEPEST} 的整数")
    if given.get("key") and given.get("key_in_page") is not True:
        faults.append(
            "写了 key 就会随地图一起交出；确实允许，请另写 key_in_page = true，否则不写 key，由看图人输入"
        )
    return faults or _wrong_address(given)


def _wrong_address(given: dict[str, Any]) -> list[str]:
    url, faults = given["url"], []
    parts = urlsplit(url)
    if given["system"] not in SYSTEMS:
        faults.append(f"system 应为 {'、'.join(SYSTEMS)} 之一（百度瓦片分幅不同，不能用）")
    if parts.scheme not in ("http", "https") or not re.fullmatch(
        r"(\{s\}|[\w-])[\w.{}-]*(:\d+)?", parts.netloc
    ):
        faults.append("url 应以 http:// 或 https:// 开头，后接服务器名")
    if re.search(r"[\s\"'<>;,\\]", url):
        faults.append("url 中有不允许的字符")
    placeholders = set(re.findall(r"\{(\w+)\}", url))
    if not {"z", "x", "y"} <= placeholders <= _PLACES or set(re.findall(r"\{(\w+)\}", parts.netloc)) - {"s"}:
        faults.append("url 中应有 {z}、{x}、{y}，另可有 {s}、{key}；服务器名中只可有 {s}")
    if "s" in placeholders and not given.get("subdomains"):
        faults.append("url 中有 {s}，请写 subdomains")
    return faults
