"""Where the content folders (paths, data, maps, reports) lie.

The only module that knows: in a wheel they ship under `coverage_engine/_content/`, in a checkout they are
the four folders beside the package. The planner's own working folder is never looked at.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from coverage_engine.errors import ContentError

_PACKAGE = Path(__file__).resolve().parents[1]


@cache
def content_root() -> Path:
    """Folder that holds `paths/`, `data/`, `maps/` and `reports/`."""
    shipped = _PACKAGE / "_content"
    return shipped if shipped.is_dir() else _PACKAGE.parent


def content_file(*parts: str) -> Path:
    """One content file or folder, e.g. `content_file("data", "policy", "duties.toml")`.

    Raises:
        ContentError: the file is not there.
    """
    file = content_root().joinpath(*parts)
    if not file.exists():
        raise ContentError(f"缺少内容文件：{'/'.join(parts)}", "请重新安装 coverage-engine。")
    return file


def content_files(*parts: str, suffix: str) -> list[Path]:
    """All files of one content folder with a suffix such as `.toml`, sorted by name."""
    return sorted(content_file(*parts).glob(f"*{suffix}"))
