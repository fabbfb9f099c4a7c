// Links of the chosen enterprise: lines to its headquarters or branch offices, its leader or associated firms.

const LINK_KINDS = ["headquarters", "branch_office", "leader", "associated"];
const LINKS_LISTED = 8;

async function unpackLinks() {
  const packed = DATA.points.links;
  const links = await unpackColumns(packed.columns, packed.count);
  links.count = packed.count;
  const elsewhere = await unpackColumns(packed.elsewhere, packed.elsewhere_count);
  links.elsewhere = new Map(Array.from(elsewhere.row, (row, at) => [row, elsewhere.others[at]]));
  return links;
}

// The rows { to, kind } of one enterprise: `from` is sorted.
function linksOf(links, row) {
  let low = 0;
  let high = links.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (links.from[middle] < row) low = middle + 1;
    else high = middle;
  }
  const found = [];
  for (let at = low; at < links.count && links.from[at] === row; at += 1) {
    found.push({ to: links.to[at], kind: LINK_KINDS[links.kind[at]] });
  }
  return found;
}

function drawLinks(points, row) {
  eraseLinks();
  const lines = linksOf(STATE.links, row)
    .filter(({ to }) => points.approximate[to] !== UNPLACED && points.approximate[row] !== UNPLACED)
    .map(({ to, kind }) => {
      const supply = kind === "leader" || kind === "associated";
      const style = { pane: "links", interactive: false, ...PALETTE.links[supply ? "supply" : "office"] };
      return L.polyline([pointPlace(points, row), pointPlace(points, to)], style);
    });
  STATE.lines = L.layerGroup(lines).addTo(MAP);
}

function eraseLinks() {
  if (STATE.lines) STATE.lines.remove();
  STATE.lines = null;
}

// The linked enterprises by name, each a button that leads to it.
async function linkRows(points, row) {
  const found = linksOf(STATE.links, row);
  const rows = [];
  for (const kind of LINK_KINDS) {
    const ofKind = found.filter((link) => link.kind === kind);
    if (!ofKind.length) continue;
    const items = await Promise.all(ofKind.slice(0, LINKS_LISTED).map(({ to }) => linkItem(points, to)));
    if (ofKind.length > LINKS_LISTED) items.push(element("li", {}, say("links_more", { n: spaced(ofKind.length - LINKS_LISTED) })));
    rows.push([say(`link_${kind}`), element("ul", { class: "links" }, ...items)]);
  }
  const elsewhere = STATE.links.elsewhere.get(row);
  if (elsewhere) rows.push([say("links_elsewhere"), say("firms", { n: spaced(elsewhere) })]);
  return rows;
}

async function linkItem(points, to) {
  const name = await points.names.row(to);
  const choose = button("", () => openEnterprise(to));
  choose.append(symbolImage(points.symbol[to]), ledgerText(name));
  return element("li", {}, choose);
}
