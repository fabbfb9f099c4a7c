"""The map page at 1,000, 100,000 and 1,000,000 enterprises: size, building, opening, memory, panning.

    python benchmarks/maps.py [COUNT ...]

Peers (folium markers, FastMarkerCluster, pydeck; `benchmarks/peers/maps.txt`) draw the same places in one
run. Their pages ask the internet for their scripts; leaflet, jquery and markercluster are answered from
installed packages, as an ideally quick network would, everything else with an empty file. `requests` counts
what a page asks for. Building is told in seconds and in CPU seconds; `files MB` stand beside our page.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from coverage_engine.divisions.table import shapes
from coverage_engine.mapping import write_map
from coverage_engine.model.plan import Division, Plan
from coverage_engine.model.snapshot import build_snapshot
from coverage_engine.model.tables import PLAN_TABLES, conform, empty
from coverage_engine.policy import load_policy, terms_of
from coverage_engine.recommend import load_paths
from coverage_engine.recommend.path_table import path_table
from coverage_engine.samples.vocabularies import name_parts, sectors

COUNTS = (1_000, 100_000, 1_000_000)
LIMITS = {
    1_000: {"MB": 1, "build s": 2, "ready s": 2},
    100_000: {"MB": 3, "build s": 4, "ready s": 3},
    1_000_000: {"MB": 15, "build s": 20, "ready s": 6, "heap MB": 80, "worst frame s": 1},
}
SLOWEST_MARKERS = 10_000
CHROMIUM = "/usr/bin/chromium"
AS_OF = date(2019, 6, 15)
OUTLINES = {level: shapes("2019-05", level) for level in ("city", "county")}


def large_plan(count: int) -> Plan:
    """A plan of `count` invented enterprises, with reasons as long as real ones."""
    dice = np.random.default_rng(2019)
    counties = [feature["properties"] for feature in OUTLINES["county"]["features"]]
    at = dice.integers(0, len(counties), count)
    of = {
        name: np.array([str(c[name]) for c in counties])[at]
        for name in ("code", "name", "city_code", "city_name")
    }
    lon, lat = (np.array([c[name] for c in counties])[at] for name in ("lon", "lat"))
    kinds = dice.integers(0, 6, count)
    states = np.array(["own", "joint", "youth_only", "uncovered", "uncovered", "unknown"])[kinds]
    duties = np.array(["none", "none", "cultivate", "must_establish", "should_establish", "undetermined"])[
        kinds
    ]
    ids = np.arange(count)
    enterprises = pl.DataFrame(
        {
            "enterprise_id": ids,
            "credit_code": [f"91{code}MA{i:08d}" for i, code in enumerate(of["code"])],
            "name": invented_names(of["name"], dice),
            "division_code": of["code"],
            "city": of["city_name"],
            "county": of["name"],
            "city_code": of["city_code"],
            "county_code": of["code"],
            "coverage_state": states,
            "verified": np.where(states == "own", "yes", "no"),
            "obligation": duties,
            "tiers": np.array(["", "park", "above_scale;park", "society"])[dice.integers(0, 4, count)],
            "is_target": duties != "none",
            "priority_rank": ids + 1,
            "longitude": lon + dice.normal(0, 0.05, count),
            "latitude": lat + dice.normal(0, 0.04, count),
            "location": "given",
        }
    )
    tables = {
        "enterprises": enterprises,
        "recommendations": recommendations(enterprises, dice),
        "links": links(count, dice),
    }
    made = {
        name: conform(tables[name], table) if name in tables else empty(table)
        for name, table in PLAN_TABLES.items()
    }
    made["paths"] = path_table(load_paths())
    place = Division("410000", "河南省", "province")
    terms = terms_of(load_policy(AS_OF))
    return Plan(AS_OF, place, "豫青办字〔2019〕17号", build_snapshot(AS_OF, {}, frozenset()), made, terms)


def recommendations(enterprises: pl.DataFrame, dice: np.random.Generator) -> pl.DataFrame:
    """Three paths for every target."""
    targets = enterprises.filter("is_target").select("enterprise_id", "county")
    parts = []
    for rank in (1, 2, 3):
        n = dice.integers(3, 90, targets.height)
        parts.append(
            targets.select(
                "enterprise_id",
                pl.lit(rank).alias("rank"),
                pl.Series("path", dice.integers(1, 12, targets.height)),
                pl.Series("probability", dice.uniform(0.2, 0.9, targets.height)),
                pl.format("共青团{}委员会", "county").alias("lead_unit"),
                pl.format(
                    "所在园区已建团工委，园区内{}家企业已建团;企业已有党组织，党员{}人",
                    pl.lit(n),
                    pl.lit(n // 3),
                ).alias("reasons"),
                pl.lit("若园区团工委撤销，则路径3居首").alias("flip_fact"),
            )
        )
    return pl.concat(parts)


def invented_names(places: Any, dice: np.random.Generator) -> Any:
    """Names as those of the sample: place, three syllables, trade and form."""
    count = len(places)
    syllables = np.array(list(name_parts()["syllables"]), dtype=object)
    forms = np.array(["有限公司", "有限责任公司", "股份有限公司", "厂", "中心"], dtype=object)
    trades = np.concatenate([np.array(words, dtype=object) for words in sectors().trade_words])
    brands = [syllables[dice.integers(0, len(syllables), count)] for _ in range(3)]
    form = forms[dice.choice(5, count, p=[0.7, 0.15, 0.05, 0.05, 0.05])]
    return (
        places.astype(object)
        + sum(brands[1:], brands[0])
        + trades[dice.integers(0, len(trades), count)]
        + form
    )


def links(count: int, dice: np.random.Generator) -> pl.DataFrame:
    """Every tenth enterprise is a branch office of some other one."""
    spokes, hubs = np.arange(0, count, 10), dice.integers(0, count, len(range(0, count, 10)))
    there = pl.DataFrame({"enterprise_id": spokes, "other_id": hubs}).with_columns(
        kind=pl.lit("headquarters")
    )
    back = there.select(enterprise_id="other_id", other_id="enterprise_id", kind=pl.lit("branch_office"))
    return pl.concat([there, back]).unique(maintain_order=True)


PATIENCE = 150
INSTALLED = {
    "leaflet.js": "XStatic-Leaflet",
    "leaflet.css": "XStatic-Leaflet",
    "jquery-3.7.1.min.js": "XStatic-jQuery",
    "leaflet.markercluster.js": "XStatic-Leaflet-MarkerCluster",
    "MarkerCluster.css": "XStatic-Leaflet-MarkerCluster",
}


# A peer stops where this is missing; a plain icon in its place makes its page lighter, not heavier.
STAND_INS = {"leaflet.awesome-markers.js": "L.AwesomeMarkers = { icon: () => L.divIcon() };"}


def answer(route: Any) -> None:
    """What a peer asks the internet for: from an installed package, or an empty file."""
    name = route.request.url.split("?")[0].rsplit("/", 1)[-1]
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    text = STAND_INS.get(name, "")
    if name in INSTALLED:
        stem = name.split("-")[0].split(".min")[0].removesuffix(".js")
        files = metadata.distribution(INSTALLED[name]).files or []
        found = [file for file in files if file.name.startswith(stem) and file.suffix == Path(name).suffix]
        text = Path(str(min(found, key=lambda file: len(file.name)).locate())).read_text("utf-8")
    route.fulfill(status=200, content_type=kind, body=text)


def opened(file: Path, ready: str, pan: str, *, peer: bool) -> dict[str, Any]:
    """What a browser sees: time to ready, heap, worst frame, requests; our page with the network off."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-dev-shm-usage", "--js-flags=--expose-gc"]
        options.append("--use-angle=swiftshader" if peer else "--disable-gpu")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        context = browser.new_context(offline=not peer, viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        if peer:
            context.route("http**", answer)
        seen: dict[str, Any] = {}
        page.on("pageerror", lambda error: seen.update(note=f"stopped: {str(error)[:60]}"))
        try:
            started = time.perf_counter()
            page.goto(file.as_uri(), timeout=PATIENCE * 1000)
            page.evaluate(ready)
            seen["ready s"] = time.perf_counter() - started
            session = page.context.new_cdp_session(page)
            session.send("HeapProfiler.collectGarbage")
            used = session.send("Runtime.getHeapUsage")
            seen["heap MB"] = (used["usedSize"] + used.get("backingStorageSize", 0)) / 1e6
            if pan:
                seen["worst frame s"] = page.evaluate(pan) / 1000
        except Error as error:
            seen["note"] = f"not drawn in {PATIENCE} s: {str(error).splitlines()[0][:60]}"
        browser.close()
    outside = [url for url in requests[1:] if not url.startswith(("data:", "blob:", "file:"))]
    return {**seen, "requests": len(outside)}


_READY = """async () => {
  while (document.documentElement.dataset.ready !== "yes") await new Promise((done) => setTimeout(done, 10));
}"""
# Peers have no flag of their own: loaded, and idle again.
_IDLE = "() => new Promise((done) => requestAnimationFrame(() => requestIdleCallback(done)))"
_PAN = """async () => {
  const MAP = window[Object.keys(window).find((name) => name.startsWith("map_"))];
  MAP.setView([34.75, 113.65], 10, { animate: false });
  await new Promise((done) => setTimeout(done, 1500));
  let worst = 0, last = performance.now(), on = true;
  const watch = (now) => {
    worst = Math.max(worst, now - last);
    last = now;
    if (on) requestAnimationFrame(watch);
  };
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(watch); });
  for (let step = 0; step < 8; step += 1) {
    MAP.panBy([step % 2 ? 90 : 260, 60], { animate: false });
    await new Promise((done) => setTimeout(done, 250));
  }
  on = false;
  return worst;
}"""


def ours(plan: Plan, folder: Path) -> dict[str, Any]:
    file = folder / "ours.html"
    built = timed(lambda: write_map(plan, OUTLINES, file))
    beside = sum(each.stat().st_size for each in folder.glob("ours_data/*")) / 1e6
    return {
        **built,
        "MB": file.stat().st_size / 1e6,
        "files MB": beside,
        **opened(file, _READY, _PAN, peer=False),
    }


def timed(build: Callable[[], object]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    build()
    return {"build s": time.perf_counter() - wall, "build CPU s": time.process_time() - cpu}


def folium_markers(plan: Plan, file: Path) -> None:
    import folium

    drawn = folium.Map(location=(34, 113.5), zoom_start=7, tiles=None, maxZoom=16)
    for name, lat, lon in plan["enterprises"].select("name", "latitude", "longitude").iter_rows():
        folium.Marker((lat, lon), popup=folium.Popup(name, parse_html=True)).add_to(drawn)
    drawn.save(str(file))


def fast_marker_cluster(plan: Plan, file: Path) -> None:
    import folium
    from folium.plugins import FastMarkerCluster

    drawn = folium.Map(location=(34, 113.5), zoom_start=7, tiles=None, maxZoom=16)
    FastMarkerCluster(plan["enterprises"].select("latitude", "longitude").rows()).add_to(drawn)
    drawn.save(str(file))


def pydeck_points(plan: Plan, file: Path) -> None:
    import pydeck

    points = plan["enterprises"].select("name", "longitude", "latitude").to_pandas()
    layer = pydeck.Layer("ScatterplotLayer", points, get_position=["longitude", "latitude"], get_radius=300)
    pydeck.Deck(layers=[layer], map_provider=None).to_html(str(file), open_browser=False, offline=True)


PEERS: dict[str, Callable[[Plan, Path], None]] = {
    "folium Marker": folium_markers,
    "folium FastMarkerCluster": fast_marker_cluster,
    "pydeck": pydeck_points,
}


def peer(make: Callable[[Plan, Path], None], plan: Plan, folder: Path) -> dict[str, Any]:
    file = folder / "peer.html"
    try:
        built = timed(lambda: make(plan, file))
    except ImportError as error:
        return {"note": f"not measured: {error.name} is not installed (benchmarks/peers/maps.txt)"}
    pan = "" if make is pydeck_points else _PAN
    return {**built, "MB": file.stat().st_size / 1e6, **opened(file, _IDLE, pan, peer=True)}


COLUMNS = (
    "build s",
    "build CPU s",
    "MB",
    "files MB",
    "ready s",
    "heap MB",
    "worst frame s",
    "requests",
    "note",
)


def row(name: str, count: int, seen: dict[str, Any]) -> bool:
    """Prints one line; whether every limit is kept."""
    limits = LIMITS.get(count, {}) if name == "ours" else {}
    over = [column for column, limit in limits.items() if not seen.get(column, limit + 1) <= limit]
    shown = [seen.get(column, "–") for column in COLUMNS]
    texts = [f"{value:.2f}" if isinstance(value, float) else str(value) for value in shown]
    told = f" over its limit: {', '.join(over)}" if over else ""
    print(f"{count:>9,} | {name:<26} | " + " | ".join(f"{text:>10}" for text in texts) + told, flush=True)
    return not over


def print_machine() -> None:
    busy = os.getloadavg()[0]
    print(f"cores {os.cpu_count()}, load before the run {busy:.1f}", flush=True)


def main(counts: list[int]) -> int:
    print(f"{'firms':>9} | {'page':<26} | " + " | ".join(f"{name:>10}" for name in COLUMNS))
    print_machine()
    kept = True
    for count in counts:
        plan = large_plan(count)
        with tempfile.TemporaryDirectory() as name:
            kept &= row("ours", count, ours(plan, Path(name)))
            for title, make in PEERS.items():
                if make is folium_markers and count > SLOWEST_MARKERS:
                    row(title, count, {"note": f"left out above {SLOWEST_MARKERS:,}: minutes"})
                else:
                    row(title, count, peer(make, plan, Path(name)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"peak memory of the whole run {peak:.2f} GB")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main([int(argument) for argument in sys.argv[1:]] or list(COUNTS)))
