// Workload circles (area in proportion to firms that must or should establish) and outlines of hot spots.

function backlogOf(row) {
  const at = (name) => DATA.figures.columns.indexOf(name);
  const values = row && row.figures.operating;
  return values ? values[at("must")] + values[at("should")] : 0;
}

// Of the present, so that circles of other times are drawn to the same scale.
function largestBacklog() {
  const present = ({ code, name }) => FIGURES.county(code, name, DATA.figures.rows);
  return Math.max(1, ...DATA.counties.map((feature) => backlogOf(present(feature.properties))));
}

// Area in proportion to firms, the county with most of them at a fixed size; circles grow with the zoom.
function circleRadius(firms) {
  const growth = 2 ** ((Math.min(MAP.getZoom(), PALETTE.circles.full_zoom) - PALETTE.circles.zoom) / 2);
  return PALETTE.circles.largest_pixels * Math.sqrt(firms / largestBacklog()) * growth;
}

const CircleLayer = L.LayerGroup.extend({
  onAdd(map) {
    L.LayerGroup.prototype.onAdd.call(this, map);
    map.on("zoomend", this.draw, this);
    this.draw();
  },

  onRemove(map) {
    map.off("zoomend", this.draw, this);
    L.LayerGroup.prototype.onRemove.call(this, map);
  },

  draw() {
    this.clearLayers();
    if (near()) return; // Where the enterprises themselves are drawn, circles would only hide them.
    const { colour, fill_opacity: fillOpacity } = PALETTE.circles;
    const counties = DATA.counties
      .map((feature) => [backlogOf(FIGURES.county(feature.properties.code, feature.properties.name)), feature.properties])
      .filter(([firms]) => firms > 0)
      .sort((a, b) => b[0] - a[0] || (a[1].code < b[1].code ? -1 : 1));
    for (const [firms, { lat, lon }] of counties) {
      const style = { color: colour, weight: 1.5, fillColor: colour, fillOpacity, interactive: false, pane: "circles" };
      L.circleMarker([lat, lon], { radius: circleRadius(firms), ...style }).addTo(this);
    }
  },
});

// Round numbers of firms for the legend: the largest county and two steps below it.
function circleSteps() {
  const most = largestBacklog();
  const power = 10 ** Math.floor(Math.log10(most));
  const top = [5, 2, 1].map((step) => step * power).find((step) => step <= most);
  return [...new Set([top, Math.round(top / 5), Math.round(top / 20)])].filter((step) => step >= 1);
}

function circleLegend() {
  const rows = circleSteps().map((firms) => {
    const mark = element("span", { class: "circle", "aria-hidden": "true" });
    const size = Math.max(2, 2 * circleRadius(firms));
    mark.style.width = mark.style.height = `${size}px`;
    mark.style.borderColor = PALETTE.circles.colour;
    return legendRow(element("span", { class: "circle-holder" }, mark), say("firms", { n: spaced(firms) }));
  });
  const note = element("p", { class: "small" }, say("legend_circles_note"));
  return [element("div", { class: "of-circles" }, element("h2", {}, say("legend_circles")), element("ul", {}, ...rows), note)];
}

// Hot spots of the chosen denominator: a heavy line round high clusters, a dashed one round low clusters.
function hotLayer() {
  return L.geoJSON(DATA.counties, {
    pane: "hot",
    interactive: false,
    filter: (feature) => ["hot", "cold"].includes(hotWord(feature.properties)),
    style: (feature) => ({ fill: false, ...PALETTE.spots[hotWord(feature.properties)] }),
  });
}

function hotWord({ code, name }) {
  const estimate = FIGURES.estimate(FIGURES.county(code, name));
  return estimate ? estimate.hot : null;
}

function hotLegend() {
  const count = (word) => DATA.counties.filter((feature) => hotWord(feature.properties) === word).length;
  const rows = ["hot", "cold"].filter((word) => count(word) > 0).map((word) => {
    const mark = element("span", { class: `swatch spot-${word}`, "aria-hidden": "true" });
    return legendRow(mark, say(`legend_${word}`, { n: count(word) }));
  });
  if (!rows.length) rows.push(element("li", {}, say("legend_no_hot")));
  const note = element("p", { class: "small" }, say("legend_hot_note"));
  return [element("div", { class: "of-hot" }, element("h2", {}, say("layer_hot")), element("ul", {}, ...rows), note)];
}
