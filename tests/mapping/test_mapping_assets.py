"""Third-party scripts come from installed packages, are checked, and bring no address along."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coverage_engine.errors import ContentError
from coverage_engine.mapping import assets
from coverage_engine.mapping.assets import asset_text, registered_assets

LEAFLET = registered_assets()["leaflet_js"]
# The name of a space in XML is a word that nobody fetches.
NAME_OF_SPACE = "http://www.w3.org/2000/svg"


class InstalledFile:
    def __init__(self, file: Path, name: str, digest: str) -> None:
        self.file, self.name = file, name
        self.hash = type("Hash", (), {"mode": "sha256", "value": digest})()

    def __str__(self) -> str:
        return self.name

    def locate(self) -> Path:
        return self.file


class Installed:
    def __init__(self, version: str, files: list[Any]) -> None:
        self.version, self.files = version, files


def install(monkeypatch: pytest.MonkeyPatch, folder: Path, version: str, text: str, recorded: str) -> None:
    file = folder / "leaflet.js"
    file.write_text(text, encoding="utf-8")
    digest = base64.urlsafe_b64encode(hashlib.sha256(recorded.encode()).digest()).rstrip(b"=").decode()
    found = Installed(version, [InstalledFile(file, LEAFLET.file, digest)])
    monkeypatch.setattr(assets, "distribution", lambda name: found)


@pytest.mark.parametrize("name", sorted(registered_assets()))
def test_every_registered_asset_is_installed_genuine_and_names_no_outside_address(name: str) -> None:
    text = asset_text(registered_assets()[name]).replace(NAME_OF_SPACE, "")
    assert re.findall(r"https?://[^\s\"')]*", text) == []
    assert "sourceMappingURL" not in text


def test_a_style_brings_its_pictures_as_data() -> None:
    text = asset_text(registered_assets()["leaflet_css"])
    assert re.findall(r"url\((?!data:)", text) == []
    assert "url(data:image/png;base64," in text


def test_a_script_cannot_end_its_element() -> None:
    assert "</script" not in asset_text(LEAFLET)


def test_an_altered_file_is_refused_with_the_next_step() -> None:
    with pytest.raises(ContentError, match="与登记的内容不符") as error:
        asset_text(replace(LEAFLET, sha256="0" * 64))
    assert "重装 XStatic-Leaflet" in error.value.remedy


def test_a_missing_package_is_told_with_the_next_step() -> None:
    with pytest.raises(ContentError, match="没有安装软件包 XStatic-Nothing"):
        asset_text(replace(LEAFLET, distribution="XStatic-Nothing"))


def test_a_missing_file_is_told() -> None:
    with pytest.raises(ContentError, match=r"没有文件 nothing\.js"):
        asset_text(replace(LEAFLET, file="nothing.js"))


def test_a_newer_version_that_is_as_its_package_installed_it_is_used_with_a_word(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, "1.9.9.0", "newer()", recorded="newer()")
    with pytest.warns(UserWarning, match=r"装的是 1\.9\.9\.0 版"):
        assert asset_text(LEAFLET) == "newer()"


def test_a_newer_version_that_was_altered_after_installation_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, "1.9.9.0", "evil()", recorded="newer()")
    with pytest.raises(ContentError, match="与登记的内容不符"):
        asset_text(LEAFLET)
