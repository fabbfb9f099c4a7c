"""The optional online base map: nothing is asked until it is switched on, and then only its own server."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coverage_engine.divisions.coordinates import to_wgs84, wgs84_to_gcj02
from coverage_engine.errors import CoverageEngineError
from coverage_engine.mapping import write_map
from coverage_engine.mapping.tiles import read_tile_layer
from coverage_engine.model.drawing import Drawing
from coverage_engine.model.plan import Plan

Make = Callable[..., Plan]
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
GOOD = {
    "url": "https://tiles.example/{z}/{x}/{y}.png",
    "system": "wgs84",
    "review_number": "GS(2019)1719号",
    "credit": "虚构底图",
}


def described(folder: Path, **changes: Any) -> Path:
    file = folder / "tiles.toml"
    told = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    quoted = {
        name: str(value).lower()
        if isinstance(value, bool)
        else value
        if isinstance(value, int | list)
        else f'"{value}"'
        for name, value in told.items()
    }
    file.write_text("".join(f"{name} = {value}\n" for name, value in quoted.items()), "utf-8")
    return file


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"review_number": None}, "review_number：缺少这一项"),
        ({"system": "bd09"}, "system：没有 'bd09' 这个词（可写 cgcs2000、gcj02、wgs84"),
        ({"url": "ftp://tiles.example/{z}/{x}/{y}"}, "http"),
        ({"url": "https://tiles.example/{z}/{x}.png"}, "{y}"),
        ({"url": "https://{key}.example/{z}/{x}/{y}"}, "服务器名中只可有"),
        ({"url": "https://a.example; script-src * /{z}/{x}/{y}"}, "不允许的字符"),
        ({"url": "https://{s}.example/{z}/{x}/{y}"}, "请写 subdomains"),
        ({"colour": "red"}, "colour：没有这个键（可写 url、"),
        ({"max_zoom": 40}, "max_zoom"),
        ({"key": "secret"}, "key_in_page = true"),
    ],
)
def test_a_wrong_description_is_refused_with_what_is_wrong(
    tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(CoverageEngineError) as error:
        read_tile_layer(described(tmp_path, **changes))
    assert told in str(error.value)


def test_the_servers_of_a_layer_are_named_one_by_one(tmp_path: Path) -> None:
    layer = read_tile_layer(
        described(tmp_path, url="http://{s}.map.example:8080/{z}/{x}/{y}?tk={key}", subdomains=["t0", "t1"])
    )
    assert layer.origins == ("http://t0.map.example:8080", "http://t1.map.example:8080")
    assert layer.for_page()["asks_for_key"] is True


def test_without_a_layer_the_policy_lets_no_picture_in_and_with_one_only_its_server(
    make_plan: Make, outlines: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "coverage.html"
    write_map(make_plan(10), outlines, file)
    assert "img-src data: blob:;" in file.read_text("utf-8")
    write_map(make_plan(10), outlines, file, drawing=Drawing(tiles=described(tmp_path)))
    assert "img-src data: blob: https://tiles.example;" in file.read_text("utf-8")
    assert "connect-src 'none'" in file.read_text("utf-8")


@pytest.fixture
def networked(chromium: Any, make_plan: Make, outlines: dict[str, Any], tmp_path: Path) -> Any:
    """A page with a tile layer and a network in which every server answers; tells what was asked."""
    opened = []

    def look(**changes: Any) -> tuple[Any, list[str], list[str]]:
        file = tmp_path / "coverage.html"
        write_map(make_plan(10), outlines, file, drawing=Drawing(tiles=described(tmp_path, **changes)))
        context = chromium.new_context(viewport={"width": 1200, "height": 800})
        opened.append(context)
        asked: list[str] = []
        complaints: list[str] = []
        context.route("http**", lambda route: route.fulfill(status=200, content_type="image/png", body=PIXEL))
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(file.as_uri())
        page.locator("html[data-ready=yes]").wait_for(state="attached")
        return page, [url for url in asked if url.startswith("http")], complaints

    yield look
    for context in opened:
        context.close()


@pytest.mark.browser
def test_nothing_is_asked_until_the_layer_is_switched_on_and_then_only_its_server(networked: Any) -> None:
    page, before, complaints = networked(credit="<img src=x onerror=alert(1)>虚构底图")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    assert before == []
    page.wait_for_timeout(200)
    assert asked == []
    page.locator("#layer-tiles").check()
    page.locator(".leaflet-tiles-pane img.leaflet-tile-loaded").first.wait_for(state="attached")
    assert asked
    assert all(url.startswith("https://tiles.example/") for url in asked)
    credit = page.locator(".leaflet-control-attribution").inner_text()
    assert "GS(2019)1719号" in credit
    assert "<img src=x onerror=alert(1)>虚构底图" in credit
    page.evaluate(
        "document.body.append(Object.assign(new Image(), { src: 'https://elsewhere.example/x.png' }))"
    )
    page.wait_for_timeout(200)
    assert any("Content Security Policy" in text for text in complaints)
    page.locator("#layer-tiles").uncheck()
    assert page.locator(".leaflet-tiles-pane img").count() == 0
    assert "GS(2019)1719号" not in page.locator(".leaflet-control-attribution").inner_text()


@pytest.mark.browser
def test_a_key_that_the_file_does_not_hold_is_typed_in_and_stands_nowhere_in_the_page(networked: Any) -> None:
    page, _, _ = networked(url="https://tiles.example/{z}/{x}/{y}?tk={key}")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#tiles-key").fill("abc123")
    page.locator("#layer-tiles").check()
    page.locator(".leaflet-tiles-pane img.leaflet-tile-loaded").first.wait_for(state="attached")
    assert all(url.endswith("?tk=abc123") for url in asked)
    assert "abc123" not in page.evaluate("location.href")


@pytest.mark.browser
def test_tiles_in_gcj02_are_laid_in_their_true_place(networked: Any) -> None:
    page, _, _ = networked(system="gcj02")
    dice = np.random.default_rng(3)
    lon, lat = dice.uniform(110.5, 116.5, 20), dice.uniform(31.5, 36.3, 20)
    places = [{"lat": float(y), "lng": float(x)} for x, y in zip(lon, lat, strict=True)]
    there = page.evaluate("places => places.map(toGcj02).map(({lat, lng}) => [lng, lat])", places)
    assert np.allclose(np.array(there).T, wgs84_to_gcj02(lon, lat), atol=1e-9)
    back = page.evaluate("places => places.map(fromGcj02).map(({lat, lng}) => [lng, lat])", places)
    assert np.allclose(np.array(back).T, to_wgs84(lon, lat, "gcj02"), atol=1e-8)
    page.evaluate("MAP.setView([34.75, 113.65], 14, { animate: false })")
    page.locator("#layer-tiles").check()
    page.locator(".leaflet-tiles-pane img.leaflet-tile-loaded").first.wait_for(state="attached")
    # A tile's corner on the screen is the true place of its corner in GCJ-02.
    away = page.evaluate("""() => {
      let layer = null;
      MAP.eachLayer((each) => { if (each instanceof MovedTiles) layer = each; });
      return Object.values(layer._tiles).map(({ coords, el }) => {
        const size = layer.getTileSize();
        const corner = fromGcj02(MAP.unproject(coords.scaleBy(size), coords.z));
        const box = el.getBoundingClientRect();
        const frame = MAP.getContainer().getBoundingClientRect();
        const wanted = MAP.latLngToContainerPoint(corner);
        return Math.hypot(box.left - frame.left - wanted.x, box.top - frame.top - wanted.y);
      });
    }""")
    assert len(away) >= 6
    assert max(away) < 1.5
    covered = page.evaluate("""() => {
      const frame = MAP.getContainer().getBoundingClientRect();
      const tiles = [...document.querySelectorAll('.leaflet-tiles-pane img')];
      const boxes = tiles.map((tile) => tile.getBoundingClientRect());
      const across = [frame.left + 5, frame.right - 5], down = [frame.top + 5, frame.bottom - 5];
      return across.every((x) => down.every((y) => boxes.some((box) =>
        box.left <= x && box.right >= x && box.top <= y && box.bottom >= y)));
    }""")
    assert covered
