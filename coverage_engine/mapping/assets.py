"""Third-party scripts and styles of the page: found in installed packages, checked, made ready to inline.

`maps/assets.toml` registers distribution, version, file and sha256 of each. The registered version must match
its sha256; another version must match the list of files that its own distribution was installed with.
"""

from __future__ import annotations

import base64
import hashlib
import re
import warnings
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, PackagePath, distribution
from pathlib import Path

from coverage_engine.content import alike, read_shipped
from coverage_engine.errors import ContentError
from coverage_engine.mapping.map_shapes import AssetsFile

_MEDIA_TYPES = {".png": "image/png", ".svg": "image/svg+xml", ".gif": "image/gif"}
_CSS_URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")


@dataclass(frozen=True)
class Asset:
    """One registered third-party file."""

    name: str
    distribution: str
    version: str
    file: str
    sha256: str


def registered_assets() -> dict[str, Asset]:
    """All assets of `maps/assets.toml` by name."""
    entries = read_shipped(AssetsFile, "maps", "assets.toml")
    return {name: alike(Asset, entry, name=name) for name, entry in entries.items()}


def asset_text(asset: Asset) -> str:
    """The checked text of an asset, without any address of the outside world, ready to inline.

    Raises:
        ContentError: the distribution or file is missing, or the file was altered.
    """
    file, data = _checked(asset)
    text = data.decode("utf-8")
    return _style(text, file) if file.suffix == ".css" else _script(text)


# ---------------------------------------------------------------------------------------------- private


def _checked(asset: Asset) -> tuple[Path, bytes]:
    installed = _distribution(asset)
    listed = next((item for item in installed.files or () if str(item).endswith(asset.file)), None)
    if listed is None:
        raise ContentError(f"软件包 {asset.distribution} 中没有文件 {asset.file}", _reinstall(asset))
    file = Path(str(listed.locate()))
    if not file.is_file():
        raise ContentError(f"软件包 {asset.distribution} 的文件 {asset.file} 已丢失", _reinstall(asset))
    data = file.read_bytes()
    digest = hashlib.sha256(data)
    same_version = installed.version == asset.version
    genuine = digest.hexdigest() == asset.sha256 if same_version else _as_installed(listed, digest.digest())
    if not genuine:
        raise ContentError(
            f"软件包 {asset.distribution} 的文件 {asset.file} 与登记的内容不符", _reinstall(asset)
        )
    if not same_version:
        warnings.warn(
            f"地图脚本 {asset.distribution} 装的是 {installed.version} 版，本软件按 {asset.version} 版试过；"
            f"地图若显示异常，请换用完整的安装包，或请信息技术人员装回 {asset.version} 版",
            stacklevel=3,
        )
    return file, data


def _distribution(asset: Asset) -> Distribution:
    try:
        return distribution(asset.distribution)
    except PackageNotFoundError:
        raise ContentError(f"没有安装软件包 {asset.distribution}，无法生成地图", _reinstall(asset)) from None


def _reinstall(asset: Asset) -> str:
    return f"请重装本软件，或请本单位的信息技术人员重装 {asset.distribution} {asset.version} 版后重试。"


def _as_installed(listed: PackagePath, digest: bytes) -> bool:
    """Whether the file is the one that the installer recorded."""
    recorded = listed.hash
    if recorded is None or recorded.mode != "sha256":
        return False
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii") == recorded.value


def _script(text: str) -> str:
    """Leaflet's source map and its link to its own site go: the page must hold no outside address."""
    text = re.sub(r"//# sourceMappingURL=\S*", "", text)
    text = text.replace('href="https://leafletjs.com"', "").replace("https://leafletjs.com", "leafletjs.com")
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--").strip()


def _style(text: str, file: Path) -> str:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    # A rule for a browser of 2010 that newer ones ignore; it is not an address.
    text = text.replace("behavior: url(#default#VML);", "")
    return _CSS_URL.sub(lambda match: f"url({_data_uri(file.parent / match.group(1))})", text).strip()


def _data_uri(file: Path) -> str:
    encoded = base64.b64encode(file.read_bytes()).decode("ascii")
    return f"data:{_MEDIA_TYPES[file.suffix]};base64,{encoded}"
