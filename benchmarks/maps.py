"""The map page at 1,000, 100,000 and 1,000,000 enterprises: size, building, opening, memory, panning.

    python benchmarks/maps.py [COUNT ...]

Peers (folium markers, FastMarkerCluster, pydeck of the extra `bench`) are built from the same places; their
pages ask the internet for their scripts and stay blank offline, so only building, size and requests are told.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from coverage_engine.divisions.table import shapes
from coverage_engine.mapping import write_map
from coverage_engine.model.plan import Division, Plan
from coverage_engine.model.snapshot import build_snapshot
from coverage_engine.model.tables import PLAN_TABLES, conform, empty

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
            "name": [f"{name}虚构{i}号科技有限公司" for i, name in enumerate(of["name"])],
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
    tables = {"enterprises": enterprises, "recommendations": recommendations(enterprises, dice)}
    made = {
        name: conform(tables[name], table) if name in tables else empty(table)
        for name, table in PLAN_TABLES.items()
    }
    place = Division("410000", "河南省", "province")
    return Plan(AS_OF, place, "豫青办字〔2019〕17号", build_snapshot(AS_OF, {}, frozenset()), made)


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


def opened(file: Path) -> dict[str, Any]:
    """What a browser with the network off sees: time to ready, heap, worst frame, requests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--js-flags=--expose-gc"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        page = browser.new_context(offline=True, viewport={"width": 1440, "height": 900}).new_page()
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        started = time.perf_counter()
        page.goto(file.as_uri(), timeout=120_000)
        page.locator("html[data-ready=yes]").wait_for(state="attached", timeout=120_000)
        ready = time.perf_counter() - started
        session = page.context.new_cdp_session(page)
        session.send("HeapProfiler.collectGarbage")
        used = session.send("Runtime.getHeapUsage")
        heap = (used["usedSize"] + used.get("backingStorageSize", 0)) / 1e6
        frame = page.evaluate(_PAN)
        browser.close()
    outside = [url for url in requests[1:] if not url.startswith(("data:", "blob:"))]
    return {"ready s": ready, "heap MB": heap, "worst frame s": frame / 1000, "requests": len(outside)}


_PAN = """async () => {
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
    started = time.perf_counter()
    write_map(plan, OUTLINES, file)
    return {"build s": time.perf_counter() - started, "MB": file.stat().st_size / 1e6, **opened(file)}


def folium_markers(plan: Plan, file: Path) -> None:
    import folium

    drawn = folium.Map(location=(34, 113.5), zoom_start=7, tiles=None)
    for name, lat, lon in plan["enterprises"].select("name", "latitude", "longitude").iter_rows():
        folium.Marker((lat, lon), popup=folium.Popup(name, parse_html=True)).add_to(drawn)
    drawn.save(str(file))


def fast_marker_cluster(plan: Plan, file: Path) -> None:
    import folium
    from folium.plugins import FastMarkerCluster

    drawn = folium.Map(location=(34, 113.5), zoom_start=7, tiles=None)
    FastMarkerCluster(plan["enterprises"].select("latitude", "longitude").rows()).add_to(drawn)
    drawn.save(str(file))


def pydeck_points(plan: Plan, file: Path) -> None:
    import pydeck

    points = plan["enterprises"].select("name", "longitude", "latitude").to_pandas()
    layer = pydeck.Layer("ScatterplotLayer", points, get_position=["longitude", "latitude"], get_radius=300)
    pydeck.Deck(layers=[layer], map_provider=None).to_html(str(file), open_browser=False, offline=False)


PEERS: dict[str, Callable[[Plan, Path], None]] = {
    "folium Marker": folium_markers,
    "folium FastMarkerCluster": fast_marker_cluster,
    "pydeck": pydeck_points,
}


def peer(make: Callable[[Plan, Path], None], plan: Plan, folder: Path) -> dict[str, Any]:
    file = folder / "peer.html"
    started = time.perf_counter()
    try:
        make(plan, file)
    except ImportError as error:
        return {"note": f"not measured: {error.name} is not installed (extra bench)"}
    return {
        "build s": time.perf_counter() - started,
        "MB": file.stat().st_size / 1e6,
        "note": "blank offline",
    }


COLUMNS = ("build s", "MB", "ready s", "heap MB", "worst frame s", "requests", "note")


def row(name: str, count: int, seen: dict[str, Any]) -> bool:
    """Prints one line; whether every limit is kept."""
    limits = LIMITS.get(count, {}) if name == "ours" else {}
    over = [column for column, limit in limits.items() if seen[column] > limit]
    shown = [seen.get(column, "–") for column in COLUMNS]
    texts = [f"{value:.2f}" if isinstance(value, float) else str(value) for value in shown]
    told = f" over its limit: {', '.join(over)}" if over else ""
    print(f"{count:>9,} | {name:<26} | " + " | ".join(f"{text:>10}" for text in texts) + told, flush=True)
    return not over


def main(counts: list[int]) -> int:
    print(f"{'firms':>9} | {'page':<26} | " + " | ".join(f"{name:>10}" for name in COLUMNS))
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
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main([int(argument) for argument in sys.argv[1:]] or list(COUNTS)))
