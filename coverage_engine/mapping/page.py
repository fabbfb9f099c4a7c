"""The coverage map as one self-contained page that asks nothing of any network.

folium makes the frame of the page; scripts and styles are inlined; then a content security policy blesses
exactly these scripts; only then does the data go in, as one JSON block that the page's own script draws with
`textContent`. No text of a ledger passes through folium or branca, which would compile it as a template.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from coverage_engine.content import BilingualFile, checked_content, content_file
from coverage_engine.errors import ContentError
from coverage_engine.mapping.assets import asset_text, registered_assets
from coverage_engine.mapping.details import county_details, written_details
from coverage_engine.mapping.folium_frame import folium_frame
from coverage_engine.mapping.layers import division_figures, park_points, period_figures
from coverage_engine.mapping.map_shapes import PaletteFile
from coverage_engine.mapping.outlines import Shapes, centres, outlines_of
from coverage_engine.mapping.packing import json_block
from coverage_engine.mapping.points import packed_points, shown_enterprises
from coverage_engine.mapping.tiles import TileLayer, read_tile_layer
from coverage_engine.model.drawing import Drawing
from coverage_engine.model.output_mark import PAGE_MARK
from coverage_engine.model.plan import Plan
from coverage_engine.model.vocabulary import Answer, CoverageState, Obligation, Tier, labels

SCRIPTS = (
    "unpack.js",
    "words.js",
    "names.js",
    "details.js",
    "figures.js",
    "labels.js",
    "spots.js",
    "periods.js",
    "tiles.js",
    "heat.js",
    "points.js",
    "links.js",
    "popups.js",
    "panel.js",
    "filters.js",
    "view.js",
    "printing.js",
    "coverage.js",
)
"""Our own scripts in `maps/`, in the order in which they stand in the page."""

_DATA_PLACE = "<!-- data -->"


def write_map(
    plan: Plan, shapes: Shapes, file: Path, *, lang: str = "zh", drawing: Drawing | None = None
) -> None:
    """Writes the coverage map of a plan.

    `shapes` holds GeoJSON outlines under "city" and "county", keyed by `properties.code`, in WGS-84 degrees.
    Of `drawing` the review number of the outlines, the other periods and the tile layer are drawn.
    The same plan, outlines and language give the same bytes.

    Where there are many enterprises, what a click tells of them stands in a folder of county files beside the
    page (`coverage_data` beside `coverage.html`), to be handed on together with it.

    Raises:
        ContentError: a script, style or text of the page is missing or was altered.
        CoverageEngineError: the file of the tile layer is wrong.
    """
    drawing = drawing or Drawing()
    texts: dict[str, Any] = checked_content(BilingualFile, "maps", "page.toml")[
        "en" if lang == "en" else "zh"
    ]
    texts = {**texts, "basemap_note": basemap_note(texts, drawing.stated_review)}
    data = _page_data(plan, shapes, texts, lang)
    data["points"] = _points(plan, shapes, data["palette"], file)
    data["periods"] = [period_figures(period, plan) for period in drawing.periods]
    tiles = read_tile_layer(drawing.tiles) if drawing.tiles is not None else None
    data["tiles"] = tiles.for_page() if tiles is not None else None
    page = _frame(texts, texts["title"].format(division=plan.division.name))
    _refuse_addresses(page)
    with_files = "files" in data["points"]["details"]
    page = page.replace("<head>", f"<head>\n{PAGE_MARK}\n{_policy(page, with_files, tiles)}", 1)
    block = f'<script type="application/json" id="coverage-data">{json_block(data)}</script>'
    file.write_text(page.replace(_DATA_PLACE, block, 1), encoding="utf-8", newline="\n")


# ---------------------------------------------------------------------------------------------- private


def basemap_note(texts: dict[str, Any], review_number: str | None) -> str:
    """Whose outlines a map is drawn on; without a number of their own they are the shipped ones."""
    if review_number is None:
        return str(texts["basemap_note"])
    key = "basemap_reviewed" if review_number else "basemap_unreviewed"
    return str(texts[key]).format(number=review_number)


def palette_of(plan: Plan) -> dict[str, Any]:
    """Colours and classes of the maps, with the base below which the plan's policy has a county hatched."""
    palette: dict[str, Any] = checked_content(PaletteFile, "maps", "palette.toml")
    return {**palette, "gap": {**palette["gap"], "small_base": plan.terms.small_base}}


def _page_data(plan: Plan, shapes: Shapes, texts: dict[str, Any], lang: str) -> dict[str, Any]:
    palette = palette_of(plan)
    outlines, middles = outlines_of(plan.division, shapes), centres(shapes)
    words = {
        "states": list(labels(CoverageState, lang).values()),
        "obligations": list(labels(Obligation, lang).values()),
        "answers": list(labels(Answer, lang).values()),
        "tiers": list(labels(Tier, lang).values()),
    }
    return {
        "as_of": plan.as_of.isoformat(),
        "policy": plan.policy_version,
        "division": {"code": plan.division.code, "name": plan.division.name, "level": plan.division.level},
        "texts": texts,
        "words": words,
        "palette": palette,
        "paths": _paths(plan, lang),
        "bounds": outlines.bounds,
        "counties": outlines.counties,
        "cities": outlines.cities,
        "figures": division_figures(plan),
        "parks": park_points(plan, middles, palette["points"]),
    }


def _paths(plan: Plan, lang: str) -> list[dict[str, Any]]:
    """The paths in order of their numbers: short title, and the symbol of the firms that have it first."""
    title = "short_title_en" if lang == "en" else "short_title"
    shown = plan["paths"].sort("path").select("path", title, "shape", "colour")
    # Symbols are kept by their keys, beside those of states.
    return [
        {"key": f"path_{number}", "number": number, "title": words, "shape": shape, "colour": colour}
        for number, words, shape, colour in shown.iter_rows()
    ]


def _points(plan: Plan, shapes: Shapes, palette: dict[str, Any], file: Path) -> dict[str, Any]:
    """The enterprises, and their details in the page or, where there are many, in files beside it."""
    rows = shown_enterprises(plan, centres(shapes), palette)
    parts = county_details(rows, plan)
    few = rows.height <= palette["points"]["details_in_page_up_to"]
    details = {"parts": parts} if few else written_details(parts, file)
    return {**packed_points(rows, plan["links"]), "details": details}


def _frame(texts: dict[str, Any], title: str) -> str:
    """Everything of the page but policy and data."""
    page, map_id = folium_frame(checked_content(PaletteFile, "maps", "palette.toml")["points"]["max_zoom"])
    for name, asset in registered_assets().items():
        text = asset_text(asset)
        script = f'<script src="asset:{name}"></script>'
        style = f'<link rel="stylesheet" href="asset:{name}"/>'
        page = page.replace(script, f"<script>{text}</script>").replace(style, f"<style>{text}</style>")
    page = re.sub(r'<meta name="viewport"[^>]*>', "", page)
    page = page.replace("<html>", f'<html lang="{html.escape(texts["html_lang"])}">', 1)
    page = page.replace("</head>", _head(title) + "</head>", 1)
    place = f'<div class="folium-map" id="{map_id}" ></div>'
    page = page.replace(place, _content("page.html").replace("<!-- map -->", place), 1)
    return page.replace("</html>", f"{_DATA_PLACE}\n<script>{_own_script()}</script>\n</html>", 1)


def _head(title: str) -> str:
    return (
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{html.escape(title)}</title>\n<style>{_content('coverage.css')}</style>\n"
    )


def _own_script() -> str:
    text = "\n".join(_content(name) for name in SCRIPTS)
    return '"use strict";\n' + text.replace("</script", "<\\/script")


def _content(name: str) -> str:
    return content_file("maps", name).read_text(encoding="utf-8")


def _policy(page: str, with_files: bool, tiles: TileLayer | None) -> str:
    """The content security policy that allows exactly the scripts now in the page, and no connection.

    Where details stand in files, these scripts may load them; an element written into the page may not.
    Pictures may come from the servers of a tile layer and from nowhere else.
    """
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    hashes = " ".join(f"'sha256-{_sha256(script)}'" for script in scripts)
    hashes += " 'strict-dynamic'" if with_files else ""
    pictures = " ".join(("data:", "blob:", *(tiles.origins if tiles is not None else ())))
    rules = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src {pictures}; "
        "connect-src 'none'; base-uri 'none'; form-action 'none'"
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{html.escape(rules, quote=False)}">'


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


class _Addresses(HTMLParser):
    """Collects every address that the page's own markup would fetch or link to."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [
            value or "" for name, value in attrs if name in ("src", "href", "srcset", "action")
        ]


def _refuse_addresses(page: str) -> None:
    """Raises ContentError where an address that is not `data:` is left in markup or styles."""
    parser = _Addresses()
    parser.feed(page)
    styles = "".join(re.findall(r"<style>(.*?)</style>", page, flags=re.DOTALL))
    in_styles = re.findall(r"""url\(\s*["']?([^"')]*)""", styles)
    outside = [address for address in parser.addresses + in_styles if not address.startswith("data:")]
    if outside:
        raise ContentError(f"地图页面含有外部地址：{outside[0]}", "请重新安装 coverage-engine。")
