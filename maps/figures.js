// County figures: the choropleth, its tooltips and labels, and the same numbers as a table.

const FIGURES = {
  category: DATA.figures.categories[0],
  // The rows of the chosen time; the present ones until another is chosen.
  rows: DATA.figures.rows,

  // The figures of one division in the chosen denominator, by column name; null where there are none.
  of(row) {
    const values = row && row.figures[this.category];
    if (!values) return null;
    return Object.fromEntries(DATA.figures.columns.map((name, i) => [name, values[i]]));
  },

  // Smoothed rate, interval and hot spot of one county in the chosen denominator; null where there is none.
  estimate(row) {
    const values = row && row.estimates && row.estimates[this.category];
    if (!values) return null;
    const found = Object.fromEntries(DATA.figures.estimate_columns.map((name, i) => [name, values[i]]));
    return found.gap_smoothed === null ? null : found;
  },

  // Firms without a county stand in a row of their own under their city's code; it has no outline.
  county(code, name, rows = this.rows) {
    return rows.find((row) => row.level === "county" && row.code === code && row.name === name)
      || rows.find((row) => row.level === "county" && row.code === code && !row.name.includes("（"));
  },
};

// Gap rate = 1 − rate of own + joint, as [low, high]; null where it cannot be told.
function gapOf(figures) {
  if (!figures || figures.joint_rate_low === null || figures.joint_rate_high === null) return null;
  return [1 - figures.joint_rate_high, 1 - figures.joint_rate_low];
}

// What is drawn: the smoothed rate, or the middle of the raw range where there are too few counties to compare.
function drawnGap(row) {
  const estimate = FIGURES.estimate(row);
  if (estimate) return estimate.gap_smoothed;
  const gap = gapOf(FIGURES.of(row));
  return gap ? (gap[0] + gap[1]) / 2 : null;
}

function gapClass(middle) {
  return PALETTE.gap.breaks.filter((limit) => middle >= limit).length;
}

function smallBase(figures) {
  return figures.denominator_low < PALETTE.gap.small_base;
}

function gapFill(row) {
  const figures = FIGURES.of(row);
  const gap = drawnGap(row);
  if (!figures || gap === null) return PALETTE.gap.empty;
  const level = gapClass(gap);
  return smallBase(figures) ? `url(#hatch-${level})` : PALETTE.gap.colours[level];
}

// One hatched pattern for each class, for counties with a small base.
function addHatches() {
  const space = "http://www.w3.org/2000/svg";
  const make = (tag, attributes) => {
    const made = document.createElementNS(space, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const definitions = make("defs", {});
  PALETTE.gap.colours.forEach((colour, level) => {
    const pattern = make("pattern", { id: `hatch-${level}`, width: 7, height: 7, patternUnits: "userSpaceOnUse" });
    const ink = level >= 3 ? "#ffffff" : "#5a3a1a";
    pattern.append(
      make("rect", { width: 7, height: 7, fill: colour }),
      make("path", { d: "M-1,8 L8,-1 M-1,1 L1,-1 M6,8 L8,6", stroke: ink, "stroke-width": 1.3 }),
    );
    definitions.append(pattern);
  });
  const holder = make("svg", { width: 0, height: 0, class: "hatches", "aria-hidden": "true" });
  holder.append(definitions);
  document.body.append(holder);
}

function countyFacts(feature) {
  const { code, name } = feature.properties;
  const row = FIGURES.county(code, name);
  const figures = FIGURES.of(row);
  const card = element("div", { class: "card" }, element("h3", {}, name));
  const gap = gapOf(figures);
  if (!figures || figures.denominator_high === 0) {
    card.append(element("p", {}, say("legend_empty")));
    return card;
  }
  card.append(factList([...figureRows(figures, gap, FIGURES.estimate(row)), ...changeRows(feature)]));
  if (smallBase(figures)) card.append(element("p", { class: "small" }, say("tip_small", { n: PALETTE.gap.small_base })));
  return card;
}

function figureRows(figures, gap, estimate) {
  const category = say(`category_${FIGURES.category}`);
  const covered = span(figures.joint_low, figures.joint_high);
  const base = span(figures.denominator_low, figures.denominator_high);
  return [
    [say("tip_base", { category }), base],
    [say("tip_covered"), `${covered} / ${base}`],
    [say("tip_gap"), gap ? percentSpan(gap[0], gap[1]) : say("tip_no_rate")],
    ...estimateRows(estimate),
    [say("tip_own"), `${span(figures.own_low, figures.own_high)}（${percentSpan(figures.rate_low, figures.rate_high)}）`],
    [say("tip_joint"), `${covered}（${percentSpan(figures.joint_rate_low, figures.joint_rate_high)}）`],
    [say("tip_counts"), `${spaced(figures.must)} / ${spaced(figures.should)} / ${spaced(figures.undetermined)}`],
  ];
}

function estimateRows(estimate) {
  if (!estimate) return [];
  const word = ["hot", "cold"].includes(estimate.hot) ? say(`hot_${estimate.hot}`) : "";
  return [
    [say("tip_raw"), `${spaced(estimate.known_gap)} / ${spaced(estimate.known)}`],
    [say("tip_smoothed"), percent(estimate.gap_smoothed)],
    [say("tip_interval"), percentSpan(estimate.gap_low, estimate.gap_high)],
    [say("layer_hot"), word],
  ];
}

// ---------------------------------------------------------------------------------------------- table

const TABLE_COLUMNS = ["city", "county", "denominator", "own", "joint", "gap", "smoothed", "hot", "must", "should", "undetermined", "targets"];

function drawTable(showCounty) {
  const table = document.getElementById("figures-table");
  const head = element("tr", {}, ...TABLE_COLUMNS.map((name) => element("th", { scope: "col" }, say(`column_${name}`))));
  table.tHead.replaceChildren(head);
  const outlined = new Set(DATA.counties.map((feature) => feature.properties.code));
  table.tBodies[0].replaceChildren(...tableRows().map((row) => tableRow(row, outlined, showCounty)));
  const values = { division: DATA.division.name };
  document.getElementById("figures-caption").textContent = `${say("title", values)} · ${periodText()}`;
  document.getElementById("figures-note").textContent = say("figures_note", { category: say(`category_${FIGURES.category}`) });
}

// The province, then each city followed by its counties.
function tableRows() {
  const { rows } = FIGURES;
  const cities = rows.filter((row) => row.level === "city");
  const province = rows.filter((row) => row.level === "province");
  const used = new Set();
  const ordered = cities.flatMap((city) => {
    const own = rows.filter((row) => row.level === "county" && cityOf(row.code) === city.code);
    own.forEach((row) => used.add(row));
    return [city, ...own.map((row) => Object.assign({ city: city.name }, row))];
  });
  return [...province, ...ordered, ...rows.filter((row) => row.level === "county" && !used.has(row))];
}

function cityOf(code) {
  const cities = FIGURES.rows.filter((row) => row.level === "city").map((row) => row.code);
  return cities.includes(code) ? code : cities.find((city) => city.slice(0, 4) === code.slice(0, 4));
}

function tableRow(row, outlined, showCounty) {
  const figures = FIGURES.of(row);
  const names = { province: [row.name, say("row_province_total")], city: [row.name, say("row_city_total")] };
  const [city, county] = names[row.level] || [row.city || "", row.name];
  const mapped = row.level === "county" && outlined.has(row.code) && FIGURES.county(row.code, row.name) && !row.name.includes("（");
  const name = mapped ? button(county, () => showCounty(row.code)) : document.createTextNode(county);
  if (mapped) name.setAttribute("title", say("show_on_map", { name: county }));
  const cells = figures ? tableNumbers(figures, FIGURES.estimate(row)) : TABLE_COLUMNS.slice(2).map(() => "—");
  const heading = element("th", { scope: "row" }, name);
  return element("tr", { class: row.level }, element("td", {}, city), heading, ...cells.map((text) => element("td", {}, text)));
}

function tableNumbers(figures, estimate) {
  const gap = gapOf(figures);
  return [
    span(figures.denominator_low, figures.denominator_high),
    span(figures.own_low, figures.own_high),
    span(figures.joint_low, figures.joint_high),
    gap ? percentSpan(gap[0], gap[1]) : "—",
    estimate ? say("smoothed_cell", { p: percent(estimate.gap_smoothed), range: percentSpan(estimate.gap_low, estimate.gap_high) }) : "—",
    estimate && ["hot", "cold"].includes(estimate.hot) ? say(`hot_${estimate.hot}`) : "—",
    spaced(figures.must),
    spaced(figures.should),
    spaced(figures.undetermined),
    spaced(figures.targets),
  ];
}
