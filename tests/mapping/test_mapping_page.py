"""The page: one file, nothing from outside, nothing evaluated, the same bytes every time."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tomllib
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from coverage_engine.content import content_file, content_files, read_content_toml
from coverage_engine.errors import ContentError
from coverage_engine.mapping import page as page_module
from coverage_engine.mapping import write_map
from coverage_engine.mapping.page import SCRIPTS
from coverage_engine.model.plan import Division, Plan

ZHENGZHOU = Division("410100", "郑州市", "city")
NAME_OF_SPACE = "http://www.w3.org/2000/svg"


class Markup(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.fixture
def page_of(make_plan: Callable[..., Plan], outlines: dict[str, Any], tmp_path: Path) -> Callable[..., str]:
    """The text of the map page of an invented plan."""

    def write(lang: str = "zh", **options: Any) -> str:
        file = tmp_path / "coverage.html"
        write_map(make_plan(40, **options), outlines, file, lang=lang)
        return file.read_text(encoding="utf-8")

    return write


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="coverage-data">(.*?)</script>', page)
    assert found is not None
    data: dict[str, Any] = json.loads(found.group(1))
    return data


def test_no_address_is_left_in_the_page(page_of: Callable[..., str]) -> None:
    page = page_of()
    addresses = [
        value
        for _, attributes in Markup(page).tags
        for name, value in attributes.items()
        if name in ("src", "href")
    ]
    assert addresses == []
    assert (
        re.findall(r"(?:https?:)?//[\w.-]+\.(?:com|org|net|cn|io)\b", page.replace(NAME_OF_SPACE, "")) == []
    )
    assert re.findall(r"url\((?!data:|#)[^)]*", page.replace("url(#${", "")) == []
    assert "asset:" not in page


def test_a_second_build_gives_the_same_bytes(page_of: Callable[..., str]) -> None:
    assert page_of() == page_of()


def test_the_policy_blesses_exactly_the_scripts_of_the_page_and_no_connection(
    page_of: Callable[..., str],
) -> None:
    page = page_of()
    policy = next(
        attributes["content"] or ""
        for tag, attributes in Markup(page).tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    hashes = {base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts}
    assert set(re.findall(r"'sha256-([^']+)'", policy)) == hashes
    assert "default-src 'none'" in policy
    assert "connect-src 'none'" in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert page.index("Content-Security-Policy") < page.index("<script>")


def test_no_text_of_a_ledger_is_compiled_as_a_template_or_stands_in_the_markup(
    page_of: Callable[..., str],
) -> None:
    hostile = {1: "{{cycler.__init__.__globals__.os.getpid()}}", 2: "{% if", 3: "</script><b>", 4: "{{7*7}}"}
    page = page_of(names=hostile)
    assert page.replace(json_part(page), "") == page_of().replace(json_part(page_of()), "")


def json_part(page: str) -> str:
    return re.search(r"coverage-data\">.*?</script>", page).group(0)  # type: ignore[union-attr]


def test_chinese_is_the_first_language_and_english_is_there_on_request(page_of: Callable[..., str]) -> None:
    page = page_of()
    assert '<html lang="zh-CN">' in page
    assert "<title>河南省非公企业团组织覆盖地图</title>" in page
    assert "user-scalable" not in page
    english = page_of(lang="en")
    assert '<html lang="en">' in english
    assert data_of(english)["words"]["states"][0] == "own organisation"


def test_the_page_names_date_base_map_and_that_it_is_internal(page_of: Callable[..., str]) -> None:
    data = data_of(page_of())
    assert data["as_of"] == "2019-06-15"
    assert data["texts"]["basemap_note"] == "底图：天地图 GS(2024)0650（简化示意，不作为划界依据）"
    assert data["texts"]["internal_mark"] == "内部资料 不得公开"


def test_a_city_map_holds_its_own_counties(page_of: Callable[..., str]) -> None:
    data = data_of(page_of(division=ZHENGZHOU))
    assert len(data["counties"]) == 12
    assert data["division"]["name"] == "郑州市"


def test_an_address_that_slipped_in_stops_the_build(
    page_of: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = page_module._content
    monkeypatch.setattr(
        page_module,
        "_content",
        lambda name: real(name) + ("<img src=//elsewhere/x.png>" if name == "page.html" else ""),
    )
    with pytest.raises(ContentError, match="外部地址"):
        page_of()


def test_both_languages_say_the_same_things() -> None:
    texts = read_content_toml("maps", "page.toml")
    assert list(texts["zh"]) == list(texts["en"])
    for key, chinese in texts["zh"].items():
        placeholders = [sorted(re.findall(r"\{\w+\}", str(text))) for text in (chinese, texts["en"][key])]
        assert placeholders[0] == placeholders[1], key


def test_every_text_that_the_scripts_ask_for_is_there_and_none_is_idle() -> None:
    texts = set(read_content_toml("maps", "page.toml")["zh"])
    sources = "\n".join(content_file("maps", name).read_text("utf-8") for name in (*SCRIPTS, "page.html"))
    asked = set(re.findall(r'say\("(\w+)"', sources)) | set(
        re.findall(r'data-(?:text|label|placeholder)="(\w+)"', sources)
    )
    assert asked <= texts
    families = (
        "category_",
        "meaning_",
        "layer_",
        "symbol_",
        "column_",
        "park_",
        "search_",
        "points_",
        "row_",
        "hot_",
        "list_",
        "legend_",
        "link_",
        "symbols_",
        "period_",
    )
    idle = {key for key in texts - asked if not key.startswith(families)}
    assert idle <= {
        "html_lang",
        "old_browser",
        "failed",
        "tip_no_rate",
        "popup_approximate",
        "popup_unplaced",
        "basemap_reviewed",
        "basemap_unreviewed",
    }


def test_every_script_of_the_folder_is_in_the_page() -> None:
    assert {file.name for file in content_files("maps", suffix=".js")} == set(SCRIPTS)


def test_no_script_writes_markup() -> None:
    for file in content_files("maps", suffix=".js"):
        text = file.read_text("utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text
        ), file


def test_darker_means_more_to_do_and_neighbouring_classes_differ_in_grey() -> None:
    palette = tomllib.loads(content_file("maps", "palette.toml").read_text("utf-8"))
    for scale in ("gap", "heat"):
        greys = [grey(colour) for colour in palette[scale]["colours"]]
        assert all(light - dark >= 10 for light, dark in pairwise(greys)), scale
        assert len(palette[scale]["breaks"]) == len(greys) - (scale == "gap")
    assert palette["heat"]["weights"]["must"] > palette["heat"]["weights"]["should"]


def grey(colour: str) -> float:
    """CIE lightness of a colour."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    luminance = sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 116 * luminance ** (1 / 3) - 16 if luminance > 0.008856 else 903.3 * luminance
