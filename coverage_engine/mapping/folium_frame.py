"""The frame of the map page as folium draws it: an empty map, with scripts and styles by their names."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from coverage_engine.on_demand import spared

# Where the map would open, did our script not look at the plan's outlines (degrees north, east); as an array,
# which folium knows before it asks whether it is a frame.
_MIDDLE = (34.0, 113.5)


@cache
def folium_frame(max_zoom: int) -> tuple[str, str]:
    """The page and the name of the map in it; both the same from run to run."""
    # folium loads pandas for frames that it may be given; here it is given none.
    with spared("pandas", "folium"):
        import folium

        middle: Any = np.array(_MIDDLE)
        frame = folium.Map(
            location=middle,
            zoom_start=7,
            tiles=None,
            zoom_control=False,
            attribution_control=False,
            maxZoom=max_zoom,
            minZoom=5,
            zoomSnap=0.25,
            fadeAnimation=False,
        )
        # Scripts by their name in the asset registry, and none of the others that folium would load.
        frame.default_js = [("leaflet", "asset:leaflet_js")]
        frame.default_css = [("leaflet_css", "asset:leaflet_css")]
        # folium numbers its elements at random; fixed numbers keep the page the same from run to run.
        frame._id = "coverage"
        frame.get_root()._id = "page"
        return frame.get_root().render(), frame.get_name()
