// Words and elements of the page. Text enters the page through textContent only, whoever wrote it.

const DATA = JSON.parse(document.getElementById("coverage-data").textContent);
const PALETTE = DATA.palette;
// Symbols of firms by their first path: place 0 stands for none, place n for path n.
const PATH_SYMBOLS = [PALETTE.no_path, ...DATA.paths];

function say(key, values) {
  const parts = values || {};
  return DATA.texts[key].replace(/\{(\w+)\}/g, (whole, name) => (name in parts ? String(parts[name]) : whole));
}

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
  for (const child of children) {
    made.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return made;
}

// A ledger text: written as it stands, kept from turning its surroundings around (direction marks).
function ledgerText(text, tag) {
  return element(tag || "bdi", { class: "ledger" }, text);
}

function button(text, act) {
  const made = element("button", { type: "button" }, text);
  made.addEventListener("click", act);
  return made;
}

// Rows of name and value; values are nodes or texts, empty ones are left out.
function factList(rows) {
  const list = element("dl", {});
  for (const [name, value] of rows) {
    if (value === "" || value === null || value === undefined) continue;
    list.append(element("dt", {}, name), element("dd", {}, value));
  }
  return list;
}

function spaced(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

function span(low, high) {
  return low === high ? spaced(low) : say("range", { low: spaced(low), high: spaced(high) });
}

function percent(share) {
  return `${(100 * share).toFixed(1)}%`;
}

function percentSpan(low, high) {
  if (low === null || high === null) return "—";
  const texts = [percent(low), percent(high)];
  return texts[0] === texts[1] ? texts[0] : say("range", { low: texts[0], high: texts[1] });
}

function fillTexts() {
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = say(node.dataset.text);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", say(node.dataset.label));
  for (const node of document.querySelectorAll("[data-placeholder]")) node.placeholder = say(node.dataset.placeholder);
  const values = { division: DATA.division.name, as_of: DATA.as_of, policy: DATA.policy };
  document.getElementById("title").textContent = say("title", values);
}
