// The coverage map: lays the layers on the frame that folium made (map_coverage) and joins map, panel and table.

const MAP = window.map_coverage;

function preparePanes() {
  const panes = { tiles: 200, counties: 400, cities: 410, hot: 415, circles: 418, heat: 420, links: 425, points: 430, parks: 440, places: 450 };
  for (const [name, order] of Object.entries(panes)) MAP.createPane(name).style.zIndex = order;
  for (const name of ["cities", "hot", "circles", "heat", "links", "points", "places"]) MAP.getPane(name).style.pointerEvents = "none";
}

function addControls() {
  L.control.zoom({ zoomInTitle: say("zoom_in"), zoomOutTitle: say("zoom_out") }).addTo(MAP);
  STATE.attribution = L.control.attribution({ prefix: false }).addTo(MAP);
  STATE.attribution.addAttribution(plainText(say("basemap_note")));
  const scale = L.control.scale({ imperial: false, maxWidth: 140 });
  scale._updateMetric = function updateMetric(widest) {
    const metres = this._getRoundNum(widest);
    const text = metres < 1000 ? `${metres} ${say("metre")}` : `${metres / 1000} ${say("kilometre")}`;
    this._updateScale(this._mScale, text, metres / widest);
  };
  scale.addTo(MAP);
  corner("topleft", () => element("div", { class: "leaflet-bar home" }, button(say("home"), showAll)));
  corner("topright", () => element("div", { class: "north" }, element("span", {}, "▲"), say("north")));
  corner("bottomleft", () => element("div", { class: "map-mark" }, `${say("internal_mark")} · ${DATA.as_of}`));
}

// Leaflet writes attributions as markup: what is written there is made plain first.
function plainText(text) {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);
}

function corner(position, make) {
  const Control = L.Control.extend({ onAdd: make });
  const control = new Control({ position });
  control.addTo(MAP);
  L.DomEvent.disableClickPropagation(control.getContainer());
}

function showAll() {
  MAP.fitBounds(DATA.bounds, { padding: [12, 12], animate: false });
}

// ---------------------------------------------------------------------------------------------- layers

function countyLayer() {
  return L.geoJSON(DATA.counties, {
    pane: "counties",
    bubblingMouseEvents: false,
    style: { color: "#8d7f73", weight: 0.7, fillOpacity: PALETTE.gap.fill_opacity },
    onEachFeature: (feature, layer) => {
      layer.bindTooltip(() => countyFacts(feature), { sticky: true, className: "county-tip", opacity: 1 });
      layer.on("tooltipopen", () => pointsVisible() && layer.closeTooltip());
      layer.on("click", (event) => clicked(event.latlng, feature));
    },
  });
}

function cityLayer() {
  return L.geoJSON(DATA.cities, {
    pane: "cities",
    interactive: false,
    style: { color: "#3d3d3d", weight: 1.6, fill: false },
  });
}

function parkLayer() {
  const group = L.layerGroup([]);
  DATA.parks.name.forEach((_, i) => parkMarker(i).on("click", () => openPark(i)).addTo(group));
  return group;
}

// ---------------------------------------------------------------------------------------------- what is shown

const STATE = { layers: [], points: null, links: null, filters: null, symbols: "state", lines: null, opened: "", period: PRESENT };

function near() {
  return MAP.getZoom() >= PALETTE.points.min_zoom;
}

function pointsVisible() {
  return near() && STATE.points !== null && STATE.layers.some((layer) => layer.name === "points" && layer.on);
}

function refresh() {
  for (const layer of STATE.layers) {
    const wanted = layer.on && layer.drawn && (layer.name !== "points" || near());
    for (const drawn of layer.drawn || []) {
      if (wanted && !MAP.hasLayer(drawn)) MAP.addLayer(drawn);
      if (!wanted && MAP.hasLayer(drawn)) MAP.removeLayer(drawn);
    }
    document.body.classList.toggle(`without-${layer.name}`, !layer.on);
  }
  shade();
  tellPoints();
  keepView();
}

function shade() {
  const heated = STATE.layers.some((layer) => layer.name === "heat" && layer.on);
  const over = heated || pointsVisible();
  const { fill_opacity: alone, fill_opacity_with_points: pointed, fill_opacity_with_heat: faint } = PALETTE.gap;
  const opacity = heated ? faint : over ? pointed : alone;
  const counties = STATE.layers[0].drawn[0];
  counties.eachLayer((layer) => {
    const { code, name } = layer.feature.properties;
    layer.setStyle({ fillColor: gapFill(FIGURES.county(code, name)), fillOpacity: opacity });
  });
  document.body.style.setProperty("--gap-opacity", opacity);
  MAP.getContainer().classList.toggle("far", MAP.getZoom() < 9);
}

function tellPoints() {
  const shown = pointsVisible();
  document.body.classList.toggle("with-points", shown);
  document.body.classList.toggle("near", near());
  const now = Math.floor(MAP.getZoom());
  const { approximate: a } = DATA.points;
  const n = DATA.points.count - DATA.points.unplaced;
  const text = shown
    ? say("points_shown", { n: spaced(n) })
    : say("points_hidden", { zoom: PALETTE.points.min_zoom, now });
  document.getElementById("points-status").textContent = STATE.points ? text : "";
  document.getElementById("to-points").hidden = shown || !STATE.points;
  const notes = [say("basemap_note"), say("approximate_count", { n: spaced(n), a: spaced(a) })];
  if (DATA.points.unplaced) notes.push(say("unplaced", { n: spaced(DATA.points.unplaced) }));
  document.getElementById("notes").textContent = notes.join(" ");
}

// ---------------------------------------------------------------------------------------------- opening

async function clicked(latlng, feature) {
  const hits = pointsVisible() ? pointsAt(STATE.points, MAP, latlng) : [];
  if (hits.length) openPopup(pointPlace(STATE.points, hits[0]), await stackedCard(STATE.points, hits, 0));
  else if (feature) openPopup(latlng, countyFacts(feature));
}

// Opens a popup and gives it the focus; Escape closes it and gives the focus back.
function openPopup(place, content) {
  const before = document.activeElement;
  // Low enough to stand above a place in the middle of the map without moving it.
  const maxHeight = Math.max(200, Math.min(380, MAP.getSize().y / 2 - 80));
  const popup = L.popup({ maxWidth: 360, minWidth: 240, maxHeight, autoPanPadding: [20, 20] });
  popup.setLatLng(place).setContent(content).openOn(MAP);
  const holder = popup.getElement();
  holder.setAttribute("role", "dialog");
  holder.setAttribute("tabindex", "-1");
  holder.setAttribute("aria-label", holder.querySelector("h3").textContent);
  holder.querySelector(".leaflet-popup-close-button").setAttribute("aria-label", say("popup_close"));
  holder.focus({ preventScroll: true });
  popup.on("remove", () => {
    eraseLinks();
    STATE.opened = "";
    keepView();
    if (holder.contains(document.activeElement) && before) before.focus({ preventScroll: true });
  });
}

function closeOnEscape(event) {
  if (event.key === "Escape") MAP.closePopup();
}

function openPark(i) {
  openPopup([DATA.parks.latitude[i], DATA.parks.longitude[i]], parkCard(i));
}

function showCounty(code) {
  STATE.layers[0].drawn[0].eachLayer((layer) => {
    if (layer.feature.properties.code !== code) return;
    MAP.fitBounds(layer.getBounds(), { animate: false });
    document.getElementById("frame").scrollIntoView();
    const { lon, lat } = layer.feature.properties;
    openPopup([lat, lon], countyFacts(layer.feature));
  });
}

async function openFound(item) {
  if (item.park !== undefined) {
    MAP.setView([DATA.parks.latitude[item.park], DATA.parks.longitude[item.park]], 12, { animate: false });
    switchOn("parks");
    openPark(item.park);
    return;
  }
  await openEnterprise(item.row);
}

// Goes to an enterprise and tells about it; one without any place is told about where the map stands.
async function openEnterprise(row, stay) {
  const { points } = STATE;
  const card = await enterpriseCard(points, row);
  MAP.closePopup();
  const placed = points.approximate[row] !== UNPLACED;
  if (placed && !stay) MAP.setView(pointPlace(points, row), Math.max(13, MAP.getZoom()), { animate: false });
  if (placed && !stay) switchOn("points");
  openPopup(placed ? pointPlace(points, row) : MAP.getCenter(), card);
  drawLinks(points, row);
  await remember(points, row);
}

async function remember(points, row) {
  const [name, details] = await Promise.all([points.names.row(row), points.details.row(row)]);
  STATE.opened = (details && details.code) || name;
  keepView();
}

// Points drawn by state or by recommended path.
function chooseSymbols(kind) {
  STATE.symbols = kind;
  document.getElementById("symbols").value = kind;
  drawLegend();
  redrawPoints();
  keepView();
}

function redrawPoints() {
  for (const layer of STATE.layers) {
    if (!["heat", "points"].includes(layer.name) || !layer.drawn || !MAP.hasLayer(layer.drawn[0])) continue;
    if (layer.name === "points") layer.drawn[0].redraw();
    else layer.drawn[0].draw();
  }
}

function switchOn(name) {
  STATE.layers.find((layer) => layer.name === name).on = true;
  document.getElementById(`layer-${name}`).checked = true;
  refresh();
}

// ---------------------------------------------------------------------------------------------- start

function notice(key) {
  const holder = document.getElementById("notice");
  holder.textContent = say(key);
  holder.hidden = false;
}

function skipToFigures() {
  document.getElementById("figures-details").open = true;
  document.getElementById("figures").focus();
}

async function addEnterprises() {
  if (!canInflate()) {
    notice("old_browser");
    document.getElementById("finding").hidden = true;
    return;
  }
  STATE.points = await unpackPoints();
  STATE.links = await unpackLinks();
  const drawn = {
    heat: new HeatLayer(STATE.points),
    points: new PointLayer(STATE.points, { pane: "points", updateWhenZooming: false }),
  };
  for (const layer of STATE.layers) if (layer.name in drawn) layer.drawn = [drawn[layer.name]];
  new Search(STATE.points, openFound);
  STATE.filters = new Filters(STATE.points, () => {
    redrawPoints();
    keepView();
  });
  STATE.filters.apply();
  MAP.on("moveend", () => {
    STATE.filters.list();
    keepView();
  });
  const symbols = document.getElementById("symbols");
  for (const kind of ["state", "path"]) symbols.append(element("option", { value: kind }, say(`symbols_${kind}`)));
  symbols.addEventListener("change", () => chooseSymbols(symbols.value));
  document.getElementById("copy-link").addEventListener("click", copyLink);
}

async function start() {
  fillTexts();
  addHatches();
  preparePanes();
  MAP.invalidateSize();
  showAll();
  addControls();
  const city = DATA.division.level !== "province";
  STATE.layers = [
    { name: "gap", on: true, drawn: [countyLayer()] },
    { name: "cities", on: true, drawn: [cityLayer(), new PlaceLabels()] },
    { name: "circles", on: true, drawn: [new CircleLayer()] },
    { name: "hot", on: true, drawn: [hotLayer()] },
    { name: "heat", on: false, off: !canInflate() },
    { name: "points", on: true, off: !canInflate() },
    { name: "parks", on: city, drawn: [parkLayer()] },
  ];
  const redraw = () => {
    renewHotSpots();
    refresh();
    drawLegend();
    STATE.layers[1].drawn[1]._map && STATE.layers[1].drawn[1].draw();
    drawTable(showCounty);
  };
  STATE.redraw = redraw;
  drawPeriods();
  drawTiles();
  drawCategories(redraw);
  drawLayerBoxes(STATE.layers, refresh);
  redraw();
  MAP.on("zoomend", () => {
    refresh();
    drawLegend();
  });
  MAP.on("click", (event) => clicked(event.latlng, null));
  document.addEventListener("keydown", closeOnEscape);
  document.getElementById("skip").addEventListener("click", skipToFigures);
  document.getElementById("to-points").addEventListener("click", () => MAP.setZoom(PALETTE.points.min_zoom));
  followPrinting();
  const view = readView();
  if (view) restorePlace(view);
  await addEnterprises().catch((error) => {
    notice("failed");
    throw error;
  });
  refresh();
  if (view && STATE.points) await restoreChoice(view);
  STATE.started = true;
  document.documentElement.dataset.ready = "yes";
}

// Hot spots belong to a denominator.
function renewHotSpots() {
  const layer = STATE.layers.find((one) => one.name === "hot");
  for (const drawn of layer.drawn) MAP.removeLayer(drawn);
  layer.drawn = [hotLayer()];
}

start();
