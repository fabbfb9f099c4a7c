// The month slider: county figures as they stood earlier, or would stand after a simulated campaign.

// All times in their order: earlier ones, the present (no rows of its own to unpack), simulated ones.
const PERIODS = [
  ...DATA.periods.filter((period) => !period.simulated),
  { name: DATA.as_of, present: true },
  ...DATA.periods.filter((period) => period.simulated),
];
const PRESENT = PERIODS.findIndex((period) => period.present);

function shownPeriod() {
  return PERIODS[STATE.period];
}

// Date and policy of what is shown, for heading, table and print.
function periodText() {
  const period = shownPeriod();
  const values = { as_of: period.name, policy: DATA.policy };
  if (period.simulated) return say("period_simulated", { name: period.name, ...values });
  return period.present ? say("subtitle", values) : say("period_earlier", values);
}

async function showPeriod(at) {
  const period = PERIODS[at];
  if (!period.present && typeof period.rows === "string") period.rows = await unpackJson(period.rows);
  STATE.period = at;
  FIGURES.rows = period.present ? DATA.figures.rows : period.rows;
  tellPeriod();
  STATE.redraw();
}

function tellPeriod() {
  const slider = document.getElementById("period");
  slider.value = String(STATE.period);
  slider.setAttribute("aria-valuetext", periodText());
  document.getElementById("period-name").textContent = periodText();
  document.getElementById("subtitle").textContent = periodText();
  document.getElementById("period-note").hidden = shownPeriod().present === true;
  const mark = document.querySelector(".map-mark");
  mark.textContent = `${say("internal_mark")} · ${shownPeriod().name}`;
}

// The slider is there where there is more than one time and the browser can unpack them.
function drawPeriods() {
  const slider = document.getElementById("period");
  document.getElementById("periods").hidden = PERIODS.length < 2 || !canInflate();
  slider.max = String(PERIODS.length - 1);
  document.getElementById("period-note").textContent = say("period_note", { as_of: DATA.as_of });
  slider.addEventListener("input", () => showPeriod(Number(slider.value)));
  for (const [id, step] of [["period-before", -1], ["period-after", 1]]) {
    document.getElementById(id).addEventListener("click", () => {
      const at = STATE.period + step;
      if (at >= 0 && at < PERIODS.length) showPeriod(at);
    });
  }
  tellPeriod();
}

// How a county's drawn gap rate and its unmet duties differ from the present.
function changeRows({ properties: { code, name } }) {
  if (shownPeriod().present) return [];
  const [then, now] = [FIGURES.county(code, name), FIGURES.county(code, name, DATA.figures.rows)];
  const gaps = [then, now].map(drawnGap);
  const signed = (number, digits) => `${number > 0 ? "+" : number < 0 ? "−" : ""}${Math.abs(number).toFixed(digits)}`;
  const rows = [];
  if (gaps.every((gap) => gap !== null)) {
    rows.push([say("tip_change", { as_of: DATA.as_of }), say("points_of_percent", { n: signed(100 * (gaps[0] - gaps[1]), 1) })]);
  }
  rows.push([say("tip_change_duties"), say("firms", { n: signed(backlogOf(then) - backlogOf(now), 0) })]);
  return rows;
}
