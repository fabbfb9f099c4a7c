// The optional online tile layer: the only thing for which a page may ask a network, and off until switched on.

const EARTH = { a: 6378245, e: 0.00669342162296594323 };

// WGS-84 degrees as GCJ-02 degrees, as coverage_engine/divisions/coordinates.py has them.
function toGcj02({ lat, lng }) {
  const [x, y, pi] = [lng - 105, lat - 35, Math.PI];
  const wave = (at, ...parts) => parts.reduce((sum, [size, step]) => sum + size * Math.sin(at * pi * step), 0);
  const common = (wave(x, [20, 6], [20, 2]) * 2) / 3;
  let north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + common;
  north += ((wave(y, [20, 1], [40, 1 / 3]) + wave(y, [160, 1 / 12], [320, 1 / 30])) * 2) / 3;
  let east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + common;
  east += ((wave(x, [20, 1], [40, 1 / 3]) + wave(x, [150, 1 / 12], [300, 1 / 30])) * 2) / 3;
  const radians = (lat * pi) / 180;
  const magic = 1 - EARTH.e * Math.sin(radians) ** 2;
  north = (north * 180) / (((EARTH.a * (1 - EARTH.e)) / magic ** 1.5) * pi);
  east = (east * 180) / ((EARTH.a / Math.sqrt(magic)) * Math.cos(radians) * pi);
  return L.latLng(lat + north, lng + east);
}

function fromGcj02(place) {
  let found = L.latLng(place.lat, place.lng);
  for (let step = 0; step < 4; step += 1) {
    const there = toGcj02(found);
    found = L.latLng(found.lat + place.lat - there.lat, found.lng + place.lng - there.lng);
  }
  return found;
}

// Tiles in GCJ-02 are moved to their true place, so that our own data stay where they are.
const MovedTiles = L.TileLayer.extend({
  _getTiledPixelBounds(centre) {
    return L.TileLayer.prototype._getTiledPixelBounds.call(this, toGcj02(centre));
  },

  _getTilePos(coords) {
    const size = this.getTileSize();
    const corner = this._map.unproject(coords.scaleBy(size), coords.z);
    return this._map.project(fromGcj02(corner), coords.z).round().subtract(this._level.origin);
  },
});

function tileLayer() {
  const { url, system, subdomains, max_zoom: maxNativeZoom, key } = DATA.tiles;
  const options = { pane: "tiles", subdomains, maxNativeZoom, key, referrerPolicy: "no-referrer" };
  return system === "gcj02" ? new MovedTiles(url, options) : L.tileLayer(url, options);
}

// The box that switches it on, and the field for a key that the file does not hold; nothing where there is none.
function drawTiles() {
  const holder = document.getElementById("tiles");
  holder.hidden = DATA.tiles === null;
  if (DATA.tiles === null) return;
  const { credit, review_number: number, asks_for_key: asks } = DATA.tiles;
  const box = element("input", { type: "checkbox", id: "layer-tiles" });
  holder.append(element("label", { for: box.id }, box, say("tiles_layer")));
  const key = element("input", { type: "password", id: "tiles-key", autocomplete: "off" });
  if (asks) holder.append(element("label", { for: key.id }, say("tiles_key")), key);
  holder.append(element("p", { class: "small" }, say("tiles_note", { credit, number })));
  let layer = null;
  const told = plainText(say("tiles_credit", { credit, number }));
  box.addEventListener("change", () => {
    if (layer) MAP.removeLayer(layer);
    layer = null;
    STATE.attribution.removeAttribution(told);
    if (!box.checked) return;
    if (asks) DATA.tiles.key = key.value;
    layer = tileLayer().addTo(MAP);
    STATE.attribution.addAttribution(told);
  });
}
