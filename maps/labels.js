// Names of cities, or of counties with their gap rate when zoomed in; a label that would cover another is left out.
const PlaceLabels = L.Layer.extend({
  onAdd(map) {
    this.holder = element("div", { class: "places" });
    map.getPane("places").append(this.holder);
    this.draw();
  },

  onRemove() {
    this.holder.remove();
  },

  getEvents() {
    return { zoomend: this.draw, viewreset: this.draw, zoomstart: this.hide };
  },

  hide() {
    this.holder.replaceChildren();
  },

  draw() {
    const byCounty = MAP.getZoom() >= 8.5 || DATA.division.level !== "province";
    const labels = byCounty ? DATA.counties.map(countyLabel) : DATA.cities.map(cityLabel);
    this.holder.replaceChildren(...labels);
    const taken = [];
    for (const label of labels) {
      const free = SIDES.find((side) => {
        label.className = `place ${side}`;
        return !taken.some((other) => overlap(label.getBoundingClientRect(), other));
      });
      if (free === undefined) label.remove();
      else taken.push(label.getBoundingClientRect());
    }
  },
});

// Where a label may stand, seen from its place; the first free side is taken.
const SIDES = ["below", "above", "right", "left"];

function overlap(one, other) {
  return one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top;
}

function placeLabel(feature, ...children) {
  const { lon, lat } = feature.properties;
  const label = element("div", { class: "place" }, ...children);
  const at = MAP.latLngToLayerPoint([lat, lon]);
  label.style.left = `${Math.round(at.x)}px`;
  label.style.top = `${Math.round(at.y)}px`;
  return label;
}

function cityLabel(feature) {
  return placeLabel(feature, element("b", {}, feature.properties.name));
}

function countyLabel(feature) {
  const gap = drawnGap(FIGURES.county(feature.properties.code, feature.properties.name));
  const share = gap === null ? "—" : `${Math.round(100 * gap)}%`;
  return placeLabel(feature, element("span", {}, feature.properties.name), element("small", {}, share));
}
