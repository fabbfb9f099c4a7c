// The panel beside the map: search, layers, denominator, legend.

const LISTED = 50;

function drawLegend() {
  const parts = [...gapLegend(), ...circleLegend(), ...hotLegend(), ...heatLegend(), ...pointLegend(), ...parkLegend()];
  document.getElementById("legend").replaceChildren(...parts);
}

function legendRow(mark, text) {
  return element("li", {}, mark, element("span", {}, text));
}

function swatch(fill, kind) {
  const made = element("span", { class: `swatch ${kind}`, "aria-hidden": "true" });
  made.style.backgroundColor = fill;
  return made;
}

function classTexts(limits, format, below) {
  const texts = limits.map((limit, i) =>
    i + 1 < limits.length
      ? say("legend_between", { low: format(limit), high: format(limits[i + 1]) })
      : say("legend_above", { low: format(limit) }));
  return below ? [say("legend_below", { high: format(limits[0]) }), ...texts] : texts;
}

function gapLegend() {
  const { breaks, colours, empty, small_base: n } = PALETTE.gap;
  const texts = classTexts(breaks, (share) => `${Math.round(100 * share)}%`, true);
  const rows = texts.map((text, i) => legendRow(swatch(colours[i], "gap"), text));
  rows.push(legendRow(swatch(colours[1], "gap hatched"), say("legend_small", { n })));
  rows.push(legendRow(swatch(empty, "gap"), say("legend_empty")));
  return [
    element("h2", {}, say("legend_gap")),
    element("ul", {}, ...rows),
    element("p", { class: "small" }, say("legend_gap_note")),
  ];
}

function heatLegend() {
  const { breaks, colours, weights, kernel_km: km, approximate_kernel_km: wide } = PALETTE.heat;
  const rows = classTexts(breaks, String, false).map((text, i) => legendRow(swatch(colours[i], "density"), text));
  const note = say("legend_heat_note", { must: weights.must, should: weights.should, km, wide });
  const parts = [element("h2", {}, say("legend_heat")), element("ul", {}, ...rows), element("p", { class: "small" }, note)];
  return [element("div", { class: "of-heat" }, ...parts)];
}

function pointLegend() {
  const byPath = STATE.symbols === "path";
  const rows = byPath ? pathSymbolRows() : PALETTE.symbols.map((symbol, i) => legendRow(symbolImage(i), say(`symbol_${symbol.key}`))).reverse();
  rows.push(legendRow(symbolImage(PALETTE.symbols.length - 1, true), say("legend_approximate")));
  const title = say("legend_points", { zoom: PALETTE.points.min_zoom });
  return [element("div", { class: "of-points" }, element("h2", {}, title), element("ul", {}, ...rows))];
}

function pathSymbolRows() {
  return PATH_SYMBOLS.map((path, i) => legendRow(symbolImage(i, false, PATH_SYMBOLS), path.title || say("symbol_no_path")));
}

function parkLegend() {
  const rows = ["park_yes", "park_no", "park_unknown"].map((key) =>
    legendRow(element("span", { class: `park ${key}`, "aria-hidden": "true" }, say("park_letter")), say(key)));
  return [element("div", { class: "of-parks" }, element("h2", {}, say("legend_parks")), element("ul", {}, ...rows))];
}

// Check boxes for the layers: { name, layer or act, on }.
function drawLayerBoxes(layers, changed) {
  const holder = document.getElementById("layers");
  for (const layer of layers) {
    const box = element("input", { type: "checkbox", id: `layer-${layer.name}` });
    box.checked = layer.on;
    box.disabled = layer.off === true;
    box.addEventListener("change", () => {
      layer.on = box.checked;
      changed();
    });
    holder.append(element("label", { for: box.id }, box, say(`layer_${layer.name}`)));
  }
}

function drawCategories(changed) {
  const list = document.getElementById("category");
  for (const category of DATA.figures.categories) {
    list.append(element("option", { value: category }, say(`category_${category}`)));
  }
  const tell = () => {
    FIGURES.category = list.value;
    document.getElementById("category-meaning").textContent = `${say(`category_${list.value}`)}：${say(`meaning_${list.value}`)}`;
  };
  list.addEventListener("change", () => {
    tell();
    changed();
  });
  tell();
}

// ---------------------------------------------------------------------------------------------- search

// Every park and enterprise whose name or code holds the words; the last typed search wins.
class Search {
  constructor(points, open) {
    this.points = points;
    this.open = open;
    this.turn = 0;
    this.input = document.getElementById("search");
    this.input.addEventListener("input", () => this.run());
  }

  async run() {
    this.turn += 1;
    const turn = this.turn;
    const wanted = this.input.value.trim().toUpperCase();
    if (!wanted) {
      this.tell("", []);
      return;
    }
    this.tell(say("search_busy"), []);
    await new Promise((resume) => setTimeout(resume, 150));
    const goesOn = () => turn === this.turn;
    const found = goesOn() ? await this.matches(wanted, goesOn) : [];
    if (goesOn()) await this.list(found, goesOn);
  }

  async matches(wanted, goesOn) {
    const found = [];
    const keep = (text) => text.toUpperCase().includes(wanted);
    DATA.parks.name.forEach((name, i) => {
      if (keep(name)) found.push({ name, note: say("search_park"), park: i });
    });
    const { names, details } = this.points;
    const rows = new Set();
    for (let block = 0; block < names.blocks && goesOn(); block += 1) {
      (await names.block(block)).forEach((name, i) => keep(name) && rows.add(names.start(block) + i));
    }
    if (isCode(wanted, details.inFiles)) {
      await details.everyCode((code, row) => keep(code) && rows.add(row), goesOn);
    }
    for (const row of [...rows].sort((a, b) => a - b)) found.push({ row });
    return found;
  }

  async list(found, goesOn) {
    const shown = found.slice(0, LISTED);
    for (const item of shown) if (item.park === undefined) Object.assign(item, await this.told(item.row));
    const n = spaced(found.length);
    const key = found.length === 0 ? "search_none" : found.length > LISTED ? "search_more" : "search_found";
    if (goesOn()) this.tell(say(key, { n, shown: LISTED }), shown);
  }

  // Name and, beside it, code; where codes stand in files, the division instead.
  async told(row) {
    const { names, details, division_index: divisions } = this.points;
    const place = DATA.points.divisions[divisions[row]].join(" ").trim();
    return { name: await names.row(row), note: details.inFiles ? place : (await details.row(row)).code };
  }

  tell(text, shown) {
    document.getElementById("found").textContent = text;
    const rows = shown.map((item) => {
      const choose = button("", () => this.open(item));
      choose.append(ledgerText(item.name), element("small", {}, ledgerText(item.note)));
      return element("li", {}, choose);
    });
    document.getElementById("results").replaceChildren(...rows);
  }
}

// Whether words may be a credit code or a part of one; where each county must be read for it, a longer part.
function isCode(wanted, inFiles) {
  return (inFiles ? /^[0-9A-Z]{6,}$/ : /^[\x20-\x7E]+$/).test(wanted);
}
