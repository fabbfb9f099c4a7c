// Filters: which enterprises are drawn, counted and listed; the list beside the map keeps in step with both.

const PAGE_ROWS = 50;
const FILTERS = ["city", "county", "tier", "state", "duty", "path"];

class Filters {
  constructor(points, changed) {
    this.points = points;
    this.changed = changed;
    this.chosen = Object.fromEntries(FILTERS.map((name) => [name, ""]));
    this.rows = PAGE_ROWS;
    points.shown = new Uint8Array(points.count).fill(1);
    for (const name of FILTERS) this.drawChoice(name);
    document.getElementById("clear-filters").addEventListener("click", () => this.set({}));
    document.getElementById("list-more").addEventListener("click", () => this.more());
    document.getElementById("in-view").addEventListener("change", () => this.list());
    document.getElementById("finding").addEventListener("toggle", () => this.list());
  }

  // The values that a filter may take: [value, text] in the order of the vocabulary or of the divisions.
  values(name) {
    const { divisions } = DATA.points;
    const distinct = (texts) => [...new Set(texts)].filter(Boolean).map((text) => [text, text]);
    const words = (list) => DATA.words[list].map((word, at) => [String(at), word]);
    if (name === "city") return distinct(divisions.map(([city]) => city));
    if (name === "county") return distinct(divisions.filter(([city]) => city === this.chosen.city).map(([, county]) => county));
    if (name === "path") return DATA.paths.map(({ number }) => [String(number), pathTitle(number)]);
    return words({ tier: "tiers", state: "states", duty: "obligations" }[name]);
  }

  drawChoice(name) {
    const list = document.getElementById(`filter-${name}`);
    const options = [["", say("filter_all")], ...this.values(name)];
    list.replaceChildren(...options.map(([value, text]) => element("option", { value }, text)));
    list.value = this.chosen[name];
    list.disabled = name === "county" && !this.chosen.city;
    list.onchange = () => this.set({ ...this.chosen, [name]: list.value });
  }

  set(wanted) {
    const cityStays = (wanted.city || "") === this.chosen.city;
    for (const name of FILTERS) this.chosen[name] = wanted[name] || "";
    if (!cityStays && !this.values("county").some(([county]) => county === this.chosen.county)) this.chosen.county = "";
    for (const name of FILTERS) this.drawChoice(name);
    this.rows = PAGE_ROWS;
    this.apply();
    this.changed();
  }

  // Marks the enterprises that pass and counts them by state and by duty.
  apply() {
    const { points, chosen } = this;
    const place = DATA.points.divisions.map(([city, county]) =>
      (!chosen.city || city === chosen.city) && (!chosen.county || county === chosen.county));
    const bit = chosen.tier === "" ? 0 : 1 << Number(chosen.tier);
    const want = (name) => (chosen[name] === "" ? -1 : Number(chosen[name]));
    const [state, duty, path] = [want("state"), want("duty"), want("path")];
    const counts = { all: 0, states: new Array(256).fill(0), duties: new Array(256).fill(0) };
    for (let i = 0; i < points.count; i += 1) {
      const passes = place[points.division_index[i]]
        && (bit === 0 || (points.tiers_bits[i] & bit) !== 0)
        && (state < 0 || points.state[i] === state)
        && (duty < 0 || points.obligation[i] === duty)
        && (path < 0 || points.path1[i] === path);
      points.shown[i] = passes ? 1 : 0;
      if (!passes) continue;
      counts.all += 1;
      counts.states[points.state[i]] += 1;
      counts.duties[points.obligation[i]] += 1;
    }
    this.tell(counts);
    this.list();
  }

  tell(counts) {
    const n = spaced(counts.all);
    document.getElementById("finding-title").textContent = say("finding_title", { n });
    const parts = (words, found) => DATA.words[words]
      .map((word, at) => (found[at] ? `${word} ${spaced(found[at])}` : ""))
      .filter(Boolean)
      .join(say("separator"));
    const counted = document.getElementById("filter-counts");
    counted.dataset.count = counts.all;
    counted.textContent = counts.all
      ? say("filter_counts", { n, states: parts("states", counts.states), duties: parts("obligations", counts.duties) })
      : say("filter_none");
  }

  more() {
    this.rows += PAGE_ROWS;
    this.list();
  }

  // The first rows in the order of priority; covered enterprises, which have no rank, come last.
  chooseRows() {
    const { points } = this;
    const inView = document.getElementById("in-view").checked;
    const box = MAP.getBounds();
    const [west, east] = [box.getWest() * points.degree, box.getEast() * points.degree];
    const [south, north] = [box.getSouth() * points.degree, box.getNorth() * points.degree];
    const chosen = new Top(this.rows);
    let count = 0;
    for (let i = 0; i < points.count; i += 1) {
      if (points.shown[i] === 0) continue;
      const [x, y] = [points.longitude[i], points.latitude[i]];
      if (inView && (x < west || x > east || y < south || y > north)) continue;
      count += 1;
      chosen.offer(points.rank[i] || UNRANKED + i, i);
    }
    return { count, rows: chosen.rows() };
  }

  async list() {
    const list = document.getElementById("list");
    if (!document.getElementById("finding").open) return;
    this.turn = (this.turn || 0) + 1;
    const { turn } = this;
    const { count, rows } = this.chooseRows();
    const items = await Promise.all(rows.map((row) => this.item(row)));
    if (turn !== this.turn) return;
    list.replaceChildren(...items);
    const told = count > rows.length ? "list_first" : "list_all";
    const counted = document.getElementById("list-count");
    counted.dataset.count = count;
    counted.textContent = say(told, { n: spaced(count), shown: rows.length });
    document.getElementById("list-more").hidden = count <= rows.length;
  }

  async item(row) {
    const { points } = this;
    const name = await points.names.row(row);
    const path = points.path1[row] ? pathTitle(points.path1[row]) : "";
    const facts = [wordOf("states", points.state[row]), wordOf("obligations", points.obligation[row]), path];
    const choose = button("", () => openEnterprise(row));
    choose.append(symbolImage(points.symbol[row]), ledgerText(name), element("small", {}, facts.filter(Boolean).join(" · ")));
    return element("li", {}, choose);
  }
}

const UNRANKED = 2 ** 31;

// Keeps the rows with the smallest keys out of many, without sorting them all.
class Top {
  constructor(size) {
    this.size = size;
    this.kept = [];
    this.worst = Infinity;
  }

  offer(key, row) {
    if (key >= this.worst) return;
    this.kept.push([key, row]);
    if (this.kept.length >= 4 * this.size) this.cut();
  }

  cut() {
    this.kept.sort((a, b) => a[0] - b[0]);
    this.kept.length = Math.min(this.kept.length, this.size);
    if (this.kept.length === this.size) this.worst = this.kept[this.size - 1][0];
  }

  rows() {
    this.cut();
    return this.kept.map(([, row]) => row);
  }
}
