// What a click tells: one enterprise with its state, duty and first path; one park with its work committee.

const UNKNOWN_BYTE = 255;

function wordOf(list, position) {
  return position === UNKNOWN_BYTE ? "" : DATA.words[list][position];
}

async function enterpriseCard(points, i) {
  const [name, details] = await Promise.all([points.names.row(i), points.details.row(i)]);
  const card = element("div", { class: "card enterprise" }, ledgerText(name, "h3"));
  const told = details || { code: null };
  card.append(factList([...identityRows(points, i, told), ...dutyRows(points, i, told), ...pathRows(points, i, told), ...(await linkRows(points, i))]));
  if (details === null) card.append(element("p", { class: "small missing" }, say("popup_no_details", { folder: DATA.points.details.folder })));
  const place = ["", "popup_approximate", "popup_unplaced"][points.approximate[i]];
  if (place) card.append(element("p", { class: "small" }, say(place)));
  return card;
}

function identityRows(points, i, { code, verified }) {
  const tiers = DATA.words.tiers.filter((_, bit) => points.tiers_bits[i] & (1 << bit));
  return [
    [say("popup_code"), code ? ledgerText(code) : code === null ? "" : say("popup_code_none")],
    [say("popup_division"), DATA.points.divisions[points.division_index[i]].join(" ").trim()],
    [say("popup_state"), stateMark(points.symbol[i], wordOf("states", points.state[i]))],
    [say("popup_verified"), verified === undefined ? "" : wordOf("answers", verified)],
    [say("popup_tiers"), tiers.join(say("separator"))],
  ];
}

function stateMark(symbol, word) {
  return element("span", { class: "state" }, symbolImage(symbol), element("strong", {}, word));
}

function dutyRows(points, i, details) {
  const { rank } = details;
  return [
    [say("popup_obligation"), wordOf("obligations", points.obligation[i])],
    [say("popup_ground"), details.ground_text && ledgerText(details.ground_text)],
    [say("popup_missing"), (details.missing_facts || "").split(";").join(say("separator"))],
    [say("popup_rank"), rank ? say("popup_rank_value", { n: spaced(rank) }) : ""],
  ];
}

function pathRows(points, i, details) {
  if (!points.path1[i]) return [];
  if (!details.path1) return [[say("popup_path"), element("strong", {}, pathTitle(points.path1[i]))]];
  const others = [2, 3].filter((rank) => details[`path${rank}`] > 0).map((rank) => laterPath(details, rank));
  return [
    [say("popup_path"), element("strong", {}, pathWithChance(details, 1))],
    [say("popup_lead"), details.lead_unit && ledgerText(details.lead_unit)],
    [say("popup_reasons"), reasonList(details.reasons1)],
    [say("popup_flip"), details.flip_fact && ledgerText(details.flip_fact)],
    [say("popup_other_paths"), others.length ? element("div", {}, ...others) : ""],
  ];
}

function reasonList(text) {
  const reasons = text.split(";").filter((reason) => reason.trim());
  return reasons.length ? element("ul", {}, ...reasons.map((reason) => ledgerText(reason, "li"))) : "";
}

// The second or third path, opened to show its reasons.
function laterPath(details, rank) {
  const reasons = reasonList(details[`reasons${rank}`]);
  const title = pathWithChance(details, rank);
  return reasons === "" ? element("p", {}, title) : element("details", {}, element("summary", {}, title), reasons);
}

function pathWithChance(details, rank) {
  const [path, chance] = [details[`path${rank}`], details[`chance${rank}`]];
  return say("popup_path_value", { n: path, title: PATH_SYMBOLS[path].title, p: chance === UNKNOWN_BYTE ? "—" : `${chance}%` });
}

function pathTitle(path) {
  return `${path} ${PATH_SYMBOLS[path].title}`;
}

// Several enterprises in one place are leafed through.
async function stackedCard(points, hits, at) {
  const holder = element("div", {});
  const show = async (k) => {
    const card = await enterpriseCard(points, hits[k]);
    const parts = [card];
    drawLinks(points, hits[k]);
    await remember(points, hits[k]);
    if (hits.length > 1) parts.unshift(pager(hits.length, k, show));
    holder.replaceChildren(...parts);
  };
  await show(at);
  return holder;
}

function pager(count, k, show) {
  const previous = button(say("popup_previous"), () => show((k + count - 1) % count));
  const next = button(say("popup_next"), () => show((k + 1) % count));
  return element("p", { class: "pager" }, previous, element("span", {}, say("popup_several", { n: count, k: k + 1 })), next);
}

function parkCard(i) {
  const parks = DATA.parks;
  const rate = percentSpan(parks.rate_low[i], parks.rate_high[i]);
  const card = element("div", { class: "card" }, ledgerText(parks.name[i], "h3"));
  card.append(factList([
    [say("popup_division"), [parks.city[i], parks.county[i]].filter(Boolean).join(" ")],
    [say("park_committee"), element("strong", {}, say(committeeWord(parks.work_committee[i])))],
    [say("park_party"), threeValued(parks.party[i])],
    [say("park_firms"), parkCounts(parks.enterprises[i], parks.non_public[i])],
    [say("park_covered"), parkCounts(parks.own[i], parks.joint[i])],
    [say("park_duty"), parks.uncovered_duty[i] === null ? threeValued(null) : say("firms", { n: spaced(parks.uncovered_duty[i]) })],
    [say("park_rate"), rate],
  ]));
  if (parks.approximate[i]) card.append(element("p", { class: "small" }, say("park_approximate")));
  return card;
}

// Of a park that no enterprise names nothing is known.
function parkCounts(all, part) {
  return all === null ? threeValued(null) : `${spaced(all)} / ${spaced(part)}`;
}

function committeeWord(flag) {
  return flag === null ? "park_unknown" : flag ? "park_yes" : "park_no";
}

function threeValued(flag) {
  return DATA.words.answers[flag === null ? 2 : flag ? 0 : 1];
}

function parkMarker(i) {
  const state = committeeWord(DATA.parks.work_committee[i]);
  const sign = element("span", { class: `park ${state}` }, say("park_letter"));
  const icon = L.divIcon({ html: sign, className: "park-icon", iconSize: [22, 22] });
  const place = [DATA.parks.latitude[i], DATA.parks.longitude[i]];
  return L.marker(place, { icon, keyboard: false, pane: "parks", bubblingMouseEvents: false });
}

// A symbol of the points as a picture for legend and popup.
function symbolImage(symbol, approximate, symbols) {
  const canvas = sprite((symbols || PALETTE.symbols)[symbol], 7, approximate || false, 2);
  canvas.style.width = `${canvas.width / 2}px`;
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}
