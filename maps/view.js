// The link of a view: place, layers, denominator, symbols, filters and the opened enterprise in the address.

const VIEW_DIGITS = 4;

function viewText() {
  const centre = MAP.getCenter();
  const parts = new URLSearchParams();
  parts.set("at", [centre.lat, centre.lng].map((degrees) => degrees.toFixed(VIEW_DIGITS)).join(","));
  parts.set("zoom", String(MAP.getZoom()));
  parts.set("layers", STATE.layers.filter((layer) => layer.on).map((layer) => layer.name).join(","));
  parts.set("of", FIGURES.category);
  parts.set("symbols", STATE.symbols);
  if (STATE.period !== PRESENT) parts.set("period", shownPeriod().name);
  const chosen = STATE.filters ? STATE.filters.chosen : {};
  for (const name of Object.keys(chosen)) if (chosen[name] !== "") parts.set(name, chosen[name]);
  if (STATE.opened) parts.set("open", STATE.opened);
  return parts.toString();
}

// Writes the view into the address; a browser that forbids it on local files only loses the link.
function keepView() {
  if (!STATE.started) return;
  const text = `#${viewText()}`;
  if (text === window.location.hash) return;
  try {
    window.history.replaceState(null, "", text);
    STATE.written = text;
  } catch (error) {
    STATE.written = null;
  }
}

function readView() {
  const parts = new URLSearchParams(window.location.hash.slice(1));
  return parts.has("at") ? parts : null;
}

// Before the enterprises are there: place, layers, denominator.
function restorePlace(parts) {
  const [lat, lng] = parts.get("at").split(",").map(Number);
  const zoom = Number(parts.get("zoom"));
  if ([lat, lng, zoom].every(Number.isFinite)) MAP.setView([lat, lng], zoom, { animate: false });
  const on = (parts.get("layers") || "").split(",");
  for (const layer of parts.has("layers") ? STATE.layers : []) {
    layer.on = on.includes(layer.name) && !layer.off;
    document.getElementById(`layer-${layer.name}`).checked = layer.on;
  }
  const list = document.getElementById("category");
  if (DATA.figures.categories.includes(parts.get("of"))) list.value = parts.get("of");
  list.dispatchEvent(new Event("change"));
}

// Once they are: symbols, filters, the opened enterprise.
async function restoreChoice(parts) {
  const at = PERIODS.findIndex((period) => period.name === parts.get("period"));
  if (at >= 0) await showPeriod(at);
  if (parts.get("symbols") === "path") chooseSymbols("path");
  const wanted = Object.fromEntries(FILTERS.map((name) => [name, parts.get(name) || ""]));
  if (FILTERS.some((name) => wanted[name])) {
    document.getElementById("finding").open = true;
    STATE.filters.set(wanted);
  }
  if (!parts.get("open")) return;
  const row = await rowOf(STATE.points, parts.get("open"));
  if (row !== null) await openEnterprise(row, true);
}

// The row of an enterprise by its credit code, or by its name where it has none.
async function rowOf(points, wanted) {
  let found = null;
  if (isCode(wanted)) {
    await points.details.everyCode((code, row) => {
      if (found === null && code === wanted) found = row;
    }, () => found === null);
  }
  for (let block = 0; block < points.names.blocks && found === null; block += 1) {
    const at = (await points.names.block(block)).indexOf(wanted);
    if (at >= 0) found = points.names.start(block) + at;
  }
  return found;
}

async function copyLink() {
  keepView();
  const told = document.getElementById("link-told");
  try {
    await window.navigator.clipboard.writeText(window.location.href);
    told.textContent = say("link_copied");
  } catch (error) {
    told.textContent = say("link_by_hand");
  }
}
